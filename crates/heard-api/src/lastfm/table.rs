//! All documented methods in one table, for calls that are made by name.

use crate::method::Access::{self, Key, Session, Signed};

/// A method of the service, as its documentation describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownMethod {
    /// The exact name.
    pub name: &'static str,
    /// The credentials it needs. Methods that are about "a user, or the one who asks" have [`Access::Key`] here.
    pub access: Access,
    /// Whether it changes something or bears a password, and so goes by POST.
    pub write: bool,
}

const fn reads(name: &'static str) -> KnownMethod {
    KnownMethod { name, access: Key, write: false }
}

const fn signed(name: &'static str, write: bool) -> KnownMethod {
    KnownMethod { name, access: Signed, write }
}

const fn writes(name: &'static str) -> KnownMethod {
    KnownMethod { name, access: Session, write: true }
}

/// The 57 documented methods (<https://www.last.fm/api>), and `user.getTrackScrobbles`, which is not documented; sorted.
pub const METHODS: [KnownMethod; 58] = [
    writes("album.addTags"),
    reads("album.getInfo"),
    reads("album.getTags"),
    reads("album.getTopTags"),
    writes("album.removeTag"),
    reads("album.search"),
    writes("artist.addTags"),
    reads("artist.getCorrection"),
    reads("artist.getInfo"),
    reads("artist.getSimilar"),
    reads("artist.getTags"),
    reads("artist.getTopAlbums"),
    reads("artist.getTopTags"),
    reads("artist.getTopTracks"),
    writes("artist.removeTag"),
    reads("artist.search"),
    signed("auth.getMobileSession", true),
    signed("auth.getSession", false),
    signed("auth.getToken", false),
    reads("chart.getTopArtists"),
    reads("chart.getTopTags"),
    reads("chart.getTopTracks"),
    reads("geo.getTopArtists"),
    reads("geo.getTopTracks"),
    reads("library.getArtists"),
    reads("tag.getInfo"),
    reads("tag.getSimilar"),
    reads("tag.getTopAlbums"),
    reads("tag.getTopArtists"),
    reads("tag.getTopTags"),
    reads("tag.getTopTracks"),
    reads("tag.getWeeklyChartList"),
    writes("track.addTags"),
    reads("track.getCorrection"),
    reads("track.getInfo"),
    reads("track.getSimilar"),
    reads("track.getTags"),
    reads("track.getTopTags"),
    writes("track.love"),
    writes("track.removeTag"),
    writes("track.scrobble"),
    reads("track.search"),
    writes("track.unlove"),
    writes("track.updateNowPlaying"),
    reads("user.getFriends"),
    reads("user.getInfo"),
    reads("user.getLovedTracks"),
    reads("user.getPersonalTags"),
    reads("user.getRecentTracks"),
    reads("user.getTopAlbums"),
    reads("user.getTopArtists"),
    reads("user.getTopTags"),
    reads("user.getTopTracks"),
    reads("user.getTrackScrobbles"),
    reads("user.getWeeklyAlbumChart"),
    reads("user.getWeeklyArtistChart"),
    reads("user.getWeeklyChartList"),
    reads("user.getWeeklyTrackChart"),
];

/// The method of this name, in any case of its letters.
///
/// ```
/// use heard_api::{Access, lastfm};
///
/// let love = lastfm::method("track.LOVE").expect("it is documented");
/// assert_eq!((love.name, love.access, love.write), ("track.love", Access::Session, true));
/// assert!(lastfm::method("track.hate").is_none());
/// ```
#[must_use]
pub fn method(name: &str) -> Option<&'static KnownMethod> {
    METHODS.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}
