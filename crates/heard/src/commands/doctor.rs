//! `heard doctor`: what is where, what is known, what is wrong.

use std::path::Path;

use heard_api::Clock;
use heard_history::archive;
use heard_history::columns::Columns;
use heard_history::home::{Home, HomeError};
use heard_history::store::{Store, kept_in, zone_of};
use serde::Serialize;

use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, grouped, moment, several};

#[derive(Serialize)]
struct Line {
    what: &'static str,
    good: bool,
    says: String,
}

pub(crate) fn run(config: &Config, printer: Printer) -> Result<(), Failure> {
    let lines = examine(config);
    match printer.style {
        Style::Json => printer.json(&lines)?,
        Style::Table | Style::Csv => {
            for line in &lines {
                let mark = if line.good { "ok " } else { "!! " };
                printer.data(&crate::print::harmless(&format!("{mark}{:<12} {}", line.what, line.says)))?;
                printer.data("\n")?;
            }
        }
    }
    match lines.iter().filter(|line| !line.good).count() {
        0 => Ok(()),
        wrong => Err(Failure::new(Code::Failure, format!("{wrong} of {} things need a look", lines.len()))
            .hint("each line that begins with !! says what to do")),
    }
}

fn line(what: &'static str, says: Result<String, String>) -> Line {
    match says {
        Ok(says) => Line { what, good: true, says },
        Err(says) => Line { what, good: false, says },
    }
}

fn examine(config: &Config) -> Vec<Line> {
    let mut lines = vec![
        line("version", Ok(format!("heard {}", env!("CARGO_PKG_VERSION")))),
        line("home", home(&config.home)),
        line("zone", Ok(format!("{}, now {}", config.zone.name(), moment(Clock::system().now())))),
        line("listener", Ok(config.listener.clone())),
        line("api key", key(config)),
    ];
    if config.keeps_in_keyring() {
        let held = || "secrets are kept in the desktop's".to_owned();
        lines.push(line(
            "keyring",
            config.can_keep_secrets().map(|()| held()).map_err(|failure| failure.sentence().to_owned()),
        ));
    }
    if let Some(home) = Home::existing(&config.home) {
        lines.push(line("archive", archive_says(&home)));
        lines.push(line("heard.db", database_says(&home)));
        lines.push(line("plays.arrow", columns_say(&home)));
        lines.extend(accounts(&home, config));
    }
    lines
}

fn home(path: &Path) -> Result<String, String> {
    if !path.exists() {
        return Ok(format!("{} (not made yet)", path.display()));
    }
    Home::open(path).map(|_| path.display().to_string()).map_err(|error| error.to_string())
}

fn key(config: &Config) -> Result<String, String> {
    match config.secret("LASTFM_API_KEY") {
        Some(_) => Ok("set".to_owned()),
        None => Err("not set: get one at https://www.last.fm/api/account/create and set LASTFM_API_KEY".to_owned()),
    }
}

fn archive_says(home: &Home) -> Result<String, String> {
    let (segments, strangers) = archive::list(&home.archive()).map_err(|error| error.to_string())?;
    let bytes: u64 = segments.iter().filter_map(|s| s.path.metadata().ok()).map(|m| m.len()).sum();
    if let Some(stranger) = strangers.first() {
        return Err(format!("{} does not belong there", stranger.display()));
    }
    Ok(format!("{} segments, {} bytes", grouped(segments.len() as u64), grouped(bytes)))
}

fn database_says(home: &Home) -> Result<String, String> {
    match kept_in(&home.database()) {
        Ok(Some(kept)) => Ok(format!("generation {}", kept.generation.number)),
        Ok(None) if home.archive().exists() => Err("missing; heard rebuild makes it again".to_owned()),
        Ok(None) => Ok("not made yet".to_owned()),
        Err(error) => Err(format!("{error}; heard rebuild makes it again")),
    }
}

fn columns_say(home: &Home) -> Result<String, String> {
    if !home.columns().exists() {
        return Ok("not made yet; the next question makes it".to_owned());
    }
    let columns = Columns::open(&home.columns()).map_err(|error| format!("{error}; heard rebuild makes it again"))?;
    Ok(format!(
        "{}, {} of them undated",
        several(columns.rows() as u64, "play"),
        grouped((columns.rows() - columns.dated()) as u64)
    ))
}

/// What each account has. Another process at work keeps it to itself.
fn accounts(home: &Home, config: &Config) -> Vec<Line> {
    // What cannot be read is told elsewhere, and opening a store for writing would make one.
    let Ok(Some(_)) = kept_in(&home.database()) else { return Vec::new() };
    let lock = match home.lock() {
        Ok(lock) => lock,
        Err(HomeError::Busy { .. }) => {
            return vec![line("accounts", Ok("another heard process is at work".to_owned()))];
        }
        Err(error) => return vec![line("accounts", Err(error.to_string()))],
    };
    let zone = zone_of(&home.database()).ok().flatten().unwrap_or_else(|| config.zone.clone());
    let known = Store::open(home, &lock, &zone).and_then(|store| {
        let accounts = store.accounts()?;
        accounts.iter().map(|account| Ok((account.clone(), store.account(account)?))).collect::<Result<Vec<_>, _>>()
    });
    let known = match known {
        Ok(known) => known,
        Err(error) => return vec![line("accounts", Err(error.to_string()))],
    };
    known
        .into_iter()
        .map(|(account, summary)| {
            let run = summary.last_run.map_or_else(
                || "never collected".to_owned(),
                |run| format!("last run {}{}", moment(run.began_at), if run.ended { "" } else { ", interrupted" }),
            );
            let doubt: u64 = summary.suspects.iter().map(|s| s.removals).sum();
            let text =
                format!("{account}: {}, {} undated, {run}", several(summary.plays, "play"), grouped(summary.undated));
            if doubt > 0 {
                return line("account", Err(format!("{text}; {} in doubt", several(doubt, "play"))));
            }
            let ended = summary.last_run.is_none_or(|run| run.ended);
            line("account", if ended { Ok(text) } else { Err(format!("{text}; heard sync goes on")) })
        })
        .collect()
}
