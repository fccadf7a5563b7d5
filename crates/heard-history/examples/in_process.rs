//! How long questions take in a process that asks many: `in_process HOME [ROUNDS]`.
//!
//! One line of JSON a question, with the least, the middle and the greatest milliseconds of all rounds; the columns are
//! opened once, and a first round, which nobody measures, lets them be read.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "a program that measures time and prints it"
)]

use std::error::Error;
use std::time::Instant;

use heard_history::columns::Columns;
use heard_history::home::Home;
use heard_history::stats::{By, Filter, Kind, Period, Unit, clock, ranking, top_over_time};
use heard_history::zone::Zone;

/// Later than every play that a benchmark makes up, so that none of them is a wrong clock's.
const NOW: i64 = 4_000_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let home = words.next().and_then(Home::existing).ok_or("in_process HOME [ROUNDS]: HOME holds no history")?;
    let rounds: usize = words.next().map_or(Ok(200), |word| word.parse())?;
    let columns = Columns::open(&home.columns())?.held();
    let (zone, everything) = (Zone::utc(), Filter::default());
    let year = Filter { period: Period::Year(2020), ..Filter::default() };
    let top = |filter| ranking(&columns, Kind::Artists, By::Plays, filter, &zone, NOW, 20).map(|found| found.distinct);
    measure("top artists", rounds, || top(&everything))?;
    measure("top artists --year", rounds, || top(&year))?;
    measure("clock", rounds, || clock(&columns, &everything, &zone, NOW).map(|face| face.total().plays))?;
    let months = (Kind::Artists, By::Plays, Unit::Month);
    measure("months of the top ten", rounds, || {
        top_over_time(&columns, months, &everything, &zone, NOW, 10).map(|found| found.units.len())
    })?;
    Ok(())
}

/// Prints how long a question takes. What it finds is handed to the compiler as something that is used.
fn measure<T, E>(question: &str, rounds: usize, mut ask: impl FnMut() -> Result<T, E>) -> Result<(), E> {
    ask()?;
    let mut took = Vec::with_capacity(rounds);
    for _ in 0..rounds.max(1) {
        let began = Instant::now();
        std::hint::black_box(ask()?);
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    let at = |part: usize| took[(took.len() - 1) * part / 2];
    let (least, middle, greatest) = (at(0), at(1), at(2));
    println!(
        r#"{{"question":"{question}","least_ms":{least:.3},"median_ms":{middle:.3},"greatest_ms":{greatest:.3}}}"#
    );
    Ok(())
}
