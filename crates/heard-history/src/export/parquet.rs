//! The fields of JSON lines as columns in the Apache Parquet file format, a hundred thousand plays at a time.
//!
//! `played_at` is a timestamp in milliseconds, adjusted to UTC: the format knows no seconds, and readers show such a
//! column as moments by themselves.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::{Row, told};

/// Plays of one row group: what is held in memory, and what a reader can leave out as a whole.
const GROUP: usize = 1 << 17;

const SCHEMA: &str = "message play {
    required binary listener (string);
    optional int64 played_at (timestamp(millis, true));
    required binary artist (string);
    optional binary album (string);
    required binary track (string);
    optional int32 ms_played;
    optional binary artist_mbid (string);
    optional binary release_mbid (string);
    optional binary recording_mbid (string);
    required group sources (list) { repeated group list { required binary element (string); } }
}";

/// The place of `played_at` in the schema.
const PLAYED_AT: i32 = 1;

/// Takes plays one by one and writes them a row group at a time.
pub(super) struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    group: Group,
}

impl<W: Write + Send> Writer<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let schema = parse_message_type(SCHEMA).map_err(output)?;
        // Dated plays come newest first, the others behind them.
        let order = SortingColumn { column_idx: PLAYED_AT, descending: true, nulls_first: false };
        let properties = WriterProperties::builder()
            .set_created_by(concat!("heard version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_sorting_columns(Some(vec![order]))
            .build();
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(output)?;
        Ok(Self { file, group: Group::default() })
    }

    pub(super) fn push(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.group.push(row);
        if self.group.rows == GROUP { self.write_group() } else { Ok(()) }
    }

    /// Writes what is left, and the file's end.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.group.rows > 0 {
            self.write_group()?;
        }
        self.file.close().map(drop).map_err(output)
    }

    fn write_group(&mut self) -> io::Result<()> {
        let group = std::mem::take(&mut self.group);
        let mut columns = self.file.next_row_group().map_err(output)?;
        group.write(&mut columns).and_then(|()| columns.close().map(drop)).map_err(output)
    }
}

/// The system's own words, where it was the system that failed.
fn output(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

#[derive(Default)]
struct Group {
    rows: usize,
    listener: Texts,
    played_at: Numbers<i64>,
    artist: Texts,
    album: Texts,
    track: Texts,
    ms_played: Numbers<i32>,
    artist_mbid: Texts,
    release_mbid: Texts,
    recording_mbid: Texts,
    sources: Texts,
    /// 0 where a play's list of sources begins, 1 where it goes on.
    further: Vec<i16>,
}

impl Group {
    fn push(&mut self, row: &Row<'_>) {
        self.rows += 1;
        self.listener.push(Some(row.listener));
        // Moments lie before the year 10000, far below where milliseconds would not fit.
        self.played_at.push(row.played_at.map(|second| second.saturating_mul(1000)));
        self.artist.push(Some(row.artist));
        self.album.push(told(row.album));
        self.track.push(Some(row.track));
        self.ms_played.push(row.ms_played);
        self.artist_mbid.push(told(row.artist_mbid));
        self.release_mbid.push(told(row.release_mbid));
        self.recording_mbid.push(told(row.recording_mbid));
        for (at, source) in row.sources.split(' ').enumerate() {
            self.sources.push(Some(source));
            self.further.push(i16::from(at > 0));
        }
    }

    /// Writes the columns in the order of the schema.
    fn write<W: Write + Send>(self, to: &mut SerializedRowGroupWriter<'_, W>) -> Result<(), ParquetError> {
        self.listener.write(to, None)?;
        self.played_at.write::<Int64Type, W>(to)?;
        self.artist.write(to, None)?;
        self.album.write(to, None)?;
        self.track.write(to, None)?;
        self.ms_played.write::<Int32Type, W>(to)?;
        self.artist_mbid.write(to, None)?;
        self.release_mbid.write(to, None)?;
        self.recording_mbid.write(to, None)?;
        self.sources.write(to, Some(&self.further))
    }
}

/// A column of numbers; `present` is 1 where a row has one and 0 where it has none.
#[derive(Default)]
struct Numbers<T> {
    values: Vec<T>,
    present: Vec<i16>,
}

impl<T> Numbers<T> {
    fn push(&mut self, value: Option<T>) {
        self.present.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    fn write<D: DataType<T = T>, W: Write + Send>(
        self,
        to: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        write_column::<D, W>(to, &self.values, &self.present, None)
    }
}

/// A column of texts, one behind the other.
#[derive(Default)]
struct Texts {
    text: Vec<u8>,
    ends: Vec<usize>,
    present: Vec<i16>,
}

impl Texts {
    fn push(&mut self, value: Option<&str>) {
        self.present.push(i16::from(value.is_some()));
        if let Some(value) = value {
            self.text.extend_from_slice(value.as_bytes());
            self.ends.push(self.text.len());
        }
    }

    fn write<W: Write + Send>(
        self,
        to: &mut SerializedRowGroupWriter<'_, W>,
        lists: Option<&[i16]>,
    ) -> Result<(), ParquetError> {
        let text = Bytes::from(self.text);
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let values = starts.zip(&self.ends).map(|(start, end)| ByteArray::from(text.slice(start..*end)));
        write_column::<ByteArrayType, W>(to, &values.collect::<Vec<_>>(), &self.present, lists)
    }
}

/// Writes the next column of the schema; a column that every row must have ignores what is present.
fn write_column<D: DataType, W: Write + Send>(
    to: &mut SerializedRowGroupWriter<'_, W>,
    values: &[D::T],
    present: &[i16],
    lists: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let mut column = to.next_column()?.ok_or_else(|| ParquetError::General("the schema has too few columns".into()))?;
    column.typed::<D>().write_batch(values, Some(present), lists)?;
    column.close()
}
