//! Discoveries: what was heard for the first time, and what became of it.

mod places;

use jiff::ToSpan;

use super::StatsError;
use super::as_of::AsOf;
use super::by_unit::{Count, Counter, by_unit, rank};
use super::filter::{Filter, Matches};
use super::names::Names;
use super::period::{Period, PeriodError};
use super::ranking::Kind;
use super::subjects::{Heard, Subjects, heard};
use super::unit::{Unit, UnitOfTime};
use crate::columns::{Columns, ColumnsError, Moment};
use crate::zone::Zone;
use places::{Life, lives};

/// What is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscoveryQuestion {
    /// What is discovered.
    pub kind: Kind,
    /// How many of each list are told.
    pub limit: usize,
    /// How many years before the period's beginning an oldie was first heard, at the least.
    pub years: u16,
    /// How many first places of a ranking are its top.
    pub top: usize,
}

/// Months within which a discovery is a late one.
pub const LATELY_MONTHS: i64 = 6;

/// Plays that show that a late discovery stuck.
pub const STUCK_PLAYS: u64 = 20;

/// Seconds without a play after which a favourite is forgotten: 365 days.
pub const FORGOTTEN_AFTER: i64 = 365 * 86_400;

/// First listens, and what became of them. All is said as of the end of the period, or of a history that has ended: later
/// plays are not known of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discoveries {
    /// As of when.
    pub as_of: AsOf,
    /// First heard within the period, the latest first.
    pub new: List<Discovery>,
    /// The same, those with the most plays first.
    pub favourites: List<Discovery>,
    /// New ones of each month of the period in which anything was heard.
    pub months: Vec<MonthOfNew>,
    /// Heard once, ever, and that within the period; the latest first.
    pub heard_once: List<Discovery>,
    /// First heard so many years before the period's beginning, and among the top of the period; where the period has
    /// no beginning, of the twelve months before its end. By rank.
    pub golden_oldies: List<Placed>,
    /// Among the top of a calendar year once, and not heard for [`FORGOTTEN_AFTER`]; those with the most plays first.
    pub forgotten_favourites: List<Placed>,
    /// First heard within the last [`LATELY_MONTHS`] months and since then at least [`STUCK_PLAYS`] times; those with
    /// the most plays first.
    pub stuck: List<Discovery>,
}

/// The first of several, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T> {
    /// How many there are.
    pub total: usize,
    /// The first of them.
    pub rows: Vec<T>,
}

/// One that was discovered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The artist.
    pub artist: String,
    /// The album's or track's title; `None` for artists.
    pub title: Option<String>,
    /// When it was first heard, in Unix seconds.
    pub first_at: i64,
    /// The same by the listener's wall clock, as seconds.
    pub first_local_at: i64,
    /// When it was last heard, in Unix seconds.
    pub last_at: i64,
    /// The same by the listener's wall clock, as seconds.
    pub last_local_at: i64,
    /// All its plays.
    pub plays: u64,
}

/// One that has or had a place among the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which, and when.
    pub of: Discovery,
    /// The rank; a favourite's best one.
    pub rank: usize,
    /// The calendar year of a favourite's best rank, the first of equal ones.
    pub year: Option<UnitOfTime>,
}

/// How much of a month was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthOfNew {
    /// The month.
    pub month: UnitOfTime,
    /// How many different ones were heard.
    pub heard: usize,
    /// How many of these for the first time.
    pub new: usize,
}

