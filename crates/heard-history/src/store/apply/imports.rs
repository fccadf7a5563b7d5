//! Export files: nothing of one counts before it was taken in whole.

use rusqlite::{Connection, params};

use super::told::{From, Writing};
use super::{Applier, Effect, Item, Piece};
use crate::facts::Why;
use crate::listen::{FIRST_PLAUSIBLE, FUTURE_GRACE, UNDATED};

/// An export file of which the end was not seen yet.
#[derive(Debug)]
pub(super) struct OpenImport {
    id: u64,
    listener: u32,
    rows: u64,
    plays: u64,
    undated: u64,
    implausible: u64,
    began_at: i64,
    first_play: i64,
    moments: Option<(i64, i64)>,
}

impl OpenImport {
    /// Whether a moment is that of a wrong clock.
    fn is_wrong(&self, played_at: i64) -> bool {
        let latest = self.began_at.saturating_add(FUTURE_GRACE);
        played_at != UNDATED && !(FIRST_PLAUSIBLE..=latest).contains(&played_at)
    }
}

impl Applier {
    /// An import that was cut off is left when anything else follows, since one process at a time adds to the archive.
    pub(super) fn leave_other_import(&mut self, database: &Connection, item: &Item) -> rusqlite::Result<()> {
        let goes_on = matches!(item.effect, Effect::Piece(_) | Effect::ImportEnded { .. });
        if self.open_import.as_ref().is_some_and(|open| !goes_on || open.id != item.run) {
            self.drop_open_import(database)?;
        }
        Ok(())
    }

    /// Whether an import waits for its end; what it wrote must not be committed before.
    pub(crate) fn is_importing(&self) -> bool {
        self.open_import.is_some()
    }

    /// Takes out what an import wrote that was never ended.
    pub(crate) fn drop_open_import(&mut self, database: &Connection) -> rusqlite::Result<()> {
        let Some(open) = self.open_import.take() else { return Ok(()) };
        let id = open.id.cast_signed();
        database.execute("DELETE FROM left_out WHERE import_id = ?1", [id])?;
        database.execute("DELETE FROM plays WHERE id >= ?1", [open.first_play])?;
        database.execute("DELETE FROM imports WHERE id = ?1", [id])?;
        self.next_play = open.first_play;
        if let Some(rows) = &mut self.rows {
            rows.truncate(usize::try_from(open.first_play - 1).unwrap_or_default());
        }
        Ok(())
    }

    pub(super) fn begin_import(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        [file, format, layout]: [&String; 3],
    ) -> rusqlite::Result<()> {
        database
            .prepare_cached("INSERT INTO imports VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, '', ?7, 0, 0, 0, 0, 0, NULL)")?
            .execute(params![item.seq.cast_signed(), item.listener, account, file, format, layout, item.received_at])?;
        self.open_import = Some(OpenImport {
            id: item.seq,
            listener: item.listener,
            rows: 0,
            plays: 0,
            undated: 0,
            implausible: 0,
            began_at: item.received_at,
            first_play: self.next_play,
            moments: None,
        });
        Ok(())
    }

    /// A piece that belongs to no import that is open was left by a crash, and means nothing.
    pub(super) fn take_in(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        piece: &Piece,
    ) -> rusqlite::Result<()> {
        let Some(mut open) = self.open_import.take() else { return Ok(()) };
        let from = From { listener: item.listener, account, seq: item.seq, import: open.id };
        let mut writing = Writing::in_full(database, from)?;
        for told in &piece.told {
            self.insert_told(&mut writing, told)?;
            open.undated += u64::from(told.played_at == UNDATED);
            open.implausible += u64::from(open.is_wrong(told.played_at));
            let (first, last) = open.moments.get_or_insert((told.played_at, told.played_at));
            (*first, *last) = ((*first).min(told.played_at), (*last).max(told.played_at));
        }
        let mut keep = database.prepare_cached("INSERT INTO left_out VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for left in &piece.left_out {
            let (kind, reason) = match left.why {
                Why::Other(other) => ("other", other.name()),
                Why::Reject(reason) => ("reject", reason.name()),
            };
            let row = open.rows.saturating_add(u64::from(left.row)).saturating_add(1);
            let line = piece.first_line.saturating_add(u64::from(left.line));
            let (id, row, line) = (open.id.cast_signed(), row.cast_signed(), line.cast_signed());
            keep.execute(params![id, row, line, kind, reason, left.text])?;
        }
        open.rows += u64::from(piece.count);
        open.plays += piece.told.len() as u64;
        self.open_import = Some(open);
        Ok(())
    }

    pub(super) fn end_import(
        &mut self,
        database: &Connection,
        item: &Item,
        bytes: u64,
        sha256: &str,
    ) -> rusqlite::Result<()> {
        let Some(open) = self.open_import.take() else { return Ok(()) };
        database
            .prepare_cached(
                "UPDATE imports SET bytes = ?2, sha256 = ?3, row_count = ?4, last_seq = ?5, reports = ?6, undated = ?7,
                        implausible = ?8 WHERE id = ?1",
            )?
            .execute(params![
                open.id.cast_signed(),
                bytes.cast_signed(),
                sha256,
                open.rows.cast_signed(),
                item.seq.cast_signed(),
                open.plays.cast_signed(),
                open.undated.cast_signed(),
                open.implausible.cast_signed()
            ])?;
        self.applied.plays_new += open.plays;
        self.changed |= open.plays > 0;
        if let Some((first, last)) = open.moments {
            self.touched.moments(open.listener, first, last);
        }
        Ok(())
    }
}
