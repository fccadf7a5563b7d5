//! One account at ListenBrainz: its listens by second, its token, its feedback.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use crate::{
    md5,
    play::{Listing, Play},
    written::Holding,
};

/// One listen as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Listen {
    pub(crate) inserted_at: i64,
    /// `track_metadata`, as it was sent.
    pub(crate) metadata: Map<String, Value>,
}

/// One listener's account at ListenBrainz.
#[derive(Debug, Clone)]
pub struct ListenBrainzAccount {
    name: String,
    token: String,
    revoked_from: Option<i64>,
    /// By second and `recording_msid`: a second listen with both is the same.
    listens: BTreeMap<(i64, String), Listen>,
    times: HashMap<(i64, String, String), u32>,
    pub(crate) playing_now: Option<Map<String, Value>>,
    /// By the id of the recording: the score and when it was given.
    pub(crate) feedback: BTreeMap<Recording, (i64, i64)>,
    /// By how much `listen-count` differs from the list: the service keeps that number for a while.
    pub count_is_off_by: i64,
}

/// The id of a recording, by its kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Recording {
    Mbid(String),
    Msid(String),
}

impl ListenBrainzAccount {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            token: uuid_of(&["token", name]),
            revoked_from: None,
            listens: BTreeMap::new(),
            times: HashMap::new(),
            playing_now: None,
            feedback: BTreeMap::new(),
            count_is_off_by: 0,
        }
    }

    /// The name in its canonical spelling.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The user's token, which is good for everything.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Gives the user another token, which stands until it is revoked.
    pub fn set_token(&mut self, token: &str) {
        token.clone_into(&mut self.token);
        self.revoked_from = None;
    }

    pub(crate) fn revoke(&mut self, from: i64) {
        self.revoked_from = Some(self.revoked_from.map_or(from, |earlier| earlier.min(from)));
    }

    /// Whether `token` is this user's and stands at second `now`.
    pub(crate) fn lets_in(&self, token: &str, now: i64) -> bool {
        token == self.token && self.revoked_from.is_none_or(|from| now < from)
    }

    /// How many listens there are.
    pub fn len(&self) -> usize {
        self.listens.len()
    }

    /// Whether there are no listens.
    pub fn is_empty(&self) -> bool {
        self.listens.is_empty()
    }

    /// Adds a listen at `listened_at` (Unix seconds), as if a client had sent it long ago: it does not count as
    /// written. False if it was there.
    pub fn add(&mut self, listened_at: i64, artist: &str, track: &str) -> bool {
        let metadata = json!({"artist_name": artist, "track_name": track});
        metadata.as_object().is_some_and(|metadata| self.insert(listened_at, listened_at, metadata.clone()))
    }

    /// Adds many plays in the same way. Of plays that share second and names, whatever their case, one is kept.
    pub fn extend(&mut self, plays: impl IntoIterator<Item = Play>) {
        for play in plays {
            let mut metadata = json!({"artist_name": play.artist, "track_name": play.track});
            if !play.album.is_empty() {
                metadata["release_name"] = play.album.into();
            }
            let Value::Object(metadata) = metadata else { continue };
            self.insert(play.uts, play.uts, metadata);
        }
    }

    /// Takes a listen away, as the website does. False if it was not there.
    pub fn delete(&mut self, listing: &Listing) -> bool {
        let found = self.listens.iter().find(|((at, _), listen)| listing_of(*at, listen) == *listing);
        let key = found.map(|(key, _)| key.clone());
        key.is_some_and(|key| self.listens.remove(&key).is_some())
    }

    /// What a reader who has everything has, oldest first.
    pub fn listings(&self) -> impl Iterator<Item = Listing> + '_ {
        self.listens.iter().map(|((at, _), listen)| listing_of(*at, listen))
    }

    /// What `listen-count` tells.
    pub(crate) fn counted(&self) -> u64 {
        u64::try_from(self.len()).unwrap_or(u64::MAX).saturating_add_signed(self.count_is_off_by)
    }

    /// Takes in a listen that a client wrote at second `now`; false if it was there.
    pub(crate) fn write(&mut self, listened_at: i64, now: i64, metadata: Map<String, Value>) -> bool {
        let key = (listened_at, text(&metadata, "artist_name").to_owned(), text(&metadata, "track_name").to_owned());
        *self.times.entry(key).or_default() += 1;
        self.insert(listened_at, now, metadata)
    }

    fn insert(&mut self, listened_at: i64, inserted_at: i64, metadata: Map<String, Value>) -> bool {
        let key = (listened_at, msid(&metadata));
        if self.listens.contains_key(&key) {
            return false;
        }
        self.listens.insert(key, Listen { inserted_at, metadata });
        true
    }

    /// The listens after `min` and before `max`, oldest first.
    pub(crate) fn between(
        &self,
        min: Option<i64>,
        max: Option<i64>,
    ) -> impl DoubleEndedIterator<Item = (i64, &str, &Listen)> {
        let first = (min.map_or(i64::MIN, |min| min.saturating_add(1)), String::new());
        let end = (max.unwrap_or(i64::MAX), String::new());
        // A range that ends before it begins would panic.
        let listens = (first <= end).then(|| self.listens.range(first..end));
        listens.into_iter().flatten().map(|((at, msid), listen)| (*at, msid.as_str(), listen))
    }

    /// What the account holds now, by second and names. Listens that differ in nothing but their album or case are two
    /// rows of the account, and may be one here.
    pub fn holdings(&self) -> Vec<Holding> {
        let mut counts: BTreeMap<(i64, &str, &str), (u32, u32)> = BTreeMap::new();
        for ((at, _), listen) in &self.listens {
            let (artist, track) = (text(&listen.metadata, "artist_name"), text(&listen.metadata, "track_name"));
            counts.entry((*at, artist, track)).or_default().0 += 1;
        }
        for ((at, artist, track), written) in &self.times {
            counts.entry((*at, artist, track)).or_default().1 = *written;
        }
        let holding = |((uts, artist, track), (held, written)): ((i64, &str, &str), (u32, u32))| Holding {
            uts,
            artist: artist.to_owned(),
            track: track.to_owned(),
            held,
            written,
        };
        counts.into_iter().map(holding).collect()
    }

    /// The recordings with a score of 1 or -1: their ids, MusicBrainz's or the service's own, and the score.
    pub fn feedback(&self) -> impl Iterator<Item = (&str, i64)> {
        self.feedback.iter().map(|(recording, (score, _))| match recording {
            Recording::Mbid(id) | Recording::Msid(id) => (id.as_str(), *score),
        })
    }

    /// The names of a recording that was listened to, by the service's own id.
    pub(crate) fn metadata_of(&self, wanted: &str) -> Option<&Map<String, Value>> {
        self.listens.iter().find(|((_, msid), _)| msid == wanted).map(|(_, listen)| &listen.metadata)
    }
}

