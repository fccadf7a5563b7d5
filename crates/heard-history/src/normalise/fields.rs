//! What the services write into the fields of a JSON record, and what of it is believed.
//!
//! Types say how a field may be written: a value of another type makes its record a reject, since a guess would be a
//! wrong reading. A field that is missing and one that is `null` are the same.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::moments;
use crate::facts::{Play, Reason, Sounding, Why};
use crate::listen::UNDATED;

/// The last second of the year 9999: anything later is not in seconds.
const LAST_SECOND: i64 = 253_402_300_799;

/// A text, borrowed where it holds no escapes.
#[derive(Debug)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

/// A whole number, written as a number or as a text of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// The number. Of one with a fraction, the whole part below it.
    Known(i64),
    /// An empty text.
    Blank,
    /// A text that is no number, or a number beyond all bounds.
    Unreadable,
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, as number or as text")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
        Ok(Number::Known(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        Ok(i64::try_from(number).map_or(Number::Unreadable, Number::Known))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        // Whatever lies beyond is cut to the ends of the range, which no moment and no duration reaches.
        #[allow(clippy::cast_possible_truncation, reason = "it saturates, as said above")]
        Ok(Number::Known(number.floor() as i64))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        let digits = text.trim();
        if digits.is_empty() {
            return Ok(Number::Blank);
        }
        Ok(digits.parse().map_or(Number::Unreadable, Number::Known))
    }
}

/// The milliseconds of a field, where it tells any.
///
/// # Errors
/// The field holds something that is no number.
pub(super) fn duration(told: Option<Number>) -> Result<Option<i64>, Why> {
    match told {
        None | Some(Number::Blank) => Ok(None),
        Some(Number::Known(number)) => Ok(Some(number)),
        Some(Number::Unreadable) => Err(Why::Reject(Reason::Malformed)),
    }
}

/// The moment that a field tells in Unix seconds.
///
/// # Errors
/// The reason for which its record is left out.
pub(super) fn seconds(told: Option<Number>) -> Result<i64, Why> {
    match told {
        None | Some(Number::Blank) => Err(Why::Reject(Reason::NoTime)),
        Some(Number::Unreadable) => Err(Why::Reject(Reason::BadTime)),
        Some(Number::Known(second)) => plausible(second),
    }
}

/// The moment that a field tells in milliseconds since 1970, in seconds.
///
/// # Errors
/// The reason for which its record is left out.
pub(super) fn milliseconds(told: Option<Number>) -> Result<i64, Why> {
    seconds(told.map(|told| match told {
        Number::Known(number) => Number::Known(number.div_euclid(1000)),
        other => other,
    }))
}

/// The moment that a field tells as RFC 3339 has it, with its zone; fractions of a second are dropped.
///
/// # Errors
/// The reason for which its record is left out.
pub(super) fn moment(told: Option<Text<'_>>) -> Result<i64, Why> {
    let text = told.map_or(Cow::Borrowed(""), |text| text.0);
    if text.trim().is_empty() {
        return Err(Why::Reject(Reason::NoTime));
    }
    if let Some(second) = utc_second(&text) {
        return Ok(second);
    }
    let moment: Timestamp = text.trim().parse().map_err(|_| Why::Reject(Reason::BadTime))?;
    if moment < Timestamp::UNIX_EPOCH { Err(Why::Reject(Reason::BadTime)) } else { Ok(moment.as_second()) }
}

/// Reads `2023-09-04T03:56:12Z`, as most files write all their moments, and nothing else: what is rare is left to the
/// one who knows all of RFC 3339, and so is what is no moment.
fn utc_second(text: &str) -> Option<i64> {
    let &[y3, y2, y1, y0, b'-', o1, o0, b'-', d1, d0, b'T', h1, h0, b':', m1, m0, b':', s1, s0, b'Z'] = text.as_bytes()
    else {
        return None;
    };
    let two = |tens: u8, ones: u8| {
        let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
        is_number.then(|| (tens - b'0').cast_signed() * 10 + (ones - b'0').cast_signed())
    };
    let year = i16::from(two(y3, y2)?) * 100 + i16::from(two(y1, y0)?);
    let moment = DateTime::new(year, two(o1, o0)?, two(d1, d0)?, two(h1, h0)?, two(m1, m0)?, two(s1, s0)?, 0).ok()?;
    (1970..9999).contains(&year).then(|| moments::utc_second(moment))
}

/// The moment itself, if a calendar of four-digit years from 1970 on has it.
///
/// # Errors
/// It has not: the reason for which its record is left out.
pub(super) fn plausible(second: i64) -> Result<i64, Why> {
    if (0..=LAST_SECOND).contains(&second) { Ok(second) } else { Err(Why::Reject(Reason::BadTime)) }
}

/// How long something sounded, in whole seconds; a service's negative milliseconds are none.
pub(super) fn whole_seconds(ms_played: Option<i64>) -> i64 {
    ms_played.unwrap_or(0).max(0) / 1000
}

