//! The breaker: when an answer that shows less than before may take plays out of the history.
//!
//! A service that loses its data for an hour answers as if the plays had been deleted. Small removals are believed at
//! once; large ones wait for a second reading at least a day later, and very large ones for the listener's word.

use crate::listen::Span;

/// A removal of more rows than this, and of more than [`SHARE`] of its stretch, is suspicious.
const FEW: i64 = 20;
/// One in twenty.
const SHARE: i64 = 20;
/// One in a hundred of the whole account, over one run.
const ACCOUNT_SHARE: i64 = 100;
/// Larger removals need the listener's word.
const MANY: i64 = 50;
/// A second reading counts when it comes at least this many seconds later.
pub(super) const LATER: i64 = 86_400;

/// What an answer would remove, and from how much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Removal {
    /// Live plays that the answer does not show.
    pub(crate) gone: i64,
    /// Live plays in its stretch.
    pub(crate) live_here: i64,
    /// Live plays of the account.
    pub(crate) live: i64,
    /// Plays that earlier answers of this run removed.
    pub(crate) gone_in_run: i64,
    /// Whether the service said that there is nothing at all in the window.
    pub(crate) nothing_at_all: bool,
}

impl Removal {
    /// Whether the removal must not be believed at once.
    pub(crate) fn is_suspicious(&self) -> bool {
        if self.gone == 0 {
            return false;
        }
        let large = self.gone > FEW && self.gone * SHARE > self.live_here;
        let together = self.gone + self.gone_in_run;
        let creeping = together > FEW && together * ACCOUNT_SHARE > self.live + self.gone_in_run;
        self.nothing_at_all || large || creeping
    }
}

/// A suspicious answer seen before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Earlier {
    pub(crate) span: Span,
    pub(crate) removals: i64,
    pub(crate) run: u64,
    pub(crate) seen_at: i64,
}

/// Whether a suspicious removal is borne out: an earlier reading, at least a day old, of the same stretch; and for a
/// large one the listener's confirmation of that earlier reading.
pub(crate) fn is_borne_out(
    removal: &Removal,
    span: &Span,
    (run, read_at): (u64, i64),
    earlier: &[Earlier],
    confirmed_until: Option<i64>,
) -> bool {
    let seen = earlier
        .iter()
        .filter(|e| e.run < run && e.seen_at <= read_at - LATER && !e.span.meet(span).is_empty())
        .map(|e| e.seen_at)
        .min();
    let Some(seen) = seen else { return false };
    let others: i64 = earlier.iter().filter(|e| e.run == run).map(|e| e.removals).sum();
    let all = removal.gone + others;
    let large = all > MANY || all * ACCOUNT_SHARE > removal.live;
    !large || confirmed_until.is_some_and(|until| seen <= until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removal(gone: i64, live_here: i64, live: i64) -> Removal {
        Removal { gone, live_here, live, gone_in_run: 0, nothing_at_all: false }
    }

    #[test]
    fn small_removals_are_believed_and_large_ones_are_not() {
        assert!(!removal(0, 100, 100).is_suspicious());
        assert!(!removal(20, 20, 100_000).is_suspicious());
        assert!(!removal(21, 1_000, 100_000).is_suspicious());
        assert!(removal(21, 400, 100_000).is_suspicious());
        assert!(removal(21, 1_000, 2_000).is_suspicious(), "more than one in a hundred of the account");
        assert!(Removal { nothing_at_all: true, ..removal(1, 1, 100_000) }.is_suspicious());
        assert!(Removal { gone_in_run: 1_100, ..removal(1, 1_000, 100_000) }.is_suspicious(), "piece by piece");
    }

    #[test]
    fn a_second_reading_a_day_later_bears_out_what_is_not_large() {
        let span = Span::new(0, 100);
        let earlier = |seen_at| [Earlier { span: Span::new(50, 200), removals: 30, run: 1, seen_at }];
        let small = removal(30, 100, 100_000);
        assert!(is_borne_out(&small, &span, (2, 86_400), &earlier(0), None));
        assert!(!is_borne_out(&small, &span, (2, 86_399), &earlier(0), None), "too early");
        assert!(!is_borne_out(&small, &span, (1, 90_000), &earlier(0), None), "the same run");
        let large = removal(51, 100, 100_000);
        assert!(!is_borne_out(&large, &span, (2, 90_000), &earlier(0), None), "nobody confirmed");
        assert!(is_borne_out(&large, &span, (2, 90_000), &earlier(0), Some(0)));
    }
}
