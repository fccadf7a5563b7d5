//! What was written to an account, apart from its plays: how often each, what is loved, what is tagged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use crate::{account::Account, play::Play};

const DAY: i64 = 86_400;

/// One play as it stands in an account, and how often it was written there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Holding {
    /// Unix seconds; 0 = undated.
    pub uts: i64,
    /// The artist's name.
    pub artist: String,
    /// The track's title.
    pub track: String,
    /// How many such plays the account holds now, on whatever albums.
    pub held: u32,
    /// How often a client wrote it and was told that it was accepted; repeats count, though they are not stored.
    pub written: u32,
}

/// What a tag hangs on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "on", rename_all = "lowercase")]
pub enum Tagged {
    /// An artist.
    Artist {
        /// The artist's name.
        artist: String,
    },
    /// An album.
    Album {
        /// The artist's name.
        artist: String,
        /// The album's title.
        album: String,
    },
    /// A track.
    Track {
        /// The artist's name.
        artist: String,
        /// The track's title.
        track: String,
    },
}

/// When loved, or that it is not.
type Heart = Option<i64>;

/// What clients wrote to one account.
#[derive(Debug, Clone, Default)]
pub(crate) struct Written {
    times: HashMap<(i64, String, String), u32>,
    /// The day, counted from 1970, and how many plays were new on it.
    day: (i64, u32),
    /// By artist and track. What is not in here is loved as its play says.
    hearts: HashMap<String, HashMap<String, Heart>>,
    tags: BTreeSet<(Tagged, String)>,
}

impl Written {
    /// When the track was loved, if anybody wrote whether it is.
    pub(crate) fn heart(&self, artist: &str, track: &str) -> Option<Heart> {
        self.hearts.get(artist)?.get(track).copied()
    }

    /// How many plays were new on the day (UTC) of second `now`.
    pub(crate) fn new_on_day(&self, now: i64) -> u32 {
        if self.day.0 == now.div_euclid(DAY) { self.day.1 } else { 0 }
    }
}

impl Account {
    /// Takes in a play that a client wrote at second `now`, and says whether it is new: one of the same second, artist
    /// and track is silently dropped.
    pub(crate) fn write(&mut self, play: &Play, now: i64) -> bool {
        let times = &mut self.written.times;
        *times.entry((play.uts, play.artist.clone(), play.track.clone())).or_default() += 1;
        let new = self.find_listing(&play.artist, &play.track, Some(play.uts)).is_none();
        if new {
            self.written.day = (now.div_euclid(DAY), self.written.new_on_day(now) + 1);
            self.add(play);
        }
        new
    }

    /// What the account holds now, and all that was ever written to it though it is gone, by second and names.
    pub fn holdings(&self) -> Vec<Holding> {
        let mut counts: BTreeMap<(i64, String, String), (u32, u32)> = BTreeMap::new();
        for listing in self.listings() {
            counts.entry((listing.uts, listing.artist, listing.track)).or_default().0 += 1;
        }
        for (key, written) in &self.written.times {
            counts.entry(key.clone()).or_default().1 = *written;
        }
        let holding = |((uts, artist, track), (held, written))| Holding { uts, artist, track, held, written };
        counts.into_iter().map(holding).collect()
    }

    /// Loves a track at second `now`, or takes that back.
    pub(crate) fn set_heart(&mut self, artist: &str, track: &str, heart: Heart) {
        self.written.hearts.entry(artist.to_owned()).or_default().insert(track.to_owned(), heart);
    }

    /// All loved tracks with the second of the heart, the newest first. A track that is loved because its play says so
    /// was loved when it was played last.
    pub fn loved(&self) -> Vec<(i64, String, String)> {
        let mut loved: BTreeMap<(String, String), i64> = BTreeMap::new();
        for (_, play) in self.plays().filter(|(_, play)| play.loved) {
            loved.entry((play.artist, play.track)).or_insert(play.uts);
        }
        for (artist, tracks) in &self.written.hearts {
            for (track, heart) in tracks {
                let key = (artist.clone(), track.clone());
                match heart {
                    Some(at) => loved.insert(key, *at),
                    None => loved.remove(&key),
                };
            }
        }
        let mut all: Vec<_> = loved.into_iter().map(|((artist, track), at)| (at, artist, track)).collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (&a.1, &a.2).cmp(&(&b.1, &b.2))));
        all
    }

    /// Hangs a tag on something, or takes it off.
    pub(crate) fn set_tag(&mut self, on: Tagged, tag: &str, hangs: bool) {
        let entry = (on, tag.to_owned());
        if hangs {
            self.written.tags.insert(entry);
        } else {
            self.written.tags.remove(&entry);
        }
    }

    /// All tags that were written and not taken off.
    pub fn tags(&self) -> impl Iterator<Item = (&Tagged, &str)> {
        self.written.tags.iter().map(|(on, tag)| (on, tag.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Holding, Tagged};
    use crate::{account::Account, play::Play};

    #[test]
    fn a_repeat_is_counted_and_not_stored() {
        let mut account = Account::new("ann");
        account.add(&Play::new(9, "A", "T"));
        let results = [("A", "T", 9), ("A", "T", 8), ("A", "T", 8), ("A", "U", 8)]
            .map(|(artist, track, uts)| account.write(&Play::new(uts, artist, track).on("L"), 100));
        assert_eq!(results, [false, true, false, true]);
        let holding =
            |uts, track: &str, held, written| Holding { uts, artist: "A".into(), track: track.into(), held, written };
        let expected = vec![holding(8, "T", 1, 2), holding(8, "U", 1, 1), holding(9, "T", 1, 1)];
        assert_eq!(account.holdings(), expected);
        account.clear();
        assert!(account.holdings().iter().all(|holding| holding.held == 0 && holding.written > 0));
        assert_eq!([100, 86_399, 86_400].map(|now| account.written.new_on_day(now)), [2, 2, 0]);
    }

    #[test]
    fn hearts_that_were_written_stand_over_those_of_plays() {
        let mut account = Account::new("ann");
        account.extend([Play::new(5, "A", "T").loved(), Play::new(7, "A", "U").loved(), Play::new(8, "A", "V")]);
        account.set_heart("A", "T", None);
        account.set_heart("B", "never played", Some(50));
        let expected = [(50, "B", "never played"), (7, "A", "U")];
        assert_eq!(account.loved(), expected.map(|(at, artist, track)| (at, artist.to_owned(), track.to_owned())));
        let loved: Vec<_> = account.plays().map(|(_, play)| play.loved).collect();
        assert_eq!(loved, [false, true, false]);
    }

    #[test]
    fn a_tag_hangs_once() {
        let mut account = Account::new("ann");
        let on = Tagged::Artist { artist: "A".into() };
        for (tag, hangs) in [("x", true), ("x", true), ("y", true), ("x", false), ("z", false)] {
            account.set_tag(on.clone(), tag, hangs);
        }
        assert_eq!(account.tags().collect::<Vec<_>>(), [(&on, "y")]);
    }
}
