//! Moments as export files write them. Which way a file writes them is decided once, from a sample of it; every record
//! is then read that way and no other.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::facts::Resolution;
use crate::zone::Zone;

/// The last second of the year 9999: no file means a later one.
const LAST: i64 = 253_402_300_799;

/// From here on a number is taken for milliseconds: as seconds it would lie beyond the year 5100.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;

/// How a column writes moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// Seconds since 1970 in UTC, `1675170300`.
    Seconds,
    /// Milliseconds since 1970 in UTC, `1675170300000`.
    Milliseconds,
    /// `2023-01-31 13:05`, with or without seconds and their parts, `T`, `Z` and an offset such as `+01:00`; the date
    /// also with `/` or `.`.
    YearMonthDay,
    /// `31 Jan 2023, 13:05` with or without the comma and seconds, as Last.fm writes it; also `Jan 31, 2023 1:05 PM`.
    MonthName,
    /// `31/01/2023 13:05`, also with `.` or `-`.
    DayMonthYear,
    /// `01/31/2023 13:05`, also with `-`.
    MonthDayYear,
}

impl Pattern {
    /// Every pattern, in the order in which they are tried.
    const ALL: [Self; 6] = [
        Self::Seconds,
        Self::Milliseconds,
        Self::YearMonthDay,
        Self::MonthName,
        Self::DayMonthYear,
        Self::MonthDayYear,
    ];

    /// Whether it counts from 1970 and so needs no zone.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Seconds | Self::Milliseconds)
    }

    /// The pattern of a column with these values; empty ones tell nothing. A few damaged values do not matter: the
    /// pattern holds for at least half of them.
    ///
    /// # Errors
    /// [`Undecided`]: no pattern holds, or two hold equally well.
    pub fn decide<'a>(values: impl IntoIterator<Item = &'a str>) -> Result<Self, Undecided> {
        let moments = Moments::in_zone(None);
        let mut told = 0_usize;
        let mut read = [0_usize; Self::ALL.len()];
        for value in values.into_iter().map(str::trim).filter(|value| !value.is_empty()) {
            told += 1;
            for (count, pattern) in read.iter_mut().zip(Self::ALL) {
                let fits =
                    pattern == Self::Seconds && value.parse().is_ok_and(|second: i64| second >= FIRST_MILLISECONDS);
                *count += usize::from(!fits && moments.read(pattern, value).is_some());
            }
        }
        if told == 0 {
            return Err(Undecided::Empty);
        }
        let most = read.into_iter().max().unwrap_or_default();
        if most * 2 < told || most == 0 {
            return Err(Undecided::NoMoments);
        }
        let mut best = read.iter().zip(Self::ALL).filter(|(count, _)| **count == most).map(|(_, pattern)| pattern);
        match (best.next(), best.next()) {
            (Some(pattern), None) => Ok(pattern),
            _ => Err(Undecided::DayOrMonth),
        }
    }
}

/// Why a column's pattern cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// It is empty.
    Empty,
    /// It holds something else than moments.
    NoMoments,
    /// Every date can be read with the day first and with the month first.
    DayOrMonth,
}

/// A moment that was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Unix seconds, from 0 to the end of the year 9999; parts of a second are cut off.
    pub second: i64,
    /// How exactly it was told.
    pub resolution: Resolution,
}

/// Reads moments; those that name no zone are of the zone given here.
#[derive(Clone, Debug)]
pub struct Moments {
    /// Without one the zone's name is unknown, and zone-less moments cannot be read.
    zone: Option<Zone>,
}

impl Moments {
    /// Moments of the zone or zones of that name ([`Zone::named`]); without a name, of UTC.
    #[must_use]
    pub fn in_zone(name: Option<&str>) -> Self {
        Self { zone: name.map_or_else(|| Some(Zone::utc()), |name| Zone::named(name).ok()) }
    }

    /// Reads a moment of that pattern; white space around it does not matter. `None` when it is none, lies before 1970
    /// or after the year 9999. A leap second (`:60`) is the second after it. A local time that a zone has twice is
    /// taken as the earlier one, and one that it skips with the offset before the gap.
    #[must_use]
    pub fn read(&self, pattern: Pattern, text: &str) -> Option<Moment> {
        let (told, resolution) = Told::read(pattern, text)?;
        let second = match told {
            Told::Utc(second) => second,
            Told::Local(date, leap) => self.of_local(date)? + leap,
        };
        Self::within_reason(second).map(|second| Moment { second, resolution })
    }

