//! What a run of delivering came to.

use heard_api::Error;

use crate::outbox::{Counts, Plan, Target};
use crate::store::StoreError;

/// What a run came to.
#[derive(Debug)]
pub struct Report {
    /// Where it delivered to.
    pub target: Target,
    /// Batches that were sent, repeats among them.
    pub requests: u64,
    /// Listens that the service took in this run.
    pub accepted: u64,
    /// Listens that it does not want.
    pub ignored: u64,
    /// Listens that spoilt their batch, or could not be put into words for the service.
    pub parked: u64,
    /// Listens over which the service failed while it took others; they are tried again later.
    pub set_aside: u64,
    /// All rows of the target, at the end of the run.
    pub counts: Counts,
    /// What is still to be delivered, and when it will be.
    pub plan: Plan,
    /// By how many seconds this machine's clock is ahead of the service's, by the last answer that told the time; less than
    /// zero where it is behind. What is played is sent with the moments of this clock.
    pub clock_ahead: Option<i64>,
    /// Why it ended early.
    pub stopped: Option<DeliverError>,
}

impl Report {
    pub(super) fn new(target: &Target) -> Self {
        Self {
            target: target.clone(),
            requests: 0,
            accepted: 0,
            ignored: 0,
            parked: 0,
            set_aside: 0,
            counts: Counts::default(),
            plan: Plan::default(),
            clock_ahead: None,
            stopped: None,
        }
    }

    /// Whether nothing waits any more.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.stopped.is_none() && self.counts.undelivered() == 0
    }
}

/// Why delivering ended early. Everything that was not delivered is kept.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The service accepts these keys or this login no more; the target is paused until it is resumed.
    #[error("delivering is paused: {0}")]
    Paused(#[source] Error),
    /// The service refused for good.
    #[error(transparent)]
    Service(#[from] Error),
    /// The service gives no usable answer, or asks to be left alone.
    #[error("the service cannot be used now: {reason}")]
    Outage {
        /// The last thing that went wrong.
        reason: String,
        /// Until when it asked to be left alone, in Unix seconds.
        until: Option<i64>,
    },
    /// Someone asked to stop.
    #[error("stopped")]
    Interrupted,
    /// The outbox cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
