//! `heard numbers`: a history in numbers.

use heard_history::stats::{Faithful, Numbers as Found, UnlikelyHour, numbers};
use serde::Serialize;

use super::asking;
use crate::args::Numbers;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, duration, grouped, several, share};

#[derive(Serialize)]
struct Document<'a> {
    period: String,
    plays: u64,
    ms_played: u64,
    hours: f64,
    artists: usize,
    albums: usize,
    tracks: usize,
    first_day: Option<String>,
    last_day: Option<String>,
    days: u64,
    days_with_plays: u64,
    plays_per_day: f64,
    plays_per_day_with_plays: f64,
    eddington: u64,
    eddington_days_to_next: u64,
    eddington_plays_to_next: u64,
    gini: f64,
    top_ten_share: f64,
    entropy_bits: f64,
    unlikely_hour: Option<Hour>,
    years: usize,
    every_year_artists: u64,
    every_year: Vec<EveryYear<'a>>,
    weeks: Vec<Weeks<'a>>,
}

#[derive(Serialize)]
struct Hour {
    day: String,
    hour: u8,
    plays: u64,
    average: f64,
    z: f64,
}

#[derive(Serialize)]
struct EveryYear<'a> {
    artist: &'a str,
    plays: u64,
}

#[derive(Serialize)]
struct Weeks<'a> {
    artist: &'a str,
    weeks: u64,
    plays: u64,
}

pub(crate) fn run(args: &Numbers, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    let found = numbers(&asked.columns, &filter, &config.zone, asked.now, args.limit)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    match printer.style {
        Style::Json => printer.json(&document(&found, filter.period.to_string())),
        Style::Csv => print_csv(&found, printer),
        Style::Table => {
            printer.say(&format!("In numbers, {}", filter.period));
            if found.plays == 0 {
                return asking::say_nothing_found(&asked, &filter, printer);
            }
            print_table(&found, printer)
        }
    }
}

fn document(found: &Found, period: String) -> Document<'_> {
    let hour = |hour: UnlikelyHour| {
        let UnlikelyHour { day, hour, plays, average, z } = hour;
        Hour { day: day.to_string(), hour, plays, average, z }
    };
    Document {
        period,
        plays: found.plays,
        ms_played: found.ms_played,
        hours: share(found.ms_played, 3_600_000),
        artists: found.artists,
        albums: found.albums,
        tracks: found.tracks,
        first_day: found.days.map(|(first, _)| first.to_string()),
        last_day: found.days.map(|(_, last)| last.to_string()),
        days: found.days_between,
        days_with_plays: found.days_heard,
        plays_per_day: share(found.plays, found.days_between),
        plays_per_day_with_plays: share(found.plays, found.days_heard),
        eddington: found.eddington.number,
        eddington_days_to_next: found.eddington.days_to_next,
        eddington_plays_to_next: found.eddington.plays_to_next,
        gini: found.concentration.gini,
        top_ten_share: found.concentration.top_ten_share,
        entropy_bits: found.concentration.entropy_bits,
        unlikely_hour: found.unlikely_hour.map(hour),
        years: found.years,
        every_year_artists: found.every_year_total as u64,
        every_year: found.every_year.iter().map(|row| EveryYear { artist: &row.artist, plays: row.plays }).collect(),
        weeks: found
            .weeks
            .iter()
            .map(|row| Weeks { artist: &row.artist, weeks: row.times, plays: row.plays })
            .collect(),
    }
}

