//! Made-up listeners in a made-up world of music.
//!
//! Artists have a place in a space of styles, and a fame that falls as 1/rank. The service knows that place only roughly:
//! its lists of similar artists and its tags are made from places with noise. A listener has a taste that drifts from one
//! style to another over some years, and meets artists who are near to it at that time, the famous ones more easily;
//! how often somebody is played depends on how near they are, and on luck.

use std::collections::HashSet;

use fastrand::Rng;
use heard_history::genres::Vocabulary;
use heard_history::recommend::{Genres, Graph, Loved};
use heard_history::rules::Name;

use super::measure::{Case, Lists, told};

/// How large a world is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) artists: usize,
    pub(crate) listeners: usize,
    /// Artists whom each listener finds.
    pub(crate) found: usize,
}

const STYLES: usize = 16;
/// Similar artists in one answer of the service.
const SIMILAR: usize = 40;
/// Listeners of the best-known artist, and of the whole service.
const FAMOUS: f64 = 4_000_000.0;
const POPULATION: f64 = 20_000_000.0;
const DAY: i64 = 86_400;
/// Between two discoveries, in days.
const PAUSE: i64 = 9;
const BEGAN: i64 = 1_400_000_000;

type Place = [f64; STYLES];

/// A world, of which listeners are hidden cases.
pub(crate) fn cases(seed: u64, size: Size) -> Vec<Case> {
    let mut random = Rng::with_seed(seed);
    let places: Vec<Place> = (0..size.artists).map(|_| somewhere(&mut random)).collect();
    let (graph, lists) = known(&places, &mut random);
    (0..size.listeners).map(|_| case((&graph, &lists), &places, size.found, &mut random)).collect()
}

/// Fame of the nth artist, from 0 to 1.
fn fame(nth: usize) -> f64 {
    1.0 / (nth + 1) as f64
}

/// Mostly one style, some of another, and a little of all.
fn somewhere(random: &mut Rng) -> Place {
    let mut place = [0.0; STYLES];
    place.iter_mut().for_each(|part| *part = 0.15 * random.f64());
    place[random.usize(0..STYLES)] += 1.0;
    place[random.usize(0..STYLES)] += 0.6 * random.f64();
    of_length_one(place)
}

fn of_length_one(mut place: Place) -> Place {
    let length = place.iter().map(|part| part * part).sum::<f64>().sqrt();
    place.iter_mut().for_each(|part| *part /= length);
    place
}

fn near(one: &Place, other: &Place) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// What the service tells of artists: listeners, tags, and who is similar, all of it with noise.
fn known(places: &[Place], random: &mut Rng) -> (Graph, Lists) {
    let mut graph = Graph::new();
    for (nth, place) in places.iter().enumerate() {
        let node = graph.node(&Name::Artist { artist: format!("Artist {nth:05}") });
        graph.tell_listeners(node, (FAMOUS * fame(nth)) as u64);
        // Which genre stands for a style does not matter.
        let genres = Vocabulary::own().iter().zip(place).map(|(genre, part)| (genre, part * random.f64()));
        graph.set_genres(node, Genres::new(genres));
    }
    let similar = |(one, place): (usize, &Place)| {
        let noisy = |random: &mut Rng| 1.0 + 0.35 * (random.f64() - 0.5);
        let mut others: Vec<(usize, f64)> = (0..places.len())
            .filter(|other| *other != one)
            .map(|other| (other, near(place, &places[other]) * noisy(random) * fame(other).powf(0.08)))
            .collect();
        others.sort_by(|a, b| b.1.total_cmp(&a.1));
        let most = others.first().map_or(1.0, |(_, likeness)| *likeness);
        others.into_iter().take(SIMILAR).map(|(other, likeness)| (other, likeness / most)).collect()
    };
    let lists = places.iter().enumerate().map(similar).collect();
    (graph, lists)
}

fn case((graph, lists): (&Graph, &Lists), places: &[Place], found: usize, random: &mut Rng) -> Case {
    let (from, to) = (somewhere(random), somewhere(random));
    let mut known = HashSet::new();
    let mut lives: Vec<(usize, i64, Vec<i64>)> = Vec::new();
    for nth in 0..found {
        let drift = nth as f64 / found as f64;
        let mut taste = from;
        taste.iter_mut().zip(to).for_each(|(part, to)| *part = *part * (1.0 - drift) + to * drift);
        let taste = of_length_one(taste);
        let artist = meets(places, &taste, &known, random);
        known.insert(artist);
        let at = BEGAN + nth as i64 * PAUSE * DAY;
        let plays = 1 + (30.0 * near(&places[artist], &taste).powi(4) * -random.f64().max(1e-9).ln()) as usize;
        // Most of it is heard in the first months.
        let later = |random: &mut Rng| at + (120.0 * -random.f64().max(1e-9).ln()) as i64 * DAY;
        lives.push((artist, at, std::iter::once(at).chain((1..plays).map(|_| later(random))).collect()));
    }
    let shown = found * 4 / 5;
    let now = lives[shown].1;
    let loved = lives[..shown].iter().map(|(node, _, plays)| {
        let before = plays.iter().copied().filter(|at| *at < now);
        Loved { node: *node, plays: before.clone().count() as u64, last_at: before.max().unwrap_or(now) }
    });
    let loved: Vec<Loved> = loved.collect();
    Case {
        graph: told(graph.clone(), lists, &loved),
        loved,
        hidden: lives[shown..].iter().map(|(node, ..)| *node).collect(),
        now,
        population: POPULATION,
    }
}

/// An artist near to the taste; the famous are met more easily.
fn meets(places: &[Place], taste: &Place, known: &HashSet<usize>, random: &mut Rng) -> usize {
    let ease = |nth: usize| fame(nth).powf(0.35) * (9.0 * near(&places[nth], taste)).exp();
    let open: Vec<(usize, f64)> =
        (0..places.len()).filter(|nth| !known.contains(nth)).map(|nth| (nth, ease(nth))).collect();
    let mut left = random.f64() * open.iter().map(|(_, ease)| ease).sum::<f64>();
    for (nth, ease) in &open {
        left -= ease;
        if left <= 0.0 {
            return *nth;
        }
    }
    open.last().map_or(0, |(nth, _)| *nth)
}
