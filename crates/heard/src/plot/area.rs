//! Amounts of several things over time.

use heard_web::chart::{Series, StackedArea, legible};
use unicode_width::UnicodeWidthStr as _;

use super::{GAP, Sheet, fit, padded, sparkline};

/// Units that are worth drawing.
const FEWEST: usize = 8;

/// Draws a line of levels for each, all of the last units that fit, with its sum.
pub(crate) fn stacked_area(area: &StackedArea, columns: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(&area.title, &area.subtitle, columns, colour);
    let sum = |series: &Series| series.values.iter().fold(0_u64, |sum, value| sum.saturating_add(*value));
    let all: Vec<&Series> = area.series.iter().chain(&area.rest).collect();
    if all.iter().all(|series| sum(series) == 0) {
        sheet.nothing();
        return sheet.finish(&area.footer);
    }
    let names: Vec<String> = all.iter().map(|series| legible(&series.name)).collect();
    let sums: Vec<String> = all.iter().map(|series| area.measure.text(sum(series))).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| text.width()).max().unwrap_or(0);
    let name_room = widest(&names).clamp(4, (sheet.columns / 3).max(4));
    // The levels are the picture; where there is little room, the sums give way.
    let sum_room = Some(widest(&sums)).filter(|sum| name_room + sum + 2 * GAP + FEWEST <= sheet.columns);
    let beside = name_room + GAP + sum_room.map_or(0, |sum| sum + GAP);
    let room = sheet.columns.saturating_sub(beside).max(1);
    let from = area.units.len().saturating_sub(room);
    let gap = " ".repeat(GAP);
    for ((series, name), sum) in all.iter().zip(&names).zip(&sums) {
        let shown = (from..area.units.len()).map(|at| series.values.get(at).copied().unwrap_or(0));
        let levels = sheet.ink.paint("34", &sparkline(&shown.collect::<Vec<_>>()));
        let sum = sum_room.map(|room| format!("{}{sum}{gap}", " ".repeat(room.saturating_sub(sum.width()))));
        let (name, sum) = (padded(&fit(name, name_room), name_room), sum.unwrap_or_default());
        sheet.lines.push(format!("{name}{gap}{sum}{levels}"));
    }
    if let Some((first, last)) = area.units.get(from).zip(area.units.last()) {
        let ends = fit(&format!("{} to {}", legible(first), legible(last)), sheet.columns);
        sheet.lines.push(sheet.ink.paint("2", &ends));
    }
    sheet.finish(&area.footer)
}
