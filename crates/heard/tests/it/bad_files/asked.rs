//! What the listener says of a file that does not say it itself: its columns, its format, its zone, whose it is.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{file, plays, sums, taken, text};
use crate::home::Home;

/// A player's log with these moments of its own clock.
fn log(moments: &[i64]) -> String {
    let mut log = String::from("#AUDIOSCROBBLER/1.1\n#TZ/UNKNOWN\n#CLIENT/made up\n");
    for (number, moment) in moments.iter().enumerate() {
        writeln!(log, "Mira Vale\tTides\tSong {number}\t{number}\t200\tL\t{moment}\t").unwrap();
    }
    log
}

/// The moments of all plays, oldest first.
fn moments(home: &Home) -> Vec<String> {
    let found = home.run(&["listens", "--json", "-n", "100"]).good().json();
    let moment = |row: &Value| row["played_time"].as_str().unwrap().to_owned();
    found["rows"].as_array().unwrap().iter().rev().map(moment).collect()
}

/// Seconds that a player's clock counts: those of UTC, had it stood there.
fn by_the_clock(moment: &str) -> i64 {
    moment.parse::<jiff::civil::DateTime>().unwrap().in_tz("UTC").unwrap().timestamp().as_second()
}

#[test]
fn a_players_clock_stood_in_a_zone() {
    let clock = [
        "2024-01-15T12:00:00", // winter: an hour ahead of UTC
        "2024-03-31T01:30:00", // half an hour before summer time began
        "2024-03-31T03:30:00", // and half an hour after it
        "2024-07-15T12:00:00", // summer: two hours ahead
        "2024-10-27T03:30:00", // half an hour after winter time began for good
    ];
    let home = Home::new();
    let path = file(&home, ".scrobbler.log", log(&clock.map(by_the_clock)));
    let oslo = ["--zone", "Europe/Oslo", "import", text(&path), "--json"];
    let document = home.run(&oslo).good().json();
    assert_eq!(document["files"][0]["zone"], "Europe/Oslo");
    let shifted = [
        "2024-01-15T11:00:00Z",
        "2024-03-31T00:30:00Z",
        "2024-03-31T01:30:00Z",
        "2024-07-15T10:00:00Z",
        "2024-10-27T02:30:00Z",
    ];
    assert_eq!(moments(&home), shifted);

    // The same words again change nothing; other ones are not taken silently.
    assert_eq!(home.run(&oslo).good().json()["files"][0]["outcome"], "known");
    let import = document["files"][0]["import"].to_string();
    let lisbon = ["import", text(&path), "--zone", "Europe/Lisbon"];
    let way_out = format!("heard imports undo {import}");
    home.run(&lisbon).refused(65, &way_out, "");
    assert_eq!(moments(&home), shifted);
    home.run(&["imports", "undo", &import]).good();
    home.run(&lisbon).good();
    let elsewhere = [
        "2024-01-15T12:00:00Z",
        "2024-03-31T01:30:00Z",
        "2024-03-31T02:30:00Z",
        "2024-07-15T11:00:00Z",
        "2024-10-27T03:30:00Z",
    ];
    assert_eq!(moments(&home), elsewhere);
    home.run(&["rebuild"]).good();
    assert_eq!(moments(&home), elsewhere);
    home.digest();
}

#[test]
fn a_zone_that_is_none() {
    let home = Home::new();
    let path = file(&home, ".scrobbler.log", log(&[1_600_000_000]));
    home.run(&["--zone", "Europe/Olso", "import", text(&path)]).refused(78, "is not known", "Europe/");
    assert!(!home.history().exists(), "nothing was made");
}

#[test]
fn columns_that_only_the_listener_knows() {
    let table = "Glass Harbour;x;Mira Vale;1600000000\nIron Coast;x;Mira Vale;1600000300\n;x;Mira Vale;1600000600\n";
    let home = Home::new();
    let path = file(&home, "mine.txt", table);
    let bare = home.run(&["import", text(&path)]);
    bare.refused(65, "mine.txt", "--columns artist=");
    let words = ["import", "--columns", "track=1,artist=3,time=4", "--json", text(&path)];
    let document = home.run(&words).good().json();
    assert_eq!(sums(&document["total"]), json!([3, 2, 0, {}, {"no_track": 1}]), "{document}");
    assert_eq!(super::tracks(&home), ["Glass Harbour", "Iron Coast"]);
    for wrong in ["track=1,artist=9,time=4", "track=1,artist=Interpret,time=4", "track=1,singer=3,time=4", "track=1"] {
        let ran = home.run(&["import", "--columns", wrong, text(&path)]);
        assert!([2, 65].contains(&ran.code()) && !ran.stderr.contains("panicked"), "{wrong}: {ran}");
        assert!(ran.stderr.contains("error: "), "{wrong}: {ran}");
    }
    assert_eq!(plays(&home), 2);

    let home = Home::new();
    let path = file(&home, "named.csv", "Interpret,Titel,Wann\nMira Vale,Glass Harbour,1600000000\n");
    let words =
        ["import", "--as", "table", "--columns", "artist=Interpret,track=Titel,time=Wann", "--json", text(&path)];
    let document = home.run(&words).good().json();
    assert_eq!(sums(&document["total"]), json!([1, 1, 0, {}, {}]), "{document}");
    assert_eq!(super::tracks(&home), ["Glass Harbour"]);
}

#[test]
fn a_format_that_the_listener_names() {
    let home = Home::new();
    let path = file(&home, "mine", super::streamed(&["Glass Harbour"]));
    let as_format = |format| home.run(&["import", "--as", format, text(&path)]);
    as_format("spotify-extended").refused(65, "does not look like spotify-extended: it is spotify-account-data", "");
    assert_eq!(plays(&home), 0);
    as_format("spotify-account-data").good();
    assert_eq!(plays(&home), 1);
    let notes = file(&home, "notes.txt", "Dear diary\n");
    home.run(&["import", "--as", "maloja", text(&notes)]).refused(65, "does not look like maloja", "");
    let unknown = home.run(&["import", "--as", "winamp", text(&path)]);
    assert_eq!(unknown.code(), 2, "{unknown}");
}

#[test]
fn two_listeners_own_the_same_file() {
    let home = Home::new();
    let path = file(&home, "StreamingHistory0.json", super::streamed(&["Glass Harbour", "Iron Coast"]));
    taken(&home, &path).good();
    let of_bo = |words: &[&str]| home.run(&[&["--listener", "bo"], words].concat());
    let document = of_bo(&["import", "--json", text(&path)]).good().json();
    assert_eq!(sums(&document["total"]), json!([2, 2, 0, {}, {}]), "{document}");
    assert_eq!(of_bo(&["imports", "--json"]).good().json()["imports"].as_array().unwrap().len(), 1);
    let import = document["files"][0]["import"].to_string();
    home.run(&["imports", "undo", &import]).refused(2, "there is no import", "heard imports");
    of_bo(&["imports", "undo", &import]).good();
    assert_eq!((plays(&home), of_bo(&["listens", "--count"]).good().stdout.as_str()), (2, "0\n"));
    home.digest();
}
