//! The view: plays and what is known of them, in SQLite, made from the archive and from nothing else.
//!
//! One connection writes, under the home's lock. Everything in it can be made again, so `synchronous=NORMAL` is
//! enough: after a power cut the last changes may be missing, and are read from the archive again.

pub(crate) mod apply;
mod borne;
mod breaker;
pub(crate) mod catalogue;
mod coverage;
mod covers;
mod dump;
mod genres;
mod held;
mod imports;
mod kept_rules;
mod knowledge;
mod known;
pub(crate) mod local_clock;
mod mbids;
mod open;
pub(crate) mod register;
mod reports;
mod rows;
pub(crate) mod settle;
mod state;
mod summary;
mod suspects;
pub(crate) mod things;
mod weekly;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use apply::Applied;
pub use borne::Missing;
pub use coverage::{Coverage, Covered};
pub use covers::{HeardCover, ToldCover, cover_of_album};
pub use genres::{TaggedAnswer, ThingGenres, tags_of_artist};
pub use held::{Held, Holding};
pub use imports::{Import, Left, Sheet};
pub use kept_rules::{KeptRule, rules_in};
pub use knowledge::{Knowledge, Listed};
pub use known::{Known, Titled, known_in};
pub use mbids::{Mbids, Reported};
pub(crate) use open::LAYOUT;
pub use open::{Generation, Kept, kept_in, zone_of};
pub use reports::ToldPlay;
pub use state::{Pause, State};
pub use summary::{AccountSummary, RunSummary, Suspect};
pub use things::{HeardThing, ToldThing, ToldThings};
pub use weekly::{ChartReport, Names, ToldChart, chart_reports, told_charts, undated_of};

use crate::archive::Position;
use crate::zone::Zone;

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused. The disk may be full, or the file damaged.
    #[error("{}: {source}", path.display())]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file was written by a newer version of `heard`.
    #[error("{} was made by a newer heard (layout {found}; this one knows {known})", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its layout.
        found: u32,
        /// The newest layout this version knows.
        known: u32,
    },
    /// The file was written by an older version of `heard`, and is to be made anew.
    #[error("{} was made by an older heard", path.display())]
    Older {
        /// The database.
        path: PathBuf,
    },
    /// The layout could not be brought up to date: tables are not as `heard` left them. The statement that failed stands in
    /// the source alone; it says nothing to a person.
    #[error("{}: its tables are not as heard left them: {}", path.display(), in_words(source))]
    Migration {
        /// The database.
        path: PathBuf,
        /// What went wrong.
        source: rusqlite_migration::Error,
    },
    /// The file is no database, or a damaged one.
    #[error("{} is damaged: {detail}", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The folder lies on a network file system, where SQLite's locks cannot be trusted.
    #[error("{} lies on a network file system, where a database cannot be kept safely", path.display())]
    NetworkFileSystem {
        /// The folder.
        path: PathBuf,
    },
    /// The SQLite in this program is older than is safe.
    #[error("this program was built with SQLite {found}; 3.51.3 or newer is needed")]
    EngineTooOld {
        /// The version that was found.
        found: &'static str,
    },
    /// A file could not be made or replaced.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The zone in the store is not one that this machine knows.
    #[error(transparent)]
    Zone(#[from] crate::zone::ZoneError),
}

/// What SQLite says, without the statement.
fn in_words(error: &rusqlite_migration::Error) -> String {
    use rusqlite::Error::{SqlInputError, SqliteFailure};
    match error {
        rusqlite_migration::Error::RusqliteError { err: SqliteFailure(_, Some(words)), .. }
        | rusqlite_migration::Error::RusqliteError { err: SqlInputError { msg: words, .. }, .. } => words.clone(),
        rusqlite_migration::Error::RusqliteError { err: SqliteFailure(code, None), .. } => code.to_string(),
        _ => "they are of no version of it".to_owned(),
    }
}

impl StoreError {
    /// A layout that fails because of the disk is told as any other failure of the disk.
    pub(crate) fn migration(path: &Path) -> impl Fn(rusqlite_migration::Error) -> Self + '_ {
        move |source| match source {
            rusqlite_migration::Error::RusqliteError { err, .. }
                if err.sqlite_error_code().is_some_and(is_of_the_disk) =>
            {
                Self::sqlite(path)(err)
            }
            source => Self::Migration { path: path.to_owned(), source },
        }
    }

    pub(crate) fn sqlite(path: &Path) -> impl Fn(rusqlite::Error) -> Self + '_ {
        move |source| {
            use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
            match source.sqlite_error_code() {
                Some(DatabaseCorrupt | NotADatabase) => {
                    Self::Damaged { path: path.to_owned(), detail: source.to_string() }
                }
                _ => Self::Sqlite { path: path.to_owned(), source },
            }
        }
    }
}

fn is_of_the_disk(code: rusqlite::ErrorCode) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseCorrupt, DiskFull, NotADatabase, ReadOnly, SystemIoFailure};
    matches!(code, CannotOpen | DatabaseCorrupt | DiskFull | NotADatabase | ReadOnly | SystemIoFailure)
}

/// The store, open for writing.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    zone: Zone,
}

impl Store {
    /// Where reading the archive goes on.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn position(&self) -> Result<Position, StoreError> {
        let row = |row: &rusqlite::Row<'_>| {
            Ok(Position {
                seq: row.get::<_, i64>(0)?.cast_unsigned(),
                segment: row.get::<_, i64>(1)?.cast_unsigned(),
                offset: row.get::<_, i64>(2)?.cast_unsigned(),
            })
        };
        self.connection
            .query_row("SELECT archive_seq, segment, segment_offset FROM view_state", [], row)
            .map_err(StoreError::sqlite(&self.path))
    }

    /// The database's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The zone in which local times are kept.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// What SQLite itself finds wrong: damaged pages, rows that point nowhere.
    ///
    /// # Errors
    /// What SQLite says when it cannot even look.
    pub fn problems(&self) -> Result<Vec<String>, StoreError> {
        let texts = |sql| -> rusqlite::Result<Vec<String>> {
            self.connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
        };
        let looked = texts("PRAGMA integrity_check").and_then(|mut found| {
            found.retain(|text| text != "ok");
            found.extend(texts("SELECT 'a row of ' || \"table\" || ' points nowhere' FROM pragma_foreign_key_check")?);
            Ok(found)
        });
        match looked.map_err(StoreError::sqlite(&self.path)) {
            Err(StoreError::Damaged { detail, .. }) => Ok(vec![detail]),
            other => other,
        }
    }

    /// Closes the database; its journal is then empty and gone.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn close(self) -> Result<(), StoreError> {
        let Self { connection, path, .. } = self;
        connection.close().map_err(|(_, error)| error).map_err(StoreError::sqlite(&path))
    }

    /// Closes the database and removes its file.
    ///
    /// # Errors
    /// What SQLite and the system say.
    pub fn discard(self) -> Result<(), StoreError> {
        let path = self.path.clone();
        self.close()?;
        std::fs::remove_file(&path).map_err(|source| StoreError::Io { path, source })
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}
