//! When in the day, and on which weekday.

use super::StatsError;
use super::filter::{Filter, Matches};
use super::sounded;
use crate::columns::{Columns, Moment};
use crate::zone::Zone;

/// Seconds of an hour.
const HOUR: i64 = 3600;

/// Hours of a week.
const WEEK: i64 = 7 * 24;

/// 1970-01-01 was a Thursday: so many hours after a Monday.
const MONDAY: i64 = 3 * 24;

/// Plays, and how long they lasted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Plays that count.
    pub plays: u64,
    /// Milliseconds played, where the sources tell; plays whose length is not known add nothing.
    pub ms_played: u64,
}

impl Amount {
    /// One more play, of so many milliseconds.
    pub(super) fn add(&mut self, ms: u64) {
        self.plays += 1;
        self.ms_played += ms;
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self { plays: self.plays + other.plays, ms_played: self.ms_played + other.ms_played }
    }

    fn of(all: impl Iterator<Item = Self>) -> Self {
        all.fold(Self::default(), Self::and)
    }
}

/// Plays by weekday and hour of the listener's wall clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockFace {
    /// Seven weekdays from Monday, each with its 24 hours from midnight.
    pub grid: [[Amount; 24]; 7],
}

impl ClockFace {
    /// One more play: when it began by the wall clock, in seconds, and its milliseconds.
    pub(super) fn add(&mut self, local: i64, ms: u64) {
        self.put(local, Amount { plays: 1, ms_played: ms });
    }

    /// So much more, of the hour in which that moment of the wall clock lies.
    fn put(&mut self, local: i64, amount: Amount) {
        let hour = hour_of_week(local);
        let known = &mut self.grid[hour / 24][hour % 24];
        *known = known.and(amount);
    }

    /// Every hour of the day, over all weekdays.
    #[must_use]
    pub fn hours(&self) -> [Amount; 24] {
        std::array::from_fn(|hour| Amount::of(self.grid.iter().map(|day| day[hour])))
    }

    /// Every weekday from Monday, over all hours.
    #[must_use]
    pub fn weekdays(&self) -> [Amount; 7] {
        self.grid.map(|day| Amount::of(day.into_iter()))
    }

    /// All of it.
    #[must_use]
    pub fn total(&self) -> Amount {
        Amount::of(self.grid.into_iter().flatten())
    }
}

/// Counts plays by weekday and hour of the wall clock. A play belongs to the hour in which it began; where the clock is
/// set back, both passes of an hour are that hour. Plays without a moment and those of wrong clocks are not counted.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn clock(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<ClockFace, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let mut face = ClockFace::default();
    // Several plays in a row are of one hour: its place is found once for all of them.
    let (mut hour, mut heard) = (0, Amount::default());
    sounded::for_each_block(columns, Moment::LocalAt, &matches, |block| {
        for ((at, ms), counts) in block.at.iter().zip(block.ms).zip(block.counts) {
            if at.wrapping_sub(hour).cast_unsigned() >= HOUR.cast_unsigned() {
                face.put(hour, std::mem::take(&mut heard));
                hour = at - at.rem_euclid(HOUR);
            }
            // Without a branch: a processor guesses wrong wherever one that counts is followed by one that does not.
            heard.plays += u64::from(*counts);
            heard.ms_played += u64::from(*counts) * u64::try_from(*ms).unwrap_or_default();
        }
    })?;
    face.put(hour, heard);
    Ok(face)
}

/// From 0, Monday at midnight, to 167.
fn hour_of_week(local: i64) -> usize {
    usize::try_from((local.div_euclid(HOUR) + MONDAY).rem_euclid(WEEK)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_of_the_week_begin_on_monday() {
        let at = |time: &str| hour_of_week(time.parse::<jiff::Timestamp>().unwrap().as_second());
        assert_eq!(at("2024-02-26T00:00:00Z"), 0, "a Monday");
        assert_eq!(at("2024-03-03T23:59:59Z"), 167, "a Sunday");
        assert_eq!(at("2024-02-29T12:30:00Z"), 3 * 24 + 12, "a Thursday");
        assert_eq!(at("1969-12-31T23:59:59Z"), 2 * 24 + 23, "a Wednesday before everything");
    }
}
