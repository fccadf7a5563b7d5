//! Being written.

use crate::facts::Rows;

/// Reads a piece.
#[must_use]
pub fn read_account_data(_piece: &[u8]) -> Rows<'_> {
    Rows::default()
}

/// Reads a piece.
#[must_use]
pub fn read_extended(_piece: &[u8]) -> Rows<'_> {
    Rows::default()
}

