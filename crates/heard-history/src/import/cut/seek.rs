//! Where the array with the records begins.

use memchr::memchr2;

use super::elements::BRACKETS;
use super::scanner::{Event, Scanner, Within};
use super::{CutError, Cutter, Piece};
use crate::facts::{LeftOut, Reason};

/// Longest key that is compared; the ones that are looked for are short.
const LONGEST_KEY: usize = 4 << 10;

/// What a member of the root object is.
enum Member {
    /// The array; the window begins behind its bracket.
    Wanted,
    /// Something else, and another member follows.
    Other,
    /// The last one, or none.
    Last,
}

impl<E> Cutter<'_, E> {
    /// Moves behind the bracket of the array at a key of the root object, or of the root itself. Where there is none,
    /// the file makes one reject.
    pub(super) fn find_array(&mut self, key: Option<&str>) -> Result<bool, CutError<E>> {
        self.pass_space()?;
        self.fill(LeftOut::LONGEST.saturating_add(4))?;
        let head = self.window.bytes().get(..self.shown(usize::MAX)).unwrap_or_default().to_vec();
        let opening = if key.is_some() { b'{' } else { b'[' };
        if head.first() == Some(&opening) {
            let begins = (self.window.line(), self.window.offset());
            self.window.discard(1);
            let Some(key) = key else { return Ok(true) };
            return Ok(self.find_member(key)? || self.without_array(&head, begins)?);
        }
        let begins = (self.window.line(), self.window.offset());
        Ok(!head.is_empty() && self.without_array(&head, begins)?)
    }

    /// Tells that there is no array with records.
    fn without_array(&mut self, head: &[u8], (first_line, offset): (u64, u64)) -> Result<bool, CutError<E>> {
        let body = [BRACKETS[0], head, BRACKETS[1]].concat();
        let damage = Some(if self.is_cut_off { Reason::Truncated } else { Reason::Malformed });
        self.pieces += 1;
        (self.each)(Piece { body, first_line, offset, damage }).map_err(CutError::Taker)?;
        Ok(false)
    }

    /// Goes through the members of the root object.
    fn find_member(&mut self, key: &str) -> Result<bool, CutError<E>> {
        loop {
            match self.member(key)? {
                Member::Wanted => return Ok(true),
                Member::Other => {}
                Member::Last => {
                    self.is_cut_off = self.window.bytes().is_empty() && self.window.has_ended();
                    return Ok(false);
                }
            }
        }
    }

    /// Reads one member of the root object. A key with escapes in it is none of those that are looked for.
    fn member(&mut self, key: &str) -> Result<Member, CutError<E>> {
        if !self.passes(b'"')? {
            return Ok(Member::Last);
        }
        self.fill(LONGEST_KEY)?;
        let bytes = self.window.bytes();
        let is_wanted = bytes.strip_prefix(key.as_bytes()).is_some_and(|rest| rest.starts_with(b"\""));
        self.pass_key()?;
        if !self.passes(b':')? {
            return Ok(Member::Last);
        }
        if is_wanted && self.passes(b'[')? {
            return Ok(Member::Wanted);
        }
        self.pass_value()
    }

    /// Passes over white space and this byte, if it is the next one.
    fn passes(&mut self, byte: u8) -> Result<bool, CutError<E>> {
        self.pass_space()?;
        let is_next = self.window.bytes().first() == Some(&byte);
        if is_next {
            self.window.discard(1);
        }
        Ok(is_next)
    }

    /// Passes over the rest of a key and its quote.
    fn pass_key(&mut self) -> Result<(), CutError<E>> {
        loop {
            self.fill(2)?;
            let bytes = self.window.bytes();
            let found = memchr2(b'"', b'\\', bytes).map_or(bytes.len(), |at| at);
            match bytes.get(found) {
                Some(b'"') => {
                    self.window.discard(found + 1);
                    return Ok(());
                }
                Some(_) => {
                    // The escaped byte must be there to be passed over.
                    self.window.discard(found);
                    self.fill(2)?;
                    self.window.discard(2);
                }
                None => self.window.discard(usize::MAX),
            }
            if self.window.has_ended() && self.window.bytes().is_empty() {
                return Ok(());
            }
        }
    }

    /// Passes over the value of a member and the comma behind it.
    fn pass_value(&mut self) -> Result<Member, CutError<E>> {
        let mut scanner = Scanner::new(Within::Object);
        loop {
            match scanner.next(self.window.bytes()) {
                Event::Comma(at) => {
                    self.window.discard(at + 1);
                    return Ok(Member::Other);
                }
                Event::End(_) | Event::Violation(_) => return Ok(Member::Last),
                Event::More => {
                    scanner.moved(self.window.bytes().len());
                    self.window.discard(usize::MAX);
                    if self.window.has_ended() {
                        return Ok(Member::Last);
                    }
                    self.fill(self.sizes.piece.max(1))?;
                }
            }
        }
    }
}
