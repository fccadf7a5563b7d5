//! What was found, for programs and in words.

use heard_history::stats::{Gap, Ranked, Stretch, WrongClock};
use serde::Serialize;

use super::super::suggest::{Suggestion, suggestion};
use crate::print::{duration, grouped, moment, several};
use heard_history::store::Alike;

/// One kind of doubt.
#[derive(Serialize)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    /// How many: tracks, stretches, gaps, groups of names; for wrong clocks, plays.
    pub(super) count: u64,
    /// Plays that it is about; null where it is not about plays.
    pub(super) plays: Option<u64>,
    /// Of all plays, from 0 to 1.
    pub(super) share: Option<f64>,
    pub(super) examples: Vec<Example>,
    /// What can be pasted into a shell to see more, or to help; null where nothing was found.
    pub(super) command: Option<String>,
}

/// What is doubtful. The names are those of `--json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    WithoutAlbum,
    WithoutName,
    Undated,
    TooEarly,
    InTheFuture,
    SameSecond,
    BusyMinute,
    BusyHour,
    Overlaps,
    AlikeNames,
    Gaps,
}

/// One of those that were found.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Example {
    Track { artist: String, track: String, plays: u64 },
    Stretch(StretchRow),
    Gap { first_day: String, last_day: String, days: u64 },
    Names { kind: &'static str, names: Vec<NameRow>, #[serde(skip)] says: String },
}
