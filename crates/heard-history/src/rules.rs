//! What the listener decides of names and plays. Rules change how facts are seen, never the facts; each can be revoked.

use serde::{Deserialize, Serialize};

/// A name, with its kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Name {
    /// An artist.
    Artist {
        /// The artist's name.
        artist: String,
    },
    /// An album of an artist.
    Album {
        /// The artist's name.
        artist: String,
        /// The album's title.
        title: String,
    },
    /// A track of an artist.
    Track {
        /// The artist's name.
        artist: String,
        /// The track's title.
        title: String,
    },
}

impl Name {
    /// The word for its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Artist { .. } => "artist",
            Self::Album { .. } => "album",
            Self::Track { .. } => "track",
        }
    }

    /// The artist's name.
    #[must_use]
    pub fn artist(&self) -> &str {
        match self {
            Self::Artist { artist } | Self::Album { artist, .. } | Self::Track { artist, .. } => artist,
        }
    }

    /// The album's or track's title.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Artist { .. } => None,
            Self::Album { title, .. } | Self::Track { title, .. } => Some(title),
        }
    }
}

/// One source's report of a play: an envelope of the archive and a row of it. It means the same after every rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Report {
    /// The envelope.
    pub seq: u64,
    /// The row, counted from 0.
    pub row: u32,
}

/// How names or plays are to be seen. Names are compared as [`crate::identity::key`] says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "rule")]
pub enum Rule {
    /// These names are shown as another one of their kind.
    ShowAs {
        /// The names.
        from: Vec<Name>,
        /// What they are shown as.
        to: Name,
    },
    /// This artist's name stands for several artists, and its plays count for each of them.
    Split {
        /// The name.
        artist: String,
        /// The artists.
        into: Vec<String>,
    },
    /// Every artist's name that holds one of these separators stands for several artists.
    SplitAt {
        /// The separators, as they stand in names.
        separators: Vec<String>,
        /// Names that stay whole.
        except: Vec<String>,
    },
    /// This artist's plays are of these genres, each as much as any other, whatever tags say.
    Genres {
        /// The artist.
        artist: String,
        /// The genres, as the vocabulary calls them.
        genres: Vec<String>,
    },
    /// This name and its plays are left out of everything.
    Hide {
        /// The name.
        name: Name,
    },
    /// This play is left out of everything.
    HidePlay {
        /// One of its reports.
        play: Report,
    },
    /// These reports tell of one play.
    SamePlay {
        /// One report.
        one: Report,
        /// The other.
        other: Report,
    },
    /// This report tells of a play of which no other report tells.
    OwnPlay {
        /// The report.
        play: Report,
    },
    /// This name is not suggested any more; of an artist, nothing of theirs is.
    Dismiss {
        /// The name.
        name: Name,
    },
    /// Suggestions are made from this name as from what is played most.
    Like {
        /// The name.
        name: Name,
    },
}

impl Rule {
    /// The reports of plays that it names.
    pub fn reports(&self) -> impl Iterator<Item = Report> + use<> {
        let (one, other) = match self {
            Self::HidePlay { play } | Self::OwnPlay { play } => (Some(*play), None),
            Self::SamePlay { one, other } => (Some(*one), Some(*other)),
            Self::ShowAs { .. }
            | Self::Split { .. }
            | Self::SplitAt { .. }
            | Self::Genres { .. }
            | Self::Hide { .. }
            | Self::Dismiss { .. }
            | Self::Like { .. } => (None, None),
        };
        one.into_iter().chain(other)
    }

    /// The name that is dismissed or liked. Such a rule speaks of suggestions; no play is seen otherwise by it.
    #[must_use]
    pub fn feedback(&self) -> Option<&Name> {
        match self {
            Self::Dismiss { name } | Self::Like { name } => Some(name),
            _ => None,
        }
    }
}
