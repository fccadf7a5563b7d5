//! Spotify's two exports of what was streamed.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::fields::{self, Number, Text};
use super::records::{self, Told};
use crate::facts::{Clock, Other, Reason, Resolution, Rows, Sounding, Why};
use crate::listen::{FIRST_PLAUSIBLE, FUTURE_GRACE};

/// Numbers above this are milliseconds: as seconds they would lie in the year 5138.
const LAST_IN_SECONDS: i64 = 100_000_000_000;

/// Reads a piece of the account data (`StreamingHistory_music_0.json`). It tells the minute in which a play ended, in
/// UTC, and nothing of albums.
#[must_use]
pub fn read_account_data(piece: &[u8]) -> Rows<'_> {
    records::elements(piece, account_play)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountStream<'a> {
    #[serde(borrow)]
    end_time: Option<Text<'a>>,
    #[serde(borrow)]
    artist_name: Option<Text<'a>>,
    #[serde(borrow)]
    track_name: Option<Text<'a>>,
    podcast_name: Option<IgnoredAny>,
    episode_name: Option<IgnoredAny>,
    ms_played: Option<Number>,
}

fn account_play(stream: AccountStream<'_>) -> Told<'_> {
    if stream.track_name.is_none() && (stream.podcast_name.is_some() || stream.episode_name.is_some()) {
        return Err(Why::Other(Other::Podcast));
    }
    let ms_played = fields::duration(stream.ms_played)?;
    let mut ended_at = None;
    let mut play = fields::play(stream.artist_name, stream.track_name, || {
        let end = minute(stream.end_time)?;
        ended_at = Some(end);
        fields::plausible(end - fields::whole_seconds(ms_played))
    })?;
    play.sounding =
        Sounding { ended_at, ms_played, clock: Clock::End, resolution: Resolution::Minute, ..Sounding::default() };
    Ok(play)
}

/// Reads `2023-09-04 03:56`.
fn minute(told: Option<Text<'_>>) -> Result<i64, Why> {
    let Some(Text(text)) = told.filter(|text| !text.0.trim().is_empty()) else {
        return Err(Why::Reject(Reason::NoTime));
    };
    let read = DateTime::strptime("%Y-%m-%d %H:%M", text.trim()).and_then(|minute| TimeZone::UTC.to_timestamp(minute));
    read.map_err(|_| Why::Reject(Reason::BadTime)).and_then(|minute| fields::plausible(minute.as_second()))
}

/// Reads a piece of the extended streaming history, of any of its layouts (`spotify-extended/endsong_2021_sample.json`,
/// `…/Streaming_History_Audio_2024_username_era_sample.json`, `…/koito_Streaming_History_Audio.json`); that of videos is
/// the same, and videos of music bear the names of their tracks.
///
/// `ts` is when a play ended, to the second. Where the player was offline it may be when the play was reported; then
/// `offline_timestamp`, the beginning, is the better clock (`spotify-extended/lb_spotify_streaming_2023.json`).
#[must_use]
pub fn read_extended(piece: &[u8]) -> Rows<'_> {
    records::elements(piece, extended_play)
}

#[derive(Deserialize)]
struct ExtendedStream<'a> {
    #[serde(borrow)]
    ts: Option<Text<'a>>,
    ms_played: Option<Number>,
    #[serde(borrow, rename = "master_metadata_track_name")]
    track: Option<Text<'a>>,
    #[serde(borrow, rename = "master_metadata_album_artist_name")]
    artist: Option<Text<'a>>,
    #[serde(borrow, rename = "master_metadata_album_album_name")]
    album: Option<Text<'a>>,
    #[serde(borrow, rename = "spotify_track_uri")]
    uri: Option<Text<'a>>,
    episode_name: Option<IgnoredAny>,
    spotify_episode_uri: Option<IgnoredAny>,
    audiobook_title: Option<IgnoredAny>,
    audiobook_uri: Option<IgnoredAny>,
    audiobook_chapter_title: Option<IgnoredAny>,
    audiobook_chapter_uri: Option<IgnoredAny>,
    skipped: Option<bool>,
    offline: Option<bool>,
    offline_timestamp: Option<Number>,
    incognito_mode: Option<bool>,
}

fn extended_play(stream: ExtendedStream<'_>) -> Told<'_> {
    if stream.track.is_none() {
        return Err(Why::Other(kind(&stream)));
    }
    let ms_played = fields::duration(stream.ms_played)?;
    let length = fields::whole_seconds(ms_played);
    let mut sounding = Sounding {
        ms_played,
        clock: Clock::End,
        skipped: stream.skipped,
        incognito: stream.incognito_mode,
        offline: stream.offline,
        uri: fields::optional(stream.uri)?,
        ..Sounding::default()
    };
    let mut play = fields::play(stream.artist, stream.track, || {
        let end = fields::moment(stream.ts)?;
        if let Some(start) = offline_start(stream.offline, stream.offline_timestamp, end) {
            sounding.clock = Clock::Both;
            sounding.ended_at = Some(start.saturating_add(length));
            return Ok(start);
        }
        sounding.ended_at = Some(end);
        fields::plausible(end - length)
    })?;
    play.album = fields::optional(stream.album)?;
    play.sounding = sounding;
    Ok(play)
}

/// What a stream is that names no track.
fn kind(stream: &ExtendedStream<'_>) -> Other {
    let audiobook = [
        &stream.audiobook_title,
        &stream.audiobook_uri,
        &stream.audiobook_chapter_title,
        &stream.audiobook_chapter_uri,
    ];
    if stream.episode_name.is_some() || stream.spotify_episode_uri.is_some() {
        Other::Podcast
    } else if audiobook.iter().any(|field| field.is_some()) {
        Other::Audiobook
    } else {
        Other::NoMetadata
    }
}

/// When an offline play began, if its player's clock can be right: 0 and other small numbers occur.
fn offline_start(offline: Option<bool>, told: Option<Number>, reported_at: i64) -> Option<i64> {
    let (Some(true), Some(Number::Known(told))) = (offline, told) else { return None };
    let start = if told > LAST_IN_SECONDS { told.div_euclid(1000) } else { told };
    (FIRST_PLAUSIBLE..=reported_at.saturating_add(FUTURE_GRACE)).contains(&start).then_some(start)
}
