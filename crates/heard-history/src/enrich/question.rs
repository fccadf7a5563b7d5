//! A question about one thing: which call, about what, and how it is sent.

use heard_api::Request;
use heard_api::lastfm::{album, artist, tag, track, user};

use crate::facts::{Thing, ThingKind};
use crate::normalise::things;

/// Rows of an account's lists, the most that the service gives at once (`user.getLovedTracks` in its documentation).
pub(super) const ROWS: u32 = 1_000;
/// Rows of a list of similar ones or of a tag.
const ALIKE: u32 = 100;

/// A call that tells something of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// An account's profile.
    UserInfo,
    /// The tracks that an account loves.
    LovedTracks,
    /// Whom an account follows.
    Friends,
    /// An account's most heard artists, of every stretch of time that the service knows.
    UserTopArtists,
    /// An account's most heard albums.
    UserTopAlbums,
    /// An account's most heard tracks.
    UserTopTracks,
    /// The tags that an account gave.
    UserTags,
    /// What an account gave a tag.
    PersonalTags,
    /// The tags that everybody gave an artist.
    ArtistTags,
    /// An artist's counts, biography and similar artists.
    ArtistInfo,
    /// Artists like one.
    SimilarArtists,
    /// An artist's most heard tracks.
    ArtistTracks,
    /// An artist's most heard albums.
    ArtistAlbums,
    /// An album's tracks, tags and cover.
    AlbumInfo,
    /// A track's length, album and tags.
    TrackInfo,
    /// Tracks like one.
    SimilarTracks,
    /// The artists of a tag.
    TagArtists,
    /// The tracks of a tag.
    TagTracks,
    /// The weeks for which an account has charts.
    Weeks,
    /// An account's artists of a week.
    WeekOfArtists,
    /// An account's albums of a week.
    WeekOfAlbums,
    /// An account's tracks of a week.
    WeekOfTracks,
}

impl Call {
    /// Every one, in the order in which equally much heard things are asked about.
    pub const ALL: [Self; 22] = [
        Self::UserInfo,
        Self::LovedTracks,
        Self::Friends,
        Self::UserTopArtists,
        Self::UserTopAlbums,
        Self::UserTopTracks,
        Self::UserTags,
        Self::PersonalTags,
        Self::ArtistTags,
        Self::ArtistInfo,
        Self::SimilarArtists,
        Self::ArtistTracks,
        Self::ArtistAlbums,
        Self::AlbumInfo,
        Self::TrackInfo,
        Self::SimilarTracks,
        Self::TagArtists,
        Self::TagTracks,
        Self::Weeks,
        Self::WeekOfArtists,
        Self::WeekOfAlbums,
        Self::WeekOfTracks,
    ];

