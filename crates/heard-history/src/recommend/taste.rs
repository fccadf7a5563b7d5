//! What is dear to the listener.

use std::collections::HashMap;

use super::genres::Genres;
use super::graph::{Graph, How};
use super::weights::{Weights, log_share};
use crate::rules::Name;

/// Something that was played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loved {
    /// Its node.
    pub node: usize,
    /// Its plays.
    pub plays: u64,
    /// The last of them, in Unix seconds.
    pub last_at: i64,
}

/// How dear each node of a graph is, and how it all sounds together.
#[derive(Clone, Debug, PartialEq)]
pub struct Taste {
    /// By node, from 0 for what is not known to 1.
    love: Vec<f64>,
    plays: Vec<u64>,
    profile: Genres,
}

impl Taste {
    /// The taste of somebody who played these: by how often, beside the most played of the same kind, and by how lately.
    /// Of several that are the same node the dearest counts. Nodes beyond the graph are left out.
    #[must_use]
    pub fn of(graph: &Graph, loved: &[Loved], weights: &Weights, now: i64) -> Self {
        let loved: Vec<&Loved> = loved.iter().filter(|it| it.node < graph.len()).collect();
        let mut most: HashMap<&str, u64> = HashMap::new();
        for it in &loved {
            let most = most.entry(graph.name(it.node).kind()).or_default();
            *most = (*most).max(it.plays);
        }
        let (mut love, mut plays) = (vec![0.0; graph.len()], vec![0; graph.len()]);
        for it in loved {
            let often = log_share(it.plays, most[graph.name(it.node).kind()]).powf(weights.plays);
            let lately = weights.recency_of(it.last_at, now).powf(weights.recency);
            love[it.node] = f64::max(love[it.node], often * lately);
            plays[it.node] = it.plays.max(plays[it.node]);
        }
        let profile = profile(graph, &love);
        Self { love, plays, profile }
    }

    /// The same, where these nodes are a little dear, too, by hearsay: as dear as told, and never played.
    pub(super) fn with(mut self, dear: impl Iterator<Item = (usize, f64)>) -> Self {
        for (node, love) in dear {
            self.love[node] = f64::max(self.love[node], love);
        }
        self
    }

    /// The dear nodes in order, each with how dear it is.
    pub(super) fn dear(&self) -> impl Iterator<Item = (usize, f64)> {
        self.love.iter().copied().enumerate().filter(|(_, love)| *love > 0.0)
    }

    /// How dear a node is.
    pub(super) fn love(&self, node: usize) -> f64 {
        self.love.get(node).copied().unwrap_or_default()
    }

    pub(super) fn plays(&self, node: usize) -> u64 {
        self.plays.get(node).copied().unwrap_or_default()
    }

    /// How it all sounds together.
    pub(super) fn profile(&self) -> &Genres {
        &self.profile
    }

    /// Whether anything that is dear is like something.
    pub(super) fn has_similar(&self, graph: &Graph) -> bool {
        self.dear().any(|(node, _)| graph.links(node).any(|(_, link)| link.how == How::Similar))
    }
}

/// Artists alone make it: what is known of tracks and albums is mostly known of their artists, and would count twice.
fn profile(graph: &Graph, love: &[f64]) -> Genres {
    let artists = (0..graph.len()).filter(|node| matches!(graph.name(*node), Name::Artist { .. }));
    Genres::sum(artists.map(|node| (graph.genres(node), love[node])).filter(|(_, love)| *love > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genres::{Vocabulary, equally};

    const DAY: i64 = 86_400;

    fn graph(names: &[&str]) -> Graph {
        let mut graph = Graph::new();
        for name in names {
            graph.node(&Name::Artist { artist: (*name).to_owned() });
        }
        graph
    }

    #[test]
    fn more_and_later_plays_are_dearer() {
        let graph = graph(&["often", "seldom", "long ago", "never"]);
        let weights = Weights { plays: 1.0, half_life_days: 100.0, ..Weights::default() };
        let now = 1_000 * DAY;
        let loved = [(0, 100, now), (1, 3, now), (2, 100, now - 100 * DAY), (99, 500, now)];
        let loved = loved.map(|(node, plays, last_at)| Loved { node, plays, last_at });
        let taste = Taste::of(&graph, &loved, &weights, now);
        assert_eq!([taste.love(0), taste.love(2), taste.love(3), taste.love(99)], [1.0, 0.5, 0.0, 0.0]);
        assert!(taste.love(1) > 0.0 && taste.love(1) < 0.5);
        let flat = Weights { plays: 0.0, recency: 0.0, ..weights };
        let taste = Taste::of(&graph, &loved, &flat, now);
        assert_eq!([taste.love(0), taste.love(1), taste.love(2)], [1.0, 1.0, 1.0], "weights of 0 leave factors out");
    }

    #[test]
    fn the_profile_is_how_dear_artists_sound() {
        let mut graph = graph(&["a", "b"]);
        let genres = |name: &str| Genres::from(&equally(Vocabulary::own(), [name]));
        graph.set_genres(0, genres("folk"));
        graph.set_genres(1, genres("dub"));
        let loved = [Loved { node: 0, plays: 5, last_at: 0 }];
        let taste = Taste::of(&graph, &loved, &Weights::default(), 0);
        assert_eq!(taste.profile(), &genres("folk"));
        assert!(Taste::of(&graph, &[], &Weights::default(), 0).profile().is_empty());
    }
}
