//! What something sounds like, as the tags that people give it.

use std::collections::BTreeMap;

use crate::store::Tagged;

/// The weight of a tag of which the service tells none, on its scale from 0 to 100.
const UNTOLD: f64 = 50.0;

/// A direction in the space of all tags: its length is 1, or 0 where no tag is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Genres {
    /// By tag in lower case.
    weights: BTreeMap<String, f64>,
}

/// The tags of one thing with their weights. This is where tags become genres.
#[expect(clippy::cast_precision_loss, reason = "weights are at most 100, or counts below 2^52")]
pub fn genre_weights(tags: &[Tagged]) -> impl Iterator<Item = (String, f64)> {
    tags.iter().map(|tag| (tag.tag.to_lowercase(), tag.weight.map_or(UNTOLD, |weight| weight as f64)))
}

impl Genres {
    /// The direction of these weights; those of one tag are added up, and those that are not above 0 are none.
    pub fn new(weights: impl IntoIterator<Item = (String, f64)>) -> Self {
        let mut sums: BTreeMap<String, f64> = BTreeMap::new();
        for (tag, weight) in weights {
            if weight > 0.0 && weight.is_finite() {
                *sums.entry(tag).or_default() += weight;
            }
        }
        Self { weights: sums }.of_length_one()
    }

    /// The direction of several together, each with its weight.
    pub fn sum<'a>(parts: impl IntoIterator<Item = (&'a Self, f64)>) -> Self {
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for (part, weight) in parts {
            for (tag, share) in &part.weights {
                *sums.entry(tag).or_default() += share * weight;
            }
        }
        Self { weights: sums.into_iter().map(|(tag, weight)| (tag.to_owned(), weight)).collect() }.of_length_one()
    }

    fn of_length_one(mut self) -> Self {
        let length = self.weights.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            self.weights.values_mut().for_each(|weight| *weight /= length);
        } else {
            self.weights.clear();
        }
        self
    }

    /// Whether no tag is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// How well two go together: the cosine of the angle between them, from 0 to 1.
    #[must_use]
    pub fn cosine(&self, other: &Self) -> f64 {
        self.shared(other).map(|(_, product)| product).sum::<f64>().min(1.0)
    }

    /// The tags of both, those that say the most first; of equal ones the first in code-point order.
    #[must_use]
    pub fn in_common(&self, other: &Self, limit: usize) -> Vec<String> {
        let mut shared: Vec<(&str, f64)> = self.shared(other).collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        shared.into_iter().take(limit).map(|(tag, _)| tag.to_owned()).collect()
    }

    fn shared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (&'a str, f64)> {
        let (few, many) = if self.weights.len() <= other.weights.len() { (self, other) } else { (other, self) };
        few.weights.iter().filter_map(|(tag, weight)| Some((tag.as_str(), weight * many.weights.get(tag)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn genres(weights: &[(&str, f64)]) -> Genres {
        Genres::new(weights.iter().map(|(tag, weight)| ((*tag).to_owned(), *weight)))
    }

    #[test]
    fn genres_go_together_as_far_as_they_share_tags() {
        let (folk, both) = (genres(&[("folk", 100.0)]), genres(&[("folk", 30.0), ("dub", 30.0)]));
        assert_eq!(folk.cosine(&folk), 1.0);
        assert!((folk.cosine(&both) - 0.5_f64.sqrt()).abs() < 1e-12);
        assert_eq!(folk.cosine(&both), both.cosine(&folk));
        assert_eq!(folk.cosine(&genres(&[("dub", 1.0)])), 0.0);
        assert_eq!(folk.cosine(&Genres::default()), 0.0);
    }

    #[test]
    fn what_says_most_is_named_first() {
        let one = genres(&[("folk", 10.0), ("dub", 80.0), ("ambient", 10.0)]);
        assert_eq!(one.in_common(&one, 2), ["dub", "ambient"]);
        assert_eq!(one.in_common(&genres(&[("noise", 3.0)]), 2), [""; 0]);
    }

    #[test]
    fn sums_lean_towards_the_weightier_part() {
        let (folk, dub) = (genres(&[("folk", 1.0)]), genres(&[("dub", 1.0)]));
        let sum = Genres::sum([(&folk, 3.0), (&dub, 1.0)]);
        assert!(sum.cosine(&folk) > 0.9 && sum.cosine(&dub) > 0.3 && sum.cosine(&dub) < 0.4);
        assert!(Genres::sum([]).is_empty());
    }

    #[test]
    fn weights_that_mean_nothing_are_none() {
        let odd = genres(&[("a", f64::NAN), ("b", -4.0), ("c", 0.0), ("d", f64::INFINITY)]);
        assert!(odd.is_empty());
    }

    #[test]
    fn tags_are_one_whatever_their_case_and_count_without_a_weight() {
        let tagged = |tag: &str, weight| Tagged { tag: tag.to_owned(), weight, position: 0 };
        let found: Vec<_> = genre_weights(&[tagged("Trip-Hop", Some(100)), tagged("ÉLECTRO", None)]).collect();
        assert_eq!(found, [("trip-hop".to_owned(), 100.0), ("électro".to_owned(), 50.0)]);
    }
}
