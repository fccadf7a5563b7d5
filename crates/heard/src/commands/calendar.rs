//! `heard calendar`: plays day by day.

use heard_history::stats::{CalendarDay, calendar};
use serde::Serialize;

use super::asking;
use super::clock::{SHADES, WEEKDAYS, shade};
use crate::args::Calendar;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, duration, grouped, several};

/// Months, short.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Columns before the weeks.
const LABELS: usize = 5;

#[derive(Serialize)]
struct Row {
    day: String,
    plays: u64,
    ms_played: u64,
}

#[derive(Serialize)]
struct Document {
    days: Vec<Row>,
    total_plays: u64,
    ms_played: u64,
    period: String,
}

pub(crate) fn run(args: &Calendar, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    let days = calendar(&asked.columns, &filter, &config.zone, asked.now)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    let (total_plays, ms_played) = sums(&days);
    if total_plays == 0 {
        asking::say_nothing_found(&asked, &filter, printer)?;
    }
    match printer.style {
        Style::Json => {
            let row = |it: &CalendarDay| Row {
                day: it.day.to_string(),
                plays: it.amount.plays,
                ms_played: it.amount.ms_played,
            };
            let (days, period) = (days.iter().map(row).collect(), filter.period.to_string());
            printer.json(&Document { days, total_plays, ms_played, period })
        }
        Style::Csv => {
            let row = |it: &CalendarDay| {
                vec![it.day.to_string(), it.amount.plays.to_string(), it.amount.ms_played.to_string()]
            };
            printer.csv(&["day", "plays", "ms_played"], &days.iter().map(row).collect::<Vec<_>>())
        }
        Style::Table if total_plays == 0 => Ok(()),
        Style::Table => {
            printer.say(&format!("Plays by day, {} ({})", filter.period, several(total_plays, "play")));
            printer.data(&drawn(&days, (usize::from(config.week_start.offset()), printer.columns)))
        }
    }
}

fn sums(days: &[CalendarDay]) -> (u64, u64) {
    days.iter().fold((0, 0), |(plays, ms), it| (plays + it.amount.plays, ms + it.amount.ms_played))
}

