//! Albums.

use serde::{Deserialize, Serialize};

use super::artist::ArtistRef;
use super::image::{self, Image};
use crate::wire;

/// An album as a row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Album {
    /// The name.
    pub name: String,
    /// The artist.
    pub artist: ArtistRef,
    /// The MusicBrainz id of the release.
    #[serde(default, with = "wire::text")]
    pub mbid: Option<String>,
    /// The page.
    #[serde(default, with = "wire::text")]
    pub url: Option<String>,
    /// How often its tracks were listened to: by the user the list is about, or by everybody.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub playcount: Option<u64>,
    /// The rank, from 1.
    #[serde(default, rename = "@attr", with = "wire::rank", skip_serializing_if = "Option::is_none")]
    pub rank: Option<u64>,
    /// The cover in several sizes.
    #[serde(default, rename = "image", with = "image")]
    pub images: Vec<Image>,
}
