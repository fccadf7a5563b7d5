//! One answer: asked, checked, asked again where it must be.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use heard_api::{Class, Clock, Code, Error, Pacer, Rate, Reply};

use super::meter::Meter;
use super::question::Named;
use super::{CollectError, Outage, StopSign};
use crate::archive::{Draft, Purpose};
use crate::connection::Connection;
use crate::home::{create_private, make_private_folder};
use crate::listen::{Account, Service, Span};
use crate::normalise::page::{Asked, Page, Refusal, closes, read_page};
use crate::store::{Pause, State, StoreError};

/// Tries of one window at one page size.
const TRIES: u32 = 3;
/// Tries before anything has ever been answered: nobody should wait long to learn that the network is down.
const FIRST_TRIES: u32 = 5;
/// A service that has answered nothing for so long, over so many tries, is down.
const PATIENCE: Duration = Duration::from_secs(600);
const PATIENT_TRIES: u32 = 20;
/// So many pauses in a row for too many requests, and the rest is left for another day.
const STRIKES: u32 = 6;
/// Refused bodies that are kept for a look; later ones take the place of earlier ones.
const QUARANTINE: u32 = 64;

/// An answer that fits what was asked.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) asked: Asked,
    pub(super) reply: Reply,
    service: Service,
    named: Named,
    pub(super) count: u64,
    pub(super) per_page: u64,
    pub(super) total: Option<u64>,
    oldest: Option<i64>,
}

impl Answer {
    /// Which seconds of the wanted stretch it shows whole.
    pub(super) fn closed_by(&self, wanted: Span) -> Span {
        closes(self.total, self.count, self.oldest, wanted)
    }

    /// When it was given, by the service's clock.
    pub(super) fn served_at(&self, now: i64) -> i64 {
        self.reply.date.unwrap_or(now)
    }

    /// Its rows, read again from the bytes that are kept.
    pub(super) fn page(&self) -> Result<Page<'_>, Refusal> {
        read_page(self.service, &self.asked, &self.reply.body)
    }
}

/// Why a window has no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// This window at this size was refused several times; a smaller one may fare better.
    Window(String),
    /// The service does not take pages of this size.
    TooLarge,
    /// Collecting must end.
    Stop(CollectError),
}

/// Keeps the pauses that a host asked for, so that a new start does not shorten them.
#[derive(Debug)]
pub(super) struct Pauses {
    state: Mutex<State>,
    host: String,
}

impl Pauses {
    pub(super) fn new(state: State, host: &str) -> Self {
        Self { state: Mutex::new(state), host: host.to_owned() }
    }

    pub(super) fn kept(&self) -> Result<Option<Pause>, StoreError> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).pause(&self.host)
    }

    fn keep(&self, pause: Option<Pause>) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = state.keep_pause(&self.host, pause) {
            tracing::warn!(%error, "a pause could not be kept");
        }
    }
}

/// Asks one service about one account.
#[derive(Debug)]
pub(super) struct Fetcher {
    connection: Connection,
    account: Account,
    meter: Arc<Meter>,
    stop: Arc<StopSign>,
    quarantine: PathBuf,
    pauses: Pauses,
    refused: AtomicU32,
    failures: AtomicU32,
    strikes: AtomicU32,
    heard: AtomicBool,
    answered: AtomicU64,
    last_success: AtomicU64,
}

impl Fetcher {
    pub(super) fn new(
        connection: Connection,
        account: Account,
        meter: Arc<Meter>,
        stop: Arc<StopSign>,
        quarantine: PathBuf,
        pauses: Pauses,
    ) -> Self {
        let last_success = AtomicU64::new(seconds(connection.clock().monotonic()));
        Self {
            connection,
            account,
            meter,
            stop,
            quarantine,
            pauses,
            refused: AtomicU32::new(0),
            failures: AtomicU32::new(0),
            strikes: AtomicU32::new(0),
            heard: AtomicBool::new(false),
            answered: AtomicU64::new(0),
            last_success,
        }
    }

    pub(super) fn clock(&self) -> &Clock {
        self.connection.clock()
    }

    pub(super) fn pacer(&self) -> &Pacer {
        self.connection.pacer()
    }

    pub(super) fn account(&self) -> &Account {
        &self.account
    }

    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Whether there is such an account, where an empty list does not say so.
    pub(super) async fn check_account(&self) -> Result<(), CollectError> {
        self.connection.check_account(&self.account).await.map_err(CollectError::Service)
    }

    /// Asks until an answer fits, a few times at most.
    pub(super) async fn ask(&self, asked: Asked) -> Result<Answer, Failure> {
        let mut tries = 0;
        loop {
            self.meter.request();
            let result = tokio::select! {
                result = self.connection.ask(&asked) => result,
                () = self.stop.raised() => return Err(Failure::Stop(CollectError::Interrupted)),
            };
            let (class, reason) = match self.judge(&asked, result)? {
                Ok(answer) => return Ok(answer),
                Err(trouble) => trouble,
            };
            tries += 1;
            self.count_failure(class, &reason)?;
            if class == Class::Retry {
                if tries >= if self.has_answered() { TRIES } else { FIRST_TRIES } {
                    return Err(self.give_up(reason));
                }
                self.pause(tries, class, &reason).await?;
            }
        }
    }

