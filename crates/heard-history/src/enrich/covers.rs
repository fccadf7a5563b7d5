//! Fetching the covers that a service names: each address once, from a host that is nobody's friend.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use heard_api::{Error, PictureClient, Reply, Unfit};

use super::Options;
use crate::archive::{ArchiveError, Covers, Draft, Purpose, digest, mark_body};
use crate::collect::CollectError;
use crate::collect::fetch::{Failure, Fetcher, Judged, join_all};
use crate::collect::recorder::Recorder;
use crate::facts::{CoverOutcome, CoverReply, NoPicture, Picture};
use crate::listen::Account;
use crate::normalise::cover::{ADDRESS, judge};
use crate::store::{HeardCover, ToldCover};

const DAY: i64 = 86_400;
/// The archive's own name for fetching a cover.
const METHOD: &str = "heard.cover";

/// A cover that was asked for in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnansweredCover {
    /// Its address.
    pub address: String,
    /// What came instead of an answer.
    pub reason: String,
}

/// What fetching covers came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoverReport {
    /// Addresses that were asked, in vain or not.
    pub asked: u64,
    /// Pictures that came.
    pub kept: u64,
    /// Addresses at which there is none.
    pub none: u64,
    /// Addresses that are still to be asked.
    pub left: u64,
    /// Of these, those that were asked in vain.
    pub waiting: Vec<UnansweredCover>,
}

/// Whether a cover is to be fetched at second `now`: nobody has asked, or too long ago, or the file is not there any more.
pub(super) fn is_open(cover: &HeardCover, options: &Options, shelf: &Covers, now: i64) -> bool {
    let Some(ToldCover { told_at, none, picture }) = &cover.told else { return true };
    let days = if none.is_some() { options.unknown_days } else { options.known_days };
    let is_lost = none.is_none() && picture.as_ref().is_none_or(|picture| !shelf.has(picture));
    is_lost || told_at.saturating_add(i64::from(days) * DAY) <= now
}

/// What became of a row of covers.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    /// How many of them, from the beginning, were taken up.
    pub(super) taken: usize,
    /// Those of them that were answered.
    pub(super) answered: u64,
    pub(super) unanswered: Vec<UnansweredCover>,
    pub(super) failed: Option<CollectError>,
}

/// Fetches covers, several at once behind the pictures' own pacer.
pub(super) struct CoverRound<'a> {
    pub(super) pictures: &'a PictureClient,
    pub(super) fetcher: &'a Fetcher,
    pub(super) shelf: &'a Covers,
    pub(super) account: &'a Account,
    pub(super) deadline: Option<Duration>,
    pub(super) covers: &'a [HeardCover],
    /// Hosts that are not asked any more in this run.
    pub(super) closed: &'a Mutex<HashSet<String>>,
    pub(super) fetched: Mutex<Fetched>,
    /// Held while a file is written: of two equal pictures the second finds that of the first.
    pub(super) writing: tokio::sync::Mutex<()>,
}

