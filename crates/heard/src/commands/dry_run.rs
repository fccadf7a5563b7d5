//! What decisions would change in the rankings, without keeping them.

use std::collections::BTreeMap;
use std::io;

use heard_api::Clock;
use heard_history::columns::{self, Columns};
use heard_history::decide::preview;
use heard_history::facts::Decision;
use heard_history::home::Home;
use heard_history::stats::{By, Counting, Filter, Kind, ranking};
use heard_history::store::Store;
use serde::Serialize;

use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, grouped};

/// Places of rankings beyond this one are not looked at.
const FIRST: usize = 100;

const KINDS: [Kind; 3] = [Kind::Artists, Kind::Albums, Kind::Tracks];

/// A place in a ranking: the rank and the plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    rank: usize,
    plays: u64,
}

/// A name of a ranking whose place changes. `None` where it has none.
struct Change {
    kind: Kind,
    artist: String,
    title: Option<String>,
    before: Option<Place>,
    after: Option<Place>,
}

/// All places of the three rankings, by artist and title.
type Places = [BTreeMap<(String, Option<String>), Place>; 3];

#[derive(Serialize)]
struct Row<'a> {
    kind: &'static str,
    rank_before: Option<usize>,
    rank_after: Option<usize>,
    artist: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track: Option<&'a str>,
    plays_before: u64,
    plays_after: u64,
}

#[derive(Serialize)]
struct Document<'a> {
    dry_run: bool,
    changes: Vec<Row<'a>>,
}

/// Prints which of the first places of the rankings would change. The home's columns are those of its store.
pub(super) fn show(home: &Home, config: &Config, decisions: &[Decision], printer: Printer) -> Result<(), Failure> {
    let now = Clock::system().now();
    let before = places(&Columns::open(&home.columns())?, config, now)?;
    let then = preview(home, &config.zone, &config.listener, decisions)?;
    let after = places_of(home, &then, config, now);
    then.discard()?;
    print(&changes(before, &after?), printer)
}

/// The places in a store that is only looked at. Its columns are gone afterwards, whatever came of it.
fn places_of(home: &Home, store: &Store, config: &Config, now: i64) -> Result<Places, Failure> {
    let path = home.root().join("plays.arrow.preview");
    let looked = columns::write(store, &store.generation()?, &path)
        .map_err(Failure::from)
        .and_then(|()| places(&Columns::open(&path)?, config, now));
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => looked.and(Err(Failure::file(&path, &error))),
        _ => looked,
    }
}

fn places(columns: &Columns, config: &Config, now: i64) -> Result<Places, Failure> {
    let filter = Filter {
        listener: Some(config.listener.clone()),
        counting: Counting {
            min_played_ms: i32::try_from(u64::from(config.min_played) * 1000).unwrap_or(i32::MAX),
            ..Counting::default()
        },
        ..Filter::default()
    };
    let mut places = Places::default();
    for (kind, places) in KINDS.into_iter().zip(&mut places) {
        let found = ranking(columns, kind, By::Plays, &filter, &config.zone, now, usize::MAX)?;
        let rows = found.rows.into_iter();
        places.extend(rows.map(|row| ((row.artist, row.title), Place { rank: row.rank, plays: row.plays })));
    }
    Ok(places)
}

/// What differs within the first places before or after, in the order of the ranks after.
fn changes(before: Places, after: &Places) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((kind, before), after) in KINDS.into_iter().zip(before).zip(after) {
        let mut of_kind: Vec<Change> = Vec::new();
        for (name, after) in after.iter().filter(|(name, _)| !before.contains_key(name)) {
            of_kind.push(change(kind, name.clone(), None, Some(*after)));
        }
        for (name, place) in before {
            let after = after.get(&name).copied();
            of_kind.push(change(kind, name, Some(place), after));
        }
        let rank = |place: Option<Place>| place.map_or(usize::MAX, |place| place.rank);
        of_kind.retain(|it| it.before != it.after && rank(it.before).min(rank(it.after)) <= FIRST);
        of_kind.sort_by_key(|it| (rank(it.after), rank(it.before)));
        changes.append(&mut of_kind);
    }
    changes
}

