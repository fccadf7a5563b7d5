//! Days, weeks, months and years, counted through.

use std::fmt;
use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{self, Weekday};

use super::period::Date;

/// Seconds of a day of the wall clock.
const DAY: i64 = 86_400;

/// A unit of the listener's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Days.
    Day,
    /// Weeks that begin on that day. A week belongs to the year in which most of its days lie; those that begin on
    /// Monday are the weeks of ISO 8601.
    Week(Weekday),
    /// Months.
    Month,
    /// Years.
    Year,
}

/// One day, week, month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitOfTime {
    unit: Unit,
    /// Neighbours have neighbouring numbers.
    number: i64,
}

/// A text that names no day, week, month or year.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no week, month or year: write one like 2024-W09, 2024-02 or 2024")]
pub struct NoUnit(String);

impl Unit {
    /// The word for one of them: `day`, `week`, `month`, `year`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week(_) => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The one to which a second of the wall clock belongs.
    #[must_use]
    pub fn at(self, local: i64) -> UnitOfTime {
        self.of_day(local.div_euclid(DAY))
    }

    /// The one to which a day belongs; days count from 1970-01-01.
    fn of_day(self, day: i64) -> UnitOfTime {
        let number = match self {
            Self::Day => day,
            Self::Week(first) => (day - week_offset(first)).div_euclid(7),
            Self::Month => {
                let date = date_of(day);
                i64::from(date.year()) * 12 + i64::from(date.month()) - 1
            }
            Self::Year => i64::from(date_of(day).year()),
        };
        UnitOfTime { unit: self, number }
    }

    /// Reads `2024-02-29`, `2024-W09`, `2024-02` or `2024`; weeks begin on `first`.
    ///
    /// # Errors
    /// [`NoUnit`] for anything else.
    pub fn parse(text: &str, first: Weekday) -> Result<UnitOfTime, NoUnit> {
        let wrong = || NoUnit(text.to_owned());
        let (unit, day) = match (text.split_once("-W"), text.len()) {
            (Some((year, week)), 8) => {
                // The fourth of January lies in the first week.
                let fourth = Date::parse(&format!("{year}-01-04")).map_err(|_| wrong())?;
                let week: i64 = week.parse().ok().filter(|week| (1..=53).contains(week)).ok_or_else(wrong)?;
                (Self::Week(first), day_of(fourth.0) + (week - 1) * 7)
            }
            (None, 10) => (Self::Day, day_of(Date::parse(text).map_err(|_| wrong())?.0)),
            (None, 7) => (Self::Month, day_of(Date::parse(&format!("{text}-01")).map_err(|_| wrong())?.0)),
            (None, 4) => (Self::Year, day_of(Date::parse(&format!("{text}-01-01")).map_err(|_| wrong())?.0)),
            _ => return Err(wrong()),
        };
        Some(unit.of_day(day)).filter(|found| found.to_string() == text).ok_or_else(wrong)
    }
}

impl UnitOfTime {
    /// Which unit it is one of.
    #[must_use]
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date(date_of(self.first()))
    }

    /// The one behind it.
    #[must_use]
    pub fn next(self) -> Self {
        Self { number: self.number.saturating_add(1), ..self }
    }

    /// The one before it.
    #[must_use]
    pub fn before(self) -> Self {
        Self { number: self.number.saturating_sub(1), ..self }
    }

    /// How many units it lies behind another.
    pub(super) fn since(self, other: Self) -> i64 {
        self.number.saturating_sub(other.number)
    }

    /// Its seconds of the wall clock.
    pub(super) fn seconds(self) -> Range<i64> {
        self.first().saturating_mul(DAY)..self.next().first().saturating_mul(DAY)
    }

    fn first(self) -> i64 {
        let first = |year: i64, month: i64| {
            let year = i16::try_from(year).unwrap_or(if year < 0 { -9999 } else { 9999 });
            let month = i8::try_from(month).unwrap_or(1);
            day_of(civil::Date::new(year, month, 1).unwrap_or(if year < 0 {
                civil::Date::MIN
            } else {
                civil::Date::MAX
            }))
        };
        match self.unit {
            Unit::Day => self.number,
            Unit::Week(start) => self.number.saturating_mul(7).saturating_add(week_offset(start)),
            Unit::Month => first(self.number.div_euclid(12), self.number.rem_euclid(12) + 1),
            Unit::Year => first(self.number, 1),
        }
    }
}

