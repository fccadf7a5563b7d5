//! What an envelope told us: the only type between reading answers and keeping plays.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::listen::Span;

/// One play as a source reported it. Names are exactly as reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play<'a> {
    /// Its row in the answer, counted from 0.
    pub row: u32,
    /// When it began, in Unix seconds; 0 for an undated play.
    pub played_at: i64,
    /// The artist's name.
    pub artist: Cow<'a, str>,
    /// The album's title, where one was reported.
    pub album: Option<Cow<'a, str>>,
    /// The track's title.
    pub track: Cow<'a, str>,
    /// The artist's MusicBrainz id, as reported.
    pub artist_mbid: Option<Cow<'a, str>>,
    /// The album's MusicBrainz id, as reported.
    pub release_mbid: Option<Cow<'a, str>>,
    /// The track's MusicBrainz id, as reported. Last.fm mixes recording and track ids.
    pub recording_mbid: Option<Cow<'a, str>>,
}

/// Why a row is not a play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The artist's name is empty.
    NoArtist,
    /// The track's title is empty.
    NoTrack,
}

impl Reason {
    /// The reason as it stands in the store and in `--json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoArtist => "no_artist",
            Self::NoTrack => "no_track",
        }
    }
}

/// A row that could not be read as a play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Its row in the answer, counted from 0.
    pub row: u32,
    /// The second under which the service lists it.
    pub played_at: i64,
    /// Why.
    pub reason: Reason,
}

/// What one answer proves of a stretch of time: these rows, and no others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing<'a> {
    /// The plays in it.
    pub plays: Vec<Play<'a>>,
    /// The rows in it that are no plays.
    pub rejects: Vec<Reject>,
}

impl Listing<'_> {
    /// How many rows the service counts here.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.plays.len() + self.rejects.len()
    }

    /// Drops rows outside a stretch of time.
    pub fn keep(&mut self, span: &Span) {
        self.plays.retain(|play| span.contains(play.played_at));
        self.rejects.retain(|reject| span.contains(reject.played_at));
    }
}

/// A mark's body: a run began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunBegan {
    /// When, by the service's clock.
    pub began_at: i64,
}

/// A mark's body: the `pages` envelopes before it in the same frame were read twice, agreed, and are all there is of
/// this stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The stretch that is closed.
    pub span: Span,
    /// How many envelopes before this one hold its rows.
    pub pages: usize,
}

/// A mark's body: what the listener decided by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "decision")]
pub enum Decision {
    /// Plays of this account that the service no longer shows may be taken out of the history.
    ConfirmRemovals {
        /// Removals first seen up to this moment (Unix seconds) are meant.
        seen_until: i64,
    },
}

/// What an envelope means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning<'a> {
    /// All rows of a stretch of time.
    Closes {
        /// The stretch.
        span: Span,
        /// What is in it.
        listing: Listing<'a>,
        /// How many rows the service counts in the window that was asked.
        total: u64,
    },
    /// A page that counts only with the closing mark behind it.
    Part(Listing<'a>),
    /// The pages before it count.
    Closing(Closing),
    /// How many rows a stretch of time has; without one, the whole list with its undated rows.
    Count {
        /// The stretch that was wanted.
        span: Option<Span>,
        /// The service's count.
        total: u64,
    },
    /// A run began.
    RunBegan(RunBegan),
    /// A run ended with nothing left to ask.
    RunEnded,
    /// A decision by hand.
    Decision(Decision),
}
