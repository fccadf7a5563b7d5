//! What the user typed. The comments here are the help texts, and the help texts are the manual.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use heard_history::stats::{Date, Last, Month, PeriodError};

/// Own what you have listened to.
///
/// heard downloads your whole listening history, keeps every raw answer for ever, and answers every question about it.
/// Everything lies in one folder: the archive (the truth), heard.db (SQLite) and plays.arrow (columns).
#[derive(Debug, Parser)]
#[command(name = "heard", version, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 done · 1 failure · 2 usage · 65 bad input · 69 service unavailable · 74 disk · \
                        75 not finished, try again · 77 not authorised · 78 configuration · 130 interrupted")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The folder with everything in it [default: $HEARD_HOME, or the platform's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Whose history [default: from the config, or "me"]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) listener: Option<String>,
    /// The time zone of days and hours, like Europe/Berlin [default: from the config, $TZ, or the system's]
    #[arg(long, global = true, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Print one JSON document
    #[arg(long, global = true, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print CSV
    #[arg(long, global = true)]
    pub(crate) csv: bool,
    /// Say less
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more (twice: every request)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the whole main job against a made-up account on this machine; needs no key and no network
    Demo(Demo),
    /// Download what is new, keep it, and prove that it is complete
    ///
    /// The service is asked for stretches of time that are not known yet, never more than five times a second. Every
    /// answer is on the disk before it counts. Interrupt it whenever you like: the next sync goes on where it stopped.
    Sync(Sync),
    /// Most heard artists, albums or tracks
    Top(Top),
    /// Find, list and count single listens
    Listens(Listens),
    /// Draw a picture, as a file or in the terminal
    Plot(Plot),
    /// Write everything out again
    Export(Export),
    /// Check the archive and everything made from it, byte by byte
    Verify(Verify),
    /// Make heard.db and plays.arrow anew from the archive
    Rebuild,
    /// Say what is where, what is known, and what is wrong
    Doctor,
    /// Print a script that completes heard's commands in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages into a folder
    Man {
        /// The folder
        folder: PathBuf,
    },
}

/// Show the main job.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// How many plays the account has
    #[arg(long, default_value_t = 20_000)]
    pub(crate) plays: u64,
    /// The account is made from this number; the same number gives the same account
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where the CSV and the picture go [default: a new folder in the temporary folder]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

/// Download what is new.
#[derive(Args, Debug)]
pub(crate) struct Sync {
    /// Accounts, as USER or SERVICE/USER [default: all from the config]
    #[arg(value_name = "ACCOUNT")]
    pub(crate) accounts: Vec<String>,
    /// An account at Last.fm
    #[arg(long, value_name = "NAME", conflicts_with = "accounts")]
    pub(crate) user: Option<String>,
    /// The service's address, for servers that speak Last.fm's language
    #[arg(long, value_name = "ROOT")]
    pub(crate) url: Option<String>,
    /// Read everything again, also what is known
    #[arg(long)]
    pub(crate) full: bool,
    /// Only from this day on
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) from: Option<Date>,
    /// Only up to, and without, this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) to: Option<Date>,
    /// Requests per second, at most 5; 0 means unpaced, and only towards this machine [default: 4]
    #[arg(long, value_name = "N", value_parser = rate)]
    pub(crate) rate: Option<f64>,
    /// Plays per page [default: chosen by what the service takes]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub(crate) page_size: Option<u64>,
    /// Take plays out of the history that the service no longer shows, as far as earlier syncs named them
    #[arg(long)]
    pub(crate) confirm_removals: bool,
}

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
}

/// What is ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindArg {
    Artists,
    Albums,
    Tracks,
}

/// What is added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ByArg {
    #[default]
    Plays,
    Time,
}

/// Most heard.
#[derive(Args, Debug)]
pub(crate) struct Top {
    /// What is ranked
    #[arg(value_enum)]
    pub(crate) kind: KindArg,
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

/// Pictures.
#[derive(Args, Debug)]
pub(crate) struct Plot {
    /// What is drawn
    #[arg(value_enum)]
    pub(crate) kind: PlotKind,
    /// The picture's file, ending in .svg or .png; without it, the picture is drawn in the terminal
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// How many places
    #[arg(short = 'n', long = "limit", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Rank by plays or by time played
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: ByArg,
    /// Width in pixels
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(200..=8000))]
    pub(crate) width: u32,
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

/// Kinds of pictures.
#[expect(clippy::enum_variant_names, reason = "they are spelt as typed: top-artists")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlotKind {
    TopArtists,
    TopAlbums,
    TopTracks,
}

/// Colours of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThemeArg {
    #[default]
    Light,
    Dark,
}

/// Everything out again, newest first; undated plays last.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: FormatArg,
    /// The columns of a CSV
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: ProfileArg,
    /// The file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Export formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    #[default]
    Csv,
    Jsonl,
}

/// Layouts of a CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    /// artist,album,track,timestamps,datetime
    #[default]
    Heard,
    /// The same, safe to open in a spreadsheet: cells that would be formulas begin with an apostrophe
    Spreadsheet,
    /// uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid, all quoted
    Ghan,
    /// artist,album,track,date without a header, minutes
    Benjaminbenben,
    /// artist,artist_mbid,album,album_mbid,track,track_mbid,timestamp,datetime
    Downloader,
}

/// Check everything.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Only seals and checksums; do not rebuild for comparing
    #[arg(long)]
    pub(crate) quick: bool,
}

fn date(text: &str) -> Result<Date, PeriodError> {
    Date::parse(text)
}

fn month(text: &str) -> Result<Month, PeriodError> {
    Month::parse(text)
}

fn last(text: &str) -> Result<Last, PeriodError> {
    Last::parse(text)
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate >= 0.0 => Ok(rate),
        _ => Err("write requests per second, like 4 or 0.5".to_owned()),
    }
}