    /// The inner error says whether to try again.
    fn judge(&self, asked: &Asked, result: Result<Reply, Error>) -> Result<Result<Answer, (Class, String)>, Failure> {
        self.heard.fetch_or(result.is_ok(), Ordering::Relaxed);
        let error = match result {
            Ok(reply) => match self.connection.refusal(self.account.service, &reply) {
                None => return Ok(self.check(asked, reply)),
                Some(error) => error,
            },
            Err(error) => error,
        };
        if asks_for_less(&error) && asked.limit > 50 {
            return Err(Failure::TooLarge);
        }
        // A known account is now and then said not to exist in the middle of a long walk (wire behaviour seen by
        // many clients): once it has answered, that passes.
        let passing = error.is_unknown_user() && self.has_answered();
        match error.class() {
            Class::Fatal if !passing => Err(Failure::Stop(CollectError::Service(error))),
            Class::Fatal => Ok(Err((Class::Retry, error.to_string()))),
            class => Ok(Err((class, chain(&error)))),
        }
    }

    fn check(&self, asked: &Asked, reply: Reply) -> Result<Answer, (Class, String)> {
        // The archive keeps answers byte for byte, so one with a key in it may not get there.
        if self.connection.is_quoted_in(&reply.body) {
            return Err((Class::Retry, "the answer repeats the api key".to_owned()));
        }
        let page = match read_page(self.account.service, asked, &reply.body) {
            Ok(Page { count, per_page, total, oldest, .. }) => (count, per_page, total, oldest),
            Err(refusal) => {
                let reason = refusal.to_string();
                self.quarantine(&reply.body, &reason);
                return Err((Class::Retry, reason));
            }
        };
        self.failures.store(0, Ordering::Relaxed);
        if self.strikes.swap(0, Ordering::Relaxed) > 0 {
            self.pauses.keep(None);
            self.meter.wait_for(None);
        }
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.last_success.store(seconds(self.clock().monotonic()), Ordering::Relaxed);
        let (count, per_page, total, oldest) = page;
        let (service, named) = (self.account.service, self.connection.named(asked));
        Ok(Answer { asked: asked.clone(), service, named, count, per_page, total, oldest, reply })
    }

    /// Whether anything at all came back, be it a refusal.
    pub(super) fn is_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed)
    }

    fn has_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed) > 0
    }

    fn give_up(&self, reason: String) -> Failure {
        if self.has_answered() { Failure::Window(reason) } else { Failure::Stop(Outage::down(reason)) }
    }

    fn count_failure(&self, class: Class, reason: &str) -> Result<(), Failure> {
        let pacer = self.pacer();
        if class == Class::RateLimited {
            let until = pacer.paused_until();
            let strikes = self.strikes.fetch_add(1, Ordering::Relaxed) + 1;
            self.pauses.keep(until.map(|until_at| Pause { until_at, strikes }));
            self.meter.wait_for(Some(format!("the service asks for a pause ({reason})")));
            if strikes >= STRIKES {
                return Err(Failure::Stop(CollectError::Outage(Outage { reason: reason.to_owned(), until })));
            }
            return Ok(());
        }
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        let since = seconds(self.clock().monotonic()) - self.last_success.load(Ordering::Relaxed);
        let patience = if pacer.rate() == Rate::Unpaced { PATIENCE / 1000 } else { PATIENCE };
        if failures >= PATIENT_TRIES && since >= seconds(patience) {
            return Err(Failure::Stop(Outage::down(reason.to_owned())));
        }
        Ok(())
    }

    async fn pause(&self, tries: u32, class: Class, reason: &str) -> Result<(), Failure> {
        let wait = self.pacer().retry_wait(tries, class);
        self.meter.wait_for(Some(reason.to_owned()));
        tokio::select! {
            () = self.clock().sleep(wait) => {}
            () = self.stop.raised() => return Err(Failure::Stop(CollectError::Interrupted)),
        }
        self.meter.wait_for(None);
        Ok(())
    }

    /// Keeps a refused body for a look, where there is room; not being able to is no reason to stop.
    fn quarantine(&self, body: &[u8], reason: &str) {
        let place = self.refused.fetch_add(1, Ordering::Relaxed) % QUARANTINE;
        let path = self.quarantine.join(format!("refused-{place:02}.txt"));
        let kept = make_private_folder(&self.quarantine)
            .and_then(|()| match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            })
            .and_then(|()| create_private(&path))
            .and_then(|mut file| writeln!(file, "{reason}").and_then(|()| file.write_all(body)));
        if let Err(error) = kept {
            tracing::warn!(%error, "a refused answer could not be set aside");
        }
    }

    /// The envelope of an answer.
    pub(super) fn draft(&self, answer: Answer, purpose: Purpose, run: u64, wanted: Option<Span>) -> Draft {
        let (method, params) = answer.named;
        Draft {
            received_at: self.clock().now(),
            account: self.account.clone(),
            method,
            params,
            purpose,
            run,
            wanted,
            status: answer.reply.status,
            served_at: answer.reply.date,
            body: answer.reply.body,
            is_json: true,
            sha256: None,
        }
    }

    /// The envelope of something that happened here.
    pub(super) fn mark(&self, purpose: Purpose, run: u64, body: Bytes) -> Draft {
        Draft {
            received_at: self.clock().now(),
            account: self.account.clone(),
            method: "heard".into(),
            params: Vec::new(),
            purpose,
            run,
            wanted: None,
            status: 0,
            served_at: None,
            body,
            is_json: true,
            sha256: None,
        }
    }
}

/// `limit param out of bounds (1-1000)` (fixture `_errors/quoted_06_limit_bounds.json`).
fn asks_for_less(error: &Error) -> bool {
    match error {
        Error::Service { code: Code::InvalidParameters, message, .. } => message.contains("limit"),
        _ => false,
    }
}

fn seconds(duration: Duration) -> u64 {
    duration.as_secs()
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
