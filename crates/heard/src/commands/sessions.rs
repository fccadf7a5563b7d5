//! `heard sessions`: plays with little silence between them.

use heard_history::stats::{Session, SessionOrder, sessions};
use serde::Serialize;

use super::asking;
use crate::args::{Sessions, SessionsBy};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, duration, grouped, moment, several};

#[derive(Serialize)]
pub(super) struct Row<'a> {
    rank: usize,
    started_at: i64,
    started_time: String,
    ended_at: i64,
    ended_time: String,
    length_ms: u64,
    plays: u64,
    ms_played: u64,
    artist: Option<&'a str>,
}

#[derive(Serialize)]
struct Document<'a> {
    rows: Vec<Row<'a>>,
    total: u64,
    total_plays: u64,
    length_ms: u64,
    ms_played: u64,
    /// Whole milliseconds; 0 where there are none.
    average_length_ms: u64,
    average_plays: f64,
    period: String,
}

pub(crate) fn run(args: &Sessions, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    let order = match args.by {
        SessionsBy::Length => SessionOrder::Length,
        SessionsBy::Plays => SessionOrder::Plays,
    };
    let gap_ms = u64::from(args.gap) * 60_000;
    let found = sessions(&asked.columns, gap_ms, order, &filter, &config.zone, asked.now, args.limit)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    if found.total == 0 {
        asking::say_nothing_found(&asked, &filter, printer)?;
    }
    match printer.style {
        Style::Json => {
            let rows = (1..).zip(&found.rows).map(|(rank, session)| json_row(rank, session)).collect();
            printer.json(&Document {
                rows,
                total: found.total,
                total_plays: found.plays,
                length_ms: found.length_ms,
                ms_played: found.ms_played,
                average_length_ms: found.length_ms / found.total.max(1),
                average_plays: average(found.plays, found.total),
                period: filter.period.to_string(),
            })
        }
        Style::Csv => printer.csv(
            &["rank", "started_at", "ended_at", "length_ms", "plays", "ms_played", "artist"],
            &(1..).zip(&found.rows).map(csv_row).collect::<Vec<_>>(),
        ),
        Style::Table if found.total == 0 => Ok(()),
        Style::Table => {
            printer.say(&format!(
                "{}, {}: {} in {}; on average {:.1} plays in {}",
                several(found.total, "sitting"),
                filter.period,
                several(found.plays, "play"),
                duration(found.length_ms),
                average(found.plays, found.total),
                duration(found.length_ms / found.total.max(1)),
            ));
            let rows: Vec<_> = (1..).zip(&found.rows).map(table_row).collect();
            printer.table(&["#", "from", "length", "plays", "most heard"], &rows, &[0, 2, 3])
        }
    }
}

/// To a hundredth.
fn average(plays: u64, total: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "an average of plays is no exact number")]
    let average = plays as f64 / total.max(1) as f64;
    (average * 100.0).round() / 100.0
}

pub(super) fn json_row(rank: usize, session: &Session) -> Row<'_> {
    Row {
        rank,
        started_at: session.started_at,
        started_time: moment(session.started_at),
        ended_at: session.ended_at(),
        ended_time: moment(session.ended_at()),
        length_ms: session.length_ms,
        plays: session.plays,
        ms_played: session.ms_played,
        artist: session.artist.as_deref(),
    }
}

fn csv_row((rank, session): (usize, &Session)) -> Vec<String> {
    vec![
        rank.to_string(),
        session.started_at.to_string(),
        session.ended_at().to_string(),
        session.length_ms.to_string(),
        session.plays.to_string(),
        session.ms_played.to_string(),
        session.artist.clone().unwrap_or_default(),
    ]
}

fn table_row((rank, session): (usize, &Session)) -> Vec<String> {
    // Local seconds read as if they were UTC are the wall clock.
    let from = moment(session.started_local).replace('T', " ").chars().take(16).collect();
    let artist = session.artist.clone().unwrap_or_default();
    vec![rank.to_string(), from, duration(session.length_ms), grouped(session.plays), artist]
}
