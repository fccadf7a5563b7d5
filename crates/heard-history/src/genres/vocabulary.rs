//! The genres that are known, as a tree, with their other names; and the words that are no genres.

use std::collections::HashMap;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::clean::{Why, folded_word};

const GENRES: &str = include_str!("vocabulary.txt");
const NO_GENRES: &str = include_str!("no_genres.txt");

/// Rises when the same lists come to something else because the code changed.
const CLEANING: u32 = 1;

/// Blanks by which a kind stands deeper than what it is a kind of.
const INDENT: usize = 2;

/// A genre of the [`Vocabulary`]: its place in it. Kinds of a genre have the places behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Genre(u16);

impl Genre {
    /// Its place in the vocabulary, from 0.
    #[must_use]
    pub fn number(self) -> usize {
        usize::from(self.0)
    }
}

/// Why a vocabulary cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VocabularyError {
    /// A line stands deeper than a kind of the line above it.
    #[error("line {0} is indented by other than two blanks more than the genre above it")]
    Indent(usize),
    /// A line or a list has an empty name.
    #[error("line {0} has a name without letters")]
    Empty(usize),
    /// A name is there already.
    #[error("line {line}: {name:?} is there already")]
    Twice {
        /// The line.
        line: usize,
        /// The name.
        name: String,
    },
    /// A list of words that are no genres stands under no reason that is known.
    #[error("line {0} stands under no reason")]
    Reason(usize),
    /// There are more genres than fit.
    #[error("there are more than 65,535 genres")]
    TooMany,
}

struct Entry {
    name: String,
    parent: Option<Genre>,
    /// One behind its last kind.
    end: u16,
}

/// Genres as a tree, with their other names, and the words that are no genres.
pub struct Vocabulary {
    entries: Vec<Entry>,
    words: HashMap<Box<str>, Genre, foldhash::fast::RandomState>,
    none: HashMap<Box<str>, Why, foldhash::fast::RandomState>,
    version: String,
}

static OWN: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::parse(GENRES, NO_GENRES).expect("the lists of this crate can be read, which a test shows")
});

impl Vocabulary {
    /// The vocabulary of this project. It is read when it is first asked for, which takes less than a millisecond.
    #[must_use]
    pub fn own() -> &'static Self {
        &OWN
    }

    /// Reads a tree of genres, and lists of words that are none, as they are written in the files of this module: a
    /// genre a line, its kinds two blanks deeper, its other names behind `=`; and words between commas under the reason
    /// in brackets.
    ///
    /// # Errors
    /// [`VocabularyError`], with the line, counted from 1.
    pub fn parse(genres: &str, none: &str) -> Result<Self, VocabularyError> {
        let mut version = Sha256::new();
        [genres, "\0", none, &CLEANING.to_string()].iter().for_each(|part| version.update(part));
        let version = base16ct::lower::encode_string(&version.finalize()[..8]);
        let (words, none_words) = (HashMap::default(), HashMap::default());
        let mut vocabulary = Self { entries: Vec::new(), words, none: none_words, version };
        vocabulary.read_genres(genres)?;
        vocabulary.read_none(none)?;
        Ok(vocabulary)
    }

    fn read_genres(&mut self, text: &str) -> Result<(), VocabularyError> {
        let mut above: Vec<Genre> = Vec::new();
        for (line, text) in lines(text) {
            let indent = text.len() - text.trim_start_matches(' ').len();
            let depth = indent / INDENT;
            if !indent.is_multiple_of(INDENT) || depth > above.len() {
                return Err(VocabularyError::Indent(line));
            }
            let genre = Genre(u16::try_from(self.entries.len()).map_err(|_| VocabularyError::TooMany)?);
            let (name, others) = text.split_once(" = ").unwrap_or((text, ""));
            above.truncate(depth);
            let parent = above.last().copied();
            self.entries.push(Entry { name: name.trim().to_owned(), parent, end: genre.0 });
            for name in std::iter::once(name).chain(others.split(',').filter(|name| !name.is_empty())) {
                self.name(line, name, genre)?;
            }
            above.push(genre);
            // Whoever stands above it ends behind it.
            for genre in &above {
                self.entries[genre.number()].end = u16::try_from(self.entries.len()).unwrap_or(u16::MAX);
            }
        }
        Ok(())
    }

    fn name(&mut self, line: usize, name: &str, genre: Genre) -> Result<(), VocabularyError> {
        let word = folded_word(name);
        if word.is_empty() {
            return Err(VocabularyError::Empty(line));
        }
        match self.words.insert(word.into(), genre) {
            None => Ok(()),
            Some(_) => Err(VocabularyError::Twice { line, name: name.trim().to_owned() }),
        }
    }

    fn read_none(&mut self, text: &str) -> Result<(), VocabularyError> {
        let mut why = None;
        for (line, text) in lines(text) {
            if let Some(section) = text.strip_prefix('[') {
                why = Why::of_section(section.trim_end_matches(']'));
                continue;
            }
            let why = why.ok_or(VocabularyError::Reason(line))?;
            for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                let word = folded_word(name);
                if self.words.contains_key(&*word) || self.none.insert(word.into(), why).is_some() {
                    return Err(VocabularyError::Twice { line, name: name.to_owned() });
                }
            }
        }
        Ok(())
    }

    /// Names this vocabulary and what the code makes of it; another one cleans otherwise.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many genres there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every genre, each before its kinds.
    pub fn iter(&self) -> impl Iterator<Item = Genre> + use<> {
        (0..u16::try_from(self.entries.len()).unwrap_or(u16::MAX)).map(Genre)
    }

    /// The genre of a place, where there is one.
    #[must_use]
    pub fn at(&self, number: usize) -> Option<Genre> {
        u16::try_from(number).ok().filter(|_| number < self.entries.len()).map(Genre)
    }

    /// What it is called.
    #[must_use]
    pub fn name_of(&self, genre: Genre) -> &str {
        self.entries.get(genre.number()).map_or("", |entry| &entry.name)
    }

    /// What it is a kind of; nothing for the main genres.
    #[must_use]
    pub fn parent(&self, genre: Genre) -> Option<Genre> {
        self.entries.get(genre.number())?.parent
    }

    /// The main genre of which it is a kind, or itself.
    #[must_use]
    pub fn root(&self, genre: Genre) -> Genre {
        std::iter::successors(Some(genre), |genre| self.parent(*genre)).last().unwrap_or(genre)
    }

    /// Whether it is the other genre or one of its kinds, however deep.
    #[must_use]
    pub fn is_within(&self, genre: Genre, other: Genre) -> bool {
        self.entries.get(other.number()).is_some_and(|entry| (other.0..entry.end).contains(&genre.0))
    }

    /// The genre of that name, whatever the case, the accents, the blanks and the punctuation.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Genre> {
        self.words.get(folded_word(name).as_str()).copied()
    }

    pub(super) fn of_word(&self, word: &str) -> Option<Genre> {
        self.words.get(word).copied()
    }

    pub(super) fn why_none(&self, word: &str) -> Option<Why> {
        self.none.get(word).copied()
    }
}

