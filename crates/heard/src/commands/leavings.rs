//! What a watch has seen and could not keep before it was killed: taken in before whatever was typed is done.

use heard_api::Clock;
use heard_history::home::{Home, HomeError};
use heard_history::watch::{self, TakenIn};
use heard_history::{columns, ingest, verify};

use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, several, warn};

/// Takes in what is left behind, and says so. Where that fails, it stays where it is for the next time, and what was typed
/// is done all the same.
pub(super) fn take_in(config: &Config, printer: Printer) {
    match taken_in(config) {
        Ok(TakenIn { plays, strange }) => {
            if plays > 0 {
                printer.say(&format!("taken in what an earlier watch left: {}", several(plays, "report")));
            }
            if strange > 0 {
                warn("what an earlier watch left cannot be read; it lies in archive.refused");
            }
        }
        Err(failure) => warn(&format!("{failure}\nnote: what an earlier watch left is not lost, and waits")),
    }
}

fn taken_in(config: &Config) -> Result<TakenIn, Failure> {
    let Some(home) = Home::existing(&config.home).filter(watch::has_leavings) else { return Ok(TakenIn::default()) };
    let lock = match home.lock() {
        Err(HomeError::Busy { .. }) => return Ok(TakenIn::default()),
        lock => lock?,
    };
    verify::unseal(&home, &lock)?;
    let (mut store, _) = ingest::open(&home, &lock, &config.zone)?;
    let taken = watch::take_in(&home, &lock, &mut store, Clock::system().now())?;
    columns::refresh(&home, &lock, &store)?;
    verify::seal(&home, &lock, store)?;
    Ok(taken)
}
