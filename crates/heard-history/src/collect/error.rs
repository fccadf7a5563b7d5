//! Why collecting ends early.

use heard_api::Error;

use crate::archive::ArchiveError;
use crate::ingest::IngestError;
use crate::store::StoreError;

/// A service that cannot be used now.
#[derive(Clone, Debug)]
pub struct Outage {
    /// The last thing that went wrong.
    pub reason: String,
    /// Until when it asked to be left alone, in Unix seconds.
    pub until: Option<i64>,
}

impl Outage {
    pub(super) fn down(reason: String) -> CollectError {
        CollectError::Outage(Self { reason, until: None })
    }
}

/// Why collecting ended early. Everything that was read until then is kept.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The service refused for good.
    #[error(transparent)]
    Service(#[from] Error),
    /// The service says of the account's profile that there is none.
    #[error("the service knows no account of this name")]
    NoAccount,
    /// The service gives no usable answer, or asks to be left alone.
    #[error("the service cannot be used now: {}", .0.reason)]
    Outage(Outage),
    /// An answer that is needed was refused again and again.
    #[error("the service's answers cannot be used: {0}")]
    Refused(String),
    /// Someone asked to stop.
    #[error("stopped")]
    Interrupted,
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The store cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was archived cannot be ingested.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}
