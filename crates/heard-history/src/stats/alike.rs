//! Names that look like one, and of which nobody said yet that they are.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::panic::resume_unwind;
use std::thread;

use super::StatsError;
use super::by_unit::{Count, count_all};
use super::filter::{Counting, Filter, Matches};
use super::names::Names;
use super::ranking::Kind;
use crate::columns::Columns;
use crate::identity;
use crate::rules::Name;
use crate::zone::Zone;

/// Names of one kind that differ only in case, accents, punctuation, and "the".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// At least two, as they are shown, each with its plays; the one with the most plays first, of equal ones the first
    /// in code-point order.
    pub names: Vec<(Name, u64)>,
}

impl Alike {
    /// Plays of all of them together.
    #[must_use]
    pub fn plays(&self) -> u64 {
        self.names.iter().map(|(_, plays)| plays).sum()
    }
}

/// Artists of a listener, and albums and tracks of one artist each, that are shown as several and look like one; those
/// with the most plays first. Every play counts, however short and whatever its moment; hidden names and those that only
/// say that there is none are left alone.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read.
pub fn alike(columns: &Columns, listener: &str) -> Result<Vec<Alike>, StatsError> {
    let counting = Counting { min_played_ms: 0, undated: true, implausible: true, placeholders: false };
    let filter = Filter { counting, listener: Some(listener.to_owned()), ..Filter::default() };
    // Without a period there is no calendar in it.
    let matches = Matches::find(columns, &filter, &Zone::utc(), 0)?;
    let of = |kind| of_kind(columns, kind, &counting, &matches);
    let mut found = thread::scope(|scope| {
        let tracks = scope.spawn(|| of(Kind::Tracks));
        let mut found = of(Kind::Artists)?;
        found.append(&mut of(Kind::Albums)?);
        found.append(&mut tracks.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        Ok::<_, StatsError>(found)
    })?;
    // Artists stay before albums and tracks with as many plays: a stable sort.
    found.sort_by_key(|alike| Reverse(alike.plays()));
    Ok(found)
}

/// Names of one kind that look like one, in the order of the first of them.
fn of_kind(columns: &Columns, kind: Kind, counting: &Counting, matches: &Matches) -> Result<Vec<Alike>, StatsError> {
    let counts = count_all(columns, kind, counting, matches)?;
    let ids: Vec<usize> = counts.iter().map(|(id, _)| *id).collect();
    let names = Names::read(columns, kind, matches, &ids)?;
    let counts = shared(counts, &names);
    let mut groups: HashMap<(&str, String), Vec<(usize, u64)>, foldhash::fast::RandomState> = HashMap::default();
    for (id, plays) in counts {
        let (artist, title) = names.of(id);
        let key = match title {
            None => ("", looks(artist)),
            Some(title) => (artist, looks(title)),
        };
        if let (artist, Some(looks)) = key {
            groups.entry((artist, looks)).or_default().push((id, plays));
        }
    }
    let mut found: Vec<Alike> = Vec::new();
    for group in groups.into_values().filter(|group| group.len() > 1) {
        let mut named: Vec<(Name, u64)> =
            group.into_iter().map(|(id, plays)| (name(kind, &names, id), plays)).collect();
        named.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
        found.push(Alike { names: named });
    }
    found.sort_by(|a, b| a.names.cmp(&b.names));
    Ok(found)
}

/// What may look like something else among them: few names do, and only for these is it worth keeping what they look
/// like. Of the others a fingerprint of that is enough.
fn shared(counts: Vec<Count>, names: &Names) -> Vec<Count> {
    let hasher = foldhash::fast::RandomState::default();
    let mut folded = String::new();
    // One text may be the title of many: each is looked at once, in the order in which they lie.
    let looks: Vec<u64> = names
        .texts()
        .iter()
        .map(|text| {
            identity::fold_into(&mut folded, text);
            hasher.hash_one(bare(&folded))
        })
        .collect();
    let fingerprint = |id: usize| {
        let (artist, text) = names.codes(id);
        let looks = usize::try_from(text).ok().and_then(|text| looks.get(text));
        hasher.hash_one((artist, looks))
    };
    let mut known: Vec<(u64, Count)> = counts.into_iter().map(|count| (fingerprint(count.0), count)).collect();
    known.sort_unstable();
    known.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1).flatten().map(|(_, count)| *count).collect()
}

pub(super) fn name(kind: Kind, names: &Names, id: usize) -> Name {
    let (artist, title) = names.owned(id);
    let title = title.unwrap_or_default();
    match kind {
        Kind::Artists => Name::Artist { artist },
        Kind::Albums => Name::Album { artist, title },
        Kind::Tracks => Name::Track { artist, title },
    }
}

/// What names that look like one have in common; `None` for a name of punctuation alone, which looks like nothing else.
fn looks(name: &str) -> Option<String> {
    let folded = identity::folded(name);
    let bare = bare(&folded);
    (!bare.is_empty()).then(|| bare.to_owned())
}

fn bare(folded: &str) -> &str {
    folded.strip_prefix("the ").or_else(|| folded.strip_suffix(" the")).unwrap_or(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_like_one_without_case_accents_punctuation_and_the() {
        for (one, other) in [
            ("Näve", "nave"),
            ("The Tin Lanterns", "Tin Lanterns"),
            ("Tin Lanterns, The", "the tin lanterns"),
            ("O.R.B.", "Orb"),
            ("Hail-Stone", "Hailstone"),
            ("Ｗｉｄｅ", "wide"),
        ] {
            assert_eq!(looks(one), looks(other), "{one} {other}");
        }
    }

    #[test]
    fn other_names_look_otherwise() {
        for (one, other) in [("Theory", "ory"), ("Tin Lanterns", "Tin Lantern"), ("夜明け", "夜"), ("Bathe", "Ba")]
        {
            assert_ne!(looks(one), looks(other), "{one} {other}");
        }
        for punctuation in ["!!!", "+", "", "???", " "] {
            assert_eq!(looks(punctuation), None, "{punctuation:?}");
        }
    }
}
