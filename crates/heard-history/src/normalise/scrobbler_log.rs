//! A portable player's `.scrobbler.log`, versions 1.0 and 1.1, as Rockbox and others write it: tab-separated artist,
//! album, title, number, length, rating, moment and id, behind lines that begin with `#`.
//!
//! Version 1.0 has no id; newer writers may leave the rating empty. The layout is that of the recorded logs
//! `rockbox/*.scrobbler.log`.

use std::borrow::Cow;

use super::layout::{Format, Framing, Hints, Layout};
use super::moments::{Moments, Pattern};
use super::table::records::{Record, Records};
use super::table::row::{Collected, check_names};
use super::table::sleeve::{length_ms, number};
use crate::facts::{Other, Play, Reason, Rows, Sleeve, Sounding, Why};
use crate::listen::{Service, UNDATED};

/// Fields that a row has at least; the id behind them is one that version 1.0 lacks.
const FIELDS: usize = 7;

/// Places of the fields.
mod field {
    pub(super) const ARTIST: usize = 0;
    pub(super) const ALBUM: usize = 1;
    pub(super) const TITLE: usize = 2;
    pub(super) const NUMBER: usize = 3;
    pub(super) const LENGTH: usize = 4;
    pub(super) const RATING: usize = 5;
    pub(super) const MOMENT: usize = 6;
    pub(super) const ID: usize = 7;
}

/// Reads a piece of a log. Moments of a player that does not know its zone are local time written as if it were UTC;
/// they are of the layout's zone.
#[must_use]
pub fn read<'a>(layout: &Layout, piece: &'a [u8]) -> Rows<'a> {
    let moments = Moments::in_zone(layout.zone.as_deref());
    let mut rows = Collected::default();
    let mut records = Records::lines(piece);
    while let Some(record) = records.next() {
        if !is_comment(&record) {
            rows.take(&record, read_row(&moments, &record));
        }
    }
    rows.into_rows()
}

/// The layout of a log, if this is the beginning of one. Its zone is used where the log does not say `#TZ/UTC`.
pub(super) fn recognise(head: &[u8], hints: &Hints) -> Option<Layout> {
    if !head.starts_with(b"#AUDIOSCROBBLER/1.") {
        return None;
    }
    let mut zone = hints.zone.clone();
    let mut skip_lines = 0;
    let mut records = Records::lines(head);
    while let Some(record) = records.next() {
        if !is_comment(&record) {
            break;
        }
        if record.raw.trim_ascii().eq_ignore_ascii_case(b"#TZ/UTC") {
            zone = None;
        }
        skip_lines = record.line + 1;
    }
    Some(Layout {
        format: Format::ScrobblerLog,
        framing: Framing::Lines,
        skip_lines,
        service: Service::Player,
        account: None,
        zone,
        table: None,
    })
}

/// Whether a line begins with `#` and is no row: an artist's name may begin so, too.
fn is_comment(record: &Record<'_, '_>) -> bool {
    record.raw.starts_with(b"#")
        && !(record.len() >= FIELDS
            && matches!(&*record.field(field::RATING), "L" | "S")
            && Moments::in_zone(None).read(Pattern::Seconds, &record.field(field::MOMENT)).is_some())
}

fn read_row<'a>(moments: &Moments, record: &Record<'a, '_>) -> Result<Play<'a>, Why> {
    record.check_text()?;
    if record.len() < FIELDS {
        return Err(Why::Reject(Reason::Malformed));
    }
    match record.field(field::RATING).trim() {
        "L" | "" => {}
        "S" => return Err(Why::Other(Other::Skipped)),
        _ => return Err(Why::Reject(Reason::Malformed)),
    }
    let played_at = read_moment(moments, &record.field(field::MOMENT))?;
    let (artist, track) = (record.field(field::ARTIST), record.field(field::TITLE));
    check_names(&artist, &track)?;
    let told = |at| Some(record.field(at)).filter(|text: &Cow<'_, str>| !text.trim().is_empty());
    Ok(Play {
        row: 0,
        played_at,
        artist,
        album: told(field::ALBUM),
        track,
        artist_mbid: None,
        release_mbid: None,
        recording_mbid: told(field::ID),
        sounding: Sounding { sleeve: sleeve(record), ..Sounding::default() },
    })
}

fn sleeve<'a>(record: &Record<'a, '_>) -> Option<Box<Sleeve<'a>>> {
    let number = number(&record.field(field::NUMBER));
    let length_ms = length_ms(&record.field(field::LENGTH)).filter(|length| *length > 0);
    Some(Box::new(Sleeve { album_artist: None, number, length_ms }))
}

/// A player whose clock does not go writes 0.
fn read_moment(moments: &Moments, text: &str) -> Result<i64, Why> {
    if text.trim().is_empty() {
        return Err(Why::Reject(Reason::NoTime));
    }
    let told = Moments::in_zone(None).read(Pattern::Seconds, text).map(|moment| moment.second);
    let moment = told.and_then(|told| if told == UNDATED { Some(UNDATED) } else { moments.of_local_seconds(told) });
    moment.ok_or(Why::Reject(Reason::BadTime))
}
