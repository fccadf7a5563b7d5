//! `heard import`: export files in, with a balance sheet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use heard_api::Clock;
use heard_history::columns;
use heard_history::home::{Home, HomeLock};
use heard_history::import::{FileReport, Ignored, ImportError, Meter, Options, Outcome, Report, import};
use heard_history::normalise::layout::Hints;
use heard_history::store::{Sheet, Store};
use heard_history::verify;
use heard_history::zone::Zone;
use serde::Serialize;

use crate::args::Import;
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::interrupt::on_interrupt;
use crate::print::{Printer, Style, by_number, grouped, several};
use crate::progress::Watch;

pub(super) const WHAT_CAN_BE: &str = "heard import --help names what can be taken in; for another table of plays, say what its \
                           columns mean: --columns artist=1,track=2,time=3";

#[derive(Serialize)]
struct Document<'a> {
    files: Vec<FileRow<'a>>,
    ignored: Vec<IgnoredRow<'a>>,
    total: SheetRow<'a>,
}

#[derive(Serialize)]
struct FileRow<'a> {
    path: &'a str,
    format: &'a str,
    import: u64,
    outcome: &'static str,
    cut_off: bool,
    zone: Option<&'a str>,
    #[serde(flatten)]
    sheet: SheetRow<'a>,
}

#[derive(Serialize)]
pub(super) struct SheetRow<'a> {
    rows: u64,
    plays: u64,
    duplicates: u64,
    other: &'a BTreeMap<String, u64>,
    rejects: &'a BTreeMap<String, u64>,
    undated: u64,
    implausible: u64,
}

#[derive(Serialize)]
struct IgnoredRow<'a> {
    path: &'a str,
    why: &'a str,
}

impl<'a> SheetRow<'a> {
    pub(super) fn of(sheet: &'a Sheet) -> Self {
        Self {
            rows: sheet.rows,
            plays: sheet.plays,
            duplicates: sheet.duplicates,
            other: &sheet.other,
            rejects: &sheet.rejects,
            undated: sheet.undated,
            implausible: sheet.implausible,
        }
    }
}

pub(crate) fn run(args: &Import, config: &Config, printer: Printer) -> Result<(), Failure> {
    let home = Home::open(&config.home)?;
    let lock = home.lock()?;
    let options = Options {
        listener: config.listener.clone(),
        hints: Hints {
            format: args.format,
            zone: config.zone_given.then(|| config.zone.name().to_owned()),
            columns: args.columns.clone(),
        },
        now: Clock::system().now(),
        dry_run: args.dry_run,
        ..Options::default()
    };
    let meter = Arc::new(Meter::default());
    let stop = Arc::clone(&meter);
    on_interrupt(move || stop.stop())?;
    if !args.dry_run {
        verify::unseal(&home, &lock)?;
    }
    let zone = calendar(&home, config)?;
    let watch = Watch::start_import(Arc::clone(&meter), printer.quiet);
    let taken = import(&home, &lock, &zone, &args.paths, &options, &meter);
    drop(watch);
    let (report, interrupted) = match taken {
        Ok(report) => (report, false),
        Err(ImportError::Interrupted(report)) => (*report, true),
        Err(error) => return Err(error.into()),
    };
    if !args.dry_run {
        finish(&home, &lock, &zone)?;
    }
    let untaken = if interrupted { None } else { Untaken::first(&report, &args.paths) };
    print(&report, untaken.as_ref(), args.dry_run, printer)?;
    if interrupted {
        return Err(Failure::new(Code::Interrupted, "stopped")
            .hint("files that were read to their end are kept; the same command goes on with the others"));
    }
    untaken.map_or(Ok(()), |untaken| Err(untaken.failure(&report)))
}

/// `--zone` says where the files' clocks stood; the listener's calendar stays as it is.
fn calendar(home: &Home, config: &Config) -> Result<Zone, Failure> {
    let kept = if home.database().exists() { heard_history::store::zone_of(&home.database())? } else { None };
    Ok(kept.filter(|_| config.zone_given).unwrap_or_else(|| config.zone.clone()))
}

fn finish(home: &Home, lock: &HomeLock, zone: &Zone) -> Result<(), Failure> {
    let store = Store::open(home, lock, zone)?;
    columns::refresh(home, lock, &store)?;
    verify::seal(home, lock, store)?;
    Ok(())
}

/// A path that the listener named, and in which there was no history. What else lies in a folder or a zip is no
/// failure.
struct Untaken<'a> {
    path: &'a Path,
    /// The one file there that says why.
    reason: Option<&'a Ignored>,
}

impl<'a> Untaken<'a> {
    fn first(report: &'a Report, paths: &'a [PathBuf]) -> Option<Self> {
        let holds_none = |path: &&PathBuf| !report.files.iter().any(|file| lies_in(&file.path, path));
        let path = paths.iter().find(holds_none)?;
        let mut below = report.ignored.iter().filter(|ignored| lies_in(&ignored.path, path));
        let only = below.next().filter(|_| below.next().is_none());
        let named = report.ignored.iter().find(|ignored| Path::new(&ignored.path) == path);
        Some(Self { path, reason: named.or(only) })
    }

