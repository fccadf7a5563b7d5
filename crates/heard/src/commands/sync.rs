//! `heard sync`: download what is new, keep it, prove it.

use std::sync::Arc;

use heard_api::{Client, Credentials, PictureClient, lastfm, listenbrainz};
use heard_history::collect::{Meter, Options, Report, Session, StopSign, collect};
use heard_history::columns;
use heard_history::connection::Connection;
use heard_history::home::{Home, HomeLock};
use heard_history::ingest;
use heard_history::listen::{Account, Service, Span};
use heard_history::outbox::Outbox;
use heard_history::stats::Period;
use heard_history::verify;

use super::calling::TOKEN;
use super::{calling, sending, sync_report};
use crate::args::{Reaching, Sync};
use crate::config::{Config, ConfiguredAccount};
use crate::exit::{Code, Failure, worst};
use crate::interrupt::on_interrupt;
use crate::print::{Printer, warn};
use crate::progress::Watch;

pub(crate) fn run(args: &Sync, config: &Config, printer: Printer) -> Result<(), Failure> {
    let accounts = accounts(args, config)?;
    let options = options(args, config)?;
    let home = Home::open(&config.home)?;
    let connections = accounts
        .iter()
        .map(|account| connection(account, args.rate, config).map(|connection| (connection, account)))
        .collect::<Result<Vec<_>, Failure>>()?;
    let lock = home.lock()?;
    let reports = collect_all(&home, &lock, config, &connections, &options, printer)?;
    let collected = sync_report::print(reports, printer);
    if matches!(&collected, Err(failure) if failure.code == Code::Interrupted) {
        return collected;
    }
    worst([collected, deliver_rest(&home, &lock, args.rate, config, printer)])
}

/// Sends what waits in the outbox, as far as the keys for it are set: collecting needs none of them.
fn deliver_rest(
    home: &Home,
    lock: &HomeLock,
    rate: Option<f64>,
    config: &Config,
    printer: Printer,
) -> Result<(), Failure> {
    let mut outbox = Outbox::open(home, lock)?;
    let reaching = Reaching { user: None, url: None, service: None, rate, verify: false };
    let how = sending::How { read_back: false, quiet: printer.quiet };
    match sending::waiting(&outbox.targets()?, &reaching, config) {
        Ok(destinations) if destinations.is_empty() => Ok(()),
        Ok(destinations) => {
            let reports = sending::deliver_all_with(&mut outbox, &destinations, how)?;
            sending::say(&reports, printer);
            worst(reports.into_iter().map(sending::judge))
        }
        Err(failure) if failure.code == Code::Configuration => {
            warn(&format!("note: what waits in the outbox is not sent\n{failure}"));
            Ok(())
        }
        Err(failure) => Err(failure),
    }
}

/// Collects accounts one after the other and brings the views up to date.
pub(crate) fn collect_all(
    home: &Home,
    lock: &HomeLock,
    config: &Config,
    connections: &[(Connection, &ConfiguredAccount)],
    options: &Options,
    printer: Printer,
) -> Result<Vec<Report>, Failure> {
    verify::unseal(home, lock)?;
    let (mut store, _) = ingest::open(home, lock, &config.zone)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Failure, format!("requests cannot be run: {error}")))?;
    let stop = Arc::new(StopSign::default());
    let raised = Arc::clone(&stop);
    on_interrupt(move || raised.raise())?;
    let mut reports = Vec::new();
    for (connection, account) in connections {
        let meter = Arc::new(Meter::default());
        let rate = connection.pacer().snapshot().per_second;
        let watch = Watch::start(Arc::clone(&meter), account.account.to_string(), rate, printer.quiet);
        let mut session = Session {
            home,
            lock,
            store: &mut store,
            runtime: &runtime,
            meter: Arc::clone(&meter),
            stop: Arc::clone(&stop),
        };
        let report = collect(&mut session, connection, &account.account, options);
        drop(watch);
        reports.push(report?);
        if stop.is_raised() {
            break;
        }
    }
    columns::refresh(home, lock, &store)?;
    verify::seal(home, lock, store)?;
    Ok(reports)
}

