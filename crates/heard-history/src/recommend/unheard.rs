//! What was never heard and lies next to what is dear.

use super::Asked;
use super::graph::{Graph, How, Link};
use super::hubs::Hubs;
use super::reason::{Reason, Suggestion, Why};
use super::taste::Taste;
use super::variety::varied;
use super::weights::{Weights, log_share};
use crate::stats::Kind;

/// How much of a suggested artist's score passes on to what is best known of theirs.
const HEARSAY: f64 = 0.5;

/// How many suggested artists pass something on.
const HEARSAY_ARTISTS: usize = 50;

/// What is left by the match of genres without any in common, and by nobody knowing it: something, since neither is ever
/// told completely.
const STRANGE: f64 = 0.05;

/// How many similar things are named as reasons, and how many genres.
const REASONS: usize = 3;
const GENRES: usize = 2;

/// A node that may be suggested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The node.
    pub node: usize,
    /// How well it suits, from 0 to 1 for the best.
    pub fit: f64,
    /// The same, less what is taken off for being well known.
    pub score: f64,
}

/// Nodes of a kind next to what is dear, the best first; of equal ones the first by name. Nodes for which `is_left_out`
/// says so, and those that are dear themselves, are none of them.
///
/// A candidate's fit is the sum over everything dear that it is linked with: how strong the link is, times how dear that
/// is, each to the power of its weight, and less of it where both are like very much; times how well its genres go with the
/// whole taste, and how well known it is. What is not known of one is taken as the average of the others. The sum is divided by that of the best. Then the more of it is taken off the more people know
/// it, to which the novelty says how far.
#[must_use]
pub fn unheard(
    graph: &Graph,
    taste: &Taste,
    kind: Kind,
    is_left_out: impl Fn(usize) -> bool,
    weights: &Weights,
) -> Vec<Candidate> {
    let mut found = fitting(graph, taste, kind, is_left_out, weights);
    let nodes: Vec<usize> = found.iter().map(|candidate| candidate.node).collect();
    let known: Vec<Option<f64>> = popularity(graph, &nodes);
    let usual = mean(known.iter().flatten().copied()).unwrap_or_default();
    for (candidate, popularity) in found.iter_mut().zip(known) {
        candidate.score -= weights.popularity * weights.novelty * popularity.unwrap_or(usual);
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| graph.name(a.node).cmp(graph.name(b.node))));
    found
}

/// All candidates in the order of their nodes, with their fit as score.
fn fitting(
    graph: &Graph,
    taste: &Taste,
    kind: Kind,
    is_left_out: impl Fn(usize) -> bool,
    weights: &Weights,
) -> Vec<Candidate> {
    let hubs = Hubs::of(graph, weights.hubs);
    let mut evidence = vec![0.0; graph.len()];
    for (dear, love) in taste.dear() {
        for (to, link) in graph.links(dear) {
            evidence[to] += says(&hubs, (dear, to), link, weights) * love;
        }
    }
    let is_wanted =
        |node: usize| is_of(graph, node, kind) && evidence[node] > 0.0 && taste.love(node) <= 0.0 && !is_left_out(node);
    let nodes: Vec<usize> = (0..graph.len()).filter(|node| is_wanted(*node)).collect();
    let matches: Vec<Option<f64>> = nodes.iter().map(|node| genre_match(graph, taste, *node)).collect();
    let usual = mean(matches.iter().flatten().copied()).unwrap_or(1.0);
    let known = popularity(graph, &nodes);
    let usually_known = mean(known.iter().flatten().copied()).unwrap_or(1.0);
    let raw: Vec<f64> = nodes
        .iter()
        .zip(matches.iter().zip(known))
        .map(|(node, (of, known))| {
            let sounds = not_nothing(of.unwrap_or(usual)).powf(weights.genre);
            evidence[*node] * sounds * not_nothing(known.unwrap_or(usually_known)).powf(weights.known)
        })
        .collect();
    let best = raw.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    nodes.into_iter().zip(raw).map(|(node, raw)| Candidate { node, fit: raw / best, score: raw / best }).collect()
}

