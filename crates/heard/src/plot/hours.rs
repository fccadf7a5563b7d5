//! Hours of the day, hours of the week, days of the year.

use std::collections::BTreeMap;

use heard_web::chart::{Calendar, Clock, Punchcard, WEEKDAYS};
use jiff::civil;
use unicode_width::UnicodeWidthStr as _;

use super::{Sheet, bar_rows, fit};

/// A share of the most, from nothing to all, in one column.
const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];

/// Draws a bar for each hour.
pub(crate) fn circular_clock(clock: &Clock, columns: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(&clock.title, &clock.subtitle, columns, colour);
    if clock.hours == [0; 24] {
        sheet.nothing();
    } else {
        let row = |(hour, value): (usize, &u64)| (format!("{hour:02}:00"), *value, clock.measure.text(*value));
        let rows: Vec<_> = clock.hours.iter().enumerate().map(row).collect();
        bar_rows(&mut sheet, &rows);
    }
    sheet.finish(&clock.footer)
}

/// Draws a shade for each hour of the week.
pub(crate) fn punchcard(card: &Punchcard, columns: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(&card.title, &card.subtitle, columns, colour);
    let most = card.hours.iter().flatten().copied().max().unwrap_or(0);
    if most == 0 {
        sheet.nothing();
        return sheet.finish(&card.footer);
    }
    // Two columns for an hour, then one; a terminal that is narrower still gets two hours in one.
    let (hours, wide) = match sheet.columns {
        52.. => (1, 2),
        28.. => (1, 1),
        _ => (2, 1),
    };
    let heading: String = (0..24).step_by(6).map(|hour| format!("{hour:<width$}", width = 6 / hours * wide)).collect();
    sheet.lines.push(format!("    {}", heading.trim_end()));
    for place in 0..7 {
        let day = (place + usize::from(card.week_start)) % 7;
        let amounts = card.hours[day].chunks(hours).map(|hours| hours.iter().copied().max().unwrap_or(0));
        let shades: String = amounts.flat_map(|amount| std::iter::repeat_n(shade(amount, most), wide)).collect();
        let line = format!("{} {}", &WEEKDAYS[day][..3], sheet.ink.paint("34", &shades));
        sheet.lines.push(line);
    }
    let key = format!("{} is {}", SHADES[4], card.measure.text(most));
    sheet.lines.push(String::new());
    sheet.lines.push(fit(&key, sheet.columns));
    sheet.finish(&card.footer)
}

/// Draws a shade for each day, the last year first, and of each year its last weeks where not all fit.
pub(crate) fn calendar(calendar: &Calendar, columns: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(&calendar.title, &calendar.subtitle, columns, colour);
    let epoch = civil::date(1970, 1, 1);
    let mut years: BTreeMap<i16, BTreeMap<civil::Date, u64>> = BTreeMap::new();
    for (day, value) in calendar.days.iter().filter(|(_, value)| *value > 0) {
        let span = jiff::Span::new().try_days(*day).ok();
        if let Some(date) = span.and_then(|span| epoch.checked_add(span).ok()) {
            let sum = years.entry(date.year()).or_default().entry(date).or_default();
            *sum = sum.saturating_add(*value);
        }
    }
    let most = years.values().flat_map(BTreeMap::values).copied().max().unwrap_or(0);
    if years.is_empty() {
        sheet.nothing();
    }
    for (year, days) in years.iter().rev() {
        let sum = days.values().fold(0_u64, |sum, value| sum.saturating_add(*value));
        sheet.lines.push(fit(&format!("{year:04}  {}", calendar.measure.text(sum)), sheet.columns));
        for line in weeks(*year, days, most, (calendar.week_start, sheet.columns)) {
            let painted = format!("{} {}", &line[..3], sheet.ink.paint("34", &line[4..]));
            sheet.lines.push(painted);
        }
        sheet.lines.push(String::new());
    }
    if most > 0 {
        sheet
            .lines
            .push(fit(&format!("{} is up to {} on a day", SHADES[4], calendar.measure.text(most)), sheet.columns));
    }
    sheet.finish(&calendar.footer)
}

/// Seven lines from the day on which weeks begin, a column for each week.
fn weeks(year: i16, days: &BTreeMap<civil::Date, u64>, most: u64, (week_start, columns): (u8, usize)) -> Vec<String> {
    let week_start = usize::from(week_start % 7);
    let mut lines: Vec<String> = (0..7).map(|row| format!("{} ", &WEEKDAYS[(row + week_start) % 7][..3])).collect();
    let first = civil::date(year, 1, 1);
    let before = (usize::from(first.weekday().to_monday_zero_offset().unsigned_abs()) + 7 - week_start) % 7;
    let mut cells: Vec<char> = vec![' '; before];
    let all = first.series(jiff::Span::new().days(1)).take_while(|date| date.year() == year);
    cells.extend(all.map(|date| shade(days.get(&date).copied().unwrap_or(0), most)));
    let weeks: Vec<&[char]> = cells.chunks(7).collect();
    let skipped = weeks.len().saturating_sub(columns - lines[0].width());
    for week in &weeks[skipped..] {
        for (line, cell) in lines.iter_mut().zip(week.iter()) {
            line.push(*cell);
        }
    }
    lines
}

/// What was counted is seen.
fn shade(value: u64, most: u64) -> char {
    let step = (u128::from(value) * 4).div_ceil(u128::from(most.max(1)));
    SHADES[usize::try_from(step).unwrap_or(4).min(4)]
}