    fn failure(&self, report: &Report) -> Failure {
        let rest = if report.files.is_empty() { "" } else { "; the other files were taken in" };
        let sentence = match self.reason {
            Some(Ignored { path, why, .. }) => format!("{path} {why}{rest}"),
            None => format!("{} holds no listening history{rest}", self.path.display()),
        };
        Failure::new(Code::BadInput, sentence).hint(WHAT_CAN_BE)
    }
}

/// Why one of these paths holds no history, where that is so.
pub(super) fn holds_none(report: &Report, paths: &[PathBuf]) -> Option<Failure> {
    Untaken::first(report, paths).map(|untaken| untaken.failure(report))
}

fn lies_in(file: &str, path: &Path) -> bool {
    Path::new(file).starts_with(path)
}

fn print(report: &Report, untaken: Option<&Untaken<'_>>, dry_run: bool, printer: Printer) -> Result<(), Failure> {
    let total = report.total();
    match printer.style {
        Style::Json => printer.json(&Document {
            files: report.files.iter().map(file_row).collect(),
            ignored: report.ignored.iter().map(|it| IgnoredRow { path: &it.path, why: &it.why }).collect(),
            total: SheetRow::of(&total),
        }),
        Style::Csv => printer.csv(
            &["path", "format", "import", "outcome", "rows", "plays", "duplicates", "other", "rejects"],
            &report.files.iter().map(csv_row).collect::<Vec<_>>(),
        ),
        Style::Table => {
            let told_below = untaken.and_then(|untaken| untaken.reason);
            report.ignored.iter().filter(|ignored| Some(*ignored) != told_below).for_each(|ignored| {
                printer.say(&format!("left alone: {} {}", ignored.path, ignored.why));
            });
            print_table(report, &total, dry_run, printer)
        }
    }
}

fn file_row(file: &FileReport) -> FileRow<'_> {
    FileRow {
        path: &file.path,
        format: file.format.name(),
        import: file.import,
        outcome: outcome(file.outcome),
        cut_off: file.is_cut_off,
        zone: file.zone.as_deref(),
        sheet: SheetRow::of(&file.sheet),
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Imported => "imported",
        Outcome::Known => "known",
        Outcome::Restored => "restored",
    }
}

fn csv_row(file: &FileReport) -> Vec<String> {
    let sum = |sums: &BTreeMap<String, u64>| sums.values().sum::<u64>().to_string();
    let sheet = &file.sheet;
    vec![
        file.path.clone(),
        file.format.name().to_owned(),
        file.import.to_string(),
        outcome(file.outcome).to_owned(),
        sheet.rows.to_string(),
        sheet.plays.to_string(),
        sheet.duplicates.to_string(),
        sum(&sheet.other),
        sum(&sheet.rejects),
    ]
}

fn print_table(report: &Report, total: &Sheet, dry_run: bool, printer: Printer) -> Result<(), Failure> {
    let sum = |sums: &BTreeMap<String, u64>| grouped(sums.values().sum());
    let cells = |name: &str, format: &str, sheet: &Sheet| {
        vec![
            name.to_owned(),
            format.to_owned(),
            grouped(sheet.rows),
            grouped(sheet.plays),
            grouped(sheet.duplicates),
            sum(&sheet.other),
            sum(&sheet.rejects),
        ]
    };
    let mut rows: Vec<_> =
        report.files.iter().map(|file| cells(last_parts(&file.path), file.format.name(), &file.sheet)).collect();
    if report.files.len() > 1 {
        rows.push(cells("together", "", total));
    }
    let header = ["file", "format", "rows", "plays", "duplicates", "other", "rejects"];
    printer.table(&header, &rows, &[2, 3, 4, 5, 6])?;
    say_more(report, total, dry_run, printer);
    Ok(())
}

/// The end of a path, by which people know the file: it and the folder or zip in which it lies.
pub(super) fn last_parts(path: &str) -> &str {
    let from = path.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
    &path[from..]
}

fn say_more(report: &Report, total: &Sheet, dry_run: bool, printer: Printer) {
    let them = |number| by_number(number, "it", "them");
    let list = |sums: &BTreeMap<String, u64>| {
        let one = |(name, count): (&String, &u64)| format!("{} {}", grouped(*count), name.replace('_', " "));
        sums.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    if !total.other.is_empty() {
        printer.say(&format!("other: {} (heard rejects --other lists them)", list(&total.other)));
    }
    if !total.rejects.is_empty() {
        printer.say(&format!("rejects: {} (heard rejects lists them)", list(&total.rejects)));
    }
    if total.undated > 0 {
        printer.say(&format!(
            "{} without a moment; --undated counts {}",
            several(total.undated, "play"),
            them(total.undated)
        ));
    }
    if total.implausible > 0 {
        let plays = several(total.implausible, "play");
        printer
            .say(&format!("{plays} with a moment of a wrong clock; --implausible counts {}", them(total.implausible)));
    }
    for file in report.files.iter().filter(|file| file.is_cut_off) {
        printer.say(&format!("{} breaks off before its end; what came before was taken in", file.path));
    }
    for file in report.files.iter().filter(|file| file.outcome == Outcome::Known) {
        printer.say(&format!("{} is import {}, taken in before", file.path, file.import));
    }
    if dry_run {
        printer.say("nothing was kept; the same command without --dry-run takes it in");
    }
}
