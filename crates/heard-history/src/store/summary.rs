//! What collecting needs to know of the store, and what a run's report tells: coverage, counts, open questions.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::breaker::LATER;
use super::coverage::Coverage;
use super::rows::load_coverage;
use super::{Store, StoreError};
use crate::listen::{Account, Span, UNDATED};

/// What is known of an account.
#[derive(Clone, Debug, Default)]
pub struct AccountSummary {
    /// Which seconds are known whole.
    pub coverage: Coverage,
    /// Live plays.
    pub plays: u64,
    /// Live plays without a moment.
    pub undated: u64,
    /// Rows that are no plays.
    pub rejects: u64,
    /// The newest run.
    pub last_run: Option<RunSummary>,
    /// Removals that are not believed yet.
    pub suspects: Vec<Suspect>,
}

/// One run of collecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// Its number: the place of its mark in the archive.
    pub run: u64,
    /// When it began, by the service's clock.
    pub began_at: i64,
    /// Whether it found nothing left to ask.
    pub ended: bool,
}

/// A removal that is not believed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// The stretch in which plays vanished.
    pub span: Span,
    /// How many.
    pub removals: u64,
    /// The run that saw it.
    pub run: u64,
    /// When it was seen, by the service's clock.
    pub seen_at: i64,
}

impl Suspect {
    /// Whether reading the stretch again in this run, now, would count as the second reading that bears it out.
    #[must_use]
    pub fn is_ripe(&self, run: u64, now: i64) -> bool {
        self.run < run && self.seen_at <= now - LATER
    }
}

impl Store {
    /// What is known of an account; nothing, for one that was never collected.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn account(&self, account: &Account) -> Result<AccountSummary, StoreError> {
        let say = StoreError::sqlite(self.path());
        let database = self.connection();
        let Some(id) = account_id(database, account).map_err(&say)? else { return Ok(AccountSummary::default()) };
        let everything = Span::new(i64::MIN, i64::MAX);
        let (plays, rejects) = rows_within(database, id, everything).map_err(&say)?;
        let (undated, _) = rows_within(database, id, Span::new(UNDATED, UNDATED + 1)).map_err(&say)?;
        Ok(AccountSummary {
            coverage: load_coverage(database, id).map_err(&say)?,
            plays,
            undated,
            rejects,
            last_run: last_run(database, id).map_err(&say)?,
            suspects: suspects(database, id).map_err(&say)?,
        })
    }

    /// How many rows of the service the store has for a stretch of time: live plays and rejects.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn rows(&self, account: &Account, span: Span) -> Result<u64, StoreError> {
        let say = StoreError::sqlite(self.path());
        let Some(id) = account_id(self.connection(), account).map_err(&say)? else { return Ok(0) };
        let (plays, rejects) = rows_within(self.connection(), id, span).map_err(&say)?;
        Ok(plays + rejects)
    }

    /// Removals that are not believed yet, of all accounts.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn accounts(&self) -> Result<BTreeSet<Account>, StoreError> {
        let read = || {
            self.connection()
                .prepare(
                    "SELECT listeners.name, service, accounts.name FROM accounts
                       JOIN listeners ON listeners.id = listener_id WHERE asked = 1",
                )?
                .query_map([], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        let rows = read().map_err(StoreError::sqlite(self.path()))?;
        let known = |(listener, service, user): (String, String, String)| {
            Some(Account::new(&listener, crate::listen::Service::parse(&service)?, &user))
        };
        Ok(rows.into_iter().filter_map(known).collect())
    }

    /// Whether plays can be looked up by time.
    pub(crate) fn is_indexed(&self) -> Result<bool, StoreError> {
        self.connection()
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'plays_by_time'", [], |row| row.get(0))
            .map_err(StoreError::sqlite(self.path()))
    }
}

pub(super) fn account_id(database: &Connection, account: &Account) -> rusqlite::Result<Option<i64>> {
    database
        .query_row(
            "SELECT accounts.id FROM accounts JOIN listeners ON listeners.id = listener_id
              WHERE listeners.name = ?1 AND service = ?2 AND accounts.name = ?3 AND asked = 1",
            params![account.listener, account.service.name(), account.user],
            |row| row.get(0),
        )
        .optional()
}

fn rows_within(database: &Connection, id: i64, span: Span) -> rusqlite::Result<(u64, u64)> {
    let count = |sql| {
        database
            .prepare_cached(sql)?
            .query_row(params![id, span.from, span.to], |row| row.get::<_, i64>(0))
            .map(i64::cast_unsigned)
    };
    let plays = count(
        "SELECT count(*) FROM plays
          WHERE account_id = ?1 AND played_at >= ?2 AND played_at < ?3 AND gone_seq IS NULL",
    )?;
    let rejects = count("SELECT count(*) FROM rejects WHERE account_id = ?1 AND played_at >= ?2 AND played_at < ?3")?;
    Ok((plays, rejects))
}

fn last_run(database: &Connection, id: i64) -> rusqlite::Result<Option<RunSummary>> {
    database
        .query_row(
            "SELECT run, began_at, ended_seq NOT NULL FROM runs WHERE account_id = ?1 ORDER BY run DESC LIMIT 1",
            [id],
            |row| {
                let run: i64 = row.get(0)?;
                Ok(RunSummary { run: run.cast_unsigned(), began_at: row.get(1)?, ended: row.get(2)? })
            },
        )
        .optional()
}

fn suspects(database: &Connection, id: i64) -> rusqlite::Result<Vec<Suspect>> {
    database
        .prepare("SELECT from_at, to_at, removals, run, seen_at FROM suspects WHERE account_id = ?1 ORDER BY from_at")?
        .query_map([id], |row| {
            Ok(Suspect {
                span: Span::new(row.get(0)?, row.get(1)?),
                removals: row.get::<_, i64>(2)?.cast_unsigned(),
                run: row.get::<_, i64>(3)?.cast_unsigned(),
                seen_at: row.get(4)?,
            })
        })?
        .collect()
}
