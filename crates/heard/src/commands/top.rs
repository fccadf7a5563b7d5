//! `heard top`: most heard artists, albums and tracks.

use heard_history::stats::{By, Kind, Ranked, Ranking, ranking};
use serde::Serialize;

use super::question;
use crate::args::{KindArg, Top};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, duration, grouped};

/// One row of `--json`.
#[derive(Serialize)]
struct Row<'a> {
    rank: usize,
    artist: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track: Option<&'a str>,
    plays: u64,
    ms_played: u64,
}

#[derive(Serialize)]
struct Document<'a> {
    rows: Vec<Row<'a>>,
    total_plays: u64,
    distinct: usize,
    period: String,
}

pub(crate) fn run(args: &Top, config: &Config, printer: Printer) -> Result<(), Failure> {
    let asked = question::open(config, printer)?;
    let filter = question::filter(config, &args.period, &args.names, &args.counting, None);
    let (kind, by) = (kind(args.kind), question::by(args.by));
    let found = ranking(&asked.columns, kind, by, &filter, &config.zone, asked.now, args.limit)?;
    question::say_what_is_left_out(&asked, &filter, printer);
    match printer.style {
        Style::Json => {
            let rows = found.rows.iter().map(|row| json_row(row, kind)).collect();
            let period = filter.period.to_string();
            printer.json(&Document { rows, total_plays: found.total_plays, distinct: found.distinct, period })
        }
        Style::Csv => printer.csv(
            &header(kind, &["rank", "plays", "ms_played"]),
            &cells(&found, kind, |row| [row.rank.to_string(), row.plays.to_string(), row.ms_played.to_string()]),
        ),
        Style::Table => print_table(&found, kind, by, &filter.period.to_string(), printer),
    }
}

fn kind(arg: KindArg) -> Kind {
    match arg {
        KindArg::Artists => Kind::Artists,
        KindArg::Albums => Kind::Albums,
        KindArg::Tracks => Kind::Tracks,
    }
}

fn json_row(row: &Ranked, kind: Kind) -> Row<'_> {
    let title = row.title.as_deref();
    Row {
        rank: row.rank,
        artist: &row.artist,
        album: title.filter(|_| kind == Kind::Albums),
        track: title.filter(|_| kind == Kind::Tracks),
        plays: row.plays,
        ms_played: row.ms_played,
    }
}

fn header(kind: Kind, [rank, plays, time]: &[&'static str; 3]) -> Vec<&'static str> {
    match kind {
        Kind::Artists => vec![rank, "artist", plays, time],
        Kind::Albums => vec![rank, "artist", "album", plays, time],
        Kind::Tracks => vec![rank, "artist", "track", plays, time],
    }
}

fn cells(found: &Ranking, kind: Kind, numbers: impl Fn(&Ranked) -> [String; 3]) -> Vec<Vec<String>> {
    let row = |row: &Ranked| {
        let [rank, plays, time] = numbers(row);
        let title = row.title.clone().filter(|_| kind != Kind::Artists);
        [Some(rank), Some(row.artist.clone()), title, Some(plays), Some(time)].into_iter().flatten().collect()
    };
    found.rows.iter().map(row).collect()
}

fn print_table(found: &Ranking, kind: Kind, by: By, period: &str, printer: Printer) -> Result<(), Failure> {
    printer.say(&format!(
        "Top {} of {}, {period} ({} plays)",
        kind.name(),
        grouped(found.distinct as u64),
        grouped(found.total_plays)
    ));
    if found.rows.is_empty() {
        printer.say("No plays count here.");
        return Ok(());
    }
    let timed = by == By::Time || found.rows.iter().any(|row| row.ms_played > 0);
    let mut header = header(kind, &["#", "plays", "time"]);
    let mut rows = cells(found, kind, |row| [row.rank.to_string(), grouped(row.plays), duration(row.ms_played)]);
    if !timed {
        header.pop();
        rows.iter_mut().for_each(|row| drop(row.pop()));
    }
    let last = header.len() - 1;
    let numbers = if timed { vec![0, last - 1, last] } else { vec![0, last] };
    printer.table(&header, &rows, &numbers)
}
