//! Every known bad manner of the services' JSON, in one file.
//!
//! - Numbers come as strings or as numbers, even side by side (`user.getInfo/lb_sample.json`).
//! - A list of one comes as the bare element (`user.getRecentTracks/inflatable_Single.json`).
//! - "None" is an empty string, an empty `#text`, `null` or a missing key
//!   (`user.getRecentTracks/docs_a_user_currently_not_scrobbling.json`, `album.getInfo/swift_noTracks.json`).
//! - An artist is `{mbid,#text}`, `{name,url,mbid}` or a plain string
//!   (`user.getRecentTracks/swift_sample.json`, `user.getRecentTracks/swift_extended.json`,
//!   `track.search` answers).
//!
//! What is not on this list is refused: a form never seen before is a change of the format, and a guess
//! would be a wrong reading.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Reads a text that may be `null`; a whole number is taken as its digits. Borrows where nothing is escaped.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    from.deserialize_any(TextVisitor)
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Reads a whole number written as number or string; empty string and `null` are none.
pub(crate) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    from.deserialize_any(NumberVisitor)
}

/// Reads a whole number written as number or string.
pub(crate) fn required_number<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    number(from)?.ok_or_else(|| D::Error::custom("no number"))
}

/// Reads a count written as number or string; empty string and `null` are none.
pub(crate) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    number(from)?.map(|number| u64::try_from(number).map_err(|_| D::Error::custom("a count below zero"))).transpose()
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, as number or as string")
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<Self::Value, E> {
        if digits.is_empty() {
            return Ok(None);
        }
        digits.parse().map(Some).map_err(|_| E::custom("a string that is no whole number"))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        i64::try_from(number).map(Some).map_err(|_| E::custom("a number beyond all bounds"))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Reads a share such as `"0.620856"`, `1.0` or, in XML, `1.000`; empty string and `null` are none
/// (`artist.getSimilar/docs_sample.json`, `track.getSimilar/pylast_track_get_similar.xml`).
pub(crate) fn ratio<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let ratio = match Option::<Share<'de>>::deserialize(from)? {
        Some(Share::Number(ratio)) => Some(ratio),
        Some(Share::Text(text)) if text.is_empty() => None,
        Some(Share::Text(text)) => Some(text.parse().map_err(|_| D::Error::custom("a text that is no number"))?),
        None => None,
    };
    if ratio.is_some_and(|ratio| !ratio.is_finite()) {
        return Err(D::Error::custom("a number beyond all bounds"));
    }
    Ok(ratio)
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Share<'a> {
    Number(f64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

/// Reads a length. Unlike every other number it is known to be written as words that are none, and 0 stands for "not
/// known" (clients of `track.getInfo` meet both); these are none.
pub(crate) fn length<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let digits = text(from)?;
    Ok(digits.and_then(|digits| digits.trim().parse().ok()).filter(|length| *length > 0))
}

/// The last second of the year 9999: anything later is not in seconds.
const LAST_SECOND: i64 = 253_402_300_799;

#[derive(serde::Deserialize)]
struct Date {
    #[serde(deserialize_with = "required_number")]
    uts: i64,
}

/// Reads a moment. A date that is there must be readable: a listen at an unknown moment would be a wrong reading.
pub(crate) fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let Object(Date { uts }) = Object::deserialize(from)?;
    if uts > LAST_SECOND {
        return Err(D::Error::custom("a moment that is not in seconds"));
    }
    Ok(Some(uts))
}

/// Reads a yes or no: `"1"`, `1`, `"true"` or `true`, and their opposites; empty string and `null` are none.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    from.deserialize_any(FlagVisitor)
}

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = Option<bool>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a yes or no")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Some(flag))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "1" | "true" => Ok(Some(true)),
            "0" | "false" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(E::custom("a string that is neither yes nor no")),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        match number {
            0 | 1 => Ok(Some(number == 1)),
            _ => Err(E::custom("a number that is neither 0 nor 1")),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Reads a list, or one bare element as a list of one. Blank text and `null` are none, which is not the same
/// as an empty list.
pub(crate) fn one_or_many<'de, D, T>(from: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    from.deserialize_any(ListVisitor(PhantomData))
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list, or one element of it")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(Some(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, element: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(element)).map(|element| Some(vec![element]))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.trim().is_empty() { Ok(None) } else { Err(E::custom("a text where a list was expected")) }
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Reads an object; blank text, which is how an empty one is written in XML, and `null` are the default.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    some_object(from).map(Option::unwrap_or_default)
}

/// Reads an object; blank text and `null` are none.
pub(crate) fn some_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    from.deserialize_any(SomeObjectVisitor(PhantomData))
}

struct SomeObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SomeObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Some)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.trim().is_empty() { Ok(None) } else { Err(E::custom("a text where an object was expected")) }
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// A value that is written as an object and as nothing else. By itself a derived reader would take an array for
/// the fields in order, and so read a changed document wrongly.
#[derive(Debug, Default)]
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
    }
}

/// A name with its MusicBrainz id, in any of the three forms.
#[derive(Debug, Default)]
pub(crate) struct Named<'a> {
    /// `None` when the key was missing or `null`, empty when it was there and empty.
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) mbid: Option<Cow<'a, str>>,
    pub(crate) url: Option<Cow<'a, str>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Named<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NamedVisitor)
    }
}

struct NamedVisitor;

impl<'de> Visitor<'de> for NamedVisitor {
    type Value = Named<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or an object with a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Named { name: Some(Cow::Borrowed(name)), ..Named::default() })
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Named { name: Some(Cow::Owned(name.to_owned())), ..Named::default() })
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Named::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut named = Named::default();
        let (mut has_name, mut has_mbid) = (false, false);
        while let Some(key) = object.next_key::<NamedKey>()? {
            match key {
                NamedKey::Name if std::mem::replace(&mut has_name, true) => {
                    return Err(A::Error::custom("a name given twice"));
                }
                NamedKey::Mbid if std::mem::replace(&mut has_mbid, true) => {
                    return Err(A::Error::duplicate_field("mbid"));
                }
                NamedKey::Name => named.name = object.next_value::<Text<'de>>()?.0,
                NamedKey::Mbid => named.mbid = object.next_value::<Text<'de>>()?.0,
                NamedKey::Url => named.url = object.next_value::<Text<'de>>()?.0,
                NamedKey::Other => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(named)
    }
}

#[derive(serde::Deserialize)]
#[serde(field_identifier)]
enum NamedKey {
    #[serde(rename = "#text", alias = "name")]
    Name,
    #[serde(rename = "mbid")]
    Mbid,
    #[serde(rename = "url")]
    Url,
    #[serde(other)]
    Other,
}

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow, deserialize_with = "text")] Option<Cow<'a, str>>);

/// A text, with the empty one as none.
pub(crate) fn filled(text: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    text.filter(|text| !text.is_empty())
}
