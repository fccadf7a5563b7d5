//! Emptying the outbox: to the service, and its answers into the ledger.
//!
//! A batch is marked as under way before it is sent and stays so until its answer is recorded. What happens in between,
//! a lost answer, a kill, a page of a gateway, only means that the same batch goes again with the same moments, of
//! which the services keep one each.

mod connection;
mod lastfm;
mod listenbrainz;
mod now_playing;
mod report;

use heard_api::{Class, Error};

pub use connection::Connection;
pub use now_playing::NowPlayingError;
pub use report::{DeliverError, Report};

use crate::outbox::{Answer, Batch, Outbox, Refused, Target};
use crate::stop::StopSign;
use crate::store::{Pause, StoreError};
use connection::Said;

/// Tries of one batch before anything has ever been answered: nobody should wait long to learn that the network is down.
const FIRST_TRIES: u32 = 5;
/// Tries of one batch in a row.
const TRIES: u32 = 12;
/// So many pauses in a row for too many requests, and the rest is left for another day.
const STRIKES: u32 = 6;

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
    if let Some(pause) = outbox.state().pause(target.account.service.name())? {
        connection.pacer().resume_at(pause.until_at);
    }
    let report = Report::new(target);
    let mut run = Run { outbox, connection, stop, report, tries: 0, strikes: 0, heard: false };
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
    stop: &'a StopSign,
    report: Report,
    /// Failures in a row.
    tries: u32,
    /// Rate limits in a row.
    strikes: u32,
    /// Whether the service has judged a batch, so that keys and signatures are beyond doubt.
    heard: bool,
}

impl Run<'_> {
    async fn until_nothing_waits(&mut self, watch: &mut (dyn FnMut(&Report) + Send)) -> Result<(), DeliverError> {
        let limits = self.connection.limits();
        while !self.stop.is_raised() {
            let Some(batch) = self.outbox.next_batch(&self.report.target, &limits, self.now())? else {
                return Ok(());
            };
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

    async fn take_in(&mut self, batch: &Batch, said: Said) -> Result<(), DeliverError> {
        match said {
            Said::Judged { verdicts, answer } => {
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
            Said::Unreadable(reason) => self.wait(Class::Retry, reason).await,
            Said::Failed(error) => self.failed(error).await,
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
                return self.failed(error).await;
            }
        }
        self.tries = 0;
        let code = error.as_ref().and_then(number);
        if self.outbox.refuse(batch, code, words, self.now())? == Refused::Parked {
            self.report.parked += 1;
        }
        Ok(())
    }

    async fn failed(&mut self, error: Error) -> Result<(), DeliverError> {
        if error.needs_login() || error.is_bad_key() || error.is_suspended() {
            self.outbox.pause(&self.report.target, &error.to_string(), self.now())?;
            return Err(DeliverError::Paused(error));
        }
        match error.class() {
            Class::Fatal => Err(DeliverError::Service(error)),
            class => self.wait(class, told(&error)).await,
        }
    }

    /// Waits before the same batch goes again, unless it has failed too often.
    async fn wait(&mut self, class: Class, reason: String) -> Result<(), DeliverError> {
        let pacer = self.connection.pacer();
        if class == Class::RateLimited {
            let until = pacer.paused_until();
            self.strikes += 1;
            let pause = until.map(|until_at| Pause { until_at, strikes: self.strikes });
            self.outbox.state().keep_pause(self.host(), pause)?;
            if self.strikes >= STRIKES {
                return Err(DeliverError::Outage { reason, until });
            }
            return Ok(());
        }
        self.tries += 1;
        if self.tries >= if self.heard { TRIES } else { FIRST_TRIES } {
            return Err(DeliverError::Outage { reason, until: None });
        }
        tokio::select! {
            () = self.connection.clock().sleep(pacer.retry_wait(self.tries, class)) => Ok(()),
            () = self.stop.raised() => Err(DeliverError::Interrupted),
        }
    }

    fn has_answered(&mut self) -> Result<(), StoreError> {
        self.heard = true;
        self.tries = 0;
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
