//! YouTube's `watch-history.json` as Takeout writes it (`youtube-takeout/watch-history_sample.json`).

use std::borrow::Cow;

use serde::Deserialize;

use super::fields::{self, Object, Text};
use super::records::{self, Told};
use crate::facts::{Other, Rows, Why};

/// Reads a piece of it. Music is what was watched in YouTube Music, or on a channel that YouTube made for an artist,
/// whose name ends in ` - Topic`; everything else is a video. The channel's name, without that end, is the artist's.
///
/// A title stands in a sentence in the language of the account. The sentences known here are those that others' programs
/// take off: in English, French, Spanish and Japanese. From one in another language the title is not taken out, since
/// where it begins cannot be told from the file.
#[must_use]
pub fn read(piece: &[u8]) -> Rows<'_> {
    records::elements(piece, play)
}

/// What stands before and behind a title.
const SENTENCES: [(&str, &str); 4] =
    [("Watched ", ""), ("Vous avez regardé ", ""), ("Has visto ", ""), ("", " を視聴しました")];

const TOPIC: &str = " - Topic";

#[derive(Deserialize)]
struct Watched<'a> {
    #[serde(borrow)]
    header: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow, rename = "titleUrl")]
    title_url: Option<Text<'a>>,
    #[serde(borrow)]
    subtitles: Option<Vec<Object<Channel<'a>>>>,
    #[serde(borrow)]
    time: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Channel<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

fn play(watched: Watched<'_>) -> Told<'_> {
    let in_music = watched.header.is_some_and(|header| header.0 == "YouTube Music");
    let channel = watched.subtitles.and_then(|channels| channels.into_iter().next()).and_then(|channel| channel.0.name);
    let is_topic = channel.as_ref().is_some_and(|channel| channel.0.ends_with(TOPIC));
    if !in_music && !is_topic {
        return Err(Why::Other(Other::Video));
    }
    // A track that was removed, or something else that was done there.
    let Some(Text(channel)) = channel else { return Err(Why::Other(Other::NoMetadata)) };
    let artist = part(channel, |name| name.strip_suffix(TOPIC));
    let title = watched.title.map(|Text(title)| Text(part(title, without_sentence)));
    let mut play = fields::play(Some(Text(artist)), title, || fields::moment(watched.time))?;
    play.sounding.uri = fields::optional(watched.title_url)?;
    Ok(play)
}

fn without_sentence(title: &str) -> Option<&str> {
    SENTENCES.iter().find_map(|(before, behind)| title.strip_prefix(before)?.strip_suffix(behind))
}

/// A part of a text, borrowed where the text is; without one, the whole.
fn part<'a>(text: Cow<'a, str>, of: impl Fn(&str) -> Option<&str>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(of(text).unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(of(&text).map(str::to_owned).unwrap_or(text)),
    }
}
