//! A record a line.

use memchr::{memchr, memrchr};

use super::{CutError, Cutter};
use crate::facts::Reason;

impl<E> Cutter<'_, E> {
    /// Cuts a file of lines behind its first ones.
    pub(super) fn lines(&mut self, skip: u32) -> Result<(), CutError<E>> {
        self.skip_lines(skip)?;
        while let Some(length) = self.whole_lines()? {
            self.give(length, [b"", b""], None)?;
            self.window.discard(length);
        }
        Ok(())
    }

    /// Passes over lines.
    pub(super) fn skip_lines(&mut self, count: u32) -> Result<(), CutError<E>> {
        for _ in 0..count {
            self.pass_line()?;
        }
        Ok(())
    }

    /// The length of as many whole lines as make a piece; `None` at the end of the file. Passes over lines that are too
    /// long.
    pub(super) fn whole_lines(&mut self) -> Result<Option<usize>, CutError<E>> {
        let mut wanted = self.sizes.piece.max(1);
        loop {
            self.fill(wanted)?;
            let bytes = self.window.bytes();
            if self.window.has_ended() && bytes.len() <= wanted {
                return Ok(Some(bytes.len()).filter(|length| *length > 0));
            }
            let within = bytes.get(..wanted).unwrap_or(bytes);
            if let Some(end) = memrchr(b'\n', within) {
                return Ok(Some(end + 1));
            }
            if wanted < self.sizes.record {
                wanted = wanted.saturating_mul(2).min(self.sizes.record);
                continue;
            }
            self.give(self.shown(within.len()), [b"", b"\n"], Some(Reason::TooLong))?;
            self.pass_line()?;
            wanted = self.sizes.piece.max(1);
        }
    }

    /// Passes over one line, however long it is.
    fn pass_line(&mut self) -> Result<(), CutError<E>> {
        loop {
            self.fill(self.sizes.piece.max(1))?;
            match memchr(b'\n', self.window.bytes()) {
                Some(end) => {
                    self.window.discard(end + 1);
                    return Ok(());
                }
                None => self.window.discard(usize::MAX),
            }
            if self.window.has_ended() {
                return Ok(());
            }
        }
    }
}
