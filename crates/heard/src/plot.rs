//! Answers as pictures in the terminal.
//!
//! No line is wider than the terminal (20 columns at least). The texts hold no control character but the line feed,
//! and where colour is wanted the escape sequences written here; names that run from right to left are isolated from
//! what stands around them. Colour repeats what the text says and adds nothing.

mod bars;
mod card;
mod hours;
mod moments;
mod race;

pub(crate) use bars::ranked_bars;
pub(crate) use card::share_card;
pub(crate) use hours::{calendar, circular_clock, punchcard};
pub(crate) use moments::{milestones, timeline};
pub(crate) use race::bump;

use heard_web::chart::legible;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Narrower than this nothing can be read; a terminal that claims less is not believed.
const NARROWEST: usize = 20;
/// A block of so many eighths, from the left.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// Stands in a picture of nothing.
const NOTHING: &str = "Nothing was counted here.";
/// Empty columns between two parts of a row.
const GAP: usize = 2;

/// A picture's lines, with what stands around them.
struct Sheet {
    lines: Vec<String>,
    columns: usize,
    ink: Ink,
}

impl Sheet {
    /// A sheet with its title and subtitle, where there are any.
    fn new(title: &str, subtitle: &str, columns: usize, colour: bool) -> Self {
        let mut sheet = Self { lines: Vec::new(), columns: columns.max(NARROWEST), ink: Ink { colour } };
        let (title, subtitle) = (sheet.fitted(title), sheet.fitted(subtitle));
        sheet.lines.extend(sheet.ink.strong(&title));
        sheet.lines.extend(sheet.ink.faint(&subtitle));
        if !sheet.lines.is_empty() {
            sheet.lines.push(String::new());
        }
        sheet
    }

    /// A text that was never shown, as one line.
    fn fitted(&self, text: &str) -> String {
        fit(&legible(text), self.columns)
    }

    fn nothing(&mut self) {
        self.lines.push(fit(NOTHING, self.columns));
    }

    /// The text, with its last line.
    fn finish(mut self, footer: &str) -> String {
        let footer = self.fitted(footer);
        if !footer.is_empty() {
            self.lines.push(String::new());
            self.lines.extend(self.ink.faint(&footer));
        }
        self.lines.iter().flat_map(|line| [line.trim_end_matches(' '), "\n"]).collect()
    }
}

/// Rows of a name, a bar from zero and a value, in columns that line up.
fn bar_rows(sheet: &mut Sheet, rows: &[(String, u64, String)]) {
    let widest = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| text.width()).max().unwrap_or(0);
    let columns = sheet.columns;
    let value_room = widest(&mut rows.iter().map(|(.., value)| value)).min(columns / 3);
    let name_room = widest(&mut rows.iter().map(|(name, ..)| name)).min(columns / 3);
    let bar_room = columns.saturating_sub(name_room + value_room + 2 * GAP);
    let longest = rows.iter().map(|(_, value, _)| *value).max().unwrap_or(0);
    for (name, value, text) in rows {
        let name = padded(&fit(name, name_room), name_room);
        let bar = blocks(*value, longest, bar_room);
        let rest = " ".repeat((bar_room + GAP).saturating_sub(bar.width()));
        let text = fit(text, value_room);
        let before = " ".repeat(value_room.saturating_sub(text.width()));
        let bar = sheet.ink.paint("34", &bar);
        sheet.lines.push(format!("{name}{}{bar}{rest}{before}{}", " ".repeat(GAP), isolated(&text)));
    }
}

/// The way to stress what can be read without it.
#[derive(Clone, Copy)]
struct Ink {
    colour: bool,
}

impl Ink {
    fn strong(self, text: &str) -> Option<String> {
        (!text.is_empty()).then(|| self.paint("1", text))
    }

    fn faint(self, text: &str) -> Option<String> {
        (!text.is_empty()).then(|| self.paint("2", text))
    }

    /// `text` between a "select graphic rendition" sequence and its end.
    fn paint(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A bar to the eighth of a column; what was counted is seen.
pub(crate) fn blocks(value: u64, longest: u64, columns: usize) -> String {
    let whole = columns as u128 * 8;
    let eighths = u128::from(value) * whole / u128::from(longest.max(1));
    let eighths = eighths.clamp(u128::from(value > 0), whole);
    let full = usize::try_from(eighths / 8).unwrap_or(columns);
    let part = usize::try_from(eighths % 8).unwrap_or(0);
    "█".repeat(full) + EIGHTHS[part]
}

/// As much of `text` as `columns` hold, whole signs only, with an ellipsis for the rest.
fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    // A sign is a column wide or has next to none; a hostile one is cut off here.
    let ends = text.grapheme_indices(true).take(room * 4);
    let end =
        ends.map(|(start, sign)| start + sign.len()).take_while(|&end| text[..end].width() <= room).last().unwrap_or(0);
    let ellipsis = if columns > 0 { "…" } else { "" };
    format!("{}{ellipsis}", text[..end].trim_end())
}

/// `text` isolated, and blanks up to `columns`.
fn padded(text: &str, columns: usize) -> String {
    let rest = columns.saturating_sub(text.width());
    isolated(text) + &" ".repeat(rest)
}

/// `text` as a paragraph of its own where it runs from right to left, between
/// "first strong isolate" and "pop directional isolate".
fn isolated(text: &str) -> String {
    let rtl = |c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    if text.contains(rtl) { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
}
