//! Writing `plays.arrow` from the store.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::TimestampSecondType;
use arrow_array::{Array, ArrayRef, Int32Array, PrimitiveArray, RecordBatch};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Field, Schema};

use super::live::{FurtherWitness, read_plays};
use super::names::Names;
use super::{Column, ColumnsError, Moment};
use crate::home::replace_file;
use crate::listen::UNDATED;
use crate::reconcile::Witness;
use crate::store::{Generation, Store, StoreError};

/// Writes the columns of all live plays. The old file is replaced as a whole.
///
/// # Errors
/// [`ColumnsError`]; the old file is then still in place.
pub fn write(store: &Store, generation: &Generation, to: &Path) -> Result<(), ColumnsError> {
    let (plays, further) = read_plays(store.connection()).map_err(StoreError::sqlite(store.path()))?;
    write_plays(plays, &further, Names::read(store)?, generation, to)
}

/// The same from plays that are at hand, in the order of their rows.
pub(crate) fn write_plays(
    mut plays: Vec<Witness>,
    further: &[FurtherWitness],
    mut names: Names,
    generation: &Generation,
    to: &Path,
) -> Result<(), ColumnsError> {
    names.hear(&mut plays, further);
    plays.retain(|play| !names.is_hidden(play));
    // Undated plays go behind the dated ones; a stable sort keeps plays of one second in the order of their rows.
    plays.sort_by_key(|row| (row.played_at == UNDATED, row.played_at));
    let batch = batch(&plays, &names, generation)?;
    drop(plays);
    replace_file(to, |file| write_batch(file, &batch))
        .map_err(|source| ColumnsError::Io { path: to.to_owned(), source })
}

pub(super) fn write_batch(file: &mut File, batch: &RecordBatch) -> io::Result<()> {
    let arrow = |error: ArrowError| match error {
        ArrowError::IoError(_, source) => source,
        other => io::Error::other(other),
    };
    let mut buffered = BufWriter::with_capacity(1 << 20, file);
    let mut writer = FileWriter::try_new(&mut buffered, &batch.schema()).map_err(arrow)?;
    writer.write(batch).and_then(|()| writer.finish()).map_err(arrow)?;
    drop(writer);
    buffered.flush()
}

fn batch(plays: &[Witness], names: &Names, generation: &Generation) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    let dated = dated_only(plays);
    for moment in Moment::ALL {
        let (zone, value): (_, fn(&Witness) -> i64) = match moment {
            Moment::PlayedAt => (Some("UTC"), |row| row.played_at),
            Moment::LocalAt => (None, |row| row.local_at),
        };
        let seconds: Vec<i64> = plays.iter().map(value).collect();
        let array = PrimitiveArray::<TimestampSecondType>::try_new(seconds.into(), dated.clone())?;
        let array = array.with_timezone_opt(zone);
        fields.push(Field::new(moment.name(), array.data_type().clone(), true));
        arrays.push(Arc::new(array) as ArrayRef);
    }
    for column in Column::ALL {
        let array = column_array(column, plays, names)?;
        let nullable = matches!(column, Column::Album | Column::AlbumId | Column::MsPlayed);
        fields.push(Field::new(column.name(), array.data_type().clone(), nullable));
        arrays.push(array);
    }
    let metadata = HashMap::from([
        ("heard.view".to_owned(), generation.view.clone()),
        ("heard.generation".to_owned(), generation.number.to_string()),
        ("heard.placeholders".to_owned(), serde_json::to_string(&names.placeholders).expect("whole numbers are JSON")),
        ("heard.credits".to_owned(), serde_json::to_string(&names.credits).expect("whole numbers are JSON")),
    ]);
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays)
}

fn dated_only(plays: &[Witness]) -> Option<NullBuffer> {
    let undated = plays.last().is_some_and(|row| row.played_at == UNDATED);
    undated.then(|| plays.iter().map(|row| row.played_at != UNDATED).collect())
}

fn column_array(column: Column, plays: &[Witness], names: &Names) -> Result<ArrayRef, ArrowError> {
    let has_album = || plays.iter().map(|row| row.album != 0).collect::<NullBuffer>();
    match column {
        Column::Listener => names.listeners.dictionary(plays.iter().map(|row| row.listener as usize), None),
        Column::Source => names.accounts.dictionary(plays.iter().map(|row| row.account as usize), None),
        Column::Artist => names.artists.dictionary(plays.iter().map(|row| row.artist as usize), None),
        Column::Album => names.albums.dictionary(plays.iter().map(|row| row.album as usize), Some(has_album())),
        Column::Track => names.tracks.dictionary(plays.iter().map(|row| row.track as usize), None),
        Column::AlbumId => numbers(shown(plays.iter().map(|row| row.album), &names.shown_albums), Some(has_album())),
        Column::TrackId => numbers(shown(plays.iter().map(|row| row.track), &names.shown_tracks), None),
        Column::PlayId => numbers(plays.iter().map(|row| row.id.cast_signed()), None),
        Column::MsPlayed => {
            let told = plays.iter().map(|row| row.ms_played >= 0).collect();
            numbers(plays.iter().map(|row| row.ms_played), Some(told))
        }
    }
}

fn shown<'a>(ids: impl Iterator<Item = u32> + 'a, shown_as: &'a [u32]) -> impl Iterator<Item = i32> + 'a {
    ids.map(|id| shown_as.get(id as usize).copied().unwrap_or(id).cast_signed())
}

fn numbers(values: impl Iterator<Item = i32>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    let values: ScalarBuffer<i32> = values.collect::<Vec<_>>().into();
    Ok(Arc::new(Int32Array::try_new(values, nulls)?))
}
