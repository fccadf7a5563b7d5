//! `heard charts`: the most heard of each week, month or year.

mod weekly;

use heard_history::stats::{Chart, ChartQuestion, Charted, Kind, Unit, Which, charts};
use jiff::civil::Weekday;
use serde::Serialize;

use super::asking;
use super::ranked::{ChangeValue, Named, kind, named_cells, named_header, unit, week_start};
use crate::args::Charts;
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, grouped, several};

#[derive(Serialize)]
struct Row<'a> {
    rank: usize,
    change: ChangeValue,
    #[serde(flatten)]
    named: Named<'a>,
    plays: u64,
    rank_before: Option<usize>,
    peak: usize,
    charts: usize,
}

#[derive(Serialize)]
struct OneChart<'a> {
    at: String,
    from: String,
    to: String,
    total_plays: u64,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    kind: &'static str,
    unit: &'static str,
    places: usize,
    charts: Vec<OneChart<'a>>,
}

pub(crate) fn run(args: &Charts, config: &Config, printer: Printer) -> Result<(), Failure> {
    let question = asked_for(args, config)?;
    if args.service {
        return weekly::run(args, question.kind, question.which, config, printer);
    }
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    let found = charts(&asked.columns, &question, &filter, &config.zone, asked.now)?;
    let kind = question.kind;
    match printer.style {
        Style::Json => printer.json(&Document {
            kind: kind.name(),
            unit: question.unit.name(),
            places: question.places,
            charts: found.iter().map(|chart| json_chart(chart, kind)).collect(),
        }),
        Style::Csv => {
            let header = [&["at", "rank", "change"], named_header(kind), &["plays", "peak", "charts"]].concat();
            let rows = found.iter().flat_map(|chart| chart.rows.iter().map(|row| csv_row(chart, row)));
            printer.csv(&header, &rows.collect::<Vec<_>>())
        }
        Style::Table => {
            if found.iter().all(|chart| chart.rows.is_empty()) {
                asking::say_nothing_found(&asked, &filter, printer)?;
            }
            match question.which {
                Which::NumberOnes => print_number_ones(&found, &question, printer),
                _ => found.iter().try_for_each(|chart| print_chart(chart, &question, printer)),
            }
        }
    }
}

fn asked_for(args: &Charts, config: &Config) -> Result<ChartQuestion, Failure> {
    let week_start = week_start(args.week_start, config);
    let flags = [false, args.by_week, args.by_month, args.by_year];
    let at = args.at.as_ref().map(|text| {
        let at = Unit::parse(text, week_start).ok().filter(|at| at.unit() != Unit::Day);
        let at = at.filter(|at| unit(flags, week_start, at.unit()) == at.unit());
        at.ok_or_else(|| no_unit(text, flags))
    });
    let (unit, which) = match at.transpose()? {
        Some(at) => (at.unit(), Which::At(at)),
        None => {
            let which = if args.all { Which::NumberOnes } else { Which::Last };
            (unit(flags, week_start, Unit::Week(week_start)), which)
        }
    };
    Ok(ChartQuestion { kind: kind(args.kind), unit, places: args.limit, which })
}

fn no_unit(text: &str, flags: [bool; 4]) -> Failure {
    let (wanted, example) = match flags {
        [_, true, ..] => ("week", "--by-week --at 2024-W09"),
        [_, _, true, _] => ("month", "--by-month --at 2024-02"),
        [.., true] => ("year", "--by-year --at 2024"),
        _ => ("week, month or year", "--at 2024-W09, or --at 2024-02, or --at 2024"),
    };
    Failure::new(Code::Usage, format!("--at {text:?} is no {wanted}")).hint(format!("heard charts {example}"))
}

fn change(row: &Charted) -> ChangeValue {
    ChangeValue::since(row.before, row.rank, row.times > 1)
}

fn json_chart(chart: &Chart, kind: Kind) -> OneChart<'_> {
    OneChart {
        at: chart.unit.to_string(),
        from: chart.unit.first_day().to_string(),
        to: chart.unit.next().first_day().to_string(),
        total_plays: chart.total_plays,
        rows: chart.rows.iter().map(|row| json_row(row, kind)).collect(),
    }
}

fn json_row(row: &Charted, kind: Kind) -> Row<'_> {
    Row {
        rank: row.rank,
        change: change(row),
        named: Named::new(kind, &row.artist, row.title.as_deref()),
        plays: row.plays,
        rank_before: row.before,
        peak: row.peak,
        charts: row.times,
    }
}

fn csv_row(chart: &Chart, row: &Charted) -> Vec<String> {
    let mut cells = vec![chart.unit.to_string(), row.rank.to_string(), change(row).cell()];
    cells.extend(named_cells(&row.artist, row.title.as_deref()));
    cells.extend([row.plays.to_string(), row.peak.to_string(), row.times.to_string()]);
    cells
}

/// What the chart is called: an ISO week by its number, any other by its first day, too.
fn called(chart: &Chart) -> String {
    match chart.unit.unit() {
        Unit::Week(Weekday::Monday) | Unit::Month | Unit::Year | Unit::Day => chart.unit.to_string(),
        Unit::Week(_) => format!("{} (from {})", chart.unit, chart.unit.first_day()),
    }
}

fn print_chart(chart: &Chart, question: &ChartQuestion, printer: Printer) -> Result<(), Failure> {
    let (kind, unit) = (question.kind, question.unit.name());
    printer.say(&format!("Chart of {}, {} ({})", kind.name(), called(chart), several(chart.total_plays, "play")));
    if chart.rows.is_empty() {
        printer.say(&format!("heard charts --all lists every {unit} with plays."));
        return Ok(());
    }
    let units = format!("{unit}s");
    let header = [&["#", "change"], named_header(kind), &["plays", "peak", units.as_str()]].concat();
    let row = |row: &Charted| {
        let mut cells = vec![row.rank.to_string(), change(row).shown()];
        cells.extend(named_cells(&row.artist, row.title.as_deref()));
        cells.extend([grouped(row.plays), row.peak.to_string(), grouped(row.times as u64)]);
        cells
    };
    let last = header.len() - 1;
    printer.table(&header, &chart.rows.iter().map(row).collect::<Vec<_>>(), &[0, last - 2, last - 1, last])
}

fn print_number_ones(found: &[Chart], question: &ChartQuestion, printer: Printer) -> Result<(), Failure> {
    let (kind, unit) = (question.kind, question.unit.name());
    printer.say(&format!("First of {} in each of {} {unit}s with plays", kind.name(), grouped(found.len() as u64)));
    let units = format!("{unit}s");
    let header = [&[unit], named_header(kind), &["plays", units.as_str()]].concat();
    let rows = found.iter().flat_map(|chart| chart.rows.iter().map(move |row| (chart, row)));
    let row = |(chart, row): (&Chart, &Charted)| {
        let mut cells = vec![chart.unit.to_string()];
        cells.extend(named_cells(&row.artist, row.title.as_deref()));
        cells.extend([grouped(row.plays), grouped(row.times as u64)]);
        cells
    };
    let last = header.len() - 1;
    printer.table(&header, &rows.map(row).collect::<Vec<_>>(), &[last - 1, last])
}
