//! Emptying the outbox: to the service, and its answers into the ledger.
//!
//! A batch is marked as under way before it is sent and stays so until its answer is recorded. What happens in between,
//! a lost answer, a kill, a page of a gateway, only means that the same batch goes again with the same moments, of
//! which the services keep one each.

mod connection;
mod lastfm;
mod listenbrainz;
mod now_playing;
mod read_back;
mod report;

use heard_api::{Class, Error};

pub use now_playing::NowPlayingError;
pub use report::{DeliverError, Report};

pub use crate::connection::Connection;
use crate::outbox::{Answer, Batch, Outbox, Refused, Target};
use crate::stop::StopSign;
use crate::store::{Pause, StoreError};
use connection::Said;

/// Tries before anything has ever been answered: nobody should wait long to learn that the network is down.
const FIRST_TRIES: u32 = 5;
/// Tries in a row.
const TRIES: u32 = 12;
/// When a batch has failed so often in a row, others go first.
const TRIES_OF_ONE: u32 = 5;
/// Tries of others, before the service is believed to be down.
const TRIES_OF_OTHERS: u32 = 2;
/// Tries of a batch over which the service failed before.
const TRIES_OF_A_SUSPECT: u32 = 2;
/// So many pauses in a row for too many requests, and the rest is left for another day.
const STRIKES: u32 = 6;

/// How listens are delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Ask the service what it has before sending again what it may have: a batch whose answer was lost. Without it, it is
    /// left to the service to keep one of a repeat. Lists of a service may lag behind by minutes, so that this is a help
    /// where a service keeps repeats, and no proof.
    pub read_back: bool,
}

/// Sends what waits for a target, until nothing is left that it takes today. `watch` sees the numbers after each batch.
/// The report tells how far it came, whatever happened.
///
/// # Errors
/// What SQLite says at the beginning and at the end; in between, the report has it.
pub async fn deliver(
    outbox: &mut Outbox,
    target: &Target,
    connection: &Connection,
    stop: &StopSign,
    watch: &mut (dyn FnMut(&Report) + Send),
) -> Result<Report, StoreError> {
    deliver_with(outbox, target, connection, Options::default(), stop, watch).await
}

/// [`deliver`] in another way than the usual one.
///
/// # Errors
/// As [`deliver`].
pub async fn deliver_with(
    outbox: &mut Outbox,
    target: &Target,
    connection: &Connection,
    options: Options,
    stop: &StopSign,
    watch: &mut (dyn FnMut(&Report) + Send),
) -> Result<Report, StoreError> {
    if let Some(pause) = outbox.state().pause(target.account.service.name())? {
        connection.pacer().resume_at(pause.until_at);
    }
    let report = Report::new(target);
    let mut run = Run {
        outbox,
        connection,
        options,
        stop,
        report,
        tries: 0,
        of_one: 0,
        strikes: 0,
        heard: false,
        is_unproven: false,
    };
    let stopped = run.until_nothing_waits(watch).await.err();
    let Run { mut report, outbox, .. } = run;
    report.stopped = stopped;
    report.counts = outbox.counts(target)?;
    report.plan = outbox.plan(target, &connection.limits(), connection.clock().now())?;
    Ok(report)
}

struct Run<'a> {
    outbox: &'a mut Outbox,
    connection: &'a Connection,
    options: Options,
    stop: &'a StopSign,
    report: Report,
    /// Failures in a row.
    tries: u32,
    /// Those of them that were the last batch's.
    of_one: u32,
    /// Rate limits in a row.
    strikes: u32,
    /// Whether the service has judged a batch, so that keys and signatures are beyond doubt.
    heard: bool,
    /// Whether something was set aside, and nothing was judged since.
    is_unproven: bool,
}

/// What went wrong with a batch, and may pass.
struct Trouble {
    class: Class,
    code: Option<i64>,
    reason: String,
    /// Whether the service was reached: then the batch may be to blame.
    is_answer: bool,
}

