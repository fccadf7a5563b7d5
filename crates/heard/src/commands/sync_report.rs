//! What a sync came to, for people and for programs.

use heard_history::collect::{CollectError, Report};
use heard_history::listen::Span;
use serde::Serialize;

use crate::exit::{Code, Failure, worst};
use crate::print::{Printer, Style, by_number, grouped, moment, several, warn};

#[derive(Serialize)]
struct Document {
    accounts: Vec<AccountDocument>,
}

#[derive(Serialize)]
struct AccountDocument {
    service: &'static str,
    user: String,
    requests: u64,
    plays_new: u64,
    duplicates: u64,
    renamed: u64,
    gone: u64,
    undated: u64,
    rejects: u64,
    service_total: Option<u64>,
    stored_total: u64,
    complete: bool,
    gaps: Vec<Gap>,
    suspects: Vec<SuspectDocument>,
}

#[derive(Serialize)]
struct Gap {
    from_at: i64,
    from_time: String,
    to_at: i64,
    to_time: String,
    reason: String,
}

#[derive(Serialize)]
struct SuspectDocument {
    from_at: i64,
    to_at: i64,
    plays: u64,
    seen_at: i64,
    seen_time: String,
}

/// Prints the reports. The exit code is that of the worst of them.
pub(crate) fn print(reports: Vec<Report>, printer: Printer) -> Result<(), Failure> {
    match printer.style {
        Style::Json => printer.json(&Document { accounts: reports.iter().map(document).collect() })?,
        Style::Table | Style::Csv => reports.iter().for_each(|report| say(report, printer)),
    }
    worst(reports.into_iter().map(judge))
}

fn document(report: &Report) -> AccountDocument {
    AccountDocument {
        service: report.account.service.name(),
        user: report.account.user.clone(),
        requests: report.requests,
        plays_new: report.applied.plays_new,
        duplicates: report.applied.duplicates,
        renamed: report.applied.renamed,
        gone: report.applied.gone,
        undated: report.undated,
        rejects: report.rejects,
        service_total: report.service_total,
        stored_total: report.stored_total,
        complete: report.is_complete(),
        gaps: report.open.iter().map(|open| gap(open.span, &open.reason)).collect(),
        suspects: report
            .suspects
            .iter()
            .map(|s| SuspectDocument {
                from_at: s.span.from,
                to_at: s.span.to,
                plays: s.removals,
                seen_at: s.seen_at,
                seen_time: moment(s.seen_at),
            })
            .collect(),
    }
}

fn gap(span: Span, reason: &str) -> Gap {
    Gap {
        from_at: span.from,
        from_time: moment(span.from),
        to_at: span.to,
        to_time: moment(span.to),
        reason: reason.to_owned(),
    }
}

fn say(report: &Report, printer: Printer) {
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
    let applied = &report.applied;
    let mut parts = vec![format!("{} new", grouped(applied.plays_new))];
    for (number, word) in [(applied.renamed, "renamed"), (applied.gone, "gone"), (report.rejects, "rejected")] {
        if number > 0 {
            parts.push(format!("{} {word}", grouped(number)));
        }
    }
    printer.say(&format!(
        "{}: {}; {} kept, {} of them undated ({})",
        report.account,
        parts.join(", "),
        several(report.stored_total, "play"),
        grouped(report.undated),
        several(report.requests, "request")
    ));
    if report.is_complete() {
        let total = report.service_total.map(grouped).unwrap_or_default();
        printer.say(&format!("{}: complete: the service counts {total}, and so do we", report.account));
    }
    for open in &report.open {
        let (from, to) = (moment(open.span.from), moment(open.span.to));
        warn(&format!("gap: {from} to {to}: {}", open.reason));
    }
    for suspect in &report.suspects {
        warn(&format!(
            "in doubt: the service no longer shows {} between {} and {} (seen {}); {} kept",
            several(suspect.removals, "play"),
            moment(suspect.span.from),
            moment(suspect.span.to),
            moment(suspect.seen_at),
            by_number(suspect.removals, "it is", "they are")
        ));
    }
}

fn judge(report: Report) -> Result<(), Failure> {
    let complete = report.is_complete();
    match report.stopped {
        Some(CollectError::Interrupted) => Err(CollectError::Interrupted.into()),
        Some(error) => Err(error.into()),
        None if complete => Ok(()),
        None if !report.suspects.is_empty() => Err(Failure::new(
            Code::TryAgain,
            format!("{}: plays are in doubt, so the history is not proven", report.account),
        )
        .hint("run this again after a day; if you deleted them yourself: heard sync --confirm-removals")),
        None => Err(Failure::new(Code::TryAgain, format!("{}: not complete yet", report.account))
            .hint("everything read so far is kept; run the same command again later")),
    }
}
