//! Which plays of two histories may be the same listens.

use super::tally::Tally;
use super::{SameListens, Side};
use crate::columns::{Column, ColumnsError, Moment};
use crate::stats::filter::Matches;

/// How far apart two reports of one listen may begin, in seconds. Services and players round moments, and send them a
/// little early or late.
pub const SAME_LISTEN_SECONDS: i64 = 60;

/// A track, by its row in the tally, and when it was played.
type Heard = (u32, i64);

pub(super) fn listens(
    sides: &[Side<'_>; 2],
    matches: &[Matches; 2],
    tracks: &Tally,
) -> Result<[SameListens; 2], ColumnsError> {
    let heard = |at: usize| heard(&sides[at], &matches[at], |id| tracks.place(at, id));
    let (one, other) = (heard(0)?, heard(1)?);
    Ok([beside(&one, &other), beside(&other, &one)])
}

/// The dated plays of named tracks, in order of tracks, then of time.
fn heard(side: &Side<'_>, matches: &Matches, place: impl Fn(i32) -> Option<u32>) -> Result<Vec<Heard>, ColumnsError> {
    let mut plays = Vec::new();
    for (range, counts) in matches.iter() {
        let dated = range.start..range.end.min(side.columns.dated()).max(range.start);
        let moments = side.columns.moments(Moment::PlayedAt, dated.clone())?;
        side.columns.for_each_block(Column::TrackId, dated.clone(), |first, ids| {
            for (row, id) in (first - dated.start..).zip(ids) {
                if counts.is_none_or(|counts| counts[row]) {
                    plays.extend(place(*id).map(|place| (place, moments[row])));
                }
            }
        })?;
    }
    plays.sort_unstable();
    Ok(plays)
}

/// Counts the plays of one side, and those that the other has, too. Both are in order.
fn beside(one: &[Heard], other: &[Heard]) -> SameListens {
    let is_there = |(track, at): &&Heard| {
        let first = other.partition_point(|theirs| *theirs < (*track, at.saturating_sub(SAME_LISTEN_SECONDS)));
        other.get(first).is_some_and(|theirs| *theirs <= (*track, at.saturating_add(SAME_LISTEN_SECONDS)))
    };
    SameListens { plays: one.len() as u64, same: one.iter().filter(is_there).count() as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_apart_is_the_same_and_a_second_more_is_not() {
        let same = |one: &[Heard], other: &[Heard]| {
            let (mine, theirs) = (beside(one, other), beside(other, one));
            assert_eq!((mine.plays, theirs.plays), (one.len() as u64, other.len() as u64));
            (mine.same, theirs.same)
        };
        assert_eq!(same(&[(1, 100)], &[(1, 160)]), (1, 1));
        assert_eq!(same(&[(1, 100)], &[(1, 161)]), (0, 0));
        assert_eq!(same(&[(1, 100)], &[(2, 100)]), (0, 0));
        assert_eq!(same(&[(1, 100), (1, 110)], &[(1, 50)]), (2, 1), "each side is asked for itself");
        assert_eq!(same(&[(1, i64::MIN), (3, i64::MAX)], &[(2, 0)]), (0, 0));
        assert_eq!(same(&[], &[(2, 0)]), (0, 0));
    }
}
