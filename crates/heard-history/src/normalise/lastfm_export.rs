//! Being written.

use crate::facts::Rows;

/// Reads a piece.
#[must_use]
pub fn read_pages(_piece: &[u8]) -> Rows<'_> {
    Rows::default()
}

/// Reads a piece.
#[must_use]
pub fn read_lastfmstats(_piece: &[u8]) -> Rows<'_> {
    Rows::default()
}

/// Reads a piece.
#[must_use]
pub fn read_official(_piece: &[u8]) -> Rows<'_> {
    Rows::default()
}

