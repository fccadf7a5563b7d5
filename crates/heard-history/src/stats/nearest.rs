//! Names that may have been meant.

use crate::identity::folded;

/// The names that are nearest to what was wanted: those that can be made from it with the fewest letters put in, left
/// out, changed or swapped with their neighbour, whatever the case, the accents and the punctuation. Equally near ones
/// are ordered by name in code-point order. Names that have less than half of the letters in common are none of them.
#[must_use]
pub fn nearest<'a>(names: impl Iterator<Item = &'a str>, wanted: &str, limit: usize) -> Vec<&'a str> {
    let wanted: Vec<char> = folded(wanted).chars().collect();
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let letters: Vec<char> = folded(name).chars().collect();
            let farthest = wanted.len().max(letters.len()) / 2;
            // So many letters must be put in or left out in any case.
            let possible = wanted.len().abs_diff(letters.len()) <= farthest;
            let steps = if possible { steps(&wanted, &letters) } else { usize::MAX };
            (steps <= farthest).then_some((steps, name))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, name)| name).take(limit).collect()
}

/// How many letters must be put in, left out, changed, or swapped with their neighbour (the distance of Damerau and
/// Levenshtein, no letter being touched twice).
fn steps(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, other) in to.iter().enumerate() {
            let changed = row[j] + usize::from(letter != other);
            let mut least = changed.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *letter == to[j - 1] && from[i - 1] == *other {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        let steps = |one: &str, other: &str| {
            let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
            assert_eq!(steps(&one, &other), steps(&other, &one));
            steps(&one, &other)
        };
        assert_eq!(steps("", ""), 0);
        assert_eq!(steps("", "abc"), 3);
        assert_eq!(steps("kestrel", "kestrel"), 0);
        assert_eq!(steps("kestrel", "kesterl"), 1, "two letters swapped");
        assert_eq!(steps("kestrel", "castle"), 4);
        assert_eq!(steps("夜明け", "夜明"), 1);
    }

    #[test]
    fn the_nearest_come_first() {
        let names = ["Ida Kestrel", "Ida Kestral", "Øra", "Ora Pell", "", "Glass Harbour", "ida kestrel"];
        let nearest = |wanted, limit| nearest(names.into_iter(), wanted, limit);
        assert_eq!(nearest("Ída Kestrl", 3), ["Ida Kestral", "Ida Kestrel", "ida kestrel"]);
        assert_eq!(nearest("ora", 5), ["Øra"]);
        assert_eq!(nearest("glas habour", 5), ["Glass Harbour"]);
        assert_eq!(nearest("zzzzzzz", 5), [""; 0]);
        assert_eq!(nearest("Ida Kestrel", 0), [""; 0]);
    }
}
