//! What can be typed behind the questions about one artist, album or track.

use clap::Args;

use super::{CountingArgs, NameArgs, PeriodArgs};

/// All about one artist: first and last listen, rank, years, months, hours, milestones, tracks and albums
///
/// Case, accents and punctuation of the name do not matter, and a part of it is enough where only one artist has it.
/// Where several have it, they are listed with the command for each. The rank, and the share of all plays, are those
/// of the period; --csv writes the months.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard artist 'the night shift'
  heard artist björk --year 2024
  heard artist kestrel --json")]
pub(crate) struct Artist {
    /// The artist's name, or a part of it
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) about: About,
}

/// All about one album: first and last listen, rank, years, months, hours, milestones and tracks
///
/// Case, accents and punctuation of the title do not matter, and a part of it is enough where only one album has it.
/// Where several have it, they are listed with the command for each; --artist tells them apart. --csv writes the months.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard album homogenic
  heard album 'greatest hits' --artist queen --last 12month")]
pub(crate) struct Album {
    /// The album's title, or a part of it
    pub(crate) name: String,
    /// The album's artist, or a part of the name
    #[arg(long, value_name = "TEXT")]
    pub(crate) artist: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
}

/// All about one track: first and last listen, rank, years, months, hours, milestones and its albums
///
/// Case, accents and punctuation of the title do not matter, and a part of it is enough where only one track has it.
/// Where several have it, they are listed with the command for each; --artist tells them apart. --csv writes the months.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard track 'little wing'
  heard track intro --artist 'the night shift' --csv")]
pub(crate) struct Track {
    /// The track's title, or a part of it
    pub(crate) name: String,
    /// The track's artist, or a part of the name
    #[arg(long, value_name = "TEXT")]
    pub(crate) artist: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
}

/// Which plays a page is about, and how much of it is shown.
#[derive(Args, Debug)]
pub(crate) struct About {
    /// How many tracks and albums to list
    #[arg(short = 'n', long = "limit", default_value_t = 5)]
    pub(crate) limit: usize,
    /// Only plays from sources with this in their name (like lastfm)
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Other questions take it, so somebody will try it here, too.
    #[arg(long, value_name = "GENRE", hide = true)]
    pub(crate) tag: Option<String>,
    #[command(flatten)]
    pub(crate) period: PeriodArgs,
    #[command(flatten)]
    pub(crate) counting: CountingArgs,
}

impl About {
    /// The names that narrow the plays down: the page's own is none of them.
    pub(crate) fn names(&self) -> NameArgs {
        NameArgs { source: self.source.clone(), ..NameArgs::default() }
    }
}
