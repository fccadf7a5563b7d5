//! What the user typed. The comments here are the help texts, and the help texts are the manual.

mod calendar;
mod calling;
mod collecting;
mod enriching;
mod files;
mod genres;
mod login;
mod pages;
mod plot;
mod quality;
mod questions;
mod recommend;
mod rules;
mod sending;
mod taste;
mod watching;
mod year;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use calendar::{
    Asking, Calendar, Clock, Milestones, MilestonesArg, Sessions, SessionsBy, Streaks, StreaksOf,
};
pub(crate) use calling::{Api, At, Heart, Love, NowPlaying, ServiceArg, Unlove};
pub(crate) use collecting::{Demo, Sync, Verify};
pub(crate) use enriching::{ArchiveAction, ArchiveArgs, Enrich};
pub(crate) use files::{Export, FormatArg, Import, Imports, ImportsAction, ProfileArg, Rejects};
pub(crate) use genres::{Genres, GenresAction, Taste};
pub(crate) use login::{Accounts, Login, Logout};
pub(crate) use pages::{About, Album, Artist, Track};
pub(crate) use plot::{Plot, PlotKind, ThemeArg};
pub(crate) use quality::Quality;
pub(crate) use questions::{ByArg, CountingArgs, KindArg, Listens, NameArgs, PeriodArgs, Top, TopArg};
pub(crate) use recommend::{Recommend, WhyArg};
pub(crate) use rules::{
    Alias, AliasKind, Hide, HideKind, Merge, MergeKind, Rules, RulesAction, Split, SplitKind, Titled, Trying,
};
pub(crate) use sending::{FromFile, Outbox, OutboxAction, Reaching, Scrobble};
pub(crate) use taste::{Charts, Discoveries, DiscoveryList, Numbers, Trends, UnitArgs, WeekdayArg};
pub(crate) use watching::Watch;
pub(crate) use year::{Compare, Wrapped};

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
    /// The time zone of days and hours, like Europe/Berlin; of somebody who moved, "Europe/Berlin, 2019-05-01 Asia/Tokyo"
    /// [default: from the config, $TZ, or the system's]
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
    /// What waits in the outbox is sent at the end, where the keys for it are set. Last.fm and Libre.fm want an api key
    /// (LASTFM_API_KEY; Libre.fm takes any 32 characters), ListenBrainz wants nothing. Libre.fm and ListenBrainz count an
    /// account as a whole only: where that number differs from what they list, everything is read again, once a day at
    /// most.
    Sync(Sync),
    Enrich(Enrich),
    Import(Import),
    Imports(Imports),
    Rejects(Rejects),
    #[command(flatten)]
    Question(Question),
    Plot(Plot),
    /// Write everything out again
    Export(Export),
    Alias(Alias),
    Merge(Merge),
    Split(Split),
    Hide(Hide),
    Rules(Rules),
    Love(Love),
    Unlove(Unlove),
    NowPlaying(NowPlaying),
    Api(Api),
    Accounts(Accounts),
    Login(Login),
    Logout(Logout),
    Scrobble(Scrobble),
    Watch(Watch),
    Outbox(Outbox),
    Archive(ArchiveArgs),
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

/// What is to be answered out of the history.
#[derive(Debug, Subcommand)]
pub(crate) enum Question {
    Top(Top),
    /// Find, list and count single listens
    Listens(Listens),
    Artist(Artist),
    Album(Album),
    Track(Track),
    Clock(Clock),
    Calendar(Calendar),
    Streaks(Streaks),
    Sessions(Sessions),
    Milestones(Milestones),
    Charts(Charts),
    Trends(Trends),
    Discoveries(Discoveries),
    Genres(Genres),
    Taste(Taste),
    Numbers(Numbers),
    Quality(Quality),
    Wrapped(Wrapped),
    Compare(Compare),
    Recommend(Recommend),
}
