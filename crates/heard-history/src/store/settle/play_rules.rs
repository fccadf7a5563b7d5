//! What the listener decided of single plays.

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

/// The moments of reports of which the listener said that they tell of one play, however far apart they lie.
pub(super) fn moments(database: &Connection, overruled: &[(i64, Option<i64>)]) -> rusqlite::Result<Vec<(i64, i64)>> {
    let mut moment = database.prepare_cached("SELECT played_at FROM plays WHERE id = ?1 AND gone_seq IS NULL")?;
    let mut moments = Vec::new();
    for (one, other) in overruled {
        for report in other.iter().chain([one]).filter(|_| other.is_some()) {
            let at: Option<i64> = moment.query_row([report], |row| row.get(0)).optional()?;
            moments.extend(at.map(|at| (at, at)));
        }
    }
    Ok(moments)
}

/// Marks hidden plays, and returns which reports the listener decided on: one alone for a play of its own, or two of one
/// play. By their numbers.
pub(super) fn apply(database: &Connection, listener: u32) -> rusqlite::Result<Vec<(i64, Option<i64>)>> {
    let mut overruled = Vec::new();
    let mut hidden = Vec::new();
    for rule in rules(database, listener)? {
        match rule {
            Rule::HidePlay { play } => hidden.extend(number(database, play)?),
            Rule::OwnPlay { play } => {
                if let Some(own) = number(database, play)? {
                    // What was said later of a report outranks what was said before.
                    overruled.retain(|(one, other)| other.is_none_or(|other| *one != own && other != own));
                    overruled.push((own, None));
                }
            }
            Rule::SamePlay { one, other } => {
                if let (Some(one), Some(other)) = (number(database, one)?, number(database, other)?) {
                    overruled.push((one, Some(other)));
                }
            }
            Rule::ShowAs { .. } | Rule::Split { .. } | Rule::SplitAt { .. } | Rule::Hide { .. } => {}
        }
    }
    let was: Vec<i64> = database
        .prepare_cached("SELECT id FROM plays WHERE hidden NOT NULL AND listener_id = ?1")?
        .query_map([listener], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut mark = database.prepare_cached("UPDATE plays SET hidden = ?2 WHERE id = ?1")?;
    for id in was.iter().filter(|id| !hidden.contains(id)) {
        mark.execute(params![id, None::<i64>])?;
    }
    for id in hidden.iter().filter(|id| !was.contains(id)) {
        mark.execute(params![id, 1])?;
    }
    Ok(overruled)
}

fn number(database: &Connection, report: Report) -> rusqlite::Result<Option<i64>> {
    database
        .prepare_cached("SELECT id FROM plays WHERE told_seq = ?1 AND told_row = ?2")?
        .query_row(params![report.seq.cast_signed(), report.row], |row| row.get(0))
        .optional()
}
