//! The questions: plain functions from columns to plain data.
//!
//! Nothing here knows that services or terminals exist.

mod clock;
mod filter;
mod listens;
mod names;
mod period;
mod ranking;
mod wall_clock;
mod subjects;
mod unit;

pub use clock::{ClockFace, Heard, clock};
pub use filter::{By, Counting, Filter, Matches};
pub use listens::{Found, Listen, listens};
pub use period::{Date, Last, Month, Period, PeriodError};
pub use ranking::{Change, Kind, Ranked, Ranking, ranking};
pub use unit::{NoUnit, Unit, UnitOfTime};

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
