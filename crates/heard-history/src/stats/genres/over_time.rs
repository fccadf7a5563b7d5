//! Shares of genres in every day, week, month or year: what entered, what came back, what left.

use std::collections::HashSet;
use std::ops::Range;

use super::sums::{SetCounter, Sums};
use super::{GenreCoverage, RankedGenre, ranked};
use crate::columns::Columns;
use crate::genres::{Genre, Vocabulary};
use crate::stats::StatsError;
use crate::stats::filter::{By, Filter, Matches};
use crate::stats::top_over_time::stretches;
use crate::stats::unit::{Unit, UnitOfTime};
use crate::zone::Zone;

/// The part of a unit's plays with genres from which on a genre is in rotation …
pub const ROTATION_SHARE: f64 = 0.02;

/// … and so many plays.
pub const ROTATION_PLAYS: f64 = 3.0;

/// Genres over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GenresOverTime {
    /// Every unit from the first in which anything was heard to the last; those between them without plays, too.
    pub units: Vec<GenreUnit>,
    /// All genres of the whole period, the most heard first.
    pub rows: Vec<RankedGenre>,
    /// How many plays of the whole period have genres.
    pub coverage: GenreCoverage,
}

/// The genres of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct GenreUnit {
    /// The day, week, month or year.
    pub unit: UnitOfTime,
    /// How many of its plays have genres.
    pub coverage: GenreCoverage,
    /// Its genres, the most heard first.
    pub genres: Vec<RankedGenre>,
    /// How many yes-no questions it takes, on the average, to guess the genre of a play.
    pub entropy: f64,
    /// Genres that came into rotation for the first time; none in the first unit.
    pub entered: Vec<Genre>,
    /// Genres that were not in rotation in the unit before with genres, but earlier.
    pub back: Vec<Genre>,
    /// Genres that were in rotation in the unit before with genres, and no longer are.
    pub left: Vec<Genre>,
    by: By,
    /// The amounts of all genres.
    whole: f64,
}

impl GenreUnit {
    /// A genre's part of the unit, from 0 to 1: of its plays with genres, or of their time where that is what was asked for.
    #[must_use]
    pub fn share(&self, genre: Genre) -> f64 {
        let amount = self.genres.iter().find(|row| row.genre == genre).map_or(0.0, |row| amount(row, self.by));
        if self.whole > 0.0 { amount / self.whole } else { 0.0 }
    }
}

/// The genres that are in rotation in a unit of so many plays with genres.
fn in_rotation(genres: impl Iterator<Item = (Genre, f64)>, with_genres: u64) -> HashSet<Genre> {
    let is_in = |(_, plays): &(Genre, f64)| *plays >= ROTATION_PLAYS && part(*plays, with_genres) >= ROTATION_SHARE;
    genres.filter(is_in).map(|(genre, _)| genre).collect()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a life are fewer than 2^53")]
fn amount(row: &RankedGenre, by: By) -> f64 {
    match by {
        By::Plays => row.plays,
        By::Time => row.ms_played as f64,
    }
}

fn part(plays: f64, all: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "plays are fewer than 2^52")]
    let all = all as f64;
    if all > 0.0 { plays / all } else { 0.0 }
}

/// The genres of every unit, with what entered and left the rotation: a genre is in rotation where it has at least
/// [`ROTATION_SHARE`] of a unit's plays with genres, and [`ROTATION_PLAYS`]. Plays without a moment and those of wrong
/// clocks are not counted. With `main`, kinds of a genre count as the main genre above them.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn genres_over_time(
    columns: &Columns,
    (unit, by, main): (Unit, By, bool),
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<GenresOverTime, StatsError> {
    let mut units = Vec::new();
    let mut counter = each_unit(columns, (unit, main), filter, zone, now, |unit, sums| {
        units.push(genre_unit(unit, sums, by));
    })?;
    let whole = counter.all(main);
    tell_changes(&mut units);
    Ok(GenresOverTime { units, rows: ranked(&whole, by), coverage: whole.coverage })
}

