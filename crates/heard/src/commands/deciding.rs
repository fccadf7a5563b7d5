//! What every command needs that decides by hand: an open home, names that are there, rules kept or only tried.

use heard_api::Clock;
use heard_history::decide::decide;
use heard_history::facts::Decision;
use heard_history::home::{Home, HomeLock};
use heard_history::identity::{NameKey, key};
use heard_history::rules::{Name, Report, Rule};
use heard_history::store::{KeptRule, Missing, Store};
use heard_history::{columns, ingest, verify};
use serde::Serialize;

use super::dry_run;
use super::question::nothing_yet;
use super::sentences;
use crate::args::Trying;
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, harmless};

/// A home in which decisions can be made.
pub(super) struct Deciding<'a> {
    home: Home,
    lock: HomeLock,
    pub(super) store: Store,
    pub(super) config: &'a Config,
    pub(super) printer: Printer,
}

/// One rule of `--json`.
#[derive(Serialize)]
struct Row {
    id: u64,
    says: String,
}

/// What was decided, as `--json` tells it.
#[derive(Default, Serialize)]
struct Document {
    rules: Vec<Row>,
    removed: Vec<Row>,
}

/// Opens the home, lets `work` decide, and closes it: whatever came of it, the columns match the store, and both are
/// sealed.
pub(super) fn deciding(
    config: &Config,
    printer: Printer,
    work: impl FnOnce(&mut Deciding<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let home = Home::existing(&config.home).ok_or_else(|| nothing_yet(config))?;
    let lock = home.lock()?;
    verify::unseal(&home, &lock)?;
    let (store, _) = ingest::open(&home, &lock, &config.zone)?;
    let mut deciding = Deciding { home, lock, store, config, printer };
    let worked = work(&mut deciding);
    let closed = deciding.close();
    worked.and(closed)
}

impl Deciding<'_> {
    fn close(self) -> Result<(), Failure> {
        columns::refresh(&self.home, &self.lock, &self.store)?;
        verify::seal(&self.home, &self.lock, self.store)?;
        Ok(())
    }

    pub(super) fn rules(&self) -> Result<Vec<KeptRule>, Failure> {
        Ok(self.store.rules(&self.config.listener)?)
    }

    /// Refuses a name that no play bears and of which no rule speaks: it is a slip of the pen.
    pub(super) fn must_bear(&self, name: &Name) -> Result<(), Failure> {
        let speaks = |kept: &KeptRule| kept.holds() && kept.rule.as_ref().is_some_and(|rule| speaks_of(rule, name));
        if self.rules()?.iter().any(speaks) {
            return Ok(());
        }
        match self.store.missing(&self.config.listener, name)? {
            None => Ok(()),
            Some(missing) => Err(not_borne(&missing)),
        }
    }

    /// The reports of a play, the one that stands for it first.
    pub(super) fn reports_of(&self, play: u64) -> Result<(Report, Vec<Report>), Failure> {
        let mut reports = self.store.reports(&self.config.listener, play)?.into_iter();
        let first = reports.next().ok_or_else(|| {
            Failure::new(Code::BadInput, format!("there is no play {play}"))
                .hint("heard listens --json gives every play's id; ids change when the history is made anew")
        })?;
        Ok((first, reports.collect()))
    }

    /// Keeps rules, or shows what they would change. What a rule says already is not said again.
    pub(super) fn make(&mut self, rules: Vec<Rule>, trying: Trying) -> Result<(), Failure> {
        let kept = self.rules()?;
        refuse_rings(&kept, &rules)?;
        let mut fresh = Vec::new();
        for rule in rules {
            match said_by(&kept, &rule) {
                Some(id) => self.printer.say(&format!("rule {id} says so already")),
                None => fresh.push(Decision::Rule { rule }),
            }
        }
        if trying.dry_run {
            return self.show_what_would_change(&fresh);
        }
        let ids = self.decide(&fresh)?;
        let mut made = Vec::new();
        for rule in self.rules()?.iter().filter(|rule| ids.contains(&rule.id)) {
            made.push(self.row(rule)?);
        }
        self.tell(&Document { rules: made, ..Document::default() })
    }

    /// Takes a rule back, or shows what would change.
    pub(super) fn revoke(&mut self, id: u64, trying: Trying) -> Result<(), Failure> {
        let kept = self.rules()?;
        let unknown =
            || Failure::new(Code::Usage, format!("there is no rule {id}")).hint("heard rules list gives their numbers");
        let rule = kept.iter().find(|rule| rule.id == id).ok_or_else(unknown)?;
        let decision = (!rule.revoked).then_some(Decision::RevokeRule { rule: id });
        if decision.is_none() {
            self.printer.say(&format!("rule {id} is removed already"));
        }
        if trying.dry_run {
            return self.show_what_would_change(decision.as_slice());
        }
        self.decide(decision.as_slice())?;
        let removed = decision.map(|_| self.row(rule)).transpose()?;
        self.tell(&Document { removed: removed.into_iter().collect(), ..Document::default() })
    }

    fn decide(&mut self, decisions: &[Decision]) -> Result<Vec<u64>, Failure> {
        if decisions.is_empty() {
            return Ok(Vec::new());
        }
        let now = Clock::system().now();
        Ok(decide(&self.home, &self.lock, &mut self.store, &self.config.listener, decisions, now)?)
    }

    fn show_what_would_change(&self, decisions: &[Decision]) -> Result<(), Failure> {
        columns::refresh(&self.home, &self.lock, &self.store)?;
        dry_run::show(&self.home, self.config, decisions, self.printer)
    }

    fn row(&self, kept: &KeptRule) -> Result<Row, Failure> {
        Ok(Row { id: kept.id, says: sentences::of_kept(&self.store, kept)? })
    }

    fn tell(&self, document: &Document) -> Result<(), Failure> {
        let Document { rules, removed } = document;
        match self.printer.style {
            Style::Json => self.printer.json(document),
            Style::Csv => {
                let rows: Vec<_> =
                    rules.iter().chain(removed).map(|row| vec![row.id.to_string(), row.says.clone()]).collect();
                self.printer.csv(&["id", "says"], &rows)
            }
            Style::Table => {
                for Row { id, says } in rules {
                    self.printer.say(&format!("rule {id}: {says}; heard rules remove {id} takes it back"));
                }
                for Row { id, says } in removed {
                    self.printer.say(&format!("rule {id} is removed: {says}"));
                }
                Ok(())
            }
        }
    }
}

