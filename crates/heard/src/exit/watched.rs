//! What goes wrong where players are watched.

use heard_history::watch::KeepError;

use super::{Code, Failure};
use crate::players::{MpdError, PlayersError};

impl From<KeepError> for Failure {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::Archive(error) => error.into(),
            KeepError::Store(error) => error.into(),
            KeepError::Ingest(error) => error.into(),
        }
    }
}

impl From<PlayersError> for Failure {
    fn from(error: PlayersError) -> Self {
        let failure = Self::new(Code::Unavailable, error.to_string());
        match error {
            PlayersError::NoSession => {
                failure.hint("run it in a terminal of the desktop; or name an MPD: heard watch --mpd localhost:6600")
            }
            PlayersError::Bus(_) | PlayersError::SilentBus => {
                failure.hint("look at DBUS_SESSION_BUS_ADDRESS; or leave it out: --no-mpris")
            }
            PlayersError::Mpd { error: MpdError::Password, .. } => {
                failure.with(Code::NotAuthorised).hint("export MPD_PASSWORD=…, or write it into credentials.toml")
            }
            PlayersError::Mpd { .. } => failure.hint("start it, or give its address: heard watch --mpd HOST:PORT"),
            PlayersError::Ended => failure.hint("everything played so far is kept; run it again in the next session"),
        }
    }
}
