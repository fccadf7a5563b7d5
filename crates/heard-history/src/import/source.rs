//! An input's bytes before anything is known of them.

use std::io::{self, Cursor, Read};

use super::inputs::{self, Input, Kind};
use super::recognise::HEAD;
use super::tabular;

/// Workbooks and Parquet are read as a whole; three million plays in Parquet have less than half of this.
const LARGEST_TABULAR: u64 = 128 << 20;

/// Why an input cannot be read, as a part of a sentence that begins with its name.
pub(super) fn unreadable(error: &io::Error) -> String {
    inputs::Refusal::within(error).map_or_else(|| format!("cannot be read: {error}"), ToString::to_string)
}

/// So much of a text's beginning as is looked at to recognise it.
pub(super) fn head_of(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    match source.take(HEAD as u64).read_to_end(&mut head) {
        // What came before a break in a compressed file is still read.
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(head),
    }
}

/// All bytes of a workbook or Parquet, or why there are none to be had.
pub(super) fn whole(input: &mut Input<'_>) -> Result<Vec<u8>, String> {
    let mut file = Vec::new();
    let source = input.open().map_err(|error| unreadable(&error))?;
    source.take(LARGEST_TABULAR + 1).read_to_end(&mut file).map_err(|error| unreadable(&error))?;
    if file.len() as u64 > LARGEST_TABULAR {
        return Err(format!("is larger than {} MiB; save it as CSV", LARGEST_TABULAR >> 20));
    }
    Ok(file)
}

/// What stands in a workbook's or in Parquet's cells, as a table of text; or why it cannot be read.
pub(super) fn as_csv(kind: Kind, file: Vec<u8>) -> Result<Vec<u8>, String> {
    let mut csv = Vec::new();
    let read = match kind {
        Kind::Workbook => tabular::workbook_as_csv(Cursor::new(file), &mut csv),
        Kind::Parquet | Kind::Plain => tabular::parquet_as_csv(Cursor::new(file), &mut csv),
    };
    read.map(|_| csv).map_err(|error| error.to_string())
}
