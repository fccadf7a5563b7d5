//! Going through the plays of a question in the order of time.

use std::borrow::Cow;

use super::clock::Amount;
use super::filter::Matches;
use crate::columns::{Column, Columns, ColumnsError, Moment, blocks};

/// Seconds of a day of the wall clock. Local seconds are counted as if the wall clock were UTC, so that days and hours
/// are whole-number arithmetic: a day of 23 or 25 hours comes out right by itself.
pub(super) const DAY: i64 = 86_400;

/// One play that counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sounded {
    /// Its row.
    pub(super) row: usize,
    /// The moment that was asked for, in seconds.
    pub(super) at: i64,
    /// Milliseconds played; 0 where they are not known.
    pub(super) ms: u64,
}

/// Hands over every play that counts. All of them are dated.
pub(super) fn for_each(
    columns: &Columns,
    moment: Moment,
    matches: &Matches,
    mut take: impl FnMut(Sounded),
) -> Result<(), ColumnsError> {
    for_each_block(columns, moment, matches, |block| {
        for (place, at) in block.at.iter().enumerate().filter(|(place, _)| block.counts[*place]) {
            let ms = u64::try_from(block.ms[place]).unwrap_or_default();
            take(Sounded { row: block.first + place, at: *at, ms });
        }
    })
}

/// Plays in a row, also those that do not count; all slices are of one length.
pub(super) struct Block<'b> {
    /// The row of the first.
    pub(super) first: usize,
    /// The moments that were asked for, in seconds.
    pub(super) at: &'b [i64],
    /// Milliseconds played; below 0 where they are not known.
    pub(super) ms: &'b [i32],
    /// Whether each counts.
    pub(super) counts: &'b [bool],
}

/// Hands over the stretches in pieces that stay in a core's own cache.
pub(super) fn for_each_block(
    columns: &Columns,
    moment: Moment,
    matches: &Matches,
    mut take: impl FnMut(&Block<'_>),
) -> Result<(), ColumnsError> {
    let told = !columns.is_null(Column::MsPlayed);
    let longest = matches.ranges.iter().flat_map(blocks).map(|rows| rows.len()).max().unwrap_or_default();
    let (untold, all) = (vec![-1; longest], vec![true; longest]);
    for (range, counts) in matches.iter() {
        for rows in blocks(range) {
            let at = columns.moments(moment, rows.clone())?;
            let ms = if told { columns.values(Column::MsPlayed, rows.clone())? } else { Cow::Borrowed(&untold[..]) };
            let counts = counts.map_or(&all[..], |all| &all[rows.start - range.start..]);
            let (ms, counts) = (&ms[..rows.len()], &counts[..rows.len()]);
            take(&Block { first: rows.start, at: &at, ms, counts });
        }
    }
    Ok(())
}

/// Every day with plays, in order, by its number from 1970-01-01.
pub(super) fn days(columns: &Columns, matches: &Matches) -> Result<Vec<(i64, Amount)>, ColumnsError> {
    let mut days: Vec<(i64, Amount)> = Vec::new();
    for_each(columns, Moment::LocalAt, matches, |play| {
        let day = play.at.div_euclid(DAY);
        match days.last_mut() {
            Some((last, amount)) if *last == day => amount.add(play.ms),
            _ => days.push((day, Amount { plays: 1, ms_played: play.ms })),
        }
    })?;
    // Where the clock is set back at midnight, a day comes twice.
    days.sort_by_key(|(day, _)| *day);
    days.dedup_by(|(later, more), (day, amount)| {
        let again = later == day;
        if again {
            *amount = amount.and(*more);
        }
        again
    });
    Ok(days)
}
