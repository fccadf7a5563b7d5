//! Answers as pictures in the terminal.
//!
//! No line is wider than the terminal (20 columns at least). The texts hold no control character but the line feed,
//! and where colour is wanted the escape sequences written here; names that run from right to left are isolated from
//! what stands around them. Colour repeats what the text says and adds nothing.

mod area;
mod bars;
mod card;
mod hours;
mod moments;
mod race;

pub(crate) use area::stacked_area;
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
/// Signs of a sparkline: nothing, and eighths of the most.
const LEVELS: [char; 9] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
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

/// A sign for each value, the higher the more; a dot for none.
pub(crate) fn sparkline(values: &[u64]) -> String {
    let most = values.iter().copied().max().unwrap_or_default().max(1);
    let level = |value: u64| usize::try_from((u128::from(value) * 8).div_ceil(u128::from(most))).unwrap_or_default();
    values.iter().map(|value| LEVELS.get(level(*value)).copied().unwrap_or('█')).collect()
}

/// As much of `text` as `columns` hold, whole signs only, with an ellipsis for the rest.
pub(crate) fn fit(text: &str, columns: usize) -> String {
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

#[cfg(test)]
mod tests {
    use heard_web::chart::{
        Bump, BumpLine, Calendar, CardList, Clock, Measure, Milestone, Milestones, Punchcard, Series, ShareCard,
        StackedArea, Timeline, TimelineUnit,
    };

    use super::*;

    type Draw = Box<dyn Fn(usize, bool) -> String>;

    /// Every form but rankings, of hostile names.
    fn forms(names: &[&str]) -> Vec<Draw> {
        let name = |at: usize| names[at % names.len()].to_owned();
        let (title, subtitle, footer) = (name(0), name(1), name(2));
        let clock = Clock {
            title: title.clone(),
            subtitle: subtitle.clone(),
            hours: std::array::from_fn(|hour| hour as u64 * 1_000_000_000),
            measure: Measure::Count,
            footer: footer.clone(),
        };
        let card = Punchcard {
            title: title.clone(),
            subtitle: subtitle.clone(),
            hours: std::array::from_fn(|day| std::array::from_fn(|hour| (day * hour) as u64)),
            week_start: 6,
            measure: Measure::Time,
            footer: footer.clone(),
        };
        let days = Calendar {
            title: title.clone(),
            subtitle: subtitle.clone(),
            days: vec![(19_782, 3), (20_088, 9), (18_300, u64::MAX), (i32::MAX, 5), (i32::MIN, 5)],
            week_start: 5,
            measure: Measure::Count,
            footer: footer.clone(),
        };
        let unit = |at: usize| TimelineUnit { label: name(at), value: at as u64, before: Some(7).filter(|_| at > 3) };
        let line = Timeline {
            title: title.clone(),
            subtitle: subtitle.clone(),
            units: (0..names.len()).map(unit).collect(),
            name_before: name(3),
            footer: footer.clone(),
            ..Timeline::default()
        };
        let runner = |at: usize| BumpLine { name: name(at), ranks: vec![Some(1), None, Some(u32::MAX)] };
        let race = Bump {
            title: title.clone(),
            subtitle: subtitle.clone(),
            units: (0..40).map(name).collect(),
            places: u32::MAX,
            lines: (0..names.len()).map(runner).collect(),
            footer: footer.clone(),
        };
        let band = |at: usize| Series { name: name(at), values: vec![at as u64; at * 4] };
        let stream = StackedArea {
            title: title.clone(),
            subtitle: subtitle.clone(),
            units: (0..60).map(name).collect(),
            series: (0..names.len()).map(band).chain([Series { name: name(1), values: vec![u64::MAX; 70] }]).collect(),
            footer: footer.clone(),
            ..StackedArea::default()
        };
        let point = |at: usize| Milestone { day: at as i32 * 900, label: name(at), detail: name(at + 1) };
        let stones = Milestones {
            title: title.clone(),
            subtitle: subtitle.clone(),
            points: (0..names.len()).map(point).chain([Milestone { day: i32::MIN, ..point(0) }]).collect(),
            footer: footer.clone(),
        };
        let rows = (0..5).map(|at| (name(at), Some(name(at + 5)))).collect();
        let story = ShareCard {
            title,
            subtitle,
            number: name(4),
            number_label: name(5),
            numbers: vec![(name(6), name(7))],
            lists: vec![CardList { title: name(8), rows }],
            hours: [u64::MAX; 24],
            footer,
            ..ShareCard::default()
        };
        vec![
            Box::new(move |columns, colour| circular_clock(&clock, columns, colour)),
            Box::new(move |columns, colour| punchcard(&card, columns, colour)),
            Box::new(move |columns, colour| calendar(&days, columns, colour)),
            Box::new(move |columns, colour| timeline(&line, columns, colour)),
            Box::new(move |columns, colour| bump(&race, columns, colour)),
            Box::new(move |columns, colour| stacked_area(&stream, columns, colour)),
            Box::new(move |columns, colour| milestones(&stones, columns, colour)),
            Box::new(move |columns, colour| share_card(&story, columns, colour)),
        ]
    }

    #[test]
    fn in_no_form_a_line_is_too_wide_or_a_name_drives_the_terminal() {
        let long = "very ".repeat(50);
        let family = "👨\u{200d}👩\u{200d}👧".repeat(20);
        let names = [
            "Low",
            "宇多田ヒカル",
            &long,
            "\u{1b}]52;c;aGk=\u{7}",
            "\u{9b}2J",
            "a\nb\tc\0\r",
            "\u{202e}desrever\u{2066}",
            "عمرو دياب (Live)",
            &family,
            "",
            "1,204",
        ];
        for draw in forms(&names) {
            for columns in [0, 20, 21, 33, 57, 80, 200] {
                let plain = draw(columns, false);
                for line in plain.lines() {
                    assert!(line.width() <= columns.max(NARROWEST), "{columns}: {line}\n{plain}");
                    assert_eq!(line, line.trim_end(), "no blanks at the end");
                }
                let mut coloured = draw(columns, true);
                for code in ["\u{1b}[1m", "\u{1b}[2m", "\u{1b}[34m", "\u{1b}[0m"] {
                    coloured = coloured.replace(code, "");
                }
                let bare = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
                assert_eq!(bare(&coloured), bare(&plain), "colour changes nothing that is read");
                let acts = |c: char| {
                    (c.is_control() && c != '\n')
                        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}')
                };
                assert!(!plain.contains(acts), "{plain:?}");
                assert_eq!(plain.matches('\u{2068}').count(), plain.matches('\u{2069}').count(), "{plain:?}");
            }
        }
    }

    #[test]
    fn a_sparkline_has_a_sign_for_every_value() {
        assert_eq!(sparkline(&[0, 1, 2, 3, 4, 5, 6, 7, 8]), "·▁▂▃▄▅▆▇█");
        assert_eq!(sparkline(&[1, 1_000_000]), "▁█", "what was counted is seen");
        assert_eq!(sparkline(&[0, u64::MAX, u64::MAX / 2]), "·█▄");
        assert_eq!((sparkline(&[0, 0]), sparkline(&[])), ("··".to_owned(), String::new()));
    }

    #[test]
    fn a_picture_of_nothing_says_so() {
        let nothing = [
            circular_clock(&Clock::default(), 80, false),
            punchcard(&Punchcard::default(), 80, false),
            calendar(&Calendar::default(), 80, false),
            timeline(&Timeline::default(), 80, false),
            bump(&Bump::default(), 80, false),
            stacked_area(&StackedArea::default(), 80, false),
            milestones(&Milestones::default(), 80, false),
            share_card(&ShareCard::default(), 80, false),
        ];
        for text in nothing {
            assert_eq!(text, "Nothing was counted here.\n");
        }
    }
}
