//! Who came back after the longest silence.

use super::StatsError;
use super::discoveries::FORGOTTEN_AFTER;
use super::filter::{Filter, Matches};
use super::period::Period;
use super::ranking::Kind;
use super::subjects::Subjects;
use crate::columns::{Column, Columns, ColumnsError, Moment};
use crate::zone::Zone;

/// Plays that make a return a comeback: those from the first one on, up to the end of the period.
pub const COMEBACK_PLAYS: u64 = 5;

/// An artist who was heard again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comeback {
    /// The artist.
    pub artist: String,
    /// The last play before the silence, in Unix seconds.
    pub left_at: i64,
    /// The same by the listener's wall clock, as seconds.
    pub left_local_at: i64,
    /// The first play after the silence, in Unix seconds.
    pub returned_at: i64,
    /// The same by the listener's wall clock, as seconds.
    pub returned_local_at: i64,
    /// Plays since the return up to the end of the period.
    pub plays: u64,
}

impl Comeback {
    /// How many whole days of 24 hours the silence lasted.
    #[must_use]
    pub fn days(&self) -> u64 {
        u64::try_from(self.returned_at.saturating_sub(self.left_at) / 86_400).unwrap_or_default()
    }
}

/// A play that ended a silence.
#[derive(Clone, Copy)]
struct Return {
    artist: usize,
    left: usize,
    row: usize,
    /// The artist's plays before it.
    plays_before: u64,
}

/// What is known of an artist so far.
#[derive(Clone, Copy, Default)]
struct Known {
    last: usize,
    plays: u64,
}

/// The artist who returned within the period after the longest silence: without a play for [`FORGOTTEN_AFTER`] seconds
/// at least, and since then with [`COMEBACK_PLAYS`] plays at least. Of equal silences the first artist by name in
/// code-point order is told. Silences begin before the period; plays behind its end are not known of. A split name's
/// plays count for each artist that it credits. Plays without a moment and those of wrong clocks are not counted.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn comeback(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Option<Comeback>, StatsError> {
    let period = Matches::in_calendar(columns, filter, zone, now)?.ranges.first().cloned().unwrap_or_default();
    let so_far = Filter { period: Period::Everything, recent: None, ..filter.clone() };
    let mut history = Matches::in_calendar(columns, &so_far, zone, now)?;
    history.cut_at(period.end);
    let (returns, known) = returns(columns, filter, &history, period.start)?;
    let played = |row: usize| -> Result<i64, ColumnsError> { Ok(columns.moments(Moment::PlayedAt, row..row + 1)?[0]) };
    let local = |row: usize| -> Result<i64, ColumnsError> { Ok(columns.moments(Moment::LocalAt, row..row + 1)?[0]) };
    let names = columns.dictionary(Column::Artist)?;
    let name = |artist: usize| names.get(i32::try_from(artist).unwrap_or(i32::MAX));
    let mut longest: Option<(i64, Return)> = None;
    for this in returns {
        let silence = played(this.row)? - played(this.left)?;
        let is_comeback = silence >= FORGOTTEN_AFTER && known[this.artist].plays - this.plays_before >= COMEBACK_PLAYS;
        let is_longer = longest.is_none_or(|(most, of)| {
            silence > most || (silence == most && (name(this.artist), this.row) < (name(of.artist), of.row))
        });
        if is_comeback && is_longer {
            longest = Some((silence, this));
        }
    }
    let Some((_, of)) = longest else { return Ok(None) };
    Ok(Some(Comeback {
        artist: name(of.artist).to_owned(),
        left_at: played(of.left)?,
        left_local_at: local(of.left)?,
        returned_at: played(of.row)?,
        returned_local_at: local(of.row)?,
        plays: known[of.artist].plays - of.plays_before,
    }))
}

/// The plays from that row on which ended a silence that may have been long, and all plays of each artist.
fn returns(
    columns: &Columns,
    filter: &Filter,
    history: &Matches,
    start: usize,
) -> Result<(Vec<Return>, Vec<Known>), ColumnsError> {
    let subjects = Subjects::new(columns, Kind::Artists, &filter.counting);
    let mut known: Vec<Known> = Vec::new();
    let mut returns = Vec::new();
    // Of the calendar there is one stretch of rows, so that an artist's last play lies in the same.
    for (range, counts) in history.iter() {
        let moments = columns.moments(Moment::PlayedAt, range.clone())?;
        columns.for_each_block(Column::Artist, range.clone(), |first, codes| {
            for (row, code) in (first..).zip(codes) {
                if !counts.is_none_or(|counts| counts[row - range.start]) {
                    continue;
                }
                subjects.each(*code, |artist| {
                    if artist >= known.len() {
                        known.resize((artist + 1).next_power_of_two(), Known::default());
                    }
                    let Known { last, plays } = known[artist];
                    let silence = || moments[row - range.start] - moments[last - range.start];
                    if row >= start && plays > 0 && silence() >= FORGOTTEN_AFTER {
                        returns.push(Return { artist, left: last, row, plays_before: plays });
                    }
                    known[artist] = Known { last: row, plays: plays + 1 };
                });
            }
        })?;
    }
    Ok((returns, known))
}
