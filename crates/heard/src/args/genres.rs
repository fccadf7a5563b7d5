//! What can be typed behind `genres`.

use clap::{Args, Subcommand};

use super::calendar::Asking;
use super::files::name;
use super::questions::ByArg;
use super::rules::Trying;
use super::{UnitArgs, WeekdayArg};

/// How much of each genre was heard, what came into rotation and what left it
///
/// Genres come from the tags that services tell of a track, else of its album, else of its artist. Tags are held against
/// a vocabulary of genres: "seen live", places, years, instruments and the artist's own name drop out. Each play has one
/// part of each of its genres, by their weights, and the parts of a play are one play together. How many plays have
/// genres at all is told: heard enrich asks services for more.
///
/// A genre is in rotation where it has at least 2 % of the plays with genres, and 3 plays. It enters where it is so for
/// the first time, is back where it was before, and leaves where it no longer is; all is told from the plays of the period,
/// so that --year 2024 begins anew in 2024. Entropy is how many yes-no questions it
/// takes, on the average, to guess the genre of a play.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  heard genres
  heard genres --by-year --main
  heard genres --year 2024 --transitions
  heard genres --explain kestrel
  heard genres set 'Ida Kestrel' 'trip hop' dub")]
pub(crate) struct Genres {
    #[command(subcommand)]
    pub(crate) action: Option<GenresAction>,
    #[command(flatten)]
    pub(crate) unit: UnitArgs,
    /// Count kinds of a genre as the main genre above them (black metal as metal)
    #[arg(long)]
    pub(crate) main: bool,
    /// Rank by plays or by time played
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: ByArg,
    /// Tell, too, which genre was heard after which: of plays that begin within half an hour of each other
    #[arg(long)]
    pub(crate) transitions: bool,
    /// Tell of one artist where its genres come from: every tag, and what became of it
    #[arg(long, value_name = "ARTIST", conflicts_with_all = ["unit", "main", "transitions"])]
    pub(crate) explain: Option<String>,
    /// How many genres
    #[arg(short = 'n', long = "limit", default_value_t = 10)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// What is to be decided of genres.
#[derive(Debug, Subcommand)]
pub(crate) enum GenresAction {
    /// Say of which genres an artist is, whatever tags say; heard rules remove takes it back
    #[command(after_help = "Example:
  heard genres set 'Ida Kestrel' 'trip hop' dub")]
    Set {
        /// The artist
        #[arg(value_parser = name())]
        artist: String,
        /// The genres, each of which weighs the same
        #[arg(value_name = "GENRE", required = true)]
        genres: Vec<String>,
        #[command(flatten)]
        trying: Trying,
    },
}

/// A profile of what somebody likes
///
/// Genres, with how many plays have any. Variety: how many yes-no questions it takes, on the average, to guess the genre of
/// a play of a week. Eras: the decades of albums that people tag with a year. Known to others: how many listeners the
/// artists have at the service, where it was asked. New: artists heard for the first time in the period. Loyal: the part
/// of plays that the ten most heard artists have. Entered rotation: the weeks in which a genre had 2 % of the plays with
/// genres, and 3 plays, for the first time, the latest first.
///
/// --json has the genres of every week, too, and --csv has only these.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard taste --last 12month
  heard taste --year 2024 --json")]
pub(crate) struct Taste {
    /// The day on which weeks begin; with monday they are those of ISO 8601 [default: from the config, or monday]
    #[arg(long, value_enum, value_name = "DAY")]
    pub(crate) week_start: Option<WeekdayArg>,
    /// How many genres
    #[arg(short = 'n', long = "limit", default_value_t = 8)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}