fn not_borne(missing: &Missing) -> Failure {
    let failure = Failure::new(Code::BadInput, format!("no play bears {}", sentences::name(&missing.name)));
    let nearest: Vec<String> = missing.nearest.iter().map(|name| format!("\"{}\"", harmless(name))).collect();
    match (nearest.is_empty(), &missing.name) {
        (false, _) => failure.hint(format!("names like it: {}", nearest.join(", "))),
        (true, Name::Artist { .. }) => failure.hint("heard top artists -n 1000 lists names"),
        (true, name) => {
            let kind = name.kind();
            failure.hint(format!("heard top {kind}s -n 1000 --artist '{}' lists titles", harmless(name.artist())))
        }
    }
}

fn speaks_of(rule: &Rule, name: &Name) -> bool {
    match rule {
        Rule::ShowAs { from, to } => from.iter().chain([to]).any(|it| is_same(it, name)),
        Rule::Hide { name: of } | Rule::Dismiss { name: of } | Rule::Like { name: of } => is_same(of, name),
        Rule::Split { artist, into } => {
            name.title().is_none() && into.iter().chain([artist]).any(|it| key(it) == key(name.artist()))
        }
        Rule::Genres { artist, .. } => name.title().is_none() && key(artist) == key(name.artist()),
        Rule::SplitAt { .. } | Rule::HidePlay { .. } | Rule::SamePlay { .. } | Rule::OwnPlay { .. } => false,
    }
}

/// The rule that says this already, where no later one says something else of the same names or plays.
fn said_by(kept: &[KeptRule], rule: &Rule) -> Option<u64> {
    let of = subjects(rule);
    let latest =
        |kept: &&KeptRule| kept.rule.as_ref().is_some_and(|other| subjects(other).iter().any(|it| of.contains(it)));
    let latest = kept.iter().rev().filter(|kept| kept.holds()).find(latest)?;
    let says_so = match (latest.rule.as_ref(), rule) {
        (Some(Rule::Like { name: one }), Rule::Like { name: other })
        | (Some(Rule::Dismiss { name: one }), Rule::Dismiss { name: other }) => is_same(one, other),
        (latest, rule) => latest == Some(rule),
    };
    says_so.then_some(latest.id)
}

/// Of what a rule speaks, so that rules can contradict each other only where these are the same.
fn subjects(rule: &Rule) -> Vec<String> {
    let of_name = |name: &Name| [name.kind(), &key(name.artist()), &key(name.title().unwrap_or_default())].join("\0");
    match rule {
        Rule::ShowAs { from, .. } => from.iter().map(|name| format!("show\0{}", of_name(name))).collect(),
        Rule::Split { artist, .. } => vec![format!("split\0{}", key(artist))],
        Rule::SplitAt { .. } => vec!["split at".to_owned()],
        Rule::Genres { artist, .. } => vec![format!("genres\0{}", key(artist))],
        Rule::Hide { name } => vec![format!("hide\0{}", of_name(name))],
        Rule::Dismiss { name } | Rule::Like { name } => vec![format!("feedback\0{}", of_name(name))],
        Rule::HidePlay { play } => vec![format!("hide {}:{}", play.seq, play.row)],
        Rule::SamePlay { .. } | Rule::OwnPlay { .. } => {
            rule.reports().map(|report| format!("play {}:{}", report.seq, report.row)).collect()
        }
    }
}

/// Refuses to show a name as one that is itself shown as the first.
fn refuse_rings(kept: &[KeptRule], rules: &[Rule]) -> Result<(), Failure> {
    for rule in rules {
        let Rule::ShowAs { from, to } = rule else { continue };
        let Some((id, end)) = followed(kept, to) else { continue };
        if from.iter().any(|name| is_same(name, &end)) {
            let says = format!("{} is shown as {} by rule {id}", sentences::name(to), sentences::name(&end));
            return Err(Failure::new(Code::BadInput, says).hint(format!("heard rules remove {id}")));
        }
    }
    Ok(())
}

/// What a name is shown as in the end, and the last rule on the way.
fn followed(kept: &[KeptRule], name: &Name) -> Option<(u64, Name)> {
    let mut end: Option<(u64, Name)> = None;
    for _ in 0..kept.len() {
        let at = end.as_ref().map_or(name, |(_, name)| name);
        let next = kept.iter().rev().filter(|kept| kept.holds()).find_map(|kept| match &kept.rule {
            Some(Rule::ShowAs { from, to }) if from.iter().any(|name| is_same(name, at)) => Some((kept.id, to.clone())),
            _ => None,
        });
        match next {
            Some((_, to)) if is_same(&to, at) => break,
            Some(next) => end = Some(next),
            None => break,
        }
    }
    end
}

fn is_same(one: &Name, other: &Name) -> bool {
    NameKey::of(one) == NameKey::of(other)
}
