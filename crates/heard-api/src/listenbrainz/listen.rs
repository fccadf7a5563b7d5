//! Listens, as they are told and as they are answered.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// A listen, or what plays now, as it is told to the service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// When it began, in Unix seconds; none for what plays now.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub listened_at: Option<i64>,
    /// What sounded.
    pub track_metadata: TrackMetadata,
}

/// What sounded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrackMetadata {
    /// The artists' names, as they stand on the track: one text.
    pub artist_name: String,
    /// The track's name.
    pub track_name: String,
    /// The album's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_name: Option<String>,
    /// Whatever else is known, by the names that the service documents: `duration_ms`, `recording_mbid`, `tracknumber`,
    /// `submission_client` … (<https://listenbrainz.readthedocs.io/en/latest/users/json.html>).
    #[serde(default, skip_serializing_if = "Map::is_empty", deserialize_with = "map_or_null")]
    pub additional_info: Map<String, Value>,
    /// What the service found in MusicBrainz; in answers only, and `null` in exports where it found nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mbid_mapping: Option<Map<String, Value>>,
}

/// A listen as the service answers it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListenItem {
    /// When it began, in Unix seconds; none for what plays now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listened_at: Option<i64>,
    /// When the service was told, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inserted_at: Option<f64>,
    /// The service's own id of the names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_msid: Option<String>,
    /// Whose listen it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Whether this is what plays now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playing_now: Option<bool>,
    /// What sounded.
    pub track_metadata: TrackMetadata,
}

/// A `null` is not the same as nothing: the service refuses it (`submit-listens.request/lb_invalid_listen_null_listened_at.json`).
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    i64::deserialize(from).map(Some)
}

fn map_or_null<'de, D: Deserializer<'de>>(from: D) -> Result<Map<String, Value>, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

impl Listen {
    /// What sounds under these names.
    #[must_use]
    pub fn new(artist: impl Into<String>, track: impl Into<String>) -> Self {
        let metadata = TrackMetadata { artist_name: artist.into(), track_name: track.into(), ..Default::default() };
        Self { listened_at: None, track_metadata: metadata }
    }

    /// Begun at this moment, in Unix seconds.
    #[must_use]
    pub fn at(self, listened_at: i64) -> Self {
        Self { listened_at: Some(listened_at), ..self }
    }

    /// From this album.
    #[must_use]
    pub fn release(mut self, name: impl Into<String>) -> Self {
        self.track_metadata.release_name = Some(name.into());
        self
    }

    /// With something more, by the service's name for it.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.track_metadata.additional_info.insert(name.into(), value.into());
        self
    }
}

impl TrackMetadata {
    /// The length in whole milliseconds, told as such or in seconds, with fractions or without.
    #[must_use]
    pub fn duration_ms(&self) -> Option<u64> {
        let number = |name| self.additional_info.get(name).and_then(Value::as_f64);
        let milliseconds = number("duration_ms").or_else(|| number("duration").map(|seconds| seconds * 1000.0))?;
        let length = Duration::try_from_secs_f64(milliseconds / 1000.0).ok()?;
        u64::try_from(length.as_millis()).ok()
    }

    /// The MusicBrainz id of the recording: as told, otherwise as the service found it.
    #[must_use]
    pub fn recording_mbid(&self) -> Option<&str> {
        let told = self.additional_info.get("recording_mbid").and_then(Value::as_str).filter(|id| !id.is_empty());
        told.or_else(|| self.mbid_mapping.as_ref()?.get("recording_mbid")?.as_str())
    }
}
