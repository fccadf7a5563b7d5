//! Export files, taken in by the program as a person would.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::home::Home;

fn file(home: &Home, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = home.beside(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

fn import(home: &Home, path: &std::path::Path) -> Value {
    home.run(&["import", path.to_str().unwrap(), "--json"]).good().json()
}

const STREAMED: &str = r#"[
  {
    "endTime" : "2024-02-08 10:06",
    "artistName" : "Mira Vale",
    "trackName" : "Glass Harbour",
    "msPlayed" : 180000
  },
  {
    "endTime" : "2024-02-08 10:06",
    "artistName" : "Mira Vale",
    "trackName" : "Glass Harbour",
    "msPlayed" : 0
  },
  {
    "endTime" : "2024-02-08 11:00",
    "podcastName" : "Talk",
    "episodeName" : "One",
    "msPlayed" : 5
  },
  {
    "endTime" : "yesterday",
    "artistName" : "Mira Vale",
    "trackName" : "Iron Coast",
    "msPlayed" : 180000
  }
]"#;

#[test]
fn every_row_of_a_file_is_accounted_for() {
    let home = Home::new();
    let path = file(&home, "StreamingHistory_music_0.json", STREAMED);
    let sheet = &import(&home, &path)["files"][0];
    assert_eq!(sheet["path"], path.to_str().unwrap());
    assert_eq!(sheet["format"], "spotify-account-data");
    assert_eq!((&sheet["rows"], &sheet["plays"], &sheet["duplicates"]), (&json!(4), &json!(2), &json!(0)));
    assert_eq!((&sheet["other"], &sheet["rejects"]), (&json!({"podcast": 1}), &json!({"bad_time": 1})));

    let rejects = home.run(&["rejects", "--json"]).good().json();
    let row = &rejects["rows"][0];
    assert_eq!(
        (&rejects["total"], &row["row"], &row["line"], &row["reason"]),
        (&json!(1), &json!(4), &json!(20), &json!("bad_time"))
    );
    assert!(row["text"].as_str().unwrap().contains("Iron Coast"), "{row}");
    let other = home.run(&["rejects", "--other", "--json"]).good().json();
    assert_eq!((&other["total"], &other["rows"][0]["reason"]), (&json!(1), &json!("podcast")));

    // A play of no length is kept, and counts only where it is asked for.
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "1\n");
    assert_eq!(home.run(&["listens", "--count", "--min-played", "0"]).good().stdout, "2\n");
    let listens = home.run(&["listens", "--json"]).good().json();
    assert_eq!(listens["rows"][0]["sources"], json!(["spotify"]));
    // 10:06 is the end; three minutes earlier it began.
    assert_eq!(listens["rows"][0]["played_time"], "2024-02-08T10:03:00Z");

    let again = import(&home, &path);
    assert_eq!((&again["total"]["plays"], &again["total"]["duplicates"]), (&json!(0), &json!(2)));
    assert_eq!(again["files"][0]["outcome"], "known");
}

#[test]
fn a_dry_run_tells_the_same_and_keeps_nothing() {
    let home = Home::new();
    let path = file(&home, "StreamingHistory_music_0.json", STREAMED);
    let dry = home.run(&["import", "--dry-run", "--json", path.to_str().unwrap()]).good().json();
    assert_eq!(home.run(&["listens", "--count"]).code(), 65, "there is no history yet");
    let real = import(&home, &path);
    assert_eq!(dry["total"], real["total"]);
    let second = file(&home, "more.csv", "uts,artist,track,album\n1707386580,Mira Vale,Glass Harbour,Tides\n1,A,B,C\n");
    let dry = home.run(&["import", "--dry-run", "--json", second.to_str().unwrap()]).good().json();
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "1\n");
    assert_eq!(dry["total"], import(&home, &second)["total"]);
    assert_eq!((&dry["total"]["plays"], &dry["total"]["duplicates"]), (&json!(1), &json!(1)));
}

#[test]
fn an_import_is_undone_and_redone() {
    let home = Home::new();
    let path = file(&home, "plays.csv", "uts,artist,track,album\n1600000000,A,B,C\n1600000300,A,D,C\n");
    let import_id = import(&home, &path)["files"][0]["import"].to_string();
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "2\n");
    let dry = home.run(&["imports", "undo", &import_id, "--dry-run"]).good();
    assert!(dry.stderr.contains("2 plays would leave"), "{dry}");
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "2\n");
    home.run(&["imports", "undo", &import_id]).good();
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "0\n");
    home.run(&["rebuild"]).good();
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "0\n", "after a rebuild, too");
    let listed = home.run(&["imports", "--json"]).good().json();
    assert_eq!(listed["imports"][0]["undone"], true);
    home.run(&["imports", "redo", &import_id]).good();
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "2\n");
    home.run(&["imports", "undo", "999"]).refused(2, "there is no import 999", "heard imports");
    home.digest();
}

