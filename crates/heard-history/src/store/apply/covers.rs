//! Covers: what lay at an address when it was last asked for.

use rusqlite::{Connection, params};

use super::{Applier, Item};
use crate::facts::{CoverAnswer, CoverOutcome};

impl Applier {
    /// A picture takes the place of the one before it. That there is none any more does not take away the one that is
    /// kept.
    pub(super) fn keep_cover(
        &mut self,
        database: &Connection,
        item: &Item,
        cover: &CoverAnswer,
    ) -> rusqlite::Result<()> {
        let (picture, none) = match &cover.outcome {
            CoverOutcome::Kept(picture) => {
                self.applied.covers.0 += 1;
                (Some(picture), None)
            }
            CoverOutcome::None(reason) => {
                self.applied.covers.1 += 1;
                (None, Some(reason.name()))
            }
        };
        let size = picture.and_then(|picture| picture.size);
        database
            .prepare_cached(
                "INSERT INTO covers VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (address) DO UPDATE SET
                   envelope_seq = ?2, told_at = max(told_at, ?3), none = ?4, sha256 = coalesce(?5, sha256),
                   form = coalesce(?6, form), bytes = coalesce(?7, bytes),
                   width = iif(?5 IS NULL, width, ?8), height = iif(?5 IS NULL, height, ?9)",
            )?
            .execute(params![
                cover.address,
                item.seq.cast_signed(),
                item.received_at,
                none,
                picture.map(|picture| &picture.sha256),
                picture.map(|picture| picture.form.extension()),
                picture.map(|picture| picture.bytes.cast_signed()),
                size.map(|(width, _)| width),
                size.map(|(_, height)| height),
            ])?;
        Ok(())
    }
}
