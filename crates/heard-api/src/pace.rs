//! How long to wait before the next request and after the nth failure. Pure: time and jitter are passed in.

use std::time::Duration;

use crate::error::Class;

/// How fast requests may follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// So many requests per second: 4 by default, and above 5 only towards loopback.
    PerSecond(f64),
    /// No spacing at all, and waits in milliseconds instead of seconds; only towards loopback.
    Unpaced,
}

impl Rate {
    /// More than 5 requests per second shut a client out (old terms of Last.fm, section 4.4).
    pub const MAX_PER_SECOND: f64 = 5.0;
}

/// Four requests per second: a fifth below what is tolerated.
impl Default for Rate {
    fn default() -> Self {
        Self::PerSecond(4.0)
    }
}

/// What came back, as far as pacing is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, or a refusal that says nothing about load.
    Clean,
    /// Error 8, 11 or 16, a 5xx status, a gateway's page, no answer at all.
    Fault,
    /// Error 29 or HTTP 429.
    RateLimited {
        /// The pause that the server asked for.
        retry_after: Option<Duration>,
    },
}

const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(30 * 60);
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(64);
/// A storm is so many faults …
const STORM: u32 = 3;
/// … among so many last outcomes.
const STORM_WINDOW: u32 = 10;
/// So many clean replies double the rate again.
const CLEAN_PER_STEP: u32 = 50;
/// Storms slow down no further than this, in requests per second.
const SLOWEST: f64 = 0.5;
/// Unpaced waits are a thousandth of paced ones.
const UNPACED_SCALE: u32 = 1000;

/// The wait before the next attempt after `attempt` failures (1, 2, …): 1, 2, 4 … 64 s for [`Class::Retry`],
/// lengthened by up to a quarter by `jitter` (0 to 1). Zero for the other classes: after a rate limit the pause
/// of the [`Pacer`](crate::Pacer) already holds the next request back, and fatal errors are not tried again.
#[must_use]
pub fn retry_wait(attempt: u32, class: Class, jitter: f64) -> Duration {
    match class {
        Class::Retry => lengthened(doubled(FIRST_RETRY, attempt, LONGEST_RETRY), 0.25, jitter),
        Class::RateLimited | Class::Fatal => Duration::ZERO,
    }
}

/// A wait as it is made at this rate: a thousandth where nothing is paced.
#[must_use]
pub(crate) fn scaled(wait: Duration, rate: Rate) -> Duration {
    match rate {
        Rate::PerSecond(_) => wait,
        Rate::Unpaced => wait / UNPACED_SCALE,
    }
}

/// `first`, doubled for every attempt after the first, at most `longest`.
fn doubled(first: Duration, attempt: u32, longest: Duration) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    first.saturating_mul(1 << doublings).min(longest)
}

fn lengthened(wait: Duration, share: f64, jitter: f64) -> Duration {
    wait.mul_f64(1.0 + share * jitter.clamp(0.0, 1.0))
}

/// The state of one host's pacing. All times are counted from one arbitrary origin.
#[derive(Clone, Debug)]
pub struct Pace {
    rate: Rate,
    /// How often the rate is halved at present.
    halvings: u32,
    next_start: Duration,
    paused_until: Option<Duration>,
    /// Rate limits met since the rate was last whole.
    strikes: u32,
    /// The last outcomes, the latest in the lowest bit, 1 for a fault.
    recent: u32,
    clean: u32,
}

impl Pace {
    /// A pace at full rate.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self { rate, halvings: 0, next_start: Duration::ZERO, paused_until: None, strikes: 0, recent: 0, clean: 0 }
    }

    /// The earliest moment at which the next request may start.
    #[must_use]
    pub fn earliest(&self) -> Duration {
        self.next_start.max(self.paused_until.unwrap_or_default())
    }

    /// A request starts now. The slot after it is counted from the true start, so that a late start never
    /// brings two requests closer together.
    pub fn start(&mut self, now: Duration) {
        self.next_start = now.saturating_add(self.spacing());
        if self.paused_until.is_some_and(|until| until <= now) {
            self.paused_until = None;
        }
    }

    /// Requests per second at present; `None` where nothing is paced.
    #[must_use]
    pub fn per_second(&self) -> Option<f64> {
        match self.rate {
            Rate::PerSecond(full) => {
                let halved = full / f64::from(1_u32 << self.halvings.min(16));
                Some(halved.max(full.min(SLOWEST)))
            }
            Rate::Unpaced => None,
        }
    }

    /// The end of the present pause; `None` when there is none at `now`.
    #[must_use]
    pub fn paused_until(&self, now: Duration) -> Option<Duration> {
        self.paused_until.filter(|until| *until > now)
    }

    /// Pauses at least until then, as after a rate limit met earlier: the next one pauses for longer.
    pub fn pause_until(&mut self, until: Duration) {
        self.strikes = self.strikes.max(1);
        self.extend_pause(until);
    }

    /// Pauses for as long as a server in trouble asked for. This is no rate limit, so the rate stays.
    pub fn hold(&mut self, now: Duration, wait: Duration) {
        self.extend_pause(now.saturating_add(scaled(wait, self.rate)));
    }

    /// Learns what came back. `jitter` (0 to 1) only ever lengthens a pause, by up to a tenth.
    pub fn note(&mut self, now: Duration, outcome: Outcome, jitter: f64) {
        match outcome {
            Outcome::Clean => self.note_clean(),
            Outcome::Fault => self.note_fault(),
            Outcome::RateLimited { retry_after } => self.note_limit(now, retry_after, jitter),
        }
    }

    fn note_clean(&mut self) {
        self.recent <<= 1;
        self.clean += 1;
        if self.clean >= CLEAN_PER_STEP {
            self.clean = 0;
            self.halvings = self.halvings.saturating_sub(1);
            if self.halvings == 0 {
                self.strikes = 0;
            }
        }
    }

    fn note_fault(&mut self) {
        self.recent = self.recent << 1 | 1;
        if (self.recent & ((1 << STORM_WINDOW) - 1)).count_ones() >= STORM {
            self.slow_down();
        }
    }

    /// Requests that were under way when the limit was met bring its news once more: they are no new strike.
    fn note_limit(&mut self, now: Duration, retry_after: Option<Duration>, jitter: f64) {
        if self.paused_until(now).is_none() {
            self.strikes += 1;
            self.slow_down();
        }
        let pause = lengthened(self.pause(retry_after), 0.1, jitter);
        self.extend_pause(now.saturating_add(scaled(pause, self.rate)));
    }

    /// The server's own word counts, until it has proved too short.
    fn pause(&self, retry_after: Option<Duration>) -> Duration {
        match retry_after {
            Some(asked) if self.strikes <= 1 => asked.max(SHORTEST_PAUSE),
            Some(asked) => asked.max(doubled(FIRST_PAUSE, self.strikes - 1, LONGEST_PAUSE)),
            None => doubled(FIRST_PAUSE, self.strikes, LONGEST_PAUSE),
        }
    }

    fn extend_pause(&mut self, until: Duration) {
        self.paused_until = Some(self.paused_until.unwrap_or_default().max(until));
    }

    /// Halves the rate, unless that would change nothing any more, and counts anew.
    fn slow_down(&mut self) {
        self.recent = 0;
        self.clean = 0;
        if let (Rate::PerSecond(full), Some(present)) = (self.rate, self.per_second())
            && present > full.min(SLOWEST)
        {
            self.halvings += 1;
        }
    }

    fn spacing(&self) -> Duration {
        self.per_second().map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate))
    }
}
