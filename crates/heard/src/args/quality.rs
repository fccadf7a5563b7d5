//! What can be typed behind `heard quality`.

use clap::Args;

use super::Asking;

/// What is doubtful in a history, each with the command that helps
///
/// Plays without an album, without a name, without a moment or with that of a wrong clock; several plays in one second
/// and more than four in one minute; bursts, in which more plays began than can have sounded; plays that began more
/// than a minute before the one before can have ended; names that look like one; and the longest gaps. Nothing is
/// changed. Short plays do not count, as everywhere. Names that look like one are those of the whole history, whatever
/// the period.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard quality
  heard quality --year 2024 --per-hour 40
  heard quality --source lastfm --json")]
pub(crate) struct Quality {
    /// More plays than this that began within an hour are a burst
    #[arg(long, value_name = "PLAYS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) per_hour: u32,
    /// How many examples of each
    #[arg(short = 'n', long = "limit", default_value_t = 3)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}
