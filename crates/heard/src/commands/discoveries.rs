//! `heard discoveries`: first listens, and what became of them.

use heard_history::stats::{
    Discoveries as Found, Discovery, DiscoveryQuestion, Kind, List, MonthOfNew, Placed, discoveries,
};
use serde::Serialize;

use super::asking::{self, LastListen};
use super::ranked::{Named, kind, named_cells, named_header};
use crate::args::{Discoveries, DiscoveryList};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, day, grouped, moment};

#[derive(Serialize)]
pub(super) struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<String>,
    #[serde(flatten)]
    named: Named<'a>,
    first_at: i64,
    first_time: String,
    last_at: i64,
    last_time: String,
    plays: u64,
}

#[derive(Serialize)]
struct Rows<'a> {
    total: usize,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Month {
    month: String,
    heard: usize,
    new: usize,
    new_share: f64,
}

#[derive(Serialize)]
struct Document<'a> {
    kind: &'static str,
    period: String,
    #[serde(flatten)]
    last_listen: LastListen,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Rows<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    months: Option<Vec<Month>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    heard_once: Option<Rows<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    golden_oldies: Option<Rows<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forgotten_favourites: Option<Rows<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stuck: Option<Rows<'a>>,
}

pub(crate) fn run(args: &Discoveries, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    let kind = kind(args.kind);
    let question = DiscoveryQuestion { kind, limit: args.limit, years: args.years, top: args.top };
    let found = discoveries(&asked.columns, &question, &filter, &config.zone, asked.now)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    match printer.style {
        Style::Json => printer.json(&document(&found, args.list, kind, filter.period.to_string())),
        Style::Csv => print_csv(&found, args.list.unwrap_or(DiscoveryList::New), kind, printer),
        Style::Table => {
            printer.say(&format!("Discoveries: {}, {}", kind.name(), filter.period));
            asking::say_as_of(found.as_of, printer);
            if found.months.is_empty() {
                asking::say_nothing_found(&asked, &filter, printer)?;
            }
            let wanted = |list: &DiscoveryList| args.list.is_none_or(|wanted| wanted == *list);
            let mut is_first = true;
            for list in LISTS.into_iter().filter(wanted) {
                is_first &= !print_list(&found, list, args, is_first, printer)?;
            }
            if is_first && args.list.is_some() && !found.months.is_empty() {
                printer.say("None.");
            }
            Ok(())
        }
    }
}

/// In the order in which they are printed.
const LISTS: [DiscoveryList; 6] = [
    DiscoveryList::New,
    DiscoveryList::Months,
    DiscoveryList::Stuck,
    DiscoveryList::Oldies,
    DiscoveryList::Forgotten,
    DiscoveryList::Once,
];

fn document(found: &Found, list: Option<DiscoveryList>, kind: Kind, period: String) -> Document<'_> {
    let wanted = |this: DiscoveryList| list.is_none_or(|list| list == this);
    let plain = |this, list| wanted(this).then(|| rows(list, kind));
    let placed = |this, list| wanted(this).then(|| placed_rows(list, kind));
    Document {
        kind: kind.name(),
        period,
        last_listen: LastListen::of(found.as_of),
        new: plain(DiscoveryList::New, &found.new),
        months: wanted(DiscoveryList::Months).then(|| found.months.iter().map(json_month).collect()),
        heard_once: plain(DiscoveryList::Once, &found.heard_once),
        golden_oldies: placed(DiscoveryList::Oldies, &found.golden_oldies),
        forgotten_favourites: placed(DiscoveryList::Forgotten, &found.forgotten_favourites),
        stuck: plain(DiscoveryList::Stuck, &found.stuck),
    }
}

pub(super) fn row(of: &Discovery, kind: Kind) -> Row<'_> {
    Row {
        rank: None,
        year: None,
        named: Named::new(kind, &of.artist, of.title.as_deref()),
        first_at: of.first_at,
        first_time: moment(of.first_at),
        last_at: of.last_at,
        last_time: moment(of.last_at),
        plays: of.plays,
    }
}

fn rows(list: &List<Discovery>, kind: Kind) -> Rows<'_> {
    Rows { total: list.total, rows: list.rows.iter().map(|of| row(of, kind)).collect() }
}

fn placed_row(placed: &Placed, kind: Kind) -> Row<'_> {
    let year = placed.year.map(|year| year.to_string());
    Row { rank: Some(placed.rank), year, ..row(&placed.of, kind) }
}

fn placed_rows(list: &List<Placed>, kind: Kind) -> Rows<'_> {
    Rows { total: list.total, rows: list.rows.iter().map(|placed| placed_row(placed, kind)).collect() }
}

#[expect(clippy::cast_precision_loss, reason = "names heard in a month are fewer than 2^52")]
fn share(month: &MonthOfNew) -> f64 {
    if month.heard == 0 { 0.0 } else { month.new as f64 / month.heard as f64 }
}

fn json_month(month: &MonthOfNew) -> Month {
    Month { month: month.month.to_string(), heard: month.heard, new: month.new, new_share: share(month) }
}

