//! What services know of things, and what the listener decided about suggestions: read, never written.

use std::path::Path;

use rusqlite::{Connection, Row};

use super::genres::of_things;
use super::kept_rules::read_rules;
use super::known::listeners;
use super::open::open_for_reading;
use super::{KeptRule, StoreError};
use crate::genres::Weighed;
use crate::identity::NameKey;
use crate::rules::Name;

/// What was told besides the listener's own plays. Of every question the answer that holds is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knowledge {
    /// What answers list under a thing, in the order in which they list it.
    pub listed: Vec<Listed>,
    /// What the tags of each thing come to, as [`Store::clean_tags`](super::Store::clean_tags) kept it: of each the answer that counts. What the
    /// listener decided of genres is among the rules.
    pub genres: Vec<(Name, Weighed)>,
    /// How many of the service's listeners know a thing; where several answers tell, the most.
    pub listeners: Vec<(Name, u64)>,
    /// Names that answers about plays do not show: other spellings, names that the listener split, and hidden ones.
    pub not_shown: Vec<Name>,
    /// Spellings that are shown as another: what was reported, and what stands for it.
    pub shown_as: Vec<(Name, Name)>,
    /// What the listener decided, in the order of deciding.
    pub rules: Vec<KeptRule>,
}

/// One row of an answer's list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The thing that was asked about.
    pub under: Name,
    /// What the answer lists.
    pub name: Name,
    /// From 0.
    pub position: u32,
    /// How alike the two are, from 0 to 1, where the service tells.
    pub likeness: Option<f64>,
    /// How many of the service's listeners know it, where the service tells.
    pub listeners: Option<u64>,
    /// Milliseconds, of a track, where the service tells.
    pub length_ms: Option<u64>,
}

impl Knowledge {
    /// Reads what is known; nothing, where there is no database yet.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn read(database: &Path, listener: &str) -> Result<Self, StoreError> {
        if !database.exists() {
            return Ok(Self::default());
        }
        let read = || -> rusqlite::Result<Self> {
            let connection = open_for_reading(database)?;
            Ok(Self {
                listed: listed(&connection)?,
                genres: genres(&connection)?,
                listeners: listeners(&connection, None)?,
                not_shown: not_shown(&connection, listener)?,
                shown_as: shown_as(&connection, listener)?,
                rules: read_rules(&connection, listener)?,
            })
        };
        read().map_err(StoreError::sqlite(database))
    }

    /// Whether a thing of that name was asked about or is listed anywhere, compared as [`crate::identity::key`] says.
    #[must_use]
    pub fn knows(&self, name: &Name) -> bool {
        let wanted = NameKey::of(name);
        let named = self.listed.iter().flat_map(|row| [&row.under, &row.name]);
        named.chain(self.listeners.iter().map(|(name, _)| name)).any(|known| NameKey::of(known) == wanted)
    }
}

/// A name of the three columns that begin at that place.
pub(super) fn name(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Name>> {
    Ok(named(row.get_ref(at)?.as_str()?, row.get(at + 1)?, row.get(at + 2)?))
}

fn named(kind: &str, artist: String, title: String) -> Option<Name> {
    match kind {
        "artist" => Some(Name::Artist { artist }),
        "album" => Some(Name::Album { artist, title }),
        "track" => Some(Name::Track { artist, title }),
        // Tags and accounts are no names of what is heard.
        _ => None,
    }
}

/// Lists of similar ones, of an artist's tracks and albums, and of an album's tracks. The methods are those of Last.fm,
/// which Libre.fm shares (<https://www.last.fm/api>).
fn listed(connection: &Connection) -> rusqlite::Result<Vec<Listed>> {
    let mut statement = connection.prepare(
        "SELECT things.kind, things.name, things.title, listed.kind, listed.name, listed.title, position, likeness,
                listed.listeners, length_ms
           FROM answers JOIN things ON things.id = thing_id JOIN listed ON answer_id = answers.id
          WHERE replaced_by IS NULL AND outcome = 'known'
            AND method IN ('artist.getSimilar', 'artist.getInfo', 'artist.getTopTracks', 'artist.getTopAlbums',
                           'track.getSimilar', 'album.getInfo')
          ORDER BY answers.id, position",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let Some((under, name)) = name(row, 0)?.zip(name(row, 3)?) else { continue };
        found.push(Listed {
            under,
            name,
            position: row.get(6)?,
            likeness: row.get(7)?,
            listeners: count(row, 8)?,
            length_ms: count(row, 9)?,
        });
    }
    Ok(found)
}

/// A number that no service tells below 0; where one does, it tells nothing.
pub(super) fn count(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(at)?.and_then(|number| u64::try_from(number).ok()))
}

fn genres(connection: &Connection) -> rusqlite::Result<Vec<(Name, Weighed)>> {
    let things = of_things(connection)?.into_iter();
    Ok(things.filter_map(|it| Some((named(&it.kind, it.artist, it.title)?, it.genres))).collect())
}

fn not_shown(connection: &Connection, listener: &str) -> rusqlite::Result<Vec<Name>> {
    let mut statement = connection.prepare(
        "SELECT 'artist', a.name, '' FROM artists a JOIN listeners ON listeners.id = a.listener_id
          WHERE listeners.name = ?1 AND (shown_as NOT NULL OR hidden = 1
                OR a.id IN (SELECT artist_id FROM artist_credits))
         UNION ALL
         SELECT 'album', artists.name, a.title FROM albums a JOIN artists ON artists.id = a.artist_id
           JOIN listeners ON listeners.id = a.listener_id
          WHERE listeners.name = ?1 AND (a.shown_as NOT NULL OR a.hidden = 1)
         UNION ALL
         SELECT 'track', artists.name, a.title FROM tracks a JOIN artists ON artists.id = a.artist_id
           JOIN listeners ON listeners.id = a.listener_id
          WHERE listeners.name = ?1 AND (a.shown_as NOT NULL OR a.hidden = 1)",
    )?;
    let mut rows = statement.query([listener])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(name(row, 0)?);
    }
    Ok(found)
}

fn shown_as(connection: &Connection, listener: &str) -> rusqlite::Result<Vec<(Name, Name)>> {
    let titled = |kind: &str, table: &str| {
        format!(
            "SELECT '{kind}', own.name, a.title, coalesce(shown.name, artists.name), b.title
               FROM {table} a JOIN {table} b ON b.id = a.shown_as JOIN artists own ON own.id = a.artist_id
               JOIN artists ON artists.id = b.artist_id LEFT JOIN artists shown ON shown.id = artists.shown_as
               JOIN listeners ON listeners.id = a.listener_id WHERE listeners.name = ?1"
        )
    };
    let mut statement = connection.prepare(&format!(
        "SELECT 'artist', a.name, '', b.name, '' FROM artists a JOIN artists b ON b.id = a.shown_as
           JOIN listeners ON listeners.id = a.listener_id WHERE listeners.name = ?1
         UNION ALL {} UNION ALL {}",
        titled("album", "albums"),
        titled("track", "tracks")
    ))?;
    let mut rows = statement.query([listener])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let shown = named(row.get_ref(0)?.as_str()?, row.get(3)?, row.get(4)?);
        found.extend(name(row, 0)?.zip(shown));
    }
    Ok(found)
}
