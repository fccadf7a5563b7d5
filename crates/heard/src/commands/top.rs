//! `heard top`: most heard artists, albums, tracks and tags.

mod tags;

use heard_history::stats::{By, Kind, Ranked, Ranking, ranking};
use serde::Serialize;

use super::ranked::{ChangeValue, Named, named_cells, named_header};
use super::{asking, question};
use crate::args::{Top, TopArg};
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, duration, grouped, several};

/// One row of `--json`.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    rank: usize,
    #[serde(flatten)]
    named: Named<'a>,
    plays: u64,
    ms_played: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<ChangeValue>,
}

#[derive(Serialize)]
struct Document<'a> {
    rows: Vec<Row<'a>>,
    total_plays: u64,
    distinct: usize,
    period: String,
    /// What `change` is a change since.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
}

pub(crate) fn run(args: &Top, config: &Config, printer: Printer) -> Result<(), Failure> {
    if args.main && args.kind != TopArg::Tags {
        return Err(Failure::new(Code::Usage, "--main is about tags").hint("heard top tags --main"));
    }
    match args.kind {
        TopArg::Artists => of_kind(Kind::Artists, args, config, printer),
        TopArg::Albums => of_kind(Kind::Albums, args, config, printer),
        TopArg::Tracks => of_kind(Kind::Tracks, args, config, printer),
        TopArg::Tags => tags::run(args, config, printer),
    }
}

fn of_kind(kind: Kind, args: &Top, config: &Config, printer: Printer) -> Result<(), Failure> {
    let asked = question::open_for(&args.names, config, printer)?;
    let filter = question::filter(config, &args.period, &args.names, &args.counting, None);
    let by = question::by(args.by);
    let found = ranking(&asked.columns, kind, by, &filter, &config.zone, asked.now, args.limit)?;
    question::say_what_is_left_out(&asked, &filter, printer);
    if found.total_plays == 0 {
        asking::say_who_may_be_meant(&asked, &filter, printer)?;
    }
    let before = filter.period.before().filter(|_| filter.recent.is_none()).map(|period| period.to_string());
    match printer.style {
        Style::Json => {
            let rows = found.rows.iter().map(|row| json_row(row, kind)).collect();
            let period = filter.period.to_string();
            printer.json(&Document { rows, total_plays: found.total_plays, distinct: found.distinct, period, before })
        }
        Style::Csv => print_csv(&found, kind, before.is_some(), printer),
        Style::Table => {
            let period = filter.period.to_string();
            let against = before.map(|before| format!(", against {before}")).unwrap_or_default();
            printer.say(&format!(
                "Top {} of {}, {period} ({}){against}",
                kind.name(),
                grouped(found.distinct as u64),
                several(found.total_plays, "play")
            ));
            if found.rows.is_empty() {
                printer.say("No plays count here.");
                return Ok(());
            }
            print_table(&found, kind, by, printer)
        }
    }
}

pub(super) fn json_row(row: &Ranked, kind: Kind) -> Row<'_> {
    Row {
        rank: row.rank,
        named: Named::new(kind, &row.artist, row.title.as_deref()),
        plays: row.plays,
        ms_played: row.ms_played,
        change: row.change.map(ChangeValue::of),
    }
}

fn print_csv(found: &Ranking, kind: Kind, compared: bool, printer: Printer) -> Result<(), Failure> {
    let change: &[&str] = if compared { &["change"] } else { &[] };
    let header = [&["rank"], named_header(kind), &["plays", "ms_played"], change].concat();
    let row = |row: &Ranked| {
        let mut cells = vec![row.rank.to_string()];
        cells.extend(named_cells(&row.artist, row.title.as_deref()));
        cells.extend([row.plays.to_string(), row.ms_played.to_string()]);
        cells.extend(row.change.map(|change| ChangeValue::of(change).cell()));
        cells
    };
    printer.csv(&header, &found.rows.iter().map(row).collect::<Vec<_>>())
}

pub(super) fn print_table(found: &Ranking, kind: Kind, by: By, printer: Printer) -> Result<(), Failure> {
    let timed = by == By::Time || found.rows.iter().any(|row| row.ms_played > 0);
    let compared = found.rows.iter().any(|row| row.change.is_some());
    let mut header = vec!["#"];
    header.extend(compared.then_some("change"));
    header.extend(named_header(kind));
    header.push("plays");
    header.extend(timed.then_some("time"));
    let row = |row: &Ranked| {
        let mut cells = vec![row.rank.to_string()];
        cells.extend(row.change.map(|change| ChangeValue::of(change).shown()));
        cells.extend(named_cells(&row.artist, row.title.as_deref()));
        cells.push(grouped(row.plays));
        cells.extend(timed.then(|| duration(row.ms_played)));
        cells
    };
    let last = header.len() - 1;
    let numbers = if timed { vec![0, last - 1, last] } else { vec![0, last] };
    printer.table(&header, &found.rows.iter().map(row).collect::<Vec<_>>(), &numbers)
}
