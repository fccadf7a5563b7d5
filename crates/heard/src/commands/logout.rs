//! `heard logout`: a session key or a token out of where secrets are kept.

use super::calling::{TOKEN, keys_of};
use crate::args::{Logout, ServiceArg};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::Printer;

pub(crate) fn run(args: &Logout, config: &Config, printer: Printer) -> Result<(), Failure> {
    config.can_keep_secrets()?;
    let [_, _, session] = keys_of(args.service.into());
    let (name, _) = if args.service == ServiceArg::Listenbrainz { TOKEN } else { session };
    let place = config.keep_secret(name, None)?;
    printer.say(&format!("{name} does not stand in {place}"));
    Ok(())
}
