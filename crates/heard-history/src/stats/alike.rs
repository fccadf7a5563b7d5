//! Names that look like one, and of which nobody said yet that they are.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::StatsError;
use super::by_unit::count_all;
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
    let mut found = Vec::new();
    for kind in [Kind::Artists, Kind::Albums, Kind::Tracks] {
        found.append(&mut of_kind(columns, kind, &counting, &matches)?);
    }
    // Artists stay before albums and tracks with as many plays: a stable sort.
    found.sort_by_key(|alike| Reverse(alike.plays()));
    Ok(found)
}

/// Names of one kind that look like one, in the order of the first of them.
fn of_kind(columns: &Columns, kind: Kind, counting: &Counting, matches: &Matches) -> Result<Vec<Alike>, StatsError> {
    let counts = count_all(columns, kind, counting, matches)?;
    let ids: Vec<usize> = counts.iter().map(|(id, _)| *id).collect();
    let names = Names::read(columns, kind, matches, &ids)?;
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
    let bare = folded.strip_prefix("the ").or_else(|| folded.strip_suffix(" the")).unwrap_or(&folded);
    (!bare.is_empty()).then(|| bare.to_owned())
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
