//! Koito's export (`koito/koito_export_test.json`).

use serde::Deserialize;

use super::fields::{self, Object, Text};
use super::records::{self, Told};
use crate::facts::Rows;

/// Reads a piece of its `listens`. A thing's name is its primary alias, or the first where none is; several artists are
/// one name, with `, ` between them.
#[must_use]
pub fn read(piece: &[u8]) -> Rows<'_> {
    records::elements(piece, play)
}

#[derive(Deserialize)]
struct Listen<'a> {
    #[serde(borrow)]
    listened_at: Option<Text<'a>>,
    #[serde(borrow)]
    track: Option<Object<Thing<'a>>>,
    #[serde(borrow)]
    album: Option<Object<Thing<'a>>>,
    #[serde(borrow)]
    artists: Option<Vec<Object<Thing<'a>>>>,
}

/// A track, album or artist.
#[derive(Default, Deserialize)]
struct Thing<'a> {
    #[serde(borrow)]
    mbid: Option<Text<'a>>,
    #[serde(borrow)]
    aliases: Option<Vec<Object<Alias<'a>>>>,
}

#[derive(Deserialize)]
struct Alias<'a> {
    #[serde(borrow)]
    alias: Option<Text<'a>>,
    is_primary: Option<bool>,
}

impl<'a> Thing<'a> {
    fn name(aliases: Option<Vec<Object<Alias<'a>>>>) -> Option<Text<'a>> {
        let mut aliases = aliases?;
        let primary = aliases.iter().position(|alias| alias.0.is_primary == Some(true)).unwrap_or(0);
        if aliases.is_empty() { None } else { aliases.swap_remove(primary).0.alias }
    }
}

fn play(listen: Listen<'_>) -> Told<'_> {
    let track = listen.track.unwrap_or_default().0;
    let album = listen.album.unwrap_or_default().0;
    let mut artists = listen.artists.unwrap_or_default();
    // The id of one artist is not that of several.
    let artist_mbid = if let [artist] = artists.as_mut_slice() { artist.0.mbid.take() } else { None };
    let names = artists.into_iter().filter_map(|artist| Thing::name(artist.0.aliases)).collect();
    let mut play =
        fields::play(fields::joined(names), Thing::name(track.aliases), || fields::moment(listen.listened_at))?;
    play.album = fields::optional(Thing::name(album.aliases))?;
    play.artist_mbid = fields::optional(artist_mbid)?;
    play.release_mbid = fields::optional(album.mbid)?;
    play.recording_mbid = fields::optional(track.mbid)?;
    Ok(play)
}
