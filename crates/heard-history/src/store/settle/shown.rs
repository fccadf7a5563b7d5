//! Which spelling stands for a name, which names are placeholders or hidden, and whom split names credit.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::names::{NameRow, NameTable, NameTables};
use crate::identity;
use crate::rules::{Name, Rule};
use crate::store::register::Names;

/// Where a kind of names lies.
struct Place {
    table: &'static str,
    text: &'static str,
    insert: &'static str,
}

const ARTISTS: Place =
    Place { table: "artists", text: "name", insert: "INSERT INTO artists (listener_id, name) VALUES (?1, ?3)" };
const ALBUMS: Place = Place {
    table: "albums",
    text: "title",
    insert: "INSERT INTO albums (listener_id, artist_id, title) VALUES (?1, ?2, ?3)",
};
const TRACKS: Place = Place {
    table: "tracks",
    text: "title",
    insert: "INSERT INTO tracks (listener_id, artist_id, title) VALUES (?1, ?2, ?3)",
};

/// Whether any spelling stands for another one, so that its place may change with every play.
pub(super) fn anything_is_joined(database: &Connection, listener: u32) -> rusqlite::Result<bool> {
    database.query_row(
        "SELECT EXISTS (SELECT 1 FROM artists WHERE shown_as NOT NULL AND listener_id = ?1)
             OR EXISTS (SELECT 1 FROM albums  WHERE shown_as NOT NULL AND listener_id = ?1)
             OR EXISTS (SELECT 1 FROM tracks  WHERE shown_as NOT NULL AND listener_id = ?1)",
        [listener],
        |row| row.get(0),
    )
}

/// `plays` are all plays of the listener, where they are at hand; otherwise they are read.
pub(super) fn decide(
    database: &Connection,
    listener: u32,
    names: &NameTables,
    plays: Option<impl Iterator<Item = Names>>,
) -> rusqlite::Result<()> {
    let hidden = hidden(names);
    let counts = match plays {
        Some(plays) => Counts::of(plays, names),
        None => Counts::read(database, listener, names)?,
    };
    let deciding = Deciding { database, listener };
    let shown = deciding.table(&ARTISTS, &names.artists, &hidden.artists, &counts.artists)?;
    deciding.table(&ALBUMS, &names.albums, &hidden.albums, &counts.albums)?;
    deciding.table(&TRACKS, &names.tracks, &hidden.tracks, &counts.tracks)?;
    deciding.credits(names, &shown, &hidden.artists)
}

#[derive(Default)]
struct Hidden {
    artists: Vec<u32>,
    albums: Vec<u32>,
    tracks: Vec<u32>,
}

fn hidden(names: &NameTables) -> Hidden {
    let mut hidden = Hidden::default();
    for rule in &names.rules {
        let Rule::Hide { name } = rule else { continue };
        let groups = match name {
            Name::Artist { .. } => &mut hidden.artists,
            Name::Album { .. } => &mut hidden.albums,
            Name::Track { .. } => &mut hidden.tracks,
        };
        groups.extend(names.group_of(name));
    }
    hidden
}

/// Plays by the numbers of their reported names.
#[derive(Default)]
struct Counts {
    artists: Vec<u64>,
    albums: Vec<u64>,
    tracks: Vec<u64>,
}

impl Counts {
    fn none(names: &NameTables) -> Self {
        let zeros = |table: &NameTable| vec![0; table.groups.len()];
        Self { artists: zeros(&names.artists), albums: zeros(&names.albums), tracks: zeros(&names.tracks) }
    }

    fn of(plays: impl Iterator<Item = Names>, names: &NameTables) -> Self {
        let mut counts = Self::none(names);
        plays.for_each(|play| counts.add(play));
        counts
    }

    /// One look at every play, and none where every name has but one spelling. (Grouped by SQLite, a million plays would
    /// be sorted three times.)
    fn read(database: &Connection, listener: u32, names: &NameTables) -> rusqlite::Result<Self> {
        let tables = [&names.artists, &names.albums, &names.tracks];
        if tables.iter().all(|table| groups_of_several(table).is_empty()) {
            return Ok(Self::default());
        }
        let mut counts = Self::none(names);
        let mut plays = database.prepare(
            "SELECT artist_id, coalesce(album_id, 0), track_id FROM plays
              WHERE listener_id = ?1 AND gone_seq IS NULL AND same_as IS NULL",
        )?;
        let mut rows = plays.query([listener])?;
        while let Some(row) = rows.next()? {
            counts.add(Names { artist: row.get(0)?, album: row.get(1)?, track: row.get(2)? });
        }
        Ok(counts)
    }

