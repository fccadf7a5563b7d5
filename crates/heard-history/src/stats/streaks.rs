//! Days in a row.

use super::StatsError;
use super::clock::Amount;
use super::filter::{Filter, Matches};
use super::names::Names;
use super::period::Date;
use super::ranking::Kind;
use super::sounded::{self, DAY};
use super::subjects::{Subjects, heard};
use crate::columns::Columns;
use crate::zone::Zone;

/// Days in a row with listening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streak {
    /// The artist; `None` where every listening counts.
    pub artist: Option<String>,
    /// The album's or track's title, where it is one.
    pub title: Option<String>,
    /// The first day.
    pub first_day: Date,
    /// The last day, which belongs to it.
    pub last_day: Date,
    /// How many days.
    pub days: u64,
    /// Plays on these days.
    pub plays: u64,
    /// Whether it goes on: its last day is today, or yesterday, since today is not over.
    pub is_current: bool,
}

/// Streaks of listening to anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streaks {
    /// The longest, longest first; of equal ones the earlier comes first.
    pub longest: Vec<Streak>,
    /// The one that goes on.
    pub current: Option<Streak>,
    /// How many there are; a single day is one, too.
    pub total: usize,
}

/// Streaks of artists, albums or tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreaksOf {
    /// The longest of each, longest first.
    pub longest: Vec<Streak>,
    /// How many artists, albums or tracks have one.
    pub total: usize,
}

/// Days in a row without listening, between two days with listening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first day without.
    pub first_day: Date,
    /// The last day without.
    pub last_day: Date,
    /// How many days.
    pub days: u64,
}

/// Gaps in listening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gaps {
    /// The longest, longest first; of equal ones the earlier comes first.
    pub longest: Vec<Gap>,
    /// Whole days without listening since the last day with some, up to yesterday; none where the period is over.
    pub current: Option<Gap>,
    /// How many there are between days with listening.
    pub total: usize,
}

/// Days in a row, by their numbers.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    first: i32,
    last: i32,
    /// 0 before the first play.
    plays: u32,
}

impl Run {
    fn days(self) -> i32 {
        if self.plays == 0 { 0 } else { self.last - self.first + 1 }
    }

    /// The same with one more play, or another run that begins with it.
    fn with(self, day: i32) -> Self {
        if self.plays > 0 && (self.last..=self.last.saturating_add(1)).contains(&day) {
            Self { last: day, plays: self.plays.saturating_add(1), ..self }
        } else {
            Self { first: day, last: day, plays: 1 }
        }
    }

    /// Longest first, then the earlier.
    fn place(self) -> (std::cmp::Reverse<i32>, i32) {
        (std::cmp::Reverse(self.days()), self.first)
    }

    fn streak(self, today: i64, artist: Option<String>, title: Option<String>) -> Streak {
        Streak {
            artist,
            title,
            first_day: Date::numbered(self.first.into()),
            last_day: Date::numbered(self.last.into()),
            days: self.days().unsigned_abs().into(),
            plays: self.plays.into(),
            is_current: self.goes_on(today),
        }
    }

    fn goes_on(self, today: i64) -> bool {
        i64::from(self.last) >= today - 1
    }
}

/// Days of the calendar fit; what does not is left at its end.
fn small(day: i64) -> i32 {
    i32::try_from(day).unwrap_or(if day < 0 { i32::MIN / 2 } else { i32::MAX / 2 })
}

/// The streaks of listening to anything that the filter lets through; with an artist in the filter, to that artist.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn streaks(columns: &Columns, filter: &Filter, zone: &Zone, now: i64, limit: usize) -> Result<Streaks, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let today = Date::at(now, zone)?.number();
    let mut runs = days_in_a_row(&sounded::days(columns, &matches)?);
    let streak = |run: &Run| run.streak(today, None, None);
    let current = runs.last().filter(|run| run.goes_on(today)).map(streak);
    runs.sort_by_key(|run| run.place());
    Ok(Streaks { longest: runs.iter().take(limit).map(streak).collect(), current, total: runs.len() })
}

