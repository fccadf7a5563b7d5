//! `heard album`: all about one album.

use heard_history::stats::{Kind, Wanted};

use super::page;
use crate::args::Album;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::Printer;

pub(crate) fn run(args: &Album, config: &Config, printer: Printer) -> Result<(), Failure> {
    let wanted = Wanted { kind: Kind::Albums, name: &args.name, artist: args.artist.as_deref() };
    page::run(&wanted, &args.about, config, printer)
}
