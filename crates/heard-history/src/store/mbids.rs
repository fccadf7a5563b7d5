//! What exports need to know of names beyond how they are shown: MusicBrainz ids as first reported, and the names of plays
//! that are shown in another spelling.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;

use super::StoreError;
use super::open::open_for_reading;

/// The ids of artists by name, and of albums and tracks by the store's number.
#[derive(Clone, Debug, Default)]
pub struct Mbids {
    artists: HashMap<String, String>,
    releases: HashMap<i32, String>,
    recordings: HashMap<i32, String>,
    reported: HashMap<i32, Reported>,
}

/// The names of a play as they were reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The artist.
    pub artist: String,
    /// The album; empty for none.
    pub album: String,
    /// The track.
    pub track: String,
}

impl Mbids {
    /// The reported names alone, for formats without ids.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn reported_names(database: &Path) -> Result<Self, StoreError> {
        let read = || -> rusqlite::Result<Self> {
            let reported = read_reported(&open_for_reading(database)?)?;
            Ok(Self { reported, ..Self::default() })
        };
        read().map_err(StoreError::sqlite(database))
    }

    /// The names of a play as they were reported, where they are shown in another spelling.
    #[must_use]
    pub fn reported(&self, play: i32) -> Option<&Reported> {
        self.reported.get(&play)
    }

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
                reported: read_reported(&connection)?,
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

/// Most names are shown as they were reported, and their plays are not read.
fn read_reported(connection: &Connection) -> rusqlite::Result<HashMap<i32, Reported>> {
    let any: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM artists WHERE shown_as NOT NULL)
             OR EXISTS (SELECT 1 FROM albums WHERE shown_as NOT NULL)
             OR EXISTS (SELECT 1 FROM tracks WHERE shown_as NOT NULL)",
        [],
        |row| row.get(0),
    )?;
    if !any {
        return Ok(HashMap::new());
    }
    connection
        .prepare(
            "SELECT plays.id, artists.name, coalesce(albums.title, ''), tracks.title FROM plays
               JOIN artists ON artists.id = plays.artist_id
               JOIN tracks ON tracks.id = track_id
               LEFT JOIN albums ON albums.id = album_id
              WHERE artists.shown_as NOT NULL OR tracks.shown_as NOT NULL OR albums.shown_as NOT NULL",
        )?
        .query_map([], |row| {
            Ok((row.get(0)?, Reported { artist: row.get(1)?, album: row.get(2)?, track: row.get(3)? }))
        })?
        .collect()
}
