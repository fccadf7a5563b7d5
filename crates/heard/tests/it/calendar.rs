//! The questions about when: hours, days, days in a row, sittings, round numbers.

use std::fs;

use serde_json::{Value, json};

use crate::commands::remembered;
use crate::home::Home;

/// Plays whose place in the calendar can be told by hand: seconds of UTC, artist, track, milliseconds.
fn rows() -> Vec<(String, &'static str, &'static str, &'static str)> {
    let mut rows = Vec::new();
    let mut play = |time: &str, artist, track, ms| rows.push((time.to_owned(), artist, track, ms));
    // In Berlin the first of these is in the old year, the second in the new one.
    play("2023-12-31T22:59:59Z", "Ida Kestrel", "Glass", "240000");
    play("2023-12-31T23:00:00Z", "Ida Kestrel", "Iron", "");
    // A leap day, with the days before and after it.
    play("2024-02-28T18:00:00Z", "夜明けの塔", "風", "200000");
    play("2024-02-29T18:00:00Z", "夜明けの塔", "風", "200000");
    play("2024-02-29T18:04:00Z", "Øre & Vinge", "Marsk", "180000");
    play("2024-03-01T18:00:00Z", "夜明けの塔", "雨", "31000");
    play("2024-03-01T18:01:00Z", "Ida Kestrel", "Skipped", "5000");
    // The night in which clocks go from 02:00 to 03:00.
    play("2024-03-31T00:59:00Z", "Ida Kestrel", "Glass", "60000");
    play("2024-03-31T01:00:00Z", "Ida Kestrel", "Iron", "60000");
    for minute in 0..12 {
        play(&format!("2024-07-05T20:{:02}:00Z", minute * 4), "Ida Kestrel", "Long Evening", "240000");
    }
    rows
}

fn imported() -> Home {
    let home = Home::new();
    let mut text = "uts,artist,track,ms_played\n".to_owned();
    for (time, artist, track, ms) in rows() {
        let at = time.parse::<jiff::Timestamp>().unwrap().as_second();
        text.extend([&at.to_string(), ",", artist, ",", track, ",", ms, "\n"]);
    }
    let path = home.beside("plays.csv");
    write(&path, &text);
    home.run(&["--zone", "Europe/Berlin", "-q", "import", path.to_str().unwrap()]).good();
    home
}

/// What every question of this file may depend on: a zone, and a period that is over.
fn asked<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [&["--zone", "Europe/Berlin"], words].concat()
}

#[test]
fn what_the_questions_about_when_print() {
    let home = imported();
    for (name, words) in [
        ("clock", &["clock"][..]),
        ("clock_json", &["clock", "--json"]),
        ("clock_csv", &["clock", "--csv", "--month", "2024-03"]),
        ("clock_weekdays", &["clock", "--weekdays"]),
        ("calendar", &["calendar"]),
        ("calendar_of_a_year", &["calendar", "--year", "2024"]),
        ("calendar_of_days_json", &["calendar", "--json", "--from", "2023-12-31", "--to", "2024-02-29"]),
        ("calendar_csv", &["calendar", "--csv", "--artist", "kestrel"]),
        ("streaks", &["streaks"]),
        ("streaks_json", &["streaks", "--json", "-n", "2"]),
        ("streaks_artists", &["streaks", "artists"]),
        ("streaks_tracks_json", &["streaks", "tracks", "--json", "-n", "1"]),
        ("streaks_albums", &["streaks", "albums"]),
        ("streaks_current", &["streaks", "artists", "--current"]),
        ("streaks_gaps", &["streaks", "gaps", "--to", "2024-07-06"]),
        ("streaks_gaps_csv", &["streaks", "gaps", "--csv", "--to", "2024-07-06", "--artist", "kestrel"]),
        ("sessions", &["sessions"]),
        ("sessions_by_plays", &["sessions", "--by", "plays", "-n", "2", "--gap", "1500"]),
        ("sessions_json", &["sessions", "--json", "-n", "1"]),
        ("sessions_csv", &["sessions", "--csv", "--year", "2024"]),
        ("milestones", &["milestones", "--every", "10", "--to", "2026-01-02"]),
        ("milestones_json", &["milestones", "--json", "--every", "10", "--to", "2025-01-02", "-n", "3"]),
        ("milestones_csv", &["milestones", "listens", "--csv", "--year", "2024"]),
    ] {
        remembered(&home, name, &home.run(&asked(words)));
    }
}

