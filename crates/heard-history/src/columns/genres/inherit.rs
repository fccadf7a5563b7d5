//! Which play inherits which genres: those of its track, else of its album, else of its artist; before all of them those
//! that the listener decided.

use std::collections::HashMap;

use rusqlite::Connection;

use super::ToldBy;
use super::sets::Sets;
use crate::columns::{Column, Columns, ColumnsError};
use crate::genres::{Weighed, mean};
use crate::identity::key;
use crate::store::{Store, StoreError, ThingGenres};

/// A rule: a listener, an artist as the rule names it, and the genres.
type Decided = (String, String, Weighed);

/// The number of each play's set, in the order of the columns' rows, and the sets.
pub(super) fn inherited(
    columns: &Columns,
    store: &Store,
    things: &[ThingGenres],
    decided: &[Decided],
) -> Result<(Vec<u32>, Sets), ColumnsError> {
    let say = StoreError::sqlite(store.path());
    let found = Found::new(things);
    let mut sets = Sets::new();
    let mut number = |told_by, thing: Option<usize>| thing.map_or(0, |it| sets.number(told_by, &things[it].genres));
    let titled = |kind, table| found.titled(store.connection(), kind, table).map_err(&say);
    let tracks: Vec<u32> = titled("track", "tracks")?.into_iter().map(|it| number(ToldBy::Track, it)).collect();
    let albums: Vec<u32> = titled("album", "albums")?.into_iter().map(|it| number(ToldBy::Album, it)).collect();
    let by_name = found.artists(store.connection()).map_err(&say)?;
    let names = columns.dictionary(Column::Artist)?;
    let told: Vec<Option<Weighed>> =
        names.iter().map(|name| by_name.get(name).map(|it| things[*it].genres.clone())).collect();
    let artists = Artists { told, credits: columns.credits().iter().cloned().collect() };
    let rules =
        rules(columns, store.connection(), decided, &artists, &mut sets).map_err(|error| error.or_sqlite(&say))?;
    let codes = (0..names.len()).map(|code| i32::try_from(code).unwrap_or(i32::MAX));
    let artists: Vec<u32> =
        codes.map(|code| artists.of(code, &HashMap::new()).map_or(0, |it| sets.number(ToldBy::Artist, &it))).collect();
    Ok((Inherited { tracks, albums, artists, rules }.of_plays(columns)?, sets))
}

/// Why genres that were decided could not be brought to plays.
enum Failed {
    Columns(ColumnsError),
    Sqlite(rusqlite::Error),
}

impl Failed {
    fn or_sqlite(self, say: impl Fn(rusqlite::Error) -> StoreError) -> ColumnsError {
        match self {
            Self::Columns(error) => error,
            Self::Sqlite(error) => say(error).into(),
        }
    }
}

impl From<ColumnsError> for Failed {
    fn from(error: ColumnsError) -> Self {
        Self::Columns(error)
    }
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// How a thing was found for a name; the first is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// The service was asked by the name that is shown.
    Shown,
    /// It was asked by another spelling that is here.
    Spelling,
    /// It was asked by a spelling that is not here, and that has the same identity.
    Identity,
}

