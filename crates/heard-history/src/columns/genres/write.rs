//! Writing `genres.arrow`.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, Float32Array, ListArray, PrimitiveArray, RecordBatch, StringArray};
use arrow_array::{UInt8Array, UInt16Array, UInt32Array};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, Field, Schema};

use super::MadeOf;
use super::sets::Sets;
use crate::columns::ColumnsError;
use crate::columns::write::write_batch;
use crate::genres::Vocabulary;
use crate::home::replace_file;

/// Writes the number of each play's set, and the sets. The old file is replaced as a whole.
pub(super) fn write(of_plays: &[u32], sets: Sets, made_of: &MadeOf, to: &Path) -> Result<(), ColumnsError> {
    let batch = batch(of_plays, sets, made_of)?;
    replace_file(to, |file| write_batch(file, &batch))
        .map_err(|source| ColumnsError::Io { path: to.to_owned(), source })
}

fn batch(of_plays: &[u32], sets: Sets, made_of: &MadeOf) -> Result<RecordBatch, ArrowError> {
    let own = Vocabulary::own();
    let number = |genre: crate::genres::Genre| i32::try_from(genre.number()).unwrap_or(i32::MAX);
    let parents: PrimitiveArray<Int32Type> = own.iter().map(|genre| own.parent(genre).map(number)).collect();
    let names: StringArray = own.iter().map(|genre| Some(own.name_of(genre))).collect();
    let lists: [(&str, ArrayRef); 7] = [
        ("set", Arc::new(UInt32Array::from(of_plays.to_vec()))),
        ("begin", Arc::new(UInt32Array::from(sets.begin))),
        ("genre", Arc::new(UInt16Array::from(sets.genre))),
        ("weight", Arc::new(Float32Array::from(sets.weight))),
        ("told_by", Arc::new(UInt8Array::from(sets.told_by))),
        ("name", Arc::new(names)),
        ("parent", Arc::new(parents)),
    ];
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for (name, values) in lists {
        let item = Arc::new(Field::new_list_field(values.data_type().clone(), values.is_nullable()));
        let list = ListArray::try_new(item, OffsetBuffer::from_lengths([values.len()]), values, None)?;
        fields.push(Field::new(name, list.data_type().clone(), false));
        arrays.push(Arc::new(list) as ArrayRef);
    }
    let metadata = HashMap::from([
        ("heard.view".to_owned(), made_of.generation.view.clone()),
        ("heard.generation".to_owned(), made_of.generation.number.to_string()),
        ("heard.enriched".to_owned(), made_of.enriched.to_string()),
        ("heard.vocabulary".to_owned(), made_of.vocabulary.clone()),
    ]);
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays)
}
