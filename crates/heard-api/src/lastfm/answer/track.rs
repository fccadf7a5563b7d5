//! Tracks.

use serde::{Deserialize, Serialize};

use super::artist::ArtistRef;
use super::image::{self, Image};
use crate::wire;

/// A track as a row of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// The name.
    pub name: String,
    /// The artist.
    pub artist: ArtistRef,
    /// The MusicBrainz id, of a track or of a recording.
    #[serde(default, with = "wire::text")]
    pub mbid: Option<String>,
    /// The page.
    #[serde(default, with = "wire::text")]
    pub url: Option<String>,
    /// The length in seconds; 0, which the service writes for "not known", is none.
    #[serde(default, rename = "duration", with = "wire::length", skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<u64>,
    /// How often it was listened to: by the user the list is about, or by everybody.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub playcount: Option<u64>,
    /// How many people listened.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub listeners: Option<u64>,
    /// How similar it is, 0 to 1 (`track.getSimilar`).
    #[serde(default, rename = "match", with = "wire::ratio", skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f64>,
    /// The moment of loving it, in Unix seconds (`user.getLovedTracks`).
    #[serde(default, rename = "date", with = "wire::date", skip_serializing_if = "Option::is_none")]
    pub loved_at: Option<i64>,
    /// The rank in a ranking or the place on an album, from 1.
    #[serde(default, rename = "@attr", with = "wire::rank", skip_serializing_if = "Option::is_none")]
    pub rank: Option<u64>,
    /// Pictures, of the album where it is known.
    #[serde(default, rename = "image", with = "image")]
    pub images: Vec<Image>,
}
