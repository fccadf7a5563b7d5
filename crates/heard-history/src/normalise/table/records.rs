//! A piece of a table record by record. What is damaged costs the lines it stands on, never the ones behind it.

use std::borrow::Cow;
use std::str;

use memchr::{memchr, memchr_iter};

use super::{Quoting, Table};
use crate::facts::{Reason, Why};

/// Lines that one record may span: no name has more. It also bounds what a lone quote can make us look at.
const MOST_LINES: usize = 64;

/// Where a field stands in its record.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: usize,
    to: usize,
    quoted: bool,
    /// Whether doubled quotes stand for single ones.
    doubled: bool,
}

/// The records of a piece.
pub(in crate::normalise) struct Records<'a> {
    rest: &'a [u8],
    line: u32,
    delimiter: u8,
    quoting: Quoting,
    /// Fields of a sound record; `None` while that is not known.
    columns: Option<usize>,
    spans: Vec<Span>,
}

/// One record.
pub(in crate::normalise) struct Record<'a, 'r> {
    /// The line on which it begins, from 0.
    pub(in crate::normalise) line: u32,
    /// The record as it stands, without its line end.
    pub(in crate::normalise) raw: &'a [u8],
    /// The same as text; `None` when it is none, or holds a NUL.
    text: Option<&'a str>,
    spans: &'r [Span],
}

impl<'a> Record<'a, '_> {
    /// How many fields it has.
    pub(in crate::normalise) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether it is text.
    ///
    /// # Errors
    /// It is none, or holds a NUL.
    pub(in crate::normalise) fn check_text(&self) -> Result<(), Why> {
        match self.text {
            Some(_) => Ok(()),
            None if str::from_utf8(self.raw).is_ok() => Err(Why::Reject(Reason::Nul)),
            None => Err(Why::Reject(Reason::NotUtf8)),
        }
    }

    /// Whether it has so many fields, or more of which the others are empty.
    pub(in crate::normalise) fn has(&self, columns: usize) -> bool {
        fits(self.spans, columns)
    }

    /// A field's text; empty where there is no such field.
    pub(in crate::normalise) fn field(&self, at: usize) -> Cow<'a, str> {
        let text = |span: &Span| self.text.and_then(|text| text.get(span.from..span.to));
        match self.spans.get(at).map(|span| (text(span), span.doubled)) {
            Some((Some(text), true)) => Cow::Owned(text.replace("\"\"", "\"")),
            Some((Some(text), false)) => Cow::Borrowed(text),
            _ => Cow::Borrowed(""),
        }
    }

    /// Whether a field stands in quotes.
    pub(in crate::normalise) fn is_quoted(&self, at: usize) -> bool {
        self.spans.get(at).is_some_and(|span| span.quoted)
    }
}

fn fits(spans: &[Span], columns: usize) -> bool {
    spans.get(columns..).is_some_and(|more| more.iter().all(|span| span.from == span.to))
}

impl<'a> Records<'a> {
    /// The records of a piece of that table; without a table every line is a record of one field.
    pub(in crate::normalise) fn new(table: Option<&Table>, piece: &'a [u8]) -> Self {
        let delimiter = table.map_or(b'\n', |table| table.delimiter.byte());
        let quoting = table.map_or(Quoting::Plain, |table| table.quoting);
        Self::with(piece, delimiter, quoting, table.map(|table| table.columns.len()))
    }

    /// The lines of a text, divided at tabs.
    pub(in crate::normalise) fn lines(piece: &'a [u8]) -> Self {
        Self::with(piece, b'\t', Quoting::Plain, None)
    }

    /// The records of a table whose columns are not known yet.
    pub(in crate::normalise) fn with(piece: &'a [u8], delimiter: u8, quoting: Quoting, columns: Option<usize>) -> Self {
        Self { rest: piece, line: 0, delimiter, quoting, columns, spans: Vec::new() }
    }

    /// The line after the record that was given last.
    pub(in crate::normalise) fn line(&self) -> u32 {
        self.line
    }

    /// The next record. Lines without anything on them are none.
    pub(in crate::normalise) fn next(&mut self) -> Option<Record<'a, '_>> {
        let line = loop {
            let line = self.first_line()?;
            if !line.is_empty() {
                break line;
            }
            self.go_over(line.len());
        };
        let begins = self.line;
        let length = self.divide(line);
        let raw = self.rest.get(..length).unwrap_or_default();
        self.go_over(length);
        let text = memchr(0, raw).is_none().then(|| str::from_utf8(raw).ok()).flatten();
        Some(Record { line: begins, raw, text, spans: &self.spans })
    }

    /// The line at which the rest begins, without its end.
    fn first_line(&self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        Some(without_return(memchr(b'\n', self.rest).map_or(self.rest, |end| self.rest.split_at(end).0)))
    }

