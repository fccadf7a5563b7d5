//! From the tags of an answer to weighted genres.

use std::collections::BTreeMap;

use super::clean::Meaning;
use super::vocabulary::{Genre, Vocabulary};

/// Genres with their weights, in the order of the vocabulary. The weights are above 0 and sum to 1, but for the last
/// digits of an `f32`; without genres there are none.
pub type Weighed = Vec<(Genre, f32)>;

/// What the tags of one answer come to, on something with these names. Tags come with their weights in the order of the
/// answer.
///
/// Weights count as the service gives them. Where it gives none, or only zeros, the tag in place n (from 1) weighs 1/n.
/// Tags that mean the same genre add up.
#[must_use]
pub fn weigh<'t>(
    vocabulary: &Vocabulary,
    tags: impl IntoIterator<Item = (&'t str, Option<i64>)>,
    names: &[&str],
) -> Weighed {
    let tags: Vec<(&str, Option<i64>)> = tags.into_iter().collect();
    let given = tags.iter().any(|(_, weight)| weight.is_some_and(|weight| weight > 0));
    let mut sums: BTreeMap<Genre, f64> = BTreeMap::new();
    for (place, (tag, weight)) in tags.iter().enumerate() {
        let weight = if given { number(weight.unwrap_or_default().max(0)) } else { 1.0 / number(place + 1) };
        if weight > 0.0
            && let Meaning::Genre(genre) = vocabulary.meaning(tag, names)
        {
            *sums.entry(genre).or_default() += weight;
        }
    }
    normalised(sums)
}

/// What several have in common with each other, each as much as any other: of a play that counts for several artists.
#[must_use]
pub fn mean<'w>(several: impl IntoIterator<Item = &'w Weighed>) -> Weighed {
    let mut sums: BTreeMap<Genre, f64> = BTreeMap::new();
    for (genre, weight) in several.into_iter().flatten() {
        *sums.entry(*genre).or_default() += f64::from(*weight);
    }
    normalised(sums)
}

/// What somebody says by names: each genre as much as any other. What the vocabulary does not know is left out.
#[must_use]
pub fn equally<'n>(vocabulary: &Vocabulary, names: impl IntoIterator<Item = &'n str>) -> Weighed {
    normalised(names.into_iter().filter_map(|name| vocabulary.find(name)).map(|genre| (genre, 1.0)).collect())
}

fn normalised(sums: BTreeMap<Genre, f64>) -> Weighed {
    let all: f64 = sums.values().sum();
    #[expect(clippy::cast_possible_truncation, reason = "a part of a whole needs no more digits")]
    let part = |weight: f64| (weight / all) as f32;
    // Beside a huge weight a tiny one comes to nothing.
    sums.into_iter().map(|(genre, weight)| (genre, part(weight))).filter(|(_, part)| *part > 0.0).collect()
}

#[expect(clippy::cast_precision_loss, reason = "weights beyond 2^53 differ in nothing that matters")]
fn number(weight: impl TryInto<i64>) -> f64 {
    weight.try_into().unwrap_or(i64::MAX) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(weighed: &Weighed) -> Vec<(&str, f32)> {
        weighed.iter().map(|(genre, weight)| (Vocabulary::own().name_of(*genre), *weight)).collect()
    }

    fn weighed(tags: &[(&str, Option<i64>)]) -> Weighed {
        weigh(Vocabulary::own(), tags.iter().copied(), &["Mira Vale"])
    }

    #[test]
    fn given_weights_count_and_what_is_no_genre_drops_out() {
        let tags = [
            ("seen live", Some(100)),
            ("shoegaze", Some(60)),
            ("dream pop", Some(30)),
            ("shoegazing", Some(15)),
            ("dreampop", Some(15)),
            ("mira vale", Some(90)),
            ("rock", Some(0)),
            ("jazz", None),
            ("funk", Some(-5)),
        ];
        assert_eq!(named(&weighed(&tags)), [("dream pop", 0.375), ("shoegaze", 0.625)]);
    }

    #[test]
    fn without_weights_the_place_counts() {
        for none in [None, Some(0)] {
            let tags = [("seen live", none), ("jazz", none), ("nothing known", none), ("rock", none)];
            assert_eq!(named(&weighed(&tags)), [("rock", 1.0 / 3.0), ("jazz", 2.0 / 3.0)]);
        }
        assert_eq!(weighed(&[]), []);
        assert_eq!(weighed(&[("seen live", Some(100))]), []);
    }

    #[test]
    fn the_mean_of_several_weighs_each_the_same() {
        let (one, other) = (weighed(&[("rock", Some(1)), ("jazz", Some(3))]), weighed(&[("jazz", Some(7))]));
        assert_eq!(named(&mean([&one, &other])), [("rock", 0.125), ("jazz", 0.875)]);
        assert_eq!(mean([&one]), one);
        assert_eq!(mean([]), []);
    }

    #[test]
    fn said_by_name_all_weigh_the_same() {
        let said = equally(Vocabulary::own(), ["Trip-Hop", "dub", "no such genre", "DUB", ""]);
        assert_eq!(named(&said), [("trip hop", 0.5), ("dub", 0.5)]);
        assert_eq!(equally(Vocabulary::own(), ["seen live"]), []);
    }

    #[test]
    fn weights_sum_to_one() {
        let own = Vocabulary::own();
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..500 {
            let tags: Vec<(String, Option<i64>)> = (0..random.usize(1..60))
                .map(|_| {
                    let genre = own.at(random.usize(0..own.len())).unwrap();
                    let weight = [None, Some(0), Some(random.i64(..)), Some(i64::MAX), Some(random.i64(1..101))];
                    (own.name_of(genre).to_uppercase(), weight[random.usize(0..5)])
                })
                .collect();
            let weighed = weigh(own, tags.iter().map(|(tag, weight)| (tag.as_str(), *weight)), &[]);
            let sum: f64 = weighed.iter().map(|(_, weight)| f64::from(*weight)).sum();
            assert!((sum - 1.0).abs() < 1e-5, "{sum} of {tags:?}");
            assert!(weighed.is_sorted_by(|a, b| a.0 < b.0));
        }
    }
}
