//! A workbook's history as comma-separated values.

use std::io::{Read, Seek, Write};
use std::ops::ControlFlow;

use csv::{Writer, WriterBuilder};
use zip::ZipArchive;
use zip::read::Config;
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;

use super::parts::Part;
use super::rows::{Meanings, for_each_row};
use super::sheets::{Sheet, Texts, contents};
use super::styles::moments;
use super::{Bounded, Converted, LARGEST_PART, MOST_PARTS, TabularError};

/// The sheet in which Deezer puts a listener's history.
const DEEZERS: &str = "10_listeningHistory";

/// Rows before which a header must stand.
const HEADER_WITHIN: u64 = 20;

/// Writes the sheet with a history in it, header first, with every cell as text; moments as `YYYY-MM-DD HH:MM:SS`.
///
/// That is Deezer's `10_listeningHistory`, or else the first sheet with a row of column names for artist, title and
/// time among its first rows. Rows without a single filled cell are left out; so is what stands before the header.
///
/// # Errors
/// [`TabularError`]. Rows that were written until then are whole.
pub fn workbook_as_csv<R: Read + Seek>(file: R, out: &mut dyn Write) -> Result<Converted, TabularError> {
    let mut workbook = open(file)?;
    let contents = contents(&mut workbook)?;
    let meanings = Meanings {
        texts: Texts::read(&mut workbook)?,
        moments: moments(&mut workbook)?,
        since_1904: contents.since_1904,
    };
    let deezers = contents.sheets.iter().filter(|sheet| sheet.name.eq_ignore_ascii_case(DEEZERS));
    for sheet in deezers.chain(&contents.sheets) {
        if let Some(before) = rows_before_header(&mut workbook, sheet, &meanings)? {
            let rows = write(&mut workbook, sheet, &meanings, before, out)?;
            return Ok(Converted { rows, sheet: Some(sheet.name.clone()), left_out: Vec::new() });
        }
    }
    Err(TabularError::NoHistory { sheets: contents.sheets.into_iter().map(|sheet| sheet.name).collect() })
}

/// The zip of a workbook. How long its list is, is checked before anything is read by it.
fn open<R: Read + Seek>(mut file: R) -> Result<ZipArchive<R>, TabularError> {
    let not_a_workbook = |error: ZipError| TabularError::NotAWorkbook(error.into());
    let parts = ZipIterable::try_new(&mut file, Config::default()).map_err(not_a_workbook)?.len();
    if parts > MOST_PARTS {
        return Err(TabularError::TooManyParts { parts, most: MOST_PARTS });
    }
    ZipArchive::new(file).map_err(not_a_workbook)
}

/// How many rows stand before the header, where there is one.
fn rows_before_header<R: Read + Seek>(
    workbook: &mut ZipArchive<R>,
    sheet: &Sheet,
    meanings: &Meanings,
) -> Result<Option<u64>, TabularError> {
    let (mut before, mut found) = (0, false);
    let Some(part) = Part::open(workbook, &sheet.part, LARGEST_PART)? else {
        return Ok(None);
    };
    for_each_row(part, &sheet.name, meanings, |row| {
        found = is_header(row);
        before += u64::from(!found);
        Ok(if found || before == HEADER_WITHIN { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Some(before).filter(|_| found))
}

/// Whether a row names columns for artist, title and time.
fn is_header(row: &[String]) -> bool {
    let cells: Vec<String> = row.iter().map(|cell| cell.to_lowercase()).collect();
    let names = |words: &[&str]| cells.iter().any(|cell| words.iter().any(|word| cell.contains(word)));
    names(&["artist"]) && names(&["title", "track", "song"]) && names(&["date", "time", "played", "uts"])
}

fn write<R: Read + Seek>(
    workbook: &mut ZipArchive<R>,
    sheet: &Sheet,
    meanings: &Meanings,
    before: u64,
    out: &mut dyn Write,
) -> Result<u64, TabularError> {
    let mut writer = WriterBuilder::new().flexible(true).from_writer(Bounded::new(out));
    let (mut seen, mut width) = (0, 0);
    if let Some(part) = Part::open(workbook, &sheet.part, LARGEST_PART)? {
        for_each_row(part, &sheet.name, meanings, |row| {
            seen += 1;
            if seen > before {
                width = if seen == before + 1 { row.len() } else { width };
                record(&mut writer, row, width)?;
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    writer.flush().map_err(TabularError::output)?;
    Ok(seen.saturating_sub(before + 1))
}

/// Writes a row as wide as the header; cells beyond it stay where they are.
fn record<W: Write>(writer: &mut Writer<W>, row: &[String], width: usize) -> Result<(), TabularError> {
    let missing = std::iter::repeat_n("", width.saturating_sub(row.len()));
    let cells = row.iter().map(String::as_str).chain(missing);
    writer.write_record(cells).map_err(TabularError::row)
}
