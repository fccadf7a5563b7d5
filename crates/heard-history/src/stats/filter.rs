//! Which plays count for a question.

use std::ops::Range;

use super::StatsError;
use super::period::Period;
use crate::columns::{Column, Columns, ColumnsError, Dictionary};
use crate::genres::Vocabulary;
use crate::identity::Needle;
use crate::listen::{FIRST_PLAUSIBLE, FUTURE_GRACE, Span};
use crate::zone::Zone;

/// What is added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Plays.
    #[default]
    Plays,
    /// Time played.
    Time,
}

/// Which plays count at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// A play shorter than this many milliseconds does not count; one whose length is not known does.
    pub min_played_ms: i32,
    /// Plays without a moment count, where the period is everything.
    pub undated: bool,
    /// Plays whose moment is a wrong clock's (before 2002, or more than a day in the future) count.
    pub implausible: bool,
    /// Names that only say that there is none, like "Unknown Artist", have places in rankings.
    pub placeholders: bool,
}

impl Default for Counting {
    fn default() -> Self {
        Self { min_played_ms: 30_000, undated: false, implausible: false, placeholders: false }
    }
}

/// A question's conditions; texts match as [`Needle`] says.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// When.
    pub period: Period,
    /// What counts.
    pub counting: Counting,
    /// Only this listener.
    pub listener: Option<String>,
    /// Only artists whose name contains this.
    pub artist: Option<String>,
    /// Only albums whose title contains this.
    pub album: Option<String>,
    /// Only tracks whose title contains this.
    pub track: Option<String>,
    /// Only plays of which artist, album or track contains this.
    pub text: Option<String>,
    /// Only plays from sources whose name contains this.
    pub source: Option<String>,
    /// Only plays that have this genre of the [vocabulary](crate::genres::Vocabulary), or a kind of it, among theirs. A
    /// genre that the vocabulary does not know, no play has.
    pub tag: Option<String>,
    /// Only the last so many of the plays that meet all other conditions; plays without a moment are none of them.
    pub recent: Option<usize>,
}

/// The rows that meet a filter: one or two stretches of the columns, and for each row in them whether it counts.
#[derive(Debug)]
pub struct Matches {
    /// Stretches of rows: dated ones, then perhaps the undated.
    pub ranges: Vec<Range<usize>>,
    /// For each stretch, whether each of its rows counts; `None` when all do.
    pub counts: Vec<Option<Vec<bool>>>,
}

