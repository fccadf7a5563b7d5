//! What can be typed behind the questions about taste: charts, trends, discoveries, numbers.

use clap::{Args, ValueEnum};

use super::calendar::Asking;
use super::questions::KindArg;

/// Charts of weeks, months or years: the most heard, with what became of them since
///
/// A chart has -n places; what has none of them is not on the chart. Each place tells how it changed since the chart
/// before (that of the last week, month or year in which anything was heard), the best rank so far, and on how many
/// charts it was. Without --at it is the last chart that is complete. Everything is told from the plays of the period:
/// --year 2024 begins anew in 2024.
///
/// --service shows the weekly charts that the service itself told (heard enrich asks for them) beside ours of the same
/// seconds: the last one, with --at that of a week, with --all every one. Each row says why it differs: plays too short
/// to count here, hidden, shown with another name or told with one, from another source, gone since, without a moment, or
/// unexplained.
/// What is asked of names and periods has no part in it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard charts
  heard charts --kind tracks --at 2024-W09 -n 40
  heard charts --by-month --at 2024-02
  heard charts --by-year --all
  heard charts --service --at 2024-W09
  heard charts --week-start sunday --csv")]
pub(crate) struct Charts {
    /// What is charted
    #[arg(long, value_enum, default_value_t = KindArg::Artists)]
    pub(crate) kind: KindArg,
    /// A chart for every week (so it is without any of these)
    #[arg(long, group = "unit")]
    pub(crate) by_week: bool,
    /// A chart for every month
    #[arg(long, group = "unit")]
    pub(crate) by_month: bool,
    /// A chart for every year
    #[arg(long, group = "unit")]
    pub(crate) by_year: bool,
    /// The chart of this week, month or year: 2024-W09, 2024-02, 2024
    #[arg(long, value_name = "WHEN", conflicts_with = "all")]
    pub(crate) at: Option<String>,
    /// List the first place of every chart
    #[arg(long)]
    pub(crate) all: bool,
    /// Compare with the weekly charts of the service itself
    #[arg(long, conflicts_with_all = ["by_month", "by_year"])]
    pub(crate) service: bool,
    /// The day on which weeks begin; with monday they are those of ISO 8601 [default: from the config, or monday]
    #[arg(long, value_enum, value_name = "DAY")]
    pub(crate) week_start: Option<WeekdayArg>,
    /// How many places a chart has
    #[arg(short = 'n', long = "limit", default_value_t = 10)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WeekdayArg {
    #[default]
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl WeekdayArg {
    /// Days after Monday.
    pub(crate) fn offset(self) -> u8 {
        self as u8
    }
}

/// How time is cut up, where it is by months if nothing is said.
#[derive(Args, Debug)]
pub(crate) struct UnitArgs {
    /// Day by day
    #[arg(long, group = "unit")]
    pub(crate) by_day: bool,
    /// Week by week
    #[arg(long, group = "unit")]
    pub(crate) by_week: bool,
    /// Month by month (so it is without any of these)
    #[arg(long, group = "unit")]
    pub(crate) by_month: bool,
    /// Year by year
    #[arg(long, group = "unit")]
    pub(crate) by_year: bool,
    /// The day on which weeks begin; with monday they are those of ISO 8601 [default: from the config, or monday]
    #[arg(long, value_enum, value_name = "DAY")]
    pub(crate) week_start: Option<WeekdayArg>,
}

/// How much was heard in each day, week, month or year, and what rose and fell
///
/// Every row is compared with the one before it. Below are the climbers and fallers: those of whom more, or less, was
/// heard in the last complete unit than in the one before it.
///
/// --artist, with --album or --track where wanted, shows one artist's, album's or track's rank through time instead.
/// Of several that match, the name as it was typed is taken, else the most heard.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard trends
  heard trends --by-week --last 3month --kind tracks
  heard trends --by-year --json
  heard trends --top 10 --last 12month
  heard trends --artist 'the night shift'")]
pub(crate) struct Trends {
    #[command(flatten)]
    pub(crate) unit: UnitArgs,
    /// Follow so many of the most heard instead: their plays in each unit
    #[arg(long, value_name = "N", conflicts_with = "movers")]
    pub(crate) top: Option<usize>,
    /// Of what the climbers and fallers are, or the most heard
    #[arg(long, value_enum, default_value_t = KindArg::Artists)]
    pub(crate) kind: KindArg,
    /// How many climbers, and how many fallers
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) movers: usize,
    /// How many rows, the latest ones
    #[arg(short = 'n', long = "limit", default_value_t = 12)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// First listens, and what became of them
///
/// Everything is told as of the end of the period: what was heard after it is not known of. Lists: new (first heard in
/// the period), months (how many were new in each month, of all that were heard in it), once (heard a single time,
/// ever), oldies (first heard --years before the period, and among its --top; without a period that begins, of the
/// last twelve months), forgotten (among the --top of a year, and not heard for a year), stuck (first heard in the
/// last six months, with at least 20 plays since).
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard discoveries
  heard discoveries --year 2024 --kind tracks
  heard discoveries --list oldies --years 10 --top 100
  heard discoveries --list months --csv")]
pub(crate) struct Discoveries {
    /// What is discovered
    #[arg(long, value_enum, default_value_t = KindArg::Artists)]
    pub(crate) kind: KindArg,
    /// Only this list; --csv without it writes the new ones
    #[arg(long, value_enum)]
    pub(crate) list: Option<DiscoveryList>,
    /// How many years before the period an oldie was first heard, at the least
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) years: u16,
    /// How many places of a ranking are its top
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) top: usize,
    /// How many rows a list has
    #[arg(short = 'n', long = "limit", default_value_t = 10)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// Lists of discoveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiscoveryList {
    New,
    Months,
    Once,
    Oldies,
    Forgotten,
    Stuck,
}

/// A history in numbers
///
/// Eddington number: the largest E such that on E days there were at least E plays; the plays to the next are those
/// that days to come would need. Gini: 0 where all artists have the same number of plays, towards 1 where one has all.
/// Entropy: how many yes-no questions it takes, on the average, to guess the artist of a play. Most unlikely hour: for
/// each hour of the day, the plays in it are compared over all days on which anything was heard; it is the one hour of
/// one day that lies the most standard deviations (z) above the average of its hour.
///
/// Averages per day are over all days from the first to the last with plays. Weeks are those of ISO 8601.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard numbers
  heard numbers --year 2024 --json
  heard numbers --artist björk")]
pub(crate) struct Numbers {
    /// How many artists the lists have
    #[arg(short = 'n', long = "limit", default_value_t = 5)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}
