//! What services said of things, and which things were heard: what enriching needs to know.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreError};
use crate::facts::{AboutThing, Knowledge, ListedThing, Said, Thing, ThingKind, WeightedTag};
use crate::listen::{Account, FIRST_PLAUSIBLE, Service, Span};

/// Something that was heard, under the names that are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardThing {
    /// An artist, an album or a track.
    pub thing: Thing,
    /// A MusicBrainz id that was reported with it.
    pub mbid: Option<String>,
    /// Live plays.
    pub plays: u64,
}

/// The answer that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldThing {
    /// When it was said last, in Unix seconds by the local clock.
    pub told_at: i64,
    /// What it says.
    pub outcome: Knowledge,
}

/// Answers by what they are about, the service's name for the call, and what else was asked.
pub type ToldThings = HashMap<(Thing, String, String), ToldThing>;

/// Names of which nothing can be known are left out, and so are those that the listener hid.
const ARTISTS: &str = "
  SELECT shown.name, '', min(coalesce(shown.artist_mbid, credited.artist_mbid)), sum(n)
    FROM (SELECT artist_id, count(*) AS n FROM plays JOIN listeners ON listeners.id = listener_id
           WHERE listeners.name = ?1 AND gone_seq IS NULL AND same_as IS NULL AND hidden IS NULL GROUP BY artist_id) AS counted
    JOIN artists AS reported ON reported.id = counted.artist_id
    LEFT JOIN artist_credits ON artist_credits.artist_id = coalesce(reported.shown_as, reported.id)
    JOIN artists AS credited ON credited.id = coalesce(artist_credits.credited_id, reported.shown_as, reported.id)
    JOIN artists AS shown ON shown.id = coalesce(credited.shown_as, credited.id)
   WHERE reported.hidden = 0 AND shown.hidden = 0 AND shown.placeholder = 0 AND trim(shown.name) <> ''
   GROUP BY 1";

const ALBUMS: &str = "
  SELECT artist.name, shown.title, min(coalesce(shown.release_mbid, reported.release_mbid)), sum(n)
    FROM (SELECT album_id, count(*) AS n FROM plays JOIN listeners ON listeners.id = listener_id
           WHERE listeners.name = ?1 AND gone_seq IS NULL AND same_as IS NULL AND hidden IS NULL GROUP BY album_id) AS counted
    JOIN albums AS reported ON reported.id = counted.album_id
    JOIN albums AS shown ON shown.id = coalesce(reported.shown_as, reported.id)
    JOIN artists AS spelt ON spelt.id = shown.artist_id
    JOIN artists AS artist ON artist.id = coalesce(spelt.shown_as, spelt.id)
   WHERE shown.hidden = 0 AND shown.placeholder = 0 AND artist.hidden = 0 AND artist.placeholder = 0
     AND trim(shown.title) <> '' AND trim(artist.name) <> ''
   GROUP BY 1, 2";

const TRACKS: &str = "
  SELECT artist.name, shown.title, min(coalesce(shown.recording_mbid, reported.recording_mbid)), sum(n)
    FROM (SELECT track_id, count(*) AS n FROM plays JOIN listeners ON listeners.id = listener_id
           WHERE listeners.name = ?1 AND gone_seq IS NULL AND same_as IS NULL AND hidden IS NULL GROUP BY track_id) AS counted
    JOIN tracks AS reported ON reported.id = counted.track_id
    JOIN tracks AS shown ON shown.id = coalesce(reported.shown_as, reported.id)
    JOIN artists AS spelt ON spelt.id = shown.artist_id
    JOIN artists AS artist ON artist.id = coalesce(spelt.shown_as, spelt.id)
   WHERE shown.hidden = 0 AND shown.placeholder = 0 AND artist.hidden = 0 AND artist.placeholder = 0
     AND trim(shown.title) <> '' AND trim(artist.name) <> ''
   GROUP BY 1, 2";

