//! What depends on everything together: which reports tell of one play, and how names are shown.
//!
//! Decided anew after every change, for the stretches of time that changed; a stretch reaches up to moments at which
//! nothing sounded for so long that no decision passes them. The result is that of deciding everything at once.

mod load;
mod names;
mod play_rules;
mod shown;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::register::Names;
use crate::reconcile::{self, Verdict, Witness, reconcile};
use load::Reports;
use names::NameTables;
use play_rules::Decided;

/// What changed since names and plays were last decided.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// There are new names.
    pub(crate) names: bool,
    everything: BTreeSet<u32>,
    spans: BTreeMap<u32, Vec<(i64, i64)>>,
}

impl Touched {
    /// Reports of plays from the first to the last of these moments changed.
    pub(crate) fn moments(&mut self, listener: u32, first: i64, last: i64) {
        self.spans.entry(listener).or_default().push((first, last));
    }

    /// Everything must be decided anew.
    pub(crate) fn everything(&mut self, listener: u32) {
        self.everything.insert(listener);
    }

    /// Whether nothing depends on what changed.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.names && self.everything.is_empty() && self.spans.is_empty()
    }
}

/// Reports that are further witnesses, in a store that was filled from nothing: by their places in the list.
pub(crate) type Further = Vec<Verdict>;

/// Decides, inside the caller's transaction. `rows` are all reports, where they are at hand; otherwise they are read.
/// Returns what was found for those, and whether anything in the database changed.
pub(crate) fn settle(
    database: &Connection,
    touched: &Touched,
    rows: Option<&[Witness]>,
) -> rusqlite::Result<(Further, bool)> {
    let mut further = Vec::new();
    if touched.is_nothing() {
        return Ok((further, false));
    }
    let before = database.total_changes();
    let listeners: Vec<u32> = database
        .prepare("SELECT id FROM listeners ORDER BY id")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let at_hand = rows.filter(|_| listeners.len() == 1);
    for listener in &listeners {
        let mut settling = Settling { database, listener: *listener, names: None };
        let all = touched.everything.contains(listener);
        if all || touched.spans.contains_key(listener) {
            let spans = touched.spans.get(listener).filter(|_| !all).map(Vec::as_slice);
            further.append(&mut settling.decide_plays(at_hand, spans)?);
        }
        settling.decide_names(touched.names || all, at_hand.map(|rows| names_of_plays(rows, &further)))?;
    }
    Ok((further, database.total_changes() != before))
}

struct Settling<'c> {
    database: &'c Connection,
    listener: u32,
    names: Option<NameTables>,
}

impl Settling<'_> {
    /// Names are read once, and only where something depends on them.
    fn names(&mut self) -> rusqlite::Result<&mut NameTables> {
        let names = match self.names.take() {
            Some(names) => names,
            None => NameTables::read(self.database, self.listener)?,
        };
        Ok(self.names.insert(names))
    }

    fn decide_plays(
        &mut self,
        at_hand: Option<&[Witness]>,
        spans: Option<&[(i64, i64)]>,
    ) -> rusqlite::Result<Vec<Verdict>> {
        let (database, listener) = (self.database, self.listener);
        let decided = Decided::read(database, listener)?;
        let verdicts = self.join_reports(at_hand.map(Reports::at_hand), spans, &decided)?;
        // Of reports that were only just written, none is hidden yet.
        if at_hand.is_none() || !decided.hides_nothing() {
            decided.hide(database, listener)?;
        }
        Ok(verdicts)
    }

    fn join_reports(
        &mut self,
        at_hand: Option<Reports<'_>>,
        spans: Option<&[(i64, i64)]>,
        decided: &Decided,
    ) -> rusqlite::Result<Vec<Verdict>> {
        let (database, listener) = (self.database, self.listener);
        let fresh = at_hand.is_some();
        let (sources, can_repeat) = load::sources(database, listener)?;
        // What an undone import told may still be joined with what others tell.
        if !can_repeat && decided.joins_nothing() && (fresh || !load::anything_is_joined(database, listener)?) {
            return Ok(Vec::new());
        }
        let reports = match (at_hand, spans) {
            (Some(reports), _) => reports,
            (None, Some(spans)) => Reports::around(database, listener, &[spans, &decided.moments(database)?].concat())?,
            (None, None) => Reports::all(database, listener)?,
        };
        let overrules = reports.places(decided);
        let names = self.names()?.for_reconciling();
        let verdicts = reconcile(reports.witnesses(), &sources, &names, &overrules);
        reports.keep(database, &verdicts)?;
        Ok(if fresh { verdicts } else { Vec::new() })
    }

    fn decide_names(&mut self, changed: bool, plays: Option<impl Iterator<Item = Names>>) -> rusqlite::Result<()> {
        if !changed && !shown::anything_is_joined(self.database, self.listener)? {
            return Ok(());
        }
        let (database, listener) = (self.database, self.listener);
        shown::decide(database, listener, self.names()?, plays)
    }
}

/// What plays are called: every report but the further witnesses, which are in the order of their places.
fn names_of_plays(reports: &[Witness], further: &[Verdict]) -> impl Iterator<Item = Names> {
    let mut further = further.iter().peekable();
    (0..).zip(reports).filter_map(move |(place, report)| {
        let is_further = further.next_if(|verdict| verdict.witness == place).is_some();
        let Witness { artist, album, track, .. } = *report;
        (!is_further).then_some(Names { artist, album, track })
    })
}

/// Marks everything as decided for the store's present generation.
pub(crate) fn mark_settled(database: &Connection) -> rusqlite::Result<()> {
    database.execute("UPDATE view_state SET settled = generation", [])?;
    Ok(())
}

/// Whether the last change was followed by deciding; it was not where a run was killed between the two.
pub(crate) fn is_settled(database: &Connection) -> rusqlite::Result<bool> {
    database.query_row("SELECT settled = generation FROM view_state", [], |row| row.get(0))
}

/// Everything, for a store in which the last change was not followed by deciding.
pub(crate) fn touched_all(database: &Connection) -> rusqlite::Result<Touched> {
    let everything =
        database.prepare("SELECT id FROM listeners")?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(Touched { names: true, everything, spans: BTreeMap::new() })
}

/// Beginnings further apart than this have nothing to do with each other. One that is told to the minute may lie up to
/// 59 seconds after the moment under which it is kept.
const FAR: i64 = reconcile::FARTHEST + 59;
