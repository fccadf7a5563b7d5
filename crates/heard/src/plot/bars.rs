//! Rankings.

use heard_web::chart::{BarRow, RankedBars, legible};
use unicode_width::UnicodeWidthStr as _;

use super::{GAP, Ink, Sheet, blocks, fit, isolated, padded};

/// Bars shorter than this say nothing and are left out.
const SHORTEST_BAR: usize = 4;

/// Draws a ranking for a terminal `columns` wide: one line for each row, with rank, names, a bar from zero and the
/// value, all in columns that line up whatever script the names are in.
pub(crate) fn ranked_bars(bars: &RankedBars, columns: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(&bars.title, &bars.subtitle, columns, colour);
    if bars.rows.is_empty() {
        sheet.nothing();
    }
    let rows = rows(&bars.rows, sheet.columns, sheet.ink);
    sheet.lines.extend(rows);
    sheet.finish(&bars.footer)
}

/// How many columns each part of a row has.
struct Widths {
    rank: usize,
    name: usize,
    bar: usize,
    value: usize,
}

impl Widths {
    fn new(names: &[String], values: &[String], columns: usize) -> Self {
        let widest = |texts: &[String]| texts.iter().map(|text| text.width()).max();
        let rank = names.len().to_string().len();
        let value = widest(values).unwrap_or(0).min(columns / 3);
        let left = columns.saturating_sub(rank + 1 + GAP + value);
        let name = widest(names).unwrap_or(0).min(left);
        let with_bar = name.min((columns * 2 / 5).max(8));
        match left.saturating_sub(with_bar + GAP) {
            bar if bar >= SHORTEST_BAR => Self { rank, name: with_bar, bar, value },
            _ => Self { rank, name, bar: 0, value },
        }
    }
}

fn rows(rows: &[BarRow], columns: usize, ink: Ink) -> Vec<String> {
    let names: Vec<String> = rows.iter().map(name).collect();
    let values: Vec<String> = rows.iter().map(|row| legible(&row.value_text)).collect();
    let widths = Widths::new(&names, &values, columns);
    let longest = rows.iter().map(|row| row.value).max().unwrap_or(0);
    let line = |((index, row), (name, value)): ((usize, &BarRow), (&String, &String))| {
        let rank = format!("{:>1$}", index + 1, widths.rank);
        let name = padded(&fit(name, widths.name), widths.name);
        let value = fit(value, widths.value);
        let before = " ".repeat(widths.value.saturating_sub(value.width()));
        let bar = if widths.bar == 0 {
            String::new()
        } else {
            let bar = blocks(row.value, longest, widths.bar);
            let rest = " ".repeat(widths.bar + GAP - bar.width());
            ink.paint("34", &bar) + &rest
        };
        let rank = ink.paint("2", &rank);
        let gap = " ".repeat(GAP);
        format!("{rank} {name}{gap}{bar}{before}{}", isolated(&value))
    };
    let texts = names.iter().zip(&values);
    rows.iter().enumerate().zip(texts).map(line).collect()
}

