//! A request before keys and signature are added: any method by name, or a typed call.

use std::borrow::Cow;
use std::fmt;

use crate::method::{Access, Method, Params};

/// How a request travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Parameters in the query. Never used for a request that bears a signature or a session.
    Get,
    /// Everything in the form body, the query empty.
    Post,
}

/// A call of any method, typed or not.
///
/// ```
/// use heard_api::{Request, public_params};
///
/// let request = Request::new("user.getTopArtists").param("user", "example").param("limit", 5);
/// assert_eq!(public_params(&request)[1], ("user".to_owned(), "example".to_owned()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    method: Cow<'static, str>,
    params: Params,
    verb: Verb,
    access: Access,
}

impl Request {
    /// A read of the method with this exact name, by GET and with the api key alone.
    #[must_use]
    pub fn new(method: impl Into<Cow<'static, str>>) -> Self {
        Self { method: method.into(), params: Params::new(), verb: Verb::Get, access: Access::Key }
    }

    /// A call of a documented method with its usual credentials and verb, and of any other as [`new`](Self::new) has it.
    /// The name goes out in the documented spelling, since it takes part in the signature.
    ///
    /// ```
    /// use heard_api::{Access, Request};
    ///
    /// let request = Request::named("TRACK.love").param("artist", "The Example").param("track", "First Song");
    /// assert_eq!((request.method(), request.needs()), ("track.love", Access::Session));
    /// ```
    #[must_use]
    pub fn named(method: &str) -> Self {
        match crate::lastfm::method(method) {
            None => Self::new(method.to_owned()),
            Some(known) => {
                let request = Self::new(known.name).access(known.access);
                if known.write { request.post() } else { request }
            }
        }
    }

    /// The request of a typed call.
    #[must_use]
    pub fn of<M: Method>(call: &M) -> Self {
        let mut request = Self::new(M::NAME).access(call.access());
        if M::WRITE {
            request.verb = Verb::Post;
        }
        call.params(&mut request.params);
        request
    }

    /// With a parameter more; a second value for the same name replaces the first.
    #[must_use]
    pub fn param(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.params.set(name, value);
        self
    }

    /// By POST, as every write must go.
    #[must_use]
    pub fn post(mut self) -> Self {
        self.verb = Verb::Post;
        self
    }

    /// With other credentials: a listener who hides recent tracks may still read them with the own session.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// The method's name.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The parameters set so far, without `method`, keys and signature.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// How the request will travel: by POST as soon as anything but the api key goes with it, for a query
    /// ends up in the logs of proxies and servers.
    #[must_use]
    pub fn verb(&self) -> Verb {
        let bears_secret = self.params.iter().any(|(name, _)| is_secret_name(name));
        if self.access == Access::Key && !bears_secret { self.verb } else { Verb::Post }
    }

    /// The credentials that will go with it.
    #[must_use]
    pub fn needs(&self) -> Access {
        self.access
    }
}

/// What an archive may keep of a request: `method` first, then the parameters in their order, without api key,
/// session key, signature, token and password.
#[must_use]
pub fn public_params(request: &Request) -> Vec<(String, String)> {
    let method = std::iter::once(("method", request.method()));
    method
        .chain(request.params.iter().filter(|(name, _)| !is_secret_name(name)))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Whether a parameter of this name bears a secret, in any case of its letters. `authToken` is GNU FM's
/// digest of a password.
pub(crate) fn is_secret_name(name: &str) -> bool {
    const SECRET: [&str; 8] = ["api_key", "api_sig", "sk", "token", "password", "authToken", "api_secret", "secret"];
    SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_never_travel_in_a_query_nor_reach_an_archive() {
        let read = Request::new("user.getInfo").param("user", "someone");
        assert_eq!(read.verb(), Verb::Get);
        assert_eq!(read.clone().access(Access::Signed).verb(), Verb::Post);
        let login = Request::new("auth.getMobileSession").param("username", "u").param("Password", "canary");
        assert_eq!(login.verb(), Verb::Post);
        assert_eq!(public_params(&login).len(), 2);
        assert!(!format!("{login:?}").contains("canary"));
    }

    #[test]
    fn a_second_value_replaces_the_first() {
        let request = Request::new("m").param("a", 1).param("b", 2).param("a", 3);
        let pairs: Vec<_> = request.params().iter().collect();
        assert_eq!(pairs, [("a", "3"), ("b", "2")]);
        assert_eq!(request.params().get("a"), Some("3"));
    }
}