/// A play of that name. Its row and everything else is for others to fill in.
///
/// # Errors
/// A name is missing, is blank, or holds a NUL; or there is no moment.
pub(super) fn play<'a>(
    artist: Option<Text<'a>>,
    track: Option<Text<'a>>,
    played_at: impl FnOnce() -> Result<i64, Why>,
) -> Result<Play<'a>, Why> {
    let artist = name(artist, Reason::NoArtist)?;
    let track = name(track, Reason::NoTrack)?;
    Ok(Play {
        row: 0,
        played_at: played_at()?,
        artist,
        album: None,
        track,
        artist_mbid: None,
        release_mbid: None,
        recording_mbid: None,
        sounding: Sounding::default(),
    })
}

/// Adds how long a play sounded of which the beginning is told.
pub(super) fn add_duration(play: &mut Play<'_>, ms_played: Option<i64>) {
    play.sounding.ms_played = ms_played;
    if ms_played.is_some() && play.played_at != UNDATED {
        play.sounding.ended_at = Some(play.played_at.saturating_add(whole_seconds(ms_played)));
    }
}

fn name(told: Option<Text<'_>>, missing: Reason) -> Result<Cow<'_, str>, Why> {
    let Some(Text(name)) = told.filter(|name| !name.0.trim().is_empty()) else { return Err(Why::Reject(missing)) };
    whole(name)
}

/// A name or id that may be missing; a blank one is.
///
/// # Errors
/// It holds a NUL.
pub(super) fn optional(told: Option<Text<'_>>) -> Result<Option<Cow<'_, str>>, Why> {
    told.filter(|text| !text.0.trim().is_empty()).map(|text| whole(text.0)).transpose()
}

/// JSON has a NUL only behind an escape, and so only in a text that could not be borrowed.
fn whole(text: Cow<'_, str>) -> Result<Cow<'_, str>, Why> {
    match &text {
        Cow::Owned(owned) if owned.contains('\0') => Err(Why::Reject(Reason::Nul)),
        _ => Ok(text),
    }
}

/// Several names as one: with `, ` between them, in the order of the file.
pub(super) fn joined<'a>(mut names: Vec<Text<'a>>) -> Option<Text<'a>> {
    if names.len() < 2 || names.iter().all(|name| name.0.trim().is_empty()) {
        return names.pop();
    }
    let names: Vec<_> = names.iter().map(|name| &*name.0).collect();
    Some(Text(Cow::Owned(names.join(", "))))
}

/// A value that is written as an object and as nothing else: a derived reader by itself would take an array for the
/// fields in their order.
#[derive(Debug, Default)]
pub(super) struct Object<T>(pub(super) T);

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

/// Ids where anybody may write anything: the one text that is told, alone or as the only element of a list. Ids of
/// several artists are no id of what they are together.
#[derive(Debug, Default)]
pub(super) struct OnlyId<'a>(pub(super) Option<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for OnlyId<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OnlyIdVisitor)
    }
}

struct OnlyIdVisitor;

impl<'de> Visitor<'de> for OnlyIdVisitor {
    type Value = OnlyId<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(OnlyId(Some(Text(Cow::Borrowed(text)))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(OnlyId(Some(Text(Cow::Owned(text.to_owned())))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let first = list.next_element::<OnlyId<'de>>()?.unwrap_or_default();
        let mut alone = true;
        while list.next_element::<IgnoredAny>()?.is_some() {
            alone = false;
        }
        Ok(if alone { first } else { OnlyId(None) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(OnlyId(None))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(OnlyId(None))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(OnlyId(None))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(OnlyId(None))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(OnlyId(None))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(OnlyId(None))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use jiff::Timestamp;

    use super::{Text, moment, utc_second};
    use crate::facts::{Reason, Why};

    #[test]
    fn the_short_way_tells_what_the_long_way_tells() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2000-02-29T23:59:59Z",
            "2023-09-04T03:56:12Z",
            "2100-02-28T12:00:00Z",
            "9998-12-31T23:59:59Z",
        ] {
            let long: Timestamp = text.parse().unwrap();
            assert_eq!(utc_second(text), Some(long.as_second()), "{text}");
        }
    }

    #[test]
    fn what_is_rare_goes_the_long_way() {
        let told = |text: &'static str| moment(Some(Text(Cow::Borrowed(text))));
        for (text, second) in [
            ("2016-12-31T23:59:60Z", 1_483_228_799),
            (" 2023-09-04T03:56:12Z ", 1_693_799_772),
            ("2023-09-04T03:56:12.5Z", 1_693_799_772),
            ("2023-09-04 05:56:12+02:00", 1_693_799_772),
            ("2023-09-04t03:56:12z", 1_693_799_772),
        ] {
            assert_eq!((utc_second(text), told(text)), (None, Ok(second)), "{text}");
        }
        for text in [
            "1969-12-31T23:59:59Z",
            "2023-02-29T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "2023-01-01T24:00:00Z",
            "2023-01-01T00:60:00Z",
            "9999-12-31T23:59:59Z",
            "2023-09-04T03:56:1:Z",
            "2023-09-04T0/:56:12Z",
            "２023-09-04T03:56:12",
        ] {
            assert_eq!((utc_second(text), told(text)), (None, Err(Why::Reject(Reason::BadTime))), "{text}");
        }
    }
}
