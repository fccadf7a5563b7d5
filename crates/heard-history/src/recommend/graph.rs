//! Artists, albums and tracks, and what services told of them and between them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::genres::Genres;
use crate::genres::{Vocabulary, equally};
use crate::identity::{NameKey, is_placeholder};
use crate::rules::{Name, Rule};
use crate::store::{KeptRule, Knowledge, Listed};

/// How alike two things are of which a service only says that they are (`artist.getInfo` lists five without a number).
const UNTOLD: f64 = 0.5;

/// What joins two nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum How {
    /// They are alike.
    Similar,
    /// One is among the best known of the other, an artist; its place, from 1.
    Top(u32),
}

/// A way from one node to another. It can be gone in both directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// What it is.
    pub how: How,
    /// How strong it is, from 0 to 1.
    pub strength: f64,
}

/// A node.
#[derive(Clone, Debug)]
struct Node {
    name: Name,
    links: BTreeMap<usize, Link>,
    genres: Genres,
    listeners: Option<u64>,
    length_ms: Option<u64>,
    /// Of an album, how many tracks it has.
    tracks: u64,
}

/// Everything that is known, one node for each name; spellings of one name are one node.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    places: HashMap<NameKey, usize>,
    /// What stands for a spelling that is shown as another.
    shown: HashMap<NameKey, Name>,
}

impl Graph {
    /// A graph without nodes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The graph of what services told.
    pub(super) fn of(knowledge: &Knowledge) -> Self {
        let shown = knowledge.shown_as.iter().map(|(reported, shown)| (NameKey::of(reported), shown.clone()));
        let mut graph = Self { shown: shown.collect(), ..Self::new() };
        for row in knowledge.listed.iter().filter(|row| !says_nothing(&row.name)) {
            graph.list(row);
        }
        graph.tell_genres(knowledge);
        for (name, listeners) in &knowledge.listeners {
            let node = graph.node(name);
            graph.tell_listeners(node, *listeners);
        }
        graph
    }

    /// Says how everything sounds. What the listener decided of an artist stands above all tags, also above those of the
    /// artist's albums and tracks. Of several spellings the one that is shown counts, else the first that was asked about.
    fn tell_genres(&mut self, knowledge: &Knowledge) {
        let decided = self.decided(&knowledge.rules);
        for (name, weighed) in &knowledge.genres {
            let node = self.node(name);
            let known = &self.nodes[node];
            let is_better = known.genres.is_empty() || known.name == *name;
            if is_better && !decided.contains_key(&NameKey::of_artist(&known.name)) {
                self.set_genres(node, Genres::from(weighed));
            }
        }
        for (node, genres) in decided.into_values() {
            self.set_genres(node, genres);
        }
    }

    /// The artists whose genres the listener decided, the latest rule of each.
    fn decided(&mut self, rules: &[KeptRule]) -> HashMap<NameKey, (usize, Genres)> {
        let mut decided = HashMap::new();
        for rule in rules.iter().filter(|kept| kept.holds()).filter_map(|kept| kept.rule.as_ref()) {
            let Rule::Genres { artist, genres } = rule else { continue };
            let genres = Genres::from(&equally(Vocabulary::own(), genres.iter().map(String::as_str)));
            if !genres.is_empty() {
                let node = self.node(&Name::Artist { artist: artist.clone() });
                decided.insert(NameKey::of(&self.nodes[node].name), (node, genres));
            }
        }
        decided
    }

    fn list(&mut self, row: &Listed) {
        let (under, node) = (self.node(&row.under), self.node(&row.name));
        if let Some(listeners) = row.listeners {
            self.tell_listeners(node, listeners);
        }
        self.nodes[node].length_ms = self.nodes[node].length_ms.or(row.length_ms);
        match (&row.under, &row.name) {
            (Name::Album { .. }, Name::Track { .. }) => {
                self.nodes[under].tracks = self.nodes[under].tracks.max(u64::from(row.position) + 1);
            }
            (Name::Artist { .. }, Name::Album { .. } | Name::Track { .. }) => {
                let place = row.position.saturating_add(1);
                self.join(under, node, Link { how: How::Top(place), strength: f64::from(place).powf(-0.5) });
            }
            (one, other) if one.kind() == other.kind() => {
                self.join(under, node, Link { how: How::Similar, strength: row.likeness.unwrap_or(UNTOLD) });
            }
            _ => {}
        }
    }

