//! Keeping pieces: one thread appends what is cut, and passes on what was appended.

use std::sync::mpsc::{Receiver, SyncSender};

use crate::archive::{Archive, ArchiveError, Draft, Frame, Position};
use crate::home::{Home, HomeLock};

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

    fn append(&mut self, drafts: &[Draft], durable: bool) -> Result<Frame, ArchiveError> {
        match self {
            Self::Archive(archive) if durable => archive.append(drafts),
            Self::Archive(archive) => archive.append_unsynced(drafts),
            Self::Nowhere { last } => {
                let lines = (*last + 1..).zip(drafts).flat_map(|(place, draft)| draft.line(place)).collect();
                *last += drafts.len() as u64;
                Ok(Frame { lines, end: Position { seq: *last, ..Position::default() } })
            }
        }
    }
}

/// Keeps what is ordered until nobody orders any more. Frames that nobody reads are read next time.
///
/// # Errors
/// [`ArchiveError`]; whoever orders finds that nobody listens any more.
pub(super) fn keep(
    mut keeper: Keeper,
    orders: &Receiver<Order>,
    frames: &SyncSender<Frame>,
) -> Result<(), ArchiveError> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut bytes = 0;
    for order in orders {
        bytes += order.draft.body.len();
        drafts.push(order.draft);
        if order.durable || bytes >= SHARED {
            let frame = keeper.append(&drafts, order.durable)?;
            drafts.clear();
            bytes = 0;
            if frames.send(frame).is_err() {
                return Ok(());
            }
        }
    }
    if !drafts.is_empty() {
        keeper.append(&drafts, true)?;
    }
    Ok(())
}
