//! Stretches in which more began than can have sounded.

use std::cmp::Reverse;
use std::ops::Range;

use super::super::StatsError;
use super::super::filter::{Filter, Matches};
use super::super::sounded::{Sounded, for_each};
use crate::columns::{Column, Columns, ColumnsError, Moment};
use crate::zone::Zone;

/// How many plays are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowd {
    /// More than this are.
    pub most: usize,
    /// Where they began within so many seconds.
    pub seconds: i64,
}

/// Two plays in one second.
pub const SAME_SECOND: Crowd = Crowd { most: 1, seconds: 1 };

/// More than four plays in a minute; two of them can be heard for the half minute that a play needs to count.
pub const BUSY_MINUTE: Crowd = Crowd { most: 4, seconds: 60 };

/// More than one play a minute for an hour.
pub const BUSY_HOUR: Crowd = Crowd { most: 60, seconds: 3_600 };

/// A play may begin so many milliseconds before the one before it has ended: some sources tell minutes only.
pub const OVERLAP_GRACE_MS: i64 = 60_000;

/// A stretch of plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When the first play began, in Unix seconds.
    pub from_at: i64,
    /// When the last play began, in Unix seconds.
    pub to_at: i64,
    /// The first by the listener's wall clock, in seconds.
    pub from_local: i64,
    /// The last by the listener's wall clock, in seconds.
    pub to_local: i64,
    /// Plays that are too many, or too early.
    pub plays: u64,
    /// How much too early they began, in milliseconds, summed up; 0 where it is not about that.
    pub early_ms: u64,
}

/// Stretches of plays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretches {
    /// How many stretches.
    pub total: usize,
    /// Plays in all of them.
    pub plays: u64,
    /// How much too early all of these began, in milliseconds.
    pub early_ms: u64,
    /// Those with most plays, of equal ones the earlier first.
    pub rows: Vec<Stretch>,
}

/// A stretch by its rows.
#[derive(Clone, Copy)]
struct Rows {
    first: usize,
    last: usize,
    plays: u64,
    early_ms: u64,
}

/// For each crowd, the stretches in which more plays began than it allows. Groups that share a play are one stretch. Plays
/// without a moment and those of wrong clocks are not counted.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn bursts<const N: usize>(
    columns: &Columns,
    crowds: [Crowd; N],
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<[Stretches; N], StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let mut watched = crowds.map(Watched::new);
    let mut latest = Latest::of(&crowds, matches.ranges.iter().map(Range::len).sum());
    for_each(columns, Moment::PlayedAt, &matches, |play| {
        latest.add(&play);
        watched.iter_mut().for_each(|watched| watched.look(&latest));
    })?;
    let mut found = std::array::from_fn(|_| Stretches::default());
    for (found, watched) in found.iter_mut().zip(watched) {
        *found = stretches(columns, watched.found, limit)?;
    }
    Ok(found)
}

/// The plays heard last, as many as any crowd allows and one more, in the places of a ring.
struct Latest {
    /// When each began, and its row.
    ring: Vec<(i64, usize)>,
    /// How many plays there were before the last one.
    place: usize,
    plays: usize,
}

impl Latest {
    /// Of so many plays at most. Crowds that allow as many are never found, so nothing is remembered for them.
    fn of(crowds: &[Crowd], plays: usize) -> Self {
        let most = crowds.iter().map(|crowd| crowd.most).filter(|most| *most < plays).max().unwrap_or_default();
        Self { ring: vec![(0, 0); (most + 1).next_power_of_two()], place: 0, plays: 0 }
    }

    fn add(&mut self, play: &Sounded) {
        self.place = self.plays;
        self.plays += 1;
        let at = self.place_of(self.place);
        self.ring[at] = (play.at, play.row);
    }

    /// When the play of that place began, and its row.
    fn at(&self, place: usize) -> (i64, usize) {
        self.ring[self.place_of(place)]
    }

    /// The ring's length is a power of two.
    fn place_of(&self, place: usize) -> usize {
        place & (self.ring.len() - 1)
    }
}

/// Looking out for a crowd.
struct Watched {
    crowd: Crowd,
    /// The place of the first play of the stretch that was found last.
    first_place: usize,
    found: Vec<Rows>,
}

impl Watched {
    fn new(crowd: Crowd) -> Self {
        Self { crowd, first_place: 0, found: Vec::new() }
    }

