//! Writing facts: one batch of answers into the database, inside the caller's transaction.

use std::collections::HashMap;
use std::ops::Range;

use jiff::{SignedDuration, Timestamp};
use jiff::tz::TimeZone;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::breaker::{self, Earlier, Removal};
use super::catalogue::{Entry, Kind};
use super::coverage::{Covered, Coverage};
use super::open::Zone;
use super::register::{self, Changes, Known, Names, Shown};
use crate::archive::Position;
use crate::facts::{Decision, Reject};
use crate::listen::{Account, Span, UNDATED};

/// One answer's claim on a stretch of time.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) span: Span,
    pub(crate) read_at: i64,
    pub(crate) shown: Vec<Shown>,
    pub(crate) rejects: Vec<Reject>,
    /// Rows that the service counts in the window; decides whether it says "nothing at all".
    pub(crate) total: u64,
}

/// What one envelope asks of the store.
#[derive(Debug)]
pub(crate) enum Effect {
    Reading(Reading),
    Count { span: Option<Span>, total: u64 },
    RunBegan { began_at: i64 },
    RunEnded,
    Decision(Decision),
}

/// An effect with its origin.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) listener: u32,
    pub(crate) account: Account,
    pub(crate) seq: u64,
    pub(crate) run: u64,
    pub(crate) effect: Effect,
}

/// The effects of one frame of the archive.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) end: Position,
    pub(crate) names: Vec<Entry>,
    pub(crate) items: Vec<Item>,
}

/// What applying batches changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Plays that are new (or shown again after they were gone).
    pub plays_new: u64,
    /// Plays that were known already.
    pub duplicates: u64,
    /// Plays that bear other names now.
    pub renamed: u64,
    /// Plays that the service no longer shows.
    pub gone: u64,
    /// Rows that are no plays.
    pub rejects: u64,
    /// Plays whose removal was not believed.
    pub suspicious: u64,
}

impl std::ops::Add for Applied {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            plays_new: self.plays_new + other.plays_new,
            duplicates: self.duplicates + other.duplicates,
            renamed: self.renamed + other.renamed,
            gone: self.gone + other.gone,
            rejects: self.rejects + other.rejects,
            suspicious: self.suspicious + other.suspicious,
        }
    }
}

/// Writes batches. Remembers between them what would otherwise be asked of the database again and again.
pub(crate) struct Applier {
    clock: LocalClock,
    accounts: HashMap<Account, i64>,
    coverage: HashMap<i64, Coverage>,
    next_play: i64,
    indexed: bool,
    pub(crate) applied: Applied,
    pub(crate) changed: bool,
}

impl Applier {
    /// `indexed`: whether plays can be looked up by time already; a store that is filled from nothing makes its
    /// index when it first needs it, or at the end.
    pub(crate) fn new(database: &Connection, zone: &Zone, indexed: bool) -> rusqlite::Result<Self> {
        let next_play = database.query_row("SELECT coalesce(max(id), 0) + 1 FROM plays", [], |row| row.get(0))?;
        Ok(Self {
            clock: LocalClock::new(zone),
            accounts: HashMap::new(),
            coverage: HashMap::new(),
            next_play,
            indexed,
            applied: Applied::default(),
            changed: false,
        })
    }

    /// Writes one batch.
    pub(crate) fn apply(&mut self, database: &Connection, batch: &Batch) -> rusqlite::Result<()> {
        self.keep_names(database, &batch.names)?;
        for item in &batch.items {
            let account = self.account(database, item)?;
            match &item.effect {
                Effect::Reading(reading) => self.read(database, item, account, reading)?,
                Effect::Count { span, total } => keep_count(database, account, item.seq, *span, *total)?,
                Effect::RunBegan { began_at } => {
                    database
                        .prepare_cached("INSERT OR IGNORE INTO runs VALUES (?1, ?2, ?3, NULL)")?
                        .execute(params![account, item.run.cast_signed(), began_at])?;
                }
                Effect::RunEnded => {
                    database
                        .prepare_cached("UPDATE runs SET ended_seq = ?3 WHERE account_id = ?1 AND run = ?2")?
                        .execute(params![account, item.run.cast_signed(), item.seq.cast_signed()])?;
                }
                Effect::Decision(Decision::ConfirmRemovals { seen_until }) => {
                    database
                        .prepare_cached("INSERT OR IGNORE INTO confirmations VALUES (?1, ?2, ?3)")?
                        .execute(params![account, item.seq.cast_signed(), seen_until])?;
                }
            }
        }
        Ok(())
    }

