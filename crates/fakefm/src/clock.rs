//! The one place that asks what time it is.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;

/// Anything that tells the time in Unix milliseconds.
pub type TellTime = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The time of the fake world: a source, and how far the world has been moved from it.
#[derive(Clone)]
pub(crate) struct Clock {
    source: TellTime,
    ahead_ms: i64,
}

impl Clock {
    /// A clock that follows `source`, or the system where there is none.
    pub(crate) fn new(source: Option<TellTime>) -> Self {
        Self { source: source.unwrap_or_else(|| Arc::new(system_ms)), ahead_ms: 0 }
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.source)().saturating_add(self.ahead_ms)
    }

    pub(crate) fn advance_ms(&mut self, by: i64) {
        self.ahead_ms = self.ahead_ms.saturating_add(by);
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").field("now_ms", &self.now_ms()).field("ahead_ms", &self.ahead_ms).finish()
    }
}

#[allow(clippy::disallowed_methods, reason = "the fake's own clock, replaceable by the config")]
fn system_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A clock that stands still until a test moves it; clones share one time.
#[derive(Debug, Clone)]
pub struct HandClock {
    ms: Arc<AtomicI64>,
}

impl HandClock {
    /// A clock that shows `ms` Unix milliseconds.
    pub fn at_ms(ms: i64) -> Self {
        Self { ms: Arc::new(AtomicI64::new(ms)) }
    }

    /// What it shows, in Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.ms.load(Ordering::SeqCst)
    }

    /// Moves it on (or back, when negative) by `ms` milliseconds.
    pub fn advance_ms(&self, ms: i64) {
        self.ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// The clock as [`Config::clock`](crate::Config::clock) wants it.
    pub fn source(&self) -> TellTime {
        let clock = self.clone();
        Arc::new(move || clock.now_ms())
    }
}

/// A second in the service's wording, `21 Jul 2011, 15:12` (fixture `user.getRecentTracks/pylast_get_recent_tracks_from_to.xml`).
pub(crate) fn service_text(uts: i64) -> impl fmt::Display {
    moment(uts).strftime("%d %b %Y, %H:%M")
}

/// A moment in the wording of the HTTP header `Date`.
pub(crate) fn http_date(ms: i64) -> String {
    moment(ms.div_euclid(1000)).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Seconds beyond the year 9999 are shown as its last one: the service has no words for them.
fn moment(uts: i64) -> Timestamp {
    Timestamp::from_second(uts).unwrap_or(if uts < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::{HandClock, http_date, service_text, system_ms};

    #[test]
    fn moments_are_worded_as_the_service_words_them() {
        assert_eq!(service_text(1_311_261_170).to_string(), "21 Jul 2011, 15:12");
        assert_eq!(service_text(0).to_string(), "01 Jan 1970, 00:00");
        assert_eq!(http_date(784_111_777_999), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert!(service_text(i64::MAX).to_string().contains(" 9999, "));
    }

    #[test]
    fn a_hand_clock_moves_only_by_hand() {
        let clock = HandClock::at_ms(1000);
        let source = clock.source();
        clock.advance_ms(500);
        assert_eq!((source(), clock.now_ms()), (1500, 1500));
        assert!(system_ms() > 1_700_000_000_000);
    }
}
