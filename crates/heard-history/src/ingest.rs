//! The only bridge from the archive to the store.
//!
//! One thread turns frames into facts with numbers for names; the caller's thread writes them. The same code runs
//! while answers come in, after a crash, and when the store is rebuilt from nothing.

mod decode;
mod rebuild;

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub(crate) use decode::{Decoder, Foreseen};
pub use rebuild::rebuild;
pub(crate) use rebuild::{begin_with, rebuild_beside};

use crate::archive::{self, ArchiveError, Frame, Position};
use crate::home::{Home, HomeLock};
use crate::reconcile::{Verdict, Witness};
use crate::store::apply::{Applied, Applier, Batch};
use crate::store::{Store, StoreError, settle};
use crate::zone::Zone;

/// Plays written between two commits.
const COMMIT_EVERY: u64 = 20_000;

/// Frames that may wait between two threads; each may be a few megabytes.
const WAITING: usize = 4;

/// Why ingesting stopped. What was committed before stays; the rest is read again next time.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The archive cannot be listed or read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// What ingesting did.
#[derive(Debug, Default)]
pub struct Ingested {
    /// What changed in the store.
    pub applied: Applied,
    /// Pieces of the archive that could not be read, and were stepped over.
    pub damage: Vec<ArchiveError>,
    /// Envelopes of which this version can make nothing, with the reason.
    pub unread: Vec<(u64, String)>,
    /// All plays, where the store was filled from nothing and only added to.
    rows: Option<Rows>,
}

/// Reports of plays in the order of their numbers, and which of them are further witnesses.
type Rows = (Vec<Witness>, Vec<Verdict>);

/// Opens the home's store and brings it up to what the archive holds. One of an older version is made anew first.
///
/// # Errors
/// [`IngestError`].
pub fn open(home: &Home, lock: &HomeLock, zone: &Zone) -> Result<(Store, Ingested), IngestError> {
    let mut store = match Store::open(home, lock, zone) {
        Err(StoreError::Older { .. }) => {
            rebuild(home, lock, zone, |_| {})?;
            Store::open(home, lock, zone)?
        }
        other => other?,
    };
    let ingested = catch_up(home, &mut store)?;
    Ok((store, ingested))
}

/// Brings the store up to what the archive holds.
///
/// # Errors
/// [`IngestError`]; the store is then at an earlier place, and consistent.
pub fn catch_up(home: &Home, store: &mut Store) -> Result<Ingested, IngestError> {
    read_and_write(home, store, COMMIT_EVERY, |_| {})
}

/// Where batches go on their way to the store.
pub(crate) type Batches = SyncSender<Result<Batch, StoreError>>;

/// What reads envelopes and hands on what they ask of the store, on a thread of its own. Nothing may be handed on that is
/// not in the archive.
pub(crate) type Feed<'f> = Box<dyn FnOnce(&mut Decoder, &Batches) + Send + 'f>;

/// Writes frames as they come, until the sender is dropped.
///
/// # Errors
/// [`IngestError`]; frames that were not committed are in the archive and are read next time.
pub fn follow(store: &mut Store, frames: Receiver<Frame>) -> Result<Ingested, IngestError> {
    follow_with(store, reading(frames))
}

/// Writes one frame.
///
/// # Errors
/// [`IngestError`]; the frame is in the archive and is read next time.
pub(crate) fn take(store: &mut Store, frame: Frame) -> Result<Ingested, IngestError> {
    let (send, frames) = sync_channel(1);
    // The other end is here until it is read.
    drop(send.send(frame));
    drop(send);
    follow(store, frames)
}

/// Writes what is handed on, until nothing is any more.
///
/// # Errors
/// [`IngestError`]; what was not committed is in the archive and is read next time.
pub(crate) fn follow_with(store: &mut Store, feed: Feed<'_>) -> Result<Ingested, IngestError> {
    write(store, feed, COMMIT_EVERY, |_| {})
}

/// Reads frames one after the other.
fn reading(frames: Receiver<Frame>) -> Feed<'static> {
    Box::new(move |decoder, batches| {
        for frame in frames {
            let batch = decoder.decode(&frame);
            let failed = batch.is_err();
            if batches.send(batch).is_err() || failed {
                break;
            }
        }
    })
}

