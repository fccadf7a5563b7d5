//! One artist's, album's or track's page, and who is meant by a name.

use std::fs;

use serde_json::{Value, json};

use crate::commands::remembered;
use crate::home::{Home, Ran};

/// Evenings that can be counted by hand: a day, how many plays, artist, album, track, milliseconds of each.
const EVENINGS: [(&str, u32, &str, &str, &str, &str); 24] = [
    ("2021-11-30", 30, "Ida Kestrel", "Glass Tides", "Low Water", "200000"),
    ("2021-12-31", 40, "Ida Kestrel", "Glass Tides", "High Water", "200000"),
    ("2022-01-01", 29, "Ida Kestrel", "Glass Tides", "Low Water", "200000"),
    ("2022-01-02", 2, "Ida Kestrel", "", "Low Water", "200000"),
    ("2022-01-02", 1, "Ida Kestrel", "Live", "Low Water", ""),
    ("2022-01-02", 1, "Ida Kestrel", "Live", "Skipped", "900"),
    ("2022-06-05", 50, "Iron Coast", "", "Salt", "100000"),
    ("2024-02-28", 3, "Ida Kestrel", "Live", "夜明け", "200000"),
    ("2024-02-29", 3, "Øre & Vinge", "Glass Tides", "Marsk", "200000"),
    ("2024-03-01", 3, "Kestrel & Ora", "Glass Tides", "Low Water", "200000"),
    ("2024-03-02", 3, "Näve", "", "Intro", "200000"),
    ("2024-03-03", 2, "Nave", "", "Intro", "200000"),
    ("2024-03-04", 1, "Navel Gazers", "", "Intro", "200000"),
    ("2024-03-05", 2, "-dash", "-album", "-track", "200000"),
    ("2024-03-06", 1, "O'Neve $(x)", "\u{202e}evil", "\u{1b}[31m`y`", "200000"),
    ("2024-03-07", 1, "!!!", "???", "!?", "200000"),
    ("2024-03-08", 1, "Unknown Artist", "", "Track 1", "200000"),
    ("2024-03-09", 1, "夜明けの塔", "塔", "夜", "200000"),
    ("2024-03-10", 2, "-dash", "-album", "Twin", "200000"),
    ("2024-03-11", 2, "Iron Coast", "", "Twin", "200000"),
    ("2024-03-12", 1, "Iron Coast", "", "-track", "200000"),
    ("2024-03-13", 1, "فيروز", "كيفك إنت", "كيفك إنت", "200000"),
    ("2024-03-14", 1, "Iron Coast", "", "Only & Once", "200000"),
    ("2024-03-15", 1, "Iron Coast", "", "=SUM(A1)", "200000"),
];

