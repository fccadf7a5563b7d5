//! The genres of plays, as columns: `genres.arrow`, beside `plays.arrow` and in the same format.
//!
//! Its one row holds lists. `set` has a number for each play, in the order of `plays.arrow`; 0 is no genre. The set with
//! number n has the entries from `begin[n]` up to `begin[n + 1]` of `genre` (a place in `name`) and `weight`; `told_by`
//! says where the set comes from. `name` and `parent` are the vocabulary. Plays with the same genres share a set, so a
//! question counts whole numbers, and looks at weights once per set.
//!
//! The file bears what it was made of: the generation of the plays, the state of what services said, and the version of
//! the vocabulary. It is made anew when any of them is another; where nothing is known and nothing decided, there is none.

mod inherit;
mod lists;
mod sets;
mod write;

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::read::invalid;
use super::{Columns, ColumnsError};
use crate::genres::{Genre, Vocabulary};
use crate::home::Home;
use crate::store::{Generation, Store};
use lists::{Lists, told};

/// What the genres of plays were made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeOf {
    /// The plays.
    pub generation: Generation,
    /// What is known of things: [`Store::enriched`].
    pub enriched: i64,
    /// [`Vocabulary::version`].
    pub vocabulary: String,
}

impl MadeOf {
    /// What they would be made of now.
    #[must_use]
    pub fn now(generation: &Generation, enriched: i64) -> Self {
        let vocabulary = Vocabulary::own().version().to_owned();
        Self { generation: generation.clone(), enriched, vocabulary }
    }

    fn read(file: &File) -> io::Result<Self> {
        let said = told(file)?;
        let said = |key: &str| said.get(key).cloned();
        let read = || {
            Some(Self {
                generation: Generation { view: said("heard.view")?, number: said("heard.generation")?.parse().ok()? },
                enriched: said("heard.enriched")?.parse().ok()?,
                vocabulary: said("heard.vocabulary")?,
            })
        };
        read().ok_or_else(|| invalid("it does not say what it was made of"))
    }
}

/// Who told the genres of a play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ToldBy {
    /// The listener, of the artist.
    Rule,
    /// Tags of the track.
    Track,
    /// Tags of the album.
    Album,
    /// Tags of the artist.
    Artist,
}

impl ToldBy {
    /// All of them, those that count before others first.
    pub const ALL: [Self; 4] = [Self::Rule, Self::Track, Self::Album, Self::Artist];

    /// The word for it in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Track => "track",
            Self::Album => "album",
            Self::Artist => "artist",
        }
    }
}

/// The genres of plays.
#[derive(Debug)]
pub struct Genres {
    set: Vec<u32>,
    begin: Vec<u32>,
    genre: Vec<u16>,
    weight: Vec<f32>,
    told_by: Vec<u8>,
    made_of: MadeOf,
}

