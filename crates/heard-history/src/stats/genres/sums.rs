//! Adding up plays by their sets of genres, and only then by genres.

use std::borrow::Cow;
use std::ops::Range;

use super::GenreCoverage;
use crate::columns::{Column, Columns, ColumnsError, Genres};
use crate::genres::{Genre, Vocabulary};

/// What some plays come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    pub(super) coverage: GenreCoverage,
    /// Each genre with its parts of plays, to six decimals, and of milliseconds played; in the order of the vocabulary.
    pub(super) genres: Vec<(Genre, f64, f64)>,
}

/// Plays and milliseconds.
type Count = (u64, u64);

/// Counts plays by set, and knows how to begin again without forgetting every set one by one.
pub(super) struct SetCounter<'c> {
    columns: &'c Columns,
    genres: Option<&'c Genres>,
    has_time: bool,
    /// By set, since the last taking; and before it.
    counts: Vec<Count>,
    before: Vec<Count>,
    touched: Vec<usize>,
    by_genre: Vec<(f64, f64)>,
}

impl<'c> SetCounter<'c> {
    pub(super) fn new(columns: &'c Columns) -> Result<Self, ColumnsError> {
        let genres = columns.genres()?;
        let sets = genres.map_or(1, Genres::sets);
        Ok(Self {
            columns,
            genres,
            has_time: !columns.is_null(Column::MsPlayed),
            counts: vec![(0, 0); sets],
            before: vec![(0, 0); sets],
            touched: Vec::new(),
            by_genre: vec![(0.0, 0.0); Vocabulary::own().len()],
        })
    }

    /// Counts the plays of some rows; those that do not count are marked.
    pub(super) fn add(&mut self, rows: &Range<usize>, counts: Option<&[bool]>) -> Result<(), ColumnsError> {
        let sets = self.genres.and_then(|genres| genres.of_plays().get(rows.clone())).unwrap_or_default();
        let ms = if self.has_time { self.columns.values(Column::MsPlayed, rows.clone())? } else { Cow::default() };
        for place in 0..rows.len() {
            if counts.is_some_and(|counts| counts.get(place) != Some(&true)) {
                continue;
            }
            let set = sets.get(place).map_or(0, |set| *set as usize);
            let Some(count) = self.counts.get_mut(set) else { continue };
            if count.0 == 0 {
                self.touched.push(set);
            }
            count.0 += 1;
            count.1 += ms.get(place).map_or(0, |ms| u64::try_from(*ms).unwrap_or_default());
        }
        Ok(())
    }

    /// What was counted since the last time. Counting begins anew.
    pub(super) fn take(&mut self, main: bool) -> Sums {
        let mut touched = std::mem::take(&mut self.touched);
        // In the order of the sets, so that sums do not depend on the order of plays.
        touched.sort_unstable();
        let counted: Vec<(usize, Count)> =
            touched.into_iter().map(|set| (set, std::mem::take(&mut self.counts[set]))).collect();
        for (set, (plays, ms)) in &counted {
            self.before[*set].0 += plays;
            self.before[*set].1 += ms;
        }
        self.sums(&counted, main)
    }

    /// Everything that was taken so far, once more.
    pub(super) fn all(&mut self, main: bool) -> Sums {
        let all = self.before.iter().copied().enumerate().filter(|(_, (plays, _))| *plays > 0);
        let all: Vec<(usize, Count)> = all.collect();
        self.sums(&all, main)
    }

    #[expect(clippy::cast_precision_loss, reason = "plays, and milliseconds of a life, are fewer than 2^53")]
    fn sums(&mut self, counted: &[(usize, Count)], main: bool) -> Sums {
        let own = Vocabulary::own();
        let mut coverage = GenreCoverage::default();
        for (set, (plays, ms)) in counted {
            coverage.plays += plays;
            let Some(genres) = self.genres else { continue };
            if let Some(told_by) = genres.told_by(*set) {
                coverage.told_by[told_by as usize] += plays;
            }
            for (genre, weight) in genres.of_set(*set) {
                let sum = &mut self.by_genre[genre.number()];
                sum.0 += f64::from(weight) * *plays as f64;
                sum.1 += f64::from(weight) * *ms as f64;
            }
        }
        if main {
            self.add_to_main_genres(own);
        }
        let taken = own.iter().zip(self.by_genre.iter_mut().map(std::mem::take));
        let genres = taken.filter(|(_, (plays, _))| *plays > 0.0).map(|(genre, (plays, ms))| (genre, six(plays), ms));
        Sums { coverage, genres: genres.collect() }
    }

    fn add_to_main_genres(&mut self, own: &Vocabulary) {
        for genre in own.iter().filter(|genre| own.parent(*genre).is_some()) {
            let (plays, ms) = std::mem::take(&mut self.by_genre[genre.number()]);
            let root = &mut self.by_genre[own.root(genre).number()];
            root.0 += plays;
            root.1 += ms;
        }
    }
}

/// To six decimals: what is behind them depends on the order of adding.
fn six(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