/// The runs among days with plays, which are in order.
fn days_in_a_row(days: &[(i64, Amount)]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (day, amount) in days {
        let (day, plays) = (small(*day), u32::try_from(amount.plays).unwrap_or(u32::MAX));
        match runs.last_mut().filter(|run| run.last.saturating_add(1) == day) {
            Some(run) => *run = Run { last: day, plays: run.plays.saturating_add(plays), ..*run },
            None => runs.push(Run { first: day, last: day, plays }),
        }
    }
    runs
}

/// The longest streak among days with plays, which are in order; of equal ones the earlier.
pub(super) fn longest(days: &[(i64, Amount)], today: i64) -> Option<Streak> {
    let longest = days_in_a_row(days).into_iter().min_by_key(|run| run.place());
    longest.map(|run| run.streak(today, None, None))
}

/// For each artist, album or track its longest streak, or the one that goes on; the longest of them first. Of a
/// subject's equal streaks the earlier counts; equal ones of several subjects are ordered by their first day, then by
/// name in code-point order (artist, then title). A split name's plays count for each artist that it credits.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn streaks_of(
    columns: &Columns,
    kind: Kind,
    only_current: bool,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<StreaksOf, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let today = Date::at(now, zone)?.number();
    let mut found: Vec<(Run, usize)> = runs(columns, kind, filter, &matches)?
        .into_iter()
        .enumerate()
        .map(|(id, (run, longest))| (if only_current { run } else { longest }, id))
        .filter(|(run, _)| run.plays > 0 && (!only_current || run.goes_on(today)))
        .collect();
    let total = found.len();
    found.sort_unstable_by_key(|(run, _)| run.place());
    // Only what can be shown needs names; those that tie with the last of it compete by name.
    let shown = limit.checked_sub(1).map_or(0, |last| match found.get(last) {
        Some((last, _)) => found.partition_point(|(run, _)| run.place() <= last.place()),
        None => total,
    });
    found.truncate(shown);
    let wanted: Vec<usize> = found.iter().map(|(_, id)| *id).collect();
    let names = Names::read(columns, kind, &matches, &wanted)?;
    found.sort_by(|(a, one), (b, other)| (a.place(), names.of(*one)).cmp(&(b.place(), names.of(*other))));
    found.truncate(limit);
    let streak = |(run, id): &(Run, usize)| {
        let (artist, title) = names.owned(*id);
        run.streak(today, Some(artist), title)
    };
    Ok(StreaksOf { longest: found.iter().map(streak).collect(), total })
}

/// For each number its last run and its longest.
fn runs(columns: &Columns, kind: Kind, filter: &Filter, matches: &Matches) -> Result<Vec<(Run, Run)>, StatsError> {
    let subjects = Subjects::new(columns, kind, &filter.counting);
    let mut runs: Vec<(Run, Run)> = Vec::new();
    for play in heard(columns, kind, matches)? {
        let day = small(play.local.div_euclid(DAY));
        subjects.each(play.code, |id| {
            if id >= runs.len() {
                runs.resize((id + 1).next_power_of_two(), Default::default());
            }
            let (run, longest) = &mut runs[id];
            *run = run.with(day);
            if run.days() > longest.days() || run.first == longest.first {
                *longest = *run;
            }
        });
    }
    Ok(runs)
}

/// The longest stretches of whole days without listening to anything that the filter lets through.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn gaps(columns: &Columns, filter: &Filter, zone: &Zone, now: i64, limit: usize) -> Result<Gaps, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let days: Vec<i64> = sounded::days(columns, &matches)?.into_iter().map(|(day, _)| day).collect();
    let between = |from: i64, to: i64| Gap {
        first_day: Date::numbered(from + 1),
        last_day: Date::numbered(to - 1),
        days: (to - from - 1).unsigned_abs(),
    };
    let mut longest: Vec<Gap> =
        days.windows(2).filter(|pair| pair[1] - pair[0] > 1).map(|pair| between(pair[0], pair[1])).collect();
    let total = longest.len();
    longest.sort_by_key(|gap| (std::cmp::Reverse(gap.days), gap.first_day));
    longest.truncate(limit);
    let today = Date::at(now, zone)?.number();
    let is_open = filter.period.moments(zone, now)?.contains(now);
    let last = days.last().copied().filter(|last| is_open && today - last > 1);
    Ok(Gaps { longest, current: last.map(|last| between(last, today)), total })
}
