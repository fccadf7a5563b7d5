//! What is told about something that sounded.

use crate::lastfm::call::{given, needed};
use crate::method::{ParamError, Params};

/// Something that sounded, as it is told to a service.
///
/// ```
/// use heard_api::lastfm::track::Play;
///
/// let play = Play::new("The Example", "First Song").album("An Album").track_number(1).duration_s(204);
/// let listen = play.at(1_600_000_000);
/// assert_eq!(listen.timestamp, 1_600_000_000);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Play {
    /// The artist's name: one text, even for several artists.
    pub artist: String,
    /// The track's name.
    pub track: String,
    /// The album's name.
    pub album: Option<String>,
    /// The album's artist, where it is another.
    pub album_artist: Option<String>,
    /// The place on the album, from 1.
    pub track_number: Option<u32>,
    /// The length in seconds. A length below 30 makes Last.fm ignore the scrobble, however long the track really is.
    pub duration_s: Option<u32>,
    /// The MusicBrainz id of the track.
    pub mbid: Option<String>,
    /// Whether the user chose the track, or somebody else did, as on the radio.
    pub chosen_by_user: Option<bool>,
    /// A sub-client, known to the service only.
    pub context: Option<String>,
    /// The id of a stream of the service's own radio of old.
    pub stream_id: Option<String>,
}

/// A play that counts, with its moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Listen {
    /// What sounded.
    pub play: Play,
    /// When it began, in Unix seconds.
    pub timestamp: i64,
}

impl Play {
    /// A play of which nothing but the names is known.
    #[must_use]
    pub fn new(artist: impl Into<String>, track: impl Into<String>) -> Self {
        Self { artist: artist.into(), track: track.into(), ..Self::default() }
    }

    /// With the album's name.
    #[must_use]
    pub fn album(self, album: impl Into<String>) -> Self {
        Self { album: Some(album.into()), ..self }
    }

    /// With the album's artist.
    #[must_use]
    pub fn album_artist(self, artist: impl Into<String>) -> Self {
        Self { album_artist: Some(artist.into()), ..self }
    }

    /// With the place on the album.
    #[must_use]
    pub fn track_number(self, number: u32) -> Self {
        Self { track_number: Some(number), ..self }
    }

    /// With the length in seconds.
    #[must_use]
    pub fn duration_s(self, seconds: u32) -> Self {
        Self { duration_s: Some(seconds), ..self }
    }

    /// With the MusicBrainz id of the track.
    #[must_use]
    pub fn mbid(self, mbid: impl Into<String>) -> Self {
        Self { mbid: Some(mbid.into()), ..self }
    }

    /// With the word whether the user chose the track.
    #[must_use]
    pub fn chosen_by_user(self, chosen: bool) -> Self {
        Self { chosen_by_user: Some(chosen), ..self }
    }

    /// The listen that began at this moment, in Unix seconds.
    #[must_use]
    pub fn at(self, timestamp: i64) -> Listen {
        Listen { play: self, timestamp }
    }

    /// Writes the play with names like `artist` or, in a batch, `artist[7]`. Empty texts are left out: they would be
    /// signed differently by different servers.
    pub(super) fn write(&self, place: Option<usize>, out: &mut Params) {
        let mut set = |name: &'static str, value: Option<String>| {
            let value = value.filter(|value| !value.is_empty());
            match place {
                Some(place) => out.set_some(format!("{name}[{place}]"), value),
                None => out.set_some(name, value),
            }
        };
        set("artist", Some(self.artist.clone()));
        set("track", Some(self.track.clone()));
        set("album", self.album.clone());
        set("albumArtist", self.album_artist.clone());
        set("trackNumber", self.track_number.map(|number| number.to_string()));
        set("duration", self.duration_s.map(|seconds| seconds.to_string()));
        set("mbid", self.mbid.clone());
        set("chosenByUser", self.chosen_by_user.map(|chosen| u8::from(chosen).to_string()));
        set("context", self.context.clone());
        set("streamId", self.stream_id.clone());
    }

    /// Reads a play from names without places.
    pub(super) fn from_params(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            artist: needed(params, "artist")?,
            track: needed(params, "track")?,
            album: given(params, "album")?,
            album_artist: given(params, "albumArtist")?,
            track_number: given(params, "trackNumber")?,
            duration_s: given(params, "duration")?,
            mbid: given(params, "mbid")?,
            chosen_by_user: given::<u8>(params, "chosenByUser")?.map(|chosen| chosen == 1),
            context: given(params, "context")?,
            stream_id: given(params, "streamId")?,
        })
    }
}
