//! Corrections of names.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use super::artist::ArtistRef;
use super::track::Track;
use crate::lenient::{self, Named, Object, filled};
use crate::wire;

/// The artist's name as the service would have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtistCorrection {
    /// The artist.
    pub artist: ArtistRef,
}

/// The track's and the artist's names as the service would have them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrackCorrection {
    /// The track; none where the service knows none (`track.getCorrection/docs_an_artist_track_that_doesnt_exist.json`).
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub track: Option<Track>,
    /// What was changed.
    #[serde(default, rename = "@attr")]
    pub changed: Changed,
}

/// Which of the two names differ from what was asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Whether the artist's name differs.
    #[serde(default, rename = "artistcorrected", with = "wire::flag")]
    pub artist: Option<bool>,
    /// Whether the track's name differs.
    #[serde(default, rename = "trackcorrected", with = "wire::flag")]
    pub track: Option<bool>,
}

#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    artist: Named<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    mbid: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    url: Option<Cow<'a, str>>,
}

/// A track that is not known has neither a name nor an artist with one.
fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Track>, D::Error> {
    let Object(found) = Object::<Found<'de>>::deserialize(from)?;
    let own = |text| filled(text).map(Cow::into_owned);
    let (Some(name), Some(artist)) = (own(found.name), ArtistRef::of(found.artist)) else {
        return Ok(None);
    };
    Ok(Some(Track { name, artist, mbid: own(found.mbid), url: own(found.url), ..Track::default() }))
}
