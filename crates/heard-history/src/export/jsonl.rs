//! A JSON object a line, with everything that is known: what `heard` itself reads back without any loss.

use std::io::{self, Write};

use serde::Serialize;

use super::{Row, told, utc};

#[derive(Serialize)]
struct JsonLine<'a> {
    listener: &'a str,
    played_at: Option<i64>,
    played_time: Option<String>,
    artist: &'a str,
    album: Option<&'a str>,
    track: &'a str,
    ms_played: Option<i32>,
    artist_mbid: Option<&'a str>,
    release_mbid: Option<&'a str>,
    recording_mbid: Option<&'a str>,
    sources: Vec<&'a str>,
}

/// Writes one play.
pub(super) fn line(out: &mut impl Write, row: &Row<'_>) -> io::Result<()> {
    let line = JsonLine {
        listener: row.listener,
        played_at: row.played_at,
        played_time: row.played_at.map(|uts| utc(uts, "%Y-%m-%dT%H:%M:%SZ")),
        artist: row.artist,
        album: told(row.album),
        track: row.track,
        ms_played: row.ms_played,
        artist_mbid: told(row.artist_mbid),
        release_mbid: told(row.release_mbid),
        recording_mbid: told(row.recording_mbid),
        sources: row.sources.split(' ').collect(),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}
