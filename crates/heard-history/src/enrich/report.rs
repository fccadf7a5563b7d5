//! What asking came to.

use std::collections::BTreeSet;

use super::{CoverReport, Question};
use crate::archive::{ArchiveError, Cut};
use crate::collect::CollectError;
use crate::ingest::Ingested;
use crate::store::apply::Answers;

/// A question that was asked in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The question.
    pub question: Question,
    /// What came instead of an answer.
    pub reason: String,
}

/// How far it came.
#[derive(Debug, Default)]
pub struct Report {
    /// Questions that were answered, or asked in vain.
    pub asked: u64,
    /// Requests that were sent: a question takes several where something goes wrong.
    pub requests: u64,
    /// What the answers say.
    pub answers: Answers,
    /// Questions that are still open, as far as they were seen.
    pub left: u64,
    /// Of these, those that were asked in vain.
    pub waiting: Vec<Unanswered>,
    /// What fetching covers came to.
    pub covers: CoverReport,
    /// Calls that the service does not offer.
    pub not_offered: BTreeSet<&'static str>,
    /// Damage in the archive that was stepped over.
    pub damage: Vec<ArchiveError>,
    /// Envelopes of which nothing could be made.
    pub unread: Vec<(u64, String)>,
    /// What a crash had left at the archive's end.
    pub cut: Option<Cut>,
    /// Why it ended early.
    pub stopped: Option<CollectError>,
    /// Questions that the last requests answered.
    pub(super) answered_last: u64,
}

impl Report {
    pub(super) fn add(&mut self, ingested: Ingested) {
        self.answers = self.answers + ingested.applied.answers;
        self.covers.kept += ingested.applied.covers.0;
        self.covers.none += ingested.applied.covers.1;
        self.damage.extend(ingested.damage);
        self.unread.extend(ingested.unread);
    }
}
