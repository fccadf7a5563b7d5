//! A service's own weekly charts beside ours, and why they differ.

use std::collections::{BTreeMap, HashSet};

use crate::identity::NameKey;
use crate::rules::Name;
use crate::store::{ChartReport, Names, ToldChart};

/// Why the service counts another number of plays than we do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Plays too short to count here.
    Short,
    /// Plays that a rule hides.
    Hidden,
    /// Plays that are shown with another name.
    ShownAsOther,
    /// Plays that were told with another name.
    ToldAsOther,
    /// Several reports of the account that tell of one play.
    OnePlay,
    /// Plays that other sources told, and the account did not.
    OtherSource,
    /// Plays that the account once told and no longer shows; its chart still has them.
    Gone,
    /// Plays that the account tells without a moment: here they are in no week.
    Undated,
    /// What nothing here explains: plays that were not collected, or that came to the account after its chart was made.
    Unexplained,
}

impl Cause {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Hidden => "hidden",
            Self::ShownAsOther => "shown_as_other",
            Self::ToldAsOther => "told_as_other",
            Self::OnePlay => "one_play",
            Self::OtherSource => "other_source",
            Self::Gone => "gone",
            Self::Undated => "undated",
            Self::Unexplained => "unexplained",
        }
    }
}

/// One artist, album or track on both charts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedRow {
    /// Which; as the service writes it where it is on its chart.
    pub name: Name,
    /// Its rank on the service's chart, from 1.
    pub rank: Option<usize>,
    /// Its plays on the service's chart.
    pub theirs: u64,
    /// Our plays.
    pub ours: u64,
    /// What the service counts more because of each cause, or less where it is below 0. They add up to the difference.
    pub causes: Vec<(Cause, i64)>,
}

/// A chart of the service beside ours of the same span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedChart {
    /// The rows of the service's chart in its order, then what only we count, the most played first.
    pub rows: Vec<ComparedRow>,
    /// All plays on the service's chart.
    pub theirs: u64,
    /// All our plays of the span; of several artists of one play each is counted.
    pub ours: u64,
    /// How many rows are the same on both sides.
    pub agreeing: usize,
}

/// What is known of one name.
#[derive(Default)]
struct Tally {
    name: Option<Name>,
    rank: Option<usize>,
    theirs: u64,
    ours: u64,
    /// What the reports explain.
    causes: BTreeMap<Cause, i64>,
}

/// Compares a chart with the reports of its span; a play shorter than `min_played_ms` does not count here. `undated` are
/// the account's plays without a moment.
#[must_use]
pub fn compare_chart(
    chart: &ToldChart,
    reports: &[ChartReport],
    undated: &[Names],
    min_played_ms: i64,
) -> ComparedChart {
    let mut tallies: BTreeMap<NameKey, Tally> = BTreeMap::new();
    for (rank, (name, plays)) in (1..).zip(&chart.rows) {
        let tally = tally_of(&mut tallies, name);
        tally.rank.get_or_insert(rank);
        tally.theirs += plays;
    }
    let mut seen = HashSet::new();
    for report in reports {
        count(&mut tallies, chart.kind, report, min_played_ms, &mut seen);
    }
    for name in undated.iter().filter_map(|names| named(chart.kind, names)) {
        tally_of(&mut tallies, &name).add(Cause::Undated, 1);
    }
    let mut rows: Vec<ComparedRow> = tallies.into_values().filter_map(Tally::row).collect();
    let order = |row: &ComparedRow| (row.rank.unwrap_or(usize::MAX), std::cmp::Reverse(row.ours));
    rows.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.name.cmp(&b.name)));
    ComparedChart {
        theirs: rows.iter().map(|row| row.theirs).sum(),
        ours: rows.iter().map(|row| row.ours).sum(),
        agreeing: rows.iter().filter(|row| row.theirs == row.ours).count(),
        rows,
    }
}

/// Counts one report: for the name under which the service counts it, and for those under which we do.
fn count(
    tallies: &mut BTreeMap<NameKey, Tally>,
    kind: &str,
    report: &ChartReport,
    min_played_ms: i64,
    seen: &mut HashSet<i64>,
) {
    let told = named(kind, &report.reported).filter(|_| report.of_account);
    if let Some(cause) = left_out(report, min_played_ms, seen) {
        if let Some(told) = &told {
            tally_of(tallies, told).add(cause, 1);
        }
        return;
    }
    let told_key = told.as_ref().map(NameKey::of);
    let shown: Vec<Name> = report.shown.iter().filter_map(|names| named(kind, names)).collect();
    let is_told = |name: &Name| told_key.as_ref() == Some(&NameKey::of(name));
    if let Some(told) = &told
        && !shown.iter().any(is_told)
    {
        tally_of(tallies, told).add(Cause::ShownAsOther, 1);
    }
    for name in &shown {
        let tally = tally_of(tallies, name);
        tally.ours += 1;
        if !report.of_account {
            tally.add(Cause::OtherSource, -1);
        } else if !is_told(name) {
            tally.add(Cause::ToldAsOther, -1);
        }
    }
}

/// Why a report counts for nothing here, where it does.
fn left_out(report: &ChartReport, min_played_ms: i64, seen: &mut HashSet<i64>) -> Option<Cause> {
    if report.is_gone {
        Some(Cause::Gone)
    } else if report.is_hidden {
        Some(Cause::Hidden)
    } else if report.ms_played.is_some_and(|ms| ms < min_played_ms) {
        Some(Cause::Short)
    } else {
        (!seen.insert(report.play)).then_some(Cause::OnePlay)
    }
}

fn tally_of<'a>(tallies: &'a mut BTreeMap<NameKey, Tally>, name: &Name) -> &'a mut Tally {
    let tally = tallies.entry(NameKey::of(name)).or_default();
    tally.name.get_or_insert_with(|| name.clone());
    tally
}

fn named(kind: &str, names: &Names) -> Option<Name> {
    let artist = names.artist.clone();
    match kind {
        "album" => Some(Name::Album { artist, title: names.album.clone().filter(|title| !title.is_empty())? }),
        "track" => Some(Name::Track { artist, title: names.track.clone() }),
        _ => Some(Name::Artist { artist }),
    }
}

impl Tally {
    fn add(&mut self, cause: Cause, plays: i64) {
        *self.causes.entry(cause).or_default() += plays;
    }

    /// The row, where either side counts anything. What is gone, and what has no moment, explains no more than is there to
    /// be explained: the chart may have been made after the one had gone, and the other may belong to any week.
    fn row(mut self) -> Option<ComparedRow> {
        let name = self.name.take().filter(|_| self.theirs > 0 || self.ours > 0)?;
        let perhaps =
            [Cause::Gone, Cause::Undated].map(|cause| (cause, self.causes.remove(&cause).unwrap_or_default()));
        let mut left = signed(self.theirs) - signed(self.ours) - self.causes.values().sum::<i64>();
        let mut causes: Vec<(Cause, i64)> = self.causes.into_iter().collect();
        for (cause, most) in perhaps {
            let plays = most.min(left).max(0);
            causes.push((cause, plays));
            left -= plays;
        }
        causes.push((Cause::Unexplained, left));
        causes.retain(|(_, plays)| *plays != 0);
        Some(ComparedRow { name, rank: self.rank, theirs: self.theirs, ours: self.ours, causes })
    }
}

fn signed(plays: u64) -> i64 {
    i64::try_from(plays).unwrap_or(i64::MAX)
}
