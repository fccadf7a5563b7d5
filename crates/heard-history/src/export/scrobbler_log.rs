//! A portable player's `.scrobbler.log`, version 1.1: fields between tabs, moments in UTC.
//!
//! The format has no way to write a tab or a line's end in a name, nor an artist's name that begins a line with `#`,
//! which would make the line a comment. A space stands in the place of the first and before the other.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Done, Row};

/// Writes the lines that come before the plays.
pub(super) fn header(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "#AUDIOSCROBBLER/1.1\n#TZ/UTC\n#CLIENT/heard {}", env!("CARGO_PKG_VERSION"))
}

/// Writes one play: artist, album, track, its number on the album, its length in seconds, the rating of a play that
/// counts, the moment, the track's id. The number is not known, and for the length, 0 says that it is not. A play
/// without a moment has the 0 that players without a clock write.
pub(super) fn line(out: &mut impl Write, row: &Row<'_>) -> io::Result<Done> {
    let names = [row.artist, row.album, row.track, row.recording_mbid].map(in_one_field);
    let [artist, album, track, mbid] = &names;
    let comment = if artist.starts_with('#') { " " } else { "" };
    let played_at = row.played_at.unwrap_or_default();
    writeln!(out, "{comment}{artist}\t{album}\t{track}\t\t0\tL\t{played_at}\t{mbid}")?;
    let altered = !comment.is_empty() || names.iter().any(|name| matches!(name, Cow::Owned(_)));
    Ok(if altered { Done::Altered } else { Done::Whole })
}

fn in_one_field(name: &str) -> Cow<'_, str> {
    let between = ['\t', '\n', '\r'];
    if name.contains(between) { Cow::Owned(name.replace(between, " ")) } else { Cow::Borrowed(name) }
}
