//! What others took from Last.fm, as JSON: pages of its own answers, lastfmstats.com's file, and the archive that
//! Last.fm itself once offered.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use memchr::memmem;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::{self, Number, Object, Text};
use super::records::{self, Records, Told};
use crate::facts::{Other, Reason, Rows, Why};

/// Reads pages of `user.getRecentTracks`: one with its wrapper (`user.getRecentTracks` answers) or without, a list of
/// them (`lastfm-ghan/koito_recenttracks-shoko2-1749776100.json`), or a list of their tracks. Each track is a row. A page
/// that cannot be parsed is read as far as its tracks can be.
///
/// What plays now stands at the top of every page. An error of the service in place of a page is no row.
#[must_use]
pub fn read_pages(piece: &[u8]) -> Rows<'_> {
    let range = records::content(piece);
    let mut pages = Records::new(piece, range.end);
    pages.all(range, &mut read_page);
    pages.rows
}

/// A page in any form; or a track, where no page is around it.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    recenttracks: Option<&'a RawValue>,
    #[serde(borrow)]
    track: Option<&'a RawValue>,
    #[serde(rename = "@attr")]
    attributes: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
    name: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Tracks<'a> {
    #[serde(borrow)]
    track: Option<&'a RawValue>,
}

fn read_page<'a>(pages: &mut Records<'a>, range: Range<usize>) -> Option<usize> {
    let Some((page, end)) = pages.parse::<Page<'a>>(range.clone()) else { return read_damaged_page(pages, range) };
    let tracks = match (page.recenttracks, page.track) {
        (Some(wrapped), _) if wrapped.get().starts_with('{') => {
            pages.parse::<Tracks<'a>>(pages.range_of(wrapped.get()))?.0.track
        }
        // An empty list was written as a blank text once.
        (Some(wrapped), _) if is_blank(wrapped) => None,
        (Some(_), _) => return None,
        (None, Some(track)) => Some(track),
        (None, None) if page.name.is_some() => return read_track(pages, range),
        (None, None) if page.error.is_some() || page.attributes.is_some() => None,
        (None, None) => return None,
    };
    let Some(tracks) = tracks.filter(|tracks| !is_blank(tracks)) else { return Some(end) };
    let Range { start: first, end: last } = pages.range_of(tracks.get());
    match tracks.get().as_bytes().first() {
        Some(b'[') => {
            pages.list(first + 1..last, &mut read_track);
        }
        Some(b'{') => pages.all(first..last, &mut read_track),
        _ => pages.leave_out(range.start..end, Why::Reject(Reason::Malformed)),
    }
    Some(end)
}

fn is_blank(value: &RawValue) -> bool {
    serde_json::from_str::<Cow<'_, str>>(value.get()).is_ok_and(|text| text.trim().is_empty())
}

/// Reads what is whole in a page that is not.
fn read_damaged_page(pages: &mut Records<'_>, range: Range<usize>) -> Option<usize> {
    let end = pages.end_of(range.clone());
    let page = pages.bytes(range.start..end);
    let list = memmem::find_iter(page, TRACKS).find_map(|at| {
        let value = page.get(at + TRACKS.len()..)?.trim_ascii_start().strip_prefix(b":")?;
        value.trim_ascii_start().strip_prefix(b"[")
    })?;
    pages.list(end - list.len()..end, &mut read_track);
    Some(end)
}

const TRACKS: &[u8] = b"\"track\"";

fn read_track(tracks: &mut Records<'_>, range: Range<usize>) -> Option<usize> {
    tracks.record(range, &scrobble)
}

#[derive(Deserialize)]
struct Track<'a> {
    #[serde(borrow)]
    artist: Option<Named<'a>>,
    #[serde(borrow)]
    album: Option<Named<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    mbid: Option<Text<'a>>,
    date: Option<Object<Date>>,
    #[serde(rename = "@attr", borrow)]
    attributes: Option<Object<TrackAttributes<'a>>>,
}

#[derive(Deserialize)]
struct Date {
    uts: Option<Number>,
}

#[derive(Deserialize)]
struct TrackAttributes<'a> {
    #[serde(borrow)]
    nowplaying: Option<Flag<'a>>,
}

/// A yes or no as text or as itself.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag<'a> {
    Itself(bool),
    #[serde(borrow)]
    Word(Text<'a>),
}

/// A name with its id: an object with the one under `#text` or, in extended answers, `name`; or the name alone.
#[derive(Default, Deserialize)]
struct NameAndId<'a> {
    #[serde(borrow, rename = "#text", alias = "name")]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    mbid: Option<Text<'a>>,
}

#[derive(Default)]
struct Named<'a>(NameAndId<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Named<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NamedVisitor)
    }
}

struct NamedVisitor;

