//! The nouns: whose history, from which account, and what was played when.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who told of a play: a service that is asked, one whose export files are taken in, a player, or the listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// <https://www.last.fm>
    Lastfm,
    /// <https://libre.fm> and other GNU FM servers.
    Librefm,
    /// <https://listenbrainz.org>
    Listenbrainz,
    /// <https://www.spotify.com>
    Spotify,
    /// <https://music.apple.com>
    Applemusic,
    /// <https://music.youtube.com>
    Youtube,
    /// <https://www.deezer.com>
    Deezer,
    /// <https://github.com/krateng/maloja>
    Maloja,
    /// <https://github.com/gabehf/Koito>
    Koito,
    /// <https://github.com/kawaiiDango/pano-scrobbler>
    Panoscrobbler,
    /// A portable player's `.scrobbler.log`.
    Player,
    /// A player that was watched while it played; the account is the player's name.
    Watch,
    /// Any other file of plays.
    File,
    /// `heard` itself: what the listener decided by hand.
    Heard,
}

impl Service {
    /// The services that can be asked for an account's history.
    pub const ASKED: [Self; 3] = [Self::Lastfm, Self::Librefm, Self::Listenbrainz];

    /// Every one.
    pub const ALL: [Self; 14] = [
        Self::Lastfm,
        Self::Librefm,
        Self::Listenbrainz,
        Self::Spotify,
        Self::Applemusic,
        Self::Youtube,
        Self::Deezer,
        Self::Maloja,
        Self::Koito,
        Self::Panoscrobbler,
        Self::Player,
        Self::Watch,
        Self::File,
        Self::Heard,
    ];

    /// The name as it stands in the archive, the store and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lastfm => "lastfm",
            Self::Librefm => "librefm",
            Self::Listenbrainz => "listenbrainz",
            Self::Spotify => "spotify",
            Self::Applemusic => "applemusic",
            Self::Youtube => "youtube",
            Self::Deezer => "deezer",
            Self::Maloja => "maloja",
            Self::Koito => "koito",
            Self::Panoscrobbler => "panoscrobbler",
            Self::Player => "player",
            Self::Watch => "watch",
            Self::File => "file",
            Self::Heard => "heard",
        }
    }

    /// The service of that name, among those that can be asked.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ASKED.into_iter().find(|s| s.name() == name)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One listener's account at one service. An export file that does not name its account is of the one without a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// The person whose history it is.
    pub listener: String,
    /// Where the account is.
    pub service: Service,
    /// The account's name there, in lower case: the services ignore case in names.
    pub user: String,
}

impl Account {
    /// An account; the user's name is folded to lower case.
    #[must_use]
    pub fn new(listener: &str, service: Service, user: &str) -> Self {
        Self { listener: listener.to_owned(), service, user: user.to_lowercase() }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.user.is_empty() {
            return self.service.fmt(f);
        }
        write!(f, "{}/{}", self.service, self.user)
    }
}

/// What sounds, under the names that a player or a file gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Track {
    /// The artist's name: one text, even for several artists.
    pub artist: String,
    /// The track's title.
    pub title: String,
    /// The album's title.
    pub album: Option<String>,
    /// The album's artist, where it is told.
    pub album_artist: Option<String>,
    /// The place on the album, from 1.
    pub number: Option<u32>,
    /// The length in milliseconds; players that do not know it tell 0 or nothing.
    pub length_ms: Option<u64>,
    /// The MusicBrainz id of the recording.
    pub recording_mbid: Option<String>,
}

impl Track {
    /// A track of which nothing but the names is known.
    #[must_use]
    pub fn new(artist: impl Into<String>, title: impl Into<String>) -> Self {
        Self { artist: artist.into(), title: title.into(), ..Self::default() }
    }
}

/// A play that counts, with its moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Listen {
    /// What sounded.
    pub track: Track,
    /// When it began, in Unix seconds.
    pub played_at: i64,
}

/// A play as a file tells of it: a listen, should it count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Played {
    /// What sounded, and when it began.
    pub listen: Listen,
    /// Milliseconds that sounded, where they are told.
    pub ms_played: Option<u64>,
    /// Whether it is told that the listener went on to something else.
    pub is_skipped: bool,
    /// Whether it is told that it was not meant to be shown to others.
    pub is_incognito: bool,
}

/// A half-open stretch of time, in Unix seconds: `from` belongs to it, `to` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First second.
    pub from: i64,
    /// The second after the last.
    pub to: i64,
}

impl Span {
    /// The stretch from `from` up to, but without, `to`.
    #[must_use]
    pub fn new(from: i64, to: i64) -> Self {
        Self { from, to }
    }

    /// Whether no second belongs to it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from >= self.to
    }

    /// Whether the second belongs to it.
    #[must_use]
    pub fn contains(&self, second: i64) -> bool {
        self.from <= second && second < self.to
    }

    /// The seconds that belong to both.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// The number of seconds in it.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        (self.to - self.from).max(0)
    }
}

/// The second under which undated plays are kept, as Last.fm reports them (`"uts": "0"`).
pub const UNDATED: i64 = 0;

/// Moments before 2002-01-01T00:00:00Z are a wrong clock: no scrobbling existed.
pub const FIRST_PLAUSIBLE: i64 = 1_009_843_200;

/// How far in the future a moment may lie before it counts as a wrong clock: one day, in seconds.
pub const FUTURE_GRACE: i64 = 86_400;
