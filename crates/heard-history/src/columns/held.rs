//! Whole columns in memory, for a process that asks more than once.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::read::Bytes;
use super::{Columns, ColumnsError};

/// By a column's name its bytes, once they were asked for; as words of eight, so that they lie where whole numbers of
/// any width may lie.
#[derive(Debug)]
pub(super) struct Held(HashMap<String, OnceLock<Box<[u64]>>>);

impl Columns {
    /// From now on keeps in memory each column that is asked for, so that only the first question reads it: four bytes a
    /// play, or eight for moments. For a process that asks many questions; one that asks a single one reads less without.
    #[must_use]
    pub fn held(mut self) -> Self {
        self.held = Some(Held(self.fields.keys().map(|name| (name.clone(), OnceLock::new())).collect()));
        self
    }

    /// The whole column, if this process holds columns.
    pub(super) fn whole(&self, name: &str) -> Result<Option<&[u64]>, ColumnsError> {
        let Some(Held(columns)) = &self.held else { return Ok(None) };
        let at = self.place_of(name)?;
        let Some(column) = columns.get(name) else { return Ok(None) };
        if let Some(whole) = column.get() {
            return Ok(Some(whole));
        }
        // Whoever is second drops what they read: no question waits for another's reading.
        let read = self.read_whole(at)?;
        Ok(Some(column.get_or_init(|| read)))
    }

    fn read_whole(&self, at: Bytes) -> Result<Box<[u64]>, ColumnsError> {
        if at.offset.saturating_add(at.length) > self.size()? {
            return Err(self.asked_too_much());
        }
        let length = usize::try_from(at.length).unwrap_or(usize::MAX);
        let mut words = vec![0_u64; length.div_ceil(size_of::<u64>())];
        self.read(&mut bytemuck::cast_slice_mut(&mut words)[..length], at, 0)?;
        Ok(words.into_boxed_slice())
    }

    pub(super) fn place_of(&self, name: &str) -> Result<Bytes, ColumnsError> {
        let field = self.fields.get(name).ok_or_else(|| self.broken(format!("there is no column {name}")))?;
        Ok(field.values)
    }
}