    /// Goes over a record of that length and its line end.
    fn go_over(&mut self, length: usize) {
        let (record, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, b""));
        let rest = rest.strip_prefix(b"\r").filter(|rest| rest.is_empty() || rest.starts_with(b"\n")).unwrap_or(rest);
        let inside = memchr_iter(b'\n', record).count() + usize::from(rest.starts_with(b"\n"));
        self.line = self.line.saturating_add(u32::try_from(inside).unwrap_or(u32::MAX));
        self.rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }

    /// Divides the record that begins with that line into fields; its length.
    fn divide(&mut self, line: &'a [u8]) -> usize {
        if self.quoting == Quoting::Plain || memchr(b'"', line).is_none() {
            plain(line, self.delimiter, &mut self.spans);
            return line.len();
        }
        let mut end = strict(line, self.delimiter, &mut self.spans);
        if end == End::Open {
            end = strict(several_lines(self.rest), self.delimiter, &mut self.spans);
        }
        match end {
            End::At(length) if self.is_sound() => return length,
            // A record of one line with another number of fields may have been meant otherwise; one of several lines
            // more likely lost a quote.
            End::At(_) | End::Open | End::Broken => {}
        }
        half_quoted(line, self.delimiter, &mut self.spans);
        if !self.is_sound() {
            plain(line, self.delimiter, &mut self.spans);
        }
        line.len()
    }

    fn is_sound(&self) -> bool {
        self.columns.is_none_or(|columns| fits(&self.spans, columns))
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// As much of a text as one record may be.
fn several_lines(text: &[u8]) -> &[u8] {
    let end = memchr_iter(b'\n', text).nth(MOST_LINES - 1).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// How a record ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Here.
    At(usize),
    /// Its last quote was not closed.
    Open,
    /// Something stands behind a closing quote.
    Broken,
}

/// Divides at every delimiter.
fn plain(line: &[u8], delimiter: u8, spans: &mut Vec<Span>) {
    spans.clear();
    let mut from = 0;
    for to in memchr_iter(delimiter, line).chain([line.len()]) {
        spans.push(Span { from, to, quoted: false, doubled: false });
        from = to + 1;
    }
}

/// Divides the first record of a text as RFC 4180 says. A quote inside an unquoted field is a part of it.
fn strict(text: &[u8], delimiter: u8, spans: &mut Vec<Span>) -> End {
    spans.clear();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let end = if rest.first() == Some(&b'"') {
            let Some((length, doubled)) = quoted(rest) else { return End::Open };
            spans.push(Span { from: at + 1, to: at + length - 1, quoted: true, doubled });
            at + length
        } else {
            let length = memchr::memchr2(delimiter, b'\n', rest).unwrap_or(rest.len());
            let field = rest.get(..length).unwrap_or_default();
            let ends_line = rest.get(length) != Some(&delimiter);
            let kept = if ends_line { without_return(field).len() } else { length };
            spans.push(Span { from: at, to: at + kept, quoted: false, doubled: false });
            at + kept
        };
        match text.get(end..).unwrap_or_default() {
            [next, ..] if *next == delimiter => at = end + 1,
            [] | [b'\r'] | [b'\n', ..] | [b'\r', b'\n', ..] => return End::At(end),
            _ => return End::Broken,
        }
    }
}

/// The length of the quoted field at the beginning of a text, and whether quotes in it are doubled.
fn quoted(text: &[u8]) -> Option<(usize, bool)> {
    let (mut at, mut doubled) = (1, false);
    loop {
        at += memchr(b'"', text.get(at..)?)? + 1;
        if text.get(at) != Some(&b'"') {
            return Some((at, doubled));
        }
        doubled = true;
        at += 1;
    }
}

/// Divides a line of which a writer put fields in quotes without regard to quotes in them: a quote ends a field only
/// before a delimiter or the line's end.
fn half_quoted(line: &[u8], delimiter: u8, spans: &mut Vec<Span>) {
    spans.clear();
    let mut at = 0;
    loop {
        let rest = line.get(at..).unwrap_or_default();
        let closing = |quote: &usize| *quote > 0 && rest.get(quote + 1).is_none_or(|next| *next == delimiter);
        let quote = rest.starts_with(b"\"").then(|| memchr_iter(b'"', rest).find(closing)).flatten();
        let end = match quote {
            Some(quote) => {
                let inside = rest.get(1..quote).unwrap_or_default();
                let doubled = memchr::memmem::find(inside, b"\"\"").is_some();
                spans.push(Span { from: at + 1, to: at + quote, quoted: true, doubled });
                at + quote + 1
            }
            None => {
                let length = memchr(delimiter, rest).unwrap_or(rest.len());
                spans.push(Span { from: at, to: at + length, quoted: false, doubled: false });
                at + length
            }
        };
        if end >= line.len() {
            return;
        }
        at = end + 1;
    }
}
