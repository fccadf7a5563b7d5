//! How far collecting has come: numbers that another thread may look at while it goes on.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts of one run.
#[derive(Debug, Default)]
pub struct Meter {
    requests: AtomicU64,
    pages: AtomicU64,
    rows: AtomicU64,
    expected: AtomicU64,
    waiting: Mutex<Option<String>>,
}

/// What a [`Meter`] shows at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Requests that were sent.
    pub requests: u64,
    /// Answers that count.
    pub pages: u64,
    /// Plays in them; of questions about things, those that are answered.
    pub rows: u64,
    /// How many of these there will be, as far as is known; 0 until then.
    pub expected: u64,
    /// Why nothing goes on, where that is so.
    pub waiting: Option<String>,
}

impl Meter {
    /// What it shows now.
    #[must_use]
    pub fn read(&self) -> Reading {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Reading {
            requests: get(&self.requests),
            pages: get(&self.pages),
            rows: get(&self.rows),
            expected: get(&self.expected),
            waiting: self.waiting().clone(),
        }
    }

    pub(crate) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn page(&self, rows: u64) {
        self.pages.fetch_add(1, Ordering::Relaxed);
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }

    /// A stretch turned out to hold so many plays.
    pub(crate) fn expect(&self, rows: u64) {
        self.expected.fetch_add(rows, Ordering::Relaxed);
    }

    /// Plays that are still to come, as far as the service has said.
    pub(super) fn left(&self) -> u64 {
        self.expected.load(Ordering::Relaxed).saturating_sub(self.rows.load(Ordering::Relaxed))
    }

    pub(crate) fn wait_for(&self, reason: Option<String>) {
        *self.waiting() = reason;
    }

    fn waiting(&self) -> MutexGuard<'_, Option<String>> {
        // A text is whole after every assignment, so a panic elsewhere leaves it usable.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
