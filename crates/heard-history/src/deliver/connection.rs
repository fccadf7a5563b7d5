//! What a service takes, and how it is told.

use heard_api::Error;
use heard_api::lastfm::track::Scrobble;
use heard_api::listenbrainz::Submission;

use super::read_back::{self, ReadBack};
use super::{lastfm, listenbrainz as brainz};
use crate::connection::Connection;
use crate::outbox::{Batch, Entry, Limits, Verdict};

/// What came of sending a batch.
#[derive(Debug)]
pub(super) enum Said {
    /// A verdict on each listen, in their order, with the answer where it may be kept, and the service's time in Unix
    /// seconds where it is told.
    Judged { verdicts: Vec<Verdict>, answer: Option<(u16, Vec<u8>)>, served_at: Option<i64> },
    /// Nothing was taken, because of something in the batch.
    Refused { error: Option<Error>, words: String },
    /// One of its listens cannot be put into words; nothing was sent.
    Unfit { entry: Box<Entry>, reason: String },
    /// Nobody knows whether it arrived, or the service takes nothing at all.
    Failed(Error),
    /// It came back as a success, but what it says is not about this batch.
    Unreadable(String),
}

impl Connection {
    /// What the service takes at once, and of what age.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let (most, max_age) = match self {
            Self::Lastfm(client) => (Scrobble::MAX, client.service().max_age),
            Self::Listenbrainz(_) => (Submission::MAX, None),
        };
        Limits { most: u32::try_from(most).unwrap_or(u32::MAX), max_age }
    }

    /// Sends a batch once.
    pub(super) async fn send(&self, batch: &Batch) -> Said {
        match self {
            Self::Lastfm(client) => lastfm::send(client, batch).await,
            Self::Listenbrainz(client) => brainz::send(client, batch).await,
        }
    }

    /// What the service has at the moments of a batch.
    pub(super) async fn read_back(&self, user: &str, batch: &Batch) -> Result<ReadBack, Error> {
        match self {
            Self::Lastfm(client) => read_back::from_lastfm(client, user, batch).await,
            Self::Listenbrainz(client) => read_back::from_listenbrainz(client, user, batch).await,
        }
    }

    /// Whether the service answers another question.
    pub(super) async fn is_in_order(&self) -> bool {
        match self {
            Self::Lastfm(client) => lastfm::try_signature(client).await.is_ok(),
            Self::Listenbrainz(client) => client.call(&heard_api::listenbrainz::validate_token()).await.is_ok(),
        }
    }

    /// Whether signed calls are refused altogether, so that a refusal says nothing about a batch; with the error.
    pub(super) async fn is_locked_out(&self) -> Result<(), Error> {
        match self {
            Self::Lastfm(client) => lastfm::try_signature(client).await,
            Self::Listenbrainz(_) => Ok(()),
        }
    }
}
