//! Telling services something at once, and saying what they made of it.

use std::collections::BTreeMap;

use heard_history::deliver::Connection;
use serde::Serialize;

use super::calling::{accounts, connect, wait_for};
use crate::args::At;
use crate::config::{Config, ConfiguredAccount};
use crate::exit::Failure;
use crate::print::{Printer, Style};

/// What a service made of what it was told.
#[derive(Debug, Default, Serialize)]
pub(super) struct Outcome {
    /// Why it did not take it.
    pub(super) ignored: Option<String>,
    /// What it spells otherwise: kinds of names, and its spelling.
    pub(super) corrected: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Told {
    account: String,
    taken: bool,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
struct Document {
    accounts: Vec<Told>,
}

/// Tells it to each account, and says what came of it, also where a later account fails. `done` is what an account
/// does that took it.
pub(super) fn tell_all(
    at: &At,
    config: &Config,
    printer: Printer,
    done: &str,
    tell: &impl AsyncFn(&Connection) -> Result<Outcome, Failure>,
) -> Result<(), Failure> {
    let accounts = accounts(at, config)?;
    let connections = accounts.iter().map(|account| connect(account, config)).collect::<Result<Vec<_>, _>>()?;
    let mut told = Vec::new();
    let ended = wait_for(async {
        for (connection, ConfiguredAccount { account, .. }) in connections.iter().zip(&accounts) {
            let outcome = tell(connection).await?;
            told.push(Told { account: account.to_string(), taken: outcome.ignored.is_none(), outcome });
        }
        Ok(())
    });
    print(told, done, printer)?;
    ended
}

fn print(told: Vec<Told>, done: &str, printer: Printer) -> Result<(), Failure> {
    match printer.style {
        Style::Json => printer.json(&Document { accounts: told }),
        Style::Csv => {
            let header = ["account", "taken", "ignored", "corrected"];
            printer.csv(&header, &told.into_iter().map(Told::cells).collect::<Vec<_>>())
        }
        Style::Table => {
            told.iter().flat_map(|told| told.sentences(done)).for_each(|sentence| printer.say(&sentence));
            Ok(())
        }
    }
}

impl Told {
    fn cells(self) -> Vec<String> {
        let Self { account, taken, outcome: Outcome { ignored, corrected } } = self;
        let corrected: Vec<String> = corrected.iter().map(|(kind, name)| format!("{kind}: {name}")).collect();
        vec![account, taken.to_string(), ignored.unwrap_or_default(), corrected.join("; ")]
    }

    fn sentences(&self, done: &str) -> Vec<String> {
        let Self { account, outcome: Outcome { ignored, corrected }, .. } = self;
        let first = match ignored {
            None => format!("{account} {done}"),
            Some(reason) => format!("{account} ignored it: {reason}"),
        };
        let names = corrected.iter().map(|(kind, name)| format!("{account} corrected the {kind} to {name}"));
        std::iter::once(first).chain(names).collect()
    }
}