    fn add(&mut self, play: Names) {
        let Names { artist, album, track } = play;
        for (counts, id) in [(&mut self.artists, artist), (&mut self.albums, album), (&mut self.tracks, track)] {
            if let Some(count) = counts.get_mut(id as usize) {
                *count += 1;
            }
        }
    }
}

struct Deciding<'c> {
    database: &'c Connection,
    listener: u32,
}

impl Deciding<'_> {
    /// Decides one kind of names. Returns the name that stands for each group of several.
    fn table(
        &self,
        place: &Place,
        names: &NameTable,
        hidden: &[u32],
        counts: &[u64],
    ) -> rusqlite::Result<HashMap<u32, u32>> {
        let members = groups_of_several(names);
        let mut shown = HashMap::new();
        for (group, rows) in &members {
            let best = match names.chosen.get(group) {
                Some(text) => self.number_of(place, rows[0].artist, text)?,
                None => most_frequent(rows, counts),
            };
            shown.insert(*group, best);
        }
        let mut update = self.database.prepare(&format!(
            "UPDATE {} SET shown_as = ?2, placeholder = ?3, hidden = ?4 WHERE id = ?1",
            place.table
        ))?;
        for row in &names.rows {
            let group = names.group(row.id);
            let shown_as = shown.get(&group).copied().filter(|best| *best != row.id);
            let now = (shown_as, identity::is_placeholder(&row.text), hidden.contains(&group));
            if now != (row.shown_as, row.placeholder, row.hidden) {
                update.execute(params![row.id, now.0, now.1, now.2])?;
            }
        }
        Ok(shown)
    }

    /// The number of a name, which may be one that nobody ever reported.
    fn number_of(&self, place: &Place, artist: u32, text: &str) -> rusqlite::Result<u32> {
        let is_title = place.text == "title";
        let by_artist = if is_title { "AND artist_id = ?2" } else { "AND ?2 = ?2" };
        let found = self
            .database
            .prepare(&format!(
                "SELECT id FROM {} WHERE listener_id = ?1 {by_artist} AND {} = ?3",
                place.table, place.text
            ))?
            .query_row(params![self.listener, artist, text], |row| row.get(0))
            .optional()?;
        if let Some(id) = found {
            return Ok(id);
        }
        let artist = is_title.then_some(artist);
        self.database.execute(place.insert, params![self.listener, artist, text])?;
        Ok(u32::try_from(self.database.last_insert_rowid()).unwrap_or_default())
    }

    /// Whom the plays of split names count for. Nobody whom the listener hid is among them.
    fn credits(&self, names: &NameTables, shown: &HashMap<u32, u32>, hidden: &[u32]) -> rusqlite::Result<()> {
        let hidden_keys = hidden_artists(names);
        let splitting = Splitting::of(names);
        let mut wanted: Vec<(u32, u32, u32)> = Vec::new();
        for row in &names.artists.rows {
            let Some(parts) = splitting.artists(&row.text) else { continue };
            let mut position = 0;
            for part in parts {
                let credited = match names.group_of(&Name::Artist { artist: part.clone() }) {
                    Some(group) if hidden.contains(&group) => continue,
                    Some(group) => shown.get(&group).copied().unwrap_or(group),
                    None if hidden_keys.contains(&names.artist_key(&part)) => continue,
                    None => self.number_of(&ARTISTS, 0, names.shown_artist(&part))?,
                };
                wanted.push((row.id, position, credited));
                position += 1;
            }
        }
        let kept: Vec<(u32, u32, u32)> = self
            .database
            .prepare(
                "SELECT artist_id, position, credited_id FROM artist_credits
                   JOIN artists ON artists.id = artist_id WHERE listener_id = ?1 ORDER BY 1, 2",
            )?
            .query_map([self.listener], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        if kept == wanted {
            return Ok(());
        }
        self.database.execute(
            "DELETE FROM artist_credits WHERE artist_id IN (SELECT id FROM artists WHERE listener_id = ?1)",
            [self.listener],
        )?;
        let mut insert = self.database.prepare("INSERT OR IGNORE INTO artist_credits VALUES (?1, ?2, ?3)")?;
        for (artist, position, credited) in wanted {
            insert.execute(params![artist, position, credited])?;
        }
        Ok(())
    }
}

