//! Proof by counting: the service's own count of a stretch against what is kept of it.
//!
//! Where they differ, halving the stretch finds the windows that must be read again.

use super::answer::Answer;
use super::fetch::{Failure, Fetcher};
use super::plan::{FIRST, LAST};
use super::recorder::Recorder;
use super::{CollectError, Outage};
use crate::archive::Purpose;
use crate::listen::{Account, Span};
use crate::normalise::page::Asked;
use crate::store::{Store, StoreError};

/// A stretch this narrow is read again without halving it further, in seconds.
const NARROW: i64 = 86_400;
/// As many rows are read again without halving further.
const FEW: u64 = 200;

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Counted {
    /// The whole list, with its undated rows.
    All,
    /// All that has a moment.
    Dated,
    /// A stretch of time.
    Within(Span),
}

/// Asks the service for counts.
pub(super) struct Counter<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) recorder: &'a Recorder,
    pub(super) run: u64,
}

impl Counter<'_> {
    /// The answer to a request for a row or two, which tells the count.
    ///
    /// # Errors
    /// What ends collecting; a window that cannot be counted ends it too, since nothing can then be proven.
    pub(super) async fn ask(&self, what: Counted) -> Result<Answer, CollectError> {
        let Account { service, user, .. } = self.fetcher.account();
        let asked = match span(what) {
            Some(span) => Asked::stretch(*service, user, span, rows(what)),
            None => Asked { user: user.clone(), limit: rows(what), page: 1, window: None },
        };
        match self.fetcher.ask(asked).await {
            Ok(answer) => Ok(answer),
            Err(Failure::Stop(error)) => Err(error),
            Err(Failure::Window(reason)) => Err(CollectError::Refused(reason)),
            Err(Failure::TooLarge) => Err(CollectError::Refused("the service refuses small pages".into())),
        }
    }

    /// The service's count, kept in the archive.
    ///
    /// # Errors
    /// As [`Counter::ask`]; and when the answer cannot be kept.
    pub(super) async fn count(&self, what: Counted) -> Result<u64, CollectError> {
        let answer = self.ask(what).await?;
        let uncounted = || CollectError::Refused("the service does not count this stretch of time".into());
        let total = answer.total.ok_or_else(uncounted)?;
        self.recorder.keep(vec![self.fetcher.draft(answer, Purpose::Count, self.run, span(what))]).await?;
        Ok(total)
    }

    /// The windows in which the service counts other than what is kept.
    ///
    /// # Errors
    /// As [`Counter::count`]; and when the store cannot be asked.
    pub(super) async fn differing(&self, store: &Store, whole: Span) -> Result<Vec<Span>, CollectError> {
        let mut differing = Vec::new();
        let mut suspected = vec![whole];
        while let Some(span) = suspected.pop() {
            if agrees(store, self.fetcher.account(), span, self.count(Counted::Within(span)).await?)? {
                continue;
            }
            let known = store.rows(self.fetcher.account(), span)?;
            if span.seconds() <= NARROW || known <= FEW {
                differing.push(span);
                continue;
            }
            let middle = span.from.midpoint(span.to);
            suspected.push(Span::new(span.from, middle));
            suspected.push(Span::new(middle, span.to));
        }
        Ok(differing)
    }
}

/// Rows that are asked with a count. The service repeats this number, so that an old answer about the dated plays is
/// not taken for one about all: from the difference of these two counts follows that there are no undated plays.
fn rows(what: Counted) -> u64 {
    match what {
        Counted::All => 1,
        Counted::Dated | Counted::Within(_) => 2,
    }
}

fn span(what: Counted) -> Option<Span> {
    match what {
        Counted::All => None,
        Counted::Dated => Some(Span::new(FIRST, LAST)),
        Counted::Within(span) => Some(span),
    }
}

/// Without a count nothing is proven, but that is no reason to leave the rest undone.
pub(super) fn unless_refused<T>(counted: Result<T, CollectError>) -> Result<Option<T>, CollectError> {
    match counted {
        Ok(counted) => Ok(Some(counted)),
        Err(CollectError::Refused(reason)) => {
            tracing::warn!(reason, "the service could not be asked for a count");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The first answer of a run: the count of the whole list, or, where the service stumbles over something in it, of the
/// days around now, so that the rest can be read.
pub(super) async fn first_answer(counter: &Counter<'_>, now: i64) -> Result<(Answer, Option<Span>), CollectError> {
    match counter.ask(Counted::All).await {
        Ok(answer) => Ok((answer, None)),
        Err(CollectError::Outage(Outage { until: None, .. }) | CollectError::Refused(_))
            if counter.fetcher.is_heard() =>
        {
            let span = Span::new(now - 86_400, now + 86_400);
            Ok((counter.ask(Counted::Within(span)).await?, Some(span)))
        }
        Err(error) => Err(error),
    }
}

/// Whether the service's count can be that of what is kept. The window was asked one second wider on both sides, and
/// whether its bounds are inclusive is not known; on quiet seconds that makes no difference.
pub(super) fn agrees(store: &Store, account: &Account, span: Span, total: u64) -> Result<bool, StoreError> {
    let least = store.rows(account, span)?;
    let before = store.rows(account, Span::new((span.from - 1).max(FIRST), span.from))?;
    let after = store.rows(account, Span::new(span.to, span.to + 1))?;
    Ok((least..=least + before + after).contains(&total))
}
