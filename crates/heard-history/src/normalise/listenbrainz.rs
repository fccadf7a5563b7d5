//! ListenBrainz' export: lines of JSON by month, and the one array of its older export.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::fields::{self, Number, Object, OnlyId, Text};
use super::records::{self, Told};
use crate::facts::{Other, Rows, Why};

/// Reads a piece of it. The ids that the player reported go before those that the service found for the names. The lines
/// of `feedback.jsonl` and `pinned_recording.jsonl` are known, and no plays.
#[must_use]
pub fn read(piece: &[u8]) -> Rows<'_> {
    records::elements_or_lines(piece, play)
}

/// One listen, in the export or in an answer.
#[derive(Deserialize)]
pub(super) struct Listen<'a> {
    pub(super) listened_at: Option<Number>,
    playing_now: Option<bool>,
    #[serde(borrow)]
    track_metadata: Option<Object<Metadata<'a>>>,
    score: Option<IgnoredAny>,
    pinned_until: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    artist_name: Option<Text<'a>>,
    #[serde(borrow)]
    track_name: Option<Text<'a>>,
    #[serde(borrow)]
    release_name: Option<Text<'a>>,
    #[serde(borrow)]
    additional_info: Option<Object<Ids<'a>>>,
    #[serde(borrow)]
    mbid_mapping: Option<Object<Ids<'a>>>,
}

/// Players write into `additional_info` what they like.
#[derive(Default, Deserialize)]
struct Ids<'a> {
    #[serde(borrow, default)]
    artist_mbids: OnlyId<'a>,
    #[serde(borrow, default)]
    release_mbid: OnlyId<'a>,
    #[serde(borrow, default)]
    recording_mbid: OnlyId<'a>,
}

/// What a listen tells. The ids that the player reported go before those that the service found for the names.
pub(super) fn play(listen: Listen<'_>) -> Told<'_> {
    if listen.track_metadata.is_none() && (listen.score.is_some() || listen.pinned_until.is_some()) {
        return Err(Why::Other(Other::Feedback));
    }
    if listen.playing_now == Some(true) {
        return Err(Why::Other(Other::NowPlaying));
    }
    let metadata = listen.track_metadata.unwrap_or_default().0;
    let mut play = fields::play(metadata.artist_name, metadata.track_name, || fields::seconds(listen.listened_at))?;
    let reported = metadata.additional_info.unwrap_or_default().0;
    let found = metadata.mbid_mapping.unwrap_or_default().0;
    play.album = fields::optional(metadata.release_name)?;
    play.artist_mbid = either(reported.artist_mbids, found.artist_mbids)?;
    play.release_mbid = either(reported.release_mbid, found.release_mbid)?;
    play.recording_mbid = either(reported.recording_mbid, found.recording_mbid)?;
    Ok(play)
}

fn either<'a>(reported: OnlyId<'a>, found: OnlyId<'a>) -> Result<Option<Cow<'a, str>>, Why> {
    Ok(fields::optional(reported.0)?.or(fields::optional(found.0)?))
}
