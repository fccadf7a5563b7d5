//! Showing on the accounts' pages what sounds: told at once or never, for tomorrow it would be a lie.

use std::time::Duration;

use heard_history::deliver::Connection;
use heard_history::listen::Track;
use heard_history::playback::Event;
use heard_history::watch::Happened;
use tokio::sync::watch;
use tokio::time::timeout;

use super::told::Voice;
use crate::commands::sending::Destination;
use crate::players::Timekeeper;

/// Who goes from track to track faster than this is looking for one.
const SETTLING: Duration = Duration::from_secs(1);
/// Later than this, what sounds may be something else.
const STALE: Duration = Duration::from_secs(10);

/// Tells all accounts what sounds: the newest, where several things do.
pub(super) struct Showing {
    newest: watch::Sender<Option<Track>>,
}

impl Showing {
    /// Begins with nothing that sounds; each account has a task of its own, so that none waits for another.
    pub(super) fn start(destinations: &[Destination], time: &Timekeeper, voice: Voice) -> Self {
        let (newest, tracks) = watch::channel(None);
        for to in destinations {
            let account = to.target.account.to_string();
            tokio::spawn(show(to.connection.clone(), account, tracks.clone(), time.clone(), voice));
        }
        Self { newest }
    }

    pub(super) fn hear(&self, happened: &Happened) {
        if let Event::NowPlaying(track) = &happened.event {
            self.newest.send_replace(Some(track.clone()));
        }
    }
}

async fn show(
    connection: Connection,
    account: String,
    mut tracks: watch::Receiver<Option<Track>>,
    time: Timekeeper,
    voice: Voice,
) {
    while tracks.changed().await.is_ok() {
        time.sleep(SETTLING).await;
        let Some(track) = tracks.borrow_and_update().clone() else { continue };
        let failed = match timeout(STALE, connection.tell_now_playing(&track)).await {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the service does not answer".to_owned(),
        };
        voice.says(&format!("{account}: what sounds is not shown: {failed}"));
    }
}
