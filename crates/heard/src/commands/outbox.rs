//! `heard outbox`: what waits to be sent, and what became of the rest.

use heard_api::Clock;
use heard_history::home::Home;
use heard_history::outbox::{Fate, Outbox, Plan, Target, TargetState};
use serde::Serialize;

use super::question::nothing_yet;
use super::sending::{How, deliver_all_with, judge, limits, say, waiting};
use super::sent_rows;
use crate::args::{self, OutboxAction, Reaching};
use crate::config::Config;
use crate::exit::{Code, Failure, worst};
use crate::print::{Printer, Style, grouped, moment, several};

#[derive(Serialize)]
struct Document {
    targets: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    service: &'static str,
    user: String,
    root: String,
    waiting: u64,
    accepted: u64,
    ignored: u64,
    parked: u64,
    paused: Option<String>,
    paused_at: Option<i64>,
    /// How many of those that wait go today.
    today: u64,
    days: u64,
    too_late: u64,
    opens_at: Option<i64>,
}

pub(crate) fn run(args: &args::Outbox, config: &Config, printer: Printer) -> Result<(), Failure> {
    let home = Home::existing(&config.home).ok_or_else(|| nothing_yet(config))?;
    let lock = home.lock()?;
    let mut outbox = Outbox::open(&home, &lock)?;
    match &args.action {
        None => print_targets(&mut outbox, config, printer),
        Some(OutboxAction::List { state, limit, after }) => {
            list(&mut outbox, state.as_deref(), *limit, *after, config, printer)
        }
        Some(OutboxAction::Send(reaching)) => send(&mut outbox, reaching, config, printer),
        Some(OutboxAction::Retry { id }) => retry(&mut outbox, *id, printer),
        Some(OutboxAction::Drop { id }) => park(&mut outbox, *id, printer),
    }
}

fn targets(outbox: &mut Outbox, config: &Config) -> Result<Vec<TargetState>, Failure> {
    let mut targets = outbox.targets()?;
    targets.retain(|known| known.target.account.listener == config.listener);
    Ok(targets)
}

fn print_targets(outbox: &mut Outbox, config: &Config, printer: Printer) -> Result<(), Failure> {
    let now = Clock::system().now();
    let mut rows = Vec::new();
    for known in targets(outbox, config)? {
        let plan = outbox.plan(&known.target, &limits(&known.target), now)?;
        rows.push((known, plan));
    }
    match printer.style {
        Style::Json => printer.json(&Document { targets: rows.iter().map(row).collect() }),
        Style::Csv => {
            let header = ["service", "user", "root", "waiting", "accepted", "ignored", "parked", "today", "days"];
            let cells = |known: &(TargetState, Plan)| {
                let Row { service, user, root, waiting, accepted, ignored, parked, today, days, .. } = row(known);
                let numbers = [waiting, accepted, ignored, parked, today, days].map(|number| number.to_string());
                [service.to_owned(), user, root].into_iter().chain(numbers).collect()
            };
            printer.csv(&header, &rows.iter().map(cells).collect::<Vec<_>>())
        }
        Style::Table => {
            if rows.is_empty() {
                printer.say("nothing waits, and nothing was ever sent; heard scrobble sends a listen");
            }
            let cells = |(known, plan): &(TargetState, Plan)| {
                let counts = known.counts;
                let numbers = [counts.undelivered(), counts.accepted, counts.ignored, counts.parked].map(grouped);
                let end = known.paused.as_ref().map_or_else(|| in_words(plan), |(why, _)| format!("paused: {why}"));
                [known.target.account.to_string()].into_iter().chain(numbers).chain([end]).collect()
            };
            let header = ["account", "waiting", "accepted", "ignored", "parked", ""];
            printer.table(&header, &rows.iter().map(cells).collect::<Vec<_>>(), &[1, 2, 3, 4])
        }
    }
}

fn row((known, plan): &(TargetState, Plan)) -> Row {
    let Target { account, root } = &known.target;
    Row {
        service: account.service.name(),
        user: account.user.clone(),
        root: root.clone(),
        waiting: known.counts.undelivered(),
        accepted: known.counts.accepted,
        ignored: known.counts.ignored,
        parked: known.counts.parked,
        paused: known.paused.as_ref().map(|(why, _)| why.clone()),
        paused_at: known.paused.as_ref().map(|(_, at)| *at),
        today: plan.now,
        days: plan.days,
        too_late: plan.too_late,
        opens_at: plan.opens_at,
    }
}

