//! Genres over time as `--json` tells them.

use heard_history::genres::Genre;
use heard_history::stats::{Filter, GenreUnit, GenresOverTime, RankedGenre, Transitions, Unit};
use serde::Serialize;

use super::coverage::CoverageValue;
use super::name;
use crate::exit::Failure;
use crate::print::{Printer, two_decimals};

#[derive(Serialize)]
struct GenreValue {
    rank: usize,
    genre: &'static str,
    plays: f64,
    ms_played: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
}

#[derive(Serialize)]
struct UnitValue {
    at: String,
    coverage: CoverageValue,
    entropy: f64,
    genres: Vec<GenreValue>,
    entered: Vec<&'static str>,
    back: Vec<&'static str>,
    left: Vec<&'static str>,
}

#[derive(Serialize)]
struct TransitionValue {
    from: &'static str,
    to: &'static str,
    times: u64,
}

#[derive(Serialize)]
struct TransitionsValue {
    total: u64,
    same: u64,
    rows: Vec<TransitionValue>,
}

#[derive(Serialize)]
struct Document {
    unit: &'static str,
    period: String,
    coverage: CoverageValue,
    rows: Vec<GenreValue>,
    units: Vec<UnitValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transitions: Option<TransitionsValue>,
}

/// Prints the first genres of the whole period, and all genres of every unit.
pub(super) fn print(
    (found, followed): (&GenresOverTime, Option<&Transitions>),
    unit: Unit,
    limit: usize,
    filter: &Filter,
    printer: Printer,
) -> Result<(), Failure> {
    printer.json(&Document {
        unit: unit.name(),
        period: filter.period.to_string(),
        coverage: CoverageValue::of(&found.coverage),
        rows: found.rows.iter().take(limit).map(|row| genre_value(row, None)).collect(),
        units: found.units.iter().map(unit_value).collect(),
        transitions: followed.map(transitions_value),
    })
}

fn genre_value(row: &RankedGenre, share: Option<f64>) -> GenreValue {
    let share = share.map(|share| (share * 1e6).round() / 1e6);
    GenreValue {
        rank: row.rank,
        genre: name(row.genre),
        plays: two_decimals(row.plays),
        ms_played: row.ms_played,
        share,
    }
}

fn unit_value(unit: &GenreUnit) -> UnitValue {
    let names = |genres: &[Genre]| genres.iter().map(|genre| name(*genre)).collect();
    UnitValue {
        at: unit.unit.to_string(),
        coverage: CoverageValue::of(&unit.coverage),
        entropy: (unit.entropy * 1e6).round() / 1e6,
        genres: unit.genres.iter().map(|row| genre_value(row, Some(unit.share(row.genre)))).collect(),
        entered: names(&unit.entered),
        back: names(&unit.back),
        left: names(&unit.left),
    }
}

fn transitions_value(found: &Transitions) -> TransitionsValue {
    let row = |row: &heard_history::stats::Transition| TransitionValue {
        from: name(row.from),
        to: name(row.to),
        times: row.times,
    };
    TransitionsValue { total: found.total, same: found.same, rows: found.rows.iter().map(row).collect() }
}
