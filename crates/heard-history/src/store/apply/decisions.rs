//! What the listener decided by hand.

use rusqlite::{Connection, params};

use super::{Applier, Item};
use crate::facts::Decision;
use crate::rules::Rule;

impl Applier {
    pub(super) fn decide(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        decision: &Decision,
    ) -> rusqlite::Result<()> {
        let seq = item.seq.cast_signed();
        match decision {
            Decision::ConfirmRemovals { seen_until } => {
                database
                    .prepare_cached("INSERT OR IGNORE INTO confirmations VALUES (?1, ?2, ?3)")?
                    .execute(params![account, seq, seen_until])?;
            }
            Decision::UndoImport { import } => self.undo_import(database, item, *import)?,
            Decision::RedoImport { import } => self.redo_import(database, item, *import)?,
            Decision::Rule { rule } => {
                if matches!(rule, Rule::HidePlay { .. }) {
                    // What is at hand does not tell which plays are hidden.
                    self.rows = None;
                }
                let text = serde_json::to_string(rule).expect("a rule holds only text and whole numbers");
                database
                    .prepare_cached("INSERT OR IGNORE INTO rules VALUES (?1, ?2, ?3, ?4, NULL)")?
                    .execute(params![seq, item.listener, text, item.received_at])?;
                if rule.feedback().is_none() {
                    self.decide_all_anew(item.listener);
                }
            }
            Decision::RevokeRule { rule } => {
                database
                    .prepare_cached("UPDATE rules SET revoked_seq = ?2 WHERE id = ?1 AND revoked_seq IS NULL")?
                    .execute(params![rule.cast_signed(), seq])?;
                self.decide_all_anew(item.listener);
            }
        }
        Ok(())
    }

    fn undo_import(&mut self, database: &Connection, item: &Item, import: u64) -> rusqlite::Result<()> {
        let (import, seq) = (import.cast_signed(), item.seq.cast_signed());
        let undone = database
            .prepare_cached("UPDATE imports SET undone_seq = ?2 WHERE id = ?1 AND undone_seq IS NULL AND last_seq > 0")?
            .execute([import, seq])?;
        if undone > 0 {
            let gone = database.execute("UPDATE plays SET gone_seq = ?2 WHERE import_id = ?1", [import, seq])?;
            self.applied.gone += gone as u64;
            self.plays_changed(item.listener);
        }
        Ok(())
    }

    fn redo_import(&mut self, database: &Connection, item: &Item, import: u64) -> rusqlite::Result<()> {
        let import = import.cast_signed();
        let redone = database
            .prepare_cached("UPDATE imports SET undone_seq = NULL WHERE id = ?1 AND undone_seq NOT NULL")?
            .execute([import])?;
        if redone > 0 {
            let back = database.execute("UPDATE plays SET gone_seq = NULL WHERE import_id = ?1", [import])?;
            self.applied.plays_new += back as u64;
            self.plays_changed(item.listener);
        }
        Ok(())
    }

    fn plays_changed(&mut self, listener: u32) {
        self.rows = None;
        self.decide_all_anew(listener);
    }

    fn decide_all_anew(&mut self, listener: u32) {
        self.changed = true;
        self.touched.everything(listener);
    }
}
