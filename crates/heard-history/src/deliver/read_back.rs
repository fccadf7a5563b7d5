//! What a service has already, of listens whose answer was lost.

use std::collections::HashSet;

use heard_api::lastfm::user::GetRecentTracks;
use heard_api::{Client, Code, Error, listenbrainz};

use crate::identity::key;
use crate::listen::Listen;
use crate::outbox::Batch;

/// Rows of one page of Last.fm's; as many as it documents.
const ROWS: u32 = 200;
/// A batch may lie among many other listens; no more pages of them are read than this.
const PAGES: u32 = 50;

/// Listens of an account at the moments of a batch.
#[derive(Debug, Default)]
pub(super) struct ReadBack(HashSet<(i64, String, String)>);

impl ReadBack {
    /// Whether it is among them, in whatever case.
    pub(super) fn has(&self, listen: &Listen) -> bool {
        self.0.contains(&(listen.played_at, key(&listen.track.artist), key(&listen.track.title)))
    }

    fn add(&mut self, played_at: i64, artist: &str, title: &str) {
        self.0.insert((played_at, key(artist), key(title)));
    }
}

/// One second before the first moment of a batch, and one after its last.
fn around(batch: &Batch) -> (i64, i64) {
    let moments = || batch.entries.iter().map(|entry| entry.listen.played_at);
    let (first, last) = (moments().min().unwrap_or_default(), moments().max().unwrap_or_default());
    (first.saturating_sub(1), last.saturating_add(1))
}

pub(super) async fn from_lastfm(client: &Client, user: &str, batch: &Batch) -> Result<ReadBack, Error> {
    let (from, to) = around(batch);
    let mut held = ReadBack::default();
    for page in 1..=PAGES {
        let asked = GetRecentTracks {
            limit: Some(ROWS),
            page: Some(page),
            from: Some(from),
            to: Some(to),
            ..GetRecentTracks::new(user)
        };
        let listed = match client.call(&asked).await {
            // Libre.fm's way to say that there is nothing.
            Err(error) if error.code() == Some(Code::InvalidResource) => break,
            listed => listed?,
        };
        for row in listed.rows.iter().filter(|row| !row.now_playing) {
            if let (Some(played_at), Some(artist), Some(name)) = (row.played_at, &row.artist, &row.name) {
                held.add(played_at, artist, name);
            }
        }
        if u64::from(page) >= listed.total_pages {
            break;
        }
    }
    Ok(held)
}

pub(super) async fn from_listenbrainz(
    client: &listenbrainz::Client,
    user: &str,
    batch: &Batch,
) -> Result<ReadBack, Error> {
    let (after, before) = around(batch);
    let mut held = ReadBack::default();
    let mut walk = client.walk(listenbrainz::listens(user).after(after).before(before));
    while let Some(listens) = walk.next().await? {
        for listen in listens {
            let names = &listen.track_metadata;
            if let Some(played_at) = listen.listened_at {
                held.add(played_at, &names.artist_name, &names.track_name);
            }
        }
    }
    Ok(held)
}
