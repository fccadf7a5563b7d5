//! Players that are watched: what they tell becomes plays, and plays are kept.
//!
//! Each player has a [`Playback`] of its own. Every play enters the archive, whether it counts or not: what counts
//! decides what is sent, never what is kept. One that counts is kept twice, as soon as it counts, so that a kill does not
//! lose it, and at its end with the time for which it sounded; `reconcile` finds the two to be one play.

mod keep;
mod spool;

use std::collections::BTreeMap;
use std::time::Duration;

pub use keep::{KeepError, Seen, keep};
pub use spool::{Spool, Spooled, TakenIn, has_leavings, take_in};

use crate::playback::{Event, Moment, Playback, Signal};

/// What sounded for less than this (in milliseconds) is a player that changes its mind, not a play.
const SHORTEST_MS: u64 = 1_000;

/// Something that a player's signal led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The player's name.
    pub player: String,
    /// What became of it.
    pub event: Event,
}

impl Happened {
    /// What is to be kept of it.
    #[must_use]
    pub fn seen(&self) -> Option<Seen> {
        let (track, played_at, ms_played) = match &self.event {
            Event::NowPlaying(_) => return None,
            Event::Counts(listen) => (&listen.track, listen.played_at, None),
            Event::Finished(finished) if finished.ms_played < SHORTEST_MS => return None,
            Event::Finished(finished) => (&finished.track, finished.started_at, Some(finished.ms_played)),
        };
        Some(Seen { player: self.player.clone(), track: track.clone(), played_at, ms_played })
    }
}

/// All players that are there.
#[derive(Clone, Debug, Default)]
pub struct Players {
    /// By what tells them apart, which is not always their name: one program may run twice.
    known: BTreeMap<String, Player>,
}

#[derive(Clone, Debug)]
struct Player {
    name: String,
    playback: Playback,
}

impl Players {
    /// Nobody plays yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what a player tells. `id` tells players apart that bear one name.
    pub fn tell(&mut self, id: &str, name: &str, signal: Signal, at: Moment) -> Vec<Happened> {
        let fresh = || Player { name: name.to_owned(), playback: Playback::new() };
        self.known.entry(id.to_owned()).or_insert_with(fresh).tell(signal, at)
    }

    /// The player is gone, and with it what it played.
    pub fn leave(&mut self, id: &str, at: Moment) -> Vec<Happened> {
        self.known.remove(id).map_or_else(Vec::new, |mut player| player.tell(Signal::Stopped, at))
    }

    /// Time has passed, and no player told anything.
    pub fn tick(&mut self, at: Moment) -> Vec<Happened> {
        self.known.values_mut().flat_map(|player| player.tell(Signal::Tick, at)).collect()
    }

    /// Nobody watches any more: every play ends here.
    pub fn end(&mut self, at: Moment) -> Vec<Happened> {
        let known = std::mem::take(&mut self.known);
        known.into_values().flat_map(|mut player| player.tell(Signal::Stopped, at)).collect()
    }

    /// After how long the next play will count: the time at which a [`Players::tick`] is worth telling.
    #[must_use]
    pub fn counts_in(&self) -> Option<Duration> {
        self.known.values().filter_map(|player| player.playback.counts_in()).min()
    }
}

impl Player {
    fn tell(&mut self, signal: Signal, at: Moment) -> Vec<Happened> {
        let happened = |event| Happened { player: self.name.clone(), event };
        self.playback.tell(signal, at).into_iter().map(happened).collect()
    }
}
