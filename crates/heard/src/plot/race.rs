//! Ranks over time.

use heard_web::chart::{Bump, legible};
use unicode_width::UnicodeWidthStr as _;

use super::{GAP, Sheet, fit, padded};

/// Lists the ranks of each in one line, of the last units that fit.
pub(crate) fn bump(bump: &Bump, columns: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(&bump.title, &bump.subtitle, columns, colour);
    if bump.lines.is_empty() || bump.units.is_empty() {
        sheet.nothing();
        return sheet.finish(&bump.footer);
    }
    let names: Vec<String> = bump.lines.iter().map(|line| legible(&line.name)).collect();
    let widest = names.iter().map(|name| name.width()).max().unwrap_or(0).clamp(4, (sheet.columns / 3).max(4));
    let ranks = |line: &heard_web::chart::BumpLine, at: usize| line.ranks.get(at).copied().flatten();
    let digits = bump.places.to_string().len().max(2);
    let labels: Vec<String> = bump.units.iter().map(|unit| legible(unit)).collect();
    let cell = labels.iter().map(|label| label.width()).max().unwrap_or(0).min(8).max(digits) + 1;
    let shown = ((sheet.columns - widest - GAP) / cell).max(1).min(labels.len());
    let units = labels.len() - shown..labels.len();
    let right = |text: &str| format!("{}{}", " ".repeat(cell.saturating_sub(text.width())), text);
    let heading: String = labels[units.clone()].iter().map(|label| right(&fit(label, cell - 1))).collect();
    let heading = sheet.ink.paint("2", &format!("{}{}{heading}", " ".repeat(widest), " ".repeat(GAP)));
    sheet.lines.push(heading);
    for (line, name) in bump.lines.iter().zip(&names) {
        let rank = |at: usize| ranks(line, at).map_or("·".to_owned(), |rank| rank.to_string());
        let cells: String = units.clone().map(|at| right(&rank(at))).collect();
        sheet.lines.push(format!("{}{}{cells}", padded(&fit(name, widest), widest), " ".repeat(GAP)));
    }
    if units.start > 0 {
        let note = fit(&format!("{} earlier ones have no room", units.start), sheet.columns);
        sheet.lines.push(note);
    }
    sheet.finish(&bump.footer)
}
