//! Plays of watched players on their way into the archive.

use serde::{Deserialize, Serialize};

use crate::archive::{Archive, ArchiveError, Draft, Purpose, mark_body};
use crate::home::{Home, HomeLock};
use crate::ingest::{self, IngestError};
use crate::listen::{Account, Service, Track};
use crate::store::{Store, StoreError};

/// Why plays could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The archive, or what lies beside it, cannot be read or written; nothing was kept.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The store cannot be read; nothing was kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is in the archive cannot be brought into the store. The next one who opens it does that.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}

/// A play, as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The player's name; it becomes the account of the source `watch`.
    pub player: String,
    /// What sounded.
    pub track: Track,
    /// When it began, in Unix seconds.
    pub played_at: i64,
    /// For how long it sounded, in milliseconds, where it is over.
    pub ms_played: Option<u64>,
}

/// A play as it stands in the archive: a line of the format that `export --format jsonl` writes, and what else the
/// player told.
#[derive(Serialize)]
struct Line<'a> {
    played_at: i64,
    artist: &'a str,
    track: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album_artist: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    length_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recording_mbid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ms_played: Option<u64>,
}

/// Keeps plays of a listener: they are in the archive, on the disk, before anything is derived from them. Keeping one
/// again changes nothing but the archive's length. `now` in Unix seconds.
///
/// # Errors
/// [`KeepError`].
pub fn keep(
    home: &Home,
    lock: &HomeLock,
    store: &mut Store,
    listener: &str,
    seen: &[Seen],
    now: i64,
) -> Result<(), KeepError> {
    let drafts: Vec<Draft> = seen.iter().map(|seen| draft(listener, seen, now)).collect();
    append(home, lock, store, &drafts)
}

/// The archive first, then the store.
pub(super) fn append(home: &Home, lock: &HomeLock, store: &mut Store, drafts: &[Draft]) -> Result<(), KeepError> {
    if drafts.is_empty() {
        return Ok(());
    }
    let (mut archive, cut) = Archive::open(home, lock, store.position()?.seq)?;
    if let Some(cut) = cut {
        tracing::warn!(bytes = cut.bytes, kept = %cut.kept.display(), "the archive's unfinished end was moved aside");
    }
    let frame = archive.append(drafts)?;
    ingest::take(store, frame)?;
    Ok(())
}

pub(super) fn draft(listener: &str, seen: &Seen, now: i64) -> Draft {
    Draft {
        received_at: now,
        account: Account::new(listener, Service::Watch, &seen.player),
        method: "heard.watch".into(),
        params: Vec::new(),
        purpose: Purpose::Watched,
        run: 0,
        wanted: None,
        status: 0,
        served_at: None,
        body: mark_body(&line(seen)),
        is_json: true,
        sha256: None,
    }
}

fn line(Seen { track, played_at, ms_played, .. }: &Seen) -> Line<'_> {
    Line {
        played_at: *played_at,
        artist: &track.artist,
        track: &track.title,
        album: track.album.as_deref(),
        album_artist: track.album_artist.as_deref(),
        track_number: track.number,
        length_ms: track.length_ms,
        recording_mbid: track.recording_mbid.as_deref(),
        ms_played: *ms_played,
    }
}
