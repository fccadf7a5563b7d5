//! What can be drawn, in a file and in the terminal.

use heard_web::chart::{
    self, Bump, Calendar, Clock, Milestones, Punchcard, RankedBars, ShareCard, Size, StackedArea, Svg, Theme, Timeline,
};

use crate::plot;

/// The content of a picture.
#[derive(Debug)]
pub(super) enum Picture {
    Bars(RankedBars),
    Clock(Clock),
    Punchcard(Box<Punchcard>),
    Calendar(Calendar),
    Timeline(Timeline),
    Race(Bump),
    Stream(StackedArea),
    Milestones(Milestones),
    Card(ShareCard),
}

impl Picture {
    /// As a document.
    pub(super) fn svg(&self, size: &Size, theme: Theme) -> Svg {
        match self {
            Self::Bars(bars) => chart::ranked_bars(bars, size, theme),
            Self::Clock(clock) => chart::circular_clock(clock, size, theme),
            Self::Punchcard(card) => chart::punchcard(card, size, theme),
            Self::Calendar(calendar) => chart::calendar(calendar, size, theme),
            Self::Timeline(line) => chart::timeline(line, size, theme),
            Self::Race(bump) => chart::bump(bump, size, theme),
            Self::Stream(area) => chart::stacked_area(area, size, theme),
            Self::Milestones(milestones) => chart::milestones(milestones, size, theme),
            Self::Card(card) => chart::share_card(card, size, theme),
        }
    }

    /// As lines of a terminal.
    pub(super) fn terminal(&self, columns: usize, colour: bool) -> String {
        match self {
            Self::Bars(bars) => plot::ranked_bars(bars, columns, colour),
            Self::Clock(clock) => plot::circular_clock(clock, columns, colour),
            Self::Punchcard(card) => plot::punchcard(card, columns, colour),
            Self::Calendar(calendar) => plot::calendar(calendar, columns, colour),
            Self::Timeline(line) => plot::timeline(line, columns, colour),
            Self::Race(bump) => plot::bump(bump, columns, colour),
            Self::Stream(area) => plot::stacked_area(area, columns, colour),
            Self::Milestones(milestones) => plot::milestones(milestones, columns, colour),
            Self::Card(card) => plot::share_card(card, columns, colour),
        }
    }
}
