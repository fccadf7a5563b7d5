//! Names and their numbers: every artist, album and track once, as reported.
//!
//! While answers are read, the catalogue hands out numbers and remembers which names are new; the writer keeps those
//! in the same transaction as the plays that use them. Names that an earlier session kept are looked up as they come.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::StoreError;
use super::register::Names;
use crate::facts::Play;

/// A name that is new, or that has its MusicBrainz id only now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) id: u32,
    pub(crate) listener: u32,
    /// The artist's number; for artists and listeners it means nothing.
    pub(crate) artist: u32,
    pub(crate) name: Box<str>,
    pub(crate) mbid: Option<Box<str>>,
    pub(crate) new: bool,
}

/// What kind of name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Listener,
    Artist,
    Album,
    Track,
    /// A source's own name of a track.
    Uri,
}

impl Kind {
    fn lookup(self) -> &'static str {
        match self {
            Self::Listener => "SELECT id, '' FROM listeners WHERE ?1 = ?2 AND name = ?3",
            Self::Uri => "SELECT id, '' FROM uris WHERE listener_id = ?1 AND ?1 = ?2 AND uri = ?3",
            Self::Artist => "SELECT id, artist_mbid FROM artists WHERE listener_id = ?1 AND ?1 = ?2 AND name = ?3",
            Self::Album => {
                "SELECT id, release_mbid FROM albums WHERE listener_id = ?1 AND artist_id = ?2 AND title = ?3"
            }
            Self::Track => {
                "SELECT id, recording_mbid FROM tracks WHERE listener_id = ?1 AND artist_id = ?2 AND title = ?3"
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    id: u32,
    has_mbid: bool,
}

/// Names by their fingerprints. A million plays ask four million times for a number, and what is asked shall lie in the
/// processor's own cache: 24 bytes a name, wherever its letters are.
#[derive(Debug, Default)]
struct Table {
    slots: HashMap<[u64; 2], Slot, foldhash::fast::RandomState>,
    last: u32,
}

/// Makes fingerprints: two hashes with seeds that nobody knows before, 128 bits together. That any two of a hundred
/// million names have the same is less likely than that a disk returns another byte unnoticed (2⁻⁷⁵).
#[derive(Debug, Default)]
struct Fingerprints {
    seeded: [foldhash::quality::RandomState; 2],
    /// The names of a play side by side: both hashes go over them at once instead of name by name.
    together: Vec<u8>,
}

impl Fingerprints {
    /// Of a name under what it belongs to: a title under its artist, an artist under its listener, a listener under 0.
    fn of(&self, parent: u32, name: &str) -> [u64; 2] {
        self.seeded.each_ref().map(|seeded| seeded.hash_one((parent, name)))
    }

    /// Of all names of a play, and their MusicBrainz ids, of which each may be news.
    fn of_play(&mut self, listener: u32, play: &Play<'_>) -> [u64; 2] {
        self.together.clear();
        for name in [&*play.artist, &*play.track] {
            self.add(Some(name));
        }
        self.add(play.album.as_deref());
        self.add(play.sounding.uri.as_deref());
        for id in [&play.artist_mbid, &play.recording_mbid, &play.release_mbid] {
            self.add(id.as_deref());
        }
        self.seeded.each_ref().map(|seeded| seeded.hash_one((listener, &*self.together)))
    }

    /// Each name stands behind its length, so that no two rows of names look alike; what is missing has a length that no
    /// name has.
    fn add(&mut self, name: Option<&str>) {
        self.together.extend_from_slice(&name.map_or(usize::MAX, str::len).to_le_bytes());
        self.together.extend_from_slice(name.unwrap_or_default().as_bytes());
    }
}

/// The numbers of everything that a play is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Called {
    pub(crate) names: Names,
    /// The source's own name of the track; 0 for none.
    pub(crate) uri: u32,
}

/// All names, with their numbers.
#[derive(Debug)]
pub(crate) struct Catalogue {
    kept: Option<Connection>,
    tables: [Table; 5],
    /// What was asked before, all names of a play together: most plays are of tracks that were heard before, and ask
    /// once instead of four times.
    asked: HashMap<[u64; 2], Called, foldhash::fast::RandomState>,
    fingerprints: Fingerprints,
    fresh: Vec<Entry>,
}

impl Catalogue {
    /// A catalogue over what the database holds. A database without names is never asked.
    pub(crate) fn open(database: &Path) -> Result<Self, StoreError> {
        let say = StoreError::sqlite(database);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let kept = Connection::open_with_flags(database, flags).map_err(&say)?;
        let last = |table: &str| {
            kept.query_row(&format!("SELECT coalesce(max(id), 0) FROM {table}"), [], |row| row.get(0))
                .map(|last| Table { slots: HashMap::default(), last })
                .map_err(&say)
        };
        let tables = [last("listeners")?, last("artists")?, last("albums")?, last("tracks")?, last("uris")?];
        let kept = (tables[0].last > 0).then_some(kept);
        Ok(Self { kept, tables, ..Self::empty() })
    }

