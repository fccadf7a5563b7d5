//! Real export files, taken in as a person would, against what an independent program counted in them.
//!
//! The files are not part of the project: `HEARD_SHARED` names the folder that holds them. The independent program
//! compares names exactly as written and leaves repeats in, so the figures here are over every report in `heard.db`:
//! plays, duplicates and further witnesses alike. It counts undated plays (second 0) as plays of 1970, and takes a row
//! without a date for one without a time where `heard` knows it as what was playing while the file was made.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::fs;
use std::path::{Path, PathBuf};

use heard_history::home::Home;
use heard_history::import::{Meter, Options, Report, import};
use heard_history::zone::Zone;
use rusqlite::Connection;
use serde_json::{Value, json};

const NOW: i64 = 1_900_000_000;

/// The folder, where the environment names one; says so where it does not.
fn shared() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where the files are")]
    let shared = std::env::var_os("HEARD_SHARED").map(PathBuf::from);
    if shared.is_none() {
        println!("HEARD_SHARED is not set: real export files were not taken in");
    }
    shared.map(|folder| folder.canonicalize().unwrap())
}

fn take_in(home: &Path, paths: &[PathBuf]) -> Report {
    let home = Home::open(home).unwrap();
    let lock = home.lock().unwrap();
    let options = Options { listener: "ann".into(), now: NOW, ..Options::default() };
    import(&home, &lock, &Zone::utc(), paths, &options, &Meter::default()).unwrap()
}

fn digest(home: &Path) -> String {
    let home = Home::open(home).unwrap();
    let store = heard_history::store::Store::open(&home, &home.lock().unwrap(), &Zone::utc()).unwrap();
    store.digest().unwrap()
}

/// Every expectation with the file that it is about.
fn expectations(shared: &Path) -> Vec<(PathBuf, Value)> {
    let data = shared.join("data");
    let mut found = Vec::new();
    for entry in fs::read_dir(data.join("expected")).unwrap() {
        let path = entry.unwrap().path();
        let expected: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().strip_suffix(".json").unwrap().to_owned();
        // Facts about artists and the service's own charts are no histories.
        if expected.get("valid_plays").is_none() {
            continue;
        }
        let kinds = fs::read_dir(&data).unwrap().map(|kind| kind.unwrap().path().join(&name));
        let file = kinds.filter(|file| file.is_file()).collect::<Vec<_>>();
        assert_eq!(file.len(), 1, "{name} is there once");
        found.push((file[0].clone(), expected));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(!found.is_empty());
    found
}

struct Counted {
    database: Connection,
    valid: String,
}

impl Counted {
    /// `last`: the last second that is no wrong clock's, for the independent program: the day after the file was
    /// published.
    fn new(home: &Path, last: i64) -> Self {
        let database = Connection::open(home.join("heard.db")).unwrap();
        database
            .execute_batch(
                "CREATE TEMP VIEW told AS
                   SELECT coalesce(CASE WHEN clock IN ('end', 'both') THEN ended_at END, played_at) AS moment,
                          artists.name AS artist, tracks.title AS track, albums.title AS album, ms_played
                     FROM plays JOIN artists ON artists.id = plays.artist_id JOIN tracks ON tracks.id = track_id
                     LEFT JOIN albums ON albums.id = album_id WHERE gone_seq IS NULL",
            )
            .unwrap();
        Self { database, valid: format!("moment >= 1009843200 AND moment <= {last}") }
    }

    fn number(&self, what: &str, condition: &str) -> Value {
        let sql = format!("SELECT {what} FROM told WHERE {condition}");
        self.database.query_row(&sql, [], |row| row.get::<_, Option<i64>>(0)).unwrap().map_or(Value::Null, Value::from)
    }

    fn valid(&self, what: &str) -> Value {
        self.number(what, &self.valid)
    }

    fn top(&self, by: &str, measure: (&str, &str), condition: &str, limit: usize) -> Value {
        let (name, sum) = measure;
        let sql = format!(
            "SELECT {by}, {sum} AS n FROM told WHERE {} AND {condition} GROUP BY {by} ORDER BY n DESC, {by} LIMIT {limit}",
            self.valid
        );
        let columns: Vec<&str> = by.split(", ").collect();
        let mut statement = self.database.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| {
            let mut object = serde_json::Map::new();
            for (place, column) in columns.iter().enumerate() {
                object.insert((*column).to_owned(), row.get::<_, String>(place)?.into());
            }
            object.insert(name.to_owned(), row.get::<_, i64>(columns.len())?.into());
            Ok(Value::Object(object))
        });
        Value::Array(rows.unwrap().map(Result::unwrap).collect())
    }
}