impl Store {
    /// The artists, albums or tracks that a listener heard, most heard first, then by name.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn heard_things(&self, listener: &str, kind: ThingKind) -> Result<Vec<HeardThing>, StoreError> {
        let sql = match kind {
            ThingKind::Artist => ARTISTS,
            ThingKind::Album => ALBUMS,
            ThingKind::Track => TRACKS,
            ThingKind::Account | ThingKind::Tag | ThingKind::Week => return Ok(Vec::new()),
        };
        let read = |row: &Row<'_>| {
            let thing = Thing::titled(kind, row.get::<_, String>(0)?, row.get::<_, String>(1)?);
            Ok(HeardThing { thing, mbid: row.get(2)?, plays: row.get::<_, i64>(3)?.cast_unsigned() })
        };
        let read =
            || self.connection().prepare(sql)?.query_map([listener], read)?.collect::<rusqlite::Result<Vec<_>>>();
        let mut heard = read().map_err(StoreError::sqlite(self.path()))?;
        heard.sort_by(|a, b| b.plays.cmp(&a.plays).then_with(|| a.thing.cmp(&b.thing)));
        Ok(heard)
    }

    /// The answers of a service that hold.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn told_things(&self, service: Service) -> Result<ToldThings, StoreError> {
        let read = |row: &Row<'_>| {
            let thing = thing(row.get_ref(0)?.as_str()?, row.get(1)?, row.get(2)?);
            let outcome = Knowledge::parse(row.get_ref(6)?.as_str()?).unwrap_or(Knowledge::Unknown);
            Ok(((thing, row.get(3)?, row.get(4)?), ToldThing { told_at: row.get(5)?, outcome }))
        };
        let sql = "SELECT kind, name, title, method, asked, told_at, outcome FROM answers
                     JOIN things ON things.id = thing_id WHERE service = ?1 AND replaced_by IS NULL";
        let read = || {
            self.connection().prepare(sql)?.query_map([service.name()], read)?.collect::<rusqlite::Result<ToldThings>>()
        };
        read().map_err(StoreError::sqlite(self.path()))
    }

    /// What the answer that holds says; nothing, where there is none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn said_of(
        &self,
        service: Service,
        thing: &Thing,
        method: &str,
        asked: &str,
    ) -> Result<Option<Said>, StoreError> {
        let database = self.connection();
        let sql = "SELECT answers.id FROM answers JOIN things ON things.id = thing_id
                    WHERE kind = ?1 AND name = ?2 AND title = ?3 AND service = ?4 AND method = ?5 AND asked = ?6
                      AND replaced_by IS NULL";
        let key = params![thing.kind.name(), thing.name, thing.title, service.name(), method, asked];
        let read = || -> rusqlite::Result<Option<Said>> {
            let id: Option<i64> = database.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()?;
            id.map(|id| said(database, id)).transpose()
        };
        read().map_err(StoreError::sqlite(self.path()))
    }

    /// The tags of all artists, as one method tells them: the artist, the tag and its weight.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn tags_of_artists(&self, service: Service, method: &str) -> Result<Vec<(String, WeightedTag)>, StoreError> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, WeightedTag { tag: row.get(1)?, weight: unsigned(row, 2)? }));
        let sql = "SELECT things.name, tag, weight FROM answers
                     JOIN things ON things.id = thing_id JOIN tags ON answer_id = answers.id
                    WHERE kind = 'artist' AND service = ?1 AND method = ?2 AND outcome = 'known' AND replaced_by IS NULL
                    ORDER BY things.name, position";
        let read = || {
            self.connection()
                .prepare(sql)?
                .query_map([service.name(), method], read)?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(StoreError::sqlite(self.path()))
    }

    /// From the first to the last plausible play that an account told of; nothing, where it told of none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn heard_span(&self, account: &Account) -> Result<Option<Span>, StoreError> {
        let sql = "SELECT min(played_at), max(played_at) + 1 FROM plays
                     JOIN accounts ON accounts.id = account_id JOIN listeners ON listeners.id = plays.listener_id
                    WHERE listeners.name = ?1 AND service = ?2 AND accounts.name = ?3 AND asked = 1
                      AND gone_seq IS NULL AND played_at >= ?4";
        let key = params![account.listener, account.service.name(), account.user, FIRST_PLAUSIBLE];
        let ends = self
            .connection()
            .query_row(sql, key, |row| Ok(row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?)));
        let ends = ends.map_err(StoreError::sqlite(self.path()))?;
        Ok(ends.map(|(from, to)| Span::new(from, to)))
    }
}

/// What an answer says, read back.
pub(crate) fn said(database: &Connection, answer: i64) -> rusqlite::Result<Said> {
    let about = database
        .prepare_cached("SELECT * FROM about WHERE answer_id = ?1")?
        .query_row([answer], read_about)
        .optional()?;
    let tags = database
        .prepare_cached("SELECT tag, weight FROM tags WHERE answer_id = ?1 ORDER BY position")?
        .query_map([answer], |row| Ok(WeightedTag { tag: row.get(0)?, weight: unsigned(row, 1)? }))?
        .collect::<rusqlite::Result<_>>()?;
    let listed = database
        .prepare_cached(
            "SELECT kind, name, title, mbid, likeness, plays, listeners, length_ms, listed_at FROM listed
              WHERE answer_id = ?1 ORDER BY position",
        )?
        .query_map([answer], read_listed)?
        .collect::<rusqlite::Result<_>>()?;
    let pages = database
        .prepare_cached("SELECT pages FROM answers WHERE id = ?1")?
        .query_row([answer], |row| unsigned(row, 0))?;
    Ok(Said { about, tags, listed, pages })
}

fn read_about(row: &Row<'_>) -> rusqlite::Result<AboutThing> {
    Ok(AboutThing {
        name: row.get("name")?,
        title: row.get("title")?,
        mbid: row.get("mbid")?,
        listeners: unsigned(row, "listeners")?,
        plays: unsigned(row, "plays")?,
        length_ms: unsigned(row, "length_ms")?,
        album: row.get("album")?,
        cover: row.get("cover")?,
        url: row.get("url")?,
        summary: row.get("summary")?,
        published_at: row.get("published_at")?,
    })
}

fn read_listed(row: &Row<'_>) -> rusqlite::Result<ListedThing> {
    Ok(ListedThing {
        thing: thing(row.get_ref(0)?.as_str()?, row.get(1)?, row.get(2)?),
        mbid: row.get(3)?,
        likeness: row.get(4)?,
        plays: unsigned(row, 5)?,
        listeners: unsigned(row, 6)?,
        length_ms: unsigned(row, 7)?,
        listed_at: row.get(8)?,
    })
}

/// A thing as the store has it. Kinds are written by the same table by which they are read.
fn thing(kind: &str, name: String, title: String) -> Thing {
    Thing { kind: ThingKind::parse(kind).unwrap_or(ThingKind::Artist), name, title }
}

fn unsigned(row: &Row<'_>, at: impl rusqlite::RowIndex) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(at)?.map(i64::cast_unsigned))
}

/// A count as SQLite keeps it. Counts come from texts that are read as whole numbers of 64 bits with a sign.
pub(crate) fn number(count: Option<u64>) -> Option<i64> {
    count.map(u64::cast_signed)
}