/// Things by the names under which services were asked.
struct Found<'t> {
    exact: HashMap<(&'t str, &'t str, &'t str), usize>,
    by_key: HashMap<(&'t str, String, String), usize>,
}

impl<'t> Found<'t> {
    fn new(things: &'t [ThingGenres]) -> Self {
        let (mut exact, mut by_key) = (HashMap::new(), HashMap::new());
        for (place, ThingGenres { kind, artist, title, .. }) in things.iter().enumerate() {
            exact.insert((kind.as_str(), artist.as_str(), title.as_str()), place);
            by_key.entry((kind.as_str(), key(artist), key(title))).or_insert(place);
        }
        Self { exact, by_key }
    }

    fn has(&self, kind: &str) -> bool {
        self.exact.keys().any(|(known, ..)| *known == kind)
    }

    /// The best thing for a spelling, where one is better than what was found so far.
    fn better(
        &self,
        known: Option<Match>,
        kind: &'t str,
        exact: &[(Match, &str)],
        shown: &str,
        title: &str,
    ) -> Option<(Match, usize)> {
        let mut by_name = exact.iter().filter_map(|(how, artist)| {
            let place = self.exact.get(&(kind, artist, title))?;
            Some((*how, *place))
        });
        let is_better = |found: &(Match, usize)| known.is_none_or(|known| found.0 < known);
        by_name.find(is_better).or_else(|| {
            let place = *self.by_key.get(&(kind, key(shown), key(title))).filter(|_| known.is_none())?;
            Some((Match::Identity, place))
        })
    }

    /// The things of artists, by the names that are shown.
    fn artists(&self, database: &Connection) -> rusqlite::Result<HashMap<String, usize>> {
        let mut best: HashMap<String, (Match, usize)> = HashMap::new();
        let mut spellings = database.prepare(
            "SELECT coalesce(b.name, a.name), a.name FROM artists a LEFT JOIN artists b ON b.id = a.shown_as ORDER BY a.id",
        )?;
        let mut rows = spellings.query([])?;
        while let Some(row) = rows.next()? {
            let (shown, told) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            let known = best.get(shown).map(|(how, _)| *how);
            let exact = [(Match::Shown, shown), (Match::Spelling, told)];
            if let Some(found) = self.better(known, "artist", &exact, shown, "") {
                best.insert(shown.to_owned(), found);
            }
        }
        Ok(best.into_iter().map(|(shown, (_, place))| (shown, place)).collect())
    }

    /// The things of albums or tracks, by the numbers that are shown.
    fn titled(&self, database: &Connection, kind: &'static str, table: &str) -> rusqlite::Result<Vec<Option<usize>>> {
        let mut best: Vec<Option<(Match, usize)>> = Vec::new();
        if !self.has(kind) {
            return Ok(Vec::new());
        }
        let mut spellings = database.prepare(&format!(
            "SELECT coalesce(t.shown_as, t.id), t.shown_as IS NULL, t.title, coalesce(s.name, a.name), a.name FROM {table} t
               JOIN artists a ON a.id = t.artist_id LEFT JOIN artists s ON s.id = a.shown_as ORDER BY t.id"
        ))?;
        let mut rows = spellings.query([])?;
        while let Some(row) = rows.next()? {
            let number: usize = row.get::<_, i64>(0)?.try_into().unwrap_or_default();
            let (title, shown, told) =
                (row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?, row.get_ref(4)?.as_str()?);
            let how = if row.get(1)? { Match::Shown } else { Match::Spelling };
            best.resize(best.len().max(number + 1), None);
            let known = best[number].map(|(how, _)| how);
            let exact = [(how, shown), (Match::Spelling, told)];
            if let Some(found) = self.better(known, kind, &exact, shown, title) {
                best[number] = Some(found);
            }
        }
        Ok(best.into_iter().map(|found| found.map(|(_, place)| place)).collect())
    }
}

/// The genres of artists, by their codes.
struct Artists {
    told: Vec<Option<Weighed>>,
    /// Whom plays of a split name credit.
    credits: HashMap<i32, Vec<i32>>,
}

impl Artists {
    /// An artist's genres: those that were decided, those that tags tell, or of a split name what its artists come to.
    fn of(&self, code: i32, decided: &HashMap<i32, Weighed>) -> Option<Weighed> {
        if let Some(own) = self.of_one(code, decided) {
            return Some(own.clone());
        }
        let credited = self.credits.get(&code)?;
        Some(mean(credited.iter().filter_map(|it| self.of_one(*it, decided)))).filter(|genres| !genres.is_empty())
    }

    fn of_one<'a>(&'a self, code: i32, decided: &'a HashMap<i32, Weighed>) -> Option<&'a Weighed> {
        decided.get(&code).or_else(|| self.told.get(usize::try_from(code).ok()?)?.as_ref())
    }
}

/// The sets that rules give to a listener's artists, by both codes.
fn rules(
    columns: &Columns,
    database: &Connection,
    decided: &[Decided],
    artists: &Artists,
    sets: &mut Sets,
) -> Result<HashMap<(i32, i32), u32>, Failed> {
    let mut found = HashMap::new();
    if decided.is_empty() {
        return Ok(found);
    }
    let listeners = columns.dictionary(Column::Listener)?;
    let names = columns.dictionary(Column::Artist)?;
    let codes: HashMap<&str, i32> = names.iter().zip(0..).collect();
    for (listener, name) in (0..).zip(listeners.iter()) {
        let mut by_code: HashMap<i32, Weighed> = HashMap::new();
        for (_, artist, genres) in decided.iter().filter(|(of, _, genres)| of == name && !genres.is_empty()) {
            let shown = shown_as(database, name, artist)?;
            for code in shown.iter().filter_map(|shown| codes.get(shown.as_str())) {
                by_code.insert(*code, genres.clone());
            }
        }
        // A split name with tags of its own stays with them.
        let without_own = |code: i32| artists.of_one(code, &by_code).is_none();
        let credit_one = artists
            .credits
            .iter()
            .filter(|(code, credited)| without_own(**code) && credited.iter().any(|it| by_code.contains_key(it)));
        let mut concerned: Vec<i32> = by_code.keys().chain(credit_one.map(|(code, _)| code)).copied().collect();
        concerned.sort_unstable();
        for code in concerned {
            let genres = artists.of(code, &by_code).unwrap_or_default();
            found.insert((listener, code), sets.number(ToldBy::Rule, &genres));
        }
    }
    Ok(found)
}

/// The names under which a listener's artist is shown, whom a rule names in some spelling.
fn shown_as(database: &Connection, listener: &str, artist: &str) -> rusqlite::Result<Vec<String>> {
    let wanted = key(artist);
    let mut spellings = database.prepare_cached(
        "SELECT coalesce(b.name, a.name), a.name FROM artists a JOIN listeners ON listeners.id = a.listener_id
           LEFT JOIN artists b ON b.id = a.shown_as WHERE listeners.name = ?1 ORDER BY a.id",
    )?;
    let mut rows = spellings.query([listener])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (shown, told): (String, String) = (row.get(0)?, row.get(1)?);
        if key(&told) == wanted || key(&shown) == wanted {
            found.push(shown);
        }
    }
    found.dedup();
    Ok(found)
}

