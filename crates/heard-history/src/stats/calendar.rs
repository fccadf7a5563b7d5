//! How much on each day.

use super::StatsError;
use super::clock::Amount;
use super::filter::{Filter, Matches};
use super::period::{Date, Period};
use super::sounded;
use crate::columns::Columns;
use crate::zone::Zone;

/// A day, and what was heard on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day of the listener's calendar.
    pub day: Date,
    /// What was heard.
    pub amount: Amount,
}

/// Counts plays by day, in order. A play belongs to the day on which it began, by the wall clock. Days without plays are
/// left out, but where the period is a year: then every day of it is there. Plays without a moment and those of wrong
/// clocks are not counted.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn calendar(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Vec<CalendarDay>, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let mut days = sounded::days(columns, &matches)?;
    if let Period::Year(year) = filter.period {
        days = whole_year(year, &days)?;
    }
    Ok(days.into_iter().map(|(day, amount)| CalendarDay { day: Date::numbered(day), amount }).collect())
}

/// Every day of the year; those without plays are put between the others.
fn whole_year(year: i16, heard: &[(i64, Amount)]) -> Result<Vec<(i64, Amount)>, StatsError> {
    let first = Date::parse(&format!("{year:04}-01-01"))?.number();
    let last = Date::parse(&format!("{year:04}-12-31"))?.number();
    let amount = |day: &i64| {
        let known = heard.binary_search_by_key(day, |(day, _)| *day).ok().and_then(|place| heard.get(place));
        known.map(|(_, amount)| *amount).unwrap_or_default()
    };
    Ok((first..=last).map(|day| (day, amount(&day))).collect())
}
