//! `heard trends`: how much was heard in each day, week, month or year, and what rose and fell.

mod top;

use heard_history::stats::{Filter, Kind, Movement, Mover, RankHistory, RankThen, Trend, Unit, rank_history, trends};
use serde::Serialize;

use super::asking;
use super::question::Asked;
use super::ranked::{Named, difference, kind, named_cells, named_header, unit_of};
use crate::args::Trends;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, duration, grouped};

#[derive(Serialize)]
struct Row {
    at: String,
    from: String,
    plays: u64,
    artists: usize,
    ms_played: u64,
    plays_before: Option<u64>,
    artists_before: Option<usize>,
    ms_played_before: Option<u64>,
}

#[derive(Serialize)]
struct MoverRow<'a> {
    #[serde(flatten)]
    named: Named<'a>,
    plays: u64,
    plays_before: u64,
    rank: Option<usize>,
    rank_before: Option<usize>,
}

#[derive(Serialize)]
struct MovementDocument<'a> {
    kind: &'static str,
    at: String,
    before: String,
    climbers: Vec<MoverRow<'a>>,
    fallers: Vec<MoverRow<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    unit: &'static str,
    rows: Vec<Row>,
    movement: Option<MovementDocument<'a>>,
}

#[derive(Serialize)]
struct RankRow {
    at: String,
    from: String,
    rank: Option<usize>,
    plays: u64,
}

#[derive(Serialize)]
struct RankDocument<'a> {
    unit: &'static str,
    #[serde(flatten)]
    named: Option<Named<'a>>,
    rows: Vec<RankRow>,
}

pub(crate) fn run(args: &Trends, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (asked, filter) = asking::open(&args.asking, config, printer)?;
    asking::say_what_has_no_place(&asked, &filter, printer);
    let unit = unit_of(&args.unit, config);
    if let Some(places) = args.top {
        return top::run((args, places), &asked, &filter, unit, config, printer);
    }
    if filter.artist.is_some() || filter.album.is_some() || filter.track.is_some() {
        return ranks(args, &asked, &filter, unit, config, printer);
    }
    let kind = kind(args.kind);
    let found = trends(&asked.columns, unit, kind, &filter, &config.zone, asked.now, args.movers)?;
    // Every row with the one before it, also the first that is shown.
    let before = std::iter::once(None).chain(found.rows.iter().map(Some));
    let rows: Vec<(&Trend, Option<&Trend>)> = found.rows.iter().zip(before).collect();
    let rows = &rows[rows.len().saturating_sub(args.limit)..];
    match printer.style {
        Style::Json => printer.json(&Document {
            unit: unit.name(),
            rows: rows.iter().map(|(row, before)| json_row(row, *before)).collect(),
            movement: found.movement.as_ref().map(|movement| json_movement(movement, kind)),
        }),
        Style::Csv => {
            let row = |(row, _): &(&Trend, Option<&Trend>)| {
                let numbers = [row.plays, row.artists as u64, row.ms_played].map(|number| number.to_string());
                [vec![row.unit.to_string()], numbers.to_vec()].concat()
            };
            printer.csv(&["at", "plays", "artists", "ms_played"], &rows.iter().map(row).collect::<Vec<_>>())
        }
        Style::Table => {
            printer.say(&format!("Each {}, {}", unit.name(), filter.period));
            if rows.is_empty() {
                asking::say_nothing_found(&asked, &filter, printer)?;
            }
            print_rows(rows, unit, printer)?;
            found.movement.iter().try_for_each(|movement| print_movement(movement, kind, printer))
        }
    }
}

fn json_row(row: &Trend, before: Option<&Trend>) -> Row {
    Row {
        at: row.unit.to_string(),
        from: row.unit.first_day().to_string(),
        plays: row.plays,
        artists: row.artists,
        ms_played: row.ms_played,
        plays_before: before.map(|before| before.plays),
        artists_before: before.map(|before| before.artists),
        ms_played_before: before.map(|before| before.ms_played),
    }
}

fn json_movement(movement: &Movement, kind: Kind) -> MovementDocument<'_> {
    MovementDocument {
        kind: kind.name(),
        at: movement.unit.to_string(),
        before: movement.before.to_string(),
        climbers: movement.climbers.iter().map(|mover| json_mover(mover, kind)).collect(),
        fallers: movement.fallers.iter().map(|mover| json_mover(mover, kind)).collect(),
    }
}

fn json_mover(mover: &Mover, kind: Kind) -> MoverRow<'_> {
    MoverRow {
        named: Named::new(kind, &mover.artist, mover.title.as_deref()),
        plays: mover.plays,
        plays_before: mover.plays_before,
        rank: mover.rank,
        rank_before: mover.rank_before,
    }
}

