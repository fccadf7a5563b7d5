//! Single statements: what is kept of counts, suspects and coverage, and what is known of plays.

use rusqlite::{Connection, params};

use super::coverage::{Coverage, Covered};
use super::register::{Known, Names};
use crate::listen::Span;

pub(super) fn keep_count(
    database: &Connection,
    account: i64,
    seq: u64,
    span: Option<Span>,
    total: u64,
) -> rusqlite::Result<()> {
    database.prepare_cached("INSERT OR IGNORE INTO counts VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
        account,
        seq.cast_signed(),
        span.map(|s| s.from),
        span.map(|s| s.to),
        total.cast_signed()
    ])?;
    Ok(())
}

pub(super) fn load_known(database: &Connection, account: i64, span: &Span) -> rusqlite::Result<Vec<Known>> {
    database
        .prepare_cached(
            "SELECT id, played_at, artist_id, coalesce(album_id, 0), track_id, gone_seq NOT NULL FROM plays
              WHERE account_id = ?1 AND played_at >= ?2 AND played_at < ?3 ORDER BY played_at, id",
        )?
        .query_map(params![account, span.from, span.to], |row| {
            let names = Names { artist: row.get(2)?, album: row.get(3)?, track: row.get(4)? };
            Ok(Known { id: row.get(0)?, played_at: row.get(1)?, names, gone: row.get(5)? })
        })?
        .collect()
}

/// The coverage of an account as the database has it.
pub(crate) fn load_coverage(database: &Connection, account: i64) -> rusqlite::Result<Coverage> {
    database
        .prepare("SELECT from_at, to_at, envelope_seq, run, read_at FROM coverage WHERE account_id = ?1")?
        .query_map([account], |row| {
            Ok(Covered {
                span: Span::new(row.get(0)?, row.get(1)?),
                seq: row.get::<_, i64>(2)?.cast_unsigned(),
                run: row.get::<_, i64>(3)?.cast_unsigned(),
                read_at: row.get(4)?,
            })
        })?
        .collect()
}

pub(super) fn keep_coverage(
    database: &Connection,
    account: i64,
    removed: &[i64],
    added: &[Covered],
) -> rusqlite::Result<()> {
    for from in removed {
        database
            .prepare_cached("DELETE FROM coverage WHERE account_id = ?1 AND from_at = ?2")?
            .execute(params![account, from])?;
    }
    for covered in added {
        database.prepare_cached("INSERT INTO coverage VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
            account,
            covered.span.from,
            covered.span.to,
            covered.seq.cast_signed(),
            covered.run.cast_signed(),
            covered.read_at
        ])?;
    }
    Ok(())
}
