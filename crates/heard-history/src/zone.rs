//! Where the listener's days begin: in one time zone, or in one after the other for somebody who moved.

use std::ops::Range;
use std::path::Path;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Where systems keep their zones, a file for each (tzfile(5)).
const ZONES: &str = "/usr/share/zoneinfo";

/// Why a text is no list of zones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// This machine knows no zone of that name.
    #[error("the time zone {name:?} is not known")]
    Unknown {
        /// The name.
        name: String,
    },
    /// A further zone does not say since when somebody lived there.
    #[error("{text:?} does not begin with the day of moving, like 2019-05-01")]
    Day {
        /// What stands there.
        text: String,
    },
    /// Days of moving are not in their order.
    #[error("moving on {day} does not come after what stands before it")]
    Order {
        /// The day that comes too late in the list.
        day: Date,
    },
}

/// The time zone that somebody lives in, or the zones that they lived in. A stay in a further zone begins when the day
/// of moving begins there.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    name: String,
    /// At least one, in their order.
    stays: Vec<Stay>,
}

#[derive(Clone, Debug, PartialEq)]
struct Stay {
    since: i64,
    rules: TimeZone,
}

impl Zone {
    /// The zone of that IANA name; or several with the days of moving, like
    /// `Europe/Berlin, 2019-05-01 America/New_York, 2021-09-15 Asia/Tokyo`.
    ///
    /// # Errors
    /// [`ZoneError`].
    pub fn named(text: &str) -> Result<Self, ZoneError> {
        let mut parts = text.split(',').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let mut zone = Self { name: first.to_owned(), stays: vec![Stay { since: i64::MIN, rules: rules(first)? }] };
        for part in parts {
            zone.move_on(part)?;
        }
        Ok(zone)
    }

    fn move_on(&mut self, part: &str) -> Result<(), ZoneError> {
        let dated = part.split_once(char::is_whitespace);
        let dated = dated.and_then(|(day, name)| Some((day.parse::<Date>().ok()?, name.trim())));
        let (day, name) = dated.ok_or_else(|| ZoneError::Day { text: part.to_owned() })?;
        let rules = rules(name)?;
        let since = moment_in(&rules, day.to_datetime(jiff::civil::Time::midnight()));
        let since = since.filter(|since| self.stays.last().is_some_and(|stay| stay.since < *since));
        self.stays.push(Stay { since: since.ok_or(ZoneError::Order { day })?, rules });
        self.name = format!("{}, {day} {name}", self.name);
        Ok(())
    }

    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), stays: vec![Stay { since: i64::MIN, rules: TimeZone::UTC }] }
    }

    /// The IANA name, or the list of names and days, as [`Zone::named`] reads it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seconds of the wall clock at a moment, counted as if they were UTC. Beyond the calendar the moment itself.
    #[must_use]
    pub fn local(&self, second: i64) -> i64 {
        second.saturating_add(self.offset(second).1)
    }

    /// The date and time of the wall clock at a moment; `None` beyond the calendar.
    #[must_use]
    pub fn wall_clock(&self, second: i64) -> Option<DateTime> {
        Some(TimeZone::UTC.to_datetime(Timestamp::from_second(self.local(second)).ok()?))
    }

    /// The moment at which the wall clock shows that. A time that it shows twice is the earlier one, one that it skips
    /// has the offset before the gap, and what was skipped by moving is the moment of moving. `None` beyond the
    /// calendar.
    #[must_use]
    pub fn moment(&self, shown: DateTime) -> Option<i64> {
        for (stay, end) in self.stays_with_ends() {
            let moment = moment_in(&stay.rules, shown)?;
            if moment < end {
                return Some(moment.max(stay.since));
            }
        }
        None
    }

    /// By how many seconds the wall clock is ahead of UTC at a moment, and the stretch of time around it over which that
    /// is so.
    pub(crate) fn offset(&self, second: i64) -> (Range<i64>, i64) {
        let Ok(moment) = Timestamp::from_second(second) else { return (second..second, 0) };
        let stay = self.stays_with_ends().find(|(_, end)| second < *end);
        let Some((Stay { since, rules }, end)) = stay else { return (second..second, 0) };
        let just_after = moment.checked_add(SignedDuration::from_nanos(1)).unwrap_or(moment);
        let from = rules.preceding(just_after).next().map_or(i64::MIN, |t| t.timestamp().as_second());
        let to = rules.following(moment).next().map_or(i64::MAX, |t| t.timestamp().as_second());
        (from.max(*since)..to.min(end), i64::from(rules.to_offset(moment).seconds()))
    }

    fn stays_with_ends(&self) -> impl Iterator<Item = (&Stay, i64)> {
        let ends = self.stays.iter().skip(1).map(|stay| stay.since).chain([i64::MAX]);
        self.stays.iter().zip(ends)
    }
}

