//! A report of a play on its way into the database.

use rusqlite::{CachedStatement, Connection, params};

use super::super::register::{Names, Shown};
use super::Applier;
use crate::facts::{Clock, Play, Resolution};
use crate::listen::UNDATED;
use crate::reconcile::{NO_MOMENT, Witness};

/// What a row tells, with the catalogue's numbers for its names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) row: u32,
    pub(crate) played_at: i64,
    pub(crate) ended_at: Option<i64>,
    pub(crate) names: Names,
    /// The source's own name of the track; 0 for none.
    pub(crate) uri: u32,
    pub(crate) ms_played: Option<i64>,
    clock: Clock,
    resolution: Resolution,
    skipped: Option<bool>,
    incognito: Option<bool>,
    offline: Option<bool>,
}

impl Told {
    pub(crate) fn new(play: &Play<'_>, names: Names, uri: u32) -> Self {
        let sounding = &play.sounding;
        Self {
            row: play.row,
            played_at: play.played_at,
            ended_at: sounding.ended_at,
            names,
            uri,
            ms_played: sounding.ms_played,
            clock: sounding.clock,
            resolution: sounding.resolution,
            skipped: sounding.skipped,
            incognito: sounding.incognito,
            offline: sounding.offline,
        }
    }

    pub(crate) fn listed(shown: &Shown) -> Self {
        Self {
            row: shown.row,
            played_at: shown.played_at,
            ended_at: None,
            names: shown.names,
            uri: 0,
            ms_played: None,
            clock: Clock::Start,
            resolution: Resolution::Second,
            skipped: None,
            incognito: None,
            offline: None,
        }
    }
}

impl Told {
    fn witness(&self, id: i64, from: From, local: Option<i64>) -> Witness {
        let Names { artist, album, track } = self.names;
        Witness {
            id: u32::try_from(id).unwrap_or(u32::MAX),
            played_at: self.played_at,
            local_at: local.unwrap_or_default(),
            ended_at: self.ended_at.unwrap_or(NO_MOMENT),
            listener: from.listener,
            account: u32::try_from(from.account).unwrap_or_default(),
            artist,
            album,
            track,
            uri: self.uri,
            import: u32::try_from(from.import).unwrap_or(u32::MAX),
            ms_played: self.ms_played.map_or(-1, milliseconds),
            clock: self.clock,
            resolution: self.resolution,
        }
    }
}

/// Where a report comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct From {
    pub(super) listener: u32,
    pub(super) account: i64,
    pub(super) seq: u64,
    /// 0 for none.
    pub(super) import: u64,
}

pub(super) fn insert_play(database: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
    database.prepare_cached(
        "INSERT INTO plays (id, listener_id, account_id, played_at, local_at, artist_id, album_id, track_id,
                            told_seq, told_row, ms_played, ended_at, clock, resolution, skipped, incognito, offline,
                            uri_id, import_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
    )
}

impl Applier {
    pub(super) fn insert_told(
        &mut self,
        into: &mut CachedStatement<'_>,
        from: From,
        told: &Told,
    ) -> rusqlite::Result<()> {
        let id = self.next_play;
        self.next_play += 1;
        let local = (told.played_at != UNDATED).then(|| self.clock.local(told.played_at));
        let Names { artist, album, track } = told.names;
        let some = |number: u32| (number != 0).then_some(number);
        into.execute(params![
            id,
            from.listener,
            from.account,
            told.played_at,
            local,
            artist,
            some(album),
            track,
            from.seq.cast_signed(),
            told.row,
            told.ms_played,
            told.ended_at,
            clock_name(told.clock),
            resolution_seconds(told.resolution),
            told.skipped,
            told.incognito,
            told.offline,
            some(told.uri),
            (from.import != 0).then_some(from.import.cast_signed()),
        ])?;
        if let Some(rows) = &mut self.rows {
            rows.push(told.witness(id, from, local));
        }
        Ok(())
    }
}

/// Time played as the columns hold it: what cannot be is not known.
pub(crate) fn milliseconds(told: i64) -> i32 {
    if told < 0 { -1 } else { i32::try_from(told).unwrap_or(i32::MAX) }
}

fn clock_name(clock: Clock) -> Option<&'static str> {
    match clock {
        Clock::Start => None,
        Clock::End => Some("end"),
        Clock::Both => Some("both"),
    }
}

fn resolution_seconds(resolution: Resolution) -> Option<i64> {
    match resolution {
        Resolution::Second => None,
        Resolution::Minute => Some(60),
    }
}
