//! A report of a play on its way into the database.

use rusqlite::{CachedStatement, Connection};

use super::super::catalogue::Called;
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
    manner: Manner,
    skipped: Option<bool>,
}

/// What most rows of a file have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Manner {
    clock: Clock,
    resolution: Resolution,
    incognito: Option<bool>,
    offline: Option<bool>,
}

impl Told {
    pub(crate) fn new(play: &Play<'_>, Called { names, uri }: Called) -> Self {
        let sounding = &play.sounding;
        Self {
            row: play.row,
            played_at: play.played_at,
            ended_at: sounding.ended_at,
            names,
            uri,
            ms_played: sounding.ms_played,
            manner: Manner {
                clock: sounding.clock,
                resolution: sounding.resolution,
                incognito: sounding.incognito,
                offline: sounding.offline,
            },
            skipped: sounding.skipped,
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
            manner: Manner { clock: Clock::Start, resolution: Resolution::Second, incognito: None, offline: None },
            skipped: None,
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
            clock: self.manner.clock,
            resolution: self.manner.resolution,
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

/// The statement that writes reports of one origin. What they share is bound once: a million reports bind half as much.
pub(super) struct Writing<'c> {
    statement: CachedStatement<'c>,
    from: From,
    /// Whether how it sounded is written, too.
    in_full: bool,
    /// What is bound of it.
    manner: Option<Manner>,
}

impl<'c> Writing<'c> {
    /// For what a service lists: a moment and names.
    pub(super) fn listed(database: &'c Connection, from: From) -> rusqlite::Result<Self> {
        let statement = database.prepare_cached(
            "INSERT INTO plays (listener_id, account_id, told_seq, id, told_row, played_at, local_at, artist_id,
                                album_id, track_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        Self { statement, from, in_full: false, manner: None }.bind_origin()
    }

    /// For what a file or a player tells, which may be everything.
    pub(super) fn in_full(database: &'c Connection, from: From) -> rusqlite::Result<Self> {
        let statement = database.prepare_cached(
            "INSERT INTO plays (listener_id, account_id, told_seq, id, told_row, played_at, local_at, artist_id,
                                album_id, track_id, import_id, ms_played, ended_at, skipped, uri_id, clock,
                                resolution, incognito, offline)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        )?;
        let mut writing = Self { statement, from, in_full: true, manner: None }.bind_origin()?;
        writing.statement.raw_bind_parameter(11, (from.import != 0).then_some(from.import.cast_signed()))?;
        Ok(writing)
    }

    fn bind_origin(mut self) -> rusqlite::Result<Self> {
        let From { listener, account, seq, .. } = self.from;
        self.statement.raw_bind_parameter(1, listener)?;
        self.statement.raw_bind_parameter(2, account)?;
        self.statement.raw_bind_parameter(3, seq.cast_signed())?;
        Ok(self)
    }

    fn bind_names(&mut self, id: i64, local: Option<i64>, told: &Told) -> rusqlite::Result<()> {
        let Names { artist, album, track } = told.names;
        self.statement.raw_bind_parameter(4, id)?;
        self.statement.raw_bind_parameter(5, told.row)?;
        self.statement.raw_bind_parameter(6, told.played_at)?;
        self.statement.raw_bind_parameter(7, local)?;
        self.statement.raw_bind_parameter(8, artist)?;
        self.statement.raw_bind_parameter(9, (album != 0).then_some(album))?;
        self.statement.raw_bind_parameter(10, track)
    }

    fn bind_sounding(&mut self, told: &Told) -> rusqlite::Result<()> {
        self.statement.raw_bind_parameter(12, told.ms_played)?;
        self.statement.raw_bind_parameter(13, told.ended_at)?;
        self.statement.raw_bind_parameter(14, told.skipped)?;
        self.statement.raw_bind_parameter(15, (told.uri != 0).then_some(told.uri))?;
        if self.manner.replace(told.manner) == Some(told.manner) {
            return Ok(());
        }
        self.statement.raw_bind_parameter(16, clock_name(told.manner.clock))?;
        self.statement.raw_bind_parameter(17, resolution_seconds(told.manner.resolution))?;
        self.statement.raw_bind_parameter(18, told.manner.incognito)?;
        self.statement.raw_bind_parameter(19, told.manner.offline)
    }
}

impl Applier {
    pub(super) fn insert_told(&mut self, into: &mut Writing<'_>, told: &Told) -> rusqlite::Result<()> {
        let id = self.next_play;
        self.next_play += 1;
        let local = (told.played_at != UNDATED).then(|| self.clock.local(told.played_at));
        into.bind_names(id, local, told)?;
        if into.in_full {
            into.bind_sounding(told)?;
        }
        into.statement.raw_execute()?;
        if let Some(rows) = &mut self.rows {
            rows.push(told.witness(id, into.from, local));
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
