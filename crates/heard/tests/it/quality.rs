//! What is doubtful in a history, and the commands that help.

use std::fs;

use serde_json::{Value, json};

use crate::commands::remembered;
use crate::home::Home;

/// Rows of a table of plays: a moment, artist, album, track, milliseconds.
type Rows = Vec<(i64, String, String, String, String)>;

fn second(time: &str) -> i64 {
    time.parse::<jiff::Timestamp>().unwrap().as_second()
}

/// A history in which everything is doubtful.
fn doubtful() -> Rows {
    let mut rows: Rows = Vec::new();
    let mut play = |at: i64, artist: &str, album: &str, track: &str, ms: &str| {
        rows.push((at, artist.into(), album.into(), track.into(), ms.into()));
    };
    // An evening as it should be.
    let evening = second("2023-01-10T20:00:00Z");
    (0..20).for_each(|nth| {
        play(evening + nth * 240, "Ida Kestrel", "Glass Tides", &format!("Song {}", nth % 4), "230000");
    });
    // Without an album, also where its name says that there is none.
    (0..3).for_each(|nth| play(evening + 90_000 + nth * 300, "Iron Coast", "", "Salt", ""));
    play(evening + 95_000, "Iron Coast", "Unknown Album", "Salt", "");
    play(evening + 96_000, "O'Neve $(x)", "", "\u{1b}[31m`y`", "");
    // Without a name.
    play(evening + 97_000, "Unknown Artist", "", "Track 1", "");
    // Wrong clocks and none.
    play(0, "Undated One", "Post", "Never", "");
    play(5, "Iron Coast", "Hulls", "Dawn", "");
    play(86_400 * 400, "Iron Coast", "Hulls", "Dusk", "");
    play(4_102_444_800, "Iron Coast", "Hulls", "To Come", "");
    // Several in a second, too many in a minute, too many in an hour.
    let crowd = second("2023-02-01T10:00:00Z");
    (0..4).for_each(|nth| play(crowd, "Mira Vale", "Nine", &format!("Nine {nth}"), ""));
    (0..7).for_each(|nth| play(crowd + 7_200 + nth * 9, "Mira Vale", "Nine", &format!("Ten {nth}"), ""));
    (0..130).for_each(|nth| play(crowd + 90_000 + nth * 40, "Mira Vale", "Nine", &format!("Eleven {nth}"), ""));
    // Two at once.
    let twice = second("2023-03-01T10:00:00Z");
    play(twice, "Näve", "Ebb", "Long One", "3600000");
    play(twice + 600, "Näve", "Ebb", "Within", "60000");
    play(twice + 630, "Näve", "Ebb", "Short Grace", "30000");
    // Names that look like one.
    play(twice + 9_000, "Nave", "Flood", "Intro", "");
    play(twice + 18_000, "Ida Kestrel", "Glass-Tides", "Song 1", "230000");
    play(second("2023-12-31T23:59:30Z"), "Ida Kestrel", "Glass Tides", "Song 1", "230000");
    rows
}

fn imported(rows: &Rows) -> Home {
    let home = Home::new();
    let path = home.beside("plays.csv");
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(["uts", "artist", "album", "track", "ms_played"]).unwrap();
    for (at, artist, album, track, ms) in rows {
        file.write_record([&at.to_string(), artist, album, track, ms]).unwrap();
    }
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    fs::write(&path, file.into_inner().unwrap()).unwrap();
    home.run(&["-q", "import", path.to_str().unwrap()]).good();
    home
}

/// The future begins on another day every day.
fn without_tomorrow(text: &str) -> String {
    const BEFORE: &str = "--implausible --from ";
    let day = text.find(BEFORE).map(|at| &text[at + BEFORE.len()..][..10]);
    day.map_or_else(|| text.to_owned(), |day| text.replace(day, "[TOMORROW]"))
}

#[test]
fn what_is_doubtful_is_printed() {
    let home = imported(&doubtful());
    for (name, words) in [
        ("quality", &["quality"][..]),
        ("quality_json", &["quality", "--json", "-n", "1"]),
        ("quality_csv", &["quality", "--csv"]),
        ("quality_of_a_month", &["quality", "--month", "2023-02", "--per-hour", "200"]),
        ("quality_elsewhere", &["quality", "--zone", "Asia/Tokyo", "--artist", "nave"]),
        ("quality_of_nobody", &["quality", "--artist", "mria"]),
    ] {
        let mut ran = home.run(words);
        ran.stdout = without_tomorrow(&ran.stdout);
        remembered(&home, name, &ran);
    }
}

