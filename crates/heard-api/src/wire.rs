//! How the service writes numbers, moments and pictures, and the fields of answers that are read and written so.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::lenient;

/// A number in a string, as nearly every number of the service is (`user.getInfo/lb_sample.json`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits<T>(pub(crate) T);

impl<T: fmt::Display> Serialize for Digits<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

/// One size of a picture.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Picture<'a> {
    pub(crate) size: &'a str,
    #[serde(rename = "#text")]
    pub(crate) url: &'a str,
}

/// The four sizes without a picture; clients count on the list.
pub(crate) fn blank_pictures() -> [Picture<'static>; 4] {
    ["small", "medium", "large", "extralarge"].map(|size| Picture { size, url: "" })
}

/// A moment as the service words it, `21 Jul 2011, 15:12` in UTC; empty before 1970 and after 9999.
pub(crate) fn date_text(unix_seconds: i64) -> String {
    const LAST_SECOND: u64 = 253_402_300_799;
    let Some(since) = u64::try_from(unix_seconds).ok().filter(|since| *since <= LAST_SECOND) else {
        return String::new();
    };
    // "Thu, 21 Jul 2011 15:12:50 GMT": the form of HTTP has the same words at fixed places.
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(since));
    format!("{}, {}", &date[5..16], &date[17..22])
}

/// A moment as a row has it.
#[derive(Debug, Serialize)]
pub(crate) struct Date {
    uts: Digits<i64>,
    #[serde(rename = "#text")]
    text: String,
}

impl Date {
    pub(crate) fn at(unix_seconds: i64) -> Self {
        Self { uts: Digits(unix_seconds), text: date_text(unix_seconds) }
    }
}

/// Writes a number as text.
pub(crate) fn as_text<S: Serializer, T: fmt::Display>(number: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(number)
}

/// A field's two directions for `#[serde(with)]`: how it is read, and how what is there is written. What is not there
/// is left out by `skip_serializing_if`, or written as the empty text.
macro_rules! both_ways {
    ($(#[$doc:meta])* $module:ident: $type:ty, $read:path, |$value:ident| $written:expr) => {
        $(#[$doc])*
        pub(crate) mod $module {
            use super::*;

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<$type>, D::Error> {
                $read(from)
            }

            pub(crate) fn serialize<S: Serializer>(value: &Option<$type>, to: S) -> Result<S::Ok, S::Error> {
                match value {
                    Some($value) => $written.serialize(to),
                    None => to.serialize_str(""),
                }
            }
        }
    };
}

both_ways!(
    /// A text; empty is none.
    text: String, owned_text, |text| text
);
both_ways!(
    /// A count in a text, as most are.
    digits: u64, lenient::count, |count| Digits(count)
);
both_ways!(
    /// A count as a number, as some are.
    number: u64, lenient::count, |count| count
);
both_ways!(
    /// A length in a text.
    length: u64, lenient::length, |length| Digits(length)
);
both_ways!(
    /// A share as a number (`track.getSimilar`).
    ratio: f64, lenient::ratio, |ratio| ratio
);
both_ways!(
    /// A share in a text (`artist.getSimilar`).
    ratio_text: f64, lenient::ratio, |ratio| Digits(ratio)
);
both_ways!(
    /// A yes or no as `"1"` or `"0"`.
    flag: bool, lenient::flag, |flag| Digits(u8::from(*flag))
);
both_ways!(
    /// A moment as `{uts,#text}`.
    date: i64, lenient::date, |at| Date::at(*at)
);
both_ways!(
    /// `{"rank":"1"}`
    rank: u64, read_rank, |rank| Attributes { rank: Some(Digits(*rank)), position: None }
);
both_ways!(
    /// `{"position":"1"}`
    position: u64, read_position, |place| Attributes { rank: None, position: Some(Digits(*place)) }
);

fn owned_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(lenient::filled(lenient::text(from)?).map(Cow::into_owned))
}

/// What stands in the `@attr` of a row.
#[derive(Serialize)]
struct Attributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<Digits<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Digits<u64>>,
}

#[derive(Default, Deserialize)]
struct AttributesRead {
    #[serde(default, deserialize_with = "lenient::count")]
    rank: Option<u64>,
    #[serde(default, deserialize_with = "lenient::count")]
    position: Option<u64>,
}

fn read_rank<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    lenient::object::<D, AttributesRead>(from).map(|attributes| attributes.rank)
}

fn read_position<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    lenient::object::<D, AttributesRead>(from).map(|attributes| attributes.position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_worded_as_by_the_service() {
        assert_eq!(date_text(1_311_261_170), "21 Jul 2011, 15:12");
        assert_eq!(date_text(0), "01 Jan 1970, 00:00");
        assert_eq!(date_text(253_402_300_799), "31 Dec 9999, 23:59");
        assert_eq!(date_text(253_402_300_800), "");
        assert_eq!(date_text(-1), "");
    }
}
