//! `heard streaks`: days in a row with listening, and without.

use heard_history::stats::{Filter, Gap, Kind, Streak, gaps, streaks, streaks_of};
use serde::Serialize;

use super::asking;
use super::question::Asked;
use crate::args::{Streaks, StreaksOf};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, grouped, several};

/// A streak or a gap, as `--json` has it.
#[derive(Serialize)]
pub(super) struct Row {
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artist: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track: Option<String>,
    first_day: String,
    last_day: String,
    days: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    plays: Option<u64>,
    is_current: bool,
}

#[derive(Serialize)]
struct Document {
    rows: Vec<Row>,
    /// The one that goes on, of any listening; null where none does, and for artists, albums and tracks.
    current: Option<Row>,
    total: usize,
    period: String,
}

/// What was found, with the words for it.
struct Found {
    rows: Vec<Row>,
    current: Option<Row>,
    total: usize,
}

pub(crate) fn run(args: &Streaks, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    let mut found = found(args, &asked, &filter, config)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    if args.current && kind(args.of).is_none() {
        // Only one streak or gap of all listening can go on.
        found.rows = found.current.iter().take(args.limit).map(|row| row.ranked(Some(1))).collect();
        found.total = found.current.iter().count();
    }
    if found.total == 0 && found.current.is_none() {
        say_nothing(args, &asked, &filter, printer)?;
    }
    match printer.style {
        Style::Json => {
            let Found { rows, current, total } = found;
            printer.json(&Document { rows, current, total, period: filter.period.to_string() })
        }
        Style::Csv => {
            let (header, rows) = cells(args.of, &found.rows, u64::to_string);
            printer.csv(&header, &rows)
        }
        Style::Table if found.total == 0 && found.current.is_none() => Ok(()),
        Style::Table => print_table(args.of, &found, &filter, printer),
    }
}

fn say_nothing(args: &Streaks, asked: &Asked, filter: &Filter, printer: Printer) -> Result<(), Failure> {
    match (args.of, args.current) {
        (StreaksOf::Gaps, false) => printer.say("There is no gap."),
        (StreaksOf::Gaps, true) => printer.say("No gap goes on."),
        (_, true) => printer.say("No streak goes on."),
        (StreaksOf::Albums, false) => printer.say("No plays of an album count here."),
        _ => printer.say("No plays count here."),
    }
    asking::say_who_may_be_meant(asked, filter, printer)
}

fn found(args: &Streaks, asked: &Asked, filter: &Filter, config: &Config) -> Result<Found, Failure> {
    let (columns, zone, now) = (&asked.columns, &config.zone, asked.now);
    if let Some(kind) = kind(args.of) {
        let found = streaks_of(columns, kind, args.current, filter, zone, now, args.limit)?;
        let row = |(place, streak)| streak_row(streak, kind).ranked(Some(place));
        let rows = (1..).zip(&found.longest).map(row).collect();
        return Ok(Found { rows, current: None, total: found.total });
    }
    if args.of == StreaksOf::Gaps {
        let found = gaps(columns, filter, zone, now, args.limit)?;
        let rows = (1..).zip(&found.longest).map(|(place, gap)| gap_row(gap, false).ranked(Some(place))).collect();
        return Ok(Found { rows, current: found.current.as_ref().map(|gap| gap_row(gap, true)), total: found.total });
    }
    let found = streaks(columns, filter, zone, now, args.limit)?;
    let row = |streak: &Streak| streak_row(streak, Kind::Artists);
    let rows = (1..).zip(&found.longest).map(|(place, streak)| row(streak).ranked(Some(place))).collect();
    Ok(Found { rows, current: found.current.as_ref().map(row), total: found.total })
}

fn kind(of: StreaksOf) -> Option<Kind> {
    match of {
        StreaksOf::Artists => Some(Kind::Artists),
        StreaksOf::Albums => Some(Kind::Albums),
        StreaksOf::Tracks => Some(Kind::Tracks),
        StreaksOf::Days | StreaksOf::Gaps => None,
    }
}

impl Row {
    fn ranked(&self, rank: Option<usize>) -> Self {
        let Self { artist, album, track, first_day, last_day, days, plays, is_current, .. } = self;
        Self {
            rank,
            artist: artist.clone(),
            album: album.clone(),
            track: track.clone(),
            first_day: first_day.clone(),
            last_day: last_day.clone(),
            days: *days,
            plays: *plays,
            is_current: *is_current,
        }
    }
}

pub(super) fn streak_row(streak: &Streak, kind: Kind) -> Row {
    Row {
        rank: None,
        artist: streak.artist.clone(),
        album: streak.title.clone().filter(|_| kind == Kind::Albums),
        track: streak.title.clone().filter(|_| kind == Kind::Tracks),
        first_day: streak.first_day.to_string(),
        last_day: streak.last_day.to_string(),
        days: streak.days,
        plays: Some(streak.plays),
        is_current: streak.is_current,
    }
}

fn gap_row(gap: &Gap, is_current: bool) -> Row {
    Row {
        rank: None,
        artist: None,
        album: None,
        track: None,
        first_day: gap.first_day.to_string(),
        last_day: gap.last_day.to_string(),
        days: gap.days,
        plays: None,
        is_current,
    }
}

/// Columns that this kind has, and the rows.
fn cells(of: StreaksOf, rows: &[Row], number: fn(&u64) -> String) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let mut header = vec!["rank", "artist", "album", "track", "days", "first_day", "last_day", "plays"];
    header.retain(|name| match *name {
        "artist" => kind(of).is_some(),
        "album" => of == StreaksOf::Albums,
        "track" => of == StreaksOf::Tracks,
        "plays" => of != StreaksOf::Gaps,
        _ => true,
    });
    let row = |row: &Row| {
        let names = [&row.artist, &row.album, &row.track].into_iter().flatten().cloned();
        let rank = row.rank.map(|rank| rank.to_string()).into_iter();
        let days = [number(&row.days), row.first_day.clone(), row.last_day.clone()];
        rank.chain(names).chain(days).chain(row.plays.as_ref().map(number)).collect()
    };
    (header, rows.iter().map(row).collect())
}

fn print_table(of: StreaksOf, found: &Found, filter: &Filter, printer: Printer) -> Result<(), Failure> {
    let what = match of {
        StreaksOf::Days => "Days in a row with listening",
        StreaksOf::Artists => "Days in a row with one artist",
        StreaksOf::Albums => "Days in a row with one album",
        StreaksOf::Tracks => "Days in a row with one track",
        StreaksOf::Gaps => "Days in a row without listening",
    };
    printer.say(&format!("{what}, {} ({} of them)", filter.period, grouped(found.total as u64)));
    if let Some(current) = &found.current {
        let without = if of == StreaksOf::Gaps { " without listening" } else { "" };
        printer.say(&format!("Now: {}{without}, since {}", several(current.days, "day"), current.first_day));
    }
    let (mut header, mut rows) = cells(of, &found.rows, |number| grouped(*number));
    // The one that goes on is marked behind its last day.
    let last_day = header.iter().position(|name| *name == "last_day").unwrap_or_default();
    for (row, cells) in found.rows.iter().zip(&mut rows) {
        if row.is_current {
            cells[last_day].push_str(" …");
        }
    }
    let numbers: Vec<usize> =
        (0..header.len()).filter(|place| matches!(header[*place], "rank" | "days" | "plays")).collect();
    for name in &mut header {
        *name = match *name {
            "rank" => "#",
            "first_day" => "from",
            "last_day" => "to",
            other => other,
        };
    }
    printer.table(&header, &rows, &numbers)
}