impl CoverRound<'_> {
    /// Fetches all of them, until somebody wants to stop.
    pub(super) async fn fetch(&self, recorder: &Recorder) {
        let fetchers = (0..self.fetcher.side_by_side()).map(|_| self.fetch_on(recorder)).collect();
        join_all(fetchers).await;
    }

    /// What became of them.
    pub(super) fn fetched(self) -> Fetched {
        self.fetched.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn so_far(&self) -> MutexGuard<'_, Fetched> {
        // Every change below is whole when the lock is given back.
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch_on(&self, recorder: &Recorder) {
        while let Some(cover) = self.next() {
            let kept = match self.answer(cover).await {
                Ok(draft) => recorder.keep(vec![draft]).await.map_err(|error| Failure::Stop(error.into())),
                Err(failure) => Err(failure),
            };
            match kept {
                Ok(()) => {
                    self.so_far().answered += 1;
                    self.fetcher.meter().page(1);
                }
                Err(failure) => self.bear(cover, failure),
            }
        }
    }

    /// The next cover; none when enough was fetched.
    fn next(&self) -> Option<&HeardCover> {
        let now = self.fetcher.clock().monotonic();
        let mut so_far = self.so_far();
        if so_far.failed.is_some() || self.deadline.is_some_and(|deadline| now >= deadline) {
            return None;
        }
        while let Some(cover) = self.covers.get(so_far.taken) {
            so_far.taken += 1;
            if !self.closed().contains(host(&cover.address)) {
                return Some(cover);
            }
            let reason = "its host cannot be used now".to_owned();
            so_far.unanswered.push(UnansweredCover { address: cover.address.clone(), reason });
        }
        None
    }

    /// The envelope of an answer. The picture that it names is on the disk before.
    async fn answer(&self, cover: &HeardCover) -> Result<Draft, Failure> {
        let ask = async || self.pictures.get(&cover.address).await;
        let read = |reply: &Reply| {
            let Reply { status, content_type, body, .. } = reply;
            Judged::Fits(judge(*status, content_type.as_deref(), body, &digest(body)))
        };
        let (reply, outcome) = match self.fetcher.fetch(ask, read).await {
            Ok((reply, outcome)) => (Some(reply), outcome),
            Err(Failure::Stop(CollectError::Service(Error::Unfit(unfit)))) => (None, CoverOutcome::None(reason(unfit))),
            Err(failure) => return Err(failure),
        };
        if let (CoverOutcome::Kept(picture), Some(reply)) = (&outcome, &reply) {
            let kept = self.keep(picture.clone(), reply.body.clone()).await;
            kept.map_err(|error| Failure::Stop(error.into()))?;
        }
        let content_type = reply.as_ref().and_then(|reply| reply.content_type.clone());
        Ok(Draft {
            received_at: self.fetcher.clock().now(),
            account: self.account.clone(),
            method: METHOD.into(),
            params: vec![(ADDRESS.to_owned(), cover.address.clone())],
            purpose: Purpose::Cover,
            run: 0,
            wanted: None,
            status: reply.as_ref().map_or(0, |reply| reply.status),
            served_at: reply.and_then(|reply| reply.date),
            body: mark_body(&CoverReply { content_type, outcome }),
            is_json: true,
            sha256: None,
        })
    }

    /// Syncing takes a while, in which others may be asked.
    async fn keep(&self, picture: Picture, bytes: Bytes) -> Result<(), ArchiveError> {
        let _alone = self.writing.lock().await;
        let shelf = self.shelf.clone();
        let kept = tokio::task::spawn_blocking(move || shelf.keep(&picture, &bytes)).await;
        kept.expect("keeping turns every fault into a value, and the runtime outlives it")
    }

    /// A host that is out of order does not keep others from being asked.
    fn bear(&self, cover: &HeardCover, failure: Failure) {
        let reason = match failure {
            Failure::Window(reason) => reason,
            Failure::TooLarge => "it is too large".to_owned(),
            Failure::Stop(CollectError::Outage(outage)) => self.close(cover, outage.reason),
            Failure::Stop(CollectError::Service(error)) => self.close(cover, error.to_string()),
            Failure::Stop(error) => {
                self.so_far().failed.get_or_insert(error);
                return;
            }
        };
        self.so_far().unanswered.push(UnansweredCover { address: cover.address.clone(), reason });
    }

    fn close(&self, cover: &HeardCover, reason: String) -> String {
        self.closed().insert(host(&cover.address).to_owned());
        reason
    }

    fn closed(&self) -> MutexGuard<'_, HashSet<String>> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Host and port of an address, as they stand in it.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

fn reason(unfit: Unfit) -> NoPicture {
    match unfit {
        Unfit::Address | Unfit::PrivateAddress => NoPicture::Forbidden,
        Unfit::Placeholder => NoPicture::Placeholder,
        Unfit::TooLarge => NoPicture::TooLarge,
    }
}
