//! `heard demo`: the whole main job against an account that is made up on the spot.

use std::path::{Path, PathBuf};

use fakefm::{FakeFm, Generate};
use heard_api::{Client, ClientOptions, Clock, Credentials, Pacer, Rate};
use heard_history::collect::Options;
use heard_history::connection::Connection;
use heard_history::enrich::{Asker, Call, Options as EnrichOptions};
use heard_history::home::{Home, make_private_folder};
use heard_history::listen::{Account, Service};

use super::enrich::{self, Target};
use super::{enrich_report, export, plot, recommend, sync, sync_report, top};
use crate::args::{Cli, Demo};
use crate::config::{Config, ConfiguredAccount};
use crate::exit::{Code, Failure};
use crate::print::{Printer, several};

/// The account's name.
const USER: &str = "demo";
/// At most so many questions about artists.
const QUESTIONS: u64 = 450;
/// At most so many plays of somebody else.
const OTHERS: usize = 2_000;

pub(crate) fn run(args: &Demo, config: &Config, printer: Printer) -> Result<(), Failure> {
    let folder = folder(args)?;
    let config = config.for_demo(folder.join("home"));
    printer.say(&format!("1. A made-up account with {} answers on this machine.", several(args.plays, "play")));
    let fake = fake(args)?;
    printer.say("2. heard sync downloads it: every answer is kept, then proven against the service's own count.");
    collect(&fake, &config, printer)?;
    printer.say(
        "\n3. heard enrich asks what the service knows of the artists; a rebuild reads it from the archive again.",
    );
    enrich(&fake, &config, printer)?;
    printer.say("\n4. heard top artists");
    ask(&config, printer, &["top", "artists"], &folder)?;
    printer.say("\n5. heard top tags");
    ask(&config, printer, &["top", "tags", "-n", "5"], &folder)?;
    printer.say("\n6. heard recommend artists");
    ask(&config, printer, &["recommend", "artists", "-n", "5"], &folder)?;
    printer.say("\n7. heard plot top-artists");
    ask(&config, printer, &["plot", "top-artists", "-n", "10"], &folder)?;
    printer.say("\n8. The same as files:");
    ask(&config, printer, &["export", "-o", "plays.csv"], &folder)?;
    ask(&config, printer, &["plot", "top-artists", "-o", "top-artists.svg"], &folder)?;
    ask(&config, printer, &["plot", "top-artists", "-o", "top-artists.png"], &folder)?;
    printer.say(&format!(
        "\nEverything lies in {home}: archive/ (zstdcat it), heard.db (sqlite3 it), plays.arrow (pandas, Polars, DuckDB).\n\
         Ask on: heard --home {home} top tracks --year 2024",
        home = config.home.display()
    ));
    Ok(())
}

fn folder(args: &Demo) -> Result<PathBuf, Failure> {
    let folder = match &args.output {
        Some(folder) => folder.clone(),
        None => {
            let unique = format!("heard-demo-{}-{}", Clock::system().now(), std::process::id());
            crate::config::temporary_folder().join(unique)
        }
    };
    make_private_folder(&folder).map_err(|error| Failure::file(&folder, &error))?;
    Ok(folder)
}

fn fake(args: &Demo) -> Result<FakeFm, Failure> {
    let plays = usize::try_from(args.plays).unwrap_or(usize::MAX);
    let until = Clock::system().now() - 3_600;
    let mut config = fakefm::Config::generated(USER, &Generate::plain(args.seed, plays, until));
    // Somebody else, so that there is something that this listener has not heard.
    let others = Generate::plain(args.seed.wrapping_add(1), plays.min(OTHERS), until);
    others.fill(config.world.open("somebody-else"));
    FakeFm::start(config)
        .map_err(|error| Failure::new(Code::Failure, format!("the made-up service cannot be started: {error}")))
}

fn collect(fake: &FakeFm, config: &Config, printer: Printer) -> Result<(), Failure> {
    let home = Home::open(&config.home)?;
    let lock = home.lock()?;
    let connection = Connection::Lastfm(client(fake)?);
    let account = ConfiguredAccount { account: Account::new(&config.listener, Service::Lastfm, USER), url: None };
    let connections = [(connection, &account)];
    let reports = sync::collect_all(&home, &lock, config, &connections, &Options::default(), printer)?;
    sync_report::print(reports, printer)
}

fn client(fake: &FakeFm) -> Result<Client, Failure> {
    let pacer = Pacer::new(Rate::Unpaced, Clock::system());
    Ok(Client::new(ClientOptions::new(fake.url(), Credentials::key("demo"), pacer))?)
}

/// Asks about the artists who were heard most: enough to show what comes of it, and not for long.
fn enrich(fake: &FakeFm, config: &Config, printer: Printer) -> Result<(), Failure> {
    let home = Home::open(&config.home)?;
    let lock = home.lock()?;
    let only = vec![Call::ArtistTags, Call::SimilarArtists, Call::ArtistTracks];
    let options = EnrichOptions { only, limit: Some(QUESTIONS), ..EnrichOptions::default() };
    let (listener, service) = (config.listener.clone(), Service::Lastfm);
    let asker = Asker { listener, service, accounts: Vec::new(), things: true };
    let targets = [Target { client: client(fake)?, pictures: None, asker }];
    let reports = enrich::ask_all(&home, &lock, config, &targets, &options, printer)?;
    enrich_report::print(reports, false, printer)
}

/// Asks as a user would type it; files lie in the demo's folder.
fn ask(config: &Config, printer: Printer, words: &[&str], folder: &Path) -> Result<(), Failure> {
    use crate::args::{Command, Question};
    use clap::Parser;
    let typed = std::iter::once("heard").chain(words.iter().copied());
    let cli = Cli::try_parse_from(typed).map_err(|error| Failure::new(Code::Failure, error.to_string()))?;
    match cli.command {
        Command::Question(Question::Top(args)) => top::run(&args, config, printer),
        Command::Question(Question::Recommend(args)) => recommend::run(args, config, printer),
        Command::Plot(mut args) => {
            args.output = args.output.map(|name| folder.join(name));
            plot::run(&args, config, printer)
        }
        Command::Export(mut args) => {
            args.output = args.output.map(|name| folder.join(name));
            export::run(&args, config, printer)
        }
        _ => Err(Failure::new(Code::Failure, "the demo asks only what it shows")),
    }
}
