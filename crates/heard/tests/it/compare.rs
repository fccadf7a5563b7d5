//! Two histories side by side.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::commands::remembered;
use crate::home::Home;

/// A moment, how many plays from then on, artist, album, track, milliseconds of each.
type Evening = (&'static str, u32, &'static str, &'static str, &'static str, u32);

const MINE: [Evening; 8] = [
    ("2023-03-01T20:00:00Z", 6, "Ida Kestrel", "Tides", "Ebb", 200_000),
    ("2023-03-02T20:00:00Z", 3, "Ida Kestrel", "Tides", "Flood", 400_000),
    ("2024-01-05T20:00:00Z", 5, "東の灯台", "港", "霧", 240_000),
    ("2024-01-06T20:00:00Z", 2, "Glass Oar", "", "Row", 240_000),
    ("2024-02-01T20:00:00Z", 4, "Only Mine", "Alone", "One", 240_000),
    ("2024-02-02T20:00:00Z", 1, "<script>alert(1)</script>", "\u{202e}evil", "\u{1b}[31mred", 240_000),
    ("2024-02-03T20:00:00Z", 1, "Unknown Artist", "", "Track 1", 240_000),
    ("2024-02-04T20:00:00Z", 2, "فيروز", "كيفك إنت", "كيفك إنت", 240_000),
];

/// Spelt in another way, and some of it heard together, a little later.
const THEIRS: [Evening; 5] = [
    ("2023-03-01T20:00:30Z", 4, "IDA KESTREL", "tides", "ebb", 200_000),
    ("2023-05-01T20:00:00Z", 1, "Ida kestrel", "Tides", "Spring", 200_000),
    ("2024-01-05T21:00:00Z", 8, "東の灯台", "港", "霧", 240_000),
    ("2024-02-01T20:00:00Z", 3, "Only Theirs", "", "Two", 240_000),
    ("2024-03-01T20:00:00Z", 1, "Glass Oar", "", "Row", 240_000),
];

fn file(home: &Home, name: &str, evenings: &[Evening]) -> PathBuf {
    let path = home.beside(name);
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record(["uts", "artist", "album", "track", "ms_played"]).unwrap();
    for (evening, plays, artist, album, track, ms) in evenings {
        let begin = evening.parse::<jiff::Timestamp>().unwrap().as_second();
        for nth in 0..*plays {
            let at = begin + i64::from(nth) * 420;
            rows.write_record([at.to_string().as_str(), artist, album, track, &ms.to_string()]).unwrap();
        }
    }
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    fs::write(&path, rows.into_inner().unwrap()).unwrap();
    path
}

/// A home with two listeners.
fn shared_home() -> Home {
    let home = Home::new();
    let (mine, theirs) = (file(&home, "mine.csv", &MINE), file(&home, "theirs.csv", &THEIRS));
    home.run(&["-q", "import", mine.to_str().unwrap()]).good();
    home.run(&["-q", "import", theirs.to_str().unwrap(), "--listener", "ben"]).good();
    home
}

#[test]
fn what_a_comparison_prints() {
    let home = shared_home();
    for (name, words) in [
        ("compare", &["compare", "ben"][..]),
        ("compare_json", &["compare", "ben", "--json", "-n", "2"]),
        ("compare_csv", &["compare", "ben", "--csv", "--kind", "tracks"]),
        ("compare_albums_by_time", &["compare", "ben", "--kind", "albums", "--by", "time"]),
        ("compare_of_a_year", &["compare", "ben", "--year", "2024", "-n", "1"]),
        ("compare_from_the_other_side", &["compare", "me", "--listener", "ben", "--kind", "tracks"]),
        ("compare_with_a_file", &["compare", "theirs.csv", "--artist", "kestrel"]),
        ("compare_where_one_has_nothing", &["compare", "ben", "--artist", "only mnie"]),
    ] {
        remembered(&home, name, &home.run(words));
    }
}

#[test]
fn a_file_says_the_same_as_a_listener_and_leaves_no_trace() {
    let home = shared_home();
    let digest = home.digest();
    let of = |with: &str| {
        let mut document = home.run(&["compare", with, "--json", "--kind", "tracks"]).good().json();
        let which = (document["other"].take(), document["other_is"].take());
        (which, document)
    };
    let (which, listener) = of("ben");
    assert_eq!(which, (json!("ben"), json!("listener")));
    let path = home.beside("theirs.csv");
    let (which, file) = of(path.to_str().unwrap());
    assert_eq!(which.1, json!("file"));
    assert_eq!(which.0, json!(path.to_str().unwrap()), "as it was typed");
    assert_eq!(listener, file);
    assert_eq!(digest, home.digest());
    let long = home.beside(&format!("{}.csv", "a long name ".repeat(9)));
    fs::rename(path, &long).unwrap();
    let table = home.run(&["compare", long.to_str().unwrap()]).good();
    assert!(table.stdout.lines().all(|line| line.chars().count() <= 100), "{table}");
    assert!(table.stdout.contains("Only a long name a long name…"), "{table}");
    let left: Vec<PathBuf> = fs::read_dir(home.beside("")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!left.iter().any(|path| path.to_string_lossy().contains("heard-compare-")), "{left:?}");
}

