//! Taking in export files: from paths to envelopes of the archive, and a balance sheet of every row.
//!
//! One thread goes over the files, tells what each is and cuts it into pieces; a second one reads what they tell, with
//! the same code as after a crash or for a rebuild; a third compresses and archives them; the caller's own writes to the
//! store what is archived. A file counts from the moment at which its end is archived, and not at all before.

pub mod cut;
mod digests;
pub mod inputs;
mod keep;
pub mod recognise;
mod report;
mod rows;
mod source;
pub mod tabular;
mod taking;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

pub use report::{FileReport, Ignored, Outcome, Report};
pub use rows::{FileRows, Row, rows_of_files};

use crate::archive::{self, ArchiveError};
use crate::home::{Home, HomeLock};
use crate::ingest::{self, Feed, IngestError};
use crate::normalise::layout::Hints;
use crate::store::{Import, Store, StoreError};
use crate::zone::Zone;
use inputs::Limits;
use taking::Taking;

/// Pieces that may wait for being read.
const WAITING: usize = 4;

/// What the listener asks for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whose plays they are.
    pub listener: String,
    /// What the listener says of files that do not say it themselves.
    pub hints: Hints,
    /// How much may come out of a container.
    pub limits: Limits,
    /// The moment of the import, in Unix seconds.
    pub now: i64,
    /// Show what would be, and keep nothing.
    pub dry_run: bool,
}

/// How far an import is, for whoever watches.
#[derive(Debug, Default)]
pub struct Meter {
    bytes: AtomicU64,
    total: AtomicU64,
    files: AtomicU64,
    file: Mutex<String>,
    stop: AtomicBool,
}

impl Meter {
    /// Bytes that were read, out of their containers.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Bytes that there are to read, as far as that is known.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed).max(self.bytes())
    }

    /// Files that were taken in.
    #[must_use]
    pub fn files(&self) -> u64 {
        self.files.load(Ordering::Relaxed)
    }

    /// The file that is read now.
    #[must_use]
    pub fn file(&self) -> String {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the import to end. Files that were taken in whole stay.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the import was asked to end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Why an import ended early. What was taken in whole before stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was archived cannot be brought into the store.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The listener stopped it.
    #[error("stopped")]
    Interrupted(Box<Report>),
}

/// Takes in every file at and below these paths. Files that are no history are told of in the report, and so is what is
/// known already; one bad file never stops the rest.
///
/// # Errors
/// [`ImportError`].
pub fn import(
    home: &Home,
    lock: &HomeLock,
    zone: &Zone,
    paths: &[PathBuf],
    options: &Options,
    meter: &Meter,
) -> Result<Report, ImportError> {
    let is_first = !home.database().exists() && archive::list(&home.archive())?.0.is_empty();
    let mut store = if is_first { None } else { Some(ingest::open(home, lock, zone)?.0) };
    let known = match &store {
        Some(store) => store.known_imports(&options.listener)?,
        None => Vec::new(),
    };
    let at_least = store.as_ref().map_or(Ok(0), |store| store.position().map(|position| position.seq))?;
    let keeper = keep::Keeper::open(home, lock, at_least, options.dry_run)?;
    if options.dry_run {
        store = Some(Store::preview(home, zone)?);
    }
    let mut report = run(keeper, known, paths, options, meter, |feed| match &mut store {
        Some(store) => ingest::follow_with(store, feed).map(drop),
        None => ingest::begin_with(home, lock, zone, feed).map(drop),
    })?;
    let store = match store {
        Some(store) => store,
        None => Store::open(home, lock, zone)?,
    };
    report.fill(store.imports(&options.listener, 0)?);
    if options.dry_run {
        store.discard()?;
    }
    if meter.is_stopped() { Err(ImportError::Interrupted(Box::new(report))) } else { Ok(report) }
}

/// Runs the threads, and returns what was found.
fn run(
    keeper: keep::Keeper,
    known: Vec<Import>,
    paths: &[PathBuf],
    options: &Options,
    meter: &Meter,
    ingest: impl FnOnce(Feed<'_>) -> Result<(), IngestError>,
) -> Result<Report, ImportError> {
    let (orders, to_keep) = mpsc::sync_channel(WAITING);
    let next = keeper.last() + 1;
    thread::scope(|scope| {
        let taking = scope.spawn(move || Taking::new(orders, next, known, options, meter).take_all(paths));
        let mut kept = Ok(());
        let keeping = &mut kept;
        let ingested =
            ingest(Box::new(move |decoder, batches| *keeping = keep::keep(keeper, to_keep, decoder, batches)));
        kept?;
        let report = taking.join().expect("taking in turns every fault into a value");
        ingested?;
        Ok(report)
    })
}