fn read_and_write(
    home: &Home,
    store: &mut Store,
    commit_every: u64,
    progress: impl FnMut(Position),
) -> Result<Ingested, IngestError> {
    let (folder, after) = (home.archive(), store.position()?);
    let (send, frames) = sync_channel(WAITING);
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut damage = Vec::new();
            archive::read_after(&folder, after, |frame| send.send(frame).is_ok(), |error| damage.push(error))?;
            Ok::<_, ArchiveError>(damage)
        });
        let ingested = write(store, reading(frames), commit_every, progress);
        let damage = reader.join().expect("reading segments does not panic")?;
        ingested.map(|ingested| Ingested { damage, ..ingested })
    })
}

fn write(
    store: &mut Store,
    feed: Feed<'_>,
    commit_every: u64,
    progress: impl FnMut(Position),
) -> Result<Ingested, IngestError> {
    let mut decoder = Decoder::new(store)?;
    let (send, batches) = sync_channel(WAITING);
    thread::scope(|scope| {
        let decoding = scope.spawn(move || {
            feed(&mut decoder, &send);
            decoder.unread
        });
        let applied = apply_all(store, batches, commit_every, progress);
        let unread = decoding.join().expect("decoding turns every fault into a value");
        let (applied, rows) = applied?;
        Ok(Ingested { applied, damage: Vec::new(), unread, rows })
    })
}

fn apply_all(
    store: &mut Store,
    batches: Receiver<Result<Batch, StoreError>>,
    commit_every: u64,
    mut progress: impl FnMut(Position),
) -> Result<(Applied, Option<Rows>), StoreError> {
    let (path, zone) = (store.path().to_owned(), store.zone().clone());
    let say = StoreError::sqlite(&path);
    let indexed = store.is_indexed()?;
    let database = store.connection();
    let mut applier = Applier::new(database, &zone, indexed).map_err(&say)?;
    let mut pending: Option<Pending<'_>> = None;
    for batch in batches {
        let batch = batch?;
        let mut change = match pending.take() {
            Some(change) => change,
            None => Pending::begin(database).map_err(&say)?,
        };
        let before = applier.applied;
        applier.apply(&change.transaction, &batch).map_err(&say)?;
        change.end = Some(batch.end);
        change.plays += applier.applied.plays_new - before.plays_new;
        progress(batch.end);
        // Of an export file that is not read to its end, nothing may be seen.
        if change.plays >= commit_every && !applier.is_importing() {
            change.commit(&mut applier, false).map_err(&say)?;
        } else {
            pending = Some(change);
        }
    }
    finish(database, pending, applier).map_err(&say)
}

/// Leaves an import without an end, decides what depends on everything together, and commits.
fn finish(
    database: &Connection,
    pending: Option<Pending<'_>>,
    mut applier: Applier,
) -> rusqlite::Result<(Applied, Option<Rows>)> {
    if !settle::is_settled(database)? {
        applier.touched = settle::touched_all(database)?;
    } else if pending.is_none() && applier.touched.is_nothing() {
        return Ok((applier.applied, None));
    }
    let change = match pending {
        Some(change) => change,
        None => Pending::begin(database)?,
    };
    applier.drop_open_import(database)?;
    let (further, changed) = settle::settle(database, &applier.touched, applier.rows.as_deref())?;
    applier.changed |= changed;
    let rows = applier.rows.take();
    change.commit(&mut applier, true)?;
    Ok((applier.applied, rows.map(|rows| (rows, further))))
}

/// Batches that are written but not committed.
struct Pending<'c> {
    transaction: Transaction<'c>,
    plays: u64,
    end: Option<Position>,
}

impl<'c> Pending<'c> {
    fn begin(database: &'c Connection) -> rusqlite::Result<Self> {
        let transaction = Transaction::new_unchecked(database, TransactionBehavior::Immediate)?;
        Ok(Self { transaction, plays: 0, end: None })
    }

    /// `settled`: whether what depends on everything together was decided after the last change.
    fn commit(self, applier: &mut Applier, settled: bool) -> rusqlite::Result<()> {
        if let Some(end) = self.end {
            self.transaction
                .prepare_cached("UPDATE view_state SET archive_seq = ?1, segment = ?2, segment_offset = ?3")?
                .execute([end.seq, end.segment, end.offset].map(u64::cast_signed))?;
        }
        self.transaction
            .prepare_cached("UPDATE view_state SET generation = generation + ?1, enriched = enriched + ?2")?
            .execute([applier.changed, applier.enriched])?;
        if settled {
            settle::mark_settled(&self.transaction)?;
        }
        applier.changed = false;
        applier.enriched = false;
        self.transaction.commit()
    }
}
