//! The forms in which answers stand in a document, each to be read and to be written.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::page::{About, List, Page, Paging};
use super::rows::{Place, Rows, RowsAt, today};
use crate::decode;
use crate::error::DecodeError;
use crate::lenient::Object;

/// How an artist stands in the rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArtistForm {
    /// `{name,mbid,url}`
    Object,
    /// `{mbid,#text}`, in weekly charts.
    Plain,
    /// The name alone, in searches.
    Text,
}

/// A list that comes whole.
#[derive(Debug)]
pub(crate) struct Listed<T> {
    place: Place,
    artist: ArtistForm,
    rows: PhantomData<T>,
}

impl<T: DeserializeOwned + Serialize> Listed<T> {
    pub(crate) fn at(path: &'static [&'static str], row: &'static str) -> Self {
        Self { place: Place { path, row }, artist: ArtistForm::Object, rows: PhantomData }
    }

    pub(crate) fn with(self, artist: ArtistForm) -> Self {
        Self { artist, ..self }
    }

    pub(crate) fn decode(&self, body: &[u8]) -> Result<List<T>, DecodeError> {
        let found: Rows<T> = decode::seeded(body, RowsAt::document(self.place))?;
        let items = found.rows.or_else(|| found.blank.then(Vec::new));
        let items = items.ok_or_else(|| DecodeError::missing(self.place.path, self.place.row))?;
        Ok(List { about: found.words.into_iter().collect(), items })
    }

    pub(crate) fn encode(&self, answer: &List<T>) -> Vec<u8> {
        body(self.place, words(&answer.about), rows(&answer.items, self.artist))
    }
}

/// A list that comes by pages, or the matches of a search.
#[derive(Debug)]
pub(crate) struct Paged<T> {
    place: Place,
    search: bool,
    rows: PhantomData<T>,
}

/// The words that say where a page stands: in lists, and in searches.
const PAGING: [&str; 4] = ["page", "perPage", "totalPages", "total"];
const SEARCH: [&str; 4] = ["startPage", "opensearch:itemsPerPage", "opensearch:totalResults", "opensearch:startIndex"];

/// What a search repeats of the question, besides the word `for`.
const QUERY: [&str; 2] = ["role", "searchTerms"];

impl<T: DeserializeOwned + Serialize> Paged<T> {
    pub(crate) fn at(path: &'static [&'static str], row: &'static str) -> Self {
        Self { place: Place { path, row }, search: false, rows: PhantomData }
    }

    /// The matches of a search (`artist.search/swift_sample.json`).
    pub(crate) fn matches(path: &'static [&'static str], row: &'static str) -> Self {
        Self { search: true, ..Self::at(path, row) }
    }

    pub(crate) fn decode(&self, body: &[u8]) -> Result<Page<T>, DecodeError> {
        let Rows { words, rows, blank } = decode::seeded(body, RowsAt::document(self.place))?;
        let (standing, about): (Vec<_>, Vec<_>) =
            words.into_iter().partition(|(word, _)| PAGING.contains(&word.as_str()) || SEARCH.contains(&word.as_str()));
        let about: About =
            about.into_iter().filter(|(word, _)| !self.search || !QUERY.contains(&word.as_str())).collect();
        let paging = if self.search { search_paging(&standing) } else { list_paging(&standing) };
        let paging = paging.map_err(|word| DecodeError::in_list(self.place.path, word))?;
        let none = blank || paging.total == Some(0);
        let items = rows.or_else(|| none.then(Vec::new));
        let items = items.ok_or_else(|| DecodeError::missing(self.place.path, self.place.row))?;
        Ok(Page { about, paging, playing: None, items })
    }

    pub(crate) fn encode(&self, answer: &Page<T>) -> Vec<u8> {
        if self.search {
            return body(self.place, search_words(answer), rows(&answer.items, ArtistForm::Text));
        }
        let mut attributes = Map::new();
        attributes.insert("@attr".to_owned(), Value::Object(list_words(answer)));
        body(self.place, attributes, rows(&answer.items, ArtistForm::Object))
    }
}

fn count(words: &[(String, String)], name: &'static str) -> Result<Option<u64>, &'static str> {
    let found = words.iter().find(|(word, _)| word == name).map(|(_, text)| text.trim());
    found.filter(|text| !text.is_empty()).map(|text| text.parse().map_err(|_| name)).transpose()
}

fn list_paging(words: &[(String, String)]) -> Result<Paging, &'static str> {
    let [page, per_page, total_pages, total] = PAGING;
    Ok(Paging {
        page: count(words, page)?,
        per_page: count(words, per_page)?,
        total_pages: count(words, total_pages)?,
        total: count(words, total)?,
    })
}

/// A search tells its rows per page and all its matches; the number of pages follows.
fn search_paging(words: &[(String, String)]) -> Result<Paging, &'static str> {
    let [page, per_page, total, _] = SEARCH;
    let (page, per_page, total) = (count(words, page)?, count(words, per_page)?, count(words, total)?);
    let total_pages = total.zip(per_page).filter(|(_, size)| *size > 0).map(|(total, size)| total.div_ceil(size));
    Ok(Paging { page, per_page, total_pages, total })
}

