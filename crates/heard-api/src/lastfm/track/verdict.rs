//! What a service made of scrobbles.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

use crate::decode;
use crate::error::DecodeError;
use crate::lastfm::answer::{List, Listed};
use crate::lenient::{self, Object, filled};
use crate::service::Service;
use crate::wire;

/// The answer to a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrobbled {
    /// How many the service took, or says it has already.
    pub accepted: u64,
    /// How many it ignored.
    pub ignored: u64,
    /// Each listen in the order of sending.
    pub verdicts: Vec<Verdict>,
}

/// What a service made of one listen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The track's name.
    #[serde(default)]
    pub track: Corrected,
    /// The artist's name.
    #[serde(default)]
    pub artist: Corrected,
    /// The album's name.
    #[serde(default)]
    pub album: Corrected,
    /// The album's artist.
    #[serde(default, rename = "albumArtist", alias = "albumartist")]
    pub album_artist: Corrected,
    /// The moment that was sent.
    #[serde(default, deserialize_with = "lenient::number", serialize_with = "moment")]
    pub timestamp: Option<i64>,
    /// Whether and why it was ignored.
    #[serde(default, rename = "ignoredMessage", alias = "ignoredmessage")]
    pub ignored: IgnoredMessage,
}

/// What a service made of what sounds now. Corrections made here must not be fed into the scrobble.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NowPlaying {
    /// The track's name.
    #[serde(default)]
    pub track: Corrected,
    /// The artist's name.
    #[serde(default)]
    pub artist: Corrected,
    /// The album's name.
    #[serde(default)]
    pub album: Corrected,
    /// The album's artist.
    #[serde(default, rename = "albumArtist", alias = "albumartist")]
    pub album_artist: Corrected,
    /// Whether and why it was ignored.
    #[serde(default, rename = "ignoredMessage", alias = "ignoredmessage")]
    pub ignored: IgnoredMessage,
}

/// A name as the service has it now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    /// The name; none where nothing was sent.
    pub text: Option<String>,
    /// Whether the service changed it.
    pub corrected: bool,
}

/// A code and perhaps words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoredMessage {
    /// The code on the wire; 0 for a listen that was taken.
    pub code: i64,
    /// The service's words; empty in answers of today.
    pub text: Option<String>,
}

/// Why a listen was ignored. Last.fm says [`Artist`](Self::Artist) for many reasons besides: a filter on title or album,
/// or a length below 30 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ignored {
    /// 1: the artist.
    Artist,
    /// 2: the track.
    Track,
    /// 3, and 4 with GNU FM: the moment lies too far back; for Last.fm, fourteen days.
    TooOld,
    /// 4, and 3 with GNU FM: the moment lies in the future.
    TooNew,
    /// 5: the account's limit for one day is reached; it is free again after 24 hours.
    DailyLimit,
    /// 91, with GNU FM: it has this listen already.
    AlreadyKnown,
    /// A code without a known meaning.
    Other(i64),
}

impl Verdict {
    /// Why this service ignored the listen; none if it was taken.
    #[must_use]
    pub fn ignored(&self, service: &Service) -> Option<Ignored> {
        match self.ignored.code {
            0 => None,
            1 => Some(Ignored::Artist),
            2 => Some(Ignored::Track),
            3 if service.swapped_ignored_codes => Some(Ignored::TooNew),
            4 if service.swapped_ignored_codes => Some(Ignored::TooOld),
            3 => Some(Ignored::TooOld),
            4 => Some(Ignored::TooNew),
            5 => Some(Ignored::DailyLimit),
            91 => Some(Ignored::AlreadyKnown),
            other => Some(Ignored::Other(other)),
        }
    }
}

impl Scrobbled {
    pub(super) fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        let List { about, items } = Listed::<Verdict>::at(&["scrobbles"], "scrobble").decode(body)?;
        let count = |word| {
            let count = about.get(word).and_then(|digits| digits.parse().ok());
            count.ok_or_else(|| DecodeError::missing(&["scrobbles", "@attr"], word))
        };
        Ok(Self { accepted: count("accepted")?, ignored: count("ignored")?, verdicts: items })
    }

    /// A single verdict is written as an object, as the service does, and the counts as numbers.
    pub(super) fn encode(&self) -> Vec<u8> {
        let Self { accepted, ignored, verdicts } = self;
        let scrobble = match verdicts.as_slice() {
            [verdict] => json!(verdict),
            verdicts => json!(verdicts),
        };
        let counts = json!({ "accepted": accepted, "ignored": ignored });
        decode::written(&json!({ "scrobbles": { "scrobble": scrobble, "@attr": counts } }))
    }
}

#[expect(clippy::ref_option, reason = "the form in which serde calls it")]
fn moment<S: Serializer>(timestamp: &Option<i64>, to: S) -> Result<S::Ok, S::Error> {
    match timestamp {
        Some(timestamp) => to.collect_str(timestamp),
        None => to.serialize_str(""),
    }
}

/// `{"#text":…,"corrected":"0"}`; the text is left out in some answers (`track.scrobble/swift_ignored.json`).
#[derive(Deserialize)]
struct CorrectedRead<'a> {
    #[serde(borrow, default, rename = "#text", deserialize_with = "lenient::text")]
    text: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "lenient::flag")]
    corrected: Option<bool>,
}

/// The same, and the bare text that an element without attributes becomes.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a name, or an object with a name")]
enum CorrectedForm<'a> {
    #[serde(borrow)]
    Full(Object<CorrectedRead<'a>>),
    Bare(Cow<'a, str>),
}

impl<'de> Deserialize<'de> for Corrected {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (text, corrected) = match CorrectedForm::deserialize(from)? {
            CorrectedForm::Full(Object(name)) => (name.text, name.corrected.unwrap_or(false)),
            CorrectedForm::Bare(text) => (Some(text), false),
        };
        Ok(Self { text: filled(text).map(Cow::into_owned), corrected })
    }
}

#[derive(Serialize)]
struct CorrectedWritten<'a> {
    corrected: &'static str,
    #[serde(rename = "#text")]
    text: &'a str,
}

impl Serialize for Corrected {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let corrected = if self.corrected { "1" } else { "0" };
        CorrectedWritten { corrected, text: self.text.as_deref().unwrap_or_default() }.serialize(to)
    }
}

#[derive(Deserialize)]
struct MessageRead<'a> {
    #[serde(default, deserialize_with = "lenient::number")]
    code: Option<i64>,
    #[serde(borrow, default, rename = "#text", deserialize_with = "lenient::text")]
    text: Option<Cow<'a, str>>,
}

impl<'de> Deserialize<'de> for IgnoredMessage {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Object(MessageRead { code, text }) = Object::deserialize(from)?;
        let code = code.ok_or_else(|| D::Error::missing_field("code"))?;
        let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Self { code, text })
    }
}

/// Clients compare the code with the text "0".
#[derive(Serialize)]
struct MessageWritten<'a> {
    code: wire::Digits<i64>,
    #[serde(rename = "#text")]
    text: &'a str,
}

impl Serialize for IgnoredMessage {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        MessageWritten { code: wire::Digits(self.code), text: self.text.as_deref().unwrap_or_default() }.serialize(to)
    }
}
