//! Writing facts: one batch of answers into the database, inside the caller's transaction.

mod answers;
mod covers;
mod decisions;
mod imports;
mod readings;
mod told;
mod watched;

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::catalogue::{Entry, Kind};
use super::coverage::Coverage;
use super::local_clock::LocalClock;
use super::register::Shown;
use super::rows::{keep_count, load_coverage};
use super::settle::Touched;
use crate::archive::{Head, Position};
use crate::facts::{CoverAnswer, Decision, LeftOut, Reject, ThingAnswer};
use crate::listen::{Account, Span};
use crate::reconcile::Witness;
use crate::zone::Zone;
use imports::OpenImport;
pub(crate) use told::{Told, milliseconds};

/// One answer's claim on a stretch of time.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) span: Span,
    pub(crate) read_at: i64,
    pub(crate) shown: Vec<Shown>,
    pub(crate) rejects: Vec<Reject>,
    /// Rows that the service counts in the window; decides whether it says "nothing at all".
    pub(crate) total: u64,
    /// Whether the stretch holds nothing else.
    pub(crate) is_whole: bool,
}

/// A piece of an export file.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) told: Vec<Told>,
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) count: u32,
    pub(crate) first_line: u64,
}

/// What one envelope asks of the store.
#[derive(Debug)]
pub(crate) enum Effect {
    Reading(Reading),
    Count { span: Option<Span>, total: u64 },
    RunBegan { began_at: i64 },
    RunEnded,
    Decision(Decision),
    ImportBegan { file: String, format: String, layout: String },
    Piece(Piece),
    ImportEnded { bytes: u64, sha256: String },
    Answer(Box<ThingAnswer>),
    Cover(CoverAnswer),
    Watched(Vec<Told>),
}

/// An effect with its origin.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) listener: u32,
    pub(crate) account: Account,
    pub(crate) seq: u64,
    pub(crate) run: u64,
    pub(crate) received_at: i64,
    pub(crate) effect: Effect,
}

impl Item {
    /// An effect of the envelope with this head.
    pub(crate) fn of(head: &Head<'_>, listener: u32, effect: Effect) -> Self {
        let Head { seq, run, received_at, .. } = *head;
        Self { listener, account: head.owner(), seq, run, received_at, effect }
    }
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
    /// What services said of things.
    pub answers: Answers,
    /// Covers that were looked for: pictures, and addresses without one.
    pub covers: (u64, u64),
}

/// How many answers about things came, by what they say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The service knows the thing.
    pub known: u64,
    /// The service says that there is no such thing.
    pub unknown: u64,
    /// The answer is about another thing.
    pub contradictions: u64,
    /// Of all of these, those that say what an answer before them said.
    pub unchanged: u64,
}

impl std::ops::Add for Answers {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            known: self.known + other.known,
            unknown: self.unknown + other.unknown,
            contradictions: self.contradictions + other.contradictions,
            unchanged: self.unchanged + other.unchanged,
        }
    }
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
            answers: self.answers + other.answers,
            covers: (self.covers.0 + other.covers.0, self.covers.1 + other.covers.1),
        }
    }
}

