//! A year in review: the answers of other questions, put together.

use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

use super::StatsError;
use super::calendar::{CalendarDay, calendar};
use super::clock::{ClockFace, clock};
use super::comeback::{Comeback, comeback};
use super::discoveries::{Discovery, DiscoveryQuestion, discoveries};
use super::filter::{By, Counting, Filter, Matches};
use super::milestones::{Milestone, MilestoneKind, Round, milestones};
use super::numbers::{Faithful, Numbers, numbers};
use super::period::{Date, Period};
use super::ranking::{Kind, Ranking, ranking};
use super::sessions::{Session, SessionOrder, sessions};
use super::streaks::{Streak, streaks};
use super::top_over_time::stretches;
use super::trends::{Trend, trends};
use super::unit::Unit;
use crate::columns::Columns;
use crate::listen::{FIRST_PLAUSIBLE, FUTURE_GRACE, Span};
use crate::zone::Zone;

/// How many places each of the rankings has.
pub const WRAPPED_PLACES: usize = 5;

/// The silence that ends a sitting: 20 minutes, in milliseconds.
pub const SITTING_GAP_MS: u64 = 20 * 60_000;

/// A period in review, usually a year.
///
/// Everything is told as of the period's end: later plays are not known of. Plays without a moment and those of wrong
/// clocks are not counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrapped {
    /// What is reviewed.
    pub period: Period,
    /// What the rankings are by.
    pub by: By,
    /// Whether the period has ended by now.
    pub is_over: bool,
    /// The period in numbers; of its lists, the first row.
    pub numbers: Numbers,
    /// The most heard artists, up to [`WRAPPED_PLACES`]. Ranks change since the period before only where anything was
    /// heard in it.
    pub artists: Ranking,
    /// The most heard albums.
    pub albums: Ranking,
    /// The most heard tracks.
    pub tracks: Ranking,
    /// How many artists were heard for the first time.
    pub new_artists: usize,
    /// The most heard of these.
    pub discovery: Option<Discovery>,
    /// Who came back after the longest silence.
    pub comeback: Option<Comeback>,
    /// When in the day, and on which weekday.
    pub clock: ClockFace,
    /// The days; of a year all of them.
    pub days: Vec<CalendarDay>,
    /// The months from the first to the last with plays.
    pub months: Vec<Trend>,
    /// The longest streak of days within the period.
    pub streak: Option<Streak>,
    /// The longest sitting; [`SITTING_GAP_MS`] of silence end one.
    pub sitting: Option<Session>,
    /// Round numbers of all listens so far that were reached in the period, of artists' listens, too, and anniversaries.
    pub milestones: Vec<Milestone>,
    /// The period before, where there is one and anything was heard in it.
    pub before: Option<Before>,
}

/// The period before the one in review.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// Which.
    pub period: Period,
    /// The same in numbers.
    pub numbers: Numbers,
    /// Its months from the first to the last with plays.
    pub months: Vec<Trend>,
}

impl Wrapped {
    /// The month with most plays, the earliest of equal ones.
    #[must_use]
    pub fn top_month(&self) -> Option<&Trend> {
        self.months.iter().rev().max_by_key(|month| month.plays)
    }

    /// The day with most plays, the earliest of equal ones.
    #[must_use]
    pub fn busiest_day(&self) -> Option<&CalendarDay> {
        self.days.iter().rev().max_by_key(|day| day.amount.plays).filter(|day| day.amount.plays > 0)
    }

    /// The artist heard in most weeks, then the one with most plays.
    #[must_use]
    pub fn most_loyal(&self) -> Option<&Faithful> {
        self.numbers.weeks.first()
    }

    /// The hour of the day with most plays and these; the earliest of equal ones.
    #[must_use]
    pub fn peak_hour(&self) -> Option<(usize, u64)> {
        peak(&self.clock.hours().map(|hour| hour.plays))
    }

    /// The weekday with most plays, from 0 for Monday, and these; the earliest of equal ones.
    #[must_use]
    pub fn peak_weekday(&self) -> Option<(usize, u64)> {
        peak(&self.clock.weekdays().map(|day| day.plays))
    }
}

fn peak(plays: &[u64]) -> Option<(usize, u64)> {
    plays.iter().copied().enumerate().rev().max_by_key(|(_, plays)| *plays).filter(|(_, plays)| *plays > 0)
}

