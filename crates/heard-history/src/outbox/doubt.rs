//! Batches over which the service fails, without a word about them: its error may be the batch's fault, or nobody's.
//!
//! Others go first. If the service takes those, the batch is a suspect, and is halved like one that was refused, until
//! what spoils it stands alone. A single listen is then tried again and again, ever more seldom, and is parked only when
//! the service has failed over it for days in which it took others.

use rusqlite::{Transaction, params};

use super::Outbox;
use super::batch::Batch;
use super::plan::DAY;
use super::record::{HOUR, Refused, clear_others, halve};
use crate::store::StoreError;

/// A batch without any others to compare with is hopeless when it was sent so often …
const HOPELESS: u32 = 10;
/// … and waits for so many seconds at least.
const A_WHILE: i64 = HOUR;
/// A single listen is parked when it was set aside so often …
const MOST_DOUBTS: i64 = 8;
/// … in so many seconds at least.
const LONG: i64 = 3 * DAY;

impl Outbox {
    /// Lets others pass a batch from now on: it stays under way as it is, since nobody knows whether it arrived, and goes
    /// behind them. Returns whether there are others that are not delivered; without any, nothing changes.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_aside(&mut self, batch: &Batch, now: i64) -> Result<bool, StoreError> {
        self.change(|changes| {
            let others: bool = changes.query_row(
                "SELECT EXISTS (SELECT 1 FROM outbox WHERE target_id = ?1 AND batch IS NOT ?2 AND doubts = 0
                                   AND state IN ('waiting', 'in_flight'))",
                [batch.target, batch.number],
                |row| row.get(0),
            )?;
            if others {
                changes.execute(
                    "UPDATE outbox SET not_before = max(?3, 1) WHERE target_id = ?1 AND batch = ?2",
                    [batch.target, batch.number, now],
                )?;
            }
            Ok(others)
        })
    }

    /// Whether a batch was sent so often, and waits for so long, that it may be to blame, though there are no others that
    /// would show it.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_hopeless(&mut self, batch: &Batch, now: i64) -> Result<bool, StoreError> {
        self.change(|changes| {
            changes.query_row(
                "SELECT coalesce(max(attempts) >= ?3 AND min(added_at) <= ?4, 0) FROM outbox
                  WHERE target_id = ?1 AND batch = ?2",
                params![batch.target, batch.number, HOPELESS, now.saturating_sub(A_WHILE)],
                |row| row.get(0),
            )
        })
    }

    /// Records that the service fails over a batch, as far as anybody can tell. It is halved; a single listen is set aside
    /// for hours, and parked with the service's words when that has been done often enough, for days in which the service
    /// took others.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn doubt(&mut self, batch: &Batch, code: Option<i64>, words: &str, now: i64) -> Result<Refused, StoreError> {
        self.change(|changes| {
            clear_others(changes, batch)?;
            if let [only] = batch.entries.as_slice() {
                return doubt_one(changes, only.id, code, words, now);
            }
            changes.execute(
                "UPDATE outbox SET doubts = max(doubts, 1), not_before = 0 WHERE target_id = ?1 AND batch = ?2",
                [batch.target, batch.number],
            )?;
            halve(changes, batch.target, batch.number)?;
            Ok(Refused::Halved)
        })
    }
}

fn doubt_one(
    changes: &Transaction<'_>,
    id: i64,
    code: Option<i64>,
    words: &str,
    now: i64,
) -> rusqlite::Result<Refused> {
    let (doubts, is_old): (i64, bool) = changes.query_row(
        "SELECT doubts, added_at <= ?2 AND EXISTS (
                  SELECT 1 FROM outbox AS other WHERE other.target_id = it.target_id
                     AND other.state IN ('accepted', 'ignored') AND other.settled_at >= it.added_at)
           FROM outbox AS it WHERE id = ?1",
        [id, now.saturating_sub(LONG)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if doubts >= MOST_DOUBTS && is_old {
        changes.execute(
            "UPDATE outbox SET state = 'parked', batch = NULL, code = ?2, words = ?3, settled_at = ?4 WHERE id = ?1",
            params![id, code, words, now],
        )?;
        return Ok(Refused::Parked);
    }
    changes.execute(
        "UPDATE outbox SET state = 'waiting', batch = NULL, doubts = doubts + 1, not_before = ?2 WHERE id = ?1",
        [id, now.saturating_add(pause(doubts))],
    )?;
    Ok(Refused::SetAside)
}

/// Two hours, four, … and at last a day.
fn pause(doubts: i64) -> i64 {
    let doublings = u32::try_from(doubts).unwrap_or_default().min(5);
    (HOUR << doublings).min(DAY)
}

/// The service took others, so that it is in order; what let them pass is suspect.
pub(super) fn suspect_those_set_aside(changes: &Transaction<'_>, target: i64) -> rusqlite::Result<()> {
    changes
        .execute(
            "UPDATE outbox SET doubts = max(doubts, 1)
              WHERE target_id = ?1 AND state = 'in_flight' AND not_before > 0",
            [target],
        )
        .map(drop)
}
