//! Asking services what the catalogue lacks: tags, lengths, similar ones, charts. Most heard first, each thing once.
//!
//! What is missing follows from the store alone, and answers are on the disk before they count, so stopping at any moment
//! and going on later asks the same questions as going on at once. That a service knows no such thing is an answer, too.

mod covers;
mod options;
mod plan;
mod question;
mod report;
mod round;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heard_api::{Client, Pacer, PictureClient};

pub use covers::{CoverReport, UnansweredCover};
pub use options::{Asker, Hosts, Options};
pub use plan::plan;
pub use question::{Call, Question};
pub use report::{Report, Unanswered};

use crate::archive::{Archive, Covers};
use crate::collect::fetch::{Fetcher, Pauses};
use crate::collect::recorder::while_keeping;
use crate::collect::{CollectError, Session};
use crate::connection::Connection;
use crate::ingest;
use crate::listen::Account;
use crate::store::{HeardCover, State};
use covers::{CoverRound, Fetched, is_open};
use round::Round;

/// Questions between two commits of the store.
const TOGETHER: usize = 1_000;

/// Asks what is missing, and fetches covers where there is a way to them. `begun` hears of the questions of each round before they are asked: answers may bring further
/// questions. The report tells how far it came, whatever happened.
///
/// # Errors
/// When it could not even begin: the home's files cannot be opened.
pub fn enrich(
    session: &mut Session<'_>,
    hosts: Hosts<'_>,
    asker: &Asker,
    options: &Options,
    begun: impl FnMut(&[Question]),
) -> Result<Report, CollectError> {
    let mut report = Report::default();
    report.add(ingest::catch_up(session.home, session.store)?);
    // What was ingested just now was kept by an earlier run.
    report.answers = Default::default();
    report.covers = Default::default();
    let (archive, cut) = Archive::open(session.home, session.lock, session.store.position()?.seq)?;
    report.cut = cut;
    let Hosts { service: client, pictures } = hosts;
    let fetcher = asking(session, client, asker, client.pacer(), asker.service.name())?;
    let pictures = match pictures.filter(|_| asker.things) {
        Some(pictures) => {
            let host = format!("pictures of {}", asker.service.name());
            Some(Pictures::new(session, pictures, asking(session, client, asker, pictures.pacer(), &host)?))
        }
        None => None,
    };
    let deadline = options.time.map(|time| client.clock().monotonic().saturating_add(time));
    let tried = HashSet::new();
    let mut enriching =
        Enriching { session, client, fetcher, pictures, archive, asker, options, deadline, tried, report };
    let stopped = enriching.ask_all(begun);
    let mut report = enriching.report;
    report.requests = session.meter.read().requests;
    report.stopped = stopped.err();
    Ok(report)
}

/// What asks a host in its turns. A pause that it asked for in an earlier run goes on.
fn asking(
    session: &Session<'_>,
    client: &Client,
    asker: &Asker,
    pacer: &Pacer,
    host: &str,
) -> Result<Fetcher, CollectError> {
    let pauses = Pauses::new(State::open(session.home, session.lock)?, host);
    if let Some(pause) = pauses.kept()? {
        pacer.resume_at(pause.until_at);
    }
    let fetcher = Fetcher::new(
        Connection::Lastfm(client.clone()),
        Account::new(&asker.listener, asker.service, ""),
        Arc::clone(&session.meter),
        Arc::clone(&session.stop),
        session.home.quarantine(),
        pauses,
    );
    Ok(fetcher.with_turns(pacer))
}

/// The way to covers.
struct Pictures<'a> {
    client: &'a PictureClient,
    fetcher: Fetcher,
    shelf: Covers,
    /// Addresses that were asked in this run.
    tried: HashSet<String>,
    /// Hosts that are not asked any more in this run.
    closed: Mutex<HashSet<String>>,
}

impl<'a> Pictures<'a> {
    fn new(session: &Session<'_>, client: &'a PictureClient, fetcher: Fetcher) -> Self {
        let shelf = Covers::of(session.home);
        Self { client, fetcher, shelf, tried: HashSet::new(), closed: Mutex::default() }
    }
}

struct Enriching<'a, 's> {
    session: &'a mut Session<'s>,
    client: &'a Client,
    fetcher: Fetcher,
    pictures: Option<Pictures<'a>>,
    archive: Archive,
    asker: &'a Asker,
    options: &'a Options,
    deadline: Option<Duration>,
    /// What was asked in this run, with an answer or without.
    tried: HashSet<Question>,
    report: Report,
}

