//! What is known of the rules that a listener made.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Type;

use super::open::open_for_reading;
use super::{Store, StoreError};
use crate::rules::Rule;

/// A rule as it was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRule {
    /// The envelope of the decision.
    pub id: u64,
    /// When it was decided, in Unix seconds.
    pub decided_at: i64,
    /// What it says; `None` for what only a newer version understands, which has no effect here.
    pub rule: Option<Rule>,
    /// Whether it was taken back.
    pub revoked: bool,
}

impl KeptRule {
    /// Whether names and plays are seen as it says.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.revoked && self.rule.is_some()
    }
}

impl Store {
    /// All rules of a listener, also those that were taken back, in the order in which they were decided.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn rules(&self, listener: &str) -> Result<Vec<KeptRule>, StoreError> {
        read_rules(self.connection(), listener).map_err(StoreError::sqlite(self.path()))
    }
}

/// The same of a database that is only read.
///
/// # Errors
/// What SQLite says.
pub fn rules_in(database: &Path, listener: &str) -> Result<Vec<KeptRule>, StoreError> {
    open_for_reading(database).and_then(|it| read_rules(&it, listener)).map_err(StoreError::sqlite(database))
}

pub(super) fn read_rules(database: &Connection, listener: &str) -> rusqlite::Result<Vec<KeptRule>> {
    database
        .prepare(
            "SELECT rules.id, decided_at, rule, revoked_seq NOT NULL FROM rules
                       JOIN listeners ON listeners.id = listener_id WHERE listeners.name = ?1 ORDER BY rules.id",
        )?
        .query_map([listener], |row| {
            let text = row.get_ref(2)?.as_str()?;
            // What is no JSON at all was not written by any version.
            let value: serde_json::Value = serde_json::from_str(text)
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(2, Type::Text, error.into()))?;
            Ok(KeptRule {
                id: row.get::<_, i64>(0)?.cast_unsigned(),
                decided_at: row.get(1)?,
                rule: serde_json::from_value(value).ok(),
                revoked: row.get(3)?,
            })
        })?
        .collect()
}