/// Finds first listens and what became of them. Equal ones are ordered by name in code-point order (artist, then
/// title).
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn discoveries(
    columns: &Columns,
    question: &DiscoveryQuestion,
    filter: &Filter,
    zone: &Zone,
    now: i64,
) -> Result<Discoveries, StatsError> {
    let of_period = Matches::in_calendar(columns, filter, zone, now)?;
    let period = of_period.ranges.first().cloned().unwrap_or_default();
    let so_far = Filter { period: Period::Everything, recent: None, ..filter.clone() };
    let mut history = Matches::in_calendar(columns, &so_far, zone, now)?;
    history.cut_at(period.end);
    let moments = filter.period.moments(zone, now)?;
    let as_of = AsOf::of(columns, filter, zone, now)?;
    let to = moments.to.min(as_of.at.saturating_add(1));
    let row = |moment: i64| -> Result<usize, ColumnsError> { Ok(columns.rows_between(i64::MIN, moment)?.end) };
    // Oldies are those of the period, or where it has no beginning, of the twelve months before its end.
    let beginning = match filter.recent {
        Some(_) => moment_of(columns, period.start)?.unwrap_or(to),
        None if moments.from == i64::MIN => months_before(to, 12, zone)?,
        None => moments.from,
    };
    let old = row(months_before(beginning, i64::from(question.years) * 12, zone)?)?;
    let lately = row(months_before(to, LATELY_MONTHS, zone)?)?;
    let forgotten = row(to.saturating_sub(FORGOTTEN_AFTER))?;

    let subjects = Subjects::new(columns, question.kind, &filter.counting);
    let lives = lives(columns, question.kind, &history, &subjects, period.start.max(row(beginning)?))?;
    let ids: Vec<usize> = (0..lives.len()).filter(|id| lives[*id].plays > 0).collect();
    let names = Names::read(columns, question.kind, &history, &ids)?;
    let plays = heard(columns, question.kind, &history)?;
    let is_all = of_period.ranges == history.ranges;
    let of_period = if is_all { None } else { Some(heard(columns, question.kind, &of_period)?) };
    let asked = Asked { columns, question, lives, ids, names, period: period.start };
    Ok(Discoveries {
        as_of,
        new: asked.latest(|life| life.first >= asked.period)?,
        favourites: asked.most_heard_with(|life| life.first >= asked.period)?,
        months: months(of_period.as_deref().unwrap_or(&plays), &subjects, &asked),
        heard_once: asked.latest(|life| life.plays == 1 && life.first >= asked.period)?,
        golden_oldies: asked.golden_oldies(old)?,
        forgotten_favourites: asked.forgotten(&plays, &subjects, forgotten)?,
        stuck: asked.most_heard_with(|life| life.first >= lately && life.plays >= STUCK_PLAYS)?,
    })
}

/// The moment of a dated row, where there is one.
fn moment_of(columns: &Columns, row: usize) -> Result<Option<i64>, ColumnsError> {
    let rows = row.min(columns.dated())..columns.dated().min(row.saturating_add(1));
    Ok(columns.moments(Moment::PlayedAt, rows)?.first().copied())
}

/// The same time of the day so many months of the calendar before.
fn months_before(moment: i64, months: i64, zone: &Zone) -> Result<i64, PeriodError> {
    let then = zone.wall_clock(moment).and_then(|here| here.checked_sub(months.months()).ok());
    then.and_then(|then| zone.moment(then)).ok_or(PeriodError::OutOfRange)
}

/// What was asked, and what is known of all that was heard.
struct Asked<'a> {
    columns: &'a Columns,
    question: &'a DiscoveryQuestion,
    lives: Vec<Life>,
    /// Everything that was heard, by number.
    ids: Vec<usize>,
    names: Names,
    /// The period's first row.
    period: usize,
}

