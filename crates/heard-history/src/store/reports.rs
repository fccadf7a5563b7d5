//! Which reports tell of a play, and what one of them says.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};
use crate::rules::Report;

/// What one report says of a play, with names as they were reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldPlay {
    /// When it began, in Unix seconds; 0 for an undated play.
    pub played_at: i64,
    /// The artist's name.
    pub artist: String,
    /// The track's title.
    pub track: String,
    /// Who told of it, like `lastfm/ann`.
    pub source: String,
}

impl Store {
    /// The reports that tell of a listener's play, the one that stands for it first. The play is named by its number in
    /// `heard.db` or by that of any of its reports; there are none where the listener has no such play.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn reports(&self, listener: &str, play: u64) -> Result<Vec<Report>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Report>> {
            let stands = self
                .connection()
                .query_row(
                    "SELECT coalesce(same_as, plays.id) FROM plays JOIN listeners ON listeners.id = listener_id
                      WHERE plays.id = ?1 AND listeners.name = ?2 AND gone_seq IS NULL",
                    params![play.cast_signed(), listener],
                    |row| row.get::<_, i64>(0),
                )
                .optional()?;
            self.connection()
                .prepare(
                    "SELECT told_seq, told_row FROM plays WHERE (id = ?1 OR same_as = ?1) AND gone_seq IS NULL
                      ORDER BY same_as NOT NULL, told_seq, told_row",
                )?
                .query_map([stands], |row| Ok(Report { seq: row.get::<_, i64>(0)?.cast_unsigned(), row: row.get(1)? }))?
                .collect()
        };
        read().map_err(StoreError::sqlite(self.path()))
    }

    /// What a report says; `None` where it is in no envelope that was read.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn told(&self, report: Report) -> Result<Option<ToldPlay>, StoreError> {
        self.connection()
            .query_row(
                "SELECT played_at, artists.name, tracks.title,
                        CASE accounts.name WHEN '' THEN service ELSE service || '/' || accounts.name END
                   FROM plays
                   JOIN accounts ON accounts.id = account_id
                   JOIN artists ON artists.id = plays.artist_id
                   JOIN tracks ON tracks.id = track_id
                  WHERE told_seq = ?1 AND told_row = ?2 ORDER BY plays.id LIMIT 1",
                params![report.seq.cast_signed(), report.row],
                |row| {
                    Ok(ToldPlay {
                        played_at: row.get(0)?,
                        artist: row.get(1)?,
                        track: row.get(2)?,
                        source: row.get(3)?,
                    })
                },
            )
            .optional()
            .map_err(StoreError::sqlite(self.path()))
    }
}
