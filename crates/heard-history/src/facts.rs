//! What an envelope told us: the only type between reading answers and keeping plays.

mod covers;
mod played;
mod things;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use covers::{CoverAnswer, CoverOutcome, CoverReply, NoPicture, Picture, PictureForm};
pub use things::{AboutThing, Knowledge, ListedThing, Said, Thing, ThingAnswer, ThingKind, WeightedTag};

use crate::listen::Span;
use crate::rules::Rule;

pub use played::Sleeve;

/// One play as a source reported it. Names are exactly as reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play<'a> {
    /// Its row in the answer, counted from 0.
    pub row: u32,
    /// When it began, in Unix seconds; 0 for an undated play.
    pub played_at: i64,
    /// The artist's name.
    pub artist: Cow<'a, str>,
    /// The album's title, where one was reported.
    pub album: Option<Cow<'a, str>>,
    /// The track's title.
    pub track: Cow<'a, str>,
    /// The artist's MusicBrainz id, as reported.
    pub artist_mbid: Option<Cow<'a, str>>,
    /// The album's MusicBrainz id, as reported.
    pub release_mbid: Option<Cow<'a, str>>,
    /// The track's MusicBrainz id, as reported. Last.fm mixes recording and track ids.
    pub recording_mbid: Option<Cow<'a, str>>,
    /// What else the source tells of how it sounded.
    pub sounding: Sounding<'a>,
}

/// Which moment of a play a source gives. The other one is computed from the time played, where that is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Clock {
    /// When it began.
    #[default]
    Start,
    /// When it ended.
    End,
    /// Both.
    Both,
}

/// How exact a source's moments are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resolution {
    /// To the second.
    #[default]
    Second,
    /// To the minute: the moment that is told is the beginning of the minute.
    Minute,
}

/// How a play sounded, as far as its source tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sounding<'a> {
    /// When it ended, in Unix seconds, where that is told or can be computed.
    pub ended_at: Option<i64>,
    /// Milliseconds played, as told: some sources tell negative ones.
    pub ms_played: Option<i64>,
    /// Which moment was told.
    pub clock: Clock,
    /// How exact the moment is.
    pub resolution: Resolution,
    /// Whether the listener went on to something else.
    pub skipped: Option<bool>,
    /// Whether it was meant not to be shown to others.
    pub incognito: Option<bool>,
    /// Whether it sounded without a connection.
    pub offline: Option<bool>,
    /// The source's own id of the track, like `spotify:track:…`.
    pub uri: Option<Cow<'a, str>>,
    /// What it tells of the track besides its names.
    pub sleeve: Option<Box<Sleeve<'a>>>,
}

/// A row of an export file that is something else than a play of music. Known, counted, and not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Other {
    /// An episode of a podcast.
    Podcast,
    /// A chapter of an audiobook.
    Audiobook,
    /// A video, or anything else that was watched.
    Video,
    /// What sounded while the export was made; it is listed again once it has been heard.
    NowPlaying,
    /// A row that a player itself marks as skipped (rating `S`).
    Skipped,
    /// A loved or unloved track.
    Feedback,
    /// Neither a track nor anything else is named, because it vanished from the service.
    NoMetadata,
    /// Sums over many plays, displays of lyrics, and other rows that tell of no single play.
    NotAPlay,
}

impl Other {
    /// The kind as it stands in the store and in `--json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Podcast => "podcast",
            Self::Audiobook => "audiobook",
            Self::Video => "video",
            Self::NowPlaying => "now_playing",
            Self::Skipped => "skipped",
            Self::Feedback => "feedback",
            Self::NoMetadata => "no_metadata",
            Self::NotAPlay => "not_a_play",
        }
    }
}

/// Why a row is not a play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The artist's name is empty.
    NoArtist,
    /// The track's title is empty.
    NoTrack,
    /// It bears no moment.
    NoTime,
    /// Its moment cannot be read.
    BadTime,
    /// It is not as its format says: too few fields, another type.
    Malformed,
    /// It holds bytes that are no UTF-8, or half of a character behind an escape.
    NotUtf8,
    /// It holds a NUL, which no name has: mostly what a disk or a program left where text was lost.
    Nul,
    /// It is longer than any row of a history.
    TooLong,
    /// The file ends in the middle of it.
    Truncated,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::NoArtist,
        Self::NoTrack,
        Self::NoTime,
        Self::BadTime,
        Self::Malformed,
        Self::NotUtf8,
        Self::Nul,
        Self::TooLong,
        Self::Truncated,
    ];

    /// The reason of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// The reason as it stands in the store and in `--json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoArtist => "no_artist",
            Self::NoTrack => "no_track",
            Self::NoTime => "no_time",
            Self::BadTime => "bad_time",
            Self::Malformed => "malformed",
            Self::NotUtf8 => "not_utf8",
            Self::Nul => "nul",
            Self::TooLong => "too_long",
            Self::Truncated => "truncated",
        }
    }
}