#[test]
fn the_numbers_can_be_counted_by_hand() {
    let home = shared_home();
    let found = home.run(&["compare", "ben", "--json"]).good().json();
    assert_eq!(found["plays"], json!({ "listener": 24, "other": 17 }));
    assert_eq!(found["artists"], json!({ "listener": 6, "other": 4, "shared": 3, "jaccard": 3.0 / 7.0 }));
    assert_eq!(found["albums"]["shared"], json!(2));
    // Four of one evening, half a minute later; one without a name is not among them.
    assert_eq!(found["same_listens"]["listener"], json!({ "plays": 23, "same": 4, "only": 19 }));
    assert_eq!(found["same_listens"]["other"], json!({ "plays": 17, "same": 4, "only": 13 }));
    let names = |list: &str| -> Vec<Value> {
        found[list]["rows"].as_array().unwrap().iter().map(|row| row["artist"].clone()).collect()
    };
    // Smaller shares: 5 of 17 beside 9 of 23, 5 of 23 beside 8 of 17, 1 of 17 beside 2 of 23.
    assert_eq!(names("shared"), [json!("Ida Kestrel"), json!("東の灯台"), json!("Glass Oar")]);
    assert_eq!(names("only_listener"), [json!("Only Mine"), json!("فيروز"), json!("<script>alert(1)</script>")]);
    assert_eq!(names("only_other"), [json!("Only Theirs")]);
    let common = 5.0 / 17.0 + 5.0 / 23.0 + 1.0 / 17.0;
    assert!((found["common_share"].as_f64().unwrap() - common).abs() < 1e-12, "{found}");
    let nothing = home.run(&["compare", "ben", "--json", "-n", "0"]).good().json();
    assert_eq!((&nothing["shared"]["rows"], &nothing["shared"]["total"]), (&json!([]), &json!(3)));
    home.run(&["compare", "ben", "-n", "1000000", "--undated", "--implausible", "--placeholders"]).good();
}

#[test]
fn an_account_is_compared_with_everything_or_with_another_one() {
    let home = shared_home();
    let path = home.beside("Streaming_History_Audio_2023_0.json");
    let row = json!([{
        "ts": "2023-03-01T20:03:20Z", "ms_played": 200_000, "master_metadata_track_name": "Ebb",
        "master_metadata_album_artist_name": "Ida Kestrel", "master_metadata_album_album_name": "Tides",
        "spotify_track_uri": null, "episode_name": null, "reason_end": "trackdone", "offline": false, "skipped": false,
    }]);
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    fs::write(&path, row.to_string()).unwrap();
    home.run(&["-q", "import", path.to_str().unwrap()]).good();
    let found = home.run(&["compare", "spotify", "--json"]).good().json();
    assert_eq!((&found["other_is"], &found["plays"]), (&json!("account"), &json!({ "listener": 24, "other": 1 })));
    assert_eq!(found["same_listens"]["other"], json!({ "plays": 1, "same": 1, "only": 0 }));
    let beside = home.run(&["compare", "Spotify", "--source", "lastfm", "--json"]).good().json();
    assert_eq!(beside["plays"], json!({ "listener": 24, "other": 1 }), "told by both");
    // Ben has no such account.
    let nothing = home.run(&["compare", "spotify", "--listener", "ben"]).good();
    assert!(nothing.stdout.is_empty() && nothing.stderr.contains("No plays of spotify count here."), "{nothing}");
}

#[test]
fn what_is_no_history_is_refused() {
    let home = shared_home();
    home.run(&["compare", "me"]).refused(2, "me is this history itself", "heard compare --help");
    home.run(&["compare", "bne"]).refused(
        65,
        "bne is no listener and no account of this home, and no file",
        "perhaps: ben",
    );
    home.run(&["compare", "somebody/else"]).refused(65, "somebody/else is no listener", "there are: ben");
    let (text, empty) = (home.beside("letter.txt"), home.beside("empty.csv"));
    #[expect(clippy::disallowed_methods, reason = "files in a throw-away folder")]
    {
        fs::write(&text, "Dear Ben,\nhow are you?\n").unwrap();
        fs::write(&empty, "").unwrap();
    }
    home.run(&["compare", text.to_str().unwrap()]).refused(65, "letter.txt", "heard import --help");
    home.run(&["compare", empty.to_str().unwrap()]).refused(65, "empty.csv", "heard import --help");
    let left: Vec<_> = fs::read_dir(home.beside("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("heard-compare-")), "{left:?}");
    Home::new().run(&["compare", "ben"]).refused(65, "there is no history", "heard import");
    assert_eq!(home.run(&["compare"]).code(), 2);
}

#[test]
fn nothing_in_common_is_no_failure() {
    let home = shared_home();
    for style in [&[][..], &["--json"], &["--csv"]] {
        for more in [&["--year", "1999"][..], &["--recent", "0"], &["--artist", "nobody at all"], &["--last", "7d"]] {
            let ran = home.run(&[&["compare", "ben"], style, more].concat()).good();
            assert!(ran.stderr.contains("No plays of ben count here."), "{ran}");
        }
    }
    let lone = home.run(&["compare", "ben", "--track", "flood", "--json"]).good().json();
    assert_eq!(
        (&lone["similarity"], &lone["common_share"], &lone["plays"]["other"]),
        (&json!(0.0), &json!(0.0), &json!(0))
    );
}
