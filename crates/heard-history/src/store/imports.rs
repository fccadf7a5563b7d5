//! What is known of imports: which files, what became of their rows, and what was left out.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::{Store, StoreError};

/// An export file that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The envelope that marks its beginning.
    pub id: u64,
    /// The file as it was named.
    pub file: String,
    /// The format's name.
    pub format: String,
    /// How it was read, as JSON.
    pub layout: String,
    /// Its bytes, decompressed.
    pub bytes: u64,
    /// SHA-256 of these.
    pub sha256: String,
    /// When it was taken in, in Unix seconds.
    pub imported_at: i64,
    /// Whether it was undone.
    pub undone: bool,
    /// What became of its rows.
    pub sheet: Sheet,
}

/// What became of a file's rows. `rows` = `plays` + `duplicates` + all of `other` + all of `rejects`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Rows, of every kind.
    pub rows: u64,
    /// Plays of which this file was the first to tell.
    pub plays: u64,
    /// Rows that tell of plays of which an earlier import, a service, or an earlier row had told.
    pub duplicates: u64,
    /// Rows that are something else, by kind.
    pub other: BTreeMap<String, u64>,
    /// Rows that cannot be read, by reason.
    pub rejects: BTreeMap<String, u64>,
    /// Rows among plays and duplicates without a moment.
    pub undated: u64,
    /// Rows among plays and duplicates whose moment is a wrong clock's.
    pub implausible: u64,
}

impl Sheet {
    /// Adds another file's rows.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.plays += other.plays;
        self.duplicates += other.duplicates;
        self.undated += other.undated;
        self.implausible += other.implausible;
        for (sums, more) in [(&mut self.other, &other.other), (&mut self.rejects, &other.rejects)] {
            for (name, count) in more {
                *sums.entry(name.clone()).or_default() += count;
            }
        }
    }
}

/// A row of an export file that is no play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The import.
    pub import: u64,
    /// The file.
    pub file: String,
    /// The row, from 1.
    pub row: u64,
    /// The line, from 1.
    pub line: u64,
    /// `other` or `reject`.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// The row as it stands, at most a kilobyte of it.
    pub text: String,
}

impl Store {
    /// A listener's imports in the order in which they were made, from this one on.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn imports(&self, listener: &str, from: u64) -> Result<Vec<Import>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Import>> {
            let mut imports = read_imports(self.connection(), listener, from)?;
            let mut sheets = sheets(self.connection(), from)?;
            for import in &mut imports {
                let rows = import.sheet.rows;
                import.sheet = Sheet { rows, ..sheets.remove(&import.id).unwrap_or_default() };
            }
            Ok(imports)
        };
        read().map_err(StoreError::sqlite(self.path()))
    }

    /// The same without what became of their rows, which takes a look at every play.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn known_imports(&self, listener: &str) -> Result<Vec<Import>, StoreError> {
        read_imports(self.connection(), listener, 0).map_err(StoreError::sqlite(self.path()))
    }

    /// How many plays of a listener count as such, each once.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn live_plays(&self, listener: &str) -> Result<u64, StoreError> {
        self.connection()
            .query_row(
                "SELECT count(*) FROM plays JOIN listeners ON listeners.id = listener_id
                  WHERE listeners.name = ?1 AND gone_seq IS NULL AND same_as IS NULL AND hidden IS NULL",
                [listener],
                |row| row.get::<_, i64>(0),
            )
            .map(i64::cast_unsigned)
            .map_err(StoreError::sqlite(self.path()))
    }

    /// Rows that are no plays: rejects, and with `other` also what is something else. Of one import, or of all.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn left_out(&self, listener: &str, import: Option<u64>, other: bool) -> Result<Vec<Left>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Left>> {
            self.connection()
                .prepare(
                    "SELECT import_id, file, row, line, kind, reason, text FROM left_out
                       JOIN imports ON imports.id = import_id JOIN listeners ON listeners.id = listener_id
                      WHERE listeners.name = ?1 AND (?2 IS NULL OR import_id = ?2) AND (?3 OR kind = 'reject')
                        AND undone_seq IS NULL
                      ORDER BY import_id, row",
                )?
                .query_map(params![listener, import.map(u64::cast_signed), other], |row| {
                    Ok(Left {
                        import: row.get::<_, i64>(0)?.cast_unsigned(),
                        file: row.get(1)?,
                        row: row.get::<_, i64>(2)?.cast_unsigned(),
                        line: row.get::<_, i64>(3)?.cast_unsigned(),
                        kind: row.get(4)?,
                        reason: row.get(5)?,
                        text: row.get(6)?,
                    })
                })?
                .collect()
        };
        read().map_err(StoreError::sqlite(self.path()))
    }
}