    /// The name that is shown for a name: another one for itself, or another one for its artist.
    fn shown<'a>(&'a self, name: &'a Name) -> Cow<'a, Name> {
        if self.shown.is_empty() {
            return Cow::Borrowed(name);
        }
        if let Some(shown) = self.shown.get(&NameKey::of(name)) {
            return Cow::Borrowed(shown);
        }
        let artist = || Some(self.shown.get(&NameKey::of_artist(name))?.artist().to_owned());
        match name {
            Name::Artist { .. } => Cow::Borrowed(name),
            Name::Album { title, .. } => {
                artist().map_or(Cow::Borrowed(name), |artist| Cow::Owned(Name::Album { artist, title: title.clone() }))
            }
            Name::Track { title, .. } => {
                artist().map_or(Cow::Borrowed(name), |artist| Cow::Owned(Name::Track { artist, title: title.clone() }))
            }
        }
    }

    /// The node of a name; a new one, where it has none.
    pub fn node(&mut self, name: &Name) -> usize {
        let name = self.shown(name).into_owned();
        let nodes = &mut self.nodes;
        *self.places.entry(NameKey::of(&name)).or_insert_with(|| {
            nodes.push(Node {
                name,
                links: BTreeMap::new(),
                genres: Genres::default(),
                listeners: None,
                length_ms: None,
                tracks: 0,
            });
            nodes.len() - 1
        })
    }

    /// The node of a name, which is from now on shown in this spelling.
    pub(super) fn spelt(&mut self, name: &Name) -> usize {
        let node = self.node(name);
        self.nodes[node].name = name.clone();
        node
    }

    /// The node of a name, where it has one.
    #[must_use]
    pub fn find(&self, name: &Name) -> Option<usize> {
        self.places.get(&NameKey::of(&self.shown(name))).copied()
    }

    /// Joins two nodes; of several links between them the strongest is kept. A node is not joined with itself, and a
    /// strength beyond 0 to 1 is taken as the nearer of both; one that is no number joins nothing.
    ///
    /// # Panics
    /// When one of them is no node of this graph.
    pub fn join(&mut self, one: usize, other: usize, link: Link) {
        if one == other || link.strength.is_nan() {
            return;
        }
        let link = Link { strength: link.strength.clamp(0.0, 1.0), ..link };
        for (from, to) in [(one, other), (other, one)] {
            let kept = self.nodes[from].links.entry(to).or_insert(link);
            if link.strength > kept.strength {
                *kept = link;
            }
        }
    }

    /// Says how a node sounds.
    ///
    /// # Panics
    /// When it is no node of this graph.
    pub fn set_genres(&mut self, node: usize, genres: Genres) {
        self.nodes[node].genres = genres;
    }

    /// Says how many know a node; of several numbers the largest is kept.
    ///
    /// # Panics
    /// When it is no node of this graph.
    pub fn tell_listeners(&mut self, node: usize, listeners: u64) {
        let known = &mut self.nodes[node].listeners;
        *known = (*known).max(Some(listeners));
    }

    /// How many nodes there are; they are numbered from 0.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The name of a node.
    ///
    /// # Panics
    /// When it is no node of this graph.
    #[must_use]
    pub fn name(&self, node: usize) -> &Name {
        &self.nodes[node].name
    }

    /// How many know a node, where a service told.
    ///
    /// # Panics
    /// When it is no node of this graph.
    #[must_use]
    pub fn listeners(&self, node: usize) -> Option<u64> {
        self.nodes[node].listeners
    }

