//! A stretch of the listener's own calendar, half open.

use std::fmt;

use jiff::civil;
use jiff::{Span as Duration, ToSpan};

use crate::listen::Span;
use crate::zone::Zone;

/// Why something is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The text is no date.
    #[error("{0:?} is no date: write a year, month and day like 2024-02-29")]
    Date(String),
    /// The text is no month.
    #[error("{0:?} is no month: write a year and month like 2024-02")]
    Month(String),
    /// The text is no stretch of days or months.
    #[error("{0:?} is no stretch of time: write 7d, 1month, 3month, 6month or 12month")]
    Last(String),
    /// It ends before it begins.
    #[error("the period ends ({to}) before it begins ({from})")]
    UpsideDown {
        /// The first day.
        from: String,
        /// The day after the last.
        to: String,
    },
    /// It lies outside the calendar.
    #[error("the period lies outside the calendar")]
    OutOfRange,
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub(super) civil::Date);

impl Date {
    /// Reads `2024-02-29`.
    ///
    /// # Errors
    /// [`PeriodError::Date`] for anything else.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let shape = text.len() == 10 && text.bytes().filter(|b| *b == b'-').count() == 2;
        let date = text.parse().ok().filter(|_| shape);
        date.map(Self).ok_or_else(|| PeriodError::Date(text.to_owned()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month(civil::Date);

impl Month {
    /// Reads `2024-02`.
    ///
    /// # Errors
    /// [`PeriodError::Month`] for anything else.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let first = Date::parse(&format!("{text}-01")).map_err(|_| PeriodError::Month(text.to_owned()))?;
        Ok(Self(first.0))
    }
}

/// A stretch that ends now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// So many days.
    Days(i32),
    /// So many months of the calendar.
    Months(i32),
}

impl Last {
    /// Reads `7d`, `7day`, `90days`, `2weeks`, `1month`, `12months`, `1year` and the like.
    ///
    /// # Errors
    /// [`PeriodError::Last`] for anything else.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let wrong = || PeriodError::Last(text.to_owned());
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: i32 = number.parse().ok().filter(|n| *n > 0).ok_or_else(wrong)?;
        let times = |factor: i32| number.checked_mul(factor).ok_or_else(wrong);
        match unit.trim().to_ascii_lowercase().trim_end_matches('s') {
            "d" | "day" => Ok(Self::Days(number)),
            "w" | "week" => Ok(Self::Days(times(7)?)),
            "m" | "month" => Ok(Self::Months(number)),
            "y" | "year" => Ok(Self::Months(times(12)?)),
            _ => Err(wrong()),
        }
    }
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    /// All of it.
    #[default]
    Everything,
    /// From one day up to, but without, another; either end may be left open.
    Between {
        /// The first day.
        from: Option<Date>,
        /// The day after the last.
        to: Option<Date>,
    },
    /// A year of the calendar.
    Year(i16),
    /// A month of the calendar.
    Month(Month),
    /// What ends now.
    Last(Last),
    /// The stretch of the same length before the one that ends now.
    BeforeLast(Last),
}

impl Period {
    /// The moments that belong to it in a zone, in Unix seconds; days have the length that they have there.
    ///
    /// # Errors
    /// [`PeriodError::UpsideDown`], or [`PeriodError::OutOfRange`] for years that no calendar has.
    pub fn moments(&self, zone: &Zone, now: i64) -> Result<Span, PeriodError> {
        let out = |_| PeriodError::OutOfRange;
        let start = |day: civil::Date| -> Result<i64, PeriodError> {
            zone.moment(day.to_datetime(civil::Time::midnight())).ok_or(PeriodError::OutOfRange)
        };
        let (from, to) = match *self {
            Self::Everything => (i64::MIN, i64::MAX),
            Self::Between { from, to } => {
                if let (Some(from), Some(to)) = (from, to)
                    && to < from
                {
                    return Err(PeriodError::UpsideDown { from: from.to_string(), to: to.to_string() });
                }
                let from = from.map(|d| start(d.0)).transpose()?;
                let to = to.map(|d| start(d.0)).transpose()?;
                (from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX))
            }
            Self::Year(year) => {
                let first = civil::Date::new(year, 1, 1).map_err(out)?;
                (start(first)?, start(first.checked_add(1.year()).map_err(out)?)?)
            }
            Self::Month(Month(first)) => (start(first)?, start(first.checked_add(1.month()).map_err(out)?)?),
            Self::Last(last) => (before(now, zone, last, 1)?, now.saturating_add(1)),
            Self::BeforeLast(last) => (before(now, zone, last, 2)?, before(now, zone, last, 1)?),
        };
        Ok(Span::new(from, to))
    }

    /// The period before, of the same length: last year of a year, last month of a month, as many days for a stretch
    /// of days. What has no beginning or no end has none.
    #[must_use]
    pub fn before(&self) -> Option<Self> {
        match *self {
            Self::Year(year) => year.checked_sub(1).map(Self::Year),
            Self::Month(Month(first)) => first.checked_sub(1.month()).ok().map(|first| Self::Month(Month(first))),
            Self::Last(last) => Some(Self::BeforeLast(last)),
            Self::Between { from: Some(from), to: Some(to) } if from < to => {
                let days = from.0.until(to.0).ok()?;
                let first = from.0.checked_sub(days).ok()?;
                Some(Self::Between { from: Some(Date(first)), to: Some(from) })
            }
            _ => None,
        }
    }
}

