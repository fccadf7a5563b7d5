//! A Parquet file's columns as comma-separated values.

use std::cell::Cell;
use std::io::{Read, Write};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use csv::{ByteRecord, Writer};
use parquet::basic::Compression;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::cells::{Cells, Failed, LONGEST_VALUE, Meaning};
use super::{Bounded, Converted, TabularError, pages};

/// Rows that are read at once.
const ROWS: usize = 1 << 10;

/// Bytes of the largest page that is unpacked; writers make them of one.
const LARGEST_PAGE: u64 = 64 << 20;

/// Bytes of the largest footer that is read.
const LARGEST_FOOTER: usize = 16 << 20;

/// A column that is written.
struct Chosen {
    place: usize,
    name: String,
    meaning: Meaning,
    optional: bool,
}

thread_local! {
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught at this moment and becomes an error, so that a panic hook need not tell
/// anybody of it: the decoders of Parquet panic at some kinds of damage.
#[must_use]
pub fn is_panic_caught() -> bool {
    IS_CAUGHT.get()
}

/// Does what may panic, and returns `None` where it did.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    IS_CAUGHT.set(true);
    // What it worked on is given up as a whole: nobody sees it half done.
    let done = catch_unwind(AssertUnwindSafe(work));
    IS_CAUGHT.set(false);
    done.ok()
}

/// Writes all rows, header first: texts as they are, moments as Unix seconds (as a text where the file does not tell
/// in which zone they are), days as `YYYY-MM-DD`, an empty cell for what is missing. Columns that are lists or nested
/// records are left out, and so are those whose values have no text, like decimals.
///
/// A Parquet file is read from its end, so all of it is held in memory; whoever calls bounds it.
///
/// # Errors
/// [`TabularError`]. Rows that were written until then are whole.
pub fn parquet_as_csv(mut file: impl Read, out: &mut dyn Write) -> Result<Converted, TabularError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(TabularError::Input)?;
    check_footer(&bytes)?;
    caught(|| convert(&Bytes::from(bytes), out)).unwrap_or_else(|| Err(broken("its pages cannot be decoded")))
}

fn convert(bytes: &Bytes, out: &mut dyn Write) -> Result<Converted, TabularError> {
    let reader = SerializedFileReader::new(bytes.clone()).map_err(damaged)?;
    let (chosen, left_out) = choose(&reader);
    if chosen.is_empty() {
        return Err(TabularError::NoColumns);
    }
    let mut writer = Writer::from_writer(Bounded::new(out));
    writer.write_record(chosen.iter().map(|column| &column.name)).map_err(TabularError::row)?;
    let mut rows = 0;
    for (number, group) in reader.metadata().row_groups().iter().enumerate() {
        check_group(bytes, group, &chosen)?;
        rows += write_group(&reader, number, &chosen, &mut writer)?;
    }
    writer.flush().map_err(TabularError::output)?;
    Ok(Converted { rows, sheet: None, left_out })
}

fn damaged(error: ParquetError) -> TabularError {
    TabularError::Parquet(Box::new(error))
}

fn broken(reason: &'static str) -> TabularError {
    TabularError::Parquet(reason.into())
}

/// Looks at the file's last bytes, which say how large the footer is.
fn check_footer(file: &[u8]) -> Result<(), TabularError> {
    let Some((rest, [a, b, c, d, mark @ ..])) = file.split_last_chunk::<8>() else {
        return Err(broken("it is too short"));
    };
    if mark != b"PAR1" {
        return Err(broken("its end is not that of a Parquet file"));
    }
    let footer = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX);
    if footer > rest.len().min(LARGEST_FOOTER) { Err(broken("its footer has no credible length")) } else { Ok(()) }
}

/// The columns that are written, and the names of the others.
fn choose(reader: &SerializedFileReader<Bytes>) -> (Vec<Chosen>, Vec<String>) {
    let (mut chosen, mut left_out) = (Vec::new(), Vec::new());
    let schema = reader.metadata().file_metadata().schema_descr();
    for (place, column) in schema.columns().iter().enumerate() {
        let name = column.path().parts().first().cloned().unwrap_or_default();
        match Meaning::of(column) {
            Some(meaning) => chosen.push(Chosen { place, name, meaning, optional: column.max_def_level() > 0 }),
            None if left_out.last() == Some(&name) => {}
            None => left_out.push(name),
        }
    }
    (chosen, left_out)
}

/// Refuses what would not be read well: other compressions, pages too large, and columns that lie outside the file.
fn check_group(file: &[u8], group: &RowGroupMetaData, chosen: &[Chosen]) -> Result<(), TabularError> {
    for column in chosen {
        let Some(chunk) = group.columns().get(column.place) else {
            return Err(broken("a row group lacks a column"));
        };
        match chunk.compression() {
            Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::ZSTD(_) => {}
            other => return Err(TabularError::Compression(format!("{other:?}").to_lowercase())),
        }
        let pages = place(chunk).and_then(|place| file.get(place)).ok_or_else(|| broken("a column lies outside it"))?;
        let largest = pages::largest(pages).ok_or_else(|| broken("the pages of a column do not follow each other"))?;
        if largest > LARGEST_PAGE {
            return Err(too_long("page", column, LARGEST_PAGE));
        }
    }
    Ok(())
}

fn too_long(what: &'static str, column: &Chosen, limit: u64) -> TabularError {
    TabularError::TooLong { what, column: column.name.clone(), limit }
}

/// The bytes of a column: from its dictionary, or else its first page.
fn place(chunk: &ColumnChunkMetaData) -> Option<Range<usize>> {
    let start = usize::try_from(chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset())).ok()?;
    Some(start..start.checked_add(usize::try_from(chunk.compressed_size()).ok()?)?)
}

fn write_group<W: Write>(
    reader: &SerializedFileReader<Bytes>,
    number: usize,
    chosen: &[Chosen],
    writer: &mut Writer<W>,
) -> Result<u64, TabularError> {
    let group = reader.get_row_group(number).map_err(damaged)?;
    let readers = chosen.iter().map(|column| group.get_column_reader(column.place)).collect::<Result<Vec<_>, _>>();
    let mut readers: Vec<ColumnReader> = readers.map_err(damaged)?;
    let rows = u64::try_from(group.metadata().num_rows()).map_err(|_| broken("a row group has no credible length"))?;
    let (mut left, mut record) = (rows, ByteRecord::new());
    while left > 0 {
        let block = usize::try_from(left).unwrap_or(usize::MAX).min(ROWS);
        left -= block as u64;
        let columns = chosen.iter().zip(&mut readers).map(|(column, reader)| read(column, reader, block));
        let columns = columns.collect::<Result<Vec<Cells>, _>>()?;
        for row in 0..block {
            record.clear();
            columns.iter().for_each(|cells| record.push_field(cells.get(row)));
            writer.write_byte_record(&record).map_err(TabularError::row)?;
        }
    }
    Ok(rows)
}

fn read(column: &Chosen, reader: &mut ColumnReader, rows: usize) -> Result<Cells, TabularError> {
    Cells::read(reader, column.meaning, column.optional, rows).map_err(|failed| match failed {
        Failed::Parquet(error) => damaged(error),
        Failed::TooLong => too_long("value", column, LONGEST_VALUE as u64),
        Failed::TooFew => broken("a column ends before its rows do"),
    })
}
