//! The rows of a scrobble call: plain parameters for one, `artist[0]` and so on for several.

use std::collections::BTreeMap;

use crate::{
    answer::Refusal,
    call::Call,
    writes::{Outcome, WriteRow},
};

/// The names that a row may have (the rest of the service's names has no effect on an account).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) artist: String,
    pub(crate) track: String,
    pub(crate) album: String,
    pub(crate) album_artist: String,
    pub(crate) mbid: String,
    timestamp: String,
}

impl Asked {
    /// The place of a value by its name; `None` for names that do not matter.
    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "artist" => &mut self.artist,
            "track" => &mut self.track,
            "album" => &mut self.album,
            "albumArtist" => &mut self.album_artist,
            "mbid" => &mut self.mbid,
            "timestamp" => &mut self.timestamp,
            _ => return None,
        })
    }

    /// When it was played: whole seconds, or nothing.
    pub(crate) fn uts(&self) -> Option<i64> {
        self.timestamp.parse().ok()
    }

    /// The row as the log shows it.
    pub(crate) fn row(&self) -> WriteRow {
        WriteRow {
            uts: self.uts(),
            artist: self.artist.clone(),
            track: self.track.clone(),
            album: self.album.clone(),
            outcome: Outcome::Undone,
        }
    }
}

/// Whatever rows a call has, complete or not, by their numbers. Without numbers it has one row, or none.
pub(crate) fn rows(call: &Call) -> Vec<Asked> {
    let mut numbered: BTreeMap<Option<u32>, Asked> = BTreeMap::new();
    // The first of several equal names counts, as everywhere: it is set last.
    let parameters: Vec<_> = call.parameters().collect();
    for (name, value) in parameters.into_iter().rev() {
        let bracketed = name.strip_suffix(']').and_then(|name| name.split_once('['));
        let (name, number) = match bracketed.map(|(name, number)| (name, number.parse())) {
            Some((name, Ok(number))) => (name, Some(number)),
            _ => (name, None),
        };
        if Asked::default().field(name).is_some()
            && let Some(field) = numbered.entry(number).or_default().field(name)
        {
            value.clone_into(field);
        }
    }
    if numbered.len() > 1 {
        // What has no number is lost among those that have one.
        numbered.remove(&None);
    }
    numbered.into_values().collect()
}

/// The rows of a scrobble call.
///
/// # Errors
/// Error 6 when there are none or more than `most`, or when one lacks an artist, a track or a whole number of seconds:
/// then none of them is taken (fixture `_errors/lastfmnode_6_track_args.json`).
pub(crate) fn scrobbles(call: &Call, most: usize) -> Result<Vec<Asked>, Refusal> {
    let rows = rows(call);
    let complete = |row: &Asked| !row.artist.is_empty() && !row.track.is_empty() && row.uts().is_some();
    if rows.is_empty() || rows.len() > most || !rows.iter().all(complete) {
        return Err(Refusal::missing_parameter());
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::{rows, scrobbles};
    use crate::call::Call;

    fn read(body: &str) -> Result<Vec<(i64, String)>, u16> {
        let rows = scrobbles(&Call::new("", body.as_bytes()), 3).map_err(|refusal| refusal.code)?;
        Ok(rows.into_iter().map(|row| (row.uts().unwrap(), row.artist)).collect())
    }

    #[test]
    fn rows_are_numbered_or_one() {
        assert_eq!(read("artist=A&track=T&timestamp=5&sk=x"), Ok(vec![(5, "A".into())]));
        let body = "artist[2]=C&artist%5B0%5D=A&track[0]=T&track[2]=T&timestamp[2]=7&timestamp[0]=-5&chosenByUser[9]=1";
        assert_eq!(read(body), Ok(vec![(-5, "A".into()), (7, "C".into())]));
        assert_eq!(read("artist=A&artist=B&track=T&timestamp=1"), Ok(vec![(1, "A".into())]));
    }

    #[test]
    fn an_incomplete_or_long_batch_is_refused_whole() {
        for body in [
            "",
            "sk=x",
            "artist=A&track=T",
            "artist=A&track=&timestamp=1",
            "artist=A&track=T&timestamp=1.5",
            "artist[0]=A&track[0]=T&timestamp[0]=1&artist[1]=B&timestamp[1]=2",
        ] {
            assert_eq!(read(body), Err(6), "{body}");
        }
        let of =
            |count| (0..count).map(|n| format!("artist[{n}]=A&track[{n}]=T&timestamp[{n}]=1&")).collect::<String>();
        assert_eq!(read(&of(3)).map(|rows| rows.len()), Ok(3));
        assert_eq!(read(&of(4)), Err(6));
    }

    #[test]
    fn even_an_incomplete_row_is_logged() {
        let rows = rows(&Call::new("", b"artist[0]=A&timestamp[0]=soon&album[0]=L"));
        let row = rows[0].row();
        assert_eq!((row.uts, row.artist.as_str(), row.track.as_str(), row.album.as_str()), (None, "A", "", "L"));
    }
}
