//! Where a table may be cut: between two records, as the reader of tables itself divides them.

use memchr::memchr_iter;

use super::layout::Layout;
use super::table::records::Records;

/// More lines than the reader takes one record to span.
pub const SPANNED: usize = 128;

/// The length of the records at the beginning of a text that are the same whatever follows the text. `is_all` says that
/// nothing follows: then it is the whole length.
///
/// The text must begin with a record. The reader looks a bounded number of lines ahead to see whether a quote is closed,
/// so the records with [`SPANNED`] lines behind their first one are settled.
#[must_use]
pub fn whole_records(layout: &Layout, text: &[u8], is_all: bool) -> usize {
    if is_all {
        return text.len();
    }
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
