//! One answer: asked, judged, asked again where it must be.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use heard_api::{Class, Clock, Code, Error, Pacer, Rate, Reply, Request, public_params};

use super::meter::Meter;
use super::{CollectError, Outage, StopSign};
use crate::archive::{Draft, Purpose};
use crate::connection::Connection;
use crate::home::{create_private, make_private_folder};
use crate::listen::Account;
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
/// Requests side by side at most; more would only queue at the pacer.
const SIDE_BY_SIDE: usize = 6;
/// Refused bodies that are kept for a look; later ones take the place of earlier ones.
const QUARANTINE: u32 = 64;

/// Why a window has no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// This window at this size was refused several times; a smaller one may fare better.
    Window(String),
    /// The service does not take pages of this size.
    TooLarge,
    /// Collecting must end.
    Stop(CollectError),
}

/// What a reply turns out to be.
#[derive(Debug)]
pub(crate) enum Judged<T> {
    /// An answer to what was asked.
    Fits(T),
    /// No answer to what was asked. It is set aside for a look, and asked again.
    Refused(String),
    /// A refusal of the service, or of something before it.
    Error(Error),
    /// A refusal that is known to pass, whatever it says.
    Passing(Error),
    /// Nothing that asking again would mend.
    Ends(Failure),
}

/// An answer that fits, or why and when to ask again.
type Tried<T> = Result<(Reply, T), (Class, String)>;

/// Keeps the pauses that a host asked for, so that a new start does not shorten them.
#[derive(Debug)]
pub(crate) struct Pauses {
    state: Mutex<State>,
    host: String,
}

impl Pauses {
    pub(crate) fn new(state: State, host: &str) -> Self {
        Self { state: Mutex::new(state), host: host.to_owned() }
    }

    pub(crate) fn kept(&self) -> Result<Option<Pause>, StoreError> {
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
pub(crate) struct Fetcher {
    connection: Connection,
    /// The turns; the connection's own, unless it is another host that is asked.
    pacer: Pacer,
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
    pub(crate) fn new(
        connection: Connection,
        account: Account,
        meter: Arc<Meter>,
        stop: Arc<StopSign>,
        quarantine: PathBuf,
        pauses: Pauses,
    ) -> Self {
        let last_success = AtomicU64::new(seconds(connection.clock().monotonic()));
        Self {
            pacer: connection.pacer().clone(),
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

    /// The same for another host, which has turns of its own. The connection's keys are looked for in its answers, too.
    pub(crate) fn with_turns(self, pacer: &Pacer) -> Self {
        Self { pacer: pacer.clone(), ..self }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn clock(&self) -> &Clock {
        self.connection.clock()
    }

    pub(crate) fn pacer(&self) -> &Pacer {
        &self.pacer
    }

    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Whether there is such an account, where an empty list does not say so.
    pub(super) async fn check_account(&self) -> Result<(), CollectError> {
        self.connection.check_account(&self.account).await.map_err(|error| match error.code() {
            // GNU FM's word for whatever is not there.
            Some(Code::InvalidResource) => CollectError::NoAccount,
            _ => CollectError::Service(error),
        })
    }

    /// Asks until a reply is judged to fit, a few times at most.
    pub(crate) async fn fetch<T>(
        &self,
        ask: impl AsyncFn() -> Result<Reply, Error>,
        judge: impl Fn(&Reply) -> Judged<T>,
    ) -> Result<(Reply, T), Failure> {
        let mut tries = 0;
        loop {
            self.meter.request();
            let result = tokio::select! {
                result = ask() => result,
                () = self.stop.raised() => return Err(Failure::Stop(CollectError::Interrupted)),
            };
            let (class, reason) = match self.judge(result, &judge)? {
                Ok(fitting) => return Ok(fitting),
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

    fn judge<T>(&self, result: Result<Reply, Error>, judge: impl Fn(&Reply) -> Judged<T>) -> Result<Tried<T>, Failure> {
        self.heard.fetch_or(result.is_ok(), Ordering::Relaxed);
        let reply = match result {
            Ok(reply) => reply,
            Err(error) => return by_class(error),
        };
        match judge(&reply) {
            // The archive keeps answers byte for byte, so one with a key in it may not get there.
            Judged::Fits(_) | Judged::Refused(_) if self.connection.is_quoted_in(&reply.body) => {
                Ok(Err((Class::Retry, "the answer repeats the api key".to_owned())))
            }
            Judged::Fits(answer) => {
                self.succeeded();
                Ok(Ok((reply, answer)))
            }
            Judged::Refused(reason) => {
                self.quarantine(&reply.body, &reason);
                Ok(Err((Class::Retry, reason)))
            }
            Judged::Error(error) => by_class(error),
            Judged::Passing(error) => Ok(Err((Class::Retry, error.to_string()))),
            Judged::Ends(failure) => Err(failure),
        }
    }

    fn succeeded(&self) {
        self.failures.store(0, Ordering::Relaxed);
        if self.strikes.swap(0, Ordering::Relaxed) > 0 {
            self.pauses.keep(None);
            self.meter.wait_for(None);
        }
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.last_success.store(seconds(self.clock().monotonic()), Ordering::Relaxed);
    }

    /// As many requests side by side as keep the pacer busy at a latency of about half a second, and no more.
    pub(crate) fn side_by_side(&self) -> usize {
        match self.pacer().rate() {
            Rate::Unpaced => SIDE_BY_SIDE,
            Rate::PerSecond(rate) if rate <= 1.0 => 1,
            Rate::PerSecond(rate) if rate <= Rate::MAX_PER_SECOND => 3,
            Rate::PerSecond(_) => SIDE_BY_SIDE,
        }
    }

    /// Whether anything at all came back, be it a refusal.
    pub(crate) fn is_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed)
    }

    /// Whether anything that fits came back.
    pub(crate) fn has_answered(&self) -> bool {
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

    /// The envelope of something that happened here.
    pub(crate) fn mark(&self, purpose: Purpose, run: u64, body: Bytes) -> Draft {
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

/// What an archive keeps of a request besides its method.
pub(crate) fn kept_params(request: &Request) -> Vec<(String, String)> {
    public_params(request).into_iter().filter(|(name, _)| name != "method").collect()
}

/// Drives futures side by side in one task, without another runtime's worth of machinery.
pub(crate) async fn join_all<F: Future<Output = ()>>(futures: Vec<F>) {
    let mut pending: Vec<_> = futures.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        pending.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if pending.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

fn by_class<T>(error: Error) -> Result<Result<T, (Class, String)>, Failure> {
    match error.class() {
        Class::Fatal => Err(Failure::Stop(CollectError::Service(error))),
        class => Ok(Err((class, chain(&error)))),
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
