//! Tables that are no text: workbooks of spreadsheets (`.xlsx`) and Parquet files, rewritten as comma-separated values
//! with a header, so that they go the way of all tables from there on.
//!
//! Neither is trusted: what comes out of a workbook's zip is counted as it comes, and nothing is made as large as a
//! file says that it should be.

mod cells;
mod pages;
mod parquet;
mod parts;
mod rows;
mod sheets;
mod styles;
mod workbook;

use std::io::{self, Read, Write};

pub use parquet::{is_panic_caught, parquet_as_csv};
pub use workbook::workbook_as_csv;

/// Bytes that one part of a workbook (a sheet, the texts of all sheets) may have once it is unpacked: a history of
/// more than a hundred thousand plays fits in.
pub const LARGEST_PART: u64 = 64 << 20;

/// Parts that a workbook may have: sheets, pictures, and what belongs to them.
pub const MOST_PARTS: usize = 4096;

/// Bytes that a table may have as text: ten million plays.
pub const LARGEST_TABLE: u64 = 1 << 30;

/// What came out of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// Rows, without the header.
    pub rows: u64,
    /// The sheet that they are from, in a workbook.
    pub sheet: Option<String>,
    /// Columns that have no text of their own, like lists and nested records. They are not in the output.
    pub left_out: Vec<String>,
}

/// Why a file cannot be rewritten as a table. Each reads on from the file's name.
#[derive(Debug, thiserror::Error)]
pub enum TabularError {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Input(#[source] io::Error),
    /// What came out of it cannot be written.
    #[error("what is in it cannot be written: {0}")]
    Output(#[source] io::Error),
    /// The file is not a workbook, or not a whole one.
    #[error("is not a whole workbook: it is cut off or damaged; download it again")]
    NotAWorkbook(#[source] io::Error),
    /// More parts than a workbook has.
    #[error("holds {parts} files, and a workbook has at most {most}; save the sheet as CSV and import that")]
    TooManyParts {
        /// How many it says to hold.
        parts: usize,
        /// How many are read.
        most: usize,
    },
    /// A part of a workbook is not as its format says.
    #[error("is not a whole workbook: {part} {reason}; open it in a spreadsheet and save it as CSV")]
    Part {
        /// The part's name in the zip.
        part: String,
        /// What is wrong with it.
        reason: String,
    },
    /// More came out of a part than may.
    #[error("holds {part}, which grows to more than {limit} bytes; save the sheet as CSV and import that")]
    TooLarge {
        /// The part's name in the zip.
        part: String,
        /// How many bytes may come out.
        limit: u64,
    },
    /// A sheet with more columns than any history has.
    #[error("has more than {most} columns in {sheet}; save the columns of the history as CSV and import that")]
    TooWide {
        /// The sheet.
        sheet: String,
        /// How many columns are read.
        most: usize,
    },
    /// No sheet of the workbook begins like a history.
    #[error("has no sheet with columns for artist, title and time; its sheets are: {}", sheets.join(", "))]
    NoHistory {
        /// The names of its sheets.
        sheets: Vec<String>,
    },
    /// The file is not Parquet, or not a whole file of it.
    #[error("is not a whole Parquet file: {0}; fetch it once more")]
    Parquet(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A Parquet file compressed in a way that is not read here.
    #[error("is compressed with {0}; write it with zstd, snappy or gzip, or as CSV")]
    Compression(String),
    /// A page of a Parquet file, or one value in it, is larger than any of a history.
    #[error("has more than {limit} bytes in one {what} of the column {column}; write it without that column")]
    TooLong {
        /// A page, or a value.
        what: &'static str,
        /// The column.
        column: String,
        /// How many bytes may be.
        limit: u64,
    },
    /// A Parquet file without a single column of texts, numbers or moments.
    #[error("has no column of texts, numbers or moments")]
    NoColumns,
}

impl TabularError {
    /// What it means that a row could not be written.
    fn row(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::output(error),
            other => Self::Output(io::Error::other(format!("{other:?}"))),
        }
    }

    fn output(error: io::Error) -> Self {
        if Exceeded::is(&error) {
            return Self::TooLarge { part: "a table".to_owned(), limit: LARGEST_TABLE };
        }
        Self::Output(error)
    }
}

/// A reader or a writer that fails once more went through it than may.
struct Bounded<T> {
    inner: T,
    left: u64,
}

/// What a [`Bounded`] one fails with.
#[derive(Debug, thiserror::Error)]
#[error("it is too large")]
struct Exceeded;

impl Exceeded {
    fn is(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.downcast_ref::<Self>().is_some())
    }
}

impl<T> Bounded<T> {
    fn pass(&mut self, bytes: usize) -> io::Result<()> {
        self.left = self.left.checked_sub(bytes as u64).ok_or_else(|| io::Error::other(Exceeded))?;
        Ok(())
    }
}

impl<'a> Bounded<&'a mut dyn Write> {
    /// A few bytes in a file may stand for many rows.
    fn new(inner: &'a mut dyn Write) -> Self {
        Self { inner, left: LARGEST_TABLE }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.pass(read).map(|()| read)
    }
}

impl Write for Bounded<&mut dyn Write> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.pass(written).map(|()| written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of these records when a table may have nine bytes.
    fn written(records: &[&str]) -> Result<(), TabularError> {
        let mut out = Vec::new();
        let mut writer = csv::Writer::from_writer(Bounded { inner: &mut out as &mut dyn Write, left: 9 });
        for record in records {
            writer.write_record([record]).map_err(TabularError::row)?;
            writer.flush().map_err(TabularError::output)?;
        }
        Ok(())
    }

    #[test]
    fn a_table_does_not_grow_without_end() {
        written(&["123", "5678"]).unwrap();
        let long = "x".repeat(1 << 20);
        for too_much in [&["123", "5678", ""][..], &["1234567890"], &[&long]] {
            let error = written(too_much).unwrap_err();
            assert!(matches!(error, TabularError::TooLarge { limit: LARGEST_TABLE, .. }), "{error}");
        }
    }
}
