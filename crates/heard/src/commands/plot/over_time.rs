//! Pictures with an axis of time.

use std::collections::HashMap;

use heard_history::genres::{Genre, Vocabulary};
use heard_history::stats::{
    By, ChartQuestion, DiscoveryQuestion, Filter, GenreUnit, Kind, Period, StatsError, Trend, Unit, UnitOfTime, Which,
    charts, discoveries, genres_over_time, top_over_time, trends,
};
use heard_web::chart::{Bump, BumpLine, Measure, Series, Stack, StackedArea, Timeline, TimelineShape, TimelineUnit};
use jiff::tz::TimeZone;

use super::super::genres::coverage;
use super::answers::{Asking, plays};
use super::picture::Picture;
use crate::print::several;

/// Shorter periods are drawn by day.
const BY_MONTH_FROM: i64 = 90 * 86_400;
/// More months than this are drawn by year.
const MOST_MONTHS: usize = 24;
/// Places of a race where none were asked for, and at most.
const RUNNERS: usize = 10;
/// As many as can be told apart by their colours, with everybody else.
const BANDS: usize = 6;
const MOST_RUNNERS: usize = 50;
/// Beyond so many units those before the first play are not drawn.
const MOST_UNITS: usize = 400;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Asking<'_> {
    pub(super) fn timeline(&self) -> Result<Picture, StatsError> {
        let unit = self.unit()?;
        let rows = self.trend(unit, &self.filter)?;
        let units = self.units(unit, &self.filter.period, &rows)?;
        let before = self.before(unit, units.len())?;
        let amounts = self.amounts(&rows);
        let one_year = of_one_year(&units);
        let entry = |(at, unit): (usize, &UnitOfTime)| TimelineUnit {
            label: label(*unit, one_year),
            value: amounts.get(&unit.to_string()).copied().unwrap_or(0),
            before: before.get(at).copied().flatten(),
        };
        let name_before = self.filter.period.before().map(|period| period.to_string());
        Ok(Picture::Timeline(Timeline {
            title: self.title(&format!("by {}", unit.name())),
            subtitle: self.period(),
            units: units.iter().enumerate().map(entry).collect(),
            shape: TimelineShape::Bars,
            name: self.period(),
            name_before: name_before.unwrap_or_default(),
            measure: self.measure(),
            footer: plays(rows.iter().map(|row| row.plays).sum()),
        }))
    }

    /// Days or months, by the length of the period up to now.
    fn unit(&self) -> Result<Unit, StatsError> {
        let moments = self.filter.period.moments(self.zone, self.now)?;
        let from = if moments.from == i64::MIN {
            let days = self.trend(Unit::Day, &self.filter)?;
            days.first().and_then(|row| seconds(row.unit)).unwrap_or(self.now)
        } else {
            moments.from
        };
        let short = moments.to.min(self.now.saturating_add(1)).saturating_sub(from) < BY_MONTH_FROM;
        // A period that was named has its own length, however much of it is over.
        let short = short && (moments.to == i64::MAX || moments.to.saturating_sub(from) < BY_MONTH_FROM);
        Ok(if short { Unit::Day } else { Unit::Month })
    }

    fn trend(&self, unit: Unit, filter: &Filter) -> Result<Vec<Trend>, StatsError> {
        Ok(trends(self.columns, unit, Kind::Artists, filter, self.zone, self.now, 0)?.rows)
    }

    fn amounts(&self, rows: &[Trend]) -> HashMap<String, u64> {
        rows.iter().map(|row| (row.unit.to_string(), self.amount(row.plays, row.ms_played))).collect()
    }

    /// The period's units up to now, those without plays, too; none where nothing was heard.
    fn units(&self, unit: Unit, period: &Period, rows: &[Trend]) -> Result<Vec<UnitOfTime>, StatsError> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(Vec::new());
        };
        let moments = period.moments(self.zone, self.now)?;
        let begun = self.local(moments.from).map_or(first.unit, |local| unit.at(local));
        let end = moments.to.saturating_sub(1).min(self.now);
        let over = if moments.to == i64::MAX { None } else { self.local(end) };
        let over = over.map_or(last.unit, |local| unit.at(local));
        let units = from_to(begun, over);
        if units.len() <= MOST_UNITS { Ok(units) } else { Ok(from_to(first.unit, last.unit)) }
    }

    /// The amounts of the period before, unit by unit; none where it has no plays.
    fn before(&self, unit: Unit, count: usize) -> Result<Vec<Option<u64>>, StatsError> {
        let Some(period) = self.filter.period.before() else {
            return Ok(Vec::new());
        };
        let filter = Filter { period, ..self.filter.clone() };
        let rows = self.trend(unit, &filter)?;
        let amounts = self.amounts(&rows);
        let units = self.units(unit, &filter.period, &rows)?;
        Ok(units.iter().take(count).map(|unit| Some(amounts.get(&unit.to_string()).copied().unwrap_or(0))).collect())
    }

    /// The wall clock at a moment; `None` outside the calendar.
    fn local(&self, moment: i64) -> Option<i64> {
        self.zone.wall_clock(moment).map(|_| self.zone.local(moment))
    }

    pub(super) fn race(&self) -> Result<Picture, StatsError> {
        let runners = self.limit.unwrap_or(RUNNERS).min(MOST_RUNNERS);
        let found = self.ranking(Kind::Artists, By::Plays, runners)?;
        let mut unit = Unit::Month;
        let mut units = self.units(unit, &self.filter.period, &self.trend(unit, &self.filter)?)?;
        if units.len() > MOST_MONTHS {
            unit = Unit::Year;
            units = self.units(unit, &self.filter.period, &self.trend(unit, &self.filter)?)?;
        }
        let question = ChartQuestion { kind: Kind::Artists, unit, places: runners, which: Which::All };
        let charts = charts(self.columns, &question, &self.filter, self.zone, self.now)?;
        let mut ranks: HashMap<(&str, String), u32> = HashMap::new();
        for chart in &charts {
            for row in &chart.rows {
                ranks.insert((&row.artist, chart.unit.to_string()), u32::try_from(row.rank).unwrap_or(u32::MAX));
            }
        }
        let line = |artist: &String| BumpLine {
            name: artist.clone(),
            ranks: units.iter().map(|unit| ranks.get(&(artist.as_str(), unit.to_string())).copied()).collect(),
        };
        Ok(Picture::Race(Bump {
            title: format!("Ranks of artists by {}", unit.name()),
            subtitle: self.period(),
            units: units.iter().map(|unit| label(*unit, of_one_year(&units))).collect(),
            places: u32::try_from(runners).unwrap_or(u32::MAX),
            lines: found.rows.iter().map(|row| line(&row.artist)).collect(),
            footer: format!("the most heard of {}", several(found.distinct as u64, "artist")),
        }))
    }

    /// The most heard, and everything else on top of them.
    pub(super) fn stream(&self) -> Result<Picture, StatsError> {
        let unit = self.unit()?;
        let places = self.limit.unwrap_or(BANDS).min(BANDS);
        let question = (Kind::Artists, self.by, unit);
        let found = top_over_time(self.columns, question, &self.filter, self.zone, self.now, places)?;
        let series: Vec<Series> =
            found.rows.iter().map(|row| Series { name: row.artist.clone(), values: row.by_unit.clone() }).collect();
        let named = |at: usize| series.iter().map(|series| series.values[at]).sum::<u64>();
        // Plays of two artists together count for both, so that there may be less than they have.
        let rest = (0..found.units.len()).map(|at| found.total_by_unit[at].saturating_sub(named(at))).collect();
        Ok(Picture::Stream(StackedArea {
            title: self.title(&format!("of the most heard artists by {}", unit.name())),
            subtitle: self.period(),
            units: found.units.iter().map(|unit| label(*unit, of_one_year(&found.units))).collect(),
            series,
            rest: Some(Series { name: "everybody else".to_owned(), values: rest }),
            measure: self.measure(),
            footer: String::new(),
            ..StackedArea::default()
        }))
    }

    /// The shares of the most heard genres, and of all others on top of them.
    pub(super) fn genres(&self) -> Result<Picture, StatsError> {
        let unit = self.unit()?;
        let question = (unit, self.by, self.main);
        let found = genres_over_time(self.columns, question, &self.filter, self.zone, self.now)?;
        let places = self.limit.unwrap_or(BANDS).min(BANDS);
        let first: Vec<Genre> = found.rows.iter().take(places).map(|row| row.genre).collect();
        let in_each = |is_wanted: &dyn Fn(Genre) -> bool| -> Vec<u64> {
            let amount = |unit: &GenreUnit| {
                let wanted = unit.genres.iter().filter(|row| is_wanted(row.genre));
                wanted.map(|row| self.amount(hundredths(row.plays), row.ms_played)).sum()
            };
            found.units.iter().map(amount).collect()
        };
        let name = |genre: Genre| Vocabulary::own().name_of(genre).to_owned();
        let series = first.iter().map(|genre| Series { name: name(*genre), values: in_each(&|it| it == *genre) });
        let units: Vec<UnitOfTime> = found.units.iter().map(|unit| unit.unit).collect();
        Ok(Picture::Stream(StackedArea {
            title: format!("Genres by {}", unit.name()),
            subtitle: self.period(),
            units: units.iter().map(|unit| label(*unit, of_one_year(&units))).collect(),
            series: series.collect(),
            rest: Some(Series { name: "other genres".to_owned(), values: in_each(&|it| !first.contains(&it)) }),
            stack: Stack::Shares,
            measure: if self.by == By::Plays { Measure::Hundredths } else { Measure::Time },
            footer: coverage::sentence(&found.coverage),
        }))
    }

    pub(super) fn discoveries(&self) -> Result<Picture, StatsError> {
        let question = DiscoveryQuestion { kind: Kind::Artists, limit: 0, years: 1, top: 0 };
        let found = discoveries(self.columns, &question, &self.filter, self.zone, self.now)?;
        let new: HashMap<String, u64> =
            found.months.iter().map(|month| (month.month.to_string(), month.new as u64)).collect();
        let months = match (found.months.first(), found.months.last()) {
            (Some(first), Some(last)) => from_to(first.month, last.month),
            _ => Vec::new(),
        };
        let entry = |month: &UnitOfTime| TimelineUnit {
            label: label(*month, of_one_year(&months)),
            value: new.get(&month.to_string()).copied().unwrap_or(0),
            before: None,
        };
        Ok(Picture::Timeline(Timeline {
            title: "New artists by month".to_owned(),
            subtitle: self.period(),
            units: months.iter().map(entry).collect(),
            measure: Measure::Count,
            footer: format!("{} heard for the first time", several(found.new.total as u64, "artist")),
            ..Timeline::default()
        }))
    }
}

