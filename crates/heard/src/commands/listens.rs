//! `heard listens`: find, list and count.

use heard_history::stats::{Found, Listen, listens};
use serde::Serialize;

use super::{asking, question};
use crate::args::Listens;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, moment, several};

#[derive(Serialize)]
struct Row<'a> {
    id: i32,
    played_at: Option<i64>,
    played_time: Option<String>,
    artist: &'a str,
    album: Option<&'a str>,
    track: &'a str,
    ms_played: Option<i32>,
    sources: &'a [String],
}

#[derive(Serialize)]
struct Document<'a> {
    total: u64,
    rows: Vec<Row<'a>>,
}

pub(crate) fn run(args: &Listens, config: &Config, printer: Printer) -> Result<(), Failure> {
    let asked = question::open_for(&args.names, config, printer)?;
    let filter = question::filter(config, &args.period, &args.names, &args.counting, args.text.as_deref());
    let limit = if args.count { 0 } else { args.limit };
    let found = listens(&asked.columns, &filter, &config.zone, asked.now, limit)?;
    question::say_what_is_left_out(&asked, &filter, printer);
    if found.total == 0 {
        asking::say_who_may_be_meant(&asked, &filter, printer)?;
    }
    if args.count && printer.style != Style::Json {
        return printer.data(&format!("{}\n", found.total));
    }
    match printer.style {
        Style::Json => {
            let rows = found.rows.iter().map(json_row).collect();
            printer.json(&Document { total: found.total, rows })
        }
        Style::Csv => {
            printer.csv(&["played_at", "artist", "album", "track", "ms_played", "sources"], &csv_rows(&found))
        }
        Style::Table => {
            printer.say(&format!("{}, {}", several(found.total, "listen"), filter.period));
            let rows: Vec<_> = found.rows.iter().map(table_row).collect();
            printer.table(&["when", "artist", "track", "album"], &rows, &[])
        }
    }
}

fn json_row(listen: &Listen) -> Row<'_> {
    Row {
        id: listen.id,
        played_at: listen.played_at,
        played_time: listen.played_at.map(moment),
        artist: &listen.artist,
        album: listen.album.as_deref(),
        track: &listen.track,
        ms_played: listen.ms_played,
        sources: &listen.sources,
    }
}

fn csv_rows(found: &Found) -> Vec<Vec<String>> {
    let text = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let row = |listen: &Listen| {
        vec![
            text(listen.played_at),
            listen.artist.clone(),
            listen.album.clone().unwrap_or_default(),
            listen.track.clone(),
            text(listen.ms_played.map(i64::from)),
            listen.sources.join(" "),
        ]
    };
    found.rows.iter().map(row).collect()
}

/// When it was by the listener's wall clock, to the minute.
pub(super) fn wall_clock(listen: &Listen) -> String {
    listen.local_at.map_or_else(|| "undated".to_owned(), minute)
}

/// Seconds of the wall clock, to the minute.
pub(super) fn minute(local: i64) -> String {
    // Local seconds read as if they were UTC are the wall clock.
    moment(local).replace('T', " ").chars().take(16).collect()
}

fn table_row(listen: &Listen) -> Vec<String> {
    vec![wall_clock(listen), listen.artist.clone(), listen.track.clone(), listen.album.clone().unwrap_or_default()]
}
