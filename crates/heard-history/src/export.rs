//! Everything out again, newest first, undated plays last.

mod csv;
mod jsonl;
mod listenbrainz;
mod parquet;
mod scrobbler_log;

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::columns::{Column, Columns, ColumnsError, Dictionary, Moment};
use crate::store::Mbids;

/// Rows that are read at once.
const BLOCK: usize = 1 << 16;

/// Columns and manners of a CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// `artist,album,track,timestamps,datetime`; quotes where RFC 4180 wants them; nothing is changed.
    Heard,
    /// The same for spreadsheets: a byte-order mark, CRLF, and an apostrophe before what would be a formula.
    Spreadsheet,
    /// `uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid`, everything quoted.
    Ghan,
    /// `artist,album,track,date` without a header, to the minute.
    Benjaminbenben,
    /// `artist,artist_mbid,album,album_mbid,track,track_mbid,timestamp,datetime`.
    Downloader,
}

/// A format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv(Profile),
    /// A JSON object a line, with everything that is known.
    Jsonl,
    /// The same fields as columns in the Apache Parquet file format: bytes, not text.
    Parquet,
    /// A listen a line, as ListenBrainz writes and takes them.
    Listenbrainz,
    /// A portable player's `.scrobbler.log`, version 1.1.
    ScrobblerLog,
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The columns cannot be read.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// One play on its way out.
struct Row<'a> {
    played_at: Option<i64>,
    artist: &'a str,
    album: &'a str,
    track: &'a str,
    artist_mbid: &'a str,
    release_mbid: &'a str,
    recording_mbid: &'a str,
    ms_played: Option<i32>,
    listener: &'a str,
    /// Accounts, with spaces between them: no account's name holds one.
    sources: &'a str,
}

/// What became of the plays of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Plays that were written.
    pub plays: u64,
    /// Plays that the format cannot hold, or that its reader is known to refuse; they are not in the output.
    pub left_out: u64,
    /// Plays that were written with a name changed, because the format has no way to hold it as it is.
    pub altered: u64,
}

/// How one play was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Whole,
    Altered,
    LeftOut,
}

impl Exported {
    fn count(&mut self, done: Done) {
        match done {
            Done::Whole => self.plays += 1,
            Done::Altered => {
                self.plays += 1;
                self.altered += 1;
            }
            Done::LeftOut => self.left_out += 1,
        }
    }
}

/// Writes every play. MusicBrainz ids are needed for the layouts that have columns for them, and for the other formats.
///
/// # Errors
/// [`ExportError`]; what was written until then is whole lines, or a Parquet file without its end, which no reader
/// takes.
pub fn export(
    columns: &Columns,
    mbids: &Mbids,
    format: Format,
    out: impl Write + Send,
) -> Result<Exported, ExportError> {
    let names = Names::read(columns)?;
    let mut exported = Exported::default();
    let mut each = |take: &mut dyn FnMut(&Row<'_>) -> io::Result<Done>| {
        for_each(columns, &names, mbids, |row| take(row).map(|done| exported.count(done)))
    };
    match format {
        Format::Csv(profile) => {
            let mut writer = csv::writer(profile, out)?;
            each(&mut |row| csv::row(&mut writer, profile, row).map(|()| Done::Whole).map_err(io::Error::from))?;
            writer.flush()?;
        }
        Format::Parquet => {
            let mut writer = parquet::Writer::new(out)?;
            each(&mut |row| writer.push(row).map(|()| Done::Whole))?;
            writer.finish()?;
        }
        Format::Jsonl | Format::Listenbrainz | Format::ScrobblerLog => {
            let mut out = io::BufWriter::with_capacity(1 << 16, out);
            match format {
                Format::Listenbrainz => each(&mut |row| listenbrainz::line(&mut out, row))?,
                Format::ScrobblerLog => {
                    scrobbler_log::header(&mut out)?;
                    each(&mut |row| scrobbler_log::line(&mut out, row))?;
                }
                _ => each(&mut |row| jsonl::line(&mut out, row).map(|()| Done::Whole))?,
            }
            out.flush()?;
        }
    }
    Ok(exported)
}

struct Names {
    artists: Dictionary,
    albums: Dictionary,
    tracks: Dictionary,
    listeners: Dictionary,
    sources: Dictionary,
}

impl Names {
    fn read(columns: &Columns) -> Result<Self, ColumnsError> {
        Ok(Self {
            artists: columns.dictionary(Column::Artist)?,
            albums: columns.dictionary(Column::Album)?,
            tracks: columns.dictionary(Column::Track)?,
            listeners: columns.dictionary(Column::Listener)?,
            sources: columns.dictionary(Column::Source)?,
        })
    }
}

fn for_each(
    columns: &Columns,
    names: &Names,
    mbids: &Mbids,
    mut take: impl FnMut(&Row<'_>) -> io::Result<()>,
) -> Result<(), ExportError> {
    let mut high = columns.dated();
    while high > 0 {
        let low = high.saturating_sub(BLOCK);
        block(columns, names, mbids, low..high, &mut take)?;
        high = low;
    }
    block(columns, names, mbids, columns.dated()..columns.rows(), &mut take)
}

fn block(
    columns: &Columns,
    names: &Names,
    mbids: &Mbids,
    rows: std::ops::Range<usize>,
    take: &mut impl FnMut(&Row<'_>) -> io::Result<()>,
) -> Result<(), ExportError> {
    let dated = rows.end <= columns.dated();
    let read = |column| columns.values(column, rows.clone());
    let (artist, album, track) = (read(Column::Artist)?, read(Column::Album)?, read(Column::Track)?);
    let (album_id, track_id) = (read(Column::AlbumId)?, read(Column::TrackId)?);
    let (ms, listener, source) = (read(Column::MsPlayed)?, read(Column::Listener)?, read(Column::Source)?);
    let id = read(Column::PlayId)?;
    let played = if dated { columns.moments(Moment::PlayedAt, rows.clone())? } else { Cow::default() };
    for at in (0..rows.len()).rev() {
        let has_album = album_id[at] != 0;
        let shown = (
            names.artists.get(artist[at]),
            if has_album { names.albums.get(album[at]) } else { "" },
            names.tracks.get(track[at]),
        );
        // Everything goes out as it came in, however it is shown here.
        let (artist, album, track) =
            mbids.reported(id[at]).map_or(shown, |it| (it.artist.as_str(), it.album.as_str(), it.track.as_str()));
        take(&Row {
            played_at: played.get(at).copied(),
            artist,
            album,
            track,
            artist_mbid: mbids.artist(artist),
            release_mbid: if has_album { mbids.release(album_id[at]) } else { "" },
            recording_mbid: mbids.recording(track_id[at]),
            ms_played: Some(ms[at]).filter(|ms| *ms >= 0),
            listener: names.listeners.get(listener[at]),
            sources: names.sources.get(source[at]),
        })?;
    }
    Ok(())
}

/// A moment in UTC. Moments that no calendar has are written as their seconds.
fn utc(second: i64, format: &str) -> String {
    Timestamp::from_second(second)
        .map_or_else(|_| second.to_string(), |moment| moment.to_zoned(TimeZone::UTC).strftime(format).to_string())
}

/// A text, where there is one.
fn told(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
