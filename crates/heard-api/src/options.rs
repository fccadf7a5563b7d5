//! What a client is made from, and which of it is refused.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

use crate::cache::Cache;
use crate::clock::Clock;
use crate::error::ConfigurationError;
use crate::offers::Service;
use crate::pace::Rate;
use crate::pacer::Pacer;
use crate::secret::Secret;

/// The keys of an application and of a user.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The application's name towards the service. Libre.fm takes any 32 characters.
    pub api_key: Secret,
    /// The application's secret, for signatures.
    pub shared_secret: Option<Secret>,
    /// The user's grant: a session key, or the token of ListenBrainz.
    pub session_key: Option<Secret>,
}

impl Credentials {
    /// An api key alone: enough for reading what is public.
    #[must_use]
    pub fn key(api_key: impl Into<String>) -> Self {
        Self { api_key: Secret::new(api_key), shared_secret: None, session_key: None }
    }

    /// A user's token alone, as ListenBrainz has it.
    #[must_use]
    pub fn token(token: impl Into<String>) -> Self {
        Self { session_key: Some(Secret::new(token)), ..Self::key("") }
    }
}

/// Everything a [`Client`](crate::Client) needs to know. Start from [`new`](Self::new) and change fields.
#[derive(Clone)]
pub struct ClientOptions {
    /// The address of the service, for example [`lastfm::ROOT`](crate::lastfm::ROOT), as it stands before `?`.
    /// A missing slash at the end is not mended: Libre.fm answers it with a redirect, which is not followed.
    pub root: String,
    /// What the service offers; by the root's host unless set.
    pub service: Service,
    /// The keys.
    pub credentials: Credentials,
    /// The turns towards the host; share one among all clients of that host.
    pub pacer: Pacer,
    /// The clock.
    pub clock: Clock,
    /// Answers kept for a while; none by default.
    pub cache: Option<Cache>,
    /// The time for one whole request, from connecting to the last byte. 30 s.
    pub timeout: Duration,
    /// The time for connecting. 10 s.
    pub connect_timeout: Duration,
    /// The largest body in bytes, after decompression. 16 MiB.
    pub max_body: usize,
    /// How the program introduces itself: name, version, address.
    pub user_agent: String,
    /// An HTTP proxy, never used towards loopback.
    pub proxy: Option<String>,
    /// A PEM file with certificate authorities to trust besides the system's, for a server of one's own.
    pub ca_file: Option<PathBuf>,
    /// Permission to talk plain `http` to another computer, for a server of one's own. Keys are then readable
    /// to everyone on the way.
    pub allow_plain_http: bool,
}

impl ClientOptions {
    /// Defaults for a service, with the pacer's clock.
    #[must_use]
    pub fn new(root: impl Into<String>, credentials: Credentials, pacer: Pacer) -> Self {
        let root = root.into();
        Self {
            service: Service::of_root(&root),
            root,
            credentials,
            clock: pacer.clock().clone(),
            pacer,
            cache: None,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_body: 16 << 20,
            user_agent: USER_AGENT.to_owned(),
            proxy: None,
            ca_file: None,
            allow_plain_http: false,
        }
    }
}

const USER_AGENT: &str = concat!("heard/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");

/// Shows no key, and of the proxy only whether there is one: its address may hold a password.
impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("root", &self.root)
            .field("rate", &self.pacer.rate())
            .field("timeout", &self.timeout)
            .field("max_body", &self.max_body)
            .field("proxy", &self.proxy.is_some())
            .field("ca_file", &self.ca_file)
            .field("allow_plain_http", &self.allow_plain_http)
            .finish_non_exhaustive()
    }
}

/// A root that was checked.
pub(crate) struct Root {
    pub(crate) url: Url,
    pub(crate) loopback: bool,
}

impl Root {
    /// Checks the address, and the rate towards it.
    pub(crate) fn check(options: &ClientOptions) -> Result<Self, ConfigurationError> {
        let url = Url::parse(&options.root).map_err(|_| ConfigurationError::Root)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let plain =
            url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        if !plain || !matches!(url.scheme(), "http" | "https") || host.is_empty() {
            return Err(ConfigurationError::Root);
        }
        let loopback = is_loopback(&host);
        if url.scheme() == "http" && !loopback && !options.allow_plain_http {
            return Err(ConfigurationError::PlainHttp { host });
        }
        check_rate(options.pacer.rate(), loopback)?;
        Ok(Self { url, loopback })
    }
}

/// Whether a host, as it stands in an address, is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}

fn check_rate(rate: Rate, loopback: bool) -> Result<(), ConfigurationError> {
    match rate {
        Rate::Unpaced if !loopback => Err(ConfigurationError::Unpaced),
        Rate::PerSecond(rate) if !rate.is_finite() || rate <= 0.0 || (rate > Rate::MAX_PER_SECOND && !loopback) => {
            Err(ConfigurationError::Rate { rate })
        }
        Rate::Unpaced | Rate::PerSecond(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(root: &str, rate: Rate) -> Result<bool, String> {
        let pacer = Pacer::new(rate, Clock::at(0));
        let options = ClientOptions::new(root, Credentials::key("canary"), pacer);
        Root::check(&options).map(|root| root.loopback).map_err(|error| error.to_string())
    }

    #[test]
    fn roots_and_rates() {
        let paced = Rate::default();
        for (root, rate, allowed) in [
            ("https://ws.audioscrobbler.com/2.0/", paced, Some(false)),
            ("https://ws.audioscrobbler.com/2.0/", Rate::PerSecond(5.0), Some(false)),
            ("https://ws.audioscrobbler.com/2.0/", Rate::PerSecond(5.1), None),
            ("https://ws.audioscrobbler.com/2.0/", Rate::Unpaced, None),
            ("http://ws.audioscrobbler.com/2.0/", paced, None),
            ("http://127.0.0.1:8080/2.0/", Rate::PerSecond(500.0), Some(true)),
            ("http://127.9.9.9/2.0/", Rate::Unpaced, Some(true)),
            ("http://[::1]:1/2.0/", Rate::Unpaced, Some(true)),
            ("http://LocalHost/", Rate::Unpaced, Some(true)),
            ("http://127.0.0.1.example.com/", paced, None),
            ("http://127.0.0.1/", Rate::PerSecond(0.0), None),
            ("http://127.0.0.1/", Rate::PerSecond(f64::NAN), None),
            ("http://127.0.0.1/", Rate::PerSecond(-1.0), None),
            ("https://user:canary@host/", paced, None),
            ("https://host/?key=canary", paced, None),
            ("https://host/#canary", paced, None),
            ("ftp://host/", paced, None),
            ("file:///etc/passwd", paced, None),
            ("canary", paced, None),
        ] {
            let outcome = outcome(root, rate);
            assert_eq!(outcome.as_ref().ok().copied(), allowed, "{root} {rate:?}");
            assert!(!outcome.is_err_and(|text| text.contains("canary")));
        }
    }

    #[test]
    fn options_show_no_secret() {
        let mut options = ClientOptions::new(
            "https://host/",
            Credentials {
                api_key: Secret::new("canary"),
                shared_secret: Some(Secret::new("canary")),
                session_key: Some(Secret::new("canary")),
            },
            Pacer::new(Rate::default(), Clock::at(0)),
        );
        options.proxy = Some("http://user:canary@proxy".to_owned());
        assert!(!format!("{options:?} {:?}", options.credentials).contains("canary"));
    }
}
