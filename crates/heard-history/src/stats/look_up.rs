//! Whom somebody means by a name.

use std::cmp::Reverse;

use super::StatsError;
use super::by_unit::{Count, count_all};
use super::filter::{Counting, Filter, Matches};
use super::names::Names;
use super::nearest::nearest;
use super::period::Period;
use super::ranking::Kind;
use crate::columns::{Columns, ColumnsError};
use crate::identity::{Needle, folded};
use crate::zone::Zone;

/// What somebody is looking for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// An artist, an album or a track.
    pub kind: Kind,
    /// Its name, or a part of it.
    pub name: &'a str,
    /// The name of the album's or track's artist, or a part of it; nothing for an artist.
    pub artist: Option<&'a str>,
}

/// One artist, album or track of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Which of them.
    pub kind: Kind,
    /// The artist.
    pub artist: String,
    /// The album's or track's title; `None` for an artist.
    pub title: Option<String>,
    /// The artist's code, the album's or track's number in the columns in which it was found.
    pub(super) number: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookedUp {
    /// The one that is named so, but for case, accents and punctuation.
    Named(Subject),
    /// None is named so, and this is the only one with that in its name.
    InPart(Subject),
    /// Several may be meant.
    Several {
        /// The most heard of them with their plays; of equal ones the first by name in code-point order.
        rows: Vec<(Subject, u64)>,
        /// How many they are.
        total: usize,
    },
    /// Nobody has that name. These come near: with that title, but of another artist; or else with a similar name.
    Unknown(Vec<Subject>),
}

/// Finds the artist, album or track that is meant by a name, among everything that the listener of the filter ever
/// played: periods, shortest plays and the filter's other conditions do not matter here.
///
/// Those that are named so (but for case, accents and punctuation) come before those that have it in their name; so do
/// their artists; and what is named so to the letter comes before what is not. Where several are left, up to `limit` of
/// them are told.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read.
pub fn look_up(
    columns: &Columns,
    wanted: &Wanted<'_>,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<LookedUp, StatsError> {
    let placeholders = filter.counting.placeholders;
    let counting = Counting { min_played_ms: 0, undated: true, implausible: true, placeholders };
    let ever = Filter { counting, period: Period::Everything, listener: filter.listener.clone(), ..Filter::default() };
    let all = Matches::find(columns, &ever, zone, now)?;
    let titled = with_title(columns, wanted, &all)?;
    let named = Candidates::read(columns, wanted.kind, &counting, titled.as_ref().unwrap_or(&all))?;
    let mut found = named.meant(wanted);
    let Some(best) = found.first().map(|candidate| candidate.distance) else {
        return Ok(LookedUp::Unknown(unknown(columns, wanted, &counting, &all, &named, limit)?));
    };
    found.retain(|candidate| candidate.distance == best);
    let [name, artist, ..] = best;
    Ok(match found.as_slice() {
        [only] if name || artist => LookedUp::InPart(named.subject(only.id)),
        [only] => LookedUp::Named(named.subject(only.id)),
        several => {
            let rows = several.iter().take(limit).map(|it| (named.subject(it.id), it.plays.0)).collect();
            LookedUp::Several { rows, total: several.len() }
        }
    })
}

/// Of albums and tracks, the plays with that in their title: names of all others need not be read.
fn with_title(columns: &Columns, wanted: &Wanted<'_>, all: &Matches) -> Result<Option<Matches>, ColumnsError> {
    let Some(title) = wanted.kind.title() else { return Ok(None) };
    let needle = Needle::new(wanted.name);
    let has: Vec<bool> = columns.dictionary(title)?.iter().map(|title| needle.is_in(title)).collect();
    let is_wanted = |code: i32| usize::try_from(code).is_ok_and(|code| has.get(code) == Some(&true));
    all.narrowed(columns, title, is_wanted).map(Some)
}

/// What may have been meant by a name that nobody has.
fn unknown(
    columns: &Columns,
    wanted: &Wanted<'_>,
    counting: &Counting,
    all: &Matches,
    named: &Candidates,
    limit: usize,
) -> Result<Vec<Subject>, ColumnsError> {
    let of_others = named.meant(&Wanted { artist: None, ..*wanted });
    if !of_others.is_empty() {
        return Ok(of_others.iter().take(limit).map(|it| named.subject(it.id)).collect());
    }
    let everything = Candidates::read(columns, wanted.kind, counting, all)?;
    let mut known = everything.by_artist(wanted.artist);
    if known.is_empty() {
        known = everything.by_artist(None);
    }
    // Of equal names the most heard stands for all.
    known.sort_by_key(|(id, plays)| (everything.name(*id), Reverse(*plays), everything.names.of(*id)));
    known.dedup_by_key(|(id, _)| everything.name(*id));
    let near = nearest(known.iter().map(|(id, _)| everything.name(*id)), wanted.name, limit);
    let subject = |name: &&str| known.iter().find(|(id, _)| everything.name(*id) == *name);
    Ok(near.iter().filter_map(subject).map(|(id, _)| everything.subject(*id)).collect())
}