fn accounts(args: &Sync, config: &Config) -> Result<Vec<ConfiguredAccount>, Failure> {
    if let Some(user) = &args.user {
        let account = Account::new(&config.listener, Service::Lastfm, user);
        return Ok(vec![ConfiguredAccount { account, url: args.url.clone() }]);
    }
    let mut chosen = Vec::new();
    for name in &args.accounts {
        chosen.push(named(name, config)?);
    }
    if args.accounts.is_empty() {
        chosen.clone_from(&config.accounts);
    }
    if chosen.is_empty() {
        return Err(Failure::new(Code::Configuration, "no account is named")
            .hint("heard sync --user NAME, or set LASTFM_USERNAME"));
    }
    for account in &mut chosen {
        account.url = args.url.clone().or(account.url.take());
    }
    Ok(chosen)
}

fn named(name: &str, config: &Config) -> Result<ConfiguredAccount, Failure> {
    let (service, user) = match name.split_once('/') {
        Some((service, user)) => {
            let known = Service::parse(service).ok_or_else(|| {
                Failure::new(Code::Usage, format!("there is no service {service:?}"))
                    .hint("services are lastfm, librefm and listenbrainz")
            })?;
            (Some(known), user)
        }
        None => (None, name),
    };
    let fits = |a: &&ConfiguredAccount| {
        a.account.user == user.to_lowercase() && service.is_none_or(|service| a.account.service == service)
    };
    let fresh = || {
        let service = service.unwrap_or(Service::Lastfm);
        ConfiguredAccount { account: Account::new(&config.listener, service, user), url: None }
    };
    Ok(config.accounts.iter().find(fits).cloned().unwrap_or_else(fresh))
}

fn options(args: &Sync, config: &Config) -> Result<Options, Failure> {
    let mut options = Options {
        full: args.full,
        page_size: args.page_size,
        confirm_removals: args.confirm_removals,
        ..Options::default()
    };
    if args.from.is_some() || args.to.is_some() {
        let period = Period::Between { from: args.from, to: args.to };
        let span = period.moments(&config.zone, 0)?;
        options.range = Span::new(options.range.from.max(span.from), options.range.to.min(span.to));
    }
    Ok(options)
}

/// The way to an account's service. ListenBrainz shows what is public without a token; with one it answers more often.
fn connection(account: &ConfiguredAccount, rate: Option<f64>, config: &Config) -> Result<Connection, Failure> {
    if account.account.service != Service::Listenbrainz {
        return Ok(Connection::Lastfm(client(account, rate, config)?));
    }
    let credentials = Credentials { session_key: config.secret(TOKEN.0).cloned(), ..Credentials::key("") };
    let root = account.url.as_deref().unwrap_or(listenbrainz::ROOT);
    let options = calling::options(root, credentials, rate.or(config.rate), config);
    Ok(Connection::Listenbrainz(listenbrainz::Client::new(options)?))
}

/// A client that asks Last.fm, or whoever speaks like it, with the api key alone.
pub(super) fn client(account: &ConfiguredAccount, rate: Option<f64>, config: &Config) -> Result<Client, Failure> {
    let service = account.account.service;
    let key = config.secret(calling::keys_of(service)[0].0).ok_or_else(|| {
        Failure::new(Code::Configuration, "no api key is set")
            .hint("get one at https://www.last.fm/api/account/create, then: export LASTFM_API_KEY=…")
    })?;
    let credentials = Credentials::key(key.reveal());
    Ok(Client::new(calling::options(root(account), credentials, rate.or(config.rate), config))?)
}

/// The way to the pictures that an account's service names, which is told no key and has turns of its own.
pub(super) fn pictures(
    account: &ConfiguredAccount,
    rate: Option<f64>,
    config: &Config,
) -> Result<PictureClient, Failure> {
    let options = calling::options(root(account), Credentials::key(""), rate.or(config.rate), config);
    Ok(PictureClient::new(&options)?)
}

/// The address of a service that speaks Last.fm's language.
fn root(account: &ConfiguredAccount) -> &str {
    let usual = if account.account.service == Service::Librefm { lastfm::LIBREFM_ROOT } else { lastfm::ROOT };
    account.url.as_deref().unwrap_or(usual)
}