fn rules(name: &str) -> Result<TimeZone, ZoneError> {
    // Looking for a zone searches the system's whole folder of zones; the commonest one needs no file.
    if matches!(name, "UTC" | "Etc/UTC") {
        return Ok(TimeZone::UTC);
    }
    match from_its_file(name) {
        Some(rules) => Ok(rules),
        None => TimeZone::get(name).map_err(|_| ZoneError::Unknown { name: name.to_owned() }),
    }
}

/// The rules out of the one file that has them, where the system keeps its zones in the usual folder.
fn from_its_file(name: &str) -> Option<TimeZone> {
    let is_plain = |part: &str| {
        let is_usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+');
        !part.is_empty() && part.chars().all(is_usual)
    };
    let bytes = name.split('/').all(is_plain).then(|| std::fs::read(Path::new(ZONES).join(name)).ok())??;
    TimeZone::tzif(name, &bytes).ok()
}

fn moment_in(rules: &TimeZone, shown: DateTime) -> Option<i64> {
    rules.to_timestamp(shown).ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVED: &str = "Europe/Berlin, 2019-05-01 America/New_York, 2021-09-15 Asia/Tokyo";

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    fn shown(zone: &Zone, moment: &str) -> String {
        zone.wall_clock(at(moment)).unwrap().to_string()
    }

    #[test]
    fn somebody_who_moves_lives_in_one_zone_after_the_other() {
        let zone = Zone::named(LIVED).unwrap();
        assert_eq!(zone.name(), LIVED);
        for (moment, clock) in [
            ("1999-01-01T00:00:00Z", "1999-01-01T01:00:00"),
            // In New York the first of May begins when it is six in the morning in Berlin.
            ("2019-05-01T03:59:59Z", "2019-05-01T05:59:59"),
            ("2019-05-01T04:00:00Z", "2019-05-01T00:00:00"),
            ("2020-01-01T12:00:00Z", "2020-01-01T07:00:00"),
            // In Tokyo the fifteenth of September begins at eleven in the morning of New York's fourteenth.
            ("2021-09-14T14:59:59Z", "2021-09-14T10:59:59"),
            ("2021-09-14T15:00:00Z", "2021-09-15T00:00:00"),
            ("2030-06-01T00:00:00Z", "2030-06-01T09:00:00"),
        ] {
            assert_eq!(shown(&zone, moment), clock, "{moment}");
        }
    }

    #[test]
    fn what_the_clock_shows_has_a_moment() {
        let zone = Zone::named(LIVED).unwrap();
        for (clock, moment) in [
            ("2019-05-01T00:00:00", "2019-04-30T22:00:00Z"),
            // Twice: the earlier one.
            ("2019-05-01T03:00:00", "2019-05-01T01:00:00Z"),
            ("2019-05-01T08:00:00", "2019-05-01T12:00:00Z"),
            // Skipped by moving east.
            ("2021-09-14T20:00:00", "2021-09-14T15:00:00Z"),
            ("2021-09-15T00:00:00", "2021-09-14T15:00:00Z"),
            // Skipped by summer time.
            ("2019-03-31T02:30:00", "2019-03-31T01:30:00Z"),
        ] {
            assert_eq!(zone.moment(clock.parse().unwrap()), Some(at(moment)), "{clock}");
        }
    }

    #[test]
    fn every_moment_that_is_shown_once_is_found_again() {
        let zone = Zone::named(LIVED).unwrap();
        let mut second = at("2018-01-01T00:00:00Z");
        let mut again = 0;
        while second < at("2023-01-01T00:00:00Z") {
            let found = zone.moment(zone.wall_clock(second).unwrap()).unwrap();
            assert!(found <= second && zone.local(found) == zone.local(second), "{second}");
            again += u64::from(found == second);
            second += 1_801;
        }
        // All but the six hours of moving and the hours at the ends of summer times.
        assert!(again > 87_600 - 50, "{again}");
    }

    #[test]
    fn an_offset_holds_over_its_whole_stretch() {
        let zone = Zone::named(LIVED).unwrap();
        for moment in ["2019-05-01T03:00:00Z", "2019-05-01T04:00:00Z", "2021-09-14T15:00:00Z", "2020-02-01T00:00:00Z"] {
            let (range, offset) = zone.offset(at(moment));
            assert!(range.contains(&at(moment)), "{moment} {range:?}");
            assert_eq!(zone.offset(range.start), (range.clone(), offset), "{moment}");
            assert_ne!(zone.offset(range.start - 1).1, offset, "{moment}");
            if range.end != i64::MAX {
                assert_eq!(zone.offset(range.end - 1), (range.clone(), offset), "{moment}");
                assert_ne!(zone.offset(range.end).1, offset, "{moment}");
            }
        }
    }

    #[test]
    fn a_text_that_is_no_list_of_zones_is_refused() {
        let error = |text: &str| Zone::named(text).unwrap_err().to_string();
        assert_eq!(error("Mars/Olympus"), "the time zone \"Mars/Olympus\" is not known");
        assert_eq!(error("UTC, 2019-05-01 Mars/Olympus"), "the time zone \"Mars/Olympus\" is not known");
        let no_day = "\"Asia/Tokyo\" does not begin with the day of moving, like 2019-05-01";
        assert_eq!(error("UTC, Asia/Tokyo"), no_day);
        assert_eq!(error("UTC, 2019-13-01 Asia/Tokyo").split(' ').next(), Some("\"2019-13-01"));
        assert_eq!(error("UTC,"), "\"\" does not begin with the day of moving, like 2019-05-01");
        assert_eq!(
            error("UTC, 2020-01-01 Asia/Tokyo, 2019-05-01 UTC"),
            "moving on 2019-05-01 does not come after what stands before it"
        );
        assert_eq!(error(""), "the time zone \"\" is not known");
    }

    #[test]
    fn a_zone_out_of_its_file_is_the_one_that_a_search_finds() {
        for name in ["Europe/Berlin", "America/New_York", "Etc/GMT+5", "Asia/Kathmandu"] {
            if let Some(rules) = from_its_file(name) {
                assert_eq!(rules, TimeZone::get(name).unwrap(), "{name}");
                assert_eq!(rules.iana_name(), Some(name));
            }
        }
        for name in
            ["", "/", "..", "../zoneinfo/Europe/Berlin", "/etc/localtime", "Europe", "zone.tab", "Europe//Berlin"]
        {
            assert!(from_its_file(name).is_none(), "{name}");
        }
        assert!(Zone::named("europe/berlin").is_ok(), "zones are found in any case");
    }

    #[test]
    fn moments_beyond_the_calendar_are_left_as_they_are() {
        let zone = Zone::named(LIVED).unwrap();
        for second in [i64::MIN, i64::MAX] {
            assert_eq!((zone.local(second), zone.wall_clock(second)), (second, None));
        }
        assert_eq!(zone.moment(DateTime::MAX), None);
    }
}
