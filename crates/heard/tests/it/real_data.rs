//! Real people's histories, all the way through: into a service, out of it by `sync`, and out again as figures and CSV.
//!
//! The files are not part of the project. `HEARD_SHARED` names the folder that holds them and what an independent
//! program counted in them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fakefm::{Config, FakeFm};
use serde_json::{Value, json};

use crate::extent::shared;
use crate::home::{Home, USER};

/// The columns that an exporter's file may share with ours.
const SHARED_COLUMNS: [&str; 3] = ["artist", "album", "track"];
/// Names of the column with the moment in Unix seconds.
const MOMENTS: [&str; 3] = ["uts", "timestamp", "timestamps"];

/// One history: the file, and what was counted in it.
struct History {
    path: PathBuf,
    counted: Value,
}

impl History {
    /// All that the service can load: files whose header names an artist, a track and Unix seconds.
    fn all() -> Option<Vec<Self>> {
        let shared = shared()?;
        let folder = shared.join("data/lastfm_csv");
        let listing = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut paths: Vec<PathBuf> = listing.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let loadable = paths.into_iter().filter(|path| loads(path));
        let histories: Vec<Self> = loadable.map(|path| Self::read(&shared, path)).collect();
        assert!(histories.len() >= 5, "{} holds fewer histories than it should", folder.display());
        Some(histories)
    }

    fn read(shared: &Path, path: PathBuf) -> Self {
        let name = path.file_name().unwrap().to_string_lossy();
        let expected = shared.join("data/expected").join(format!("{name}.json"));
        let text = fs::read_to_string(&expected).unwrap_or_else(|error| panic!("{}: {error}", expected.display()));
        Self { counted: serde_json::from_str(&text).unwrap(), path }
    }

    fn number(&self, name: &str) -> u64 {
        self.counted[name].as_u64().unwrap_or_else(|| panic!("{name} is not counted for {}", self.path.display()))
    }

    /// Rows in the columns that both sides have, in an order of their own.
    fn rows(&self) -> Vec<Vec<String>> {
        sorted_rows(File::open(&self.path).unwrap())
    }
}

fn loads(path: &Path) -> bool {
    Config::loaded(USER, path).is_ok()
}

fn sorted_rows(text: impl std::io::Read) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text);
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column.trim_start_matches('\u{feff}') == name);
    let moment = MOMENTS.into_iter().find_map(place).expect("a column of moments");
    let columns: Vec<usize> = SHARED_COLUMNS.into_iter().filter_map(place).chain([moment]).collect();
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.unwrap())
        .map(|row| columns.iter().map(|column| row[*column].to_owned()).collect())
        .collect();
    rows.sort();
    rows
}

/// A ranking as the independent program writes it.
fn ranking(home: &Home, what: &str, keys: &[&str]) -> Value {
    let answer = home.run(&["top", what, "-n", "20", "--json"]).good().json();
    let row = |row: &Value| -> Value {
        keys.iter().map(|key| ((*key).to_owned(), row[*key].clone())).collect::<serde_json::Map<_, _>>().into()
    };
    answer["rows"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn every_history_comes_through_whole() {
    let Some(histories) = History::all() else { return };
    for history in &histories {
        let name = history.path.display();
        let home = Home::new();
        let fake = FakeFm::start(Config::loaded(USER, &history.path).unwrap()).unwrap();
        let synced = home.sync(&fake, &["--json"]).good().json();
        let rows = history.number("total_rows");
        let undated = history.number("in_1970");
        let account = &synced["accounts"][0];
        assert_eq!(account["plays_new"], json!(rows), "{name}: {account}");
        assert_eq!(account["undated"], json!(undated), "{name}: {account}");
        assert_eq!(account["complete"], json!(true), "{name}: {account}");

        assert_eq!(ranking(&home, "artists", &["artist", "plays"]), history.counted["top20_artists"], "{name}");
        assert_eq!(ranking(&home, "tracks", &["artist", "plays", "track"]), history.counted["top20_tracks"], "{name}");
        let distinct = home.run(&["top", "artists", "--json"]).good().json();
        // Spellings of one name are one artist; the other program folds a little less than that.
        assert_eq!(distinct["distinct"], json!(history.number("distinct_artists_folded")), "{name}");

        let exported = home.run(&["export"]).good().stdout;
        assert!(sorted_rows(exported.as_bytes()) == history.rows(), "{name}: the export has other rows");
        println!("{} plays, {undated} of them undated, in {} requests: {name}", rows, account["requests"]);
    }
}

#[test]
fn the_largest_history_has_the_figures_that_are_known_of_it() {
    let Some(histories) = History::all() else { return };
    let largest = histories.iter().max_by_key(|history| history.number("total_rows")).unwrap();
    let home = Home::new();
    let fake = FakeFm::start(Config::loaded(USER, &largest.path).unwrap()).unwrap();
    home.sync(&fake, &["-q"]).good();
    let database = rusqlite::Connection::open(home.history().join("heard.db")).unwrap();
    let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM plays"), 17_503);
    assert_eq!(count("SELECT count(*) FROM plays WHERE local_at IS NULL"), 643);
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "16860\n");
    assert_eq!(home.run(&["listens", "--count", "--undated"]).good().stdout, "17503\n");
    assert_eq!(home.integrity(), "ok");
}
