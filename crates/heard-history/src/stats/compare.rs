//! Two histories side by side: what both heard, what only one did, and how alike they are.

mod same;
mod tally;

use std::cmp::Reverse;

use super::StatsError;
use super::discoveries::List;
use super::filter::{By, Filter, Matches};
use super::ranking::Kind;
use crate::columns::Columns;
use crate::zone::Zone;
pub use same::SAME_LISTEN_SECONDS;
use tally::Tally;

/// One of two histories: columns, and which of their plays.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Where the plays are; both sides may have the same.
    pub columns: &'a Columns,
    /// Which of them.
    pub filter: &'a Filter,
}

/// What lists are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompareQuestion {
    /// Of what.
    pub kind: Kind,
    /// In which order.
    pub by: By,
    /// How many rows of each.
    pub limit: usize,
}

/// Two histories beside each other. What stands in pairs is told of the one, then of the other.
///
/// Names are the same when spellings that are counted together in one history
/// ([`identity::key`](crate::identity::key)) say so; the first history's spelling is told. A split name's plays count for
/// each artist that it credits.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Plays that count.
    pub plays: [u64; 2],
    /// Artists of both.
    pub artists: Overlap,
    /// Albums of both, by artist and title.
    pub albums: Overlap,
    /// Tracks of both, by artist and title.
    pub tracks: Overlap,
    /// How alike the tastes are, from 0 for no artist in common to 100: the cosine of the angle between both histories,
    /// each taken as a vector of the natural logarithms of 1 + plays of every artist, times 100. The logarithm keeps a
    /// few favourites from deciding alone. 0 where one side has no artists.
    pub similarity: f64,
    /// Of the kind asked for, what both heard: those first of which both heard a large share. Each has a share of its
    /// side's plays, or time; the smaller one of the two counts.
    pub shared: List<Compared>,
    /// Of the kind asked for, how much of the listening both have in common, from 0 to 1: the smaller shares summed up.
    pub common_share: f64,
    /// What only the one heard, and what only the other; the most heard first.
    pub only: [List<Compared>; 2],
    /// Plays of each that may be the same listens: the other side has a play of the same artist and track, too, begun no
    /// more than [`SAME_LISTEN_SECONDS`] before or after it.
    pub same_listens: [SameListens; 2],
}

/// How many different ones each side has, and both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Of each side.
    pub of: [usize; 2],
    /// Of both.
    pub shared: usize,
}

impl Overlap {
    /// The Jaccard index: how many of all that either side has are shared, from 0 to 1; 0 where there are none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "names are fewer than 2^52")]
    pub fn jaccard(&self) -> f64 {
        let all = self.of[0] + self.of[1] - self.shared;
        if all == 0 { 0.0 } else { self.shared as f64 / all as f64 }
    }
}

/// An artist, album or track with what each side heard of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The artist.
    pub artist: String,
    /// The album's or track's title; `None` for artists.
    pub title: Option<String>,
    /// Plays.
    pub plays: [u64; 2],
    /// Milliseconds played, where the sources tell.
    pub ms_played: [u64; 2],
}

impl Compared {
    fn measures(&self, by: By) -> [u64; 2] {
        match by {
            By::Plays => self.plays,
            By::Time => self.ms_played,
        }
    }

    fn is_shared(&self) -> bool {
        self.plays.iter().all(|plays| *plays > 0)
    }

    fn name(&self) -> (&str, Option<&str>) {
        (&self.artist, self.title.as_deref())
    }
}

/// Plays with a moment and a name, and those of them that the other side has, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SameListens {
    /// All of them.
    pub plays: u64,
    /// Those that the other side has, too.
    pub same: u64,
}