    fn keep_names(&self, database: &Connection, names: &[Entry]) -> rusqlite::Result<()> {
        for Entry { kind, id, listener, artist, name, mbid, new } in names {
            let (insert, update) = name_statements(*kind);
            let mut statement = database.prepare_cached(if *new { insert } else { update })?;
            match (*new, *kind) {
                (false, _) => statement.execute(params![id, mbid])?,
                (true, Kind::Listener) => statement.execute(params![id, name, self.clock.name()])?,
                (true, Kind::Artist) => statement.execute(params![id, listener, name, mbid])?,
                (true, Kind::Album | Kind::Track) => {
                    statement.execute(params![id, listener, artist, name, mbid])?
                }
            };
        }
        Ok(())
    }

    fn account(&mut self, database: &Connection, item: &Item) -> rusqlite::Result<i64> {
        if let Some(id) = self.accounts.get(&item.account) {
            return Ok(*id);
        }
        let key = params![item.listener, item.account.service.name(), item.account.user];
        database.execute("INSERT OR IGNORE INTO accounts (listener_id, service, name) VALUES (?1, ?2, ?3)", key)?;
        let id = database.query_row(
            "SELECT id FROM accounts WHERE listener_id = ?1 AND service = ?2 AND name = ?3",
            key,
            |row| row.get(0),
        )?;
        self.accounts.insert(item.account.clone(), id);
        self.coverage.insert(id, load_coverage(database, id)?);
        Ok(id)
    }

    fn read(&mut self, database: &Connection, item: &Item, account: i64, reading: &Reading) -> rusqlite::Result<()> {
        if reading.span.is_empty() {
            return Ok(());
        }
        let known_before = self.coverage.get(&account).is_some_and(|c| c.touches(&reading.span));
        if known_before {
            if !self.read_again(database, item, account, reading)? {
                return Ok(());
            }
        } else {
            self.insert(database, item, account, reading, 0..reading.shown.len())?;
        }
        self.keep_rejects(database, item, account, reading, known_before)?;
        let covered = Covered { span: reading.span, seq: item.seq, run: item.run, read_at: reading.read_at };
        let (removed, added) = self.coverage.entry(account).or_default().lay(covered);
        keep_coverage(database, account, &removed, &added)
    }

    /// Compares with what is known. Returns `false` when the reading is suspicious and has no effect.
    fn read_again(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        reading: &Reading,
    ) -> rusqlite::Result<bool> {
        if !self.indexed {
            database.execute_batch(include_str!("schema/1_view_indexes.sql"))?;
            self.indexed = true;
        }
        let known = load_known(database, account, &reading.span)?;
        let changes = register::compare(&known, &reading.shown);
        if !is_believed(database, item, account, reading, &changes)? {
            keep_suspect(database, item, account, reading, changes.gone.len() as i64)?;
            self.applied.suspicious += changes.gone.len() as u64;
            return Ok(false);
        }
        database
            .prepare_cached("DELETE FROM suspects WHERE account_id = ?1 AND from_at >= ?2 AND to_at <= ?3")?
            .execute(params![account, reading.span.from, reading.span.to])?;
        self.change(database, item, account, reading, &changes)?;
        Ok(true)
    }

    fn change(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        reading: &Reading,
        changes: &Changes,
    ) -> rusqlite::Result<()> {
        let kept = reading.shown.len() - changes.insert.len() - changes.revive.len() - changes.rename.len();
        self.applied.duplicates += kept as u64;
        if changes.none() {
            return Ok(());
        }
        self.changed = true;
        self.applied.gone += changes.gone.len() as u64;
        self.applied.renamed += changes.rename.len() as u64;
        self.applied.plays_new += changes.revive.len() as u64;
        for id in &changes.gone {
            database
                .prepare_cached("UPDATE plays SET gone_seq = ?2 WHERE id = ?1")?
                .execute(params![id, item.seq.cast_signed()])?;
        }
        for id in &changes.revive {
            database.prepare_cached("UPDATE plays SET gone_seq = NULL WHERE id = ?1")?.execute([id])?;
        }
        for (id, index) in &changes.rename {
            rename(database, *id, item.seq, reading.shown[*index].names)?;
        }
        self.insert(database, item, account, reading, changes.insert.iter().copied())
    }

