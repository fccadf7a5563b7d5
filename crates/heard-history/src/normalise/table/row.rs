//! A record of a table as a play, or why it is none.

use std::borrow::Cow;

use super::records::Record;
use super::sleeve::OnSleeve;
use super::{Column, Table, WithoutMoment};
use crate::facts::{Clock, LeftOut, Other, Play, Reason, Resolution, Rows, Sounding, Why};
use crate::listen::UNDATED;
use crate::normalise::moments::{Moment, Moments, Pattern};
use crate::normalise::records::shown;

/// A record that is not as its table says.
pub(in crate::normalise) const MALFORMED: Result<Play<'static>, Why> = Err(Why::Reject(Reason::Malformed));

/// Rows while they are collected.
#[derive(Default)]
pub(in crate::normalise) struct Collected<'a>(Rows<'a>);

impl<'a> Collected<'a> {
    /// Takes what a record turned out to be.
    pub(in crate::normalise) fn take(&mut self, record: &Record<'a, '_>, read: Result<Play<'a>, Why>) {
        let rows = &mut self.0;
        let row = rows.count;
        rows.count = row.saturating_add(1);
        match read {
            Ok(play) => {
                rows.plays.push(Play { row, ..play });
                rows.lines.push(record.line);
            }
            Err(why) => rows.left_out.push(LeftOut { row, line: record.line, why, text: shown(record.raw) }),
        }
    }

    /// All rows.
    pub(in crate::normalise) fn into_rows(self) -> Rows<'a> {
        self.0
    }
}

/// Where a table's facts stand.
pub(super) struct Reader<'t> {
    table: &'t Table,
    moments: Moments,
    artist: usize,
    track: usize,
    album: Option<usize>,
    artist_mbid: Option<usize>,
    release_mbid: Option<usize>,
    recording_mbid: Option<usize>,
    /// Milliseconds, or seconds, and how many milliseconds one of them has.
    played: Option<(usize, i64)>,
    event: Option<usize>,
    sleeve: Option<OnSleeve>,
    /// The most exact column first.
    began: Vec<(usize, Pattern)>,
    ended: Vec<(usize, Pattern)>,
}

impl<'t> Reader<'t> {
    /// `None` when the table has no column for artists or tracks.
    pub(super) fn new(table: &'t Table, moments: Moments) -> Option<Self> {
        let at = |column: Column| table.columns.iter().position(|other| *other == column);
        let seconds = || at(Column::SecondsPlayed).map(|at| (at, 1000));
        let mut began = Vec::new();
        let mut ended = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            match column {
                Column::Began(pattern) => began.push((at, *pattern)),
                Column::Ended(pattern) => ended.push((at, *pattern)),
                _ => {}
            }
        }
        began.sort_by_key(|(_, pattern)| *pattern);
        ended.sort_by_key(|(_, pattern)| *pattern);
        Some(Self {
            table,
            moments,
            artist: at(Column::Artist)?,
            track: at(Column::Track)?,
            album: at(Column::Album),
            artist_mbid: at(Column::ArtistMbid),
            release_mbid: at(Column::ReleaseMbid),
            recording_mbid: at(Column::RecordingMbid),
            played: at(Column::MsPlayed).map(|at| (at, 1)).or_else(seconds),
            event: at(Column::Event),
            sleeve: OnSleeve::of(table),
            began,
            ended,
        })
    }

    /// The play that a record tells of. What is wrong with it is looked for in this order: its form, its kind, its
    /// moment, its names.
    pub(super) fn read<'a>(&self, record: &Record<'a, '_>) -> Result<Play<'a>, Why> {
        check_form(record, self.table.columns.len())?;
        if let Some(event) = self.event {
            check_event(&self.text(record, event))?;
        }
        let (artist, track) = (self.name(record, self.artist), self.name(record, self.track));
        let (played_at, sounding) = self.sounding(record, is_empty(&artist) || is_empty(&track))?;
        check_names(&artist, &track)?;
        Ok(Play {
            row: 0,
            played_at,
            artist,
            album: self.album.map(|at| self.name(record, at)).filter(|album| !is_empty(album)),
            track,
            artist_mbid: self.id(record, self.artist_mbid),
            release_mbid: self.id(record, self.release_mbid),
            recording_mbid: self.id(record, self.recording_mbid),
            sounding,
        })
    }

    fn sounding<'a>(&self, record: &Record<'a, '_>, nameless: bool) -> Result<(i64, Sounding<'a>), Why> {
        let ms_played = self.played.and_then(|(at, unit)| milliseconds(&self.text(record, at), unit));
        let began = self.moment(record, &self.began)?;
        let ended = self.moment(record, &self.ended)?;
        if let Some(times) = Times::told(began, ended, ms_played)? {
            let sleeve = self.sleeve.as_ref().map(|on| Box::new(on.read(|at| self.text(record, at))));
            return Ok((times.played_at, Sounding { sleeve, ..times.sounding(ms_played) }));
        }
        match self.table.without_moment {
            WithoutMoment::NowPlaying if !nameless => Err(Why::Other(Other::NowPlaying)),
            WithoutMoment::Undated => Ok((UNDATED, Sounding { ms_played, ..Sounding::default() })),
            WithoutMoment::NowPlaying | WithoutMoment::Missing => Err(Why::Reject(Reason::NoTime)),
        }
    }

    /// The first moment that is told.
    fn moment(&self, record: &Record<'_, '_>, columns: &[(usize, Pattern)]) -> Result<Option<Moment>, Why> {
        for (at, pattern) in columns {
            let text = self.text(record, *at);
            if !text.trim().is_empty() {
                return self.moments.read(*pattern, &text).map(Some).ok_or(Why::Reject(Reason::BadTime));
            }
        }
        Ok(None)
    }

    /// A field that is no name.
    fn text<'a>(&self, record: &Record<'a, '_>, at: usize) -> Cow<'a, str> {
        let text = record.field(at);
        if self.table.na && text == "NA" && !record.is_quoted(at) { Cow::Borrowed("") } else { text }
    }

    fn name<'a>(&self, record: &Record<'a, '_>, at: usize) -> Cow<'a, str> {
        let text = self.text(record, at);
        if self.table.apostrophes { without_apostrophe(text) } else { text }
    }

    fn id<'a>(&self, record: &Record<'a, '_>, at: Option<usize>) -> Option<Cow<'a, str>> {
        at.map(|at| self.text(record, at)).filter(|id| !is_empty(id))
    }
}

