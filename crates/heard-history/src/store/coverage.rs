//! Which seconds of an account are known whole, and since when.

use std::collections::BTreeMap;

use crate::listen::Span;

/// What is known of a covered stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The stretch.
    pub span: Span,
    /// The envelope that showed it last.
    pub seq: u64,
    /// The run to which that reading belongs.
    pub run: u64,
    /// When it was read, by the service's clock.
    pub read_at: i64,
}

impl Covered {
    /// A stretch of which some rows are known, and nobody knows whether there are more: read in no run and at no time, so
    /// that it is due in every run.
    #[must_use]
    pub fn in_part(span: Span, seq: u64) -> Self {
        Self { span, seq, run: 0, read_at: 0 }
    }
}

/// The covered stretches of one account; they do not overlap. A later reading takes the place of an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    by_start: BTreeMap<i64, Covered>,
}

impl Coverage {
    /// The stretches in order of time.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Covered> {
        self.by_start.values()
    }

    /// Whether any second of the span is covered.
    #[must_use]
    pub fn touches(&self, span: &Span) -> bool {
        !self.overlapping(span).is_empty()
    }

    fn overlapping(&self, span: &Span) -> Vec<Covered> {
        if span.is_empty() {
            return Vec::new();
        }
        let before = self.by_start.range(..=span.from).next_back().map(|(_, c)| *c).filter(|c| c.span.to > span.from);
        let inside = self.by_start.range(span.from + 1..span.to).map(|(_, c)| *c);
        before.into_iter().chain(inside).collect()
    }

    /// Lays a reading over the earlier ones. Returns the starts that are no longer there and the stretches that are
    /// new or shorter, for keeping.
    pub fn lay(&mut self, reading: Covered) -> (Vec<i64>, Vec<Covered>) {
        let mut removed = Vec::new();
        let mut added = Vec::new();
        if reading.span.is_empty() {
            return (removed, added);
        }
        for old in self.overlapping(&reading.span) {
            self.by_start.remove(&old.span.from);
            removed.push(old.span.from);
            let rests = [Span::new(old.span.from, reading.span.from), Span::new(reading.span.to, old.span.to)];
            added.extend(rests.into_iter().filter(|s| !s.is_empty()).map(|span| Covered { span, ..old }));
        }
        added.push(reading);
        for covered in &added {
            self.by_start.insert(covered.span.from, *covered);
        }
        (removed, added)
    }

    /// The parts of `range` that are not vouched for, in order of time. `vouches` says which part of a covered stretch
    /// counts.
    #[must_use]
    pub fn holes(&self, range: Span, vouches: impl Fn(&Covered) -> Span) -> Vec<Span> {
        let mut holes = Vec::new();
        let mut from = range.from;
        for covered in self.by_start.values() {
            let good = vouches(covered).meet(&range);
            if good.is_empty() {
                continue;
            }
            if good.from > from {
                holes.push(Span::new(from, good.from));
            }
            from = from.max(good.to);
        }
        if from < range.to {
            holes.push(Span::new(from, range.to));
        }
        holes
    }
}

impl FromIterator<Covered> for Coverage {
    fn from_iter<I: IntoIterator<Item = Covered>>(readings: I) -> Self {
        let mut coverage = Self::default();
        for reading in readings {
            coverage.lay(reading);
        }
        coverage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(from: i64, to: i64, seq: u64) -> Covered {
        Covered { span: Span::new(from, to), seq, run: 1, read_at: 0 }
    }

    #[test]
    fn a_later_reading_cuts_the_earlier_one() {
        let mut coverage: Coverage = [read(0, 10, 1)].into_iter().collect();
        let (removed, added) = coverage.lay(read(3, 5, 2));
        assert_eq!(removed, [0]);
        assert_eq!(added, [read(0, 3, 1), read(5, 10, 1), read(3, 5, 2)]);
        assert_eq!(coverage.iter().map(|c| (c.span.from, c.seq)).collect::<Vec<_>>(), [(0, 1), (3, 2), (5, 1)]);
    }

    #[test]
    fn each_second_belongs_to_its_last_reading() {
        // Every arrangement of three readings over eight seconds, against a plain array.
        for code in 0..8_u32.pow(6) {
            let digit = |n: u32| i64::from(code / 8_u32.pow(n) % 8);
            let readings = [(digit(0), digit(1)), (digit(2), digit(3)), (digit(4), digit(5))];
            let mut plain = [0_u64; 9];
            let mut coverage = Coverage::default();
            for (seq, (from, length)) in (1..).zip(readings) {
                let to = (from + length).min(9);
                coverage.lay(read(from, to, seq));
                (from..to).for_each(|s| plain[usize::try_from(s).unwrap()] = seq);
            }
            let mut laid = [0_u64; 9];
            for covered in coverage.iter() {
                (covered.span.from..covered.span.to).for_each(|s| laid[usize::try_from(s).unwrap()] = covered.seq);
            }
            assert_eq!(laid, plain, "{readings:?}");
        }
    }

    #[test]
    fn holes_are_what_nobody_vouches_for() {
        let coverage: Coverage = [read(2, 4, 1), read(4, 6, 2), read(8, 9, 3)].into_iter().collect();
        assert_eq!(coverage.holes(Span::new(0, 10), |c| c.span), [Span::new(0, 2), Span::new(6, 8), Span::new(9, 10)]);
        let only_later = |c: &Covered| if c.seq > 1 { c.span } else { Span::new(0, 0) };
        assert_eq!(coverage.holes(Span::new(3, 6), only_later), [Span::new(3, 4)]);
        assert_eq!(coverage.holes(Span::new(4, 6), |c| c.span), []);
    }
}
