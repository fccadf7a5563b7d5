//! What can be typed behind `heard recommend`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::files::name;
use super::questions::{CountingArgs, KindArg, PeriodArgs};

/// What to hear next, each with its reasons
///
/// All of it comes from your own history and from what services told before; nothing is asked over the network. Four
/// kinds of suggestions take turns: unheard (like what you play often and lately, and never heard), forgotten (a favourite
/// that you have not heard for a year), one-track (an album of which you know one track), and overdue (what you usually
/// hear at intervals, of which the last is long over). Unheard ones need to know what is alike: heard enrich --only similar
/// asks for that.
///
/// What you dismiss is not suggested again; what you like counts as if you played it most. Both are rules: heard rules
/// lists them, heard rules remove takes one back.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard recommend artists
  heard recommend artists --kind unheard --novelty 0.8 -n 20
  heard recommend albums --kind one-track,forgotten
  heard recommend tracks -n 50 -o next.jspf
  heard recommend artists --dismiss 'The Night Shift'
  heard recommend tracks --like 'Mira Vale' Tidewater")]
pub(crate) struct Recommend {
    /// What is suggested
    #[arg(value_enum)]
    pub(crate) what: KindArg,
    /// Only suggestions of this kind; several with commas between them
    #[arg(long = "kind", value_enum, value_name = "KIND", value_delimiter = ',')]
    pub(crate) kinds: Vec<WhyArg>,
    /// From 0 (what suits best, however well known) to 1 (the lesser known first) [default: from the config, or 0.3]
    #[arg(long, value_name = "0…1", value_parser = part)]
    pub(crate) novelty: Option<f64>,
    /// How many suggestions
    #[arg(short = 'n', long = "limit", default_value_t = 10)]
    pub(crate) limit: usize,
    /// Write suggested tracks as a playlist: .jspf, .m3u, .m3u8 or .csv
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Never suggest this again; an album or a track by its artist and its title
    #[arg(long, value_names = ["ARTIST", "TITLE"], num_args = 1..=2, value_parser = name(), conflicts_with_all = ["like", "output"])]
    pub(crate) dismiss: Option<Vec<String>>,
    /// Suggest more like this; an album or a track by its artist and its title
    #[arg(long, value_names = ["ARTIST", "TITLE"], num_args = 1..=2, value_parser = name(), conflicts_with = "output")]
    pub(crate) like: Option<Vec<String>>,
    #[command(flatten)]
    pub(crate) period: PeriodArgs,
    #[command(flatten)]
    pub(crate) counting: CountingArgs,
}

/// Kinds of suggestions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhyArg {
    Unheard,
    Forgotten,
    OneTrack,
    Overdue,
}

fn part(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "it is a number from 0 to 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn novelty_is_a_part_of_one() {
        assert_eq!([part("0"), part("0.25"), part("1")], [Ok(0.0), Ok(0.25), Ok(1.0)]);
        for text in ["-0.1", "1.01", "NaN", "inf", "", "much"] {
            assert!(part(text).is_err(), "{text}");
        }
    }
}
