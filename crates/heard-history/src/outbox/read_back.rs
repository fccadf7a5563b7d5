//! Listens that the service was seen to have.

use rusqlite::params;

use super::batch::Batch;
use super::{Entry, Outbox};
use crate::store::StoreError;

/// What stands in the ledger instead of an answer.
const WORDS: &str = "found by reading back";

impl Outbox {
    /// Takes those rows out of a batch of which its service was seen to have them, and records them as accepted: their
    /// answer was lost. Returns how many.
    ///
    /// # Errors
    /// What SQLite says; the batch is as it was then.
    pub fn read_back(&mut self, batch: &mut Batch, has: impl Fn(&Entry) -> bool, now: i64) -> Result<u64, StoreError> {
        let (found, rest): (Vec<Entry>, Vec<Entry>) = batch.entries.iter().cloned().partition(has);
        self.change(|changes| {
            for entry in &found {
                changes
                    .prepare_cached(
                        "UPDATE outbox SET state = 'accepted', batch = NULL, code = NULL, words = ?2, settled_at = ?3
                          WHERE id = ?1",
                    )?
                    .execute(params![entry.id, WORDS, now])?;
            }
            Ok(())
        })?;
        batch.entries = rest;
        Ok(found.len() as u64)
    }
}
