//! Genres: how much of each was heard, how that changed, and what was heard after what.
//!
//! Every play has one part of each of its genres, and the parts are one play together. Plays whose genres are not known
//! count for none; how many they are is always told.

mod over_time;
mod sums;
mod transitions;

pub(super) use over_time::first_rotations;
pub use over_time::{GenreUnit, GenresOverTime, ROTATION_PLAYS, ROTATION_SHARE, genres_over_time};
pub use transitions::{TRANSITION_SECONDS, Transition, Transitions, transitions};

use super::StatsError;
use super::filter::{By, Filter, Matches};
use super::look_up::Subject;
use super::subjects::Subjects;
use crate::columns::{Columns, ToldBy};
use crate::genres::{Genre, Vocabulary};
use crate::zone::Zone;
use sums::{SetCounter, Sums};

/// How many plays have genres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GenreCoverage {
    /// Plays that count.
    pub plays: u64,
    /// Those of them whose genres are known, by who told them: in the order of [`ToldBy::ALL`].
    pub told_by: [u64; 4],
}

impl GenreCoverage {
    /// Plays whose genres are known.
    #[must_use]
    pub fn with_genres(&self) -> u64 {
        self.told_by.iter().sum()
    }

    /// Plays whose genres were told so.
    #[must_use]
    pub fn told_by(&self, told_by: ToldBy) -> u64 {
        self.told_by.get(told_by as usize).copied().unwrap_or_default()
    }
}

/// One genre of a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankedGenre {
    /// From 1; no two share a rank.
    pub rank: usize,
    /// The genre.
    pub genre: Genre,
    /// The sum of its parts of plays, to six decimals.
    pub plays: f64,
    /// The sum of its parts of the milliseconds played, as far as these are known.
    pub ms_played: u64,
}

/// The most heard genres.
#[derive(Clone, Debug, PartialEq)]
pub struct TopGenres {
    /// The first places.
    pub rows: Vec<RankedGenre>,
    /// How many genres were heard.
    pub distinct: usize,
    /// How many plays have genres.
    pub coverage: GenreCoverage,
}

/// Ranks genres by their parts of plays, or of the time played. Equal ones are ordered by name in code-point order. With
/// `main`, kinds of a genre count as the main genre above them.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn top_genres(
    columns: &Columns,
    (by, main): (By, bool),
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<TopGenres, StatsError> {
    let matches = Matches::find(columns, filter, zone, now)?;
    let mut counter = SetCounter::new(columns)?;
    for (rows, counts) in matches.iter() {
        counter.add(rows, counts)?;
    }
    let sums = counter.take(main);
    let mut rows = ranked(&sums, by);
    let distinct = rows.len();
    rows.truncate(limit);
    Ok(TopGenres { rows, distinct, coverage: sums.coverage })
}

/// All genres of one artist, album or track, as its plays have them.
///
/// # Errors
/// As for [`top_genres`].
pub fn genres_of(
    columns: &Columns,
    subject: &Subject,
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<TopGenres, StatsError> {
    let matches = Matches::find(columns, filter, zone, now)?;
    let codes = Subjects::new(columns, subject.kind, &filter.counting).codes_of(subject.number);
    let matches = matches.narrowed(columns, subject.kind.column(), |code| codes.contains(&code))?;
    let mut counter = SetCounter::new(columns)?;
    for (rows, counts) in matches.iter() {
        counter.add(rows, counts)?;
    }
    let sums = counter.take(false);
    let rows = ranked(&sums, By::Plays);
    Ok(TopGenres { distinct: rows.len(), rows, coverage: sums.coverage })
}

fn ranked(sums: &Sums, by: By) -> Vec<RankedGenre> {
    let own = Vocabulary::own();
    let row = |(genre, plays, ms): &(Genre, f64, f64)| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a sum of times is whole and not negative"
        )]
        let ms_played = ms.round() as u64;
        RankedGenre { rank: 0, genre: *genre, plays: *plays, ms_played }
    };
    let mut rows: Vec<RankedGenre> = sums.genres.iter().map(row).collect();
    rows.sort_unstable_by(|a, b| {
        let amounts = match by {
            By::Plays => b.plays.total_cmp(&a.plays),
            By::Time => b.ms_played.cmp(&a.ms_played),
        };
        amounts.then_with(|| own.name_of(a.genre).cmp(own.name_of(b.genre)))
    });
    rows.iter_mut().zip(1..).for_each(|(row, rank)| row.rank = rank);
    rows
}
