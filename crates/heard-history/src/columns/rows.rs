//! Rows of single columns: lent where the process holds the column, else read from the file.

use std::borrow::Cow;
use std::ops::Range;

use bytemuck::Pod;

use super::{Column, Columns, ColumnsError, Moment};

/// Values that are read at once: as many as stay in a core's own cache.
const BLOCK: usize = 1 << 14;

impl Columns {
    /// The values of some rows.
    ///
    /// # Errors
    /// [`ColumnsError`] when they cannot be read.
    pub fn values(&self, column: Column, rows: Range<usize>) -> Result<Cow<'_, [i32]>, ColumnsError> {
        self.rows_of(column.name(), rows)
    }

    /// The moments of some dated rows, in order.
    ///
    /// # Errors
    /// [`ColumnsError`] when they cannot be read.
    pub fn moments(&self, moment: Moment, rows: Range<usize>) -> Result<Cow<'_, [i64]>, ColumnsError> {
        self.rows_of(moment.name(), rows)
    }

    /// Hands over the values of some rows, a block at a time, each with the number of its first row. Memory is touched
    /// once however long the column is.
    ///
    /// # Errors
    /// [`ColumnsError`] when they cannot be read.
    pub fn for_each_block(
        &self,
        column: Column,
        rows: Range<usize>,
        mut take: impl FnMut(usize, &[i32]),
    ) -> Result<(), ColumnsError> {
        let name = column.name();
        if self.held.is_some() {
            take(rows.start, &self.rows_of(name, rows)?);
            return Ok(());
        }
        let mut block = vec![0; BLOCK.min(rows.len())];
        for rows in blocks(&rows) {
            let values = &mut block[..rows.len()];
            self.fill(name, rows.start, values)?;
            take(rows.start, values);
        }
        Ok(())
    }

    /// The dated rows whose moment lies in `from..to` (Unix seconds), by halving.
    ///
    /// # Errors
    /// [`ColumnsError`] when they cannot be read.
    pub fn rows_between(&self, from: i64, to: i64) -> Result<Range<usize>, ColumnsError> {
        let start = self.first_at_or_after(from)?;
        let end = self.first_at_or_after(to.max(from))?;
        Ok(start..end)
    }

    fn first_at_or_after(&self, moment: i64) -> Result<usize, ColumnsError> {
        let (mut low, mut high) = (0, self.dated());
        while low < high {
            let middle = low.midpoint(high);
            if self.moments(Moment::PlayedAt, middle..middle + 1)?[0] < moment {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn rows_of<T: Pod>(&self, name: &str, rows: Range<usize>) -> Result<Cow<'_, [T]>, ColumnsError> {
        if let Some(whole) = self.whole(name)? {
            let lent = bytemuck::cast_slice::<u64, T>(whole).get(rows);
            return lent.map(Cow::Borrowed).ok_or_else(|| self.asked_too_much());
        }
        let mut values = vec![T::zeroed(); rows.len()];
        self.fill(name, rows.start, &mut values)?;
        Ok(Cow::Owned(values))
    }

    fn fill<T: Pod>(&self, name: &str, first: usize, into: &mut [T]) -> Result<(), ColumnsError> {
        let at = self.place_of(name)?;
        self.read(bytemuck::cast_slice_mut(into), at, (first * size_of::<T>()) as u64)
    }
}

/// The same stretch in pieces that stay in a core's own cache.
pub(crate) fn blocks(rows: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<> {
    let end = rows.end;
    rows.clone().step_by(BLOCK).map(move |from| from..end.min(from + BLOCK))
}
