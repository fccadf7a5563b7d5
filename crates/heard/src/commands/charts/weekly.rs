//! `heard charts --service`: the service's own weekly charts beside ours, and why they differ.

use std::collections::BTreeMap;
use std::path::Path;

use heard_history::stats::{Kind, UnitOfTime, Which};
use heard_history::store::{ToldChart, chart_reports, told_charts, undated_of};
use heard_history::weekly::{Cause, ComparedChart, ComparedRow, compare_chart};
use serde::Serialize;

use crate::args::Charts;
use crate::commands::question;
use crate::commands::ranked::{Named, named_cells, named_header};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, by_number, grouped, moment, several};

/// A chart of the service, and ours beside it.
struct Both {
    told: ToldChart,
    compared: ComparedChart,
    undated: u64,
}

#[derive(Serialize)]
struct Row<'a> {
    rank: Option<usize>,
    #[serde(flatten)]
    named: Named<'a>,
    plays: u64,
    our_plays: u64,
    difference: i64,
    causes: BTreeMap<&'static str, i64>,
}

#[derive(Serialize)]
struct OneChart<'a> {
    service: &'a str,
    account: &'a str,
    from_at: i64,
    from_time: String,
    to_at: i64,
    to_time: String,
    told_at: i64,
    told_time: String,
    total_plays: u64,
    our_plays: u64,
    agreeing: usize,
    undated: u64,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    kind: &'static str,
    charts: Vec<OneChart<'a>>,
}

pub(super) fn run(args: &Charts, kind: Kind, which: Which, config: &Config, printer: Printer) -> Result<(), Failure> {
    // What is asked must be made from the archive as it is now.
    question::open(config, printer)?;
    let database = config.home.join("heard.db");
    let least = args.asking.counting.min_played.unwrap_or(config.min_played);
    let mut told = told_charts(&database, &config.listener)?;
    told.retain(|chart| chart.kind == kind.of_one());
    if told.is_empty() {
        printer.say(&format!("No service told a weekly chart of {} yet; heard enrich asks for them.", kind.name()));
    }
    let charts = wanted(told, which, config).into_iter().map(|told| both(told, &database, config, least));
    let charts = charts.collect::<Result<Vec<Both>, Failure>>()?;
    match printer.style {
        Style::Json => printer.json(&Document {
            kind: kind.name(),
            charts: charts.iter().map(|chart| json_chart(chart, kind, args.limit)).collect(),
        }),
        Style::Csv => {
            let header = [&["from", "to", "rank"], named_header(kind), &["plays", "our_plays", "because"]].concat();
            let rows = charts.iter().flat_map(|chart| chart.rows(args.limit).map(|row| csv_row(chart, row)));
            printer.csv(&header, &rows.collect::<Vec<_>>())
        }
        Style::Table => charts.iter().try_for_each(|chart| print_chart(chart, kind, args.limit, printer)),
    }
}

/// The charts that were asked for: of a week of the calendar those of which the middle lies in it.
fn wanted(mut told: Vec<ToldChart>, which: Which, config: &Config) -> Vec<ToldChart> {
    match which {
        Which::All | Which::NumberOnes => told,
        Which::Last => {
            let last = told.last().map(|chart| chart.span);
            told.retain(|chart| Some(chart.span) == last);
            told
        }
        Which::At(at) => {
            told.retain(|chart| week_of(chart, at, config) == at);
            told
        }
    }
}

fn week_of(chart: &ToldChart, like: UnitOfTime, config: &Config) -> UnitOfTime {
    like.unit().at(config.zone.local(chart.span.from.midpoint(chart.span.to)))
}

fn both(told: ToldChart, database: &Path, config: &Config, least: u32) -> Result<Both, Failure> {
    let reports = chart_reports(database, &config.listener, &told)?;
    let undated = undated_of(database, &config.listener, &told)?;
    let compared = compare_chart(&told, &reports, &undated, i64::from(least) * 1000);
    Ok(Both { undated: undated.len() as u64, told, compared })
}

