//! What the service knows of artists besides who played them.

use std::collections::{BTreeMap, HashMap};

use crate::{pictures::Cover, web};

/// What is known of one artist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ArtistLore {
    pub(crate) name: String,
    pub(crate) listeners: u64,
    pub(crate) plays: u64,
    /// The tags that people gave, the most frequent first.
    pub(crate) tags: Vec<String>,
}

/// All that is known. Names are found whatever their case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lore {
    artists: HashMap<String, ArtistLore>,
    /// MusicBrainz ids and the artists to whom they lead.
    mbids: HashMap<String, String>,
    /// Names under which another artist is shown.
    redirects: HashMap<String, String>,
    friends: BTreeMap<String, Vec<String>>,
    /// The folder of pictures that are the fake's own.
    pub(crate) pictures: Option<String>,
    /// What lies where a cover should, by the file's name.
    covers: HashMap<String, Cover>,
}

impl Lore {
    pub(crate) fn tell(&mut self, artist: ArtistLore) {
        self.artists.insert(artist.name.to_lowercase(), artist);
    }

    pub(crate) fn artist(&self, name: &str) -> Option<&ArtistLore> {
        self.artists.get(&name.to_lowercase())
    }

    pub(crate) fn artists(&self) -> impl Iterator<Item = &ArtistLore> {
        self.artists.values()
    }

    pub(crate) fn lead(&mut self, mbid: &str, artist: &str) {
        self.mbids.insert(mbid.to_owned(), artist.to_owned());
    }

    pub(crate) fn by_mbid(&self, mbid: &str) -> Option<&str> {
        self.mbids.get(mbid).map(String::as_str)
    }

    pub(crate) fn redirect(&mut self, name: &str, artist: &str) {
        self.redirects.insert(name.to_lowercase(), artist.to_owned());
    }

    /// The name of the artist who is shown for this one.
    pub(crate) fn shown<'a>(&'a self, name: &'a str) -> &'a str {
        self.redirects.get(&name.to_lowercase()).map_or(name, String::as_str)
    }

    pub(crate) fn befriend(&mut self, user: &str, friend: &str) {
        self.friends.entry(user.to_lowercase()).or_default().push(friend.to_owned());
    }

    pub(crate) fn lay(&mut self, artist: &str, album: &str, cover: Cover) {
        self.covers.insert(web::cover(artist, album), cover);
    }

    pub(crate) fn cover(&self, file: &str) -> Option<&Cover> {
        self.covers.get(file)
    }

    pub(crate) fn friends(&self, user: &str) -> &[String] {
        self.friends.get(&user.to_lowercase()).map_or(&[], Vec::as_slice)
    }
}

/// Words that people give to made-up artists.
const WORDS: [&str; 12] = [
    "rock",
    "electronic",
    "folk",
    "jazz",
    "ambient",
    "seen live",
    "pop",
    "metal",
    "classical",
    "hip-hop",
    "post-rock",
    "Soul",
];

/// The tags of an artist of whom nobody told any: by the name alone, up to five of them.
pub(crate) fn made_up_tags(name: &str) -> Vec<String> {
    let sum = name.bytes().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let step = 1 + sum / 7 % 5;
    (0..sum / 3 % 6).map(|nth| WORDS[(sum + nth * step) % WORDS.len()].to_owned()).fold(Vec::new(), |mut tags, tag| {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        tags
    })
}

#[cfg(test)]
mod tests {
    use super::{ArtistLore, Lore, made_up_tags};

    #[test]
    fn names_are_found_whatever_their_case() {
        let mut lore = Lore::default();
        lore.tell(ArtistLore { name: "Björk".into(), tags: vec!["pop".into()], ..ArtistLore::default() });
        lore.redirect("Bjork", "Björk");
        lore.lead("id", "Somebody");
        lore.befriend("Ann", "Bob");
        assert_eq!(lore.artist("BJÖRK").map(|artist| artist.tags.len()), Some(1));
        assert_eq!((lore.shown("bjork"), lore.shown("Other")), ("Björk", "Other"));
        assert_eq!((lore.by_mbid("id"), lore.by_mbid("other")), (Some("Somebody"), None));
        assert_eq!((lore.friends("ann"), lore.friends("bob")), (&["Bob".to_owned()][..], &[][..]));
    }

    #[test]
    fn made_up_tags_are_those_of_the_name() {
        let counts: Vec<usize> = (0..200).map(|nth| made_up_tags(&format!("Artist {nth}")).len()).collect();
        assert!(counts.contains(&0) && counts.contains(&1) && counts.iter().any(|count| *count > 3), "{counts:?}");
        assert_eq!(made_up_tags("Ann"), made_up_tags("Ann"));
    }
}