fn read_imports(database: &Connection, listener: &str, from: u64) -> rusqlite::Result<Vec<Import>> {
    database
        .prepare(
            "SELECT imports.id, file, format, layout, bytes, sha256, imported_at, undone_seq NOT NULL, row_count
               FROM imports JOIN listeners ON listeners.id = listener_id
              WHERE listeners.name = ?1 AND imports.id >= ?2 AND last_seq > 0 ORDER BY imports.id",
        )?
        .query_map(params![listener, from.cast_signed()], |row| {
            let rows = row.get::<_, i64>(8)?.cast_unsigned();
            Ok(Import {
                id: row.get::<_, i64>(0)?.cast_unsigned(),
                file: row.get(1)?,
                format: row.get(2)?,
                layout: row.get(3)?,
                bytes: row.get::<_, i64>(4)?.cast_unsigned(),
                sha256: row.get(5)?,
                imported_at: row.get(6)?,
                undone: row.get(7)?,
                sheet: Sheet { rows, ..Sheet::default() },
            })
        })?
        .collect()
}

/// What became of the rows of all imports from this one on.
fn sheets(database: &Connection, from: u64) -> rusqlite::Result<BTreeMap<u64, Sheet>> {
    let mut sheets = told(database, from)?;
    credit_first_tellers(database, from, &mut sheets)?;
    for sheet in sheets.values_mut() {
        sheet.duplicates = sheet.duplicates.saturating_sub(sheet.plays);
    }
    let mut left = database
        .prepare("SELECT import_id, kind, reason, count(*) FROM left_out WHERE import_id >= ?1 GROUP BY 1, 2, 3")?;
    let mut rows = left.query([from.cast_signed()])?;
    while let Some(row) = rows.next()? {
        let sheet = sheets.entry(row.get::<_, i64>(0)?.cast_unsigned()).or_default();
        let is_other = row.get_ref(1)?.as_str()? == "other";
        let sums = if is_other { &mut sheet.other } else { &mut sheet.rejects };
        sums.insert(row.get(2)?, row.get::<_, i64>(3)?.cast_unsigned());
    }
    Ok(sheets)
}

/// What the files themselves tell: all reports as duplicates, and as plays those of imports that hold.
fn told(database: &Connection, from: u64) -> rusqlite::Result<BTreeMap<u64, Sheet>> {
    database
        .prepare(
            "SELECT id, reports, undated, implausible, undone_seq NOT NULL FROM imports
              WHERE id >= ?1 AND last_seq > 0",
        )?
        .query_map([from.cast_signed()], |row| {
            let number = |at| row.get::<_, i64>(at).map(i64::cast_unsigned);
            let (reports, undone): (u64, bool) = (number(1)?, row.get(4)?);
            let plays = if undone { 0 } else { reports };
            let (undated, implausible) = (number(2)?, number(3)?);
            Ok((number(0)?, Sheet { duplicates: reports, plays, undated, implausible, ..Sheet::default() }))
        })?
        .collect()
}

/// A play of several reports belongs to the one that told of it first, whichever stands for it now.
fn credit_first_tellers(database: &Connection, from: u64, sheets: &mut BTreeMap<u64, Sheet>) -> rusqlite::Result<()> {
    let mut further = database.prepare(
        "SELECT import_id, count(*) FROM plays WHERE same_as NOT NULL AND gone_seq IS NULL AND import_id >= ?1 GROUP BY 1",
    )?;
    let mut rows = further.query([from.cast_signed()])?;
    while let Some(row) = rows.next()? {
        if let Some(sheet) = sheets.get_mut(&row.get::<_, i64>(0)?.cast_unsigned()) {
            sheet.plays = sheet.plays.saturating_sub(row.get::<_, i64>(1)?.cast_unsigned());
        }
    }
    let mut joined = database.prepare(
        "SELECT first.import_id, min(min(coalesce(w.import_id, 0)), coalesce(first.import_id, 0)) FROM plays w
           JOIN plays first ON first.id = w.same_as WHERE w.same_as NOT NULL AND w.gone_seq IS NULL GROUP BY w.same_as",
    )?;
    let mut rows = joined.query([])?;
    while let Some(row) = rows.next()? {
        let stands = row.get::<_, Option<i64>>(0)?.unwrap_or_default().cast_unsigned();
        let first = row.get::<_, i64>(1)?.cast_unsigned();
        if let Some(sheet) = sheets.get_mut(&stands) {
            sheet.plays = sheet.plays.saturating_sub(1);
        }
        if let Some(sheet) = sheets.get_mut(&first) {
            sheet.plays += 1;
        }
    }
    Ok(())
}
