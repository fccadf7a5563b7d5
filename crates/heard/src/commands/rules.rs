//! `heard rules`: the rules made by hand.

use heard_history::rules::Rule;
use serde::Serialize;

use super::deciding::{Deciding, deciding};
use super::{sentences, suggest};
use crate::args::{Rules, RulesAction};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, by_number, grouped, harmless, moment, several};

#[derive(Serialize)]
struct Row {
    id: u64,
    decided_at: i64,
    decided_time: String,
    says: String,
    holds: bool,
    removed: bool,
    rule: Option<Rule>,
}

#[derive(Serialize)]
struct Document<'a> {
    rules: &'a [Row],
}

pub(crate) fn run(args: &Rules, config: &Config, printer: Printer) -> Result<(), Failure> {
    if let Some(RulesAction::Suggest { limit }) = &args.action {
        return suggest::show(config, printer, *limit);
    }
    deciding(config, printer, |deciding| match &args.action {
        Some(RulesAction::Remove { id, trying }) => deciding.revoke(*id, *trying),
        _ => list(deciding),
    })
}

fn list(deciding: &Deciding<'_>) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for kept in deciding.rules()? {
        let says = sentences::of_kept(&deciding.store, &kept)?;
        rows.push(Row {
            id: kept.id,
            decided_at: kept.decided_at,
            decided_time: moment(kept.decided_at),
            says,
            holds: kept.holds(),
            removed: kept.revoked,
            rule: kept.rule,
        });
    }
    let printer = deciding.printer;
    match printer.style {
        Style::Json => printer.json(&Document { rules: &rows }),
        Style::Csv => {
            let cells =
                |row: &Row| vec![row.id.to_string(), row.decided_time.clone(), row.says.clone(), row.holds.to_string()];
            printer.csv(&["id", "decided_time", "says", "holds"], &rows.iter().map(cells).collect::<Vec<_>>())
        }
        Style::Table => print_lines(&rows, printer),
    }
}

/// A line for each: a sentence that is cut off says something else.
fn print_lines(rows: &[Row], printer: Printer) -> Result<(), Failure> {
    let holding = rows.iter().filter(|row| row.holds).count() as u64;
    let (rules, hold) = (several(rows.len() as u64, "rule"), by_number(holding, "holds", "hold"));
    printer.say(&format!("{rules}, of which {} {hold}", grouped(holding)));
    let line = |row: &Row| {
        let day: String = row.decided_time.chars().take(10).collect();
        let state = match (row.holds, row.removed) {
            (true, _) => "holds",
            (false, true) => "removed",
            (false, false) => "unknown",
        };
        format!("{:>4}  {day}  {state:<7}  {}\n", row.id, harmless(&row.says))
    };
    printer.data(&rows.iter().map(line).collect::<String>())
}
