//! How far a download has come: a bar on a terminal, plain lines elsewhere.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use heard_api::Clock;
use heard_history::collect::{Meter, MeterReading};
use heard_history::import::Meter as ImportMeter;
use indicatif::{ProgressBar, ProgressStyle};

use crate::print::{grouped, several, warn};

const BAR: Duration = Duration::from_millis(120);
const LINE: Duration = Duration::from_secs(10);

/// Watches a meter until dropped.
pub(crate) struct Watch {
    done: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Shows the meter. `rate` is the number of requests per second that are allowed, for an honest time left.
    pub(crate) fn start(meter: Arc<Meter>, what: String, rate: Option<f64>, quiet: bool) -> Self {
        Self::show(what, quiet, move |view, since| view.show(&meter.read(), rate, since, plays))
    }

    /// Shows how many questions are answered.
    pub(crate) fn start_questions(meter: Arc<Meter>, what: String, rate: Option<f64>, quiet: bool) -> Self {
        Self::show(what, quiet, move |view, since| view.show(&meter.read(), rate, since, questions))
    }

    /// Shows how far an import is.
    pub(crate) fn start_import(meter: Arc<ImportMeter>, quiet: bool) -> Self {
        Self::show("importing".to_owned(), quiet, move |view, since| view.show_import(&meter, since))
    }

    fn show(what: String, quiet: bool, mut show: impl FnMut(&mut View, Duration) + Send + 'static) -> Self {
        if quiet {
            return Self { done: None, thread: None };
        }
        let (done, finished) = channel();
        let terminal = io::stderr().is_terminal();
        let clock = Clock::system();
        let thread = std::thread::spawn(move || {
            let mut view = if terminal { View::bar(&what) } else { View::Lines { what, last: 0 } };
            let every = if terminal { BAR } else { LINE };
            while finished.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                show(&mut view, clock.monotonic());
            }
            view.finish();
        });
        Self { done: Some(done), thread: Some(thread) }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            warn("the progress display failed; the work itself is not affected");
        }
    }
}

/// How far delivering is, for a person at a terminal.
pub(crate) struct Sending {
    bar: Option<ProgressBar>,
    total: u64,
    most: u32,
    rate: Option<f64>,
    clock: Clock,
}

impl Sending {
    /// Shows nothing yet. `most` listens go in one request, of which `rate` are allowed in a second.
    pub(crate) fn start(what: &str, total: u64, most: u32, rate: Option<f64>, quiet: bool) -> Self {
        let is_seen = !quiet && io::stderr().is_terminal() && total > u64::from(most);
        let bar = is_seen.then(|| bar(what));
        Self { bar, total, most, rate, clock: Clock::system() }
    }

