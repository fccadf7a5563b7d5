//! A period on one card.

use heard_web::chart::{ShareCard, legible};
use unicode_width::UnicodeWidthStr as _;

use super::{Sheet, fit, isolated};

/// Lists the numbers and names of a card, and the hour with the most plays.
pub(crate) fn share_card(card: &ShareCard, columns: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(&card.title, &card.subtitle, columns, colour);
    let first = (card.number.clone(), card.number_label.clone());
    let numbers: Vec<_> =
        std::iter::once(&first).chain(&card.numbers).filter(|(number, _)| !number.is_empty()).collect();
    let widest = numbers.iter().map(|(number, _)| number.width()).max().unwrap_or(0);
    if numbers.is_empty() {
        sheet.nothing();
    }
    for (number, label) in numbers {
        let gap = " ".repeat(widest.saturating_sub(number.width()));
        let line = sheet.fitted(&format!("{number} {label}"));
        sheet.lines.push(fit(&format!("{gap}{line}"), sheet.columns));
    }
    for list in card.lists.iter().filter(|list| !list.rows.is_empty()) {
        sheet.lines.push(String::new());
        let title = sheet.fitted(&list.title);
        sheet.lines.extend(sheet.ink.strong(&title));
        for (index, (name, detail)) in list.rows.iter().take(5).enumerate() {
            let detail = detail.as_deref().map(legible).filter(|detail| !detail.is_empty());
            let name = match (legible(name), detail) {
                (name, _) if name.is_empty() => "(no name)".to_owned(),
                (name, Some(detail)) => format!("{name} – {detail}"),
                (name, None) => name,
            };
            let line = format!("{} {}", index + 1, isolated(&fit(&name, sheet.columns - 2)));
            sheet.lines.push(line);
        }
    }
    let most = card.hours.iter().copied().max().unwrap_or(0);
    if let Some(hour) = card.hours.iter().position(|value| *value == most).filter(|_| most > 0) {
        sheet.lines.push(String::new());
        let line = fit(&format!("Most at {hour:02}:00: {}", card.measure.text(most)), sheet.columns);
        sheet.lines.push(line);
    }
    sheet.finish(&card.footer)
}
