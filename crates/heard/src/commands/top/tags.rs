//! `heard top tags`: most heard genres.

use heard_history::genres::Vocabulary;
use heard_history::stats::{By, RankedGenre, TopGenres, top_genres};
use serde::Serialize;

use super::super::genres::coverage::{CoverageValue, say_coverage};
use super::super::{asking, question};
use crate::args::Top;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, duration, several, two_decimals};

#[derive(Serialize)]
struct Row<'a> {
    rank: usize,
    tag: &'a str,
    plays: f64,
    ms_played: u64,
}

#[derive(Serialize)]
struct Document<'a> {
    rows: Vec<Row<'a>>,
    total_plays: u64,
    distinct: usize,
    period: String,
    coverage: CoverageValue,
}

pub(super) fn run(args: &Top, config: &Config, printer: Printer) -> Result<(), Failure> {
    let asked = question::open_with_genres(&args.names, config, printer)?;
    let filter = question::filter(config, &args.period, &args.names, &args.counting, None);
    let by = question::by(args.by);
    let found = top_genres(&asked.columns, (by, args.main), &filter, &config.zone, asked.now, args.limit)?;
    question::say_what_is_left_out(&asked, &filter, printer);
    if found.coverage.plays == 0 {
        asking::say_who_may_be_meant(&asked, &filter, printer)?;
    }
    match printer.style {
        Style::Json => printer.json(&Document {
            rows: found.rows.iter().map(json_row).collect(),
            total_plays: found.coverage.plays,
            distinct: found.distinct,
            period: filter.period.to_string(),
            coverage: CoverageValue::of(&found.coverage),
        }),
        Style::Csv => {
            let row = |row: &RankedGenre| {
                let Row { rank, tag, plays, ms_played } = json_row(row);
                vec![rank.to_string(), tag.to_owned(), plays.to_string(), ms_played.to_string()]
            };
            printer.csv(&["rank", "tag", "plays", "ms_played"], &found.rows.iter().map(row).collect::<Vec<_>>())
        }
        Style::Table => {
            let distinct = several(found.distinct as u64, "genre");
            printer.say(&format!(
                "Top tags of {distinct}, {} ({})",
                filter.period,
                several(found.coverage.plays, "play")
            ));
            say_coverage(&found.coverage, printer);
            print_table(&found, by, printer)
        }
    }
}

fn json_row(row: &RankedGenre) -> Row<'static> {
    let tag = Vocabulary::own().name_of(row.genre);
    Row { rank: row.rank, tag, plays: two_decimals(row.plays), ms_played: row.ms_played }
}

fn print_table(found: &TopGenres, by: By, printer: Printer) -> Result<(), Failure> {
    let timed = by == By::Time || found.rows.iter().any(|row| row.ms_played > 0);
    let header: &[&str] = if timed { &["#", "tag", "plays", "time"] } else { &["#", "tag", "plays"] };
    let row = |row: &RankedGenre| {
        let Row { rank, tag, plays, ms_played } = json_row(row);
        let mut cells = vec![rank.to_string(), tag.to_owned(), format!("{plays:.2}")];
        cells.extend(timed.then(|| duration(ms_played)));
        cells
    };
    let numbers: &[usize] = if timed { &[0, 2, 3] } else { &[0, 2] };
    printer.table(header, &found.rows.iter().map(row).collect::<Vec<_>>(), numbers)
}