/// All from one up to and with another; none where the other comes first.
fn from_to(first: UnitOfTime, last: UnitOfTime) -> Vec<UnitOfTime> {
    std::iter::successors(Some(first), |unit| Some(unit.next()))
        .take_while(|unit| unit.first_day() <= last.first_day())
        .collect()
}

/// Parts of plays as whole hundredths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "parts of plays are never below zero")]
fn hundredths(plays: f64) -> u64 {
    (plays * 100.0).round() as u64
}

/// When it begins by the wall clock, as seconds.
fn seconds(unit: UnitOfTime) -> Option<i64> {
    let day = unit.first_day().to_string();
    Some(day.parse::<jiff::civil::Date>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

fn of_one_year(units: &[UnitOfTime]) -> bool {
    let year = |unit: &UnitOfTime| unit.first_day().year();
    units.first().map(year) == units.last().map(year)
}

/// A unit's name for an axis, without the year where all are of one.
fn label(unit: UnitOfTime, one_year: bool) -> String {
    let first = unit.first_day();
    let month = MONTHS.get(usize::from(first.month()).saturating_sub(1)).copied().unwrap_or_default();
    match unit.unit() {
        Unit::Day => format!("{} {month}", first.day()),
        Unit::Month if one_year => month.to_owned(),
        Unit::Month => format!("{month} {}", first.year()),
        Unit::Week(_) | Unit::Year => unit.to_string(),
    }
}
