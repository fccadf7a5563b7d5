//! Names as they are shown, as codes of dictionaries.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, PrimitiveArray};
use arrow_buffer::NullBuffer;
use arrow_schema::ArrowError;
use rusqlite::Connection;

use super::live::FurtherWitness;
use crate::reconcile::Witness;
use crate::store::{Store, StoreError};

/// The catalogue's numbers as codes of dictionaries: the same text has one code, whoever's it is. Names are those that
/// are shown.
pub(crate) struct Names {
    pub(super) listeners: Codes,
    pub(super) accounts: Codes,
    pub(super) artists: Codes,
    pub(super) albums: Codes,
    pub(super) tracks: Codes,
    pub(super) shown_albums: Vec<u32>,
    pub(super) shown_tracks: Vec<u32>,
    hidden: [Vec<bool>; 3],
    /// For each split name, whom its plays credit, by codes.
    pub(super) credits: Vec<(i32, Vec<i32>)>,
    /// Codes of artists, numbers of albums and tracks that rankings leave out.
    pub(super) placeholders: [Vec<i32>; 3],
}

impl Names {
    pub(crate) fn read(store: &Store) -> Result<Self, StoreError> {
        let database = store.connection();
        let read = || -> rusqlite::Result<Self> {
            let codes = |sql: &str| Codes::read(database, sql);
            let shown =
                |table: &str| numbers_by_id(database, &format!("SELECT id, coalesce(shown_as, id) FROM {table}"));
            let hidden = |table: &str| -> rusqlite::Result<Vec<bool>> {
                let flags = numbers_by_id(database, &format!("SELECT id, hidden FROM {table} WHERE hidden = 1"))?;
                Ok(flags.into_iter().map(|flag| flag == 1).collect())
            };
            let name = |table: &str, text: &str| {
                codes(&format!(
                    "SELECT a.id, coalesce(b.{text}, a.{text}) FROM {table} a LEFT JOIN {table} b ON b.id = a.shown_as
                      ORDER BY a.id"
                ))
            };
            let artists = name("artists", "name")?;
            let credits = read_credits(database, &artists)?;
            let placeholders = read_placeholders(database, &artists)?;
            Ok(Self {
                listeners: codes("SELECT id, name FROM listeners ORDER BY id")?,
                accounts: codes(
                    "SELECT id, CASE name WHEN '' THEN service ELSE service || '/' || name END FROM accounts ORDER BY id",
                )?,
                albums: name("albums", "title")?,
                tracks: name("tracks", "title")?,
                shown_albums: shown("albums")?,
                shown_tracks: shown("tracks")?,
                hidden: [hidden("artists")?, hidden("albums")?, hidden("tracks")?],
                artists,
                credits,
                placeholders,
            })
        };
        read().map_err(StoreError::sqlite(store.path()))
    }

    pub(super) fn is_hidden(&self, play: &Witness) -> bool {
        let [artists, albums, tracks] = &self.hidden;
        let is = |flags: &[bool], id: u32| flags.get(id as usize) == Some(&true);
        is(artists, play.artist) || is(albums, play.album) || is(tracks, play.track)
    }

    /// Lets plays know what their further witnesses tell: the time played, where the play's own report does not tell it,
    /// and who told.
    pub(super) fn hear(&mut self, plays: &mut [Witness], further: &[FurtherWitness]) {
        let mut accounts: HashMap<usize, (Vec<u32>, bool), foldhash::fast::RandomState> = HashMap::default();
        for witness in further {
            let Some(play) = plays.get_mut(witness.play) else { continue };
            let (told, unknown) =
                accounts.entry(witness.play).or_insert_with(|| (vec![play.account], play.ms_played < 0));
            if !told.contains(&witness.account) {
                told.push(witness.account);
            }
            if *unknown {
                play.ms_played = play.ms_played.max(witness.ms_played);
            }
        }
        for (play, (told, _)) in accounts {
            let mut texts: Vec<Arc<str>> = told.iter().map(|account| self.accounts.text(*account as usize)).collect();
            texts.sort_unstable();
            texts.dedup();
            plays[play].account = self.accounts.add(&texts.join(" "));
        }
    }
}