fn imported() -> Home {
    let home = Home::new();
    let path = home.beside("plays.csv");
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(["uts", "artist", "album", "track", "ms_played"]).unwrap();
    for (day, plays, artist, album, track, ms) in EVENINGS {
        let evening = format!("{day}T20:30:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
        for nth in 0..plays {
            let at = evening + i64::from(nth) * 240;
            file.write_record([&at.to_string(), artist, album, track, ms]).unwrap();
        }
    }
    file.write_record(["0", "Undated One", "", "Never", ""]).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    fs::write(&path, file.into_inner().unwrap()).unwrap();
    home.run(&["-q", "import", path.to_str().unwrap()]).good();
    home
}

#[test]
fn what_the_pages_print() {
    let home = imported();
    for (name, words) in [
        ("artist", &["artist", "ida kestrel"][..]),
        ("artist_json", &["artist", "Ida Kestrel", "--json", "-n", "2"]),
        ("artist_csv", &["artist", "Ida Kestrel", "--csv"]),
        ("artist_of_a_year", &["artist", "ida kestrel", "--year", "2022", "-n", "1"]),
        ("artist_elsewhere", &["artist", "Ida Kestrel", "--from", "2022-01-01", "--zone", "Asia/Tokyo"]),
        ("artist_in_part", &["artist", "vinge"]),
        ("artist_not_then", &["artist", "Iron Coast", "--year", "2023"]),
        ("artist_not_then_json", &["artist", "Iron Coast", "--year", "2023", "--json", "-n", "1"]),
        ("artist_undated", &["artist", "Undated One"]),
        ("artist_hostile", &["artist", "O'Neve $(x)"]),
        ("artist_right_to_left", &["artist", "فيروز"]),
        ("artist_unknown", &["artist", "Ida Kestrl"]),
        ("artist_unknown_json", &["artist", "Ida Kestrl", "--json"]),
        ("artist_several", &["artist", "nav"]),
        ("album", &["album", "glass tides", "--artist", "ida"]),
        ("album_json", &["album", "live", "--json"]),
        ("album_several", &["album", "glass tides"]),
        ("album_unknown", &["album", "live", "--artist", "nave"]),
        ("track", &["track", "low water", "--artist", "ida"]),
        ("track_json", &["track", "salt", "--json"]),
        ("track_several", &["track", "-n", "3", "--", "-track"]),
        ("track_unknown_csv", &["track", "Slat", "--csv"]),
    ] {
        remembered(&home, &format!("page_{name}"), &home.run(words));
    }
}

/// The commands that were offered, as a shell would take them apart.
fn offered(ran: &Ran) -> Vec<Vec<String>> {
    let lines = ran.stderr.lines().filter(|line| line.starts_with("heard "));
    let words = |line: &str| {
        let shell = std::process::Command::new("sh")
            .args(["-c", &format!("for word in {line}\ndo printf '%s\\n' \"$word\"; done")])
            .output()
            .unwrap();
        String::from_utf8(shell.stdout).unwrap().lines().skip(1).map(str::to_owned).collect()
    };
    lines.map(words).collect()
}

#[test]
fn every_command_that_is_offered_leads_to_one() {
    let home = imported();
    for words in [
        &["artist", "nav"][..],
        &["artist", ""],
        &["artist", "e"],
        &["track", "intro"],
        &["track", "--", "-track"],
        &["track", "twin"],
        &["album", "--", ""],
        &["album", "glass tides"],
    ] {
        let ran = home.run(words).refused(65, "may mean", "heard ");
        let offered = offered(&ran);
        assert!((2..=10).contains(&offered.len()), "{ran}");
        for command in offered {
            // A name that would drive the terminal is shown otherwise, and cannot be pasted.
            if command.iter().any(|word| word.contains('\u{fffd}')) {
                continue;
            }
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            let page = home.run(&[&["--json"], &words[..]].concat()).good().json();
            assert_eq!(page["kind"], json!(words[0]), "{words:?}");
            let name = page[words[0]].as_str().unwrap();
            assert!(words.contains(&name), "{words:?} led to {name}");
        }
    }
    for words in [&["artist", "iron coats"][..], &["track", "salz"], &["album", "Glas Tides", "--artist", "ida"]] {
        let ran = home.run(words).good();
        let near = offered(&ran);
        assert!(!near.is_empty() && ran.stdout.is_empty(), "{ran}");
        for command in near {
            home.run(&command.iter().map(String::as_str).collect::<Vec<_>>()).good();
        }
    }
}

#[test]
fn a_page_agrees_with_the_other_questions() {
    let home = imported();
    let top = home.run(&["top", "artists", "--json", "-n", "100"]).good().json();
    for row in top["rows"].as_array().unwrap() {
        let artist = row["artist"].as_str().unwrap();
        let page = home.run(&["artist", "--json", "--", artist]).good().json();
        for field in ["rank", "artist", "plays", "ms_played"] {
            assert_eq!(page[field], row[field], "{artist}: {field}");
        }
        assert_eq!((&page["total_plays"], &page["places"]), (&top["total_plays"], &top["distinct"]));
        let sum =
            |list: &str| page[list].as_array().unwrap().iter().map(|it| it["plays"].as_u64().unwrap()).sum::<u64>();
        assert_eq!([sum("years"), sum("months")].map(Value::from), [(); 2].map(|()| row["plays"].clone()), "{artist}");
    }
    let csv = home.run(&["artist", "Ida Kestrel", "--csv"]).good().stdout;
    assert_eq!(csv.lines().count(), 1 + 28, "every month from the first to the last");
}

#[test]
fn odd_wishes_are_answered() {
    let home = imported();
    for style in [&[][..], &["--json"], &["--csv"]] {
        for more in [
            &["--year", "1999"][..],
            &["-n", "0"],
            &["-n", "1000000", "--undated", "--implausible", "--placeholders"],
            &["--recent", "0"],
            &["--recent", "3"],
            &["--source", "nowhere"],
            &["--min-played", "100000"],
            &["--listener", "nobody"],
        ] {
            for page in [&["artist", "Ida Kestrel"][..], &["album", "Live"], &["track", "Salt"], &["track", "\u{0301}"]]
            {
                let ran = home.run(&[page, style, more].concat());
                assert!([0, 65].contains(&ran.code()) && !ran.stderr.contains("panicked"), "{page:?} {more:?} {ran}");
            }
        }
    }
    for words in [&["artist"][..], &["album"], &["track"], &["artist", "a", "b"], &["artist", "a", "--artist", "b"]] {
        assert_eq!(home.run(words).code(), 2, "{words:?}");
    }
    home.run(&["artist", "Unknown Artist", "--placeholders"]).good();
    Home::new().run(&["artist", "anybody"]).refused(65, "there is no history", "heard import");
}

#[test]
fn every_question_offers_names_for_those_that_nobody_has() {
    let home = imported();
    let questions: [&[&str]; 14] = [
        &["top", "artists"],
        &["top", "albums", "--json"],
        &["top", "tracks", "--csv"],
        &["listens"],
        &["listens", "--count"],
        &["clock"],
        &["calendar"],
        &["streaks"],
        &["sessions"],
        &["milestones"],
        &["charts"],
        &["discoveries"],
        &["numbers"],
        &["plot", "clock"],
    ];
    for question in questions {
        for (flag, text, near) in [
            ("--artist", "iron coats", "No artist's name has \"iron coats\" in it; perhaps: Iron Coast"),
            ("--album", "glas tides", "No album's title has \"glas tides\" in it; perhaps: Glass Tides"),
            ("--track", "hihg water", "No track's title has \"hihg water\" in it; perhaps: High Water"),
        ] {
            let said = home.run(&[question, &[flag, text]].concat()).good().stderr;
            assert!(said.contains(near), "{question:?} {flag}: {said}");
        }
        let said = home.run(&[question, &["--artist", "iron", "--track", "salt"]].concat()).good().stderr;
        assert!(!said.contains("perhaps"), "{question:?}: {said}");
    }
}
