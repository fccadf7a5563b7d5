//! Opening the database: its layout, its safety settings, its zone and its generation.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::home::{Home, HomeLock, create_private};
use crate::zone::Zone;

const VIEW: &str = include_str!("schema/view.sql");
const INDEXES: &str = include_str!("schema/view_indexes.sql");

/// The layout's number. A view of an older one is not brought up to date but made anew from the archive, which needs
/// no second way for every datum.
pub(crate) const LAYOUT: u32 = 6;

/// 3.51.3, the first SQLite without the WAL-reset bug (<https://sqlite.org/wal.html#walresetbug>).
const OLDEST_ENGINE: i32 = 3_051_003;

/// Which state of the store something was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generation {
    /// The random name of the view.
    pub view: String,
    /// Rises with every change of plays.
    pub number: i64,
}

/// What a database is, without looking at what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its state.
    pub generation: Generation,
    /// Rises with every change of what is known of things; `genres.arrow` bears it.
    pub enriched: i64,
    /// Whether plays have genres: services told of things, or the listener decided some.
    #[serde(default)]
    pub has_genres: bool,
    /// The name of the zone in which it keeps local times; `None` where nothing has been kept yet.
    pub zone: Option<String>,
}

impl Store {
    /// Opens the home's store for writing, making it when there is none. Local times are in `zone`; when the store
    /// has them in another, they are made anew.
    ///
    /// # Errors
    /// [`StoreError::Older`] and [`StoreError::Newer`] for another version's file, [`StoreError::Damaged`] for one that is no database, and what
    /// SQLite says.
    pub fn open(home: &Home, _lock: &HomeLock, zone: &Zone) -> Result<Self, StoreError> {
        check_engine()?;
        refuse_network(home.root())?;
        let mut store = Self::at(&home.database(), zone)?;
        store.pragmas("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")?;
        store.lay_out()?;
        store.index()?;
        store.follow_zone()?;
        Ok(store)
    }

    /// Makes an empty store in a file of its own, to be filled quickly and then put in place. It has no journal: a
    /// crash leaves a useless file and the old store untouched.
    pub(crate) fn fresh(path: &Path, zone: &Zone) -> Result<Self, StoreError> {
        check_engine()?;
        let mut store = Self::at(path, zone)?;
        store.pragmas(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
             PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536;",
        )?;
        store.lay_out()?;
        store.follow_zone()?;
        Ok(store)
    }

    /// A copy of the home's store in a file of its own, for showing what would be; empty, where there is none. It is the
    /// caller's to discard.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn preview(home: &Home, zone: &Zone) -> Result<Self, StoreError> {
        let path = home.root().join("heard.db.preview");
        let gone = fs::remove_file(&path);
        if let Err(source) = gone
            && source.kind() != std::io::ErrorKind::NotFound
        {
            return Err(StoreError::Io { path, source });
        }
        if home.database().exists() {
            let copied = open_for_reading(&home.database())
                .and_then(|it| it.execute("VACUUM INTO ?1", [path.to_string_lossy()]))
                .map_err(StoreError::sqlite(&path));
            copied?;
        }
        let mut store = Self::at(&path, zone)?;
        store.pragmas("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;")?;
        store.lay_out()?;
        store.index()?;
        store.follow_zone()?;
        Ok(store)
    }

    fn at(path: &Path, zone: &Zone) -> Result<Self, StoreError> {
        // SQLite gives its side files the mode of the database, so the database must have the right one first.
        match create_private(path) {
            Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(StoreError::Io { path: path.to_owned(), source });
            }
            _ => {}
        }
        let flags =
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let real = fs::canonicalize(path.parent().unwrap_or_else(|| Path::new(".")))
            .map_err(|source| StoreError::Io { path: path.to_owned(), source })?
            .join(path.file_name().unwrap_or_default());
        let mut connection = Connection::open_with_flags(&real, flags).map_err(StoreError::sqlite(path))?;
        // A transaction that begins by reading and then writes is refused at once where another program writes.
        connection.set_transaction_behavior(TransactionBehavior::Immediate);
        let store = Self { connection, path: path.to_owned(), zone: zone.clone() };
        store.pragmas("PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0; PRAGMA busy_timeout = 5000;")?;
        Ok(store)
    }

    fn pragmas(&self, text: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(text).map_err(StoreError::sqlite(&self.path))
    }

    fn lay_out(&mut self) -> Result<(), StoreError> {
        let say = StoreError::sqlite(&self.path);
        let found: u32 = self.connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(&say)?;
        match found {
            LAYOUT => Ok(()),
            0 => {
                let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&say)?;
                change
                    .execute_batch(VIEW)
                    .and_then(|()| change.pragma_update(None, "user_version", LAYOUT))
                    .and_then(|()| change.commit())
                    .map_err(&say)
            }
            1..LAYOUT => Err(StoreError::Older { path: self.path.clone() }),
            _ => Err(StoreError::Newer { path: self.path.clone(), found, known: LAYOUT }),
        }
    }

    /// Makes the indexes, where they are not there yet. A store that is filled from nothing makes them last.
    pub(crate) fn index(&self) -> Result<(), StoreError> {
        self.pragmas(INDEXES)
    }

    fn follow_zone(&mut self) -> Result<(), StoreError> {
        let zone = self.zone.clone();
        let path = self.path.clone();
        let say = StoreError::sqlite(&path);
        let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&say)?;
        let other: Vec<i64> = change
            .prepare("SELECT id FROM listeners WHERE zone <> ?1")
            .and_then(|mut found| found.query_map([zone.name()], |row| row.get(0))?.collect())
            .map_err(&say)?;
        if other.is_empty() {
            return Ok(());
        }
        for listener in other {
            relocate(&change, listener, &zone).map_err(&say)?;
        }
        change.execute("UPDATE view_state SET generation = generation + 1", []).map_err(&say)?;
        change.commit().map_err(&say)
    }

    /// The state of the store.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn generation(&self) -> Result<Generation, StoreError> {
        Ok(self.kept()?.generation)
    }

    /// The state of the store, and the zone of its local times.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) fn kept(&self) -> Result<Kept, StoreError> {
        read_kept(&self.connection)
            .map_err(StoreError::sqlite(&self.path))?
            .ok_or_else(|| StoreError::Damaged { path: self.path.clone(), detail: "it names no generation".into() })
    }
}

