//! What rows about artists, albums and tracks share: kinds, names, changes of rank, units of the calendar.

use heard_history::stats::{Change, Kind, Unit};
use jiff::civil::Weekday;
use serde::Serialize;

use crate::args::{KindArg, UnitArgs, WeekdayArg};
use crate::config::Config;

/// The names in a row of `--json`.
#[derive(Serialize)]
pub(super) struct Named<'a> {
    artist: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track: Option<&'a str>,
}

impl<'a> Named<'a> {
    pub(super) fn new(kind: Kind, artist: &'a str, title: Option<&'a str>) -> Self {
        let of = |this: Kind| title.filter(|_| kind == this);
        Self { artist, album: of(Kind::Albums), track: of(Kind::Tracks) }
    }
}

/// The headings of the names in a table.
pub(super) fn named_header(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Artists => &["artist"],
        Kind::Albums => &["artist", "album"],
        Kind::Tracks => &["artist", "track"],
    }
}

/// The names in a row of a table.
pub(super) fn named_cells(artist: &str, title: Option<&str>) -> Vec<String> {
    std::iter::once(artist).chain(title).map(str::to_owned).collect()
}

pub(super) fn kind(arg: KindArg) -> Kind {
    match arg {
        KindArg::Artists => Kind::Artists,
        KindArg::Albums => Kind::Albums,
        KindArg::Tracks => Kind::Tracks,
    }
}

/// How a rank changed, as `--json` tells it: places up (down below 0), or a word.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ChangeValue {
    Places(i64),
    Word(&'static str),
}

/// The word for what was not there before.
const NEW: &str = "new";
/// The word for what was there, but not the last time.
const BACK: &str = "back";

impl ChangeValue {
    pub(super) fn of(change: Change) -> Self {
        match change {
            Change::Up(places) => Self::Places(places),
            Change::New => Self::Word(NEW),
        }
    }

    /// Since a rank before, where there was one; what was there at other times is back.
    pub(super) fn since(before: Option<usize>, rank: usize, was_there: bool) -> Self {
        let place = |rank: usize| i64::try_from(rank).unwrap_or(i64::MAX);
        match before {
            Some(before) => Self::Places(place(before) - place(rank)),
            None if was_there => Self::Word(BACK),
            None => Self::Word(NEW),
        }
    }

    /// For people: `▲3`, `▼1`, `=`, `new`.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Places(places) => Change::Up(*places).to_string(),
            Self::Word(word) => (*word).to_owned(),
        }
    }

    /// For programs that read CSV: `3`, `-1`, `new`.
    pub(super) fn cell(&self) -> String {
        match self {
            Self::Places(places) => places.to_string(),
            Self::Word(word) => (*word).to_owned(),
        }
    }
}

/// More or less than before, for people: `+3`, `−1`, `=`.
pub(super) fn difference(now: u64, before: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Equal => "=".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", crate::print::grouped(now - before)),
        std::cmp::Ordering::Less => format!("−{}", crate::print::grouped(before - now)),
    }
}

/// The day on which weeks begin: as typed, else as in the config.
pub(super) fn week_start(typed: Option<WeekdayArg>, config: &Config) -> Weekday {
    match typed.unwrap_or(config.week_start) {
        WeekdayArg::Monday => Weekday::Monday,
        WeekdayArg::Tuesday => Weekday::Tuesday,
        WeekdayArg::Wednesday => Weekday::Wednesday,
        WeekdayArg::Thursday => Weekday::Thursday,
        WeekdayArg::Friday => Weekday::Friday,
        WeekdayArg::Saturday => Weekday::Saturday,
        WeekdayArg::Sunday => Weekday::Sunday,
    }
}

/// The unit that was asked for; months, where none was.
pub(super) fn unit_of(args: &UnitArgs, config: &Config) -> Unit {
    let flags = [args.by_day, args.by_week, args.by_month, args.by_year];
    unit(flags, week_start(args.week_start, config), Unit::Month)
}

/// The unit that was asked for, by the flags' order: day, week, month, year.
pub(super) fn unit([day, week, month, year]: [bool; 4], week_start: Weekday, default: Unit) -> Unit {
    match (day, week, month, year) {
        (true, ..) => Unit::Day,
        (_, true, ..) => Unit::Week(week_start),
        (_, _, true, _) => Unit::Month,
        (.., true) => Unit::Year,
        _ => default,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_read_as_they_are_meant() {
        let shown = |change: Change| ChangeValue::of(change).shown();
        assert_eq!([Change::Up(3), Change::Up(-1), Change::Up(0), Change::New].map(shown), ["▲3", "▼1", "=", "new"]);
        assert_eq!(ChangeValue::since(None, 3, true).cell(), "back");
        assert_eq!(ChangeValue::since(Some(2), 3, true).cell(), "-1");
        assert_eq!([difference(1_500, 100), difference(1, 2), difference(7, 7)], ["+1,400", "−1", "="]);
    }
}
