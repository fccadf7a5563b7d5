//! Why something is suggested.

use serde::Serialize;

use crate::rules::Name;

/// What kind of suggestion it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It was never heard, and lies next to what is.
    Unheard,
    /// It was a favourite, and has not been heard for long.
    Forgotten,
    /// An album of which one track is known.
    OneTrack,
    /// It is heard at intervals, and the usual one is long over.
    Overdue,
}

impl Why {
    /// All of them, in the order in which they are mixed.
    pub const ALL: [Self; 4] = [Self::Unheard, Self::Forgotten, Self::OneTrack, Self::Overdue];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unheard => "unheard",
            Self::Forgotten => "forgotten",
            Self::OneTrack => "one-track",
            Self::Overdue => "overdue",
        }
    }
}

/// One thing that speaks for a suggestion.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// It is like something that is played or liked.
    Similar {
        /// What it is like.
        to: Name,
        /// How alike, from 0 to 1.
        likeness: f64,
        /// Plays of that.
        plays: u64,
    },
    /// It is among the best known of an artist.
    Top {
        /// The artist.
        artist: String,
        /// Its place there, from 1.
        place: u32,
        /// Plays of the artist; 0 for one who is only like others.
        plays: u64,
    },
    /// It is of genres that are played; the most telling first.
    Genres(Vec<&'static str>),
    /// It was played so often, and last then.
    Silent {
        /// Its plays.
        plays: u64,
        /// The last of them, in Unix seconds.
        last_at: i64,
        /// Whole days since.
        days: u64,
    },
    /// It is usually heard every so many days.
    Interval {
        /// The usual days from one time to the next.
        usual_days: u32,
        /// Whole days since the last time.
        days: u64,
    },
    /// Of the album only this track is known.
    OnlyTrack {
        /// The track's title.
        track: String,
        /// Its plays.
        plays: u64,
        /// How many tracks the album has, where a service told.
        of: Option<u64>,
    },
    /// The listener said that they like it.
    Liked,
}

/// One suggestion.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What is suggested.
    pub name: Name,
    /// What kind of suggestion it is.
    pub why: Why,
    /// How good it is among those of its kind, from 1 for the best without a deduction; below 0 where more was taken off.
    pub score: f64,
    /// What speaks for it, the weightiest first.
    pub reasons: Vec<Reason>,
    /// How many of the service's listeners know it, where one told.
    pub listeners: Option<u64>,
    /// Its length in milliseconds, of a track, where a service told.
    pub length_ms: Option<u64>,
}