fn print_rows(rows: &[(&Trend, Option<&Trend>)], unit: Unit, printer: Printer) -> Result<(), Failure> {
    let timed = rows.iter().any(|(row, _)| row.ms_played > 0);
    let mut header = vec![unit.name(), "plays", "±", "artists", "±"];
    if timed {
        header.extend(["time", "±"]);
    }
    let row = |(row, before): &(&Trend, Option<&Trend>)| {
        let since =
            |now: u64, of: fn(&Trend) -> u64| before.map_or_else(String::new, |before| difference(now, of(before)));
        let artists = row.artists as u64;
        let mut cells = vec![row.unit.to_string(), grouped(row.plays), since(row.plays, |before| before.plays)];
        cells.extend([grouped(artists), since(artists, |before| before.artists as u64)]);
        if timed {
            let minutes = before.map_or_else(String::new, |before| time_since(row.ms_played, before.ms_played));
            cells.extend([duration(row.ms_played), minutes]);
        }
        cells
    };
    let numbers: Vec<usize> = (1..header.len()).collect();
    printer.table(&header, &rows.iter().map(row).collect::<Vec<_>>(), &numbers)
}

fn time_since(now: u64, before: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Equal => "=".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", duration(now - before)),
        std::cmp::Ordering::Less => format!("−{}", duration(before - now)),
    }
}

fn print_movement(movement: &Movement, kind: Kind, printer: Printer) -> Result<(), Failure> {
    for (title, movers) in [("Climbers", &movement.climbers), ("Fallers", &movement.fallers)] {
        if movers.is_empty() {
            continue;
        }
        printer.data(&format!("\n{title}, {} after {}\n", movement.unit, movement.before))?;
        let header = [named_header(kind), &["plays", "±", "rank"]].concat();
        let row = |mover: &Mover| {
            let rank = |rank: Option<usize>| rank.map_or_else(|| "–".to_owned(), |rank| grouped(rank as u64));
            let mut cells = named_cells(&mover.artist, mover.title.as_deref());
            cells.extend([grouped(mover.plays), difference(mover.plays, mover.plays_before)]);
            cells.push(format!("{} → {}", rank(mover.rank_before), rank(mover.rank)));
            cells
        };
        let last = header.len() - 1;
        printer.table(&header, &movers.iter().map(row).collect::<Vec<_>>(), &[last - 2, last - 1, last])?;
    }
    Ok(())
}

/// One artist's, album's or track's rank through time.
fn ranks(
    args: &Trends,
    asked: &Asked,
    filter: &Filter,
    unit: Unit,
    config: &Config,
    printer: Printer,
) -> Result<(), Failure> {
    let found = rank_history(&asked.columns, unit, filter, &config.zone, asked.now)?;
    let rows = found.as_ref().map_or(&[][..], |found| &found.rows[found.rows.len().saturating_sub(args.limit)..]);
    let kind = if filter.track.is_some() { Kind::Tracks } else { Kind::Albums };
    let named = |found: &RankHistory| named_cells(&found.artist, found.title.as_deref());
    match printer.style {
        Style::Json => {
            let row = |then: &RankThen| {
                let (at, from) = (then.unit.to_string(), then.unit.first_day().to_string());
                RankRow { at, from, rank: then.rank, plays: then.plays }
            };
            let named = found.as_ref().map(|found| Named::new(kind, &found.artist, found.title.as_deref()));
            printer.json(&RankDocument { unit: unit.name(), named, rows: rows.iter().map(row).collect() })
        }
        Style::Csv => {
            let rank = |rank: Option<usize>| rank.map(|rank| rank.to_string()).unwrap_or_default();
            let row = |then: &RankThen| vec![then.unit.to_string(), rank(then.rank), then.plays.to_string()];
            printer.csv(&["at", "rank", "plays"], &rows.iter().map(row).collect::<Vec<_>>())
        }
        Style::Table => {
            match &found {
                None => asking::say_nothing_found(asked, filter, printer)?,
                Some(found) => printer.say(&format!(
                    "Rank of {} in each {}, {}",
                    named(found).join(", "),
                    unit.name(),
                    filter.period
                )),
            }
            let row = |then: &RankThen| {
                let rank = then.rank.map_or_else(|| "–".to_owned(), |rank| grouped(rank as u64));
                vec![then.unit.to_string(), rank, grouped(then.plays)]
            };
            printer.table(&[unit.name(), "rank", "plays"], &rows.iter().map(row).collect::<Vec<_>>(), &[1, 2])
        }
    }
}
