//! How the most heard came and went: their plays in every day, week, month or year.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::StatsError;
use super::filter::{By, Counting, Filter, Matches};
use super::ranking::{Kind, Ranked, Ranking, Sum, credit, first_places, first_places_of};
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
    let stretches = stretches(columns, &matches, unit, zone)?;
    let heard_in = || stretches.iter().map(|(at, _)| *at);
    let begin = heard_in().reduce(|first, at| if at.since(first) < 0 { at } else { first });
    let last = heard_in().reduce(|last, at| if at.since(last) > 0 { at } else { last });
    let (Some(begin), Some(last)) = (begin, last) else { return Ok(TopOverTime::default()) };
    let units: Vec<UnitOfTime> =
        std::iter::successors(Some(begin), |at| Some(at.next())).take_while(|at| at.since(last) <= 0).collect();
    let nth = |at: UnitOfTime| usize::try_from(at.since(begin)).unwrap_or_default();
    let of_units: Vec<(usize, &Range<usize>)> = stretches.iter().map(|(at, rows)| (nth(*at), rows)).collect();
    let (ranking, counted) = count(columns, (kind, by), &filter.counting, &matches, (&of_units, units.len()), limit)?;
    let Counted { by_place, total, .. } = counted;
    let over = |(row, by_unit): (Ranked, Vec<u64>)| {
        let Ranked { rank, artist, title, .. } = row;
        Over { rank, artist, title, total: by_unit.iter().sum(), by_unit }
    };
    let rows = ranking.rows.into_iter().zip(by_place).map(over).collect();
    Ok(TopOverTime { units, total_by_unit: total, rows })
}

/// The first places, and what was heard of them in each unit, of so many: in one reading where that is possible.
fn count(
    columns: &Columns,
    wanted: (Kind, By),
    counting: &Counting,
    matches: &Matches,
    (of_units, units): (&[(usize, &Range<usize>)], usize),
    limit: usize,
) -> Result<(Ranking, Counted), ColumnsError> {
    let (kind, by) = wanted;
    if let Some(dense) = Dense::read(columns, wanted, matches, of_units, units)? {
        let sums = dense.sums(columns);
        let (ids, ranking) = first_places_of(columns, kind, by, counting, matches, sums, limit)?;
        return Ok((ranking, dense.counted(Places::new(columns, kind, &ids), ids.len())));
    }
    let (ids, ranking) = first_places(columns, kind, by, counting, matches, limit)?;
    let mut counted = Counted {
        places: Places::new(columns, kind, &ids),
        by_place: vec![vec![0; units]; ids.len()],
        total: vec![0; units],
    };
    for (unit, rows) in of_units {
        counted.add(columns, wanted, matches, rows, *unit)?;
    }
    Ok((ranking, counted))
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
        let mut set = first;
        let mut clock = Clock::new(columns);
        while row <= last {
            if row >= set {
                let (same_offset, _) = zone.offset(columns.moments(Moment::PlayedAt, row..row + 1)?[0]);
                set = columns.rows_between(same_offset.start, same_offset.end)?.end.clamp(row + 1, last + 1);
            }
            let at = unit.at(clock.local(row)?);
            let end = first_outside(&mut clock, at, row..set)?;
            found.push((at, row..end));
            row = end;
        }
    }
    Ok(found)
}

/// The first row that is of another unit than the first one: by ever longer steps, then by halving.
fn first_outside(clock: &mut Clock<'_>, at: UnitOfTime, rows: Range<usize>) -> Result<usize, ColumnsError> {
    let seconds = at.seconds();
    let mut is_within = |row: usize| Ok::<_, ColumnsError>(seconds.contains(&clock.local(row)?));
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

/// Rows of the wall clock that are read at once: a page of memory.
const PAGE: usize = 512;

/// The wall clock at single rows. Neighbours are mostly asked for one after the other, and come in one reading.
struct Clock<'c> {
    columns: &'c Columns,
    from: usize,
    page: Cow<'c, [i64]>,
}

impl<'c> Clock<'c> {
    fn new(columns: &'c Columns) -> Self {
        Self { columns, from: 0, page: Cow::default() }
    }

    fn local(&mut self, row: usize) -> Result<i64, ColumnsError> {
        let known = row.checked_sub(self.from).and_then(|place| self.page.get(place));
        if let Some(local) = known {
            return Ok(*local);
        }
        self.from = row - row % PAGE;
        self.page = self.columns.moments(Moment::LocalAt, self.from..self.columns.dated().min(self.from + PAGE))?;
        Ok(self.page[row - self.from])
    }
}

/// No place.
const NONE: u32 = u32::MAX;

/// To which places the plays of a code count.
#[derive(Default)]
struct Places {
    /// By code; most codes have none.
    one: Vec<u32>,
    /// Of split names, which may have several or none.
    several: HashMap<i32, Vec<usize>>,
}

