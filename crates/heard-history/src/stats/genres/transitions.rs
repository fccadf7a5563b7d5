//! What was heard after what: from genre to genre within a sitting.

use std::collections::HashMap;

use crate::columns::{Columns, Genres, Moment};
use crate::genres::{Genre, Vocabulary};
use crate::stats::StatsError;
use crate::stats::filter::{Filter, Matches};
use crate::zone::Zone;

/// Plays of which one begins at most so many seconds after the other follow each other; others are other sittings.
pub const TRANSITION_SECONDS: i64 = 30 * 60;

/// How often a genre followed another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// What was heard.
    pub from: Genre,
    /// What was heard next.
    pub to: Genre,
    /// How often.
    pub times: u64,
}

/// What was heard after what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transitions {
    /// From one genre to another, the most frequent first; equal ones by their names in code-point order.
    pub rows: Vec<Transition>,
    /// How often plays with genres followed each other.
    pub total: u64,
    /// How often the next play was of the same genre.
    pub same: u64,
}

/// Goes from play to play: of each its heaviest genre counts (to five decimals; of equally heavy ones the first by name in
/// code-point order), or the main genre above it with `main`. A play without genres is neither followed nor follows.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn transitions(
    columns: &Columns,
    main: bool,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<Transitions, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let Some(genres) = columns.genres()? else { return Ok(Transitions::default()) };
    let heaviest: Vec<Option<Genre>> = (0..genres.sets()).map(|set| heaviest(genres, set, main)).collect();
    let mut counts: HashMap<(Genre, Genre), u64, foldhash::fast::RandomState> = HashMap::default();
    for (rows, judged) in matches.iter() {
        let sets = genres.of_plays().get(rows.clone()).unwrap_or_default();
        let moments = columns.moments(Moment::PlayedAt, rows.clone())?;
        let mut before: Option<(i64, Genre)> = None;
        for (place, (at, set)) in moments.iter().zip(sets).enumerate() {
            if judged.is_some_and(|judged| judged.get(place) != Some(&true)) {
                continue;
            }
            let here = heaviest.get(*set as usize).copied().flatten().map(|genre| (*at, genre));
            if let (Some((then, from)), Some((_, to))) = (before, here)
                && at.saturating_sub(then) <= TRANSITION_SECONDS
            {
                *counts.entry((from, to)).or_default() += 1;
            }
            before = here;
        }
    }
    Ok(most_frequent(counts.into_iter().collect(), limit))
}

fn most_frequent(counts: Vec<((Genre, Genre), u64)>, limit: usize) -> Transitions {
    let own = Vocabulary::own();
    let total = counts.iter().map(|(_, times)| times).sum();
    let same = counts.iter().filter(|((from, to), _)| from == to).map(|(_, times)| times).sum();
    let others = counts.into_iter().filter(|((from, to), _)| from != to);
    let mut rows: Vec<Transition> = others.map(|((from, to), times)| Transition { from, to, times }).collect();
    let names = |row: &Transition| (own.name_of(row.from), own.name_of(row.to));
    rows.sort_unstable_by(|a, b| b.times.cmp(&a.times).then_with(|| names(a).cmp(&names(b))));
    rows.truncate(limit);
    Transitions { rows, total, same }
}

fn heaviest(genres: &Genres, set: usize, main: bool) -> Option<Genre> {
    let own = Vocabulary::own();
    let weight = |(_, weight): (Genre, f32)| (f64::from(weight) * 1e5).round();
    let heavier = |a: (Genre, f32), b: (Genre, f32)| {
        let later = own.name_of(b.0) > own.name_of(a.0);
        if weight(b) > weight(a) || (weight(b) == weight(a) && !later) { b } else { a }
    };
    let (genre, _) = genres.of_set(set).reduce(heavier)?;
    Some(if main { own.root(genre) } else { genre })
}
