//! The three methods, one of them in two dialects.

use super::session::{Session, decode_session, decode_token, encode_session, encode_token};
use crate::error::DecodeError;
use crate::lastfm::call::needed;
use crate::method::{Access, Method, ParamError, Params};
use crate::secret::Secret;
use crate::sign;

/// A token with which the user can be asked for a session. It is valid for 60 minutes and for one session.
///
/// The method `auth.getToken` (<https://www.last.fm/api/show/auth.getToken>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GetToken;

impl Method for GetToken {
    const NAME: &'static str = "auth.getToken";
    const ACCESS: Access = Access::Signed;
    const WRITE: bool = false;
    type Answer = Secret;

    fn params(&self, _: &mut Params) {}

    fn decode(body: &[u8]) -> Result<Secret, DecodeError> {
        decode_token(body)
    }

    fn encode(answer: &Secret) -> Vec<u8> {
        encode_token(answer)
    }
}

/// Exchanges a token to which the user said yes for a session.
///
/// The method `auth.getSession` (<https://www.last.fm/api/show/auth.getSession>).
#[derive(Clone, Debug)]
pub struct GetSession {
    /// The token.
    pub token: Secret,
}

impl GetSession {
    /// The exchange of this token.
    #[must_use]
    pub fn new(token: Secret) -> Self {
        Self { token }
    }

    /// Reads the call from its parameters, as the side that is asked must.
    ///
    /// # Errors
    /// There is no token.
    pub fn from_params(params: &Params) -> Result<Self, ParamError> {
        needed::<String>(params, "token").map(|token| Self::new(Secret::new(token)))
    }
}

impl Method for GetSession {
    const NAME: &'static str = "auth.getSession";
    const ACCESS: Access = Access::Signed;
    const WRITE: bool = false;
    type Answer = Session;

    fn params(&self, out: &mut Params) {
        out.set("token", self.token.reveal());
    }

    fn decode(body: &[u8]) -> Result<Session, DecodeError> {
        decode_session(body)
    }

    fn encode(answer: &Session) -> Vec<u8> {
        encode_session(answer)
    }
}

/// Exchanges a user's name and password for a session. Nothing keeps the password: it is in this call, in the one
/// request, and overwritten in memory with the call.
///
/// The method `auth.getMobileSession` (<https://www.last.fm/api/show/auth.getMobileSession>), by POST.
#[derive(Clone, Debug)]
pub struct GetMobileSession {
    /// The user's name or address of mail.
    pub username: String,
    /// The password.
    pub password: Secret,
}

impl GetMobileSession {
    /// The exchange of these.
    #[must_use]
    pub fn new(username: impl Into<String>, password: Secret) -> Self {
        Self { username: username.into(), password }
    }

    /// Reads the call from its parameters, as the side that is asked must.
    ///
    /// # Errors
    /// One of the two is missing.
    pub fn from_params(params: &Params) -> Result<Self, ParamError> {
        let password = needed::<String>(params, "password")?;
        Ok(Self::new(needed::<String>(params, "username")?, Secret::new(password)))
    }
}

impl Method for GetMobileSession {
    const NAME: &'static str = "auth.getMobileSession";
    const ACCESS: Access = Access::Signed;
    const WRITE: bool = true;
    type Answer = Session;

    fn params(&self, out: &mut Params) {
        out.set("username", &self.username);
        out.set("password", self.password.reveal());
    }

    fn decode(body: &[u8]) -> Result<Session, DecodeError> {
        decode_session(body)
    }

    fn encode(answer: &Session) -> Vec<u8> {
        encode_session(answer)
    }
}

/// Exchanges a user's name and a digest of the password for a session: the only form that GNU FM knows, and the one that
/// Last.fm had before.
#[derive(Clone, Debug)]
pub struct GetMobileSessionByDigest {
    /// The user's name.
    pub username: String,
    /// The digest; as good as the password for whoever gets hold of it.
    pub auth_token: Secret,
}

impl GetMobileSessionByDigest {
    /// Makes the digest of name and password: MD5 of the name and the password's MD5, both in hexadecimal.
    #[must_use]
    pub fn new(username: impl Into<String>, password: &Secret) -> Self {
        let username = username.into();
        let inner = Secret::new(sign::md5(password.reveal()));
        let auth_token = Secret::new(sign::md5(&format!("{username}{}", inner.reveal())));
        Self { username, auth_token }
    }

    /// Reads the call from its parameters, as the side that is asked must.
    ///
    /// # Errors
    /// One of the two is missing.
    pub fn from_params(params: &Params) -> Result<Self, ParamError> {
        let auth_token = Secret::new(needed::<String>(params, "authToken")?);
        Ok(Self { username: needed(params, "username")?, auth_token })
    }
}

impl Method for GetMobileSessionByDigest {
    const NAME: &'static str = "auth.getMobileSession";
    const ACCESS: Access = Access::Signed;
    const WRITE: bool = true;
    type Answer = Session;

    fn params(&self, out: &mut Params) {
        out.set("username", &self.username);
        out.set("authToken", self.auth_token.reveal());
    }

    fn decode(body: &[u8]) -> Result<Session, DecodeError> {
        decode_session(body)
    }

    fn encode(answer: &Session) -> Vec<u8> {
        encode_session(answer)
    }
}