/// When everything will be there, for people.
fn in_words(plan: &Plan) -> String {
    if plan.undelivered == 0 {
        return String::new();
    }
    let begin = match plan.opens_at {
        Some(at) => format!("none before {}", moment(at)),
        None if plan.days == 0 => "all of them today".to_owned(),
        None => format!("{} today", grouped(plan.now)),
    };
    let end = if plan.days == 0 { String::new() } else { format!(", done in {}", several(plan.days, "day")) };
    let late = if plan.too_late == 0 { String::new() } else { format!(", {} too late", grouped(plan.too_late)) };
    begin + &end + &late
}

fn list(
    outbox: &mut Outbox,
    state: Option<&str>,
    limit: u32,
    after: i64,
    config: &Config,
    printer: Printer,
) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for known in targets(outbox, config)? {
        let entries = outbox.list(&known.target, state, after, limit.saturating_add(1))?;
        rows.extend(entries.into_iter().map(|entry| (known.target.clone(), entry)));
    }
    rows.sort_by_key(|(_, entry)| entry.id);
    let shown = rows.get(..limit as usize).unwrap_or(&rows);
    sent_rows::print(shown, printer)?;
    if let Some((_, last)) = shown.last().filter(|_| shown.len() < rows.len()) {
        let state = state.map(|state| format!(" --state {state}")).unwrap_or_default();
        printer.say(&format!("more follow: heard outbox list{state} -n {limit} --after {}", last.id));
    }
    Ok(())
}

fn send(outbox: &mut Outbox, reaching: &Reaching, config: &Config, printer: Printer) -> Result<(), Failure> {
    let destinations = waiting(&targets(outbox, config)?, reaching, config)?;
    if destinations.is_empty() {
        printer.say("nothing waits");
    }
    let how = How { read_back: reaching.verify, quiet: printer.quiet };
    let reports = deliver_all_with(outbox, &destinations, how)?;
    say(&reports, printer);
    print_targets(outbox, config, printer)?;
    worst(reports.into_iter().map(judge))
}

fn retry(outbox: &mut Outbox, id: i64, printer: Printer) -> Result<(), Failure> {
    let entry = outbox.row(id)?.ok_or_else(|| unknown(id))?;
    if !outbox.retry(id)? {
        return Err(not_so(id, &sent_rows::in_words(&entry), "only what was ignored or parked can be tried again"));
    }
    printer.say(&format!("{id} waits again; heard outbox send sends it"));
    Ok(())
}

fn park(outbox: &mut Outbox, id: i64, printer: Printer) -> Result<(), Failure> {
    let entry = outbox.row(id)?.ok_or_else(|| unknown(id))?;
    if !matches!(entry.fate, Fate::Waiting | Fate::InFlight) {
        return Err(not_so(id, &sent_rows::in_words(&entry), "only what waits can be dropped"));
    }
    outbox.park(&entry, "dropped by the listener", Clock::system().now())?;
    printer.say(&format!("{id} is not sent; heard outbox retry {id} lets it wait again"));
    Ok(())
}

fn unknown(id: i64) -> Failure {
    Failure::new(Code::Usage, format!("there is no listen {id} in the outbox")).hint("heard outbox list names them")
}

fn not_so(id: i64, state: &str, rule: &str) -> Failure {
    Failure::new(Code::Usage, format!("listen {id}: {state}; {rule}")).hint("heard outbox list tells what became of it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_said_in_words() {
        let plan = Plan { undelivered: 9_000, now: 412, days: 9, budget: Some(1_000), ..Plan::default() };
        assert_eq!(in_words(&plan), "412 today, done in 9 days");
        assert_eq!(in_words(&Plan { too_late: 1_200, ..plan }), "412 today, done in 9 days, 1,200 too late");
        let closed = Plan { now: 0, days: 1, opens_at: Some(1_777_636_800), ..plan };
        assert_eq!(in_words(&closed), "none before 2026-05-01T12:00:00Z, done in 1 day");
        assert_eq!(in_words(&Plan { undelivered: 3, now: 3, ..Plan::default() }), "all of them today");
        assert_eq!(in_words(&Plan::default()), "");
    }
}
