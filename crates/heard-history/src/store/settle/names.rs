//! All names of a listener, and which of them are the same.

use std::collections::HashMap;
use std::thread;

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
    aliases: Aliases,
}

impl NameTables {
    pub(super) fn read(database: &Connection, listener: u32) -> rusqlite::Result<Self> {
        let rules = rules(database, listener)?;
        let read = |sql: &str| read_rows(database, listener, sql);
        let mut aliases = Aliases::of_artists(&rules);
        let artists =
            read("SELECT id, name, id, shown_as, placeholder, hidden FROM artists NOT INDEXED WHERE listener_id = ?1")?;
        let artists = grouped(artists, |row| (0, aliases.artist(&row.text)));
        aliases.add_titles(&rules, &artists);
        let titles = |rows, kind| {
            grouped(rows, |row: &NameRow| {
                let artist = artists.group(row.artist);
                (artist, aliases.title(kind, artist, &row.text))
            })
        };
        let albums = read(
            "SELECT id, title, artist_id, shown_as, placeholder, hidden FROM albums NOT INDEXED WHERE listener_id = ?1",
        )?;
        let (albums, tracks) = thread::scope(|scope| {
            let albums = scope.spawn(|| titles(albums, "album"));
            let tracks = read(
                "SELECT id, title, artist_id, shown_as, placeholder, hidden FROM tracks NOT INDEXED
                  WHERE listener_id = ?1",
            )?;
            let tracks = titles(tracks, "track");
            Ok::<_, rusqlite::Error>((albums.join().expect("making keys does not panic"), tracks))
        })?;
        let mut tables = Self { artists, albums, tracks, rules, aliases };
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
            albums: texts(&self.albums),
        }
    }

    /// The group of a name as it is reported or shown, where a name of that group was ever reported.
    pub(super) fn group_of(&self, name: &Name) -> Option<u32> {
        let artist = self.artists.by_key.get(&(0, self.artist_key(name.artist()))).copied()?;
        let titled = |table: &NameTable, title: &str| {
            table.by_key.get(&(artist, self.aliases.title(name.kind(), artist, title))).copied()
        };
        match name {
            Name::Artist { .. } => Some(artist),
            Name::Album { title, .. } => titled(&self.albums, title),
            Name::Track { title, .. } => titled(&self.tracks, title),
        }
    }

    /// The key under which an artist's name counts, after the listener's aliases.
    pub(super) fn artist_key(&self, name: &str) -> Box<str> {
        self.aliases.artist(name)
    }

    /// How an artist's name is shown that nobody ever reported.
    pub(super) fn shown_artist<'a>(&'a self, name: &'a str) -> &'a str {
        let key = self.artist_key(name);
        let is_shown = |rule: &'a Rule| match rule {
            Rule::ShowAs { to: Name::Artist { artist }, .. } => Some(&**artist).filter(|it| identity::key(it) == *key),
            _ => None,
        };
        self.rules.iter().rev().find_map(is_shown).unwrap_or(name)
    }

    /// Lets groups bear the spelling that the latest rule gives them. A spelling that a rule shows as another one is
    /// given to nobody.
    fn choose(&mut self) {
        let mut chosen: Vec<(&'static str, u32, Box<str>)> = Vec::new();
        for rule in &self.rules {
            let Rule::ShowAs { to, .. } = rule else { continue };
            let group = self.group_of(to).filter(|_| self.is_last(to));
            chosen.extend(group.map(|group| (to.kind(), group, to.title().unwrap_or(to.artist()).into())));
        }
        for (kind, group, text) in chosen {
            let table = match kind {
                "artist" => &mut self.artists,
                "album" => &mut self.albums,
                _ => &mut self.tracks,
            };
            table.chosen.insert(group, text);
        }
    }

    /// Whether no alias leads on from a name.
    fn is_last(&self, name: &Name) -> bool {
        let Some(title) = name.title() else { return *identity::key(name.artist()) == *self.artist_key(name.artist()) };
        let artist = self.artists.by_key.get(&(0, self.artist_key(name.artist())));
        artist.is_some_and(|artist| *identity::key(title) == *self.aliases.title(name.kind(), *artist, title))
    }
}

/// In the order in which they lie there: by an index every row would be sought for itself.
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

/// From key to key: what a name is shown as.
type Shown = Map<Box<str>, Box<str>>;

/// What names are shown as by the listener's choice.
#[derive(Debug, Default)]
struct Aliases {
    artists: Shown,
    /// By kind and the artist's group.
    titles: Map<(&'static str, u32), Shown>,
}

impl Aliases {
    fn of_artists(rules: &[Rule]) -> Self {
        let mut aliases = Self::default();
        for rule in rules {
            let Rule::ShowAs { from, to: Name::Artist { artist: to } } = rule else { continue };
            // One kind of name is never shown as another.
            for name in from.iter().filter(|name| name.title().is_none()) {
                aliases.artists.insert(identity::key(name.artist()).into(), identity::key(to).into());
            }
        }
        aliases
    }

    /// A rule names the artist by any of the spellings that count as the same.
    fn add_titles(&mut self, rules: &[Rule], artists: &NameTable) {
        for rule in rules {
            let Rule::ShowAs { from, to } = rule else { continue };
            for name in from.iter().filter(|name| name.kind() == to.kind()) {
                let (Some(title), Some(to)) = (name.title(), to.title()) else { continue };
                let Some(artist) = artists.by_key.get(&(0, self.artist(name.artist()))) else { continue };
                let titles = self.titles.entry((name.kind(), *artist)).or_default();
                titles.insert(identity::key(title).into(), identity::key(to).into());
            }
        }
    }

    fn artist(&self, name: &str) -> Box<str> {
        followed(identity::key(name).into(), &self.artists)
    }

    fn title(&self, kind: &'static str, artist: u32, title: &str) -> Box<str> {
        let begin = identity::key(title).into();
        match self.titles.get(&(kind, artist)) {
            Some(titles) => followed(begin, titles),
            None => begin,
        }
    }
}

/// Follows aliases of aliases; of a ring, every name stays what it is.
fn followed(begin: Box<str>, next: &Shown) -> Box<str> {
    let mut at = &begin;
    for _ in 0..=next.len() {
        match next.get(at) {
            Some(to) if to == at => return to.clone(),
            Some(to) => at = to,
            None => return at.clone(),
        }
    }
    begin
}
