//! What can be typed behind `demo`, `sync` and `verify`.

use std::path::PathBuf;

use clap::Args;
use heard_history::stats::Date;

use super::questions::date;

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
#[command(after_help = "Examples:
  heard sync --user ann
  heard sync listenbrainz/ann
  heard sync librefm/ann --full")]
pub(crate) struct Sync {
    /// Accounts, as USER or SERVICE/USER; services are lastfm, librefm and listenbrainz [default: all from the config]
    #[arg(value_name = "ACCOUNT")]
    pub(crate) accounts: Vec<String>,
    /// An account at Last.fm
    #[arg(long, value_name = "NAME", conflicts_with = "accounts")]
    pub(crate) user: Option<String>,
    /// The service's address, for a server of one's own
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

/// Check everything.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Only seals and checksums; do not rebuild for comparing
    #[arg(long)]
    pub(crate) quick: bool,
}

pub(super) fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate >= 0.0 => Ok(rate),
        _ => Err("write requests per second, like 4 or 0.5".to_owned()),
    }
}