    /// Where links lead from a node, in the order of the nodes.
    ///
    /// # Panics
    /// When it is no node of this graph.
    pub fn links(&self, node: usize) -> impl Iterator<Item = (usize, Link)> {
        self.nodes[node].links.iter().map(|(to, link)| (*to, *link))
    }

    pub(super) fn length_ms(&self, node: usize) -> Option<u64> {
        self.nodes[node].length_ms
    }

    /// How many tracks an album has, where a service told.
    pub(super) fn tracks_of(&self, name: &Name) -> Option<u64> {
        self.find(name).map(|node| self.nodes[node].tracks).filter(|tracks| *tracks > 0)
    }

    /// How a node sounds; of an album or a track of which that is not known, how its artist does.
    pub(super) fn genres(&self, node: usize) -> &Genres {
        let own = &self.nodes[node].genres;
        if !own.is_empty() {
            return own;
        }
        let artist = self.places.get(&NameKey::of_artist(&self.nodes[node].name));
        artist.map_or(own, |artist| &self.nodes[*artist].genres)
    }

    /// How alike two nodes are, from 0 to 1: of one artist wholly, else as their link says, or their genres.
    ///
    /// # Panics
    /// When one of them is no node of this graph.
    #[must_use]
    pub fn alike(&self, one: usize, other: usize) -> f64 {
        let artist = |node: usize| NameKey::of_artist(&self.nodes[node].name);
        if artist(one) == artist(other) {
            return 1.0;
        }
        let linked = self.nodes[one].links.get(&other).map_or(0.0, |link| link.strength);
        linked.max(self.genres(one).cosine(self.genres(other)))
    }

    /// For each node whether it bears one of these names.
    pub(super) fn marked<'a>(&self, names: impl Iterator<Item = &'a Name>) -> Vec<bool> {
        let mut marked = vec![false; self.len()];
        for node in names.filter_map(|name| self.find(name)) {
            marked[node] = true;
        }
        marked
    }
}

