//! When several reports tell of one play. Decides, and deletes nothing.
//!
//! A pure function of all reports together: neither the order in which files were taken in nor how often they were
//! changes what it says. Three steps, each on what the one before it left:
//!
//! 1. `same`: a source tells the same thing again. By each source's own key; where a source can tell of two plays with
//!    one key (minutes, Spotify's account data, undated plays), the second of one file is the second of every file.
//! 2. `same`: one source tells of one second twice, and only the spelling differs, as exports made weeks apart do.
//! 3. `likely`: two sources tell of one play in their own ways. By names and by the moments at which it began and
//!    ended, with the tolerance that both sources' resolutions allow; one to one, so that a real repeat stays a play.

mod likely;
mod same;
mod sources;
mod witness;

pub use sources::{Keying, Source, Sources};
pub use witness::{NO_MOMENT, Witness};

use crate::identity::Likeness;
use crate::listen::UNDATED;

/// Moments of two sources that lie further apart never tell of one play, in seconds.
pub const FARTHEST: i64 = 180;

/// What names mean, by the numbers of the catalogue.
#[derive(Debug, Default)]
pub struct Names {
    /// For each artist, the number of those that are the same.
    pub artist_groups: Vec<u32>,
    /// For each track, the number of those that are the same.
    pub track_groups: Vec<u32>,
    /// Artists' names.
    pub artists: Vec<Box<str>>,
    /// Tracks' titles.
    pub titles: Vec<Box<str>>,
    /// Albums' titles.
    pub albums: Vec<Box<str>>,
}

impl Names {
    fn track_group(&self, witness: &Witness) -> u32 {
        self.track_groups.get(witness.track as usize).copied().unwrap_or(witness.track)
    }

    fn text(&self, witness: &Witness) -> (&str, &str) {
        (
            self.artists.get(witness.artist as usize).map_or("", |name| &**name),
            self.titles.get(witness.track as usize).map_or("", |title| &**title),
        )
    }

    /// The album's title; what tells none comes last.
    fn album(&self, witness: &Witness) -> (bool, &str) {
        let title = self.albums.get(witness.album as usize).map_or("", |title| &**title);
        (witness.album == 0, title)
    }

    fn likeness(&self, witness: &Witness) -> (Likeness, Likeness) {
        let (artist, title) = self.text(witness);
        (Likeness::of_artist(artist), Likeness::of_title(title))
    }

    /// From 0 to 1; the artist alone decides nothing.
    fn alike(&self, one: &Witness, other: &Witness) -> f32 {
        if self.track_group(one) == self.track_group(other) {
            return 1.0;
        }
        let ((artist, title), (other_artist, other_title)) = (self.likeness(one), self.likeness(other));
        0.4 * artist.to(&other_artist) + 0.6 * title.to(&other_title)
    }
}

/// What the listener decided of single reports, by their places in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrules {
    /// Reports of one play.
    pub same: Vec<(u32, u32)>,
    /// Reports of plays of their own.
    pub own: Vec<u32>,
}

/// A report that is a further witness of another's play.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The report, by its place in the list.
    pub witness: u32,
    /// The report that stands for the play.
    pub of: u32,
    /// How sure that is; 1 for the same thing told twice.
    pub score: f32,
}

/// Finds the reports that are further witnesses. All are one listener's.
#[must_use]
pub fn reconcile(witnesses: &[Witness], sources: &Sources, names: &Names, overrules: &Overrules) -> Vec<Verdict> {
    let mut plays = Plays::new(witnesses.len());
    for (one, other) in &overrules.same {
        plays.join(*one, *other, 1.0);
    }
    let mut own = vec![false; if overrules.own.is_empty() { 0 } else { witnesses.len() }];
    overrules.own.iter().for_each(|at| own[*at as usize] = true);
    let told = Told { witnesses, sources, names, own };
    same::join(&told, &mut plays);
    if sources.several(witnesses) {
        likely::join(&told, &mut plays);
    }
    plays.verdicts(&told)
}

/// What is compared.
struct Told<'a> {
    witnesses: &'a [Witness],
    sources: &'a Sources,
    names: &'a Names,
    own: Vec<bool>,
}

