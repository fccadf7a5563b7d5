//! How good a list of suggestions is, when some of what the listener found by themselves was hidden.

use std::collections::HashSet;

use heard_history::recommend::{Graph, How, Link, Loved, Taste, Weights, unheard, varied};
use heard_history::stats::Kind;

/// How many suggestions are looked at.
pub(crate) const PLACES: usize = 50;

/// One listener, of whose artists the last ones are hidden.
pub(crate) struct Case {
    pub(crate) graph: Graph,
    /// What was played before the first of the hidden ones.
    pub(crate) loved: Vec<Loved>,
    pub(crate) hidden: HashSet<usize>,
    /// The moment of the first hidden discovery.
    pub(crate) now: i64,
    /// How many listeners there are whom a node's listeners are a part of.
    pub(crate) population: f64,
}

/// What a service would list as similar to each node, with how alike.
pub(crate) type Lists = Vec<Vec<(usize, f64)>>;

/// The same graph with the lists of these nodes. A service is asked about what is played, and about nothing else.
pub(crate) fn told(mut graph: Graph, lists: &Lists, loved: &[Loved]) -> Graph {
    for it in loved {
        for (other, strength) in &lists[it.node] {
            graph.join(it.node, *other, Link { how: How::Similar, strength: *strength });
        }
    }
    graph
}

/// A way to suggest.
#[derive(Clone, Copy)]
pub(crate) enum Method {
    /// The best known of all.
    Popularity,
    /// What is like the most, and the most alike, of what is known: the sum of all likenesses.
    Similarity,
    /// The recommender, with these weights.
    Recommender(Weights),
}

/// What of a list was right.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scores {
    /// The share of the hidden ones that is on the list.
    pub(crate) recall: f64,
    /// The same, where higher places count more: beside the best order that there could be.
    pub(crate) ndcg: f64,
    /// The mean over the list of −log2 of the share of all listeners who know it.
    pub(crate) novelty: f64,
    /// How many hidden ones are on the list.
    pub(crate) hits: f64,
}

impl Case {
    pub(crate) fn scores(&self, method: Method) -> Scores {
        let list = self.list(method);
        let gain = |place: usize| 1.0 / ((place + 2) as f64).log2();
        let hits: Vec<usize> = (0..list.len()).filter(|place| self.hidden.contains(&list[*place])).collect();
        let best: f64 = (0..self.hidden.len().min(PLACES)).map(gain).sum();
        let novelty: f64 = list.iter().map(|node| self.novelty(*node)).sum();
        Scores {
            recall: hits.len() as f64 / (self.hidden.len() as f64).max(1.0),
            ndcg: hits.iter().copied().map(gain).sum::<f64>() / best.max(f64::MIN_POSITIVE),
            novelty: novelty / (list.len() as f64).max(1.0),
            hits: hits.len() as f64,
        }
    }

    fn novelty(&self, node: usize) -> f64 {
        let listeners = self.graph.listeners(node).unwrap_or_default().max(1) as f64;
        -(listeners / self.population).min(1.0).log2()
    }

    fn list(&self, method: Method) -> Vec<usize> {
        let known: HashSet<usize> = self.loved.iter().map(|it| it.node).collect();
        let open = || (0..self.graph.len()).filter(|node| !known.contains(node));
        match method {
            Method::Popularity => {
                first(open().map(|node| (node, self.graph.listeners(node).unwrap_or_default() as f64)))
            }
            Method::Similarity => {
                let likeness = |node: usize| -> f64 {
                    let links = self.graph.links(node).filter(|(to, _)| known.contains(to));
                    links.filter(|(_, link)| link.how == How::Similar).map(|(_, link)| link.strength).sum()
                };
                first(open().map(|node| (node, likeness(node))))
            }
            Method::Recommender(weights) => {
                let taste = Taste::of(&self.graph, &self.loved, &weights, self.now);
                let found = unheard(&self.graph, &taste, Kind::Artists, |node| known.contains(&node), &weights);
                let scored = found.into_iter().map(|it| (it.node, it.score)).collect();
                varied(scored, PLACES, weights.variety, |a, b| self.graph.alike(*a, *b))
            }
        }
    }
}

/// The first places; nodes with nothing have none, and of equal ones the first by number comes first.
fn first(nodes: impl Iterator<Item = (usize, f64)>) -> Vec<usize> {
    let mut nodes: Vec<(usize, f64)> = nodes.filter(|(_, score)| *score > 0.0).collect();
    nodes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    nodes.into_iter().take(PLACES).map(|(node, _)| node).collect()
}

/// The means over several listeners.
pub(crate) fn mean(scores: &[Scores]) -> Scores {
    let count = (scores.len() as f64).max(1.0);
    let of = |part: fn(&Scores) -> f64| scores.iter().map(part).sum::<f64>() / count;
    Scores { recall: of(|it| it.recall), ndcg: of(|it| it.ndcg), novelty: of(|it| it.novelty), hits: of(|it| it.hits) }
}
