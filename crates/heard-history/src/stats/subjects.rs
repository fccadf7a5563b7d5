//! For whom or what a play counts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::filter::{Counting, Matches};
use super::ranking::Kind;
use crate::columns::{Column, Columns, ColumnsError, Moment};

/// Rows that are read at once: as many as stay in a core's own cache.
const BLOCK: usize = 1 << 14;

/// The artists, albums or tracks for which plays count: a split name's plays for each artist that it credits, plays
/// without an album for no album, and names that only say that there is none for nothing, unless they are to count.
pub(super) struct Subjects {
    credits: HashMap<i32, Vec<i32>>,
    left_out: Vec<bool>,
}

impl Subjects {
    pub(super) fn new(columns: &Columns, kind: Kind, counting: &Counting) -> Self {
        let credits = if kind == Kind::Artists { columns.credits().iter().cloned().collect() } else { HashMap::new() };
        let placeholders = if counting.placeholders { &[] } else { columns.placeholders(kind.column()) };
        // Number 0 of albums and tracks is none.
        let none = (kind != Kind::Artists).then_some(0);
        let mut left_out = Vec::new();
        for id in placeholders.iter().copied().chain(none).filter_map(|id| usize::try_from(id).ok()) {
            left_out.resize(left_out.len().max(id + 1), false);
            left_out[id] = true;
        }
        Self { credits, left_out }
    }

    /// The codes whose plays count for a number.
    pub(super) fn codes_of(&self, number: usize) -> Vec<i32> {
        let own = i32::try_from(number).ok();
        let mut codes: Vec<i32> = self.credits.keys().copied().chain(own).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.retain(|code| {
            let mut counts = false;
            self.each(*code, |id| counts |= id == number);
            counts
        });
        codes
    }

    /// Hands over the numbers for which a play of this code counts.
    #[inline]
    pub(super) fn each(&self, code: i32, mut take: impl FnMut(usize)) {
        let mut offer = |code: i32| {
            if let Ok(id) = usize::try_from(code)
                && self.left_out.get(id) != Some(&true)
            {
                take(id);
            }
        };
        // Most histories have no split names, and looking for them would cost more than counting.
        let credited = if self.credits.is_empty() { None } else { self.credits.get(&code) };
        match credited {
            Some(credited) => credited.iter().for_each(|code| offer(*code)),
            None => offer(code),
        }
    }
}

/// One play with its place in the calendar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    /// Seconds of the listener's wall clock.
    pub(super) local: i64,
    /// The code in the column that was asked for.
    pub(super) code: i32,
    /// Milliseconds played; -1 where it is not known.
    pub(super) ms: i32,
}

impl Heard {
    /// Milliseconds played that are known of.
    pub(super) fn known_ms(self) -> u64 {
        u64::try_from(self.ms).unwrap_or_default()
    }
}

/// The dated plays that count, in the order of the wall clock. That is the order of time but for the hour that a clock
/// goes through twice.
pub(super) fn heard(columns: &Columns, kind: Kind, matches: &Matches) -> Result<Vec<Heard>, ColumnsError> {
    let mut plays = Vec::with_capacity(matches.ranges.iter().map(Range::len).sum());
    let told = !columns.is_null(Column::MsPlayed);
    for (range, counts) in matches.iter() {
        let end = range.end.min(columns.dated());
        let mut from = range.start;
        while from < end {
            let rows = from..end.min(from + BLOCK);
            let codes = columns.values(kind.column(), rows.clone())?;
            let local = columns.moments(Moment::LocalAt, rows.clone())?;
            let ms =
                if told { columns.values(Column::MsPlayed, rows.clone())? } else { Cow::Owned(vec![-1; rows.len()]) };
            let read = local.iter().zip(codes.iter()).zip(ms.iter());
            let read = read.map(|((local, code), ms)| Heard { local: *local, code: *code, ms: *ms });
            match counts {
                None => plays.extend(read),
                Some(counts) => {
                    let counts = &counts[rows.start - range.start..rows.end - range.start];
                    plays.extend(read.zip(counts).filter(|(_, counts)| **counts).map(|(heard, _)| heard));
                }
            }
            from = rows.end;
        }
    }
    if !plays.is_sorted_by_key(|heard| heard.local) {
        plays.sort_by_key(|heard| heard.local);
    }
    Ok(plays)
}
