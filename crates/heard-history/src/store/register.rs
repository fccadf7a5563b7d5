//! What changes when a stretch of time is read again: the latest reading of a second is what that second holds.
//!
//! A pure function from what is known and what was shown to the changes. Plays that are still shown keep their row;
//! plays that are shown again are revived; a play that vanished where another appeared in the same second was renamed;
//! others that vanished are gone, and stay as history.

use std::collections::HashMap;

/// The names of a play, as ids of the catalogue. Album 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Names {
    pub(crate) artist: u32,
    pub(crate) album: u32,
    pub(crate) track: u32,
}

/// A play as the store has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: i64,
    pub(crate) played_at: i64,
    pub(crate) names: Names,
    pub(crate) gone: bool,
}

/// A play as an answer shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) played_at: i64,
    pub(crate) names: Names,
    pub(crate) row: u32,
}

/// What is to be done. Indexes point into the shown plays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Plays that are new.
    pub(crate) insert: Vec<usize>,
    /// Plays that were gone and are back.
    pub(crate) revive: Vec<i64>,
    /// Plays that bear other names now.
    pub(crate) rename: Vec<(i64, usize)>,
    /// Plays that are no longer shown.
    pub(crate) gone: Vec<i64>,
    /// How many plays were live before.
    pub(crate) live: usize,
}

impl Changes {
    /// The same where the answer may not show everything: what it does not show stays as it is, and nothing is renamed.
    pub(crate) fn keep_all(&mut self) {
        self.gone.clear();
        self.insert.extend(self.rename.drain(..).map(|(_, index)| index));
        self.insert.sort_unstable();
    }

    pub(crate) fn none(&self) -> bool {
        self.insert.is_empty() && self.revive.is_empty() && self.rename.is_empty() && self.gone.is_empty()
    }
}

/// Compares what is known of some seconds with what was shown of the same seconds. `known` is ordered by second.
pub(crate) fn compare(known: &[Known], shown: &[Shown]) -> Changes {
    let mut changes = Changes { live: known.iter().filter(|play| !play.gone).count(), ..Changes::default() };
    let mut by_second: HashMap<i64, Vec<usize>, foldhash::fast::RandomState> = HashMap::default();
    for (index, play) in shown.iter().enumerate() {
        by_second.entry(play.played_at).or_default().push(index);
    }
    for second in known.chunk_by(|a, b| a.played_at == b.played_at) {
        let new = by_second.remove(&second[0].played_at).unwrap_or_default();
        compare_second(second, new, shown, &mut changes);
    }
    let mut fresh: Vec<usize> = by_second.into_values().flatten().collect();
    changes.insert.append(&mut fresh);
    changes.insert.sort_unstable();
    changes
}

fn compare_second(known: &[Known], mut new: Vec<usize>, shown: &[Shown], changes: &mut Changes) {
    let mut take = |names: Names| {
        let at = new.iter().position(|index| shown[*index].names == names)?;
        Some(new.remove(at))
    };
    let vanished: Vec<&Known> =
        known.iter().filter(|play| !play.gone).filter(|play| take(play.names).is_none()).collect();
    for play in known.iter().filter(|play| play.gone) {
        if take(play.names).is_some() {
            changes.revive.push(play.id);
        }
    }
    let mut new = new.into_iter();
    for play in vanished {
        match new.next() {
            Some(index) => changes.rename.push((play.id, index)),
            None => changes.gone.push(play.id),
        }
    }
    changes.insert.extend(new);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(track: u32) -> Names {
        Names { artist: 1, album: 0, track }
    }

    fn known(id: i64, played_at: i64, track: u32, gone: bool) -> Known {
        Known { id, played_at, names: names(track), gone }
    }

    fn shown(played_at: i64, track: u32) -> Shown {
        Shown { played_at, names: names(track), row: 0 }
    }

    #[test]
    fn what_is_still_shown_stays() {
        let changes = compare(&[known(1, 5, 1, false), known(2, 5, 1, false)], &[shown(5, 1), shown(5, 1)]);
        assert!(changes.none());
        assert_eq!(changes.live, 2);
    }

    #[test]
    fn multiplicity_counts() {
        let twice = compare(&[known(1, 5, 1, false)], &[shown(5, 1), shown(5, 1)]);
        assert_eq!(twice.insert.len(), 1);
        let once = compare(&[known(1, 5, 1, false), known(2, 5, 1, false)], &[shown(5, 1)]);
        assert_eq!(once.gone, [2]);
    }

    #[test]
    fn another_name_in_the_same_second_is_a_renaming() {
        let changes = compare(&[known(1, 5, 1, false), known(2, 6, 1, false)], &[shown(5, 2), shown(7, 1)]);
        assert_eq!(changes.rename, [(1, 0)]);
        assert_eq!(changes.gone, [2]);
        assert_eq!(changes.insert, [1]);
    }

    #[test]
    fn what_an_answer_in_part_does_not_show_stays() {
        let known = [known(1, 5, 1, false), known(2, 5, 2, false), known(3, 5, 4, true)];
        let mut changes = compare(&known, &[shown(5, 1), shown(5, 3), shown(5, 4)]);
        assert_eq!((changes.rename.len(), changes.gone.len()), (1, 0));
        changes.keep_all();
        assert_eq!((changes.insert, changes.revive), (vec![1], vec![3]));
        assert!(changes.rename.is_empty() && changes.gone.is_empty());
    }

    #[test]
    fn what_is_back_is_revived_with_its_row() {
        let changes = compare(&[known(1, 5, 1, true), known(2, 5, 2, false)], &[shown(5, 2), shown(5, 1)]);
        assert_eq!(changes.revive, [1]);
        assert!(changes.insert.is_empty() && changes.rename.is_empty());
    }
}
