//! `heard enrich`: fetch what services know of what was heard.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use heard_api::{Client, PictureClient};
use heard_history::collect::{Meter, Session, StopSign};
use heard_history::columns;
use heard_history::enrich::{Asker, Hosts, Options, Question, Report, enrich};
use heard_history::facts::ThingKind;
use heard_history::home::{Home, HomeLock};
use heard_history::ingest;
use heard_history::listen::{Account, Service};
use heard_history::verify;

use super::{enrich_report, sync};
use crate::args::Enrich;
use crate::config::{Config, ConfiguredAccount};
use crate::exit::{Code, Failure};
use crate::interrupt::on_interrupt;
use crate::print::{Printer, grouped, several};
use crate::progress::{Watch, time_at};

pub(crate) fn run(args: &Enrich, config: &Config, printer: Printer) -> Result<(), Failure> {
    let options = Options {
        only: args.only.iter().flat_map(|calls| calls.0.iter().copied()).collect(),
        limit: args.limit,
        time: args.time,
        min_plays: args.min_plays,
        ..config.enrich.clone()
    };
    let home = Home::open(&config.home)?;
    let targets = targets(args, config)
        .into_iter()
        .map(|(place, asker)| target(&place, asker, args, config))
        .collect::<Result<Vec<_>, Failure>>()?;
    let lock = home.lock()?;
    let reports = ask_all(&home, &lock, config, &targets, &options, printer)?;
    enrich_report::print(reports, args.covers || config.covers, printer)
}

/// Whom to ask, and for whom.
pub(super) struct Target {
    pub(super) client: Client,
    pub(super) pictures: Option<PictureClient>,
    pub(super) asker: Asker,
}

fn target(place: &ConfiguredAccount, asker: Asker, args: &Enrich, config: &Config) -> Result<Target, Failure> {
    let wanted = args.covers || config.covers;
    let pictures = wanted.then(|| sync::pictures(place, args.rate, config)).transpose()?;
    Ok(Target { client: sync::client(place, args.rate, config)?, pictures, asker })
}

/// Where to ask, and for whom: each service once, and about things only the first.
fn targets(args: &Enrich, config: &Config) -> Vec<(ConfiguredAccount, Asker)> {
    let mut accounts: Vec<ConfiguredAccount> = match &args.user {
        Some(user) => {
            vec![ConfiguredAccount { account: Account::new(&config.listener, Service::Lastfm, user), url: None }]
        }
        // ListenBrainz speaks another language.
        None => {
            config.accounts.iter().filter(|known| known.account.service != Service::Listenbrainz).cloned().collect()
        }
    };
    let nobody = Account::new(&config.listener, Service::Lastfm, "");
    if accounts.is_empty() {
        accounts.push(ConfiguredAccount { account: nobody, url: None });
    }
    let mut targets: Vec<(ConfiguredAccount, Asker)> = Vec::new();
    for mut place in accounts {
        place.url = args.url.clone().or(place.url);
        let service = place.account.service;
        let own = Some(place.account.clone()).filter(|account| !account.user.is_empty());
        let same =
            |(known, asker): &&mut (ConfiguredAccount, Asker)| asker.service == service && known.url == place.url;
        if let Some((_, asker)) = targets.iter_mut().find(same) {
            asker.accounts.extend(own);
            continue;
        }
        let (listener, things) = (config.listener.clone(), targets.is_empty());
        targets.push((place, Asker { listener, service, accounts: own.into_iter().collect(), things }));
    }
    targets
}

/// Asks one service after the other.
pub(super) fn ask_all(
    home: &Home,
    lock: &HomeLock,
    config: &Config,
    targets: &[Target],
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
    let mut reports: Vec<Report> = Vec::new();
    for Target { client, pictures, asker } in targets {
        let asked: u64 = reports.iter().map(|report| report.asked + report.covers.asked).sum();
        let options = Options { limit: options.limit.map(|limit| limit.saturating_sub(asked)), ..options.clone() };
        let meter = Arc::new(Meter::default());
        let rate = client.pacer().snapshot().per_second;
        let watch = Watch::start_questions(Arc::clone(&meter), asker.service.to_string(), rate, printer.quiet);
        let (stop, runtime, store) = (Arc::clone(&stop), &runtime, &mut store);
        let mut session = Session { home, lock, store, runtime, meter, stop };
        let begun = |questions: &[Question]| printer.say(&announced(asker, questions, &options, rate));
        let hosts = Hosts { service: client, pictures: pictures.as_ref() };
        let report = enrich(&mut session, hosts, asker, &options, begun);
        drop(watch);
        reports.push(report?);
        if session.stop.is_raised() {
            break;
        }
    }
    columns::refresh(home, lock, &store)?;
    verify::seal(home, lock, store)?;
    Ok(reports)
}

/// How much there is to ask, and how long that takes at least.
fn announced(asker: &Asker, questions: &[Question], options: &Options, rate: Option<f64>) -> String {
    let mut things: BTreeMap<ThingKind, HashSet<&str>> = BTreeMap::new();
    let mut titled: BTreeMap<ThingKind, HashSet<(&str, &str)>> = BTreeMap::new();
    for Question { thing, .. } in questions {
        if thing.title.is_empty() {
            things.entry(thing.kind).or_default().insert(&thing.name);
        } else {
            titled.entry(thing.kind).or_default().insert((&thing.name, &thing.title));
        }
    }
    let names = things.iter().map(|(kind, names)| (*kind, names.len()));
    let titles = titled.iter().map(|(kind, titles)| (*kind, titles.len()));
    let counts: Vec<String> = names.chain(titles).map(|(kind, count)| several(count as u64, kind.name())).collect();
    let all = questions.len() as u64;
    let now = options.limit.map_or(all, |limit| all.min(limit));
    let bound = if now < all { format!(", of which {} now", grouped(now)) } else { String::new() };
    let time = rate.map(|rate| format!("; at {rate} a second that takes {}", time_at(now, rate))).unwrap_or_default();
    format!("{}: {} ({}){bound}{time}", asker.service, several(all, "question"), counts.join(", "))
}
