//! Deciding piece by piece, as changes come, says what deciding everything at once says.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::fs;
use std::path::PathBuf;

use fastrand::Rng;
use heard_history::decide::decide;
use heard_history::facts::Decision;
use heard_history::home::Home;
use heard_history::import::{Meter, Options, import};
use heard_history::ingest;
use heard_history::rules::{Name, Report, Rule};
use heard_history::store::Store;
use heard_history::zone::Zone;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::seeds;

const ZERO: i64 = 1_500_000_000;
const NOW: i64 = 1_800_000_000;

/// A home and a folder of made-up files.
struct House {
    folder: TempDir,
}

impl House {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn home(&self) -> Home {
        Home::open(self.folder.path().join("home")).unwrap()
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Takes files in, in one run. Returns the imports' numbers.
    fn take_in(&self, listener: &str, files: &[PathBuf]) -> Vec<u64> {
        let home = self.home();
        let options = Options { listener: listener.into(), now: NOW, ..Options::default() };
        let report = import(&home, &home.lock().unwrap(), &Zone::utc(), files, &options, &Meter::default()).unwrap();
        assert_eq!(report.files.len(), files.len(), "{report:?}");
        report.files.iter().map(|file| file.import).collect()
    }

    fn say(&self, decision: Decision) -> u64 {
        let home = self.home();
        let lock = home.lock().unwrap();
        let mut store = Store::open(&home, &lock, &Zone::utc()).unwrap();
        decide(&home, &lock, &mut store, "ann", &[decision], NOW).unwrap()[0]
    }

    fn digest(&self) -> String {
        let home = self.home();
        let lock = home.lock().unwrap();
        let store = Store::open(&home, &lock, &Zone::utc()).unwrap();
        store.digest().unwrap()
    }

    /// The digest, after holding it against that of a store made from nothing.
    fn proven(&self, step: &str) -> String {
        let live = self.digest();
        let home = self.home();
        ingest::rebuild(&home, &home.lock().unwrap(), &Zone::utc(), |_| {}).unwrap();
        assert_eq!(self.digest(), live, "{step}: made anew from the archive");
        live
    }

    fn database(&self) -> Connection {
        Connection::open(self.home().database()).unwrap()
    }

