//! Being written.

use super::layout::Layout;
use crate::facts::Rows;

/// Columns.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Table {}

/// Reads a piece.
#[must_use]
pub fn read<'a>(_layout: &Layout, _piece: &'a [u8]) -> Rows<'a> {
    Rows::default()
}
