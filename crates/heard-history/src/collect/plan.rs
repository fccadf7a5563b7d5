//! Which stretches of time must be read: pure arithmetic over coverage.

use std::hash::{BuildHasher, Hasher};

use crate::listen::{FIRST_PLAUSIBLE, Span};
use crate::store::{Coverage, Covered};

/// Plays may arrive this late: the service takes them up to 14 days, and a day is for doubt. In seconds.
pub const LATE: i64 = 15 * 86_400;

/// Every second is read again within this many seconds, since counts cannot show an edit.
const CYCLE: i64 = 30 * 86_400;

/// The first second that a walk reaches; second 0 holds the undated plays.
pub const FIRST: i64 = 1;

/// The largest second that the service is asked for (32 bits, signed).
pub const LAST: i64 = 2_147_483_647;

/// What is to be read in a run.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The run's number.
    pub run: u64,
    /// The present, by the service's clock.
    pub now: i64,
    /// Only this part of time.
    pub range: Span,
    /// Everything, also what is known.
    pub full: bool,
}

/// The stretches that must be read, newest first.
///
/// What this run has read counts as read. What an earlier run read counts up to 15 days before that reading, for what
/// comes later may still arrive late; and not for ever: each reading is due again after 15 to 30 days, spread so that
/// no day has to do all of it.
#[must_use]
pub fn stretches(coverage: &Coverage, wish: &Wish) -> Vec<Span> {
    let vouches = |covered: &Covered| {
        if covered.run == wish.run {
            return covered.span;
        }
        if !still_counts(covered, wish) {
            return Span::new(0, 0);
        }
        Span::new(covered.span.from, covered.span.to.min(covered.read_at - LATE))
    };
    let mut holes = coverage.holes(wish.range.meet(&Span::new(FIRST, LAST)), vouches);
    holes = split_at(holes, wish.now + 86_400);
    holes.reverse();
    holes
}

/// Whether a reading is of this run, or of an earlier one and not due again.
pub(super) fn still_counts(covered: &Covered, wish: &Wish) -> bool {
    covered.run == wish.run || !(wish.full || is_due(covered, wish.now))
}

/// The future, where only wrong clocks are, is asked for apart: a service may refuse to look so far.
fn split_at(holes: Vec<Span>, border: i64) -> Vec<Span> {
    let parts = |hole: Span| [Span::new(hole.from, hole.to.min(border)), Span::new(hole.from.max(border), hole.to)];
    holes.into_iter().flat_map(parts).filter(|span| !span.is_empty()).collect()
}

/// The stretches and these spans besides, newest first and without reading any second twice. Undated plays are not
/// walked to.
pub(super) fn with_spans(stretches: Vec<Span>, spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let walked = Span::new(FIRST, LAST);
    let mut all = stretches;
    for span in spans {
        let mut rest = vec![span.meet(&walked)];
        for known in &all {
            let around = |part: Span| {
                [Span::new(part.from, part.to.min(known.from)), Span::new(part.from.max(known.to), part.to)]
            };
            rest = rest.into_iter().flat_map(around).filter(|part| !part.is_empty()).collect();
        }
        all.append(&mut rest);
    }
    all.sort_unstable_by_key(|span| std::cmp::Reverse(span.from));
    all
}

fn is_due(covered: &Covered, now: i64) -> bool {
    let mut hasher = foldhash::fast::FixedState::with_seed(1).build_hasher();
    hasher.write_i64(covered.span.from);
    let share = i64::try_from(hasher.finish() >> 40).unwrap_or_default();
    let spread = CYCLE / 2 * share / (1 << 24);
    now - covered.read_at >= CYCLE / 2 + spread
}

