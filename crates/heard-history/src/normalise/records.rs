//! From a piece of JSON to its records, one after the other.
//!
//! A record is parsed straight into the few fields that its format reads, borrowing from the piece. Only one that cannot
//! be parsed is looked for a second time, to find where it ends: then it alone is left out, and those around it are
//! kept. What a reader does not read it does not judge: an unknown field may hold anything, however deep. A field that
//! it reads and that is there twice makes a record malformed, since nobody can say which of the two is meant.

use std::ops::Range;

use memchr::{memchr, memchr_iter};
use serde::Deserialize;
use serde_json::Deserializer;
use serde_json::de::Read;

use crate::facts::{LeftOut, Play, Reason, Rows, Why};

/// What a record tells.
pub(super) type Told<'a> = Result<Play<'a>, Why>;

/// Reads the elements of a JSON array; without brackets, the objects of the piece.
pub(super) fn elements<'a, R: Deserialize<'a>>(piece: &'a [u8], tell: impl Fn(R) -> Told<'a>) -> Rows<'a> {
    let range = content(piece);
    let mut records = Records::new(piece, range.end);
    let is_array = piece.get(..range.start) == Some(b"[") && piece.get(range.end..) == Some(b"]");
    records.all(range, &mut |records, range| records.record(range, &tell));
    // Of text in fields that nobody reads, parsing does not say that it is text.
    records.rows.is_json = is_array && records.is_list && records.text.is_some();
    records.rows
}

/// Reads lines of JSON. Blank lines are no records.
pub(super) fn lines<'a, R: Deserialize<'a>>(piece: &'a [u8], tell: impl Fn(R) -> Told<'a>) -> Rows<'a> {
    let mut records = Records::new(piece, piece.len());
    let mut start = 0;
    while start < piece.len() {
        let end = memchr(b'\n', piece.get(start..).unwrap_or_default()).map_or(piece.len(), |length| start + length);
        records.all(start..end, &mut |records, range| records.record(range, &tell));
        start = end + 1;
    }
    records.rows
}

/// Reads either, as the first byte tells.
pub(super) fn elements_or_lines<'a, R: Deserialize<'a>>(piece: &'a [u8], tell: impl Fn(R) -> Told<'a>) -> Rows<'a> {
    if piece.trim_ascii_start().starts_with(b"[") { elements(piece, tell) } else { lines(piece, tell) }
}

/// The part of a piece between its brackets; all of it where there are none.
pub(super) fn content(piece: &[u8]) -> Range<usize> {
    let blanks = piece.len() - piece.trim_ascii_start().len();
    let end = piece.trim_ascii_end().len();
    if piece.get(blanks) != Some(&b'[') {
        return blanks..end.max(blanks);
    }
    let closed = end > blanks + 1 && piece.get(end - 1) == Some(&b']');
    blanks + 1..if closed { end - 1 } else { end }
}

/// A piece while it is read.
pub(super) struct Records<'a> {
    piece: &'a [u8],
    /// The piece, where all of it is UTF-8: then no text in it need be checked again.
    text: Option<&'a str>,
    /// What was read so far.
    pub(super) rows: Rows<'a>,
    /// Where the piece ends; without the bracket around its records.
    end: usize,
    /// The first key of the last record that has one. Services write keys in one order, so that it tells where the
    /// next record begins.
    first_key: Option<&'a [u8]>,
    /// Whether it was looked for in vain.
    is_keyless: bool,
    /// Whether everything read so far was records of JSON, with a comma between every two of them.
    is_list: bool,
    /// How many bytes were read of records that could not be parsed, some of them more than once.
    in_vain: usize,
    /// How many line ends there are before a place.
    counted: (usize, u32),
}

/// How many times its own length may be read of a piece in vain. Records that cannot be parsed are read once as a rule;
/// but a piece can be made such that each is read to the end of all. Then the rest of it is one record.
const MOST_IN_VAIN: usize = 8;

