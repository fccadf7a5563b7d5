//! What can be typed behind the questions about a whole year or a whole history.

use std::path::PathBuf;

use clap::Args;

use super::calendar::Asking;
use super::plot::ThemeArg;
use super::questions::{ByArg, CountingArgs, KindArg, NameArgs};

/// A year in review
///
/// Plays, time and days with music; the most heard, with the change of rank since the year before; the busiest month,
/// day, weekday and hour; the longest streak of days and the longest sitting (20 minutes of silence end one); the most
/// loyal artist, heard in most weeks; the discovery, heard for the first time in that year and most of all such; the
/// comeback, heard at least five times after the longest silence, of a year or more; and the milestones reached.
///
/// With -o it is written into a file: a card to share (.png, .svg; 1080 × 1920 pixels), or a page that needs nothing
/// besides itself, not even a script (.html).
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard wrapped 2025
  heard wrapped 2025 -o story.png
  heard wrapped 2025 -o year.html
  heard wrapped 2024 --by time --json")]
pub(crate) struct Wrapped {
    /// The year [default: the last one with plays that is over; the present one from December on]
    #[arg(value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1..=9998))]
    pub(crate) year: Option<i16>,
    /// The file to write, ending in .html, .svg or .png
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Rank, and draw, by plays or by time played
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: ByArg,
    /// Colours of the card; the page has those that its reader's device asks for
    #[arg(long, value_enum, default_value_t)]
    pub(crate) theme: ThemeArg,
    /// A font file to use for letters of a PNG that the built-in fonts lack
    #[arg(long, value_name = "FILE")]
    pub(crate) font: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) names: NameArgs,
    #[command(flatten)]
    pub(crate) counting: CountingArgs,
}

/// Two histories side by side
///
/// The other one is another listener of this home, one of this listener's accounts, or a file or folder that import
/// reads. A file is taken in for this question alone: nothing of it is kept.
///
/// Similarity goes from 0, no artist in common, to 100: the cosine of the angle between both histories, each taken as a
/// vector of the logarithms of 1 + plays of every artist. In common is the part of all names of either side that both
/// have. Both lists first what both heard a large share of: the smaller one of the two shares counts. Same listens are
/// plays that the other side has, too: the same artist and track, begun no more than a minute before or after.
///
/// Period, names and counting hold for both sides, --source for this listener's alone. Of several that bear the name, a
/// listener comes before an account, and an account before a file, which can be written as ./NAME.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard compare ben
  heard compare ben --year 2024 --kind tracks -n 20
  heard compare friends-scrobbles.csv --json
  heard compare lastfm/ann --source spotify")]
pub(crate) struct Compare {
    /// A listener, an account like lastfm/ann, or a file
    #[arg(value_name = "WITH")]
    pub(crate) with: PathBuf,
    /// What is listed
    #[arg(long, value_enum, default_value_t = KindArg::Artists)]
    pub(crate) kind: KindArg,
    /// How many rows each list has
    #[arg(short = 'n', long = "limit", default_value_t = 10)]
    pub(crate) limit: usize,
    /// List by plays or by time played
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: ByArg,
    #[command(flatten)]
    pub(crate) asking: Asking,
}
