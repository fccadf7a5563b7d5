//! What players played while they were watched: every report is a row, and none belongs to an import.

use rusqlite::Connection;

use super::told::{From, Told, Writing};
use super::{Applier, Item};

impl Applier {
    pub(super) fn keep_watched(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        told: &[Told],
    ) -> rusqlite::Result<()> {
        let from = From { listener: item.listener, account, seq: item.seq, import: 0 };
        let mut writing = Writing::in_full(database, from)?;
        for told in told {
            self.insert_told(&mut writing, told)?;
            self.touched.moments(item.listener, told.played_at, told.played_at);
        }
        self.applied.plays_new += told.len() as u64;
        self.changed |= !told.is_empty();
        Ok(())
    }
}
