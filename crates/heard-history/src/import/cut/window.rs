//! The part of a file that is looked at.

use std::io::{self, Read};

use memchr::memchr_iter;

/// So much is read beyond what is wanted, at most: then bytes that were left behind are moved out of the way seldom,
/// however small the steps.
const AHEAD: usize = 1 << 20;

/// A stretch of a file that moves on.
pub(super) struct Window<'a> {
    source: &'a mut dyn Read,
    buffer: Vec<u8>,
    /// Bytes of the buffer that were left behind.
    left: usize,
    offset: u64,
    line: u64,
    ended: bool,
    broken_off: bool,
}

impl<'a> Window<'a> {
    pub(super) fn new(source: &'a mut dyn Read) -> Self {
        Self { source, buffer: Vec::new(), left: 0, offset: 0, line: 1, ended: false, broken_off: false }
    }

    /// What it holds.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.left..).unwrap_or_default()
    }

    /// Where in the file it begins.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The line on which it begins, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Whether the file ends where it ends.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether the file's container broke off.
    pub(super) fn was_broken_off(&self) -> bool {
        self.broken_off
    }

    /// Reads on until it holds so many bytes or the file has ended.
    pub(super) fn fill(&mut self, length: usize) -> io::Result<()> {
        if self.ended || self.bytes().len() >= length {
            return Ok(());
        }
        self.buffer.drain(..self.left);
        self.left = 0;
        let wanted = length.saturating_add(length.min(AHEAD)) - self.buffer.len();
        self.buffer.reserve(wanted.min(2 * AHEAD));
        let wanted = wanted as u64;
        match (&mut *self.source).take(wanted).read_to_end(&mut self.buffer) {
            Ok(read) => self.ended = (read as u64) < wanted,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => (self.ended, self.broken_off) = (true, true),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Leaves its first bytes behind.
    pub(super) fn discard(&mut self, length: usize) {
        let length = length.min(self.bytes().len());
        let left = self.bytes().get(..length).unwrap_or_default();
        self.line = self.line.saturating_add(memchr_iter(b'\n', left).count() as u64);
        self.offset = self.offset.saturating_add(length as u64);
        self.left += length;
    }
}
