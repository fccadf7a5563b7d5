//! Proof where a service counts an account as a whole and no window of it: ListenBrainz and GNU FM.
//!
//! Such a count tells that something is missing, never where. Listens of any age may come at any time, by an import,
//! so a count that differs is a reason to read everything again; since it may lag behind, once a day at most.

use super::plan::{FIRST, LAST, Wish, stretches};
use super::proof::Counted;
use super::{Begun, CollectError, Collecting, OpenWindow, ROUNDS};
use crate::listen::Span;
use crate::normalise::page::counts_windows;
use crate::store::apply::Applied;
use crate::store::{Covered, StoreError};

/// The count of ListenBrainz is kept for minutes, and what is deleted goes at the full hour: for so long, in seconds,
/// the count may not know of a listen.
const LAG: i64 = 3_600;
/// What was read so recently, in seconds, is not read again for a count's sake.
const LATELY: i64 = 86_400;
const EVERYTHING: Span = Span { from: FIRST, to: LAST };

impl Collecting<'_, '_> {
    /// Whether the service counts any window.
    pub(super) fn counts_windows(&self) -> bool {
        counts_windows(self.fetcher.account().service)
    }

    /// Whether undated plays belong to what was asked for, and the service has any.
    pub(super) fn has_undated(&self) -> bool {
        self.options.is_everything() && self.counts_windows()
    }

    /// Where windows are not counted, what is expected is what the whole has more than is kept.
    pub(super) fn expect_as_a_whole(&self, counted: Option<u64>) -> Result<(), StoreError> {
        if let Some(counted) = counted.filter(|_| !self.counts_windows()) {
            self.fetcher.meter().expect(counted.saturating_sub(self.kept(EVERYTHING)?));
        }
        Ok(())
    }

    /// Whether everything is known, as far as this service lets it be proven.
    pub(super) fn prove_as_a_whole(&mut self, begun: &Begun) -> Result<bool, CollectError> {
        if !self.options.is_everything() {
            return self.prove_by_two_readings(begun);
        }
        let recent = Span::new(begun.now - LAG, LAST);
        // What came while the run was under way, then everything.
        for spans in [Some(vec![recent]), None] {
            let (counted, kept) = self.count_and_kept(begun)?;
            if counted == kept {
                return Ok(true);
            }
            if self.is_suspect()? {
                return Ok(false);
            }
            let spans = match spans {
                Some(spans) => spans,
                None if self.may_lag(counted, kept, recent)? => break,
                None => self.not_read_lately(begun)?,
            };
            let open = self.read(begun.run, &spans)?;
            self.report.open.extend(open);
        }
        let (counted, kept) = self.count_and_kept(begun)?;
        Ok(counted == kept)
    }

    /// Says why nothing is proven where the one count differs from what is shown.
    pub(super) fn tell_of_the_count(&mut self) -> Result<(), CollectError> {
        if self.report.proven || self.counts_windows() || !self.options.is_everything() || self.is_suspect()? {
            return Ok(());
        }
        let kept = self.kept(EVERYTHING)?;
        if let Some(counted) = self.report.service_total.filter(|counted| *counted != kept) {
            let reason = format!("the service counts {counted} listens and shows {kept}; its count may lag behind");
            self.report.open.push(OpenWindow { span: EVERYTHING, reason });
        }
        Ok(())
    }

    fn count_and_kept(&mut self, begun: &Begun) -> Result<(u64, u64), CollectError> {
        let counted = self.count(begun, Counted::All)?;
        self.report.service_total = Some(counted);
        Ok((counted, self.kept(EVERYTHING)?))
    }

    fn kept(&self, span: Span) -> Result<u64, StoreError> {
        self.session.store.rows(self.fetcher.account(), span)
    }

    /// Whether the count differs only by listens of which it may not know yet.
    fn may_lag(&self, counted: u64, kept: u64, recent: Span) -> Result<bool, StoreError> {
        Ok(counted < kept && kept - counted <= self.kept(recent)?)
    }

    fn not_read_lately(&self, begun: &Begun) -> Result<Vec<Span>, StoreError> {
        let known = self.session.store.account(self.fetcher.account())?;
        let lately = |covered: &Covered| covered.run == begun.run || covered.read_at > begun.now - LATELY;
        let coverage =
            known.coverage.iter().copied().filter(lately).map(|covered| Covered { run: begun.run, ..covered });
        let wish = Wish { run: begun.run, now: begun.now, range: EVERYTHING, full: true };
        Ok(stretches(&coverage.collect(), &wish))
    }

    /// A part of time is proven when it is read again and nothing changes.
    fn prove_by_two_readings(&mut self, begun: &Begun) -> Result<bool, CollectError> {
        for _ in 0..ROUNDS {
            let before = self.report.applied;
            let open = self.read(begun.run, &[self.options.range])?;
            let is_read = open.is_empty();
            self.report.open.extend(open);
            let now = self.report.applied;
            let changes = |of: Applied| [of.plays_new, of.renamed, of.gone, of.suspicious];
            if !is_read || self.is_suspect()? {
                return Ok(false);
            }
            if changes(before) == changes(now) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
