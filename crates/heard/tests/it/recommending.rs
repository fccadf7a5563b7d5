//! Suggestions as a person meets them, and the service's own charts.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::fs;

use fakefm::Play;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::commands::remembered;
use crate::home::{Home, USER, fake_with};

/// Artist, album, track, the first day, days from one play to the next, and how many plays.
const PLAYED: [(&str, &str, &str, &str, i64, i64); 12] = [
    ("Mira Vale", "Tides", "Glass", "2024-01-01", 1, 50),
    ("Mira Vale", "Tides", "Foam", "2024-01-20", 2, 20),
    ("Iron Coast", "Ore", "Salt", "2023-06-01", 10, 26),
    ("Iron Coast", "Ore", "Rust", "2023-06-02", 30, 8),
    // Gone for three years.
    ("Gone Lantern", "Wick", "Smoke", "2020-05-01", 3, 40),
    ("Gone Lantern", "Wick", "Ash", "2020-05-01", 9, 12),
    // Every week, and then no more.
    ("Weekly Bell", "Peal", "Toll", "2023-05-01", 7, 34),
    ("Weekly Bell", "Peal", "Chime", "2023-05-02", 14, 14),
    ("One Song", "Nine Rooms", "Door", "2023-11-01", 15, 6),
    ("One Song", "Hall", "Hall", "2023-11-02", 15, 6),
    ("=SUM(A1)", "\u{202e}evil", "\u{1b}[31m", "2024-02-01", 1, 4),
    ("Unknown Artist", "", "Track 1", "2024-02-01", 1, 12),
];

/// What is asked as if it were the night before 4 March 2024.
const UNTIL: [&str; 2] = ["--to", "2024-03-04"];