#[test]
fn a_terminal_of_any_width_has_whole_lines() {
    let home = imported();
    for words in [&["calendar"][..], &["clock"], &["clock", "--weekdays"], &["streaks"], &["sessions"], &["milestones"]]
    {
        for columns in ["20", "40", "57", "58", "300"] {
            let mut command = home.command(&asked(words));
            let ran = crate::home::Ran::of(command.env("COLUMNS", columns)).good();
            // Narrower than its numbers nothing can be.
            let least = if words == ["clock", "--weekdays"] { 60 } else { 40 };
            let room = columns.parse::<usize>().unwrap().max(least);
            let long = ran.stdout.lines().find(|line| line.chars().count() > room);
            assert_eq!(long, None, "{words:?} on {columns} columns\n{ran}");
        }
    }
}

#[test]
fn nothing_found_is_said_and_no_failure() {
    let home = imported();
    for words in [
        &["clock"][..],
        &["clock", "--weekdays"],
        &["calendar"],
        &["streaks"],
        &["streaks", "artists"],
        &["sessions"],
        &["milestones"],
    ] {
        let of_nobody = asked(&[words, &["--artist", "Ida Kestrle"]].concat()).join("\u{1}");
        let of_nobody: Vec<&str> = of_nobody.split('\u{1}').collect();
        let ran = home.run(&of_nobody).good();
        assert_eq!(ran.stdout, "", "{ran}");
        assert!(ran.stderr.contains("No plays count here.") && ran.stderr.contains("perhaps: Ida Kestrel"), "{ran}");
        let document = home.run(&[&of_nobody[..], &["--json"]].concat()).good().json();
        assert!(document.is_object(), "{document}");
        let empty_year = home.run(&asked(&[words, &["--year", "2010"]].concat())).good();
        assert!(empty_year.stderr.contains("No plays count here."), "{empty_year}");
    }
    for words in [&["streaks"][..], &["sessions"], &["milestones"], &["streaks", "tracks"], &["streaks", "gaps"]] {
        for limit in ["0", "1000000", "18446744073709551615"] {
            let document = home.run(&asked(&[words, &["--json", "-n", limit]].concat())).good().json();
            let rows = document["rows"].as_array().unwrap().len();
            assert_eq!(rows == 0, limit == "0", "{words:?} {limit}");
        }
    }
    assert_eq!(home.run(&asked(&["sessions", "--gap", "0"])).code(), 2);
}

#[test]
fn another_zone_moves_hours_and_days() {
    let home = imported();
    let hours = |zone: &str| -> Vec<(usize, u64)> {
        let clock = home.run(&["--zone", zone, "clock", "--json", "--to", "2024-01-02"]).good().json();
        let hours = clock["hours"].as_array().unwrap().iter().map(|hour| hour.as_u64().unwrap());
        hours.enumerate().filter(|(_, plays)| *plays > 0).collect()
    };
    assert_eq!(hours("Europe/Berlin"), [(0, 1), (23, 1)]);
    assert_eq!(hours("Asia/Kathmandu"), [(4, 2)]);
    assert_eq!(hours("UTC"), [(22, 1), (23, 1)]);
    let days = home.run(&["--zone", "Asia/Kathmandu", "calendar", "--json", "--to", "2024-01-02"]).good().json();
    assert_eq!(days["days"], json!([{ "day": "2024-01-01", "plays": 2, "ms_played": 240_000 }]));
}

