//! `heard logout`: a session key or a token out of the credentials file.

use super::calling::{TOKEN, keys_of};
use crate::args::{Logout, ServiceArg};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::Printer;

pub(crate) fn run(args: &Logout, config: &Config, printer: Printer) -> Result<(), Failure> {
    let [_, _, session] = keys_of(args.service.into());
    let (name, _) = if args.service == ServiceArg::Listenbrainz { TOKEN } else { session };
    let path = config.keep_secret(name, None)?;
    printer.say(&format!("{name} does not stand in {}", path.display()));
    Ok(())
}
