//! Looking into the outbox and the ledger.

use std::io::Read;

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{Corrected, Entry, Fate, Outbox, Target, known_target};
use crate::listen::{Account, Listen, Service, Track};
use crate::store::StoreError;

/// How many rows of a target have which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// To be sent.
    pub waiting: u64,
    /// Sent, without an answer yet.
    pub in_flight: u64,
    /// The service has them.
    pub accepted: u64,
    /// The service does not want them.
    pub ignored: u64,
    /// They cannot be sent as they are.
    pub parked: u64,
}

impl Counts {
    /// What is still to be delivered.
    #[must_use]
    pub fn undelivered(&self) -> u64 {
        self.waiting + self.in_flight
    }
}

/// A target and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetState {
    /// The target.
    pub target: Target,
    /// Why nothing is sent to it, and since when (Unix seconds), where it is paused.
    pub paused: Option<(String, i64)>,
    /// Its rows.
    pub counts: Counts,
}

const COLUMNS: &str =
    "id, played_at, artist, track, album, album_artist, track_number, length_ms, recording_mbid, state,
    code, words, attempts, attempted_at, settled_at, corrected_artist, corrected_track, corrected_album,
    corrected_album_artist";

impl Outbox {
    /// Every target, in the order in which they came.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn targets(&mut self) -> Result<Vec<TargetState>, StoreError> {
        self.change(|changes| {
            let mut query = changes
                .prepare("SELECT id, listener, service, user, root, paused, paused_at FROM targets ORDER BY id")?;
            let found = query.query_map([], |row| {
                let service: String = row.get(2)?;
                // A service of a name that this version does not know cannot be delivered to, nor can it be named.
                let service = Service::ALL.into_iter().find(|known| known.name() == service);
                let account = service.map(|service| -> rusqlite::Result<_> {
                    Ok(Account { listener: row.get(1)?, service, user: row.get(3)? })
                });
                let paused = row.get::<_, Option<String>>(5)?.zip(row.get::<_, Option<i64>>(6)?);
                Ok((row.get::<_, i64>(0)?, account.transpose()?, row.get::<_, String>(4)?, paused))
            })?;
            let mut targets = Vec::new();
            for target in found {
                let (id, account, root, paused) = target?;
                let Some(account) = account else { continue };
                targets.push(TargetState { target: Target { account, root }, paused, counts: counts(changes, id)? });
            }
            Ok(targets)
        })
    }

    /// How many rows of a target have which fate.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn counts(&mut self, target: &Target) -> Result<Counts, StoreError> {
        self.change(|changes| {
            let id = known_target(changes, target)?;
            id.map_or_else(|| Ok(Counts::default()), |id| counts(changes, id))
        })
    }

    /// Rows of a target, the earliest added first: those of one fate (one of [`Fate::NAMES`]) or all; those with a number
    /// above `after`; at most `most`. The number of the last is where the next look goes on.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn list(
        &mut self,
        target: &Target,
        fate: Option<&str>,
        after: i64,
        most: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        self.change(|changes| {
            let Some(target) = known_target(changes, target)? else { return Ok(Vec::new()) };
            changes
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM outbox WHERE target_id = ?1 AND id > ?2 AND (?3 IS NULL OR state = ?3)
                      ORDER BY id LIMIT ?4"
                ))?
                .query_map(params![target, after, fate, most], entry)?
                .collect()
        })
    }

    /// A target's row of a listen: that with its moment, artist and track.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find(&mut self, target: &Target, listen: &Listen) -> Result<Option<Entry>, StoreError> {
        self.find_all(target, [listen]).map(|mut rows| rows.pop().flatten())
    }

    /// [`find`](Self::find) for many, in their order.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find_all<'a>(
        &mut self,
        target: &Target,
        listens: impl IntoIterator<Item = &'a Listen>,
    ) -> Result<Vec<Option<Entry>>, StoreError> {
        self.change(|changes| {
            let Some(target) = known_target(changes, target)? else {
                return Ok(listens.into_iter().map(|_| None).collect());
            };
            let mut query = changes.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM outbox WHERE target_id = ?1 AND played_at = ?2 AND artist = ?3 AND track = ?4"
            ))?;
            let mut find = |Listen { track, played_at }: &Listen| {
                query.query_row(params![target, played_at, track.artist, track.title], entry).optional()
            };
            listens.into_iter().map(&mut find).collect()
        })
    }

    /// The row of a number, of whatever target.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn row(&mut self, id: i64) -> Result<Option<Entry>, StoreError> {
        self.change(|changes| {
            changes
                .prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE id = ?1"))?
                .query_row([id], entry)
                .optional()
        })
    }

    /// The answer by which a row was settled, byte for byte, where one is kept: its HTTP status and its body.
    ///
    /// # Errors
    /// What SQLite says, and [`StoreError::Damaged`] for a body that cannot be unpacked.
    pub fn answer(&mut self, id: i64) -> Result<Option<(u16, Vec<u8>)>, StoreError> {
        let kept = self.change(|changes| {
            changes
                .query_row(
                    "SELECT status, body FROM answers JOIN outbox ON answer_id = answers.id WHERE outbox.id = ?1",
                    [id],
                    |row| Ok((row.get::<_, u16>(0)?, row.get::<_, Vec<u8>>(1)?)),
                )
                .optional()
        })?;
        let Some((status, packed)) = kept else { return Ok(None) };
        let mut body = Vec::new();
        zstd::Decoder::new(&packed[..]).and_then(|mut unpacked| unpacked.read_to_end(&mut body)).map_err(|error| {
            StoreError::Damaged { path: self.state.path().to_owned(), detail: format!("a kept answer: {error}") }
        })?;
        Ok(Some((status, body)))
    }
}