/// The single numbers, by the names that `--json` gives them.
fn print_csv(found: &Found, printer: Printer) -> Result<(), Failure> {
    let Document { days, plays_per_day, plays_per_day_with_plays, hours, .. } = document(found, String::new());
    let whole = [
        ("plays", found.plays),
        ("ms_played", found.ms_played),
        ("artists", found.artists as u64),
        ("albums", found.albums as u64),
        ("tracks", found.tracks as u64),
        ("days", days),
        ("days_with_plays", found.days_heard),
        ("eddington", found.eddington.number),
        ("eddington_days_to_next", found.eddington.days_to_next),
        ("eddington_plays_to_next", found.eddington.plays_to_next),
        ("years", found.years as u64),
        ("every_year_artists", found.every_year_total as u64),
    ];
    let parts = [
        ("hours", hours),
        ("plays_per_day", plays_per_day),
        ("plays_per_day_with_plays", plays_per_day_with_plays),
        ("gini", found.concentration.gini),
        ("top_ten_share", found.concentration.top_ten_share),
        ("entropy_bits", found.concentration.entropy_bits),
    ];
    let row = |name: &str, text: String| vec![name.to_owned(), text];
    let mut rows: Vec<_> = whole.iter().map(|(name, number)| row(name, number.to_string())).collect();
    rows.extend(parts.iter().map(|(name, number)| row(name, format!("{number:.6}"))));
    printer.csv(&["name", "value"], &rows)
}

fn print_table(found: &Found, printer: Printer) -> Result<(), Failure> {
    let row = |name: &str, text: String| vec![name.to_owned(), text];
    let number = |name: &str, number: u64| row(name, grouped(number));
    let mut rows = vec![number("plays", found.plays)];
    if found.ms_played > 0 {
        rows.push(row("time played", duration(found.ms_played)));
    }
    rows.extend([
        number("artists", found.artists as u64),
        number("albums", found.albums as u64),
        number("tracks", found.tracks as u64),
    ]);
    if let Some((first, last)) = found.days {
        let listening =
            format!("{} of {}, from {first} to {last}", grouped(found.days_heard), grouped(found.days_between));
        rows.push(row("days with plays", listening));
    }
    let per_day = [found.days_between, found.days_heard].map(|days| share(found.plays, days));
    rows.push(row("plays a day", format!("{:.2}; {:.2} on days with plays", per_day[0], per_day[1])));
    let eddington = found.eddington;
    let next = format!(
        "{} ({} needs {}, {})",
        eddington.number,
        eddington.number + 1,
        several(eddington.days_to_next, "more day"),
        several(eddington.plays_to_next, "play")
    );
    rows.push(row("Eddington number", next));
    let concentration = found.concentration;
    rows.push(row("Gini coefficient", format!("{:.3}", concentration.gini)));
    rows.push(row("first ten artists", format!("{:.1} % of all plays", concentration.top_ten_share * 100.0)));
    rows.push(row("entropy of artists", format!("{:.2} bits", concentration.entropy_bits)));
    rows.extend(found.unlikely_hour.map(|hour| row("most unlikely hour", hour_in_words(&hour))));
    rows.push(row("artists of every year", in_words(found)));
    printer.table(&["number", "value"], &rows, &[])?;
    print_weeks(found, printer)
}

fn hour_in_words(hour: &UnlikelyHour) -> String {
    let UnlikelyHour { day, hour, plays, average, z } = hour;
    format!("{day}, {hour:02}:00: {} where {average:.1} are usual (z = {z:.1})", several(*plays, "play"))
}

fn in_words(found: &Found) -> String {
    let names: Vec<&str> = found.every_year.iter().map(|row| row.artist.as_str()).collect();
    let years = several(found.years as u64, "year");
    match found.every_year_total {
        0 => format!("none in {years}"),
        total => format!("{} in {years}: {}", grouped(total as u64), names.join(", ")),
    }
}

fn print_weeks(found: &Found, printer: Printer) -> Result<(), Failure> {
    if found.weeks.is_empty() {
        return Ok(());
    }
    printer.data("\nMost faithful\n")?;
    let row = |row: &Faithful| vec![row.artist.clone(), grouped(row.times), grouped(row.plays)];
    printer.table(&["artist", "weeks", "plays"], &found.weeks.iter().map(row).collect::<Vec<_>>(), &[1, 2])
}
