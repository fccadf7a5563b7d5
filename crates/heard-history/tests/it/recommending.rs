//! Suggestions: what holds for every graph and every taste, and whether they are any good.

#[path = "../../examples/evaluate/measure.rs"]
#[allow(clippy::cast_precision_loss, reason = "lists of fifty")]
mod measure;
#[path = "../../examples/evaluate/world.rs"]
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a made-up world of a few hundred artists"
)]
mod world;

use std::cell::Cell;
use std::collections::BTreeSet;

use fastrand::Rng;
use heard_history::genres::{Vocabulary, equally};
use heard_history::recommend::{Candidate, Genres, Graph, How, Link, Loved, Taste, Weights, unheard, varied};
use heard_history::rules::Name;
use heard_history::stats::Kind;

use crate::seeds;

const NOW: i64 = 1_700_000_000;
const DAY: i64 = 86_400;

fn artist(artist: impl Into<String>) -> Name {
    Name::Artist { artist: artist.into() }
}

/// A graph of some artists with tracks, tags and listeners; names that hurt are among them.
fn some_graph(random: &mut Rng) -> Graph {
    let mut graph = Graph::new();
    let count = random.usize(2..60);
    for nth in 0..count {
        let odd = ["\u{202e}", "\0", "=1+1 ", "\r\n", "東京 ", ""][random.usize(0..6)];
        let node = graph.node(&artist(format!("{odd}Artist {nth}")));
        let title = format!("{odd}Track {nth}");
        let track = graph.node(&Name::Track { artist: format!("Artist {nth}"), title });
        graph.join(node, track, Link { how: How::Top(1), strength: random.f64() });
        if random.bool() {
            graph.tell_listeners(node, random.u64(0..5_000_000));
            graph.tell_listeners(track, random.u64(0..5_000_000));
        }
        if random.u8(0..3) > 0 {
            let genre = |random: &mut Rng| (Vocabulary::own().at(random.usize(0..6)).unwrap(), random.f64());
            graph.set_genres(node, Genres::new((0..3).map(|_| genre(random))));
        }
    }
    for _ in 0..random.usize(0..4 * count) {
        let (one, other) = (random.usize(0..graph.len()), random.usize(0..graph.len()));
        graph.join(one, other, Link { how: How::Similar, strength: random.f64() });
    }
    graph
}

fn some_plays(graph: &Graph, random: &mut Rng) -> Vec<Loved> {
    let loved = |random: &mut Rng| Loved {
        node: random.usize(0..graph.len()),
        plays: random.u64(1..500),
        last_at: NOW - random.i64(0..2_000) * DAY,
    };
    (0..random.usize(1..12)).map(|_| loved(random)).collect()
}

fn some_weights(random: &mut Rng) -> Weights {
    let mut part = || f64::from(random.u8(0..=20)) / 10.0;
    let weights = Weights {
        similarity: part(),
        plays: part(),
        recency: part(),
        genre: part(),
        popularity: part(),
        novelty: part().min(1.0),
        variety: part().min(1.0),
        ..Weights::default()
    };
    weights.checked().unwrap()
}

/// A graph, what was played, what is left out, weights and a kind.
fn some_question(seed: u64) -> (Graph, Vec<Loved>, BTreeSet<usize>, Weights, Kind) {
    let mut random = Rng::with_seed(seed);
    let graph = some_graph(&mut random);
    let loved = some_plays(&graph, &mut random);
    let left_out = (0..graph.len()).filter(|_| random.u8(0..5) == 0).collect();
    let weights = some_weights(&mut random);
    let kind = [Kind::Artists, Kind::Tracks][random.usize(0..2)];
    (graph, loved, left_out, weights, kind)
}

fn found(
    (graph, loved, left_out, weights, kind): &(Graph, Vec<Loved>, BTreeSet<usize>, Weights, Kind),
) -> Vec<Candidate> {
    let taste = Taste::of(graph, loved, weights, NOW);
    unheard(graph, &taste, *kind, |node| left_out.contains(&node), weights)
}

#[test]
fn nothing_known_and_nothing_dismissed_is_suggested() {
    seeds::each(300, |seed| {
        let question = some_question(seed);
        let candidates = found(&question);
        let (graph, loved, left_out, _, kind) = &question;
        let nodes: BTreeSet<usize> = candidates.iter().map(|it| it.node).collect();
        assert_eq!(nodes.len(), candidates.len(), "each once");
        for node in &nodes {
            assert!(!loved.iter().any(|it| it.node == *node), "{:?} was played", graph.name(*node));
            assert!(!left_out.contains(node), "{:?} is left out", graph.name(*node));
            assert_eq!(graph.name(*node).kind(), kind.of_one());
            let is_near = graph.links(*node).any(|(to, _)| loved.iter().any(|it| it.node == to));
            assert!(is_near, "{:?} is like nothing that was played", graph.name(*node));
        }
    });
}

