//! What is like very many things says little about any of them.

use super::graph::{Graph, How};

/// The least part of the average reach: below it everything would be beyond all numbers at the greatest weight.
const LEAST: f64 = 1e-6;

/// For each node what its likenesses count beside those of a node that is like as much as the average.
///
/// How far a node reaches is the sum of its likenesses. With a weight of 0.5 the likeness of two is divided by the square
/// root of both reaches, as in a cosine; with 0 it stays as it is.
#[derive(Clone, Debug)]
pub(super) struct Hubs {
    factors: Vec<f64>,
}

impl Hubs {
    pub(super) fn of(graph: &Graph, weight: f64) -> Self {
        let reach = |node: usize| -> f64 {
            graph.links(node).filter(|(_, link)| link.how == How::Similar).map(|(_, link)| link.strength).sum()
        };
        let reaches: Vec<f64> = (0..graph.len()).map(reach).collect();
        let (sum, count) =
            reaches.iter().filter(|reach| **reach > 0.0).fold((0.0, 0.0), |(s, n), it| (s + it, n + 1.0));
        let factor = |reach: &f64| if *reach > 0.0 { (reach * count / sum).max(LEAST).powf(-weight) } else { 1.0 };
        Self { factors: reaches.iter().map(factor).collect() }
    }

    /// What a likeness of these two counts.
    pub(super) fn factor(&self, one: usize, other: usize) -> f64 {
        self.factors[one] * self.factors[other]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::Link;
    use crate::rules::Name;

    /// A hub that is like four others, of which the first is like the last, too; and one that is like nothing.
    fn star() -> Graph {
        let mut graph = Graph::new();
        let nodes: Vec<usize> =
            ["hub", "a", "b", "c", "d", "alone"].map(|name| graph.node(&Name::Artist { artist: name.into() })).into();
        for other in &nodes[1..5] {
            graph.join(nodes[0], *other, Link { how: How::Similar, strength: 0.5 });
        }
        graph.join(nodes[1], nodes[4], Link { how: How::Similar, strength: 1.0 });
        graph.join(nodes[1], nodes[5], Link { how: How::Top(1), strength: 1.0 });
        graph
    }

    #[test]
    fn likenesses_of_hubs_count_less() {
        let hubs = Hubs::of(&star(), 0.5);
        // They reach 2, 1.5, 0.5, 0.5, 1.5, of which the mean is 1.2.
        let close = |one: f64, other: f64| (one - other).abs() < 1e-12;
        assert!(close(hubs.factor(0, 1), 1.2 / (2.0_f64 * 1.5).sqrt()));
        assert!(close(hubs.factor(0, 2), 1.2 / (2.0_f64 * 0.5).sqrt()));
        assert!(close(hubs.factor(5, 5), 1.0), "what is like nothing stays as it is");
        assert!(hubs.factor(0, 1) < hubs.factor(1, 2));
    }

    #[test]
    fn the_least_likeness_and_the_greatest_weight_stay_numbers() {
        let mut graph = star();
        let [one, other] = ["tiny", "less"].map(|name| graph.node(&Name::Artist { artist: name.into() }));
        graph.join(one, other, Link { how: How::Similar, strength: f64::MIN_POSITIVE });
        let hubs = Hubs::of(&graph, 10.0);
        assert!(hubs.factor(one, other).is_finite() && hubs.factor(0, one) > hubs.factor(0, 1));
    }

    #[test]
    fn without_a_weight_all_count_the_same() {
        let hubs = Hubs::of(&star(), 0.0);
        assert!((0..6).all(|one| (0..6).all(|other| hubs.factor(one, other) == 1.0)));
        let nothing = Hubs::of(&Graph::new(), 0.5);
        assert!(nothing.factors.is_empty());
    }
}