    /// The service's name for it.
    #[must_use]
    pub fn method(self) -> &'static str {
        match self {
            Self::UserInfo => "user.getInfo",
            Self::LovedTracks => "user.getLovedTracks",
            Self::Friends => "user.getFriends",
            Self::UserTopArtists => "user.getTopArtists",
            Self::UserTopAlbums => "user.getTopAlbums",
            Self::UserTopTracks => "user.getTopTracks",
            Self::UserTags => "user.getTopTags",
            Self::PersonalTags => "user.getPersonalTags",
            Self::ArtistTags => "artist.getTopTags",
            Self::ArtistInfo => "artist.getInfo",
            Self::SimilarArtists => "artist.getSimilar",
            Self::ArtistTracks => "artist.getTopTracks",
            Self::ArtistAlbums => "artist.getTopAlbums",
            Self::AlbumInfo => "album.getInfo",
            Self::TrackInfo => "track.getInfo",
            Self::SimilarTracks => "track.getSimilar",
            Self::TagArtists => "tag.getTopArtists",
            Self::TagTracks => "tag.getTopTracks",
            Self::Weeks => "user.getWeeklyChartList",
            Self::WeekOfArtists => "user.getWeeklyArtistChart",
            Self::WeekOfAlbums => "user.getWeeklyAlbumChart",
            Self::WeekOfTracks => "user.getWeeklyTrackChart",
        }
    }

    /// What it is asked about.
    #[must_use]
    pub fn kind(self) -> ThingKind {
        match self.method().split('.').next() {
            Some("artist") => ThingKind::Artist,
            Some("album") => ThingKind::Album,
            Some("track") => ThingKind::Track,
            Some("tag") => ThingKind::Tag,
            _ => ThingKind::Account,
        }
    }

    /// The calls of this name: one by the service's name for it, all of a package by the package's, like `artist`, or all
    /// that get the same, like `similar`. In any case of the letters; none for a name of nothing.
    #[must_use]
    pub fn named(name: &str) -> Vec<Self> {
        let is_meant = |call: &Self| {
            let (package, gets) = call.method().split_once(".get").unwrap_or_default();
            [call.method(), package, gets].iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        Self::ALL.into_iter().filter(is_meant).collect()
    }
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// By which call it is asked.
    pub call: Call,
    /// About what.
    pub thing: Thing,
    /// What else is asked: names and values as the service has them.
    pub rest: Vec<(&'static str, String)>,
    /// How often the thing was heard.
    pub plays: u64,
}

impl Question {
    /// A question about a thing that was heard so often.
    #[must_use]
    pub fn new(call: Call, thing: Thing, plays: u64) -> Self {
        Self { call, thing, rest: Vec::new(), plays }
    }

    /// The same with something else that is asked.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.rest.push((name, value.into()));
        self
    }

    /// The request, without keys.
    #[must_use]
    pub fn request(&self) -> Request {
        let (name, title) = (self.thing.name.as_str(), self.thing.title.as_str());
        let request = match self.call {
            Call::UserInfo => Request::of(&user::GetInfo::new().user(name)),
            Call::LovedTracks => Request::of(&user::GetLovedTracks::new(name).limit(ROWS)),
            Call::Friends => Request::of(&user::GetFriends::new(name).limit(ROWS)),
            Call::UserTopArtists => Request::of(&user::GetTopArtists::new(name).limit(ROWS)),
            Call::UserTopAlbums => Request::of(&user::GetTopAlbums::new(name).limit(ROWS)),
            Call::UserTopTracks => Request::of(&user::GetTopTracks::new(name).limit(ROWS)),
            Call::UserTags => Request::of(&user::GetTopTags::new(name)),
            // Which kind of things and which tag is among the rest, and takes the place of these.
            Call::PersonalTags => Request::of(&user::GetTaggedArtists::new(name, "").limit(ROWS)),
            Call::ArtistTags => Request::of(&artist::GetTopTags::new(name)),
            Call::ArtistInfo => Request::of(&artist::GetInfo::new(name)),
            Call::SimilarArtists => Request::of(&artist::GetSimilar::new(name).limit(ALIKE)),
            Call::ArtistTracks => Request::of(&artist::GetTopTracks::new(name)),
            Call::ArtistAlbums => Request::of(&artist::GetTopAlbums::new(name)),
            Call::AlbumInfo => Request::of(&album::GetInfo::new((name, title))),
            Call::TrackInfo => Request::of(&track::GetInfo::new((name, title))),
            Call::SimilarTracks => Request::of(&track::GetSimilar::new((name, title)).limit(ALIKE)),
            Call::TagArtists => Request::of(&tag::GetTopArtists::new(name).limit(ALIKE)),
            Call::TagTracks => Request::of(&tag::GetTopTracks::new(name).limit(ALIKE)),
            Call::Weeks => Request::of(&user::GetWeeklyChartList::new(name)),
            Call::WeekOfArtists => Request::of(&user::GetWeeklyArtistChart::new(name)),
            Call::WeekOfAlbums => Request::of(&user::GetWeeklyAlbumChart::new(name)),
            Call::WeekOfTracks => Request::of(&user::GetWeeklyTrackChart::new(name)),
        };
        self.rest.iter().fold(request, |request, (name, value)| request.param(*name, value))
    }

    /// The MusicBrainz id that is asked about, where the name alone told nothing.
    #[must_use]
    pub fn mbid(&self) -> Option<&str> {
        self.rest.iter().find(|(name, _)| *name == "mbid").map(|(_, id)| id.as_str())
    }

    /// What an answer to it is kept under, besides the thing and the call.
    #[must_use]
    pub fn asked(&self) -> String {
        let params: Vec<(String, String)> =
            self.rest.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let question = things::Question { method: self.call.method(), params: &params };
        match self.mbid() {
            Some(mbid) => things::by_mbid(&question.rest(), mbid),
            None => question.rest(),
        }
    }
}
