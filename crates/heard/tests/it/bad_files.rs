//! Files as strangers send them, at the prompt: each with its exit code, one sentence and a hint, what was good in it
//! kept, nothing written outside the history's folder, and never much memory.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

mod asked;
mod places;
mod tables;
mod texts;
mod told;
mod zips;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::home::{Home, Ran};

/// What a run may need at most, in KiB.
const MOST: u64 = 256 << 10;

/// Writes a file beside the history, with the folders above it.
fn file(home: &Home, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = home.beside(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The count of plays, whatever their moments and lengths.
fn plays(home: &Home) -> u64 {
    let words = ["listens", "--count", "--min-played", "0", "--undated", "--implausible"];
    home.run(&words).good().stdout.trim().parse().unwrap()
}

/// Names of tracks, in the order of their names.
fn tracks(home: &Home) -> Vec<String> {
    let words = ["listens", "--json", "-n", "1000", "--min-played", "0", "--undated", "--implausible"];
    let found = home.run(&words).good().json();
    let name = |row: &Value| row["track"].as_str().unwrap().to_owned();
    let mut names: Vec<String> = found["rows"].as_array().unwrap().iter().map(name).collect();
    names.sort();
    names
}

/// Spotify's account data with one play per track.
fn streamed(tracks: &[&str]) -> String {
    let row = |(minute, track): (usize, &&str)| streamed_row(minute, track);
    format!("[\n{}\n]", tracks.iter().enumerate().map(row).collect::<Vec<_>>().join(",\n"))
}

fn streamed_row(minute: usize, track: &str) -> String {
    format!(
        r#"  {{"endTime" : "2024-02-08 10:{minute:02}", "artistName" : "Mira Vale", "trackName" : "{track}", "msPlayed" : 180000}}"#
    )
}

/// A file or folder by its path: its length, and when it was written.
type Listing = BTreeMap<PathBuf, (u64, i64, i64)>;

/// What lies in the throw-away folder; the history is left out.
fn outside(home: &Home) -> Listing {
    listed(&home.beside(""), home.history())
}

/// What lies below a folder; `left_out` is not looked at.
fn listed(folder: &Path, left_out: &Path) -> Listing {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path == left_out {
                continue;
            }
            let metadata = fs::symlink_metadata(&path).unwrap();
            if metadata.is_dir() {
                open.push(path.clone());
            }
            found.insert(path, (metadata.len(), metadata.mtime(), metadata.mtime_nsec()));
        }
    }
    found
}

/// Runs the program and looks at the most memory that it had, where there is a `time` to tell.
fn measured(home: &Home, arguments: &[&str]) -> Ran {
    const TIME: &str = "/usr/bin/time";
    if !Path::new(TIME).exists() {
        println!("there is no {TIME} here: memory was not measured");
        return home.run(arguments);
    }
    // Beside nothing that is listed.
    let told = tempfile::NamedTempFile::new().unwrap();
    let wrapper = [TIME, "--quiet", "--format", "%M", "--output", text(told.path())];
    let ran = Ran::of(&mut home.command_under(&wrapper, arguments));
    let most: u64 = fs::read_to_string(told.path()).unwrap().trim().parse().unwrap();
    println!("{} MiB at most: heard {}", most >> 10, arguments.join(" "));
    assert!(most <= MOST, "{most} KiB\n{ran}");
    ran
}

/// A sheet without its zeros.
fn sums(sheet: &Value) -> Value {
    let of = |name: &str| sheet[name].clone();
    json!([of("rows"), of("plays"), of("duplicates"), of("other"), of("rejects")])
}

#[track_caller]
fn balanced(sheet: &Value) {
    let number = |name: &str| sheet[name].as_u64().unwrap();
    let sum = |name: &str| sheet[name].as_object().unwrap().values().map(|value| value.as_u64().unwrap()).sum::<u64>();
    let seen = number("plays") + number("duplicates") + sum("other") + sum("rejects");
    assert_eq!(number("rows"), seen, "{sheet}");
}

/// Takes in what lies at `path`, twice, and looks at all that holds whatever is wrong with it. Returns the first run.
#[track_caller]
fn taken(home: &Home, path: &Path) -> Ran {
    let before = outside(home);
    let words = ["import", "--json", text(path)];
    let first = measured(home, &words);
    assert!(!first.stderr.contains("panicked"), "{first}");
    let document = first.json();
    document["files"].as_array().unwrap().iter().chain([&document["total"]]).for_each(balanced);
    let kept = plays(home);
    assert_eq!(document["total"]["plays"], kept, "{first}");

    let rejects: u64 =
        document["total"]["rejects"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    let listed = home.run(&["rejects", "--json", "-n", "1000"]).good().json();
    assert_eq!(listed["total"], rejects, "{listed}");
    for row in listed["rows"].as_array().unwrap() {
        assert!(row["line"].as_u64() > Some(0) && row["row"].as_u64() > Some(0) && row["text"] != "", "{row}");
    }

    let again = measured(home, &words);
    assert_eq!((again.code(), &again.json()["total"]["plays"]), (first.code(), &json!(0)), "{again}");
    assert_eq!(plays(home), kept, "{again}");
    assert_eq!(home.integrity(), "ok");
    assert!(home.run(&["verify", "--json"]).good().json()["findings"].as_array().unwrap().is_empty());
    assert_eq!(outside(home), before, "something was written outside the history");
    first
}

/// A file of this name and content, taken in by a new home to its end: what its sheet says, and the tracks kept.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a literal is given")]
fn read(name: &str, bytes: impl AsRef<[u8]>, sheet: Value, kept: &[&str]) -> Value {
    let home = Home::new();
    let path = file(&home, name, bytes);
    let document = taken(&home, &path).good().json();
    assert_eq!(sums(&document["total"]), sheet, "{document}");
    assert_eq!(tracks(&home), kept);
    document
}

/// A file of this name and content, of which a new home takes nothing.
#[track_caller]
fn refused(name: &str, bytes: impl AsRef<[u8]>, sentence: &str, hint: &str) {
    let home = Home::new();
    let path = file(&home, name, bytes);
    let ran = taken(&home, &path).refused(65, &format!("{} {sentence}", path.display()), hint);
    let document = ran.json();
    assert_eq!(document["files"], json!([]));
    assert_eq!(document["ignored"].as_array().unwrap().len(), 1, "{document}");
    // A person is told once.
    let shown = home.run(&["import", text(&path)]);
    assert_eq!((shown.stdout.as_str(), shown.stderr.lines().count()), ("", 2), "{shown}");
    shown.refused(65, sentence, hint);
    assert_eq!(plays(&home), 0);
}
