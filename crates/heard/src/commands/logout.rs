//! `heard logout`: a session key or a token out of the credentials file.

use super::calling::{SESSION, TOKEN};
use crate::args::{Logout, ServiceArg};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::Printer;

pub(crate) fn run(args: &Logout, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (name, _) = if args.service == ServiceArg::Listenbrainz { TOKEN } else { SESSION };
    let path = config.keep_secret(name, None)?;
    printer.say(&format!("{name} does not stand in {}", path.display()));
    Ok(())
}
