//! The canonical dump: what a store says, without what depends on when it was told.
//!
//! Two stores that say the same have the same dump, byte for byte. It leaves out row numbers, places in the archive and
//! local clocks.

use std::io::{self, Write};

use rusqlite::Row;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Store, StoreError};

const PLAYS: &str = "
  SELECT listeners.name, accounts.service, accounts.name, played_at, artists.name, albums.title, tracks.title,
         ms_played, local_at, gone_seq NOT NULL,
         (SELECT json_group_array(json_array(a.name, b.title, t.title)) FROM
           (SELECT * FROM former_names WHERE play_id = plays.id ORDER BY until_seq) AS f
             JOIN artists a ON a.id = f.artist_id
             LEFT JOIN albums b ON b.id = f.album_id
             JOIN tracks t ON t.id = f.track_id)
    FROM plays
    JOIN listeners ON listeners.id = plays.listener_id
    JOIN accounts ON accounts.id = plays.account_id
    JOIN artists ON artists.id = plays.artist_id
    JOIN tracks ON tracks.id = plays.track_id
    LEFT JOIN albums ON albums.id = plays.album_id
   ORDER BY 1, 2, 3, 4, 5, 7, 6, 10, 11";

/// One line of the dump.
#[derive(Serialize)]
struct Line {
    listener: String,
    service: String,
    account: String,
    played_at: i64,
    artist: String,
    album: Option<String>,
    track: String,
    ms_played: Option<i64>,
    local_at: Option<i64>,
    gone: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    formerly: String,
}

impl Line {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let formerly: String = row.get(10)?;
        Ok(Self {
            listener: row.get(0)?,
            service: row.get(1)?,
            account: row.get(2)?,
            played_at: row.get(3)?,
            artist: row.get(4)?,
            album: row.get(5)?,
            track: row.get(6)?,
            ms_played: row.get(7)?,
            local_at: row.get(8)?,
            gone: row.get(9)?,
            formerly: if formerly == "[]" { String::new() } else { formerly },
        })
    }
}

impl Store {
    /// Writes every play, live or gone, as a line of JSON, in an order that depends on nothing else.
    ///
    /// # Errors
    /// What SQLite says, and what writing says.
    pub fn dump(&self, mut to: impl Write) -> Result<(), StoreError> {
        let say = StoreError::sqlite(self.path());
        let mut statement = self.connection().prepare(PLAYS).map_err(&say)?;
        let mut rows = statement.query([]).map_err(&say)?;
        while let Some(row) = rows.next().map_err(&say)? {
            let line = Line::read(row).map_err(&say)?;
            let written =
                serde_json::to_writer(&mut to, &line).map_err(io::Error::from).and_then(|()| to.write_all(b"\n"));
            written.map_err(|source| StoreError::Io { path: self.path().to_owned(), source })?;
        }
        Ok(())
    }

    /// SHA-256 of the dump, in hexadecimal.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn digest(&self) -> Result<String, StoreError> {
        let mut hash = Hashing(Sha256::new());
        self.dump(&mut hash)?;
        Ok(base16ct::lower::encode_string(&hash.0.finalize()))
    }
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
