//! `heard milestones`: round numbers of listens, and anniversaries.

use heard_history::stats::{Filter, Milestone, MilestoneKind, Round, milestones};
use serde::Serialize;

use super::asking;
use super::question::Asked;
use crate::args::{Milestones, MilestonesArg};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, grouped, moment, several};

#[derive(Serialize)]
pub(super) struct Row<'a> {
    kind: &'static str,
    number: u64,
    day: String,
    listens: u64,
    played_at: Option<i64>,
    played_time: Option<String>,
    artist: Option<&'a str>,
    track: Option<&'a str>,
}

#[derive(Serialize)]
struct Document<'a> {
    rows: Vec<Row<'a>>,
    total: usize,
    period: String,
}

pub(crate) fn run(args: &Milestones, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    let round = args.every.map_or(Round::Usual, Round::Every);
    let mut found = milestones(&asked.columns, kinds(args.kind), round, &filter, &config.zone, asked.now)?;
    found.reverse();
    let total = found.len();
    found.truncate(args.limit);
    asking::say_what_has_no_place(&asked, &filter, printer);
    if total == 0 {
        say_nothing(&asked, &filter, config, printer)?;
    }
    match printer.style {
        Style::Json => {
            let rows = found.iter().map(json_row).collect();
            printer.json(&Document { rows, total, period: filter.period.to_string() })
        }
        Style::Csv => printer.csv(
            &["kind", "number", "day", "listens", "played_at", "artist", "track"],
            &found.iter().map(csv_row).collect::<Vec<_>>(),
        ),
        Style::Table if total == 0 => Ok(()),
        Style::Table => {
            printer.say(&format!("{}, {}", several(total as u64, "milestone"), filter.period));
            printer.table(&["day", "milestone", "track"], &found.iter().map(table_row).collect::<Vec<_>>(), &[])
        }
    }
}

/// Distinguishes having heard nothing from having reached nothing.
fn say_nothing(asked: &Asked, filter: &Filter, config: &Config, printer: Printer) -> Result<(), Failure> {
    let first =
        milestones(&asked.columns, kinds(MilestonesArg::Listens), Round::Usual, filter, &config.zone, asked.now)?;
    if first.is_empty() {
        return asking::say_nothing_found(asked, filter, printer);
    }
    printer.say("No milestone was reached.");
    Ok(())
}

fn kinds(arg: MilestonesArg) -> &'static [MilestoneKind] {
    match arg {
        MilestonesArg::All => &[MilestoneKind::Listen, MilestoneKind::Artist, MilestoneKind::Anniversary],
        MilestonesArg::Listens => &[MilestoneKind::Listen],
        MilestonesArg::Artists => &[MilestoneKind::Artist],
        MilestonesArg::Anniversaries => &[MilestoneKind::Anniversary],
    }
}

fn name(kind: MilestoneKind) -> &'static str {
    match kind {
        MilestoneKind::Listen => "listen",
        MilestoneKind::Artist => "artist",
        MilestoneKind::Anniversary => "anniversary",
    }
}

pub(super) fn json_row(it: &Milestone) -> Row<'_> {
    Row {
        kind: name(it.kind),
        number: it.number,
        day: it.day.to_string(),
        listens: it.listens,
        played_at: it.played_at,
        played_time: it.played_at.map(moment),
        artist: it.artist.as_deref(),
        track: it.track.as_deref(),
    }
}

fn csv_row(it: &Milestone) -> Vec<String> {
    vec![
        name(it.kind).to_owned(),
        it.number.to_string(),
        it.day.to_string(),
        it.listens.to_string(),
        it.played_at.map(|at| at.to_string()).unwrap_or_default(),
        it.artist.clone().unwrap_or_default(),
        it.track.clone().unwrap_or_default(),
    ]
}

pub(super) fn table_row(it: &Milestone) -> Vec<String> {
    let artist = it.artist.as_deref().unwrap_or_default();
    let track = it.track.as_deref().unwrap_or_default();
    let (what, track) = match it.kind {
        MilestoneKind::Listen => (format!("listen {}", grouped(it.number)), format!("{artist} – {track}")),
        MilestoneKind::Artist => (format!("{artist}, listen {}", grouped(it.number)), track.to_owned()),
        MilestoneKind::Anniversary => {
            let (years, listens) = (several(it.number, "year"), several(it.listens, "listen"));
            (format!("{years} since the first listen, {listens}"), String::new())
        }
    };
    vec![it.day.to_string(), what, track]
}