impl Matches {
    /// Finds the rows.
    ///
    /// # Errors
    /// [`StatsError`] when the columns cannot be read, or the period is none.
    pub fn find(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Self, StatsError> {
        let moments = filter.period.moments(zone, now)?;
        let ranges = ranges(columns, &moments, filter, now)?;
        let conditions = Conditions::read(columns, filter)?;
        let counts =
            ranges.iter().map(|range| conditions.judge(columns, range)).collect::<Result<_, ColumnsError>>()?;
        let mut found = Self { ranges, counts };
        if let Some(recent) = filter.recent {
            found.keep_last(recent);
        }
        Ok(found)
    }

    /// Finds the rows that have a place in the calendar: plays without a moment, and those whose moment is a wrong
    /// clock's, are none of them, whatever else is to count.
    ///
    /// # Errors
    /// As for [`Matches::find`].
    pub fn in_calendar(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Self, StatsError> {
        let counting = Counting { undated: false, implausible: false, ..filter.counting };
        Self::find(columns, &Filter { counting, ..filter.clone() }, zone, now)
    }

    /// Those of the rows whose value in a column is wanted; stretches without any are gone, so that whoever goes through
    /// them reads little.
    pub(super) fn narrowed(
        &self,
        columns: &Columns,
        column: Column,
        is_wanted: impl Fn(i32) -> bool,
    ) -> Result<Self, ColumnsError> {
        let mut found = Self { ranges: Vec::new(), counts: Vec::new() };
        for (range, counts) in self.iter() {
            columns.for_each_block(column, range.clone(), |first, values| {
                let Some(from) = values.iter().position(|value| is_wanted(*value)) else { return };
                let to = values.iter().rposition(|value| is_wanted(*value)).map_or(from, |last| last + 1);
                let counts = counts.map(|counts| &counts[first - range.start..]);
                let wanted = |place: usize| is_wanted(values[place]) && counts.is_none_or(|counts| counts[place]);
                found.ranges.push(first + from..first + to);
                found.counts.push(Some((from..to).map(wanted).collect()));
            })?;
        }
        Ok(found)
    }

    /// What of the stretches lies within these rows, each with its judgement.
    pub(super) fn within(&self, rows: &Range<usize>) -> impl Iterator<Item = (Range<usize>, Option<&[bool]>)> {
        let Range { start, end } = *rows;
        self.iter().filter_map(move |(range, counts)| {
            let both = range.start.max(start)..range.end.min(end);
            let counts = counts.and_then(|counts| counts.get(both.start - range.start..));
            (!both.is_empty()).then_some((both, counts))
        })
    }

    /// The rows among these that count, in order.
    pub(super) fn rows_within(&self, rows: &Range<usize>) -> impl Iterator<Item = usize> {
        self.within(rows).flat_map(|(rows, counts)| {
            let first = rows.start;
            rows.filter(move |row| counts.is_none_or(|counts| counts[row - first]))
        })
    }

    /// The rows that count, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> {
        self.iter().flat_map(|(range, counts)| {
            range.clone().filter(move |row| counts.is_none_or(|counts| counts[row - range.start]))
        })
    }

    /// Leaves out every row from that one on.
    pub(super) fn cut_at(&mut self, row: usize) {
        for (range, counts) in self.ranges.iter_mut().zip(&mut self.counts) {
            range.end = row.clamp(range.start, range.end);
            if let Some(counts) = counts {
                counts.truncate(range.len());
            }
        }
    }

    /// Keeps the last rows that count. The dated ones are the first stretch, in order of time.
    fn keep_last(&mut self, wanted: usize) {
        self.ranges.truncate(1);
        self.counts.truncate(1);
        let (Some(range), Some(counts)) = (self.ranges.first_mut(), self.counts.first_mut()) else { return };
        let dropped = match counts.as_deref() {
            None => range.len().saturating_sub(wanted),
            Some(counts) => {
                let mut last = counts.iter().enumerate().rev().filter(|(_, counts)| **counts);
                let first = wanted.checked_sub(1).map_or(Some(range.len()), |n| last.nth(n).map(|(place, _)| place));
                first.unwrap_or_default()
            }
        };
        range.start += dropped;
        if let Some(counts) = counts {
            counts.drain(..dropped);
        }
    }

    /// The stretches, each with its judgement.
    pub fn iter(&self) -> impl Iterator<Item = (&Range<usize>, Option<&[bool]>)> {
        self.ranges.iter().zip(self.counts.iter().map(Option::as_deref))
    }

    /// Whether a row counts.
    #[must_use]
    pub fn has(&self, row: usize) -> bool {
        let mut stretches = self.iter().filter(|(range, _)| range.contains(&row));
        stretches.any(|(range, counts)| counts.is_none_or(|counts| counts[row - range.start]))
    }

    /// How many rows count.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.iter()
            .map(|(range, counts)| counts.map_or(range.len(), |counts| counts.iter().filter(|c| **c).count()) as u64)
            .sum()
    }
}

fn ranges(columns: &Columns, moments: &Span, filter: &Filter, now: i64) -> Result<Vec<Range<usize>>, ColumnsError> {
    let mut span = *moments;
    if !filter.counting.implausible {
        span = span.meet(&Span::new(FIRST_PLAUSIBLE, now.saturating_add(FUTURE_GRACE)));
    }
    let mut ranges = vec![columns.rows_between(span.from, span.to)?];
    let everything = moments.from == i64::MIN && moments.to == i64::MAX;
    if filter.counting.undated && everything && columns.rows() > columns.dated() {
        ranges.push(columns.dated()..columns.rows());
    }
    Ok(ranges)
}

/// A column whose codes must be among the wanted ones.
struct Condition {
    columns: Vec<(Column, Vec<bool>)>,
}

struct Conditions<'c> {
    all: Vec<Condition>,
    /// The number of each play's set of genres, and whether a set has the wanted genre.
    tagged: Option<(&'c [u32], Vec<bool>)>,
    min_played_ms: Option<i32>,
}

