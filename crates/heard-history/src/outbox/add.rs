//! Putting listens into the outbox.

use rusqlite::{Transaction, params};

use super::{Outbox, Target, open_target};
use crate::listen::{FIRST_PLAUSIBLE, Listen};
use crate::store::StoreError;

/// What became of listens that were to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// They wait now.
    pub waiting: u64,
    /// The target had them already, waiting, sent or refused.
    pub known: u64,
    /// They can go nowhere and are parked with the reason: no artist, no title, no plausible moment.
    pub parked: u64,
}

impl Outbox {
    /// Adds listens for a target: all, or, with an error, none. One with the moment, artist and track of one that the
    /// target has in its outbox or ledger is not added again.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add<'a>(
        &mut self,
        target: &Target,
        listens: impl IntoIterator<Item = &'a Listen>,
        now: i64,
    ) -> Result<Added, StoreError> {
        self.change(|changes| {
            let id = open_target(changes, target)?;
            let mut added = Added::default();
            for listen in listens {
                let reason = unsendable(listen);
                let place = match (insert(changes, id, listen, reason, now)?, reason) {
                    (false, _) => &mut added.known,
                    (true, None) => &mut added.waiting,
                    (true, Some(_)) => &mut added.parked,
                };
                *place += 1;
            }
            Ok(added)
        })
    }
}

/// Why no service would ever take it.
fn unsendable(listen: &Listen) -> Option<&'static str> {
    let Listen { track, played_at } = listen;
    if track.artist.trim().is_empty() || track.title.trim().is_empty() {
        return Some("a listen needs the names of artist and track");
    }
    (*played_at < FIRST_PLAUSIBLE).then_some("its moment lies before 2002, when no scrobbling existed")
}

fn insert(
    changes: &Transaction<'_>,
    target: i64,
    listen: &Listen,
    reason: Option<&str>,
    now: i64,
) -> rusqlite::Result<bool> {
    let Listen { track, played_at } = listen;
    let length = track.length_ms.and_then(|length| i64::try_from(length).ok());
    let inserted = changes
        .prepare_cached(
            "INSERT INTO outbox (target_id, played_at, artist, track, album, album_artist, track_number, length_ms,
                                 recording_mbid, added_at, state, words, settled_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, iif(?11 IS NULL, 'waiting', 'parked'), ?11,
                     iif(?11 IS NULL, NULL, ?10))
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            target,
            played_at,
            track.artist,
            track.title,
            track.album,
            track.album_artist,
            track.number,
            length,
            track.recording_mbid,
            now,
            reason,
        ])?;
    Ok(inserted > 0)
}
