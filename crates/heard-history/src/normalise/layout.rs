//! How an export file is to be read: settled once, when the file is taken in, and kept with every piece of it, so that
//! the same bytes always mean the same.

use serde::{Deserialize, Serialize};

use super::table::Table;
use crate::listen::Service;

/// A format of export files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Spotify's account data: `StreamingHistory0.json`, `StreamingHistory_music_0.json`, `StreamingHistory_podcast_0.json`.
    SpotifyAccountData,
    /// Spotify's extended streaming history: `endsong_0.json`, `Streaming_History_Audio_….json`.
    SpotifyExtended,
    /// Pages of `user.getRecentTracks` as Last.fm sends them: one, or a list of them, with or without their wrapper.
    LastfmPages,
    /// The JSON of lastfmstats.com.
    Lastfmstats,
    /// The JSON that Last.fm itself offered in 2014.
    LastfmOfficial,
    /// ListenBrainz' listens: lines of JSON, or one array of them.
    Listenbrainz,
    /// Maloja's export.
    Maloja,
    /// Koito's export.
    Koito,
    /// Pano Scrobbler's lines of JSON.
    Panoscrobbler,
    /// A portable player's `.scrobbler.log`, versions 1.0 and 1.1.
    ScrobblerLog,
    /// Apple Music's `Apple Music Play Activity.csv`.
    AppleMusic,
    /// YouTube's `watch-history.json` as Takeout writes it.
    Youtube,
    /// Deezer's `deezer-data_….xlsx`.
    Deezer,
    /// `heard`'s own lines of JSON.
    Heard,
    /// Any table of plays: exporters' CSV and TSV, `heard`'s own CSV and Parquet, and what `--columns` describes.
    Table,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 15] = [
        Self::SpotifyAccountData,
        Self::SpotifyExtended,
        Self::LastfmPages,
        Self::Lastfmstats,
        Self::LastfmOfficial,
        Self::Listenbrainz,
        Self::Maloja,
        Self::Koito,
        Self::Panoscrobbler,
        Self::ScrobblerLog,
        Self::AppleMusic,
        Self::Youtube,
        Self::Deezer,
        Self::Heard,
        Self::Table,
    ];

    /// The name as it stands in the store, in `--json` and behind `--as`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SpotifyAccountData => "spotify-account-data",
            Self::SpotifyExtended => "spotify-extended",
            Self::LastfmPages => "lastfm-pages",
            Self::Lastfmstats => "lastfmstats",
            Self::LastfmOfficial => "lastfm-official",
            Self::Listenbrainz => "listenbrainz",
            Self::Maloja => "maloja",
            Self::Koito => "koito",
            Self::Panoscrobbler => "panoscrobbler",
            Self::ScrobblerLog => "scrobbler-log",
            Self::AppleMusic => "apple-music",
            Self::Youtube => "youtube",
            Self::Deezer => "deezer",
            Self::Heard => "heard",
            Self::Table => "table",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How the records of a file follow each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// The elements of the JSON array at this key; without one, the document itself is the array.
    Elements(Option<String>),
    /// The whole document is one record, of one piece.
    Document,
    /// A record a line.
    Lines,
    /// Records of comma-separated values, which may span lines inside quotes. The header, where there is one, is part
    /// of the layout and of no piece.
    Table,
}

/// How one export file is to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Its format.
    pub format: Format,
    /// How its records follow each other.
    pub framing: Framing,
    /// Lines at its beginning that hold no records (headers, comments).
    #[serde(default)]
    pub skip_lines: u32,
    /// Who told of the plays.
    pub service: Service,
    /// The account there, where the file or its name tells; in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The IANA name of the zone of moments that name none; without one they are UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// What the columns of a table mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
}

/// What the listener says of files that do not say it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The format, instead of the one recognised.
    pub format: Option<Format>,
    /// The IANA name of the zone of moments that name none.
    pub zone: Option<String>,
    /// Columns of a table, as `(meaning, name or number from 1)`: `("artist", "Interpret")`, `("time", "3")`.
    pub columns: Vec<(String, String)>,
}
