//! Writing `plays.arrow` from the store.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::{Int32Type, TimestampSecondType};
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, PrimitiveArray, RecordBatch};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Field, Schema};
use rusqlite::Connection;

use super::{Column, ColumnsError, Moment};
use crate::home::replace_file;
use crate::facts::{Clock, Resolution};
use crate::listen::UNDATED;
use crate::reconcile::{NO_MOMENT, Verdict, Witness};
use crate::store::apply::milliseconds;
use crate::store::{Generation, Store, StoreError};

/// Writes the columns of all live plays. The old file is replaced as a whole.
///
/// # Errors
/// [`ColumnsError`]; the old file is then still in place.
pub fn write(store: &Store, generation: &Generation, to: &Path) -> Result<(), ColumnsError> {
    let (plays, further) = read_plays(store.connection()).map_err(StoreError::sqlite(store.path()))?;
    write_plays(plays, &further, Names::read(store)?, generation, to)
}

/// A further witness of a play, by the play's place in the list.
pub(crate) struct FurtherWitness {
    pub(crate) play: usize,
    pub(crate) account: u32,
    pub(crate) ms_played: i32,
}

/// Live plays and their further witnesses, from all reports at hand.
pub(crate) fn live(mut reports: Vec<Witness>, verdicts: &[Verdict]) -> (Vec<Witness>, Vec<FurtherWitness>) {
    if verdicts.is_empty() {
        return (reports, Vec::new());
    }
    let mut is_further = vec![false; reports.len()];
    verdicts.iter().for_each(|verdict| is_further[verdict.witness as usize] = true);
    let mut live = 0;
    let mut places = Vec::with_capacity(reports.len());
    for further in &is_further {
        places.push(live);
        live += usize::from(!further);
    }
    let further = verdicts
        .iter()
        .map(|verdict| {
            let Witness { account, ms_played, .. } = reports[verdict.witness as usize];
            FurtherWitness { play: places[verdict.of as usize], account, ms_played }
        })
        .collect();
    let mut flags = is_further.iter();
    reports.retain(|_| flags.next() == Some(&false));
    (reports, further)
}

/// The same from plays that are at hand, in the order of their rows.
pub(crate) fn write_plays(
    mut plays: Vec<Witness>,
    further: &[FurtherWitness],
    mut names: Names,
    generation: &Generation,
    to: &Path,
) -> Result<(), ColumnsError> {
    names.hear(&mut plays, further);
    plays.retain(|play| !names.is_hidden(play));
    // Undated plays go behind the dated ones; a stable sort keeps plays of one second in the order of their rows.
    plays.sort_by_key(|row| (row.played_at == UNDATED, row.played_at));
    let batch = batch(&plays, &names, generation)?;
    drop(plays);
    replace_file(to, |file| write_batch(file, &batch))
        .map_err(|source| ColumnsError::Io { path: to.to_owned(), source })
}

fn write_batch(file: &mut File, batch: &RecordBatch) -> io::Result<()> {
    let arrow = |error: ArrowError| match error {
        ArrowError::IoError(_, source) => source,
        other => io::Error::other(other),
    };
    let mut buffered = BufWriter::with_capacity(1 << 20, file);
    let mut writer = FileWriter::try_new(&mut buffered, &batch.schema()).map_err(arrow)?;
    writer.write(batch).and_then(|()| writer.finish()).map_err(arrow)?;
    drop(writer);
    buffered.flush()
}

/// Live plays, and further witnesses of them.
fn read_plays(database: &Connection) -> rusqlite::Result<(Vec<Witness>, Vec<FurtherWitness>)> {
    let count: i64 = database.query_row("SELECT count(*) FROM plays", [], |row| row.get(0))?;
    let mut rows = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
    let mut ids: Vec<i64> = Vec::new();
    let joined: bool =
        database.query_row("SELECT EXISTS (SELECT 1 FROM plays WHERE same_as NOT NULL)", [], |row| row.get(0))?;
    let mut statement = database.prepare(
        "SELECT played_at, coalesce(local_at, 0), listener_id, account_id, artist_id, coalesce(album_id, 0), track_id,
                ms_played, id
           FROM plays WHERE gone_seq IS NULL AND same_as IS NULL AND hidden IS NULL ORDER BY id",
    )?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        rows.push(Witness {
            id: row.get(8)?,
            played_at: row.get(0)?,
            local_at: row.get(1)?,
            ended_at: NO_MOMENT,
            listener: row.get(2)?,
            account: row.get(3)?,
            artist: row.get(4)?,
            album: row.get(5)?,
            track: row.get(6)?,
            uri: 0,
            import: 0,
            ms_played: row.get::<_, Option<i64>>(7)?.map_or(-1, milliseconds),
            clock: Clock::Start,
            resolution: Resolution::Second,
        });
        if joined {
            ids.push(row.get(8)?);
        }
    }
    Ok((rows, if joined { read_further(database, &ids)? } else { Vec::new() }))
}

fn read_further(database: &Connection, ids: &[i64]) -> rusqlite::Result<Vec<FurtherWitness>> {
    let mut further = Vec::new();
    let mut statement = database
        .prepare("SELECT same_as, account_id, ms_played FROM plays WHERE same_as NOT NULL AND gone_seq IS NULL")?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        if let Ok(play) = ids.binary_search(&row.get(0)?) {
            let ms_played = row.get::<_, Option<i64>>(2)?.map_or(-1, milliseconds);
            further.push(FurtherWitness { play, account: row.get(1)?, ms_played });
        }
    }
    Ok(further)
}

