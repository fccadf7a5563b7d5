//! What can be typed behind `login`, `logout` and `accounts`.

use clap::Args;

use super::calling::ServiceArg;

/// Let a service know you, so that heard may write there in your name
///
/// Last.fm and Libre.fm: needs LASTFM_API_KEY and LASTFM_API_SECRET, or at Libre.fm keys of its own (LIBREFM_API_KEY and
/// LIBREFM_API_SECRET). An address is printed; open it, say yes, and heard gets a session key for that service. With
/// --browser the page is opened, and the service sends the browser back to heard on this machine, so that nothing is asked
/// again and again. ListenBrainz:
/// LISTENBRAINZ_TOKEN, or else the first line of standard input, is checked. What is got is written into
/// credentials.toml in the home folder, which only you can read; or, where the config says credentials = "keyring", into
/// the desktop's keyring (GNOME's, KWallet, KeePassXC).
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard login lastfm
  heard login lastfm --browser
  heard login listenbrainz < token.txt")]
pub(crate) struct Login {
    /// The service
    #[arg(value_enum, hide_possible_values = true, value_name = "lastfm|librefm|listenbrainz")]
    pub(crate) service: ServiceArg,
    /// Open the page in a browser on this machine, and let it come back to heard
    #[arg(long)]
    pub(crate) browser: bool,
    /// The service's address, for a server of one's own
    #[arg(long, value_name = "ROOT")]
    pub(crate) url: Option<String>,
}

/// Take a service's session key or token out of where secrets are kept
///
/// The service itself is not told: its own pages list the applications that may write in your name.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  heard logout lastfm")]
pub(crate) struct Logout {
    /// The service
    #[arg(value_enum, hide_possible_values = true, value_name = "lastfm|librefm|listenbrainz")]
    pub(crate) service: ServiceArg,
}

/// List the accounts of the config, and what each can be used for
///
/// Of keys and tokens it is told whether they are set, never what they are.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard accounts
  heard accounts --check --json")]
pub(crate) struct Accounts {
    /// Ask each service whether it answers, and knows the account
    #[arg(long)]
    pub(crate) check: bool,
}
