//! The rows of a sheet, every cell as text.

use std::collections::HashSet;
use std::io::{Read, Seek};
use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::TabularError;
use super::parts::{Part, attribute, broken, push_text};
use super::sheets::Texts;
use super::styles::{iso_moment, moment};

/// Columns that are read. Spreadsheets have up to 16,384, histories never.
pub(super) const WIDEST: usize = 256;

/// What is needed to read a cell.
pub(super) struct Meanings {
    pub(super) texts: Texts,
    pub(super) moments: HashSet<usize>,
    pub(super) since_1904: bool,
}

/// A cell on its way from the sheet.
#[derive(Default)]
struct Cell {
    column: usize,
    kind: String,
    style: usize,
    value: String,
    in_value: bool,
    in_reading_aid: bool,
}

/// Hands over every row that has a cell with something in it, without the empty cells at its end, until it is told to
/// stop.
pub(super) fn for_each_row<R: Read + Seek>(
    mut part: Part<'_, R>,
    sheet: &str,
    meanings: &Meanings,
    mut each: impl FnMut(&[String]) -> Result<ControlFlow<()>, TabularError>,
) -> Result<(), TabularError> {
    let (mut row, mut cell, mut next, mut in_rows) = (Vec::new(), Cell::default(), 0, false);
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "sheetData" => in_rows = true,
                "row" => (next, row) = (0, Vec::new()),
                "c" => cell = Cell::begin(&element, next),
                "v" => cell.in_value = true,
                "t" => cell.in_value = !cell.in_reading_aid,
                "rPh" => cell.in_reading_aid = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "v" | "t" => cell.in_value = false,
                "rPh" => cell.in_reading_aid = false,
                "c" => {
                    next = cell.column.saturating_add(1);
                    std::mem::take(&mut cell).end(&mut row, sheet, meanings)?;
                }
                "row" if !row.is_empty() && each(&row)?.is_break() => return Ok(()),
                "sheetData" => return Ok(()),
                _ => {}
            },
            Event::Eof if in_rows => return Err(broken(sheet, &"it breaks off")),
            Event::Eof => return Ok(()),
            event if cell.in_value => push_text(&event, &mut cell.value, sheet)?,
            _ => {}
        }
    }
}

impl Cell {
    fn begin(element: &BytesStart<'_>, next: usize) -> Self {
        let column = attribute(element, "r").and_then(|place| column(&place)).unwrap_or(next);
        let style = attribute(element, "s").and_then(|style| style.parse().ok()).unwrap_or(0);
        Self { column, kind: attribute(element, "t").unwrap_or_default(), style, ..Self::default() }
    }

    /// Puts the cell into its row, where it holds something.
    fn end(self, row: &mut Vec<String>, sheet: &str, meanings: &Meanings) -> Result<(), TabularError> {
        let column = self.column;
        let text = self.text(sheet, meanings)?;
        if text.is_empty() {
            return Ok(());
        }
        if column >= WIDEST {
            return Err(TabularError::TooWide { sheet: sheet.to_owned(), most: WIDEST });
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = text;
        Ok(())
    }

    fn text(self, sheet: &str, meanings: &Meanings) -> Result<String, TabularError> {
        if self.value.is_empty() {
            return Ok(self.value);
        }
        Ok(match self.kind.as_str() {
            "s" => {
                let text = self.value.trim().parse().ok().and_then(|number| meanings.texts.get(number));
                unescaped(text.ok_or_else(|| broken(sheet, &"a cell names a text that is not there"))?)
            }
            "inlineStr" | "str" => unescaped(&self.value),
            "b" => if self.value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            "d" => iso_moment(self.value),
            "e" => self.value,
            _ => number(self.value, meanings.moments.contains(&self.style), meanings.since_1904),
        })
    }
}

/// The column of a place like `AB12`, counted from 0.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.into_iter().try_fold(0_usize, |number, letter| {
        let digit = usize::from(letter.to_ascii_uppercase() - b'A' + 1);
        number.checked_mul(26)?.checked_add(digit)
    })?;
    number.checked_sub(1)
}

/// A number as text: a moment as one, a whole number without a fraction, and any other as it stands.
fn number(value: String, is_moment: bool, since_1904: bool) -> String {
    let Ok(read) = value.trim().parse::<f64>() else {
        return value;
    };
    let moment = if is_moment { moment(read, since_1904) } else { None };
    moment.unwrap_or_else(|| if read.fract() == 0.0 && read.abs() < 9e15 { format!("{read:.0}") } else { value })
}

/// A text without the escapes `_xHHHH_` for characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19).
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        plain.push_str(before);
        let code = escape.get(2..6).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let character = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        match character.filter(|_| escape.as_bytes().get(6) == Some(&b'_')) {
            Some(character) => {
                plain.push(character);
                rest = escape.get(7..).unwrap_or_default();
            }
            None => {
                plain.push_str("_x");
                rest = escape.get(2..).unwrap_or_default();
            }
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_name_columns() {
        for (place, says) in [("A1", 0), ("Z9", 25), ("AA1", 26), ("XFD1", 16_383), ("b2", 1)] {
            assert_eq!(column(place), Some(says), "{place}");
        }
        for nothing in ["", "1", "$A$1", "ABCDEFGHIJKLMNOPQRSTUVWXYZABC1"] {
            assert_eq!(column(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn escapes_are_characters_again() {
        for (text, says) in [
            ("plain", "plain"),
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00", "_x00"),
            ("_xZZZZ_", "_xZZZZ_"),
            ("_xD800_", "_xD800_"),
            ("_x0041 _x0042_", "_x0041 B"),
            ("_x_x0041_", "_xA"),
            ("日_x672C_", "日本"),
            ("_x日本", "_x日本"),
        ] {
            assert_eq!(unescaped(text), says, "{text}");
        }
    }

    #[test]
    fn numbers_stand_as_they_are_meant() {
        let plain = |value: &str| number(value.to_owned(), false, false);
        assert_eq!(
            ["215", "215.0", "1E3", "1.5", "-3", "x", "1e400"].map(plain),
            ["215", "215", "1000", "1.5", "-3", "x", "1e400"]
        );
        assert_eq!(number("45000.5".to_owned(), true, false), "2023-03-15 12:00:00");
        assert_eq!(number("-1".to_owned(), true, false), "-1");
    }
}