    fn number(&self, sql: &str) -> i64 {
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn plays(&self) -> i64 {
        self.number("SELECT count(*) FROM plays WHERE same_as IS NULL AND gone_seq IS NULL")
    }

    /// How a title of the one artist is shown.
    fn shown(&self, title: &str) -> String {
        let sql = "SELECT coalesce(s.title, t.title) FROM tracks t LEFT JOIN tracks s ON s.id = t.shown_as
                    WHERE t.title = ?1 LIMIT 1";
        self.database().query_row(sql, [title], |row| row.get(0)).unwrap()
    }
}

fn csv(rows: impl IntoIterator<Item = (i64, String)>) -> String {
    let rows = rows.into_iter().map(|(at, title)| format!("{},Mira Vale,{title},\n", ZERO + at));
    std::iter::once("uts,artist,track,album\n".to_owned()).chain(rows).collect()
}

/// Spotify's extended history, by ends and seconds played.
fn extended(rows: impl IntoIterator<Item = (i64, i64, String)>) -> String {
    let row = |(ended, seconds, title): (i64, i64, String)| {
        serde_json::json!({
            "ts": jiff::Timestamp::from_second(ZERO + ended).unwrap().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "platform": "android", "ms_played": seconds * 1000, "conn_country": "XX", "ip_addr": "",
            "master_metadata_track_name": title, "master_metadata_album_artist_name": "Mira Vale",
            "master_metadata_album_album_name": "Tides", "spotify_track_uri": format!("spotify:track:{title}"),
            "episode_name": null, "episode_show_name": null, "spotify_episode_uri": null, "reason_start": "trackdone",
            "reason_end": "trackdone", "shuffle": false, "skipped": false, "offline": false,
            "offline_timestamp": null, "incognito_mode": false,
        })
    };
    serde_json::to_string(&rows.into_iter().map(row).collect::<Vec<_>>()).unwrap()
}

/// Spotify's account data, by minutes of ends and seconds played.
fn account_data(rows: impl IntoIterator<Item = (i64, i64, String)>) -> String {
    let row = |(ended, seconds, title): (i64, i64, String)| {
        let ended = jiff::Timestamp::from_second(ZERO + ended).unwrap();
        serde_json::json!({ "endTime": ended.strftime("%Y-%m-%d %H:%M").to_string(), "artistName": "Mira Vale",
            "trackName": title, "msPlayed": seconds * 1000 })
    };
    serde_json::to_string(&rows.into_iter().map(row).collect::<Vec<_>>()).unwrap()
}

#[test]
fn step_by_step_is_as_everything_at_once() {
    seeds::each(6, |seed| {
        let (mut random, house) = (Rng::with_seed(seed), House::new());
        let titles = ["Song", "SONG", "Song (Live)", "夜明け", "Other"];
        let (mut undone, mut holding, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        for step in 0..12 {
            let what = if step < 2 { 0 } else { random.u8(0..8) };
            let told = match what {
                0..3 => {
                    let rows: Vec<(i64, i64, String)> = (0..random.i64(5..25))
                        .map(|n| (n * 150 + random.i64(0..3) * 60, 100, titles[random.usize(0..5)].to_owned()))
                        .collect();
                    let (name, text) = match random.u8(0..3) {
                        0 => (format!("{step}.csv"), csv(rows.into_iter().map(|(end, ms, name)| (end - ms, name)))),
                        1 => (format!("endsong_{step}.json"), extended(rows)),
                        _ => (format!("StreamingHistory{step}.json"), account_data(rows)),
                    };
                    holding.extend(house.take_in("ann", &[house.file(&name, &text)]));
                    format!("took in {name}")
                }
                3 if !holding.is_empty() => {
                    let import = holding.swap_remove(random.usize(0..holding.len()));
                    undone.push(import);
                    house.say(Decision::UndoImport { import });
                    format!("undid {import}")
                }
                4 if !undone.is_empty() => {
                    let import = undone.pop().unwrap();
                    holding.push(import);
                    house.say(Decision::RedoImport { import });
                    format!("redid {import}")
                }
                5 if !rules.is_empty() => {
                    let rule = rules.pop().unwrap();
                    house.say(Decision::RevokeRule { rule });
                    format!("revoked {rule}")
                }
                _ => {
                    let rule = some_rule(&house, &mut random);
                    let told = format!("{rule:?}");
                    rules.push(house.say(Decision::Rule { rule }));
                    told
                }
            };
            house.proven(&format!("step {step}: {told}"));
        }
    });
}

fn some_rule(house: &House, random: &mut Rng) -> Rule {
    let database = house.database();
    let mut report = || {
        let sql = "SELECT told_seq, told_row FROM plays ORDER BY id LIMIT 1 OFFSET ?1";
        let count: i64 = database.query_row("SELECT count(*) FROM plays", [], |row| row.get(0)).unwrap();
        let read =
            |row: &rusqlite::Row<'_>| Ok(Report { seq: row.get::<_, i64>(0)?.cast_unsigned(), row: row.get(1)? });
        database.query_row(sql, [random.i64(0..count)], read).unwrap()
    };
    let (one, other) = (report(), report());
    let track = |title: &str| Name::Track { artist: "Mira Vale".into(), title: title.into() };
    match random.u8(0..4) {
        0 => Rule::OwnPlay { play: one },
        1 => Rule::SamePlay { one, other },
        2 => Rule::HidePlay { play: one },
        _ => Rule::ShowAs { from: vec![track("Other")], to: track("Song") },
    }
}

/// Exporters differ in whether they tell the album; which of their files came first says nothing.
#[test]
fn the_report_with_an_album_stands_for_the_play_in_any_order() {
    let bare = format!("uts,artist,track\n{ZERO},Mira Vale,Song\n");
    let full = format!("uts,artist,track,album\n{ZERO},Mira Vale,Song,Tides\n");
    let digests = [[0, 1], [1, 0]].map(|order| {
        let house = House::new();
        let files = [house.file("bare.csv", &bare), house.file("full.csv", &full)];
        order.iter().for_each(|file| drop(house.take_in("ann", &[files[*file].clone()])));
        let sql = "SELECT count(album_id) FROM plays WHERE same_as IS NULL";
        assert_eq!((house.plays(), house.number(sql)), (1, 1));
        house.proven("two exporters")
    });
    assert_eq!(digests[0], digests[1]);
}

/// One that is kept under its first possible second may lie 59 seconds later than that, and is still within reach.
#[test]
fn a_minute_reaches_further_than_its_first_second() {
    let house = House::new();
    house.take_in("ann", &[house.file("endsong_0.json", &extended([(6_000, 60, "Song".to_owned())]))]);
    house.take_in("ann", &[house.file("StreamingHistory0.json", &account_data([(6_000, 280, "Song".to_owned())]))]);
    assert_eq!(house.plays(), 1, "they end together");
    house.proven("minutes");
}

/// Two changes more than a day apart, and no silence between them: what lies there is read once.
#[test]
fn a_stretch_without_silence_is_read_once() {
    let house = House::new();
    let long = csv((0..700).map(|n| (n * 170, format!("Track {n}"))));
    house.take_in("ann", &[house.file("long.csv", &long)]);
    let ends = [("first.csv", 5), ("last.csv", 699 * 170 - 5)]
        .map(|(name, at)| house.file(name, &csv([(at, "New".to_owned())])));
    house.take_in("ann", &ends);
    assert_eq!(house.plays(), 702);
    assert_eq!(house.number("SELECT count(*) FROM plays WHERE same_as NOT NULL"), 0);
    house.proven("a long stretch");
}

#[test]
fn the_most_frequent_spelling_is_shown() {
    let house = House::new();
    house.take_in("ann", &[house.file("a.csv", &csv([(0, "Song".to_owned()), (900, "SONG".to_owned())]))]);
    assert_eq!(house.shown("Song"), "SONG", "of equal ones the first by code point");
    let more = house.take_in("ann", &[house.file("b.csv", &csv([(1800, "Song".to_owned())]))])[0];
    assert_eq!((house.shown("SONG"), house.shown("Song")), ("Song".to_owned(), "Song".to_owned()));
    house.proven("more of one spelling");
    house.say(Decision::UndoImport { import: more });
    assert_eq!(house.shown("Song"), "SONG", "and back");
}

#[test]
fn listeners_are_kept_apart() {
    let house = House::new();
    let file = house.file("a.csv", &csv([(0, "Song".to_owned())]));
    house.take_in("ann", std::slice::from_ref(&file));
    house.take_in("bob", &[house.file("b.csv", &csv([(0, "Song".to_owned()), (0, "Song".to_owned())]))]);
    assert_eq!(house.plays(), 2, "one each");
    house.proven("two listeners");
}

/// A run was killed between committing and deciding.
#[test]
fn what_was_not_decided_is_decided_when_it_is_opened_again() {
    let house = House::new();
    let rows = || (0..20).map(|n| (n * 400, 100, format!("Song {}", n % 3)));
    house.take_in("ann", &[house.file("endsong_0.json", &extended(rows()))]);
    house.take_in("ann", &[house.file("a.csv", &csv(rows().map(|(end, ms, name)| (end - ms, name.to_uppercase()))))]);
    assert_eq!(house.plays(), 20);
    let before = house.digest();
    let undecided = "UPDATE plays SET same_as = NULL, score = NULL; UPDATE tracks SET shown_as = NULL;
                     UPDATE view_state SET settled = -1;";
    house.database().execute_batch(undecided).unwrap();
    assert_ne!(house.digest(), before);
    let home = house.home();
    let (store, _) = ingest::open(&home, &home.lock().unwrap(), &Zone::utc()).unwrap();
    assert_eq!(store.digest().unwrap(), before);
}
