//! Batches in the language of ListenBrainz.

use heard_api::Error;
use heard_api::listenbrainz::{self, Client, Submission, Unacceptable};

use super::connection::Said;
use crate::listen::Listen;
use crate::outbox::{Batch, Corrected, Verdict};

pub(super) async fn send(client: &Client, batch: &Batch) -> Said {
    let mut listens = Vec::with_capacity(batch.entries.len());
    for entry in &batch.entries {
        match told(&entry.listen) {
            Ok(listen) => listens.push(listen),
            Err(reason) => return Said::Unfit { entry: Box::new(entry.clone()), reason: reason.to_string() },
        }
    }
    let submission = match Submission::import(listens) {
        Ok(submission) => submission,
        Err(reason) => return Said::Refused { error: None, words: reason.to_string() },
    };
    let call = listenbrainz::submit(&submission);
    let reply = match client.send(&call).await {
        Ok(reply) => reply,
        Err(error) => return Said::Failed(error),
    };
    match listenbrainz::refusal(&reply) {
        None => match call.decode(&reply.body) {
            Ok(_) => {
                let verdicts = vec![Verdict::Accepted(Corrected::default()); batch.entries.len()];
                Said::Judged { verdicts, answer: None, served_at: reply.date }
            }
            Err(error) => Said::Failed(error.into()),
        },
        // 400: something in the batch; 413: all of it together is too large.
        Some(Error::Refused { http_status: http_status @ (400 | 413), message, retry_after }) => {
            let words = message.clone();
            Said::Refused { error: Some(Error::Refused { http_status, message, retry_after }), words }
        }
        Some(error) => Said::Failed(error),
    }
}

/// The listen as the service takes it: an id that is none, or an impossible length, is left out rather than the listen.
pub(super) fn told(listen: &Listen) -> Result<listenbrainz::Listen, Unacceptable> {
    let track = &listen.track;
    let mut plain = listenbrainz::Listen::new(&track.artist, &track.title).at(listen.played_at);
    plain.track_metadata.release_name = track.album.clone().filter(|album| !album.trim().is_empty());
    let mut whole = plain.with("submission_client", "heard");
    if let Some(artist) = track.album_artist.as_deref() {
        whole = whole.with("release_artist_name", artist);
    }
    if let Some(number) = track.number {
        whole = whole.with("tracknumber", number);
    }
    let length = track.length_ms.map(|length| ("duration_ms", length.into()));
    let mbid = track.recording_mbid.as_deref().map(|mbid| ("recording_mbid", mbid.into()));
    let more: [Option<(_, serde_json::Value)>; 2] = [length, mbid];
    for (name, value) in more.into_iter().flatten() {
        let longer = whole.clone().with(name, value);
        if is_taken(&longer).is_ok() {
            whole = longer;
        }
    }
    is_taken(&whole).map(|()| whole)
}

fn is_taken(listen: &listenbrainz::Listen) -> Result<(), Unacceptable> {
    Submission::import(vec![listen.clone()]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::Track;

    #[test]
    fn what_the_service_would_refuse_is_left_out() {
        let mut listen = Listen { track: Track::new("A", "T"), played_at: 1_700_000_000 };
        listen.track.recording_mbid = Some("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9".into());
        listen.track.length_ms = Some(200_000);
        let info = |listen: &Listen| told(listen).unwrap().track_metadata.additional_info;
        assert_eq!(info(&listen).len(), 3);
        listen.track.recording_mbid = Some("no id".into());
        listen.track.length_ms = Some(u64::MAX);
        listen.track.album = Some(" ".into());
        assert_eq!(info(&listen).keys().collect::<Vec<_>>(), ["submission_client"]);
        assert_eq!(told(&listen).unwrap().track_metadata.release_name, None);
        listen.track.title = "\0".into();
        assert_eq!(told(&listen), Err(Unacceptable::Nul));
        listen.track.title = "x".repeat(20_000);
        assert!(matches!(told(&listen), Err(Unacceptable::TooLarge { .. })));
    }
}