/// Where a record that cannot be parsed ends.
struct Extent {
    end: usize,
    /// Whether its brackets and quotes are closed there.
    closed: bool,
}

impl<'a> Records<'a> {
    /// Nothing of the piece is read yet. Whoever cut the file put the brackets around the piece, so a record that runs
    /// into its end was cut off.
    pub(super) fn new(piece: &'a [u8], end: usize) -> Self {
        Self {
            piece,
            text: std::str::from_utf8(piece).ok(),
            rows: Rows::default(),
            end,
            first_key: None,
            is_keyless: false,
            is_list: true,
            in_vain: 0,
            counted: (0, 0),
        }
    }

    /// Shows `read` each object of a range; it says where the object ends. What it cannot read is left out. A bracket
    /// that closes a list which never began is passed over.
    pub(super) fn all(&mut self, range: Range<usize>, read: &mut impl FnMut(&mut Self, Range<usize>) -> Option<usize>) {
        let Range { start: mut at, end } = range;
        while at < end {
            at = self.list(at..end, read) + 1;
        }
    }

    /// The same up to the bracket that closes the list; where it stands, or the end of the range.
    pub(super) fn list(
        &mut self,
        range: Range<usize>,
        read: &mut impl FnMut(&mut Self, Range<usize>) -> Option<usize>,
    ) -> usize {
        let Range { start: mut at, end } = range;
        let mut commas = 0;
        while let Some(found) = self.next_record(at..end) {
            self.is_list &= is_between(self.bytes(at..found), commas);
            commas = 1;
            let next = match self.piece.get(found) {
                Some(b']') => {
                    self.is_list = false;
                    return found;
                }
                Some(b'{') => read(self, found..end),
                _ => None,
            };
            self.is_list &= next.is_some();
            at = next.unwrap_or_else(|| self.leave_damaged(found..end));
        }
        self.is_list &= is_between(self.bytes(at..end), 0);
        end
    }