/// Words in `@attr`.
fn words(about: &About) -> Map<String, Value> {
    let mut attributes = Map::new();
    attributes.insert("@attr".to_owned(), Value::Object(plain(about)));
    attributes
}

fn plain(about: &About) -> Map<String, Value> {
    about.iter().map(|(word, text)| (word.to_owned(), Value::from(text))).collect()
}

fn list_words<T>(page: &Page<T>) -> Map<String, Value> {
    let Paging { page: number, per_page, total_pages, total } = page.paging;
    let mut attributes = plain(&page.about);
    for (word, count) in PAGING.into_iter().zip([number, per_page, total_pages, total]) {
        attributes.extend(count.map(|count| (word.to_owned(), Value::from(count.to_string()))));
    }
    attributes
}

fn search_words<T>(page: &Page<T>) -> Map<String, Value> {
    let Paging { page: number, per_page, total, .. } = page.paging;
    let start = number.zip(per_page).map(|(page, size)| page.saturating_sub(1).saturating_mul(size));
    let mut results = words(&page.about);
    for (word, count) in SEARCH.into_iter().zip([None, per_page, total, start]) {
        results.extend(count.map(|count| (word.to_owned(), Value::from(count.to_string()))));
    }
    let mut query = Map::new();
    query.insert("#text".to_owned(), Value::from(""));
    query.insert("role".to_owned(), Value::from("request"));
    query.extend(number.map(|number| ("startPage".to_owned(), Value::from(number.to_string()))));
    results.insert("opensearch:Query".to_owned(), Value::Object(query));
    results
}

fn rows<T: Serialize>(items: &[T], artist: ArtistForm) -> Value {
    let mut rows = value(items);
    if artist != ArtistForm::Object {
        for row in rows.as_array_mut().into_iter().flatten() {
            if let Some(found) = row.get_mut("artist") {
                redress(found, artist);
            }
        }
    }
    rows
}

fn redress(artist: &mut Value, form: ArtistForm) {
    let Some(object) = artist.as_object_mut() else { return };
    let name = object.remove("name").unwrap_or_default();
    *artist = match form {
        ArtistForm::Text => name,
        ArtistForm::Plain => serde_json::json!({ "mbid": object.remove("mbid"), "#text": name }),
        ArtistForm::Object => return,
    };
}

/// The document, with the list's own words on the outermost of its objects.
fn body(place: Place, beside: Map<String, Value>, rows: Value) -> Vec<u8> {
    let under = |name: &str, value| Map::from_iter([(name.to_owned(), value)]);
    let mut inner = under(place.row, rows);
    for name in place.path.iter().skip(1).rev() {
        inner = under(today(name), Value::Object(inner));
    }
    inner.extend(beside);
    let outermost = place.path.first().copied().map_or(place.row, today);
    bytes(&under(outermost, Value::Object(inner)))
}

/// One thing under its name: `{"album":{…}}`.
#[derive(Debug)]
pub(crate) struct Keyed<T> {
    key: &'static str,
    value: PhantomData<T>,
}

impl<T: DeserializeOwned + Serialize> Keyed<T> {
    pub(crate) fn under(key: &'static str) -> Self {
        Self { key, value: PhantomData }
    }

    pub(crate) fn decode(&self, body: &[u8]) -> Result<T, DecodeError> {
        let found: Rows<T> = decode::seeded(body, RowsAt::document(Place { path: &[], row: self.key }))?;
        let mut found = found.rows.into_iter().flatten();
        match (found.next(), found.next()) {
            (Some(value), None) => Ok(value),
            _ => Err(DecodeError::missing(&[], self.key)),
        }
    }

    pub(crate) fn encode(&self, answer: &T) -> Vec<u8> {
        let mut document = Map::new();
        document.insert(self.key.to_owned(), value(answer));
        bytes(&document)
    }
}

/// Nothing but the word that all went well: `{}` in JSON and an empty `<lfm status="ok"/>`
/// (`album.addTags/pylast_user_tagged_albums_0.xml`).
#[derive(Debug)]
pub(crate) struct Nothing;

/// Members that an acknowledgement may have are of no interest, but an error is one.
#[derive(Deserialize)]
struct Acknowledgement {
    error: Option<serde::de::IgnoredAny>,
}

impl Nothing {
    pub(crate) fn decode(&self, body: &[u8]) -> Result<(), DecodeError> {
        let Object(Acknowledgement { error }) = decode::document(body)?;
        if error.is_some() { Err(DecodeError::in_list(&[], "error")) } else { Ok(()) }
    }

    pub(crate) fn encode(&self, (): &()) -> Vec<u8> {
        b"{}".to_vec()
    }
}

fn value<T: Serialize + ?Sized>(answer: &T) -> Value {
    serde_json::to_value(answer).expect("answers are plain data with texts for keys, which JSON can always hold")
}

fn bytes(document: &Map<String, Value>) -> Vec<u8> {
    serde_json::to_vec(document).expect("a document of JSON values is always written")
}
