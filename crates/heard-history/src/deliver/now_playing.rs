//! Telling a service what sounds at this moment. It is told once or not at all: tomorrow it would be a lie.

use heard_api::Error;
use heard_api::lastfm::track::{IgnoredMessage, UpdateNowPlaying};
use heard_api::listenbrainz::{self, Submission, Unacceptable};

use super::{Connection, lastfm, listenbrainz as brainz};
use crate::listen::{Listen, Track};

/// A moment at which a listen may be, as far as any service knows.
const ANY_MOMENT: i64 = 1_700_000_000;

/// Why a service does not show what sounds.
#[derive(Debug, thiserror::Error)]
pub enum NowPlayingError {
    /// The call failed, or the service refused it.
    #[error(transparent)]
    Service(#[from] Error),
    /// The service understood, and ignores it.
    #[error("the service ignores it (code {code}){}", words.as_ref().map(|words| format!(": {words}")).unwrap_or_default())]
    Ignored {
        /// The service's code, as on the wire.
        code: i64,
        /// Its words, where it used any.
        words: Option<String>,
    },
    /// It cannot be put into words for the service.
    #[error("the service would not take it: {0}")]
    Unfit(#[from] Unacceptable),
}

impl Connection {
    /// Tells that a track sounds now. The service shows it for as long as it thinks right, and makes no listen of it.
    ///
    /// # Errors
    /// [`NowPlayingError`]; nothing is tried again.
    pub async fn tell_now_playing(&self, track: &Track) -> Result<(), NowPlayingError> {
        match self {
            Self::Lastfm(client) => {
                let IgnoredMessage { code, text } =
                    client.call(&UpdateNowPlaying::new(lastfm::play(track))).await?.ignored;
                if code == 0 { Ok(()) } else { Err(NowPlayingError::Ignored { code, words: text }) }
            }
            Self::Listenbrainz(client) => {
                // What is told with a moment is checked as a whole; without it, the rest is the same.
                let listen = brainz::told(&Listen { track: track.clone(), played_at: ANY_MOMENT })?;
                client.call(&listenbrainz::submit(&Submission::playing_now(listen)?)).await?;
                Ok(())
            }
        }
    }
}
