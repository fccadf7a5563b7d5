//! The one place where time enters: the system clock, or a virtual one for tests.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock and waits")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A source of time that is cheap to clone; clones tell the same time.
///
/// Everything that needs to know the time, or to wait, is handed a `Clock`, so a test can run hours of
/// pauses in microseconds.
///
/// ```
/// use std::time::Duration;
/// use heard_api::Clock;
///
/// let clock = Clock::at(1_600_000_000);
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(clock.now(), 1_600_000_090);
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System { made: Instant },
    Virtual(Arc<Virtual>),
}

/// Nanoseconds in a `u64` reach for 584 years, more than any test sleeps.
#[derive(Debug)]
struct Virtual {
    start: i64,
    elapsed_nanos: AtomicU64,
}

impl Virtual {
    fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.elapsed_nanos.load(Ordering::Acquire))
    }

    fn advance(&self, by: Duration) {
        let nanos = saturating_nanos(by);
        self.elapsed_nanos.update(Ordering::AcqRel, Ordering::Acquire, |now| now.saturating_add(nanos));
    }

    fn reach(&self, deadline: Duration) {
        self.elapsed_nanos.fetch_max(saturating_nanos(deadline), Ordering::AcqRel);
    }
}

impl Clock {
    /// The computer's own clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System { made: Instant::now() })
    }

    /// A virtual clock that shows `unix_seconds` and stands still until it is advanced or slept on.
    #[must_use]
    pub fn at(unix_seconds: i64) -> Self {
        Self(Source::Virtual(Arc::new(Virtual { start: unix_seconds, elapsed_nanos: AtomicU64::new(0) })))
    }

    /// The time in whole Unix seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now_millis().div_euclid(1000)
    }

    /// The time in Unix milliseconds.
    #[must_use]
    pub fn now_millis(&self) -> i64 {
        match &self.0 {
            Source::System { .. } => system_millis(),
            Source::Virtual(clock) => clock.start.saturating_mul(1000).saturating_add(millis(clock.elapsed())),
        }
    }

    /// Time since the clock was made. It never goes back, whatever happens to the computer's clock.
    #[must_use]
    pub fn monotonic(&self) -> Duration {
        match &self.0 {
            Source::System { made } => made.elapsed(),
            Source::Virtual(clock) => clock.elapsed(),
        }
    }

    /// Waits for `d`. A virtual clock moves forward to the deadline at once (never back) and yields to the
    /// executor, so other tasks get their turn.
    pub async fn sleep(&self, d: Duration) {
        match &self.0 {
            Source::System { .. } => tokio::time::sleep(d).await,
            Source::Virtual(clock) => {
                clock.reach(clock.elapsed().saturating_add(d));
                tokio::task::yield_now().await;
            }
        }
    }

    /// Moves a virtual clock forward; the system clock is not affected.
    pub fn advance(&self, d: Duration) {
        if let Source::Virtual(clock) = &self.0 {
            clock.advance(d);
        }
    }

    /// Whether this is a virtual clock.
    #[must_use]
    pub fn is_virtual(&self) -> bool {
        matches!(self.0, Source::Virtual(_))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

fn system_millis() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => millis(since),
        Err(before) => -millis(before.duration()),
    }
}

fn millis(d: Duration) -> i64 {
    i64::try_from(d.as_millis()).unwrap_or(i64::MAX)
}

fn saturating_nanos(d: Duration) -> u64 {
    u64::try_from(d.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleeping_on_a_virtual_clock_moves_every_clone() {
        let clock = Clock::at(-5);
        let clone = clock.clone();
        clone.sleep(Duration::from_millis(1500)).await;
        assert_eq!(clock.now_millis(), -3500);
        assert_eq!(clock.now(), -4);
        assert_eq!(clock.monotonic(), Duration::from_millis(1500));
        assert!(clock.is_virtual());
    }

    #[test]
    fn a_virtual_clock_never_overflows() {
        let clock = Clock::at(i64::MAX);
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(clock.now() > 0);
    }

    #[test]
    fn the_system_clock_is_not_moved_by_advance() {
        let clock = Clock::system();
        let before = clock.now();
        clock.advance(Duration::from_secs(86_400));
        assert!(clock.now() - before < 86_400);
        assert!(before > 1_600_000_000);
        assert!(!clock.is_virtual());
    }
}
