//! `heard now-playing`: what sounds at this moment.

use heard_api::lastfm::track::{self, Corrected, IgnoredMessage, Play, UpdateNowPlaying};
use heard_api::listenbrainz::{self, Listen, Submission};
use heard_history::deliver::Connection;

use super::telling::{Outcome, tell_all};
use crate::args::NowPlaying;
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::Printer;

pub(crate) fn run(args: &NowPlaying, config: &Config, printer: Printer) -> Result<(), Failure> {
    let done = format!("now plays {} – {}", args.artist, args.track);
    tell_all(&args.at, config, printer, &done, &async |connection: &Connection| match connection {
        Connection::Lastfm(client) => Ok(outcome(client.call(&UpdateNowPlaying::new(play(args))).await?)),
        Connection::Listenbrainz(client) => {
            client.call(&listenbrainz::submit(&submission(args)?)).await?;
            Ok(Outcome::default())
        }
    })
}

fn play(args: &NowPlaying) -> Play {
    let NowPlaying { artist, track, album, duration, .. } = args;
    Play { album: album.clone(), duration_s: *duration, ..Play::new(artist, track) }
}

fn submission(args: &NowPlaying) -> Result<Submission, Failure> {
    let mut listen = Listen::new(&args.artist, &args.track);
    if let Some(album) = &args.album {
        listen = listen.release(album);
    }
    if let Some(seconds) = args.duration {
        listen = listen.with("duration", seconds);
    }
    let wrong = |reason| {
        Failure::new(Code::BadInput, format!("ListenBrainz does not take it: {reason}"))
            .hint("write the names as they stand on the record")
    };
    Submission::playing_now(listen).map_err(wrong)
}

fn outcome(answer: track::NowPlaying) -> Outcome {
    let track::NowPlaying { track, artist, album, album_artist, ignored } = answer;
    let names = [("track", track), ("artist", artist), ("album", album), ("album's artist", album_artist)];
    let changed = |(kind, name): (_, Corrected)| Some((kind, name.text.filter(|_| name.corrected)?));
    Outcome { ignored: reason(ignored), corrected: names.into_iter().filter_map(changed).collect() }
}

/// The service's own words, where it has some; its codes are those of scrobbles.
fn reason(IgnoredMessage { code, text }: IgnoredMessage) -> Option<String> {
    let plain = match code {
        0 => return None,
        1 => "the service filters this artist".to_owned(),
        2 => "the service filters this track".to_owned(),
        code => format!("the service gives the reason {code}"),
    };
    Some(text.unwrap_or(plain))
}
