//! `heard`'s own lines of JSON, as `export --format jsonl` writes them.

use serde::{Deserialize, Deserializer};

use super::fields::{self, Number, Text};
use super::records::{self, Told};
use crate::facts::{Reason, Rows, Why};
use crate::listen::UNDATED;

/// Reads a piece of them. `"played_at": null` is an undated play; a line without the key has lost its moment.
#[must_use]
pub fn read(piece: &[u8]) -> Rows<'_> {
    records::lines(piece, play)
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default, deserialize_with = "told")]
    played_at: Option<Option<Number>>,
    #[serde(borrow)]
    artist: Option<Text<'a>>,
    #[serde(borrow)]
    album: Option<Text<'a>>,
    #[serde(borrow)]
    track: Option<Text<'a>>,
    ms_played: Option<Number>,
    #[serde(borrow)]
    artist_mbid: Option<Text<'a>>,
    #[serde(borrow)]
    release_mbid: Option<Text<'a>>,
    #[serde(borrow)]
    recording_mbid: Option<Text<'a>>,
}

/// Tells a `null` from a missing key.
fn told<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<Number>>, D::Error> {
    Option::deserialize(from).map(Some)
}

fn play(line: Line<'_>) -> Told<'_> {
    let mut play = fields::play(line.artist, line.track, || match line.played_at {
        Some(None) => Ok(UNDATED),
        Some(played_at) => fields::seconds(played_at),
        None => Err(Why::Reject(Reason::NoTime)),
    })?;
    play.album = fields::optional(line.album)?;
    play.artist_mbid = fields::optional(line.artist_mbid)?;
    play.release_mbid = fields::optional(line.release_mbid)?;
    play.recording_mbid = fields::optional(line.recording_mbid)?;
    fields::add_duration(&mut play, fields::duration(line.ms_played)?);
    Ok(play)
}
