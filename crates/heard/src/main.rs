//! `heard`: own what you have listened to.

mod args;
mod commands;
mod config;
mod exit;
mod interrupt;
mod log;
mod plot;
mod print;
mod progress;

use std::process::ExitCode;

use clap::Parser;

use args::Cli;
use config::Config;
use exit::Failure;
use print::{Printer, Style};

fn main() -> ExitCode {
    let cli = Cli::parse();
    log::start(cli.global.verbose);
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            print::warn(&failure.to_string());
            ExitCode::from(failure.code as u8)
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { global, command } = cli;
    let style = match (global.json, global.csv) {
        (true, _) => Style::Json,
        (_, true) => Style::Csv,
        _ => Style::Table,
    };
    let config = Config::resolve(&global)?;
    let printer = Printer::new(style, global.quiet, config.colour, config.columns);
    commands::run(command, &config, printer)
}