/// The sets of everything by its numbers; what has none has number 0 or is beyond the end.
struct Inherited {
    tracks: Vec<u32>,
    albums: Vec<u32>,
    artists: Vec<u32>,
    rules: HashMap<(i32, i32), u32>,
}

impl Inherited {
    fn of_plays(&self, columns: &Columns) -> Result<Vec<u32>, ColumnsError> {
        let all = 0..columns.rows();
        let set =
            |sets: &[u32], number: i32| usize::try_from(number).ok().and_then(|it| sets.get(it).copied()).unwrap_or(0);
        let artists = columns.values(Column::Artist, all.clone())?;
        let mut found: Vec<u32> = artists.iter().map(|artist| set(&self.artists, *artist)).collect();
        for (column, sets) in [(Column::AlbumId, &self.albums), (Column::TrackId, &self.tracks)] {
            if sets.iter().all(|set| *set == 0) {
                continue;
            }
            for (found, number) in found.iter_mut().zip(columns.values(column, all.clone())?.iter()) {
                *found = Some(set(sets, *number)).filter(|set| *set != 0).unwrap_or(*found);
            }
        }
        if !self.rules.is_empty() {
            let listeners = columns.values(Column::Listener, all)?;
            for ((found, listener), artist) in found.iter_mut().zip(listeners.iter()).zip(artists.iter()) {
                *found = self.rules.get(&(*listener, *artist)).copied().unwrap_or(*found);
            }
        }
        Ok(found)
    }
}
