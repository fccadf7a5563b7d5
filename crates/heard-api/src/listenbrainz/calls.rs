//! The calls: what goes over the wire, and how the answer is read.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answers::{Count, Done, Feedback, FeedbackPage, Listens, Payload, Playing, TokenCheck};
use super::submission::Submission;
use crate::decode;
use crate::error::DecodeError;

/// A call: where it goes, what it says, and how its answer is read.
#[derive(Clone, Debug)]
pub struct Call<A> {
    /// The path below the root, one name after the other, not yet escaped.
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(Cow<'static, str>, String)>,
    /// The JSON of a POST; without one it is a GET.
    pub(super) body: Option<Vec<u8>>,
    pub(super) needs_token: bool,
    read: fn(&[u8]) -> Result<A, DecodeError>,
}

impl<A> Call<A> {
    fn get(path: &[&str], read: fn(&[u8]) -> Result<A, DecodeError>) -> Self {
        let path = path.iter().map(|name| (*name).to_owned()).collect();
        Self { path, query: Vec::new(), body: None, needs_token: false, read }
    }

    fn post(path: &[&str], body: &impl Serialize, read: fn(&[u8]) -> Result<A, DecodeError>) -> Self {
        Self { body: Some(decode::written(body)), needs_token: true, ..Self::get(path, read) }
    }

    fn query(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name.into(), value.to_string())));
        self
    }

    /// The path below the root, for logs and archives. It holds no secret.
    #[must_use]
    pub fn path(&self) -> String {
        self.path.join("/")
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// The body does not have the form of an answer to this call.
    pub fn decode(&self, body: &[u8]) -> Result<A, DecodeError> {
        (self.read)(body)
    }
}

fn plain<A: DeserializeOwned>(body: &[u8]) -> Result<A, DecodeError> {
    decode::json(body)
}

fn inside<A: DeserializeOwned>(body: &[u8]) -> Result<A, DecodeError> {
    decode::json::<Payload<A>>(body).map(|Payload { payload }| payload)
}

/// Asks for anything by its path below the root, like `user/NAME/listens`; the answer is the bytes as they came. A token
/// goes with it where the client has one.
#[must_use]
pub fn read(path: &str) -> Call<Vec<u8>> {
    let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
    Call::get(&names, |body| Ok(body.to_vec()))
}

impl Call<Vec<u8>> {
    /// With a parameter of the query more. Its value is no place for a secret.
    #[must_use]
    pub fn param(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }
}

/// Asks whose token the client has, and whether it is one at all (`GET validate-token`).
#[must_use]
pub fn validate_token() -> Call<TokenCheck> {
    Call { needs_token: true, ..Call::get(&["validate-token"], plain) }
}

/// Sends listens, or what plays now (`POST submit-listens`). A listen that the service has is not stored again.
#[must_use]
pub fn submit(submission: &Submission) -> Call<Done> {
    Call::post(&["submit-listens"], submission, plain)
}

/// Asks for a user's listens, the latest first (`GET user/NAME/listens`).
#[must_use]
pub fn listens(user: &str) -> ListensCall {
    ListensCall { user: user.to_owned(), before: None, after: None, count: None }
}

/// Which of a user's listens are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListensCall {
    pub(super) user: String,
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
    pub(super) count: Option<u32>,
}

impl ListensCall {
    /// The most listens in one answer.
    pub const MAX: u32 = 1000;

    /// Only listens that began before this moment, which itself does not belong to them.
    #[must_use]
    pub fn before(self, unix_seconds: i64) -> Self {
        Self { before: Some(unix_seconds), ..self }
    }

    /// Only listens that began after this moment, which itself does not belong to them.
    #[must_use]
    pub fn after(self, unix_seconds: i64) -> Self {
        Self { after: Some(unix_seconds), ..self }
    }

    /// So many at most; the service's default is 25.
    #[must_use]
    pub fn count(self, count: u32) -> Self {
        Self { count: Some(count), ..self }
    }

    /// The call.
    #[must_use]
    pub fn call(&self) -> Call<Listens> {
        Call::get(&["user", &self.user, "listens"], inside)
            .query("max_ts", self.before)
            .query("min_ts", self.after)
            .query("count", self.count)
    }
}

/// Asks for the number of a user's listens (`GET user/NAME/listen-count`).
#[must_use]
pub fn listen_count(user: &str) -> Call<Count> {
    Call::get(&["user", user, "listen-count"], inside)
}

/// Asks what a user listens to now (`GET user/NAME/playing-now`).
#[must_use]
pub fn playing_now(user: &str) -> Call<Playing> {
    Call::get(&["user", user, "playing-now"], inside)
}

/// Tells what the user thinks of a recording (`POST feedback/recording-feedback`).
#[must_use]
pub fn recording_feedback(feedback: &Feedback) -> Call<Done> {
    Call::post(&["feedback", "recording-feedback"], feedback, plain)
}

/// Asks what a user thinks of recordings, from this place in the list (`GET feedback/user/NAME/get-feedback`).
#[must_use]
pub fn feedback(user: &str, offset: u64, count: u32) -> Call<FeedbackPage> {
    let call = Call::get(&["feedback", "user", user, "get-feedback"], plain);
    call.query("offset", Some(offset)).query("count", Some(count)).query("metadata", Some("true"))
}
