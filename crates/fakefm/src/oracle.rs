//! The witness of a moving account: how often each listing stood there at the least and at the most.

use std::collections::HashMap;

use crate::{catalogue::NameId, play::Listing};

/// A listing by the places of its names: second, artist, track, album.
pub(crate) type Key = (i64, NameId, NameId, NameId);

/// How often one listing stood in the account since the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    now: u32,
    pub(crate) least: u32,
    pub(crate) most: u32,
}

/// The tallies of all listings that occurred since the mark.
#[derive(Debug, Clone, Default)]
pub(crate) struct Oracle {
    tallies: HashMap<Key, Tally>,
}

impl Oracle {
    /// An oracle for an account that holds exactly `present` now.
    pub(crate) fn new(present: impl Iterator<Item = Key>) -> Self {
        let mut tallies: HashMap<Key, Tally> = HashMap::new();
        for key in present {
            let tally = tallies.entry(key).or_insert(Tally { now: 0, least: 0, most: 0 });
            tally.now += 1;
            (tally.least, tally.most) = (tally.now, tally.now);
        }
        Self { tallies }
    }

    pub(crate) fn added(&mut self, key: Key) {
        let tally = self.tallies.entry(key).or_insert(Tally { now: 0, least: 0, most: 0 });
        tally.now += 1;
        tally.most = tally.most.max(tally.now);
    }

    pub(crate) fn removed(&mut self, key: Key) {
        // Every listing that can be removed was there at the mark or was added since.
        if let Some(tally) = self.tallies.get_mut(&key) {
            tally.now = tally.now.saturating_sub(1);
            tally.least = tally.least.min(tally.now);
        }
    }

    pub(crate) fn tallies(&self) -> impl Iterator<Item = (Key, Tally)> + '_ {
        self.tallies.iter().map(|(key, tally)| (*key, *tally))
    }
}

/// Between what numbers a reader of the account may rightly have seen a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// What was listed.
    pub listing: Listing,
    /// It stood there at least so often at every moment since the mark.
    pub least: u32,
    /// It never stood there more often since the mark.
    pub most: u32,
}

/// A claim about the account that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// Fewer were stored than stood there the whole time.
    Lost {
        /// What is missing.
        listing: Listing,
        /// How many were stored.
        stored: u32,
        /// How many stood there throughout.
        least: u32,
    },
    /// More were stored than ever stood there at once.
    Invented {
        /// What is too much.
        listing: Listing,
        /// How many were stored.
        stored: u32,
        /// How many stood there at the most.
        most: u32,
    },
}

/// Holds what somebody `stored` against the `bounds` of the account, and names every listing that is out of them.
pub(crate) fn judge(bounds: Vec<Bounds>, stored: impl IntoIterator<Item = Listing>) -> Vec<Violation> {
    let mut counts: HashMap<Listing, u32> = HashMap::new();
    for listing in stored {
        *counts.entry(listing).or_default() += 1;
    }
    let mut violations = Vec::new();
    for Bounds { listing, least, most } in bounds {
        let stored = counts.remove(&listing).unwrap_or(0);
        if stored < least {
            violations.push(Violation::Lost { listing, stored, least });
        } else if stored > most {
            violations.push(Violation::Invented { listing, stored, most });
        }
    }
    violations.extend(counts.into_iter().map(|(listing, stored)| Violation::Invented { listing, stored, most: 0 }));
    violations.sort_by(|a, b| a.listing().cmp(b.listing()));
    violations
}

impl Violation {
    /// The listing that is wrong.
    pub fn listing(&self) -> &Listing {
        match self {
            Self::Lost { listing, .. } | Self::Invented { listing, .. } => listing,
        }
    }
}
