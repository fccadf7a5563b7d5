//! The questions: plain functions from columns to plain data.
//!
//! Nothing here knows that services or terminals exist.

mod alike;
mod as_of;
mod by_unit;
mod calendar;
mod charts;
mod clock;
mod comeback;
mod compare;
mod day;
mod discoveries;
mod filter;
mod genres;
mod habits;
mod listens;
mod look_up;
mod milestones;
mod names;
mod nearest;
mod numbers;
mod one_track;
mod page;
mod period;
mod quality;
mod rank_history;
mod ranking;
mod sessions;
mod sounded;
mod streaks;
mod subjects;
mod taste;
mod top_over_time;
mod trends;
mod unit;
mod wrapped;

pub use alike::{Alike, alike};
pub use as_of::{AsOf, ENDED_AFTER};
pub use calendar::{CalendarDay, calendar};
pub use charts::{Chart, ChartQuestion, Charted, Which, charts};
pub use clock::{Amount, ClockFace, clock};
pub use comeback::{COMEBACK_PLAYS, Comeback, comeback};
pub use compare::{CompareQuestion, Compared, Comparison, Overlap, SAME_LISTEN_SECONDS, SameListens, Side, compare};
pub use discoveries::{
    Discoveries, Discovery, DiscoveryQuestion, FORGOTTEN_AFTER, LATELY_MONTHS, List, MonthOfNew, Placed, STUCK_PLAYS,
    discoveries,
};
pub use filter::{By, Counting, Filter, Matches};
pub use genres::{
    GenreCoverage, GenreUnit, GenresOverTime, ROTATION_PLAYS, ROTATION_SHARE, RankedGenre, TRANSITION_SECONDS,
    TopGenres, Transition, Transitions, genres_of, genres_over_time, top_genres, transitions,
};
pub use habits::{Habit, habits, heard_ever};
pub use listens::{Found, Listen, listens};
pub use look_up::{LookedUp, Subject, Wanted, look_up};
pub use milestones::{Milestone, MilestoneKind, Round, milestones};
pub use nearest::nearest;
pub use numbers::{Concentration, Eddington, Faithful, Numbers, UnlikelyHour, numbers};
pub use one_track::{OneTrack, one_track};
pub use page::{Ever, Page, Place, Reached, YearOnPage, page};
pub use period::{Date, Last, Month, Period, PeriodError};
pub use quality::{
    BUSY_HOUR, BUSY_MINUTE, Crowd, OVERLAP_GRACE_MS, SAME_SECOND, Stretch, Stretches, WrongClock, WrongClocks, bursts,
    overlaps, without_album, without_name, wrong_clocks,
};
pub use rank_history::{RankHistory, RankThen, rank_history};
pub use ranking::{Change, Kind, Ranked, Ranking, ranking};
pub use sessions::{Session, SessionOrder, Sessions, sessions};
pub use streaks::{Gap, Gaps, Streak, Streaks, StreaksOf, gaps, streaks, streaks_of};
pub use taste::{KnownElsewhere, LITTLE_KNOWN, LOYAL_TO, Mainstream, Novelty, Taste, WELL_KNOWN, taste};
pub use top_over_time::{Over, TopOverTime, top_over_time};
pub use trends::{Movement, Mover, Trend, Trends, trends};
pub use unit::{NoUnit, Unit, UnitOfTime};
pub use wrapped::{Before, SITTING_GAP_MS, WRAPPED_PLACES, Wrapped, wrapped, year_to_review};

use crate::columns::ColumnsError;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum StatsError {
    /// The columns cannot be read.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// The period is no stretch of the calendar.
    #[error(transparent)]
    Period(#[from] PeriodError),
}
