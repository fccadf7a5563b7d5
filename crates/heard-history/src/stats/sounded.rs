//! Going through the plays of a question in the order of time.

use std::ops::Range;

use super::clock::Amount;
use super::filter::Matches;
use crate::columns::{Column, Columns, ColumnsError, Moment};

/// Seconds of a day of the wall clock. Local seconds are counted as if the wall clock were UTC, so that days and hours
/// are whole-number arithmetic: a day of 23 or 25 hours comes out right by itself.
pub(super) const DAY: i64 = 86_400;

/// Rows that are read at once: as many as stay in a core's own cache.
const BLOCK: usize = 1 << 14;

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
    let told = !columns.is_null(Column::MsPlayed);
    for (range, counts) in matches.iter() {
        for block in blocks(range) {
            let moments = columns.moments(moment, block.clone())?;
            let ms = if told { columns.values(Column::MsPlayed, block.clone())? } else { Vec::new() };
            let counts = counts.map(|counts| &counts[block.start - range.start..block.end - range.start]);
            for (place, at) in moments.into_iter().enumerate() {
                if counts.is_none_or(|counts| counts[place]) {
                    let ms = ms.get(place).and_then(|ms| u64::try_from(*ms).ok()).unwrap_or_default();
                    take(Sounded { row: block.start + place, at, ms });
                }
            }
        }
    }
    Ok(())
}

/// The same stretch in pieces.
pub(super) fn blocks(rows: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<> {
    let end = rows.end;
    rows.clone().step_by(BLOCK).map(move |from| from..end.min(from + BLOCK))
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
