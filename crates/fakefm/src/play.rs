//! What the fake remembers of one scrobble.

use std::{fmt, num::ParseIntError, str::FromStr};

/// One scrobble, as a test describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Play {
    /// When it was played, in Unix seconds. 0 stands for an undated scrobble, as in the service; negative is taken as 0.
    pub uts: i64,
    /// The artist's name.
    pub artist: String,
    /// The album's title; empty when there is none.
    pub album: String,
    /// The track's title.
    pub track: String,
    /// MusicBrainz id of the artist; empty when unknown.
    pub artist_mbid: String,
    /// MusicBrainz id of the album; empty when unknown.
    pub album_mbid: String,
    /// MusicBrainz id of the track; empty when unknown.
    pub track_mbid: String,
    /// Whether the listener loves the track.
    pub loved: bool,
}

impl Play {
    /// A play of `track` by `artist` at `uts` (Unix seconds, 0 = undated), without album and ids.
    pub fn new(uts: i64, artist: impl Into<String>, track: impl Into<String>) -> Self {
        Self { uts, artist: artist.into(), track: track.into(), ..Self::default() }
    }

    /// The same play, from an album.
    #[must_use]
    pub fn on(mut self, album: impl Into<String>) -> Self {
        self.album = album.into();
        self
    }

    /// The same play, of a loved track.
    #[must_use]
    pub fn loved(mut self) -> Self {
        self.loved = true;
        self
    }
}

/// What tells one scrobble from another for a reader: its second and its names. Equal listings may occur several times.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listing {
    /// Unix seconds; 0 = undated.
    pub uts: i64,
    /// The artist's name.
    pub artist: String,
    /// The track's title.
    pub track: String,
    /// The album's title; empty when there is none.
    pub album: String,
}

/// Names one scrobble of one account for good: edits keep it, a deleted one's id is never given out again.
///
/// Written as `SECOND.SERIAL`, for example `1700000000.17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlayId {
    pub(crate) uts: i64,
    pub(crate) serial: u32,
}

impl PlayId {
    /// The second of the scrobble, which no edit changes. Unix seconds; 0 = undated.
    pub fn uts(self) -> i64 {
        self.uts
    }
}

impl fmt::Display for PlayId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.uts, self.serial)
    }
}

impl FromStr for PlayId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (uts, serial) = text.split_once('.').unwrap_or((text, ""));
        Ok(Self { uts: uts.parse()?, serial: serial.parse()? })
    }
}

/// A correction of the names of a scrobble, as the service's website allows it: the second stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// The new artist, if it changes.
    pub artist: Option<String>,
    /// The new track, if it changes.
    pub track: Option<String>,
    /// The new album, if it changes.
    pub album: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::PlayId;

    #[test]
    fn an_id_can_be_written_and_read_back() {
        let id = PlayId { uts: 1_700_000_000, serial: 17 };
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in ["", "17", "17.", ".3", "a.b", "1.-1"] {
            assert!(wrong.parse::<PlayId>().is_err(), "{wrong}");
        }
    }
}