    /// Whether the last play is one too many: it began soon enough after the one that is as many before it as are allowed.
    fn look(&mut self, latest: &Latest) {
        let Some(began_place) = latest.place.checked_sub(self.crowd.most) else { return };
        let ((began_at, began_row), (at, row)) = (latest.at(began_place), latest.at(latest.place));
        if at - began_at >= self.crowd.seconds {
            return;
        }
        match self.found.last_mut().filter(|rows| began_row <= rows.last) {
            Some(rows) => (rows.last, rows.plays) = (row, (latest.place - self.first_place) as u64 + 1),
            None => {
                self.first_place = began_place;
                let plays = self.crowd.most as u64 + 1;
                self.found.push(Rows { first: began_row, last: row, plays, early_ms: 0 });
            }
        }
    }
}

/// Plays that began more than `grace_ms` before the play before them had ended, where it is known how long that one
/// lasted. Such plays in a row are one stretch, which begins with the play before the first of them. Plays without a
/// moment and those of wrong clocks are not counted.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn overlaps(
    columns: &Columns,
    grace_ms: i64,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<Stretches, StatsError> {
    if columns.is_null(Column::MsPlayed) {
        return Ok(Stretches::default());
    }
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let mut found: Vec<Rows> = Vec::new();
    let mut before: Option<Sounded> = None;
    let mut goes_on = false;
    for_each(columns, Moment::PlayedAt, &matches, |play| {
        let Some(before) = before.replace(play) else { return };
        let early = early_ms(&before, &play).filter(|early| *early > grace_ms);
        if let Some(early_ms) = early.map(i64::unsigned_abs) {
            match found.last_mut().filter(|_| goes_on) {
                Some(rows) => {
                    (rows.last, rows.plays) = (play.row, rows.plays + 1);
                    rows.early_ms = rows.early_ms.saturating_add(early_ms);
                }
                None => found.push(Rows { first: before.row, last: play.row, plays: 1, early_ms }),
            }
        }
        goes_on = early.is_some();
    })?;
    Ok(stretches(columns, found, limit)?)
}

/// How much of the play before was still to come, in milliseconds; less than nothing where it was over.
fn early_ms(before: &Sounded, play: &Sounded) -> Option<i64> {
    let lasted = i64::try_from(before.ms).ok().filter(|ms| *ms > 0)?;
    Some(before.at.saturating_sub(play.at).saturating_mul(1_000).saturating_add(lasted))
}

fn stretches(columns: &Columns, mut found: Vec<Rows>, limit: usize) -> Result<Stretches, ColumnsError> {
    let total = found.len();
    let (plays, early_ms) =
        found.iter().fold((0, 0_u64), |(plays, early), rows| (plays + rows.plays, early.saturating_add(rows.early_ms)));
    found.sort_by_key(|rows| Reverse(rows.plays));
    found.truncate(limit);
    let at = |moment, row: usize| Ok::<_, ColumnsError>(columns.moments(moment, row..row + 1)?[0]);
    let stretch = |rows: &Rows| {
        Ok(Stretch {
            from_at: at(Moment::PlayedAt, rows.first)?,
            to_at: at(Moment::PlayedAt, rows.last)?,
            from_local: at(Moment::LocalAt, rows.first)?,
            to_local: at(Moment::LocalAt, rows.last)?,
            plays: rows.plays,
            early_ms: rows.early_ms,
        })
    };
    let rows = found.iter().map(stretch).collect::<Result<_, ColumnsError>>()?;
    Ok(Stretches { total, plays, early_ms, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_play_is_early_by_what_was_left_of_the_one_before() {
        let play = |at, ms| Sounded { row: 0, at, ms };
        assert_eq!(early_ms(&play(100, 200_000), &play(100, 0)), Some(200_000), "in the same second");
        assert_eq!(early_ms(&play(100, 200_000), &play(290, 0)), Some(10_000));
        assert_eq!(early_ms(&play(100, 200_000), &play(300, 0)), Some(0));
        assert_eq!(early_ms(&play(100, 200_000), &play(900, 0)), Some(-600_000));
        assert_eq!(early_ms(&play(100, 0), &play(100, 9)), None, "it is not known how long it lasted");
        assert_eq!(early_ms(&play(i64::MIN, u64::MAX), &play(i64::MAX, 0)), None);
        assert!(early_ms(&play(i64::MIN, 5), &play(i64::MAX, 0)).is_some_and(|early| early < 0));
    }
}
