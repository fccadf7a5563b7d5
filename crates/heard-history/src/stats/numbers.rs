//! Numbers that sum a history up.

mod concentration;

use std::cmp::Reverse;

use jiff::civil::Weekday;

use super::StatsError;
use super::by_unit::{Count, Counter, by_unit, rank};
use super::filter::{Filter, Matches};
use super::names::Names;
use super::period::Date;
use super::ranking::Kind;
use super::subjects::{Heard, Subjects, heard};
use super::unit::{Unit, UnitOfTime};
use crate::columns::{Columns, ColumnsError};
use crate::zone::Zone;
pub use concentration::Concentration;

/// A history in numbers. Only plays that have a place in the calendar are counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// Plays that count.
    pub plays: u64,
    /// Milliseconds played, where the sources tell.
    pub ms_played: u64,
    /// Different artists.
    pub artists: usize,
    /// Different albums, by artist and title.
    pub albums: usize,
    /// Different tracks, by artist and title.
    pub tracks: usize,
    /// The first and the last day with plays; `None` where there are none.
    pub days: Option<(Date, Date)>,
    /// Days of the calendar from the first to the last with plays, both among them.
    pub days_between: u64,
    /// Days with plays.
    pub days_heard: u64,
    /// Days and plays.
    pub eddington: Eddington,
    /// How plays spread over artists.
    pub concentration: Concentration,
    /// How many different calendar years have plays.
    pub years: usize,
    /// How many artists were heard in each of these years.
    pub every_year_total: usize,
    /// The first of them, the most heard first.
    pub every_year: Vec<Faithful>,
    /// Artists by the number of different weeks (ISO 8601) in which they were heard, then by plays.
    pub weeks: Vec<Faithful>,
    /// The hour that stands out the most; `None` where no hour stands out at all.
    pub unlikely_hour: Option<UnlikelyHour>,
}

/// The Eddington number of listening: the largest number E of days with at least E plays each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Eddington {
    /// E.
    pub number: u64,
    /// How many more days with at least E + 1 plays the next number needs.
    pub days_to_next: u64,
    /// How many plays that is, on days to come: E + 1 for each.
    pub plays_to_next: u64,
}

/// An artist who comes again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faithful {
    /// The artist.
    pub artist: String,
    /// Different years or weeks with plays.
    pub times: u64,
    /// All plays.
    pub plays: u64,
}

/// One hour of one day in which more was heard than in that hour of the day at other days.
///
/// For each hour of the day, say from eight to nine in the morning, the plays in it are compared over all days on which
/// anything was heard, days without plays in this hour among them: z is how many standard deviations (of the whole, not
/// of a sample) the hour lies above the average. An hour that the clock goes through twice is one. The hour with the
/// largest z is told, the earliest of equal ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnlikelyHour {
    /// The day.
    pub day: Date,
    /// 0 to 23: the hour's beginning by the wall clock.
    pub hour: u8,
    /// Plays in it.
    pub plays: u64,
    /// Plays in this hour on the average of the days.
    pub average: f64,
    /// Standard deviations above the average.
    pub z: f64,
}