/// A row that could not be read as a play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Its row in the answer, counted from 0.
    pub row: u32,
    /// The second under which the service lists it.
    pub played_at: i64,
    /// Why.
    pub reason: Reason,
}

/// Why a row of an export file is not stored as a play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// It is something else.
    Other(Other),
    /// It cannot be read.
    Reject(Reason),
}

/// A row of an export file that is no play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The row in its piece of the file, counted from 0.
    pub row: u32,
    /// The line on which it begins, counted from 0 at the beginning of the piece.
    pub line: u32,
    /// Why.
    pub why: Why,
    /// The row as it stands, at most [`LeftOut::LONGEST`] bytes of it; bytes that are no text are shown as `\xNN`.
    pub text: String,
}

impl LeftOut {
    /// The most that is kept of a row's text.
    pub const LONGEST: usize = 1024;
}

/// What a piece of an export file tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows<'a> {
    /// How many rows it has, of every kind: plays and left out.
    pub count: u32,
    /// Its plays, in the order of the file.
    pub plays: Vec<Play<'a>>,
    /// The line on which each play begins, counted from 0 at the beginning of the piece; empty where records are not
    /// told apart by lines.
    pub lines: Vec<u32>,
    /// The others, in the order of the file.
    pub left_out: Vec<LeftOut>,
    /// Whether reading showed that the piece is one value of JSON; if not, it may be one all the same.
    pub is_json: bool,
}

/// What one answer proves of a stretch of time: these rows, and no others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing<'a> {
    /// The plays in it.
    pub plays: Vec<Play<'a>>,
    /// The rows in it that are no plays.
    pub rejects: Vec<Reject>,
}

impl Listing<'_> {
    /// How many rows the service counts here.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.plays.len() + self.rejects.len()
    }

    /// Drops rows outside a stretch of time.
    pub fn keep(&mut self, span: &Span) {
        self.plays.retain(|play| span.contains(play.played_at));
        self.rejects.retain(|reject| span.contains(reject.played_at));
    }
}

/// A mark's body: a run began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunBegan {
    /// When, by the service's clock.
    pub began_at: i64,
}

/// A mark's body: the `pages` envelopes before it in the same frame were read twice, agreed, and are all there is of
/// this stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The stretch that is closed.
    pub span: Span,
    /// How many envelopes before this one hold its rows.
    pub pages: usize,
}

/// A mark's body: an export file begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportBegan {
    /// The file as it was named, with its place inside a zip.
    pub file: String,
    /// The format's name.
    pub format: String,
    /// How it is read.
    pub layout: serde_json::Value,
}

/// A mark's body: the pieces since the beginning are the whole file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportEnded {
    /// Bytes of the file, decompressed.
    pub bytes: u64,
    /// SHA-256 of these bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// How many pieces came before.
    pub pieces: u64,
}

/// A mark's body: what the listener decided by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "decision")]
pub enum Decision {
    /// Plays of this account that the service no longer shows may be taken out of the history.
    ConfirmRemovals {
        /// Removals first seen up to this moment (Unix seconds) are meant.
        seen_until: i64,
    },
    /// What an import told does not hold.
    UndoImport {
        /// The import.
        import: u64,
    },
    /// What an import told holds again.
    RedoImport {
        /// The import.
        import: u64,
    },
    /// Names and plays are to be seen otherwise.
    Rule {
        /// How.
        rule: Rule,
    },
    /// A rule holds no longer.
    RevokeRule {
        /// The rule.
        rule: u64,
    },
}

/// What an envelope means.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning<'a> {
    /// All rows of a stretch of time.
    Closes {
        /// The stretch.
        span: Span,
        /// What is in it.
        listing: Listing<'a>,
        /// How many rows the service counts in the window that was asked.
        total: u64,
    },
    /// Some rows of a stretch of time, of which the service can show no more.
    Shows {
        /// The stretch.
        span: Span,
        /// What is in it at least.
        listing: Listing<'a>,
    },
    /// A page that counts only with the closing mark behind it.
    Part(Listing<'a>),
    /// The pages before it count.
    Closing(Closing),
    /// How many rows a stretch of time has; without one, the whole list with its undated rows.
    Count {
        /// The stretch that was wanted.
        span: Option<Span>,
        /// The service's count.
        total: u64,
    },
    /// A run began.
    RunBegan(RunBegan),
    /// A run ended with nothing left to ask.
    RunEnded,
    /// A decision by hand.
    Decision(Decision),
    /// An export file begins.
    ImportBegan(ImportBegan),
    /// A piece of an export file.
    Rows {
        /// Its rows.
        rows: Rows<'a>,
        /// The line of the file on which the piece begins, counted from 1.
        first_line: u64,
    },
    /// An export file was taken in whole.
    ImportEnded(ImportEnded),
    /// What a service says of a thing.
    Answer(Box<ThingAnswer>),
    /// What lay at the address of a cover.
    Cover(CoverAnswer),
    /// Nothing about plays.
    Asked,
    /// What a player played.
    Watched(Rows<'a>),
}
