//! Days by their numbers, and what a calendar says of them.

use super::period::{Date, PeriodError};
use super::unit::{date_of, day_of};
use crate::zone::Zone;

impl Date {
    /// The day of that number; days count from 1970-01-01. Beyond the calendar it is the calendar's first or last.
    pub(super) fn numbered(day: i64) -> Self {
        Self(date_of(day))
    }

    /// Its number, counted from 1970-01-01.
    pub(super) fn number(self) -> i64 {
        day_of(self.0)
    }

    /// The day of the listener's calendar at a moment, in Unix seconds.
    pub(super) fn at(moment: i64, zone: &Zone) -> Result<Self, PeriodError> {
        zone.wall_clock(moment).map(|shown| Self(shown.date())).ok_or(PeriodError::OutOfRange)
    }

    /// The same day so many years later; 28 February for 29 February where there is none. `None` beyond the calendar.
    pub(super) fn years_later(self, years: u64) -> Option<Self> {
        let years = jiff::Span::new().try_years(i64::try_from(years).ok()?).ok()?;
        self.0.checked_add(years).ok().map(Self)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1.
    #[must_use]
    pub fn month(self) -> u8 {
        self.0.month().unsigned_abs()
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u8 {
        self.0.day().unsigned_abs()
    }

    /// The weekday, from 0 for Monday to 6 for Sunday.
    #[must_use]
    pub fn weekday(self) -> u8 {
        self.0.weekday().to_monday_zero_offset().unsigned_abs()
    }
}