    /// Reads one record at the beginning of a range into a row; where it ends.
    pub(super) fn record<R: Deserialize<'a>>(
        &mut self,
        range: Range<usize>,
        tell: &impl Fn(R) -> Told<'a>,
    ) -> Option<usize> {
        let start = range.start;
        let (record, end) = self.parse(range)?;
        match tell(record) {
            Ok(play) => {
                self.rows.plays.push(Play { row: self.rows.count, ..play });
                self.rows.count = self.rows.count.saturating_add(1);
            }
            Err(why) => self.leave_out(start..end, why),
        }
        Some(end)
    }

    /// Parses the value at the beginning of a range; where it ends.
    pub(super) fn parse<R: Deserialize<'a>>(&mut self, range: Range<usize>) -> Option<(R, usize)> {
        let start = range.start;
        let read = match self.text {
            Some(text) => first(Deserializer::from_str(text.get(range.clone())?)),
            None => first(Deserializer::from_slice(self.bytes(range.clone()))),
        };
        match read {
            Ok((value, length)) => Some((value, start + length)),
            Err(error) => {
                let reached = error.map_or(0, |error| reach(self.bytes(range), &error));
                self.in_vain = self.in_vain.saturating_add(reached);
                None
            }
        }
    }

    /// The bytes of a range.
    pub(super) fn bytes(&self, range: Range<usize>) -> &'a [u8] {
        self.piece.get(range).unwrap_or_default()
    }

    /// The range of a value that was parsed out of the piece.
    pub(super) fn range_of(&self, value: &str) -> Range<usize> {
        let start = value.as_ptr().addr().saturating_sub(self.piece.as_ptr().addr());
        start..start + value.len()
    }

    /// Leaves out the record at a range, for a reason.
    pub(super) fn leave_out(&mut self, range: Range<usize>, why: Why) {
        let record = self.bytes(range.clone());
        let line = self.line(range.start);
        let text = shown(record.trim_ascii_end());
        self.rows.left_out.push(LeftOut { row: self.rows.count, line, why, text });
        self.rows.count = self.rows.count.saturating_add(1);
    }

    /// Leaves out what begins a range and cannot be parsed; where the next record may begin.
    fn leave_damaged(&mut self, range: Range<usize>) -> usize {
        let start = range.start;
        let extent = self.extent(range);
        let record = self.bytes(start..extent.end);
        let reason = if !extent.closed && extent.end == self.end { Reason::Truncated } else { fault(record) };
        let end = record.trim_ascii_end();
        self.leave_out(start..start + end.strip_suffix(b",").unwrap_or(end).len(), Why::Reject(reason));
        extent.end
    }

    /// The end of what begins a range and cannot be parsed. It goes to the comma behind it; but not beyond what looks
    /// like the beginning of the next record, since a lost quote or bracket would swallow all others.
    pub(super) fn end_of(&mut self, range: Range<usize>) -> usize {
        self.extent(range).end
    }

    fn extent(&mut self, range: Range<usize>) -> Extent {
        let bytes = self.piece.get(..range.end).unwrap_or_default();
        self.learn_key(bytes.get(range.start..).unwrap_or_default());
        let (mut at, mut depth, mut inside) = (range.start, 0_usize, false);
        while let Some(&byte) = bytes.get(at) {
            if at > range.start && byte == b'{' && self.begins_record(bytes, at, depth == 0 && !inside) {
                return Extent { end: at, closed: false };
            }
            match byte {
                b'\\' if inside => at += 1,
                b'"' => inside = !inside,
                _ if inside => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth > 0 => depth -= 1,
                b',' | b']' if depth == 0 => return Extent { end: at, closed: true },
                _ => {}
            }
            at += 1;
        }
        Extent { end: bytes.len(), closed: depth == 0 && !inside }
    }

    /// Learns the first key from a record that cannot be parsed; or else, if none is known, from the one behind it.
    fn learn_key(&mut self, rest: &'a [u8]) {
        let own = first_key(rest);
        if own.is_none() && self.first_key.is_none() && !self.is_keyless {
            let behind_comma = memchr_iter(b'{', rest).filter_map(|at| {
                let (before, behind) = rest.split_at_checked(at)?;
                before.trim_ascii_end().ends_with(b",").then_some(behind)
            });
            self.first_key =
                behind_comma.take(MOST_SOUGHT).find_map(|rest| first_key(rest).filter(|_| is_outermost(rest)));
            self.is_keyless = self.first_key.is_none();
        }
        self.first_key = own.or(self.first_key);
    }

    /// Whether the brace at a place looks like the beginning of a record. Between records it always does. Elsewhere a
    /// comma stands before it and the first key behind it: within a text the quote of the key would be escaped.
    fn begins_record(&self, bytes: &[u8], at: usize, between: bool) -> bool {
        if between {
            return true;
        }
        let (before, behind) = bytes.split_at_checked(at).unwrap_or_default();
        self.in_vain / MOST_IN_VAIN <= self.piece.len()
            && self.first_key.is_some_and(|key| first_key(behind) == Some(key))
            && before.trim_ascii_end().ends_with(b",")
    }

    /// Where the next record of a range begins, if one does.
    fn next_record(&self, range: Range<usize>) -> Option<usize> {
        let rest = self.piece.get(range.clone())?;
        let skipped = rest.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b',')?;
        Some(range.start + skipped)
    }

    /// The line on which a place is. Places are asked for in rising order.
    fn line(&mut self, at: usize) -> u32 {
        let (from, lines) = self.counted;
        let more = memchr_iter(b'\n', self.piece.get(from..at).unwrap_or_default()).count();
        self.counted = (at.max(from), lines.saturating_add(u32::try_from(more).unwrap_or(u32::MAX)));
        self.counted.1
    }
}