fn change(kind: Kind, name: (String, Option<String>), before: Option<Place>, after: Option<Place>) -> Change {
    Change { kind, artist: name.0, title: name.1, before, after }
}

fn print(changes: &[Change], printer: Printer) -> Result<(), Failure> {
    match printer.style {
        Style::Json => printer.json(&Document { dry_run: true, changes: changes.iter().map(row).collect() }),
        Style::Csv => {
            let header = ["kind", "rank_before", "rank_after", "artist", "title", "plays_before", "plays_after"];
            printer.csv(&header, &changes.iter().map(cells).collect::<Vec<_>>())
        }
        Style::Table if changes.is_empty() => {
            printer.say("no ranking changes");
            Ok(())
        }
        Style::Table => {
            printer.say(&format!("{} places of the first {FIRST} would change", grouped(changes.len() as u64)));
            let header = ["top", "rank", "then", "artist", "title", "plays", "then"];
            printer.table(&header, &changes.iter().map(cells).collect::<Vec<_>>(), &[1, 2, 5, 6])
        }
    }
}

fn row(change: &Change) -> Row<'_> {
    let title = change.title.as_deref();
    Row {
        kind: change.kind.name(),
        rank_before: change.before.map(|place| place.rank),
        rank_after: change.after.map(|place| place.rank),
        artist: &change.artist,
        album: title.filter(|_| change.kind == Kind::Albums),
        track: title.filter(|_| change.kind == Kind::Tracks),
        plays_before: change.before.unwrap_or_default().plays,
        plays_after: change.after.unwrap_or_default().plays,
    }
}

fn cells(change: &Change) -> Vec<String> {
    let rank = |place: Option<Place>| place.map(|place| place.rank.to_string()).unwrap_or_default();
    let plays = |place: Option<Place>| place.unwrap_or_default().plays.to_string();
    vec![
        change.kind.name().to_owned(),
        rank(change.before),
        rank(change.after),
        change.artist.clone(),
        change.title.clone().unwrap_or_default(),
        plays(change.before),
        plays(change.after),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(names: &[(&str, u64)]) -> BTreeMap<(String, Option<String>), Place> {
        let place =
            |(rank, (name, plays)): (usize, &(&str, u64))| (((*name).to_owned(), None), Place { rank, plays: *plays });
        (1..).zip(names).map(place).collect()
    }

    fn artists(names: &[(&str, u64)]) -> Places {
        [ranked(names), BTreeMap::new(), BTreeMap::new()]
    }

    #[test]
    fn only_what_moves_is_shown() {
        let before = artists(&[("a", 9), ("b", 5), ("c", 4), ("d", 1)]);
        let after = artists(&[("a", 9), ("c", 6), ("b", 3), ("e", 1)]);
        let shown: Vec<_> = changes(before, &after).iter().map(cells).collect();
        assert_eq!(
            shown,
            [
                ["artists", "3", "2", "c", "", "4", "6"],
                ["artists", "2", "3", "b", "", "5", "3"],
                ["artists", "", "4", "e", "", "0", "1"],
                ["artists", "4", "", "d", "", "1", "0"],
            ]
        );
        let same = || artists(&[("a", 9)]);
        assert!(changes(same(), &same()).is_empty());
    }

    #[test]
    fn places_beyond_the_first_hundred_are_left_out_unless_they_come_from_there() {
        let names: Vec<String> = (0..150).map(|n| format!("{n:03}")).collect();
        let mut many: Vec<(&str, u64)> = names.iter().map(|name| (&**name, 7)).collect();
        let before = artists(&many);
        let last = many.pop().unwrap();
        many.insert(0, last);
        let shown = changes(before, &artists(&many));
        assert_eq!(shown.len(), 101, "the first hundred, and the one that leaves them");
        assert_eq!((shown[0].artist.as_str(), shown[0].before.unwrap().rank), ("149", 150));
    }
}