/// What a link says for each of its ends, where the other one is wholly dear.
fn says(hubs: &Hubs, (one, other): (usize, usize), link: Link, weights: &Weights) -> f64 {
    let factor = if link.how == How::Similar { hubs.factor(one, other) } else { 1.0 };
    link.strength.powf(weights.similarity) * factor
}

/// A factor that leaves a little even where it is 0.
fn not_nothing(part: f64) -> f64 {
    STRANGE + (1.0 - STRANGE) * part
}

pub(super) fn is_of(graph: &Graph, node: usize, kind: Kind) -> bool {
    graph.name(node).kind() == kind.of_one()
}

/// How well a node's genres go with the taste, where both are known.
pub(super) fn genre_match(graph: &Graph, taste: &Taste, node: usize) -> Option<f64> {
    let genres = graph.genres(node);
    let both = !genres.is_empty() && !taste.profile().is_empty();
    both.then(|| genres.cosine(taste.profile()))
}

/// For each candidate how well known it is beside the best known of them, where that was told.
fn popularity(graph: &Graph, candidates: &[usize]) -> Vec<Option<f64>> {
    let listeners = || candidates.iter().map(|node| graph.listeners(*node));
    let most = listeners().flatten().max().unwrap_or_default();
    listeners().map(|listeners| listeners.map(|listeners| log_share(listeners, most))).collect()
}

fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = numbers.fold((0.0, 0_u32), |(sum, count), number| (sum + number, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

impl Asked<'_> {
    /// What was never heard. Of albums and tracks, those of artists who are suggested themselves are among them.
    pub(super) fn unheard(&self, known: &[bool]) -> Vec<Suggestion> {
        let is_left_out = |node: usize| known.get(node) == Some(&true) || self.is_dismissed(self.graph.name(node));
        let (graph, weights, kind) = (self.graph, self.weights(), self.question.kind);
        let taste = if kind == Kind::Artists {
            self.taste.clone()
        } else {
            let artists = unheard(graph, self.taste, Kind::Artists, is_left_out, weights);
            self.taste.clone().with(artists.iter().take(HEARSAY_ARTISTS).map(|it| (it.node, it.fit * HEARSAY)))
        };
        let found = unheard(graph, &taste, kind, is_left_out, weights);
        let hubs = Hubs::of(graph, weights.hubs);
        let scored = found.into_iter().map(|candidate| (candidate, candidate.score)).collect();
        varied(scored, self.limit(), weights.variety, |a, b| graph.alike(a.node, b.node))
            .into_iter()
            .map(|candidate| Suggestion {
                name: graph.name(candidate.node).clone(),
                why: Why::Unheard,
                score: candidate.score,
                reasons: self.reasons(&taste, &hubs, candidate.node),
                listeners: graph.listeners(candidate.node),
                length_ms: graph.length_ms(candidate.node),
            })
            .collect()
    }

    /// What speaks most for a node.
    fn reasons(&self, taste: &Taste, hubs: &Hubs, node: usize) -> Vec<Reason> {
        let graph = self.graph;
        let mut links: Vec<_> = graph.links(node).filter(|(to, _)| taste.love(*to) > 0.0).collect();
        let says = |(to, link): &(usize, Link)| says(hubs, (node, *to), *link, self.weights()) * taste.love(*to);
        links.sort_by(|a, b| says(b).total_cmp(&says(a)).then_with(|| graph.name(a.0).cmp(graph.name(b.0))));
        let reason = |(to, link): (usize, Link)| match link.how {
            How::Similar => {
                Reason::Similar { to: graph.name(to).clone(), likeness: link.strength, plays: taste.plays(to) }
            }
            How::Top(place) => {
                Reason::Top { artist: graph.name(to).artist().to_owned(), place, plays: taste.plays(to) }
            }
        };
        let liked = self.feedback.is_liked(graph.name(node)).then_some(Reason::Liked);
        let genres = graph.genres(node).in_common(taste.profile(), GENRES);
        let genres = (!genres.is_empty()).then_some(Reason::Genres(genres));
        liked.into_iter().chain(links.into_iter().take(REASONS).map(reason)).chain(genres).collect()
    }
}
