//! Apple Music's `Apple Music Play Activity.csv`, from the privacy page's `Apple_Media_Services.zip`.
//!
//! A row is a stretch of sounding, so that one listening may have several. Rows are plays where Apple says that
//! something of its catalogue ended (`PLAY_END`, or nothing in rows before mid 2018) and that it was no video; as in
//! `apple-music/Apple_Music_Play_Activity_sample.csv`. Newer files call the title `Song Name`.

use std::borrow::Cow;

use super::layout::Layout;
use super::moments::{Moment, Moments, Pattern};
use super::table::header::folded;
use super::table::records::{Record, Records};
use super::table::row::{Collected, MALFORMED, Times, check_form, check_names, milliseconds};
use super::table::sample::{Line, Sample};
use super::table::{Column, Delimiter, Quoting, Table, WithoutMoment};
use crate::facts::{Other, Play, Reason, Rows, Sounding, Why};

/// Apple's names for what is read, older ones first; the first that a file has counts.
const NAMES: [(&str, Column); 17] = [
    ("artistname", Column::Artist),
    ("containerartistname", Column::Artist),
    ("contentname", Column::Track),
    ("songname", Column::Track),
    ("albumname", Column::Album),
    ("containeralbumname", Column::Album),
    ("eventstarttimestamp", Column::Began(Pattern::YearMonthDay)),
    ("eventendtimestamp", Column::Ended(Pattern::YearMonthDay)),
    ("eventtype", Column::EventType),
    ("itemtype", Column::ItemType),
    ("mediatype", Column::MediaType),
    ("endreasontype", Column::EndReason),
    ("offline", Column::Offline),
    ("playdurationmilliseconds", Column::MsPlayed),
    ("playdurationinmilliseconds", Column::MsPlayed),
    ("utcoffsetinseconds", Column::UtcOffset),
    ("utcoffset", Column::UtcOffset),
];

/// The table of a file with Apple's header, and the lines up to its first row. An error is a sentence.
pub(super) fn recognise(sample: &Sample<'_>) -> Option<Result<(Table, u32), String>> {
    let header = sample.divided(Delimiter::Comma).first()?;
    let columns = columns(header);
    let has = |column| columns.contains(&column);
    let timed = [Column::Began(Pattern::YearMonthDay), Column::Ended(Pattern::YearMonthDay)];
    if !timed.into_iter().any(has) || !has(Column::MsPlayed) || !has(Column::Track) {
        return None;
    }
    if !has(Column::Artist) {
        return Some(Err("this Play Activity names no artists: Apple left that column out of it".to_owned()));
    }
    let table = Table {
        delimiter: Delimiter::Comma,
        quoting: Quoting::Quoted,
        columns,
        without_moment: WithoutMoment::Missing,
        apostrophes: false,
        na: false,
    };
    Some(Ok((table, header.lines)))
}

fn columns(header: &Line) -> Vec<Column> {
    let words: Vec<String> = header.cells.iter().map(|cell| folded(&cell.text)).collect();
    let mut columns = vec![Column::Ignored; words.len()];
    for (name, column) in NAMES {
        let at = words.iter().position(|word| word == name).filter(|_| !columns.contains(&column));
        if let Some(place) = at.and_then(|at| columns.get_mut(at)) {
            *place = column;
        }
    }
    columns
}

/// Reads a piece of a Play Activity. A start and an end are both told where both stand there; a play without a start
/// began the time played before its end. Times played are kept as they are: Apple tells negative ones.
#[must_use]
pub fn read<'a>(layout: &Layout, piece: &'a [u8]) -> Rows<'a> {
    let reader = layout.table.as_ref().map(|table| Reader::new(table, layout.zone.as_deref()));
    let mut rows = Collected::default();
    let mut records = Records::new(layout.table.as_ref(), piece);
    while let Some(record) = records.next() {
        let read = reader.as_ref().map_or(MALFORMED, |reader| reader.read(&record));
        rows.take(&record, read);
    }
    rows.into_rows()
}