/// The moment that lies so many times that length before now.
fn before(now: i64, zone: &Zone, last: Last, times: i32) -> Result<i64, PeriodError> {
    let many = |number: i32| i64::from(number) * i64::from(times);
    let length = match last {
        Last::Days(days) => Duration::new().try_days(many(days)),
        Last::Months(months) => Duration::new().try_months(many(months)),
    };
    let then = zone.wall_clock(now).and_then(|here| here.checked_sub(length.ok()?).ok());
    then.and_then(|then| zone.moment(then)).ok_or(PeriodError::OutOfRange)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("all time"),
            Self::Between { from: Some(from), to: Some(to) } => write!(f, "{from} up to {to}"),
            Self::Between { from: Some(from), to: None } => write!(f, "since {from}"),
            Self::Between { from: None, to: Some(to) } => write!(f, "before {to}"),
            Self::Between { from: None, to: None } => f.write_str("all time"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(Month(first)) => write!(f, "{:04}-{:02}", first.year(), first.month()),
            Self::Last(Last::Days(1)) => f.write_str("the last day"),
            Self::Last(Last::Days(days)) => write!(f, "the last {days} days"),
            Self::Last(Last::Months(1)) => f.write_str("the last month"),
            Self::Last(Last::Months(months)) => write!(f, "the last {months} months"),
            Self::BeforeLast(Last::Days(1)) => f.write_str("the day before"),
            Self::BeforeLast(Last::Days(days)) => write!(f, "the {days} days before"),
            Self::BeforeLast(Last::Months(1)) => f.write_str("the month before"),
            Self::BeforeLast(Last::Months(months)) => write!(f, "the {months} months before"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::named("Europe/Berlin").unwrap()
    }

    #[test]
    fn days_have_the_length_that_they_have() {
        let day = |from: &str, to: &str| {
            let period = Period::Between { from: Some(Date::parse(from).unwrap()), to: Some(Date::parse(to).unwrap()) };
            period.moments(&berlin(), 0).unwrap().seconds()
        };
        assert_eq!(day("2022-10-30", "2022-10-31"), 25 * 3600);
        assert_eq!(day("2022-03-27", "2022-03-28"), 23 * 3600);
        assert_eq!(day("2022-06-01", "2022-06-01"), 0);
    }

    #[test]
    fn years_and_months_are_the_listeners() {
        let year = Period::Year(2024).moments(&berlin(), 0).unwrap();
        assert_eq!(year, Span::new(1_704_063_600, 1_735_686_000));
        let month = Period::Month(Month::parse("2024-02").unwrap()).moments(&Zone::utc(), 0).unwrap();
        assert_eq!(month.seconds(), 29 * 86_400);
        assert_eq!(Period::Year(9999).moments(&berlin(), 0), Err(PeriodError::OutOfRange));
    }

    #[test]
    fn the_last_months_are_months_of_the_calendar() {
        let now = 1_711_800_000; // 2024-03-30 12:00 UTC
        let last = Period::Last(Last::parse("1month").unwrap()).moments(&Zone::utc(), now).unwrap();
        assert_eq!(last.from, 1_709_208_000, "29 February, since the 30th is missing");
        assert!(last.contains(now));
        assert_eq!(Last::parse("2w"), Ok(Last::Days(14)));
        assert_eq!(Last::parse("7day"), Ok(Last::Days(7)));
        for wrong in ["", "d", "0d", "-1d", "7", "99999999999d", "month", "7 parsecs"] {
            assert!(Last::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_period_before_ends_where_the_period_begins() {
        let now = 1_711_800_000; // 2024-03-30 12:00 UTC
        let date = |text: &str| Some(Date::parse(text).unwrap());
        let periods = [
            (Period::Year(2024), "2023"),
            (Period::Month(Month::parse("2024-03").unwrap()), "2024-02"),
            (Period::Month(Month::parse("2024-01").unwrap()), "2023-12"),
            (Period::Last(Last::Days(7)), "the 7 days before"),
            (Period::Last(Last::Months(1)), "the month before"),
            (Period::Between { from: date("2024-03-31"), to: date("2024-04-02") }, "2024-03-29 up to 2024-03-31"),
        ];
        for (period, name) in periods {
            let before = period.before().unwrap();
            assert_eq!(before.to_string(), name);
            let (this, that) = (period.moments(&berlin(), now).unwrap(), before.moments(&berlin(), now).unwrap());
            assert_eq!(that.to, this.from, "{name}");
            assert!(!that.is_empty(), "{name}");
        }
        let open = [
            Period::Everything,
            Period::Between { from: None, to: date("2024-01-01") },
            Period::Between { from: date("2024-01-01"), to: None },
            Period::Between { from: date("2024-01-01"), to: date("2024-01-01") },
            Period::Between { from: date("2024-01-02"), to: date("2024-01-01") },
        ];
        assert!(open.iter().all(|period| period.before().is_none()));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for wrong in ["2024", "2024-13-01", "2024-02-30", "20240229", "2024-2-3", "x", ""] {
            assert!(Date::parse(wrong).is_err(), "{wrong}");
        }
        let upside_down = Period::Between {
            from: Some(Date::parse("2024-02-02").unwrap()),
            to: Some(Date::parse("2024-02-01").unwrap()),
        };
        assert!(matches!(upside_down.moments(&berlin(), 0), Err(PeriodError::UpsideDown { .. })));
    }
}
