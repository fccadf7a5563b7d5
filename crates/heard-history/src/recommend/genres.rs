//! What something sounds like: its genres.

use std::collections::BTreeMap;

use crate::genres::{Genre, Vocabulary, Weighed};

/// A direction in the space of all genres: its length is 1, or 0 where no genre is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Genres {
    weights: BTreeMap<Genre, f64>,
}

impl From<&Weighed> for Genres {
    fn from(weighed: &Weighed) -> Self {
        Self::new(weighed.iter().map(|(genre, weight)| (*genre, f64::from(*weight))))
    }
}

impl Genres {
    /// The direction of these weights; those of one genre are added up, and those that are not above 0 are none.
    pub fn new(weights: impl IntoIterator<Item = (Genre, f64)>) -> Self {
        let mut sums: BTreeMap<Genre, f64> = BTreeMap::new();
        for (genre, weight) in weights {
            if weight > 0.0 && weight.is_finite() {
                *sums.entry(genre).or_default() += weight;
            }
        }
        Self { weights: sums }.of_length_one()
    }

    /// The direction of several together, each with its weight.
    pub fn sum<'a>(parts: impl IntoIterator<Item = (&'a Self, f64)>) -> Self {
        let mut sums: BTreeMap<Genre, f64> = BTreeMap::new();
        for (part, weight) in parts {
            for (genre, share) in &part.weights {
                *sums.entry(*genre).or_default() += share * weight;
            }
        }
        Self { weights: sums }.of_length_one()
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

    /// Whether no genre is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// How well two go together: the cosine of the angle between them, from 0 to 1.
    #[must_use]
    pub fn cosine(&self, other: &Self) -> f64 {
        self.shared(other).map(|(_, product)| product).sum::<f64>().min(1.0)
    }

    /// The names of the genres of both, those that say the most first; of equal ones the first in code-point order.
    #[must_use]
    pub fn in_common(&self, other: &Self, limit: usize) -> Vec<&'static str> {
        let named = |(genre, product)| (Vocabulary::own().name_of(genre), product);
        let mut shared: Vec<(&str, f64)> = self.shared(other).map(named).collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        shared.into_iter().take(limit).map(|(name, _)| name).collect()
    }

    fn shared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (Genre, f64)> {
        let (few, many) = if self.weights.len() <= other.weights.len() { (self, other) } else { (other, self) };
        few.weights.iter().filter_map(|(genre, weight)| Some((*genre, weight * many.weights.get(genre)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn genre(name: &str) -> Genre {
        Vocabulary::own().find(name).unwrap()
    }

    fn genres(weights: &[(&str, f64)]) -> Genres {
        Genres::new(weights.iter().map(|(name, weight)| (genre(name), *weight)))
    }

    #[test]
    fn they_go_together_as_far_as_they_share_genres() {
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
        let odd = genres(&[("folk", f64::NAN), ("dub", -4.0), ("noise", 0.0), ("jazz", f64::INFINITY)]);
        assert!(odd.is_empty());
    }

    #[test]
    fn weights_of_a_whole_are_a_direction() {
        let weighed = vec![(genre("dub"), 0.6), (genre("folk"), 0.8)];
        assert_eq!(Genres::from(&weighed).in_common(&genres(&[("dub", 9.0), ("folk", 1.0)]), 9), ["dub", "folk"]);
        assert!((Genres::from(&weighed).cosine(&genres(&[("folk", 2.0)])) - 0.8).abs() < 1e-6);
        assert!(Genres::from(&Weighed::new()).is_empty());
    }
}