/// Where Apple's facts stand; a column that a file lacks is none of its columns.
struct Reader {
    columns: usize,
    moments: Moments,
    artist: Option<usize>,
    track: Option<usize>,
    album: Option<usize>,
    began: Option<usize>,
    ended: Option<usize>,
    ms_played: Option<usize>,
    utc_offset: Option<usize>,
    event_type: Option<usize>,
    item_type: Option<usize>,
    media_type: Option<usize>,
    end_reason: Option<usize>,
    offline: Option<usize>,
}

impl Reader {
    fn new(table: &Table, zone: Option<&str>) -> Self {
        let at = |column| table.columns.iter().position(|other| *other == column);
        Self {
            columns: table.columns.len(),
            moments: Moments::in_zone(zone),
            artist: at(Column::Artist),
            track: at(Column::Track),
            album: at(Column::Album),
            began: at(Column::Began(Pattern::YearMonthDay)),
            ended: at(Column::Ended(Pattern::YearMonthDay)),
            ms_played: at(Column::MsPlayed),
            utc_offset: at(Column::UtcOffset),
            event_type: at(Column::EventType),
            item_type: at(Column::ItemType),
            media_type: at(Column::MediaType),
            end_reason: at(Column::EndReason),
            offline: at(Column::Offline),
        }
    }

    fn read<'a>(&self, record: &Record<'a, '_>) -> Result<Play<'a>, Why> {
        check_form(record, self.columns)?;
        self.check_kind(record)?;
        let ms_played = milliseconds(&text(record, self.ms_played), 1);
        let ahead = milliseconds(&text(record, self.utc_offset), 1);
        let began = self.moment(record, self.began, ahead)?;
        let ended = self.moment(record, self.ended, ahead)?;
        let times = Times::told(began, ended, ms_played)?.ok_or(Why::Reject(Reason::NoTime))?;
        let (artist, track) = (text(record, self.artist), text(record, self.track));
        check_names(&artist, &track)?;
        Ok(Play {
            row: 0,
            played_at: times.played_at,
            artist,
            album: Some(text(record, self.album)).filter(|album| !album.trim().is_empty()),
            track,
            artist_mbid: None,
            release_mbid: None,
            recording_mbid: None,
            sounding: Sounding {
                skipped: skipped(&text(record, self.end_reason)),
                offline: truth(&text(record, self.offline)),
                ..times.sounding(ms_played)
            },
        })
    }

    /// Whether a row tells of music from the catalogue that sounded.
    fn check_kind(&self, record: &Record<'_, '_>) -> Result<(), Why> {
        let ended = matches!(&*text(record, self.event_type), "" | "PLAY_END");
        let of_catalogue = self.item_type.is_none() || text(record, self.item_type) == "ITUNES_STORE_CONTENT";
        if !ended || !of_catalogue {
            return Err(Why::Other(Other::NotAPlay));
        }
        if text(record, self.media_type) == "VIDEO" {
            return Err(Why::Other(Other::Video));
        }
        Ok(())
    }

    fn moment(&self, record: &Record<'_, '_>, at: Option<usize>, ahead: Option<i64>) -> Result<Option<Moment>, Why> {
        let told = text(record, at);
        if told.trim().is_empty() {
            return Ok(None);
        }
        let pattern = Pattern::YearMonthDay;
        let moment = match ahead {
            Some(ahead) => Moments::read_ahead_of_utc(pattern, &told, ahead),
            None => self.moments.read(pattern, &told),
        };
        moment.map(Some).ok_or(Why::Reject(Reason::BadTime))
    }
}

fn text<'a>(record: &Record<'a, '_>, at: Option<usize>) -> Cow<'a, str> {
    at.map(|at| record.field(at)).unwrap_or_default()
}

/// Whether the listener went on to something else, where the reason for the end tells.
fn skipped(end_reason: &str) -> Option<bool> {
    match end_reason {
        "NATURAL_END_OF_TRACK" => Some(false),
        "TRACK_SKIPPED_FORWARDS" | "TRACK_SKIPPED_BACKWARDS" | "MANUALLY_SELECTED_PLAYBACK_OF_A_DIFF_ITEM" => {
            Some(true)
        }
        _ => None,
    }
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "True" | "TRUE" | "true" => Some(true),
        "False" | "FALSE" | "false" => Some(false),
        _ => None,
    }
}
