//! Measures the recommender: how many of the artists that a listener found last would it have suggested before?
//!
//! `just evaluate` runs it. `HEARD_SEED` is the first seed of the made-up worlds, `HEARD_SEEDS` how many there are. With
//! `HEARD_SHARED`, the folder of real histories, these are measured, too; nobody is named. Of the made-up listeners only
//! half are reported: on the other half the built-in weights were chosen, which `HEARD_TUNE`, a number of weights to try,
//! repeats.

#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::unwrap_used,
    reason = "it prints a table of a few listeners, and stops where it cannot go on"
)]

mod measure;
mod real;
mod tune;
mod world;

use heard_history::recommend::Weights;
use measure::{Case, Method, Scores, mean};
use tune::{halves, tune};

fn main() {
    let first = number("HEARD_SEED").unwrap_or(1);
    let seeds = first..first + number("HEARD_SEEDS").unwrap_or(5);
    let size = world::Size { artists: 2_000, listeners: 20, found: 150 };
    let made_up: Vec<Case> = seeds.clone().flat_map(|seed| world::cases(seed, size)).collect();
    let (tuned_on, made_up) = halves(made_up);
    if let Some(tries) = number("HEARD_TUNE") {
        println!("The best weights for {} made-up listeners\n", tuned_on.len());
        return tune(&tuned_on, tries, first);
    }
    println!("Made-up listeners: seeds {seeds:?}, {} artists, {} listeners each\n", size.artists, size.listeners);
    table(&made_up);
    let Some(folder) = variable("HEARD_SHARED") else {
        return println!("HEARD_SHARED is not set: real histories were not measured");
    };
    let [by_days, by_genres] = real::listeners(std::path::Path::new(&folder));
    println!("Real listeners; likeness: heard on the same day by one of the others\n");
    table(&by_days);
    println!("Real listeners; likeness: genres that artists share\n");
    table(&by_genres);
}

fn number(name: &str) -> Option<u64> {
    variable(name).map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a whole number")))
}

#[allow(clippy::disallowed_methods, reason = "whoever runs it says what is measured")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Every method over the same listeners.
fn table(cases: &[Case]) {
    let hidden = cases.iter().map(|case| case.hidden.len()).sum::<usize>() as f64 / (cases.len() as f64).max(1.0);
    println!("{} listeners, {hidden:.0} hidden artists each on the average\n", cases.len());
    println!("| method | recall@50 | nDCG@50 | novelty | found |\n| --- | --- | --- | --- | --- |");
    let usual = Weights::default();
    let novel = |novelty| Method::Recommender(Weights { novelty, ..usual });
    let without = |change: fn(&mut Weights)| {
        let mut weights = usual;
        change(&mut weights);
        Method::Recommender(weights)
    };
    for (name, method) in [
        ("global popularity".to_owned(), Method::Popularity),
        ("plain item similarity".to_owned(), Method::Similarity),
        (format!("the recommender, novelty {} (as built in)", usual.novelty), Method::Recommender(usual)),
        ("the recommender, novelty 0".to_owned(), novel(0.0)),
        ("the recommender, novelty 1".to_owned(), novel(1.0)),
        ("the same without plays".to_owned(), without(|it| it.plays = 0.0)),
        ("the same without recency".to_owned(), without(|it| it.recency = 0.0)),
        ("the same without genres".to_owned(), without(|it| it.genre = 0.0)),
        ("the same without damping hubs".to_owned(), without(|it| it.hubs = 0.0)),
        ("the same without the well-known".to_owned(), without(|it| it.known = 0.0)),
        ("the same without variety".to_owned(), without(|it| it.variety = 0.0)),
    ] {
        let scores: Vec<Scores> = cases.iter().map(|case| case.scores(method)).collect();
        let found: f64 = scores.iter().map(|it| it.hits).sum();
        let Scores { recall, ndcg, novelty, .. } = mean(&scores);
        println!("| {name} | {recall:.3} | {ndcg:.3} | {novelty:.2} | {found} |");
    }
    println!();
}