/// The units in which a genre came into rotation for the first time, as [`genres_over_time`] tells them, without the rest
/// of it: in their order, each unit's genres by their names.
pub(in crate::stats) fn first_rotations(
    columns: &Columns,
    unit: Unit,
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<Vec<(UnitOfTime, Vec<Genre>)>, StatsError> {
    let mut ever: Option<HashSet<Genre>> = None;
    let mut found = Vec::new();
    each_unit(columns, (unit, false), filter, zone, now, |unit, sums| {
        let with_genres = sums.coverage.with_genres();
        if with_genres > 0 {
            let here = in_rotation(sums.genres.iter().map(|(genre, plays, _)| (*genre, *plays)), with_genres);
            let entered = ever.as_ref().map_or_else(Vec::new, |ever| named(here.difference(ever)));
            ever.get_or_insert_default().extend(here);
            found.push((unit, entered));
        }
    })?;
    Ok(found)
}

/// Counts the plays of one unit after the other; the counter then knows them all.
fn each_unit<'c>(
    columns: &'c Columns,
    (unit, main): (Unit, bool),
    filter: &Filter,
    zone: &Zone,
    now: i64,
    mut take: impl FnMut(UnitOfTime, &Sums),
) -> Result<SetCounter<'c>, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let mut counter = SetCounter::new(columns)?;
    for (unit, stretches) in by_unit(stretches(columns, &matches, unit, zone)?) {
        for (rows, counts) in stretches.iter().flat_map(|rows| matches.within(rows)) {
            counter.add(&rows, counts)?;
        }
        take(unit, &counter.take(main));
    }
    Ok(counter)
}

/// The stretches of every unit from the first to the last, in their order.
fn by_unit(stretches: Vec<(UnitOfTime, Range<usize>)>) -> Vec<(UnitOfTime, Vec<Range<usize>>)> {
    let at = || stretches.iter().map(|(at, _)| *at);
    let first = at().reduce(|first, at| if at.since(first) < 0 { at } else { first });
    let last = at().reduce(|last, at| if at.since(last) > 0 { at } else { last });
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let units = std::iter::successors(Some(first), |at| Some(at.next())).take_while(|at| at.since(last) <= 0);
    let mut units: Vec<(UnitOfTime, Vec<Range<usize>>)> = units.map(|at| (at, Vec::new())).collect();
    for (at, rows) in stretches {
        let place = usize::try_from(at.since(first)).ok().and_then(|place| units.get_mut(place));
        place.into_iter().for_each(|(_, stretches)| stretches.push(rows.clone()));
    }
    units
}

fn genre_unit(unit: UnitOfTime, sums: &Sums, by: By) -> GenreUnit {
    let genres = ranked(sums, by);
    let all: f64 = genres.iter().map(|row| row.plays).sum();
    let bits = |row: &RankedGenre| -(row.plays / all) * (row.plays / all).log2();
    // Of one genre alone the sum would be -0.
    let entropy = genres.iter().map(bits).sum::<f64>() + 0.0;
    let whole = genres.iter().map(|row| amount(row, by)).sum();
    let (entered, back, left) = Default::default();
    GenreUnit { unit, coverage: sums.coverage, genres, entropy, entered, back, left, by, whole }
}

fn tell_changes(units: &mut [GenreUnit]) {
    let mut before: Option<HashSet<Genre>> = None;
    let mut ever: HashSet<Genre> = HashSet::new();
    for unit in units.iter_mut().filter(|unit| unit.coverage.with_genres() > 0) {
        let now = in_rotation(unit.genres.iter().map(|row| (row.genre, row.plays)), unit.coverage.with_genres());
        if let Some(before) = before.replace(now.clone()) {
            unit.entered = named(now.iter().filter(|genre| !ever.contains(genre)));
            unit.back = named(now.iter().filter(|genre| ever.contains(genre) && !before.contains(genre)));
            unit.left = named(before.difference(&now));
        }
        ever.extend(now);
    }
}

/// In the order of their names.
fn named<'g>(genres: impl Iterator<Item = &'g Genre>) -> Vec<Genre> {
    let mut genres: Vec<Genre> = genres.copied().collect();
    genres.sort_unstable_by_key(|genre| Vocabulary::own().name_of(*genre));
    genres
}
