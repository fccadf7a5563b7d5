//! What services answer, and what becomes of it.

use heard_api::{ConfigurationError, Error as ApiError};
use heard_history::collect::CollectError;
use heard_history::deliver::DeliverError;

use super::{Code, Failure, chain};

impl From<CollectError> for Failure {
    fn from(error: CollectError) -> Self {
        match error {
            CollectError::Service(error) => error.into(),
            CollectError::NoAccount => no_account(),
            CollectError::Outage(outage) => {
                let failure =
                    Self::new(Code::Unavailable, format!("the service cannot be used now: {}", outage.reason));
                match outage.until {
                    Some(until) => Self { code: Code::TryAgain, ..failure }
                        .hint(format!("it asks for a pause; run this again after {}", crate::print::moment(until))),
                    None => failure.hint("everything read so far is kept; run the same command again later"),
                }
            }
            CollectError::Refused(reason) => {
                Self::new(Code::TryAgain, format!("the service's answers cannot be used: {reason}"))
                    .hint("everything read so far is kept; run the same command again later")
            }
            CollectError::Interrupted => Self::new(Code::Interrupted, "stopped")
                .hint("everything read so far is kept; the same command goes on where it stopped"),
            CollectError::Archive(error) => error.into(),
            CollectError::Store(error) => error.into(),
            CollectError::Ingest(error) => error.into(),
        }
    }
}

impl From<DeliverError> for Failure {
    fn from(error: DeliverError) -> Self {
        match error {
            DeliverError::Paused(error) => {
                let failure = Self::from(error);
                if failure.hint.is_some() {
                    return failure;
                }
                failure.hint("everything waits in the outbox; set a new LASTFM_SESSION_KEY, LIBREFM_SESSION_KEY or LISTENBRAINZ_TOKEN, then: heard outbox send")
            }
            DeliverError::Service(error) => error.into(),
            DeliverError::Outage { reason, until } => {
                let failure = Self::new(Code::TryAgain, format!("the service cannot be used now: {reason}"));
                match until {
                    Some(until) => failure.hint(format!(
                        "everything waits in the outbox; after {}: heard outbox send",
                        crate::print::moment(until)
                    )),
                    None => failure.hint("everything waits in the outbox; later: heard outbox send"),
                }
            }
            DeliverError::Interrupted => Self::new(Code::Interrupted, "stopped")
                .hint("everything waits in the outbox; to go on: heard outbox send"),
            DeliverError::Store(error) => error.into(),
        }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let words = chain(&error);
        if error.is_private() {
            return Self::new(Code::NotAuthorised, "the account hides its recent listening from others (error 17)")
                .hint("at last.fm/settings/privacy, take the tick from 'Hide recent listening information'");
        }
        if error.is_suspended() {
            return Self::new(Code::NotAuthorised, "the api key is suspended (error 26)")
                .hint("get a new one at https://www.last.fm/api/account/create and set LASTFM_API_KEY");
        }
        if error.is_bad_key() {
            return Self::new(Code::NotAuthorised, format!("the service does not accept the api key: {words}"))
                .hint("look it up at https://www.last.fm/api/accounts and set LASTFM_API_KEY");
        }
        if error.needs_login() {
            return Self::new(Code::NotAuthorised, format!("the service asks for a login: {words}"));
        }
        if error.is_unknown_user() {
            return no_account();
        }
        match error {
            ApiError::Configuration(error) => Self::new(Code::Configuration, words).hint(remedy(&error)),
            ApiError::NotOffered { .. } => Self::new(Code::Failure, words),
            ApiError::Service { .. } | ApiError::Http { .. } | ApiError::Refused { .. } if !error.retryable() => {
                Self::new(Code::Failure, words)
            }
            _ => Self::new(Code::Unavailable, words).hint("run the same command again later"),
        }
    }
}

fn no_account() -> Failure {
    Failure::new(Code::BadInput, "the service knows no account of this name").hint("check the spelling of --user NAME")
}

/// What may be typed instead of options that do not allow a request.
fn remedy(error: &ConfigurationError) -> &'static str {
    match error {
        ConfigurationError::Root => "an address looks like --url https://ws.audioscrobbler.com/2.0/",
        ConfigurationError::PlainHttp { .. } => "write https:// in --url",
        ConfigurationError::Rate { .. } | ConfigurationError::Unpaced => "--rate 4",
        ConfigurationError::NoSharedSecret { .. } => "export LASTFM_API_SECRET=…",
        ConfigurationError::NoSessionKey { .. } => "export LASTFM_SESSION_KEY=…",
        _ => "docs/config.md names every setting",
    }
}
