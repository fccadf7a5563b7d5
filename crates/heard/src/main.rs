//! `heard`: own what you have listened to.

mod args;
mod commands;
mod config;
mod exit;
mod interrupt;
#[cfg(feature = "keyring")]
mod keyring;
mod log;
mod players;
mod plot;
mod print;
mod progress;
mod when;

use std::panic;
use std::process::ExitCode;

use clap::Parser;
use heard_history::import::tabular::is_panic_caught;

use args::Cli;
use config::Config;
use exit::Failure;
use print::{Printer, Style};

fn main() -> ExitCode {
    let cli = Cli::parse();
    log::start(cli.global.verbose);
    tell_no_caught_panic();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            print::warn(&failure.to_string());
            ExitCode::from(failure.code as u8)
        }
    }
}

/// A panic that is caught and becomes an error is told of as that error, and not before.
fn tell_no_caught_panic() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !is_panic_caught() {
            tell(info);
        }
    }));
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
    let config = if commands::reaches_services(&command) { config.with_keyring(printer) } else { config };
    commands::run(command, &config, printer)
}
