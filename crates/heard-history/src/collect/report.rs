//! What a run of collecting came to.

use super::{CollectError, MeterReading};
use crate::archive::{ArchiveError, Cut};
use crate::ingest::Ingested;
use crate::listen::{Account, Span};
use crate::store::apply::Applied;
use crate::store::{Store, StoreError, Suspect};

/// A stretch of time that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenWindow {
    /// The stretch.
    pub span: Span,
    /// Why.
    pub reason: String,
}

/// What a run came to: the certificate of completeness, or what is missing for it.
#[derive(Debug)]
pub struct Report {
    /// Whose history.
    pub account: Account,
    /// Requests that were sent.
    pub requests: u64,
    /// What changed in the store.
    pub applied: Applied,
    /// The service's count of the whole list, undated plays too, where it was told.
    pub service_total: Option<u64>,
    /// Live plays in the store.
    pub stored_total: u64,
    /// Of these, without a moment.
    pub undated: u64,
    /// Rows of the service that are no plays.
    pub rejects: u64,
    /// Whether the counts agree.
    pub proven: bool,
    /// Stretches that could not be read.
    pub open: Vec<OpenWindow>,
    /// Removals that are not believed yet.
    pub suspects: Vec<Suspect>,
    /// Rows per page that the service took.
    pub page_size: u64,
    /// Damage in the archive that was stepped over.
    pub damage: Vec<ArchiveError>,
    /// Envelopes of which nothing could be made.
    pub unread: Vec<(u64, String)>,
    /// What a crash had left at the archive's end.
    pub cut: Option<Cut>,
    /// Why it ended early.
    pub stopped: Option<CollectError>,
}

impl Report {
    pub(super) fn new(account: Account) -> Self {
        Self {
            account,
            requests: 0,
            applied: Applied::default(),
            service_total: None,
            stored_total: 0,
            undated: 0,
            rejects: 0,
            proven: false,
            open: Vec::new(),
            suspects: Vec::new(),
            page_size: super::LARGEST_PAGE,
            damage: Vec::new(),
            unread: Vec::new(),
            cut: None,
            stopped: None,
        }
    }

    /// Whether the history is complete, as far as the service tells: every second read, every count equal, no removal
    /// in doubt.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.stopped.is_none() && self.proven && self.open.is_empty() && self.suspects.is_empty()
    }

    pub(super) fn add(&mut self, ingested: Ingested) {
        self.applied = self.applied + ingested.applied;
        self.damage.extend(ingested.damage);
        self.unread.extend(ingested.unread);
    }

    pub(super) fn finish(&mut self, store: &Store, meter: &MeterReading) -> Result<(), StoreError> {
        let summary = store.account(&self.account)?;
        self.requests = meter.requests;
        self.stored_total = summary.plays;
        self.undated = summary.undated;
        self.rejects = summary.rejects;
        self.suspects = summary.suspects;
        Ok(())
    }
}
