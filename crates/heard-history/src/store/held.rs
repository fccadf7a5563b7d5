//! What an account is known to hold, for whoever would send it listens that it has already.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::params;

use super::coverage::Coverage;
use super::open::open_for_reading;
use super::rows::load_coverage;
use super::summary::account_id;
use super::{Store, StoreError};
use crate::identity::key;
use crate::listen::{Account, Listen, Span};

/// Two tellings of one play are so many seconds apart at most, as between sources of one history.
const APART: i64 = 90;

/// Listens of an account, as far as it was collected.
#[derive(Clone, Debug, Default)]
pub struct Held {
    coverage: Coverage,
    /// The moments of each artist and track, by the keys of their names, in their order.
    moments: HashMap<(String, String), Vec<i64>>,
}

/// Whether an account has a listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// It has it, at this second or one that is near enough.
    There(i64),
    /// It has not.
    NotThere,
    /// This second was never collected.
    Unknown,
}

impl Store {
    /// Whether an account's report of this very play is there: of the same second, under the same names, and with the same
    /// time (in milliseconds) for which it sounded, where that is told.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_report(&self, account: &Account, listen: &Listen, ms_played: Option<u64>) -> Result<bool, StoreError> {
        let Listen { track, played_at } = listen;
        let ms_played = ms_played.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX));
        self.connection()
            .prepare_cached(
                "SELECT EXISTS (
                   SELECT 1 FROM plays
                     JOIN accounts ON accounts.id = account_id
                     JOIN listeners ON listeners.id = accounts.listener_id
                     JOIN artists ON artists.id = plays.artist_id
                     JOIN tracks ON tracks.id = plays.track_id
                    WHERE played_at = ?1 AND ms_played IS ?2 AND artists.name = ?3 AND tracks.title = ?4
                      AND listeners.name = ?5 AND service = ?6 AND accounts.name = ?7)",
            )
            .and_then(|mut report| {
                let names = (&track.artist, &track.title, &account.listener, account.service.name(), &account.user);
                let (artist, title, listener, service, user) = names;
                report
                    .query_row(params![played_at, ms_played, artist, title, listener, service, user], |row| row.get(0))
            })
            .map_err(StoreError::sqlite(self.path()))
    }
}

impl Held {
    /// What the store in a database knows of an account's listens in a stretch of time; `None` where the account was never
    /// collected.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn read(database: &Path, account: &Account, span: Span) -> Result<Option<Self>, StoreError> {
        let around = Span::new(span.from.saturating_sub(APART), span.to.saturating_add(APART));
        let read = || -> rusqlite::Result<Option<Self>> {
            let database = open_for_reading(database)?;
            let Some(id) = account_id(&database, account)? else { return Ok(None) };
            let mut held = Self { coverage: load_coverage(&database, id)?, moments: HashMap::new() };
            let mut query = database.prepare(
                "SELECT played_at, artists.name, tracks.title FROM plays
                   JOIN artists ON artists.id = plays.artist_id
                   JOIN tracks ON tracks.id = plays.track_id
                  WHERE account_id = ?1 AND played_at >= ?2 AND played_at < ?3 AND gone_seq IS NULL
                  ORDER BY played_at",
            )?;
            let mut rows = query.query(params![id, around.from, around.to])?;
            while let Some(row) = rows.next()? {
                let names = (key(row.get_ref(1)?.as_str()?), key(row.get_ref(2)?.as_str()?));
                held.moments.entry(names).or_default().push(row.get(0)?);
            }
            Ok(Some(held))
        };
        read().map_err(StoreError::sqlite(database))
    }

    /// Whether the account has each of these listens, in their order. What it holds once it has for one of them alone:
    /// for one with the same names at the same second first, then for the nearest within 90 seconds, or within half of
    /// the track's length where that is less.
    #[must_use]
    pub fn has(&self, listens: &[&Listen]) -> Vec<Holding> {
        let mut left = self.moments.clone();
        let mut found = vec![None; listens.len()];
        for within in [0, APART] {
            for (listen, found) in listens.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
                *found = take(&mut left, listen, within);
            }
        }
        let known = |(listen, found): (&&Listen, Option<i64>)| match found {
            Some(moment) => Holding::There(moment),
            None if self.is_known_at(listen.played_at) => Holding::NotThere,
            None => Holding::Unknown,
        };
        listens.iter().zip(found).map(known).collect()
    }

    fn is_known_at(&self, second: i64) -> bool {
        self.coverage.touches(&Span::new(second, second.saturating_add(1)))
    }
}

/// Takes the moment out that is nearest to the listen's, if it is near enough.
fn take(moments: &mut HashMap<(String, String), Vec<i64>>, listen: &Listen, within: i64) -> Option<i64> {
    let Listen { track, played_at } = listen;
    let half = track.length_ms.and_then(|length| i64::try_from(length / 2000).ok()).unwrap_or(i64::MAX);
    let within = within.min(half).unsigned_abs();
    let moments = moments.get_mut(&(key(&track.artist), key(&track.title)))?;
    let (nearest, apart) =
        moments.iter().map(|moment| moment.abs_diff(*played_at)).enumerate().min_by_key(|(_, apart)| *apart)?;
    (apart <= within).then(|| moments.remove(nearest))
}

#[cfg(test)]
mod tests {
    use super::super::coverage::Covered;
    use super::*;
    use crate::listen::Track;

    const NOW: i64 = 1_700_000_000;

    fn held(moments: &[i64]) -> Held {
        let coverage =
            [Covered { span: Span::new(NOW - 10_000, NOW), seq: 1, run: 1, read_at: NOW }].into_iter().collect();
        Held { coverage, moments: [((key("Mira Vale"), key("Nine")), moments.to_vec())].into() }
    }

    fn listen(artist: &str, title: &str, played_at: i64) -> Listen {
        Listen { track: Track::new(artist, title), played_at }
    }

    #[track_caller]
    fn known(held: &Held, listens: &[Listen], expected: &[Holding]) {
        assert_eq!(held.has(&listens.iter().collect::<Vec<_>>()), expected);
    }

    #[test]
    fn what_is_held_once_is_there_for_one() {
        use Holding::{NotThere, There, Unknown};
        let nine = |at| listen("MIRA  vale", "nine", NOW - at);
        let held = held(&[NOW - 500, NOW - 300]);
        known(&held, &[nine(500), nine(300), nine(300)], &[There(NOW - 500), There(NOW - 300), NotThere]);
        // The exact one goes first, whichever comes first in the file.
        known(&held, &[nine(520), nine(500)], &[NotThere, There(NOW - 500)]);
        known(&held, &[nine(590), nine(209)], &[There(NOW - 500), NotThere]);
        known(&held, &[nine(210), nine(591)], &[There(NOW - 300), NotThere]);
        known(&held, &[listen("Mira Vale", "Ten", NOW - 500)], &[NotThere]);
        known(&held, &[nine(-5), nine(10_001)], &[Unknown, Unknown]);
        known(&held, &[nine(i64::MAX / 2), listen("Mira Vale", "Nine", i64::MIN)], &[Unknown, Unknown]);
    }

    #[test]
    fn short_tracks_are_told_apart_sooner() {
        let mut short = listen("Mira Vale", "Nine", NOW - 460);
        short.track.length_ms = Some(80_000);
        known(&held(&[NOW - 500]), &[short.clone()], &[Holding::There(NOW - 500)]);
        short.played_at -= 81;
        known(&held(&[NOW - 500]), &[short], &[Holding::NotThere]);
    }
}
