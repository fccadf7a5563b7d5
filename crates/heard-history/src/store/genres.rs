//! Tags of services, cleaned: which genres each answer comes to, and which of several answers counts for a thing.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::open::open_for_reading;
use super::{Store, StoreError};
use crate::genres::{Genre, Vocabulary, Weighed, equally, weigh};
use crate::rules::Rule;

/// What a service was asked about, and the genres that it comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct ThingGenres {
    /// `artist`, `album` or `track`.
    pub kind: String,
    /// The artist's name, as the service was asked.
    pub artist: String,
    /// The album's or track's title; empty for an artist.
    pub title: String,
    /// Its genres.
    pub genres: Weighed,
}

/// The calls whose tags count, those before others first: tags with weights, then the few that everything else comes with.
const CALLS: &str = "('artist.getTopTags', 'artist.getInfo', 'album.getTopTags', 'album.getInfo', 'track.getTopTags',
     'track.getInfo')";

impl Store {
    /// Cleans the tags of answers that came since this was last done, and all of them where the vocabulary is another one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn clean_tags(&self) -> Result<(), StoreError> {
        clean(self.connection()).map_err(StoreError::sqlite(self.path()))
    }

    /// A number that rises with every change of what is known of things; 0 where nothing is.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn enriched(&self) -> Result<i64, StoreError> {
        self.connection()
            .query_row("SELECT enriched FROM view_state", [], |row| row.get(0))
            .map_err(StoreError::sqlite(self.path()))
    }

    /// Everything that was asked about and has genres, in the order in which it was first asked about: of each thing the
    /// answer that counts. Those are the answers that hold; tags with weights come before those without, Last.fm before
    /// Libre.fm, and what names no genre does not count.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn genres_of_things(&self) -> Result<Vec<ThingGenres>, StoreError> {
        self.clean_tags()?;
        of_things(self.connection()).map_err(StoreError::sqlite(self.path()))
    }

    /// For each listener the artists whose genres a rule says: the latest rule for an artist counts. Genres that the
    /// vocabulary does not know are left out.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn decided_genres(&self) -> Result<Vec<(String, String, Weighed)>, StoreError> {
        let read = || -> rusqlite::Result<Vec<(String, String)>> {
            self.connection()
                .prepare(
                    "SELECT listeners.name, rule FROM rules JOIN listeners ON listeners.id = listener_id
                      WHERE revoked_seq IS NULL AND rule LIKE '%\"genres\"%' ORDER BY rules.id",
                )?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        let rules = read().map_err(StoreError::sqlite(self.path()))?;
        let decided = |(listener, rule): (String, String)| match serde_json::from_str(&rule) {
            Ok(Rule::Genres { artist, genres }) => {
                Some((listener, artist, equally(Vocabulary::own(), genres.iter().map(String::as_str))))
            }
            _ => None,
        };
        Ok(rules.into_iter().filter_map(decided).collect())
    }
}

fn clean(database: &Connection) -> rusqlite::Result<()> {
    let version = Vocabulary::own().version();
    let cleaned = database
        .query_row("SELECT answer_id FROM tags_cleaned WHERE vocabulary = ?1", [version], |row| row.get::<_, i64>(0))
        .optional()?;
    let newest = "SELECT coalesce(max(answer_id), 0) FROM tags";
    let newest: i64 = database.query_row(newest, [], |row| row.get(0))?;
    if cleaned.unwrap_or_default() >= newest {
        return Ok(());
    }
    let change = Transaction::new_unchecked(database, TransactionBehavior::Immediate)?;
    if cleaned.is_none() {
        change.execute("DELETE FROM answer_genres", [])?;
    }
    clean_after(&change, cleaned.unwrap_or_default())?;
    change.execute("INSERT OR REPLACE INTO tags_cleaned VALUES (1, ?1, ?2)", params![version, newest])?;
    change.commit()
}

/// A thing's names, and the tags of one answer about it.
#[derive(Default)]
struct Told {
    answer: i64,
    artist: String,
    title: String,
    tags: Vec<(String, Option<i64>)>,
}

impl Told {
    fn keep(&self, insert: &mut rusqlite::Statement<'_>) -> rusqlite::Result<()> {
        let own = Vocabulary::own();
        let tags = self.tags.iter().map(|(tag, weight)| (tag.as_str(), *weight));
        for (genre, weight) in weigh(own, tags, &[&self.artist, &self.title]) {
            insert.execute(params![self.answer, own.name_of(genre), f64::from(weight)])?;
        }
        Ok(())
    }
}

fn clean_after(database: &Connection, answer: i64) -> rusqlite::Result<()> {
    let mut insert = database.prepare("INSERT INTO answer_genres VALUES (?1, ?2, ?3)")?;
    let mut found = database.prepare(&format!(
        "SELECT tags.answer_id, things.name, things.title, tag, weight FROM tags
           JOIN answers ON answers.id = answer_id
           JOIN things ON things.id = thing_id
          WHERE tags.answer_id > ?1 AND method IN {CALLS} ORDER BY tags.answer_id, position"
    ))?;
    let mut rows = found.query([answer])?;
    let mut told = Told::default();
    while let Some(row) = rows.next()? {
        let answer = row.get(0)?;
        if answer != told.answer {
            told.keep(&mut insert)?;
            told = Told { answer, artist: row.get(1)?, title: row.get(2)?, tags: Vec::new() };
        }
        told.tags.push((row.get(3)?, row.get(4)?));
    }
    told.keep(&mut insert)
}

