//! What can be typed behind `plot`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::questions::{ByArg, CountingArgs, NameArgs, PeriodArgs};

/// Draw an answer as a picture, as a file or in the terminal
///
/// Without -o the picture is drawn with the letters of the terminal. The ending of the file says its format. A PNG is
/// painted with letters that the program brings along, so it looks the same on every machine.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard plot top-artists --year 2024
  heard plot clock 2024 -o clock.svg
  heard plot timeline --last 12months -o months.png --theme dark
  heard plot genres --last 12month -o genres.png
  heard plot genres --main
  heard plot wrapped 2024 -o story.png")]
pub(crate) struct Plot {
    /// What is drawn
    #[arg(value_enum)]
    pub(crate) kind: PlotKind,
    /// The same as --year
    #[arg(value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1..=9998), conflicts_with_all = ["year", "month", "last", "from", "to"])]
    pub(crate) of: Option<i16>,
    /// The picture's file, ending in .svg or .png; without it, the picture is drawn in the terminal
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// How many places, or how many of the latest milestones [default: 20 places, 10 in a race, 6 in a stream or of genres, all milestones]
    #[arg(short = 'n', long = "limit")]
    pub(crate) limit: Option<usize>,
    /// Draw plays or time played; a race, discoveries and milestones are of plays
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: ByArg,
    /// Draw kinds of a genre as the main genre above them (black metal as metal); only of genres
    #[arg(long)]
    pub(crate) main: bool,
    /// Width in pixels [default: 1000; 1080 of wrapped]
    #[arg(long, value_parser = clap::value_parser!(u32).range(200..=8000))]
    pub(crate) width: Option<u32>,
    /// Height in pixels [default: as the content needs]
    #[arg(long)]
    pub(crate) height: Option<u32>,
    /// Pixels per inch of a PNG; 96 is one pixel of the file per pixel of the picture
    #[arg(long, default_value_t = 96, value_parser = clap::value_parser!(u32).range(24..=960))]
    pub(crate) dpi: u32,
    /// Colours
    #[arg(long, value_enum, default_value_t)]
    pub(crate) theme: ThemeArg,
    /// A font file to use for letters that the built-in fonts lack
    #[arg(long, value_name = "FILE")]
    pub(crate) font: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) period: PeriodArgs,
    #[command(flatten)]
    pub(crate) names: NameArgs,
    #[command(flatten)]
    pub(crate) counting: CountingArgs,
}

impl Plot {
    /// When, however it was typed.
    pub(crate) fn period(&self) -> PeriodArgs {
        PeriodArgs { year: self.of.or(self.period.year), ..self.period.clone() }
    }
}

/// Kinds of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlotKind {
    /// Most heard artists
    TopArtists,
    /// Most heard albums
    TopAlbums,
    /// Most heard tracks
    TopTracks,
    /// The hours of the day
    Clock,
    /// The hours of the week
    Punchcard,
    /// Every day of every year
    Calendar,
    /// By month, or by day where the period is shorter than 90 days; beside the period before
    Timeline,
    /// The ranks of the most heard artists, by month or year
    Race,
    /// The most heard artists over time, one upon the other
    Stream,
    /// The most heard genres over time, one upon the other
    Genres,
    /// Artists heard for the first time, by month
    Discoveries,
    /// Round numbers and anniversaries
    Milestones,
    /// The card of a year in review, as heard wrapped -o draws it, with the same year by default
    Wrapped,
}

/// Colours of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThemeArg {
    #[default]
    Light,
    Dark,
}
