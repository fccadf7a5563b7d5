//! Weights are looked for on one half of the listeners, and what is reported is measured on the other.

use fastrand::Rng;
use heard_history::recommend::Weights;

use super::measure::{Case, Method, mean};

/// Says who is in which half; another one makes other halves.
const SPLIT: u64 = 2_026;

/// How many of the tried weights are told.
const TOLD: usize = 10;

/// Listeners for tuning, and listeners for the report.
pub(crate) fn halves(mut cases: Vec<Case>) -> (Vec<Case>, Vec<Case>) {
    Rng::with_seed(SPLIT).shuffle(&mut cases);
    let reported = cases.split_off(cases.len() / 2);
    (cases, reported)
}

/// Tries so many weights taken by chance, and tells the best of them: those with the greatest product of recall and
/// nDCG. The built-in ones come first.
pub(crate) fn tune(cases: &[Case], tries: u64, seed: u64) {
    let mut random = Rng::with_seed(seed);
    let chosen = (0..tries).map(|_| by_chance(&mut random));
    let mut tried: Vec<(f64, Weights)> =
        std::iter::once(Weights::default()).chain(chosen).map(|weights| (worth(cases, weights), weights)).collect();
    tried[1..].sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("| worth | similarity | plays | recency | half-life | genre | hubs | known | variety |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (worth, it) in tried.iter().take(TOLD + 1) {
        let Weights { similarity, plays, recency, half_life_days, genre, hubs, known, variety, .. } = it;
        println!(
            "| {worth:.3} | {similarity} | {plays} | {recency} | {half_life_days} | {genre} | {hubs} | {known} | {variety} |"
        );
    }
}

fn by_chance(random: &mut Rng) -> Weights {
    let mut one_of = |from: &[f64]| from[random.usize(0..from.len())];
    Weights {
        similarity: one_of(&[0.5, 0.7, 1.0, 1.5]),
        plays: one_of(&[0.0, 0.25, 0.5, 1.0]),
        recency: one_of(&[0.25, 0.5, 1.0]),
        half_life_days: one_of(&[45.0, 90.0, 180.0, 365.0]),
        genre: one_of(&[0.0, 0.25, 0.5, 1.0]),
        hubs: one_of(&[0.0, 0.25, 0.5, 0.75]),
        known: one_of(&[0.0, 0.25, 0.5, 1.0]),
        variety: one_of(&[0.0, 0.1, 0.2]),
        ..Weights::default()
    }
}

/// The product of the means of recall and nDCG.
fn worth(cases: &[Case], weights: Weights) -> f64 {
    let found = mean(&cases.iter().map(|case| case.scores(Method::Recommender(weights))).collect::<Vec<_>>());
    found.recall * found.ndcg
}