pub(super) fn of_things(database: &Connection) -> rusqlite::Result<Vec<ThingGenres>> {
    let own = Vocabulary::own();
    let by_name: HashMap<&str, Genre> = own.iter().map(|genre| (own.name_of(genre), genre)).collect();
    let mut found = database.prepare(
        "SELECT thing_id, answer_id, kind, name, title, genre, answer_genres.weight
           FROM answers JOIN things ON things.id = thing_id JOIN answer_genres ON answer_id = answers.id
          WHERE replaced_by IS NULL AND outcome = 'known' AND method GLOB kind || '.*'
          ORDER BY thing_id, method DESC, service, asked, answer_id",
    )?;
    let mut rows = found.query([])?;
    let mut things: Vec<ThingGenres> = Vec::new();
    // The thing and the answer that counts for it.
    let mut counts = (0, 0);
    while let Some(row) = rows.next()? {
        let (thing, answer): (i64, i64) = (row.get(0)?, row.get(1)?);
        if thing != counts.0 {
            counts = (thing, answer);
            let [kind, artist, title] = [row.get(2)?, row.get(3)?, row.get(4)?];
            things.push(ThingGenres { kind, artist, title, genres: Vec::new() });
        }
        if let Some(thing) = things.last_mut().filter(|_| counts == (thing, answer))
            && let Some(genre) = by_name.get(row.get_ref(5)?.as_str()?)
        {
            #[expect(clippy::cast_possible_truncation, reason = "it was an f32 when it was kept")]
            thing.genres.push((*genre, row.get::<_, f64>(6)? as f32));
        }
    }
    for thing in &mut things {
        thing.genres.sort_unstable_by_key(|(genre, _)| *genre);
    }
    Ok(things)
}

/// What a service told of an artist, or of an album or a track of it, in tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedAnswer {
    /// `artist`, `album` or `track`.
    pub kind: String,
    /// The artist's name, as the service was asked.
    pub artist: String,
    /// The album's or track's title; empty for an artist.
    pub title: String,
    /// The service.
    pub service: String,
    /// The service's name for the call.
    pub method: String,
    /// When it was said last, in Unix seconds.
    pub told_at: i64,
    /// Whether it is the answer that counts for the thing.
    pub counts: bool,
    /// The tags, as they were told, with their weights.
    pub tags: Vec<(String, Option<i64>)>,
}

/// Every answer that holds and names tags of one of a listener's artists: first about the artist, then about its albums
/// and tracks, the one that counts before others. The artist is known by the name that is shown; services may have been
/// asked by any spelling of it that is here.
///
/// # Errors
/// What SQLite says.
pub fn tags_of_artist(database: &Path, listener: &str, artist: &str) -> Result<Vec<TaggedAnswer>, StoreError> {
    open_for_reading(database)
        .and_then(|connection| tagged(&connection, listener, artist))
        .map_err(StoreError::sqlite(database))
}

fn tagged(database: &Connection, listener: &str, artist: &str) -> rusqlite::Result<Vec<TaggedAnswer>> {
    let mut found = database.prepare(&format!(
        "SELECT thing_id, answers.id, kind, name, title, service, method, told_at,
                EXISTS (SELECT 1 FROM answer_genres WHERE answer_id = answers.id), tag, weight
           FROM things JOIN answers ON thing_id = things.id JOIN tags ON tags.answer_id = answers.id
          WHERE replaced_by IS NULL AND outcome = 'known' AND method IN {CALLS} AND method GLOB kind || '.*'
            AND (name = ?2 OR name IN (
              SELECT spelling.name FROM artists spelling
                JOIN artists shown ON shown.id = coalesce(spelling.shown_as, spelling.id)
                JOIN listeners ON listeners.id = spelling.listener_id
               WHERE listeners.name = ?1 AND shown.name = ?2))
          ORDER BY kind <> 'artist', kind, thing_id, method DESC, service, asked, answers.id, position"
    ))?;
    let mut rows = found.query([listener, artist])?;
    let mut answers: Vec<TaggedAnswer> = Vec::new();
    let (mut here, mut counted) = ((0, 0), 0);
    while let Some(row) = rows.next()? {
        let (thing, answer): (i64, i64) = (row.get(0)?, row.get(1)?);
        if here != (thing, answer) {
            here = (thing, answer);
            let counts = row.get(8)? && counted != thing;
            counted = if counts { thing } else { counted };
            let [kind, artist, title] = [row.get(2)?, row.get(3)?, row.get(4)?];
            let (service, method, told_at) = (row.get(5)?, row.get(6)?, row.get(7)?);
            answers.push(TaggedAnswer { kind, artist, title, service, method, told_at, counts, tags: Vec::new() });
        }
        if let Some(answer) = answers.last_mut() {
            answer.tags.push((row.get(9)?, row.get(10)?));
        }
    }
    Ok(answers)
}
