//! Everything out again, newest first, undated plays last.

use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

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
    source: &'a str,
}

/// Writes every play. MusicBrainz ids are needed for the layouts that have columns for them, and for JSON lines.
///
/// # Errors
/// [`ExportError`]; what was written until then is whole lines.
pub fn export(columns: &Columns, mbids: &Mbids, format: Format, out: impl Write) -> Result<u64, ExportError> {
    let names = Names::read(columns)?;
    match format {
        Format::Jsonl => {
            let mut out = io::BufWriter::new(out);
            for_each(columns, &names, mbids, |row| json_line(&mut out, row))?;
            out.flush()?;
        }
        Format::Csv(profile) => {
            let mut writer = csv_writer(profile, out)?;
            for_each(columns, &names, mbids, |row| csv_row(&mut writer, profile, row).map_err(io::Error::from))?;
            writer.flush()?;
        }
    }
    Ok(columns.rows() as u64)
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
    let played = if dated { columns.moments(Moment::PlayedAt, rows.clone())? } else { Vec::new() };
    for at in (0..rows.len()).rev() {
        let artist = names.artists.get(artist[at]);
        let has_album = album_id[at] != 0;
        take(&Row {
            played_at: played.get(at).copied(),
            artist,
            album: if has_album { names.albums.get(album[at]) } else { "" },
            track: names.tracks.get(track[at]),
            artist_mbid: mbids.artist(artist),
            release_mbid: if has_album { mbids.release(album_id[at]) } else { "" },
            recording_mbid: mbids.recording(track_id[at]),
            ms_played: Some(ms[at]).filter(|ms| *ms >= 0),
            listener: names.listeners.get(listener[at]),
            source: names.sources.get(source[at]),
        })?;
    }
    Ok(())
}

fn csv_writer<W: Write>(profile: Profile, mut out: W) -> io::Result<Writer<W>> {
    let mut builder = WriterBuilder::new();
    builder.buffer_capacity(1 << 18);
    let header: &[&str] = match profile {
        Profile::Heard | Profile::Spreadsheet => &["artist", "album", "track", "timestamps", "datetime"],
        Profile::Ghan => &["uts", "utc_time", "artist", "artist_mbid", "album", "album_mbid", "track", "track_mbid"],
        Profile::Benjaminbenben => &[],
        Profile::Downloader => {
            &["artist", "artist_mbid", "album", "album_mbid", "track", "track_mbid", "timestamp", "datetime"]
        }
    };
    if profile == Profile::Ghan {
        builder.quote_style(QuoteStyle::Always);
    }
    if profile == Profile::Spreadsheet {
        builder.terminator(Terminator::CRLF);
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut writer = builder.from_writer(out);
    if !header.is_empty() {
        writer.write_record(header)?;
    }
    Ok(writer)
}

fn csv_row<W: Write>(writer: &mut Writer<W>, profile: Profile, row: &Row<'_>) -> csv::Result<()> {
    let uts = row.played_at.unwrap_or_default();
    let seconds = uts.to_string();
    match profile {
        Profile::Heard => {
            writer.write_record([row.artist, row.album, row.track, &seconds, &utc(uts, "%Y-%m-%d %H:%M:%S")])
        }
        Profile::Spreadsheet => {
            let safe = [row.artist, row.album, row.track].map(safe_cell);
            writer.write_record([&safe[0], &safe[1], &safe[2], &seconds, &utc(uts, "%Y-%m-%d %H:%M:%S")])
        }
        Profile::Ghan => writer.write_record([
            &seconds,
            &utc(uts, "%d %b %Y, %H:%M"),
            row.artist,
            row.artist_mbid,
            row.album,
            row.release_mbid,
            row.track,
            row.recording_mbid,
        ]),
        Profile::Benjaminbenben => writer.write_record([row.artist, row.album, row.track, &utc(uts, "%d %b %Y %H:%M")]),
        Profile::Downloader => writer.write_record([
            row.artist,
            row.artist_mbid,
            row.album,
            row.release_mbid,
            row.track,
            row.recording_mbid,
            &seconds,
            &utc(uts, "%Y-%m-%d %H:%M:%S"),
        ]),
    }
}

/// A moment in UTC. Moments that no calendar has are written as their seconds.
fn utc(second: i64, format: &str) -> String {
    Timestamp::from_second(second)
        .map_or_else(|_| second.to_string(), |moment| moment.to_zoned(TimeZone::UTC).strftime(format).to_string())
}

/// A cell that a spreadsheet takes for text: what begins like a formula (OWASP: = + - @, tab, CR, NUL) or with an
/// apostrophe gets an apostrophe before it, so that taking one away always gives back the name.
fn safe_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '\'', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[derive(Serialize)]
struct JsonLine<'a> {
    listener: &'a str,
    played_at: Option<i64>,
    played_time: Option<String>,
    artist: &'a str,
    album: Option<&'a str>,
    track: &'a str,
    ms_played: Option<i32>,
    artist_mbid: Option<&'a str>,
    release_mbid: Option<&'a str>,
    recording_mbid: Option<&'a str>,
    sources: [&'a str; 1],
}

fn json_line(out: &mut impl Write, row: &Row<'_>) -> io::Result<()> {
    fn some(text: &str) -> Option<&str> {
        Some(text).filter(|text| !text.is_empty())
    }
    let line = JsonLine {
        listener: row.listener,
        played_at: row.played_at,
        played_time: row.played_at.map(|uts| utc(uts, "%Y-%m-%dT%H:%M:%SZ")),
        artist: row.artist,
        album: some(row.album),
        track: row.track,
        ms_played: row.ms_played,
        artist_mbid: some(row.artist_mbid),
        release_mbid: some(row.release_mbid),
        recording_mbid: some(row.recording_mbid),
        sources: [row.source],
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}
