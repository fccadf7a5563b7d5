//! Where a table may be cut: between two records, as the reader of tables itself divides them.

use memchr::{memchr, memchr_iter, memrchr_iter};

use super::layout::Layout;
use super::table::records::Records;
use super::table::{Quoting, Table};

/// More lines than the reader takes one record to span.
const SPANNED: usize = 128;

/// The length of the records at the beginning of a text that are the same whatever follows the text. `is_all` says that
/// nothing follows: then it is the whole length.
///
/// The text must begin with a record. The reader looks a bounded number of lines ahead to see whether a quote is closed,
/// so it may take as many lines more until the first record is settled; the length is 0 until then.
#[must_use]
pub fn whole_records(layout: &Layout, text: &[u8], is_all: bool) -> usize {
    if is_all { text.len() } else { end_of_calm(layout.table.as_ref(), text).unwrap_or_else(|| settled(layout, text)) }
}

/// The end of the last line, if that many lines before it leave no quote open.
///
/// Then it is a border whatever stands before them: a record that began earlier ends at the end of one of these lines,
/// since it does not span all of them, and from there on each line is a record.
fn end_of_calm(table: Option<&Table>, text: &[u8]) -> Option<usize> {
    let mut ends = memrchr_iter(b'\n', text);
    let last = ends.next()?;
    let mut end = last;
    for _ in 0..SPANNED {
        let before = ends.next()?;
        if !closes_quotes(table, text.get(before + 1..end)?) {
            return None;
        }
        end = before;
    }
    Some(last + 1)
}

/// Whether no quoted field goes on behind the line, if a record begins with it.
fn closes_quotes(table: Option<&Table>, line: &[u8]) -> bool {
    let Some(table) = table.filter(|table| table.quoting == Quoting::Quoted) else { return true };
    let mut rest = line;
    loop {
        if let Some(mut quoted) = rest.strip_prefix(b"\"") {
            loop {
                let Some(behind) = memchr(b'"', quoted).and_then(|quote| quoted.get(quote + 1..)) else { return false };
                rest = behind;
                match behind.strip_prefix(b"\"") {
                    Some(behind) => quoted = behind,
                    None => break,
                }
            }
        }
        let delimiter = memchr(table.delimiter.byte(), rest);
        let Some(next) = delimiter.and_then(|at| rest.get(at + 1..)) else { return true };
        rest = next;
    }
}

/// The end of the last record that has enough lines behind its first one.
fn settled(layout: &Layout, text: &[u8]) -> usize {
    let lines = memchr_iter(b'\n', text).count();
    let mut ends = memchr_iter(b'\n', text);
    let mut records = Records::new(layout.table.as_ref(), text);
    let (mut passed, mut length) = (0, 0);
    while let Some(begins) = records.next().map(|record| record.line as usize) {
        if begins + SPANNED > lines {
            break;
        }
        let line = records.line() as usize;
        if let Some(end) = line.checked_sub(passed + 1).and_then(|between| ends.nth(between)) {
            (passed, length) = (line, end + 1);
        }
    }
    length
}
