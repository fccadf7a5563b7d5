//! As of when something is told: today, the end of the period, or the end of a history that has ended.

use super::StatsError;
use super::filter::{Filter, Matches};
use crate::columns::{Columns, Moment};
use crate::zone::Zone;

/// A history that is silent for longer than so many seconds has ended: 30 days.
pub const ENDED_AFTER: i64 = 30 * 86_400;

/// A moment, later than which nothing is known of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// In Unix seconds.
    pub at: i64,
    /// The same by the listener's wall clock, as seconds, where it is that of the last listen because the history ended
    /// then.
    pub last_listen: Option<i64>,
}

impl AsOf {
    /// The end of the filter's period where it lies before `now`, else `now`. But where the listener's last play that
    /// counts, whatever its names, lies more than [`ENDED_AFTER`] before `now`, that moment: an export of years ago knows
    /// nothing of today, and not everything in it is forgotten.
    ///
    /// # Errors
    /// [`StatsError`] when the columns cannot be read, or the period is none.
    pub fn of(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Self, StatsError> {
        let to = filter.period.moments(zone, now)?.to;
        if to < now {
            return Ok(Self { at: to, last_listen: None });
        }
        let last = Filter {
            listener: filter.listener.clone(),
            counting: filter.counting,
            recent: Some(1),
            ..Filter::default()
        };
        let matches = Matches::in_calendar(columns, &last, zone, now)?;
        let row = matches.rows().last().map_or(0..0, |row| row..row + 1);
        let played = columns.moments(Moment::PlayedAt, row.clone())?.first().copied();
        Ok(match played.filter(|at| at.saturating_add(ENDED_AFTER) < now) {
            Some(at) => Self { at, last_listen: columns.moments(Moment::LocalAt, row)?.first().copied() },
            None => Self { at: now, last_listen: None },
        })
    }
}
