//! `heard trends --top N`: how the most heard came and went.

use heard_history::stats::{By, Filter, Kind, Over, TopOverTime, Unit, UnitOfTime, top_over_time};
use serde::Serialize;

use super::super::asking;
use super::super::question::Asked;
use super::super::ranked::{Named, kind, named_cells, named_header};
use crate::args::Trends;
use crate::config::Config;
use crate::exit::Failure;
use crate::plot::sparkline;
use crate::print::{Printer, Style, grouped};

#[derive(Serialize)]
struct Row<'a> {
    rank: usize,
    #[serde(flatten)]
    named: Named<'a>,
    plays: u64,
    by_unit: &'a [u64],
}

#[derive(Serialize)]
struct Document<'a> {
    unit: &'static str,
    units: Vec<String>,
    rows: Vec<Row<'a>>,
    plays_by_unit: &'a [u64],
}

/// Prints so many of the most heard in the units that were asked for.
pub(super) fn run(
    (args, places): (&Trends, usize),
    asked: &Asked,
    filter: &Filter,
    unit: Unit,
    config: &Config,
    printer: Printer,
) -> Result<(), Failure> {
    let kind = kind(args.kind);
    let question = (kind, By::Plays, unit);
    let found = top_over_time(&asked.columns, question, filter, &config.zone, asked.now, places)?;
    let from = found.units.len().saturating_sub(args.limit);
    let units = &found.units[from..];
    match printer.style {
        Style::Json => printer.json(&document(&found, from, (kind, unit))),
        Style::Csv => {
            let header = [&["at"], named_header(kind), &["plays"]].concat();
            printer.csv(&header, &csv_rows(&found, from))
        }
        Style::Table => {
            if found.rows.is_empty() {
                asking::say_nothing_found(asked, filter, printer)?;
            }
            printer.say(&format!("The most heard {}, {}{}", kind.name(), filter.period, span(units)));
            let header = [&[""], named_header(kind), &["plays", "", "last"]].concat();
            let row = |row: &Over| {
                let last = row.by_unit.last().copied().unwrap_or_default();
                let mut cells = vec![row.rank.to_string()];
                cells.extend(named_cells(&row.artist, row.title.as_deref()));
                cells.extend([grouped(row.total), sparkline(&row.by_unit[from..]), grouped(last)]);
                cells
            };
            let last = header.len() - 1;
            printer.table(&header, &found.rows.iter().map(row).collect::<Vec<_>>(), &[0, last - 2, last])
        }
    }
}

/// The first and the last of the units that are shown.
fn span(units: &[UnitOfTime]) -> String {
    let ends = units.first().zip(units.last());
    ends.map(|(first, last)| format!(": {first} to {last}, {} by {}", first.unit().name(), first.unit().name()))
        .unwrap_or_default()
}

fn document<'a>(found: &'a TopOverTime, from: usize, (kind, unit): (Kind, Unit)) -> Document<'a> {
    let row = |row: &'a Over| Row {
        rank: row.rank,
        named: Named::new(kind, &row.artist, row.title.as_deref()),
        plays: row.total,
        by_unit: &row.by_unit[from..],
    };
    Document {
        unit: unit.name(),
        units: found.units[from..].iter().map(ToString::to_string).collect(),
        rows: found.rows.iter().map(row).collect(),
        plays_by_unit: &found.total_by_unit[from..],
    }
}

fn csv_rows(found: &TopOverTime, from: usize) -> Vec<Vec<String>> {
    let cells = |row: &Over, at: usize| {
        let mut cells = vec![found.units[at].to_string()];
        cells.extend(named_cells(&row.artist, row.title.as_deref()));
        cells.push(row.by_unit[at].to_string());
        cells
    };
    let cells = &cells;
    (from..found.units.len()).flat_map(|at| found.rows.iter().map(move |row| cells(row, at))).collect()
}
