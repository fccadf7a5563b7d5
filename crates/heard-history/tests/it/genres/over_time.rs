//! Genres over time: what entered the rotation, what left it, and what followed what.

use heard_history::columns::Columns;
use heard_history::genres::{Genre, Vocabulary};
use heard_history::stats::{
    By, Filter, GenresOverTime, Period, Unit, genres_over_time, listens, top_genres, transitions,
};
use heard_history::zone::Zone;

use super::{Heard, NOW};
use crate::seeds;

/// Plays on evenings: so many of an artist on a day of 2023, five minutes apart.
fn evenings(evenings: &[(&str, usize, &'static str)]) -> Heard {
    let heard = Heard { folder: tempfile::tempdir().unwrap() };
    let at = |day: &str| format!("2023-{day}T20:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
    let plays: Vec<(i64, [&str; 3])> = evenings
        .iter()
        .flat_map(|(day, plays, artist)| {
            (0..*plays as i64).map(move |nth| (at(day) + nth * 300, [*artist, "", "Song"]))
        })
        .collect();
    heard.take_in_at("ann", &plays);
    let mut tags = heard.tags();
    for (artist, genre) in [("Ora", "shoegaze"), ("Mira", "techno"), ("Ida", "black metal"), ("Vinge", "dub")] {
        tags.tell("artist", artist, "", "artist.getTopTags", &[(genre, Some(1))]);
    }
    heard
}

fn over_time(columns: &Columns, main: bool) -> GenresOverTime {
    genres_over_time(columns, (Unit::Month, By::Plays, main), &Filter::default(), &Zone::utc(), NOW).unwrap()
}

fn names(genres: &[Genre]) -> String {
    genres.iter().map(|genre| Vocabulary::own().name_of(*genre)).collect::<Vec<_>>().join(", ")
}

#[test]
fn genres_enter_come_back_and_leave() {
    let heard = evenings(&[
        ("01-03", 8, "Ora"),
        ("01-04", 8, "Mira"),
        ("01-05", 2, "Ida"),
        // Nobody knows what this is.
        ("02-01", 5, "Nobody"),
        ("03-01", 9, "Mira"),
        ("03-02", 3, "Ida"),
        ("05-01", 4, "Ora"),
        ("05-02", 4, "Vinge"),
        ("05-03", 4, "Ida"),
    ]);
    let found = over_time(&heard.columns(), false);
    let told: Vec<(String, u64, u64, String, String, String)> = found
        .units
        .iter()
        .map(|it| {
            let coverage = (it.coverage.plays, it.coverage.with_genres());
            (it.unit.to_string(), coverage.0, coverage.1, names(&it.entered), names(&it.back), names(&it.left))
        })
        .collect();
    let row = |at: &str, plays, known, [entered, back, left]: [&str; 3]| {
        (at.to_owned(), plays, known, entered.to_owned(), back.to_owned(), left.to_owned())
    };
    assert_eq!(
        told,
        [
            row("2023-01", 18, 18, ["", "", ""]),
            row("2023-02", 5, 0, ["", "", ""]),
            row("2023-03", 12, 12, ["black metal", "", "shoegaze"]),
            row("2023-04", 0, 0, ["", "", ""]),
            row("2023-05", 12, 12, ["dub", "shoegaze", "techno"]),
        ]
    );
    assert_eq!((found.coverage.plays, found.coverage.with_genres()), (47, 42));
    let entropy: Vec<f64> = found.units.iter().map(|unit| (unit.entropy * 1e3).round() / 1e3).collect();
    assert_eq!(entropy, [1.392, 0.0, 0.811, 0.0, 1.585], "three equal genres take the logarithm of three");
    let metal = Vocabulary::own().find("metal").unwrap();
    let main = over_time(&heard.columns(), true);
    assert_eq!(main.units[2].share(metal), 0.25, "black metal is metal");
    assert_eq!(main.rows.iter().map(|row| row.plays).sum::<f64>(), 42.0);
}

#[test]
fn what_follows_what_is_told_within_a_sitting() {
    let heard = evenings(&[("01-03", 3, "Ora"), ("01-05", 2, "Mira"), ("01-06", 1, "Ora")]);
    // In between: from Ora to Ida and back, to one without genres, and half an hour and a second later.
    let at = "2023-02-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    let times =
        [(0, "Ora"), (300, "Ida"), (600, "Ora"), (900, "Nobody"), (1_200, "Ida"), (3_000, "Mira"), (4_801, "Ora")];
    let plays: Vec<(i64, [&str; 3])> =
        times.iter().map(|(after, artist)| (at + after, [*artist, "", "Song"])).collect();
    heard.take_in_at("ann", &plays);
    let found = transitions(&heard.columns(), false, &Filter::default(), &Zone::utc(), NOW, 10).unwrap();
    let rows: Vec<(String, u64)> = found.rows.iter().map(|row| (names(&[row.from, row.to]), row.times)).collect();
    let told = |text: &str| (text.to_owned(), 1);
    assert_eq!(
        rows,
        [told("black metal, shoegaze"), told("black metal, techno"), told("shoegaze, black metal")],
        "equal ones by name"
    );
    assert_eq!((found.total, found.same), (3 + 3, 3));
    let main = transitions(&heard.columns(), true, &Filter::default(), &Zone::utc(), NOW, 1).unwrap();
    assert_eq!((names(&[main.rows[0].from, main.rows[0].to]), main.rows.len()), ("metal, electronic".to_owned(), 1));
}

#[test]
fn a_filter_for_a_genre_has_its_kinds_in_it() {
    let heard = evenings(&[("01-03", 3, "Ora"), ("01-05", 2, "Mira"), ("01-06", 1, "Ida"), ("01-07", 5, "Nobody")]);
    let columns = heard.columns();
    let count = |tag: &str| {
        let filter = Filter { tag: Some(tag.to_owned()), ..Filter::default() };
        let found = top_genres(&columns, (By::Plays, false), &filter, &Zone::utc(), NOW, 10).unwrap();
        assert_eq!(found.coverage.plays, found.coverage.with_genres(), "plays without genres are none of them");
        assert_eq!(found.coverage.plays, listens(&columns, &filter, &Zone::utc(), NOW, 3).unwrap().total);
        found.coverage.plays
    };
    assert_eq!(["rock", "Shoegazing", "electronic", "techno", "metal", "black metal"].map(count), [3, 3, 2, 2, 1, 1]);
    assert_eq!(["polka", "seen live", ""].map(count), [0; 3]);
    let filter = Filter { tag: Some("metal".to_owned()), period: Period::Year(2022), ..Filter::default() };
    assert_eq!(listens(&columns, &filter, &Zone::utc(), NOW, 3).unwrap().total, 0);
}

#[test]
fn without_any_tag_everything_is_without_genres() {
    let heard = Heard::of(&[["Ora", "", "One"]]);
    let columns = heard.columns();
    let found = over_time(&columns, false);
    assert_eq!((found.coverage.plays, found.coverage.with_genres(), found.rows.len()), (1, 0, 0));
    assert_eq!(found.units.len(), 1);
    assert_eq!(transitions(&columns, false, &Filter::default(), &Zone::utc(), NOW, 9).unwrap().total, 0);
    let filter = Filter { tag: Some("rock".to_owned()), ..Filter::default() };
    assert_eq!(listens(&columns, &filter, &Zone::utc(), NOW, 3).unwrap().total, 0);
}

#[test]
fn the_shares_of_every_unit_sum_to_one_whatever_is_tagged() {
    seeds::each(4, |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let own = Vocabulary::own();
        let artists: Vec<String> = (0..30).map(|n| format!("Artist {n} {}", random.char(..))).collect();
        let mut at = 1_500_000_000;
        let plays: Vec<(i64, [&str; 3])> = (0..400)
            .map(|_| {
                at += random.i64(1..400_000);
                (at, [artists[random.usize(0..artists.len())].as_str(), "", "Song"])
            })
            .collect();
        let heard = Heard { folder: tempfile::tempdir().unwrap() };
        heard.take_in_at("ann", &plays);
        let mut tags = heard.tags();
        for artist in artists.iter().skip(6) {
            let told: Vec<(String, Option<i64>)> = (0..random.usize(0..50))
                .map(|_| {
                    let genre = own.name_of(own.at(random.usize(0..own.len())).unwrap()).to_owned();
                    (if random.bool() { genre } else { random.char(..).to_string() }, Some(random.i64(0..101)))
                })
                .collect();
            let told: Vec<(&str, Option<i64>)> = told.iter().map(|(tag, weight)| (tag.as_str(), *weight)).collect();
            tags.tell("artist", artist, "", "artist.getTopTags", &told);
        }
        for main in [false, true] {
            for unit in over_time(&heard.columns(), main).units {
                let sum: f64 = unit.genres.iter().map(|row| unit.share(row.genre)).sum();
                let known = unit.coverage.with_genres() > 0;
                assert!(if known { (sum - 1.0).abs() < 1e-5 } else { sum == 0.0 }, "{}: {sum}", unit.unit);
                assert!(unit.entropy >= 0.0 && unit.entropy <= (unit.genres.len().max(1) as f64).log2() + 1e-9);
            }
        }
    });
}
