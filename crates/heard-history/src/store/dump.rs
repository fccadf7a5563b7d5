//! The canonical dump: what a store says, without what depends on when it was told.
//!
//! Two stores that say the same have the same dump, byte for byte. It leaves out row numbers, places in the archive and
//! local time: the zone is a way of looking. Behind the plays stands what services said of
//! things, and behind that the covers.

mod covers;
mod things;

use std::io::{self, Write};

use rusqlite::Row;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Store, StoreError};

/// Reports of undone imports are as if they had never been told.
const PLAYS: &str = "
  SELECT listeners.name, accounts.service, accounts.name, p.played_at, artists.name, albums.title, tracks.title,
         p.ms_played, p.gone_seq NOT NULL,
         (SELECT json_group_array(json_array(a.name, b.title, t.title)) FROM
           (SELECT * FROM former_names WHERE play_id = p.id ORDER BY until_seq) AS f
             JOIN artists a ON a.id = f.artist_id
             LEFT JOIN albums b ON b.id = f.album_id
             JOIN tracks t ON t.id = f.track_id),
         p.ended_at, p.clock, p.resolution, p.skipped, p.incognito, p.offline, uris.uri, p.hidden NOT NULL,
         (SELECT json_array(ac.service, ac.name, q.played_at, q.ended_at, a.name, b.title, t.title)
            FROM plays q
            JOIN accounts ac ON ac.id = q.account_id
            JOIN artists a ON a.id = q.artist_id
            LEFT JOIN albums b ON b.id = q.album_id
            JOIN tracks t ON t.id = q.track_id
           WHERE q.id = p.same_as),
         p.score,
         (SELECT json_array(a.name, b.title, t.title)
            FROM artists a, tracks t LEFT JOIN albums b ON b.id = albums.shown_as
           WHERE a.id = coalesce(artists.shown_as, artists.id) AND t.id = coalesce(tracks.shown_as, tracks.id)
             AND (artists.shown_as NOT NULL OR tracks.shown_as NOT NULL OR albums.shown_as NOT NULL))
    FROM plays p
    JOIN listeners ON listeners.id = p.listener_id
    JOIN accounts ON accounts.id = p.account_id
    JOIN artists ON artists.id = p.artist_id
    JOIN tracks ON tracks.id = p.track_id
    LEFT JOIN albums ON albums.id = p.album_id
    LEFT JOIN uris ON uris.id = p.uri_id
    LEFT JOIN imports ON imports.id = p.import_id
   WHERE imports.undone_seq IS NULL
   ORDER BY 1, 2, 3, 4, 5, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21";

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
    gone: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    formerly: String,
    #[serde(flatten)]
    told: Told,
}

/// What export files tell, and what was decided of it.
#[derive(Serialize)]
struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incognito: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offline: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown_as: Option<String>,
}

impl Line {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let formerly: String = row.get(9)?;
        Ok(Self {
            listener: row.get(0)?,
            service: row.get(1)?,
            account: row.get(2)?,
            played_at: row.get(3)?,
            artist: row.get(4)?,
            album: row.get(5)?,
            track: row.get(6)?,
            ms_played: row.get(7)?,
            gone: row.get(8)?,
            formerly: if formerly == "[]" { String::new() } else { formerly },
            told: Told {
                ended_at: row.get(10)?,
                clock: row.get(11)?,
                resolution: row.get(12)?,
                skipped: row.get(13)?,
                incognito: row.get(14)?,
                offline: row.get(15)?,
                uri: row.get(16)?,
                hidden: Some(row.get(17)?).filter(|hidden| *hidden),
                same_as: row.get(18)?,
                score: row.get(19)?,
                shown_as: row.get(20)?,
            },
        })
    }
}

impl Store {
    /// Writes every play, live or gone, and every answer about a thing as a line of JSON, in an order that depends on
    /// nothing else.
    ///
    /// # Errors
    /// What SQLite says, and what writing says.
    pub fn dump(&self, mut to: impl Write) -> Result<(), StoreError> {
        let say = StoreError::sqlite(self.path());
        let mut statement = self.connection().prepare(PLAYS).map_err(&say)?;
        let mut rows = statement.query([]).map_err(&say)?;
        while let Some(row) = rows.next().map_err(&say)? {
            let line = Line::read(row).map_err(&say)?;
            self.write_line(&mut to, &line)?;
        }
        things::dump(self, &mut to)?;
        covers::dump(self, &mut to)
    }

    fn write_line(&self, to: &mut impl Write, line: &impl Serialize) -> Result<(), StoreError> {
        let written = serde_json::to_writer(&mut *to, line).map_err(io::Error::from).and_then(|()| to.write_all(b"\n"));
        written.map_err(|source| StoreError::Io { path: self.path().to_owned(), source })
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