    /// Reads a moment of which is told elsewhere by how many seconds local time was ahead of UTC. One that names its
    /// zone itself keeps it.
    #[must_use]
    pub fn read_ahead_of_utc(pattern: Pattern, text: &str, ahead: i64) -> Option<Moment> {
        let (told, resolution) = Told::read(pattern, text)?;
        let second = match told {
            Told::Utc(second) => second,
            Told::Local(date, leap) => (utc_second(date) + leap).checked_sub(ahead)?,
        };
        Self::within_reason(second).map(|second| Moment { second, resolution })
    }

    /// The second of a count of local seconds since 1970, as devices without a zone write them.
    #[must_use]
    pub fn of_local_seconds(&self, second: i64) -> Option<i64> {
        let told = jiff::Timestamp::from_second(second).ok()?;
        Self::within_reason(self.of_local(TimeZone::UTC.to_datetime(told))?)
    }

    fn of_local(&self, date: DateTime) -> Option<i64> {
        let zone = self.zone.as_ref()?;
        if zone.name() == "UTC" { Some(utc_second(date)) } else { zone.moment(date) }
    }

    fn within_reason(second: i64) -> Option<i64> {
        (0..=LAST).contains(&second).then_some(second)
    }
}

/// The second of a date and time in UTC.
pub(super) fn utc_second(date: DateTime) -> i64 {
    date.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_secs()
}

/// What a text says.
enum Told {
    /// A second in UTC.
    Utc(i64),
    /// A local date and time, and the seconds after it.
    Local(DateTime, i64),
}

impl Told {
    fn read(pattern: Pattern, text: &str) -> Option<(Self, Resolution)> {
        let mut rest = Rest(text.trim().as_bytes());
        let date = match pattern {
            Pattern::Seconds => return Some((Self::Utc(rest.count()?), Resolution::Second)),
            Pattern::Milliseconds => return Some((Self::Utc(of_milliseconds(rest.count()?)?), Resolution::Second)),
            Pattern::YearMonthDay => rest.year_month_day()?,
            Pattern::MonthName => rest.month_name()?,
            Pattern::DayMonthYear => rest.numbers(b"/.-").map(|[day, month, year]| [year, month, day])?,
            Pattern::MonthDayYear => rest.numbers(b"/-").map(|[month, day, year]| [year, month, day])?,
        };
        rest.between_date_and_time()?;
        let time = rest.time_of_day()?;
        let ahead = rest.offset()?;
        if !rest.0.is_empty() {
            return None;
        }
        let (date, leap) = time.on(date)?;
        let resolution = if time.second.is_some() { Resolution::Second } else { Resolution::Minute };
        let told = match ahead {
            Ahead::Untold => Self::Local(date, leap),
            Ahead::Seconds(ahead) => Self::Utc(utc_second(date) + leap - ahead),
        };
        Some((told, resolution))
    }
}

/// A count of 0 is that of a clock that does not go, in every unit; other small counts are none of milliseconds.
fn of_milliseconds(count: i64) -> Option<i64> {
    (count == 0 || count >= FIRST_MILLISECONDS).then_some(count / 1000)
}

/// A time of day; a second may be the leap second 60.
#[derive(Clone, Copy)]
struct TimeOfDay {
    hour: u32,
    minute: u32,
    second: Option<u32>,
}

impl TimeOfDay {
    /// This time on a day (year, month, day), and how many seconds after it are meant: a calendar has no second 60.
    fn on(self, [year, month, day]: [u32; 3]) -> Option<(DateTime, i64)> {
        let small = |number: u32| i8::try_from(number).ok();
        let second = self.second.unwrap_or_default();
        let date = DateTime::new(
            i16::try_from(year).ok()?,
            small(month)?,
            small(day)?,
            small(self.hour)?,
            small(self.minute)?,
            small(second.min(59))?,
            0,
        );
        Some((date.ok()?, i64::from(second == 60)))
    }
}

/// By how many seconds local time is ahead of UTC.
enum Ahead {
    Untold,
    Seconds(i64),
}

