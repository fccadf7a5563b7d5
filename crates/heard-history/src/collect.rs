//! Collecting a history from a service: everything, once, provably.
//!
//! A stretch of time is known only when one accepted answer has closed it; answers are on the disk before they count;
//! what was read is never asked again in the same run, however often the run is killed. At the end the service's own
//! counts are compared with what is kept.

mod answer;
mod error;
pub(crate) mod fetch;
mod listing;
mod meter;
mod options;
mod plan;
mod proof;
mod question;
pub(crate) mod recorder;
mod report;
mod walk;
mod whole;

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use bytes::Bytes;
use tokio::runtime::Runtime;

pub use error::{CollectError, Outage};
pub use meter::{Meter, Reading as MeterReading};
pub use options::Options;
pub use plan::{FIRST, LAST, LATE, Wish, stretches};
pub use report::{OpenWindow, Report};

pub use crate::stop::StopSign;

use crate::archive::{Archive, Purpose, mark_body};
use crate::connection::Connection;
use crate::facts::{Decision, RunBegan};
use crate::home::{Home, HomeLock};
use crate::ingest;
use crate::listen::{Account, Span, UNDATED};
use crate::store::{Covered, State, Store, StoreError};
use fetch::{Fetcher, Pauses};
use listing::{Listed, Listing, Part};
use plan::{still_counts, with_spans};
use proof::{Counted, Counter, agrees, first_answer, unless_refused};
use recorder::{Recorder, record, while_keeping};
use walk::Walk;

/// Page size that is tried first; smaller where the service does not take it.
const LARGEST_PAGE: u64 = 1000;
/// How often windows that differ are read again before saying so.
const ROUNDS: u32 = 3;
/// A run that was taken up again this many seconds after it began is followed by another, for what is new since.
const STALE: i64 = 600;

/// Where collecting happens.
pub struct Session<'a> {
    /// The home.
    pub home: &'a Home,
    /// The right to write there.
    pub lock: &'a HomeLock,
    /// The view, which tells what is missing.
    pub store: &'a mut Store,
    /// Where requests run.
    pub runtime: &'a Runtime,
    /// Numbers for whoever watches.
    pub meter: Arc<Meter>,
    /// Raised to stop.
    pub stop: Arc<StopSign>,
}

/// Collects an account. The report tells how far it came, whatever happened.
///
/// # Errors
/// When it could not even begin: the home's files cannot be opened.
pub fn collect(
    session: &mut Session<'_>,
    connection: &Connection,
    account: &Account,
    options: &Options,
) -> Result<Report, CollectError> {
    let mut report = Report::new(account.clone());
    report.add(ingest::catch_up(session.home, session.store)?);
    let known = session.store.position()?.seq;
    let (archive, cut) = Archive::open(session.home, session.lock, known)?;
    report.cut = cut;
    let pauses = Pauses::new(State::open(session.home, session.lock)?, account.service.name());
    if let Some(pause) = pauses.kept()? {
        connection.pacer().resume_at(pause.until_at);
    }
    let fetcher = Fetcher::new(
        connection.clone(),
        account.clone(),
        Arc::clone(&session.meter),
        Arc::clone(&session.stop),
        session.home.quarantine(),
        pauses,
    );
    let mut collecting = Collecting { session, fetcher, archive, options, report };
    let mut stopped = collecting.run();
    if matches!(stopped, Ok(Resumed { since }) if since >= STALE) {
        stopped = collecting.run();
    }
    let mut report = collecting.report;
    report.stopped = stopped.err();
    report.finish(session.store, &session.meter.read())?;
    Ok(report)
}

/// How long ago, in seconds, the run began that has just ended.
struct Resumed {
    since: i64,
}

struct Collecting<'a, 's> {
    session: &'a mut Session<'s>,
    fetcher: Fetcher,
    archive: Archive,
    options: &'a Options,
    report: Report,
}

impl Collecting<'_, '_> {
    fn run(&mut self) -> Result<Resumed, CollectError> {
        let begun = self.begin()?;
        let open = self.read_what_is_missing(&begun)?;
        self.report.open.extend(open);
        let proof = unless_refused(self.prove(&begun))?.unwrap_or(Proof { agrees: false, counts: None });
        let undated = !self.has_undated() || self.read_undated(&begun, proof.counts)?;
        self.report.proven = proof.agrees && undated;
        self.forget_what_was_read_after_all(&begun)?;
        self.tell_of_the_count()?;
        // Windows that stay open do not hold the run open: they are holes in what is covered, and the next run asks
        // for them again. A run without an end would vouch for everything that it has read, however long ago.
        let mark = self.fetcher.mark(Purpose::RunEnded, begun.run, Bytes::from_static(b"{}"));
        self.phase(async |recorder, _| recorder.keep(vec![mark]).await)??;
        Ok(Resumed { since: begun.now - begun.began_at })
    }

