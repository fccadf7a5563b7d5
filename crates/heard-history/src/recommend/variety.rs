//! Not ten of the same.

/// How many of the best are looked through for each that is wanted, and how many at the least.
const POOL: usize = 4;
const LEAST_POOL: usize = 50;

/// So many of the candidates, each next one good by itself and unlike those before it: maximal marginal relevance
/// (Carbonell and Goldstein, 1998). With a variety of 0 they are the first ones; with 1 only the unlikeness counts. Of
/// equal ones the earlier is taken. Candidates come with their scores, the best first; `alike` is from 0 to 1.
#[must_use]
pub fn varied<T>(mut candidates: Vec<(T, f64)>, limit: usize, variety: f64, alike: impl Fn(&T, &T) -> f64) -> Vec<T> {
    candidates.truncate(if variety > 0.0 { limit.saturating_mul(POOL).max(LEAST_POOL) } else { limit });
    let mut rest: Vec<(T, f64, f64)> = candidates.into_iter().map(|(it, score)| (it, score, 0.0)).collect();
    let mut taken: Vec<T> = Vec::new();
    while taken.len() < limit && !rest.is_empty() {
        let (next, _, _) = rest.remove(best(&rest, variety));
        for (other, _, nearest) in &mut rest {
            *nearest = nearest.max(alike(other, &next));
        }
        taken.push(next);
    }
    taken
}

/// The place of the first of those that are worth the most.
fn best<T>(rest: &[(T, f64, f64)], variety: f64) -> usize {
    let worth = |place: usize| (1.0 - variety) * rest[place].1 - variety * rest[place].2;
    (1..rest.len()).fold(0, |best, place| if worth(place) > worth(best) { place } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Alike are those that begin with the same letter.
    fn chosen(names: &[(&'static str, f64)], limit: usize, variety: f64) -> Vec<&'static str> {
        let alike = |a: &&str, b: &&str| f64::from(u8::from(a.chars().next() == b.chars().next()));
        varied(names.to_vec(), limit, variety, alike)
    }

    const NAMES: [(&str, f64); 4] = [("a1", 1.0), ("a2", 0.9), ("b1", 0.8), ("c1", 0.1)];

    #[test]
    fn without_variety_the_best_are_taken() {
        assert_eq!(chosen(&NAMES, 3, 0.0), ["a1", "a2", "b1"]);
        assert_eq!(chosen(&NAMES, 9, 0.0).len(), 4);
        assert_eq!(chosen(&NAMES, 0, 0.5), [""; 0]);
    }

    #[test]
    fn with_variety_the_next_is_unlike_those_before() {
        assert_eq!(chosen(&NAMES, 3, 0.3), ["a1", "b1", "a2"]);
        assert_eq!(chosen(&NAMES, 3, 0.9), ["a1", "b1", "c1"]);
    }

    #[test]
    fn of_equal_ones_the_earlier_is_taken() {
        let equal = [("b", 0.5), ("a", 0.5), ("c", 0.5)];
        for variety in [0.0, 0.5, 1.0] {
            assert_eq!(chosen(&equal, 3, variety), ["b", "a", "c"]);
        }
    }
}