/// What of a text is not read yet.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// The whole of it as a count; parts behind a point, as spreadsheets and data frames write them, are cut off.
    fn count(self) -> Option<i64> {
        let text = std::str::from_utf8(self.0).ok()?;
        let (whole, parts) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        (!whole.is_empty() && digits(whole) && digits(parts)).then(|| whole.parse().ok())?
    }

    /// A number of so many digits.
    fn number(&mut self, fewest: usize, most: usize) -> Option<u32> {
        let length = self.0.iter().take(most + 1).take_while(|byte| byte.is_ascii_digit()).count();
        if !(fewest..=most).contains(&length) {
            return None;
        }
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
    }

    /// Goes over one of these bytes; which one it was.
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| self.0 = rest)?;
        Some(*first)
    }

    fn spaces(&mut self) {
        while self.one_of(b" ").is_some() {}
    }

    /// Goes over these letters, in any case.
    fn letters(&mut self, letters: &[u8]) -> bool {
        match self.0.split_at_checked(letters.len()) {
            Some((first, rest)) if first.eq_ignore_ascii_case(letters) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// `2023-01-31`, as year, month and day.
    fn year_month_day(&mut self) -> Option<[u32; 3]> {
        let year = self.number(4, 4)?;
        let sign = self.one_of(b"-/.")?;
        let month = self.number(1, 2)?;
        self.one_of(&[sign])?;
        Some([year, month, self.number(1, 2)?])
    }

    /// Two short numbers and a year.
    fn numbers(&mut self, signs: &[u8]) -> Option<[u32; 3]> {
        let first = self.number(1, 2)?;
        let sign = self.one_of(signs)?;
        let second = self.number(1, 2)?;
        self.one_of(&[sign])?;
        Some([first, second, self.number(4, 4)?])
    }

    /// `31 Jan 2023` or `January 31, 2023`, as year, month and day.
    fn month_name(&mut self) -> Option<[u32; 3]> {
        let day_first = self.number(1, 2);
        self.spaces();
        let month = self.month()?;
        self.spaces();
        let day = day_first.map_or_else(|| self.number(1, 2), Some)?;
        self.one_of(b",");
        self.spaces();
        Some([self.number(4, 4)?, month, day])
    }

    /// An English name of a month, whole or shortened to at least three letters.
    fn month(&mut self) -> Option<u32> {
        const NAMES: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        let length = self.0.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = self.0.split_at_checked(length)?;
        let begins = |name: &&str| name.as_bytes().get(..length).is_some_and(|start| start.eq_ignore_ascii_case(word));
        let month = (1..).zip(NAMES).find(|(_, name)| length >= 3 && begins(name))?.0;
        self.0 = rest;
        self.one_of(b".");
        Some(month)
    }

    /// The comma, spaces or `T` between a date and a time.
    fn between_date_and_time(&mut self) -> Option<()> {
        if self.one_of(b"Tt").is_some() {
            return Some(());
        }
        let comma = self.one_of(b",").is_some();
        let before = self.0.len();
        self.spaces();
        (comma || self.0.len() < before).then_some(())
    }

    /// `13:05`, `13:05:06.789` or `1:05 PM`.
    fn time_of_day(&mut self) -> Option<TimeOfDay> {
        let hour = self.number(1, 2)?;
        self.one_of(b":")?;
        let minute = self.number(2, 2)?;
        let mut second = None;
        if self.one_of(b":").is_some() {
            second = Some(self.number(2, 2).filter(|second| *second <= 60)?);
            if self.one_of(b".,").is_some() {
                let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
                self.0 = self.0.get(digits..).filter(|_| digits > 0)?;
            }
        }
        self.spaces();
        let half = if self.letters(b"AM") {
            0
        } else if self.letters(b"PM") {
            12
        } else {
            24
        };
        let hour = if half == 24 { hour } else { (1..=12).contains(&hour).then_some(hour % 12 + half)? };
        Some(TimeOfDay { hour, minute, second })
    }

    /// `Z`, `UTC`, `+01:00`, `-0500`, `+01`, or nothing.
    fn offset(&mut self) -> Option<Ahead> {
        self.spaces();
        if self.letters(b"UTC") || self.letters(b"GMT") || self.letters(b"Z") {
            return Some(Ahead::Seconds(0));
        }
        let Some(sign) = self.one_of(b"+-") else {
            return Some(Ahead::Untold);
        };
        let (hours, minutes) = if let Some(hours) = self.number(2, 2) {
            (hours, if self.one_of(b":").is_some() { self.number(2, 2)? } else { 0 })
        } else {
            let both = self.number(4, 4)?;
            (both / 100, both % 100)
        };
        let seconds = (hours < 24 && minutes < 60).then_some(i64::from(hours * 3600 + minutes * 60))?;
        Some(Ahead::Seconds(if sign == b'-' { -seconds } else { seconds }))
    }
}