    /// So many are done.
    pub(crate) fn show(&self, done: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(self.total.max(done));
            bar.set_position(done);
            bar.set_message(self.sentence(done, self.clock.monotonic()));
        }
    }

    fn sentence(&self, done: u64, since: Duration) -> String {
        let most = u64::from(self.most.max(1));
        let requests = self.total.saturating_sub(done).div_ceil(most);
        let left = left(requests, self.rate, done.div_ceil(most), since);
        let left = left.map(|left| format!(", {} left", span(left))).unwrap_or_default();
        format!("{} of {}{left}", grouped(done), several(self.total, "listen"))
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

enum View {
    Bar(ProgressBar),
    Lines { what: String, last: u64 },
}

impl View {
    fn bar(what: &str) -> Self {
        Self::Bar(bar(what))
    }

    fn show(&mut self, now: &MeterReading, rate: Option<f64>, since: Duration, done: fn(&MeterReading) -> String) {
        match self {
            Self::Bar(bar) => {
                bar.set_length(now.expected.max(now.rows).max(1));
                bar.set_position(now.rows);
                bar.set_message(sentence(now, rate, since, done));
            }
            Self::Lines { what, last } => {
                if now.requests != *last || now.waiting.is_some() {
                    warn(&format!("{what}: {}", sentence(now, rate, since, done)));
                    *last = now.requests;
                }
            }
        }
    }

    fn show_import(&mut self, meter: &ImportMeter, since: Duration) {
        let sentence = import_sentence(meter, since);
        match self {
            Self::Bar(bar) => {
                bar.set_length(meter.total().max(1));
                bar.set_position(meter.bytes());
                bar.set_message(sentence);
            }
            Self::Lines { .. } => warn(&sentence),
        }
    }

    fn finish(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn plays(now: &MeterReading) -> String {
    format!("{} of {}, {}", grouped(now.rows), several(now.expected, "play"), several(now.pages, "page"))
}

fn questions(now: &MeterReading) -> String {
    format!("{} of {}", grouped(now.rows), several(now.expected, "question"))
}

fn bar(what: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{prefix} {bar:30} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("█▉▊▋▌▍▎▏ "));
    bar.set_prefix(what.to_owned());
    bar
}

fn sentence(now: &MeterReading, rate: Option<f64>, since: Duration, done: fn(&MeterReading) -> String) -> String {
    let done = done(now);
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let pace = now.requests as f64 / since.as_secs_f64().max(0.1);
    let pace = format!(", {pace:.1} requests/s");
    let left = time_left(now, rate, since).map(|left| format!(", {left} left"));
    let waiting = now.waiting.as_ref().map(|reason| format!(" — waiting: {reason}"));
    [Some(done), Some(pace), left, waiting].into_iter().flatten().collect()
}

/// What the pages that are left cost; nothing before a first page was seen.
fn time_left(now: &MeterReading, rate: Option<f64>, since: Duration) -> Option<String> {
    let per_page = now.rows.checked_div(now.pages).filter(|rows| *rows > 0)?;
    let pages = now.expected.saturating_sub(now.rows).div_ceil(per_page);
    let requests = pages.saturating_mul(now.requests).div_ceil(now.pages);
    left(requests, rate, now.requests, since).map(span)
}

/// How many seconds so many requests still take, when so many took the time since the beginning: no less than at the rate
/// that is allowed, and no less than at the pace so far.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a time for people"
)]
fn left(requests: u64, rate: Option<f64>, made: u64, since: Duration) -> Option<u64> {
    let allowed = rate.map(|rate| seconds_of(requests, rate));
    let so_far = (made > 0).then(|| (since.as_secs_f64() * requests as f64 / made as f64).ceil() as u64);
    allowed.max(so_far)
}

/// How long so many requests take at this rate per second, at least.
pub(crate) fn time_at(requests: u64, rate: f64) -> String {
    span(seconds_of(requests, rate))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a time for people"
)]
fn seconds_of(requests: u64, rate: f64) -> u64 {
    (requests as f64 / rate).ceil() as u64
}

fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

fn import_sentence(meter: &ImportMeter, since: Duration) -> String {
    let (bytes, total) = (meter.bytes(), meter.total());
    let megabytes = |bytes: u64| grouped(bytes / 1_000_000);
    let done = format!("{} of {} MB, {}", megabytes(bytes), megabytes(total), several(meter.files(), "file"));
    let left = total.saturating_sub(bytes).saturating_mul(since.as_secs()).checked_div(bytes);
    let left = left.filter(|_| since.as_secs() > 2).map(|seconds| format!(", {} left", span(seconds)));
    format!("{done}{}: {}", left.unwrap_or_default(), crate::print::harmless(&meter.file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_no_less_than_the_rate_allows_and_the_pace_promises() {
        let after = |seconds| Duration::from_secs(seconds);
        let sending = |rate| Sending { bar: None, total: 10_000, most: 50, rate, clock: Clock::system() };
        for (rate, done, seconds, says) in [
            (Some(4.0), 0, 0, "0 of 10,000 listens, 50 s left"),
            (Some(4.0), 9_999, 50, "9,999 of 10,000 listens, 1 s left"),
            (Some(0.5), 2_500, 1, "2,500 of 10,000 listens, 5 min left"),
            (Some(4.0), 10_050, 60, "10,050 of 10,000 listens, 0 s left"),
            // A service that takes ten times as long as it is allowed to be asked.
            (Some(4.0), 5_000, 250, "5,000 of 10,000 listens, 5 min left"),
            (None, 5_000, 40, "5,000 of 10,000 listens, 40 s left"),
            (None, 0, 40, "0 of 10,000 listens"),
        ] {
            assert_eq!(sending(rate).sentence(done, after(seconds)), says);
        }
        assert_eq!(left(u64::MAX, Some(0.1), 1, Duration::MAX), Some(u64::MAX));
        assert_eq!(span(3_599), "60 min");
        assert_eq!(span(7_265), "2 h 01 min");
    }

    #[test]
    fn what_goes_in_one_request_needs_no_bar() {
        assert!(Sending::start("lastfm/ann", 50, 50, None, false).bar.is_none());
        assert!(Sending::start("lastfm/ann", 10_000, 50, None, true).bar.is_none());
    }
}
