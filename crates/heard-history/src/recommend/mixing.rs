//! Suggestions of several kinds in one list.

use std::collections::HashSet;

use super::reason::Suggestion;
use crate::identity::NameKey;

/// Takes turns between lists, each as often as its share says, until so many are found or all lists are empty. A name is
/// suggested once, for the first reason; a list without a share gives nothing.
pub(super) fn mixed(lists: Vec<(f64, Vec<Suggestion>)>, limit: usize) -> Vec<Suggestion> {
    let mut lists: Vec<(f64, f64, std::vec::IntoIter<Suggestion>)> = lists
        .into_iter()
        .filter(|(share, _)| *share > 0.0)
        .map(|(share, rows)| (share, 0.0, rows.into_iter()))
        .collect();
    let mut seen = HashSet::new();
    let mut mixed = Vec::new();
    while mixed.len() < limit {
        // The list that would still have the least for its share after its turn.
        let waits = |(share, taken, _): &(f64, f64, _)| (taken + 1.0) / share;
        let next = (0..lists.len()).min_by(|a, b| waits(&lists[*a]).total_cmp(&waits(&lists[*b])));
        let Some(next) = next else { break };
        match lists[next].2.next() {
            None => drop(lists.remove(next)),
            Some(row) if seen.insert(NameKey::of(&row.name)) => {
                lists[next].1 += 1.0;
                mixed.push(row);
            }
            Some(_) => {}
        }
    }
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::Why;
    use crate::rules::Name;

    fn list(names: &[&str]) -> Vec<Suggestion> {
        let row = |name: &&str| Suggestion {
            name: Name::Artist { artist: (*name).to_owned() },
            why: Why::Unheard,
            score: 1.0,
            reasons: Vec::new(),
            listeners: None,
            length_ms: None,
        };
        names.iter().map(row).collect()
    }

    fn names(lists: Vec<(f64, Vec<Suggestion>)>, limit: usize) -> Vec<String> {
        mixed(lists, limit).into_iter().map(|row| row.name.artist().to_owned()).collect()
    }

    #[test]
    fn lists_take_turns_by_their_shares() {
        let lists = || vec![(2.0, list(&["a1", "a2", "a3", "a4"])), (1.0, list(&["b1", "b2"])), (0.0, list(&["c"]))];
        assert_eq!(names(lists(), 5), ["a1", "a2", "b1", "a3", "a4"]);
        assert_eq!(names(lists(), 100), ["a1", "a2", "b1", "a3", "a4", "b2"]);
        assert_eq!(names(lists(), 0), [""; 0]);
    }

    #[test]
    fn a_name_is_suggested_once() {
        assert_eq!(names(vec![(1.0, list(&["a", "b"])), (1.0, list(&["A", "c"]))], 9), ["a", "c", "b"]);
        assert_eq!(names(vec![], 9), [""; 0]);
    }
}