impl Genres {
    /// Reads the file; `None` where there is none.
    ///
    /// # Errors
    /// [`ColumnsError::Io`] when it cannot be read, [`ColumnsError::Format`] when it is not what `heard` writes.
    pub fn open(path: &Path) -> Result<Option<Self>, ColumnsError> {
        let Some(file) = open(path)? else { return Ok(None) };
        Self::read(&file).map(Some).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                ColumnsError::Format { path: path.to_owned(), reason: error.to_string() }
            }
            _ => ColumnsError::Io { path: path.to_owned(), source: error },
        })
    }

    fn read(file: &File) -> io::Result<Self> {
        let lists = Lists::find(file)?;
        let genres = Self {
            set: lists.values(file, 0)?,
            begin: lists.values(file, 1)?,
            genre: lists.values(file, 2)?,
            weight: lists.values(file, 3)?,
            told_by: lists.values(file, 4)?,
            made_of: MadeOf::read(file)?,
        };
        if genres.is_sound() { Ok(genres) } else { Err(invalid("its lists do not fit to each other")) }
    }

    /// What the file was made of; `None` where there is none that can be read.
    #[must_use]
    pub fn made_of_file(path: &Path) -> Option<MadeOf> {
        MadeOf::read(&open(path).ok()??).ok()
    }

    fn is_sound(&self) -> bool {
        let sets = self.told_by.len();
        self.begin.len() == sets + 1
            && self.begin.is_sorted()
            && self.begin.last().is_some_and(|end| *end as usize == self.genre.len())
            && self.genre.len() == self.weight.len()
            && self.weight.iter().all(|weight| (0.0..=1.0).contains(weight))
            && self.set.iter().copied().max().is_none_or(|set| (set as usize) < sets)
    }

    /// What they were made of.
    #[must_use]
    pub fn made_of(&self) -> &MadeOf {
        &self.made_of
    }

    /// The number of each play's set, in the order of the plays' rows; 0 for a play without genres.
    #[must_use]
    pub fn of_plays(&self) -> &[u32] {
        &self.set
    }

    /// How many sets there are; the first of them is the empty one.
    #[must_use]
    pub fn sets(&self) -> usize {
        self.told_by.len()
    }

    /// The genres of a set with their weights, in the order of the vocabulary.
    pub fn of_set(&self, set: usize) -> impl Iterator<Item = (Genre, f32)> {
        let at = |place: usize| self.begin.get(place).map(|begin| *begin as usize);
        let entries = at(set).zip(at(set.saturating_add(1))).map_or(0..0, |(from, to)| from..to);
        let genres = self.genre.get(entries.clone()).unwrap_or_default();
        let weights = self.weight.get(entries).unwrap_or_default();
        let own = Vocabulary::own();
        genres.iter().zip(weights).filter_map(|(genre, weight)| Some((own.at(usize::from(*genre))?, *weight)))
    }

    /// Who told a set; nobody told the empty one.
    #[must_use]
    pub fn told_by(&self, set: usize) -> Option<ToldBy> {
        if set == 0 {
            return None;
        }
        ToldBy::ALL.get(usize::from(*self.told_by.get(set)?)).copied()
    }
}

fn open(path: &Path) -> Result<Option<File>, ColumnsError> {
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some).map_err(|source| ColumnsError::Io { path: path.to_owned(), source }),
    }
}

impl Columns {
    /// The genres of these plays; `None` where none are known. They are read when they are first asked for. Whether newer
    /// ones could be made is for [`super::refresh`] to find out.
    ///
    /// # Errors
    /// [`ColumnsError`] when they cannot be read.
    pub fn genres(&self) -> Result<Option<&Genres>, ColumnsError> {
        if let Some(known) = self.genres.get() {
            return Ok(known.as_ref());
        }
        let found = Genres::open(&self.path().with_file_name("genres.arrow"))?;
        let fits = |genres: &Genres| genres.made_of.generation == *self.generation() && genres.set.len() == self.rows();
        Ok(self.genres.get_or_init(|| found.filter(fits)).as_ref())
    }
}

/// Makes the genres of plays anew where they are not of this generation, or of other tags. Returns whether that was
/// needed.
pub(super) fn refresh(home: &Home, store: &Store, generation: &Generation) -> Result<bool, ColumnsError> {
    let path = home.genres();
    let kept = store.kept()?;
    let wanted = MadeOf::now(generation, kept.enriched);
    if !kept.has_genres {
        return match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(ColumnsError::Io { path, source }),
            removed => Ok(removed.is_ok()),
        };
    }
    if Genres::made_of_file(&path).as_ref() == Some(&wanted) {
        return Ok(false);
    }
    let columns = Columns::open(&home.columns())?;
    let (things, decided) = (store.genres_of_things()?, store.decided_genres()?);
    let (of_plays, sets) = inherit::inherited(&columns, store, &things, &decided)?;
    write::write(&of_plays, sets, &wanted, &path)?;
    Ok(true)
}
