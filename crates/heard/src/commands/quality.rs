//! `heard quality`: what is doubtful in a history.

mod finding;
mod look;

use serde::Serialize;

use super::asking;
use crate::args::Quality;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, harmless};
use finding::Finding;
use look::Found;

#[derive(Serialize)]
struct Document<'a> {
    findings: &'a [Finding<'a>],
    total_plays: u64,
    period: String,
}

pub(crate) fn run(args: &Quality, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    let found = Found::look(&asked, &filter, config, args.per_hour, args.limit)?;
    let findings = found.findings(args.limit, &look::tomorrow(asked.now, config)?);
    let total_plays = found.total_plays;
    if printer.style == Style::Table {
        printer.say(&format!("What is doubtful, {}", filter.period));
    }
    if total_plays == 0 {
        asking::say_nothing_found(&asked, &filter, printer)?;
    }
    match printer.style {
        Style::Json => printer.json(&Document { findings: &findings, total_plays, period: filter.period.to_string() }),
        Style::Csv => {
            let rows: Vec<Vec<String>> = findings.iter().map(Finding::cells).collect();
            printer.csv(&["kind", "count", "plays", "share", "example", "command"], &rows)
        }
        Style::Table => {
            let doubtful: Vec<&Finding<'_>> = findings.iter().filter(|finding| finding.count > 0).collect();
            if doubtful.is_empty() {
                printer.say("Nothing is.");
            }
            let texts: Vec<String> = doubtful.into_iter().map(text).collect();
            printer.data(&texts.join("\n"))
        }
    }
}

/// What was found, examples of it, and on a line of its own the command, so that it can be pasted whole.
fn text(finding: &Finding<'_>) -> String {
    let examples = finding.examples.iter().map(|example| format!("  {}\n", harmless(&example.in_words())));
    let command = finding.command.iter().map(|command| format!("  > {}\n", harmless(command)));
    std::iter::once(format!("{}\n", finding.in_words())).chain(examples).chain(command).collect()
}
