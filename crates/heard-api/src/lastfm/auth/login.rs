//! The pages on which a user says yes, and the wait for it.

use std::time::Duration;

use form_urlencoded::Serializer;

use super::{GetSession, LoginProblem, Session};
use crate::client::Client;
use crate::error::Error;
use crate::secret::Secret;

/// How often to ask for a session, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The wait between two questions.
    pub every: Duration,
    /// How long to go on asking.
    pub limit: Duration,
}

/// Every three seconds for ten minutes.
impl Default for Patience {
    fn default() -> Self {
        Self { every: Duration::from_secs(3), limit: Duration::from_secs(600) }
    }
}

impl Client {
    /// The page on which the user gives a token a session. It bears the api key and the token: show it to this user and
    /// to nobody else.
    #[must_use]
    pub fn login_page(&self, token: &Secret) -> String {
        self.page("token", token.reveal())
    }

    /// The page on which the user says yes and is then sent to `callback`, with a token added to its query.
    #[must_use]
    pub fn callback_page(&self, callback: &str) -> String {
        self.page("cb", callback)
    }

    fn page(&self, name: &str, value: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("api_key", self.api_key().reveal()).append_pair(name, value);
        format!("{}?{}", self.service().login_page, query.finish())
    }

    /// Asks for the session of a token until the user has said yes.
    ///
    /// # Errors
    /// The last refusal with code 14 when the patience is over; any other refusal at once; and faults that do not pass.
    pub async fn await_session(&self, token: &Secret, patience: Patience) -> Result<Session, Error> {
        let call = GetSession::new(token.clone());
        let end = self.clock().monotonic().saturating_add(patience.limit);
        loop {
            let error = match self.call(&call).await {
                Ok(session) => return Ok(session),
                Err(error) => error,
            };
            let waits = LoginProblem::of(&error) == Some(LoginProblem::NotYetAuthorised) || error.retryable();
            if !waits || self.clock().monotonic().saturating_add(patience.every) > end {
                return Err(error);
            }
            self.clock().sleep(patience.every).await;
        }
    }
}

/// The token in the address to which the service sent the browser, or in its query alone.
///
/// ```
/// use heard_api::lastfm::auth::token_of_callback;
///
/// let token = token_of_callback("https://example.com/done?state=7&token=abc").expect("the service added a token");
/// assert_eq!(token.reveal(), "abc");
/// assert!(token_of_callback("https://example.com/done?state=7").is_none());
/// ```
#[must_use]
pub fn token_of_callback(address: &str) -> Option<Secret> {
    let without_fragment = address.split('#').next().unwrap_or(address);
    let query = without_fragment.split_once('?').map_or(without_fragment, |(_, query)| query);
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, token) = pairs.find(|(name, value)| name == "token" && !value.is_empty())?;
    Some(Secret::new(token))
}