/// `2024-02-29`, `2024-W09`, `2024-02`, `2024`.
impl fmt::Display for UnitOfTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = date_of(self.first());
        match self.unit {
            Unit::Day => write!(f, "{first}"),
            Unit::Week(_) => {
                // Most days of the week lie in the year of its fourth.
                let fourth = date_of(self.first().saturating_add(3));
                write!(f, "{:04}-W{:02}", fourth.year(), (fourth.day_of_year() - 1) / 7 + 1)
            }
            Unit::Month => write!(f, "{:04}-{:02}", first.year(), first.month()),
            Unit::Year => write!(f, "{:04}", first.year()),
        }
    }
}

/// Days from 1970-01-01, a Thursday, to the first such weekday.
fn week_offset(first: Weekday) -> i64 {
    (i64::from(first.to_monday_zero_offset()) - 3).rem_euclid(7)
}

pub(super) fn date_of(day: i64) -> civil::Date {
    let epoch = civil::date(1970, 1, 1);
    let date = 1.day().checked_mul(day).and_then(|days| epoch.checked_add(days));
    date.unwrap_or(if day < 0 { civil::Date::MIN } else { civil::Date::MAX })
}

pub(super) fn day_of(date: civil::Date) -> i64 {
    date.duration_since(civil::date(1970, 1, 1)).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEKDAYS: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    #[test]
    fn weeks_that_begin_on_monday_are_those_of_iso_8601() {
        for day in -40_000..40_000 {
            let iso = date_of(day).iso_week_date();
            let named = format!("{:04}-W{:02}", iso.year(), iso.week());
            assert_eq!(Unit::Week(Weekday::Monday).of_day(day).to_string(), named);
        }
    }

    #[test]
    fn weeks_begin_on_the_day_they_are_to_begin_on() {
        for start in WEEKDAYS {
            for day in 10_000..12_000 {
                let week = Unit::Week(start).of_day(day);
                assert_eq!(week.first_day().0.weekday(), start);
                assert!((0..7).contains(&(day - week.first())));
                assert_eq!(Unit::parse(&week.to_string(), start), Ok(week));
            }
        }
        assert_eq!(Unit::parse("2024-W01", Weekday::Sunday).unwrap().first_day().to_string(), "2023-12-31");
        assert_eq!(Unit::parse("2023-W01", Weekday::Saturday).unwrap().first_day().to_string(), "2022-12-31");
    }

    #[test]
    fn every_second_belongs_to_one_unit() {
        for unit in [Unit::Day, Unit::Week(Weekday::Sunday), Unit::Month, Unit::Year] {
            let mut here = unit.at(-100 * DAY);
            for day in -100..2_000 {
                for second in [day * DAY, day * DAY + DAY - 1] {
                    let found = unit.at(second);
                    assert!(found.seconds().contains(&second));
                    if found != here {
                        assert_eq!((found, found.before()), (here.next(), here));
                        here = found;
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_unit_is_refused() {
        for right in ["2024-02-29", "2020-W53", "2024-02", "2024"] {
            assert_eq!(Unit::parse(right, Weekday::Monday).unwrap().to_string(), right);
        }
        for wrong in
            ["", "2023-02-29", "2024-W53", "2024-W00", "2024-W9", "2024-w09", "24", "2024-13", "W09-2024", "2024-W+9"]
        {
            assert!(Unit::parse(wrong, Weekday::Monday).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_trap() {
        for unit in [Unit::Day, Unit::Week(Weekday::Monday), Unit::Month, Unit::Year] {
            for local in [i64::MIN, i64::MAX] {
                let far = unit.at(local);
                let _ = (far.to_string(), far.seconds(), far.next().to_string(), far.before().to_string());
            }
        }
    }
}