/// Lines that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines().map(str::trim_end)).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_lists_can_be_read() {
        let own = Vocabulary::parse(GENRES, NO_GENRES).map(|it| it.len());
        assert!(matches!(own, Ok(600..)), "{own:?}");
    }

    #[test]
    fn every_genre_is_found_by_its_name_and_lies_in_its_tree() {
        let own = Vocabulary::own();
        let mut roots = 0;
        for genre in own.iter() {
            assert_eq!(own.find(own.name_of(genre)), Some(genre));
            assert_eq!(own.at(genre.number()), Some(genre));
            let way: Vec<Genre> = std::iter::successors(Some(genre), |it| own.parent(*it)).take(20).collect();
            assert!(way.len() < 10, "{} goes round in circles", own.name_of(genre));
            assert!(way.iter().all(|above| own.is_within(genre, *above)), "{}", own.name_of(genre));
            let children = own.iter().filter(|it| own.parent(*it) == Some(genre));
            assert!(children.into_iter().all(|child| child > genre && !own.is_within(genre, child)));
            roots += usize::from(own.root(genre) == genre);
        }
        assert!((10..40).contains(&roots), "{roots} main genres");
        assert_eq!(own.at(own.len()), None);
    }

    #[test]
    fn the_tree_is_as_it_is_written() {
        let own = Vocabulary::parse("rock = rock music, ROCK & co\n  art rock\n    zeuhl\n  surf\njazz\n", "").unwrap();
        let [rock, art, zeuhl, surf, jazz] =
            ["Rock-Music", "ARTROCK", "Zeuhl", "surf", "jazz"].map(|name| own.find(name).unwrap());
        assert_eq!((own.parent(zeuhl), own.parent(art), own.parent(rock)), (Some(art), Some(rock), None));
        assert_eq!((own.root(zeuhl), own.root(jazz)), (rock, jazz));
        assert!(own.is_within(zeuhl, rock) && own.is_within(surf, rock) && own.is_within(rock, rock));
        assert!(!own.is_within(rock, zeuhl) && !own.is_within(surf, art) && !own.is_within(jazz, rock));
        assert_eq!(own.find("rock&co"), Some(rock));
        assert_eq!(own.find("polka"), None);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let wrong = |genres: &str, none: &str| Vocabulary::parse(genres, none).err();
        assert_eq!(wrong("rock\n    zeuhl\n", ""), Some(VocabularyError::Indent(2)));
        assert_eq!(wrong(" rock\n", ""), Some(VocabularyError::Indent(1)));
        assert_eq!(wrong("rock\n\n# no\n  !!!\n", ""), Some(VocabularyError::Empty(4)));
        let twice = |line, name: &str| Some(VocabularyError::Twice { line, name: name.to_owned() });
        assert_eq!(wrong("hip hop\n  rap = Hip-Hop\n", ""), twice(2, "Hip-Hop"));
        assert_eq!(wrong("rock\n", "[how]\nloud, rock\n"), twice(2, "rock"));
        assert_eq!(wrong("rock\n", "loud\n"), Some(VocabularyError::Reason(1)));
        assert_eq!(wrong("rock\n", "[why]\nloud\n"), Some(VocabularyError::Reason(2)));
    }

    #[test]
    fn other_lists_are_another_version() {
        let version = |genres: &str, none: &str| Vocabulary::parse(genres, none).unwrap().version().to_owned();
        assert_eq!(version("rock", ""), version("rock", ""));
        assert_ne!(version("rock", ""), version("roll", ""));
        assert_ne!(version("rock", ""), version("rock", "[how]\nloud"));
        assert_eq!(Vocabulary::own().version().len(), 16);
    }
}
