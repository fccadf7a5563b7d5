//! `heard artist`: all about one artist.

use heard_history::stats::{Kind, Wanted};

use super::page;
use crate::args::Artist;
use crate::config::Config;
use crate::exit::Failure;
use crate::print::Printer;

pub(crate) fn run(args: &Artist, config: &Config, printer: Printer) -> Result<(), Failure> {
    let wanted = Wanted { kind: Kind::Artists, name: &args.name, artist: None };
    page::run(&wanted, &args.about, config, printer)
}
