//! Reaching the services that listens are sent to.

use std::sync::Arc;

use heard_api::lastfm::track::Scrobble;
use heard_api::listenbrainz::Submission;
use heard_api::{Client, Credentials, lastfm, listenbrainz};
use heard_history::deliver::{Connection, Options, Report, deliver_with};
use heard_history::listen::{Account, Service};
use heard_history::outbox::{Limits, Outbox, Target, TargetState};
use heard_history::stop::StopSign;

use super::calling::{self, TOKEN, keys_of};
use crate::args::Reaching;
use crate::config::{Config, ConfiguredAccount};
use crate::exit::{Code, Failure};
use crate::interrupt::on_interrupt;
use crate::print::{Printer, duration, grouped, warn};
use crate::progress::Sending;

/// Clocks that differ by less, in seconds, are as right as clocks are.
const CLOCKS_DIFFER: u64 = 120;

/// A target, and the way to it.
pub(super) struct Destination {
    pub(super) target: Target,
    pub(super) connection: Connection,
}

/// The secrets without which a service takes nothing.
fn needs(service: Service) -> Vec<&'static str> {
    match service {
        Service::Listenbrainz => vec![TOKEN.0],
        service => keys_of(service).map(|(name, _)| name).to_vec(),
    }
}

fn missing(service: Service, config: &Config) -> Option<&'static str> {
    needs(service).into_iter().find(|name| config.secret(name).is_none())
}

/// The accounts that are meant: the named one, or all whose keys are set.
///
/// # Errors
/// Exit code 78 where there is none, and where one key would be shown to several accounts, of which it opens one.
pub(super) fn destinations(reaching: &Reaching, config: &Config) -> Result<Vec<Destination>, Failure> {
    reached(accounts(reaching, config)?, reaching, config)
}

/// The ways to targets of the outbox for which something waits, as far as they are meant.
///
/// # Errors
/// As [`destinations`].
pub(super) fn waiting(
    targets: &[TargetState],
    reaching: &Reaching,
    config: &Config,
) -> Result<Vec<Destination>, Failure> {
    let service = reaching.service.map(Service::from);
    let user = reaching.user.as_deref().map(str::to_lowercase);
    let is_meant = |known: &&TargetState| {
        let Target { account, root } = &known.target;
        known.counts.undelivered() > 0
            && account.listener == config.listener
            && service.is_none_or(|service| account.service == service)
            && user.as_ref().is_none_or(|user| account.user == *user)
            && reaching.url.as_ref().is_none_or(|url| root == url)
    };
    let accounts = targets
        .iter()
        .filter(is_meant)
        .map(|known| ConfiguredAccount { account: known.target.account.clone(), url: Some(known.target.root.clone()) });
    reached(accounts.collect(), reaching, config)
}

fn reached(
    accounts: Vec<ConfiguredAccount>,
    reaching: &Reaching,
    config: &Config,
) -> Result<Vec<Destination>, Failure> {
    let lacking: Vec<_> = accounts.iter().map(|known| missing(known.account.service, config)).collect();
    if let Some(name) = lacking.iter().find_map(|name| *name).filter(|_| !lacking.contains(&None)) {
        return Err(Failure::new(Code::Configuration, format!("{name} is not set, so nothing can be sent"))
            .hint(format!("export {name}=…, or write it into credentials.toml (docs/config.md)")));
    }
    let ready: Vec<_> = accounts.into_iter().filter(|known| missing(known.account.service, config).is_none()).collect();
    one_for_each_key(&ready)?;
    ready.into_iter().map(|account| destination(account, reaching, config)).collect()
}

fn accounts(reaching: &Reaching, config: &Config) -> Result<Vec<ConfiguredAccount>, Failure> {
    let service = reaching.service.map(Service::from);
    let user = reaching.user.as_deref().map(str::to_lowercase);
    let is_meant = |known: &&ConfiguredAccount| {
        service.is_none_or(|service| known.account.service == service)
            && user.as_ref().is_none_or(|user| known.account.user == *user)
    };
    let known: Vec<_> = config.accounts.iter().filter(is_meant).cloned().collect();
    match user {
        _ if !known.is_empty() => Ok(known),
        Some(user) => {
            let account = Account::new(&config.listener, service.unwrap_or(Service::Lastfm), &user);
            Ok(vec![ConfiguredAccount { account, url: None }])
        }
        None => Err(Failure::new(Code::Configuration, "no account is named")
            .hint("name it with --user NAME, or in config.toml (docs/config.md)")),
    }
}

/// A session key is of one account at one service: shown to another, it is betrayed, or takes the listen to the wrong one.
fn one_for_each_key(accounts: &[ConfiguredAccount]) -> Result<(), Failure> {
    for (nth, one) in accounts.iter().enumerate() {
        let keys = needs(one.account.service);
        if let Some(other) = accounts.iter().skip(nth + 1).find(|other| needs(other.account.service) == keys) {
            let key = keys.last().copied().unwrap_or_default();
            let problem = format!("{key} is of one account, and {} or {} may be meant", one.account, other.account);
            let hint = match &one.url {
                Some(url) if one.account == other.account => format!("--url {url}"),
                _ => format!("--service {} --user {}", one.account.service, one.account.user),
            };
            return Err(Failure::new(Code::Configuration, problem).hint(hint));
        }
    }
    Ok(())
}

