//! What waits to be sent to services, and the ledger of what became of it.
//!
//! One row for each listen and target, in `state.db`, on the disk before it is sent for the first time. A row leaves the
//! outbox only on the service's word, and is never deleted. Rows that are under way stay so until an answer is
//! recorded: after a crash the same batch goes out again, with the same moments.

mod add;
mod batch;
mod doubt;
mod ledger;
mod plan;
mod read_back;
mod record;

use rusqlite::{OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::home::{Home, HomeLock};
use crate::listen::{Account, Listen};
use crate::store::{State, StoreError};

pub use add::Added;
pub use batch::{Batch, Limits};
pub use ledger::{Counts, TargetState};
pub use plan::Plan;
pub use record::{Answer, Refused, Settled, Verdict};

/// Where listens go.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    /// Whose listens, to which account.
    pub account: Account,
    /// The address under which the service is reached. The same account under another root is another target.
    pub root: String,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is to be sent.
    Waiting,
    /// It was sent, and no answer is known yet.
    InFlight,
    /// The service has it.
    Accepted,
    /// The service does not want it.
    Ignored {
        /// The service's code, as on the wire.
        code: i64,
        /// Its words, where it used any.
        words: Option<String>,
    },
    /// It cannot be sent as it is; kept until somebody decides.
    Parked {
        /// The service's code, where the service refused it.
        code: Option<i64>,
        /// Why, in the service's words or in ours.
        reason: String,
    },
}

impl Fate {
    /// The names of all fates, as they stand in `state.db` and in `--json`.
    pub const NAMES: [&str; 5] = ["waiting", "in_flight", "accepted", "ignored", "parked"];

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let [waiting, in_flight, accepted, ignored, parked] = Self::NAMES;
        match self {
            Self::Waiting => waiting,
            Self::InFlight => in_flight,
            Self::Accepted => accepted,
            Self::Ignored { .. } => ignored,
            Self::Parked { .. } => parked,
        }
    }
}

/// Names under which a service keeps a listen, where they are not those that were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    /// The artist's name.
    pub artist: Option<String>,
    /// The track's title.
    pub track: Option<String>,
    /// The album's title.
    pub album: Option<String>,
    /// The album's artist.
    pub album_artist: Option<String>,
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number. Later rows have larger ones.
    pub id: i64,
    /// What was or will be sent.
    pub listen: Listen,
    /// What became of it.
    pub fate: Fate,
    /// How often it was sent.
    pub attempts: u32,
    /// When it was last sent, in Unix seconds.
    pub attempted_at: Option<i64>,
    /// When it was accepted, ignored or parked, in Unix seconds.
    pub settled_at: Option<i64>,
    /// What the service made of the names.
    pub corrected: Corrected,
    /// Whether it is accepted because the service was seen to have it, and not because it said so when it was sent.
    pub is_read_back: bool,
}

/// The outbox, open for writing; every change is on the disk before it returns.
#[derive(Debug)]
pub struct Outbox {
    state: State,
}

impl Outbox {
    /// Opens the home's outbox, making it when there is none.
    ///
    /// # Errors
    /// As [`State::open`].
    pub fn open(home: &Home, lock: &HomeLock) -> Result<Self, StoreError> {
        State::open(home, lock).map(|state| Self { state })
    }

    /// The state in which it lies, with the pauses that hosts asked for.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Sends nothing more to a target until it is resumed; everything is kept. What was under way waits again.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn pause(&mut self, target: &Target, reason: &str, now: i64) -> Result<(), StoreError> {
        self.change(|changes| {
            let id = open_target(changes, target)?;
            changes.execute(
                "UPDATE outbox SET state = 'waiting', batch = NULL WHERE target_id = ?1 AND state = 'in_flight'",
                [id],
            )?;
            changes
                .execute("UPDATE targets SET paused = ?2, paused_at = ?3 WHERE id = ?1", params![id, reason, now])?;
            Ok(())
        })
    }

    /// Lets a target go on: after a new login, say. A limit of the day that was met is forgotten, too.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn resume(&mut self, target: &Target) -> Result<(), StoreError> {
        self.change(|changes| {
            let id = open_target(changes, target)?;
            changes.execute(
                "UPDATE targets SET paused = NULL, paused_at = NULL, closed_until = 0, budget = NULL, budget_at = NULL
                  WHERE id = ?1",
                [id],
            )?;
            Ok(())
        })
    }

    /// Does all of it or nothing.
    fn change<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let path = self.state.path().to_owned();
        let whole = |connection: &mut rusqlite::Connection| {
            let changes = connection.transaction()?;
            let done = work(&changes)?;
            changes.commit()?;
            Ok(done)
        };
        whole(self.state.connection()).map_err(StoreError::sqlite(&path))
    }
}

/// The target's number, where it has one.
fn known_target(changes: &Transaction<'_>, target: &Target) -> rusqlite::Result<Option<i64>> {
    let Target { account: Account { listener, service, user }, root } = target;
    changes
        .prepare_cached("SELECT id FROM targets WHERE listener = ?1 AND service = ?2 AND user = ?3 AND root = ?4")?
        .query_row(params![listener, service.name(), user, root], |row| row.get(0))
        .optional()
}

/// The target's number, a new one if it had none.
fn open_target(changes: &Transaction<'_>, target: &Target) -> rusqlite::Result<i64> {
    if let Some(id) = known_target(changes, target)? {
        return Ok(id);
    }
    let Target { account: Account { listener, service, user }, root } = target;
    changes.execute(
        "INSERT INTO targets (listener, service, user, root) VALUES (?1, ?2, ?3, ?4)",
        params![listener, service.name(), user, root],
    )?;
    Ok(changes.last_insert_rowid())
}