    /// A catalogue of nothing.
    pub(crate) fn empty() -> Self {
        Self {
            kept: None,
            tables: Default::default(),
            asked: HashMap::default(),
            fingerprints: Fingerprints::default(),
            fresh: Vec::new(),
        }
    }

    /// The number of a listener.
    pub(crate) fn listener(&mut self, name: &str) -> rusqlite::Result<u32> {
        self.number(Kind::Listener, 0, 0, name, None)
    }

    /// The numbers of what a play is called.
    pub(crate) fn called(&mut self, listener: u32, play: &Play<'_>) -> rusqlite::Result<Called> {
        let key = self.fingerprints.of_play(listener, play);
        if let Some(called) = self.asked.get(&key) {
            return Ok(*called);
        }
        let artist = self.number(Kind::Artist, listener, listener, &play.artist, play.artist_mbid.as_deref())?;
        let track = self.number(Kind::Track, listener, artist, &play.track, play.recording_mbid.as_deref())?;
        let album = match &play.album {
            Some(title) => self.number(Kind::Album, listener, artist, title, play.release_mbid.as_deref())?,
            None => 0,
        };
        let uri = match &play.sounding.uri {
            Some(uri) => self.number(Kind::Uri, listener, listener, uri, None)?,
            None => 0,
        };
        let called = Called { names: Names { artist, album, track }, uri };
        self.asked.insert(key, called);
        Ok(called)
    }

    /// The names that were handed out since the last call and are not kept yet.
    pub(crate) fn take_fresh(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.fresh)
    }

    fn number(
        &mut self,
        kind: Kind,
        listener: u32,
        parent: u32,
        name: &str,
        mbid: Option<&str>,
    ) -> rusqlite::Result<u32> {
        let table = &mut self.tables[kind as usize];
        let entry =
            |id, new| Entry { kind, id, listener, artist: parent, name: name.into(), mbid: mbid.map(Into::into), new };
        let key = self.fingerprints.of(parent, name);
        if let Some(slot) = table.slots.get_mut(&key) {
            if mbid.is_some() && !slot.has_mbid {
                slot.has_mbid = true;
                self.fresh.push(entry(slot.id, false));
            }
            return Ok(slot.id);
        }
        let found = match &self.kept {
            Some(kept) => look_up(kept, kind, listener, parent, name)?,
            None => None,
        };
        let slot = found.unwrap_or_else(|| {
            table.last += 1;
            Slot { id: table.last, has_mbid: mbid.is_some() }
        });
        if found.is_none() || (mbid.is_some() && !slot.has_mbid) {
            self.fresh.push(entry(slot.id, found.is_none()));
        }
        let has_mbid = slot.has_mbid || mbid.is_some();
        table.slots.insert(key, Slot { id: slot.id, has_mbid });
        Ok(slot.id)
    }
}

fn look_up(kept: &Connection, kind: Kind, listener: u32, parent: u32, name: &str) -> rusqlite::Result<Option<Slot>> {
    kept.prepare_cached(kind.lookup())?
        .query_row(params![listener, parent, name], |row| {
            Ok(Slot { id: row.get(0)?, has_mbid: row.get::<_, Option<String>>(1)?.is_some() })
        })
        .optional()
}
