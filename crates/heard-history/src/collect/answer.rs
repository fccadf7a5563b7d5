//! One page of an account's listens, or their count: asked until it fits what was asked.

use heard_api::{Code, Error, Reply};

use super::fetch::{Failure, Fetcher, Judged};
use super::question::Named;
use crate::archive::{Draft, Purpose};
use crate::listen::{Service, Span};
use crate::normalise::page::{Asked, Page, Refusal, closes, read_page};

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

/// Of a page: how many rows it has, how many it may have, how many there are in all, and the moment of its oldest.
type Sizes = (u64, u64, Option<u64>, Option<i64>);

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

impl Fetcher {
    /// Asks until an answer fits, a few times at most.
    pub(super) async fn ask(&self, asked: Asked) -> Result<Answer, Failure> {
        let (reply, (count, per_page, total, oldest)) =
            self.fetch(async || self.connection().ask(&asked).await, |reply| self.page_of(&asked, reply)).await?;
        let (service, named) = (self.account().service, self.connection().named(&asked));
        Ok(Answer { asked, service, named, count, per_page, total, oldest, reply })
    }

    fn page_of(&self, asked: &Asked, reply: &Reply) -> Judged<Sizes> {
        let service = self.account().service;
        match self.connection().refusal(service, reply) {
            None => match read_page(service, asked, &reply.body) {
                Ok(Page { count, per_page, total, oldest, .. }) => Judged::Fits((count, per_page, total, oldest)),
                Err(refusal) => Judged::Refused(refusal.to_string()),
            },
            Some(error) if asks_for_less(&error) && asked.limit > 50 => Judged::Ends(Failure::TooLarge),
            // A known account is now and then said not to exist in the middle of a long walk (wire behaviour seen by
            // many clients): once it has answered, that passes.
            Some(error) if error.is_unknown_user() && self.has_answered() => Judged::Passing(error),
            Some(error) => Judged::Error(error),
        }
    }

    /// The envelope of an answer.
    pub(super) fn draft(&self, answer: Answer, purpose: Purpose, run: u64, wanted: Option<Span>) -> Draft {
        let (method, params) = answer.named;
        Draft {
            received_at: self.clock().now(),
            account: self.account().clone(),
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
}

/// `limit param out of bounds (1-1000)` (fixture `_errors/quoted_06_limit_bounds.json`).
fn asks_for_less(error: &Error) -> bool {
    match error {
        Error::Service { code: Code::InvalidParameters, message, .. } => message.contains("limit"),
        _ => false,
    }
}
