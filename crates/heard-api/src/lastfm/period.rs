//! The stretches of time over which rankings are made.

use std::fmt;
use std::str::FromStr;

/// A stretch of time up to now (`period` of the `user.getTop…` methods).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// The last 7 days.
    SevenDays,
    /// The last month.
    OneMonth,
    /// The last 3 months.
    ThreeMonths,
    /// The last 6 months.
    SixMonths,
    /// The last 12 months.
    TwelveMonths,
    /// All time, which the service takes where nothing is said.
    #[default]
    Overall,
}

/// No word for a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a period is overall, 7day, 1month, 3month, 6month or 12month")]
pub struct NotAPeriod;

impl Period {
    /// All of them, the shortest first.
    pub const ALL: [Self; 6] =
        [Self::SevenDays, Self::OneMonth, Self::ThreeMonths, Self::SixMonths, Self::TwelveMonths, Self::Overall];

    /// The service's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SevenDays => "7day",
            Self::OneMonth => "1month",
            Self::ThreeMonths => "3month",
            Self::SixMonths => "6month",
            Self::TwelveMonths => "12month",
            Self::Overall => "overall",
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(word: &str) -> Result<Self, NotAPeriod> {
        Self::ALL.into_iter().find(|period| period.as_str() == word).ok_or(NotAPeriod)
    }
}