#[test]
fn scores_are_in_order_and_within_their_bounds() {
    seeds::each(300, |seed| {
        let question = some_question(seed);
        let candidates = found(&question);
        let (graph, _, _, weights, _) = &question;
        assert!(candidates.iter().all(|it| (0.0..=1.0).contains(&it.fit)), "{candidates:?}");
        assert!(candidates.iter().all(|it| it.fit - it.score <= weights.popularity * weights.novelty + 1e-9));
        assert!(candidates.is_empty() || candidates.iter().any(|it| it.fit == 1.0), "the best suits best");
        let order = |a: &Candidate, b: &Candidate| {
            b.score.total_cmp(&a.score).then_with(|| graph.name(a.node).cmp(graph.name(b.node))).is_le()
        };
        assert!(candidates.windows(2).all(|pair| order(&pair[0], &pair[1])), "{candidates:?}");
    });
}

/// The same names in another order, and so with other numbers, give the same suggestions.
#[test]
fn the_order_of_telling_does_not_matter() {
    seeds::each(100, |seed| {
        let (graph, loved, left_out, weights, kind) = some_question(seed);
        let mut order: Vec<usize> = (0..graph.len()).collect();
        Rng::with_seed(seed).shuffle(&mut order);
        let mut other = Graph::new();
        let places: Vec<usize> = order.iter().map(|node| other.node(graph.name(*node))).collect();
        let place = |node: usize| places[order.iter().position(|it| *it == node).unwrap()];
        for node in 0..graph.len() {
            if let Some(listeners) = graph.listeners(node) {
                other.tell_listeners(place(node), listeners);
            }
            graph.links(node).for_each(|(to, link)| other.join(place(node), place(to), link));
        }
        // Sums in another order differ in their last bits, so scores are compared with a little room.
        let weights = Weights { genre: 0.0, ..weights };
        let names = |graph: &Graph, loved: &[Loved], left_out: &dyn Fn(usize) -> bool| {
            let taste = Taste::of(graph, loved, &weights, NOW);
            let found = unheard(graph, &taste, kind, left_out, &weights);
            found
                .into_iter()
                .map(|it| (graph.name(it.node).clone(), it.score))
                .collect::<std::collections::BTreeMap<_, _>>()
        };
        let moved: Vec<Loved> = loved.iter().map(|it| Loved { node: place(it.node), ..*it }).collect();
        let out: BTreeSet<usize> = left_out.iter().map(|node| place(*node)).collect();
        let one = names(&graph, &loved, &|node| left_out.contains(&node));
        let two = names(&other, &moved, &|node| out.contains(&node));
        assert!(one.keys().eq(two.keys()));
        assert!(one.values().zip(two.values()).all(|(a, b)| (a - b).abs() < 1e-9), "{one:?} {two:?}");
    });
}

#[test]
fn the_same_question_has_the_same_answer() {
    seeds::each(100, |seed| {
        let once = found(&some_question(seed));
        assert_eq!(once, found(&some_question(seed)));
    });
}

/// The first places are those with the greatest sum of fit less novelty times popularity. So a higher novelty never
/// makes the first places more popular together, however many they are.
#[test]
fn more_novelty_never_means_more_popular_suggestions() {
    let differed = Cell::new(0);
    seeds::each(300, |seed| {
        let (graph, loved, left_out, weights, kind) = some_question(seed);
        let mut before: Option<Vec<f64>> = None;
        for novelty in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let weights = Weights { novelty, popularity: 1.5, ..weights };
            let question = (graph.clone(), loved.clone(), left_out.clone(), weights, kind);
            let candidates = found(&question);
            // What was taken off tells the popularity on the recommender's own scale.
            let taken = |it: &Candidate| if novelty > 0.0 { (it.fit - it.score) / novelty } else { 0.0 };
            let mut sum = 0.0;
            let sums: Vec<f64> = candidates
                .iter()
                .map(|it| {
                    sum += taken(it);
                    sum
                })
                .collect();
            if novelty > 0.0 {
                if let Some(before) = &before {
                    let holds = before.iter().zip(&sums).all(|(before, now)| *now <= before + 1e-9);
                    assert!(holds, "novelty {novelty}: {before:?} {sums:?}");
                    differed.set(differed.get() + usize::from(*before != sums));
                }
                before = Some(sums);
            }
        }
    });
    println!("{} lists changed with the novelty", differed.get());
    assert!(differed.get() > 0, "the novelty changed nothing at all");
}