impl Run<'_> {
    async fn until_nothing_waits(&mut self, watch: &mut (dyn FnMut(&Report) + Send)) -> Result<(), DeliverError> {
        let limits = self.connection.limits();
        while !self.stop.is_raised() {
            let Some(mut batch) = self.outbox.next_batch(&self.report.target, &limits, self.now())? else {
                return Ok(());
            };
            if self.options.read_back && batch.is_resent && !self.is_still_to_send(&mut batch).await? {
                continue;
            }
            self.report.requests += 1;
            let said = tokio::select! {
                said = self.connection.send(&batch) => said,
                () = self.stop.raised() => break,
            };
            self.take_in(&batch, said).await?;
            watch(&self.report);
        }
        Err(DeliverError::Interrupted)
    }

    fn now(&self) -> i64 {
        self.connection.clock().now()
    }

    /// Asks the service what it has of a batch, and whether anything is left of it.
    async fn is_still_to_send(&mut self, batch: &mut Batch) -> Result<bool, DeliverError> {
        let asked = tokio::select! {
            asked = self.connection.read_back(&self.report.target.account.user, batch) => asked,
            () = self.stop.raised() => return Err(DeliverError::Interrupted),
        };
        match asked {
            Ok(held) => {
                let now = self.now();
                self.report.accepted += self.outbox.read_back(batch, |entry| held.has(&entry.listen), now)?;
                Ok(!batch.entries.is_empty())
            }
            Err(error) => self.failed(batch, error).await.map(|()| false),
        }
    }

    async fn take_in(&mut self, batch: &Batch, said: Said) -> Result<(), DeliverError> {
        match said {
            Said::Judged { verdicts, answer, served_at } => {
                self.report.clock_ahead = served_at.map(|at| self.now().saturating_sub(at)).or(self.report.clock_ahead);
                self.has_answered()?;
                let answer = answer.as_ref().map(|(status, body)| Answer { status: *status, body });
                let settled = self.outbox.record(batch, &verdicts, answer, self.now())?;
                self.report.accepted += settled.accepted;
                self.report.ignored += settled.ignored;
                Ok(())
            }
            Said::Refused { error, words } => self.refused(batch, error, &words).await,
            Said::Unfit { entry, reason } => {
                self.report.parked += 1;
                Ok(self.outbox.park(&entry, &reason, self.now())?)
            }
            Said::Unreadable(reason) => {
                self.wait(batch, Trouble { class: Class::Retry, code: None, reason, is_answer: true }).await
            }
            Said::Failed(error) => self.failed(batch, error).await,
        }
    }

    /// The batch is told to be wrong. Where the signature is, and nothing was ever accepted, the secret may be wrong
    /// instead, and the listens are not to blame.
    async fn refused(&mut self, batch: &Batch, error: Option<Error>, words: &str) -> Result<(), DeliverError> {
        if !self.heard && error.as_ref().is_some_and(Error::is_bad_key) {
            let tried = tokio::select! {
                tried = self.connection.is_locked_out() => tried,
                () = self.stop.raised() => return Err(DeliverError::Interrupted),
            };
            if let Err(error) = tried {
                return self.failed(batch, error).await;
            }
        }
        (self.tries, self.of_one) = (0, 0);
        let code = error.as_ref().and_then(number);
        if self.outbox.refuse(batch, code, words, self.now())? == Refused::Parked {
            self.report.parked += 1;
        }
        Ok(())
    }

    async fn failed(&mut self, batch: &Batch, error: Error) -> Result<(), DeliverError> {
        if error.needs_login() || error.is_bad_key() || error.is_suspended() {
            self.outbox.pause(&self.report.target, &error.to_string(), self.now())?;
            return Err(DeliverError::Paused(error));
        }
        match error.class() {
            Class::Fatal => Err(DeliverError::Service(error)),
            class => {
                let is_answer = !matches!(error, Error::Transport { .. } | Error::Timeout { .. });
                let trouble = Trouble { class, code: number(&error), reason: told(&error), is_answer };
                self.wait(batch, trouble).await
            }
        }
    }

    /// Waits before the next try, unless there were too many. A batch that fails again and again lets others pass.
    async fn wait(&mut self, batch: &Batch, trouble: Trouble) -> Result<(), DeliverError> {
        if trouble.class == Class::RateLimited {
            return self.slow_down(trouble.reason);
        }
        self.tries += 1;
        self.of_one += 1;
        self.let_others_pass(batch, &trouble).await?;
        let more = if self.is_unproven { TRIES_OF_OTHERS } else { 0 };
        if self.tries >= more + if self.heard { TRIES } else { FIRST_TRIES } {
            if self.is_unproven {
                self.outbox.set_aside(batch, self.now())?;
            }
            return Err(DeliverError::Outage { reason: trouble.reason, until: None });
        }
        tokio::select! {
            () = self.connection.clock().sleep(self.connection.pacer().retry_wait(self.tries, trouble.class)) => Ok(()),
            () = self.stop.raised() => Err(DeliverError::Interrupted),
        }
    }

    /// Ends the run where it was asked too often to be left alone.
    fn slow_down(&mut self, reason: String) -> Result<(), DeliverError> {
        let until = self.connection.pacer().paused_until();
        self.strikes += 1;
        let pause = until.map(|until_at| Pause { until_at, strikes: self.strikes });
        self.outbox.state().keep_pause(self.host(), pause)?;
        if self.strikes >= STRIKES { Err(DeliverError::Outage { reason, until }) } else { Ok(()) }
    }

    /// What the service fails over is set aside, or divided where it is a suspect already. As long as nothing was judged
    /// since, that is done once: then it is the service that is down.
    async fn let_others_pass(&mut self, batch: &Batch, trouble: &Trouble) -> Result<(), DeliverError> {
        let is_one = batch.entries.len() == 1;
        if self.is_unproven && !(self.heard && is_one && batch.is_suspect) {
            return Ok(());
        }
        if batch.is_suspect
            && self.of_one >= TRIES_OF_A_SUSPECT
            && (trouble.is_answer || self.is_hopeless(batch).await?)
        {
            return self.doubt(batch, trouble);
        }
        if self.of_one < TRIES_OF_ONE {
            return Ok(());
        }
        if self.outbox.set_aside(batch, self.now())? {
            (self.of_one, self.is_unproven) = (0, true);
        } else if self.is_hopeless(batch).await? {
            self.doubt(batch, trouble)?;
        }
        Ok(())
    }

    fn doubt(&mut self, batch: &Batch, trouble: &Trouble) -> Result<(), DeliverError> {
        match self.outbox.doubt(batch, trouble.code, &trouble.reason, self.now())? {
            Refused::Halved => self.tries = 0,
            Refused::SetAside => {
                self.report.set_aside += 1;
                (self.tries, self.is_unproven) = (0, true);
            }
            Refused::Parked => self.report.parked += 1,
        }
        self.of_one = 0;
        Ok(())
    }

    /// Whether a batch failed in many runs, while the service answers other questions.
    async fn is_hopeless(&mut self, batch: &Batch) -> Result<bool, StoreError> {
        Ok(self.outbox.is_hopeless(batch, self.now())? && self.connection.is_in_order().await)
    }

    fn has_answered(&mut self) -> Result<(), StoreError> {
        self.heard = true;
        self.is_unproven = false;
        (self.tries, self.of_one) = (0, 0);
        if std::mem::take(&mut self.strikes) > 0 {
            self.outbox.state().keep_pause(self.host(), None)?;
        }
        Ok(())
    }

    /// By the same name as collecting keeps its pauses, for both talk to the same host.
    fn host(&self) -> &'static str {
        self.report.target.account.service.name()
    }
}

/// The service's code, or the HTTP status where that is its only code.
fn number(error: &Error) -> Option<i64> {
    match error {
        Error::Refused { http_status, .. } => Some(i64::from(*http_status)),
        error => error.code().map(heard_api::Code::number),
    }
}

/// An error with its causes, in one line.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