fn print_csv(found: &Found, list: DiscoveryList, kind: Kind, printer: Printer) -> Result<(), Failure> {
    let texts = |of: &Discovery| {
        let mut cells = named_cells(&of.artist, of.title.as_deref());
        cells.extend([of.first_at.to_string(), of.last_at.to_string(), of.plays.to_string()]);
        cells
    };
    let plain = |list: &List<Discovery>| {
        let header = [named_header(kind), &["first_at", "last_at", "plays"]].concat();
        printer.csv(&header, &list.rows.iter().map(texts).collect::<Vec<_>>())
    };
    let placed = |list: &List<Placed>| {
        let header = [&["rank", "year"], named_header(kind), &["first_at", "last_at", "plays"]].concat();
        let row = |placed: &Placed| {
            let year = placed.year.map(|year| year.to_string()).unwrap_or_default();
            [vec![placed.rank.to_string(), year], texts(&placed.of)].concat()
        };
        printer.csv(&header, &list.rows.iter().map(row).collect::<Vec<_>>())
    };
    match list {
        DiscoveryList::New => plain(&found.new),
        DiscoveryList::Once => plain(&found.heard_once),
        DiscoveryList::Stuck => plain(&found.stuck),
        DiscoveryList::Oldies => placed(&found.golden_oldies),
        DiscoveryList::Forgotten => placed(&found.forgotten_favourites),
        DiscoveryList::Months => {
            let row = |month: &MonthOfNew| {
                let share = format!("{:.4}", share(month));
                vec![month.month.to_string(), month.heard.to_string(), month.new.to_string(), share]
            };
            let rows: Vec<_> = found.months.iter().map(row).collect();
            printer.csv(&["month", "heard", "new", "new_share"], &rows)
        }
    }
}

/// The list with its title, behind an empty line where it is not the first; says whether there was anything to print.
fn print_list(
    found: &Found,
    list: DiscoveryList,
    args: &Discoveries,
    is_first: bool,
    printer: Printer,
) -> Result<bool, Failure> {
    let kind = kind(args.kind);
    let (title, total) = match list {
        DiscoveryList::New => ("New", found.new.total),
        DiscoveryList::Months => ("New by month", found.months.len()),
        DiscoveryList::Stuck => ("New, and stuck", found.stuck.total),
        DiscoveryList::Oldies => ("Golden oldies", found.golden_oldies.total),
        DiscoveryList::Forgotten => ("Forgotten favourites", found.forgotten_favourites.total),
        DiscoveryList::Once => ("Heard once", found.heard_once.total),
    };
    if total == 0 || args.limit == 0 {
        return Ok(false);
    }
    let gap = if is_first { "" } else { "\n" };
    printer.data(&format!("{gap}{title} ({})\n", grouped(total as u64)))?;
    match list {
        DiscoveryList::New => print_discoveries(&found.new, kind, printer)?,
        DiscoveryList::Stuck => print_discoveries(&found.stuck, kind, printer)?,
        DiscoveryList::Once => print_discoveries(&found.heard_once, kind, printer)?,
        DiscoveryList::Oldies => print_placed(&found.golden_oldies, kind, printer)?,
        DiscoveryList::Forgotten => print_placed(&found.forgotten_favourites, kind, printer)?,
        DiscoveryList::Months => print_months(&found.months, args.limit, printer)?,
    }
    Ok(true)
}

fn print_discoveries(list: &List<Discovery>, kind: Kind, printer: Printer) -> Result<(), Failure> {
    let header = [&["first"], named_header(kind), &["plays"]].concat();
    let row = |of: &Discovery| {
        let mut cells = vec![day(of.first_local_at)];
        cells.extend(named_cells(&of.artist, of.title.as_deref()));
        cells.push(grouped(of.plays));
        cells
    };
    printer.table(&header, &list.rows.iter().map(row).collect::<Vec<_>>(), &[header.len() - 1])
}

fn print_placed(list: &List<Placed>, kind: Kind, printer: Printer) -> Result<(), Failure> {
    let header = [&["#", "first", "last"], named_header(kind), &["plays"]].concat();
    let row = |placed: &Placed| {
        let rank = match placed.year {
            Some(year) => format!("{} in {year}", placed.rank),
            None => placed.rank.to_string(),
        };
        let mut cells = vec![rank, day(placed.of.first_local_at), day(placed.of.last_local_at)];
        cells.extend(named_cells(&placed.of.artist, placed.of.title.as_deref()));
        cells.push(grouped(placed.of.plays));
        cells
    };
    printer.table(&header, &list.rows.iter().map(row).collect::<Vec<_>>(), &[0, header.len() - 1])
}

/// The latest months.
fn print_months(months: &[MonthOfNew], limit: usize, printer: Printer) -> Result<(), Failure> {
    let months = &months[months.len().saturating_sub(limit)..];
    let row = |month: &MonthOfNew| {
        let numbers = [grouped(month.heard as u64), grouped(month.new as u64)];
        let share = format!("{:.0} %", share(month) * 100.0);
        [vec![month.month.to_string()], numbers.to_vec(), vec![share]].concat()
    };
    printer.table(&["month", "heard", "new", "share"], &months.iter().map(row).collect::<Vec<_>>(), &[1, 2, 3])
}
