//! Keeping pieces: one thread reads what they tell, a second one appends them, and only what was appended is passed on.
//!
//! Reading comes first because it shows on its way that a piece is JSON, which the archive must know. Nothing is lost by
//! it: a piece that is read and not kept leaves nothing behind.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use crate::archive::{Archive, ArchiveError, Draft, Position};
use crate::home::{Home, HomeLock};
use crate::ingest::{Batches, Decoder, Foreseen};
use crate::store::StoreError;

/// Groups that may wait for being appended.
const WAITING: usize = 2;

/// Bytes of pieces that share one frame.
const SHARED: usize = 4 << 20;

/// Where pieces are kept: in the archive, or nowhere, where the listener only wants to see what would be.
#[derive(Debug)]
pub(super) enum Keeper {
    Archive(Archive),
    Nowhere { last: u64 },
}

/// Something to keep.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) draft: Draft,
    /// Whether it must be on the disk before anything is derived from it for good, and everything before it.
    pub(super) durable: bool,
}

impl Keeper {
    pub(super) fn open(home: &Home, lock: &HomeLock, at_least: u64, dry_run: bool) -> Result<Self, ArchiveError> {
        if dry_run {
            return Ok(Self::Nowhere { last: at_least });
        }
        let (archive, cut) = Archive::open(home, lock, at_least)?;
        if let Some(cut) = cut {
            tracing::warn!(bytes = cut.bytes, kept = %cut.kept.display(), "the archive's unfinished end was moved aside");
        }
        Ok(Self::Archive(archive))
    }

    pub(super) fn last(&self) -> u64 {
        match self {
            Self::Archive(archive) => archive.last(),
            Self::Nowhere { last } => *last,
        }
    }

    fn append(&mut self, drafts: &[Draft]) -> Result<Position, ArchiveError> {
        match self {
            Self::Archive(archive) => archive.add(drafts),
            Self::Nowhere { last } => {
                *last += drafts.len() as u64;
                Ok(Position { seq: *last, ..Position::default() })
            }
        }
    }

    fn sync(&mut self) -> Result<(), ArchiveError> {
        match self {
            Self::Archive(archive) => archive.sync(),
            Self::Nowhere { .. } => Ok(()),
        }
    }
}

/// Drafts that share a frame, and what they will ask of the store.
struct Group {
    drafts: Vec<Draft>,
    foreseen: Foreseen,
    durable: bool,
}

/// Keeps what is ordered until nobody orders any more, and hands on what it asks of the store.
///
/// # Errors
/// [`ArchiveError`]; whoever orders finds that nobody listens any more.
pub(super) fn keep(
    keeper: Keeper,
    orders: Receiver<Order>,
    decoder: &mut Decoder,
    batches: &Batches,
) -> Result<(), ArchiveError> {
    let (groups, to_append) = mpsc::sync_channel(WAITING);
    let next = keeper.last() + 1;
    thread::scope(|scope| {
        let appending = scope.spawn(move || append(keeper, &to_append, batches));
        // Without anyone who appends there is nothing more to read, and why is said below.
        let _ = read(orders, decoder, next, &groups);
        drop(groups);
        appending.join().expect("appending turns every fault into a value")
    })
}

/// Reads what is ordered, the first at place `next`.
fn read(
    orders: Receiver<Order>,
    decoder: &mut Decoder,
    mut next: u64,
    groups: &SyncSender<Result<Group, StoreError>>,
) -> Result<(), mpsc::SendError<Result<Group, StoreError>>> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut bytes = 0;
    let mut group = |mut drafts: Vec<Draft>, durable| {
        let foreseen = decoder.foresee(&mut drafts, next);
        next += drafts.len() as u64;
        groups.send(foreseen.map(|foreseen| Group { drafts, foreseen, durable }))
    };
    for order in orders {
        bytes += order.draft.body.len();
        drafts.push(order.draft);
        if order.durable || bytes >= SHARED {
            group(std::mem::take(&mut drafts), order.durable)?;
            bytes = 0;
        }
    }
    if drafts.is_empty() { Ok(()) } else { group(drafts, true) }
}

/// Appends groups, and hands on what they ask. What nobody takes is read out of the archive next time.
fn append(
    mut keeper: Keeper,
    groups: &Receiver<Result<Group, StoreError>>,
    batches: &Batches,
) -> Result<(), ArchiveError> {
    for group in groups {
        let batch = match group {
            Ok(Group { drafts, foreseen, durable }) => {
                let end = keeper.append(&drafts)?;
                if durable {
                    keeper.sync()?;
                }
                Ok(foreseen.kept(end))
            }
            Err(error) => Err(error),
        };
        let failed = batch.is_err();
        if batches.send(batch).is_err() || failed {
            break;
        }
    }
    keeper.sync()
}