fn listing_of(at: i64, listen: &Listen) -> Listing {
    let name = |name| text(&listen.metadata, name).to_owned();
    Listing { uts: at, artist: name("artist_name"), track: name("track_name"), album: name("release_name") }
}

/// A member that is a text, or the empty text.
pub(crate) fn text<'a>(metadata: &'a Map<String, Value>, name: &str) -> &'a str {
    metadata.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The service's own id of what is called so, whatever the case.
pub(crate) fn msid(metadata: &Map<String, Value>) -> String {
    let names = ["artist_name", "track_name", "release_name"].map(|name| text(metadata, name).to_lowercase());
    uuid_of(&[&names[0], &names[1], &names[2]])
}

/// Always the same UUID for the same texts.
fn uuid_of(texts: &[&str]) -> String {
    let digits = md5::hex(texts.join("\u{0}").as_bytes());
    let part = |range| digits.get(range).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32))
}

#[cfg(test)]
mod tests {
    use super::ListenBrainzAccount;
    use crate::{play::Play, written::Holding};

    #[test]
    fn a_listen_is_told_by_its_second_and_its_names() {
        let mut account = ListenBrainzAccount::new("Ann");
        let names = [(5, "A", "T"), (5, "a", "t"), (5, "A", "U"), (6, "A", "T")];
        assert_eq!(names.map(|(at, artist, track)| account.add(at, artist, track)), [true, false, true, true]);
        let seconds = |min, max| account.between(min, max).map(|(at, ..)| at).collect::<Vec<_>>();
        assert_eq!(
            (seconds(None, None), seconds(Some(5), None), seconds(None, Some(6))),
            (vec![5, 5, 6], vec![6], vec![5, 5])
        );
        assert_eq!((seconds(Some(9), Some(1)), seconds(Some(i64::MAX), None)), (vec![], vec![]));
        let first = Holding { uts: 5, artist: "A".into(), track: "T".into(), held: 1, written: 0 };
        assert_eq!((account.holdings().len(), &account.holdings()[0]), (3, &first));
    }

    #[test]
    fn a_listen_can_be_taken_away_and_the_count_can_be_wrong() {
        let mut account = ListenBrainzAccount::new("Ann");
        account.extend([Play::new(5, "A", "T").on("L"), Play::new(5, "a", "t").on("l"), Play::new(6, "A", "T")]);
        let listings: Vec<_> = account.listings().collect();
        assert_eq!((listings.len(), listings[0].album.as_str(), account.counted()), (2, "L", 2));
        assert!(account.delete(&listings[0]) && !account.delete(&listings[0]));
        account.count_is_off_by = 3;
        assert_eq!((account.len(), account.counted()), (1, 4));
        account.count_is_off_by = -3;
        assert_eq!(account.counted(), 0);
    }

    #[test]
    fn a_token_is_the_accounts_own_until_it_is_revoked() {
        let mut account = ListenBrainzAccount::new("Ann");
        let token = account.token().to_owned();
        assert_ne!(token, ListenBrainzAccount::new("Bob").token());
        account.revoke(10);
        assert_eq!([9, 10].map(|now| account.lets_in(&token, now)), [true, false]);
        account.set_token("new");
        assert!(account.lets_in("new", 10) && !account.lets_in(&token, 9));
    }
}