impl<'de> Visitor<'de> for NamedVisitor {
    type Value = Named<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or an object with a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Named(NameAndId { name: Some(Text(Cow::Borrowed(name))), mbid: None }))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Named(NameAndId { name: Some(Text(Cow::Owned(name.to_owned()))), mbid: None }))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
        NameAndId::deserialize(MapAccessDeserializer::new(fields)).map(Named)
    }
}

fn scrobble(track: Track<'_>) -> Told<'_> {
    let now_playing = track.attributes.and_then(|attributes| attributes.0.nowplaying);
    let sounds = match now_playing {
        Some(Flag::Itself(flag)) => flag,
        Some(Flag::Word(word)) => matches!(&*word.0, "true" | "1"),
        None => false,
    };
    if sounds {
        return Err(Why::Other(Other::NowPlaying));
    }
    let (Named(artist), Named(album)) = (track.artist.unwrap_or_default(), track.album.unwrap_or_default());
    let mut play = fields::play(artist.name, track.name, || fields::seconds(track.date.and_then(|date| date.0.uts)))?;
    play.album = fields::optional(album.name)?;
    play.artist_mbid = fields::optional(artist.mbid)?;
    play.release_mbid = fields::optional(album.mbid)?;
    play.recording_mbid = fields::optional(track.mbid)?;
    Ok(play)
}

/// Reads a piece of lastfmstats.com's file (`lastfmstats/lastfmstats-TestUser_sample.json`); its moments are in
/// milliseconds.
#[must_use]
pub fn read_lastfmstats(piece: &[u8]) -> Rows<'_> {
    records::elements(piece, |row: StatsRow<'_>| {
        let mut play = fields::play(row.artist, row.track, || fields::milliseconds(row.date))?;
        play.album = fields::optional(row.album)?;
        Ok(play)
    })
}

#[derive(Deserialize)]
struct StatsRow<'a> {
    #[serde(borrow)]
    track: Option<Text<'a>>,
    #[serde(borrow)]
    artist: Option<Text<'a>>,
    #[serde(borrow)]
    album: Option<Text<'a>>,
    date: Option<Number>,
}

/// Reads a piece of the archive that Last.fm offered until 2015: `scrobbles/….json`, a list for each month.
///
/// No file of it was at hand. Its readme says that there are corrected and uncorrected names, and that plays imported
/// from iTunes ("bootstraps") bear a count in place of a moment; that the moment is `timestamp.unixtimestamp`, which may
/// have a fraction, is from a program that reads such files; `time.unixtime` from the one that is said to write them.
/// The corrected name is taken where there is one.
#[must_use]
pub fn read_official(piece: &[u8]) -> Rows<'_> {
    records::elements(piece, official_play)
}

#[derive(Deserialize)]
struct OfficialScrobble<'a> {
    timestamp: Option<Object<OfficialMoment>>,
    time: Option<Object<OfficialMoment>>,
    #[serde(rename = "bootstrapCount")]
    bootstrap_count: Option<Number>,
    #[serde(borrow)]
    track: Option<Object<OfficialTrack<'a>>>,
    #[serde(borrow, rename = "uncorrectedTrack")]
    uncorrected: Option<Object<OfficialTrack<'a>>>,
    #[serde(borrow)]
    album: Option<Object<OfficialTrack<'a>>>,
}

#[derive(Deserialize)]
struct OfficialMoment {
    #[serde(alias = "unixtime")]
    unixtimestamp: Option<Number>,
}

/// A track, or an album without its artist.
#[derive(Deserialize)]
struct OfficialTrack<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    mbid: Option<Text<'a>>,
    #[serde(borrow)]
    artist: Option<Object<NameAndId<'a>>>,
}

fn official_play(scrobble: OfficialScrobble<'_>) -> Told<'_> {
    if matches!(scrobble.bootstrap_count, Some(Number::Known(1..))) {
        return Err(Why::Other(Other::NotAPlay));
    }
    let corrected = scrobble.track.filter(|track| track.0.name.is_some());
    let (track, artist) = match corrected.or(scrobble.uncorrected) {
        Some(Object(track)) => ((track.name, track.mbid), track.artist),
        None => ((None, None), None),
    };
    let (artist, artist_mbid) = artist.map_or((None, None), |artist| (artist.0.name, artist.0.mbid));
    let (album, release_mbid) = scrobble.album.map_or((None, None), |album| (album.0.name, album.0.mbid));
    let moment = scrobble.timestamp.or(scrobble.time);
    let mut play = fields::play(artist, track.0, || fields::seconds(moment.and_then(|moment| moment.0.unixtimestamp)))?;
    play.album = fields::optional(album)?;
    play.artist_mbid = fields::optional(artist_mbid)?;
    play.release_mbid = fields::optional(release_mbid)?;
    play.recording_mbid = fields::optional(track.1)?;
    Ok(play)
}