/// Writes batches. Remembers between them what would otherwise be asked of the database again and again.
pub(crate) struct Applier {
    clock: LocalClock,
    accounts: HashMap<(Account, bool), i64>,
    coverage: HashMap<i64, Coverage>,
    next_play: i64,
    indexed: bool,
    open_import: Option<OpenImport>,
    /// Everything that was written, as long as it began from nothing and was only added to: row number 1 first.
    pub(crate) rows: Option<Vec<Witness>>,
    /// What must be decided anew of names and plays.
    pub(crate) touched: Touched,
    pub(crate) applied: Applied,
    /// Whether plays changed.
    pub(crate) changed: bool,
    /// Whether what is known of things changed.
    pub(crate) enriched: bool,
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
            open_import: None,
            rows: (next_play == 1).then(Vec::new),
            touched: Touched::default(),
            applied: Applied::default(),
            changed: false,
            enriched: false,
        })
    }

    /// Writes one batch.
    pub(crate) fn apply(&mut self, database: &Connection, batch: &Batch) -> rusqlite::Result<()> {
        self.keep_names(database, &batch.names)?;
        for item in &batch.items {
            self.leave_other_import(database, item)?;
            // What a service knows of things belongs to no account.
            let is_of_nobody = matches!(item.effect, Effect::Answer(_) | Effect::Cover(_));
            let account = if is_of_nobody { 0 } else { self.account(database, item)? };
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
                Effect::Decision(decision) => self.decide(database, item, account, decision)?,
                Effect::ImportBegan { file, format, layout } => {
                    self.begin_import(database, item, account, [file, format, layout])?;
                }
                Effect::Piece(piece) => self.take_in(database, item, account, piece)?,
                Effect::Watched(told) => self.keep_watched(database, item, account, told)?,
                Effect::ImportEnded { bytes, sha256 } => self.end_import(database, item, *bytes, sha256)?,
                Effect::Answer(answer) => self.keep_answer(database, item, answer)?,
                Effect::Cover(cover) => self.keep_cover(database, item, cover)?,
            }
        }
        Ok(())
    }

    fn keep_names(&mut self, database: &Connection, names: &[Entry]) -> rusqlite::Result<()> {
        self.touched.names |= names.iter().any(|entry| entry.new && entry.kind != Kind::Uri);
        for Entry { kind, id, listener, artist, name, mbid, new } in names {
            let (insert, update) = name_statements(*kind);
            let mut statement = database.prepare_cached(if *new { insert } else { update })?;
            match (*new, *kind) {
                (false, _) => statement.execute(params![id, mbid])?,
                (true, Kind::Listener) => statement.execute(params![id, name, self.clock.name()])?,
                (true, Kind::Uri) => statement.execute(params![id, listener, name])?,
                (true, Kind::Artist) => statement.execute(params![id, listener, name, mbid])?,
                (true, Kind::Album | Kind::Track) => statement.execute(params![id, listener, artist, name, mbid])?,
            };
        }
        Ok(())
    }

    fn account(&mut self, database: &Connection, item: &Item) -> rusqlite::Result<i64> {
        let asked = item.is_of_a_service();
        let known = (item.account.clone(), asked);
        if let Some(id) = self.accounts.get(&known) {
            return Ok(*id);
        }
        let key = params![item.listener, item.account.service.name(), item.account.user, asked];
        database.execute(
            "INSERT OR IGNORE INTO accounts (listener_id, service, name, asked) VALUES (?1, ?2, ?3, ?4)",
            key,
        )?;
        let id = database.query_row(
            "SELECT id FROM accounts WHERE listener_id = ?1 AND service = ?2 AND name = ?3 AND asked = ?4",
            key,
            |row| row.get(0),
        )?;
        self.accounts.insert(known, id);
        self.coverage.insert(id, load_coverage(database, id)?);
        Ok(id)
    }
}

impl Item {
    /// Whether it is what a service answered, or belongs to such answers.
    fn is_of_a_service(&self) -> bool {
        match &self.effect {
            Effect::ImportBegan { .. } | Effect::Piece(_) | Effect::ImportEnded { .. } | Effect::Watched(_) => false,
            Effect::Decision(decision) => matches!(decision, Decision::ConfirmRemovals { .. }),
            Effect::Reading(_)
            | Effect::Count { .. }
            | Effect::RunBegan { .. }
            | Effect::RunEnded
            | Effect::Answer(_)
            | Effect::Cover(_) => true,
        }
    }
}

fn name_statements(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Listener => ("INSERT INTO listeners VALUES (?1, ?2, ?3)", ""),
        Kind::Uri => ("INSERT INTO uris VALUES (?1, ?2, ?3)", ""),
        Kind::Artist => (
            "INSERT INTO artists (id, listener_id, name, artist_mbid) VALUES (?1, ?2, ?3, ?4)",
            "UPDATE artists SET artist_mbid = ?2 WHERE id = ?1",
        ),
        Kind::Album => (
            "INSERT INTO albums (id, listener_id, artist_id, title, release_mbid) VALUES (?1, ?2, ?3, ?4, ?5)",
            "UPDATE albums SET release_mbid = ?2 WHERE id = ?1",
        ),
        Kind::Track => (
            "INSERT INTO tracks (id, listener_id, artist_id, title, recording_mbid) VALUES (?1, ?2, ?3, ?4, ?5)",
            "UPDATE tracks SET recording_mbid = ?2 WHERE id = ?1",
        ),
    }
}