/// Compares two histories. Equal ones are ordered by name in code-point order (artist, then title).
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or a period is none.
pub fn compare(
    sides: [Side<'_>; 2],
    question: &CompareQuestion,
    zone: &Zone,
    now: i64,
) -> Result<Comparison, StatsError> {
    let found = |side: &Side<'_>| Matches::find(side.columns, side.filter, zone, now);
    let matches = [found(&sides[0])?, found(&sides[1])?];
    let tally = |kind| Tally::of(&sides, &matches, kind);
    let (artists, albums, tracks) = (tally(Kind::Artists)?, tally(Kind::Albums)?, tally(Kind::Tracks)?);
    let same_listens = same::listens(&sides, &matches, &tracks)?;
    let (overlaps, similarity) = ([&artists, &albums, &tracks].map(Tally::overlap), similarity(&artists.rows));
    let asked = match question.kind {
        Kind::Artists => artists,
        Kind::Albums => albums,
        Kind::Tracks => tracks,
    };
    let totals = asked.totals(question.by);
    let shared = asked.rows.iter().filter(|row| row.is_shared());
    let common_share = shared.clone().map(|row| smaller_share(row.measures(question.by), totals)).sum();
    let crossed = |row: &Compared| crossed(row.measures(question.by), totals);
    let only = |at: usize| {
        let lone = asked.rows.iter().filter(|row| row.plays[1 - at] == 0 && row.plays[at] > 0);
        first(lone.collect(), question.limit, |row| u128::from(row.measures(question.by)[at]))
    };
    Ok(Comparison {
        plays: [matches[0].total(), matches[1].total()],
        artists: overlaps[0],
        albums: overlaps[1],
        tracks: overlaps[2],
        similarity,
        common_share,
        only: [only(0), only(1)],
        shared: first(shared.collect(), question.limit, crossed),
        same_listens,
    })
}

/// Which of two shared ones comes first: the smaller of both shares, as a whole number of the same fraction for all.
fn crossed(measures: [u64; 2], totals: [u64; 2]) -> u128 {
    let part = |at: usize| u128::from(measures[at]) * u128::from(totals[1 - at]);
    part(0).min(part(1))
}

#[expect(clippy::cast_precision_loss, reason = "a share is no exact number")]
fn smaller_share(measures: [u64; 2], totals: [u64; 2]) -> f64 {
    let share = |at: usize| if totals[at] == 0 { 0.0 } else { measures[at] as f64 / totals[at] as f64 };
    share(0).min(share(1))
}

/// So many of them with the largest measure first.
fn first(mut rows: Vec<&Compared>, limit: usize, measure: impl Fn(&Compared) -> u128) -> List<Compared> {
    let total = rows.len();
    rows.sort_by(|a, b| (Reverse(measure(a)), a.name()).cmp(&(Reverse(measure(b)), b.name())));
    List { total, rows: rows.into_iter().take(limit).cloned().collect() }
}

/// The cosine between log-damped plays, times 100.
#[expect(clippy::cast_precision_loss, reason = "plays are fewer than 2^52")]
fn similarity(artists: &[Compared]) -> f64 {
    let (mut product, mut squares) = (0.0, [0.0, 0.0]);
    for row in artists {
        let damped = row.plays.map(|plays| (plays as f64).ln_1p());
        product += damped[0] * damped[1];
        squares[0] += damped[0] * damped[0];
        squares[1] += damped[1] * damped[1];
    }
    let lengths: f64 = squares[0].sqrt() * squares[1].sqrt();
    if lengths > 0.0 { (100.0 * product / lengths).min(100.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(plays: [u64; 2]) -> Compared {
        Compared { artist: "Ora".to_owned(), title: None, plays, ms_played: [0, 0] }
    }

    #[test]
    fn similarity_is_the_angle_between_damped_plays() {
        assert!((similarity(&[row([7, 7]), row([1, 1])]) - 100.0).abs() < 1e-9);
        assert!((similarity(&[row([1, 1]), row([1, 0])]) - 100.0 / 2_f64.sqrt()).abs() < 1e-9);
        // ln 8 is three times ln 2.
        let found = similarity(&[row([7, 1]), row([1, 7])]);
        assert!((found - 60.0).abs() < 1e-9, "{found}");
        for nothing in [&[][..], &[row([3, 0])], &[row([3, 0]), row([0, 3])]] {
            assert!(similarity(nothing).abs() < 1e-12);
        }
        assert!(similarity(&[row([u64::MAX, u64::MAX])]) <= 100.0);
    }

    #[test]
    fn shares_are_compared_exactly() {
        assert!(crossed([1, 1], [3, 4]) < crossed([1, 2], [3, 4]));
        assert_eq!(crossed([1, 1], [3, 4]), 3, "a quarter");
        assert_eq!(crossed([u64::MAX, u64::MAX], [u64::MAX, u64::MAX]), u128::from(u64::MAX).pow(2));
        assert!((smaller_share([1, 1], [3, 4]) - 0.25).abs() < 1e-12);
        assert!(smaller_share([1, 0], [3, 0]).abs() < 1e-12);
    }

    #[test]
    fn an_overlap_of_nothing_is_none() {
        assert!(Overlap::default().jaccard().abs() < 1e-12);
        assert!((Overlap { of: [3, 2], shared: 1 }.jaccard() - 0.25).abs() < 1e-12);
        assert!((Overlap { of: [2, 2], shared: 2 }.jaccard() - 1.0).abs() < 1e-12);
    }
}
