//! All names of a listener, and which of them are the same.

use std::collections::HashMap;

use rusqlite::Connection;

use super::play_rules::rules;
use crate::identity;
use crate::reconcile;
use crate::rules::{Name, Rule};

type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// A row of a table of names.
#[derive(Clone, Debug)]
pub(super) struct NameRow {
    pub(super) id: u32,
    pub(super) text: Box<str>,
    /// The artist's number; for an artist its own.
    pub(super) artist: u32,
    pub(super) shown_as: Option<u32>,
    pub(super) placeholder: bool,
    pub(super) hidden: bool,
}

/// One kind of names, with the group of each: the number of the first name that is the same.
#[derive(Debug, Default)]
pub(super) struct NameTable {
    pub(super) rows: Vec<NameRow>,
    /// By number.
    pub(super) groups: Vec<u32>,
    /// Groups by their artist's group and key.
    pub(super) by_key: Map<(u32, Box<str>), u32>,
    /// The spelling that the listener chose for a group.
    pub(super) chosen: Map<u32, Box<str>>,
}

impl NameTable {
    pub(super) fn group(&self, id: u32) -> u32 {
        self.groups.get(id as usize).copied().unwrap_or(id)
    }
}

/// All names of a listener.
#[derive(Debug)]
pub(super) struct NameTables {
    pub(super) artists: NameTable,
    pub(super) albums: NameTable,
    pub(super) tracks: NameTable,
    pub(super) rules: Vec<Rule>,
}

impl NameTables {
    pub(super) fn read(database: &Connection, listener: u32) -> rusqlite::Result<Self> {
        let rules = rules(database, listener)?;
        let read = |sql: &str| read_rows(database, listener, sql);
        let aliases = Aliases::of(&rules);
        let artists = read("SELECT id, name, id, shown_as, placeholder, hidden FROM artists WHERE listener_id = ?1")?;
        let artists = grouped(artists, |row| (0, aliases.artist(&row.text)));
        let titles = |rows, kind| {
            grouped(rows, |row: &NameRow| {
                let artist = artists.group(row.artist);
                (artist, aliases.title(kind, &artists, artist, &row.text))
            })
        };
        let albums = read("SELECT id, title, artist_id, shown_as, placeholder, hidden FROM albums WHERE listener_id = ?1")?;
        let albums = titles(albums, "album");
        let tracks = read("SELECT id, title, artist_id, shown_as, placeholder, hidden FROM tracks WHERE listener_id = ?1")?;
        let tracks = titles(tracks, "track");
        let mut tables = Self { artists, albums, tracks, rules };
        tables.choose();
        Ok(tables)
    }

    /// The names as comparing reports needs them.
    pub(super) fn for_reconciling(&self) -> reconcile::Names {
        let texts = |table: &NameTable| {
            let mut texts: Vec<Box<str>> = vec![Box::default(); table.groups.len()];
            for row in &table.rows {
                texts[row.id as usize] = row.text.clone();
            }
            texts
        };
        reconcile::Names {
            artist_groups: self.artists.groups.clone(),
            track_groups: self.tracks.groups.clone(),
            artists: texts(&self.artists),
            titles: texts(&self.tracks),
        }
    }

    /// The group of a name, where a name of that group was ever reported.
    pub(super) fn group_of(&self, name: &Name) -> Option<u32> {
        let artist = self.artists.by_key.get(&(0, identity::key(name.artist()).into())).copied()?;
        match name {
            Name::Artist { .. } => Some(artist),
            Name::Album { title, .. } => self.albums.by_key.get(&(artist, identity::key(title).into())).copied(),
            Name::Track { title, .. } => self.tracks.by_key.get(&(artist, identity::key(title).into())).copied(),
        }
    }

    fn choose(&mut self) {
        for rule in self.rules.clone() {
            let Rule::ShowAs { to, .. } = rule else { continue };
            let Some(group) = self.group_of(&to) else { continue };
            let (table, text) = match &to {
                Name::Artist { artist } => (&mut self.artists, artist),
                Name::Album { title, .. } => (&mut self.albums, title),
                Name::Track { title, .. } => (&mut self.tracks, title),
            };
            table.chosen.insert(group, text.as_str().into());
        }
    }
}

fn read_rows(database: &Connection, listener: u32, sql: &str) -> rusqlite::Result<Vec<NameRow>> {
    database
        .prepare_cached(&format!("{sql} ORDER BY id"))?
        .query_map([listener], |row| {
            Ok(NameRow {
                id: row.get(0)?,
                text: row.get_ref(1)?.as_str()?.into(),
                artist: row.get(2)?,
                shown_as: row.get(3)?,
                placeholder: row.get(4)?,
                hidden: row.get(5)?,
            })
        })?
        .collect()
}

fn grouped(rows: Vec<NameRow>, key: impl Fn(&NameRow) -> (u32, Box<str>)) -> NameTable {
    let last = rows.last().map_or(0, |row| row.id as usize);
    let mut groups: Vec<u32> = (0..).take(last + 1).collect();
    let mut by_key: Map<(u32, Box<str>), u32> = Map::default();
    by_key.reserve(rows.len());
    for row in &rows {
        groups[row.id as usize] = *by_key.entry(key(row)).or_insert(row.id);
    }
    NameTable { rows, groups, by_key, chosen: Map::default() }
}

/// What names are shown as by the listener's choice, by their keys.
#[derive(Default)]
struct Aliases {
    artists: Map<Box<str>, Box<str>>,
    titles: Map<(&'static str, Box<str>, Box<str>), Box<str>>,
}

impl Aliases {
    fn of(rules: &[Rule]) -> Self {
        let mut aliases = Self::default();
        let key = |text: &str| -> Box<str> { identity::key(text).into() };
        for rule in rules {
            let Rule::ShowAs { from, to } = rule else { continue };
            for name in from {
                match (name, to) {
                    (Name::Artist { artist }, Name::Artist { artist: to }) => {
                        aliases.artists.insert(key(artist), key(to));
                    }
                    (Name::Album { artist, title }, Name::Album { title: to, .. })
                    | (Name::Track { artist, title }, Name::Track { title: to, .. }) => {
                        aliases.titles.insert((name.kind(), key(artist), key(title)), key(to));
                    }
                    // One kind of name is never shown as another.
                    _ => {}
                }
            }
        }
        aliases
    }

    fn artist(&self, name: &str) -> Box<str> {
        let begin = identity::key(name).into();
        if self.artists.is_empty() { begin } else { followed(begin, |key| self.artists.get(key)) }
    }

    fn title(&self, kind: &'static str, artists: &NameTable, artist: u32, title: &str) -> Box<str> {
        let begin = identity::key(title).into();
        if self.titles.is_empty() {
            return begin;
        }
        // A rule may name the artist by any of the spellings of its group.
        let of_group = |(of, key): &(u32, Box<str>)| *of == 0 && artists.by_key.get(&(0, key.clone())) == Some(&artist);
        let keys: Vec<&Box<str>> = artists.by_key.keys().filter(|key| of_group(key)).map(|(_, key)| key).collect();
        followed(begin, |title| {
            keys.iter().find_map(|artist| self.titles.get(&(kind, (*artist).clone(), title.clone())))
        })
    }
}

/// Follows aliases of aliases; a ring ends where it began.
fn followed<'a>(begin: Box<str>, next: impl Fn(&Box<str>) -> Option<&'a Box<str>>) -> Box<str> {
    let mut at = begin;
    for _ in 0..16 {
        match next(&at) {
            Some(to) if *to != at => at = to.clone(),
            _ => break,
        }
    }
    at
}