impl Asked<'_> {
    fn discovery(&self, id: usize) -> Result<Discovery, ColumnsError> {
        let life = self.lives[id];
        let (artist, title) = self.names.owned(id);
        Ok(Discovery {
            artist,
            title,
            first_at: moment_of(self.columns, life.first)?.unwrap_or_default(),
            first_local_at: self.columns.moments(Moment::LocalAt, life.first..life.first + 1)?[0],
            last_at: moment_of(self.columns, life.last)?.unwrap_or_default(),
            last_local_at: self.columns.moments(Moment::LocalAt, life.last..life.last + 1)?[0],
            plays: life.plays,
        })
    }

    /// Those with such a life, the latest first.
    fn latest(&self, is_wanted: impl Fn(&Life) -> bool) -> Result<List<Discovery>, ColumnsError> {
        let mut found: Vec<usize> = self.ids.iter().copied().filter(|id| is_wanted(&self.lives[*id])).collect();
        let total = found.len();
        found.sort_unstable_by_key(|id| std::cmp::Reverse(self.lives[*id].first));
        // Those of one row are the artists of one play; those of one second are ordered by name, too.
        let mut rows: Vec<Discovery> = Vec::new();
        for id in found {
            let discovery = self.discovery(id)?;
            if rows.len() >= self.question.limit && rows.last().is_none_or(|last| last.first_at > discovery.first_at) {
                break;
            }
            rows.push(discovery);
        }
        rows.sort_by(|a, b| {
            b.first_at.cmp(&a.first_at).then_with(|| (&a.artist, &a.title).cmp(&(&b.artist, &b.title)))
        });
        rows.truncate(self.question.limit);
        Ok(List { total, rows })
    }

    /// Those of the top that were first heard before that row.
    fn golden_oldies(&self, old: usize) -> Result<List<Placed>, ColumnsError> {
        let counts = self.ids.iter().map(|id| (*id, self.lives[*id].in_period));
        let mut counts: Vec<Count> = counts.filter(|(_, plays)| *plays > 0).collect();
        rank(&mut counts, &self.names, self.question.top);
        let old: Vec<(usize, usize)> =
            (1..).zip(counts).map(|(rank, (id, _))| (rank, id)).filter(|(_, id)| self.lives[*id].first < old).collect();
        let rows = old.iter().take(self.question.limit);
        let rows = rows.map(|(rank, id)| Ok(Placed { of: self.discovery(*id)?, rank: *rank, year: None }));
        Ok(List { total: old.len(), rows: rows.collect::<Result<_, ColumnsError>>()? })
    }

    /// Those of some year's top whose last play lies before that row.
    fn forgotten(&self, plays: &[Heard], subjects: &Subjects, row: usize) -> Result<List<Placed>, ColumnsError> {
        let mut best: Vec<Option<(usize, UnitOfTime)>> = vec![None; self.lives.len()];
        let mut counter = Counter::default();
        for (year, plays) in by_unit(plays, Unit::Year) {
            let mut counts = counter.count(plays, subjects);
            rank(&mut counts, &self.names, self.question.top);
            for (place, (id, _)) in (1..).zip(counts) {
                if best[id].is_none_or(|(known, _)| place < known) {
                    best[id] = Some((place, year));
                }
            }
        }
        let is_forgotten = |id: &usize| best[*id].is_some() && self.lives[*id].last < row;
        let found: Vec<Count> =
            self.ids.iter().copied().filter(is_forgotten).map(|id| (id, self.lives[id].plays)).collect();
        let list = self.most_heard(found)?;
        let placed = |(id, of): (usize, Discovery)| best[id].map(|(rank, year)| Placed { of, rank, year: Some(year) });
        Ok(List { total: list.total, rows: list.rows.into_iter().filter_map(placed).collect() })
    }

    /// Those with such a life, the most heard first.
    fn most_heard_with(&self, is_wanted: impl Fn(&Life) -> bool) -> Result<List<Discovery>, ColumnsError> {
        let wanted = self.ids.iter().copied().filter(|id| is_wanted(&self.lives[*id]));
        let List { total, rows } = self.most_heard(wanted.map(|id| (id, self.lives[id].plays)).collect())?;
        Ok(List { total, rows: rows.into_iter().map(|(_, discovery)| discovery).collect() })
    }

    fn most_heard(&self, mut found: Vec<Count>) -> Result<List<(usize, Discovery)>, ColumnsError> {
        let total = found.len();
        rank(&mut found, &self.names, self.question.limit);
        let rows =
            found.into_iter().map(|(id, _)| Ok((id, self.discovery(id)?))).collect::<Result<_, ColumnsError>>()?;
        Ok(List { total, rows })
    }
}

/// How much of each month was new; of months that lie in the period in part, only that part.
fn months(plays: &[Heard], subjects: &Subjects, asked: &Asked<'_>) -> Vec<MonthOfNew> {
    let mut counter = Counter::default();
    let mut is_new: Vec<bool> = asked.lives.iter().map(|life| life.first >= asked.period).collect();
    let month = |(month, plays): (UnitOfTime, &[Heard])| {
        let counts = counter.count(plays, subjects);
        let new = counts.iter().filter(|(id, _)| std::mem::take(&mut is_new[*id])).count();
        MonthOfNew { month, heard: counts.len(), new }
    };
    by_unit(plays, Unit::Month).into_iter().map(month).collect()
}