/// What `heard` says of each figure of the independent program.
fn figures(report: &Report, home: &Path, expected: &Value) -> Vec<(&'static str, Value)> {
    let total = report.total();
    let other =
        |kinds: &[&str]| -> Value { kinds.iter().filter_map(|kind| total.other.get(*kind)).sum::<u64>().into() };
    let rejects =
        |kinds: &[&str]| -> Value { kinds.iter().filter_map(|kind| total.rejects.get(*kind)).sum::<u64>().into() };
    let api = expected["file"].as_str().unwrap().ends_with(".json");
    let now_playing = total.other.get("now_playing").copied().unwrap_or_default();
    let no_time = total.rejects.get("no_time").copied().unwrap_or_default();
    let published: jiff::Timestamp = expected["commit_date"].as_str().unwrap().parse().unwrap();
    let counted = Counted::new(home, published.as_second() + 86_400);
    let told = total.plays + total.duplicates;
    let valid = counted.valid("count(*)");
    let mut figures = vec![
        ("total_rows", total.rows.into()),
        ("malformed", rejects(&["malformed", "bad_time", "not_utf8", "nul", "too_long", "truncated"])),
        ("missing_time", (no_time + if api { 0 } else { now_playing }).into()),
        ("nowplaying", (if api { now_playing } else { 0 }).into()),
        ("empty_names", rejects(&["no_artist", "no_track"])),
        ("podcast", other(&["podcast"])),
        ("audiobook", other(&["audiobook"])),
        ("no_metadata", other(&["no_metadata"])),
        ("video_or_other", other(&["video", "not_a_play"])),
        ("skipped", other(&["skipped"])),
        ("parseable", told.into()),
        ("implausible", (told - valid.as_u64().unwrap()).into()),
        ("in_1970", counted.number("count(*)", "moment >= 0 AND moment < 31536000")),
        ("valid_plays", valid.clone()),
        ("distinct_artists", counted.valid("count(DISTINCT artist)")),
        ("distinct_tracks", counted.valid("count(DISTINCT artist || char(10) || track)")),
        ("top20_artists", counted.top("artist", ("plays", "count(*)"), "1", 20)),
        ("top20_tracks", counted.top("artist, track", ("plays", "count(*)"), "1", 20)),
    ];
    if valid != json!(0) {
        figures.push(("first_epoch", counted.valid("min(moment)")));
        figures.push(("last_epoch", counted.valid("max(moment)")));
    }
    if !expected["total_ms"].is_null() && valid != json!(0) {
        figures.extend([
            ("total_ms", counted.valid("sum(ms_played)")),
            ("ms_ge_30000", counted.valid("sum(ms_played >= 30000)")),
            ("ms_zero", counted.valid("sum(ms_played = 0)")),
            ("ms_negative", counted.valid("sum(ms_played < 0)")),
            ("top20_artists_by_ms", counted.top("artist", ("ms", "sum(ms_played)"), "1", 20)),
            ("top20_artists_ge_30000", counted.top("artist", ("plays", "count(*)"), "ms_played >= 30000", 20)),
        ]);
    }
    figures
}

#[test]
fn every_real_file_has_the_figures_of_the_independent_program() {
    let Some(shared) = shared() else { return };
    let mut differences = Vec::new();
    let mut compared = 0;
    for (file, expected) in expectations(&shared) {
        let folder = tempfile::tempdir().unwrap();
        let report = take_in(folder.path(), std::slice::from_ref(&file));
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let total = report.total();
        let sum =
            total.plays + total.duplicates + total.other.values().sum::<u64>() + total.rejects.values().sum::<u64>();
        if sum != total.rows {
            differences.push(format!("{name}: the sheet does not add up: {total:?}"));
        }
        if report.files.is_empty() {
            // Error pages hold nothing, and are refused with the service's words.
            if expected["total_rows"] != json!(0) {
                differences.push(format!("{name}: not taken in: {:?}", report.ignored));
            }
            continue;
        }
        for (figure, ours) in figures(&report, folder.path(), &expected) {
            let theirs = &expected[figure];
            if theirs.is_null() && figure != "total_rows" {
                continue;
            }
            compared += 1;
            if ours != *theirs {
                differences.push(format!("{name}: {figure}: heard {ours}, the other program {theirs}"));
            }
        }
    }
    println!("{compared} figures compared");
    assert!(differences.is_empty(), "{} of {compared} figures differ:\n{}", differences.len(), differences.join("\n"));
}

/// Parts of one export, whichever way they come, are one history.
#[test]
fn parts_as_a_folder_one_by_one_and_in_a_zip_are_the_same_history() {
    let Some(shared) = shared() else { return };
    let data = shared.join("data/spotify_basic");
    let mut parts: Vec<PathBuf> = fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("hello-michan"))
        .collect();
    parts.sort();
    assert_eq!(parts.len(), 3);
    let folder = tempfile::tempdir().unwrap();
    let together = folder.path().join("together");
    fs::create_dir(&together).unwrap();
    let zipped = folder.path().join("my_spotify_data.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&zipped).unwrap());
    for part in &parts {
        let name = part.file_name().unwrap().to_str().unwrap();
        fs::copy(part, together.join(name)).unwrap();
        zip.start_file(format!("Spotify Account Data/{name}"), zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, &fs::read(part).unwrap()).unwrap();
    }
    zip.finish().unwrap();

    let home = |name: &str| folder.path().join(name);
    take_in(&home("a"), std::slice::from_ref(&together));
    parts.reverse();
    take_in(&home("b"), &parts);
    take_in(&home("c"), std::slice::from_ref(&zipped));
    parts.iter().for_each(|part| drop(take_in(&home("d"), std::slice::from_ref(part))));
    let digests = ["a", "b", "c", "d"].map(|name| digest(&home(name)));
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
    let again = take_in(&home("a"), &[zipped, together]);
    assert_eq!((again.total().plays, again.total().duplicates), (0, 2 * 23_922));
    assert_eq!(digest(&home("a")), digests[0]);
}
