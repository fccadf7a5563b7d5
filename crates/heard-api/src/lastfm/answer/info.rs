//! One artist, album, track or tag in full.

use serde::{Deserialize, Serialize};

use super::album::Album;
use super::artist::{Artist, ArtistRef};
use super::image::{self, Image};
use super::rows::{artists, tags, tracks};
use super::tag::Tag;
use super::track::Track;
use super::wiki::Wiki;
use crate::wire;

/// An artist in full (`artist.getInfo`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArtistInfo {
    /// The name.
    pub name: String,
    /// The MusicBrainz id.
    #[serde(default, with = "wire::text")]
    pub mbid: Option<String>,
    /// The page.
    #[serde(default, with = "wire::text")]
    pub url: Option<String>,
    /// The pictures; since 2019 only placeholders.
    #[serde(default, rename = "image", with = "image")]
    pub images: Vec<Image>,
    /// Whether concerts are announced.
    #[serde(default, rename = "ontour", with = "wire::flag")]
    pub on_tour: Option<bool>,
    /// Counts.
    #[serde(default, deserialize_with = "crate::lenient::object")]
    pub stats: ArtistStats,
    /// Artists like this one; names and pages only.
    #[serde(default, with = "artists")]
    pub similar: Vec<Artist>,
    /// The tags given most.
    #[serde(default, with = "tags")]
    pub tags: Vec<Tag>,
    /// The biography.
    #[serde(default, deserialize_with = "crate::lenient::object")]
    pub bio: Wiki,
}

/// How often an artist is listened to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtistStats {
    /// By how many people.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub listeners: Option<u64>,
    /// By everybody.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub playcount: Option<u64>,
    /// By the user who was named or who asked.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub userplaycount: Option<u64>,
}

/// An album in full (`album.getInfo`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlbumInfo {
    /// The name.
    pub name: String,
    /// The artist's name.
    pub artist: String,
    /// The MusicBrainz id of the release.
    #[serde(default, with = "wire::text")]
    pub mbid: Option<String>,
    /// The page.
    #[serde(default, with = "wire::text")]
    pub url: Option<String>,
    /// The cover in several sizes.
    #[serde(default, rename = "image", with = "image")]
    pub images: Vec<Image>,
    /// By how many people it was listened to.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub listeners: Option<u64>,
    /// How often its tracks were listened to by everybody.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub playcount: Option<u64>,
    /// How often by the user who was named or who asked.
    #[serde(default, with = "wire::number", skip_serializing_if = "Option::is_none")]
    pub userplaycount: Option<u64>,
    /// The tracks, where the service knows them; `rank` is the place on the album.
    #[serde(default, with = "tracks")]
    pub tracks: Vec<Track>,
    /// The tags given most; `toptags` until 2018 (`album.getInfo/inflatable_ForUser.json`), and an empty text for none
    /// (`album.getInfo/swift_noTracks.json`).
    #[serde(default, alias = "toptags", with = "tags")]
    pub tags: Vec<Tag>,
    /// A text about it.
    #[serde(default, deserialize_with = "crate::lenient::object", skip_serializing_if = "is_blank")]
    pub wiki: Wiki,
}

/// A track in full (`track.getInfo`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrackInfo {
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
    /// The length in milliseconds, unlike everywhere else; 0, which the service writes for "not known", is none.
    #[serde(default, rename = "duration", with = "wire::length", skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// By how many people it was listened to.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub listeners: Option<u64>,
    /// How often by everybody.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub playcount: Option<u64>,
    /// How often by the user who was named or who asked.
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub userplaycount: Option<u64>,
    /// Whether that user loves it.
    #[serde(default, rename = "userloved", with = "wire::flag", skip_serializing_if = "Option::is_none")]
    pub user_loved: Option<bool>,
    /// The album it is found on.
    #[serde(default, deserialize_with = "crate::lenient::some_object", skip_serializing_if = "Option::is_none")]
    pub album: Option<TrackAlbum>,
    /// The tags given most.
    #[serde(default, rename = "toptags", with = "tags")]
    pub tags: Vec<Tag>,
    /// A text about it.
    #[serde(default, deserialize_with = "crate::lenient::object", skip_serializing_if = "is_blank")]
    pub wiki: Wiki,
}

/// The album that a track is found on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackAlbum {
    /// The artist's name.
    #[serde(default, with = "wire::text")]
    pub artist: Option<String>,
    /// The name.
    pub title: String,
    /// The MusicBrainz id of the release.
    #[serde(default, with = "wire::text")]
    pub mbid: Option<String>,
    /// The page.
    #[serde(default, with = "wire::text")]
    pub url: Option<String>,
    /// The cover in several sizes.
    #[serde(default, rename = "image", with = "image")]
    pub images: Vec<Image>,
    /// The track's place on it, from 1.
    #[serde(default, rename = "@attr", with = "wire::position", skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
}

impl From<TrackAlbum> for Album {
    fn from(album: TrackAlbum) -> Self {
        let TrackAlbum { artist, title, mbid, url, images, position: _ } = album;
        Self { name: title, artist: ArtistRef::new(artist.unwrap_or_default()), mbid, url, images, ..Self::default() }
    }
}

/// A tag in full (`tag.getInfo`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagInfo {
    /// The word.
    pub name: String,
    /// The page; not told since 2015.
    #[serde(default, with = "wire::text")]
    pub url: Option<String>,
    /// How many people gave it.
    #[serde(default, with = "wire::number", skip_serializing_if = "Option::is_none")]
    pub reach: Option<u64>,
    /// How often it was given; `taggings` until 2015 (`tag.getInfo/rubylastfm_sample.xml`).
    #[serde(default, alias = "taggings", with = "wire::number", skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// A text about it.
    #[serde(default, deserialize_with = "crate::lenient::object")]
    pub wiki: Wiki,
}

fn is_blank(wiki: &Wiki) -> bool {
    *wiki == Wiki::default()
}
