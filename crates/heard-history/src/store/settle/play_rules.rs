//! What the listener decided of single plays.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use crate::rules::{Report, Rule};

/// The rules of a listener that hold, in the order in which they were decided.
pub(super) fn rules(database: &Connection, listener: u32) -> rusqlite::Result<Vec<Rule>> {
    let mut rules = Vec::new();
    let mut found =
        database.prepare_cached("SELECT rule FROM rules WHERE listener_id = ?1 AND revoked_seq IS NULL ORDER BY id")?;
    let mut rows = found.query([listener])?;
    while let Some(row) = rows.next()? {
        // What a newer version decided and this one does not know has no effect here.
        match serde_json::from_str(row.get_ref(0)?.as_str()?) {
            Ok(rule) => rules.push(rule),
            Err(error) => tracing::warn!(%error, "a rule is not known to this version"),
        }
    }
    Ok(rules)
}

/// What the listener decided of single plays, by the numbers of their reports.
#[derive(Default)]
pub(super) struct Decided {
    /// Plays of their own.
    pub(super) own: Vec<i64>,
    /// Two reports of one play each.
    pub(super) same: Vec<(i64, i64)>,
    hidden: Vec<i64>,
}

impl Decided {
    /// Reads what holds. What was said later of a report outranks what was said before.
    pub(super) fn read(database: &Connection, listener: u32) -> rusqlite::Result<Self> {
        let rules = rules(database, listener)?;
        let numbers = numbers(database, listener, &rules)?;
        let number = |report: &Report| numbers.get(report).copied();
        let mut decided = Self::default();
        for rule in &rules {
            match rule {
                Rule::HidePlay { play } => decided.hidden.extend(number(play)),
                Rule::OwnPlay { play } => {
                    let Some(own) = number(play) else { continue };
                    decided.same.retain(|(one, other)| *one != own && *other != own);
                    decided.own.push(own);
                }
                Rule::SamePlay { one, other } => decided.same.extend(number(one).zip(number(other))),
                Rule::ShowAs { .. }
                | Rule::Split { .. }
                | Rule::SplitAt { .. }
                | Rule::Genres { .. }
                | Rule::Hide { .. }
                | Rule::Dismiss { .. }
                | Rule::Like { .. } => {}
            }
        }
        Ok(decided)
    }

    /// Whether nothing was decided of which reports tell of one play.
    pub(super) fn joins_nothing(&self) -> bool {
        self.own.is_empty() && self.same.is_empty()
    }

    /// Whether no play is hidden.
    pub(super) fn hides_nothing(&self) -> bool {
        self.hidden.is_empty()
    }

    /// The moments of reports of which the listener said that they tell of one play, however far apart they lie.
    pub(super) fn moments(&self, database: &Connection) -> rusqlite::Result<Vec<(i64, i64)>> {
        let mut found = database.prepare_cached("SELECT played_at FROM plays WHERE id = ?1 AND gone_seq IS NULL")?;
        let mut moments = Vec::new();
        for report in self.same.iter().flat_map(|(one, other)| [one, other]) {
            let moment: Option<i64> = found.query_row([report], |row| row.get(0)).optional()?;
            moments.extend(moment.map(|moment| (moment, moment)));
        }
        Ok(moments)
    }

    /// Marks hidden plays: whichever report stands for them now.
    pub(super) fn hide(&self, database: &Connection, listener: u32) -> rusqlite::Result<()> {
        let mut stands = database.prepare_cached("SELECT coalesce(same_as, id) FROM plays WHERE id = ?1")?;
        let hidden: HashSet<i64> =
            self.hidden.iter().map(|id| stands.query_row([id], |row| row.get(0))).collect::<Result<_, _>>()?;
        let was: HashSet<i64> = database
            .prepare_cached("SELECT id FROM plays WHERE hidden NOT NULL AND listener_id = ?1")?
            .query_map([listener], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut mark = database.prepare_cached("UPDATE plays SET hidden = ?2 WHERE id = ?1")?;
        for id in was.difference(&hidden) {
            mark.execute(params![id, None::<i64>])?;
        }
        for id in hidden.difference(&was) {
            mark.execute(params![id, 1])?;
        }
        Ok(())
    }
}

/// The numbers of the reports that rules name, found in one pass over all plays.
fn numbers(database: &Connection, listener: u32, rules: &[Rule]) -> rusqlite::Result<HashMap<Report, i64>> {
    let named: HashSet<Report> = rules.iter().flat_map(Rule::reports).collect();
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let seqs: BTreeSet<u64> = named.iter().map(|report| report.seq).collect();
    let seqs = serde_json::to_string(&seqs).expect("whole numbers are JSON");
    let mut found = database.prepare_cached(
        "SELECT told_seq, told_row, id FROM plays
          WHERE listener_id = ?1 AND told_seq IN (SELECT value FROM json_each(?2)) ORDER BY id DESC",
    )?;
    let mut rows = found.query(params![listener, seqs])?;
    let mut numbers = HashMap::new();
    while let Some(row) = rows.next()? {
        let report = Report { seq: row.get::<_, i64>(0)?.cast_unsigned(), row: row.get(1)? };
        if named.contains(&report) {
            numbers.insert(report, row.get(2)?);
        }
    }
    Ok(numbers)
}