/// Sums a history up; lists have so many rows. Equal ones are ordered by name in code-point order.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn numbers(columns: &Columns, filter: &Filter, zone: &Zone, now: i64, limit: usize) -> Result<Numbers, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let subjects = Subjects::new(columns, Kind::Artists, &filter.counting);
    let plays = heard(columns, Kind::Artists, &matches)?;
    let days = by_unit(&plays, Unit::Day);
    let counts = Counter::default().count(&plays, &subjects);
    let names = Names::read(columns, Kind::Artists, &matches, &[])?;
    let ends = days.first().zip(days.last()).map(|((first, _), (last, _))| (*first, *last));
    let (years, mut every_year) = faithful(&plays, &subjects, Unit::Year);
    every_year.retain(|(_, times)| *times == years as u64);
    let by_plays = counts.iter().copied().filter(|(id, _)| every_year.binary_search_by_key(id, |(id, _)| *id).is_ok());
    let mut by_plays: Vec<Count> = by_plays.collect();
    let every_year_total = by_plays.len();
    rank(&mut by_plays, &names, limit);
    let every_year =
        by_plays.into_iter().map(|(id, plays)| Faithful { artist: names.owned(id).0, times: years as u64, plays });
    Ok(Numbers {
        plays: plays.len() as u64,
        ms_played: plays.iter().map(|heard| heard.known_ms()).sum(),
        artists: counts.len(),
        albums: distinct(columns, Kind::Albums, &matches, filter)?,
        tracks: distinct(columns, Kind::Tracks, &matches, filter)?,
        days: ends.map(|(first, last)| (first.first_day(), last.first_day())),
        days_between: ends.map_or(0, |(first, last)| u64::try_from(last.since(first)).unwrap_or_default() + 1),
        days_heard: days.len() as u64,
        eddington: eddington(days.iter().map(|(_, plays)| plays.len() as u64).collect()),
        concentration: Concentration::of(counts.iter().map(|(_, plays)| *plays).collect()),
        years,
        every_year_total,
        every_year: every_year.collect(),
        weeks: weeks(&plays, &subjects, &counts, &names, limit),
        unlikely_hour: unlikely_hour(&days),
    })
}

/// How many different ones were heard.
fn distinct(columns: &Columns, kind: Kind, matches: &Matches, filter: &Filter) -> Result<usize, ColumnsError> {
    let subjects = Subjects::new(columns, kind, &filter.counting);
    let mut known: Vec<bool> = Vec::new();
    let mut found = 0;
    for (range, counts) in matches.iter() {
        columns.for_each_block(kind.column(), range.clone(), |first, codes| {
            for (row, code) in (first - range.start..).zip(codes) {
                if counts.is_none_or(|counts| counts[row]) {
                    subjects.each(*code, |id| {
                        if id >= known.len() {
                            known.resize((id + 1).next_power_of_two(), false);
                        }
                        found += usize::from(!std::mem::replace(&mut known[id], true));
                    });
                }
            }
        })?;
    }
    Ok(found)
}

/// E of days with so many plays each.
fn eddington(mut days: Vec<u64>) -> Eddington {
    days.sort_unstable_by_key(|plays| Reverse(*plays));
    let number = (1..).zip(&days).take_while(|(days, plays)| **plays >= *days).count() as u64;
    let next = number + 1;
    let days_to_next = next - days.iter().take_while(|plays| **plays >= next).count() as u64;
    Eddington { number, days_to_next, plays_to_next: next * days_to_next }
}

/// In how many units anything was heard, and each artist, by number.
fn faithful(plays: &[Heard], subjects: &Subjects, unit: Unit) -> (usize, Vec<Count>) {
    let units = by_unit(plays, unit);
    let mut times: Vec<(usize, u64)> = Vec::new();
    for (nth, (_, plays)) in (1..).zip(&units) {
        for heard in *plays {
            subjects.each(heard.code, |id| {
                if id >= times.len() {
                    times.resize((id + 1).next_power_of_two(), (0, 0));
                }
                if times[id].0 != nth {
                    times[id] = (nth, times[id].1 + 1);
                }
            });
        }
    }
    let times = times.into_iter().enumerate().map(|(id, (_, times))| (id, times)).filter(|(_, times)| *times > 0);
    (units.len(), times.collect())
}

fn weeks(plays: &[Heard], subjects: &Subjects, counts: &[Count], names: &Names, limit: usize) -> Vec<Faithful> {
    let (_, times) = faithful(plays, subjects, Unit::Week(Weekday::Monday));
    let mut all: Vec<u64> = vec![0; times.last().map_or(0, |(id, _)| id + 1)];
    counts.iter().for_each(|(id, plays)| all[*id] = *plays);
    let key = |(id, times): &Count| Reverse((*times, all[*id]));
    let mut order = times;
    if limit < order.len() && limit > 0 {
        order.select_nth_unstable_by_key(limit - 1, key);
        let last = key(&order[limit - 1]);
        order.retain(|one| key(one) <= last);
    }
    order.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then_with(|| names.of(a.0).cmp(&names.of(b.0))));
    order.truncate(limit);
    let row = |(id, times): Count| Faithful { artist: names.owned(id).0, times, plays: all[id] };
    order.into_iter().map(row).collect()
}

