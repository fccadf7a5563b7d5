//! The history with which this one is compared: a listener's, an account's, or that in a file.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use heard_api::Clock;
use heard_history::columns::{self, Column, Columns};
use heard_history::home::Home;
use heard_history::import::{ImportError, Meter, Options, import};
use heard_history::normalise::layout::Hints;
use heard_history::stats::{Filter, nearest};
use heard_history::store::Store;

use crate::commands::import::holds_none;
use crate::config::{Config, temporary_folder};
use crate::exit::{Code, Failure};
use crate::interrupt::on_interrupt;
use crate::print::Printer;
use crate::progress::Watch;

/// The other history.
pub(super) enum Other {
    /// Another listener's of the same home.
    Listener(String),
    /// What one of this listener's accounts tells.
    Account(String),
    /// What a file holds.
    File { name: String, columns: Box<Columns> },
}

impl Other {
    /// What was meant. A file is taken in; everything else is in these columns.
    pub(super) fn find(with: &Path, columns: &Columns, config: &Config, printer: Printer) -> Result<Self, Failure> {
        let (listeners, accounts) = known(columns, config)?;
        if let Some(name) = with.to_str() {
            if name == config.listener {
                return Err(Failure::new(Code::Usage, format!("{name} is this history itself"))
                    .hint("name another listener, an account or a file: heard compare --help"));
            }
            if listeners.contains(name) {
                return Ok(Self::Listener(name.to_owned()));
            }
            let account = name.replacen(':', "/", 1).to_lowercase();
            let service = format!("{account}/");
            if accounts.iter().any(|known| *known == account || known.starts_with(&service)) {
                return Ok(Self::Account(account));
            }
        }
        if !with.exists() {
            return Err(nobody(with, listeners.iter().chain(&accounts)));
        }
        let name = with.to_string_lossy().into_owned();
        Ok(Self::File { name, columns: Box::new(taken_in(with, config, printer)?) })
    }

    /// By what it is known.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Listener(name) | Self::Account(name) | Self::File { name, .. } => name,
        }
    }

    /// The same for the head of a column: of a file, its own name.
    pub(super) fn heading(&self) -> &str {
        match self {
            Self::Listener(name) | Self::Account(name) => name,
            Self::File { name, .. } => Path::new(name).file_name().and_then(OsStr::to_str).unwrap_or(name),
        }
    }

    /// The word for what it is.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Listener(_) => "listener",
            Self::Account(_) => "account",
            Self::File { .. } => "file",
        }
    }

    /// Where its plays are; `here` are the home's.
    pub(super) fn columns<'a>(&'a self, here: &'a Columns) -> &'a Columns {
        match self {
            Self::Listener(_) | Self::Account(_) => here,
            Self::File { columns, .. } => columns,
        }
    }

    /// The same conditions for its plays; which sources count is said of this listener's alone.
    pub(super) fn filter(&self, filter: &Filter) -> Filter {
        let filter = Filter { source: None, ..filter.clone() };
        match self {
            Self::Listener(name) => Filter { listener: Some(name.clone()), ..filter },
            Self::Account(name) => Filter { source: Some(name.clone()), ..filter },
            Self::File { .. } => Filter { listener: None, ..filter },
        }
    }
}

/// The other listeners of the home, and everybody's accounts.
fn known(columns: &Columns, config: &Config) -> Result<(BTreeSet<String>, BTreeSet<String>), Failure> {
    let listeners = columns.dictionary(Column::Listener)?;
    let sources = columns.dictionary(Column::Source)?;
    let others = listeners.iter().filter(|name| *name != config.listener).map(str::to_owned).collect();
    // A play with several witnesses names them all.
    Ok((others, sources.iter().flat_map(|names| names.split(' ')).map(str::to_owned).collect()))
}

/// Says who may have been meant.
fn nobody<'a>(with: &Path, known: impl Iterator<Item = &'a String> + Clone) -> Failure {
    let text = with.to_string_lossy();
    let sentence = format!("{text} is no listener and no account of this home, and no file");
    let mut near = nearest(known.clone().map(String::as_str), &text, 3);
    let word = if near.is_empty() { "there are" } else { "perhaps" };
    if near.is_empty() {
        near = known.map(String::as_str).take(10).collect();
    }
    let failure = Failure::new(Code::BadInput, sentence);
    if near.is_empty() {
        return failure.hint("name a file that heard import can read");
    }
    failure.hint(format!("{word}: {}", crate::print::harmless(&near.join(", "))))
}

/// The columns of what a file holds. It goes the way of every import, in a home that is gone when this returns: the
/// columns stay readable as long as they are open.
fn taken_in(path: &Path, config: &Config, printer: Printer) -> Result<Columns, Failure> {
    let place = temporary_folder();
    let failed = |error: std::io::Error| Failure::file(&place, &error);
    let folder = tempfile::Builder::new().prefix("heard-compare-").tempdir_in(&place).map_err(failed)?;
    let home = Home::open(folder.path().join("home"))?;
    let columns = import_into(&home, path, config, printer);
    folder.close().map_err(failed)?;
    columns
}

fn import_into(home: &Home, path: &Path, config: &Config, printer: Printer) -> Result<Columns, Failure> {
    let lock = home.lock()?;
    let options = Options {
        listener: config.listener.clone(),
        hints: Hints { zone: config.zone_given.then(|| config.zone.name().to_owned()), ..Hints::default() },
        now: Clock::system().now(),
        ..Options::default()
    };
    let meter = Arc::new(Meter::default());
    let stop = Arc::clone(&meter);
    on_interrupt(move || stop.stop())?;
    let watch = Watch::start_import(Arc::clone(&meter), printer.quiet);
    let paths = [PathBuf::from(path)];
    let report = import(home, &lock, &config.zone, &paths, &options, &meter);
    drop(watch);
    let report = report.map_err(|error| match error {
        ImportError::Interrupted(_) => Failure::new(Code::Interrupted, "stopped"),
        error => error.into(),
    })?;
    if let Some(failure) = holds_none(&report, &paths) {
        return Err(failure);
    }
    let store = Store::open(home, &lock, &config.zone)?;
    columns::refresh(home, &lock, &store)?;
    Ok(Columns::open(&home.columns())?)
}