impl Enriching<'_, '_> {
    fn ask_all(&mut self, mut begun: impl FnMut(&[Question])) -> Result<(), CollectError> {
        loop {
            self.fetch_covers()?;
            let questions = self.missing()?;
            self.report.left = questions.len() as u64 + self.report.waiting.len() as u64;
            if questions.is_empty() || self.is_enough() {
                return Ok(());
            }
            begun(&questions);
            self.fetcher.meter().expect(self.at_most(questions.len() as u64));
            for together in questions.chunks(TOGETHER) {
                let asked = self.ask(together);
                self.report.left = self.report.left.saturating_sub(self.report.answered_last);
                asked?;
                self.fetch_covers()?;
                if self.is_enough() {
                    break;
                }
            }
        }
    }

    /// What is not known and was not tried in this run.
    fn missing(&self) -> Result<Vec<Question>, CollectError> {
        let now = self.fetcher.clock().now();
        let has =
            |call: Call| self.client.service().has(call.method()) && !self.report.not_offered.contains(call.method());
        let tried = |question: &Question| self.tried.contains(question);
        Ok(plan(self.session.store, self.asker, self.options, now, has, tried)?)
    }

    fn is_enough(&self) -> bool {
        let late = self.deadline.is_some_and(|deadline| self.fetcher.clock().monotonic() >= deadline);
        late || self.at_most(1) == 0
    }

    /// So many questions, or as many as may still be asked.
    fn at_most(&self, questions: u64) -> u64 {
        self.options.limit.map_or(questions, |limit| {
            questions.min(limit.saturating_sub(self.report.asked + self.report.covers.asked))
        })
    }

    fn ask(&mut self, questions: &[Question]) -> Result<(), CollectError> {
        let limit = self.at_most(questions.len() as u64);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX).min(questions.len());
        let round = Round::new((self.client, &self.fetcher), self.asker, self.deadline, &questions[..limit]);
        let work = async |recorder: &_| round.ask(recorder).await;
        let (archive, runtime) = (&mut self.archive, self.session.runtime);
        let ((), ingested) = while_keeping(archive, self.session.store, runtime, work);
        let done = round.done();
        self.tried.extend(questions[..done.taken].iter().cloned());
        self.report.asked += done.answered + done.unanswered.len() as u64;
        self.report.answered_last = done.answered;
        self.report.waiting.extend(done.unanswered);
        self.report.not_offered.extend(done.not_offered);
        self.report.add(ingested?);
        done.failed.map_or(Ok(()), Err)
    }

    /// Fetches the covers that are named by now.
    fn fetch_covers(&mut self) -> Result<(), CollectError> {
        let wanted = self.missing_covers()?;
        self.report.covers.left = wanted.len() as u64 + self.report.covers.waiting.len() as u64;
        for together in wanted.chunks(TOGETHER) {
            if self.is_enough() {
                break;
            }
            self.fetch(together)?;
        }
        Ok(())
    }

    /// Covers that are named, not known, and were not tried in this run.
    fn missing_covers(&self) -> Result<Vec<HeardCover>, CollectError> {
        let Some(Pictures { shelf, tried, .. }) = &self.pictures else { return Ok(Vec::new()) };
        let Asker { listener, service, .. } = self.asker;
        let now = self.fetcher.clock().now();
        let mut covers = self.session.store.heard_covers(listener, *service, self.options.min_plays)?;
        covers.retain(|cover| !tried.contains(&cover.address) && is_open(cover, self.options, shelf, now));
        Ok(covers)
    }

    fn fetch(&mut self, covers: &[HeardCover]) -> Result<(), CollectError> {
        let limit = self.at_most(covers.len() as u64);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX).min(covers.len());
        let Some(Pictures { client, fetcher, shelf, tried, closed }) = &mut self.pictures else { return Ok(()) };
        fetcher.meter().expect(limit as u64);
        let (covers, account, deadline) = (&covers[..limit], fetcher.account(), self.deadline);
        let (pictures, fetched) = (*client, Mutex::default());
        let writing = tokio::sync::Mutex::default();
        let round = CoverRound { pictures, fetcher, shelf, account, deadline, covers, closed, fetched, writing };
        let work = async |recorder: &_| round.fetch(recorder).await;
        let ((), ingested) = while_keeping(&mut self.archive, self.session.store, self.session.runtime, work);
        let Fetched { taken, answered, unanswered, failed } = round.fetched();
        tried.extend(covers[..taken].iter().map(|cover| cover.address.clone()));
        let report = &mut self.report.covers;
        report.asked += answered + unanswered.len() as u64;
        report.left = report.left.saturating_sub(answered);
        report.waiting.extend(unanswered);
        self.report.add(ingested?);
        failed.map_or(Ok(()), Err)
    }
}
