//! `fakefm`: the fake service by hand. Prints its root address as its first line and runs until it is stopped.

use std::{
    error::Error,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    thread,
};

use clap::Parser;
use fakefm::{Config, Corrections, FakeFm, Faults, Generate, Keys, Movement, OverLimit, Play, World, Writing, load};

/// A Last.fm on loopback that holds as many scrobbles as wanted, is written to, and misbehaves on request. At the same
/// port, under /1/, it is a ListenBrainz.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How many scrobbles to make up
    #[arg(long, default_value_t = 5_000, conflicts_with = "load")]
    plays: usize,
    /// Names the made-up history, and what happens by chance
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Read the history from this CSV or JSON file instead
    #[arg(long, value_name = "FILE")]
    load: Option<PathBuf>,
    /// Read which tags people gave artists from this CSV, with the columns artist and artist_tags (`a; b; c`) [default:
    /// tags are made up]
    #[arg(long, value_name = "FILE")]
    tags: Option<PathBuf>,
    /// The latest second of the made-up history, in Unix seconds [default: now]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    until: Option<i64>,
    /// Over how many years the made-up history spreads
    #[arg(long, default_value_t = 6)]
    years: u32,
    /// How many of the made-up scrobbles bear no date
    #[arg(long, default_value_t = 0)]
    undated: usize,
    /// The name of the account
    #[arg(long, default_value = "listener")]
    user: String,
    /// The port; 0 for any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How long every answer takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// The greatest page size
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    max_limit: u32,
    /// Answer larger limits with the greatest page instead of error 6
    #[arg(long)]
    clamp: bool,
    /// Something sounds at this moment
    #[arg(long)]
    now_playing: bool,
    /// What goes wrong by chance: none, hostile, lossy (answers to done writes are lost too) or spoilt:SHARE
    #[arg(long, default_value = "none")]
    faults: String,
    /// The account changes at every request
    #[arg(long)]
    moving: bool,
    /// The account hides its recent listening
    #[arg(long)]
    private: bool,
    /// The only good API key; any is good without it
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    #[command(flatten)]
    writers: Writers,
}

/// Who may write, and what the service makes of it.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Writing")]
struct Writers {
    /// The shared secret that signatures are checked with; `none` checks no signature, as GNU FM does
    #[arg(long, default_value = Writing::SECRET)]
    secret: String,
    /// A session key of the account, for calls that write
    #[arg(long, value_name = "KEY")]
    session: Option<String>,
    /// The account's password, for auth.getMobileSession
    #[arg(long)]
    password: Option<String>,
    /// Grant every token of auth.getToken at once
    #[arg(long)]
    grant: bool,
    /// The account's token at ListenBrainz, which answers at the same port under /1/ and begins without listens
    #[arg(long)]
    token: Option<String>,
    /// Ignore scrobbles with code 5 after so many new ones on a day (UTC)
    #[arg(long, value_name = "N")]
    daily_limit: Option<u32>,
    /// Take scrobbles of any age, as GNU FM does, and not only of the last 14 days
    #[arg(long)]
    any_age: bool,
    /// Ignore scrobbles of this artist with code 1, besides the usual ones
    #[arg(long, value_name = "ARTIST")]
    filter_artist: Vec<String>,
    /// Ignore scrobbles of this track with code 2, besides the usual ones
    #[arg(long, value_name = "TRACK")]
    filter_track: Vec<String>,
    /// Spell a name otherwise than it was sent, for example artist:Bjork=Björk
    #[arg(long, value_name = "KIND:OLD=NEW")]
    correct: Vec<String>,
}

impl Writers {
    /// Sets the rules, and opens the accounts for writing.
    fn apply(&self, config: &mut Config) -> Result<(), String> {
        let writing = &mut config.rules.writing;
        writing.secret = (self.secret != "none").then(|| self.secret.clone());
        writing.daily_limit = self.daily_limit;
        if self.any_age {
            writing.too_old = None;
        }
        writing.filtered_artists.extend(self.filter_artist.iter().cloned());
        writing.filtered_tracks.extend(self.filter_track.iter().cloned());
        for text in &self.correct {
            let added = writing.corrections.add(text);
            added.ok_or_else(|| format!("--correct {text}: not of the form {}", Corrections::FORM))?;
        }
        let account = config.world.listener();
        account.password.clone_from(&self.password);
        let name = account.name().to_owned();
        writing.grant_at_once = self.grant.then(|| name.clone());
        if let Some(key) = &self.session {
            config.world.set_session(&name, key);
        }
        if let Some(token) = &self.token {
            config.world.listenbrainz(&name).set_token(token);
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            // Where standard error is closed there is nobody to tell.
            let _ = writeln!(io::stderr(), "fakefm: {error}{cause}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut config = world(arguments)?;
    config.rules.page_max = arguments.max_limit;
    if arguments.clamp {
        config.rules.over_limit = OverLimit::Clamp;
    }
    if let Some(key) = &arguments.key {
        config.rules.keys = Keys::Only(vec![key.clone()]);
    }
    config.faults = Faults::parse(&arguments.faults, arguments.seed)
        .ok_or_else(|| format!("--faults {}: neither none, hostile, lossy nor spoilt:SHARE", arguments.faults))?;
    config.movement = arguments.moving.then(|| Movement { step_at_most: 0, ..Movement::lively(arguments.seed) });
    arguments.writers.apply(&mut config)?;
    config.latency_ms = arguments.latency;
    config.port = arguments.port;
    let fake = FakeFm::start(config)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", fake.url())?;
    out.flush()?;
    drop(out);
    loop {
        thread::park();
    }
}

fn world(arguments: &Arguments) -> Result<Config, Box<dyn Error>> {
    let mut config = match &arguments.load {
        Some(path) => Config::loaded(&arguments.user, path)?,
        None => {
            let until = arguments.until.unwrap_or_else(|| World::new().now());
            let history = Generate {
                years: arguments.years,
                undated: arguments.undated,
                ..Generate::plain(arguments.seed, arguments.plays, until)
            };
            Config::generated(&arguments.user, &history)
        }
    };
    if let Some(path) = &arguments.tags {
        load::tags(path, &mut config.world)?;
    }
    let account = config.world.listener();
    account.hidden = arguments.private;
    if arguments.now_playing {
        account.set_now_playing(Some(&Play::new(0, "Present Company", "This Very Moment").on("Nowadays")));
    }
    Ok(config)
}