fn numbers_by_id(database: &Connection, sql: &str) -> rusqlite::Result<Vec<u32>> {
    let mut numbers = Vec::new();
    let mut statement = database.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = usize::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
        numbers.resize(numbers.len().max(id + 1), 0);
        numbers[id] = row.get(1)?;
    }
    Ok(numbers)
}

fn read_placeholders(database: &Connection, artists: &Codes) -> rusqlite::Result<[Vec<i32>; 3]> {
    let numbers =
        |sql: &str| -> rusqlite::Result<Vec<i32>> { database.prepare(sql)?.query_map([], |row| row.get(0))?.collect() };
    let titles = |table: &str| {
        numbers(&format!(
            "SELECT DISTINCT coalesce({table}.shown_as, {table}.id) FROM {table}
               JOIN artists ON artists.id = artist_id
              WHERE {table}.placeholder = 1 OR artists.placeholder = 1 ORDER BY 1"
        ))
    };
    let mut names: Vec<i32> = numbers("SELECT id FROM artists WHERE placeholder = 1")?
        .into_iter()
        .map(|id| artists.code(usize::try_from(id).unwrap_or_default()))
        .collect();
    names.sort_unstable();
    names.dedup();
    Ok([names, titles("albums")?, titles("tracks")?])
}

fn read_credits(database: &Connection, artists: &Codes) -> rusqlite::Result<Vec<(i32, Vec<i32>)>> {
    let mut credits: Vec<(i32, Vec<i32>)> = Vec::new();
    let mut statement =
        database.prepare("SELECT artist_id, credited_id FROM artist_credits ORDER BY artist_id, position")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let code = |at| -> rusqlite::Result<i32> {
            Ok(artists.code(usize::try_from(row.get::<_, i64>(at)?).unwrap_or_default()))
        };
        let (artist, credited) = (code(0)?, code(1)?);
        match credits.iter_mut().find(|(of, _)| *of == artist) {
            Some((_, all)) if !all.contains(&credited) => all.push(credited),
            Some(_) => {}
            None => credits.push((artist, vec![credited])),
        }
    }
    Ok(credits)
}

#[derive(Default)]
pub(super) struct Codes {
    by_id: Vec<i32>,
    texts: Vec<Arc<str>>,
    known: HashMap<Arc<str>, i32, foldhash::fast::RandomState>,
}

impl Codes {
    fn read(database: &Connection, sql: &str) -> rusqlite::Result<Self> {
        let mut codes = Self::default();
        let mut statement = database.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = usize::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
            let code = codes.code_of(row.get_ref(1)?.as_str()?);
            codes.by_id.resize(codes.by_id.len().max(id + 1), 0);
            codes.by_id[id] = code;
        }
        Ok(codes)
    }

    fn code_of(&mut self, text: &str) -> i32 {
        if let Some(code) = self.known.get(text) {
            return *code;
        }
        let code = i32::try_from(self.texts.len()).unwrap_or(i32::MAX);
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.known.insert(text, code);
        code
    }

    /// A number beyond those of the catalogue, for a text that it does not have.
    fn add(&mut self, text: &str) -> u32 {
        let code = self.code_of(text);
        self.by_id.push(code);
        u32::try_from(self.by_id.len() - 1).unwrap_or_default()
    }

    fn text(&self, id: usize) -> Arc<str> {
        usize::try_from(self.code(id)).ok().and_then(|code| self.texts.get(code)).cloned().unwrap_or_default()
    }

    fn code(&self, id: usize) -> i32 {
        self.by_id.get(id).copied().unwrap_or_default()
    }

    pub(super) fn dictionary(
        &self,
        ids: impl Iterator<Item = usize>,
        nulls: Option<NullBuffer>,
    ) -> Result<ArrayRef, ArrowError> {
        let mut values = StringBuilder::with_capacity(self.texts.len(), self.texts.iter().map(|t| t.len()).sum());
        self.texts.iter().for_each(|text| values.append_value(text));
        // A dictionary may not be empty where rows point into it, and rows without an album point nowhere.
        if self.texts.is_empty() {
            values.append_value("");
        }
        let codes: Vec<i32> = ids.map(|id| self.code(id)).collect();
        let keys = PrimitiveArray::<Int32Type>::try_new(codes.into(), nulls)?;
        Ok(Arc::new(DictionaryArray::try_new(keys, Arc::new(values.finish()))?))
    }
}
