//! Pano Scrobbler's lines of JSON (`panoscrobbler/lb_panoscrobbler.jsonl`).

use serde::Deserialize;

use super::fields::{self, Number, Text};
use super::records::{self, Told};
use crate::facts::{Other, Rows, Why};

/// Reads a piece of it. Besides `scrobble` there are the events `love` and `unlove`. `durationMs` is the length of the
/// track, and so is not taken for the time played.
#[must_use]
pub fn read(piece: &[u8]) -> Rows<'_> {
    records::lines(piece, play)
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    event: Option<Text<'a>>,
    #[serde(rename = "timeMs")]
    time_ms: Option<Number>,
    #[serde(borrow)]
    artist: Option<Text<'a>>,
    #[serde(borrow)]
    track: Option<Text<'a>>,
    #[serde(borrow)]
    album: Option<Text<'a>>,
}

fn play(event: Event<'_>) -> Told<'_> {
    match event.event.as_ref().map(|event| &*event.0) {
        None | Some("scrobble" | "") => {}
        Some("love" | "unlove") => return Err(Why::Other(Other::Feedback)),
        Some(_) => return Err(Why::Other(Other::NotAPlay)),
    }
    let mut play = fields::play(event.artist, event.track, || fields::milliseconds(event.time_ms))?;
    play.album = fields::optional(event.album)?;
    Ok(play)
}
