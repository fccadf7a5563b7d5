//! The part of a file that is looked at.

use std::io::{self, Read};

use memchr::memchr_iter;

/// So much is read beyond what is wanted, at most: then bytes that were left behind are moved out of the way seldom,
/// however small the steps.
const AHEAD: usize = 1 << 20;

/// Bytes that are asked for at once: few enough that they are still in the processor's cache when they are digested.
const AT_ONCE: usize = 256 << 10;

/// A stretch of a file that moves on.
pub(super) struct Window<'a> {
    source: &'a mut dyn Read,
    /// Room that was used before; it only grows.
    buffer: Vec<u8>,
    /// Bytes of the buffer that were left behind.
    left: usize,
    /// Bytes of the buffer that were read, with those that were left behind.
    filled: usize,
    offset: u64,
    line: u64,
    ended: bool,
    broken_off: bool,
}

impl<'a> Window<'a> {
    pub(super) fn new(source: &'a mut dyn Read) -> Self {
        Self { source, buffer: Vec::new(), left: 0, filled: 0, offset: 0, line: 1, ended: false, broken_off: false }
    }

    /// What it holds.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.left..self.filled).unwrap_or_default()
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
        self.buffer.copy_within(self.left..self.filled, 0);
        self.filled -= self.left;
        self.left = 0;
        let wanted = length.saturating_add(length.min(AHEAD));
        while self.filled < wanted && !self.ended {
            let end = wanted.min(self.filled.saturating_add(AT_ONCE));
            if self.buffer.len() < end {
                self.buffer.resize(end, 0);
            }
            match self.source.read(self.buffer.get_mut(self.filled..end).unwrap_or_default()) {
                Ok(read) => {
                    self.filled += read;
                    self.ended = read == 0;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    (self.ended, self.broken_off) = (true, true);
                }
                Err(error) => return Err(error),
            }
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