impl<'c> Conditions<'c> {
    fn read(columns: &'c Columns, filter: &Filter) -> Result<Self, ColumnsError> {
        let mut all = Vec::new();
        let texts = [
            (&filter.artist, &[Column::Artist][..]),
            (&filter.album, &[Column::Album]),
            (&filter.track, &[Column::Track]),
            (&filter.source, &[Column::Source]),
            (&filter.text, &[Column::Artist, Column::Album, Column::Track]),
        ];
        for (text, fields) in texts {
            let Some(text) = text else { continue };
            let needle = Needle::new(text);
            let columns = fields
                .iter()
                .map(|field| Ok((*field, wanted(&columns.dictionary(*field)?, |name| needle.is_in(name)))))
                .collect::<Result<_, ColumnsError>>()?;
            all.push(Condition { columns });
        }
        if let Some(listener) = &filter.listener {
            let names = columns.dictionary(Column::Listener)?;
            let wanted = wanted(&names, |name| name == listener);
            if wanted.contains(&false) {
                all.push(Condition { columns: vec![(Column::Listener, wanted)] });
            }
        }
        let told = !columns.is_null(Column::MsPlayed);
        let min_played_ms = Some(filter.counting.min_played_ms).filter(|least| told && *least > 0);
        let tagged = filter.tag.as_deref().map(|tag| tagged(columns, tag)).transpose()?;
        Ok(Self { all, tagged, min_played_ms })
    }

    fn judge(&self, columns: &Columns, range: &Range<usize>) -> Result<Option<Vec<bool>>, ColumnsError> {
        if self.all.is_empty() && self.tagged.is_none() && self.min_played_ms.is_none() {
            return Ok(None);
        }
        let mut counts = vec![true; range.len()];
        for condition in &self.all {
            let mut met = vec![false; range.len()];
            for (column, wanted) in &condition.columns {
                condition_met(columns, *column, wanted, range, &mut met)?;
            }
            counts.iter_mut().zip(met).for_each(|(count, met)| *count &= met);
        }
        if let Some((of_plays, has)) = &self.tagged {
            let sets = of_plays.get(range.clone()).unwrap_or_default().iter().copied().chain(std::iter::repeat(0));
            counts.iter_mut().zip(sets).for_each(|(count, set)| *count &= has.get(set as usize) == Some(&true));
        }
        if let Some(least) = self.min_played_ms {
            columns.for_each_block(Column::MsPlayed, range.clone(), |first, played| {
                let counts = counts[first - range.start..].iter_mut();
                counts.zip(played).for_each(|(count, ms)| *count &= *ms < 0 || *ms >= least);
            })?;
        }
        Ok(Some(counts))
    }
}

/// The number of each play's set of genres, and for every set whether it has a genre or a kind of it.
fn tagged<'c>(columns: &'c Columns, tag: &str) -> Result<(&'c [u32], Vec<bool>), ColumnsError> {
    let own = Vocabulary::own();
    let (Some(genres), Some(wanted)) = (columns.genres()?, own.find(tag)) else { return Ok((&[], Vec::new())) };
    let has = |set: usize| genres.of_set(set).any(|(genre, _)| own.is_within(genre, wanted));
    Ok((genres.of_plays(), (0..genres.sets()).map(has).collect()))
}

fn wanted(names: &Dictionary, matches: impl Fn(&str) -> bool) -> Vec<bool> {
    names.iter().map(matches).collect()
}

fn condition_met(
    columns: &Columns,
    column: Column,
    wanted: &[bool],
    range: &Range<usize>,
    met: &mut [bool],
) -> Result<(), ColumnsError> {
    if !wanted.contains(&true) {
        return Ok(());
    }
    let is_wanted = |code: i32| usize::try_from(code).is_ok_and(|code| wanted.get(code) == Some(&true));
    let codes = columns.values(column, range.clone())?;
    if column == Column::Album {
        let albums = columns.values(Column::AlbumId, range.clone())?;
        let named = codes.iter().zip(albums.iter()).map(|(code, album)| *album != 0 && is_wanted(*code));
        met.iter_mut().zip(named).for_each(|(met, found)| *met |= found);
    } else {
        met.iter_mut().zip(codes.iter()).for_each(|(met, code)| *met |= is_wanted(*code));
    }
    Ok(())
}
