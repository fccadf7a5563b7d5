//! The beginning of a file, looked at as a table in every way that it may be one.

use std::cell::OnceCell;

use memchr::memrchr;

use super::records::Records;
use super::{Delimiter, Quoting};

/// What a file shows of itself before it is read.
pub(in crate::normalise) struct Sample<'a> {
    /// The file's name.
    pub(in crate::normalise) name: &'a str,
    /// Its beginning, in whole lines where it was cut off.
    pub(in crate::normalise) head: &'a [u8],
    views: [OnceCell<Vec<Line>>; Delimiter::ALL.len()],
}

/// A record of the sample.
#[derive(Clone, Debug)]
pub(in crate::normalise) struct Line {
    /// Lines of the file up to and with this record.
    pub(in crate::normalise) lines: u32,
    /// Its fields.
    pub(in crate::normalise) cells: Vec<Cell>,
}

/// A field of the sample.
#[derive(Clone, Debug)]
pub(in crate::normalise) struct Cell {
    /// Its text.
    pub(in crate::normalise) text: String,
    /// Whether it stands in quotes.
    pub(in crate::normalise) quoted: bool,
}

impl Line {
    /// A field's text without white space around it; empty where there is no such field.
    pub(in crate::normalise) fn told(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |cell| cell.text.trim())
    }
}

impl<'a> Sample<'a> {
    /// A beginning is as long as this where the file is longer.
    const CUT: usize = 64 * 1024;

    /// The beginning of the file of that name.
    pub(in crate::normalise) fn new(name: &'a str, head: &'a [u8]) -> Self {
        let whole = memrchr(b'\n', head).filter(|_| head.len() >= Self::CUT).map_or(head.len(), |end| end + 1);
        Self { name, head: head.get(..whole).unwrap_or(head), views: Default::default() }
    }

    /// Its records if that is the delimiter.
    pub(in crate::normalise) fn divided(&self, delimiter: Delimiter) -> &[Line] {
        let at = Delimiter::ALL.iter().position(|other| *other == delimiter).unwrap_or_default();
        self.views.get(at).map_or(&[], |view| view.get_or_init(|| self.divide(delimiter, Quoting::Quoted)))
    }

    /// What quotes mean in it. Tabs need none to keep names apart, so that quotes between tabs mean something only
    /// where they do what quotes are for: a header in quotes, a doubled quote, a tab or a line end inside.
    pub(in crate::normalise) fn quoting(&self, delimiter: Delimiter) -> Quoting {
        let needs_quotes = |cell: &Cell| cell.quoted && cell.text.contains(['"', '\t', '\n']);
        let lines = self.divided(delimiter);
        let header = lines.first().is_some_and(|line| line.cells.iter().all(|cell| cell.quoted));
        let proven = header || lines.iter().flat_map(|line| &line.cells).any(needs_quotes);
        if delimiter == Delimiter::Tab && !proven { Quoting::Plain } else { Quoting::Quoted }
    }

    /// Its records as a table with that delimiter and that quoting would be read.
    pub(in crate::normalise) fn divide(&self, delimiter: Delimiter, quoting: Quoting) -> Vec<Line> {
        let mut records = Records::with(self.head, delimiter.byte(), quoting, None);
        let mut lines = Vec::new();
        loop {
            let Some(record) = records.next() else { return lines };
            let cell = |at| Cell { text: record.field(at).into_owned(), quoted: record.is_quoted(at) };
            let cells = (0..record.len()).map(cell).collect();
            lines.push(Line { lines: 0, cells });
            let after = records.line();
            if let Some(line) = lines.last_mut() {
                line.lines = after;
            }
        }
    }

    /// Whether the line before the one with that number (from 1) ends as on Windows.
    pub(in crate::normalise) fn ends_with_return(&self, lines: u32) -> bool {
        let mut ends = memchr::memchr_iter(b'\n', self.head);
        let end = usize::try_from(lines).ok().and_then(|lines| ends.nth(lines.checked_sub(1)?));
        end.and_then(|end| self.head.get(..end)).is_some_and(|line| line.ends_with(b"\r"))
    }
}

/// The number of fields that most of these records have, and whether it is that of at least nine in ten.
pub(in crate::normalise) fn width(lines: &[Line]) -> Option<(usize, bool)> {
    let mut counts = std::collections::BTreeMap::new();
    for line in lines {
        *counts.entry(line.cells.len()).or_insert(0_usize) += 1;
    }
    let (width, most) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    Some((width, most * 10 >= lines.len() * 9))
}
