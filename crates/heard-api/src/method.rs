//! What a wire call is: a name, parameters, a need for credentials, an answer.

use std::borrow::Cow;
use std::fmt;

use crate::error::DecodeError;
use crate::request::is_secret_name;

/// A call of a service: sent by a [`Client`](crate::Client), decoded without one.
///
/// [`params`](Self::params) and [`decode`](Self::decode) touch no socket and no clock, so every call can be
/// tested on canned bytes.
pub trait Method {
    /// The method's exact name on the wire. Its spelling takes part in the signature.
    const NAME: &'static str;
    /// The credentials the call needs.
    const ACCESS: Access;
    /// Whether the call changes something; such calls go by POST.
    const WRITE: bool;
    /// The answer.
    type Answer;

    /// Writes the call's own parameters; `method`, `format`, keys and signature are the client's work.
    fn params(&self, out: &mut Params);

    /// Reads the answer from a body.
    ///
    /// # Errors
    /// The body does not have the form of an answer to this method.
    fn decode(body: &[u8]) -> Result<Self::Answer, DecodeError>;

    /// Writes the answer as the service does, in JSON: for the side that is asked, and for tests. It is the service's
    /// own document, with a session's key in it where the answer is a session.
    fn encode(answer: &Self::Answer) -> Vec<u8>;

    /// The credentials that this call needs; some need a session only where they name no user.
    fn access(&self) -> Access {
        Self::ACCESS
    }
}

/// Parameters that are no call of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParamError {
    /// A parameter that the call needs is missing or empty.
    #[error("the parameter {name} is missing")]
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// A parameter does not have the form it must have.
    #[error("the parameter {name} cannot be read")]
    Unreadable {
        /// Its name.
        name: &'static str,
    },
}

/// The credentials a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// The api key.
    Key,
    /// The api key and a signature with the shared secret.
    Signed,
    /// The api key, the user's session key and a signature.
    Session,
}

/// The parameters of a call: names and raw values, each name once, in the order of setting.
///
/// `Debug` shows no value of a parameter that bears a secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(Cow<'static, str>, String)>);

impl Params {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a parameter; a second value for the same name replaces the first, since the services would sign
    /// and read doubled names differently.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) {
        let name = name.into();
        let value = value.to_string();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Sets a parameter if there is a value. A parameter that is sent empty but not signed breaks the
    /// signature, so absent ones are left out altogether.
    pub fn set_some(&mut self, name: impl Into<Cow<'static, str>>, value: Option<impl fmt::Display>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, value.as_str()))
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.iter().map(|(name, value)| (name, if is_secret_name(name) { "hidden" } else { value })))
            .finish()
    }
}
