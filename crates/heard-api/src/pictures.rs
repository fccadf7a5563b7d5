//! Pictures that a service names: fetched from wherever they lie, without a key and without trust.

use reqwest::Url;

use crate::clock::Clock;
use crate::error::{Class, Content, Error, Unfit};
use crate::options::{ClientOptions, is_loopback};
use crate::pace::{Outcome, Rate};
use crate::pacer::Pacer;
use crate::reply::Reply;
use crate::strangers;
use crate::transport::Transport;

/// Fetches what lies at the addresses that a service names as pictures. Clones are cheap and share connections and
/// turns.
///
/// Such an address is a stranger's word. So nothing is sent but the request itself, only `http` and `https` are spoken,
/// this machine and private networks are closed unless the service itself is on this machine, at most three redirects
/// are followed and none to another scheme that is weaker, and a body has an end. Behind a proxy, which looks names up
/// itself, only addresses that are written as numbers can be told to be private.
#[derive(Clone, Debug)]
pub struct PictureClient {
    transport: Transport,
    pacer: Pacer,
    /// The turns towards other machines: a service on this one may be asked faster than they may.
    abroad: Pacer,
    clock: Clock,
}

impl PictureClient {
    /// The largest picture, in bytes.
    pub const LARGEST: usize = 10 << 20;

    /// A client for the pictures that the service of these options names. Its credentials are not looked at; its pacer
    /// is to be the pictures' own.
    ///
    /// # Errors
    /// [`Error::Configuration`], as for [`Client::new`](crate::Client::new).
    pub fn new(options: &ClientOptions) -> Result<Self, Error> {
        let max_body = options.max_body.min(Self::LARGEST);
        let options = ClientOptions { max_body, ..options.clone() };
        let transport = Transport::to_anywhere(&options)?;
        let ClientOptions { pacer, clock, .. } = options;
        let abroad = match pacer.rate() {
            Rate::PerSecond(rate) if rate <= Rate::MAX_PER_SECOND => pacer.clone(),
            Rate::PerSecond(_) | Rate::Unpaced => Pacer::new(Rate::default(), clock.clone()),
        };
        Ok(Self { transport, pacer, abroad, clock })
    }

    /// Waits for a turn and fetches what lies at an address. An answer of any status that is no refusal to serve is a
    /// [`Reply`]: whether it is a picture, its bytes tell. The pacer learns what came back.
    ///
    /// # Errors
    /// [`Error::Unfit`] for what is never fetched, and then nothing is sent, or not read to its end;
    /// [`Error::Http`] where the host is too busy or out of order; and where no whole answer arrived.
    pub async fn get(&self, address: &str) -> Result<Reply, Error> {
        let url = strangers::address(address, self.transport.is_on_loopback()).map_err(Error::Unfit)?;
        let pacer = self.pacer_of(&url);
        pacer.turn().await;
        let result = match self.transport.get(url).await {
            Err(Error::TooLarge { .. }) => Err(Error::Unfit(Unfit::TooLarge)),
            Ok(reply) => busy(&reply).map_or(Ok(reply), Err),
            other => other,
        };
        learn(pacer, &result);
        report(&result);
        result
    }

    fn pacer_of(&self, url: &Url) -> &Pacer {
        if url.host_str().is_some_and(is_loopback) { &self.pacer } else { &self.abroad }
    }

    /// The turns towards the pictures' hosts; where these are faster than other machines bear, those towards this one.
    #[must_use]
    pub fn pacer(&self) -> &Pacer {
        &self.pacer
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// Tells the pacer what came back.
fn learn(pacer: &Pacer, result: &Result<Reply, Error>) {
    let retry_after = match result {
        Err(Error::Http { retry_after, .. }) => *retry_after,
        _ => None,
    };
    match result.as_ref().err().map(Error::class) {
        None | Some(Class::Fatal) => pacer.note(Outcome::Clean),
        Some(Class::RateLimited) => pacer.note(Outcome::RateLimited { retry_after }),
        Some(Class::Retry) => {
            pacer.note(Outcome::Fault);
            retry_after.into_iter().for_each(|wait| pacer.hold(wait));
        }
    }
}

/// What will pass: too many requests, or a server that fails.
fn busy(reply: &Reply) -> Option<Error> {
    let Reply { status, retry_after, .. } = *reply;
    let content = if reply.body.is_empty() { Content::Empty } else { Content::Text };
    matches!(status, 408 | 425 | 429 | 500..).then_some(Error::Http { status, content, retry_after })
}

/// One line for a log, without the address.
fn report(result: &Result<Reply, Error>) {
    match result {
        Ok(reply) => tracing::debug!(status = reply.status, bytes = reply.body.len(), "a picture was answered"),
        Err(error) => tracing::debug!(%error, "a picture was not answered"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Credentials;

    fn rates(root: &str, rate: Rate) -> [Rate; 2] {
        let pacer = Pacer::new(rate, Clock::at(0));
        let client = PictureClient::new(&ClientOptions::new(root, Credentials::key(""), pacer)).unwrap();
        ["http://127.0.0.1:9/a.jpg", "https://example.com/a.jpg"]
            .map(|address| client.pacer_of(&Url::parse(address).unwrap()).rate())
    }

    #[test]
    fn other_machines_are_never_asked_faster_than_they_bear() {
        let here = "http://127.0.0.1:9/2.0/";
        assert_eq!(rates(here, Rate::Unpaced), [Rate::Unpaced, Rate::default()]);
        assert_eq!(rates(here, Rate::PerSecond(500.0)), [Rate::PerSecond(500.0), Rate::default()]);
        assert_eq!(rates("https://example.com/2.0/", Rate::PerSecond(2.0)), [Rate::PerSecond(2.0); 2]);
    }
}
