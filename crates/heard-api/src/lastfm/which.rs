//! What a call is about: an artist, album or track, named or by its MusicBrainz id.

use crate::lastfm::call::{given, needed};
use crate::method::{ParamError, Params};

/// Which artist is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WhichArtist {
    /// The one of this name.
    Named(String),
    /// The one with this MusicBrainz id.
    Mbid(String),
}

/// Which album is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WhichAlbum {
    /// The one of these names.
    Named {
        /// The artist's name.
        artist: String,
        /// The album's name.
        album: String,
    },
    /// The one with this MusicBrainz id, of a release.
    Mbid(String),
}

/// Which track is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WhichTrack {
    /// The one of these names.
    Named {
        /// The artist's name.
        artist: String,
        /// The track's name.
        track: String,
    },
    /// The one with this MusicBrainz id, of a track or of a recording.
    Mbid(String),
}

impl WhichArtist {
    /// The artist with this MusicBrainz id.
    #[must_use]
    pub fn mbid(mbid: impl Into<String>) -> Self {
        Self::Mbid(mbid.into())
    }

    pub(crate) fn write(&self, out: &mut Params) {
        match self {
            Self::Named(artist) => out.set("artist", artist),
            Self::Mbid(mbid) => out.set("mbid", mbid),
        }
    }

    pub(crate) fn from_params(params: &Params) -> Result<Self, ParamError> {
        match given(params, "mbid")? {
            Some(mbid) => Ok(Self::Mbid(mbid)),
            None => needed(params, "artist").map(Self::Named),
        }
    }
}

impl WhichAlbum {
    /// The album with this MusicBrainz id.
    #[must_use]
    pub fn mbid(mbid: impl Into<String>) -> Self {
        Self::Mbid(mbid.into())
    }

    pub(crate) fn write(&self, out: &mut Params) {
        match self {
            Self::Named { artist, album } => {
                out.set("artist", artist);
                out.set("album", album);
            }
            Self::Mbid(mbid) => out.set("mbid", mbid),
        }
    }

    pub(crate) fn from_params(params: &Params) -> Result<Self, ParamError> {
        match given(params, "mbid")? {
            Some(mbid) => Ok(Self::Mbid(mbid)),
            None => Ok(Self::Named { artist: needed(params, "artist")?, album: needed(params, "album")? }),
        }
    }
}

impl WhichTrack {
    /// The track with this MusicBrainz id.
    #[must_use]
    pub fn mbid(mbid: impl Into<String>) -> Self {
        Self::Mbid(mbid.into())
    }

    pub(crate) fn write(&self, out: &mut Params) {
        match self {
            Self::Named { artist, track } => {
                out.set("artist", artist);
                out.set("track", track);
            }
            Self::Mbid(mbid) => out.set("mbid", mbid),
        }
    }

    pub(crate) fn from_params(params: &Params) -> Result<Self, ParamError> {
        match given(params, "mbid")? {
            Some(mbid) => Ok(Self::Mbid(mbid)),
            None => Ok(Self::Named { artist: needed(params, "artist")?, track: needed(params, "track")? }),
        }
    }
}

impl From<&str> for WhichArtist {
    fn from(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

impl From<String> for WhichArtist {
    fn from(name: String) -> Self {
        Self::Named(name)
    }
}

/// The artist's name, then the album's.
impl<A: Into<String>, B: Into<String>> From<(A, B)> for WhichAlbum {
    fn from((artist, album): (A, B)) -> Self {
        Self::Named { artist: artist.into(), album: album.into() }
    }
}

/// The artist's name, then the track's.
impl<A: Into<String>, B: Into<String>> From<(A, B)> for WhichTrack {
    fn from((artist, track): (A, B)) -> Self {
        Self::Named { artist: artist.into(), track: track.into() }
    }
}
