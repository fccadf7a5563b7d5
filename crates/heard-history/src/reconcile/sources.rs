//! Who tells of plays, and what each of them holds for the same thing.

use std::collections::HashMap;

use super::Witness;
use crate::facts::Resolution;
use crate::listen::Service;

/// When a source tells the same thing again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Keying {
    /// By beginning, artist and track. One account cannot scrobble a track twice in one second.
    Moment,
    /// By beginning, artist and track, as often as the service itself lists it.
    Listed,
    /// By end, the source's own name of the track, and time played.
    Ending,
    /// By the minute of the end, artist, track and time played, as often as one file lists it.
    EndingMinute,
}

impl Keying {
    /// What a service holds for the same thing that is asked for its list, or a player that is watched.
    #[must_use]
    pub fn of_service(service: Service) -> Self {
        if service == Service::Watch { Self::Moment } else { Self::Listed }
    }

    /// What a format of export files holds for the same thing, by its name.
    #[must_use]
    pub fn of_format(format: &str) -> Self {
        match format {
            "spotify-account-data" => Self::EndingMinute,
            "spotify-extended" | "apple-music" => Self::Ending,
            _ => Self::Moment,
        }
    }
}

/// One that tells of plays.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The service.
    pub service: Service,
    /// The account there; empty where it is not known.
    pub account: String,
    /// When it tells the same thing again.
    pub keying: Keying,
}

/// All that tell of a listener's plays, by account and import.
#[derive(Debug, Default)]
pub struct Sources {
    kinds: Vec<Source>,
    of: HashMap<(u32, u32), usize, foldhash::fast::RandomState>,
}

impl Sources {
    /// From who told what, by account and import (0 for none).
    #[must_use]
    pub fn new(told: impl IntoIterator<Item = ((u32, u32), Source)>) -> Self {
        let told: Vec<_> = told.into_iter().collect();
        let mut kinds: Vec<Source> = told.iter().map(|(_, source)| source.clone()).collect();
        kinds.sort();
        kinds.dedup();
        let place = |source: &Source| kinds.binary_search(source).unwrap_or_default();
        let of = told.iter().map(|(key, source)| (*key, place(source))).collect();
        Self { kinds, of }
    }

    /// Whether more than one kind of report is there, so that two of them may tell of one play in their own ways.
    pub(super) fn several(&self, witnesses: &[Witness]) -> bool {
        // Minutes and seconds of one source are two kinds.
        let exact = |witness: &Witness| witness.resolution == Resolution::Second;
        let mixed = || witnesses.iter().any(exact) && !witnesses.iter().all(exact);
        self.kinds.len() > 1 || mixed()
    }

    /// A place in an order that depends on nothing but the sources themselves.
    pub(super) fn rank(&self, witness: &Witness) -> usize {
        self.of.get(&(witness.account, witness.import)).copied().unwrap_or(usize::MAX)
    }

    pub(super) fn keying(&self, witness: &Witness) -> Keying {
        self.kinds.get(self.rank(witness)).map_or(Keying::Moment, |source| source.keying)
    }

    /// Whether two reports come from sources that tell of one play in their own ways. One source tells of it once.
    pub(super) fn are_strangers(&self, one: &Witness, other: &Witness) -> bool {
        let (Some(a), Some(b)) = (self.kinds.get(self.rank(one)), self.kinds.get(self.rank(other))) else {
            return false;
        };
        let exact = |witness: &Witness| witness.resolution == Resolution::Second;
        a.service != b.service || (exact(one) != exact(other)) || (a.keying != b.keying && !both_told_by_moment(a, b))
    }

    pub(super) fn are_of_one_service(&self, one: &Witness, other: &Witness) -> bool {
        match (self.kinds.get(self.rank(one)), self.kinds.get(self.rank(other))) {
            (Some(a), Some(b)) => a.service == b.service,
            _ => false,
        }
    }
}

/// What a service lists and what an exporter wrote of the same list have the same seconds.
fn both_told_by_moment(a: &Source, b: &Source) -> bool {
    [a, b].iter().all(|source| matches!(source.keying, Keying::Moment | Keying::Listed))
}
