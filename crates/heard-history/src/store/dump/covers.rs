//! Covers: a line an address.

use std::io::Write;

use serde::Serialize;

use crate::store::{Store, StoreError};

#[derive(Serialize)]
struct Line {
    cover: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    none: Option<String>,
    sha256: Option<String>,
    form: Option<String>,
    /// Bytes, width and height.
    measures: [Option<i64>; 3],
}

/// Writes all of them.
pub(super) fn dump(store: &Store, to: &mut impl Write) -> Result<(), StoreError> {
    let say = StoreError::sqlite(store.path());
    let sql = "SELECT address, none, sha256, form, bytes, width, height FROM covers ORDER BY address";
    let mut statement = store.connection().prepare(sql).map_err(&say)?;
    let read = |row: &rusqlite::Row<'_>| {
        let measures = [row.get(4)?, row.get(5)?, row.get(6)?];
        Ok(Line { cover: row.get(0)?, none: row.get(1)?, sha256: row.get(2)?, form: row.get(3)?, measures })
    };
    for line in statement.query_map([], read).map_err(&say)? {
        store.write_line(to, &line.map_err(&say)?)?;
    }
    Ok(())
}