#[test]
fn spellings_of_one_name_are_counted_together_and_the_most_frequent_is_shown() {
    let home = Home::new();
    let mut text = String::from("uts,artist,track,album\n");
    let names = ["Mira Vale", "MIRA VALE", "Mira Vale", " mira vale", "Mira\u{a0}Vale", "Mira Välé"];
    for (n, name) in names.iter().enumerate() {
        writeln!(text, "{},{name},Glass Harbour,Tides", 1_600_000_000 + n * 300).unwrap();
    }
    for (n, name) in ["Unknown Artist", "Unknown Artist", "<Untagged>", "Null"].iter().enumerate() {
        writeln!(text, "{},{name},none,", 1_600_010_000 + n * 300).unwrap();
    }
    import(&home, &file(&home, "plays.csv", text));
    let top = |more: &[&str]| {
        let words: Vec<&str> = ["top", "artists", "--json"].into_iter().chain(more.iter().copied()).collect();
        let found = home.run(&words).good().json();
        let row = |row: &Value| (row["artist"].as_str().unwrap().to_owned(), row["plays"].as_u64().unwrap());
        (found["rows"].as_array().unwrap().iter().map(row).collect::<Vec<_>>(), found["total_plays"].as_u64().unwrap())
    };
    let named = [("Mira Vale", 5), ("Mira Välé", 1), ("Null", 1)].map(|(name, plays)| (name.to_owned(), plays));
    assert_eq!(top(&[]), (named.to_vec(), 10));
    let (all, _) = top(&["--placeholders"]);
    assert!(all.contains(&("Unknown Artist".to_owned(), 2)), "{all:?}");
    let tracks = home.run(&["top", "tracks", "--json"]).good().json();
    assert_eq!((&tracks["rows"][0]["artist"], &tracks["rows"][0]["plays"]), (&json!("Mira Vale"), &json!(5)));
    // What was reported stays as it was reported.
    let database = rusqlite::Connection::open(home.history().join("heard.db")).unwrap();
    let kept: i64 = database.query_row("SELECT count(DISTINCT name) FROM artists", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 8);
}

#[test]
fn clocks_that_cannot_be_are_kept_and_left_out() {
    let home = Home::new();
    let text = "uts,artist,track,album\n1600000000,A,B,C\n0,A,B,C\n946684900,A,B,C\n32503680000,A,B,C\n";
    let sheet = import(&home, &file(&home, "plays.csv", text))["total"].clone();
    assert_eq!((&sheet["plays"], &sheet["undated"], &sheet["implausible"]), (&json!(4), &json!(1), &json!(2)));
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "1\n");
    assert_eq!(home.run(&["listens", "--count", "--implausible", "--undated"]).good().stdout, "4\n");
}

#[test]
fn what_is_no_history_is_named_and_stops_nothing() {
    let home = Home::new();
    let folder = home.beside("takeout");
    file(&home, "takeout/a.csv", "uts,artist,track,album\n1600000000,A,B,C\n");
    file(&home, "takeout/photo.jpg", [0xff, 0xd8, 0xff, 0, 1, 2, 3]);
    file(&home, "takeout/empty.json", "");
    file(&home, "takeout/watch-history.html", "<!doctype html><html><body>Watched something</body></html>");
    let found = import(&home, &folder);
    assert_eq!(found["total"]["plays"], 1);
    assert_eq!(found["ignored"].as_array().unwrap().len(), 3, "{found}");
    for name in ["photo.jpg", "empty.json", "watch-history.html"] {
        let path = folder.join(name);
        let ran = home.run(&["import", path.to_str().unwrap()]);
        let ran = ran.refused(65, name, "");
        assert!(!ran.stderr.contains("panicked"));
    }
    home.run(&["import", "/nowhere/at/all.csv"]).refused(65, "/nowhere/at/all.csv", "");
    let nothing = home.beside("nothing");
    fs::create_dir(&nothing).unwrap();
    home.run(&["import", nothing.to_str().unwrap()]).refused(65, "holds no listening history", "heard import --help");
}

#[test]
fn the_balance_sheet_is_a_table() {
    let home = Home::new();
    let path = file(&home, "exports/StreamingHistory_music_0.json", STREAMED);
    file(&home, "exports/plays.csv", "uts,artist,track,album\n1707386580,Mira Vale,Glass Harbour,Tides\n");
    insta::assert_snapshot!(
        "import",
        home.run(&["import", path.parent().unwrap().to_str().unwrap()]).good().to_string()
    );
}

#[test]
fn everything_goes_out_in_the_spelling_in_which_it_came_in() {
    let home = Home::new();
    let rows = [
        ("Mira Vale", "Tides", "Glass Harbour", 1_600_000_900),
        ("MIRA VALE", "tides", "glass harbour", 1_600_000_600),
        ("Mira\u{a0}Vale", "", "Glass Harbour ", 1_600_000_300),
        ("Mira Vale", "Tides", "Iron Coast", 1_600_000_000),
    ];
    let mut text = String::from("artist,album,track,uts\n");
    for (artist, album, track, moment) in rows {
        writeln!(text, "{artist},{album},{track},{moment}").unwrap();
    }
    import(&home, &file(&home, "plays.csv", text));
    let top = home.run(&["top", "tracks", "--json"]).good().json();
    assert_eq!(top["rows"][0]["plays"], json!(3), "they are counted together");
    let exported = home.run(&["export", "--format", "jsonl"]).good().stdout;
    let names: Vec<(String, String, String)> = exported
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            (text("artist"), text("album"), text("track"))
        })
        .collect();
    let told = rows.map(|(artist, album, track, _)| (artist.to_owned(), album.to_owned(), track.to_owned()));
    assert_eq!(names, told);
    // What goes out comes in again as the same plays.
    let path = file(&home, "again.jsonl", exported);
    let again = import(&home, &path);
    assert_eq!((&again["total"]["plays"], &again["total"]["duplicates"]), (&json!(0), &json!(4)));
}
