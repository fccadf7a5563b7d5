//! Reading reports of plays, all of them or those of a stretch of time, and keeping what was decided of them.

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::FAR;
use super::play_rules::Decided;
use crate::facts::{Clock, Resolution};
use crate::listen::Service;
use crate::reconcile::{Keying, NO_MOMENT, Overrules, Source, Sources, Verdict, Witness};
use crate::store::apply::milliseconds;

/// How far beyond a change reports are read at first, in seconds.
const MARGIN: i64 = 6 * 3600;

const REPORT: &str = "SELECT id, same_as, score, played_at, coalesce(local_at, 0), ended_at, listener_id, account_id,
       artist_id, coalesce(album_id, 0), track_id, coalesce(uri_id, 0), coalesce(import_id, 0), ms_played, clock,
       resolution FROM plays";

/// Reports of one listener's plays.
pub(super) struct Reports<'a> {
    witnesses: Cow<'a, [Witness]>,
    /// Row numbers, and what was decided before; empty for reports at hand, whose numbers count up from 1.
    kept: Vec<(i64, Option<i64>, Option<f64>)>,
}

impl<'a> Reports<'a> {
    /// All reports of a store that was filled from nothing, in the order of their numbers.
    pub(super) fn at_hand(rows: &'a [Witness]) -> Self {
        Self { witnesses: Cow::Borrowed(rows), kept: Vec::new() }
    }

    pub(super) fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    fn empty() -> Self {
        Self { witnesses: Cow::Owned(Vec::new()), kept: Vec::new() }
    }

    fn push(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        self.kept.push((row.get(0)?, row.get(1)?, row.get(2)?));
        let witness = Witness {
            id: row.get(0)?,
            played_at: row.get(3)?,
            local_at: row.get(4)?,
            ended_at: row.get::<_, Option<i64>>(5)?.unwrap_or(NO_MOMENT),
            listener: row.get(6)?,
            account: row.get(7)?,
            artist: row.get(8)?,
            album: row.get(9)?,
            track: row.get(10)?,
            uri: row.get(11)?,
            import: row.get(12)?,
            ms_played: row.get::<_, Option<i64>>(13)?.map_or(-1, milliseconds),
            clock: match row.get_ref(14)?.as_str_or_null()? {
                Some("end") => Clock::End,
                Some(_) => Clock::Both,
                None => Clock::Start,
            },
            resolution: if row.get::<_, Option<i64>>(15)?.is_some() { Resolution::Minute } else { Resolution::Second },
        };
        self.witnesses.to_mut().push(witness);
        Ok(())
    }

    /// All of a listener's reports.
    pub(super) fn all(database: &Connection, listener: u32) -> rusqlite::Result<Self> {
        let mut reports = Self::empty();
        let mut found =
            database.prepare(&format!("{REPORT} WHERE listener_id = ?1 AND gone_seq IS NULL ORDER BY id"))?;
        let mut rows = found.query([listener])?;
        while let Some(row) = rows.next()? {
            reports.push(row)?;
        }
        Ok(reports)
    }

