//! How many listens a target takes in a day, and when everything will be there.

use rusqlite::{OptionalExtension, Transaction, params};

use super::batch::Limits;
use super::{Outbox, Target, known_target};
use crate::store::StoreError;

/// The window in which services count, in seconds.
pub(super) const DAY: i64 = 86_400;
/// A budget that was learned so long ago is tried anew: services change it without a word.
const BUDGET_HOLDS: i64 = 7 * DAY;
/// A target that takes no more is asked again after so many seconds at the earliest.
const CLOSED_FOR: i64 = 3600;

/// How far delivering will come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Listens that wait or are under way.
    pub undelivered: u64,
    /// Listens that the target took in the last 24 hours.
    pub taken: u64,
    /// Listens in 24 hours that the target was seen to take; none as long as it never refused for their number.
    pub budget: Option<u64>,
    /// Of those that wait, how many the target will take now.
    pub now: u64,
    /// From when on the target takes more, in Unix seconds, where it takes none now.
    pub opens_at: Option<i64>,
    /// Days until the last one is there, 0 for today.
    pub days: u64,
    /// Listens that will be too old when their turn comes.
    pub too_late: u64,
}

/// What is known of a target's limit.
#[derive(Clone, Copy)]
struct Known {
    budget: Option<u64>,
    closed_until: i64,
    taken: u64,
    /// When the first of those that were taken leaves the window.
    frees_at: Option<i64>,
}

impl Known {
    /// How many it takes now; none where no limit is known.
    fn room(&self, now: i64) -> Option<u64> {
        if self.closed_until > now { Some(0) } else { self.budget.map(|budget| budget.saturating_sub(self.taken)) }
    }
}

impl Outbox {
    /// How far delivering will come with a target as it is known: for "412 today, done in 9 days".
    ///
    /// # Errors
    /// What SQLite says.
    pub fn plan(&mut self, target: &Target, limits: &Limits, now: i64) -> Result<Plan, StoreError> {
        self.change(|changes| {
            let Some(id) = known_target(changes, target)? else { return Ok(Plan::default()) };
            let known = known(changes, id, now)?;
            let mut query = changes.prepare_cached(
                "SELECT played_at FROM outbox WHERE target_id = ?1 AND state IN ('waiting', 'in_flight')
                  ORDER BY played_at, id",
            )?;
            let mut plan = Plan { taken: known.taken, budget: known.budget, ..Plan::default() };
            let room = known.room(now);
            for played_at in query.query_map([id], |row| row.get::<_, i64>(0))? {
                let day = day_of(plan.undelivered, room, known.budget);
                let sent_at = now.saturating_add(i64::try_from(day).unwrap_or(i64::MAX).saturating_mul(DAY));
                plan.too_late += u64::from(played_at? <= limits.oldest(sent_at));
                plan.now += u64::from(day == 0);
                plan.days = day;
                plan.undelivered += 1;
            }
            if room == Some(0) {
                plan.opens_at = Some(known.closed_until.max(known.frees_at.unwrap_or(now)));
            }
            Ok(plan)
        })
    }
}

/// On which day, counted from today, the listen goes before which so many others go. A target without a known budget
/// takes as many as there are as soon as it takes any.
fn day_of(before: u64, room: Option<u64>, budget: Option<u64>) -> u64 {
    match (room, budget) {
        (None, _) => 0,
        (Some(room), _) if before < room => 0,
        (Some(room), Some(budget)) => 1 + (before - room) / budget.max(1),
        (Some(_), None) => 1,
    }
}

/// How many listens the target takes now; none where no limit is known.
pub(super) fn room(changes: &Transaction<'_>, target: i64, now: i64) -> rusqlite::Result<Option<u64>> {
    known(changes, target, now).map(|known| known.room(now))
}

/// The target takes no more on this day: it has taken what it takes in one.
pub(super) fn learn_limit(changes: &Transaction<'_>, target: i64, now: i64) -> rusqlite::Result<()> {
    let Known { taken, frees_at, .. } = known(changes, target, now)?;
    let taken = i64::try_from(taken).unwrap_or(i64::MAX);
    let closed_until = now.saturating_add(CLOSED_FOR).max(frees_at.unwrap_or(now));
    changes
        .execute(
            // Where other programs use the limit up, what this one could send says nothing about it.
            "UPDATE targets SET closed_until = ?2, budget = iif(?3 > 0, ?3, budget), budget_at = iif(?3 > 0, ?4, budget_at)
              WHERE id = ?1",
            params![target, closed_until, taken, now],
        )
        .map(drop)
}

fn known(changes: &Transaction<'_>, target: i64, now: i64) -> rusqlite::Result<Known> {
    let (budget, closed_until) = changes
        .query_row(
            "SELECT iif(budget_at > ?2, budget, NULL), closed_until FROM targets WHERE id = ?1",
            [target, now.saturating_sub(BUDGET_HOLDS)],
            |row| Ok((row.get::<_, Option<i64>>(0)?, row.get(1)?)),
        )
        .optional()?
        .unwrap_or_default();
    let (taken, first): (i64, Option<i64>) = changes.query_row(
        "SELECT count(*), min(settled_at) FROM outbox WHERE target_id = ?1 AND state = 'accepted' AND settled_at > ?2",
        [target, now.saturating_sub(DAY)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Known {
        budget: budget.map(i64::cast_unsigned),
        closed_until,
        taken: taken.cast_unsigned(),
        frees_at: first.map(|first| first.saturating_add(DAY)),
    })
}
