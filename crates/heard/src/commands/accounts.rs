//! `heard accounts`: what is configured, and what it can be used for.

use heard_api::{lastfm, listenbrainz};
use heard_history::listen::Service;
use serde::Serialize;

use super::calling::{TOKEN, brainz, client, keys_of, wait_for};
use crate::args::Accounts;
use crate::config::{Config, ConfiguredAccount};
use crate::exit::Failure;
use crate::print::{Printer, Style};

#[derive(Serialize)]
struct Row {
    account: String,
    url: Option<String>,
    /// Whether what it takes to read, and to write, is set.
    reads: bool,
    writes: bool,
    /// The names of what is not set.
    missing: Vec<&'static str>,
    /// Whether it answered; unknown where it was not asked.
    answers: Option<bool>,
    trouble: Option<String>,
}

#[derive(Serialize)]
struct Document {
    accounts: Vec<Row>,
}

pub(crate) fn run(args: &Accounts, config: &Config, printer: Printer) -> Result<(), Failure> {
    let failures = if args.check { wait_for(ask_all(config))? } else { Vec::new() };
    let row = |(nth, account)| {
        let failure = failures.get(nth).and_then(Option::as_ref);
        let trouble = failure.map(|failure: &Failure| failure.sentence().to_owned());
        Row { answers: args.check.then_some(failure.is_none()), trouble, ..row(account, config) }
    };
    print(config.accounts.iter().enumerate().map(row).collect(), printer)?;
    failures.into_iter().flatten().next().map_or(Ok(()), Err)
}

/// What is wrong with each account, in their order.
async fn ask_all(config: &Config) -> Result<Vec<Option<Failure>>, Failure> {
    let mut failures = Vec::new();
    for account in &config.accounts {
        failures.push(ask(account, config).await.err());
    }
    Ok(failures)
}

fn row(ConfiguredAccount { account, url }: &ConfiguredAccount, config: &Config) -> Row {
    let [key, secret, session] = keys_of(account.service).map(|(name, _)| name);
    let (to_read, to_write): (&[_], &[_]) = match account.service {
        Service::Listenbrainz => (&[], &[TOKEN.0]),
        _ => (&[key], &[secret, session]),
    };
    let lacks = |name: &&&'static str| config.secret(name).is_none();
    let reads = !to_read.iter().any(|name| lacks(&name));
    let missing: Vec<_> = to_read.iter().chain(to_write).filter(lacks).copied().collect();
    let writes = missing.is_empty();
    Row { account: account.to_string(), url: url.clone(), reads, writes, missing, answers: None, trouble: None }
}

/// Asks for what is public about the account.
async fn ask(ConfiguredAccount { account, url }: &ConfiguredAccount, config: &Config) -> Result<(), Failure> {
    let user = &account.user;
    if account.service == Service::Listenbrainz {
        brainz(url.as_deref(), config)?.call(&listenbrainz::listen_count(user)).await?;
    } else {
        client(account.service, url.as_deref(), config)?.call(&lastfm::user::GetInfo::new().user(user)).await?;
    }
    Ok(())
}

fn print(rows: Vec<Row>, printer: Printer) -> Result<(), Failure> {
    let header = ["account", "reads", "writes", "answers", "missing", "trouble"];
    match printer.style {
        Style::Json => printer.json(&Document { accounts: rows }),
        Style::Csv => printer.csv(&header, &rows.into_iter().map(cells).collect::<Vec<_>>()),
        Style::Table if rows.is_empty() => {
            printer.say("no account is configured; write one into config.toml, or set LASTFM_USERNAME");
            Ok(())
        }
        Style::Table => printer.table(&header, &rows.into_iter().map(cells).collect::<Vec<_>>(), &[]),
    }
}

fn cells(row: Row) -> Vec<String> {
    let word = |yes| if yes { "yes" } else { "no" }.to_owned();
    let Row { account, reads, writes, missing, answers, trouble, .. } = row;
    let answers = answers.map(word).unwrap_or_default();
    vec![account, word(reads), word(writes), answers, missing.join(" "), trouble.unwrap_or_default()]
}
