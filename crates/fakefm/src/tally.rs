//! Who was played how often, over all accounts: counted once, and anew when an account has changed.

use std::{collections::HashMap, sync::Arc};

use crate::world::World;

/// The plays of one thing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tallied {
    /// The name, in the spelling that came first.
    pub(crate) name: String,
    pub(crate) plays: u64,
    /// How many accounts have it.
    pub(crate) listeners: u64,
    /// An album's tracks, or the albums of a track; what is named first came first.
    pub(crate) beside: Vec<String>,
    /// MusicBrainz id; empty when unknown.
    pub(crate) mbid: String,
}

/// The plays of one artist.
#[derive(Debug, Clone, Default)]
pub(crate) struct ArtistTally {
    pub(crate) artist: Tallied,
    /// By title in lower case.
    pub(crate) albums: HashMap<String, Tallied>,
    pub(crate) tracks: HashMap<String, Tallied>,
}

/// The plays of all accounts, by the artist's name in lower case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    artists: HashMap<String, ArtistTally>,
    /// Names in lower case, in their order.
    order: Vec<String>,
}

impl Tally {
    pub(crate) fn artist(&self, name: &str) -> Option<&ArtistTally> {
        self.artists.get(&name.to_lowercase())
    }

    /// So many artists that stand behind this one in the order of names.
    pub(crate) fn behind(&self, name: &str, count: usize) -> impl Iterator<Item = &ArtistTally> {
        let name = name.to_lowercase();
        let at = self.order.partition_point(|other| *other <= name);
        let ring = self.order[at..].iter().chain(&self.order[..at]);
        ring.filter(move |other| **other != name).take(count).filter_map(|name| self.artists.get(name))
    }

    /// All artists, the most played first.
    pub(crate) fn ranked(&self) -> Vec<&ArtistTally> {
        let mut artists: Vec<_> = self.artists.values().collect();
        artists.sort_by(|a, b| (b.artist.plays, &a.artist.name).cmp(&(a.artist.plays, &b.artist.name)));
        artists
    }

    fn count(world: &World) -> Self {
        let mut tally = Self::default();
        for account in world.accounts() {
            let mut own: HashMap<String, ArtistTally> = HashMap::new();
            for (_, play) in account.plays() {
                let artist = own.entry(play.artist.to_lowercase()).or_default();
                add(&mut artist.artist, &play.artist, "", &play.artist_mbid);
                add(
                    artist.tracks.entry(play.track.to_lowercase()).or_default(),
                    &play.track,
                    &play.album,
                    &play.track_mbid,
                );
                if !play.album.is_empty() {
                    let album = artist.albums.entry(play.album.to_lowercase()).or_default();
                    add(album, &play.album, &play.track, &play.album_mbid);
                }
            }
            for (name, artist) in own {
                tally.artists.entry(name).or_default().join(artist);
            }
        }
        tally.order = tally.artists.keys().cloned().collect();
        tally.order.sort();
        tally
    }
}

fn add(tallied: &mut Tallied, name: &str, beside: &str, mbid: &str) {
    if tallied.name.is_empty() {
        name.clone_into(&mut tallied.name);
    }
    if tallied.mbid.is_empty() {
        mbid.clone_into(&mut tallied.mbid);
    }
    if !beside.is_empty() && !tallied.beside.iter().any(|known| known == beside) {
        tallied.beside.push(beside.to_owned());
    }
    tallied.plays += 1;
    tallied.listeners = 1;
}

impl Tallied {
    fn join(&mut self, other: Self) {
        if self.name.is_empty() {
            self.name = other.name;
        }
        if self.mbid.is_empty() {
            self.mbid = other.mbid;
        }
        self.plays += other.plays;
        self.listeners += other.listeners;
        self.beside.extend(other.beside);
    }
}

impl ArtistTally {
    fn join(&mut self, other: Self) {
        self.artist.join(other.artist);
        for (title, album) in other.albums {
            self.albums.entry(title).or_default().join(album);
        }
        for (title, track) in other.tracks {
            self.tracks.entry(title).or_default().join(track);
        }
    }
}

/// A tally, and the state of the accounts from which it was made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted {
    changes: Vec<u64>,
    tally: Arc<Tally>,
}

impl World {
    /// Who was played how often.
    pub(crate) fn tally(&mut self) -> Arc<Tally> {
        let changes: Vec<u64> = self.accounts().iter().map(crate::Account::changes).collect();
        if self.counted.changes != changes {
            self.counted = Counted { changes, tally: Arc::new(Tally::count(self)) };
        }
        Arc::clone(&self.counted.tally)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Play, World};

    #[test]
    fn plays_are_counted_anew_when_an_account_changed() {
        let mut world = World::of("ann");
        world.listener().add(&Play::new(5, "A", "T").on("L"));
        world.open("bob").add(&Play::new(6, "a", "t"));
        let tally = world.tally();
        let artist = tally.artist("A").unwrap();
        assert_eq!((artist.artist.plays, artist.artist.listeners, artist.tracks["t"].plays), (2, 2, 2));
        assert_eq!(artist.albums["l"].beside, ["T"]);
        assert!(std::sync::Arc::ptr_eq(&tally, &world.tally()));
        let id = world.listener().add(&Play::new(7, "B", "U"));
        assert_eq!(world.tally().ranked().len(), 2);
        assert_eq!(world.tally().behind("b", 9).map(|it| it.artist.name.as_str()).collect::<Vec<_>>(), ["A"]);
        world.listener().delete(id);
        assert_eq!(world.tally().ranked().len(), 1);
    }
}
