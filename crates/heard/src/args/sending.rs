//! What can be typed behind `scrobble` and `outbox`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use heard_history::listen::Service;
use heard_history::normalise::layout::Format;
use heard_history::outbox::Fate;

use super::collecting::rate;
use super::files::{column, format_parser, name};

/// Tell the services that something was played
///
/// The listen is put into the outbox first, so that nothing is lost where there is no network, and is sent from there
/// with everything else that waits. What the service says of it is kept, and told.
///
/// With --file, all plays of a file go that way: of every format that heard import takes in, and of any table with columns
/// like artist, title, album, played_at, duration, track_number. Times without a zone are of --zone, or else of the
/// config's. What the account has already, by the outbox or by what heard sync collected of it, is not sent again; run
/// heard sync before. The plays are not added to this history: the next heard sync brings what the service took. Stop it
/// whenever you like: the same command goes on where it stopped. --csv and --json tell of each row.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard scrobble --artist 'Nils Frahm' --track Says --album Spaces
  heard scrobble --artist Björk --track Jóga --at 10m
  heard scrobble --artist Björk --track Jóga --at '2026-05-01 12:30' --service listenbrainz
  heard scrobble --file plays.csv --dry-run
  heard scrobble --file .scrobbler.log --zone Europe/Berlin --results results.csv

Exit codes: 65 the service does not want it, or some rows of the file, or the file has nothing to send · 75 it waits in \
the outbox, or nobody knows what the account has · 77 the login is over")]
pub(crate) struct Scrobble {
    /// The artist's name
    #[arg(long, value_name = "NAME", value_parser = name(), required_unless_present = "file")]
    pub(crate) artist: Option<String>,
    /// The track's title
    #[arg(long, value_name = "TITLE", value_parser = name(), required_unless_present = "file")]
    pub(crate) track: Option<String>,
    /// The album's title
    #[arg(long, value_name = "TITLE", value_parser = name())]
    pub(crate) album: Option<String>,
    /// The album's artist, where it is another
    #[arg(long, value_name = "NAME", value_parser = name())]
    pub(crate) album_artist: Option<String>,
    /// The place on the album, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) track_number: Option<u32>,
    /// The track's length in seconds; tracks of 30 seconds and less do not count
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32))]
    pub(crate) duration: Option<u32>,
    /// The MusicBrainz id of the recording
    #[arg(long, value_name = "MBID", value_parser = name())]
    pub(crate) mbid: Option<String>,
    /// When it began: "10m" ago (also s, h and d), "2026-05-01 12:30" in your zone, RFC 3339, or Unix seconds [default: now]
    #[arg(long, value_name = "WHEN")]
    pub(crate) at: Option<String>,
    #[command(flatten)]
    pub(crate) from: FromFile,
    #[command(flatten)]
    pub(crate) reaching: Reaching,
    /// Only say what would be sent, and to whom
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// A whole file of plays.
#[derive(Args, Debug, Default, PartialEq, Eq)]
pub(crate) struct FromFile {
    /// Send the plays of this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["artist", "track", "album", "album_artist", "track_number",
                                                         "duration", "mbid", "at"])]
    pub(crate) file: Option<PathBuf>,
    /// The file's format, instead of the one that is recognised
    #[arg(long = "as", value_name = "FORMAT", value_parser = format_parser(), requires = "file")]
    pub(crate) format: Option<Format>,
    /// Which column of a table holds what, by its name or by its number from 1
    #[arg(long, value_name = "MEANING=COLUMN", value_delimiter = ',', value_parser = column, requires = "file")]
    pub(crate) columns: Vec<(String, String)>,
    /// Write what became of each row into this file, as CSV
    #[arg(long, value_name = "FILE", requires = "file", conflicts_with = "dry_run")]
    pub(crate) results: Option<PathBuf>,
    /// Send also what the account may have already, because nothing was collected of it for that time
    #[arg(long, requires = "file")]
    pub(crate) unchecked: bool,
}

/// What waits to be sent to services, and what became of the rest
///
/// Each target is listed with what waits for it and when that will be there, as far as the service's limit of the day
/// is known. Nothing is ever taken out: what was sent is the ledger.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  heard outbox
  heard outbox list --state ignored
  heard outbox send
  heard outbox retry 7")]
pub(crate) struct Outbox {
    #[command(subcommand)]
    pub(crate) action: Option<OutboxAction>,
}

/// What is to be done with the outbox.
#[derive(Debug, Subcommand)]
pub(crate) enum OutboxAction {
    /// List the listens in it, the first added first
    #[command(after_help = "Examples:
  heard outbox list --state parked --json
  heard outbox list -n 50 --after 1250")]
    List {
        /// Only those of which this became
        #[arg(long, value_parser = PossibleValuesParser::new(Fate::NAMES))]
        state: Option<String>,
        /// How many to show
        #[arg(short = 'n', long = "limit", default_value_t = 100)]
        limit: u32,
        /// Only those behind the listen of this number
        #[arg(long, value_name = "ID", default_value_t = 0, hide_default_value = true)]
        after: i64,
    },
    /// Send what waits, to all targets whose keys are set or to those that are named
    #[command(after_help = "Examples:
  heard outbox send --service listenbrainz
  heard outbox send --verify")]
    Send(Reaching),
    /// Let a listen wait again that was ignored or parked
    #[command(after_help = "Example:
  heard outbox retry 7")]
    Retry {
        /// The listen's number, as heard outbox list gives it
        id: i64,
    },
    /// Do not send a listen that waits; it is kept, parked
    #[command(after_help = "Example:
  heard outbox drop 7")]
    Drop {
        /// The listen's number, as heard outbox list gives it
        id: i64,
    },
}

/// To whom.
#[derive(Args, Debug)]
pub(crate) struct Reaching {
    /// The account [default: those from the config whose keys are set]
    #[arg(long, value_name = "NAME", value_parser = name())]
    pub(crate) user: Option<String>,
    /// The service's address, for servers that speak its language
    #[arg(long, value_name = "ROOT")]
    pub(crate) url: Option<String>,
    /// The service
    #[arg(long)]
    pub(crate) service: Option<ServiceArg>,
    /// Requests per second, at most 5; 0 means unpaced, and only towards this machine [default: 4]
    #[arg(long, value_name = "N", value_parser = rate)]
    pub(crate) rate: Option<f64>,
    /// Where an answer was lost, ask the service what it has before sending that again; else it is left to the service
    /// to keep one of a repeat
    #[arg(long)]
    pub(crate) verify: bool,
}

/// A service that takes listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServiceArg {
    /// Last.fm, or a server that speaks its language
    Lastfm,
    /// Libre.fm, or another GNU FM server
    Librefm,
    /// ListenBrainz, or a server that speaks its language
    Listenbrainz,
}

impl From<ServiceArg> for Service {
    fn from(service: ServiceArg) -> Self {
        match service {
            ServiceArg::Lastfm => Self::Lastfm,
            ServiceArg::Librefm => Self::Librefm,
            ServiceArg::Listenbrainz => Self::Listenbrainz,
        }
    }
}