#[test]
fn variety_takes_from_what_there_is_and_nothing_twice() {
    seeds::each(200, |seed| {
        let question = some_question(seed);
        let candidates = found(&question);
        let (graph, _, _, weights, _) = &question;
        let limit = Rng::with_seed(seed).usize(0..20);
        let scored: Vec<(usize, f64)> = candidates.iter().map(|it| (it.node, it.score)).collect();
        let taken = varied(scored.clone(), limit, weights.variety, |a, b| graph.alike(*a, *b));
        assert_eq!(taken.len(), limit.min(candidates.len()));
        assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), taken.len());
        let plain = varied(scored.clone(), limit, 0.0, |a, b| graph.alike(*a, *b));
        assert_eq!(plain, scored.iter().take(limit).map(|(node, _)| *node).collect::<Vec<_>>());
    });
}

/// A table that can be worked out by hand: two artists are played, the one often and the other long ago.
#[test]
fn every_weight_does_what_it_says() {
    let mut graph = Graph::new();
    let names = ["Often", "Long Ago", "Like Often", "Like Both", "Famous", "Odd One"];
    let [often, long_ago, like_often, like_both, famous, odd] = names.map(|name| graph.node(&artist(name)));
    for (one, other, strength) in [
        (often, like_often, 0.8),
        (often, like_both, 0.5),
        (long_ago, like_both, 0.9),
        (often, famous, 0.75),
        (long_ago, odd, 1.0),
    ] {
        graph.join(one, other, Link { how: How::Similar, strength });
    }
    for (node, tag) in [(often, "folk"), (like_often, "folk"), (famous, "folk"), (odd, "noise"), (long_ago, "noise")] {
        graph.set_genres(node, Genres::from(&equally(Vocabulary::own(), [tag])));
    }
    for (node, listeners) in [(like_often, 1_000), (famous, 5_000_000), (odd, 10)] {
        graph.tell_listeners(node, listeners);
    }
    let loved = [
        Loved { node: often, plays: 300, last_at: NOW },
        Loved { node: long_ago, plays: 300, last_at: NOW - 3_650 * DAY },
    ];
    let first = |weights: Weights| -> Vec<&str> {
        let taste = Taste::of(&graph, &loved, &weights, NOW);
        let found = unheard(&graph, &taste, Kind::Artists, |_| false, &weights);
        found.into_iter().map(|it| graph.name(it.node).artist()).collect()
    };
    let plain = Weights {
        similarity: 1.0,
        recency: 0.0,
        genre: 0.0,
        hubs: 0.0,
        known: 0.0,
        novelty: 0.0,
        half_life_days: 180.0,
        ..Weights::default()
    };
    assert_eq!(first(plain), ["Like Both", "Odd One", "Like Often", "Famous"], "the sum of likenesses");
    let recent = Weights { recency: 1.0, ..plain };
    assert_eq!(first(recent), ["Like Often", "Famous", "Like Both", "Odd One"], "what was played lately");
    let genres = Weights { genre: 2.0, recency: 0.3, ..plain };
    assert_eq!(first(genres)[3], "Odd One", "tags that nobody plays");
    let damped = Weights { hubs: 1.0, ..plain };
    assert_eq!(first(damped)[0], "Odd One", "Like Both is like more, and what is like Often is like one of three");
    let known = Weights { known: 2.0, ..recent };
    assert_eq!(first(known)[0], "Famous", "whom everybody knows, everybody meets");
    let novel = Weights { novelty: 1.0, popularity: 1.0, ..recent };
    assert_eq!(first(novel), ["Like Often", "Like Both", "Famous", "Odd One"], "less of what everybody knows");
}

/// What `just evaluate` measures at length.
#[test]
fn the_recommender_beats_popularity_and_plain_similarity() {
    use measure::{Method, mean};
    let size = world::Size { artists: 1_000, listeners: 6, found: 120 };
    seeds::each(1, |seed| {
        let cases = world::cases(seed, size);
        let all = |method| mean(&cases.iter().map(|case| case.scores(method)).collect::<Vec<_>>());
        let ours = all(Method::Recommender(Weights::default()));
        for (name, method) in [("popularity", Method::Popularity), ("similarity", Method::Similarity)] {
            let theirs = all(method);
            println!("seed {seed}: {name} {theirs:?}, ours {ours:?}");
            assert!(ours.recall > theirs.recall, "recall: {name} {theirs:?}, ours {ours:?}");
            assert!(ours.ndcg > theirs.ndcg, "nDCG: {name} {theirs:?}, ours {ours:?}");
        }
        assert!(ours.novelty > all(Method::Popularity).novelty);
    });
}
