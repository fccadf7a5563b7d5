//! How the most heard came and went: their plays in every day, week, month or year.

use std::collections::HashMap;
use std::ops::Range;

use super::StatsError;
use super::filter::{By, Filter, Matches};
use super::ranking::{Kind, Ranked, first_places};
use super::unit::{Unit, UnitOfTime};
use crate::columns::{Column, Columns, ColumnsError, Moment};
use crate::zone::Zone;

/// The most heard over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopOverTime {
    /// Every unit from the first in which anything was heard to the last; those between them without plays, too.
    pub units: Vec<UnitOfTime>,
    /// All that was heard in each unit: plays, or milliseconds where that is what was asked for.
    pub total_by_unit: Vec<u64>,
    /// The most heard of the whole period, in their order.
    pub rows: Vec<Over>,
}

/// One of the most heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    /// From 1.
    pub rank: usize,
    /// The artist.
    pub artist: String,
    /// The album's or track's title; `None` for artists.
    pub title: Option<String>,
    /// The sum over all units.
    pub total: u64,
    /// What was heard of it in each unit.
    pub by_unit: Vec<u64>,
}

/// Ranks as [`ranking`](super::ranking) does, and counts each of the first places unit by unit. Plays without a moment
/// and those of wrong clocks are not counted.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn top_over_time(
    columns: &Columns,
    (kind, by, unit): (Kind, By, Unit),
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<TopOverTime, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let (ids, ranking) = first_places(columns, kind, by, &filter.counting, &matches, limit)?;
    let stretches = stretches(columns, &matches, unit, zone)?;
    let heard_in = || stretches.iter().map(|(at, _)| *at);
    let begin = heard_in().reduce(|first, at| if at.since(first) < 0 { at } else { first });
    let last = heard_in().reduce(|last, at| if at.since(last) > 0 { at } else { last });
    let (Some(begin), Some(last)) = (begin, last) else { return Ok(TopOverTime::default()) };
    let units: Vec<UnitOfTime> =
        std::iter::successors(Some(begin), |at| Some(at.next())).take_while(|at| at.since(last) <= 0).collect();
    let mut counted = Counted {
        places: Places::new(columns, kind, &ids),
        by_place: vec![vec![0; units.len()]; ids.len()],
        total: vec![0; units.len()],
    };
    for (at, rows) in &stretches {
        counted.add(columns, (kind, by), &matches, rows, usize::try_from(at.since(begin)).unwrap_or_default())?;
    }
    let Counted { by_place, total, .. } = counted;
    let over = |(row, by_unit): (Ranked, Vec<u64>)| {
        let Ranked { rank, artist, title, .. } = row;
        Over { rank, artist, title, total: by_unit.iter().sum(), by_unit }
    };
    let rows = ranking.rows.into_iter().zip(by_place).map(over).collect();
    Ok(TopOverTime { units, total_by_unit: total, rows })
}

/// The rows of each unit, from the first to the last that holds a play that counts. A unit in which the wall clock was
/// set comes in several pieces: in each of them local time only grows.
pub(super) fn stretches(
    columns: &Columns,
    matches: &Matches,
    unit: Unit,
    zone: &Zone,
) -> Result<Vec<(UnitOfTime, Range<usize>)>, ColumnsError> {
    let mut found = Vec::new();
    for (range, counts) in matches.iter() {
        let counted = |row: &usize| counts.is_none_or(|counts| counts[*row - range.start]);
        let (Some(first), Some(last)) = (range.clone().find(counted), range.clone().rfind(counted)) else { continue };
        let mut row = first;
        while row <= last {
            let (same_offset, _) = zone.offset(columns.moments(Moment::PlayedAt, row..row + 1)?[0]);
            let set = columns.rows_between(same_offset.start, same_offset.end)?.end;
            let at = unit.at(local(columns, row)?);
            let end = first_outside(columns, at, row..set.clamp(row + 1, last + 1))?;
            found.push((at, row..end));
            row = end;
        }
    }
    Ok(found)
}

/// The first row that is of another unit than the first one: by ever longer steps, then by halving.
fn first_outside(columns: &Columns, at: UnitOfTime, rows: Range<usize>) -> Result<usize, ColumnsError> {
    let seconds = at.seconds();
    let is_within = |row: usize| Ok::<_, ColumnsError>(seconds.contains(&local(columns, row)?));
    let (mut low, mut step) = (rows.start, 1);
    while low + step < rows.end && is_within(low + step)? {
        low += step;
        step *= 2;
    }
    let mut high = rows.end.min(low + step);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if is_within(middle)? { low = middle } else { high = middle }
    }
    Ok(high)
}

fn local(columns: &Columns, row: usize) -> Result<i64, ColumnsError> {
    Ok(columns.moments(Moment::LocalAt, row..row + 1)?[0])
}

/// To which places the plays of a code count.
#[derive(Default)]
struct Places {
    /// By code; most codes have none.
    one: Vec<Option<usize>>,
    /// Of split names, which may have several or none.
    several: HashMap<i32, Vec<usize>>,
}

impl Places {
    fn new(columns: &Columns, kind: Kind, order: &[usize]) -> Self {
        let mut places = Self::default();
        for (place, id) in order.iter().enumerate() {
            places.one.resize(places.one.len().max(id + 1), None);
            places.one[*id] = Some(place);
        }
        if kind == Kind::Artists {
            // What is played under a split name counts for those whom it credits, and for nobody else.
            for (name, credited) in columns.credits() {
                let credited = credited.iter().filter_map(|code| places.of(*code)).collect();
                places.several.insert(*name, credited);
            }
        }
        places
    }

    fn of(&self, code: i32) -> Option<usize> {
        usize::try_from(code).ok().and_then(|code| self.one.get(code).copied().flatten())
    }

    fn each(&self, code: i32, mut take: impl FnMut(usize)) {
        let several = if self.several.is_empty() { None } else { self.several.get(&code) };
        match several {
            Some(places) => places.iter().for_each(|place| take(*place)),
            None => self.of(code).into_iter().for_each(take),
        }
    }
}

struct Counted {
    places: Places,
    by_place: Vec<Vec<u64>>,
    total: Vec<u64>,
}

impl Counted {
    fn add(
        &mut self,
        columns: &Columns,
        (kind, by): (Kind, By),
        matches: &Matches,
        rows: &Range<usize>,
        unit: usize,
    ) -> Result<(), ColumnsError> {
        let codes = columns.values(kind.column(), rows.clone())?;
        let told = by == By::Time && !columns.is_null(Column::MsPlayed);
        let ms = if told { columns.values(Column::MsPlayed, rows.clone())? } else { Vec::new() };
        let stretch = matches.iter().find(|(range, _)| range.contains(&rows.start));
        let counts = stretch.and_then(|(range, counts)| Some(&counts?[rows.start - range.start..]));
        for (place, code) in codes.into_iter().enumerate() {
            if counts.is_some_and(|counts| !counts[place]) {
                continue;
            }
            let amount = match by {
                By::Plays => 1,
                By::Time => ms.get(place).and_then(|ms| u64::try_from(*ms).ok()).unwrap_or_default(),
            };
            self.total[unit] += amount;
            let by_place = &mut self.by_place;
            self.places.each(code, |place| by_place[place][unit] += amount);
        }
        Ok(())
    }
}
