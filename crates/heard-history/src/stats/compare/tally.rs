//! What two histories heard of one kind, name by name.

use std::collections::HashMap;

use super::{Compared, Overlap, Side};
use crate::columns::ColumnsError;
use crate::identity::key;
use crate::stats::filter::{By, Matches};
use crate::stats::names::Names;
use crate::stats::ranking::{Kind, add_up, heard_of};

/// Stands for a number without a row.
const NONE: u32 = u32::MAX;

/// Everything that either side heard.
pub(super) struct Tally {
    /// In no order that means anything, but always in the same.
    pub(super) rows: Vec<Compared>,
    /// For each side, the row of each number of its column.
    places: [Vec<u32>; 2],
}

impl Tally {
    pub(super) fn of(sides: &[Side<'_>; 2], matches: &[Matches; 2], kind: Kind) -> Result<Self, ColumnsError> {
        let mut tally = Self { rows: Vec::new(), places: [Vec::new(), Vec::new()] };
        let mut known = HashMap::default();
        for (at, (side, matches)) in sides.iter().zip(matches).enumerate() {
            tally.add(at, side, matches, kind, &mut known)?;
        }
        Ok(tally)
    }

    fn add(
        &mut self,
        at: usize,
        side: &Side<'_>,
        matches: &Matches,
        kind: Kind,
        known: &mut HashMap<(String, Option<String>), u32, foldhash::fast::RandomState>,
    ) -> Result<(), ColumnsError> {
        let (sums, _) = add_up(side.columns, kind, matches)?;
        let heard = heard_of(side.columns, kind, &side.filter.counting, &sums);
        let names = Names::read(side.columns, kind, matches, &heard)?;
        self.places[at] = vec![NONE; sums.len()];
        for id in heard {
            let (artist, title) = names.of(id);
            let next = u32::try_from(self.rows.len()).unwrap_or(NONE);
            let place = *known.entry((key(artist), title.map(key))).or_insert(next);
            if place == next {
                let (artist, title) = names.owned(id);
                self.rows.push(Compared { artist, title, plays: [0, 0], ms_played: [0, 0] });
            }
            if let Some(row) = self.rows.get_mut(place as usize) {
                row.plays[at] += sums[id].plays;
                row.ms_played[at] += sums[id].ms;
            }
            self.places[at][id] = place;
        }
        Ok(())
    }

    /// The row of a number of one side's column.
    pub(super) fn place(&self, at: usize, id: i32) -> Option<u32> {
        let place = usize::try_from(id).ok().and_then(|id| self.places[at].get(id).copied());
        place.filter(|place| *place != NONE)
    }

    pub(super) fn overlap(&self) -> Overlap {
        let of = |at: usize| self.rows.iter().filter(|row| row.plays[at] > 0).count();
        Overlap { of: [of(0), of(1)], shared: self.rows.iter().filter(|row| row.is_shared()).count() }
    }

    /// All plays, or time, of what has a name.
    pub(super) fn totals(&self, by: By) -> [u64; 2] {
        [0, 1].map(|at| self.rows.iter().map(|row| row.measures(by)[at]).sum())
    }
}
