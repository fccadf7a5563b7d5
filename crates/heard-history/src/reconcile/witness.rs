//! One source's report of a play, in numbers.

use crate::facts::{Clock, Resolution};

/// Where a moment is not known.
pub const NO_MOMENT: i64 = i64::MIN;

/// One source's report of a play, in the numbers of the catalogue. Number 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The report's number.
    pub id: u32,
    /// When it began, in Unix seconds; 0 for an undated play.
    pub played_at: i64,
    /// The listener's wall clock at that moment, as seconds; 0 for an undated play.
    pub local_at: i64,
    /// When it ended, or [`NO_MOMENT`].
    pub ended_at: i64,
    /// Whose play.
    pub listener: u32,
    /// Who told of it.
    pub account: u32,
    /// The artist.
    pub artist: u32,
    /// The album.
    pub album: u32,
    /// The track.
    pub track: u32,
    /// The source's own name for the track.
    pub uri: u32,
    /// The import that told of it; 0 for what a service was asked for.
    pub import: u32,
    /// Milliseconds played; -1 where that is not told.
    pub ms_played: i32,
    /// Which moment was told.
    pub clock: Clock,
    /// How exact it is.
    pub resolution: Resolution,
}

impl Witness {
    /// The seconds in which it may have begun: first and last.
    pub(super) fn began(&self) -> (i64, i64) {
        match self.resolution {
            Resolution::Second => (self.played_at, self.played_at),
            Resolution::Minute => (self.played_at, self.played_at.saturating_add(59)),
        }
    }

    /// The seconds in which it may have ended, where the source told that.
    pub(super) fn ended(&self) -> Option<(i64, i64)> {
        if self.clock == Clock::Start || self.ended_at == NO_MOMENT {
            return None;
        }
        let vague = if self.resolution == Resolution::Minute { 59 } else { 0 };
        Some((self.ended_at, self.ended_at.saturating_add(vague)))
    }
}