/// Groups of which more than one name is known, or for which the listener chose a spelling.
fn groups_of_several(names: &NameTable) -> HashMap<u32, Vec<&NameRow>> {
    let mut groups: HashMap<u32, Vec<&NameRow>> = HashMap::new();
    for row in &names.rows {
        let group = names.group(row.id);
        if group != row.id || names.chosen.contains_key(&group) {
            groups.entry(group).or_default().push(row);
        }
    }
    for row in &names.rows {
        let is_first = names.group(row.id) == row.id && !names.chosen.contains_key(&row.id);
        if is_first && let Some(others) = groups.get_mut(&row.id) {
            others.push(row);
        }
    }
    groups
}

/// The spelling with the most plays; of equal ones the first in code-point order.
fn most_frequent(rows: &[&NameRow], counts: &[u64]) -> u32 {
    let count = |row: &NameRow| counts.get(row.id as usize).copied().unwrap_or_default();
    rows.iter()
        .max_by(|a, b| count(a).cmp(&count(b)).then_with(|| b.text.cmp(&a.text)).then_with(|| b.id.cmp(&a.id)))
        .map_or(0, |row| row.id)
}

/// Keys of hidden artists, also of those whom only a split name credits.
fn hidden_artists(names: &NameTables) -> Vec<Box<str>> {
    let key = |rule: &Rule| match rule {
        Rule::Hide { name: Name::Artist { artist } } => Some(names.artist_key(artist)),
        _ => None,
    };
    names.rules.iter().filter_map(key).collect()
}

/// Which names the listener split, and how. Later rules outrank earlier ones, and what names an artist outranks what
/// names a separator. By keys, because a part need not be a name that was ever reported.
struct Splitting<'a> {
    names: &'a NameTables,
    named: HashMap<Box<str>, &'a [String]>,
    /// Separators, and the names that stay whole; the latest first.
    at: Vec<(&'a [String], Vec<Box<str>>)>,
}

impl<'a> Splitting<'a> {
    fn of(names: &'a NameTables) -> Self {
        let mut splitting = Self { names, named: HashMap::new(), at: Vec::new() };
        let key = |artist: &String| names.artist_key(artist);
        for rule in &names.rules {
            match rule {
                Rule::Split { artist, into } => drop(splitting.named.insert(key(artist), into)),
                Rule::SplitAt { separators, except } => {
                    splitting.at.push((separators, except.iter().map(key).collect()));
                }
                _ => {}
            }
        }
        splitting.at.reverse();
        splitting
    }

    fn is_nothing(&self) -> bool {
        self.named.is_empty() && self.at.is_empty()
    }

    /// The artists for whom a name stands, where the listener split it; a part may be a split name, too.
    fn artists(&self, name: &str) -> Option<Vec<String>> {
        if self.is_nothing() {
            return None;
        }
        let key = self.names.artist_key(name);
        let parts = self.parts(name, &key)?;
        let (mut artists, mut on_the_way) = (Vec::new(), vec![key]);
        parts.into_iter().for_each(|part| self.expand(part, &mut on_the_way, &mut artists));
        Some(artists)
    }

    /// Adds the artists of a part. What stands on the way to it stays whole, so that a ring has an end.
    fn expand(&self, part: String, on_the_way: &mut Vec<Box<str>>, artists: &mut Vec<String>) {
        let key = self.names.artist_key(&part);
        let parts = if on_the_way.contains(&key) { None } else { self.parts(&part, &key) };
        match parts {
            Some(parts) => {
                on_the_way.push(key);
                parts.into_iter().for_each(|part| self.expand(part, on_the_way, artists));
                on_the_way.pop();
            }
            None => artists.push(part),
        }
    }

    fn parts(&self, name: &str, key: &str) -> Option<Vec<String>> {
        if let Some(parts) = self.named.get(key) {
            return Some(parts.to_vec());
        }
        self.at.iter().filter(|(_, whole)| whole.iter().all(|it| **it != *key)).find_map(|(separators, whole)| {
            let parts = identity::split_around(name, separators, |part| whole.contains(&self.names.artist_key(part)));
            (parts.len() > 1).then_some(parts)
        })
    }
}
