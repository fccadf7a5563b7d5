//! The client: `send` returns the raw reply, `call` is `send` and then `decode`.

use std::sync::Arc;

use crate::cache::{self, Cache};
use crate::clock::Clock;
use crate::error::{Class, Code, ConfigurationError, Error};
use crate::method::{Access, Method};
use crate::offers::Service;
use crate::options::{ClientOptions, Credentials};
use crate::pace::Outcome;
use crate::pacer::Pacer;
use crate::reply::Reply;
use crate::request::Request;
use crate::secret::Secret;
use crate::sign;
use crate::transport::Transport;

/// A connection to one service. Clones are cheap and share connections and turns.
#[derive(Clone, Debug)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    transport: Transport,
    service: Service,
    credentials: Credentials,
    pacer: Pacer,
    clock: Clock,
    root: String,
    cache: Option<Cache>,
}

impl Client {
    /// A client with these options. No connection is opened yet.
    ///
    /// # Errors
    /// [`Error::Configuration`] for options that are not allowed: plain `http` or no pacing towards another
    /// computer, a rate above the service's bound, an unreadable certificate file and the like.
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let transport = Transport::new(&options)?;
        let ClientOptions { root, service, credentials, pacer, clock, cache, .. } = options;
        Ok(Self(Arc::new(Shared { transport, service, credentials, pacer, clock, root, cache })))
    }

    /// Waits for a turn, sends, and reads the whole body. An answer of any HTTP status is a [`Reply`]; whether
    /// it is a refusal, [`Reply::service_error`] tells. The pacer learns what came back. A cached answer is given at
    /// once, and nothing is sent.
    ///
    /// # Errors
    /// No whole answer arrived, in time and within the limit of size; the credentials do not suffice; or the service is
    /// known not to offer the method, and then nothing is sent.
    pub async fn send(&self, request: &Request) -> Result<Reply, Error> {
        if !self.0.service.has(request.method()) {
            return Err(self.not_offered(request.method()));
        }
        let Some((cache, key)) = self.cached(request) else { return self.exchange(request).await };
        if let Some(reply) = cache.get(&key, self.0.clock.now_millis()) {
            return Ok(reply);
        }
        let reply = self.exchange(request).await?;
        if reply.service_error().is_none() && !self.is_quoted_in(&reply.body) {
            cache.put(key, &reply, self.0.clock.now_millis());
        }
        Ok(reply)
    }

    async fn exchange(&self, request: &Request) -> Result<Reply, Error> {
        let signature = self.signature(request)?;
        let mut pairs = self.pairs(request)?;
        if let Some(signature) = &signature {
            pairs.push(("api_sig", signature));
        }
        self.0.pacer.turn().await;
        let result = self.0.transport.exchange(request.verb(), &pairs).await;
        self.learn(&result);
        report(request.method(), &result);
        result
    }

    /// Sends a typed call and reads its answer.
    ///
    /// # Errors
    /// As [`send`](Self::send); besides, the service refused, or its answer could not be read.
    pub async fn call<M: Method>(&self, call: &M) -> Result<M::Answer, Error> {
        self.read::<M>(&Request::of(call)).await
    }

    /// Sends a request and reads it as this method's answer.
    pub(crate) async fn read<M: Method>(&self, request: &Request) -> Result<M::Answer, Error> {
        let reply = self.send(request).await?;
        match reply.service_error() {
            Some(Error::Service { code: Code::InvalidMethod | Code::Deprecated, .. }) => Err(self.not_offered(M::NAME)),
            Some(error) => Err(error),
            None => Ok(M::decode(&reply.body).inspect_err(|_| self.forget(request))?),
        }
    }

    /// Lets go of a cached answer that proved to be wrong, so that the next question is asked again.
    pub(crate) fn forget(&self, request: &Request) {
        if let Some((cache, key)) = self.cached(request) {
            cache.forget(&key);
        }
    }

    /// The cache and the place of a request's answer in it; none where nothing may be kept.
    fn cached(&self, request: &Request) -> Option<(&Cache, String)> {
        let cache = self.0.cache.as_ref()?;
        Some((cache, cache::key(&self.0.root, request)?))
    }

    /// Whether an answer repeats one of this client's keys, as a service that quotes its caller may: it is then not
    /// to be shown or kept. Keys of fewer than 16 characters are not looked for; ordinary words are as long.
    #[must_use]
    pub fn is_quoted_in(&self, answer: &[u8]) -> bool {
        let Credentials { api_key, shared_secret, session_key } = &self.0.credentials;
        let keys = [Some(api_key), shared_secret.as_ref(), session_key.as_ref()].into_iter().flatten();
        let mut telling = keys.map(|key| key.reveal().as_bytes()).filter(|key| key.len() >= 16);
        telling.any(|key| memchr::memmem::find(answer, key).is_some())
    }

    /// The same client for a user: with this session key, and the same connections and turns.
    #[must_use]
    pub fn with_session(&self, session_key: Secret) -> Self {
        let Shared { transport, service, credentials, pacer, clock, root, cache } = &*self.0;
        Self(Arc::new(Shared {
            transport: transport.clone(),
            service: *service,
            credentials: Credentials { session_key: Some(session_key), ..credentials.clone() },
            pacer: pacer.clone(),
            clock: clock.clone(),
            root: root.clone(),
            cache: cache.clone(),
        }))
    }

    /// What the service offers.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.0.service
    }

    pub(crate) fn api_key(&self) -> &Secret {
        &self.0.credentials.api_key
    }

    fn not_offered(&self, method: &str) -> Error {
        Error::NotOffered { method: method.to_owned(), service: self.0.service.name }
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

    /// Tells the pacer what came back.
    fn learn(&self, result: &Result<Reply, Error>) {
        let (class, retry_after) = match result {
            Ok(reply) => (reply.service_error().map(|error| error.class()), reply.retry_after),
            Err(error) => (Some(error.class()), None),
        };
        let pacer = &self.0.pacer;
        match class {
            None | Some(Class::Fatal) => pacer.note(Outcome::Clean),
            Some(Class::RateLimited) => pacer.note(Outcome::RateLimited { retry_after }),
            Some(Class::Retry) => {
                pacer.note(Outcome::Fault);
                if let Some(wait) = retry_after {
                    pacer.hold(wait);
                }
            }
        }
    }

    /// All parameters but the signature.
    fn pairs<'a>(&'a self, request: &'a Request) -> Result<Vec<(&'a str, &'a str)>, ConfigurationError> {
        let Credentials { api_key, session_key, .. } = &self.0.credentials;
        let mut pairs = vec![("method", request.method()), ("api_key", api_key.reveal())];
        if request.needs() == Access::Session {
            let missing = || ConfigurationError::NoSessionKey { method: request.method().to_owned() };
            pairs.push(("sk", session_key.as_ref().ok_or_else(missing)?.reveal()));
        }
        let taken: Vec<_> = pairs.iter().map(|(name, _)| *name).chain(["format", "api_sig"]).collect();
        pairs.extend(request.params().iter().filter(|(name, _)| !taken.contains(name)));
        pairs.push(("format", "json"));
        Ok(pairs)
    }

    fn signature(&self, request: &Request) -> Result<Option<String>, ConfigurationError> {
        if request.needs() == Access::Key {
            return Ok(None);
        }
        let secret = self
            .0
            .credentials
            .shared_secret
            .as_ref()
            .ok_or_else(|| ConfigurationError::NoSharedSecret { method: request.method().to_owned() })?;
        Ok(Some(sign::api_sig(self.pairs(request)?, secret)))
    }
}

/// One line for a log, without any parameter.
fn report(method: &str, result: &Result<Reply, Error>) {
    match result {
        Ok(reply) => tracing::debug!(
            method,
            status = reply.status,
            bytes = reply.body.len(),
            elapsed_ms = reply.elapsed.as_millis(),
            "answered"
        ),
        Err(error) => tracing::debug!(method, %error, "not answered"),
    }
}
