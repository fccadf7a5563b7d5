//! Text for people and for programs: tables, JSON, CSV. Data goes to standard output, talk to standard error.

use std::io::{self, IsTerminal, Write};

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use jiff::Timestamp;
use serde::Serialize;

use crate::exit::{Code, Failure};

/// How data is to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Aligned columns for a person.
    Table,
    /// One JSON document.
    Json,
    /// Comma-separated values with a header.
    Csv,
}

/// Where text goes, and how wide it may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    pub(crate) style: Style,
    pub(crate) quiet: bool,
    pub(crate) colour: bool,
    pub(crate) columns: usize,
}

impl Printer {
    /// A printer for this terminal, or for none.
    pub(crate) fn new(style: Style, quiet: bool, colour: bool, columns: Option<usize>) -> Self {
        let terminal = io::stdout().is_terminal();
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|_| terminal);
        Self { style, quiet, colour: colour && terminal, columns: columns.or(width).unwrap_or(100).clamp(20, 500) }
    }

    /// Prints data as it is.
    pub(crate) fn data(self, text: &str) -> Result<(), Failure> {
        write_out(text.as_bytes())
    }

    /// Prints one JSON document.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        let mut text =
            serde_json::to_string_pretty(value).map_err(|error| Failure::new(Code::Failure, error.to_string()))?;
        text.push('\n');
        write_out(text.as_bytes())
    }

    /// Prints rows with a header as CSV.
    pub(crate) fn csv(self, header: &[&str], rows: &[Vec<String>]) -> Result<(), Failure> {
        write_out(&csv_of(header, rows)?)
    }

    /// Prints aligned columns; `numbers` are right-aligned. Wide letters take the room they take.
    pub(crate) fn table(self, header: &[&str], rows: &[Vec<String>], numbers: &[usize]) -> Result<(), Failure> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.columns).unwrap_or(u16::MAX)).set_truncation_indicator("…");
        table.set_header(header);
        for row in rows {
            let mut row = comfy_table::Row::from(row.iter().map(|cell| harmless(cell)).collect::<Vec<_>>());
            row.max_height(1);
            table.add_row(row);
        }
        for number in numbers {
            if let Some(column) = table.column_mut(*number) {
                column.set_cell_alignment(CellAlignment::Right);
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        if let Some(first) = table.column_mut(0) {
            first.set_padding((0, 1));
            if numbers.contains(&0) {
                first.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(3)));
            }
        }
        let mut text: String = table.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        if rows.is_empty() {
            text.clear();
        }
        write_out(text.as_bytes())
    }

    /// Says something to the person, not to the program that reads the data.
    pub(crate) fn say(self, text: &str) {
        if !self.quiet {
            warn(text);
        }
    }
}

/// Rows with a header as CSV.
pub(crate) fn csv_of(header: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(header).and_then(|()| rows.iter().try_for_each(|row| writer.write_record(row)));
    let bytes =
        written.map_err(io::Error::from).and_then(|()| writer.into_inner().map_err(csv::IntoInnerError::into_error));
    bytes.map_err(|error| Failure::new(Code::Failure, error.to_string()))
}

/// Says something that even `--quiet` does not hide.
pub(crate) fn warn(text: &str) {
    // A closed standard error leaves nobody to tell.
    drop(writeln!(io::stderr(), "{}", harmless_lines(text)));
}

/// A reader that went away has read enough.
pub(crate) fn write_out(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::standard_output(&error)),
        Ok(()) => Ok(()),
    }
}

/// A text that cannot drive a terminal: control characters and marks that turn the direction of writing are shown as
/// what they are.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => '\u{fffd}',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

fn harmless_lines(text: &str) -> String {
    text.split('\n').map(harmless).collect::<Vec<_>>().join("\n")
}

/// A moment as RFC 3339 in UTC.
pub(crate) fn moment(unix: i64) -> String {
    Timestamp::from_second(unix).map_or_else(|_| unix.to_string(), |moment| moment.to_string())
}

/// The day of a wall clock that tells these seconds.
pub(crate) fn day(local_at: i64) -> String {
    moment(local_at).chars().take(10).collect()
}

/// A number with thin groups of three, for people.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun, whose plural ends in s.
pub(crate) fn several(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), by_number(number, "", "s"))
}

/// The word that goes with a number: `has` with 1, `have` with all others.
pub(crate) fn by_number<'w>(number: u64, one: &'w str, others: &'w str) -> &'w str {
    if number == 1 { one } else { others }
}

/// A part of a whole, from 0 to 1; of nothing there is no part.
#[expect(clippy::cast_precision_loss, reason = "plays, days and milliseconds are fewer than 2^52")]
pub(crate) fn share(of: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { of as f64 / all as f64 }
}

/// A part of a whole for people: `87 %`, `<1 %`. Less than everything is not said to be everything.
pub(crate) fn percent(part: f64) -> String {
    match part {
        part if part > 0.0 && part < 0.01 => "<1 %".to_owned(),
        part if part > 0.99 && part < 1.0 => ">99 %".to_owned(),
        part => format!("{:.0} %", part * 100.0),
    }
}

/// A number to two decimals, as answers about parts of plays give it.
pub(crate) fn two_decimals(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// Milliseconds as hours and minutes, for people.
pub(crate) fn duration(ms: u64) -> String {
    let minutes = ms / 60_000;
    format!("{}h {:02}m", grouped(minutes / 60), minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_drive_a_terminal() {
        let hostile = "a\u{1b}[2J\u{9b}31m\r\n\u{202e}b\u{0}\u{7f}東京";
        assert_eq!(harmless(hostile), "a\u{fffd}[2J\u{fffd}31m\u{fffd}\u{fffd}\u{fffd}b\u{fffd}\u{fffd}東京");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0, 1, 2, 1_000].map(|n| several(n, "play")), ["0 plays", "1 play", "2 plays", "1,000 plays"]);
        assert_eq!([0, 1, 2, 1_001].map(|n| by_number(n, "has", "have")), ["have", "has", "have", "have"]);
        assert_eq!(day(1_551_744_000), "2019-03-05");
        assert_eq!(duration(3_661_000), "1h 01m");
        assert_eq!([0.0, 0.001, 0.5, 0.87, 0.996, 1.0].map(percent), ["0 %", "<1 %", "50 %", "87 %", ">99 %", "100 %"]);
        assert_eq!([two_decimals(1.006), two_decimals(2.0 / 3.0)], [1.01, 0.67]);
    }
}
