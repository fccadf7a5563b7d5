//! The socket: one request, one whole reply, within limits.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder, Proxy, Response, Url};
use zeroize::Zeroizing;

use crate::cause::deeper;
use crate::clock::Clock;
use crate::error::{Cause, ConfigurationError, Error, Stage, Unfit};
use crate::options::{ClientOptions, Root, is_loopback};
use crate::reply::Reply;
use crate::request::Verb;
use crate::secret::Secret;
use crate::strangers::{self, OpenNetwork};

/// Longer waits are a mistake of the server.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(366 * 86_400);

/// A request of JSON, before it has a root.
#[derive(Debug)]
pub(crate) struct Outgoing<'a> {
    /// Names below the root, not yet escaped.
    pub(crate) path: &'a [String],
    pub(crate) query: &'a [(Cow<'static, str>, String)],
    /// The body of a POST; without one it is a GET.
    pub(crate) json: Option<&'a [u8]>,
    pub(crate) token: Option<&'a Secret>,
}

/// What ListenBrainz says about its limits with every answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Requests left in this stretch.
    pub(crate) remaining: u64,
    /// When the next stretch begins.
    pub(crate) reset_in: Duration,
}

#[derive(Clone, Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    root: Url,
    clock: Clock,
    timeout: Duration,
    max_body: usize,
}

impl Transport {
    pub(crate) fn new(options: &ClientOptions) -> Result<Self, ConfigurationError> {
        let Root { url, loopback } = Root::check(options)?;
        // A redirect of a POST loses the body, and one to another host would carry keys there.
        let mut builder = polite(options)?.redirect(Policy::none());
        if let Some(proxy) = options.proxy.as_deref().filter(|_| !loopback) {
            builder = builder.proxy(Proxy::all(proxy).map_err(|_| ConfigurationError::Proxy)?);
        } else if url.scheme() == "http" {
            // No TLS will happen, so the system's certificates need not be read.
            builder = builder.tls_certs_only([]);
        }
        if url.scheme() == "https" {
            builder = builder.tls_certs_merge(authorities(options)?);
        }
        let http = builder.build().map_err(|error| ConfigurationError::Tls(Cause::of(&error.without_url())))?;
        Ok(Self { http, root: url, clock: options.clock.clone(), timeout: options.timeout, max_body: options.max_body })
    }

    /// A way to whatever address a service names, without any key. Towards a service on this machine every address is
    /// open; otherwise only those of the open network are.
    pub(crate) fn to_anywhere(options: &ClientOptions) -> Result<Self, ConfigurationError> {
        let Root { url, loopback } = Root::check(options)?;
        let mut builder = polite(options)?.redirect(strangers::redirects(loopback));
        match options.proxy.as_deref().filter(|_| !loopback) {
            // The proxy looks names up, and may itself be a neighbour.
            Some(proxy) => builder = builder.proxy(Proxy::all(proxy).map_err(|_| ConfigurationError::Proxy)?),
            None if loopback => {}
            None => builder = builder.dns_resolver(Arc::new(OpenNetwork)),
        }
        builder = builder.tls_certs_merge(authorities(options)?);
        let http = builder.build().map_err(|error| ConfigurationError::Tls(Cause::of(&error.without_url())))?;
        let ClientOptions { clock, timeout, max_body, .. } = options;
        Ok(Self { http, root: url, clock: clock.clone(), timeout: *timeout, max_body: *max_body })
    }

    /// Whether the service is on this machine.
    pub(crate) fn is_on_loopback(&self) -> bool {
        self.root.host_str().is_some_and(is_loopback)
    }

    /// Asks for what lies at an address, with nothing but the address.
    pub(crate) async fn get(&self, url: Url) -> Result<Reply, Error> {
        self.perform(self.http.get(url)).await.map(|(reply, _)| reply)
    }

    /// Sends the pairs and reads the whole reply.
    pub(crate) async fn exchange(&self, verb: Verb, pairs: &[(&str, &str)]) -> Result<Reply, Error> {
        self.perform(self.request(verb, pairs)).await.map(|(reply, _)| reply)
    }