impl Told<'_> {
    fn is_own(&self, at: u32) -> bool {
        self.own.get(at as usize) == Some(&true)
    }

    fn at(&self, at: u32) -> &Witness {
        &self.witnesses[at as usize]
    }

    /// An order of reports that depends on nothing but what they tell: the dated before the undated, the exact
    /// before the vague, those that tell the time played before those that do not.
    fn rank(&self, at: u32) -> impl Ord + use<'_> {
        let witness = self.at(at);
        let played = std::cmp::Reverse(witness.ms_played);
        let (source, moments) = (self.sources.rank(witness), (witness.played_at, witness.ended_at));
        let (text, album) = (self.names.text(witness), self.names.album(witness));
        let vague = (witness.played_at == UNDATED, witness.resolution);
        (vague, witness.ms_played < 0, source, moments, played, text, album)
    }
}

/// Which reports tell of one play: each points at another of the same play, one of them at itself.
struct Plays {
    parent: Vec<u32>,
    /// The same for what was told twice, without what is only likely.
    exact: Vec<u32>,
    likely: Vec<Likely>,
}

/// Two reports that are likely of one play.
#[derive(Clone, Copy)]
struct Likely {
    one: u32,
    other: u32,
    score: f32,
}

impl Plays {
    fn new(count: usize) -> Self {
        let count = u32::try_from(count).expect("an archive has fewer than four thousand million rows");
        Self { parent: (0..count).collect(), exact: (0..count).collect(), likely: Vec::new() }
    }

    fn root(&self, at: u32) -> u32 {
        root(&self.parent, at)
    }

    fn join(&mut self, one: u32, other: u32, score: f32) {
        link(&mut self.parent, one, other);
        if score < 1.0 {
            self.likely.push(Likely { one, other, score });
        } else {
            link(&mut self.exact, one, other);
        }
    }

    /// For each play with several reports, the best of them stands for it. How sure it is that another one is of the
    /// same play does not depend on the order of joining: it is the least sure step on the way between the two.
    fn verdicts(&self, told: &Told<'_>) -> Vec<Verdict> {
        let is_joined = |(at, parent): &(u32, &u32)| at != *parent;
        let mut joined: Vec<(u32, u32)> =
            (0..).zip(&self.parent).filter(is_joined).map(|(at, _)| (self.root(at), at)).collect();
        joined.sort_unstable();
        let mut likely = self.likely.clone();
        likely.sort_by_key(|step| self.root(step.one));
        let mut verdicts = Vec::with_capacity(joined.len());
        for play in joined.chunk_by(|a, b| a.0 == b.0) {
            let root = play[0].0;
            let all = || std::iter::once(root).chain(play.iter().map(|(_, at)| *at));
            let Some(best) = all().min_by_key(|at| (told.rank(*at), *at)) else { continue };
            let from = likely.partition_point(|step| self.root(step.one) < root);
            let to = likely.partition_point(|step| self.root(step.one) <= root);
            let steps = &mut likely[from..to];
            steps.sort_by(|a, b| b.score.total_cmp(&a.score));
            verdicts.extend(all().filter(|at| *at != best).map(|at| {
                let score = self.weakest(steps, at, best);
                Verdict { witness: at, of: best, score }
            }));
        }
        verdicts.sort_unstable_by_key(|verdict| verdict.witness);
        verdicts
    }

    /// The least sure step between two reports of one play. The surest steps are taken first.
    fn weakest(&self, steps: &[Likely], one: u32, other: u32) -> f32 {
        let (one, other) = (root(&self.exact, one), root(&self.exact, other));
        let mut reached = vec![one];
        let mut least = 1.0_f32;
        while !reached.contains(&other) {
            let next = steps.iter().find_map(|step| {
                let ends = [root(&self.exact, step.one), root(&self.exact, step.other)];
                match ends.map(|end| reached.contains(&end)) {
                    [true, false] => Some((ends[1], step.score)),
                    [false, true] => Some((ends[0], step.score)),
                    _ => None,
                }
            });
            let Some((end, score)) = next else { break };
            reached.push(end);
            least = least.min(score);
        }
        least
    }
}

fn root(parent: &[u32], mut at: u32) -> u32 {
    while parent[at as usize] != at {
        at = parent[at as usize];
    }
    at
}

fn link(parent: &mut [u32], one: u32, other: u32) {
    let (one, other) = (root(parent, one), root(parent, other));
    parent[one.max(other) as usize] = one.min(other);
}
