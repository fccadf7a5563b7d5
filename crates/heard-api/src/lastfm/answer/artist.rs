//! Artists.

use serde::{Deserialize, Deserializer, Serialize};

use super::image::{self, Image};
use crate::lenient::{Named, filled};
use crate::wire;

/// An artist as a row of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Artist {
    /// The name.
    pub name: String,
    /// The MusicBrainz id.
    #[serde(default, with = "wire::text")]
    pub mbid: Option<String>,
    /// The page.
    #[serde(default, with = "wire::text")]
    pub url: Option<String>,
    /// How often it was listened to: by the user the list is about, or by everybody.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub playcount: Option<u64>,
    /// How many people listened.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub listeners: Option<u64>,
    /// How many tags the user gave it (`library.getArtists`).
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub tagcount: Option<u64>,
    /// How similar it is, 0 to 1 (`artist.getSimilar`).
    #[serde(default, rename = "match", with = "wire::ratio_text", skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f64>,
    /// The rank, from 1.
    #[serde(default, rename = "@attr", with = "wire::rank", skip_serializing_if = "Option::is_none")]
    pub rank: Option<u64>,
    /// The pictures; since 2019 only placeholders.
    #[serde(default, rename = "image", with = "image")]
    pub images: Vec<Image>,
}

/// An artist named beside an album or a track. Read from any of the three forms: `{name,mbid,url}`, `{mbid,#text}` and
/// a plain text (`user.getTopTracks/swift_sample.json`, `user.getWeeklyTrackChart/docs_sample.json`, `track.search`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct ArtistRef {
    /// The name.
    pub name: String,
    /// The MusicBrainz id.
    #[serde(with = "wire::text")]
    pub mbid: Option<String>,
    /// The page.
    #[serde(with = "wire::text")]
    pub url: Option<String>,
}

impl<'de> Deserialize<'de> for ArtistRef {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let missing = || serde::de::Error::missing_field("name");
        Self::of(Named::deserialize(from)?).ok_or_else(missing)
    }
}

impl ArtistRef {
    /// An artist of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), mbid: None, url: None }
    }

    /// None where there is no name.
    pub(crate) fn of(named: Named<'_>) -> Option<Self> {
        let own = |text| filled(text).map(std::borrow::Cow::into_owned);
        Some(Self { name: named.name?.into_owned(), mbid: own(named.mbid), url: own(named.url) })
    }
}
