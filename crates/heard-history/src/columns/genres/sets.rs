//! Sets of weighted genres, each kept once.

use std::collections::HashMap;

use super::ToldBy;
use crate::genres::Weighed;

/// Sets by their numbers, in one row behind the other.
pub(super) struct Sets {
    known: HashMap<(ToldBy, Vec<(u16, u32)>), u32>,
    pub(super) begin: Vec<u32>,
    pub(super) genre: Vec<u16>,
    pub(super) weight: Vec<f32>,
    pub(super) told_by: Vec<u8>,
}

impl Sets {
    /// The empty set has number 0, and nobody told it.
    pub(super) fn new() -> Self {
        Self { known: HashMap::new(), begin: vec![0, 0], genre: Vec::new(), weight: Vec::new(), told_by: vec![u8::MAX] }
    }

    /// The number of a set.
    pub(super) fn number(&mut self, told_by: ToldBy, genres: &Weighed) -> u32 {
        if genres.is_empty() {
            return 0;
        }
        let entry = |(genre, weight): &(crate::genres::Genre, f32)| {
            (u16::try_from(genre.number()).unwrap_or(u16::MAX), weight.to_bits())
        };
        let entries: Vec<(u16, u32)> = genres.iter().map(entry).collect();
        let next = u32::try_from(self.told_by.len()).unwrap_or(u32::MAX);
        let number = *self.known.entry((told_by, entries)).or_insert(next);
        if number == next {
            self.genre.extend(genres.iter().map(|it| entry(it).0));
            self.weight.extend(genres.iter().map(|(_, weight)| weight));
            self.begin.push(u32::try_from(self.genre.len()).unwrap_or(u32::MAX));
            self.told_by.push(told_by as u8);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genres::Vocabulary;

    #[test]
    fn equal_sets_are_one() {
        let own = Vocabulary::own();
        let [rock, jazz] = ["rock", "jazz"].map(|name| own.find(name).unwrap());
        let mut sets = Sets::new();
        let (one, other) = (vec![(rock, 0.25), (jazz, 0.75)], vec![(rock, 1.0)]);
        assert_eq!(sets.number(ToldBy::Artist, &one), 1);
        assert_eq!(sets.number(ToldBy::Artist, &other), 2);
        assert_eq!(sets.number(ToldBy::Artist, &one), 1);
        assert_eq!(sets.number(ToldBy::Album, &one), 3, "told by somebody else");
        assert_eq!(sets.number(ToldBy::Rule, &Vec::new()), 0);
        assert_eq!(sets.begin, [0, 0, 2, 3, 5]);
        assert_eq!((sets.told_by, sets.weight), (vec![u8::MAX, 3, 3, 2], vec![0.25, 0.75, 1.0, 0.25, 0.75]));
    }
}