fn relocate(change: &rusqlite::Transaction<'_>, listener: i64, zone: &Zone) -> rusqlite::Result<()> {
    let mut clock = crate::store::local_clock::LocalClock::new(zone);
    let mut dated = change.prepare("SELECT id, played_at FROM plays WHERE listener_id = ?1 AND local_at NOT NULL")?;
    let mut update = change.prepare("UPDATE plays SET local_at = ?2 WHERE id = ?1")?;
    let mut rows = dated.query([listener])?;
    while let Some(row) = rows.next()? {
        let (id, played_at): (i64, i64) = (row.get(0)?, row.get(1)?);
        update.execute(params![id, clock.local(played_at)])?;
    }
    change.execute("UPDATE listeners SET zone = ?2 WHERE id = ?1", params![listener, zone.name()])?;
    Ok(())
}

fn read_kept(connection: &Connection) -> rusqlite::Result<Option<Kept>> {
    connection
        .query_row(
            "SELECT view, generation, (SELECT zone FROM listeners LIMIT 1), enriched,
                    enriched > 0 OR EXISTS (SELECT 1 FROM rules WHERE revoked_seq IS NULL AND rule LIKE '%\"genres\"%')
               FROM view_state",
            [],
            |row| {
                let generation = Generation { view: row.get(0)?, number: row.get(1)? };
                Ok(Kept { generation, enriched: row.get(3)?, has_genres: row.get(4)?, zone: row.get(2)? })
            },
        )
        .optional()
}

/// A connection that only reads. Where the folder cannot be written, SQLite cannot make the files beside the database
/// that it shares with a writer; there is no writer then, and what lies there is read as it is.
pub(super) fn open_for_reading(database: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let tried = connection.query_row("SELECT 1 FROM sqlite_schema LIMIT 1", [], |_| Ok(())).optional();
    match tried {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) && !has_journal(database) => {
            Connection::open_with_flags(as_it_lies(database), flags | OpenFlags::SQLITE_OPEN_URI)
        }
        // A run that was cut off left a change half done; whoever may only read cannot take it back.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ReadOnly) => {
            take_back(database)?;
            Connection::open_with_flags(database, flags)
        }
        _ => Ok(connection),
    }
}

/// Lets SQLite finish or take back what a run left half done.
fn take_back(database: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(database, flags)?
        .query_row("SELECT 1 FROM sqlite_schema LIMIT 1", [], |_| Ok(()))
        .optional()
        .map(drop)
}

fn has_journal(database: &Path) -> bool {
    let mut journal = database.as_os_str().to_owned();
    journal.push("-wal");
    Path::new(&journal).metadata().is_ok_and(|journal| journal.len() > 0)
}

/// SQLite's name for a file that nobody writes (<https://sqlite.org/uri.html>).
fn as_it_lies(database: &Path) -> String {
    let path = database.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?immutable=1")
}

/// What a database is that is only read. `None` when there is no such file, and for one of an older layout,
/// which must be made anew.
///
/// # Errors
/// [`StoreError::Newer`], [`StoreError::Damaged`], and what SQLite says.
pub fn kept_in(database: &Path) -> Result<Option<Kept>, StoreError> {
    if !database.exists() {
        return Ok(None);
    }
    let say = StoreError::sqlite(database);
    let connection = open_for_reading(database).map_err(&say)?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(&say)?;
    match found {
        LAYOUT => read_kept(&connection).map_err(&say),
        0..LAYOUT => Ok(None),
        _ => Err(StoreError::Newer { path: database.to_owned(), found, known: LAYOUT }),
    }
}

