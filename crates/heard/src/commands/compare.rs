//! `heard compare`: two histories side by side.

mod document;
mod other;

use heard_history::stats::{By, CompareQuestion, Compared, Comparison, Kind, List, Overlap, Side, compare};

use super::ranked::{kind, named_cells, named_header};
use super::{asking, question};
use crate::args::Compare;
use crate::config::Config;
use crate::exit::Failure;
use crate::plot::fit;
use crate::print::{Printer, Style, duration, grouped, harmless, several};
use other::Other;

/// Columns of a terminal that the head of a column takes at most.
const HEADING: usize = 24;

pub(crate) fn run(args: &Compare, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    let other = Other::find(&args.with, &asked.columns, config, printer)?;
    let theirs = other.filter(&filter);
    let sides = [
        Side { columns: &asked.columns, filter: &filter },
        Side { columns: other.columns(&asked.columns), filter: &theirs },
    ];
    let asked_for = CompareQuestion { kind: kind(args.kind), by: question::by(args.by), limit: args.limit };
    let found = compare(sides, &asked_for, &config.zone, asked.now)?;
    question::say_what_is_left_out(&asked, &filter, printer);
    let names = [config.listener.as_str(), other.name()];
    for (name, plays) in names.iter().zip(found.plays) {
        if plays == 0 {
            printer.say(&format!("No plays of {name} count here."));
        }
    }
    match printer.style {
        Style::Json => printer.json(&document::of(&found, asked_for.kind, names, &other, &filter)),
        Style::Csv => print_csv(&found, asked_for.kind, printer),
        Style::Table if found.plays.contains(&0) => asking::say_who_may_be_meant(&asked, &filter, printer),
        Style::Table => {
            printer.say(&format!("{} and {}, {}", names[0], names[1], filter.period));
            let names = [names[0], other.heading()].map(|name| fit(&harmless(name), HEADING));
            let names = names.each_ref().map(String::as_str);
            print_overlaps(&found, names, printer)?;
            print_lists(&found, &asked_for, names, printer)
        }
    }
}

/// The lists by the names that `--json` and `--csv` give them.
fn lists(found: &Comparison) -> [(&'static str, &List<Compared>); 3] {
    [("shared", &found.shared), ("only_listener", &found.only[0]), ("only_other", &found.only[1])]
}

fn print_csv(found: &Comparison, kind: Kind, printer: Printer) -> Result<(), Failure> {
    let numbers = ["plays", "other_plays", "ms_played", "other_ms_played"];
    let header = [&["list", "rank"], named_header(kind), &numbers].concat();
    let row = |list: &str, rank: usize, row: &Compared| {
        let mut cells = vec![list.to_owned(), rank.to_string()];
        cells.extend(named_cells(&row.artist, row.title.as_deref()));
        cells.extend([row.plays, row.ms_played].concat().iter().map(u64::to_string));
        cells
    };
    let rows = |(name, list): &(&'static str, &List<Compared>)| {
        (1..).zip(&list.rows).map(|(rank, it)| row(name, rank, it)).collect::<Vec<_>>()
    };
    printer.csv(&header, &lists(found).iter().flat_map(rows).collect::<Vec<_>>())
}

/// Hundredths, rounded to whole ones.
fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn print_overlaps(found: &Comparison, names: [&str; 2], printer: Printer) -> Result<(), Failure> {
    let row = |what: &str, of: &Overlap| {
        let [one, other] = of.of.map(|number| grouped(number as u64));
        vec![what.to_owned(), one, other, grouped(of.shared as u64), percent(of.jaccard())]
    };
    let plays = |what: &str, [one, other]: [u64; 2]| {
        vec![what.to_owned(), grouped(one), grouped(other), String::new(), String::new()]
    };
    let rows = [
        plays("plays", found.plays),
        plays("same listens", found.same_listens.map(|of| of.same)),
        row("artists", &found.artists),
        row("albums", &found.albums),
        row("tracks", &found.tracks),
    ];
    printer.table(&["", names[0], names[1], "both", "in common"], &rows, &[1, 2, 3, 4])?;
    let common = percent(found.common_share);
    printer.data(&format!("\nSimilarity: {:.0} of 100; {common} of the listening in common\n", found.similarity))
}

fn print_lists(
    found: &Comparison,
    question: &CompareQuestion,
    [one, other]: [&str; 2],
    printer: Printer,
) -> Result<(), Failure> {
    let CompareQuestion { kind, by, .. } = *question;
    let titles = ["Both".to_owned(), format!("Only {one}"), format!("Only {other}")];
    let sides = [&[0, 1][..], &[0], &[1]];
    for (((_, list), title), sides) in lists(found).into_iter().zip(titles).zip(sides) {
        if list.rows.is_empty() {
            continue;
        }
        let total = several(list.total as u64, kind.name().trim_end_matches('s'));
        printer.data(&format!("\n{title} ({total})\n"))?;
        let mut header = vec!["#"];
        header.extend(named_header(kind));
        header.extend(sides.iter().map(|side| [one, other][*side]));
        let rows: Vec<_> = (1..).zip(&list.rows).map(|(rank, row)| cells(rank, row, sides, by)).collect();
        let numbers = std::iter::once(0).chain(header.len() - sides.len()..header.len()).collect::<Vec<_>>();
        printer.table(&header, &rows, &numbers)?;
    }
    Ok(())
}

fn cells(rank: usize, row: &Compared, sides: &[usize], by: By) -> Vec<String> {
    let mut cells = vec![rank.to_string()];
    cells.extend(named_cells(&row.artist, row.title.as_deref()));
    cells.extend(sides.iter().map(|side| match by {
        By::Plays => grouped(row.plays[*side]),
        By::Time => duration(row.ms_played[*side]),
    }));
    cells
}