    /// A window that failed may have been read when the counts differed.
    fn forget_what_was_read_after_all(&mut self, begun: &Begun) -> Result<(), StoreError> {
        let coverage = self.session.store.account(self.fetcher.account())?.coverage;
        let read = |covered: &Covered| if covered.run == begun.run { covered.span } else { Span::new(0, 0) };
        self.report.open.retain(|open| !coverage.holes(open.span, read).is_empty());
        Ok(())
    }

    /// The first answer tells the service's clock, and whether the account can be read at all.
    fn begin(&mut self) -> Result<Begun, CollectError> {
        let last = self.session.store.account(self.fetcher.account())?.last_run.filter(|run| !run.ended);
        let run = last.map_or(self.archive.last() + 1, |run| run.run);
        let local = self.fetcher.clock().now();
        let confirm = self.options.confirm_removals;
        let (now, total) = self.phase(async |recorder, fetcher| {
            let counter = Counter { fetcher, recorder, run };
            let (answer, wanted) = first_answer(&counter, local).await?;
            let (now, total) = (answer.served_at(local), answer.total.filter(|_| wanted.is_none()));
            let mut drafts = Vec::new();
            if last.is_none() {
                drafts.push(fetcher.mark(Purpose::RunBegan, run, mark_body(&RunBegan { began_at: now })));
            }
            if confirm {
                let decision = Decision::ConfirmRemovals { seen_until: now };
                drafts.push(fetcher.mark(Purpose::Decision, run, mark_body(&decision)));
            }
            if total == Some(0) {
                fetcher.check_account().await?;
            }
            let purpose = if answer.total.is_some() { Purpose::Count } else { Purpose::Asked };
            drafts.push(fetcher.draft(answer, purpose, run, wanted));
            recorder.keep(drafts).await?;
            Ok::<_, CollectError>((now, total))
        })??;
        self.report.service_total = total;
        self.expect_as_a_whole(total)?;
        Ok(Begun { run, now, began_at: last.map_or(now, |run| run.began_at) })
    }

    fn read_what_is_missing(&mut self, begun: &Begun) -> Result<Vec<OpenWindow>, CollectError> {
        let known = self.session.store.account(self.fetcher.account())?;
        // The seconds next to a part of time are counted with it, as far as anyone knows, so they must be known.
        let range = Span::new(self.options.range.from - 1, self.options.range.to + 1);
        let wish = self.wish(begun, range);
        let in_doubt = known.suspects.iter().filter(|suspect| suspect.is_ripe(begun.run, begun.now));
        let missing = stretches(&known.coverage, &wish);
        let wanted = with_spans(missing, in_doubt.map(|suspect| suspect.span.meet(&range)));
        self.read(begun.run, &wanted)
    }

    fn wish(&self, begun: &Begun, range: Span) -> Wish {
        Wish { run: begun.run, now: begun.now, range, full: self.options.full }
    }

    fn read(&mut self, run: u64, spans: &[Span]) -> Result<Vec<OpenWindow>, CollectError> {
        if spans.is_empty() {
            return Ok(Vec::new());
        }
        let size = self.options.page_size.unwrap_or(LARGEST_PAGE);
        let (open, usual) = self.phase(async |recorder, fetcher| {
            let walk = Walk::new(fetcher, recorder, run, size);
            (walk.read(spans).await, walk.usual_size())
        })?;
        self.report.page_size = usual;
        open
    }

    /// Compares counts, and reads again what differs. The present is left out while the account moves: what was
    /// played since the run began belongs to the next one.
    fn prove(&mut self, begun: &Begun) -> Result<Proof, CollectError> {
        if !self.counts_windows() {
            return Ok(Proof { agrees: self.prove_as_a_whole(begun)?, counts: None });
        }
        let range = self.options.range;
        let everything = self.options.is_everything();
        let (total, counts) = if everything {
            let counts = self.count_dated_and_all(begun)?;
            (counts.dated, Some(counts))
        } else {
            (self.count(begun, Counted::Within(range))?, None)
        };
        if agrees(self.session.store, self.fetcher.account(), range, total)? {
            return Ok(Proof { agrees: true, counts });
        }
        Ok(Proof { agrees: self.read_what_differs(begun, range)?, counts: None })
    }

    fn read_what_differs(&mut self, begun: &Begun, range: Span) -> Result<bool, CollectError> {
        let past = Span::new(range.from, range.to.min(begun.now));
        for _ in 0..ROUNDS {
            if self.is_suspect()? {
                return Ok(false);
            }
            let differing = self.differing(begun, past)?;
            if differing.is_empty() {
                return Ok(true);
            }
            let open = self.read(begun.run, &differing)?;
            self.report.open.extend(open);
        }
        let total = self.count(begun, Counted::Within(past))?;
        Ok(agrees(self.session.store, self.fetcher.account(), past, total)?)
    }