/// The zone in which a database keeps local times; `None` where nothing has been kept yet.
///
/// # Errors
/// [`StoreError::Zone`] for a zone that this machine does not know, and what SQLite says.
pub fn zone_of(database: &Path) -> Result<Option<Zone>, StoreError> {
    let kept = open_for_reading(database)
        .and_then(|it| it.query_row("SELECT zone FROM listeners LIMIT 1", [], |row| row.get::<_, String>(0)).optional())
        .map_err(StoreError::sqlite(database))?;
    Ok(kept.map(|name| Zone::named(&name)).transpose()?)
}

fn check_engine() -> Result<(), StoreError> {
    if rusqlite::version_number() < OLDEST_ENGINE {
        return Err(StoreError::EngineTooOld { found: rusqlite::version() });
    }
    Ok(())
}

/// Magic numbers of statfs(2) for file systems that live on another machine.
#[cfg(target_os = "linux")]
fn refuse_network(folder: &Path) -> Result<(), StoreError> {
    const NETWORK: [u32; 6] = [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x0102_1997, 0x00c3_6400];
    let found =
        rustix::fs::statfs(folder).map_err(|error| StoreError::Io { path: folder.to_owned(), source: error.into() })?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "magic numbers are 32 bits wide")]
    let kind = found.f_type as u32;
    if NETWORK.contains(&kind) {
        return Err(StoreError::NetworkFileSystem { path: folder.to_owned() });
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn refuse_network(_folder: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_safe_settings_are_in_force() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let store = Store::open(&home, &home.lock().unwrap(), &Zone::utc()).unwrap();
        let ask = |name: &str| {
            store.connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0)).unwrap()
        };
        assert_eq!(ask("journal_mode"), "wal".to_owned().into());
        assert_eq!(ask("synchronous"), 1.into());
        assert_eq!(ask("foreign_keys"), 1.into());
        assert_eq!(ask("trusted_schema"), 0.into());
        assert_eq!(ask("mmap_size"), 0.into());
        assert!(rusqlite::version_number() >= OLDEST_ENGINE);
    }

    #[test]
    fn every_transaction_takes_the_right_to_write_first() {
        static SEEN: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::at(&dir.path().join("x.db"), &Zone::utc()).unwrap();
        store.connection.trace_v2(
            rusqlite::trace::TraceEventCodes::SQLITE_TRACE_STMT,
            Some(|event| {
                if let rusqlite::trace::TraceEvent::Stmt(_, sql) = event
                    && sql.starts_with("BEGIN")
                {
                    SEEN.lock().unwrap().push(sql.to_owned());
                }
            }),
        );
        store.lay_out().unwrap();
        store.follow_zone().unwrap();
        let seen = SEEN.lock().unwrap();
        assert!(seen.len() >= 2, "{seen:?}");
        assert!(seen.iter().all(|sql| sql.starts_with("BEGIN IMMEDIATE")), "{seen:?}");
    }

    #[test]
    fn a_newer_layout_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let lock = home.lock().unwrap();
        Store::open(&home, &lock, &Zone::utc()).unwrap().connection.pragma_update(None, "user_version", 99).unwrap();
        let before = fs::read(home.database()).unwrap();
        assert!(matches!(Store::open(&home, &lock, &Zone::utc()), Err(StoreError::Newer { found: 99, .. })));
        assert!(matches!(kept_in(&home.database()), Err(StoreError::Newer { .. })));
        assert_eq!(fs::read(home.database()).unwrap(), before);
    }

    #[test]
    fn an_older_layout_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let lock = home.lock().unwrap();
        Store::open(&home, &lock, &Zone::utc()).unwrap().connection.pragma_update(None, "user_version", 1).unwrap();
        assert!(matches!(Store::open(&home, &lock, &Zone::utc()), Err(StoreError::Older { .. })));
        assert_eq!(kept_in(&home.database()).unwrap(), None);
    }

    /// docs/schema.md has a section for every table and view, and names every column in it.
    #[test]
    fn the_page_about_the_layout_is_true() {
        let page = include_str!("../../../../docs/schema.md");
        let mut sections: Vec<(&str, &str)> =
            page.split("\n### ").skip(1).map(|section| section.split_once('\n').unwrap()).collect();
        sections.sort_unstable();
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(VIEW).unwrap();
        let names = |sql: &str| -> Vec<String> {
            connection.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let tables = names("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name");
        assert_eq!(sections.iter().map(|s| s.0).collect::<Vec<_>>(), tables);
        for (table, text) in sections {
            for column in names(&format!("SELECT name FROM pragma_table_xinfo('{table}')")) {
                assert!(text.contains(&format!("`{column}`")), "{table}.{column} is not in the page");
            }
        }
    }
}
