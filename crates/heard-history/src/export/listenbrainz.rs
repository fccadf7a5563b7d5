//! A listen a line, as ListenBrainz writes them in its own export and takes them by `submit-listens`.
//!
//! What the service would refuse is left out, because one such listen makes it refuse a whole request: undated plays,
//! moments before its first one, and listens of more bytes than it takes.

use std::io::{self, Write};

use serde::Serialize;

use super::{Done, Row, told};

/// The service takes no moment before 2002-10-01T00:00:00Z.
const FIRST_MOMENT: i64 = 1_033_430_400;

/// Nor a listen of more bytes than these.
const LARGEST: usize = 10_240;

#[derive(Serialize)]
struct Listen<'a> {
    listened_at: i64,
    track_metadata: TrackMetadata<'a>,
}

#[derive(Serialize)]
struct TrackMetadata<'a> {
    artist_name: &'a str,
    track_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    release_name: Option<&'a str>,
    additional_info: AdditionalInfo<'a>,
}

/// `ms_played` is a field of our own: the service keeps what it does not know, and knows only the track's length.
#[derive(Serialize)]
struct AdditionalInfo<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    artist_mbids: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release_mbid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recording_mbid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ms_played: Option<i32>,
    submission_client: &'static str,
    submission_client_version: &'static str,
}

/// Writes one play, where the service would take it.
pub(super) fn line(out: &mut impl Write, row: &Row<'_>) -> io::Result<Done> {
    let Some(listened_at) = row.played_at.filter(|second| *second >= FIRST_MOMENT) else {
        return Ok(Done::LeftOut);
    };
    let listen = Listen {
        listened_at,
        track_metadata: TrackMetadata {
            artist_name: row.artist,
            track_name: row.track,
            release_name: told(row.album),
            additional_info: AdditionalInfo {
                artist_mbids: uuid(row.artist_mbid).map(|mbid| [mbid]),
                release_mbid: uuid(row.release_mbid),
                recording_mbid: uuid(row.recording_mbid),
                ms_played: row.ms_played,
                submission_client: "heard",
                submission_client_version: env!("CARGO_PKG_VERSION"),
            },
        },
    };
    let mut text = serde_json::to_vec(&listen)?;
    if text.len() > LARGEST {
        return Ok(Done::LeftOut);
    }
    text.push(b'\n');
    out.write_all(&text).map(|()| Done::Whole)
}

/// An id that the service takes for one: other services report some that are not.
fn uuid(text: &str) -> Option<&str> {
    let fits = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    Some(text).filter(|text| text.len() == 36 && text.bytes().enumerate().all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_the_right_shape_are_sent() {
        let id = "8f6bd1e4-fbe1-4f50-aa9b-94c450ec0f11";
        assert_eq!(uuid(id), Some(id));
        for other in ["", "8f6bd1e4fbe14f50aa9b94c450ec0f11", "8f6bd1e4-fbe1-4f50-aa9b-94c450ec0f1g", &id[..35]] {
            assert_eq!(uuid(other), None, "{other}");
        }
    }
}
