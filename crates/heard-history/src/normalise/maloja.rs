//! Maloja's export (`maloja/koito_maloja_import_test.json`).

use serde::Deserialize;

use super::fields::{self, Number, Object, Text};
use super::records::{self, Told};
use crate::facts::Rows;

/// Reads a piece of its `scrobbles`. Several artists are one name, with `, ` between them. A scrobble's `duration` is how
/// long it was listened to; the `length` of its track is not.
#[must_use]
pub fn read(piece: &[u8]) -> Rows<'_> {
    records::elements(piece, play)
}

#[derive(Deserialize)]
struct Scrobble<'a> {
    time: Option<Number>,
    #[serde(borrow)]
    track: Option<Object<Track<'a>>>,
    duration: Option<Number>,
}

#[derive(Default, Deserialize)]
struct Track<'a> {
    #[serde(borrow)]
    artists: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    album: Option<Object<Album<'a>>>,
}

#[derive(Deserialize)]
struct Album<'a> {
    #[serde(borrow)]
    albumtitle: Option<Text<'a>>,
}

fn play(scrobble: Scrobble<'_>) -> Told<'_> {
    let track = scrobble.track.unwrap_or_default().0;
    let artist = fields::joined(track.artists.unwrap_or_default());
    let mut play = fields::play(artist, track.title, || fields::seconds(scrobble.time))?;
    play.album = fields::optional(track.album.and_then(|album| album.0.albumtitle))?;
    let ms_played = fields::duration(scrobble.duration)?.and_then(|seconds| seconds.checked_mul(1000));
    fields::add_duration(&mut play, ms_played);
    Ok(play)
}