/// The names of a row in one.
fn name(row: &BarRow) -> String {
    let label = match legible(&row.label) {
        label if label.is_empty() => "(no name)".to_owned(),
        label => label,
    };
    match row.detail.as_deref().map(legible) {
        Some(detail) if !detail.is_empty() => format!("{label} – {detail}"),
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::super::NARROWEST;
    use super::*;

    fn row(label: &str, value: u64) -> BarRow {
        BarRow { label: label.to_owned(), detail: None, value, value_text: value.to_string() }
    }

    fn ranking(rows: Vec<BarRow>) -> RankedBars {
        RankedBars { title: "Top artists".to_owned(), subtitle: "2024".to_owned(), rows, footer: "40 plays".to_owned() }
    }

    #[test]
    fn a_ranking_as_a_whole() {
        let mut rows = vec![row("Low", 16), row("宇多田ヒカル", 9), row("Can", 1), row("Neu!", 0)];
        rows[2].detail = Some("Köln".to_owned());
        let text = ranked_bars(&ranking(rows), 40, false);
        let expected = "\
Top artists
2024

1 Low           ████████████████████  16
2 宇多田ヒカル  ███████████▎           9
3 Can – Köln    █▎                     1
4 Neu!                                 0

40 plays
";
        assert_eq!(text, expected);
    }

    #[test]
    fn columns_line_up_in_every_script_and_no_line_is_too_wide() {
        let long = "very ".repeat(50);
        let family = "👨\u{200d}👩\u{200d}👧".repeat(20);
        let heap = format!("Z{}", "\u{33f}\u{316}".repeat(100));
        let names = [
            "Low",
            "宇多田ヒカル",
            "방탄소년단",
            "עידן רייכל",
            "فيروز",
            "บอดี้สแลม",
            "लता",
            "🎸 Band",
            "",
            &long,
            &family,
            &heap,
            "ｗｉｄｅ",
            "e\u{301}",
        ];
        for columns in [0, 20, 33, 40, 80, 200] {
            let rows = names.iter().zip(1..).map(|(name, n)| row(name, n * 1000));
            let text = ranked_bars(&ranking(rows.collect()), columns, false);
            let lines: Vec<&str> = text.lines().skip(3).take(names.len()).collect();
            assert_eq!(lines.len(), names.len());
            for line in &lines {
                assert_eq!(line.width(), lines[0].width(), "{columns}\n{text}");
            }
            for line in text.lines() {
                assert!(line.width() <= columns.max(NARROWEST), "{columns}: {line}");
            }
        }
    }

    #[test]
    fn no_name_drives_the_terminal() {
        let hostile = [
            "\u{1b}[31mred",
            "\u{1b}]52;c;aGk=\u{7}",
            "\u{9b}2J",
            "a\rb",
            "a\u{8}b",
            "a\nb\tc\0",
            "\u{202e}desrever",
            "\u{2066}open",
            "\u{2069}",
            "\u{200f}",
            "\u{85}\u{2028}",
        ];
        for colour in [false, true] {
            for name in hostile {
                let bars = RankedBars {
                    title: name.to_owned(),
                    subtitle: name.to_owned(),
                    rows: vec![BarRow {
                        label: name.to_owned(),
                        detail: Some(name.to_owned()),
                        value: 3,
                        value_text: name.to_owned(),
                    }],
                    footer: name.to_owned(),
                };
                let mut text = ranked_bars(&bars, 60, colour);
                for ours in ["\u{1b}[1m", "\u{1b}[2m", "\u{1b}[34m", "\u{1b}[0m"] {
                    text = text.replace(ours, "");
                }
                let acts = |c: char| {
                    (c.is_control() && c != '\n')
                        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
                        || matches!(c, '\u{2066}' | '\u{2067}')
                };
                assert!(!text.contains(acts), "{text:?}");
                let count = |c| text.matches(c).count();
                assert_eq!(count('\u{2068}'), count('\u{2069}'), "{text:?}");
            }
        }
    }

    #[test]
    fn names_from_right_to_left_are_isolated() {
        let text = ranked_bars(&ranking(vec![row("عمرو دياب (Live)", 3)]), 60, false);
        assert!(text.contains("\u{2068}عمرو دياب (Live)\u{2069}"));
    }

    #[test]
    fn colour_changes_nothing_that_is_read() {
        let bars = ranking(vec![row("Low", 3), row("Can", 2)]);
        let mut coloured = ranked_bars(&bars, 60, true);
        assert!(coloured.contains("\u{1b}[34m█"));
        for code in ["\u{1b}[1m", "\u{1b}[2m", "\u{1b}[34m", "\u{1b}[0m"] {
            coloured = coloured.replace(code, "");
        }
        assert_eq!(coloured, ranked_bars(&bars, 60, false));
    }

    #[test]
    fn bars_are_true_to_the_eighth() {
        assert_eq!(blocks(8, 8, 1), "█");
        assert_eq!(blocks(3, 8, 1), "▍");
        assert_eq!(blocks(9, 16, 2), "█▏");
        assert_eq!(blocks(0, 8, 4), "");
        assert_eq!(blocks(1, 1_000_000_000_000, 4), "▏");
        assert_eq!(blocks(u64::MAX, u64::MAX, 100).width(), 100);
        assert_eq!(blocks(0, 0, 4), "");
    }

    #[test]
    fn a_ranking_of_nothing_says_so() {
        let text = ranked_bars(&ranking(Vec::new()), 80, false);
        assert!(text.contains("Nothing was counted here."));
        let bare = ranked_bars(&RankedBars::default(), 80, false);
        assert_eq!(bare, "Nothing was counted here.\n");
    }

    #[test]
    fn a_thousand_rows_have_ranks_that_line_up() {
        let rows = (0..1000).map(|n| row("x", 1000 - n)).collect();
        let text = ranked_bars(&ranking(rows), 80, false);
        assert!(text.contains("\n   1 x"));
        assert!(text.contains("\n1000 x"));
    }
}