#[test]
fn somebody_who_moved_has_the_hours_of_where_they_lived() {
    let home = imported();
    let moved = "Asia/Tokyo, 2024-01-01 Europe/Berlin, 2024-02-01 America/New_York";
    let document = |zone: &[&str], words: &[&str]| -> Value { home.run(&[zone, words].concat()).good().json() };
    let of = |zone: &str, words: &[&str]| document(&["--zone", zone], words);
    for (period, zone) in [
        (&["--from", "2024-01-02", "--to", "2024-02-01"][..], "Europe/Berlin"),
        (&["--from", "2024-02-02"], "America/New_York"),
        (&["--to", "2023-12-31"], "Asia/Tokyo"),
    ] {
        let words = |name| [&[name, "--json"], period].concat();
        assert_eq!(of(moved, &words("clock")), of(zone, &words("clock")), "{period:?}");
        assert_eq!(of(moved, &words("calendar")), of(zone, &words("calendar")), "{period:?}");
    }
    // The day of moving west is as long as both its parts: it began in Tokyo.
    let moving = of(moved, &["clock", "--json", "--from", "2024-01-01", "--to", "2024-01-02"]);
    assert_eq!((&moving["hours"][0], &moving["hours"][7]), (&json!(1), &json!(1)), "{moving}");
    // The same from the config, and kept with the history: checking it needs no zone.
    let config = home.history().join("config.toml");
    let clock = of(moved, &["clock", "--json"]);
    for text in [
        format!("zone = {moved:?}"),
        "zone = [\"Asia/Tokyo\", \"2024-01-01 Europe/Berlin\", \"2024-02-01 America/New_York\"]".to_owned(),
    ] {
        write(&config, &text);
        assert_eq!(document(&[], &["clock", "--json"]), clock);
    }
    home.run(&["verify"]).good();
    for wrong in ["UTC, 2024-01-01", "UTC, Asia/Tokyo", "UTC, 2024-01-01 Asia/Tokyo, 2023-01-01 UTC"] {
        home.run(&["--zone", wrong, "clock"]).refused(78, "", "2019-05-01 America/New_York");
    }
    home.run(&["--zone", "UTC, 2024-01-01 Europe/Berln", "clock"]).refused(78, "Europe/Berln", "Europe/Berlin");
}

#[test]
fn weeks_begin_on_the_day_that_the_config_names() {
    let home = imported();
    let first_day = |words: &[&str]| {
        let printed = home.run(&asked(words)).good().stdout;
        printed
            .lines()
            .find_map(|line| line.split_whitespace().find(|word| ["Mon", "Sun"].contains(word)))
            .map(str::to_owned)
    };
    let questions = [&["clock", "--weekdays"][..], &["calendar", "--year", "2024"], &["plot", "punchcard"]];
    for question in questions {
        assert_eq!(first_day(question).as_deref(), Some("Mon"), "{question:?}");
    }
    let week = |words: &[&str]| home.run(&asked(&[&["charts", "--by-week", "--json"], words].concat())).good().json();
    let (iso, sunday) = (week(&["--all"]), week(&["--all", "--week-start", "sunday"]));
    assert_ne!(iso, sunday);
    write(&home.history().join("config.toml"), "week-start = \"sunday\"\n");
    for question in questions {
        assert_eq!(first_day(question).as_deref(), Some("Sun"), "{question:?}");
    }
    assert_eq!(week(&["--all"]), sunday);
    assert_eq!(week(&["--all", "--week-start", "monday"]), iso);
    write(&home.history().join("config.toml"), "week-start = \"payday\"\n");
    home.run(&["clock"]).refused(78, "unknown variant", "");
}

fn write(path: &std::path::Path, text: &str) {
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    fs::write(path, text).unwrap();
}

#[test]
fn documents_agree_with_each_other() {
    let home = imported();
    let document = |words: &[&str]| -> Value { home.run(&asked(&[words, &["--json"]].concat())).good().json() };
    let clock = document(&["clock", "--weekdays"]);
    let sum =
        |numbers: &Value| -> u64 { numbers.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).sum() };
    let plays = sum(&clock["hours"]);
    assert_eq!((plays, sum(&clock["weekdays"])), (20, 20), "one was skipped");
    assert_eq!(clock["grid"].as_array().unwrap().iter().map(sum).sum::<u64>(), plays);
    assert_eq!(clock["hours_ms_played"].as_array().unwrap().len(), 24);
    let year = document(&["calendar", "--year", "2024"]);
    assert_eq!(year["days"].as_array().unwrap().len(), 366);
    assert_eq!((&year["total_plays"], &year["days"][0]["plays"]), (&json!(19), &json!(1)));
    let sessions = document(&["sessions"]);
    assert_eq!(sessions["total_plays"], json!(plays));
    let first = document(&["milestones", "listens"]);
    assert_eq!(first["rows"][0]["played_time"], "2023-12-31T22:59:59Z");
    assert_eq!(first["rows"][0]["day"], "2023-12-31");
}
