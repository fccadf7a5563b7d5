//! What can be typed behind the questions about when: hours, days, sittings, round numbers.

use clap::{Args, ValueEnum};

use super::{CountingArgs, NameArgs, PeriodArgs};

/// Which plays a question is about.
#[derive(Args, Debug)]
pub(crate) struct Asking {
    #[command(flatten)]
    pub(crate) period: PeriodArgs,
    #[command(flatten)]
    pub(crate) names: NameArgs,
    #[command(flatten)]
    pub(crate) counting: CountingArgs,
}

/// Plays by hour of the day, and by weekday
///
/// Hours are those of the listener's wall clock (--zone), summer time and its changes included. A play belongs to the
/// hour in which it began.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard clock
  heard clock --weekdays --year 2024
  heard clock --artist kestrel --json")]
pub(crate) struct Clock {
    /// Every hour of every weekday; darker cells have more plays
    #[arg(long)]
    pub(crate) weekdays: bool,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// Plays day by day
///
/// A play belongs to the day on which it began by the listener's wall clock (--zone). In the terminal weeks are columns
/// and darker days have more plays; --json and --csv list every day with plays, and with --year all its days.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard calendar --year 2024
  heard calendar --last 12month --artist kestrel
  heard calendar --csv")]
pub(crate) struct Calendar {
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// Days in a row with listening, and without
///
/// Of artists, albums and tracks each has its longest streak listed. A streak goes on as long as its last day is today
/// or yesterday. With --artist, the streaks of days and the gaps are that artist's.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard streaks
  heard streaks artists --year 2024
  heard streaks tracks --current
  heard streaks gaps --artist kestrel")]
pub(crate) struct Streaks {
    /// Days in a row with any listening, with one artist, album or track, or without listening
    #[arg(value_enum, default_value_t)]
    pub(crate) of: StreaksOf,
    /// How many to list, longest first
    #[arg(short = 'n', long = "limit", default_value_t = 10)]
    pub(crate) limit: usize,
    /// Only those that go on
    #[arg(long)]
    pub(crate) current: bool,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// Whose days in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum StreaksOf {
    #[default]
    Days,
    Artists,
    Albums,
    Tracks,
    Gaps,
}

/// Sittings: plays with little silence between them
///
/// A play that begins so long after the one before has ended begins a new sitting. Where it is not known how long a play
/// lasted, it ends where it begins.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard sessions
  heard sessions --gap 60 --by plays -n 3
  heard sessions --year 2024 --json")]
pub(crate) struct Sessions {
    /// The silence that ends a sitting
    #[arg(long, value_name = "MINUTES", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=525_600))]
    pub(crate) gap: u32,
    /// Which come first: the longest, or those with most plays
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: SessionsBy,
    /// How many to list
    #[arg(short = 'n', long = "limit", default_value_t = 10)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// Which sittings come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SessionsBy {
    #[default]
    Length,
    Plays,
}

/// Round numbers of listens, of artists too, and anniversaries of the first one
///
/// Without --every: the first listen, every 1,000th, from 10,000 every 10,000th and so on; of an artist the 100th,
/// 1,000th and so on. Listens are counted from the beginning of the period.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard milestones
  heard milestones listens --every 500
  heard milestones artists --artist kestrel
  heard milestones anniversaries")]
pub(crate) struct Milestones {
    /// Which
    #[arg(value_enum, default_value_t)]
    pub(crate) kind: MilestonesArg,
    /// Every so many listens, of all and of each artist
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) every: Option<u64>,
    /// How many to list, newest first
    #[arg(short = 'n', long = "limit", default_value_t = 20)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// Which milestones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MilestonesArg {
    #[default]
    All,
    Listens,
    Artists,
    Anniversaries,
}
