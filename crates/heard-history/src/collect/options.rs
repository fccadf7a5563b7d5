//! What the user wants of a run.

use super::plan::{FIRST, LAST};
use crate::listen::Span;

/// What to collect, and how.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Only this part of time.
    pub range: Span,
    /// Read everything again, also what is known.
    pub full: bool,
    /// Rows per page, where the user wants another number than the tool chooses.
    pub page_size: Option<u64>,
    /// Believe that plays which the service no longer shows were meant to go, as far as that was seen until now.
    pub confirm_removals: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { range: Span::new(FIRST, LAST), full: false, page_size: None, confirm_removals: false }
    }
}

impl Options {
    pub(super) fn is_everything(&self) -> bool {
        self.range.from <= FIRST && self.range.to >= LAST
    }
}
