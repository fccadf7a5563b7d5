//! MusicBrainz ids as first reported, for exports that have columns for them.

use std::collections::HashMap;
use std::path::Path;

use super::StoreError;
use super::open::open_for_reading;

/// The ids of artists by name, and of albums and tracks by the store's number.
#[derive(Clone, Debug, Default)]
pub struct Mbids {
    artists: HashMap<String, String>,
    releases: HashMap<i32, String>,
    recordings: HashMap<i32, String>,
}

impl Mbids {
    /// Reads all of them.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn read(database: &Path) -> Result<Self, StoreError> {
        let read = || -> rusqlite::Result<Self> {
            let connection = open_for_reading(database)?;
            let by_name = "SELECT name, artist_mbid FROM artists WHERE artist_mbid NOT NULL";
            let artists = connection
                .prepare(by_name)?
                .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let by_number = |sql| {
                connection.prepare(sql)?.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()
            };
            Ok(Self {
                artists,
                releases: by_number("SELECT id, release_mbid FROM albums WHERE release_mbid NOT NULL")?,
                recordings: by_number("SELECT id, recording_mbid FROM tracks WHERE recording_mbid NOT NULL")?,
            })
        };
        read().map_err(StoreError::sqlite(database))
    }

    /// An artist's id; empty for none.
    #[must_use]
    pub fn artist(&self, name: &str) -> &str {
        self.artists.get(name).map_or("", String::as_str)
    }

    /// An album's id; empty for none.
    #[must_use]
    pub fn release(&self, album: i32) -> &str {
        self.releases.get(&album).map_or("", String::as_str)
    }

    /// A track's id; empty for none.
    #[must_use]
    pub fn recording(&self, track: i32) -> &str {
        self.recordings.get(&track).map_or("", String::as_str)
    }
}
