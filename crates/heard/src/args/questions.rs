//! What can be typed behind the questions: which plays, of when, and how the answer is to look.

use clap::{Args, ValueEnum};
use heard_history::stats::{Date, Last, Month, PeriodError};

/// When.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PeriodArgs {
    /// From this day on (2024-02-29)
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with_all = ["year", "month", "last"])]
    pub(crate) from: Option<Date>,
    /// Up to, and without, this day
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with_all = ["year", "month", "last"])]
    pub(crate) to: Option<Date>,
    /// One year
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(i16).range(1..=9998), conflicts_with_all = ["month", "last"])]
    pub(crate) year: Option<i16>,
    /// One month (2024-02)
    #[arg(long, value_name = "Y-M", value_parser = month, conflicts_with = "last")]
    pub(crate) month: Option<Month>,
    /// What ends now: 7d, 1month, 3month, 6month, 12month
    #[arg(long, value_name = "SPAN", value_parser = last)]
    pub(crate) last: Option<Last>,
}

/// Which plays count.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CountingArgs {
    /// A play shorter than this does not count; one of unknown length does [default: 30]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) min_played: Option<u32>,
    /// Count plays without a moment, too
    #[arg(long)]
    pub(crate) undated: bool,
    /// Count plays whose moment is a wrong clock's, too (before 2002, or in the future)
    #[arg(long)]
    pub(crate) implausible: bool,
    /// Give places to names that only say that there is none, like "Unknown Artist", too
    #[arg(long)]
    pub(crate) placeholders: bool,
    /// Only the last N plays of those that are left after everything else
    #[arg(long, value_name = "N")]
    pub(crate) recent: Option<usize>,
}

/// Which names.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct NameArgs {
    /// Only artists with this in their name; case and accents do not matter
    #[arg(long, value_name = "TEXT")]
    pub(crate) artist: Option<String>,
    /// Only albums with this in their title
    #[arg(long, value_name = "TEXT")]
    pub(crate) album: Option<String>,
    /// Only tracks with this in their title
    #[arg(long, value_name = "TEXT")]
    pub(crate) track: Option<String>,
    /// Only plays from sources with this in their name (like lastfm)
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: Option<String>,
    /// Only plays of this genre, or of a kind of it (metal has black metal); of those whose genres are known
    #[arg(long, value_name = "GENRE")]
    pub(crate) tag: Option<String>,
}

/// What is ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindArg {
    Artists,
    Albums,
    Tracks,
}

/// What is ranked by `top`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TopArg {
    Artists,
    Albums,
    Tracks,
    /// Genres, from the tags of tracks, albums and artists
    Tags,
}

/// What is added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ByArg {
    #[default]
    Plays,
    Time,
}

/// Most heard artists, albums, tracks or tags
///
/// Tags are genres: what services tell of a track, else of its album, else of its artist, cleaned by a vocabulary of
/// genres. A play counts for all genres of it together as one, in parts, so that plays of a genre need not be whole; how
/// many plays have genres at all is told.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard top artists --year 2024
  heard top tracks --artist kestrel --by time -n 50
  heard top tags --last 12month
  heard top albums --tag 'black metal'")]
pub(crate) struct Top {
    /// What is ranked
    #[arg(value_enum)]
    pub(crate) kind: TopArg,
    /// Of tags, count kinds of a genre as the main genre above them (black metal as metal)
    #[arg(long)]
    pub(crate) main: bool,
    /// How many places
    #[arg(short = 'n', long = "limit", default_value_t = 10)]
    pub(crate) limit: usize,
    /// Rank by plays or by time played
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: ByArg,
    #[command(flatten)]
    pub(crate) period: PeriodArgs,
    #[command(flatten)]
    pub(crate) names: NameArgs,
    #[command(flatten)]
    pub(crate) counting: CountingArgs,
}

/// Single listens.
#[derive(Args, Debug)]
pub(crate) struct Listens {
    /// Only those with this in artist, album or track; case and accents do not matter
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// Print only how many there are
    #[arg(long)]
    pub(crate) count: bool,
    /// How many to list, newest first
    #[arg(short = 'n', long = "limit", default_value_t = 20)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) period: PeriodArgs,
    #[command(flatten)]
    pub(crate) names: NameArgs,
    #[command(flatten)]
    pub(crate) counting: CountingArgs,
}

pub(super) fn date(text: &str) -> Result<Date, PeriodError> {
    Date::parse(text)
}

fn month(text: &str) -> Result<Month, PeriodError> {
    Month::parse(text)
}

fn last(text: &str) -> Result<Last, PeriodError> {
    Last::parse(text)
}
