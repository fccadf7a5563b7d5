//! The elements of an array of JSON.

use super::fast::{self, is_space};
use super::scanner::{Event, Scanner, Within};
use super::{CutError, Cutter};
use crate::facts::Reason;

/// What stands around the records of a piece.
pub(super) const BRACKETS: [&[u8]; 2] = [b"[", b"]"];

/// How far back a border is still seen when a long stretch is passed over.
const OVERLAP: usize = 4 << 10;

/// What comes behind a piece.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// More elements.
    Elements,
    /// Nothing: the array or the file has ended.
    Nothing,
}

impl<E> Cutter<'_, E> {
    /// Cuts the array at a key, or the arrays that the document consists of: files put one behind the other are read, too.
    pub(super) fn elements(&mut self, key: Option<&str>) -> Result<(), CutError<E>> {
        if !self.find_array(key)? {
            return Ok(());
        }
        self.array()?;
        while key.is_none() && self.begins_another()? {
            self.array()?;
        }
        Ok(())
    }

    /// Passes over white space; the window then begins with something else, unless the file has ended.
    pub(super) fn pass_space(&mut self) -> Result<(), CutError<E>> {
        loop {
            self.fill(1)?;
            let bytes = self.window.bytes();
            let space = bytes.iter().position(|byte| !is_space(*byte));
            if space.is_some() || bytes.is_empty() {
                self.window.discard(space.unwrap_or(0));
                return Ok(());
            }
            self.window.discard(usize::MAX);
            self.fill(self.sizes.piece)?;
        }
    }

    /// Whether another array begins behind the one that has ended; anything else makes one reject.
    fn begins_another(&mut self) -> Result<bool, CutError<E>> {
        self.pass_space()?;
        if self.window.bytes().is_empty() {
            return Ok(false);
        }
        if self.window.bytes().starts_with(b"[") {
            self.window.discard(1);
            return Ok(true);
        }
        self.fill(self.sizes.piece)?;
        self.give(self.shown(usize::MAX), BRACKETS, Some(Reason::Malformed))?;
        Ok(false)
    }

    /// Cuts the elements from here to the array's end.
    fn array(&mut self) -> Result<(), CutError<E>> {
        self.pass_space()?;
        self.fill(self.sizes.piece)?;
        // Records of one file begin alike; a border of records inside a record mostly does not.
        let key = fast::first_key(self.window.bytes()).to_vec();
        while self.piece(&key)? == Behind::Elements {
            self.pass_space()?;
        }
        Ok(())
    }

    /// Gives the next elements, at least one.
    fn piece(&mut self, key: &[u8]) -> Result<Behind, CutError<E>> {
        self.fill(self.sizes.piece)?;
        // The array's end is for the tokeniser to find.
        let goes_on = !self.window.has_ended() || self.window.bytes().len() > self.sizes.piece;
        if goes_on && self.window.offset() >= self.read_until {
            if let Some(border) = fast::last_border(self.block()) {
                self.give(border.end, BRACKETS, None)?;
                self.window.discard(border.next);
                return Ok(Behind::Elements);
            }
            // A block is not searched again and again while little of it is given.
            self.read_until = self.window.offset().saturating_add(self.sizes.piece as u64 / 2);
        }
        self.scan(key)
    }

    /// The bytes that make a piece.
    fn block(&self) -> &[u8] {
        let bytes = self.window.bytes();
        bytes.get(..self.sizes.piece).unwrap_or(bytes)
    }

    /// Gives as many elements as make a piece, by reading them.
    fn scan(&mut self, key: &[u8]) -> Result<Behind, CutError<E>> {
        let mut scanner = Scanner::new(Within::Array);
        let mut whole = None;
        loop {
            match (scanner.next(self.window.bytes()), whole) {
                (Event::Comma(at), None) => whole = Some(at),
                (Event::Comma(at), Some(_)) if at <= self.sizes.piece => whole = Some(at),
                (Event::End(at), None) => return self.give_last(at),
                (Event::End(at), Some(_)) if at <= self.sizes.piece => return self.give_last(at),
                (_, Some(comma)) => return self.give_up_to(comma),
                (Event::Violation(at), None) => return self.broken(at, key),
                (Event::More, None) if self.window.has_ended() => return self.cut_off(&scanner),
                (Event::More, None) => {
                    let length = self.window.bytes().len();
                    if length >= self.sizes.record {
                        return self.too_long(scanner, key);
                    }
                    self.fill(length.saturating_mul(2).clamp(1, self.sizes.record))?;
                }
            }
        }
    }

    /// Gives the elements before a comma.
    fn give_up_to(&mut self, comma: usize) -> Result<Behind, CutError<E>> {
        self.give(self.without_space(comma), BRACKETS, None)?;
        self.window.discard(comma + 1);
        Ok(Behind::Elements)
    }

    /// Gives the elements before the array's end.
    fn give_last(&mut self, end: usize) -> Result<Behind, CutError<E>> {
        let mut length = self.without_space(end);
        // A comma behind the last element, as people leave it.
        if length > 0 && self.window.bytes().get(length - 1) == Some(&b',') {
            length = self.without_space(length - 1);
        }
        if length > 0 {
            self.give(length, BRACKETS, None)?;
        }
        self.window.discard(end + 1);
        Ok(Behind::Nothing)
    }

    /// The file ends within the array.
    fn cut_off(&mut self, scanner: &Scanner) -> Result<Behind, CutError<E>> {
        self.is_cut_off = true;
        let length = self.without_space(usize::MAX);
        if length > 0 {
            self.give(length, BRACKETS, (!scanner.has_whole_value()).then_some(Reason::Truncated))?;
        }
        self.window.discard(usize::MAX);
        Ok(Behind::Nothing)
    }

    /// The window begins with an element that is no JSON from `at` on. It ends at the next border, or with the file.
    fn broken(&mut self, at: usize, key: &[u8]) -> Result<Behind, CutError<E>> {
        let mut from = at;
        loop {
            let bytes = self.window.bytes();
            let length = bytes.len();
            if let Some(border) = fast::border_behind(bytes, from, key) {
                self.give(border.end, BRACKETS, Some(Reason::Malformed))?;
                self.window.discard(border.next);
                return Ok(Behind::Elements);
            }
            if self.window.has_ended() {
                self.give(self.without_space(usize::MAX), BRACKETS, Some(Reason::Malformed))?;
                return Ok(self.lost());
            }
            if length >= self.sizes.record {
                self.give(self.shown(length), BRACKETS, Some(Reason::TooLong))?;
                return self.find_border(from, key);
            }
            from = from.max(length.saturating_sub(OVERLAP));
            self.fill(length.saturating_mul(2).clamp(1, self.sizes.record))?;
        }
    }

    /// The window begins with an element that is longer than a record may be. Passes over it.
    fn too_long(&mut self, mut scanner: Scanner, key: &[u8]) -> Result<Behind, CutError<E>> {
        self.give(self.shown(usize::MAX), BRACKETS, Some(Reason::TooLong))?;
        loop {
            match scanner.next(self.window.bytes()) {
                Event::Comma(at) => {
                    self.window.discard(at + 1);
                    return Ok(Behind::Elements);
                }
                Event::End(at) => {
                    self.window.discard(at + 1);
                    return Ok(Behind::Nothing);
                }
                Event::Violation(at) => return self.find_border(at, key),
                Event::More if self.window.has_ended() => return Ok(self.lost()),
                Event::More => {
                    scanner.moved(self.window.bytes().len());
                    self.window.discard(usize::MAX);
                    self.fill(self.sizes.piece.max(1))?;
                }
            }
        }
    }

    /// Passes over everything up to the next border behind `from`.
    fn find_border(&mut self, mut from: usize, key: &[u8]) -> Result<Behind, CutError<E>> {
        loop {
            let bytes = self.window.bytes();
            if let Some(border) = fast::border_behind(bytes, from, key) {
                self.window.discard(border.next);
                return Ok(Behind::Elements);
            }
            if self.window.has_ended() {
                return Ok(self.lost());
            }
            let gone = bytes.len().saturating_sub(OVERLAP);
            from = from.saturating_sub(gone);
            self.window.discard(gone);
            self.fill(self.sizes.piece.max(2 * OVERLAP))?;
        }
    }

    /// The file has ended, and no element is left in it.
    fn lost(&mut self) -> Behind {
        let length = self.without_space(usize::MAX);
        let last = length.checked_sub(1).and_then(|at| self.window.bytes().get(at));
        self.is_cut_off |= !matches!(last, Some(b']' | b'}'));
        self.window.discard(usize::MAX);
        Behind::Nothing
    }

    /// The length of the window's first `end` bytes without the white space at their end.
    fn without_space(&self, end: usize) -> usize {
        let bytes = self.window.bytes();
        let head = bytes.get(..end).unwrap_or(bytes);
        head.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1)
    }
}
