//! The end of the last whole record of a block, without reading the block.
//!
//! Records that are objects are divided by `},{"key"`. Such a place is looked for from the block's end, and taken when it
//! is sure to be a border between two elements of the array:
//!
//! *It is no text.* Let the place be `}` `,` `{` `"` and a letter, with nothing but white space between them. If its `}`
//! were inside a string, the string would end at its `"`: no quote stands before that, and what stands before the quote is
//! `{` or white space and not a backslash, so the quote is not escaped. But behind a string JSON has white space, `,`,
//! `:`, `]`, `}` or its end, and never a letter. So the `}` is outside of all strings, and so is everything up to the `"`.
//!
//! *It is no deeper.* `},{` occurs only directly inside an array. The block begins between two elements of the array that
//! is cut, and if no array begins in the block before the place, then no other one is open there. A bracket that begins
//! an array stands behind `:`, `,` or `[` (in files put together by hand, `]`). Where one stands so, in a text or not, the
//! block is left to the tokeniser.
//!
//! In a file that is not JSON both may fail; then a record is divided in a wrong place, inside of one piece or across two,
//! and both parts are rejected.

use memchr::{memchr_iter, memrchr};

/// A border between two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Border {
    /// One past the `}` of the record before it.
    pub(super) end: usize,
    /// The `{` of the record behind it.
    pub(super) next: usize,
}

/// The last border in a block that begins with a record, if it can be told without reading the block.
pub(super) fn last_border(block: &[u8]) -> Option<Border> {
    let mut end = block.len();
    while let Some(brace) = block.get(..end).and_then(|head| memrchr(b'{', head)) {
        if let Some(border) = border_at(block, brace) {
            return Some(border).filter(|border| !may_begin_array(block.get(..border.end).unwrap_or_default()));
        }
        end = brace;
    }
    None
}

/// The first border whose key begins behind `from`, and begins like `key`. What stands before it may be an array, too:
/// one that is nested too deep ends like this, and nothing else may end with it.
pub(super) fn border_behind(block: &[u8], from: usize, key: &[u8]) -> Option<Border> {
    // The key of a border whose brace stands earlier may still begin behind it.
    let first = before(block, from).and_then(|quote| before(block, quote)).unwrap_or(0);
    memchr_iter(b'{', block.get(first..)?)
        .filter_map(|found| border_behind_any(block, first + found))
        .find(|border| key_at(block, border.next).is_some_and(|at| at >= from && starts_with(block, at, key)))
}

/// The first bytes of the first key of the object at the beginning of a block, with the quote behind it; empty if that is
/// not how it begins.
pub(super) fn first_key(block: &[u8]) -> &[u8] {
    let Some(rest) = key_at(block, 0).and_then(|at| block.get(at..)) else { return b"" };
    let length = rest.iter().take(64).position(|byte| *byte == b'"').map_or(0, |quote| quote + 1);
    rest.get(..length).unwrap_or_default()
}

fn starts_with(block: &[u8], at: usize, key: &[u8]) -> bool {
    block.get(at..).is_some_and(|rest| rest.starts_with(key))
}

/// The border whose second brace stands at `brace`.
fn border_at(block: &[u8], brace: usize) -> Option<Border> {
    border_behind_any(block, brace).filter(|border| block.get(border.end - 1) == Some(&b'}'))
}

/// The border behind an object or an array whose brace stands at `brace`.
fn border_behind_any(block: &[u8], brace: usize) -> Option<Border> {
    key_at(block, brace)?;
    let comma = before(block, brace).filter(|at| block.get(*at) == Some(&b','))?;
    let close = before(block, comma).filter(|at| matches!(block.get(*at), Some(b'}' | b']')))?;
    Some(Border { end: close + 1, next: brace })
}

/// Where the letter of the first key stands in an object that begins at `brace`.
fn key_at(block: &[u8], brace: usize) -> Option<usize> {
    if block.get(brace) != Some(&b'{') {
        return None;
    }
    let rest = block.get(brace + 1..)?;
    let quote = brace + 1 + rest.iter().position(|byte| !is_space(*byte))?;
    let is_key = block.get(quote) == Some(&b'"');
    let letter = block.get(quote + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    (is_key && letter).then_some(quote + 1)
}

/// The last byte before `at` that is no white space.
fn before(block: &[u8], at: usize) -> Option<usize> {
    block.get(..at)?.iter().rposition(|byte| !is_space(*byte))
}

/// Whether a bracket stands where one that begins an array might.
fn may_begin_array(block: &[u8]) -> bool {
    memchr_iter(b'[', block).any(|bracket| match before(block, bracket).and_then(|at| block.get(at)) {
        Some(b':' | b',' | b'[') | None => true,
        Some(b']') => block.get(bracket + 1..).is_some_and(|rest| {
            rest.iter().find(|byte| !is_space(**byte)).is_none_or(|next| matches!(next, b'{' | b'['))
        }),
        Some(_) => false,
    })
}

/// White space of JSON.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