    /// Sends JSON, or asks for some, below the root.
    pub(crate) async fn exchange_json(&self, outgoing: &Outgoing<'_>) -> Result<(Reply, Option<Limit>), Error> {
        let mut url = self.root.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(outgoing.path);
        }
        if !outgoing.query.is_empty() {
            url.query_pairs_mut().extend_pairs(outgoing.query);
        }
        let mut request = match outgoing.json {
            None => self.http.get(url),
            Some(json) => self.http.post(url).header(CONTENT_TYPE, "application/json").body(json.to_vec()),
        };
        if let Some(token) = outgoing.token {
            request = request.header(AUTHORIZATION, authorization(token)?);
        }
        self.perform(request).await
    }

    async fn perform(&self, request: reqwest::RequestBuilder) -> Result<(Reply, Option<Limit>), Error> {
        let began = self.clock.monotonic();
        let response = request.send().await.map_err(|error| self.failure(error, Stage::Exchange))?;
        let status = response.status().as_u16();
        let headers = response.headers();
        let date = text(headers, &DATE).and_then(unix_seconds);
        let limit = limit(headers);
        let retry_after = text(headers, &RETRY_AFTER).and_then(|value| wait(value, date.unwrap_or(self.clock.now())));
        let retry_after = retry_after.or(limit.filter(|_| status == 429).map(|limit| limit.reset_in));
        let content_type = text(headers, &CONTENT_TYPE).map(ToOwned::to_owned);
        let body = self.body(response).await?;
        let elapsed = self.clock.monotonic().saturating_sub(began);
        Ok((Reply { status, date, retry_after, content_type, body, elapsed }, limit))
    }

    fn request(&self, verb: Verb, pairs: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        match verb {
            Verb::Get => {
                let mut url = self.root.clone();
                url.set_query(Some(&form));
                self.http.get(url)
            }
            Verb::Post => {
                self.http.post(self.root.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
            }
        }
    }

    /// Reads piece by piece, for a few compressed bytes can stand for gigabytes.
    async fn body(&self, mut response: Response) -> Result<Bytes, Error> {
        let mut body = BytesMut::new();
        loop {
            let chunk = response.chunk().await;
            let Some(chunk) = chunk.map_err(|error| self.failure(error, Stage::Receive))? else {
                return Ok(body.freeze());
            };
            if chunk.len() > self.max_body - body.len() {
                return Err(Error::TooLarge { limit: self.max_body });
            }
            body.extend_from_slice(&chunk);
        }
    }

    /// The failure in our own words: the library's own text names the address with all its parameters.
    fn failure(&self, error: reqwest::Error, during: Stage) -> Error {
        if strangers::is_refused(&error) {
            return Error::Unfit(Unfit::PrivateAddress);
        }
        if error.is_timeout() {
            return Error::Timeout { limit: self.timeout };
        }
        let stage = if distrusts_certificate(&error) {
            Stage::Certificate
        } else if error.is_dns() {
            Stage::Resolve
        } else if error.is_connect() {
            Stage::Connect
        } else {
            during
        };
        Error::Transport { stage, cause: Cause::of(&error.without_url()) }
    }
}

/// What every connection has in common.
fn polite(options: &ClientOptions) -> Result<ClientBuilder, ConfigurationError> {
    let user_agent = HeaderValue::from_str(&options.user_agent).map_err(|_| ConfigurationError::UserAgent)?;
    Ok(reqwest::Client::builder()
        .user_agent(user_agent)
        .timeout(options.timeout)
        .connect_timeout(options.connect_timeout)
        .referer(false)
        .no_proxy())
}

fn authorities(options: &ClientOptions) -> Result<Vec<Certificate>, ConfigurationError> {
    let Some(path) = options.ca_file.clone() else {
        return Ok(Vec::new());
    };
    let pem = match std::fs::read(&path) {
        Ok(pem) => pem,
        Err(cause) => return Err(ConfigurationError::CaFile { path, cause }),
    };
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(ConfigurationError::CaFormat { path }),
    }
}

fn distrusts_certificate(error: &reqwest::Error) -> bool {
    let causes = std::iter::successors(error.source(), |error| deeper(*error));
    causes.filter_map(|error| error.downcast_ref()).any(|error| matches!(error, rustls::Error::InvalidCertificate(_)))
}

/// The header with the token, which no log shows.
fn authorization(token: &Secret) -> Result<HeaderValue, ConfigurationError> {
    let text = Zeroizing::new(format!("Token {}", token.reveal()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| ConfigurationError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

fn limit(headers: &HeaderMap) -> Option<Limit> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let reset_in = Duration::from_secs(number("x-ratelimit-reset-in")?).min(LONGEST_RETRY_AFTER);
    Some(Limit { remaining: number("x-ratelimit-remaining")?, reset_in })
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn unix_seconds(date: &str) -> Option<i64> {
    let since = httpdate::parse_http_date(date).ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// A `Retry-After` in seconds, or as a date seen from the server's own `now`.
fn wait(value: &str, now: i64) -> Option<Duration> {
    let seconds = match value.trim().parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => u64::try_from(unix_seconds(value)?.saturating_sub(now)).unwrap_or(0),
    };
    Some(Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_in_both_forms() {
        let seconds = |value, now| wait(value, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120", 0), Some(120));
        assert_eq!(seconds(" 74214 ", 0), Some(74_214));
        assert_eq!(seconds("Thu, 01 Jan 1970 00:02:00 GMT", 30), Some(90));
        assert_eq!(seconds("Thu, 01 Jan 1970 00:02:00 GMT", 300), Some(0));
        assert_eq!(seconds("18446744073709551615", 0), Some(LONGEST_RETRY_AFTER.as_secs()));
        assert_eq!(seconds("-1", 0), None);
        assert_eq!(seconds("soon", 0), None);
    }
}
