//! Which names plays bear, as reported or as shown, and which of them are near a name that none bears.

use rusqlite::{Connection, params};

use super::{Store, StoreError};
use crate::identity::{self, Likeness};
use crate::rules::Name;

/// How many near names are worth naming.
const NEAREST: usize = 3;

/// Less alike than this, a name is not what somebody meant.
const ALIKE: f32 = 0.3;

/// A name that no play bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is missing: an artist, or an album or track of an artist that is there.
    pub name: Name,
    /// At most three names that are there, the most alike first.
    pub nearest: Vec<String>,
}

impl Store {
    /// What is missing of a name; `None` where a play of the listener bears it: as it is reported, as it is shown, or
    /// because a split name credits it. Names are compared as [`identity::key`] says.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn missing(&self, listener: &str, name: &Name) -> Result<Option<Missing>, StoreError> {
        missing(self.connection(), listener, name).map_err(StoreError::sqlite(self.path()))
    }

    /// How many names of artists that plays bear hold one of these separators and would fall into several.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn count_splittable(&self, listener: &str, separators: &[String]) -> Result<usize, StoreError> {
        let artists = artists(self.connection(), listener).map_err(StoreError::sqlite(self.path()))?;
        Ok(artists.iter().filter(|artist| identity::split_at(&artist.texts[0], separators).len() > 1).count())
    }
}

/// A name in the spellings under which it is known.
struct Borne {
    /// 0 for one that no play bears itself.
    id: u32,
    /// As reported, then as shown.
    texts: [String; 2],
}

impl Borne {
    fn is(&self, key: &str) -> bool {
        self.texts.iter().any(|text| identity::key(text) == key)
    }
}

fn missing(database: &Connection, listener: &str, name: &Name) -> rusqlite::Result<Option<Missing>> {
    let artists = artists(database, listener)?;
    let key = identity::key(name.artist());
    let found: Vec<u32> = artists.iter().filter(|artist| artist.is(&key)).map(|artist| artist.id).collect();
    if found.is_empty() {
        let nearest = nearest(&artists, name.artist(), Likeness::of_artist);
        return Ok(Some(Missing { name: Name::Artist { artist: name.artist().to_owned() }, nearest }));
    }
    let Some(title) = name.title() else { return Ok(None) };
    let titles = titles(database, name, &found)?;
    let key = identity::key(title);
    if titles.iter().any(|title| title.is(&key)) {
        return Ok(None);
    }
    Ok(Some(Missing { name: name.clone(), nearest: nearest(&titles, title, Likeness::of_title) }))
}

fn artists(database: &Connection, listener: &str) -> rusqlite::Result<Vec<Borne>> {
    database
        .prepare(
            "SELECT a.id, a.name, coalesce(b.name, a.name) FROM artists a
               JOIN listeners ON listeners.id = a.listener_id
               LEFT JOIN artists b ON b.id = a.shown_as
              WHERE listeners.name = ?1 AND a.id IN (SELECT artist_id FROM plays WHERE gone_seq IS NULL)
             UNION
             SELECT 0, a.name, coalesce(b.name, a.name) FROM artist_credits
               JOIN artists a ON a.id = credited_id
               JOIN listeners ON listeners.id = a.listener_id
               LEFT JOIN artists b ON b.id = a.shown_as
              WHERE listeners.name = ?1",
        )?
        .query_map([listener], borne)?
        .collect()
}

/// The albums or tracks of some artists.
fn titles(database: &Connection, name: &Name, artists: &[u32]) -> rusqlite::Result<Vec<Borne>> {
    let (table, of_play) = match name {
        Name::Album { .. } => ("albums", "album_id"),
        Name::Artist { .. } | Name::Track { .. } => ("tracks", "track_id"),
    };
    let artists = serde_json::to_string(artists).expect("whole numbers are JSON");
    database
        .prepare(&format!(
            "SELECT a.id, a.title, coalesce(b.title, a.title) FROM {table} a LEFT JOIN {table} b ON b.id = a.shown_as
              WHERE a.artist_id IN (SELECT value FROM json_each(?1))
                AND a.id IN (SELECT {of_play} FROM plays WHERE gone_seq IS NULL AND {of_play} NOT NULL)"
        ))?
        .query_map(params![artists], borne)?
        .collect()
}

fn borne(row: &rusqlite::Row<'_>) -> rusqlite::Result<Borne> {
    Ok(Borne { id: row.get(0)?, texts: [row.get(1)?, row.get(2)?] })
}

fn nearest(names: &[Borne], wanted: &str, likeness: fn(&str) -> Likeness) -> Vec<String> {
    let wanted = likeness(wanted);
    let mut near: Vec<(f32, &str)> = names
        .iter()
        .map(|name| (likeness(&name.texts[0]).to(&wanted), &*name.texts[0]))
        .filter(|(alike, _)| *alike >= ALIKE)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.dedup_by(|a, b| a.1 == b.1);
    near.into_iter().take(NEAREST).map(|(_, name)| name.to_owned()).collect()
}