fn destination(account: ConfiguredAccount, reaching: &Reaching, config: &Config) -> Result<Destination, Failure> {
    let ConfiguredAccount { account, url } = account;
    let service = account.service;
    let usual = match service {
        Service::Listenbrainz => listenbrainz::ROOT,
        Service::Librefm => lastfm::LIBREFM_ROOT,
        _ => lastfm::ROOT,
    };
    let root = reaching.url.clone().or(url).unwrap_or_else(|| usual.to_owned());
    let secret = |name| config.secret(name).cloned();
    let credentials = match service {
        Service::Listenbrainz => Credentials { session_key: secret(TOKEN.0), ..Credentials::key("") },
        service => {
            let [key, shared_secret, session] = keys_of(service).map(|(name, _)| name);
            Credentials {
                shared_secret: secret(shared_secret),
                session_key: secret(session),
                ..Credentials::key(config.secret(key).map_or("", |key| key.reveal()))
            }
        }
    };
    let mut options = calling::options(&root, credentials, reaching.rate.or(config.rate), config);
    let connection = if service == Service::Listenbrainz {
        Connection::Listenbrainz(listenbrainz::Client::new(options)?)
    } else {
        options.service = spoken(service, &root);
        Connection::Lastfm(Client::new(options)?)
    };
    Ok(Destination { target: Target { account, root }, connection })
}

/// What is known of a service. A server of one's own is taken at the word of the account: its host tells nothing.
fn spoken(service: Service, root: &str) -> heard_api::Service {
    match (heard_api::Service::of_root(root), service) {
        (heard_api::Service::UNKNOWN, Service::Librefm) => heard_api::Service::GNU_FM,
        (heard_api::Service::UNKNOWN, _) => heard_api::Service::LASTFM,
        (known, _) => known,
    }
}

/// What a target takes, as far as it is known without asking.
pub(super) fn limits(target: &Target) -> Limits {
    let (most, max_age) = match target.account.service {
        Service::Listenbrainz => (Submission::MAX, None),
        service => (Scrobble::MAX, spoken(service, &target.root).max_age),
    };
    Limits { most: u32::try_from(most).unwrap_or(u32::MAX), max_age }
}

/// How the outbox is emptied.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    /// Ask the service what it has before sending again what it may have.
    pub(super) read_back: bool,
    /// Show no progress.
    pub(super) quiet: bool,
}

/// Empties the outbox into each destination, as far as it goes. A target that was paused because of its login is tried
/// again: whoever asks for it may have a new one.
pub(super) fn deliver_all_with(
    outbox: &mut Outbox,
    destinations: &[Destination],
    how: How,
) -> Result<Vec<Report>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Failure, format!("requests cannot be run: {error}")))?;
    let stop = Arc::new(StopSign::default());
    let raised = Arc::clone(&stop);
    on_interrupt(move || raised.raise())?;
    let paused: Vec<Target> =
        outbox.targets()?.into_iter().filter(|known| known.paused.is_some()).map(|known| known.target).collect();
    let mut reports = Vec::new();
    for Destination { target, connection } in destinations {
        if paused.contains(target) {
            outbox.resume(target)?;
        }
        let limits = connection.limits();
        let today = outbox.plan(target, &limits, connection.clock().now())?.now;
        let rate = connection.pacer().snapshot().per_second;
        let bar = Sending::start(&target.account.to_string(), today, limits.most, rate, how.quiet);
        let mut watch = |report: &Report| bar.show(report.accepted + report.ignored + report.parked);
        let options = Options { read_back: how.read_back };
        let report = runtime.block_on(deliver_with(outbox, target, connection, options, &stop, &mut watch))?;
        if let Some(sentence) = wrong_clock(&report) {
            warn(&sentence);
        }
        reports.push(report);
        if stop.is_raised() {
            break;
        }
    }
    Ok(reports)
}

/// What is to be said of a machine whose clock is not the service's: moments of listens are of that clock.
pub(super) fn wrong_clock(report: &Report) -> Option<String> {
    let ahead = report.clock_ahead.filter(|ahead| ahead.unsigned_abs() >= CLOCKS_DIFFER)?;
    let by = duration(ahead.unsigned_abs().saturating_mul(1000));
    let where_to = if ahead > 0 { "ahead of" } else { "behind" };
    let account = &report.target.account;
    Some(format!(
        "warning: this machine's clock is {by} {where_to} that of {account}, and so are the moments of new listens\n\
                  hint: set the clock (timedatectl set-ntp true)"
    ))
}

/// Says what runs of delivering came to.
pub(super) fn say(reports: &[Report], printer: Printer) {
    for report in reports {
        let numbers = [(report.accepted, "accepted"), (report.ignored, "ignored"), (report.parked, "parked")];
        let told = numbers.map(|(number, word)| format!("{} {word}", grouped(number))).join(", ");
        printer.say(&format!("{}: {told}", report.target.account));
    }
}

/// Why a run of delivering was not what was asked for.
pub(super) fn judge(report: Report) -> Result<(), Failure> {
    let waiting = report.counts.undelivered();
    match report.stopped {
        Some(error) => Err(error.into()),
        None if waiting == 0 => Ok(()),
        None if report.set_aside > 0 => {
            let sentence = format!("{}: the service fails over {}", report.target.account, grouped(report.set_aside));
            Err(Failure::new(Code::TryAgain, sentence)
                .hint("they are tried again later, one by one, behind all others; heard outbox tells what waits"))
        }
        None => Err(Failure::new(Code::TryAgain, format!("{}: the service takes no more now", report.target.account))
            .hint("what is left waits in the outbox; heard outbox tells for how long")),
    }
}
