//! Writing `plays.arrow` from the store.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::{Int32Type, TimestampSecondType};
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, PrimitiveArray, RecordBatch};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Field, Schema};
use rusqlite::Connection;

use super::{Column, ColumnsError, Moment};
use crate::home::replace_file;
use crate::listen::UNDATED;
use crate::store::apply::PlayRow;
use crate::store::{Generation, Store, StoreError};

/// Writes the columns of all live plays. The old file is replaced as a whole.
///
/// # Errors
/// [`ColumnsError`]; the old file is then still in place.
pub fn write(store: &Store, generation: &Generation, to: &Path) -> Result<(), ColumnsError> {
    let plays = read_plays(store.connection()).map_err(StoreError::sqlite(store.path()))?;
    write_plays(plays, &Names::read(store)?, generation, to)
}

/// The same from plays that are at hand, in the order of their rows.
pub(crate) fn write_plays(
    mut plays: Vec<PlayRow>,
    names: &Names,
    generation: &Generation,
    to: &Path,
) -> Result<(), ColumnsError> {
    // Undated plays go behind the dated ones; a stable sort keeps plays of one second in the order of their rows.
    plays.sort_by_key(|row| (row.played_at == UNDATED, row.played_at));
    let batch = batch(&plays, names, generation)?;
    drop(plays);
    replace_file(to, |file| write_batch(file, &batch))
        .map_err(|source| ColumnsError::Io { path: to.to_owned(), source })
}

fn write_batch(file: &mut File, batch: &RecordBatch) -> io::Result<()> {
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

fn read_plays(database: &Connection) -> rusqlite::Result<Vec<PlayRow>> {
    let count: i64 = database.query_row("SELECT count(*) FROM plays", [], |row| row.get(0))?;
    let mut rows = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
    let mut statement = database.prepare(
        "SELECT played_at, coalesce(local_at, 0), listener_id, account_id, artist_id, coalesce(album_id, 0), track_id,
                coalesce(ms_played, -1)
           FROM plays WHERE gone_seq IS NULL ORDER BY id",
    )?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        rows.push(PlayRow {
            played_at: row.get(0)?,
            local_at: row.get(1)?,
            listener: row.get(2)?,
            account: row.get(3)?,
            artist: row.get(4)?,
            album: row.get(5)?,
            track: row.get(6)?,
            ms_played: row.get(7)?,
        });
    }
    Ok(rows)
}

/// The catalogue's numbers as codes of dictionaries: the same text has one code, whoever's it is.
pub(crate) struct Names {
    listeners: Codes,
    accounts: Codes,
    artists: Codes,
    albums: Codes,
    tracks: Codes,
}

impl Names {
    pub(crate) fn read(store: &Store) -> Result<Self, StoreError> {
        let codes = |sql| Codes::read(store.connection(), sql).map_err(StoreError::sqlite(store.path()));
        Ok(Self {
            listeners: codes("SELECT id, name FROM listeners ORDER BY id")?,
            accounts: codes("SELECT id, service || '/' || name FROM accounts ORDER BY id")?,
            artists: codes("SELECT id, name FROM artists ORDER BY id")?,
            albums: codes("SELECT id, title FROM albums ORDER BY id")?,
            tracks: codes("SELECT id, title FROM tracks ORDER BY id")?,
        })
    }
}

#[derive(Default)]
struct Codes {
    by_id: Vec<i32>,
    texts: Vec<Arc<str>>,
}

impl Codes {
    fn read(database: &Connection, sql: &str) -> rusqlite::Result<Self> {
        let mut codes = Self::default();
        let mut known: HashMap<Arc<str>, i32, foldhash::fast::RandomState> = HashMap::default();
        let mut statement = database.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = usize::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
            let text = row.get_ref(1)?.as_str()?;
            let code = known.get(text).copied().unwrap_or_else(|| {
                let code = i32::try_from(codes.texts.len()).unwrap_or(i32::MAX);
                let text: Arc<str> = text.into();
                codes.texts.push(Arc::clone(&text));
                known.insert(text, code);
                code
            });
            codes.by_id.resize(codes.by_id.len().max(id + 1), 0);
            codes.by_id[id] = code;
        }
        Ok(codes)
    }

    fn code(&self, id: usize) -> i32 {
        self.by_id.get(id).copied().unwrap_or_default()
    }

    fn dictionary(&self, ids: impl Iterator<Item = usize>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
        let mut values = StringBuilder::with_capacity(self.texts.len(), self.texts.iter().map(|t| t.len()).sum());
        self.texts.iter().for_each(|text| values.append_value(text));
        // A dictionary may not be empty where rows point into it, and rows without an album point nowhere.
        if self.texts.is_empty() {
            values.append_value("");
        }
        let codes: Vec<i32> = ids.map(|id| self.code(id)).collect();
        let keys = PrimitiveArray::<Int32Type>::try_new(codes.into(), nulls)?;
        Ok(Arc::new(DictionaryArray::try_new(keys, Arc::new(values.finish()))?))
    }
}

fn batch(plays: &[PlayRow], names: &Names, generation: &Generation) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    let dated = dated_only(plays);
    for moment in Moment::ALL {
        let (zone, value): (_, fn(&PlayRow) -> i64) = match moment {
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
    ]);
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays)
}

fn dated_only(plays: &[PlayRow]) -> Option<NullBuffer> {
    let undated = plays.last().is_some_and(|row| row.played_at == UNDATED);
    undated.then(|| plays.iter().map(|row| row.played_at != UNDATED).collect())
}

fn column_array(column: Column, plays: &[PlayRow], names: &Names) -> Result<ArrayRef, ArrowError> {
    let has_album = || plays.iter().map(|row| row.album != 0).collect::<NullBuffer>();
    match column {
        Column::Listener => names.listeners.dictionary(plays.iter().map(|row| row.listener as usize), None),
        Column::Source => {
            names.accounts.dictionary(plays.iter().map(|row| usize::try_from(row.account).unwrap_or_default()), None)
        }
        Column::Artist => names.artists.dictionary(plays.iter().map(|row| row.artist as usize), None),
        Column::Album => names.albums.dictionary(plays.iter().map(|row| row.album as usize), Some(has_album())),
        Column::Track => names.tracks.dictionary(plays.iter().map(|row| row.track as usize), None),
        Column::AlbumId => numbers(plays.iter().map(|row| row.album.cast_signed()), Some(has_album())),
        Column::TrackId => numbers(plays.iter().map(|row| row.track.cast_signed()), None),
        Column::MsPlayed => {
            let told = plays.iter().map(|row| row.ms_played >= 0).collect();
            numbers(plays.iter().map(|row| row.ms_played), Some(told))
        }
    }
}

fn numbers(values: impl Iterator<Item = i32>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    let values: ScalarBuffer<i32> = values.collect::<Vec<_>>().into();
    Ok(Arc::new(Int32Array::try_new(values, nulls)?))
}
