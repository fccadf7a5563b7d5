//! The rows of a question at their place in the listener's calendar.
//!
//! Local seconds are counted as if the wall clock were UTC, so that days, hours and weekdays are whole-number
//! arithmetic: a day of 23 or 25 hours comes out right by itself.

use std::ops::Range;

use super::filter::Matches;
use crate::columns::{Column, Columns, ColumnsError, Moment};

/// Seconds of a day of the wall clock.
pub(super) const DAY: i64 = 86_400;

/// Rows that are read at once: as many as stay in a core's own cache.
const BLOCK: usize = 1 << 14;

/// One play that counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sounded {
    /// Its row.
    pub(super) row: usize,
    /// Seconds of the wall clock.
    pub(super) local: i64,
    /// Milliseconds played; 0 where they are not known.
    pub(super) ms: u64,
}

/// Hands over every play that counts, in the order of time.
pub(super) fn for_each(
    columns: &Columns,
    matches: &Matches,
    mut take: impl FnMut(Sounded),
) -> Result<(), ColumnsError> {
    let told = !columns.is_null(Column::MsPlayed);
    for (range, counts) in matches.iter() {
        for block in blocks(range) {
            let local = columns.moments(Moment::LocalAt, block.clone())?;
            let ms = if told { columns.values(Column::MsPlayed, block.clone())? } else { vec![0; block.len()] };
            let counts = counts.map(|counts| &counts[block.start - range.start..block.end - range.start]);
            for (at, (local, ms)) in local.into_iter().zip(ms).enumerate() {
                if counts.is_none_or(|counts| counts[at]) {
                    take(Sounded { row: block.start + at, local, ms: u64::try_from(ms).unwrap_or_default() });
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
