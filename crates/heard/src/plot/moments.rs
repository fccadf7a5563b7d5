//! Amounts over time, and moments that stand out.

use heard_web::chart::{Milestones, Timeline, legible};
use jiff::civil;
use unicode_width::UnicodeWidthStr as _;

use super::{GAP, Sheet, bar_rows, fit, padded};

/// Draws a bar for each unit, with the amount, and that of the period before in brackets.
pub(crate) fn timeline(line: &Timeline, columns: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(&line.title, &line.subtitle, columns, colour);
    if line.units.is_empty() {
        sheet.nothing();
    }
    let rows: Vec<_> = line
        .units
        .iter()
        .map(|unit| {
            let now = line.measure.text(unit.value);
            let text = unit.before.map_or(now.clone(), |before| format!("{now} ({})", line.measure.text(before)));
            (legible(&unit.label), unit.value, text)
        })
        .collect();
    bar_rows(&mut sheet, &rows);
    if line.units.iter().any(|unit| unit.before.is_some()) && !line.name_before.is_empty() {
        sheet.lines.push(String::new());
        let key = sheet.fitted(&format!("({})", line.name_before));
        sheet.lines.push(key);
    }
    sheet.finish(&line.footer)
}

/// Lists moments in order of time.
pub(crate) fn milestones(milestones: &Milestones, columns: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(&milestones.title, &milestones.subtitle, columns, colour);
    if milestones.points.is_empty() {
        sheet.nothing();
    }
    let mut points: Vec<_> = milestones.points.iter().collect();
    points.sort_by_key(|point| point.day);
    let labels: Vec<String> = points.iter().map(|point| legible(&point.label)).collect();
    let widest = labels.iter().map(|label| label.width()).max().unwrap_or(0).min(sheet.columns / 2);
    for (point, label) in points.iter().zip(&labels) {
        let date = date(point.day);
        let room = widest.min(sheet.columns.saturating_sub(date.width() + GAP));
        let label = padded(&fit(label, room), room);
        let left = sheet.columns.saturating_sub(date.width() + GAP + room + GAP);
        let detail = super::isolated(&fit(&legible(&point.detail), left));
        let gap = " ".repeat(GAP);
        let line = format!("{}{gap}{label}{gap}{}", sheet.ink.paint("2", &date), detail);
        sheet.lines.push(line.trim_end().to_owned());
    }
    sheet.finish(&milestones.footer)
}

fn date(day: i32) -> String {
    let span = jiff::Span::new().try_days(day).ok();
    let date = span.and_then(|span| civil::date(1970, 1, 1).checked_add(span).ok());
    date.map_or_else(|| day.to_string(), |date| date.to_string())
}
