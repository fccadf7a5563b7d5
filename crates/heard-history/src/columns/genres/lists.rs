//! Reading the lists of `genres.arrow`, and nothing else of it.
//!
//! The one row holds lists of whole and of broken numbers. The footer tells where their values lie; those are read as
//! they are.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use arrow_ipc::root_as_footer;
use bytemuck::Pod;

use crate::columns::read::{Bytes, buffer, footer, invalid, not_arrow, read_batch};

/// A list of the row has its own validity and offsets, then those of its values and the values themselves.
const BUFFERS: usize = 4;

/// The lists that are read: the first ones of the file.
const LISTS: usize = 5;

/// Where the values of the first lists lie, and how many they are.
pub(super) struct Lists([(Bytes, usize); LISTS]);

impl Lists {
    pub(super) fn find(file: &File) -> io::Result<Self> {
        let footer = footer(file)?;
        let footer = root_as_footer(&footer).map_err(|error| not_arrow(&error))?;
        let blocks = footer.recordBatches().filter(|blocks| blocks.len() == 1);
        let block = blocks.ok_or_else(|| invalid("it has no row"))?.get(0);
        read_batch(file, block, |batch, body| {
            let nodes = batch.nodes().filter(|nodes| batch.length() == 1 && nodes.len() >= 2 * LISTS);
            let nodes = nodes.ok_or_else(|| invalid("lists are missing"))?;
            let mut found = [(Bytes { offset: 0, length: 0 }, 0); LISTS];
            for (list, place) in found.iter_mut().enumerate() {
                let count = usize::try_from(nodes.get(2 * list + 1).length());
                let values = buffer(batch, BUFFERS * list + BUFFERS - 1, body)?;
                *place = (values, count.map_err(|_| invalid("a list has no credible length"))?);
            }
            Ok(Self(found))
        })
    }

    /// The values of a list, which are of that type.
    pub(super) fn values<T: Pod>(&self, file: &File, list: usize) -> io::Result<Vec<T>> {
        let (bytes, count) = self.0[list];
        let length = count.checked_mul(size_of::<T>()).and_then(|length| u64::try_from(length).ok());
        // What is not in the file is not made room for.
        let end = length.filter(|length| *length <= bytes.length).and_then(|length| bytes.offset.checked_add(length));
        if end.is_none_or(|end| file.metadata().map_or(true, |file| end > file.len())) {
            return Err(invalid("a list is cut off"));
        }
        let mut values = vec![T::zeroed(); count];
        file.read_exact_at(bytemuck::cast_slice_mut(&mut values), bytes.offset)?;
        Ok(values)
    }
}

/// What the file says of itself.
pub(super) fn told(file: &File) -> io::Result<HashMap<String, String>> {
    let footer = footer(file)?;
    let footer = root_as_footer(&footer).map_err(|error| not_arrow(&error))?;
    let pairs = footer.schema().and_then(|schema| schema.custom_metadata());
    let pair = |pair: arrow_ipc::KeyValue<'_>| Some((pair.key()?.to_owned(), pair.value()?.to_owned()));
    Ok(pairs.iter().flatten().filter_map(pair).collect())
}
