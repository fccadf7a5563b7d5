//! Why somebody is not logged in.

use crate::error::{Code, Error};

/// A refusal that has to do with the login. The text says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum LoginProblem {
    /// Code 4 (`auth.getSession/pylast_init_with_token.xml`).
    #[error(
        "the name or the password is wrong, the token was never issued, or the user took the application's \
         permission back: start the login again"
    )]
    Refused,
    /// Code 9 (`_errors/swift_invalidSessionKey.json`).
    #[error("the session key is not valid any more: start the login again")]
    SessionEnded,
    /// Code 14 (`librefm/_errors/quoted_14_unauthorised.json`).
    #[error("the user has not said yes in the browser yet: open the page, agree, and ask again with the same token")]
    NotYetAuthorised,
    /// Code 15.
    #[error("the token is older than 60 minutes or was used already: start the login again with a new one")]
    TokenExpired,
}

impl LoginProblem {
    /// What an error says about the login, if anything.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        match error.code()? {
            Code::AuthenticationFailed => Some(Self::Refused),
            Code::InvalidSessionKey => Some(Self::SessionEnded),
            Code::TokenNotAuthorised => Some(Self::NotYetAuthorised),
            Code::TokenExpired => Some(Self::TokenExpired),
            _ => None,
        }
    }
}
