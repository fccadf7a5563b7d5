//! `heard love` and `heard unlove`: a track's heart at the services.

use heard_api::lastfm::track::{Love, Unlove};
use heard_api::listenbrainz::{self, Feedback, Score};
use heard_history::deliver::Connection;

use super::telling::{Outcome, tell_all};
use crate::args::Heart;
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::Printer;

pub(crate) fn run(args: &Heart, loved: bool, config: &Config, printer: Printer) -> Result<(), Failure> {
    let Heart { artist, track, .. } = args;
    let done = format!("{} {artist} – {track}", if loved { "loves" } else { "no longer loves" });
    tell_all(&args.at, config, printer, &done, &async |connection: &Connection| {
        match connection {
            Connection::Lastfm(client) if loved => client.call(&Love::new(artist, track)).await?,
            Connection::Lastfm(client) => client.call(&Unlove::new(artist, track)).await?,
            Connection::Listenbrainz(client) => {
                client.call(&listenbrainz::recording_feedback(&feedback(args, loved)?)).await?;
            }
        }
        Ok(Outcome::default())
    })
}

fn feedback(args: &Heart, loved: bool) -> Result<Feedback, Failure> {
    let missing = || {
        Failure::new(Code::Usage, "ListenBrainz knows hearts of MusicBrainz recordings alone")
            .hint("add the recording's id: --mbid ID; or name one other account: --user NAME")
    };
    let recording_mbid = Some(args.mbid.clone().ok_or_else(missing)?);
    let score = if loved { Score::Loved } else { Score::Nothing };
    Ok(Feedback { recording_mbid, score, ..Feedback::default() })
}