/// How far a name is from the wanted one, the nearest first: whether the name, and the artist, is more than what was
/// typed; whether they are spelt otherwise.
type Distance = [bool; 4];

/// One that may be meant; the nearest is the least, of equally near ones the most heard.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate<'a> {
    distance: Distance,
    plays: Reverse<u64>,
    names: (&'a str, Option<&'a str>),
    id: usize,
}

/// Everything that may be meant.
struct Candidates {
    kind: Kind,
    counts: Vec<Count>,
    names: Names,
}

impl Candidates {
    fn read(columns: &Columns, kind: Kind, counting: &Counting, matches: &Matches) -> Result<Self, ColumnsError> {
        let counts = count_all(columns, kind, counting, matches)?;
        let ids: Vec<usize> = counts.iter().map(|(id, _)| *id).collect();
        Ok(Self { kind, names: Names::read(columns, kind, matches, &ids)?, counts })
    }

    /// The name by which it is looked for.
    fn name(&self, id: usize) -> &str {
        let (artist, title) = self.names.of(id);
        title.unwrap_or(artist)
    }

    fn subject(&self, id: usize) -> Subject {
        let (artist, title) = self.names.owned(id);
        Subject { kind: self.kind, artist, title, number: id }
    }

    fn by_artist(&self, artist: Option<&str>) -> Vec<Count> {
        let needle = artist.map(Needle::new);
        let is_of = |(id, _): &&Count| needle.as_ref().is_none_or(|needle| needle.is_in(self.names.of(*id).0));
        self.counts.iter().filter(is_of).copied().collect()
    }

    /// Those with that in their names, the nearest first, of equally near ones the most heard.
    fn meant(&self, wanted: &Wanted<'_>) -> Vec<Candidate<'_>> {
        let needle = Needle::new(wanted.name);
        let candidate = |(id, plays): Count| {
            let names = self.names.of(id);
            Candidate { distance: distance(wanted, names, self.name(id)), plays: Reverse(plays), names, id }
        };
        let known = self.by_artist(wanted.artist).into_iter();
        let mut found: Vec<_> = known.filter(|(id, _)| needle.is_in(self.name(*id))).map(candidate).collect();
        found.sort_unstable();
        found
    }
}

fn distance(wanted: &Wanted<'_>, (artist, _): (&str, Option<&str>), name: &str) -> Distance {
    let of = wanted.artist.unwrap_or(artist);
    [!is_same(wanted.name, name), !is_same(of, artist), wanted.name != name, of != artist]
}

/// Whether two names differ at most in case, accents and punctuation; names of punctuation alone are what they are.
fn is_same(one: &str, other: &str) -> bool {
    let bare = folded(one);
    if bare.is_empty() { one.to_lowercase() == other.to_lowercase() } else { bare == folded(other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_but_for_case_accents_and_punctuation() {
        for (one, other) in [("nave", "Näve"), ("a.b", "AB"), ("!!!", "!!!"), ("夜明け", "夜明け")] {
            assert!(is_same(one, other), "{one} {other}");
        }
        for (one, other) in [("nave", "Navel"), ("!!", "!!!"), ("!!!", "???"), ("", "!!!"), ("夜", "夜明け")] {
            assert!(!is_same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn the_name_matters_before_the_artist_and_both_before_their_letters() {
        let wanted = Wanted { kind: Kind::Tracks, name: "intro", artist: Some("ora") };
        let distance = |artist, title| distance(&wanted, (artist, Some(title)), title);
        let names = [
            ("ora", "intro"),
            ("Ora", "intro"),
            ("ora", "Intro"),
            ("Ora Pell", "intro"),
            ("Ora Pell", "Intro"),
            ("ora", "Introduction"),
            ("Ora Pell", "Introduction"),
        ];
        let distances = names.map(|(artist, title)| distance(artist, title));
        assert!(distances.is_sorted(), "{distances:?}");
        assert_eq!(distances[0], [false; 4]);
    }
}
