//! Writing facts: one batch of answers into the database, inside the caller's transaction.

use std::collections::HashMap;

use rusqlite::{CachedStatement, Connection, params};

use super::catalogue::{Entry, Kind};
use super::coverage::{Coverage, Covered};
use super::local_clock::LocalClock;
use super::register::{self, Changes, Names, Shown};
use super::rows::{keep_count, keep_coverage, load_coverage, load_known};
use super::suspects::{is_believed, keep_suspect, settle_suspects};
use crate::archive::Position;
use crate::facts::{Decision, Reject};
use crate::listen::{Account, Span, UNDATED};
use crate::zone::Zone;

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

/// A play in the store's numbers. Album 0 is none; a negative time played is not known; an undated play has no local
/// time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlayRow {
    pub(crate) played_at: i64,
    pub(crate) local_at: i64,
    pub(crate) listener: u32,
    pub(crate) account: i64,
    pub(crate) artist: u32,
    pub(crate) album: u32,
    pub(crate) track: u32,
    pub(crate) ms_played: i32,
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
    /// Everything that was written, as long as it began from nothing and was only added to.
    pub(crate) rows: Option<Vec<PlayRow>>,
    pub(crate) applied: Applied,
    pub(crate) changed: bool,
}

impl Applier {
    /// `indexed`: whether plays can be looked up by time already; a store that is filled from nothing makes its
    /// index when it first needs it, or at the end.
    pub(crate) fn new(database: &Connection, zone: &Zone, indexed: bool) -> rusqlite::Result<Self> {
        let next_play: i64 = database.query_row("SELECT coalesce(max(id), 0) + 1 FROM plays", [], |row| row.get(0))?;
        Ok(Self {
            clock: LocalClock::new(zone),
            accounts: HashMap::new(),
            coverage: HashMap::new(),
            next_play,
            indexed,
            rows: (next_play == 1).then(Vec::new),
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
                (true, Kind::Album | Kind::Track) => statement.execute(params![id, listener, artist, name, mbid])?,
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
        let coverage = self.coverage.entry(account).or_default();
        let (removed, added) = coverage.lay(covered);
        keep_coverage(database, account, &removed, &added)?;
        settle_suspects(database, account, &reading.span, coverage)
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
        self.rows = None;
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
        for index in which {
            let shown = &reading.shown[index];
            let id = self.next_play;
            self.next_play += 1;
            let local = (shown.played_at != UNDATED).then(|| self.clock.local(shown.played_at));
            let Names { artist, album, track } = shown.names;
            let some_album = (album != 0).then_some(album);
            let (seq, row) = (item.seq.cast_signed(), shown.row);
            plays.execute(params![
                id,
                item.listener,
                account,
                shown.played_at,
                local,
                artist,
                some_album,
                track,
                seq,
                row
            ])?;
            if let Some(rows) = &mut self.rows {
                let (listener, played_at, local_at) = (item.listener, shown.played_at, local.unwrap_or_default());
                rows.push(PlayRow { played_at, local_at, listener, account, artist, album, track, ms_played: -1 });
            }
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
        "INSERT INTO plays (id, listener_id, account_id, played_at, local_at, artist_id, album_id, track_id,
                            told_seq, told_row)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
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
