//! Charts: the most heard of each week, month or year, with what became of them since.

use super::StatsError;
use super::by_unit::{Count, Counter, all_of, by_unit, last_finished, rank};
use super::filter::{Filter, Matches};
use super::names::Names;
use super::ranking::Kind;
use super::subjects::{Heard, Subjects, heard};
use super::unit::{Unit, UnitOfTime};
use crate::columns::Columns;
use crate::zone::Zone;

/// What charts are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartQuestion {
    /// What is charted.
    pub kind: Kind,
    /// A chart for each of these.
    pub unit: Unit,
    /// How many places a chart has. What has none of them is not on the chart.
    pub places: usize,
    /// Which of the charts.
    pub which: Which,
}

/// Which charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// That of the last unit that is over at the end of the period, or now.
    Last,
    /// That of this unit.
    At(UnitOfTime),
    /// All of them.
    All,
    /// All of them, the first place only.
    NumberOnes,
}

/// The chart of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The week, month or year.
    pub unit: UnitOfTime,
    /// All plays of the unit that count, on the chart or not.
    pub total_plays: u64,
    /// The places.
    pub rows: Vec<Charted>,
}

/// A place of a chart. What is said of other charts is said of those of the period, up to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charted {
    /// From 1; no two share a rank.
    pub rank: usize,
    /// The artist.
    pub artist: String,
    /// The album's or track's title; `None` for artists.
    pub title: Option<String>,
    /// Plays in this unit.
    pub plays: u64,
    /// The rank on the chart before, which is that of the last unit in which anything was heard; `None` where it was
    /// not on it.
    pub before: Option<usize>,
    /// The best rank so far.
    pub peak: usize,
    /// On how many charts so far, this one among them.
    pub times: usize,
}

/// Charts of the period's units, from the earliest to the latest. Equal plays are ordered by name in code-point order
/// (artist, then title). A unit that was asked for by itself and in which nothing was heard has an empty chart.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn charts(
    columns: &Columns,
    question: &ChartQuestion,
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<Vec<Chart>, StatsError> {
    let matches = Matches::in_calendar(columns, filter, zone, now)?;
    let subjects = Subjects::new(columns, question.kind, &filter.counting);
    let plays = heard(columns, question.kind, &matches)?;
    let names = Names::read(columns, question.kind, &matches, &all_of(&plays, &subjects))?;
    let wanted = match question.which {
        Which::All | Which::NumberOnes => None,
        Which::At(unit) => Some(unit),
        Which::Last => Some(last_finished(question.unit, &filter.period.moments(zone, now)?, zone, now)?),
    };
    let mut made = chart_by_chart(&plays, question, wanted, &subjects, &names);
    if let Some(unit) = wanted
        && made.is_empty()
    {
        made.push(Chart { unit, total_plays: 0, rows: Vec::new() });
    }
    Ok(made)
}

fn chart_by_chart(
    plays: &[Heard],
    question: &ChartQuestion,
    wanted: Option<UnitOfTime>,
    subjects: &Subjects,
    names: &Names,
) -> Vec<Chart> {
    let mut standings: Vec<Standing> = Vec::new();
    let mut counter = Counter::default();
    let mut made = Vec::new();
    let shown = if question.which == Which::NumberOnes { 1 } else { question.places };
    for (nth, (unit, plays)) in by_unit(plays, question.unit).into_iter().enumerate() {
        if wanted.is_some_and(|wanted| unit.since(wanted) > 0) {
            break;
        }
        let mut counts = counter.count(plays, subjects);
        rank(&mut counts, names, question.places);
        let mut rows = Vec::new();
        for (place, count) in counts.into_iter().enumerate() {
            let standing = standing_of(&mut standings, count.0);
            let before = standing.enter(nth, place + 1);
            if wanted.is_none_or(|wanted| wanted == unit) && place < shown {
                rows.push(charted(count, place + 1, before, standing, names));
            }
        }
        if wanted.is_none_or(|wanted| wanted == unit) {
            made.push(Chart { unit, total_plays: plays.len() as u64, rows });
        }
    }
    made
}

/// What is known of one that was on a chart.
#[derive(Clone, Copy, Default)]
struct Standing {
    peak: usize,
    times: usize,
    last_chart: usize,
    last_rank: usize,
}

impl Standing {
    /// Takes its place on a chart, and says which it had on the chart before.
    fn enter(&mut self, chart: usize, rank: usize) -> Option<usize> {
        let was_there = self.times > 0 && self.last_chart + 1 == chart;
        let before = was_there.then_some(self.last_rank);
        self.peak = if self.times == 0 { rank } else { self.peak.min(rank) };
        self.times += 1;
        (self.last_chart, self.last_rank) = (chart, rank);
        before
    }
}

fn standing_of(standings: &mut Vec<Standing>, id: usize) -> &mut Standing {
    if id >= standings.len() {
        standings.resize((id + 1).next_power_of_two(), Standing::default());
    }
    &mut standings[id]
}

fn charted((id, plays): Count, rank: usize, before: Option<usize>, standing: &Standing, names: &Names) -> Charted {
    let (artist, title) = names.owned(id);
    Charted { rank, artist, title, plays, before, peak: standing.peak, times: standing.times }
}
