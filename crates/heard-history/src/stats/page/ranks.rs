//! The ranks of one, in the whole period and in each of its years.

use std::ops::Range;

use super::super::by_unit::{Count, Counter, Standing};
use super::super::filter::{Counting, Matches};
use super::super::names::Names;
use super::super::ranking::Kind;
use super::super::subjects::Subjects;
use super::super::unit::{Unit, UnitOfTime};
use super::Place;
use crate::columns::{Columns, ColumnsError, Moment};

/// Rows that are read at once: as many as stay in a core's own cache.
const BLOCK: usize = 1 << 14;

/// Where one stands.
pub(super) struct Ranks {
    /// In the whole period; `None` without plays.
    pub(super) place: Option<Place>,
    years: Vec<(UnitOfTime, usize)>,
}

impl Ranks {
    /// Counts everything once, year by year; names are read of those that tie.
    pub(super) fn read(
        columns: &Columns,
        kind: Kind,
        number: usize,
        counting: &Counting,
        all: &Matches,
    ) -> Result<Self, ColumnsError> {
        let subjects = Subjects::new(columns, kind, counting);
        let mut counter = Counter::default();
        let mut sums: Vec<u64> = Vec::new();
        let mut years = Vec::new();
        for Year { year, rows } in years_of(columns, all)? {
            for (rows, counts) in rows.iter().flat_map(|rows| all.within(rows)) {
                counter.read(columns, kind.column(), &rows, counts, &subjects)?;
            }
            let counts = counter.take();
            add_up(&mut sums, &counts);
            years.extend(Standing::of(number, &counts).map(|standing| (year, standing)));
        }
        let counts: Vec<Count> = sums.into_iter().enumerate().filter(|(_, plays)| *plays > 0).collect();
        let whole = Standing::of(number, &counts);
        let standings = whole.iter().chain(years.iter().map(|(_, standing)| standing));
        let mut wanted: Vec<usize> = standings.flat_map(Standing::names).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let names = Names::read(columns, kind, all, &wanted)?;
        let place = whole.map(|standing| Place { rank: standing.rank(&names), of: counts.len() });
        Ok(Self { place, years: years.iter().map(|(year, it)| (*year, it.rank(&names))).collect() })
    }

    /// The rank among everything that was heard in a year; `None` without plays.
    pub(super) fn in_year(&self, year: UnitOfTime) -> Option<usize> {
        self.years.iter().find(|(known, _)| *known == year).map(|(_, rank)| *rank)
    }
}

fn add_up(sums: &mut Vec<u64>, counts: &[Count]) {
    for (id, plays) in counts {
        if *id >= sums.len() {
            sums.resize((id + 1).next_power_of_two(), 0);
        }
        sums[*id] += plays;
    }
}

/// The rows of a year. A wall clock that is set back at its end goes through that twice, so that it may have several
/// stretches.
struct Year {
    year: UnitOfTime,
    rows: Vec<Range<usize>>,
}

fn years_of(columns: &Columns, all: &Matches) -> Result<Vec<Year>, ColumnsError> {
    let mut years: Vec<Year> = Vec::new();
    for (range, _) in all.iter() {
        let mut here: Option<(UnitOfTime, Range<i64>, usize)> = None;
        for first in range.clone().step_by(BLOCK) {
            let block = first..range.end.min(first + BLOCK);
            for (row, local) in block.clone().zip(columns.moments(Moment::LocalAt, block)?.iter().copied()) {
                if here.as_ref().is_none_or(|(_, seconds, _)| !seconds.contains(&local)) {
                    let year = Unit::Year.at(local);
                    if let Some((year, _, from)) = here.replace((year, year.seconds(), row)) {
                        put(&mut years, year, from..row);
                    }
                }
            }
        }
        if let Some((year, _, from)) = here {
            put(&mut years, year, from..range.end);
        }
    }
    Ok(years)
}

fn put(years: &mut Vec<Year>, year: UnitOfTime, rows: Range<usize>) {
    match years.iter_mut().find(|known| known.year == year) {
        Some(known) => known.rows.push(rows),
        None => years.push(Year { year, rows: vec![rows] }),
    }
}