/// Where to cut a stretch so that another walker may take its lower part: half of what remains, judged by how densely
/// the last page lay. `None` where it cannot be cut.
#[must_use]
pub(super) fn cut(remaining: Span, page: Span, rows: u64, left: u64) -> Option<i64> {
    let wide = i128::from(page.seconds().max(1)) * i128::from(left) / i128::from(rows.max(1));
    let half = i64::try_from(wide / 2).unwrap_or(i64::MAX).max(1);
    // Before scrobbling began there is nothing to share.
    let from = if remaining.to > FIRST_PLAUSIBLE { remaining.from.max(FIRST_PLAUSIBLE) } else { remaining.from };
    let at = remaining.to.saturating_sub(half).max(from + (remaining.to - from) / 64);
    (at > remaining.from && at < remaining.to).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const NOW: i64 = 1_700_000_000;

    fn wish(run: u64) -> Wish {
        Wish { run, now: NOW, range: Span::new(FIRST, LAST), full: false }
    }

    fn covered(from: i64, to: i64, run: u64, read_at: i64) -> Covered {
        Covered { span: Span::new(from, to), seq: run, run, read_at }
    }

    #[test]
    fn a_first_run_reads_everything_and_the_future_apart() {
        let border = NOW + DAY;
        assert_eq!(stretches(&Coverage::default(), &wish(1)), [Span::new(border, LAST), Span::new(FIRST, border)]);
    }

    #[test]
    fn a_resumed_run_reads_only_what_is_left() {
        let coverage = [covered(100, LAST, 1, NOW)].into_iter().collect();
        assert_eq!(stretches(&coverage, &wish(1)), [Span::new(FIRST, 100)]);
    }

    #[test]
    fn a_later_run_reads_the_last_fifteen_days_again() {
        let coverage = [covered(FIRST, LAST, 1, NOW - DAY)].into_iter().collect();
        let border = NOW + DAY;
        assert_eq!(stretches(&coverage, &wish(2)), [Span::new(border, LAST), Span::new(NOW - DAY - LATE, border)]);
    }

    #[test]
    fn everything_is_read_again_within_thirty_days_and_nothing_within_fifteen() {
        let readings: Vec<Covered> = (0..200).map(|n| covered(1 + n * 1000, 1001 + n * 1000, 1, NOW)).collect();
        let coverage: Coverage = readings.iter().copied().collect();
        let due = |day: i64| {
            let wish = Wish { now: NOW + day * DAY, range: Span::new(1, 200_001), ..wish(2) };
            stretches(&coverage, &wish).iter().map(Span::seconds).sum::<i64>() / 1000
        };
        assert_eq!(due(14), 0);
        assert!((60..140).contains(&due(22)), "{}", due(22));
        assert_eq!(due(30), 200);
    }

    #[test]
    fn spans_are_added_where_they_are_not_read_anyway() {
        let stretches = vec![Span::new(100, 200), Span::new(10, 20)];
        let spans = [Span::new(0, 1), Span::new(15, 120), Span::new(110, 130), Span::new(300, 310)];
        let all = with_spans(stretches.clone(), spans.into_iter());
        assert_eq!(all, [Span::new(300, 310), Span::new(100, 200), Span::new(20, 100), Span::new(10, 20)]);
        assert_eq!(with_spans(stretches.clone(), std::iter::empty()), stretches);
    }

    #[test]
    fn a_cut_lies_inside() {
        let span = Span::new(0, 1000);
        assert_eq!(cut(span, Span::new(1000, 1100), 10, 40), Some(800));
        assert_eq!(cut(span, Span::new(1000, 1100), 10, 4000), Some(15));
        assert_eq!(cut(Span::new(0, 1), Span::new(1, 2), 1, 10), None);
        assert_eq!(cut(Span::new(0, 2), Span::new(1, 2), 0, u64::MAX), None);
        let since_1970 = Span::new(1, 1_700_000_000);
        assert!(cut(since_1970, Span::new(1_600_000_000, 1_700_000_000), 10, 10_000) > Some(FIRST_PLAUSIBLE));
    }
}
