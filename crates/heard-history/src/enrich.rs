//! Asking services what the catalogue lacks: tags, lengths, similar ones, charts. Most heard first, each thing once.
//!
//! What is missing follows from the store alone, and answers are on the disk before they count, so stopping at any moment
//! and going on later asks the same questions as going on at once. That a service knows no such thing is an answer, too.

mod options;
mod plan;
mod question;
mod report;
mod round;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use heard_api::Client;

pub use options::{Asker, Options};
pub use plan::plan;
pub use question::{Call, Question};
pub use report::{Report, Unanswered};

use crate::archive::Archive;
use crate::collect::fetch::{Fetcher, Pauses};
use crate::collect::recorder::while_keeping;
use crate::collect::{CollectError, Session};
use crate::connection::Connection;
use crate::ingest;
use crate::listen::Account;
use crate::store::State;
use round::Round;

/// Questions between two commits of the store.
const TOGETHER: usize = 1_000;

/// Asks what is missing. `begun` hears of the questions of each round before they are asked: answers may bring further
/// questions. The report tells how far it came, whatever happened.
///
/// # Errors
/// When it could not even begin: the home's files cannot be opened.
pub fn enrich(
    session: &mut Session<'_>,
    client: &Client,
    asker: &Asker,
    options: &Options,
    begun: impl FnMut(&[Question]),
) -> Result<Report, CollectError> {
    let mut report = Report::default();
    report.add(ingest::catch_up(session.home, session.store)?);
    // What was ingested just now was kept by an earlier run.
    report.answers = Default::default();
    let (archive, cut) = Archive::open(session.home, session.lock, session.store.position()?.seq)?;
    report.cut = cut;
    let pauses = Pauses::new(State::open(session.home, session.lock)?, asker.service.name());
    if let Some(pause) = pauses.kept()? {
        client.pacer().resume_at(pause.until_at);
    }
    let fetcher = Fetcher::new(
        Connection::Lastfm(client.clone()),
        Account::new(&asker.listener, asker.service, ""),
        Arc::clone(&session.meter),
        Arc::clone(&session.stop),
        session.home.quarantine(),
        pauses,
    );
    let deadline = options.time.map(|time| client.clock().monotonic().saturating_add(time));
    let mut enriching =
        Enriching { session, client, fetcher, archive, asker, options, deadline, tried: HashSet::new(), report };
    let stopped = enriching.ask_all(begun);
    let mut report = enriching.report;
    report.requests = session.meter.read().requests;
    report.stopped = stopped.err();
    Ok(report)
}

struct Enriching<'a, 's> {
    session: &'a mut Session<'s>,
    client: &'a Client,
    fetcher: Fetcher,
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
        self.options.limit.map_or(questions, |limit| questions.min(limit.saturating_sub(self.report.asked)))
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
}
