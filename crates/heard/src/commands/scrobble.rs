//! `heard scrobble`: tell the services that something was played.

use heard_api::Clock;
use heard_history::home::Home;
use heard_history::listen::{Listen, Track};
use heard_history::outbox::{Corrected, Entry, Fate, Outbox, Target};
use heard_history::playback::needed;

use super::sending::{Destination, How, deliver_all_with, destinations, judge};
use super::{scrobble_file, sent_rows};
use crate::args::{FromFile, Scrobble};
use crate::config::Config;
use crate::exit::{Code, Failure, worst};
use crate::print::{Printer, warn};
use crate::when::played_at;

pub(crate) fn run(args: &Scrobble, config: &Config, printer: Printer) -> Result<(), Failure> {
    let now = Clock::system().now();
    if let Some(path) = &args.from.file {
        return scrobble_file::run(path, args, config, printer);
    }
    let listen = listen(args, config, now)?;
    let destinations = destinations(&args.reaching, config)?;
    destinations.iter().for_each(|to| warn_of_age(to, &listen, now));
    if args.dry_run {
        let rows: Vec<_> = destinations.iter().map(|to| (to.target.clone(), unsent(&listen))).collect();
        printer.say("nothing is sent; this would be:");
        return sent_rows::print(&rows, printer);
    }
    let home = Home::open(&config.home)?;
    let lock = home.lock()?;
    let mut outbox = Outbox::open(&home, &lock)?;
    for to in &destinations {
        if outbox.add(&to.target, [&listen], now)?.known > 0 {
            printer.say(&format!("{}: this listen is in the outbox or the ledger already", to.target.account));
        }
    }
    let how = How { read_back: args.reaching.verify, quiet: true };
    let reports = deliver_all_with(&mut outbox, &destinations, how)?;
    let rows = destinations
        .into_iter()
        .filter_map(|to| outbox.find(&to.target, &listen).map(|row| row.map(|row| (to.target, row))).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    sent_rows::print(&rows, printer)?;
    let refused = rows.iter().map(refused);
    worst(refused.chain(reports.into_iter().map(judge)))
}

/// What was typed as a listen, checked by the rules of all services (last.fm/api/scrobbling).
fn listen(args: &Scrobble, config: &Config, now: i64) -> Result<Listen, Failure> {
    let wrong = |sentence: String| Failure::new(Code::Usage, sentence).hint("heard scrobble --help");
    let [artist, title] = [("--artist", &args.artist), ("--track", &args.track)].map(|(option, name)| {
        let name = name.as_deref().filter(|name| !name.trim().is_empty());
        name.ok_or_else(|| wrong(format!("{option} is empty, and a listen needs the names of artist and track")))
    });
    if args.from != FromFile::default() {
        return Err(wrong(
            "--as, --columns, --results and --unchecked are about a file; name it: --file FILE".to_owned(),
        ));
    }
    let length_ms = args.duration.map(|seconds| u64::from(seconds) * 1000);
    if needed(length_ms).is_none() {
        return Err(wrong("a track of 30 seconds or less does not count".to_owned()));
    }
    let played_at = match &args.at {
        Some(text) => played_at(text, &config.zone, now).map_err(|reason| wrong(format!("--at: {reason}")))?,
        None => now,
    };
    let track = Track {
        artist: artist?.to_owned(),
        title: title?.to_owned(),
        album: args.album.clone(),
        album_artist: args.album_artist.clone(),
        number: args.track_number,
        length_ms,
        recording_mbid: args.mbid.clone(),
    };
    Ok(Listen { track, played_at })
}

fn warn_of_age(to: &Destination, listen: &Listen, now: i64) {
    let Some(age) = to.connection.limits().max_age else { return };
    if listen.played_at <= now.saturating_sub(i64::from(age)) {
        warn(&format!("warning: {} takes no listens older than {} days", to.target.account, age / 86_400));
    }
}

/// A row as it would come into the outbox.
fn unsent(listen: &Listen) -> Entry {
    Entry {
        id: 0,
        listen: listen.clone(),
        fate: Fate::Waiting,
        attempts: 0,
        attempted_at: None,
        settled_at: None,
        corrected: Corrected::default(),
        is_read_back: false,
    }
}

/// That the service does not want it, or nobody dares to send it, is a failure of what was asked for.
fn refused((target, entry): &(Target, Entry)) -> Result<(), Failure> {
    match entry.fate {
        Fate::Ignored { .. } | Fate::Parked { .. } => {
            let sentence = format!("{} did not take it: {}", target.account, sent_rows::in_words(entry));
            Err(Failure::new(Code::BadInput, sentence).hint("it is kept in the ledger and not sent again"))
        }
        Fate::Waiting | Fate::InFlight | Fate::Accepted => Ok(()),
    }
}
