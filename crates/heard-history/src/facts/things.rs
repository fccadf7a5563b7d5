//! What a service said of an artist, an album, a track, a tag or an account.

/// A kind of thing that services can be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ThingKind {
    /// An account of a service.
    Account,
    /// An artist.
    Artist,
    /// An album, under its artist.
    Album,
    /// A track, under its artist.
    Track,
    /// A tag.
    Tag,
    /// A week of charts. None is asked about; accounts list them.
    Week,
}

impl ThingKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Account, Self::Artist, Self::Album, Self::Track, Self::Tag, Self::Week];

    /// The kind as it stands in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Artist => "artist",
            Self::Album => "album",
            Self::Track => "track",
            Self::Tag => "tag",
            Self::Week => "week",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What is meant, by the names under which it is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Thing {
    /// What kind of thing.
    pub kind: ThingKind,
    /// The artist's name, also of an album or a track; the tag; the account's name, in lower case; the first second of a
    /// week.
    pub name: String,
    /// The title of an album or a track; the end of a week; else empty.
    pub title: String,
}

impl Thing {
    /// A thing that one name names.
    #[must_use]
    pub fn named(kind: ThingKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), title: String::new() }
    }

    /// An album or a track of an artist.
    #[must_use]
    pub fn titled(kind: ThingKind, artist: impl Into<String>, title: impl Into<String>) -> Self {
        Self { kind, name: artist.into(), title: title.into() }
    }
}

/// Whether the service knows what it was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Knowledge {
    /// It does.
    Known,
    /// It says that there is no such thing.
    Unknown,
    /// Its answer is about another thing.
    Contradiction,
}

impl Knowledge {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Known, Self::Unknown, Self::Contradiction];

    /// The outcome as it stands in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Unknown => "unknown",
            Self::Contradiction => "contradiction",
        }
    }

    /// The outcome of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// What an answer says of the thing itself. What it does not tell is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutThing {
    /// The name, as the service writes it: of an album or a track the artist's.
    pub name: Option<String>,
    /// The title, as the service writes it.
    pub title: Option<String>,
    /// The MusicBrainz id, of the thing's kind; that of a track may be of a recording or of a track.
    pub mbid: Option<String>,
    /// How many people know it.
    pub listeners: Option<u64>,
    /// How often everybody played it; of an account, how often that account played anything.
    pub plays: Option<u64>,
    /// Milliseconds.
    pub length_ms: Option<u64>,
    /// The title of the album on which a track is found.
    pub album: Option<String>,
    /// The address of the largest picture; none where the service shows one that stands for none.
    pub cover: Option<String>,
    /// The address of its page.
    pub url: Option<String>,
    /// A few sentences, as plain text.
    pub summary: Option<String>,
    /// When these were published, in Unix seconds; of an account, when it was made.
    pub published_at: Option<i64>,
}

/// A tag in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightedTag {
    /// The word, as the service writes it.
    pub tag: String,
    /// 0 to 100, or a count, as the service tells.
    pub weight: Option<u64>,
}

/// A thing that an answer lists.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedThing {
    /// What it is.
    pub thing: Thing,
    /// Its MusicBrainz id.
    pub mbid: Option<String>,
    /// How alike it is, from 0 to 1.
    pub likeness: Option<f64>,
    /// How often it was played: by the account that is asked about, or by everybody.
    pub plays: Option<u64>,
    /// How many people know it.
    pub listeners: Option<u64>,
    /// Milliseconds.
    pub length_ms: Option<u64>,
    /// When it was loved, or when it began, in Unix seconds.
    pub listed_at: Option<i64>,
}

impl ListedThing {
    /// A thing of which nothing but its name is told.
    #[must_use]
    pub fn new(thing: Thing) -> Self {
        Self { thing, mbid: None, likeness: None, plays: None, listeners: None, length_ms: None, listed_at: None }
    }
}

/// What an answer says, apart from what it answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// Of the thing itself.
    pub about: Option<AboutThing>,
    /// Tags, most weighty first.
    pub tags: Vec<WeightedTag>,
    /// Other things, in the service's order.
    pub listed: Vec<ListedThing>,
    /// Of a list that comes in pages: so many there are, as far as the service tells.
    pub pages: Option<u64>,
}

/// A service's answer to a question about a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct ThingAnswer {
    /// What was asked about.
    pub thing: Thing,
    /// The service's name for the call.
    pub method: String,
    /// What else was asked, like `period=7day`; mostly empty.
    pub asked: String,
    /// Whether the service knows it.
    pub outcome: Knowledge,
    /// What it says.
    pub said: Said,
}