    fn is_suspect(&self) -> Result<bool, StoreError> {
        Ok(!self.session.store.account(self.fetcher.account())?.suspects.is_empty())
    }

    fn count(&mut self, begun: &Begun, what: Counted) -> Result<u64, CollectError> {
        self.phase(async |recorder, fetcher| Counter { fetcher, recorder, run: begun.run }.count(what).await)?
    }

    fn count_dated_and_all(&mut self, begun: &Begun) -> Result<Counts, CollectError> {
        self.phase(async |recorder, fetcher| {
            let counter = Counter { fetcher, recorder, run: begun.run };
            let (dated, all) = tokio::join!(counter.count(Counted::Dated), counter.count(Counted::All));
            Ok(Counts { dated: dated?, all: all? })
        })?
    }

    fn differing(&mut self, begun: &Begun, whole: Span) -> Result<Vec<Span>, CollectError> {
        let (recorder, orders) = Recorder::new();
        let (frames, unused) = sync_channel(1);
        drop(unused);
        let (archive, fetcher, store) = (&mut self.archive, &self.fetcher, &*self.session.store);
        // The store is read here on the thread that asks; the counts are ingested afterwards.
        let differing = thread::scope(|scope| {
            let recording = scope.spawn(move || record(archive, orders, &frames));
            let counter = Counter { fetcher, recorder: &recorder, run: begun.run };
            let differing = self.session.runtime.block_on(counter.differing(store, whole));
            drop(recorder);
            recording.join().expect("recording turns every fault into a value");
            differing
        });
        self.report.add(ingest::catch_up(self.session.home, self.session.store)?);
        differing
    }

    /// Undated plays are those that the whole list has and no window has. Returns whether they are known.
    fn read_undated(&mut self, begun: &Begun, counts: Option<Counts>) -> Result<bool, CollectError> {
        let mut reason = "the undated plays kept moving".to_owned();
        match self.settle_undated(begun, counts) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(CollectError::Refused(refusal)) => reason = refusal,
            Err(error) => return Err(error),
        }
        self.report.open.push(OpenWindow { span: Span::new(UNDATED, UNDATED + 1), reason });
        Ok(false)
    }

    fn settle_undated(&mut self, begun: &Begun, mut counted: Option<Counts>) -> Result<bool, CollectError> {
        for _ in 0..ROUNDS {
            let Counts { dated, all } = match counted.take() {
                Some(counts) => counts,
                None => self.count_dated_and_all(begun)?,
            };
            self.report.service_total = Some(all);
            let Some(rows) = all.checked_sub(dated) else { continue };
            let span = Span::new(UNDATED, UNDATED + 1);
            let summary = self.session.store.account(self.fetcher.account())?;
            let read = summary
                .coverage
                .iter()
                .any(|covered| covered.span.contains(UNDATED) && still_counts(covered, &self.wish(begun, span)));
            if read && self.session.store.rows(self.fetcher.account(), span)? == rows {
                return Ok(true);
            }
            if let Listed::Kept = self.list_undated(begun.run, rows, all)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn list_undated(&mut self, run: u64, rows: u64, total: u64) -> Result<Listed, CollectError> {
        let size = self.report.page_size.max(1);
        self.phase(async |recorder, fetcher| {
            let listing = Listing { fetcher, recorder, run, size };
            if rows == 0 { listing.close_empty().await } else { listing.read(Part::Undated { rows, total }).await }
        })?
    }

    /// Runs requests on this thread, while one thread keeps the answers and another ingests them.
    fn phase<T>(&mut self, work: impl AsyncFnOnce(&Recorder, &Fetcher) -> T) -> Result<T, CollectError> {
        let (archive, store, fetcher) = (&mut self.archive, &mut *self.session.store, &self.fetcher);
        let work = async |recorder: &Recorder| work(recorder, fetcher).await;
        let (result, ingested) = while_keeping(archive, store, self.session.runtime, work);
        self.report.add(ingested?);
        Ok(result)
    }
}

/// Whether the counts agree.
struct Proof {
    agrees: bool,
    /// The counts that were taken last.
    counts: Option<Counts>,
}

/// The service's counts of what has a moment and of everything, taken side by side.
#[derive(Clone, Copy, Debug)]
struct Counts {
    dated: u64,
    all: u64,
}

/// A run that is under way.
#[derive(Clone, Copy, Debug)]
struct Begun {
    run: u64,
    /// The present, by the service's clock.
    now: i64,
    /// When it began, which may be before an interruption.
    began_at: i64,
}
