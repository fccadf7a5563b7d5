//! Batches in the language of Last.fm.

use heard_api::lastfm::auth::GetToken;
use heard_api::lastfm::track::{self, Corrected as Name, Ignored, Play, Scrobble, Scrobbled};
use heard_api::{Client, Code, Error, Method, Reply, Request};

use super::connection::Said;
use crate::listen::{Listen, Track};
use crate::outbox::{Batch, Corrected, Verdict};

/// A length below this, in milliseconds, makes Last.fm ignore the scrobble, however short the track really is.
const SHORTEST_TOLD: u64 = 30_000;
/// Album artists for which Last.fm ignores the scrobble.
const NOBODY: [&str; 3] = ["various artists", "various", "va"];

pub(super) async fn send(client: &Client, batch: &Batch) -> Said {
    let listens = batch.entries.iter().map(|entry| told(&entry.listen)).collect();
    let call = match Scrobble::new(listens) {
        Ok(call) => call,
        Err(size) => return Said::Refused { error: None, words: size.to_string() },
    };
    let reply = match client.send(&Request::of(&call)).await {
        Ok(reply) => reply,
        Err(error) => return Said::Failed(error),
    };
    match reply.service_error() {
        Some(error) if matches!(error.code(), Some(Code::InvalidParameters | Code::InvalidSignature)) => {
            let words = error.to_string();
            Said::Refused { error: Some(error), words }
        }
        Some(error) => Said::Failed(error),
        None => match Scrobble::decode(&reply.body) {
            Ok(scrobbled) => judge(client, batch, &scrobbled, &reply),
            Err(error) => Said::Failed(error.into()),
        },
    }
}

/// Asks for a token, which needs a signature and changes nothing. A service that has no tokens is believed.
pub(super) async fn try_signature(client: &Client) -> Result<(), Error> {
    match client.call(&GetToken).await {
        Ok(_) | Err(Error::NotOffered { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The answer is believed only if it has a verdict on each listen, and the moments are those that were sent.
fn judge(client: &Client, batch: &Batch, scrobbled: &Scrobbled, reply: &Reply) -> Said {
    let (sent, judged) = (batch.entries.len(), scrobbled.verdicts.len());
    if sent != judged {
        return Said::Unreadable(format!("the answer judges {judged} listens of {sent}"));
    }
    let pairs = || batch.entries.iter().zip(&scrobbled.verdicts);
    if pairs().any(|(entry, verdict)| verdict.timestamp.is_some_and(|at| at != entry.listen.played_at)) {
        return Said::Unreadable("the answer is about other listens than those that were sent".to_owned());
    }
    let verdicts = pairs().map(|(entry, verdict)| read(client, &entry.listen, verdict)).collect();
    // The ledger keeps answers byte for byte, so one with a key in it may not get there.
    let answer = (!client.is_quoted_in(&reply.body)).then(|| (reply.status, reply.body.to_vec()));
    Said::Judged { verdicts, answer, served_at: reply.date }
}

fn read(client: &Client, listen: &Listen, verdict: &track::Verdict) -> Verdict {
    match verdict.ignored(client.service()) {
        None | Some(Ignored::AlreadyKnown) => Verdict::Accepted(corrected(listen, verdict)),
        Some(Ignored::DailyLimit) => Verdict::Limited,
        Some(Ignored::TooNew) => Verdict::TooEarly,
        Some(_) => Verdict::Ignored { code: verdict.ignored.code, words: verdict.ignored.text.clone() },
    }
}

fn corrected(listen: &Listen, verdict: &track::Verdict) -> Corrected {
    let track = &listen.track;
    let marked = |name: &Name, sent: Option<&str>| {
        name.text.clone().filter(|text| name.corrected && Some(text.as_str()) != sent)
    };
    Corrected {
        artist: marked(&verdict.artist, Some(&track.artist)),
        track: marked(&verdict.track, Some(&track.title)),
        album: marked(&verdict.album, track.album.as_deref()),
        album_artist: marked(&verdict.album_artist, track.album_artist.as_deref()),
    }
}

fn told(listen: &Listen) -> track::Listen {
    play(&listen.track).at(listen.played_at)
}

/// The track as the service takes it.
pub(super) fn play(track: &Track) -> Play {
    let is_somebody = |artist: &&String| !NOBODY.contains(&artist.to_lowercase().as_str()) && **artist != track.artist;
    let length = track.length_ms.filter(|length| *length >= SHORTEST_TOLD);
    Play {
        artist: track.artist.clone(),
        track: track.title.clone(),
        album: track.album.clone(),
        album_artist: track.album_artist.as_ref().filter(is_somebody).cloned(),
        track_number: track.number,
        duration_s: length.and_then(|length| u32::try_from(length / 1000).ok()),
        mbid: track.recording_mbid.clone(),
        ..Play::default()
    }
}