/// What is known of an hour of the day over all days.
#[derive(Clone, Copy, Default)]
struct Hour {
    sum: u64,
    squares: u64,
    most: u64,
    day: Option<UnitOfTime>,
}

fn unlikely_hour(days: &[(UnitOfTime, &[Heard])]) -> Option<UnlikelyHour> {
    let mut hours = [Hour::default(); 24];
    for (day, plays) in days {
        let mut counts = [0_u64; 24];
        for heard in *plays {
            let hour = usize::try_from(heard.local.rem_euclid(86_400) / 3_600).unwrap_or_default();
            counts[hour] += 1;
        }
        for (hour, plays) in hours.iter_mut().zip(counts) {
            hour.sum += plays;
            hour.squares += plays * plays;
            if plays > hour.most {
                (hour.most, hour.day) = (plays, Some(*day));
            }
        }
    }
    let stands_out = |(nth, hour): (u8, &Hour)| hour.stands_out(nth, days.len());
    let found = (0..).zip(&hours).filter_map(stands_out);
    // Of equal ones the first is kept, and the earlier day comes first.
    found.reduce(|a, b| if (b.z, Reverse((b.day, b.hour))) > (a.z, Reverse((a.day, a.hour))) { b } else { a })
}

impl Hour {
    #[expect(clippy::cast_precision_loss, reason = "plays are fewer than 2^52")]
    fn stands_out(&self, hour: u8, days: usize) -> Option<UnlikelyHour> {
        let (day, days, sum) = (self.day?, days as u64, self.sum);
        // Both times the number of days, so that they are whole numbers and an hour that is like every other has none.
        let above = (u128::from(self.most) * u128::from(days)).saturating_sub(u128::from(sum));
        let spread = (u128::from(self.squares) * u128::from(days)).saturating_sub(u128::from(sum).pow(2));
        let (average, z) = (sum as f64 / days as f64, above as f64 / (spread as f64).sqrt());
        z.is_finite().then_some(UnlikelyHour { day: day.first_day(), hour, plays: self.most, average, z })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eddington_counts_days_and_plays() {
        let of = |days: &[u64]| {
            let Eddington { number, days_to_next, plays_to_next } = eddington(days.to_vec());
            (number, days_to_next, plays_to_next)
        };
        assert_eq!(of(&[]), (0, 1, 1));
        assert_eq!(of(&[1]), (1, 2, 4));
        assert_eq!(of(&[9]), (1, 1, 2));
        assert_eq!(of(&[2, 2, 2]), (2, 3, 9));
        assert_eq!(of(&[5, 1, 4, 3, 3]), (3, 2, 8), "two days have four plays");
        assert_eq!(of(&[100; 40]), (40, 1, 41));
    }

    #[test]
    fn the_unlikely_hour_is_the_one_far_from_its_average() {
        // Ten plays at eight every day, one night with three at four o'clock.
        let mut plays: Vec<Heard> = Vec::new();
        for day in 0..30 {
            let at = |hour: i64, nth: i64| Heard { local: day * 86_400 + hour * 3_600 + nth, code: 0, ms: -1 };
            plays.extend((0..if day == 17 { 3 } else { 0 }).map(|nth| at(4, nth)));
            plays.extend((0..10).map(|nth| at(8, nth)));
        }
        let found = unlikely_hour(&by_unit(&plays, Unit::Day)).unwrap();
        assert_eq!((found.day.to_string().as_str(), found.hour, found.plays), ("1970-01-18", 4, 3));
        assert!((found.average - 0.1).abs() < 1e-12);
        assert!((found.z - 29_f64.sqrt()).abs() < 1e-9, "{}", found.z);
        assert_eq!(unlikely_hour(&by_unit(&plays[..10], Unit::Day)), None, "one day is its own average");
        assert_eq!(unlikely_hour(&[]), None);
    }
}
