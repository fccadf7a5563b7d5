//! Walking through time: the first page of ever lower windows, several stretches at once.
//!
//! Page numbers are never used here: a page number is a place in a list that moves. A window that is asked again from
//! its top shows, on its first page, exactly what is newest in it at that moment.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::answer::Answer;
use super::fetch::{Failure, Fetcher, join_all};
use super::listing::{Listed, Listing, Part};
use super::plan::cut;
use super::recorder::Recorder;
use super::{CollectError, OpenWindow};
use crate::archive::Purpose;
use crate::listen::{Account, Span};
use crate::normalise::page::{Asked, counts_windows};

/// Pages that must remain before a stretch is shared: each sharing may cost one page more.
const WORTH_SHARING: u64 = 3;
/// A window that keeps failing is cut until it is no wider than this many seconds, and is then left open.
const NARROWEST: i64 = 3_600;
/// After so many good pages at a smaller size, the usual size is tried again.
const GOOD: u32 = 3;
/// The page size that every service takes.
const DOCUMENTED: u64 = 200;
/// The smallest page size that is tried.
const SMALLEST: u64 = 50;

/// A stretch that a walker is to read.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    span: Span,
    /// Rows per page for it; the usual number unless it gave trouble.
    size: u64,
    /// Whether its plays are among those that the meter expects.
    expected: bool,
}

#[derive(Debug)]
struct Work {
    waiting: VecDeque<Stretch>,
    active: usize,
    idle: usize,
    open: Vec<OpenWindow>,
    failed: Option<CollectError>,
}

/// Reads stretches with several walkers.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    fetcher: &'a Fetcher,
    recorder: &'a Recorder,
    run: u64,
    usual: Mutex<u64>,
    work: Mutex<Work>,
    changed: Notify,
}

impl<'a> Walk<'a> {
    pub(super) fn new(fetcher: &'a Fetcher, recorder: &'a Recorder, run: u64, size: u64) -> Self {
        let work = Work { waiting: VecDeque::new(), active: 0, idle: 0, open: Vec::new(), failed: None };
        Self { fetcher, recorder, run, usual: Mutex::new(size), work: Mutex::new(work), changed: Notify::new() }
    }

    /// Reads all of these stretches, in this order as far as walkers are free. Returns the windows that could not be
    /// read.
    ///
    /// # Errors
    /// What ends collecting altogether; what was read until then is kept.
    pub(super) async fn read(&self, spans: &[Span]) -> Result<Vec<OpenWindow>, CollectError> {
        let size = self.usual_size();
        self.work().waiting.extend(spans.iter().map(|span| Stretch { span: *span, size, expected: false }));
        let mut walkers = Vec::new();
        for _ in 0..self.fetcher.side_by_side() {
            walkers.push(self.walk_on());
        }
        join_all(walkers).await;
        let mut work = self.work();
        match work.failed.take() {
            Some(error) => Err(error),
            None => Ok(std::mem::take(&mut work.open)),
        }
    }

