//! The part of a file that is looked at.

use std::io::{self, Read};

use memchr::memchr_iter;

/// A stretch of a file that moves on.
pub(super) struct Window<'a> {
    source: &'a mut dyn Read,
    bytes: Vec<u8>,
    offset: u64,
    line: u64,
    ended: bool,
    broken_off: bool,
}

impl<'a> Window<'a> {
    pub(super) fn new(source: &'a mut dyn Read) -> Self {
        Self { source, bytes: Vec::new(), offset: 0, line: 1, ended: false, broken_off: false }
    }

    /// What it holds.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
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
        let Some(missing) = length.checked_sub(self.bytes.len()).filter(|_| !self.ended) else { return Ok(()) };
        let wanted = missing as u64;
        self.bytes.reserve(missing.min(1 << 20));
        match (&mut *self.source).take(wanted).read_to_end(&mut self.bytes) {
            Ok(read) => self.ended = (read as u64) < wanted,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => (self.ended, self.broken_off) = (true, true),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Leaves its first bytes behind.
    pub(super) fn discard(&mut self, length: usize) {
        let length = length.min(self.bytes.len());
        let left = self.bytes.get(..length).unwrap_or_default();
        self.line = self.line.saturating_add(memchr_iter(b'\n', left).count() as u64);
        self.offset = self.offset.saturating_add(length as u64);
        self.bytes.drain(..length);
    }
}
