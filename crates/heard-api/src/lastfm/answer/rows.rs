//! The rows of a list and what stands beside them, found by their names in the document.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::artist::Artist;
use super::tag::Tag;
use super::track::Track;
use crate::lenient::{self, Object};

/// Where the rows of a list stand: the names of the objects from the outside to the inside, then that of the rows.
/// Names that changed over the years are divided by `|`, today's first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) path: &'static [&'static str],
    pub(crate) row: &'static str,
}

/// What was found there.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    /// What stands beside the rows, in `@attr` or bare, from the outside to the inside.
    pub(crate) words: Vec<(String, String)>,
    /// The rows; none where their name does not occur.
    pub(crate) rows: Option<Vec<T>>,
    /// Whether there is blank text where the rows should be, the service's old way to say "none"
    /// (`user.getTopAlbums/inflatable_Empty.json`, `artist.search` of 2014).
    pub(crate) blank: bool,
}

/// Reads the rows at a place.
#[derive(Debug)]
pub(crate) struct RowsAt<T> {
    place: Place,
    /// Whether this is the document itself, which has nothing beside the list and perhaps an error.
    outermost: bool,
    rows: PhantomData<T>,
}

impl<T> Clone for RowsAt<T> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<T> RowsAt<T> {
    pub(crate) fn document(place: Place) -> Self {
        Self { place, outermost: true, rows: PhantomData }
    }

    fn inner(place: Place) -> Self {
        Self { place, outermost: false, rows: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for RowsAt<T> {
    type Value = Rows<T>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Rows<T>, D::Error> {
        if self.outermost { from.deserialize_map(self) } else { from.deserialize_any(self) }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for RowsAt<T> {
    type Value = Rows<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a list")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Rows<T>, E> {
        if text.trim().is_empty() { Ok(Rows::none()) } else { Err(E::custom("a text where a list was expected")) }
    }

    fn visit_unit<E: Error>(self) -> Result<Rows<T>, E> {
        Ok(Rows::none())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Rows<T>, A::Error> {
        let mut found = None;
        let mut words = Vec::new();
        let mut blank = false;
        while let Some(key) = object.next_key::<String>()? {
            if self.is_wanted(&key) {
                let before = found.replace(self.descend(&mut object)?);
                if before.is_some() {
                    return Err(A::Error::custom("a list given twice"));
                }
            } else if self.outermost {
                object.next_value::<IgnoredAny>()?;
                if key == "error" {
                    return Err(A::Error::custom("an error where an answer was expected"));
                }
            } else {
                blank |= key == "#text";
                beside(key, object.next_value()?, &mut words);
            }
        }
        if self.outermost && found.is_none() {
            return Err(A::Error::missing_field(self.name()));
        }
        let inner = found.unwrap_or(Rows { words: Vec::new(), rows: None, blank: false });
        words.extend(inner.words);
        Ok(Rows { words, rows: inner.rows, blank: blank || inner.blank })
    }
}

impl<T> RowsAt<T> {
    /// The names of what is looked for at this depth.
    fn names(&self) -> &'static str {
        self.place.path.first().copied().unwrap_or(self.place.row)
    }

    /// Today's name of it.
    fn name(&self) -> &'static str {
        today(self.names())
    }

    fn is_wanted(&self, key: &str) -> bool {
        self.names().split('|').any(|name| name == key)
    }

    /// One step further inside.
    fn descend<'de, A: MapAccess<'de>>(&self, object: &mut A) -> Result<Rows<T>, A::Error>
    where
        T: Deserialize<'de>,
    {
        match self.place.path {
            [_, path @ ..] => object.next_value_seed(Self::inner(Place { path, row: self.place.row })),
            [] => {
                let OneOrMany(rows) = object.next_value()?;
                Ok(Rows { words: Vec::new(), blank: rows.is_none(), rows })
            }
        }
    }
}

/// The first of the names that something had over the years.
pub(crate) fn today(names: &'static str) -> &'static str {
    names.split('|').next().unwrap_or(names)
}

impl<T> Rows<T> {
    fn none() -> Self {
        Self { words: Vec::new(), rows: None, blank: true }
    }
}

struct OneOrMany<T>(Option<Vec<T>>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let rows: Option<Vec<Object<T>>> = lenient::one_or_many(from)?;
        Ok(Self(rows.map(|rows| rows.into_iter().map(|Object(row)| row).collect())))
    }
}

/// A word beside the rows, or an object of such words.
#[derive(Deserialize)]
#[serde(untagged)]
enum Beside<'a> {
    #[serde(borrow)]
    Text(Cow<'a, str>),
    Number(i64),
    Words(std::collections::BTreeMap<String, serde_json::Value>),
    Other(IgnoredAny),
}

/// Keeps texts and numbers, and those of the two objects that hold a list's own words.
fn beside(key: String, value: Beside<'_>, words: &mut Vec<(String, String)>) {
    match value {
        Beside::Text(text) if key != "#text" => words.push((key, text.into_owned())),
        Beside::Number(number) => words.push((key, number.to_string())),
        Beside::Words(object) if matches!(&*key, "@attr" | "opensearch:Query") => {
            for (word, value) in object {
                match value {
                    serde_json::Value::String(text) if word != "#text" => words.push((word, text)),
                    serde_json::Value::Number(number) => words.push((word, number.to_string())),
                    _ => {}
                }
            }
        }
        Beside::Text(_) | Beside::Words(_) | Beside::Other(_) => {}
    }
}

/// A list inside a bigger answer: `{"tag":[…]}`, and an empty text for none (`album.getInfo/swift_noTracks.json`).
fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(row: &'static str, from: D) -> Result<Vec<T>, D::Error> {
    RowsAt::inner(Place { path: &[], row }).deserialize(from).map(|found| found.rows.unwrap_or_default())
}

fn write<S: Serializer, T: Serialize>(row: &'static str, rows: &[T], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map([(row, rows)])
}

/// The two directions of an inner list, for `#[serde(with)]`.
macro_rules! inner_list {
    ($(#[$doc:meta])* $module:ident, $row:literal, $item:ty) => {
        $(#[$doc])*
        pub(super) mod $module {
            use super::*;

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<$item>, D::Error> {
                read($row, from)
            }

            pub(crate) fn serialize<S: Serializer>(rows: &[$item], to: S) -> Result<S::Ok, S::Error> {
                write($row, rows, to)
            }
        }
    };
}

inner_list!(
    /// `{"artist":[…]}`
    artists, "artist", Artist
);
inner_list!(
    /// `{"tag":[…]}`
    tags, "tag", Tag
);
inner_list!(
    /// `{"track":[…]}`
    tracks, "track", Track
);