    /// The size of page that has proved good.
    pub(super) fn usual_size(&self) -> u64 {
        *self.usual.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        // Every change below is whole when the lock is given back.
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn walk_on(&self) {
        while let Some(stretch) = self.next().await {
            let walked = self.walk(stretch).await;
            let mut work = self.work();
            work.active -= 1;
            if let Err(error) = walked {
                work.failed.get_or_insert(error);
                work.waiting.clear();
            }
            drop(work);
            self.changed.notify_waiters();
        }
    }

    /// The next stretch; `None` when nothing waits and nobody is at work who might share.
    async fn next(&self) -> Option<Stretch> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let mut work = self.work();
                if work.failed.is_some() {
                    return None;
                }
                if let Some(stretch) = work.waiting.pop_front() {
                    work.active += 1;
                    return Some(stretch);
                }
                if work.active == 0 {
                    return None;
                }
                work.idle += 1;
            }
            changed.await;
            self.work().idle -= 1;
        }
    }

    async fn walk(&self, mut stretch: Stretch) -> Result<(), CollectError> {
        let mut good = 0;
        while !stretch.span.is_empty() {
            if self.work().failed.is_some() {
                return Ok(());
            }
            let Account { service, user, .. } = self.fetcher.account();
            let asked = Asked::stretch(*service, user, stretch.span, stretch.size);
            match self.fetcher.ask(asked).await {
                Ok(answer) => {
                    if !std::mem::replace(&mut stretch.expected, true) && counts_windows(*service) {
                        self.fetcher.meter().expect(answer.total.unwrap_or_default());
                    }
                    good += 1;
                    stretch.size = self.next_size(stretch.size, answer.per_page, &mut good);
                    stretch.span.to = self.keep(answer, stretch).await?;
                }
                Err(Failure::TooLarge) => {
                    stretch.size = smaller(stretch.size);
                    self.settle_for(stretch.size);
                }
                Err(Failure::Window(_)) if stretch.size > SMALLEST => {
                    stretch.size = smaller(stretch.size);
                    good = 0;
                }
                Err(Failure::Window(reason)) => {
                    self.narrow(stretch, reason);
                    return Ok(());
                }
                Err(Failure::Stop(error)) => return Err(error),
            }
        }
        Ok(())
    }

    /// A service that gives less per page than was asked is asked for that from now on; a stretch that had trouble and
    /// has it no longer goes back to the usual size.
    fn next_size(&self, size: u64, given: u64, good: &mut u32) -> u64 {
        if given < size {
            self.settle_for(given);
            return given;
        }
        if *good >= GOOD && size < self.usual_size() {
            *good = 0;
            return (size * 4).min(self.usual_size());
        }
        size
    }

    fn settle_for(&self, size: u64) {
        let mut usual = self.usual.lock().unwrap_or_else(PoisonError::into_inner);
        *usual = (*usual).min(size.max(1));
    }

    /// Keeps an answer and returns where the stretch now ends.
    async fn keep(&self, answer: Answer, stretch: Stretch) -> Result<i64, CollectError> {
        let wanted = stretch.span;
        let closed = answer.closed_by(wanted);
        if closed.is_empty() {
            return self.dense_second(wanted.to - 1, stretch.size).await;
        }
        let (count, total) = (answer.count, answer.total);
        let remaining = Span::new(wanted.from, closed.from);
        let draft = self.fetcher.draft(answer, Purpose::Walk, self.run, Some(wanted));
        self.recorder.keep(vec![draft]).await?;
        self.fetcher.meter().page(count);
        let left = total.map_or_else(|| self.fetcher.meter().left(), |total| total.saturating_sub(count));
        Ok(self.share(remaining, closed, count, left, stretch.size))
    }

    /// Gives the lower part of a long stretch to a walker that has nothing to do. Returns where this one now ends; the
    /// stretch itself begins above the part that was given away.
    fn share(&self, remaining: Span, page: Span, rows: u64, left: u64, size: u64) -> i64 {
        let mut work = self.work();
        let wanted = work.idle > work.waiting.len() && left >= WORTH_SHARING * size;
        if wanted && let Some(at) = cut(remaining, page, rows, left) {
            work.waiting.push_back(Stretch { span: Span::new(at, remaining.to), size, expected: true });
            work.waiting.push_back(Stretch { span: Span::new(remaining.from, at), size, expected: true });
            drop(work);
            self.changed.notify_waiters();
            // Both parts wait; this walker comes back for one of them.
            return remaining.from;
        }
        remaining.to
    }

    /// A second that holds more plays than a page: all its pages, read twice.
    async fn dense_second(&self, second: i64, size: u64) -> Result<i64, CollectError> {
        let span = Span::new(second, second + 1);
        let listing = Listing { fetcher: self.fetcher, recorder: self.recorder, run: self.run, size };
        if let Listed::Unsettled(reason) = listing.read(Part::Second(second)).await? {
            self.work().open.push(OpenWindow { span, reason });
        }
        Ok(second)
    }

    /// Cuts a window that keeps failing, so that what fails is named closely and everything else is read.
    fn narrow(&self, stretch: Stretch, reason: String) {
        let span = stretch.span;
        let mut work = self.work();
        if span.seconds() <= NARROWEST {
            work.open.push(OpenWindow { span, reason });
            return;
        }
        let middle = span.from.midpoint(span.to);
        work.waiting.push_front(Stretch { span: Span::new(span.from, middle), ..stretch });
        work.waiting.push_front(Stretch { span: Span::new(middle, span.to), ..stretch });
    }
}

fn smaller(size: u64) -> u64 {
    if size > DOCUMENTED { DOCUMENTED } else { SMALLEST }
}
