//! `heard track`: all about one track.

use heard_history::stats::{Kind, Wanted};

use super::page;
use crate::args::Track;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::Printer;

pub(crate) fn run(args: &Track, config: &Config, printer: Printer) -> Result<(), Failure> {
    let wanted = Wanted { kind: Kind::Tracks, name: &args.name, artist: args.artist.as_deref() };
    page::run(&wanted, &args.about, config, printer)
}
