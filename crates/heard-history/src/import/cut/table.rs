//! Tables: records that may span lines.

use memchr::memchr;

use super::{CutError, Cutter};
use crate::normalise::borders::whole_records;
use crate::normalise::layout::Layout;

impl<E> Cutter<'_, E> {
    /// Cuts a table behind its header.
    pub(super) fn table(&mut self, layout: &Layout) -> Result<(), CutError<E>> {
        self.skip_lines(layout.skip_lines)?;
        while let Some(lines) = self.whole_lines()? {
            let length = self.whole_records(layout, lines)?;
            self.give(length, [b"", b""], None)?;
            self.window.discard(length);
        }
        Ok(())
    }

    /// How many of the window's first lines, which are so long, are whole records. If the first record goes on behind
    /// them, they are as many more as it takes.
    fn whole_records(&mut self, layout: &Layout, lines: usize) -> Result<usize, CutError<E>> {
        if memchr(b'"', self.window.bytes().get(..lines).unwrap_or_default()).is_none() {
            return Ok(lines);
        }
        let mut wanted = lines;
        loop {
            let bytes = self.window.bytes();
            let is_all = self.window.has_ended() && bytes.len() <= wanted;
            let length = whole_records(layout, bytes.get(..wanted).unwrap_or(bytes), is_all);
            // What is looked at again because it is not settled yet shall not be much more than what is.
            if length > 0 && length >= lines / 2 {
                return Ok(length);
            }
            if wanted >= self.sizes.record {
                // No record spans so much: if not even the first one is settled, its line is one.
                let line = memchr(b'\n', bytes).map_or(lines, |end| end + 1);
                return Ok(if length > 0 { length } else { line });
            }
            wanted = wanted.saturating_mul(2).min(self.sizes.record);
            self.fill(wanted)?;
        }
    }
}