/// A name that only says that there is none. Last.fm calls albums of unknown title "(null)".
fn says_nothing(name: &Name) -> bool {
    let nothing = |text: &str| text.trim().is_empty() || text == "(null)" || is_placeholder(text);
    nothing(name.artist()) || name.title().is_some_and(nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artist(artist: &str) -> Name {
        Name::Artist { artist: artist.to_owned() }
    }

    fn sounds(genre: &str) -> Genres {
        Genres::from(&equally(Vocabulary::own(), [genre]))
    }

    fn similar(strength: f64) -> Link {
        Link { how: How::Similar, strength }
    }

    #[test]
    fn spellings_are_one_node_and_the_listeners_own_is_shown() {
        let mut graph = Graph::new();
        let node = graph.node(&artist("mira vale"));
        assert_eq!(graph.node(&artist(" Mira  Vale")), node);
        assert_eq!(graph.spelt(&artist("Mira Vale")), node);
        assert_eq!(graph.name(node), &artist("Mira Vale"));
        assert_ne!(graph.node(&Name::Track { artist: "Mira Vale".into(), title: String::new() }), node);
        assert_eq!(graph.find(&artist("Nobody")), None);
    }

    #[test]
    fn links_lead_both_ways_and_the_strongest_is_kept() {
        let mut graph = Graph::new();
        let (one, other) = (graph.node(&artist("a")), graph.node(&artist("b")));
        for strength in [0.4, 0.9, 0.1, f64::NAN] {
            graph.join(one, other, similar(strength));
        }
        graph.join(one, one, similar(1.0));
        assert_eq!(graph.links(one).collect::<Vec<_>>(), [(other, similar(0.9))]);
        assert_eq!(graph.links(other).collect::<Vec<_>>(), [(one, similar(0.9))]);
        graph.join(one, other, similar(7.0));
        assert_eq!(graph.alike(one, other), 1.0);
    }

    #[test]
    fn an_album_sounds_like_its_artist_until_more_is_known() {
        let mut graph = Graph::new();
        let (of, album) = (artist("a"), Name::Album { artist: "A".into(), title: "t".into() });
        let (of, album) = (graph.node(&of), graph.node(&album));
        let folk = sounds("folk");
        graph.set_genres(of, folk.clone());
        assert_eq!(graph.genres(album), &folk);
        let dub = sounds("dub");
        graph.set_genres(album, dub.clone());
        assert_eq!(graph.genres(album), &dub);
    }

    #[test]
    fn what_is_told_of_a_spelling_is_told_of_what_stands_for_it() {
        let (reported, shown) = (artist("Bjork"), artist("Björk"));
        let track = |artist: &str, title: &str| Name::Track { artist: artist.into(), title: title.into() };
        let renamed = (track("Björk", "Joga (live)"), track("Björk", "Jóga"));
        let knowledge =
            Knowledge { shown_as: vec![(reported.clone(), shown.clone()), renamed], ..Knowledge::default() };
        let mut graph = Graph::of(&knowledge);
        assert_eq!(graph.node(&reported), graph.node(&shown));
        assert_eq!(graph.node(&track("bjork", "Hunter")), graph.node(&track("Björk", "Hunter")));
        assert_eq!(graph.node(&track("Björk", "JOGA (live)")), graph.node(&track("Björk", "Jóga")));
        assert_eq!(graph.find(&reported).map(|node| graph.name(node)), Some(&shown));
        assert_eq!(graph.len(), 3);
    }

    #[test]
    fn what_the_listener_decides_of_an_artist_stands_above_tags() {
        let album = |artist: &str| Name::Album { artist: artist.into(), title: "t".into() };
        let told = |name: Name, genre: &str| (name, equally(Vocabulary::own(), [genre]));
        let rule = |id, artist: &str, genres: &[&str], revoked| {
            let genres = genres.iter().map(|genre| (*genre).to_owned()).collect();
            KeptRule { id, decided_at: 0, rule: Some(Rule::Genres { artist: artist.into(), genres }), revoked }
        };
        let knowledge = Knowledge {
            genres: vec![
                told(artist("bjork"), "noise"),
                told(artist("Björk"), "jazz"),
                told(artist("BJÖRK"), "polka"),
                told(album("Björk"), "jazz"),
                told(artist("Other"), "jazz"),
            ],
            shown_as: vec![(artist("bjork"), artist("Björk"))],
            ..Knowledge::default()
        };
        let heard = |knowledge: &Knowledge, name: &Name| {
            let graph = Graph::of(knowledge);
            graph.genres(graph.find(name).unwrap()).clone()
        };
        assert_eq!(heard(&knowledge, &artist("bjork")), sounds("jazz"), "of the spelling that is shown");
        let rules = vec![
            rule(1, "Bjork", &["noise"], false),
            rule(2, "BJÖRK", &["Trip-Hop", "no genre"], false),
            rule(3, "Björk", &["dub"], true),
            rule(4, "Björk", &["no genre"], false),
            rule(5, "Nobody", &["dub"], false),
        ];
        let knowledge = Knowledge { rules, ..knowledge };
        assert_eq!(heard(&knowledge, &artist("Björk")), sounds("trip hop"), "the latest that holds and says something");
        assert_eq!(heard(&knowledge, &album("bjork")), sounds("trip hop"), "and of what is theirs, too");
        assert_eq!(heard(&knowledge, &artist("Other")), sounds("jazz"));
        assert_eq!(heard(&knowledge, &artist("nobody")), sounds("dub"));
    }

    #[test]
    fn names_that_say_nothing_are_no_nodes() {
        let album = |title: &str| Name::Album { artist: "a".into(), title: title.into() };
        for name in [artist(""), artist("[unknown]"), album("(null)"), album("  ")] {
            assert!(says_nothing(&name), "{name:?}");
        }
        assert!(!says_nothing(&artist("Null")) && !says_nothing(&album("Untitled")));
    }
}
