//! `state.db`: what is neither truth nor view. Here: how long a service asked us to stay away; the outbox has the rest.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};
use rusqlite_migration::{M, Migrations};

use super::StoreError;
use crate::home::{Home, HomeLock, create_private};

const LAYOUTS: [&str; 3] =
    [include_str!("schema/1_state.sql"), include_str!("schema/2_outbox.sql"), include_str!("schema/3_doubts.sql")];

/// A pause that a service asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Until when, in Unix seconds.
    pub until_at: i64,
    /// How many times in a row it was asked for.
    pub strikes: u32,
}

/// The state, open for writing; every change is on the disk before it returns.
#[derive(Debug)]
pub struct State {
    connection: Connection,
    path: PathBuf,
}

impl State {
    /// Opens the home's state, making it when there is none.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a newer version's file, and what SQLite says.
    pub fn open(home: &Home, _lock: &HomeLock) -> Result<Self, StoreError> {
        let path = home.state();
        match create_private(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(StoreError::Io { path, source });
            }
            _ => {}
        }
        let mut connection = open_connection(&path).map_err(StoreError::sqlite(&path))?;
        let known = u32::try_from(LAYOUTS.len()).unwrap_or(u32::MAX);
        let found: u32 =
            connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(StoreError::sqlite(&path))?;
        if found > known {
            return Err(StoreError::Newer { path, found, known });
        }
        Migrations::new(LAYOUTS.iter().map(|sql| M::up(sql)).collect())
            .to_latest(&mut connection)
            .map_err(StoreError::migration(&path))?;
        Ok(Self { connection, path })
    }

    /// The pause in force for a host, where one was kept.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn pause(&self, host: &str) -> Result<Option<Pause>, StoreError> {
        self.connection
            .query_row("SELECT until_at, strikes FROM pauses WHERE host = ?1", [host], |row| {
                Ok(Pause { until_at: row.get(0)?, strikes: row.get(1)? })
            })
            .optional()
            .map_err(StoreError::sqlite(&self.path))
    }

    /// Keeps a pause, or takes it away.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn keep_pause(&self, host: &str, pause: Option<Pause>) -> Result<(), StoreError> {
        match pause {
            Some(pause) => self.connection.execute(
                "INSERT INTO pauses VALUES (?1, ?2, ?3)
                 ON CONFLICT (host) DO UPDATE SET until_at = excluded.until_at, strikes = excluded.strikes",
                params![host, pause.until_at, pause.strikes],
            ),
            None => self.connection.execute("DELETE FROM pauses WHERE host = ?1", [host]),
        }
        .map(drop)
        .map_err(StoreError::sqlite(&self.path))
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

fn open_connection(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0; PRAGMA busy_timeout = 5000;",
    )?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_outlives_the_process() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let lock = home.lock().unwrap();
        let pause = Pause { until_at: 5, strikes: 2 };
        State::open(&home, &lock).unwrap().keep_pause("ws.example", Some(pause)).unwrap();
        let state = State::open(&home, &lock).unwrap();
        assert_eq!(state.pause("ws.example").unwrap(), Some(pause));
        state.keep_pause("ws.example", None).unwrap();
        assert_eq!(state.pause("ws.example").unwrap(), None);
    }

    #[test]
    fn an_older_layout_keeps_what_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let lock = home.lock().unwrap();
        drop(create_private(&home.state()).unwrap());
        let mut old = open_connection(&home.state()).unwrap();
        Migrations::new(vec![M::up(LAYOUTS[0])]).to_latest(&mut old).unwrap();
        old.execute("INSERT INTO pauses VALUES ('ws.example', 5, 2)", []).unwrap();
        drop(old);
        let state = State::open(&home, &lock).unwrap();
        assert_eq!(state.pause("ws.example").unwrap(), Some(Pause { until_at: 5, strikes: 2 }));
    }

    #[test]
    fn a_newer_layout_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let lock = home.lock().unwrap();
        drop(State::open(&home, &lock).unwrap());
        open_connection(&home.state()).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(State::open(&home, &lock), Err(StoreError::Newer { found: 99, known: 3, .. })));
    }
}