/// Whether that many commas stand here and otherwise only white space, as JSON has it.
fn is_between(text: &[u8], commas: usize) -> bool {
    let is_allowed = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',');
    text.iter().all(is_allowed) && memchr_iter(b',', text).count() == commas
}

fn first<'a, R: Deserialize<'a>>(from: Deserializer<impl Read<'a>>) -> Result<(R, usize), Option<serde_json::Error>> {
    let mut values = from.into_iter();
    let value = values.next().ok_or(None)?.map_err(Some)?;
    Ok((value, values.byte_offset()))
}

/// How many bytes were read before an error, which knows its line and column from 1.
fn reach(text: &[u8], error: &serde_json::Error) -> usize {
    let before = error.line().checked_sub(2);
    let line = before.map_or(0, |lines| memchr_iter(b'\n', text).nth(lines).map_or(text.len(), |at| at + 1));
    line.saturating_add(error.column())
}

/// The first key of an object, as it is written, if its text begins with one.
fn first_key(object: &[u8]) -> Option<&[u8]> {
    let key = object.strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"")?;
    let (key, behind) = key.split_at_checked(memchr(b'"', key.get(..LONGEST_KEY.min(key.len()))?)?)?;
    behind.strip_prefix(b"\"")?.trim_ascii_start().starts_with(b":").then_some(key)
}

/// How many objects are looked at to find one that is a record and not part of one.
const MOST_SOUGHT: usize = 64;

/// Whether no bracket is closed in a text that was not opened in it.
fn is_outermost(text: &[u8]) -> bool {
    let (mut depth, mut inside, mut escaped) = (0_usize, false, false);
    text.iter().all(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = inside,
            b'"' => inside = !inside,
            b'{' | b'[' if !inside => depth += 1,
            b'}' | b']' if !inside && depth == 0 => return false,
            b'}' | b']' if !inside => depth -= 1,
            _ => {}
        }
        true
    })
}

/// No service has a longer key; behind it a quote is not the end of one.
const LONGEST_KEY: usize = 64;

/// What is wrong with a record that cannot be parsed: with its text, if it is none, or with its form.
fn fault(record: &[u8]) -> Reason {
    match std::str::from_utf8(record) {
        Ok(text) if text.contains('\0') => Reason::Nul,
        Ok(text) if !has_lone_surrogate(text) => Reason::Malformed,
        _ => Reason::NotUtf8,
    }
}

/// Whether an escape names one half of a character without the other (RFC 8259, section 8.2).
fn has_lone_surrogate(text: &str) -> bool {
    let unit = |escape: &str| u16::from_str_radix(escape.get(..4)?, 16).ok();
    let mut high = false;
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        if high && !plain.is_empty() {
            return true;
        }
        let low = escape.strip_prefix('u').and_then(unit);
        match low {
            Some(0xDC00..=0xDFFF) if !high => return true,
            Some(0xDC00..=0xDFFF) => high = false,
            _ if high => return true,
            Some(0xD800..=0xDBFF) => high = true,
            _ => {}
        }
        // A character behind the backslash belongs to it, whatever it is.
        let mut behind = escape.chars();
        behind.next();
        rest = if low.is_some() { escape.get(5..).unwrap_or_default() } else { behind.as_str() };
    }
    high
}

/// A record as it is kept for people to look at: its beginning, with bytes that are no text as `\xNN`.
pub(super) fn shown(record: &[u8]) -> String {
    let kept = record.get(..LeftOut::LONGEST).unwrap_or(record);
    let mut text = String::with_capacity(kept.len());
    let mut left = kept.len();
    for chunk in kept.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\0', "\\x00"));
        left -= chunk.valid().len() + chunk.invalid().len();
        // At the end, it is the bound that cut a character.
        if left > 0 || kept.len() == record.len() {
            text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
        }
    }
    text.truncate(text.floor_char_boundary(LeftOut::LONGEST));
    text
}
