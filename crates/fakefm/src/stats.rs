//! What was asked, how often, and how fast.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use crate::writes::Write;

/// What became of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Logged {
    /// Its number, from 1.
    pub nth: u64,
    /// When it came, by the world's clock, in Unix milliseconds.
    pub at_ms: i64,
    /// The method in lower case; empty when none was named.
    pub method: String,
    /// The user who was asked for, as the client spelled the name.
    pub user: Option<String>,
    /// The parameter `from`, if it was a number.
    pub from: Option<i64>,
    /// The parameter `to`, if it was a number.
    pub to: Option<i64>,
    /// The parameter `page`, if it was a number.
    pub page: Option<u32>,
    /// The parameter `limit`, if it was a number.
    pub limit: Option<u32>,
    /// The HTTP status that was meant; a reset connection shows none of it.
    pub status: u16,
    /// The fault that was done to the answer, in words.
    pub fault: Option<String>,
    /// How many counted rows the answer listed before anything was done to it.
    pub rows: usize,
}

/// Counts over all requests since the start or the last reset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// All requests.
    pub requests: u64,
    /// Requests by method, in lower case.
    pub by_method: BTreeMap<String, u64>,
    /// Requests by what became of them: an HTTP status, or the name of a fault.
    pub by_outcome: BTreeMap<String, u64>,
    /// The rows of all answers together, before anything was done to them.
    pub rows: u64,
    /// The most requests to Last.fm within any one second, by the world's clock.
    pub most_in_one_second: usize,
    /// The most requests to Last.fm within any 300 seconds, by the world's clock.
    pub most_in_five_minutes: usize,
    /// Requests that write, done or not.
    pub writes: u64,
    /// The most requests that write within any one second, by the world's clock.
    pub most_writes_in_one_second: usize,
    /// Requests that write by how many rows they hold.
    pub by_batch: BTreeMap<usize, u64>,
    /// What a polite client would not have done, one sentence each.
    pub impolite: Vec<String>,
}

/// How many requests came within the last so many milliseconds.
#[derive(Debug, Clone, Default)]
struct Sliding {
    recent: VecDeque<i64>,
}

impl Sliding {
    fn count(&mut self, now_ms: i64, span_ms: i64) -> usize {
        while self.recent.front().is_some_and(|earliest| *earliest <= now_ms - span_ms) {
            self.recent.pop_front();
        }
        self.recent.push_back(now_ms);
        self.recent.len()
    }
}

/// Keeps the counts and the last entries of the log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter {
    pub(crate) stats: Stats,
    second: Sliding,
    five_minutes: Sliding,
    second_of_writes: Sliding,
    writes: VecDeque<Write>,
    log: VecDeque<Logged>,
}

impl Counter {
    /// Counts a request.
    pub(crate) fn arrived(&mut self, method: &str) {
        self.stats.requests += 1;
        add(&mut self.stats.by_method, method);
    }

    /// Counts a request to Last.fm that comes at `now_ms`, and says how many came within the last second and five
    /// minutes.
    pub(crate) fn pressed(&mut self, now_ms: i64) -> (usize, usize) {
        let busy = (self.second.count(now_ms, 1000), self.five_minutes.count(now_ms, 300_000));
        self.stats.most_in_one_second = self.stats.most_in_one_second.max(busy.0);
        self.stats.most_in_five_minutes = self.stats.most_in_five_minutes.max(busy.1);
        busy
    }

    /// Counts a request of so many rows that writes, at `now_ms`.
    pub(crate) fn write_arrived(&mut self, now_ms: i64, rows: usize) {
        self.stats.writes += 1;
        *self.stats.by_batch.entry(rows).or_default() += 1;
        let busy = self.second_of_writes.count(now_ms, 1000);
        self.stats.most_writes_in_one_second = self.stats.most_writes_in_one_second.max(busy);
    }

    /// Notes what became of a request that writes. The log of those keeps the last `keep` entries.
    pub(crate) fn written(&mut self, write: Write, keep: usize) {
        push_bounded(&mut self.writes, write, keep);
    }

    pub(crate) fn writes(&self) -> impl Iterator<Item = &Write> {
        self.writes.iter()
    }

    /// Notes what became of it. The log keeps the last `keep` entries.
    pub(crate) fn answered(&mut self, logged: Logged, outcome: &str, keep: usize) {
        add(&mut self.stats.by_outcome, outcome);
        self.stats.rows += logged.rows as u64;
        push_bounded(&mut self.log, logged, keep);
    }

    pub(crate) fn log(&self) -> impl Iterator<Item = &Logged> {
        self.log.iter()
    }
}

fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, keep: usize) {
    if queue.len() >= keep {
        queue.pop_front();
    }
    if keep > 0 {
        queue.push_back(item);
    }
}

fn add(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Counter, Logged};

    #[test]
    fn the_busiest_spans_slide() {
        let mut counter = Counter::default();
        for at in [0, 900, 999, 1000, 1899, 5000] {
            counter.arrived("m");
            counter.pressed(at);
        }
        // 900, 999, 1000 and 1899 lie within one second; 0 and 1000 do not.
        assert_eq!((counter.stats.most_in_one_second, counter.stats.most_in_five_minutes), (4, 6));
        counter.arrived("m");
        counter.pressed(305_000);
        assert_eq!(counter.stats.most_in_five_minutes, 6);
        assert_eq!(counter.stats.by_method["m"], 7);
    }

    #[test]
    fn writes_are_counted_by_their_rows() {
        let mut counter = Counter::default();
        for (at, rows) in [(0, 50), (10, 1), (1009, 50), (9000, 0)] {
            counter.write_arrived(at, rows);
        }
        let stats = counter.stats;
        assert_eq!((stats.writes, stats.most_writes_in_one_second), (4, 2));
        assert_eq!(stats.by_batch.into_iter().collect::<Vec<_>>(), [(0, 1), (1, 1), (50, 2)]);
    }

    #[test]
    fn the_log_keeps_the_last() {
        let mut counter = Counter::default();
        let logged = |nth| Logged {
            nth,
            at_ms: 0,
            method: String::new(),
            user: None,
            from: None,
            to: None,
            page: None,
            limit: None,
            status: 200,
            fault: None,
            rows: 2,
        };
        for nth in 1..=5 {
            counter.answered(logged(nth), "200", 2);
        }
        assert_eq!(counter.log().map(|l| l.nth).collect::<Vec<_>>(), [4, 5]);
        assert_eq!((counter.stats.rows, counter.stats.by_outcome["200"]), (10, 5));
    }
}
