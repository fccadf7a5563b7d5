//! A walk over all listens of a user.

use std::collections::HashSet;

use futures_util::Stream;
use futures_util::stream::unfold;

use super::calls::ListensCall;
use super::client::Client;
use super::listen::ListenItem;
use crate::error::Error;

/// All listens that a call asks for, from the latest to the earliest, in pieces.
///
/// Both bounds of a call leave their own second out, so each step asks again for the second in which the last one
/// ended, and gives no listen of it twice.
#[derive(Clone, Debug)]
pub struct Walk {
    client: Client,
    call: ListensCall,
    /// Ids of listens of the earliest second so far.
    edge: HashSet<String>,
    over: bool,
}

impl Client {
    /// A walk over the listens that a call asks for; without a `count`, 1000 at a time.
    #[must_use]
    pub fn walk(&self, call: ListensCall) -> Walk {
        let count = call.count.unwrap_or(ListensCall::MAX).clamp(1, ListensCall::MAX);
        Walk { client: self.clone(), call: call.count(count), edge: HashSet::new(), over: false }
    }
}

impl Walk {
    /// The next listens, or none after the last. After an error the walk stands still.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn next(&mut self) -> Result<Option<Vec<ListenItem>>, Error> {
        while !self.over {
            let listens = self.client.call(&self.call.call()).await?.listens;
            let earliest = listens.iter().filter_map(|listen| listen.listened_at).min();
            let Some(earliest) = earliest else {
                self.over = true;
                break;
            };
            let fresh = self.step(listens, earliest);
            if !fresh.is_empty() {
                return Ok(Some(fresh));
            }
        }
        Ok(None)
    }

    /// The pieces as a stream, which ends after the last. Each failure is one item of it; whoever asks on gets the same
    /// piece once more.
    pub fn into_stream(self) -> impl Stream<Item = Result<Vec<ListenItem>, Error>> {
        unfold(self, async |mut walk| walk.next().await.transpose().map(|listens| (listens, walk)))
    }

    /// Takes the listens that were not given yet, and moves on.
    fn step(&mut self, listens: Vec<ListenItem>, earliest: i64) -> Vec<ListenItem> {
        let fresh: Vec<_> = listens.into_iter().filter(|listen| !self.edge.contains(&id(listen))).collect();
        let again = earliest.saturating_add(1);
        if fresh.is_empty() || self.call.before == Some(again) {
            // Nothing new in this second, or more listens in it than fit into one answer: on to what is before it.
            self.call.before = Some(earliest);
            self.edge.clear();
            return fresh;
        }
        self.call.before = Some(again);
        self.edge = fresh.iter().filter(|listen| listen.listened_at == Some(earliest)).map(id).collect();
        fresh
    }
}

/// What tells two listens apart: the second and the names.
fn id(listen: &ListenItem) -> String {
    let names = &listen.track_metadata;
    let msid = listen.recording_msid.as_deref().unwrap_or_default();
    format!("{:?}\n{msid}\n{}\n{}", listen.listened_at, names.artist_name, names.track_name)
}
