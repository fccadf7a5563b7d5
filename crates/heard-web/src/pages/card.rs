//! A year in review as a card to share.

use heard_history::stats::{By, Ranked, Ranking, Wrapped};

use super::words::{compared, count, plays, several};
use crate::chart::{CardList, Measure, ShareCard};

/// The content of the card: plays, artists, tracks and hours, the most heard, the hours of the day, and in the last line
/// what stands out. `listener` says whose it is; it may be empty. Without plays only the title stands there.
#[must_use]
pub fn wrapped_card(found: &Wrapped, listener: &str) -> ShareCard {
    let card = ShareCard {
        title: title(found),
        subtitle: listener.to_owned(),
        measure: measure(found.by),
        ..ShareCard::default()
    };
    let numbers = &found.numbers;
    if numbers.plays == 0 {
        return card;
    }
    let number = |number: usize, noun: &str| {
        (count(number as u64), if number == 1 { noun.to_owned() } else { format!("{noun}s") })
    };
    let time = (numbers.ms_played > 0).then(|| (count(numbers.ms_played / 3_600_000), "hours".to_owned()));
    let counted = [number(numbers.artists, "artist"), number(numbers.tracks, "track")];
    let list = |title: &str, found: &Ranking| CardList {
        title: title.to_owned(),
        rows: found.rows.iter().map(names).collect(),
    };
    ShareCard {
        number: count(numbers.plays),
        number_label: plays(numbers.plays).split_off(count(numbers.plays).len() + 1),
        numbers: counted.into_iter().chain(time).collect(),
        lists: vec![list("Top artists", &found.artists), list("Top tracks", &found.tracks)],
        hours: hours(found),
        footer: stands_out(found),
        ..card
    }
}

/// Letters that surely have room in the card's last line.
const ROOM: usize = 64;

/// The comparison with the period before, what is new, and days in a row: as many of them as have room.
fn stands_out(found: &Wrapped) -> String {
    let new = (found.new_artists > 0).then(|| several(found.new_artists as u64, "new artist"));
    let streak = found.streak.as_ref().filter(|streak| streak.days > 1);
    let streak = streak.map(|streak| format!("{} in a row", several(streak.days, "day")));
    let facts = [compared(found), new, streak].into_iter().flatten();
    facts
        .reduce(|line, fact| {
            let longer = format!("{line} · {fact}");
            if longer.chars().count() <= ROOM { longer } else { line }
        })
        .unwrap_or_default()
}

/// "2024 in music".
pub(super) fn title(found: &Wrapped) -> String {
    format!("{} in music", found.period)
}

pub(super) fn measure(by: By) -> Measure {
    match by {
        By::Plays => Measure::Count,
        By::Time => Measure::Time,
    }
}

/// What was asked for of plays and milliseconds.
pub(super) fn amount(by: By, plays: u64, ms_played: u64) -> u64 {
    match by {
        By::Plays => plays,
        By::Time => ms_played,
    }
}

pub(super) fn hours(found: &Wrapped) -> [u64; 24] {
    found.clock.hours().map(|hour| amount(found.by, hour.plays, hour.ms_played))
}

/// A place's first and second name.
pub(super) fn names(row: &Ranked) -> (String, Option<String>) {
    match &row.title {
        Some(title) => (title.clone(), Some(row.artist.clone())),
        None => (row.artist.clone(), None),
    }
}