/// Reviews the filter's period.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn wrapped(columns: &Columns, by: By, filter: &Filter, zone: &Zone, now: i64) -> Result<Wrapped, StatsError> {
    let counting = Counting { undated: false, implausible: false, ..filter.counting };
    let filter = &Filter { counting, ..filter.clone() };
    let question = DiscoveryQuestion { kind: Kind::Artists, limit: 1, years: 1, top: 1 };
    let top = |kind| ranking(columns, kind, by, filter, zone, now, WRAPPED_PLACES);
    // A dozen questions that know nothing of each other.
    let mut review = thread::scope(|scope| {
        let new = scope.spawn(|| discoveries(columns, &question, filter, zone, now));
        let milestones = scope.spawn(|| reached(columns, filter, zone, now));
        let comeback = scope.spawn(|| comeback(columns, filter, zone, now));
        let before = scope.spawn(|| before(columns, filter, zone, now));
        let tops = scope.spawn(|| Ok::<_, StatsError>([top(Kind::Artists)?, top(Kind::Albums)?, top(Kind::Tracks)?]));
        let numbers = numbers(columns, filter, zone, now, 1)?;
        let sittings = sessions(columns, SITTING_GAP_MS, SessionOrder::Length, filter, zone, now, 1)?;
        let clock = clock(columns, filter, zone, now)?;
        let days = calendar(columns, filter, zone, now)?;
        let months = months(columns, filter, zone, now)?;
        let streak = streaks(columns, filter, zone, now, 1)?.longest.into_iter().next();
        let [artists, albums, tracks] = joined(tops)?;
        let new = joined(new)?;
        Ok::<_, StatsError>(Wrapped {
            period: filter.period,
            by,
            is_over: filter.period.moments(zone, now)?.to <= now,
            numbers,
            artists,
            albums,
            tracks,
            new_artists: new.new.total,
            discovery: new.favourites.rows.into_iter().next(),
            comeback: joined(comeback)?,
            clock,
            days,
            months,
            streak,
            sitting: sittings.rows.into_iter().next(),
            milestones: joined(milestones)?,
            before: joined(before)?,
        })
    })?;
    if review.before.is_none() {
        let rankings = [&mut review.artists, &mut review.albums, &mut review.tracks];
        rankings.into_iter().flat_map(|ranking| &mut ranking.rows).for_each(|row| row.change = None);
    }
    Ok(review)
}

/// What a thread came to. Its panic goes on in the one that waits for it.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

fn months(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Vec<Trend>, StatsError> {
    Ok(trends(columns, Unit::Month, Kind::Artists, filter, zone, now, 0)?.rows)
}

fn before(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Option<Before>, StatsError> {
    let Some(period) = filter.period.before().filter(|_| filter.recent.is_none()) else { return Ok(None) };
    let filter = Filter { period, ..filter.clone() };
    let numbers = numbers(columns, &filter, zone, now, 0)?;
    if numbers.plays == 0 {
        return Ok(None);
    }
    Ok(Some(Before { period, numbers, months: months(columns, &filter, zone, now)? }))
}

/// The milestones of the whole history that lie in the period.
fn reached(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<Vec<Milestone>, StatsError> {
    let plausible = Span::new(FIRST_PLAUSIBLE, now.saturating_add(FUTURE_GRACE));
    let span = filter.period.moments(zone, now)?.meet(&plausible);
    if span.is_empty() {
        return Ok(Vec::new());
    }
    let days = Date::at(span.from, zone)?..=Date::at(span.to - 1, zone)?;
    let so_far = Filter { period: Period::Everything, recent: None, ..filter.clone() };
    let kinds = [MilestoneKind::Anniversary, MilestoneKind::Listen, MilestoneKind::Artist];
    let mut found = milestones(columns, &kinds, Round::Usual, &so_far, zone, now)?;
    found.retain(|it| it.played_at.map_or_else(|| days.contains(&it.day), |at| span.contains(at)));
    Ok(found)
}

/// The year to review where none is named: the last one with plays that is over, the present one from December on, and
/// where there is no such year the last one with plays. Where nothing was heard it is the last one that is over, or
/// the present one in December.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read.
pub fn year_to_review(columns: &Columns, filter: &Filter, zone: &Zone, now: i64) -> Result<i16, StatsError> {
    let everything = Filter { period: Period::Everything, ..filter.clone() };
    let matches = Matches::in_calendar(columns, &everything, zone, now)?;
    let mut years = stretches(columns, &matches, Unit::Year, zone)?;
    years.retain(|(_, rows)| matches.rows_within(rows).next().is_some());
    let mut years: Vec<i16> = years.iter().map(|(year, _)| year.first_day().year()).collect();
    // Where a clock was set back at the turn of a year, a year comes twice.
    years.sort_unstable();
    let today = Date::at(now, zone)?;
    let last = if today.month() == 12 { today.year() } else { today.year() - 1 };
    Ok(years.iter().copied().rfind(|year| *year <= last).or(years.last().copied()).unwrap_or(last))
}