    fn insert(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        reading: &Reading,
        which: impl ExactSizeIterator<Item = usize>,
    ) -> rusqlite::Result<()> {
        if which.len() == 0 {
            return Ok(());
        }
        self.changed = true;
        self.applied.plays_new += which.len() as u64;
        let mut plays = insert_play(database)?;
        let mut witnesses = database.prepare_cached("INSERT INTO witnesses VALUES (?1, ?2, ?3, ?4)")?;
        for index in which {
            let shown = &reading.shown[index];
            let id = self.next_play;
            self.next_play += 1;
            let local = (shown.played_at != UNDATED).then(|| self.clock.local(shown.played_at));
            let Names { artist, album, track } = shown.names;
            let album = (album != 0).then_some(album);
            plays.execute(params![id, item.listener, account, shown.played_at, local, artist, album, track])?;
            witnesses.execute(params![id, account, item.seq.cast_signed(), shown.row])?;
        }
        Ok(())
    }

    fn keep_rejects(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        reading: &Reading,
        known_before: bool,
    ) -> rusqlite::Result<()> {
        let mut old = 0;
        if known_before {
            old = database
                .prepare_cached("DELETE FROM rejects WHERE account_id = ?1 AND played_at >= ?2 AND played_at < ?3")?
                .execute(params![account, reading.span.from, reading.span.to])?;
        }
        self.applied.rejects += reading.rejects.len().saturating_sub(old) as u64;
        for reject in &reading.rejects {
            database.prepare_cached("INSERT OR REPLACE INTO rejects VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
                account,
                reject.played_at,
                item.seq.cast_signed(),
                reject.row,
                reject.reason.name()
            ])?;
        }
        Ok(())
    }
}

fn name_statements(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Listener => ("INSERT INTO listeners VALUES (?1, ?2, ?3)", ""),
        Kind::Artist => {
            ("INSERT INTO artists VALUES (?1, ?2, ?3, ?4)", "UPDATE artists SET artist_mbid = ?2 WHERE id = ?1")
        }
        Kind::Album => {
            ("INSERT INTO albums VALUES (?1, ?2, ?3, ?4, ?5)", "UPDATE albums SET release_mbid = ?2 WHERE id = ?1")
        }
        Kind::Track => {
            ("INSERT INTO tracks VALUES (?1, ?2, ?3, ?4, ?5)", "UPDATE tracks SET recording_mbid = ?2 WHERE id = ?1")
        }
    }
}

fn insert_play(database: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
    database.prepare_cached(
        "INSERT INTO plays (id, listener_id, account_id, played_at, local_at, artist_id, album_id, track_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
}

fn rename(database: &Connection, id: i64, seq: u64, names: Names) -> rusqlite::Result<()> {
    database
        .prepare_cached(
            "INSERT OR IGNORE INTO former_names
             SELECT id, ?2, artist_id, album_id, track_id FROM plays WHERE id = ?1",
        )?
        .execute(params![id, seq.cast_signed()])?;
    let album = (names.album != 0).then_some(names.album);
    database
        .prepare_cached("UPDATE plays SET artist_id = ?2, album_id = ?3, track_id = ?4 WHERE id = ?1")?
        .execute(params![id, names.artist, album, names.track])?;
    Ok(())
}

fn keep_count(
    database: &Connection,
    account: i64,
    seq: u64,
    span: Option<Span>,
    total: u64,
) -> rusqlite::Result<()> {
    database.prepare_cached("INSERT OR IGNORE INTO counts VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
        account,
        seq.cast_signed(),
        span.map(|s| s.from),
        span.map(|s| s.to),
        total.cast_signed()
    ])?;
    Ok(())
}

fn keep_suspect(
    database: &Connection,
    item: &Item,
    account: i64,
    reading: &Reading,
    removals: i64,
) -> rusqlite::Result<()> {
    database.prepare_cached("INSERT OR IGNORE INTO suspects VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
        account,
        item.seq.cast_signed(),
        reading.span.from,
        reading.span.to,
        removals,
        item.run.cast_signed(),
        reading.read_at
    ])?;
    Ok(())
}

