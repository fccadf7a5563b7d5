//! Which listens go next.

use rusqlite::{OptionalExtension, Transaction, params};

use super::plan::{DAY, room};
use super::{Entry, Outbox, Target, known_target, ledger};
use crate::store::StoreError;

/// What a target takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Listens in one batch.
    pub most: u32,
    /// The age, in seconds, at which a listen is too old; none where any age will do.
    pub max_age: Option<u32>,
}

impl Limits {
    /// The moment before which a listen is too old at `now`.
    pub(super) fn oldest(&self, now: i64) -> i64 {
        self.max_age.map_or(i64::MIN, |age| now.saturating_sub(i64::from(age)))
    }
}

/// Listens that go out together. They stay under way until something is recorded about the batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub(super) target: i64,
    pub(super) number: i64,
    /// The rows, in the order of sending.
    pub entries: Vec<Entry>,
    /// Whether it was given out before, so that the service may have it already.
    pub is_resent: bool,
    /// Whether the service failed over it while it took others.
    pub is_suspect: bool,
}

impl Outbox {
    /// What is to be sent now, marked as under way. A batch that is under way already comes again, unchanged: nobody
    /// knows whether it arrived. Otherwise the oldest that wait, which are those whose deadline is nearest; those that
    /// have become too old are parked. Then come batches that let others pass, and last, one by one, listens over which the
    /// service failed. None where nothing waits, the target is paused, or its limit of the day is met.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn next_batch(&mut self, target: &Target, limits: &Limits, now: i64) -> Result<Option<Batch>, StoreError> {
        self.change(|changes| {
            let Some(id) = known_target(changes, target)? else { return Ok(None) };
            if is_paused(changes, id)? {
                return Ok(None);
            }
            let (number, is_resent) = match under_way(changes, id)? {
                Some(number) => (number, true),
                None => {
                    park_too_old(changes, id, limits, now)?;
                    let most = room(changes, id, now)?.map_or(limits.most.into(), |room| room.min(limits.most.into()));
                    next_number(changes, id, most, now)?
                }
            };
            changes.execute(
                "UPDATE outbox SET attempts = attempts + 1, attempted_at = ?3 WHERE target_id = ?1 AND batch = ?2",
                params![id, number, now],
            )?;
            let entries = ledger::of_batch(changes, id, number)?;
            let is_suspect = is_suspect(changes, id, number)?;
            let batch = Batch { target: id, number, entries, is_resent, is_suspect };
            Ok((!batch.entries.is_empty()).then_some(batch))
        })
    }

    /// Parks one row of a batch that cannot even be put into words for the service. The others go on as they were.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn park(&mut self, entry: &Entry, reason: &str, now: i64) -> Result<(), StoreError> {
        self.change(|changes| {
            changes
                .execute(
                    "UPDATE outbox SET state = 'parked', batch = NULL, words = ?2, code = NULL, settled_at = ?3
                      WHERE id = ?1 AND state IN ('waiting', 'in_flight')",
                    params![entry.id, reason, now],
                )
                .map(drop)
        })
    }

    /// Lets a parked or ignored row wait again, because whoever decides wants it tried once more. Returns whether it was
    /// such a row.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn retry(&mut self, id: i64) -> Result<bool, StoreError> {
        self.change(|changes| {
            let changed = changes.execute(
                "UPDATE outbox SET state = 'waiting', code = NULL, words = NULL, settled_at = NULL, not_before = 0,
                        doubts = 0
                  WHERE id = ?1 AND state IN ('parked', 'ignored')",
                [id],
            )?;
            Ok(changed > 0)
        })
    }
}

fn is_paused(changes: &Transaction<'_>, target: i64) -> rusqlite::Result<bool> {
    changes.query_row("SELECT paused IS NOT NULL FROM targets WHERE id = ?1", [target], |row| row.get(0))
}

/// The batch that is under way and has not let others pass; the first of them, where one was halved.
pub(super) fn under_way(changes: &Transaction<'_>, target: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT batch FROM outbox WHERE target_id = ?1 AND batch NOT NULL AND not_before = 0 ORDER BY batch";
    changes.query_row(sql, [target], |row| row.get(0)).optional()
}

/// Of the batches that let others pass, the one that was sent least often.
fn set_aside(changes: &Transaction<'_>, target: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT batch FROM outbox WHERE target_id = ?1 AND batch NOT NULL
                GROUP BY batch ORDER BY max(attempts), batch LIMIT 1";
    changes.query_row(sql, [target], |row| row.get(0)).optional()
}

fn is_suspect(changes: &Transaction<'_>, target: i64, number: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT coalesce(max(doubts), 0) > 0 FROM outbox WHERE target_id = ?1 AND batch = ?2";
    changes.query_row(sql, [target, number], |row| row.get(0))
}

/// A number that no batch of the target has.
pub(super) fn fresh_number(changes: &Transaction<'_>, target: i64) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(max(batch), 0) + 1 FROM outbox WHERE target_id = ?1 AND batch NOT NULL";
    changes.query_row(sql, [target], |row| row.get(0))
}

/// Exactly the largest age is too old already, as clients of Last.fm found.
fn park_too_old(changes: &Transaction<'_>, target: i64, limits: &Limits, now: i64) -> rusqlite::Result<()> {
    let Some(age) = limits.max_age else { return Ok(()) };
    let reason = format!("too old: the service takes listens of the last {} days", i64::from(age) / DAY);
    changes
        .execute(
            "UPDATE outbox SET state = 'parked', words = ?3, settled_at = ?4
              WHERE target_id = ?1 AND state = 'waiting' AND played_at <= ?2",
            params![target, limits.oldest(now), reason, now],
        )
        .map(drop)
}

/// What goes where nothing is under way, and whether it went before.
fn next_number(changes: &Transaction<'_>, target: i64, most: u64, now: i64) -> rusqlite::Result<(i64, bool)> {
    let number = fresh_number(changes, target)?;
    if pick(changes, target, number, most, now, false)? {
        return Ok((number, false));
    }
    if let Some(aside) = set_aside(changes, target)? {
        return Ok((aside, true));
    }
    // Those over which the service failed would spoil a batch for all others.
    pick(changes, target, number, most.min(1), now, true).map(|_| (number, false))
}

/// Marks listens that wait as a batch; whether there are any.
fn pick(
    changes: &Transaction<'_>,
    target: i64,
    number: i64,
    most: u64,
    now: i64,
    doubtful: bool,
) -> rusqlite::Result<bool> {
    let picked = changes.execute(
        "UPDATE outbox SET state = 'in_flight', batch = ?2, not_before = 0 WHERE id IN (
           SELECT id FROM outbox
            WHERE target_id = ?1 AND state = 'waiting' AND not_before <= ?3 AND (doubts > 0) = ?4
            ORDER BY played_at, id LIMIT ?5)",
        params![target, number, now, doubtful, i64::try_from(most).unwrap_or(i64::MAX)],
    )?;
    Ok(picked > 0)
}