/// Every year with plays, one below the other, in one scale.
fn drawn(days: &[CalendarDay], (week_start, columns): (usize, usize)) -> String {
    let most = days.iter().map(|it| it.amount.plays).max().unwrap_or_default();
    let mut lines = Vec::new();
    for year in days.chunk_by(|one, next| one.day.year() == next.day.year()) {
        lines.extend(year_lines(year, most, (week_start, columns)));
        lines.push(String::new());
    }
    lines.extend(wrapped(legend(most), columns));
    lines.iter().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// What the shades stand for.
fn legend(most: u64) -> Vec<String> {
    // The least and the most plays of each quarter; where there are few plays, some quarters have none.
    let border = |quarter: u64| u64::try_from(u128::from(most) * u128::from(quarter) / 4).unwrap_or(u64::MAX);
    let ranges = (0..4).zip(SHADES).filter_map(|(quarter, shade)| {
        let (least, last) = (border(quarter) + 1, border(quarter + 1));
        match least.cmp(&last) {
            std::cmp::Ordering::Less => Some(format!("{shade} {}–{}", grouped(least), grouped(last))),
            std::cmp::Ordering::Equal => Some(format!("{shade} {}", grouped(least))),
            std::cmp::Ordering::Greater => None,
        }
    });
    std::iter::once("· none".to_owned()).chain(ranges).chain(["plays a day".to_owned()]).collect()
}

fn year_lines(days: &[CalendarDay], most: u64, (week_start, columns): (usize, usize)) -> Vec<String> {
    let Some(year) = days.first().map(|it| it.day.year()) else { return Vec::new() };
    let (plays, ms) = sums(days);
    let heard = days.iter().filter(|it| it.amount.plays > 0).count() as u64;
    let time = if ms > 0 { format!(", {}", duration(ms)) } else { String::new() };
    let (plays, days_heard) = (several(plays, "play"), several(heard, "day"));
    let mut lines = vec![format!("{year}: {plays} on {days_heard}{time}")];
    let weeks = weeks(year, days, most, week_start);
    // A narrow terminal has the year in several strips.
    for strip in weeks.chunks(columns.saturating_sub(LABELS).max(1)) {
        lines.push(" ".repeat(LABELS) + &month_names(strip));
        lines.extend((0..7).map(|weekday| {
            let cells: String = strip.iter().map(|week| week.cells[weekday]).collect();
            format!("{:LABELS$}{cells}", WEEKDAYS[(weekday + week_start) % 7])
        }));
    }
    let month = |month: &[CalendarDay]| {
        let name =
            month.first().and_then(|it| MONTHS.get(usize::from(it.day.month()) - 1)).copied().unwrap_or_default();
        format!("{name} {}", grouped(sums(month).0))
    };
    let months = days.chunk_by(|one, next| one.day.month() == next.day.month()).map(month);
    lines.extend(wrapped(months.collect(), columns));
    lines
}

/// A column of the calendar.
struct Week {
    cells: [char; 7],
    /// The month that begins in it, from 1.
    begins: Option<u8>,
}

/// The weeks of a year from the first of January to the last of December; days outside of it are blank.
fn weeks(year: i16, heard: &[CalendarDay], most: u64, week_start: usize) -> Vec<Week> {
    let mut weeks: Vec<Week> = Vec::new();
    let mut heard = heard.iter().peekable();
    let first = jiff::civil::Date::new(year, 1, 1).ok();
    let days = std::iter::successors(first, |day| day.tomorrow().ok()).take_while(|day| day.year() == year);
    for day in days {
        let weekday = (usize::from(day.weekday().to_monday_zero_offset().unsigned_abs()) + 7 - week_start) % 7;
        if weeks.is_empty() || weekday == 0 {
            weeks.push(Week { cells: [' '; 7], begins: None });
        }
        let (month, number) = (day.month().unsigned_abs(), day.day().unsigned_abs());
        let plays =
            heard.next_if(|it| (it.day.month(), it.day.day()) == (month, number)).map_or(0, |it| it.amount.plays);
        if let Some(week) = weeks.last_mut() {
            week.cells[weekday] = shade(plays, most);
            week.begins = if number == 1 { Some(month) } else { week.begins };
        }
    }
    weeks
}

/// The name of each month above the week in which it begins.
fn month_names(weeks: &[Week]) -> String {
    let mut line = String::new();
    for (place, week) in weeks.iter().enumerate() {
        let name = week.begins.and_then(|month| MONTHS.get(usize::from(month) - 1));
        // At the end of a strip there may be less room than a name needs; it moves to the left where it can.
        let place = place.min(weeks.len().saturating_sub(3));
        if let Some(name) = name.filter(|_| line.is_empty() || line.len() < place) {
            line.extend(std::iter::repeat_n(' ', place.saturating_sub(line.len())));
            line.push_str(name);
        }
    }
    line
}

/// Texts in as many lines as they need.
fn wrapped(texts: Vec<String>, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for text in texts {
        match lines.last_mut().filter(|line| line.chars().count() + 3 + text.chars().count() <= columns) {
            Some(line) => line.extend(["   ", &text]),
            None => lines.push(text),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legend_says_what_the_shades_mean() {
        for most in [1, 2, 3, 4, 5, 7, 100, 12_345] {
            let legend = legend(most);
            for plays in 1..=most {
                let part = legend.iter().find(|part| part.starts_with(shade(plays, most))).unwrap();
                let numbers = part.split(' ').nth(1).unwrap().replace(',', "");
                let (least, last) = numbers.split_once('–').unwrap_or((&numbers, &numbers));
                let range = least.parse::<u64>().unwrap()..=last.parse().unwrap();
                assert!(range.contains(&plays), "{plays} of {most}: {legend:?}");
            }
        }
    }

    #[test]
    fn every_day_of_a_year_has_its_cell() {
        for (year, days, weeks_long) in [(2024, 366, 53), (2023, 365, 53), (2012, 366, 54), (2018, 365, 53)] {
            for week_start in 0..7 {
                let weeks = weeks(year, &[], 1, week_start);
                assert_eq!(
                    weeks.iter().flat_map(|week| week.cells).filter(|cell| *cell == '·').count(),
                    days,
                    "{year}"
                );
                let first = jiff::civil::date(year, 1, 1).weekday().to_monday_zero_offset();
                let before = weeks[0].cells.iter().position(|cell| *cell == '·').unwrap();
                assert_eq!((before + week_start) % 7, usize::from(first.unsigned_abs()), "{year} {week_start}");
            }
            let weeks = weeks(year, &[], 1, 0);
            assert_eq!(weeks.iter().flat_map(|week| week.cells).filter(|cell| *cell == '·').count(), days, "{year}");
            assert_eq!(weeks.len(), weeks_long, "{year}");
            assert_eq!(weeks.iter().filter_map(|week| week.begins).collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
            let names = month_names(&weeks);
            assert!(MONTHS.iter().all(|name| names.contains(name)), "{names}");
        }
    }
}
