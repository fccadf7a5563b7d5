//! Removals that are not believed: keeping them, judging them, settling them.

use rusqlite::{Connection, OptionalExtension, params};

use super::apply::{Item, Reading};
use super::breaker::{self, Earlier, Removal};
use super::coverage::{Coverage, Covered};
use super::register::Changes;
use crate::listen::Span;

pub(super) fn keep_suspect(
    database: &Connection,
    item: &Item,
    account: i64,
    reading: &Reading,
    removals: i64,
) -> rusqlite::Result<()> {
    database.prepare_cached("INSERT OR IGNORE INTO suspects VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
        account,
        item.seq.cast_signed(),
        reading.span.from,
        reading.span.to,
        removals,
        item.run.cast_signed(),
        reading.read_at
    ])?;
    Ok(())
}

fn load_suspects(database: &Connection, account: i64) -> rusqlite::Result<Vec<Earlier>> {
    database
        .prepare_cached("SELECT from_at, to_at, removals, run, seen_at FROM suspects WHERE account_id = ?1")?
        .query_map([account], |row| {
            Ok(Earlier {
                span: Span::new(row.get(0)?, row.get(1)?),
                removals: row.get(2)?,
                run: row.get::<_, i64>(3)?.cast_unsigned(),
                seen_at: row.get(4)?,
            })
        })?
        .collect()
}

/// A suspicion is settled once every second of its stretch was read again, later, and believed. Later readings have
/// other bounds than the suspicious one: a stretch that seemed empty is many pages wide when its plays are back.
pub(super) fn settle_suspects(
    database: &Connection,
    account: i64,
    read: &Span,
    coverage: &Coverage,
) -> rusqlite::Result<()> {
    let touched: Vec<(i64, Span)> = database
        .prepare_cached(
            "SELECT envelope_seq, from_at, to_at FROM suspects WHERE account_id = ?1 AND from_at < ?3 AND to_at > ?2",
        )?
        .query_map(params![account, read.from, read.to], |row| Ok((row.get(0)?, Span::new(row.get(1)?, row.get(2)?))))?
        .collect::<rusqlite::Result<_>>()?;
    for (seq, span) in touched {
        let later = |covered: &Covered| if covered.seq > seq.cast_unsigned() { covered.span } else { Span::new(0, 0) };
        if coverage.holes(span, later).is_empty() {
            database
                .prepare_cached("DELETE FROM suspects WHERE account_id = ?1 AND envelope_seq = ?2")?
                .execute(params![account, seq])?;
        }
    }
    Ok(())
}

/// Whether plays that an answer does not show may be taken out of the history.
pub(super) fn is_believed(
    database: &Connection,
    item: &Item,
    account: i64,
    reading: &Reading,
    changes: &Changes,
) -> rusqlite::Result<bool> {
    if changes.gone.is_empty() {
        return Ok(true);
    }
    let (live, gone_in_run) = database
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE gone_seq IS NULL), count(*) FILTER (WHERE gone_seq > ?2)
               FROM plays WHERE account_id = ?1",
        )?
        .query_row(params![account, item.run.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let removal = Removal {
        gone: changes.gone.len() as i64,
        live_here: changes.live as i64,
        live,
        gone_in_run,
        nothing_at_all: reading.total == 0,
    };
    if !removal.is_suspicious() {
        return Ok(true);
    }
    let confirmed = database
        .query_row("SELECT max(seen_until) FROM confirmations WHERE account_id = ?1", [account], |row| row.get(0))
        .optional()?
        .flatten();
    let earlier = load_suspects(database, account)?;
    Ok(breaker::is_borne_out(&removal, &reading.span, (item.run, reading.read_at), &earlier, confirmed))
}
