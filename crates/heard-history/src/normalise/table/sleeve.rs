//! What a table tells of a track besides its names: whose album it is on, where on it, and how long it is.

use std::borrow::Cow;

use super::{Column, Table};
use crate::facts::Sleeve;

/// Nothing lasts a day: a larger count of seconds is one of milliseconds.
const DAY_S: u64 = 86_400;

/// Where it stands in a table.
pub(super) struct OnSleeve {
    album_artist: Option<usize>,
    number: Option<usize>,
    /// The column, and whether it counts milliseconds.
    length: Option<(usize, bool)>,
}

impl OnSleeve {
    /// `None` for a table that tells nothing of it.
    pub(super) fn of(table: &Table) -> Option<Self> {
        let at = |column: Column| table.columns.iter().position(|other| *other == column);
        let (album_artist, number) = (at(Column::AlbumArtist), at(Column::TrackNumber));
        let length = at(Column::LengthMs).map(|at| (at, true)).or_else(|| at(Column::Length).map(|at| (at, false)));
        let tells = album_artist.is_some() || number.is_some() || length.is_some();
        tells.then_some(Self { album_artist, number, length })
    }

    /// What a record has of it. What cannot be read is not told: it is no reason to doubt the play.
    pub(super) fn read<'a>(&self, text: impl Fn(usize) -> Cow<'a, str>) -> Sleeve<'a> {
        let length = |(at, is_ms): (usize, bool)| if is_ms { count(&text(at)) } else { length_ms(&text(at)) };
        Sleeve {
            album_artist: self.album_artist.map(&text).filter(|artist| !artist.trim().is_empty()),
            number: self.number.and_then(|at| number(&text(at))),
            length_ms: self.length.and_then(length).filter(|length| *length > 0),
        }
    }
}

/// A place on an album, as `7` or, of nine, `7/9`.
pub(in crate::normalise) fn number(text: &str) -> Option<u32> {
    let place = text.split_once('/').map_or(text, |(place, _)| place);
    place.trim().parse().ok().filter(|place| *place > 0)
}

/// A length in milliseconds, from seconds (parts of one are cut off), minutes and seconds (`4:19`), or hours, minutes
/// and seconds (`00:04:19`).
pub(in crate::normalise) fn length_ms(text: &str) -> Option<u64> {
    let mut seconds = 0_u64;
    let mut parts = text.trim().split(':');
    let (last, mut places) = (parts.next_back()?, 0);
    for part in parts {
        places += 1;
        seconds = seconds.checked_add(count(part)?)?.checked_mul(60)?;
    }
    let (last, fraction) = last.split_once('.').unwrap_or((last, ""));
    let is_clock = places > 0;
    let fits = places <= 2 && (!is_clock || last.len() == 2) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = seconds.checked_add(count(last).filter(|last| fits && (!is_clock || *last < 60))?)?;
    if !is_clock && seconds > DAY_S { Some(seconds) } else { seconds.checked_mul(1000) }
}

fn count(text: &str) -> Option<u64> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        for (text, ms) in [
            ("259", Some(259_000)),
            (" 259.75 ", Some(259_000)),
            ("4:19", Some(259_000)),
            ("04:19", Some(259_000)),
            ("00:04:19", Some(259_000)),
            ("1:00:00", Some(3_600_000)),
            ("75:30", Some(4_530_000)),
            ("259000", Some(259_000)),
            ("86400", Some(86_400_000)),
            ("0", Some(0)),
            ("", None),
            (":19", None),
            ("4:", None),
            ("4:9", None),
            ("4:60", None),
            ("1:2:3:04", None),
            ("-5", None),
            ("+5", None),
            ("4m19s", None),
            ("four", None),
            ("4.1.9", None),
            ("99999999999999999999", None),
            ("999999999999999999:00", None),
        ] {
            assert_eq!(length_ms(text), ms, "{text:?}");
        }
    }

    #[test]
    fn places_are_read_as_tags_write_them() {
        for (text, place) in
            [("7", Some(7)), (" 07 ", Some(7)), ("7/9", Some(7)), ("0", None), ("A1", None), ("", None)]
        {
            assert_eq!(number(text), place, "{text:?}");
        }
    }

    #[test]
    fn a_table_tells_what_it_has() {
        let table = |columns: &[Column]| Table {
            delimiter: super::super::Delimiter::Comma,
            quoting: super::super::Quoting::Quoted,
            columns: columns.to_vec(),
            without_moment: super::super::WithoutMoment::Missing,
            apostrophes: false,
            na: false,
        };
        assert!(OnSleeve::of(&table(&[Column::Artist, Column::Track, Column::Ignored])).is_none());
        let on = OnSleeve::of(&table(&[Column::Length, Column::AlbumArtist, Column::TrackNumber])).unwrap();
        let read = |cells: [&'static str; 3]| on.read(|at| Cow::Borrowed(cells[at]));
        let whole = Sleeve { album_artist: Some("Others".into()), number: Some(3), length_ms: Some(61_000) };
        assert_eq!(read(["1:01", "Others", "3"]), whole);
        assert_eq!(read(["soon", " ", "last"]), Sleeve::default());
        let ms = OnSleeve::of(&table(&[Column::LengthMs, Column::Length])).unwrap();
        assert_eq!(ms.read(|at| Cow::Borrowed(["259000", "4:19"][at])).length_ms, Some(259_000));
        assert_eq!(ms.read(|_| Cow::Borrowed("4:19")).length_ms, None);
    }
}
