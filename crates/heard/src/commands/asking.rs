//! What the questions about when have in common: the columns, the filter, and what is said besides the answer.

use heard_history::columns::Column;
use heard_history::identity::Needle;
use heard_history::stats::{AsOf, Filter, Period, nearest};
use serde::Serialize;

use super::question::{self, Asked};
use crate::args::Asking;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, by_number, day, moment, several};

/// Opens the columns and makes the filter.
pub(super) fn open(asking: &Asking, config: &Config, printer: Printer) -> Result<(Asked, Filter), Failure> {
    let asked = question::open_for(&asking.names, config, printer)?;
    let filter = question::filter(config, &asking.period, &asking.names, &asking.counting, None);
    Ok((asked, filter))
}

/// Says which plays have no place in a calendar.
pub(super) fn say_what_has_no_place(asked: &Asked, filter: &Filter, printer: Printer) {
    let undated = (asked.columns.rows() - asked.columns.dated()) as u64;
    if undated > 0 && filter.period == Period::Everything {
        let (plays, have) = (several(undated, "play"), by_number(undated, "has", "have"));
        printer.say(&format!("{plays} without a moment {have} no place in a calendar"));
    } else if filter.counting.undated || filter.counting.implausible {
        printer.say("Plays without a moment, and those of wrong clocks, have no place in a calendar");
    }
}

/// Says that silence is measured up to the end of the history, where it has ended.
pub(super) fn say_as_of(as_of: AsOf, printer: Printer) {
    if let Some(local_at) = as_of.last_listen {
        printer.say(&format!("Told as of {}, your last listen", day(local_at)));
    }
}

/// The same for programs: Unix seconds, and RFC 3339.
#[derive(Serialize)]
pub(super) struct LastListen {
    last_listen_at: Option<i64>,
    last_listen_time: Option<String>,
}

impl LastListen {
    /// Nothing where everything is told as of today, or of the period's end.
    pub(super) fn of(as_of: AsOf) -> Self {
        let last_listen_at = as_of.last_listen.map(|_| as_of.at);
        Self { last_listen_at, last_listen_time: last_listen_at.map(moment) }
    }
}

/// Says that nothing was found, and why that may be.
pub(super) fn say_nothing_found(asked: &Asked, filter: &Filter, printer: Printer) -> Result<(), Failure> {
    printer.say("No plays count here.");
    say_who_may_be_meant(asked, filter, printer)
}

/// Where no artist, album or track has the wanted name, names those that may have been meant.
pub(super) fn say_who_may_be_meant(asked: &Asked, filter: &Filter, printer: Printer) -> Result<(), Failure> {
    let wanted = [
        (Column::Artist, &filter.artist, "artist's name"),
        (Column::Album, &filter.album, "album's title"),
        (Column::Track, &filter.track, "track's title"),
    ];
    for (column, text, of) in wanted {
        let Some(text) = text else { continue };
        let names = asked.columns.dictionary(column)?;
        let needle = Needle::new(text);
        if !names.iter().any(|name| needle.is_in(name)) {
            let near = nearest(names.iter(), text, 3);
            let meant = if near.is_empty() { String::new() } else { format!("; perhaps: {}", near.join(", ")) };
            printer.say(&format!("No {of} has {text:?} in it{meant}"));
        }
    }
    Ok(())
}
