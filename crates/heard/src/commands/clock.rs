//! `heard clock`: plays by hour of the day and by weekday.

use heard_history::stats::{Amount, ClockFace, clock};
use serde::Serialize;

use super::asking;
use crate::args::Clock;
use crate::config::Config;
use crate::exit::Failure;
use crate::plot::blocks;
use crate::print::{Printer, Style, duration, grouped, several};

/// Weekdays from Monday, short.
pub(super) const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Cells from few plays to many; none has none of these.
pub(super) const SHADES: [char; 4] = ['░', '▒', '▓', '█'];

#[derive(Serialize)]
struct Document {
    hours: [u64; 24],
    weekdays: [u64; 7],
    hours_ms_played: [u64; 24],
    weekdays_ms_played: [u64; 7],
    #[serde(skip_serializing_if = "Option::is_none")]
    grid: Option<[[u64; 24]; 7]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grid_ms_played: Option<[[u64; 24]; 7]>,
    total_plays: u64,
    ms_played: u64,
    period: String,
}

pub(crate) fn run(args: &Clock, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    let face = clock(&asked.columns, &filter, &config.zone, asked.now)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    let total = face.total();
    if total.plays == 0 {
        asking::say_nothing_found(&asked, &filter, printer)?;
    }
    match printer.style {
        Style::Json => printer.json(&document(&face, args.weekdays, filter.period.to_string())),
        Style::Csv if args.weekdays => printer.csv(&["weekday", "hour", "plays", "ms_played"], &grid_rows(&face)),
        Style::Csv => printer.csv(&["hour", "plays", "ms_played"], &hour_rows(&face)),
        Style::Table if total.plays == 0 => Ok(()),
        Style::Table => {
            let by = if args.weekdays { "weekday and hour" } else { "hour" };
            printer.say(&format!("Plays by {by}, {} ({})", filter.period, several(total.plays, "play")));
            if args.weekdays {
                print_grid(&face, usize::from(config.week_start.offset()), printer)
            } else {
                print_hours(&face, printer)
            }
        }
    }
}

fn document(face: &ClockFace, weekdays: bool, period: String) -> Document {
    let (hours, days, total) = (face.hours(), face.weekdays(), face.total());
    let grid = |value: fn(Amount) -> u64| weekdays.then(|| face.grid.map(|day| day.map(value)));
    Document {
        hours: hours.map(|hour| hour.plays),
        weekdays: days.map(|day| day.plays),
        hours_ms_played: hours.map(|hour| hour.ms_played),
        weekdays_ms_played: days.map(|day| day.ms_played),
        grid: grid(|cell| cell.plays),
        grid_ms_played: grid(|cell| cell.ms_played),
        total_plays: total.plays,
        ms_played: total.ms_played,
        period,
    }
}

fn hour_rows(face: &ClockFace) -> Vec<Vec<String>> {
    let row = |(hour, amount): (usize, Amount)| {
        vec![hour.to_string(), amount.plays.to_string(), amount.ms_played.to_string()]
    };
    face.hours().into_iter().enumerate().map(row).collect()
}

/// Weekdays count from 1, Monday, as in `heard.db`.
fn grid_rows(face: &ClockFace) -> Vec<Vec<String>> {
    let days = (1..)
        .zip(face.grid)
        .flat_map(|(day, hours)| (0..).zip(hours).map(move |(hour, it)| [day, hour, it.plays, it.ms_played]));
    days.map(|cells| cells.map(|cell| cell.to_string()).to_vec()).collect()
}

fn print_hours(face: &ClockFace, printer: Printer) -> Result<(), Failure> {
    let hours = face.hours();
    let timed = face.total().ms_played > 0;
    let most = hours.iter().map(|hour| hour.plays).max().unwrap_or_default();
    // What the hour, the plays and the time need stands beside the bars.
    let width = printer.columns.saturating_sub(32).clamp(4, 60);
    let row = |(hour, amount): (usize, &Amount)| {
        let time = timed.then(|| duration(amount.ms_played));
        let cells = [Some(format!("{hour:02}:00")), Some(grouped(amount.plays)), time];
        cells.into_iter().flatten().chain([blocks(amount.plays, most, width)]).collect()
    };
    let rows: Vec<Vec<String>> = hours.iter().enumerate().map(row).collect();
    let header: &[&str] = if timed { &["hour", "plays", "time", ""] } else { &["hour", "plays", ""] };
    printer.table(header, &rows, if timed { &[1, 2] } else { &[1] })
}

fn print_grid(face: &ClockFace, week_start: usize, printer: Printer) -> Result<(), Failure> {
    let days = (0..7).map(|place| (place + week_start) % 7);
    let most = face.grid.iter().flatten().map(|cell| cell.plays).max().unwrap_or_default();
    let cell = |amount: Amount| match (shade(amount.plays, most), amount.plays) {
        (shade, 0) => shade.to_string(),
        (shade, plays) => format!("{shade} {}", grouped(plays)),
    };
    let mut rows: Vec<Vec<String>> = (0..24)
        .map(|hour| {
            let label = format!("{hour:02}:00");
            std::iter::once(label).chain(days.clone().map(|day| cell(face.grid[day][hour]))).collect()
        })
        .collect();
    let sums = face.weekdays();
    let sums = days.clone().map(|day| grouped(sums[day].plays));
    rows.push(std::iter::once("all".to_owned()).chain(sums).collect());
    let header: Vec<&str> = std::iter::once("hour").chain(days.map(|day| WEEKDAYS[day])).collect();
    printer.table(&header, &rows, &[1, 2, 3, 4, 5, 6, 7])
}

/// A cell's shade, in quarters of the fullest cell; a dot for none.
pub(super) fn shade(plays: u64, most: u64) -> char {
    let quarter = (u128::from(plays) * 4).div_ceil(u128::from(most.max(1)));
    usize::try_from(quarter).ok().and_then(|quarter| SHADES.get(quarter.checked_sub(1)?).copied()).unwrap_or('·')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_are_quarters_of_the_most() {
        let shades: String = (0..=8).map(|plays| shade(plays, 8)).collect();
        assert_eq!(shades, "·░░▒▒▓▓██");
        assert_eq!((shade(0, 0), shade(1, u64::MAX), shade(u64::MAX, u64::MAX)), ('·', '░', '█'));
    }
}
