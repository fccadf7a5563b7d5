//! What services said of artists and albums besides tags: how many listeners know them, and from which year they are.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;

use super::StoreError;
use super::knowledge::{count, name};
use super::open::open_for_reading;
use crate::rules::Name;

/// Names of things: an artist's, and an album's title.
pub type Titled = (String, String);

/// What is known of artists and albums, by the names under which services were asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// How many of a service's listeners know an artist; of several services the most.
    pub listeners: HashMap<String, u64>,
    /// The year that people tag an album with: the heaviest of its tags like `1977`.
    pub years: HashMap<Titled, i64>,
}

/// Reads what holds.
///
/// # Errors
/// What SQLite says.
pub fn known_in(database: &Path) -> Result<Known, StoreError> {
    let read = |connection: Connection| -> rusqlite::Result<Known> {
        let listeners = listeners(&connection, Some("artist"))?.into_iter();
        // A service says 0 of whom it does not know.
        let listeners = listeners.filter(|(_, listeners)| *listeners > 0);
        let listeners = listeners.map(|(name, listeners)| (name.artist().to_owned(), listeners)).collect();
        Ok(Known { listeners, years: years(&connection)? })
    };
    open_for_reading(database).and_then(read).map_err(StoreError::sqlite(database))
}

/// How many of a service's listeners know each thing, of one kind or of all; where several answers tell, the most.
pub(super) fn listeners(database: &Connection, kind: Option<&str>) -> rusqlite::Result<Vec<(Name, u64)>> {
    let mut statement = database.prepare(
        "SELECT things.kind, things.name, things.title, max(listeners)
           FROM about JOIN answers ON answers.id = answer_id JOIN things ON things.id = thing_id
          WHERE replaced_by IS NULL AND outcome = 'known' AND listeners NOT NULL AND things.kind = coalesce(?1, things.kind)
          GROUP BY things.id ORDER BY things.id",
    )?;
    let mut rows = statement.query([kind])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(name(row, 0)?.zip(count(row, 3)?));
    }
    Ok(found)
}

fn years(database: &Connection) -> rusqlite::Result<HashMap<Titled, i64>> {
    let mut found = database.prepare(
        "SELECT things.name, things.title, CAST(tag AS INTEGER) FROM tags
           JOIN answers ON answers.id = answer_id JOIN things ON things.id = thing_id
          WHERE kind = 'album' AND replaced_by IS NULL AND outcome = 'known' AND method GLOB 'album.*'
            AND tag GLOB '[12][0-9][0-9][0-9]' AND CAST(tag AS INTEGER) BETWEEN 1900 AND 2100
          ORDER BY thing_id, method DESC, service, answers.id, position",
    )?;
    let mut rows = found.query([])?;
    let mut years = HashMap::new();
    while let Some(row) = rows.next()? {
        years.entry((row.get(0)?, row.get(1)?)).or_insert(row.get(2)?);
    }
    Ok(years)
}
