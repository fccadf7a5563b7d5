//! What the listener decides by hand: an envelope like any answer, so that it survives a rebuild and can be taken back.

use crate::archive::{Archive, ArchiveError, Draft, Frame, Position, Purpose, mark_body};
use crate::facts::Decision;
use crate::home::{Home, HomeLock};
use crate::ingest::{self, IngestError};
use crate::listen::{Account, Service};
use crate::store::{Store, StoreError};
use crate::zone::Zone;

/// Why a decision could not be kept. It has no effect then.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was archived cannot be brought into the store.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}

/// Keeps decisions of a listener and lets them hold. Returns their numbers. `now` in Unix seconds.
///
/// # Errors
/// [`DecideError`].
pub fn decide(
    home: &Home,
    lock: &HomeLock,
    store: &mut Store,
    listener: &str,
    decisions: &[Decision],
    now: i64,
) -> Result<Vec<u64>, DecideError> {
    let (mut archive, _) = Archive::open(home, lock, store.position()?.seq)?;
    let first = archive.last() + 1;
    let frame = archive.append(&drafts(listener, decisions, first, now))?;
    ingest::take(store, frame)?;
    Ok((first..first + decisions.len() as u64).collect())
}

/// A store in which these decisions hold, to be looked at and discarded; nothing is kept.
///
/// # Errors
/// [`DecideError`].
pub fn preview(home: &Home, zone: &Zone, listener: &str, decisions: &[Decision]) -> Result<Store, DecideError> {
    let mut store = Store::preview(home, zone)?;
    let first = store.position()?.seq + 1;
    let drafts = drafts(listener, decisions, first, 0);
    let lines = (first..).zip(&drafts).flat_map(|(place, draft)| draft.line(place)).collect();
    let end = Position { seq: first + drafts.len() as u64 - 1, ..Position::default() };
    match ingest::take(&mut store, Frame { lines, end }) {
        Ok(_) => Ok(store),
        Err(error) => {
            store.discard()?;
            Err(error.into())
        }
    }
}

fn drafts(listener: &str, decisions: &[Decision], first: u64, now: i64) -> Vec<Draft> {
    let draft = |(run, decision): (u64, &Decision)| Draft {
        received_at: now,
        account: Account::new(listener, Service::Heard, ""),
        method: "heard.decide".into(),
        params: Vec::new(),
        purpose: Purpose::Decision,
        run,
        wanted: None,
        status: 0,
        served_at: None,
        body: mark_body(decision),
        is_json: true,
        sha256: None,
    };
    (first..).zip(decisions).map(draft).collect()
}
