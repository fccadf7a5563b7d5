//! Reading single columns of `plays.arrow`, and nothing else of it.
//!
//! The footer tells where each column's bytes lie; a question reads those and no others, and of them only the rows of
//! its period.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use arrow_ipc::{Block, Field, Footer, RecordBatch, root_as_footer, root_as_message};

use super::held::Held;
use super::{Column, ColumnsError, Genres, Moment};
use crate::store::Generation;

const MAGIC: &[u8; 6] = b"ARROW1";

/// A larger footer or message is damage, not a schema of ten fields.
const LARGEST_METADATA: u64 = 1 << 20;

/// Where bytes lie in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes {
    pub(super) offset: u64,
    pub(super) length: u64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct FieldAt {
    pub(super) values: Bytes,
    nulls: u64,
    dictionary: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
struct TextsAt {
    count: usize,
    offsets: Bytes,
    text: Bytes,
}

/// The open file, with where everything lies in it.
#[derive(Debug)]
pub struct Columns {
    file: File,
    path: PathBuf,
    rows: usize,
    dated: usize,
    generation: Generation,
    credits: Vec<(i32, Vec<i32>)>,
    placeholders: [Vec<i32>; 3],
    pub(super) fields: HashMap<String, FieldAt>,
    texts: HashMap<i64, TextsAt>,
    /// Whole columns, for a process that asks more than once.
    pub(super) held: Option<Held>,
    /// What lies beside the file, once it was asked for.
    pub(super) genres: OnceLock<Option<Genres>>,
}

/// The texts of a dictionary-encoded column.
#[derive(Debug)]
pub struct Dictionary {
    offsets: Vec<i32>,
    text: String,
}

impl Dictionary {
    /// How many texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of a code; empty for a code that has none.
    #[must_use]
    pub fn get(&self, code: i32) -> &str {
        let at = |code: usize| self.offsets.get(code).and_then(|offset| usize::try_from(*offset).ok());
        let texts = usize::try_from(code).ok().and_then(|code| Some(at(code)?..at(code + 1)?));
        texts.and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    /// All texts in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|code| self.get(i32::try_from(code).unwrap_or(i32::MAX)))
    }
}

impl Columns {
    /// Opens the file and reads where everything lies; no column is read yet.
    ///
    /// # Errors
    /// [`ColumnsError::Io`] when it cannot be read, [`ColumnsError::Format`] when it is not what `heard` writes.
    pub fn open(path: &Path) -> Result<Self, ColumnsError> {
        let file = File::open(path).map_err(|source| ColumnsError::Io { path: path.to_owned(), source })?;
        let failed = |error: io::Error| ColumnsError::Format { path: path.to_owned(), reason: error.to_string() };
        let footer = footer(&file).map_err(failed)?;
        let footer = root_as_footer(&footer).map_err(|error| failed(not_arrow(&error)))?;
        let layout = lay_out(&file, footer).map_err(failed)?;
        Ok(Self { file, path: path.to_owned(), ..layout })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The state of the store from which the file was made.
    #[must_use]
    pub fn generation(&self) -> &Generation {
        &self.generation
    }

    /// How many plays, undated ones too.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many plays have a moment; they are the first rows.
    #[must_use]
    pub fn dated(&self) -> usize {
        self.dated
    }

    /// Artists' codes that stand for several artists, each with the codes of those that its plays credit.
    #[must_use]
    pub fn credits(&self) -> &[(i32, Vec<i32>)] {
        &self.credits
    }

    /// The codes of artists, or the numbers of albums or tracks, whose names only say that there is none; in order.
    #[must_use]
    pub fn placeholders(&self, column: Column) -> &[i32] {
        let [artists, albums, tracks] = &self.placeholders;
        match column {
            Column::Artist => artists,
            Column::AlbumId => albums,
            Column::TrackId => tracks,
            _ => &[],
        }
    }

    /// How many texts a column's values point into; `None` for one that has none.
    #[must_use]
    pub fn texts(&self, column: Column) -> Option<usize> {
        let field = self.fields.get(column.name())?;
        Some(self.texts.get(&field.dictionary?)?.count)
    }

    /// Whether every row of the column is null.
    #[must_use]
    pub fn is_null(&self, column: Column) -> bool {
        self.fields.get(column.name()).is_none_or(|field| field.nulls == self.rows as u64)
    }

    /// The texts into which a column's values point.
    ///
    /// # Errors
    /// [`ColumnsError`] when they cannot be read, or the column has none.
    pub fn dictionary(&self, column: Column) -> Result<Dictionary, ColumnsError> {
        let known = self.fields.get(column.name()).and_then(|field| self.texts.get(&field.dictionary?));
        let texts = known.ok_or_else(|| self.broken(format!("{} has no names", column.name())))?;
        let mut offsets = vec![0_i32; texts.count + 1];
        self.read(bytemuck::cast_slice_mut(&mut offsets), texts.offsets, 0)?;
        let length = usize::try_from(offsets.last().copied().unwrap_or_default()).unwrap_or_default();
        if length as u64 > texts.text.length {
            return Err(self.broken(format!("the names of {} are cut off", column.name())));
        }
        let mut text = vec![0; length];
        self.read(&mut text, texts.text, 0)?;
        let text = String::from_utf8(text).map_err(|error| self.broken(error.to_string()))?;
        Ok(Dictionary { offsets, text })
    }

    pub(super) fn size(&self) -> Result<u64, ColumnsError> {
        let metadata = self.file.metadata();
        Ok(metadata.map_err(|source| ColumnsError::Io { path: self.path.clone(), source })?.len())
    }

    pub(super) fn read(&self, into: &mut [u8], at: Bytes, skip: u64) -> Result<(), ColumnsError> {
        if skip + into.len() as u64 > at.length {
            return Err(self.asked_too_much());
        }
        self.file
            .read_exact_at(into, at.offset + skip)
            .map_err(|source| ColumnsError::Io { path: self.path.clone(), source })
    }

    pub(super) fn asked_too_much(&self) -> ColumnsError {
        self.broken("more was asked of a column than it holds".to_owned())
    }

    pub(super) fn broken(&self, reason: String) -> ColumnsError {
        ColumnsError::Format { path: self.path.clone(), reason }
    }
}

pub(super) fn invalid(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

pub(super) fn not_arrow(error: &impl std::fmt::Display) -> io::Error {
    invalid(&format!("its metadata cannot be read: {error}"))
}

/// The last bytes of the file: the footer, its length, and the format's mark.
pub(super) fn footer(file: &File) -> io::Result<Vec<u8>> {
    let size = file.metadata()?.len();
    let mut end = [0; 10];
    file.read_exact_at(&mut end, size.checked_sub(10).ok_or_else(|| invalid("it is too short"))?)?;
    if &end[4..] != MAGIC {
        return Err(invalid("its end is not that of an Arrow file"));
    }
    let length = u64::from(u32::from_le_bytes([end[0], end[1], end[2], end[3]]));
    let start = size.checked_sub(10 + length).filter(|_| length <= LARGEST_METADATA);
    metadata(file, start.ok_or_else(|| invalid("its footer has no credible length"))?, length)
}

fn metadata(file: &File, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    if length > LARGEST_METADATA {
        return Err(invalid("a message has no credible length"));
    }
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    file.read_exact_at(&mut bytes, offset)?;
    Ok(bytes)
}

fn lay_out(file: &File, footer: Footer<'_>) -> io::Result<Columns> {
    let missing = || invalid("its footer is incomplete");
    let schema = footer.schema().ok_or_else(missing)?;
    let block = footer.recordBatches().filter(|b| b.len() == 1).ok_or_else(missing)?.get(0);
    let fields: Vec<Field<'_>> = schema.fields().ok_or_else(missing)?.iter().collect();
    let said = |key: &str| {
        let pairs = schema.custom_metadata()?;
        pairs.iter().find(|pair| pair.key() == Some(key))?.value().map(str::to_owned)
    };
    let generation = Generation {
        view: said("heard.view").ok_or_else(missing)?,
        number: said("heard.generation").and_then(|n| n.parse().ok()).ok_or_else(missing)?,
    };
    let credits = said("heard.credits").and_then(|text| serde_json::from_str(&text).ok()).ok_or_else(missing)?;
    let placeholders =
        said("heard.placeholders").and_then(|text| serde_json::from_str(&text).ok()).ok_or_else(missing)?;
    let mut texts = HashMap::new();
    for block in footer.dictionaries().iter().flatten() {
        let (id, at) = dictionary_at(file, block)?;
        texts.insert(id, at);
    }
    let mut columns = Columns {
        file: file.try_clone()?,
        path: PathBuf::new(),
        rows: 0,
        dated: 0,
        generation,
        credits,
        placeholders,
        fields: HashMap::new(),
        texts,
        held: None,
        genres: OnceLock::new(),
    };
    read_batch(file, block, |batch, body| {
        columns.rows = usize::try_from(batch.length()).map_err(|_| missing())?;
        columns.fields = fields_at(&fields, batch, body)?;
        Ok(())
    })?;
    let undated = columns.fields.get(Moment::PlayedAt.name()).map_or(0, |field| field.nulls);
    columns.dated = columns.rows.saturating_sub(usize::try_from(undated).unwrap_or(usize::MAX));
    Ok(columns)
}

/// Reads a message's metadata and hands over its record batch and where its body begins.
pub(super) fn read_batch<T>(
    file: &File,
    block: &Block,
    take: impl FnOnce(RecordBatch<'_>, u64) -> io::Result<T>,
) -> io::Result<T> {
    let (offset, length) = place(block)?;
    let bytes = metadata(file, offset, length)?;
    let message = root_as_message(bytes.get(8..).unwrap_or_default()).map_err(|error| not_arrow(&error))?;
    let batch = message
        .header_as_record_batch()
        .or_else(|| message.header_as_dictionary_batch()?.data())
        .ok_or_else(|| invalid("a message holds no rows"))?;
    take(batch, offset + length)
}

fn place(block: &Block) -> io::Result<(u64, u64)> {
    let known = u64::try_from(block.offset()).ok().zip(u64::try_from(block.metaDataLength()).ok());
    known.ok_or_else(|| invalid("a message has no credible place"))
}

pub(super) fn buffer(batch: RecordBatch<'_>, index: usize, body: u64) -> io::Result<Bytes> {
    let buffers = batch.buffers().filter(|b| index < b.len()).ok_or_else(|| invalid("a column has no bytes"))?;
    let found = buffers.get(index);
    let known = u64::try_from(found.offset()).ok().zip(u64::try_from(found.length()).ok());
    let (offset, length) = known.ok_or_else(|| invalid("a column has no credible place"))?;
    Ok(Bytes { offset: body.saturating_add(offset), length })
}

/// Every column here has two buffers: its validity and its values.
fn fields_at(fields: &[Field<'_>], batch: RecordBatch<'_>, body: u64) -> io::Result<HashMap<String, FieldAt>> {
    let nodes = batch.nodes().filter(|n| n.len() == fields.len()).ok_or_else(|| invalid("columns are missing"))?;
    let mut found = HashMap::new();
    for (index, field) in fields.iter().enumerate() {
        let values = buffer(batch, index * 2 + 1, body)?;
        let nulls = u64::try_from(nodes.get(index).null_count()).unwrap_or_default();
        let dictionary = field.dictionary().map(|d| d.id());
        found.insert(field.name().unwrap_or_default().to_owned(), FieldAt { values, nulls, dictionary });
    }
    Ok(found)
}

fn dictionary_at(file: &File, block: &Block) -> io::Result<(i64, TextsAt)> {
    let (offset, length) = place(block)?;
    let bytes = metadata(file, offset, length)?;
    let message = root_as_message(bytes.get(8..).unwrap_or_default()).map_err(|error| not_arrow(&error))?;
    let id = message.header_as_dictionary_batch().map(|d| d.id()).ok_or_else(|| invalid("names are missing"))?;
    let texts = read_batch(file, block, |batch, body| {
        let count = usize::try_from(batch.length()).map_err(|_| invalid("names have no credible number"))?;
        let (offsets, text) = (buffer(batch, 1, body)?, buffer(batch, 2, body)?);
        if (count as u64 + 1) * 4 > offsets.length {
            return Err(invalid("names are cut off"));
        }
        Ok(TextsAt { count, offsets, text })
    })?;
    Ok((id, texts))
}
