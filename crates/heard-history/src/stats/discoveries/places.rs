//! Where in the history each artist, album or track has its first and its last play.

use crate::columns::{Columns, ColumnsError};
use crate::stats::filter::Matches;
use crate::stats::ranking::Kind;
use crate::stats::subjects::Subjects;

/// The plays of one, by the rows of the columns, which are in the order of time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Life {
    /// The row of the first play.
    pub(super) first: usize,
    /// The row of the last play.
    pub(super) last: usize,
    /// All plays; 0 for what was never heard.
    pub(super) plays: u64,
    /// Plays from a given row on.
    pub(super) in_period: u64,
}

/// The lives of all, by number; plays from the row `period` on are counted apart.
pub(super) fn lives(
    columns: &Columns,
    kind: Kind,
    matches: &Matches,
    subjects: &Subjects,
    period: usize,
) -> Result<Vec<Life>, ColumnsError> {
    let mut lives: Vec<Life> = Vec::new();
    for (range, counts) in matches.iter() {
        columns.for_each_block(kind.column(), range.clone(), |first, codes| {
            for (row, code) in (first..).zip(codes) {
                if counts.is_none_or(|counts| counts[row - range.start]) {
                    subjects.each(*code, |id| take(&mut lives, id, row, period));
                }
            }
        })?;
    }
    Ok(lives)
}

fn take(lives: &mut Vec<Life>, id: usize, row: usize, period: usize) {
    if id >= lives.len() {
        lives.resize((id + 1).next_power_of_two(), Life::default());
    }
    let life = &mut lives[id];
    if life.plays == 0 {
        life.first = row;
    }
    life.last = row;
    life.plays += 1;
    life.in_period += u64::from(row >= period);
}
