//! Answers of services: what a stretch of time holds now.

use rusqlite::{Connection, params};

use super::super::coverage::Covered;
use super::super::register::{self, Changes, Names};
use super::super::rows::{keep_coverage, load_known};
use super::super::suspects::{is_believed, keep_suspect, settle_suspects};
use super::told::{From, Told, Writing};
use super::{Applier, Item, Reading};

impl Applier {
    pub(super) fn read(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        reading: &Reading,
    ) -> rusqlite::Result<()> {
        if reading.span.is_empty() {
            return Ok(());
        }
        let known_before = self.coverage.get(&account).is_some_and(|c| c.touches(&reading.span));
        if known_before || !reading.is_whole {
            if !self.read_again(database, item, account, reading)? {
                return Ok(());
            }
        } else {
            self.insert(database, item, account, reading, 0..reading.shown.len())?;
        }
        self.keep_rejects(database, item, account, reading, known_before)?;
        let (seq, span) = (item.seq, reading.span);
        let covered = if reading.is_whole {
            Covered { span, seq, run: item.run, read_at: reading.read_at }
        } else {
            Covered::in_part(span, seq)
        };
        let coverage = self.coverage.entry(account).or_default();
        let (removed, added) = coverage.lay(covered);
        keep_coverage(database, account, &removed, &added)?;
        settle_suspects(database, account, &reading.span, coverage)
    }

    /// Compares with what is known. Returns `false` when the reading is suspicious and has no effect.
    fn read_again(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        reading: &Reading,
    ) -> rusqlite::Result<bool> {
        if !self.indexed {
            database.execute_batch(include_str!("../schema/view_indexes.sql"))?;
            self.indexed = true;
        }
        let known = load_known(database, account, &reading.span)?;
        let mut changes = register::compare(&known, &reading.shown);
        if !reading.is_whole {
            changes.keep_all();
        }
        if !is_believed(database, item, account, reading, &changes)? {
            keep_suspect(database, item, account, reading, changes.gone.len() as i64)?;
            self.applied.suspicious += changes.gone.len() as u64;
            return Ok(false);
        }
        self.change(database, item, account, reading, &changes)?;
        Ok(true)
    }

    fn change(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        reading: &Reading,
        changes: &Changes,
    ) -> rusqlite::Result<()> {
        let kept = reading.shown.len() - changes.insert.len() - changes.revive.len() - changes.rename.len();
        self.applied.duplicates += kept as u64;
        if changes.none() {
            return Ok(());
        }
        self.changed = true;
        self.rows = None;
        self.touched.moments(item.listener, reading.span.from, reading.span.to);
        self.applied.gone += changes.gone.len() as u64;
        self.applied.renamed += changes.rename.len() as u64;
        self.applied.plays_new += changes.revive.len() as u64;
        for id in &changes.gone {
            database
                .prepare_cached("UPDATE plays SET gone_seq = ?2 WHERE id = ?1")?
                .execute(params![id, item.seq.cast_signed()])?;
        }
        for id in &changes.revive {
            database.prepare_cached("UPDATE plays SET gone_seq = NULL WHERE id = ?1")?.execute([id])?;
        }
        for (id, index) in &changes.rename {
            rename(database, *id, item.seq, reading.shown[*index].names)?;
        }
        self.insert(database, item, account, reading, changes.insert.iter().copied())
    }

    fn insert(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        reading: &Reading,
        which: impl ExactSizeIterator<Item = usize>,
    ) -> rusqlite::Result<()> {
        if which.len() == 0 {
            return Ok(());
        }
        self.changed = true;
        self.applied.plays_new += which.len() as u64;
        let from = From { listener: item.listener, account, seq: item.seq, import: 0 };
        let mut writing = Writing::listed(database, from)?;
        for index in which {
            self.insert_told(&mut writing, &Told::listed(&reading.shown[index]))?;
        }
        self.touched.moments(item.listener, reading.span.from, reading.span.to);
        Ok(())
    }

    fn keep_rejects(
        &mut self,
        database: &Connection,
        item: &Item,
        account: i64,
        reading: &Reading,
        known_before: bool,
    ) -> rusqlite::Result<()> {
        let mut old = 0;
        if known_before {
            old = database
                .prepare_cached("DELETE FROM rejects WHERE account_id = ?1 AND played_at >= ?2 AND played_at < ?3")?
                .execute(params![account, reading.span.from, reading.span.to])?;
        }
        self.applied.rejects += reading.rejects.len().saturating_sub(old) as u64;
        for reject in &reading.rejects {
            database.prepare_cached("INSERT OR REPLACE INTO rejects VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
                account,
                reject.played_at,
                item.seq.cast_signed(),
                reject.row,
                reject.reason.name()
            ])?;
        }
        Ok(())
    }
}

fn rename(database: &Connection, id: i64, seq: u64, names: Names) -> rusqlite::Result<()> {
    database
        .prepare_cached(
            "INSERT OR IGNORE INTO former_names
             SELECT id, ?2, artist_id, album_id, track_id FROM plays WHERE id = ?1",
        )?
        .execute(params![id, seq.cast_signed()])?;
    let album = (names.album != 0).then_some(names.album);
    database
        .prepare_cached("UPDATE plays SET artist_id = ?2, album_id = ?3, track_id = ?4 WHERE id = ?1")?
        .execute(params![id, names.artist, album, names.track])?;
    Ok(())
}