/// Whether a record is text and has as many fields as there are columns.
pub(in crate::normalise) fn check_form(record: &Record<'_, '_>, columns: usize) -> Result<(), Why> {
    record.check_text()?;
    if !record.has(columns) {
        return Err(Why::Reject(Reason::Malformed));
    }
    Ok(())
}

/// Whether there is more in the names than white space.
pub(in crate::normalise) fn check_names(artist: &str, track: &str) -> Result<(), Why> {
    if is_empty(artist) {
        return Err(Why::Reject(Reason::NoArtist));
    }
    if is_empty(track) {
        return Err(Why::Reject(Reason::NoTrack));
    }
    Ok(())
}

fn check_event(event: &str) -> Result<(), Why> {
    match event.trim() {
        "" | "scrobble" => Ok(()),
        "love" | "unlove" => Err(Why::Other(Other::Feedback)),
        _ => Err(Why::Other(Other::NotAPlay)),
    }
}

fn is_empty(text: &str) -> bool {
    text.trim().is_empty()
}

/// A count of milliseconds, or of a unit of so many; parts of one are cut off.
pub(in crate::normalise) fn milliseconds(text: &str, unit: i64) -> Option<i64> {
    let text = text.trim();
    let (whole, parts) = text.split_once('.').unwrap_or((text, ""));
    let count: i64 = whole.parse().ok()?;
    parts.bytes().all(|byte| byte.is_ascii_digit()).then(|| count.checked_mul(unit))?
}

/// The name that a spreadsheet-safe cell holds: `heard` puts an apostrophe before what a spreadsheet would take for a
/// formula and before an apostrophe, and before nothing else.
fn without_apostrophe(text: Cow<'_, str>) -> Cow<'_, str> {
    const UNSAFE: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\0', '\'', '＝', '＋', '－', '＠'];
    if !text.strip_prefix('\'').is_some_and(|name| name.starts_with(UNSAFE)) {
        return text;
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(1..).unwrap_or_default()),
        Cow::Owned(mut text) => {
            text.remove(0);
            Cow::Owned(text)
        }
    }
}

/// When a play began and ended.
pub(in crate::normalise) struct Times {
    /// When it began.
    pub(in crate::normalise) played_at: i64,
    ended_at: Option<i64>,
    clock: Clock,
    resolution: Resolution,
}

impl Times {
    /// What follows from the moments that are told; `None` where none is.
    pub(in crate::normalise) fn told(
        began: Option<Moment>,
        ended: Option<Moment>,
        ms_played: Option<i64>,
    ) -> Result<Option<Self>, Why> {
        let seconds = ms_played.map(|ms| ms.max(0) / 1000);
        let (played_at, ended_at, clock) = match (began, ended) {
            (Some(began), Some(ended)) => (began.second, Some(ended.second), Clock::Both),
            (Some(began), None) => {
                let ended_at = seconds.filter(|_| began.second != UNDATED).and_then(|s| began.second.checked_add(s));
                (began.second, ended_at, Clock::Start)
            }
            (None, Some(ended)) => (ended.second - seconds.unwrap_or_default(), Some(ended.second), Clock::End),
            (None, None) => return Ok(None),
        };
        if played_at < 0 {
            return Err(Why::Reject(Reason::BadTime));
        }
        let resolution = began.or(ended).map(|told| told.resolution).unwrap_or_default();
        Ok(Some(Self { played_at, ended_at, clock, resolution }))
    }

    /// How the play sounded, as far as its moments and the time played tell.
    pub(in crate::normalise) fn sounding<'a>(&self, ms_played: Option<i64>) -> Sounding<'a> {
        Sounding {
            ended_at: self.ended_at,
            ms_played,
            clock: self.clock,
            resolution: self.resolution,
            ..Sounding::default()
        }
    }
}