fn imported() -> Home {
    let home = Home::new();
    let path = home.beside("plays.csv");
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(["uts", "artist", "album", "track"]).unwrap();
    for (nth, (artist, album, track, day, gap, plays)) in (0..).zip(PLAYED) {
        let noon = format!("{day}T12:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
        for play in 0..plays {
            let at = noon + play * gap * 86_400 + nth * 300;
            file.write_record([&at.to_string(), artist, album, track]).unwrap();
        }
    }
    fs::write(&path, file.into_inner().unwrap()).unwrap();
    home.run(&["-q", "import", path.to_str().unwrap()]).good();
    home
}

/// What services told, as it lies in the database.
struct Told(Connection);

impl Told {
    fn of(home: &Home) -> Self {
        Self(Connection::open(home.history().join("heard.db")).unwrap())
    }

    /// An answer about a thing that holds; its number.
    fn answer(&self, (kind, name, title): (&str, &str, &str), method: &str, asked: &str) -> i64 {
        let Self(database) = self;
        database
            .execute("INSERT OR IGNORE INTO things (kind, name, title) VALUES (?1, ?2, ?3)", [kind, name, title])
            .unwrap();
        let thing = "SELECT id FROM things WHERE kind = ?1 AND name = ?2 AND title = ?3";
        let thing: i64 = database.query_row(thing, [kind, name, title], |row| row.get(0)).unwrap();
        database
            .execute(
                "INSERT INTO answers (thing_id, service, method, asked, told_at, outcome)
                 VALUES (?1, 'lastfm', ?2, ?3, 1709500000, 'known')",
                params![thing, method, asked],
            )
            .unwrap();
        database.last_insert_rowid()
    }

    /// Lists something under a thing: kind, name, title, likeness, plays.
    fn lists(&self, of: (&str, &str, &str), method: &str, rows: &[(&str, &str, &str, Option<f64>)]) {
        let answer = self.answer(of, method, "");
        for (position, (kind, name, title, likeness)) in (0..).zip(rows) {
            self.0
                .execute(
                    "INSERT INTO listed (answer_id, position, kind, name, title, likeness)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![answer, position as i64, kind, name, title, likeness],
                )
                .unwrap();
        }
    }

    fn is_known_by(&self, artist: &str, listeners: i64) {
        let answer = self.answer(("artist", artist, ""), "artist.getInfo", "");
        self.0.execute("INSERT INTO about (answer_id, listeners) VALUES (?1, ?2)", [answer, listeners]).unwrap();
    }

    fn sounds(&self, artist: &str, tags: &[(&str, i64)]) {
        let answer = self.answer(("artist", artist, ""), "artist.getTopTags", "");
        for (position, (tag, weight)) in (0..).zip(tags) {
            self.0
                .execute("INSERT INTO tags VALUES (?1, ?2, ?3, ?4)", params![answer, position as i64, tag, weight])
                .unwrap();
        }
    }
}

/// What is known of artists in this small world.
fn told(home: &Home) {
    let told = Told::of(home);
    let artist = |name: &'static str, likeness| ("artist", name, "", Some(likeness));
    told.lists(
        ("artist", "Mira Vale", ""),
        "artist.getSimilar",
        &[
            artist("Salt Choir", 0.9),
            artist("Household Name", 0.85),
            artist("iron coast", 0.8),
            artist("Nave\r\nand Sons", 0.4),
            artist("[unknown]", 1.0),
        ],
    );
    told.lists(
        ("artist", "Iron Coast", ""),
        "artist.getSimilar",
        &[artist("Tin Quarter", 0.7), artist("Salt Choir", 0.6), artist("One Song", 0.5)],
    );
    let track = |name: &'static str, title: &'static str| ("track", name, title, None);
    let wave = [track("Mira Vale", "Glass"), track("Mira Vale", "Unheard Wave")];
    told.lists(("artist", "Mira Vale", ""), "artist.getTopTracks", &wave);
    let anthem = [track("Salt Choir", "Anthem"), track("Salt Choir", "Brine\r\n#EXTINF:0,evil")];
    told.lists(("artist", "Salt Choir", ""), "artist.getTopTracks", &anthem);
    let slate = [("track", "Tin Quarter", "Slate", Some(0.66))];
    told.lists(("track", "Mira Vale", "Glass"), "track.getSimilar", &slate);
    let later = [
        ("album", "Mira Vale", "Tides", None),
        ("album", "Mira Vale", "(null)", None),
        ("album", "Mira Vale", "Later", None),
    ];
    told.lists(("artist", "Mira Vale", ""), "artist.getTopAlbums", &later);
    let rooms = [track("One Song", "Door"), track("One Song", "Floor"), track("One Song", "Wall")];
    told.lists(("album", "One Song", "Nine Rooms"), "album.getInfo", &rooms);
    told.0.execute("UPDATE view_state SET enriched = enriched + 1", []).unwrap();
    for (name, listeners) in [("Salt Choir", 90_000), ("Household Name", 4_800_000), ("Tin Quarter", 1_200)] {
        told.is_known_by(name, listeners);
    }
    for (name, tags) in [
        ("Mira Vale", &[("seen live", 100), ("Trip-Hop", 100), ("1994", 50), ("dub", 40)][..]),
        ("Iron Coast", &[("folk", 100)]),
        ("Salt Choir", &[("trip-hop", 80), ("seen live", 70), ("1994", 60), ("choir", 30)]),
        ("Household Name", &[("pop", 100)]),
        ("Tin Quarter", &[("folk", 60), ("dub", 10)]),
    ] {
        told.sounds(name, tags);
    }
}

fn names(home: &Home, words: &[&str]) -> Vec<String> {
    let ran = home.run(&[&["recommend"], words, &["--json", "-n", "50"], &UNTIL].concat()).good().json();
    let name = |row: &Value| {
        let title = row.get("track").or(row.get("album")).and_then(Value::as_str);
        let artist = row["artist"].as_str().unwrap();
        title.map_or_else(|| artist.to_owned(), |title| format!("{artist}: {title}"))
    };
    ran["rows"].as_array().unwrap().iter().map(name).collect()
}

#[test]
fn what_recommend_prints() {
    let home = imported();
    told(&home);
    for (name, words) in [
        ("artists", &["artists"][..]),
        ("artists_json", &["artists", "--json", "-n", "4"]),
        ("artists_csv", &["artists", "--csv"]),
        ("artists_novel", &["artists", "--kind", "unheard", "--novelty", "1"]),
        ("artists_well_known", &["artists", "--kind", "unheard", "--novelty", "0"]),
        ("artists_of_a_year", &["artists", "--kind", "forgotten,overdue", "--from", "2020-01-01"]),
        ("albums", &["albums"]),
        ("albums_json", &["albums", "--json"]),
        ("tracks_json", &["tracks", "--json", "-n", "9"]),
        ("tracks_csv", &["tracks", "--csv", "-n", "5"]),
        ("albums_csv", &["albums", "--kind", "one-track", "--csv"]),
        ("tracks", &["tracks"]),
        ("tracks_by_no_album", &["tracks", "--kind", "one-track"]),
        ("nothing_that_early", &["artists", "--from", "1999-01-01"]),
    ] {
        let until = if name == "nothing_that_early" { ["--to", "1999-02-01"] } else { UNTIL };
        remembered(&home, &format!("recommend_{name}"), &home.run(&[&["recommend"], words, &until].concat()));
    }
}

#[test]
fn without_a_service_the_rest_is_suggested() {
    let home = imported();
    remembered(&home, "recommend_alone", &home.run(&[&["recommend", "artists"][..], &UNTIL].concat()));
    remembered(&home, "recommend_alone_albums", &home.run(&[&["recommend", "albums"][..], &UNTIL].concat()));
    assert_eq!(names(&home, &["artists", "--kind", "unheard"]), [""; 0]);
    let nobody = home.run(&["--listener", "nobody", "recommend", "artists"]).good();
    assert!(nobody.stdout.is_empty() && nobody.stderr.contains("No plays count here"), "{nobody}");
    Home::new().run(&["recommend", "artists"]).refused(65, "there is no history", "heard import");
}

#[test]
fn a_history_that_ended_is_told_as_of_its_last_listen() {
    let home = imported();
    told(&home);
    let said = |words: &[&str]| home.run(words).good();
    for words in [&["recommend", "artists"][..], &["discoveries"]] {
        let ended = "Told as of 2024-02-27, your last listen";
        assert!(said(words).stderr.contains(ended), "{}", said(words));
        assert!(!said(&[words, &UNTIL].concat()).stderr.contains("Told as of"), "the period ends it");
        let (document, until) = (said(&[words, &["--json"]].concat()), said(&[words, &["--json"], &UNTIL].concat()));
        assert_eq!(document.json()["last_listen_at"], 1_709_035_500, "{document}");
        assert_eq!(document.json()["last_listen_time"], "2024-02-27T12:05:00Z");
        assert_eq!(until.json()["last_listen_at"], Value::Null);
    }
    let rows = |why: &str| {
        let found = said(&["recommend", "artists", "--kind", why, "--json"]).json()["rows"].clone();
        found.as_array().unwrap().iter().map(|row| row["artist"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rows("forgotten"), ["Gone Lantern"], "and not everything");
}

#[test]
fn reasons_speak_of_genres_and_the_listener_has_the_last_word_on_them() {
    let home = imported();
    told(&home);
    let why = |name: &str| -> Vec<String> {
        let words = ["recommend", "artists", "--kind", "unheard", "--json"];
        let rows = home.run(&[&words[..], &UNTIL].concat()).good().json()["rows"].clone();
        let row = rows.as_array().unwrap().iter().find(|row| row["artist"] == name).unwrap().clone();
        let reasons = row["reasons"].as_array().unwrap().iter().filter_map(|it| it["tags"].as_array()).flatten();
        reasons.map(|tag| tag.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(why("Salt Choir"), ["trip hop"], "they share being seen live and a year, too");
    assert_eq!(why("Tin Quarter"), ["folk", "dub"]);
    let set = |artist: &str, genre: &str| home.run(&["genres", "set", artist, genre, "-q"]).good();
    set("mira vale", "polka");
    told_again(&home);
    assert_eq!(why("Salt Choir"), [""; 0]);
    assert_eq!(why("Tin Quarter"), ["folk"], "that is Iron Coast's");
}

#[test]
fn what_is_known_is_not_unheard() {
    let home = imported();
    told(&home);
    let unheard = names(&home, &["artists", "--kind", "unheard"]);
    assert_eq!(unheard, ["Salt Choir", "Nave\r\nand Sons", "Tin Quarter", "Household Name"]);
    assert_eq!(names(&home, &["artists", "--kind", "forgotten"]), ["Gone Lantern"]);
    let mut overdue = names(&home, &["artists", "--kind", "overdue"]);
    overdue.sort();
    assert_eq!(overdue, ["One Song", "Weekly Bell"]);
    let one_track = names(&home, &["albums", "--kind", "one-track"]);
    assert_eq!(one_track, ["=SUM(A1): \u{202e}evil", "One Song: Nine Rooms"], "and not the single");
    let tracks = names(&home, &["tracks", "--kind", "unheard"]);
    assert!(tracks.contains(&"Mira Vale: Unheard Wave".to_owned()), "{tracks:?}");
    assert!(tracks.contains(&"Tin Quarter: Slate".to_owned()), "{tracks:?}");
    assert!(!tracks.contains(&"Mira Vale: Glass".to_owned()), "{tracks:?}");
    assert_eq!(names(&home, &["albums", "--kind", "unheard"]), ["Mira Vale: Later"]);
    // A play of less than the shortest that counts is known all the same; so is one under another spelling.
    home.run(&["alias", "artist", "Iron Coast", "Iron Coast (UK)"]).good();
    assert_eq!(names(&home, &["artists", "--kind", "unheard"]), unheard);
}

#[test]
fn feedback_sticks_survives_a_rebuild_and_can_be_taken_back() {
    let home = imported();
    told(&home);
    let before = names(&home, &["artists"]);
    let made = home.run(&["recommend", "artists", "--dismiss", "salt choir", "--json"]).good().json();
    assert_eq!(made["rules"][0]["says"], "the artist \"salt choir\" is not suggested");
    let id = made["rules"][0]["id"].as_u64().unwrap().to_string();
    home.run(&["recommend", "artists", "--dismiss", "Gone Lantern", "-q"]).good();
    home.run(&["recommend", "tracks", "--dismiss", "Mira Vale", "Unheard Wave", "-q"]).good();
    let check = |home: &Home| {
        let now = names(home, &["artists"]);
        let left: Vec<_> = before.iter().filter(|name| *name != "Salt Choir" && *name != "Gone Lantern").collect();
        let mut sorted = [now.iter().collect::<Vec<_>>(), left];
        sorted.iter_mut().for_each(|names| names.sort());
        assert_eq!(sorted[0], sorted[1]);
        let tracks = names(home, &["tracks"]);
        assert!(!tracks.iter().any(|it| it.starts_with("Salt Choir") || it.ends_with("Unheard Wave")), "{tracks:?}");
    };
    check(&home);
    home.run(&["rebuild", "-q"]).good();
    told(&home);
    check(&home);
    home.run(&["rules", "remove", &id]).good();
    told_again(&home);
    assert!(names(&home, &["artists"]).contains(&"Salt Choir".to_owned()));
}

/// What services told is not in this archive; a rule that is removed leaves it where it is.
fn told_again(home: &Home) {
    let known: i64 = Told::of(home).0.query_row("SELECT count(*) FROM things", [], |row| row.get(0)).unwrap();
    assert!(known > 0, "what was told is gone");
}

#[test]
fn what_is_liked_leads_to_more_like_it() {
    let home = imported();
    told(&home);
    let score = |name: &str| {
        let words = ["recommend", "artists", "--kind", "unheard", "--json"];
        let rows = home.run(&[&words[..], &UNTIL].concat()).good().json()["rows"].clone();
        rows.as_array().unwrap().iter().find(|row| row["artist"] == name).unwrap()["score"].as_f64().unwrap()
    };
    let before = score("Tin Quarter");
    home.run(&["recommend", "artists", "--like", "Iron Coast"]).good();
    assert!(score("Tin Quarter") > before, "it is like Iron Coast");
    let again = home.run(&["recommend", "artists", "--like", "iron coast"]).good();
    assert!(again.stderr.contains("says so already"), "{again}");
    // Who changes their mind is believed.
    home.run(&["recommend", "artists", "--like", "Tin Quarter"]).good();
    home.run(&["recommend", "artists", "--dismiss", "Tin Quarter"]).good();
    assert!(!names(&home, &["artists"]).contains(&"Tin Quarter".to_owned()));
    remembered(&home, "recommend_rules", &home.run(&["rules", "list", "--csv"]));
}

#[test]
fn slips_of_the_pen_are_told() {
    let home = imported();
    told(&home);
    let run = |words: &[&str]| home.run(&[&["recommend"], words].concat());
    run(&["artists", "--like", "Mira Vael"]).refused(65, "no play bears the artist \"Mira Vael\"", "Mira Vale");
    run(&["tracks", "--dismiss", "Mira Vale"]).refused(2, "only one name is given", "heard recommend tracks --dismiss");
    run(&["artists", "--like", "Mira Vale", "Glass"]).refused(2, "no title", "heard recommend artists --like");
    run(&["artists", "-o", "next.jspf"]).refused(
        2,
        "a playlist holds tracks, not artists",
        "heard recommend tracks -o",
    );
    run(&["tracks", "-o", "next.txt"]).refused(2, "next.txt ends neither", "next.jspf");
    for novelty in ["-0.1", "1.1", "NaN", "much"] {
        let ran = run(&["artists", &format!("--novelty={novelty}")]);
        assert_eq!(ran.code(), 2, "{ran}");
        assert!(ran.stderr.contains("from 0 to 1"), "{ran}");
    }
    assert_eq!(run(&["artists", "--like", ""]).code(), 2);
    assert_eq!(run(&["artists", "--like", "a", "--dismiss", "b"]).code(), 2);
    assert!(run(&["artists", "-n", "0"]).good().stdout.is_empty());
}

#[test]
fn weights_come_from_the_config() {
    let home = imported();
    told(&home);
    let usual = names(&home, &["artists", "--kind", "unheard"]);
    let config = home.history().join("config.toml");
    fs::write(&config, "[recommend]\nnovelty = 1.0\npopularity = 3.0\n").unwrap();
    let novel = names(&home, &["artists", "--kind", "unheard"]);
    assert_ne!(novel, usual);
    assert_eq!(novel.last().map(String::as_str), Some("Household Name"));
    assert_eq!(names(&home, &["artists", "--kind", "unheard", "--novelty", "0.3"])[0], usual[0]);
    fs::write(&config, "[recommend]\nforgotten = 0.0\n").unwrap();
    assert!(!names(&home, &["artists"]).contains(&"Gone Lantern".to_owned()));
    fs::write(&config, "[recommend]\nnovelty = 1.5\n").unwrap();
    home.run(&["recommend", "artists"]).refused(78, "[recommend] novelty is 1.5", "docs/recommendations.md");
    fs::write(&config, "[recommend]\nnovlety = 0.5\n").unwrap();
    home.run(&["recommend", "artists"]).refused(78, "novlety", "mend that line");
}

#[test]
fn suggested_tracks_are_a_playlist() {
    let home = imported();
    told(&home);
    let file = |name: &str| home.beside(name);
    let write = |name: &str| {
        let path = file(name);
        let words = ["recommend", "tracks", "--kind", "unheard", "-o", path.to_str().unwrap()];
        home.run(&[&words[..], &UNTIL].concat()).good();
        fs::read_to_string(path).unwrap()
    };
    let m3u = write("next.m3u8");
    assert!(m3u.starts_with("#EXTM3U\n#PLAYLIST:"), "{m3u}");
    assert!(m3u.contains("#EXTINF:-1,Salt Choir - Brine  #EXTINF:0,evil\n"), "{m3u}");
    assert!(!m3u.contains("\n#EXTINF:0,evil"), "a name is no line of its own: {m3u}");
    let jspf: Value = serde_json::from_str(&write("next.jspf")).unwrap();
    let tracks = jspf["playlist"]["track"].as_array().unwrap();
    assert_eq!(m3u.lines().count(), 2 + 2 * tracks.len());
    assert!(tracks.iter().any(|it| it["creator"] == "Salt Choir" && it["title"] == "Brine\r\n#EXTINF:0,evil"));
    assert!(tracks.iter().all(|it| it["annotation"].as_str().unwrap().contains("never played")));
    let csv = write("next.csv");
    assert_eq!(csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).count(), tracks.len());
}

const WEEK: [i64; 2] = [1_708_862_400, 1_709_467_200];

/// A home with a week of plays, of which the account told most and a file the rest.
fn charted() -> Home {
    let play = |at: i64, artist: &str| Play::new(WEEK[0] + at * 3_600, artist, "Tide");
    let plays =
        [(1, "Mira Vale"), (2, "Mira Vale"), (3, "Iron Coast"), (4, "Nave"), (5, "Rain Sounds"), (-1, "Before")];
    let (home, fake) = (Home::new(), fake_with(plays.map(|(at, artist)| play(at, artist))));
    fake.world().open(USER).add(&Play::new(0, "Mira Vale", "Tide"));
    home.sync(&fake, &["-q"]).good();
    let path = home.beside("other.csv");
    fs::write(&path, format!("uts,artist,track\n{},Iron Coast,Rust\n", WEEK[0] + 90_000)).unwrap();
    home.run(&["-q", "import", path.to_str().unwrap()]).good();
    home.run(&["-q", "alias", "artist", "Nave", "Näve"]).good();
    home.run(&["-q", "hide", "artist", "Rain Sounds"]).good();
    home
}

#[test]
fn the_services_charts_are_compared_with_ours() {
    let home = charted();
    let nothing = home.run(&["charts", "--service"]).good();
    assert!(nothing.stderr.contains("No service told a weekly chart of artists yet"), "{nothing}");
    let told = Told::of(&home);
    for (nth, rows) in [(0, &[("Mira Vale", 3), ("Iron Coast", 1), ("Nave", 1), ("Rain Sounds", 1)][..]), (1, &[])] {
        let span = WEEK.map(|end| end - nth * 604_800);
        let asked = format!("from={}&to={}", span[0], span[1]);
        let answer = told.answer(("account", "Ann", ""), "user.getWeeklyArtistChart", &asked);
        for (position, (name, plays)) in (0..).zip(rows) {
            let sql = "INSERT INTO listed (answer_id, position, kind, name, title, plays) VALUES (?1, ?2, 'artist', ?3, '', ?4)";
            told.0.execute(sql, params![answer, position as i64, name, plays]).unwrap();
        }
    }
    for (name, words) in [
        ("last", &["charts", "--service"][..]),
        ("json", &["charts", "--service", "--json", "-n", "3"]),
        ("csv", &["charts", "--service", "--csv", "--all"]),
        ("of_a_week", &["charts", "--service", "--at", "2024-W08"]),
        ("tracks", &["charts", "--service", "--kind", "tracks"]),
    ] {
        remembered(&home, &format!("charts_told_{name}"), &home.run(words));
    }
    let document = home.run(&["charts", "--service", "--json"]).good().json();
    let chart = &document["charts"][0];
    assert_eq!((&chart["total_plays"], &chart["our_plays"], &chart["undated"]), (&json!(6), &json!(5), &json!(1)));
    for row in chart["rows"].as_array().unwrap() {
        let sum: i64 = row["causes"].as_object().unwrap().values().map(|plays| plays.as_i64().unwrap()).sum();
        assert_eq!(sum, row["plays"].as_i64().unwrap() - row["our_plays"].as_i64().unwrap(), "{row}");
    }
    assert_eq!(home.run(&["charts", "--service", "--by-year"]).code(), 2);
}
