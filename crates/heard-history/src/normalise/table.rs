//! Tables of plays: comma-separated values and their relatives, as exporters, spreadsheets and R write them.
//!
//! What a table's columns mean is settled once, when the file is recognised, and kept in its [`Table`]; every piece of
//! the file is then read by that alone.

mod by_hand;
pub(super) mod header;
mod headerless;
pub(super) mod records;
pub(super) mod row;
pub(super) mod sample;
pub(super) mod sleeve;

use serde::{Deserialize, Serialize};

use super::layout::{Hints, Layout};
use super::moments::{Moments, Pattern};
use crate::facts::Rows;
use crate::listen::Service;
use records::Records;
use row::Reader;
use sample::Sample;

/// What stands between the fields of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

impl Delimiter {
    /// Every delimiter, the ones that names hardly hold first.
    pub const ALL: [Self; 3] = [Self::Tab, Self::Semicolon, Self::Comma];

    /// The byte.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// What quotes mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quoting {
    /// A field may stand in quotes and then hold delimiters, line ends and doubled quotes, as in RFC 4180. Where a
    /// record does not keep to that, its line is read with a quote ending a field only before a delimiter, and then with
    /// quotes as part of the text; the first reading with as many fields as there are columns holds.
    Quoted,
    /// A quote is a character like any other, and a record is a line.
    Plain,
}

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Nothing that is read: row numbers, listeners' names.
    Ignored,
    /// The artist's name.
    Artist,
    /// The album's title.
    Album,
    /// The track's title.
    Track,
    /// When the play began. Of several such columns the most exact one that is not empty counts.
    Began(Pattern),
    /// When the play ended.
    Ended(Pattern),
    /// The artist's MusicBrainz id.
    ArtistMbid,
    /// The album's MusicBrainz id.
    ReleaseMbid,
    /// The track's MusicBrainz id.
    RecordingMbid,
    /// Milliseconds played.
    MsPlayed,
    /// Seconds played.
    SecondsPlayed,
    /// The album's artist.
    AlbumArtist,
    /// The track's place on its album.
    TrackNumber,
    /// The track's length: seconds, `4:19` or `00:04:19`.
    Length,
    /// The track's length in milliseconds.
    LengthMs,
    /// What happened, as Pano Scrobbler writes it: `scrobble`, `love`, `unlove`.
    Event,
    /// What happened, as Apple Music writes it: `PLAY_END`, `LYRIC_DISPLAY`.
    EventType,
    /// What it happened to, as Apple Music writes it: `ITUNES_STORE_CONTENT`, `AD`.
    ItemType,
    /// `AUDIO` or `VIDEO`, as Apple Music writes it.
    MediaType,
    /// Why it ended, as Apple Music writes it: `NATURAL_END_OF_TRACK`.
    EndReason,
    /// Whether it sounded without a connection: `True` or `False`.
    Offline,
    /// By how many seconds local time was ahead of UTC.
    UtcOffset,
}

/// What a row without any moment is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithoutMoment {
    /// A row that lacks what it should have.
    #[default]
    Missing,
    /// What sounded while the export was made: Last.fm lists it without a date.
    NowPlaying,
    /// A play whose moment nobody knows: `heard` leaves the moment out where it is so.
    Undated,
}

/// What a table of plays looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// What stands between fields.
    pub delimiter: Delimiter,
    /// What quotes mean.
    pub quoting: Quoting,
    /// What each column means. A record with more fields, not all of them empty, or with fewer is malformed.
    pub columns: Vec<Column>,
    /// What a row without a moment is.
    #[serde(default)]
    pub without_moment: WithoutMoment,
    /// Whether an apostrophe before what a spreadsheet would take for a formula is to be taken off, as in `heard`'s own
    /// export for spreadsheets.
    #[serde(default)]
    pub apostrophes: bool,
    /// Whether an unquoted `NA` is an empty field, as R writes it. In quotes it is data.
    #[serde(default)]
    pub na: bool,
}

/// Reads a piece of a table. The layout must be that of a table; without one, no record can be read.
#[must_use]
pub fn read<'a>(layout: &Layout, piece: &'a [u8]) -> Rows<'a> {
    let mut rows = row::Collected::default();
    let reader = layout.table.as_ref().and_then(|table| Reader::new(table, Moments::in_zone(layout.zone.as_deref())));
    let mut records = Records::new(layout.table.as_ref(), piece);
    while let Some(record) = records.next() {
        let read = reader.as_ref().map_or(row::MALFORMED, |reader| reader.read(&record));
        rows.take(&record, read);
    }
    rows.into_rows()
}

/// How a text that may be a table of plays is to be read. `None`: it is no table. An error is a sentence: it is one,
/// and cannot be taken in, or not without help.
#[must_use]
pub(in crate::normalise) fn recognise(head: &Sample<'_>, hints: &Hints) -> Option<Result<Recognised, String>> {
    if !hints.columns.is_empty() {
        return Some(by_hand::recognise(head, &hints.columns));
    }
    header::recognise(head).or_else(|| headerless::recognise(head))
}

/// A table that was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::normalise) struct Recognised {
    /// Its columns.
    pub(in crate::normalise) table: Table,
    /// Lines before its first record.
    pub(in crate::normalise) skip_lines: u32,
    /// Who told.
    pub(in crate::normalise) service: Service,
    /// The account, where the header tells.
    pub(in crate::normalise) account: Option<String>,
}
