//! Plays whose moment cannot be.

use super::super::StatsError;
use super::super::filter::{Counting, Filter, Matches};
use crate::columns::{Columns, ColumnsError, Moment};
use crate::listen::{FIRST_PLAUSIBLE, FUTURE_GRACE};
use crate::zone::Zone;

/// Plays of a wrong clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongClock {
    /// How many.
    pub plays: u64,
    /// The first of their moments, in Unix seconds.
    pub first_at: i64,
    /// The last of their moments, in Unix seconds.
    pub last_at: i64,
}

/// Plays whose moment cannot be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WrongClocks {
    /// Without a moment; only where the period is everything.
    pub undated: u64,
    /// Before 2002, when nothing could keep a history; `None` where there are none.
    pub early: Option<WrongClock>,
    /// More than a day in the future; `None` where there are none.
    pub future: Option<WrongClock>,
}

/// Counts plays whose moment cannot be, whether they are to count elsewhere or not.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn wrong_clocks(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<WrongClocks, StatsError> {
    let counting = Counting { undated: true, implausible: true, ..filter.counting };
    let all = Matches::find(columns, &Filter { counting, ..filter.clone() }, zone, now)?;
    // Dated rows lie in order of time, undated ones behind them.
    let plausible = columns.rows_between(FIRST_PLAUSIBLE, now.saturating_add(FUTURE_GRACE))?;
    let dated = columns.dated();
    Ok(WrongClocks {
        undated: all.rows().filter(|row| *row >= dated).count() as u64,
        early: wrong(columns, all.rows().filter(|row| *row < plausible.start))?,
        future: wrong(columns, all.rows().filter(|row| (plausible.end..dated).contains(row)))?,
    })
}

fn wrong(columns: &Columns, mut rows: impl Iterator<Item = usize>) -> Result<Option<WrongClock>, ColumnsError> {
    let Some(first) = rows.next() else { return Ok(None) };
    let (plays, last) = rows.fold((1, first), |(plays, _), row| (plays + 1, row));
    let at = |row: usize| Ok::<_, ColumnsError>(columns.moments(Moment::PlayedAt, row..row + 1)?[0]);
    Ok(Some(WrongClock { plays, first_at: at(first)?, last_at: at(last)? }))
}
