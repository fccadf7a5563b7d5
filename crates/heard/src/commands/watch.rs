//! `heard watch`: what players play is kept, and scrobbled.

mod keeper;
mod showing;
mod told;
mod writing;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use heard_history::home::Home;
use heard_history::watch::{Happened, Players, Spool};
use tokio::runtime::{Builder, Handle};
use tokio::sync::{mpsc, watch};

use self::keeper::{Handed, Keeper};
use self::showing::Showing;
use self::told::Voice;
use self::writing::Writing;
use super::sending::{Destination, destinations};
use crate::args::Watch;
use crate::config::{Config, Watching};
use crate::exit::{Code, Failure};
use crate::interrupt::on_interrupt;
use crate::players::{self, Address, Places, PlayersError, Tells, Timekeeper, Told, Wanted};
use crate::print::{Printer, Style};

/// Players are told at least so often that time passes; more than a minute without that would not count.
const TICK: Duration = Duration::from_secs(10);

pub(crate) fn run(args: &Watch, config: &Config, printer: Printer) -> Result<(), Failure> {
    if printer.style == Style::Csv {
        return Err(Failure::new(Code::Usage, "what happens is no table, so there is no CSV of it").hint("--json"));
    }
    let places = places(args, config)?;
    let destinations = targets(args, config, printer)?;
    let home = Home::open(&config.home)?;
    let failed = |error: std::io::Error| Failure::new(Code::Failure, format!("players cannot be watched: {error}"));
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (end, ended) = watch::channel(false);
    on_interrupt(move || {
        end.send_replace(true);
    })?;
    runtime.block_on(async {
        let time = Timekeeper::new(config.watching.speed);
        let voice = Voice::new(printer);
        let (heard, unreached) = players::watch(places, &time).await?;
        for error in unreached {
            let goes_on = if matches!(error, PlayersError::Mpd { .. }) { "; trying again" } else { "" };
            voice.says(&format!("{error}{goes_on}"));
        }
        voice.says(&begins(&destinations));
        let showing = Showing::start(&destinations, &time, voice);
        let (keep, kept) = std::sync::mpsc::channel();
        let spool = Arc::new(Mutex::new(Spool::new(&home)));
        let writing = Writing::new(config, &destinations, Arc::clone(&spool));
        let keeper = Keeper::new(home, spool, config, destinations, voice, Handle::current(), ended.clone());
        let keeping = tokio::task::spawn_blocking(move || keeper.run(&kept));
        let mut hand_on = |happened| {
            // On the disk before anybody is told: the keeper may have to wait for hours.
            let is_spooled = writing.down(&happened);
            voice.happened(&happened)?;
            showing.hear(&happened);
            // A keeper that is gone has failed; its own reason is the one that is told.
            keep.send(Handed { happened, is_spooled }).map_err(|error| Failure::new(Code::Failure, error.to_string()))
        };
        let watched = follow(heard, &time, voice, ended, &mut hand_on).await;
        drop(keep);
        let kept = keeping.await.map_err(|error| Failure::new(Code::Failure, error.to_string()))?;
        kept.and(watched)
    })
}

/// Feeds what players tell into what becomes of it, until somebody asks to stop, or nobody tells anything any more.
async fn follow(
    mut heard: mpsc::Receiver<Told>,
    time: &Timekeeper,
    voice: Voice,
    mut ended: watch::Receiver<bool>,
    hand_on: &mut dyn FnMut(Happened) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut players = Players::new();
    let ending = loop {
        // A little later, so that a play that is due counts then.
        let wait = players.counts_in().map_or(TICK, |due| due.min(TICK)) + Duration::from_millis(1);
        let happened = tokio::select! {
            told = heard.recv() => match told {
                Some(told) => take_in(&mut players, told, voice),
                None => break Err(PlayersError::Ended.into()),
            },
            () = time.sleep(wait) => players.tick(time.moment()),
            _ = ended.wait_for(|ended| *ended) => break Ok(()),
        };
        happened.into_iter().try_for_each(&mut *hand_on)?;
    };
    players.end(time.moment()).into_iter().try_for_each(hand_on)?;
    ending
}

fn take_in(players: &mut Players, Told { id, name, tells, at }: Told, voice: Voice) -> Vec<Happened> {
    match tells {
        Tells::Signal(signal) => players.tell(&id, &name, signal, at),
        Tells::Left => players.leave(&id, at),
        Tells::Says(sentence) => {
            voice.says(&sentence);
            Vec::new()
        }
    }
}

/// Where players are looked for: as typed, else as configured.
fn places(args: &Watch, config: &Config) -> Result<Places, Failure> {
    let Watching { mpris, mpd, only, ignore, session_bus, .. } = &config.watching;
    let typed = |typed: &[String], configured: &[String]| if typed.is_empty() { configured } else { typed }.to_vec();
    let (code, hint) = match args.mpd.is_empty() {
        true => (Code::Configuration, "docs/config.md: [watch]"),
        false => (Code::Usage, "heard watch --mpd localhost:6600"),
    };
    let wrong = |reason| Failure::new(code, reason).hint(hint);
    let mpd = typed(&args.mpd, mpd).iter().map(|text| Address::parse(text)).collect::<Result<Vec<_>, _>>();
    let mpd = mpd.map_err(wrong)?;
    let mpris = *mpris && !args.no_mpris;
    if !mpris && mpd.is_empty() {
        return Err(Failure::new(Code::Usage, "there is no player to watch").hint("heard watch --mpd localhost:6600"));
    }
    let mut wanted = Wanted { only: typed(&args.only, only), ignore: typed(&args.ignore, ignore) };
    if !mpd.is_empty() {
        // There are programs that show an MPD on the desktop, under this name; watched twice, it would count twice.
        wanted.ignore.push("mpd".to_owned());
    }
    let password = config.secret("MPD_PASSWORD").cloned();
    Ok(Places { mpris, session_bus: session_bus.clone(), wanted, mpd, password })
}

/// To whom plays are sent: to nobody where that is wished, or where no account is named at all.
fn targets(args: &Watch, config: &Config, printer: Printer) -> Result<Vec<Destination>, Failure> {
    let nobody = config.accounts.is_empty() && args.reaching.user.is_none();
    if args.no_send {
        return Ok(Vec::new());
    }
    if nobody && args.reaching.service.is_none() && args.reaching.url.is_none() {
        printer.say("no account is named (docs/config.md), so plays are kept and not sent");
        return Ok(Vec::new());
    }
    destinations(&args.reaching, config)
}

fn begins(destinations: &[Destination]) -> String {
    let accounts: Vec<String> = destinations.iter().map(|to| to.target.account.to_string()).collect();
    match accounts.as_slice() {
        [] => "watching; Ctrl-C ends it".to_owned(),
        accounts => format!("watching for {}; Ctrl-C ends it", accounts.join(", ")),
    }
}
