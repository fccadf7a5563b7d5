//! One host's pacing, shared by everyone who talks to that host.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::error::Class;
use crate::pace::{Outcome, Pace, Rate, retry_wait, scaled};

/// Gives out turns to send a request to one host. Clones share the turns.
///
/// Turns are given in the order of asking, never closer together than the rate allows, and not at all during
/// a pause. A waiter that is dropped takes no turn.
#[derive(Clone, Debug)]
pub struct Pacer(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    rate: Rate,
    clock: Clock,
    /// Held by the one whose turn is next while it waits; tokio's mutex queues the others in order.
    gate: tokio::sync::Mutex<()>,
    pace: Mutex<Pace>,
}

/// The pacer's state, for progress reports and for keeping.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapshot {
    /// The rate that was configured.
    pub rate: Rate,
    /// Requests per second at present; `None` where nothing is paced.
    pub per_second: Option<f64>,
    /// The end of the present pause in Unix seconds.
    pub paused_until: Option<i64>,
}

impl Pacer {
    /// A pacer for one host.
    #[must_use]
    pub fn new(rate: Rate, clock: Clock) -> Self {
        Self(Arc::new(Shared { rate, clock, gate: tokio::sync::Mutex::new(()), pace: Mutex::new(Pace::new(rate)) }))
    }

    /// Waits until a request may start.
    pub async fn turn(&self) {
        let _next = self.0.gate.lock().await;
        while let Some(wait) = self.try_start() {
            self.0.clock.sleep(wait).await;
        }
    }

    /// Starts a request, or tells how long to wait before asking again: a pause may have come up meanwhile.
    fn try_start(&self) -> Option<Duration> {
        let mut pace = self.pace();
        let now = self.0.clock.monotonic();
        let wait = pace.earliest().saturating_sub(now);
        if wait.is_zero() {
            pace.start(now);
            return None;
        }
        Some(wait)
    }

    /// Learns what a request brought.
    pub fn note(&self, outcome: Outcome) {
        let now = self.0.clock.monotonic();
        self.pace().note(now, outcome, fastrand::f64());
    }

    /// Pauses for as long as a server in trouble asked for, as with HTTP 503 and `Retry-After`. The rate stays.
    pub fn hold(&self, wait: Duration) {
        let now = self.0.clock.monotonic();
        self.pace().hold(now, wait);
    }

    /// The wait before the next attempt after `attempt` failures in a row; see [`retry_wait`]. Milliseconds
    /// instead of seconds where nothing is paced.
    #[must_use]
    pub fn retry_wait(&self, attempt: u32, class: Class) -> Duration {
        scaled(retry_wait(attempt, class, fastrand::f64()), self.0.rate)
    }

    /// The end of the present pause in Unix seconds, rounded up; to be kept, so that a restart does not
    /// shorten it.
    #[must_use]
    pub fn paused_until(&self) -> Option<i64> {
        let now = self.0.clock.monotonic();
        let left = self.pace().paused_until(now)?.saturating_sub(now);
        let left = i64::try_from(left.as_millis()).unwrap_or(i64::MAX);
        let until = self.0.clock.now_millis().saturating_add(left);
        Some(until.div_euclid(1000) + i64::from(until.rem_euclid(1000) > 0))
    }

    /// Takes a kept pause up again: no turn before `unix_seconds`. A moment in the past changes nothing.
    pub fn resume_at(&self, unix_seconds: i64) {
        let left = unix_seconds.saturating_mul(1000).saturating_sub(self.0.clock.now_millis());
        if let Ok(left) = u64::try_from(left)
            && left > 0
        {
            let until = self.0.clock.monotonic().saturating_add(Duration::from_millis(left));
            self.pace().pause_until(until);
        }
    }

    /// The present state.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let per_second = self.pace().per_second();
        Snapshot { rate: self.0.rate, per_second, paused_until: self.paused_until() }
    }

    /// The rate that was configured.
    #[must_use]
    pub fn rate(&self) -> Rate {
        self.0.rate
    }

    /// The clock by which turns are given.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        // The state is plain numbers, whole after every statement, so a panic elsewhere leaves it usable.
        self.0.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
