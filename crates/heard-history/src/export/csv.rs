//! Comma-separated values, in the columns that others have made familiar.

use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::{Profile, Row, utc};

/// A writer with the profile's header already in it.
pub(super) fn writer<W: Write>(profile: Profile, mut out: W) -> io::Result<Writer<W>> {
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

/// Writes one play.
pub(super) fn row<W: Write>(writer: &mut Writer<W>, profile: Profile, row: &Row<'_>) -> csv::Result<()> {
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

/// A cell that a spreadsheet takes for text: what begins like a formula (OWASP: = + - @, tab, CR, NUL) or with an
/// apostrophe gets an apostrophe before it, so that taking one away always gives back the name.
fn safe_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '\'', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
