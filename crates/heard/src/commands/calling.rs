//! Speaking to a service at once: where it answers, with which keys, and the wait for the answer.

use heard_api::{Client, ClientOptions, Clock, Credentials, Pacer, Rate, Secret, lastfm, listenbrainz};
use heard_history::deliver::Connection;
use heard_history::listen::{Account, Service};

use crate::args::At;
use crate::config::{Config, ConfiguredAccount};
use crate::exit::{Code, Failure};
use crate::interrupt::on_interrupt;

/// What is not set, and where it comes from.
pub(super) const KEY: (&str, &str) = ("LASTFM_API_KEY", "get one at https://www.last.fm/api/account/create");
pub(super) const SECRET: (&str, &str) =
    ("LASTFM_API_SECRET", "it stands beside the api key at https://www.last.fm/api/accounts");
pub(super) const SESSION: (&str, &str) = ("LASTFM_SESSION_KEY", "heard login lastfm gets one; if you have one already");
const LIBRE_KEY: (&str, &str) = ("LIBREFM_API_KEY", "any 32 characters will do, or LASTFM_API_KEY");
const LIBRE_SECRET: (&str, &str) = ("LIBREFM_API_SECRET", "any text will do, or LASTFM_API_SECRET");
const LIBRE_SESSION: (&str, &str) = ("LIBREFM_SESSION_KEY", "heard login librefm gets one; if you have one already");
pub(super) const TOKEN: (&str, &str) = ("LISTENBRAINZ_TOKEN", "copy it from https://listenbrainz.org/settings/");

/// The api key, the shared secret and the session key of a service that speaks Last.fm's language.
pub(super) fn keys_of(service: Service) -> [(&'static str, &'static str); 3] {
    match service {
        Service::Librefm => [LIBRE_KEY, LIBRE_SECRET, LIBRE_SESSION],
        _ => [KEY, SECRET, SESSION],
    }
}

/// The accounts that are meant.
pub(crate) fn accounts(at: &At, config: &Config) -> Result<Vec<ConfiguredAccount>, Failure> {
    let Some(user) = &at.user else {
        let nobody = || {
            Failure::new(Code::Configuration, "no account is named")
                .hint("add --user NAME, or write the account into config.toml")
        };
        return if config.accounts.is_empty() { Err(nobody()) } else { Ok(config.accounts.clone()) };
    };
    let account = Account::new(&config.listener, at.service.unwrap_or_default().into(), user);
    let known = config.accounts.iter().find(|known| known.account == account);
    let url = at.url.clone().or_else(|| known?.url.clone());
    Ok(vec![ConfiguredAccount { account, url }])
}

/// A connection with all keys that it takes to change something.
pub(crate) fn connect(account: &ConfiguredAccount, config: &Config) -> Result<Connection, Failure> {
    let (service, url) = (account.account.service, account.url.as_deref());
    if service == Service::Listenbrainz {
        needed(TOKEN, config)?;
        return brainz(url, config).map(Connection::Listenbrainz);
    }
    let [_, secret, session] = keys_of(service);
    needed(secret, config)?;
    needed(session, config)?;
    client(service, url, config).map(Connection::Lastfm)
}

/// A client of Last.fm's language with the keys that are set; an api key must be.
pub(crate) fn client(service: Service, url: Option<&str>, config: &Config) -> Result<Client, Failure> {
    let is_libre = service == Service::Librefm;
    let usual = if is_libre { lastfm::LIBREFM_ROOT } else { lastfm::ROOT };
    let [key, secret, session] = keys_of(service);
    let credentials = Credentials {
        api_key: needed(key, config)?.clone(),
        shared_secret: config.secret(secret.0).cloned(),
        session_key: config.secret(session.0).cloned(),
    };
    let mut options = options(url.unwrap_or(usual), credentials, config.rate, config);
    if is_libre {
        options.service = heard_api::Service::LIBREFM;
    }
    Ok(Client::new(options)?)
}

/// A client of ListenBrainz's language, with the token if it is set.
pub(crate) fn brainz(url: Option<&str>, config: &Config) -> Result<listenbrainz::Client, Failure> {
    brainz_of(config.secret(TOKEN.0).cloned(), url, config)
}

/// The same with this token or none.
pub(super) fn brainz_of(
    session_key: Option<Secret>,
    url: Option<&str>,
    config: &Config,
) -> Result<listenbrainz::Client, Failure> {
    let credentials = Credentials { session_key, ..Credentials::key("") };
    Ok(listenbrainz::Client::new(options(url.unwrap_or(listenbrainz::ROOT), credentials, config.rate, config))?)
}

/// Options with the manners that the config has for every service, and this rate.
pub(super) fn options(root: &str, credentials: Credentials, rate: Option<f64>, config: &Config) -> ClientOptions {
    let rate = match rate {
        Some(rate) if rate <= 0.0 => Rate::Unpaced,
        Some(rate) => Rate::PerSecond(rate),
        None => Rate::default(),
    };
    let pacer = Pacer::new(rate, Clock::system());
    let mut options = ClientOptions::new(root, credentials, pacer);
    options.proxy.clone_from(&config.proxy);
    options.ca_file.clone_from(&config.ca_file);
    options
}

/// A secret that must be set.
pub(super) fn needed<'a>((name, source): (&str, &str), config: &'a Config) -> Result<&'a Secret, Failure> {
    let missing = || {
        Failure::new(Code::Configuration, format!("{name} is not set")).hint(format!("{source}, then: export {name}=…"))
    };
    config.secret(name).ok_or_else(missing)
}

/// Waits for an answer; Ctrl-C ends the wait.
pub(crate) fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Failure, format!("requests cannot be run: {error}")))?;
    let (raise, raised) = tokio::sync::oneshot::channel::<()>();
    on_interrupt(move || drop(raise))?;
    runtime.block_on(async {
        tokio::select! {
            result = work => result,
            _ = raised => Err(Failure::new(Code::Interrupted, "stopped").hint("run the same command again")),
        }
    })
}
