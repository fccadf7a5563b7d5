//! `heard scrobble --file`: the plays of a whole file, by way of the outbox.

mod lines;
mod results;
mod standing;

use std::io::Write;
use std::path::Path;

use heard_api::Clock;
use heard_history::home::{Home, replace_file};
use heard_history::import::inputs::Limits;
use heard_history::import::{FileRows, rows_of_files};
use heard_history::listen::Span;
use heard_history::normalise::layout::Hints;
use heard_history::outbox::Outbox;
use heard_history::store::Held;

use super::import::WHAT_CAN_BE;
use super::question;
use super::sending::{Destination, How, deliver_all_with, destinations, judge};
use crate::args::{FromFile, Scrobble};
use crate::config::Config;
use crate::exit::{Code, Failure, quoted, worst};
use crate::print::{Printer, csv_of, several};
use lines::Line;
use results::Results;
use standing::{Standing, of_lines};

pub(super) fn run(path: &Path, args: &Scrobble, config: &Config, printer: Printer) -> Result<(), Failure> {
    let now = Clock::system().now();
    let files = read(path, &args.from, config, printer)?;
    let lines = lines::of(path, &files, now);
    let destinations = destinations(&args.reaching, config)?;
    let held = held_by(&destinations, &lines, config, printer)?;
    if args.dry_run {
        return preview(&lines, &destinations, &held, now, config, printer);
    }
    let home = Home::open(&config.home)?;
    let lock = home.lock()?;
    let mut outbox = Outbox::open(&home, &lock)?;
    let mut standings = Vec::new();
    for (to, held) in destinations.iter().zip(&held) {
        let known = of_lines(&lines, to, held.as_ref(), Some(&mut outbox), now)?;
        if !args.from.unchecked {
            refuse_unknown(&known, to, held.is_some(), path)?;
        }
        standings.push(known);
    }
    refuse_nothing(&lines, path)?;
    for (to, known) in destinations.iter().zip(&standings) {
        let listens = lines.iter().zip(known).filter(|(_, known)| known.goes()).filter_map(|(line, _)| line.listen());
        outbox.add(&to.target, listens, now)?;
    }
    // Whoever cannot have the results should learn it before anything is sent.
    let mut results = Results::new(&lines, &destinations, standings);
    results.look_up(&mut outbox)?;
    keep(&results, args.from.results.as_deref())?;
    let how = How { read_back: args.reaching.verify, quiet: printer.quiet };
    let reports = deliver_all_with(&mut outbox, &destinations, how)?;
    results.look_up(&mut outbox)?;
    keep(&results, args.from.results.as_deref())?;
    results.print(printer)?;
    worst(reports.into_iter().map(judge))?;
    results.judge(path)
}

/// The rows of the file, or of the files in a zip.
fn read(path: &Path, from: &FromFile, config: &Config, printer: Printer) -> Result<Vec<FileRows>, Failure> {
    if path.is_dir() {
        return Err(Failure::new(Code::BadInput, format!("{} is a folder, and --file takes one file", path.display()))
            .hint(format!("ls {}", quoted(path))));
    }
    let hints = Hints { format: from.format, zone: Some(config.zone.name().to_owned()), columns: from.columns.clone() };
    let (files, ignored) = rows_of_files(path, &hints, &Limits::default());
    if files.is_empty() {
        let sentence = match ignored.as_slice() {
            [only] => format!("{} {}", only.path, only.why),
            _ => format!("{} holds no plays", path.display()),
        };
        return Err(Failure::new(Code::BadInput, sentence).hint(WHAT_CAN_BE));
    }
    for other in ignored {
        printer.say(&format!("left alone: {} {}", other.path, other.why));
    }
    for file in &files {
        let zone = file.zone.as_ref().map(|zone| format!("; its times are those of {zone}")).unwrap_or_default();
        let rows = several(file.rows.len() as u64, "row");
        printer.say(&format!("{}, {rows}{zone}", file.format.name()));
        if file.is_cut_off {
            printer.say(&format!("{} breaks off before its end", file.path));
        }
    }
    Ok(files)
}

/// What is known of each account at the time of the file.
fn held_by(
    destinations: &[Destination],
    lines: &[Line<'_>],
    config: &Config,
    printer: Printer,
) -> Result<Vec<Option<Held>>, Failure> {
    let moments = || lines.iter().filter_map(Line::listen).map(|listen| listen.played_at);
    let span = Span::new(moments().min().unwrap_or_default(), moments().max().unwrap_or_default().saturating_add(1));
    let collected = Home::existing(&config.home).filter(|home| home.archive().exists());
    let Some(home) = collected else { return Ok(destinations.iter().map(|_| None).collect()) };
    // The database may be older than the archive.
    drop(question::open(config, printer)?);
    let read = |to: &Destination| Ok(Held::read(&home.database(), &to.target.account, span)?);
    destinations.iter().map(read).collect()
}

/// What would be sent, without anything that changes.
fn preview(
    lines: &[Line<'_>],
    destinations: &[Destination],
    held: &[Option<Held>],
    now: i64,
    config: &Config,
    printer: Printer,
) -> Result<(), Failure> {
    let home = Home::existing(&config.home).filter(|home| home.state().exists());
    let lock = home.as_ref().map(Home::lock).transpose()?;
    let mut outbox = match (&home, &lock) {
        (Some(home), Some(lock)) => Some(Outbox::open(home, lock)?),
        _ => None,
    };
    let mut standings = Vec::new();
    for (to, held) in destinations.iter().zip(held) {
        standings.push(of_lines(lines, to, held.as_ref(), outbox.as_mut(), now)?);
    }
    printer.say("nothing is sent; this would be:");
    Results::new(lines, destinations, standings).print_all(printer)
}

/// What an account has already is not sent; so what it has must be known.
fn refuse_unknown(known: &[Standing], to: &Destination, is_collected: bool, path: &Path) -> Result<(), Failure> {
    let unknown = known.iter().filter(|known| matches!(known, Standing::Unknown)).count() as u64;
    if unknown == 0 {
        return Ok(());
    }
    let account = &to.target.account;
    let sentence = if is_collected {
        format!(
            "whether {account} has {} of this file is not known: they lie outside what was collected of it",
            several(unknown, "play")
        )
    } else {
        format!("nothing was collected of {account}, so that nobody knows which of these plays it has")
    };
    Err(Failure::new(Code::TryAgain, sentence)
        .hint(format!("heard sync; or, to send them all the same: heard scrobble --file {} --unchecked", quoted(path))))
}

fn refuse_nothing(lines: &[Line<'_>], path: &Path) -> Result<(), Failure> {
    if lines.iter().any(|line| line.listen().is_some()) {
        return Ok(());
    }
    let why = lines::reasons(lines);
    let why = if why.is_empty() { "it has no rows".to_owned() } else { why };
    Err(Failure::new(Code::BadInput, format!("{} has no play that can be sent: {why}", path.display()))
        .hint(format!("heard scrobble --file {} --dry-run", quoted(path))))
}

/// Writes the results where they are wanted.
fn keep(results: &Results<'_>, path: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let bytes = csv_of(&results::HEADER, &results.cells())?;
    replace_file(path, |file| file.write_all(&bytes)).map_err(|error| Failure::output(path, &error))
}