impl Both {
    fn rows(&self, limit: usize) -> impl Iterator<Item = &ComparedRow> {
        self.compared.rows.iter().take(limit)
    }
}

fn json_chart(chart: &Both, kind: Kind, limit: usize) -> OneChart<'_> {
    let Both { told, compared, undated } = chart;
    OneChart {
        service: &told.service,
        account: &told.account,
        from_at: told.span.from,
        from_time: moment(told.span.from),
        to_at: told.span.to,
        to_time: moment(told.span.to),
        told_at: told.told_at,
        told_time: moment(told.told_at),
        total_plays: compared.theirs,
        our_plays: compared.ours,
        agreeing: compared.agreeing,
        undated: *undated,
        rows: chart.rows(limit).map(|row| json_row(row, kind)).collect(),
    }
}

fn json_row(row: &ComparedRow, kind: Kind) -> Row<'_> {
    Row {
        rank: row.rank,
        named: Named::new(kind, row.name.artist(), row.name.title()),
        plays: row.theirs,
        our_plays: row.ours,
        difference: row.causes.iter().map(|(_, plays)| plays).sum(),
        causes: row.causes.iter().map(|(cause, plays)| (cause.name(), *plays)).collect(),
    }
}

fn csv_row(chart: &Both, row: &ComparedRow) -> Vec<String> {
    let rank = row.rank.map(|rank| rank.to_string()).unwrap_or_default();
    let mut cells = vec![moment(chart.told.span.from), moment(chart.told.span.to), rank];
    cells.extend(named_cells(row.name.artist(), row.name.title()));
    cells.extend([row.theirs.to_string(), row.ours.to_string(), because(row)]);
    cells
}

fn print_chart(chart: &Both, kind: Kind, limit: usize, printer: Printer) -> Result<(), Failure> {
    let Both { told, compared, undated } = chart;
    printer.say(&format!(
        "Chart of {} of {}/{}, {} to {}: {} there, {} here; {} of {} {}",
        kind.name(),
        told.service,
        told.account,
        moment(told.span.from),
        moment(told.span.to),
        several(compared.theirs, "play"),
        grouped(compared.ours),
        grouped(compared.agreeing as u64),
        several(compared.rows.len() as u64, "row"),
        by_number(compared.rows.len() as u64, "agrees", "agree"),
    ));
    if *undated > 0 {
        let plays = several(*undated, "play");
        printer.say(&format!("{plays} of the account without a moment: here in no week, there perhaps in one"));
    }
    let header = [&["#"], named_header(kind), &["there", "here", "because"]].concat();
    let row = |row: &ComparedRow| {
        let mut cells = vec![row.rank.map(|rank| rank.to_string()).unwrap_or_default()];
        cells.extend(named_cells(row.name.artist(), row.name.title()));
        cells.extend([grouped(row.theirs), grouped(row.ours), because(row)]);
        cells
    };
    let last = header.len() - 1;
    printer.table(&header, &chart.rows(limit).map(row).collect::<Vec<_>>(), &[0, last - 2, last - 1])
}

/// Why a row differs: `+2 too short here, −1 told by another source`; nothing, where it does not.
fn because(row: &ComparedRow) -> String {
    let part = |(cause, plays): &(Cause, i64)| {
        let sign = if *plays < 0 { "−" } else { "+" };
        format!("{sign}{} {}", grouped(plays.unsigned_abs()), words(*cause))
    };
    row.causes.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn words(cause: Cause) -> &'static str {
    match cause {
        Cause::Short => "too short here",
        Cause::Hidden => "hidden here",
        Cause::ShownAsOther => "shown as another",
        Cause::ToldAsOther => "told as another",
        Cause::OnePlay => "taken for one play",
        Cause::OtherSource => "from another source",
        Cause::Gone => "gone since",
        Cause::Undated => "without a moment",
        Cause::Unexplained => "unexplained",
    }
}
