//! Trends: how much was heard in each day, week, month or year, and what rose and fell.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::StatsError;
use super::by_unit::{Counter, all_of, by_unit, last_finished, rank};
use super::filter::{Filter, Matches};
use super::names::Names;
use super::ranking::Kind;
use super::subjects::{Heard, Subjects, heard};
use super::unit::{Unit, UnitOfTime};
use crate::columns::{Columns, ColumnsError};
use crate::zone::Zone;

/// How much was heard, unit by unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trends {
    /// Every unit from the first in which anything was heard to the last; those between them without plays, too.
    pub rows: Vec<Trend>,
    /// What rose and fell between the last two units that are over; `None` where no unit with plays is over.
    pub movement: Option<Movement>,
}

/// One unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trend {
    /// The day, week, month or year.
    pub unit: UnitOfTime,
    /// Plays that count.
    pub plays: u64,
    /// Different artists.
    pub artists: usize,
    /// Milliseconds played, where the sources tell.
    pub ms_played: u64,
}

/// What rose and fell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The last unit that is over and in which anything was heard.
    pub unit: UnitOfTime,
    /// The unit of the calendar before it.
    pub before: UnitOfTime,
    /// Those whose plays grew by the most.
    pub climbers: Vec<Mover>,
    /// Those whose plays fell by the most.
    pub fallers: Vec<Mover>,
}

/// One that rose or fell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mover {
    /// The artist.
    pub artist: String,
    /// The album's or track's title; `None` for artists.
    pub title: Option<String>,
    /// Plays in the unit before.
    pub plays_before: u64,
    /// Plays in the unit.
    pub plays: u64,
    /// The rank in the unit before, among everything; `None` without plays.
    pub rank_before: Option<usize>,
    /// The rank in the unit, among everything; `None` without plays.
    pub rank: Option<usize>,
}

/// Counts unit by unit, and compares the last two that are over: of one kind so many that rose and as many that fell,
/// by the difference of plays; equal ones are ordered by name in code-point order (artist, then title).
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn trends(
    columns: &Columns,
    unit: Unit,
    kind: Kind,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<Trends, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let plays = heard(columns, Kind::Artists, &matches)?;
    let units = by_unit(&plays, unit);
    let rows = rows(&units, &Subjects::new(columns, Kind::Artists, &filter.counting));
    let finished = last_finished(unit, &filter.period.moments(zone, now)?, zone, now)?;
    let last = units.iter().map(|(unit, _)| *unit).rfind(|unit| unit.since(finished) <= 0);
    let movement = match last {
        None => None,
        Some(last) => {
            let other = if kind == Kind::Artists { None } else { Some(heard(columns, kind, &matches)?) };
            let plays = other.as_deref().unwrap_or(&plays);
            let subjects = Subjects::new(columns, kind, &filter.counting);
            let pair = [last.before(), last].map(|unit| of_unit(plays, unit));
            let (climbers, fallers) = movers(columns, kind, &matches, &subjects, pair, limit)?;
            Some(Movement { unit: last, before: last.before(), climbers, fallers })
        }
    };
    Ok(Trends { rows, movement })
}

fn rows(units: &[(UnitOfTime, &[Heard])], subjects: &Subjects) -> Vec<Trend> {
    let mut rows: Vec<Trend> = Vec::new();
    let mut counter = Counter::default();
    for (unit, plays) in units {
        while let Some(last) = rows.last().map(|row| row.unit)
            && unit.since(last) > 1
        {
            rows.push(Trend { unit: last.next(), plays: 0, artists: 0, ms_played: 0 });
        }
        rows.push(Trend {
            unit: *unit,
            plays: plays.len() as u64,
            artists: counter.count(plays, subjects).len(),
            ms_played: plays.iter().map(|heard| heard.known_ms()).sum(),
        });
    }
    rows
}

/// The plays of one unit.
fn of_unit(plays: &[Heard], unit: UnitOfTime) -> &[Heard] {
    let seconds = unit.seconds();
    let start = plays.partition_point(|heard| heard.local < seconds.start);
    let end = plays.partition_point(|heard| heard.local < seconds.end);
    &plays[start..end.max(start)]
}

fn movers(
    columns: &Columns,
    kind: Kind,
    matches: &Matches,
    subjects: &Subjects,
    [before, now]: [&[Heard]; 2],
    limit: usize,
) -> Result<(Vec<Mover>, Vec<Mover>), ColumnsError> {
    let mut ids = all_of(before, subjects);
    ids.extend(all_of(now, subjects));
    ids.sort_unstable();
    ids.dedup();
    let names = Names::read(columns, kind, matches, &ids)?;
    let mut counter = Counter::default();
    let mut places = |plays: &[Heard]| -> HashMap<usize, (usize, u64)> {
        let mut counts = counter.count(plays, subjects);
        rank(&mut counts, &names, usize::MAX);
        (1..).zip(counts).map(|(rank, (id, plays))| (id, (rank, plays))).collect()
    };
    let (before, now) = (places(before), places(now));
    let plays = |places: &HashMap<usize, (usize, u64)>, id: usize| places.get(&id).map_or(0, |(_, plays)| *plays);
    let pick = |from: &HashMap<usize, (usize, u64)>, to: &HashMap<usize, (usize, u64)>| -> Vec<Mover> {
        let gain = |id: usize| plays(to, id).saturating_sub(plays(from, id));
        let mut risen: Vec<usize> = ids.iter().copied().filter(|id| gain(*id) > 0).collect();
        risen.sort_unstable_by_key(|id| (Reverse(gain(*id)), names.of(*id)));
        risen.truncate(limit);
        let mover = |id: usize| {
            let (artist, title) = names.owned(id);
            let rank = |places: &HashMap<usize, (usize, u64)>| places.get(&id).map(|(rank, _)| *rank);
            let (plays_before, plays) = (plays(&before, id), plays(&now, id));
            Mover { artist, title, plays_before, plays, rank_before: rank(&before), rank: rank(&now) }
        };
        risen.into_iter().map(mover).collect()
    };
    Ok((pick(&before, &now), pick(&now, &before)))
}
