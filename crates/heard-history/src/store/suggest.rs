//! Names that look like one, and of which nobody said yet that they are.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;

use super::open::open_for_reading;
use super::{Store, StoreError};
use crate::identity;
use crate::rules::Name;

/// Names of one kind that differ only in case, accents, punctuation, and "the".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// At least two, as they are shown, each with its plays; the one with the most plays first, of equal ones the first
    /// in code-point order.
    pub names: Vec<(Name, u64)>,
}

impl Alike {
    /// Plays of all of them together.
    #[must_use]
    pub fn plays(&self) -> u64 {
        self.names.iter().map(|(_, plays)| plays).sum()
    }
}

/// Shown artists: their number, name and plays.
const ARTISTS: &str = "
  SELECT 0, shown.name, '', sum(counted.plays)
    FROM (SELECT artist_id AS id, count(*) AS plays FROM plays
           WHERE gone_seq IS NULL AND same_as IS NULL AND hidden IS NULL GROUP BY artist_id) AS counted
    JOIN artists ON artists.id = counted.id
    JOIN artists AS shown ON shown.id = coalesce(artists.shown_as, artists.id)
    JOIN listeners ON listeners.id = artists.listener_id
   WHERE listeners.name = ?1 AND artists.hidden = 0 AND artists.placeholder = 0
   GROUP BY shown.id";

/// Shown titles of shown artists: the artist's number and name, the title, and its plays.
fn titles(table: &str, of_play: &str) -> String {
    format!(
        "SELECT shown_artists.id, shown_artists.name, shown.title, sum(counted.plays)
           FROM (SELECT {of_play} AS id, count(*) AS plays FROM plays
                  WHERE gone_seq IS NULL AND same_as IS NULL AND hidden IS NULL AND {of_play} NOT NULL
                  GROUP BY {of_play}) AS counted
           JOIN {table} AS titles ON titles.id = counted.id
           JOIN {table} AS shown ON shown.id = coalesce(titles.shown_as, titles.id)
           JOIN artists ON artists.id = titles.artist_id
           JOIN artists AS shown_artists ON shown_artists.id = coalesce(artists.shown_as, artists.id)
           JOIN listeners ON listeners.id = titles.listener_id
          WHERE listeners.name = ?1 AND titles.hidden = 0 AND titles.placeholder = 0
            AND artists.hidden = 0 AND artists.placeholder = 0
          GROUP BY shown_artists.id, shown.id"
    )
}

impl Store {
    /// Artists of a listener, and albums and tracks of one artist each, that are shown as several and look like one;
    /// those with the most plays first. Hidden names and those that only say that there is none are left alone.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn alike(&self, listener: &str) -> Result<Vec<Alike>, StoreError> {
        read(self.connection(), listener).map_err(StoreError::sqlite(self.path()))
    }
}

/// The same as [`Store::alike`], from a database that is only read, whoever may be at work on it.
///
/// # Errors
/// What SQLite says.
pub fn alike_in(database: &Path, listener: &str) -> Result<Vec<Alike>, StoreError> {
    open_for_reading(database).and_then(|connection| read(&connection, listener)).map_err(StoreError::sqlite(database))
}

fn read(database: &Connection, listener: &str) -> rusqlite::Result<Vec<Alike>> {
    let mut found = look(database, listener, ARTISTS, |artist, _| Name::Artist { artist })?;
    let albums = titles("albums", "album_id");
    found.append(&mut look(database, listener, &albums, |artist, title| Name::Album { artist, title })?);
    let tracks = titles("tracks", "track_id");
    found.append(&mut look(database, listener, &tracks, |artist, title| Name::Track { artist, title })?);
    // Artists stay before albums and tracks with as many plays: a stable sort.
    found.sort_by_key(|alike| Reverse(alike.plays()));
    Ok(found)
}

/// Names of one kind that look like one, in the order of the first of them.
fn look(
    database: &Connection,
    listener: &str,
    sql: &str,
    name: impl Fn(String, String) -> Name,
) -> rusqlite::Result<Vec<Alike>> {
    let mut groups: HashMap<(i64, String), Vec<(Name, u64)>> = HashMap::new();
    let mut shown = database.prepare(sql)?;
    let mut rows = shown.query([listener])?;
    while let Some(row) = rows.next()? {
        let name = name(row.get(1)?, row.get(2)?);
        if let Some(looks) = looks(name.title().unwrap_or(name.artist())) {
            let plays = row.get::<_, i64>(3)?.cast_unsigned();
            groups.entry((row.get(0)?, looks)).or_default().push((name, plays));
        }
    }
    let mut found: Vec<Alike> =
        groups.into_values().filter(|names| names.len() > 1).map(|names| Alike { names }).collect();
    for alike in &mut found {
        alike.names.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    }
    found.sort_by(|a, b| a.names.cmp(&b.names));
    Ok(found)
}

/// What names that look like one have in common; `None` for a name of punctuation alone, which looks like nothing else.
fn looks(name: &str) -> Option<String> {
    let folded = identity::folded(name);
    let bare = folded.strip_prefix("the ").or_else(|| folded.strip_suffix(" the")).unwrap_or(&folded);
    (!bare.is_empty()).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_like_one_without_case_accents_punctuation_and_the() {
        for (one, other) in [
            ("Näve", "nave"),
            ("The Tin Lanterns", "Tin Lanterns"),
            ("Tin Lanterns, The", "the tin lanterns"),
            ("O.R.B.", "Orb"),
            ("Hail-Stone", "Hailstone"),
            ("Ｗｉｄｅ", "wide"),
        ] {
            assert_eq!(looks(one), looks(other), "{one} {other}");
        }
    }

    #[test]
    fn other_names_look_otherwise() {
        for (one, other) in [("Theory", "ory"), ("Tin Lanterns", "Tin Lantern"), ("夜明け", "夜"), ("Bathe", "Ba")]
        {
            assert_ne!(looks(one), looks(other), "{one} {other}");
        }
        for punctuation in ["!!!", "+", "", "???", " "] {
            assert_eq!(looks(punctuation), None, "{punctuation:?}");
        }
    }
}
