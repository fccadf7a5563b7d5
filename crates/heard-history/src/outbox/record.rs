//! What the service said.

use rusqlite::{Transaction, params};

use super::batch::{Batch, fresh_number, under_way};
use super::doubt::suspect_those_set_aside;
use super::plan::learn_limit;
use super::{Corrected, Outbox};
use crate::store::StoreError;

/// What the service made of one listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has it, perhaps under other names.
    Accepted(Corrected),
    /// It does not want it.
    Ignored {
        /// Its code, as on the wire.
        code: i64,
        /// Its words.
        words: Option<String>,
    },
    /// It takes no more on this day.
    Limited,
    /// The moment lies in the future, by the service's clock.
    TooEarly,
}

/// An answer as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: &'a [u8],
}

/// How many rows of a batch met which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Accepted.
    pub accepted: u64,
    /// Ignored.
    pub ignored: u64,
    /// Waiting again: for the next day, or for their moment to come.
    pub waiting: u64,
}

/// What follows from a batch that was refused whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its first half goes next.
    Halved,
    /// It was a single listen, which is parked now.
    Parked,
    /// It is a single listen that is tried again later, when others have gone.
    SetAside,
}

/// A listen whose moment is yet to come waits at least so long, in seconds.
pub(super) const HOUR: i64 = 3600;

impl Outbox {
    /// Records what the service said of each listen of a batch, in the order of sending. Rows without a verdict stay under
    /// way. With the answer, where it may be kept.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn record(
        &mut self,
        batch: &Batch,
        verdicts: &[Verdict],
        answer: Option<Answer<'_>>,
        now: i64,
    ) -> Result<Settled, StoreError> {
        let answer = answer.map(|answer| Ok((answer.status, zstd::encode_all(answer.body, 0)?))).transpose();
        let answer = answer.map_err(|source| StoreError::Io { path: self.state.path().to_owned(), source })?;
        self.change(|changes| {
            let answer = answer.map(|(status, body)| keep(changes, status, &body, now)).transpose()?;
            let mut settled = Settled::default();
            for (entry, verdict) in batch.entries.iter().zip(verdicts) {
                settle(changes, entry.id, verdict, answer, now)?;
                *match verdict {
                    Verdict::Accepted(_) => &mut settled.accepted,
                    Verdict::Ignored { .. } => &mut settled.ignored,
                    Verdict::Limited | Verdict::TooEarly => &mut settled.waiting,
                } += 1;
            }
            if verdicts.contains(&Verdict::Limited) {
                learn_limit(changes, batch.target, now)?;
            }
            suspect_those_set_aside(changes, batch.target)?;
            // The other half of a batch that was refused whole holds the row that spoils it.
            if let Some(other) = under_way(changes, batch.target)?.filter(|other| *other != batch.number) {
                halve(changes, batch.target, other)?;
            }
            Ok(settled)
        })
    }

    /// Records that a batch was refused whole because of something in it. It is halved until the row is found that spoils
    /// it, and that one is parked with the service's words; rows that stood beside it wait again as soon as they are
    /// beyond suspicion.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn refuse(&mut self, batch: &Batch, code: Option<i64>, words: &str, now: i64) -> Result<Refused, StoreError> {
        self.change(|changes| {
            clear_others(changes, batch)?;
            if let [only] = batch.entries.as_slice() {
                changes.execute(
                    "UPDATE outbox SET state = 'parked', batch = NULL, code = ?2, words = ?3, settled_at = ?4
                      WHERE id = ?1",
                    params![only.id, code, words, now],
                )?;
                return Ok(Refused::Parked);
            }
            halve(changes, batch.target, batch.number)?;
            Ok(Refused::Halved)
        })
    }
}

/// The fault lies in this batch, so the other half of the one before is free of it.
pub(super) fn clear_others(changes: &Transaction<'_>, batch: &Batch) -> rusqlite::Result<()> {
    changes
        .execute(
            "UPDATE outbox SET state = 'waiting', batch = NULL, doubts = 0
              WHERE target_id = ?1 AND state = 'in_flight' AND batch != ?2 AND not_before = 0",
            [batch.target, batch.number],
        )
        .map(drop)
}

fn keep(changes: &Transaction<'_>, status: u16, body: &[u8], now: i64) -> rusqlite::Result<i64> {
    changes
        .execute("INSERT INTO answers (received_at, status, body) VALUES (?1, ?2, ?3)", params![now, status, body])?;
    Ok(changes.last_insert_rowid())
}

fn settle(
    changes: &Transaction<'_>,
    id: i64,
    verdict: &Verdict,
    answer: Option<i64>,
    now: i64,
) -> rusqlite::Result<()> {
    let nothing = Corrected::default();
    let (state, code, words, names, not_before) = match verdict {
        Verdict::Accepted(names) => ("accepted", None, None, names, 0),
        Verdict::Ignored { code, words } => ("ignored", Some(code), words.as_deref(), &nothing, 0),
        Verdict::Limited => ("waiting", None, None, &nothing, 0),
        Verdict::TooEarly => ("waiting", None, None, &nothing, now.saturating_add(HOUR)),
    };
    changes
        .prepare_cached(
            "UPDATE outbox SET state = ?2, batch = NULL, code = ?3, words = ?4, corrected_artist = ?5,
                    corrected_track = ?6, corrected_album = ?7, corrected_album_artist = ?8, not_before = ?9,
                    settled_at = iif(?2 = 'waiting', NULL, ?10), answer_id = ?11
              WHERE id = ?1",
        )?
        .execute(params![
            id,
            state,
            code,
            words,
            names.artist,
            names.track,
            names.album,
            names.album_artist,
            not_before,
            now,
            answer,
        ])
        .map(drop)
}

/// The later half of a batch gets a number of its own, behind the first; a single row stays what it is.
pub(super) fn halve(changes: &Transaction<'_>, target: i64, number: i64) -> rusqlite::Result<()> {
    let rows: i64 = changes.query_row(
        "SELECT count(*) FROM outbox WHERE target_id = ?1 AND batch = ?2",
        [target, number],
        |row| row.get(0),
    )?;
    let fresh = fresh_number(changes, target)?;
    changes
        .execute(
            "UPDATE outbox SET batch = ?3 WHERE id IN (
               SELECT id FROM outbox WHERE target_id = ?1 AND batch = ?2
                ORDER BY played_at DESC, id DESC LIMIT ?4)",
            [target, number, fresh, rows / 2],
        )
        .map(drop)
}
