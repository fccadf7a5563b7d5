//! What enriching came to, for people and for programs.

use heard_history::enrich::{CoverReport, Report, Unanswered, UnansweredCover};
use serde::Serialize;

use crate::exit::{Code, Failure, worst};
use crate::print::{Printer, Style, grouped, harmless, several, warn};

#[derive(Default, Serialize)]
struct Document {
    asked: u64,
    known: u64,
    unknown: u64,
    contradictions: u64,
    unchanged: u64,
    left: u64,
    waiting: u64,
    requests: u64,
    unanswered: Vec<UnansweredDocument>,
    not_offered: Vec<&'static str>,
    /// Where covers are wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    covers: Option<CoversDocument>,
}

#[derive(Default, Serialize)]
struct CoversDocument {
    asked: u64,
    kept: u64,
    none: u64,
    left: u64,
    unanswered: Vec<UnansweredCoverDocument>,
}

#[derive(Serialize)]
struct UnansweredCoverDocument {
    address: String,
    reason: String,
}

#[derive(Serialize)]
struct UnansweredDocument {
    method: &'static str,
    name: String,
    title: String,
    asked: String,
    reason: String,
}

/// Questions in vain that are named to a person; the rest is counted.
const NAMED: usize = 10;

/// Prints the reports, with `covers` where they are wanted. The exit code is that of the worst of them.
pub(crate) fn print(reports: Vec<Report>, covers: bool, printer: Printer) -> Result<(), Failure> {
    let mut document = reports.iter().fold(Document::default(), add);
    document.covers = covers.then(|| reports.iter().fold(CoversDocument::default(), add_covers));
    reports.iter().for_each(|report| warn_of(report, printer));
    match printer.style {
        Style::Json => printer.json(&document)?,
        Style::Table | Style::Csv => say(&document, printer),
    }
    worst(reports.into_iter().map(judge))
}

fn add(mut document: Document, report: &Report) -> Document {
    document.asked += report.asked;
    document.known += report.answers.known;
    document.unknown += report.answers.unknown;
    document.contradictions += report.answers.contradictions;
    document.unchanged += report.answers.unchanged;
    document.left += report.left;
    document.waiting += report.waiting.len() as u64;
    document.requests += report.requests;
    document.unanswered.extend(report.waiting.iter().map(unanswered));
    document.not_offered.extend(&report.not_offered);
    document
}

fn add_covers(mut document: CoversDocument, report: &Report) -> CoversDocument {
    let CoverReport { asked, kept, none, left, waiting } = &report.covers;
    document.asked += asked;
    document.kept += kept;
    document.none += none;
    document.left += left;
    let unanswered = |UnansweredCover { address, reason }: &UnansweredCover| UnansweredCoverDocument {
        address: address.clone(),
        reason: reason.clone(),
    };
    document.unanswered.extend(waiting.iter().map(unanswered));
    document
}

fn unanswered(Unanswered { question, reason }: &Unanswered) -> UnansweredDocument {
    UnansweredDocument {
        method: question.call.method(),
        name: question.thing.name.clone(),
        title: question.thing.title.clone(),
        asked: question.asked(),
        reason: reason.clone(),
    }
}

fn warn_of(report: &Report, printer: Printer) {
    if let Some(cut) = &report.cut {
        warn(&format!(
            "note: the last run was cut off in the middle of a write; its {} unfinished bytes lie in {}",
            grouped(cut.bytes),
            cut.kept.display()
        ));
    }
    for damage in &report.damage {
        warn(&format!("warning: {damage}"));
    }
    for (seq, why) in &report.unread {
        warn(&format!("warning: envelope {seq} cannot be read: {why}"));
    }
    if !report.not_offered.is_empty() {
        let methods: Vec<&str> = report.not_offered.iter().copied().collect();
        printer.say(&format!("note: the service does not offer {}", methods.join(", ")));
    }
    for Unanswered { question, reason } in report.waiting.iter().take(NAMED) {
        let names = [question.thing.name.as_str(), question.thing.title.as_str(), &question.asked()];
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        warn(&format!("no answer: {} {}: {reason}", question.call.method(), names.join(" – ")));
    }
    for UnansweredCover { address, reason } in report.covers.waiting.iter().take(NAMED) {
        warn(&harmless(&format!("no cover from {address}: {reason}")));
    }
}

fn say(document: &Document, printer: Printer) {
    say_questions(document, printer);
    if let Some(CoversDocument { asked, kept, none, left, .. }) = &document.covers {
        printer.say(&format!(
            "{} asked for: {} kept, {} without a picture; {} left",
            several(*asked, "cover"),
            grouped(*kept),
            grouped(*none),
            grouped(*left)
        ));
    }
}

fn say_questions(document: &Document, printer: Printer) {
    if document.asked == 0 && document.left == 0 {
        printer.say("nothing to ask: everything that was heard is known");
        return;
    }
    let mut parts =
        vec![format!("{} known", grouped(document.known)), format!("{} unknown", grouped(document.unknown))];
    for (number, words) in [
        (document.contradictions, "about something else"),
        (document.unchanged, "as before"),
        (document.waiting, "without an answer"),
    ] {
        if number > 0 {
            parts.push(format!("{} {words}", grouped(number)));
        }
    }
    printer.say(&format!(
        "{} asked: {} ({}); {} left",
        several(document.asked, "question"),
        parts.join(", "),
        several(document.requests, "request"),
        grouped(document.left)
    ));
}

fn judge(report: Report) -> Result<(), Failure> {
    match report.stopped {
        Some(error) => Err(error.into()),
        None if report.waiting.is_empty() && report.covers.waiting.is_empty() => Ok(()),
        None => {
            let nouns = [("question", report.waiting.len()), ("cover", report.covers.waiting.len())];
            let counts = nouns.iter().filter(|(_, count)| *count > 0).map(|(noun, count)| several(*count as u64, noun));
            let count = counts.collect::<Vec<_>>().join(" and ");
            Err(Failure::new(Code::TryAgain, format!("{count} got no answer"))
                .hint("everything else is kept; run the same command again later"))
        }
    }
}