#[test]
fn a_history_without_doubt_has_none() {
    let evening = second("2023-01-10T20:00:00Z");
    let play = |nth: i64| {
        let (artist, album, track) = ("Ida Kestrel".to_owned(), "Glass Tides".to_owned(), format!("Song {nth}"));
        (evening + nth * 240, artist, album, track, "230000".to_owned())
    };
    let home = imported(&(0..15).map(play).collect());
    let ran = home.run(&["quality"]).good();
    assert!(ran.stdout.is_empty() && ran.stderr.contains("Nothing is."), "{ran}");
    let found = home.run(&["quality", "--json"]).good().json();
    for finding in found["findings"].as_array().unwrap() {
        assert_eq!((&finding["count"], &finding["command"]), (&json!(0), &Value::Null), "{finding}");
        assert_eq!(finding["examples"], json!([]), "{finding}");
    }
    assert_eq!(found["total_plays"], json!(15));
}

#[test]
fn the_commands_that_help_show_what_was_found() {
    let home = imported(&doubtful());
    let found = home.run(&["quality", "--json", "-n", "1000"]).good().json();
    let mut seen = 0;
    for finding in found["findings"].as_array().unwrap() {
        let command = finding["command"].as_str().unwrap();
        let example = &finding["examples"][0];
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("for word in {command}\ndo printf '%s\\n' \"$word\"; done")])
            .output()
            .unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        let words: Vec<&str> = words.lines().skip(1).chain(["--json"]).collect();
        let shown = home.run(&words).good();
        let kind = finding["kind"].as_str().unwrap();
        match kind {
            "without_album" | "without_name" => {
                let rows = shown.json()["rows"].as_array().unwrap().clone();
                assert!(rows.len() as u64 >= example["plays"].as_u64().unwrap());
                assert!(rows.iter().all(|row| row["track"] == example["track"]), "{kind}: {shown}");
            }
            "too_early" | "in_the_future" | "same_second" | "busy_minute" | "overlaps" => {
                let json = shown.json();
                let rows = json["rows"].as_array().unwrap();
                for at in [&example["from_at"], &example["to_at"]] {
                    assert!(rows.iter().any(|row| row["played_at"] == *at), "{kind} {at}: {shown}");
                }
            }
            "busy_hour" => assert_eq!(shown.json()["rows"].as_array().unwrap().len(), 130),
            "gaps" => assert_eq!(shown.json()["rows"][0]["first_day"], example["first_day"]),
            _ => assert!(["undated", "alike_names"].contains(&kind), "{kind}"),
        }
        seen += 1;
    }
    assert_eq!(seen, 11);
}

#[test]
fn what_is_asked_for_is_what_is_looked_at() {
    let home = imported(&doubtful());
    let found = |more: &[&str], kind: &str, field: &str| {
        let document = home.run(&[&["quality", "--json"], more].concat()).good().json();
        let findings = document["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|it| it["kind"] == kind).unwrap_or_else(|| panic!("{kind}"))[field].clone()
    };
    assert_eq!(found(&[], "busy_hour", "plays"), json!(130));
    assert_eq!(found(&["--per-hour", "200"], "busy_hour", "plays"), json!(0));
    assert_eq!(found(&["--per-hour", "19"], "busy_hour", "plays"), json!(130));
    assert_eq!(found(&["--per-hour", "14"], "busy_hour", "count"), json!(2), "the evening, too");
    assert_eq!(found(&["--year", "2022"], "same_second", "plays"), json!(0));
    assert_eq!(found(&["--artist", "mira"], "without_album", "plays"), json!(0));
    assert_eq!(found(&["--year", "2023"], "undated", "plays"), json!(0), "they lie in no period");
    assert_eq!(found(&["--year", "2023"], "alike_names", "count"), found(&[], "alike_names", "count"));
    assert_eq!(found(&["-n", "0"], "same_second", "examples"), json!([]));
    assert_eq!(found(&["-n", "0"], "same_second", "command"), found(&[], "same_second", "command"));
    assert_eq!(home.run(&["quality", "--per-hour", "0"]).code(), 2);
    for more in [&["-n", "1000000"][..], &["--recent", "0"], &["--undated", "--implausible"], &["--listener", "nobody"]]
    {
        for style in [&[][..], &["--json"], &["--csv"]] {
            home.run(&[&["quality"], style, more].concat()).good();
        }
    }
    Home::new().run(&["quality"]).refused(65, "there is no history", "heard import");
}

/// A question only reads; whoever is at work on the history is not in its way.
#[test]
fn it_is_asked_while_somebody_works_on_the_history() {
    let home = imported(&doubtful());
    let opened = home.opened();
    let lock = opened.lock().unwrap();
    home.run(&["quality"]).good();
    home.run(&["artist", "Mira Vale"]).good();
    drop(lock);
}