fn is_believed(
    database: &Connection,
    item: &Item,
    account: i64,
    reading: &Reading,
    changes: &Changes,
) -> rusqlite::Result<bool> {
    if changes.gone.is_empty() {
        return Ok(true);
    }
    let (live, gone_in_run) = database
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE gone_seq IS NULL), count(*) FILTER (WHERE gone_seq > ?2)
               FROM plays WHERE account_id = ?1",
        )?
        .query_row(params![account, item.run.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let removal = Removal {
        gone: changes.gone.len() as i64,
        live_here: changes.live as i64,
        live,
        gone_in_run,
        nothing_at_all: reading.total == 0,
    };
    if !removal.is_suspicious() {
        return Ok(true);
    }
    let confirmed = database
        .query_row("SELECT max(seen_until) FROM confirmations WHERE account_id = ?1", [account], |row| row.get(0))
        .optional()?
        .flatten();
    let earlier = load_suspects(database, account)?;
    Ok(breaker::is_borne_out(&removal, &reading.span, (item.run, reading.read_at), &earlier, confirmed))
}

fn load_suspects(database: &Connection, account: i64) -> rusqlite::Result<Vec<Earlier>> {
    database
        .prepare_cached("SELECT from_at, to_at, removals, run, seen_at FROM suspects WHERE account_id = ?1")?
        .query_map([account], |row| {
            Ok(Earlier {
                span: Span::new(row.get(0)?, row.get(1)?),
                removals: row.get(2)?,
                run: row.get::<_, i64>(3)?.cast_unsigned(),
                seen_at: row.get(4)?,
            })
        })?
        .collect()
}

fn load_known(database: &Connection, account: i64, span: &Span) -> rusqlite::Result<Vec<Known>> {
    database
        .prepare_cached(
            "SELECT id, played_at, artist_id, coalesce(album_id, 0), track_id, gone_seq NOT NULL FROM plays
              WHERE account_id = ?1 AND played_at >= ?2 AND played_at < ?3 ORDER BY played_at, id",
        )?
        .query_map(params![account, span.from, span.to], |row| {
            let names = Names { artist: row.get(2)?, album: row.get(3)?, track: row.get(4)? };
            Ok(Known { id: row.get(0)?, played_at: row.get(1)?, names, gone: row.get(5)? })
        })?
        .collect()
}

/// The coverage of an account as the database has it.
pub(crate) fn load_coverage(database: &Connection, account: i64) -> rusqlite::Result<Coverage> {
    database
        .prepare("SELECT from_at, to_at, envelope_seq, run, read_at FROM coverage WHERE account_id = ?1")?
        .query_map([account], |row| {
            Ok(Covered {
                span: Span::new(row.get(0)?, row.get(1)?),
                seq: row.get::<_, i64>(2)?.cast_unsigned(),
                run: row.get::<_, i64>(3)?.cast_unsigned(),
                read_at: row.get(4)?,
            })
        })?
        .collect()
}

fn keep_coverage(
    database: &Connection,
    account: i64,
    removed: &[i64],
    added: &[Covered],
) -> rusqlite::Result<()> {
    for from in removed {
        database
            .prepare_cached("DELETE FROM coverage WHERE account_id = ?1 AND from_at = ?2")?
            .execute(params![account, from])?;
    }
    for covered in added {
        database.prepare_cached("INSERT INTO coverage VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
            account,
            covered.span.from,
            covered.span.to,
            covered.seq.cast_signed(),
            covered.run.cast_signed(),
            covered.read_at
        ])?;
    }
    Ok(())
}

/// The listener's wall clock: from Unix seconds to local seconds. Remembers the stretch over which the offset stays
/// the same, since plays come in order.
pub(crate) struct LocalClock {
    name: String,
    rules: TimeZone,
    valid: Range<i64>,
    offset: i64,
}

impl LocalClock {
    pub(crate) fn new(zone: &Zone) -> Self {
        Self { name: zone.name().to_owned(), rules: zone.rules().clone(), valid: 0..0, offset: 0 }
    }

    fn name(&self) -> &str {
        &self.name
    }

    /// Seconds of the wall clock, counted as if they were UTC. Moments beyond the calendar (year 9999) are left as
    /// they are.
    pub(crate) fn local(&mut self, second: i64) -> i64 {
        if !self.valid.contains(&second) {
            let Ok(moment) = Timestamp::from_second(second) else { return second };
            let just_after = moment.checked_add(SignedDuration::from_nanos(1)).unwrap_or(moment);
            self.offset = i64::from(self.rules.to_offset(moment).seconds());
            let start = self.rules.preceding(just_after).next();
            let end = self.rules.following(moment).next();
            self.valid = start.map_or(i64::MIN, |t| t.timestamp().as_second())
                ..end.map_or(i64::MAX, |t| t.timestamp().as_second());
        }
        second + self.offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_is_the_zones_at_every_moment() {
        for name in ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"] {
            let zone = Zone::named(name).unwrap();
            let mut clock = LocalClock::new(&zone);
            let mut second = 915_148_800;
            while second < 2_208_988_800 {
                let offset = zone.rules().to_offset(Timestamp::from_second(second).unwrap()).seconds();
                assert_eq!(clock.local(second), second + i64::from(offset), "{name} at {second}");
                second += 1_799 * 7;
            }
            for second in [i64::MIN, -1, 0, i64::MAX / 2] {
                let _ = clock.local(second);
            }
        }
    }
}