/// The rows of a batch, in the order of sending.
pub(super) fn of_batch(changes: &Transaction<'_>, target: i64, batch: i64) -> rusqlite::Result<Vec<Entry>> {
    changes
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM outbox WHERE target_id = ?1 AND batch = ?2 ORDER BY played_at, id"
        ))?
        .query_map([target, batch], entry)?
        .collect()
}

fn counts(changes: &Transaction<'_>, target: i64) -> rusqlite::Result<Counts> {
    let mut query = changes.prepare_cached("SELECT state, count(*) FROM outbox WHERE target_id = ?1 GROUP BY state")?;
    let mut counts = Counts::default();
    for state in query.query_map([target], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))? {
        let (state, rows) = state?;
        let place = match state.as_str() {
            "waiting" => &mut counts.waiting,
            "in_flight" => &mut counts.in_flight,
            "accepted" => &mut counts.accepted,
            "ignored" => &mut counts.ignored,
            _ => &mut counts.parked,
        };
        *place += rows.cast_unsigned();
    }
    Ok(counts)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let track = Track {
        artist: row.get(2)?,
        title: row.get(3)?,
        album: row.get(4)?,
        album_artist: row.get(5)?,
        number: row.get(6)?,
        length_ms: row.get::<_, Option<i64>>(7)?.map(i64::cast_unsigned),
        recording_mbid: row.get(8)?,
    };
    Ok(Entry {
        id: row.get(0)?,
        listen: Listen { track, played_at: row.get(1)? },
        fate: fate(row)?,
        is_read_back: row.get::<_, String>(9)? == "accepted" && row.get::<_, Option<String>>(11)?.is_some(),
        attempts: row.get(12)?,
        attempted_at: row.get(13)?,
        settled_at: row.get(14)?,
        corrected: Corrected {
            artist: row.get(15)?,
            track: row.get(16)?,
            album: row.get(17)?,
            album_artist: row.get(18)?,
        },
    })
}

fn fate(row: &Row<'_>) -> rusqlite::Result<Fate> {
    let (code, words): (Option<i64>, Option<String>) = (row.get(10)?, row.get(11)?);
    Ok(match row.get::<_, String>(9)?.as_str() {
        "waiting" => Fate::Waiting,
        "in_flight" => Fate::InFlight,
        "accepted" => Fate::Accepted,
        "ignored" => Fate::Ignored { code: code.unwrap_or_default(), words },
        _ => Fate::Parked { code, reason: words.unwrap_or_default() },
    })
}
