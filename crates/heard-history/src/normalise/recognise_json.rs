//! Being written.

use super::layout::{Hints, Layout};

/// Recognises.
#[must_use]
pub fn recognise(_name: &str, _head: &[u8], _hints: &Hints) -> Option<Result<Layout, String>> {
    None
}
