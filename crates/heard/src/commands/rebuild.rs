//! `heard rebuild`: the views anew, from the archive alone.

use heard_history::columns;
use heard_history::home::Home;
use heard_history::ingest;
use heard_history::store::Store;
use heard_history::verify;
use serde::Serialize;

use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, several, warn};

#[derive(Serialize)]
struct Document {
    plays: u64,
    rejects: u64,
    damage: Vec<String>,
    unread: Vec<String>,
}

pub(crate) fn run(config: &Config, printer: Printer) -> Result<(), Failure> {
    let home = Home::open(&config.home)?;
    let lock = home.lock()?;
    verify::unseal(&home, &lock)?;
    let ingested = ingest::rebuild(&home, &lock, &config.zone, |_| {})?;
    let store = Store::open(&home, &lock, &config.zone)?;
    columns::refresh(&home, &lock, &store)?;
    verify::seal(&home, &lock, store)?;
    let document = Document {
        plays: ingested.applied.plays_new,
        rejects: ingested.applied.rejects,
        damage: ingested.damage.iter().map(ToString::to_string).collect(),
        unread: ingested.unread.iter().map(|(seq, why)| format!("envelope {seq}: {why}")).collect(),
    };
    for line in document.damage.iter().chain(&document.unread) {
        warn(&format!("warning: {line}"));
    }
    if printer.style == Style::Json {
        printer.json(&document)?;
    } else {
        printer.say(&format!("made anew from the archive: {}", several(document.plays, "play")));
    }
    if document.damage.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Code::BadInput, "parts of the archive are damaged; everything that can be read was read")
        .hint("heard sync downloads again what is missing"))
}