/// The catalogue's numbers as codes of dictionaries: the same text has one code, whoever's it is. Names are those that
/// are shown.
pub(crate) struct Names {
    listeners: Codes,
    accounts: Codes,
    artists: Codes,
    albums: Codes,
    tracks: Codes,
    shown_albums: Vec<u32>,
    shown_tracks: Vec<u32>,
    hidden: [Vec<bool>; 3],
    /// For each split name, whom its plays credit, by codes.
    credits: Vec<(i32, Vec<i32>)>,
    /// Codes of artists, numbers of albums and tracks that rankings leave out.
    placeholders: [Vec<i32>; 3],
}

impl Names {
    pub(crate) fn read(store: &Store) -> Result<Self, StoreError> {
        let database = store.connection();
        let read = || -> rusqlite::Result<Self> {
            let codes = |sql: &str| Codes::read(database, sql);
            let shown = |table: &str| numbers_by_id(database, &format!("SELECT id, coalesce(shown_as, id) FROM {table}"));
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

    fn is_hidden(&self, play: &Witness) -> bool {
        let [artists, albums, tracks] = &self.hidden;
        let is = |flags: &[bool], id: u32| flags.get(id as usize) == Some(&true);
        is(artists, play.artist) || is(albums, play.album) || is(tracks, play.track)
    }

    /// Lets plays know what their further witnesses tell: the time played, where the play's own report does not tell it,
    /// and who told.
    fn hear(&mut self, plays: &mut [Witness], further: &[FurtherWitness]) {
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
    let numbers = |sql: &str| -> rusqlite::Result<Vec<i32>> {
        database.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
    };
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
    let mut statement = database.prepare("SELECT artist_id, credited_id FROM artist_credits ORDER BY artist_id, position")?;
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
struct Codes {
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

    fn dictionary(&self, ids: impl Iterator<Item = usize>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
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

fn batch(plays: &[Witness], names: &Names, generation: &Generation) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    let dated = dated_only(plays);
    for moment in Moment::ALL {
        let (zone, value): (_, fn(&Witness) -> i64) = match moment {
            Moment::PlayedAt => (Some("UTC"), |row| row.played_at),
            Moment::LocalAt => (None, |row| row.local_at),
        };
        let seconds: Vec<i64> = plays.iter().map(value).collect();
        let array = PrimitiveArray::<TimestampSecondType>::try_new(seconds.into(), dated.clone())?;
        let array = array.with_timezone_opt(zone);
        fields.push(Field::new(moment.name(), array.data_type().clone(), true));
        arrays.push(Arc::new(array) as ArrayRef);
    }
    for column in Column::ALL {
        let array = column_array(column, plays, names)?;
        let nullable = matches!(column, Column::Album | Column::AlbumId | Column::MsPlayed);
        fields.push(Field::new(column.name(), array.data_type().clone(), nullable));
        arrays.push(array);
    }
    let metadata = HashMap::from([
        ("heard.view".to_owned(), generation.view.clone()),
        ("heard.generation".to_owned(), generation.number.to_string()),
        ("heard.placeholders".to_owned(), serde_json::to_string(&names.placeholders).expect("whole numbers are JSON")),
        ("heard.credits".to_owned(), serde_json::to_string(&names.credits).expect("whole numbers are JSON")),
    ]);
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays)
}

fn dated_only(plays: &[Witness]) -> Option<NullBuffer> {
    let undated = plays.last().is_some_and(|row| row.played_at == UNDATED);
    undated.then(|| plays.iter().map(|row| row.played_at != UNDATED).collect())
}

fn column_array(column: Column, plays: &[Witness], names: &Names) -> Result<ArrayRef, ArrowError> {
    let has_album = || plays.iter().map(|row| row.album != 0).collect::<NullBuffer>();
    match column {
        Column::Listener => names.listeners.dictionary(plays.iter().map(|row| row.listener as usize), None),
        Column::Source => {
            names.accounts.dictionary(plays.iter().map(|row| row.account as usize), None)
        }
        Column::Artist => names.artists.dictionary(plays.iter().map(|row| row.artist as usize), None),
        Column::Album => names.albums.dictionary(plays.iter().map(|row| row.album as usize), Some(has_album())),
        Column::Track => names.tracks.dictionary(plays.iter().map(|row| row.track as usize), None),
        Column::AlbumId => numbers(shown(plays.iter().map(|row| row.album), &names.shown_albums), Some(has_album())),
        Column::TrackId => numbers(shown(plays.iter().map(|row| row.track), &names.shown_tracks), None),
        Column::PlayId => numbers(plays.iter().map(|row| row.id.cast_signed()), None),
        Column::MsPlayed => {
            let told = plays.iter().map(|row| row.ms_played >= 0).collect();
            numbers(plays.iter().map(|row| row.ms_played), Some(told))
        }
    }
}

fn shown<'a>(ids: impl Iterator<Item = u32> + 'a, shown_as: &'a [u32]) -> impl Iterator<Item = i32> + 'a {
    ids.map(|id| shown_as.get(id as usize).copied().unwrap_or(id).cast_signed())
}

fn numbers(values: impl Iterator<Item = i32>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    let values: ScalarBuffer<i32> = values.collect::<Vec<_>>().into();
    Ok(Arc::new(Int32Array::try_new(values, nulls)?))
}
