//! The client: turns, the token, and the service's own limits.

use std::sync::Arc;
use std::time::Duration;

use super::answers::Refusal;
use super::calls::Call;
use crate::cause::readable;
use crate::clock::Clock;
use crate::error::{Class, ConfigurationError, Error};
use crate::lenient::Object;
use crate::options::{ClientOptions, Credentials};
use crate::pace::Outcome;
use crate::pacer::Pacer;
use crate::reply::{Reply, content, without_keys};
use crate::secret::Secret;
use crate::transport::{Limit, Outgoing, Transport};

/// A connection to ListenBrainz or a server that speaks like it. Clones are cheap and share connections and turns.
///
/// The service says with every answer how many requests are left until when (`X-RateLimit-Remaining`,
/// `X-RateLimit-Reset-In`); when none are, the client waits that long before the next.
#[derive(Clone, Debug)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    transport: Transport,
    token: Option<Secret>,
    pacer: Pacer,
    clock: Clock,
}

const MAX_MESSAGE: usize = 300;

impl Client {
    /// A client with these options, of whose credentials only the user's token is used.
    ///
    /// # Errors
    /// As [`Client::new`](crate::Client::new).
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let transport = Transport::new(&options)?;
        let ClientOptions { credentials: Credentials { session_key: token, .. }, pacer, clock, .. } = options;
        Ok(Self(Arc::new(Shared { transport, token, pacer, clock })))
    }

    /// Waits for a turn, sends, and reads the whole body. An answer of any HTTP status is a [`Reply`].
    ///
    /// # Errors
    /// No whole answer arrived, in time and within the limit of size; or the call needs a token and there is none.
    pub async fn send<A>(&self, call: &Call<A>) -> Result<Reply, Error> {
        let missing = || ConfigurationError::NoSessionKey { method: call.path() };
        let token = self.0.token.as_ref();
        if call.needs_token {
            token.ok_or_else(missing)?;
        }
        let outgoing = Outgoing { path: &call.path, query: &call.query, json: call.body.as_deref(), token };
        self.0.pacer.turn().await;
        let result = self.0.transport.exchange_json(&outgoing).await;
        self.learn(&result);
        result.map(|(reply, _)| reply)
    }

    /// Sends a call and reads its answer.
    ///
    /// # Errors
    /// As [`send`](Self::send); besides, the service refused, or its answer could not be read.
    pub async fn call<A>(&self, call: &Call<A>) -> Result<A, Error> {
        let reply = self.send(call).await?;
        match refusal(&reply) {
            Some(error) => Err(error),
            None => Ok(call.decode(&reply.body)?),
        }
    }

    /// Whether an answer repeats this client's token, as a service that quotes its caller may: it is then not to be
    /// shown or kept. A token of fewer than 16 characters is not looked for; ordinary words are as long.
    #[must_use]
    pub fn is_quoted_in(&self, answer: &[u8]) -> bool {
        let token = self.0.token.as_ref().map(|token| token.reveal().as_bytes());
        token.filter(|token| token.len() >= 16).is_some_and(|token| memchr::memmem::find(answer, token).is_some())
    }

    /// The turns towards the host.
    #[must_use]
    pub fn pacer(&self) -> &Pacer {
        &self.0.pacer
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Tells the pacer what came back, and what the service said about its limits.
    fn learn(&self, result: &Result<(Reply, Option<Limit>), Error>) {
        let pacer = &self.0.pacer;
        let (class, retry_after) = match result {
            Ok((reply, _)) => (refusal(reply).map(|error| error.class()), reply.retry_after),
            Err(error) => (Some(error.class()), None),
        };
        match class {
            None | Some(Class::Fatal) => pacer.note(Outcome::Clean),
            Some(Class::RateLimited) => pacer.note(Outcome::RateLimited { retry_after }),
            Some(Class::Retry) => pacer.note(Outcome::Fault),
        }
        if let Ok((_, Some(Limit { remaining: 0, reset_in }))) = result {
            pacer.hold((*reset_in).max(Duration::from_secs(1)));
        }
    }
}

/// What the service refused, if this is no answer: any HTTP status but 2xx. A page of a gateway under HTTP 200 is found
/// by whoever reads it.
#[must_use]
pub fn refusal(reply: &Reply) -> Option<Error> {
    let Reply { status, retry_after, .. } = *reply;
    if (200..300).contains(&status) {
        return None;
    }
    Some(match serde_json::from_slice::<Object<Refusal>>(&reply.body) {
        Ok(Object(Refusal { error, .. })) => {
            Error::Refused { http_status: status, message: without_keys(&readable(&error, MAX_MESSAGE)), retry_after }
        }
        Err(_) => Error::Http { status, content: content(reply.body.trim_ascii()), retry_after },
    })
}
