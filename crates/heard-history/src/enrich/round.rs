//! Asking a row of questions, several at once behind one pacer.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use heard_api::{Client, Code, Error, Reply};

use super::{Asker, Question, Unanswered};
use crate::archive::{Draft, Purpose};
use crate::collect::CollectError;
use crate::collect::fetch::{Failure, Fetcher, Judged, join_all, kept_params};
use crate::collect::recorder::Recorder;
use crate::facts::{Knowledge, ThingKind};
use crate::listen::Account;
use crate::normalise::things::{self, Refusal};

/// What became of a row of questions.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// How many of them, from the beginning, were taken up.
    pub(super) taken: usize,
    /// Those of them that were answered.
    pub(super) answered: u64,
    pub(super) unanswered: Vec<Unanswered>,
    pub(super) not_offered: BTreeSet<&'static str>,
    pub(super) failed: Option<CollectError>,
}

/// Asks questions.
pub(super) struct Round<'a> {
    client: &'a Client,
    fetcher: &'a Fetcher,
    asker: &'a Asker,
    deadline: Option<Duration>,
    questions: &'a [Question],
    done: Mutex<Done>,
}

impl<'a> Round<'a> {
    pub(super) fn new(
        (client, fetcher): (&'a Client, &'a Fetcher),
        asker: &'a Asker,
        deadline: Option<Duration>,
        questions: &'a [Question],
    ) -> Self {
        Self { client, fetcher, asker, deadline, questions, done: Mutex::default() }
    }

    /// Asks all of them, until somebody wants to stop or nothing can be asked any more.
    pub(super) async fn ask(&self, recorder: &Recorder) {
        let askers = (0..self.fetcher.side_by_side()).map(|_| self.ask_on(recorder)).collect();
        join_all(askers).await;
    }

    /// What became of them.
    pub(super) fn done(self) -> Done {
        self.done.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn so_far(&self) -> MutexGuard<'_, Done> {
        // Every change below is whole when the lock is given back.
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask_on(&self, recorder: &Recorder) {
        while let Some(question) = self.next() {
            match self.answer(question).await {
                Ok(draft) => match recorder.keep(vec![draft]).await {
                    Ok(()) => {
                        self.so_far().answered += 1;
                        self.fetcher.meter().page(1);
                    }
                    Err(error) => self.fail(error.into()),
                },
                Err(failure) => self.bear(question, failure),
            }
        }
    }

    /// The next question; none when enough was asked.
    fn next(&self) -> Option<&'a Question> {
        let now = self.fetcher.clock().monotonic();
        let mut done = self.so_far();
        if done.failed.is_some() || self.deadline.is_some_and(|deadline| now >= deadline) {
            return None;
        }
        while let Some(question) = self.questions.get(done.taken) {
            done.taken += 1;
            if !done.not_offered.contains(question.call.method()) {
                return Some(question);
            }
        }
        None
    }

    /// The envelope of an answer.
    async fn answer(&self, question: &Question) -> Result<Draft, Failure> {
        let request = question.request();
        let params = kept_params(&request);
        let asked = things::Question { method: question.call.method(), params: &params };
        let judge = |reply: &Reply| match things::read(&asked, reply.status, &reply.body) {
            Ok(answer) => Judged::Fits(answer.outcome),
            Err(Refusal::Service(error)) => Judged::Error(error),
            Err(refusal) => Judged::Refused(refusal.to_string()),
        };
        let ask = async || self.client.send(&request).await;
        let (mut reply, outcome) = self.fetcher.fetch(ask, judge).await?;
        // An answer to another's question looks the same as a name that leads elsewhere, but does not come twice.
        if outcome == Knowledge::Contradiction && question.mbid().is_none() {
            (reply, _) = self.fetcher.fetch(ask, judge).await?;
        }
        let Asker { listener, service, .. } = self.asker;
        let user = if question.thing.kind == ThingKind::Account { question.thing.name.as_str() } else { "" };
        Ok(Draft {
            received_at: self.fetcher.clock().now(),
            account: Account::new(listener, *service, user),
            method: question.call.method().into(),
            params,
            purpose: Purpose::Enrich,
            run: 0,
            wanted: None,
            status: reply.status,
            served_at: reply.date,
            // What is not JSON is XML; both are read.
            is_json: reply.body.starts_with(b"{"),
            body: reply.body,
            sha256: None,
        })
    }

    /// A question in vain does not keep the others from being asked, as long as it is the question that is at fault.
    fn bear(&self, question: &Question, failure: Failure) {
        let reason = match failure {
            Failure::Window(reason) => reason,
            Failure::TooLarge => "the service does not take so long a list".to_owned(),
            Failure::Stop(CollectError::Service(error)) if concerns_the_call(&error) => {
                self.so_far().not_offered.insert(question.call.method());
                return;
            }
            Failure::Stop(CollectError::Service(error)) if concerns_the_question(&error) => error.to_string(),
            Failure::Stop(error) => return self.fail(error),
        };
        self.so_far().unanswered.push(Unanswered { question: question.clone(), reason });
    }

    fn fail(&self, error: CollectError) {
        self.so_far().failed.get_or_insert(error);
    }
}

/// Whether the service has no such call.
fn concerns_the_call(error: &Error) -> bool {
    matches!(error, Error::NotOffered { .. })
        || matches!(error.code(), Some(Code::InvalidMethod | Code::Deprecated | Code::InvalidService))
}

/// Whether another question may fare better: this one is about what somebody hides, or too long for an address.
fn concerns_the_question(error: &Error) -> bool {
    error.is_private() || matches!(error, Error::Http { status: 414, .. })
}