impl Places {
    fn new(columns: &Columns, kind: Kind, order: &[usize]) -> Self {
        let mut places = Self::default();
        for (place, id) in (0..NONE).zip(order) {
            places.one.resize(places.one.len().max(id + 1), NONE);
            places.one[*id] = place;
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

    #[inline]
    fn of(&self, code: i32) -> Option<usize> {
        let place = usize::try_from(code).ok().and_then(|code| self.one.get(code).copied()).unwrap_or(NONE);
        (place != NONE).then_some(place as usize)
    }

    #[inline]
    fn each(&self, code: i32, mut take: impl FnMut(usize)) {
        let several = if self.several.is_empty() { None } else { self.several.get(&code) };
        match several {
            Some(places) => places.iter().for_each(|place| take(*place)),
            None => self.of(code).into_iter().for_each(take),
        }
    }
}

/// More counts than this are not kept for everything, but for the first places alone: they would not fit into a
/// processor's cache.
const MOST_COUNTS: usize = 1 << 21;

/// The plays of every artist in every unit, counted in one reading.
struct Dense {
    units: usize,
    artists: usize,
    /// Unit by unit, in each by the artists' codes.
    plays: Vec<u32>,
}

impl Dense {
    /// Counts, where that is plays of artists and not too many counts.
    fn read(
        columns: &Columns,
        wanted: (Kind, By),
        matches: &Matches,
        of_units: &[(usize, &Range<usize>)],
        units: usize,
    ) -> Result<Option<Self>, ColumnsError> {
        let artists = columns.texts(Column::Artist).unwrap_or_default();
        if wanted != (Kind::Artists, By::Plays) || artists.saturating_mul(units) > MOST_COUNTS {
            return Ok(None);
        }
        let mut plays = vec![0; units * artists];
        for (unit, rows) in of_units {
            let counted = &mut plays[unit * artists..][..artists];
            for (rows, counts) in matches.within(rows) {
                columns.for_each_block(Column::Artist, rows.clone(), |first, codes| {
                    for (row, code) in (first - rows.start..).zip(codes) {
                        let place = usize::try_from(*code).ok().and_then(|code| counted.get_mut(code));
                        if let Some(place) = place {
                            *place += u32::from(counts.is_none_or(|counts| counts[row]));
                        }
                    }
                })?;
            }
        }
        Ok(Some(Self { units, artists, plays }))
    }

    /// The plays of every artist, by code, and of all.
    fn sums(&self, columns: &Columns) -> (Vec<Sum>, u64) {
        let mut sums = vec![Sum::default(); self.artists];
        for unit in self.by_unit() {
            sums.iter_mut().zip(unit).for_each(|(sum, plays)| sum.plays += u64::from(*plays));
        }
        let total = sums.iter().map(|sum| sum.plays).sum();
        credit(&mut sums, columns.credits());
        (sums, total)
    }

    /// Of these counts, those that belong to places.
    fn counted(&self, places: Places, number: usize) -> Counted {
        let mut codes: Vec<Vec<usize>> = vec![Vec::new(); number];
        for code in 0..self.artists {
            places.each(i32::try_from(code).unwrap_or(i32::MAX), |place| codes[place].push(code));
        }
        let of = |unit: &[u32], codes: &[usize]| codes.iter().map(|code| u64::from(unit[*code])).sum();
        let by_place = codes.iter().map(|codes| self.by_unit().map(|unit| of(unit, codes)).collect()).collect();
        let total = self.by_unit().map(|unit| unit.iter().map(|plays| u64::from(*plays)).sum()).collect();
        Counted { places, by_place, total }
    }

    fn by_unit(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.units).map(|unit| &self.plays[unit * self.artists..][..self.artists])
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
        let stretch = matches.iter().find(|(range, _)| range.contains(&rows.start));
        let counts = stretch.and_then(|(range, counts)| Some(&counts?[rows.start - range.start..]));
        let (places, by_place) = (&self.places, &mut self.by_place);
        if let (By::Plays, None) = (by, counts) {
            self.total[unit] += rows.len() as u64;
            return columns.for_each_block(kind.column(), rows.clone(), |_, codes| {
                codes.iter().for_each(|code| places.each(*code, |place| by_place[place][unit] += 1));
            });
        }
        let codes = columns.values(kind.column(), rows.clone())?;
        let told = by == By::Time && !columns.is_null(Column::MsPlayed);
        let ms = if told { columns.values(Column::MsPlayed, rows.clone())? } else { Cow::default() };
        for (row, code) in codes.iter().enumerate() {
            if counts.is_some_and(|counts| !counts[row]) {
                continue;
            }
            let amount = match by {
                By::Plays => 1,
                By::Time => ms.get(row).and_then(|ms| u64::try_from(*ms).ok()).unwrap_or_default(),
            };
            self.total[unit] += amount;
            places.each(*code, |place| by_place[place][unit] += amount);
        }
        Ok(())
    }
}
