//! `heard man`: the manual pages, made from the help texts.

use std::path::Path;

use clap::CommandFactory;

use crate::args::Cli;
use crate::exit::Failure;
use crate::print::Printer;

pub(crate) fn run(folder: &Path, printer: Printer) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file(folder, &error);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let command = Cli::command();
    let pages = command.get_subcommands().count() + 1;
    clap_mangen::generate_to(command, folder).map_err(failed)?;
    printer.say(&format!("{pages} manual pages written to {}", folder.display()));
    Ok(())
}
