//! The questions about taste: changes of rank, charts, trends, discoveries, numbers.

use serde_json::{Value, json};

use crate::commands::remembered;
use crate::home::Home;

/// Plays that can be counted by hand: a day, how many in its evening, artist, album, track.
const PLAYS: [(&str, u32, &str, &str, &str); 22] = [
    ("2015-06-01", 3, "Old Harbour", "Piers", "Low Tide"),
    ("2022-03-04", 6, "Gone Lantern", "Wick", "Smoke"),
    ("2022-03-05", 2, "Old Harbour", "Piers", "Low Tide"),
    ("2023-02-10", 4, "Tin Meadow", "Hay", "Scythe"),
    ("2024-01-03", 2, "Tin Meadow", "Hay", "Scythe"),
    ("2024-01-04", 2, "東の灯台", "港", "霧"),
    // Week 7.
    ("2024-02-12", 3, "Tin Meadow", "Hay", "Scythe"),
    ("2024-02-13", 2, "Iron Coast", "", "Salt"),
    ("2024-02-18", 1, "Glass Oar", "Still", "Row"),
    // Week 8.
    ("2024-02-19", 3, "Iron Coast", "", "Salt"),
    ("2024-02-20", 2, "Tin Meadow", "Hay", "Barn"),
    ("2024-02-25", 9, "Mira Vale", "Nine", "Nine"),
    // Week 9.
    ("2024-02-26", 4, "Tin Meadow", "Hay", "Barn"),
    ("2024-02-27", 2, "Glass Oar", "Still", "Row"),
    ("2024-02-28", 2, "Old Harbour", "Piers", "Low Tide"),
    ("2024-02-29", 6, "Mira Vale", "Nine", "Ten"),
    ("2024-03-01", 6, "Mira Vale", "Nine", "Nine"),
    ("2024-03-02", 1, "=SUM(A1)", "\u{202e}evil", "\u{1b}[31m"),
    ("2024-03-02", 1, "فيروز", "كيفك إنت", "كيفك إنت"),
    ("2024-03-03", 1, "Unknown Artist", "", "Track 1"),
    // Behind the end of what is asked about.
    ("2024-03-04", 7, "Later Bell", "Peal", "Toll"),
    ("2024-03-05", 1, "Gone Lantern", "Wick", "Smoke"),
];

fn imported() -> Home {
    let evening =
        |(day, plays, artist, album, track): (&str, _, _, _, _)| (day.to_owned(), plays, [artist, album, track]);
    Home::with_evenings(PLAYS.into_iter().map(evening))
}

/// What is asked as if it were the night before 4 March 2024, a Monday.
const UNTIL: [&str; 2] = ["--to", "2024-03-04"];

#[test]
fn what_the_questions_about_taste_print() {
    let home = imported();
    for (name, words) in [
        ("charts", &["charts"][..]),
        ("charts_json", &["charts", "--json", "--kind", "albums", "-n", "2"]),
        ("charts_csv", &["charts", "--csv", "--kind", "tracks", "-n", "3"]),
        ("charts_of_a_month", &["charts", "--at", "2024-02", "-n", "3"]),
        ("charts_firsts", &["charts", "--by-year", "--all"]),
        ("charts_sunday", &["charts", "--week-start", "sunday", "-n", "3"]),
        ("charts_of_silence", &["charts", "--at", "2020-W53"]),
        ("trends", &["trends", "-n", "4"]),
        ("trends_json", &["trends", "--json", "-n", "2", "--movers", "1"]),
        ("trends_csv", &["trends", "--by-week", "--csv", "-n", "3"]),
        ("trends_tracks", &["trends", "--by-week", "--kind", "tracks", "-n", "3", "--movers", "3"]),
        ("trends_of_an_artist", &["trends", "--by-week", "--artist", "tin meadow", "-n", "5"]),
        ("trends_of_a_track_json", &["trends", "--by-year", "--track", "SCYTHE", "--json"]),
        ("trends_top", &["trends", "--top", "3"]),
        ("trends_top_json", &["trends", "--top", "2", "--by-year", "--kind", "tracks", "--json"]),
        ("trends_top_csv", &["trends", "--top", "2", "--by-week", "-n", "2", "--kind", "albums", "--csv"]),
        ("trends_top_of_an_artist", &["trends", "--top", "5", "--artist", "tin meadow", "--kind", "tracks"]),
        ("trends_top_of_nobody", &["trends", "--top", "5", "--artist", "tin medaow"]),
        ("trends_of_nobody", &["trends", "--artist", "tin medaow"]),
        ("discoveries", &["discoveries"]),
        ("discoveries_oldies", &["discoveries", "--list", "oldies", "--years", "7"]),
        ("discoveries_none", &["discoveries", "--list", "oldies", "--years", "8"]),
        ("discoveries_forgotten_csv", &["discoveries", "--list", "forgotten", "--csv"]),
        ("discoveries_months_csv", &["discoveries", "--list", "months", "--csv"]),
        ("discoveries_json", &["discoveries", "--json", "-n", "1", "--kind", "tracks"]),
        ("numbers", &["numbers"]),
        ("numbers_json", &["numbers", "--json", "-n", "2"]),
        ("numbers_csv", &["numbers", "--csv"]),
    ] {
        remembered(&home, &format!("taste_{name}"), &home.run(&[words, &UNTIL].concat()));
    }
}

#[test]
fn ranks_tell_how_they_changed() {
    let home = imported();
    for (name, words) in [
        ("top_of_a_month", &["top", "artists", "--month", "2024-02"][..]),
        ("top_of_a_year_json", &["top", "albums", "--year", "2024", "--json", "-n", "3"]),
        ("top_of_days_csv", &["top", "tracks", "--from", "2024-02-26", "--to", "2024-03-04", "--csv"]),
        ("top_of_the_recent", &["top", "artists", "--month", "2024-02", "--recent", "9"]),
    ] {
        remembered(&home, &format!("taste_{name}"), &home.run(words));
    }
}

#[test]
fn nothing_heard_is_no_failure() {
    let home = imported();
    for command in ["charts", "trends", "discoveries", "numbers"] {
        for style in [&[][..], &["--json"], &["--csv"]] {
            for more in [&["--year", "1999"][..], &["--recent", "0"], &["--artist", "nobody at all"], &["-n", "0"]] {
                let ran = home.run(&[&[command], style, more].concat()).good();
                assert!(!ran.stderr.contains("panicked"), "{ran}");
            }
            home.run(&[&[command], style, &["-n", "1000000", "--undated", "--implausible"]].concat()).good();
        }
    }
    let numbers = home.run(&["numbers", "--json", "--year", "1999"]).good().json();
    assert_eq!((&numbers["plays"], &numbers["first_day"], &numbers["gini"]), (&json!(0), &Value::Null, &json!(0.0)));
}

#[test]
fn what_was_meant_is_told() {
    let home = imported();
    home.run(&["charts", "--at", "2024-02-29"]).refused(2, "\"2024-02-29\" is no week, month or year", "--at 2024-W09");
    home.run(&["charts", "--at", "2023-W53"]).refused(2, "\"2023-W53\" is no week, month or year", "--at 2024-W09");
    home.run(&["charts", "--by-month", "--at", "2024"]).refused(2, "\"2024\" is no month", "--by-month --at 2024-02");
    let said = home.run(&["trends", "--artist", "irn coast"]).good().stderr;
    assert!(said.contains("perhaps: Iron Coast"), "{said}");
}