    /// Those of some stretches of time, and of all that is not separated from them by silence.
    pub(super) fn around(database: &Connection, listener: u32, spans: &[(i64, i64)]) -> rusqlite::Result<Self> {
        let accounts: Vec<i64> = database
            .prepare_cached("SELECT id FROM accounts WHERE listener_id = ?1 ORDER BY id")?
            .query_map([listener], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut reports = Self::empty();
        let mut read_until = i64::MIN;
        for (first, last) in merged(spans) {
            // A day and more without a silence may lead from one stretch into the next.
            if last >= read_until {
                read_until = reports.read_stretch(database, &accounts, (first, last), read_until)?;
            }
        }
        Ok(reports)
    }

    /// Reads a stretch but for what lies before `from`, which was read. Returns the moment at which it ends.
    fn read_stretch(
        &mut self,
        database: &Connection,
        accounts: &[i64],
        span: (i64, i64),
        from: i64,
    ) -> rusqlite::Result<i64> {
        let quiet = |from: i64, to: i64| -> rusqlite::Result<Vec<i64>> {
            let mut moments = Vec::new();
            for account in accounts {
                let mut found = database.prepare_cached(
                    "SELECT played_at FROM plays
                      WHERE account_id = ?1 AND played_at >= ?2 AND played_at < ?3 AND gone_seq IS NULL",
                )?;
                moments.extend(found.query_map(params![account, from, to], |row| row.get::<_, i64>(0))?.flatten());
            }
            moments.sort_unstable();
            Ok(moments)
        };
        let (from, to) = (quiet_before(span.0, &quiet)?.max(from), quiet_after(span.1, &quiet)?);
        for account in accounts {
            let mut found = database.prepare_cached(&format!(
                "{REPORT} WHERE account_id = ?1 AND played_at >= ?2 AND played_at < ?3 AND gone_seq IS NULL ORDER BY id"
            ))?;
            let mut rows = found.query(params![account, from, to])?;
            while let Some(row) = rows.next()? {
                self.push(row)?;
            }
        }
        Ok(to)
    }

    fn number(&self, place: u32) -> i64 {
        self.kept.get(place as usize).map_or(i64::from(place) + 1, |(id, ..)| *id)
    }

    /// The places of the reports on which the listener decided; those of other stretches are left out.
    pub(super) fn places(&self, decided: &Decided) -> Overrules {
        if decided.joins_nothing() {
            return Overrules::default();
        }
        let count = u32::try_from(self.witnesses.len()).unwrap_or(u32::MAX);
        let places: HashMap<i64, u32> = (0..count).map(|place| (self.number(place), place)).collect();
        let place = |report: &i64| places.get(report).copied();
        Overrules {
            own: decided.own.iter().filter_map(place).collect(),
            same: decided.same.iter().filter_map(|(one, other)| place(one).zip(place(other))).collect(),
        }
    }

    /// Writes what was decided, where it is not what was decided before.
    pub(super) fn keep(&self, database: &Connection, verdicts: &[Verdict]) -> rusqlite::Result<()> {
        let mut update = database.prepare_cached("UPDATE plays SET same_as = ?2, score = ?3 WHERE id = ?1")?;
        let mut next = verdicts.iter().peekable();
        let count = if self.kept.is_empty() { 0 } else { self.kept.len() };
        if count == 0 {
            for verdict in verdicts {
                update.execute(params![
                    self.number(verdict.witness),
                    self.number(verdict.of),
                    f64::from(verdict.score)
                ])?;
            }
            return Ok(());
        }
        for (place, (id, same_as, score)) in (0_u32..).zip(&self.kept) {
            let verdict = next.next_if(|verdict| verdict.witness == place);
            let decided = verdict.map(|it| (self.number(it.of), f64::from(it.score)));
            if decided != same_as.zip(*score) {
                update.execute(params![id, decided.map(|it| it.0), decided.map(|it| it.1)])?;
            }
        }
        Ok(())
    }
}

fn merged(spans: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (first, last) in sorted {
        match merged.last_mut() {
            // Two stretches that lie near each other would read the same reports twice.
            Some((_, end)) if first <= end.saturating_add(4 * MARGIN) => *end = (*end).max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// The latest moment before this one that follows a silence.
fn quiet_before(moment: i64, read: &impl Fn(i64, i64) -> rusqlite::Result<Vec<i64>>) -> rusqlite::Result<i64> {
    let mut margin = MARGIN;
    loop {
        let from = moment.saturating_sub(margin);
        let mut edge = moment;
        for earlier in read(from, moment)?.into_iter().rev() {
            if edge.saturating_sub(earlier) > FAR {
                break;
            }
            edge = earlier;
        }
        if edge.saturating_sub(from) > FAR || from == i64::MIN {
            return Ok(edge);
        }
        margin = margin.saturating_mul(4);
    }
}

/// The earliest moment after this one that ends a silence.
fn quiet_after(moment: i64, read: &impl Fn(i64, i64) -> rusqlite::Result<Vec<i64>>) -> rusqlite::Result<i64> {
    let mut margin = MARGIN;
    loop {
        let to = moment.saturating_add(margin);
        let mut edge = moment;
        for later in read(moment, to)? {
            if later.saturating_sub(edge) > FAR {
                break;
            }
            edge = later;
        }
        if to.saturating_sub(edge) > FAR || to == i64::MAX {
            return Ok(edge.saturating_add(1));
        }
        margin = margin.saturating_mul(4);
    }
}

/// Whether any report was found to be a further witness.
pub(super) fn anything_is_joined(database: &Connection, listener: u32) -> rusqlite::Result<bool> {
    database.query_row(
        "SELECT EXISTS (SELECT 1 FROM plays WHERE same_as NOT NULL AND gone_seq IS NULL AND listener_id = ?1)",
        [listener],
        |row| row.get(0),
    )
}

/// Who tells of a listener's plays, and whether they can have told of one twice. A player is told of twice by itself:
/// when its play counts, and when it is over.
pub(super) fn sources(database: &Connection, listener: u32) -> rusqlite::Result<(Sources, bool)> {
    let service = |name: &str| Service::ALL.into_iter().find(|it| it.name() == name).unwrap_or(Service::File);
    let asked = database
        .prepare_cached(
            "SELECT id, service, name FROM accounts WHERE listener_id = ?1 AND (asked = 1 OR service = 'watch')",
        )?
        .query_map([listener], |row| {
            let service = service(row.get_ref(1)?.as_str()?);
            let source = Source { service, account: row.get(2)?, keying: Keying::of_service(service) };
            Ok(((row.get(0)?, 0), source))
        })?
        .collect::<rusqlite::Result<Vec<((u32, u32), Source)>>>()?;
    let imported = database
        .prepare_cached(
            "SELECT accounts.id, imports.id, service, name, format FROM imports
               JOIN accounts ON accounts.id = account_id WHERE imports.listener_id = ?1 AND undone_seq IS NULL",
        )?
        .query_map([listener], |row| {
            let source = Source {
                service: service(row.get_ref(2)?.as_str()?),
                account: row.get(3)?,
                keying: Keying::of_format(row.get_ref(4)?.as_str()?),
            };
            Ok(((row.get(0)?, row.get(1)?), source))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let watched = asked.iter().any(|(_, source)| source.service == Service::Watch);
    let can_repeat = !imported.is_empty() || asked.len() > 1 || watched;
    Ok((Sources::new(asked.into_iter().chain(imported)), can_repeat))
}
