//! `heard rejects`: every row of an imported file that is no play, and why.

use heard_history::home::Home;
use heard_history::store::Left;
use heard_history::{columns, ingest, verify};
use serde::Serialize;

use super::import::last_parts;
use super::question::nothing_yet;
use crate::args::Rejects;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, grouped, several};

#[derive(Serialize)]
struct Row<'a> {
    import: u64,
    file: &'a str,
    row: u64,
    line: u64,
    reason: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Document<'a> {
    total: usize,
    rows: Vec<Row<'a>>,
}

pub(crate) fn run(args: &Rejects, config: &Config, printer: Printer) -> Result<(), Failure> {
    let home = Home::existing(&config.home).ok_or_else(|| nothing_yet(config))?;
    let lock = home.lock()?;
    verify::unseal(&home, &lock)?;
    let (store, _) = ingest::open(&home, &lock, &config.zone)?;
    let mut left = store.left_out(&config.listener, args.import, args.other)?;
    columns::refresh(&home, &lock, &store)?;
    verify::seal(&home, &lock, store)?;
    left.retain(|row| (row.kind == "other") == args.other);
    let total = left.len();
    left.truncate(args.limit);
    match printer.style {
        Style::Json => printer.json(&Document { total, rows: left.iter().map(row).collect() }),
        Style::Csv => printer.csv(
            &["import", "file", "row", "line", "reason", "text"],
            &left.iter().map(|it| cells(it, &it.text)).collect::<Vec<_>>(),
        ),
        Style::Table => {
            printer.say(&format!("{}; {} shown", several(total as u64, "row"), grouped(left.len() as u64)));
            let rows: Vec<_> = left.iter().map(shown).collect();
            printer.table(&["import", "file", "row", "line", "reason", "text"], &rows, &[0, 2, 3])
        }
    }
}

fn row(left: &Left) -> Row<'_> {
    Row {
        import: left.import,
        file: &left.file,
        row: left.row,
        line: left.line,
        reason: &left.reason,
        text: &left.text,
    }
}

/// For a person: the row on one line, and the end of the path.
fn shown(left: &Left) -> Vec<String> {
    let words: Vec<&str> = left.text.split_whitespace().collect();
    let mut cells = cells(left, &words.join(" "));
    cells[1] = last_parts(&left.file).to_owned();
    cells
}

fn cells(left: &Left, text: &str) -> Vec<String> {
    let (import, row, line) = (left.import.to_string(), left.row.to_string(), left.line.to_string());
    vec![import, left.file.clone(), row, line, left.reason.clone(), text.to_owned()]
}
