//! From the answers of the statistics to the content of pictures.

use heard_history::columns::Columns;
use heard_history::stats::{
    Amount, By, Date, Filter, Kind, Milestone, MilestoneKind, Period, Ranked, Ranking, Round, StatsError, calendar,
    clock, milestones, ranking, wrapped, year_to_review,
};
use heard_history::zone::Zone;
use heard_web::chart::{self, BarRow, Calendar, Clock, Measure, Milestones, Punchcard, RankedBars};
use heard_web::pages::{milestone_words, wrapped_card};
use jiff::civil;

use super::picture::Picture;
use crate::args::PlotKind;
use crate::print::{duration, grouped, several};

/// Places where none were asked for.
const PLACES: usize = 20;

/// A question to be drawn.
pub(super) struct Asking<'a> {
    pub(super) columns: &'a Columns,
    pub(super) zone: &'a Zone,
    pub(super) now: i64,
    pub(super) filter: Filter,
    pub(super) by: By,
    /// Whether kinds of a genre are the main genre above them.
    pub(super) main: bool,
    pub(super) limit: Option<usize>,
    /// 0 for Monday.
    pub(super) week_start: u8,
}

impl Asking<'_> {
    /// The content of that picture.
    pub(super) fn picture(&self, kind: PlotKind) -> Result<Picture, StatsError> {
        match kind {
            PlotKind::TopArtists => self.top(Kind::Artists),
            PlotKind::TopAlbums => self.top(Kind::Albums),
            PlotKind::TopTracks => self.top(Kind::Tracks),
            PlotKind::Clock => self.clock(),
            PlotKind::Punchcard => self.punchcard(),
            PlotKind::Calendar => self.calendar(),
            PlotKind::Timeline => self.timeline(),
            PlotKind::Race => self.race(),
            PlotKind::Stream => self.stream(),
            PlotKind::Genres => self.genres(),
            PlotKind::Discoveries => self.discoveries(),
            PlotKind::Milestones => self.milestones(),
            PlotKind::Wrapped => self.wrapped(),
        }
    }

    /// What the amounts are.
    pub(super) fn measure(&self) -> Measure {
        match self.by {
            By::Plays => Measure::Count,
            By::Time => Measure::Time,
        }
    }

    pub(super) fn amount(&self, plays: u64, ms_played: u64) -> u64 {
        match self.by {
            By::Plays => plays,
            By::Time => ms_played,
        }
    }

    /// "Plays by hour", or "Time played by hour".
    pub(super) fn title(&self, rest: &str) -> String {
        let measured = match self.by {
            By::Plays => "Plays",
            By::Time => "Time played",
        };
        format!("{measured} {rest}")
    }

    pub(super) fn period(&self) -> String {
        self.filter.period.to_string()
    }

    pub(super) fn ranking(&self, kind: Kind, by: By, limit: usize) -> Result<Ranking, StatsError> {
        ranking(self.columns, kind, by, &self.filter, self.zone, self.now, limit)
    }

    fn top(&self, kind: Kind) -> Result<Picture, StatsError> {
        let found = self.ranking(kind, self.by, self.limit.unwrap_or(PLACES))?;
        Ok(Picture::Bars(bars(&found, kind, self.by, &self.period())))
    }

    fn hours(&self, amounts: [Amount; 24]) -> [u64; 24] {
        amounts.map(|amount| self.amount(amount.plays, amount.ms_played))
    }

    fn clock(&self) -> Result<Picture, StatsError> {
        let face = clock(self.columns, &self.filter, self.zone, self.now)?;
        Ok(Picture::Clock(Clock {
            title: self.title("by hour of the day"),
            subtitle: self.period(),
            hours: self.hours(face.hours()),
            measure: self.measure(),
            footer: plays(face.total().plays),
        }))
    }

    fn punchcard(&self) -> Result<Picture, StatsError> {
        let face = clock(self.columns, &self.filter, self.zone, self.now)?;
        Ok(Picture::Punchcard(Box::new(Punchcard {
            title: self.title("by hour of the week"),
            subtitle: self.period(),
            hours: face.grid.map(|day| self.hours(day)),
            week_start: self.week_start,
            measure: self.measure(),
            footer: plays(face.total().plays),
        })))
    }

    fn calendar(&self) -> Result<Picture, StatsError> {
        let days = calendar(self.columns, &self.filter, self.zone, self.now)?;
        let amount = |amount: &Amount| self.amount(amount.plays, amount.ms_played);
        Ok(Picture::Calendar(Calendar {
            title: self.title("by day"),
            subtitle: self.period(),
            days: days.iter().map(|day| (number(day.day), amount(&day.amount))).collect(),
            week_start: self.week_start,
            measure: self.measure(),
            footer: plays(days.iter().map(|day| day.amount.plays).sum()),
        }))
    }

    /// All of them, or the latest.
    fn milestones(&self) -> Result<Picture, StatsError> {
        let kinds = [MilestoneKind::Anniversary, MilestoneKind::Listen];
        let found = milestones(self.columns, &kinds, Round::Usual, &self.filter, self.zone, self.now)?;
        let skipped = found.len().saturating_sub(self.limit.unwrap_or(usize::MAX));
        let footer = match skipped {
            0 => String::new(),
            earlier => format!("after {} earlier ones", grouped(earlier as u64)),
        };
        Ok(Picture::Milestones(Milestones {
            title: "Milestones".to_owned(),
            subtitle: self.period(),
            points: found[skipped..].iter().map(milestone).collect(),
            footer,
        }))
    }

    fn wrapped(&self) -> Result<Picture, StatsError> {
        let mut filter = self.filter.clone();
        if filter.period == Period::Everything {
            filter.period = Period::Year(year_to_review(self.columns, &filter, self.zone, self.now)?);
        }
        let found = wrapped(self.columns, self.by, &filter, self.zone, self.now)?;
        Ok(Picture::Card(wrapped_card(&found, filter.listener.as_deref().unwrap_or_default())))
    }
}

pub(super) fn plays(plays: u64) -> String {
    several(plays, "play")
}

/// A place's first and second name.
fn names(row: &Ranked) -> (String, Option<String>) {
    match &row.title {
        Some(title) => (title.clone(), Some(row.artist.clone())),
        None => (row.artist.clone(), None),
    }
}

/// A ranking as bars.
fn bars(found: &Ranking, kind: Kind, by: By, period: &str) -> RankedBars {
    let row = |row: &Ranked| {
        let (value, value_text) = match by {
            By::Plays => (row.plays, grouped(row.plays)),
            By::Time => (row.ms_played, duration(row.ms_played)),
        };
        let (label, detail) = names(row);
        BarRow { label, detail, value, value_text }
    };
    let measure = match by {
        By::Plays => "by plays",
        By::Time => "by time played",
    };
    RankedBars {
        title: format!("Top {}", kind.name()),
        subtitle: format!("{period}, {measure}"),
        rows: found.rows.iter().map(row).collect(),
        footer: format!("{} of {}", several(found.total_plays, "play"), several(found.distinct as u64, kind.of_one())),
    }
}

fn milestone(found: &Milestone) -> chart::Milestone {
    let (label, detail) = milestone_words(found);
    chart::Milestone { day: number(found.day), label, detail }
}

/// Days since 1970-01-01.
fn number(date: Date) -> i32 {
    let month = i8::try_from(date.month()).unwrap_or(1);
    let date = civil::Date::new(date.year(), month, i8::try_from(date.day()).unwrap_or(1)).unwrap_or_default();
    let days = civil::date(1970, 1, 1).duration_until(date).as_hours() / 24;
    i32::try_from(days).unwrap_or_default()
}
