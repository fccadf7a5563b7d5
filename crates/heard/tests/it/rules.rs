//! Names and plays corrected by hand: each rule tried, made, lived with, taken back.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use fakefm::Play;
use serde_json::{Value, json};

use crate::home::{Home, Ran, fake_with};

const FIRST: i64 = 1_600_000_000;

/// Artist, album, track, and how often it was played.
const PLAYED: [(&str, &str, &str, usize); 16] = [
    ("Näve", "Tief", "Eins", 4),
    ("Näve", "Tief", "Zwei", 2),
    ("Nave", "Tief", "Eins", 3),
    ("Nave", "Tief (Deluxe)", "Drei", 1),
    ("The Tin Lanterns", "Wicks", "Paraffin", 3),
    ("Tin Lanterns", "Wicks", "Paraffin", 2),
    ("Mira Vale", "Tides", "Glass Harbour", 3),
    ("Mira Vale", "Tides", "Glass Harbour - Remastered", 2),
    ("Mira Vale", "Tides", "Glass Harbour!", 1),
    ("Mira Vale & Orb", "", "Iron Coast", 2),
    ("Mira Vale feat. Orb", "", "Iron Coast", 1),
    ("Salt & Sons", "Ledger", "Ink", 1),
    ("Orb feat. Salt & Sons", "", "Brine", 1),
    ("Rain Sounds", "Sleep", "Rain on Tin", 5),
    ("Rain Sounds", "Sleep", "Far Thunder", 2),
    ("-ii- 'o' $(x)", "Σ", "=1+1", 1),
];

fn imported(home: &Home, name: &str, text: &str) {
    let path = home.beside(name);
    write(&path, text);
    home.run(&["import", "-q", path.to_str().unwrap()]).good();
}

fn write(path: &Path, text: &str) {
    use std::io::Write as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// A home with every play of [`PLAYED`], five minutes apart.
fn filled() -> Home {
    let home = Home::new();
    let mut text = "uts,artist,album,track\n".to_owned();
    let plays = PLAYED.iter().flat_map(|(artist, album, track, times)| vec![[artist, album, track]; *times]);
    for (n, [artist, album, track]) in (0..).zip(plays) {
        writeln!(text, "{},\"{artist}\",\"{album}\",\"{track}\"", FIRST + n * 300).unwrap();
    }
    imported(&home, "plays.csv", &text);
    home
}

/// What questions are answered: rankings, and every listen without its number.
#[derive(Debug, PartialEq)]
struct Answers {
    rankings: [Value; 3],
    listens: Value,
}

const KINDS: [&str; 3] = ["artists", "albums", "tracks"];

fn answers(home: &Home) -> Answers {
    let mut listens = home.run(&["listens", "--json", "-n", "1000"]).good().json();
    for row in listens["rows"].as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("id").unwrap();
    }
    Answers { rankings: KINDS.map(|kind| top(home, kind)), listens }
}

fn top(home: &Home, kind: &str) -> Value {
    home.run(&["top", kind, "--json", "-n", "1000"]).good().json()["rows"].clone()
}

/// Ranks and plays in a ranking, by name.
fn place(ranking: &Value, like: &Value) -> (Value, u64) {
    let is_it = |row: &&Value| ["artist", "album", "track"].iter().all(|name| row.get(*name) == like.get(*name));
    match ranking.as_array().unwrap().iter().find(is_it) {
        Some(row) => (row["rank"].clone(), row["plays"].as_u64().unwrap()),
        None => (Value::Null, 0),
    }
}

/// What a dry run tells is what is different between two answers: nothing of it is wrong, nothing is missing.
#[track_caller]
fn assert_tells(told: &Value, before: &Answers, after: &Answers) {
    let told = told["changes"].as_array().unwrap();
    for ((kind, before), after) in KINDS.iter().zip(&before.rankings).zip(&after.rankings) {
        let of_kind: Vec<&Value> = told.iter().filter(|change| change["kind"] == *kind).collect();
        for change in &of_kind {
            let [was, is] = [before, after].map(|ranking| place(ranking, change));
            assert_eq!((change["rank_before"].clone(), change["plays_before"].as_u64().unwrap()), was, "{change}");
            assert_eq!((change["rank_after"].clone(), change["plays_after"].as_u64().unwrap()), is, "{change}");
        }
        let rows = before.as_array().unwrap().iter().chain(after.as_array().unwrap());
        for row in rows.filter(|row| place(before, row) != place(after, row)) {
            let is_told = of_kind
                .iter()
                .any(|change| ["artist", "album", "track"].iter().all(|name| row.get(*name) == change.get(*name)));
            assert!(is_told, "nothing is told of {row}");
        }
    }
}

#[track_caller]
fn assert_no_trace(home: &Home) {
    let names: Vec<String> = fs::read_dir(home.history())
        .unwrap()
        .map(|it| it.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(!names.iter().any(|name| name.contains("preview")), "{names:?}");
}

/// Tries a rule, makes it, lets `look` see what came of it, makes the history anew, and takes the rule back.
#[track_caller]
fn lived_through(home: &Home, words: &[&str], look: impl Fn(&Home)) {
    // Options stand before the names, of which some begin with a dash.
    let with = |more: &[&str]| home.run(&[&words[..1], more, &words[1..]].concat()).good();
    let before = answers(home);
    let tried = with(&["--dry-run", "--json"]).json();
    assert_eq!(answers(home), before, "{words:?}: a dry run keeps nothing");
    assert_no_trace(home);

    let made = with(&["--json"]).json();
    let during = answers(home);
    assert_ne!(during, before, "{words:?} changes nothing");
    assert_tells(&tried, &before, &during);
    look(home);
    if words[1] != "play" {
        let again = with(&[]);
        assert!(again.stderr.contains("says so already"), "{again}");
    }
    let digest = home.digest();
    home.run(&["rebuild", "-q"]).good();
    assert_eq!(answers(home), during, "{words:?}: after a rebuild");
    assert_eq!(home.digest(), digest, "{words:?}: after a rebuild");

    for rule in made["rules"].as_array().unwrap() {
        let id = rule["id"].to_string();
        let now = answers(home);
        let tried = home.run(&["rules", "remove", &id, "--dry-run", "--json"]).good().json();
        assert_eq!(answers(home), now, "{words:?}: a dry run keeps nothing");
        let removed = home.run(&["rules", "remove", &id]).good();
        assert!(removed.stderr.contains(&format!("rule {id} is removed")), "{removed}");
        assert_tells(&tried, &now, &answers(home));
        assert!(home.run(&["rules", "remove", &id]).good().stderr.contains("removed already"));
    }
    assert_eq!(answers(home), before, "{words:?}: as if it had never been made");
    let digest = home.digest();
    home.run(&["rebuild", "-q"]).good();
    assert_eq!(answers(home), before, "{words:?}: removed and made anew");
    assert_eq!(home.digest(), digest, "{words:?}: removed and made anew");
}

/// Plays of one name in a ranking; 0 where it has no place.
fn plays(home: &Home, kind: &str, artist: &str, title: &str) -> u64 {
    let mut like = json!({ "artist": artist });
    if kind != "artists" {
        like[kind.trim_end_matches('s')] = title.into();
    }
    place(&top(home, kind), &like).1
}

#[test]
fn an_artist_is_shown_in_another_spelling() {
    let home = filled();
    lived_through(&home, &["alias", "artist", "Nave", "Näve"], |home| {
        assert_eq!((plays(home, "artists", "Näve", ""), plays(home, "artists", "Nave", "")), (10, 0));
        assert_eq!(plays(home, "tracks", "Näve", "Eins"), 7, "titles of both are one");
    });
    lived_through(&home, &["alias", "artist", "nave", "NÄVE"], |home| {
        assert_eq!((plays(home, "artists", "NÄVE", ""), plays(home, "artists", "Näve", "")), (10, 0));
    });
    lived_through(&home, &["alias", "artist", "Nave", "Somebody Else"], |home| {
        assert_eq!((plays(home, "artists", "Somebody Else", ""), plays(home, "artists", "Näve", "")), (4, 6));
    });
    lived_through(&home, &["alias", "artist", "--", "-ii- 'o' $(x)", "\u{202e}evil\u{1b}[2J"], |home| {
        assert_eq!(plays(home, "artists", "\u{202e}evil\u{1b}[2J", ""), 1);
        let list = home.run(&["rules"]).good();
        assert!(!list.stdout.contains(['\u{202e}', '\u{1b}']), "{list:?}");
    });
}

#[test]
fn a_title_is_shown_in_another_spelling() {
    let home = filled();
    let remaster = ["alias", "track", "mira vale", "Glass Harbour - Remastered", "Glass Harbour"];
    lived_through(&home, &remaster, |home| {
        assert_eq!(plays(home, "tracks", "Mira Vale", "Glass Harbour"), 5);
        assert_eq!(plays(home, "artists", "Mira Vale", ""), 6);
    });
    lived_through(&home, &["alias", "album", "Nave", "Tief (Deluxe)", "Tief"], |home| {
        assert_eq!((plays(home, "albums", "Nave", "Tief"), plays(home, "albums", "Näve", "Tief")), (4, 6));
    });
}

#[test]
fn rules_follow_each_other() {
    let home = filled();
    // The title's rule names the artist as it is reported; the artist's rule comes later.
    home.run(&["alias", "album", "Nave", "Tief (Deluxe)", "Tief"]).good();
    lived_through(&home, &["alias", "artist", "Nave", "Näve"], |home| {
        assert_eq!(plays(home, "albums", "Näve", "Tief"), 10);
    });
    home.run(&["alias", "artist", "Nave", "Näve"]).good();
    lived_through(&home, &["hide", "artist", "Nave"], |home| {
        assert_eq!(plays(home, "artists", "Näve", ""), 0, "under whichever name it is reported");
    });
    lived_through(&home, &["hide", "album", "Nave", "Tief (Deluxe)"], |home| {
        assert_eq!(plays(home, "artists", "Näve", ""), 0, "its plays are those of the album as it is shown");
    });
    lived_through(&home, &["alias", "artist", "Näve", "N."], |home| {
        assert_eq!(plays(home, "artists", "N.", ""), 10);
    });
    home.run(&["alias", "artist", "Näve", "Nave"]).refused(
        65,
        "is shown as the artist \"Näve\" by rule",
        "heard rules remove",
    );
    assert_eq!(plays(&home, "artists", "Näve", ""), 10);
}

#[test]
fn several_names_are_one_artist() {
    let home = filled();
    lived_through(&home, &["merge", "artist", "Nave", "Näve", "Tin Lanterns", "--into", "Näve"], |home| {
        assert_eq!(plays(home, "artists", "Näve", ""), 12);
        assert_eq!(plays(home, "artists", "The Tin Lanterns", ""), 3);
    });
    home.run(&["merge", "artist", "Nave", "Nobody", "--into", "Näve"]).refused(
        65,
        "no play bears the artist \"Nobody\"",
        "",
    );
}

#[test]
fn a_name_stands_for_several_artists() {
    let home = filled();
    lived_through(&home, &["split", "artist", "Mira Vale & Orb"], |home| {
        assert_eq!((plays(home, "artists", "Mira Vale", ""), plays(home, "artists", "Orb", "")), (8, 2));
        assert_eq!(plays(home, "artists", "Mira Vale & Orb", ""), 0);
        assert_eq!(plays(home, "tracks", "Mira Vale & Orb", "Iron Coast"), 2, "a track stays what it was");
    });
    lived_through(&home, &["split", "artist", "Salt & Sons", "--into", "Salt", "--into", "Mira Vale"], |home| {
        assert_eq!((plays(home, "artists", "Salt", ""), plays(home, "artists", "Mira Vale", "")), (1, 7));
    });
    let separators = ["split", "artists", "--at", " & ", "--at", " feat. ", "--except", "Salt & Sons"];
    lived_through(&home, &separators, |home| {
        assert_eq!((plays(home, "artists", "Mira Vale", ""), plays(home, "artists", "Orb", "")), (9, 4));
        assert_eq!(plays(home, "artists", "Salt & Sons", ""), 2, "alone, and as a part of another name");
    });
    home.run(&["split", "artist", "Mira Vale"]).refused(
        65,
        "nothing in \"Mira Vale\" separates artists",
        "--into FIRST",
    );
    home.run(&["split", "artists", "--at", " & ", "--except", "Salt+Sons"]).refused(65, "Salt+Sons", "\"Salt & Sons\"");
}

#[test]
fn a_part_of_a_split_name_may_be_split_too() {
    let home = filled();
    home.run(&["split", "artist", "Orb feat. Salt & Sons", "--into", "Orb", "--into", "Salt & Sons"]).good();
    assert_eq!(plays(&home, "artists", "Salt & Sons", ""), 2);
    lived_through(&home, &["split", "artists", "--at", " & "], |home| {
        assert_eq!((plays(home, "artists", "Salt", ""), plays(home, "artists", "Sons", "")), (2, 2));
    });
    // Each stands for both: whichever is counted first, no play is counted again.
    home.run(&["split", "artist", "Näve", "--into", "Näve", "--into", "Nave"]).good();
    lived_through(&home, &["split", "artist", "Nave", "--into", "Nave", "--into", "Näve"], |home| {
        assert_eq!((plays(home, "artists", "Nave", ""), plays(home, "artists", "Näve", "")), (10, 10));
    });
}

#[test]
fn whom_a_split_name_credits_has_rules_too() {
    let home = filled();
    home.run(&["split", "artist", "Mira Vale & Orb"]).good();
    lived_through(&home, &["hide", "artist", "Orb"], |home| {
        assert_eq!((plays(home, "artists", "Orb", ""), plays(home, "artists", "Mira Vale", "")), (0, 8));
    });
    lived_through(&home, &["alias", "artist", "orb", "The Orb"], |home| {
        assert_eq!((plays(home, "artists", "Orb", ""), plays(home, "artists", "The Orb", "")), (0, 2));
    });
}

#[test]
fn names_are_left_out() {
    let home = filled();
    lived_through(&home, &["hide", "artist", "rain sounds"], |home| {
        assert_eq!(plays(home, "artists", "Rain Sounds", ""), 0);
        assert_eq!(home.run(&["listens", "--count", "--artist", "Rain Sounds"]).good().stdout, "0\n");
    });
    lived_through(&home, &["hide", "album", "Nave", "Tief"], |home| {
        assert_eq!((plays(home, "artists", "Nave", ""), plays(home, "artists", "Näve", "")), (1, 6));
    });
    lived_through(&home, &["hide", "track", "Rain Sounds", "Far Thunder"], |home| {
        assert_eq!(plays(home, "artists", "Rain Sounds", ""), 5);
    });
}

/// The numbers of a track's plays, the oldest first.
fn ids(home: &Home, track: &str) -> Vec<String> {
    let listens = home.run(&["listens", "--json", "--track", track, "-n", "1000"]).good().json();
    listens["rows"].as_array().unwrap().iter().rev().map(|row| row["id"].to_string()).collect()
}

#[test]
fn one_play_is_left_out() {
    let home = filled();
    let id = &ids(&home, "Paraffin")[1];
    lived_through(&home, &["hide", "play", id], |home| {
        assert_eq!(plays(home, "tracks", "The Tin Lanterns", "Paraffin"), 2);
        assert_eq!(home.run(&["listens", "--count"]).good().stdout, "33\n");
    });
}

/// An evening as two services tell of it. Of the third play the streaming service tells an hour too late.
const SCROBBLED: &str = "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n\
    \"1600000000\",\"13 Sep 2020, 12:26\",\"Mira Vale\",\"\",\"Tides\",\"\",\"Glass Harbour\",\"\"\n\
    \"1600000300\",\"13 Sep 2020, 12:31\",\"Mira Vale\",\"\",\"Tides\",\"\",\"Iron Coast\",\"\"\n\
    \"1600000600\",\"13 Sep 2020, 12:36\",\"Orb\",\"\",\"Rings\",\"\",\"Saturn\",\"\"\n";

fn streamed() -> String {
    let row = |ended: &str, artist: &str, track: &str| {
        json!({
            "ts": ended, "ms_played": 240_000, "platform": "none", "conn_country": "ZZ",
            "master_metadata_track_name": track, "master_metadata_album_artist_name": artist,
            "master_metadata_album_album_name": "Tides", "spotify_track_uri": format!("spotify:track:{track}"),
            "episode_name": null, "reason_start": "trackdone", "reason_end": "trackdone", "shuffle": false,
            "skipped": false, "offline": false, "offline_timestamp": null, "incognito_mode": false,
        })
    };
    let rows = [
        row("2020-09-13T12:30:43Z", "Mira Vale", "Glass Harbour"),
        row("2020-09-13T12:35:42Z", "Mira Vale", "Iron Coast"),
        row("2020-09-13T13:40:40Z", "Orb", "Saturn"),
    ];
    Value::from(rows.to_vec()).to_string()
}

fn told_twice() -> Home {
    let home = Home::new();
    imported(&home, "recenttracks-mira-1600000900.csv", SCROBBLED);
    imported(&home, "Streaming_History_Audio_2020_0.json", &streamed());
    assert_eq!(home.run(&["listens", "--count"]).good().stdout, "4\n", "two plays are told of twice");
    home
}

fn sources(home: &Home, id: &str) -> Value {
    let listens = home.run(&["listens", "--json"]).good().json();
    let rows = listens["rows"].as_array().unwrap();
    rows.iter().find(|row| row["id"].as_u64() == id.parse().ok()).map_or(Value::Null, |row| row["sources"].clone())
}

#[test]
fn two_reports_are_one_play() {
    let home = told_twice();
    let [early, late] = &ids(&home, "Saturn")[..] else { panic!("two plays of Saturn") };
    lived_through(&home, &["merge", "play", early, late], |home| {
        let saturn = ids(home, "Saturn");
        assert_eq!(saturn.len(), 1);
        assert_eq!(sources(home, &saturn[0]).as_array().unwrap().len(), 2);
    });
    home.run(&["merge", "play", early, early]).refused(65, "are one play already", "heard listens --json");
    home.run(&["merge", "play", early, "99999"]).refused(65, "there is no play 99999", "heard listens --json");
}

#[test]
fn a_merged_play_stays_one_when_more_comes_in_beside_it() {
    let home = told_twice();
    let [early, late] = &ids(&home, "Saturn")[..] else { panic!("two plays of Saturn") };
    home.run(&["merge", "play", early, late]).good();
    imported(&home, "more.csv", "uts,artist,album,track\n1600000900,Mira Vale,Tides,Ebb\n");
    assert_eq!(ids(&home, "Saturn").len(), 1, "far from one of the two reports");
    let digest = home.digest();
    home.run(&["rebuild", "-q"]).good();
    assert_eq!((ids(&home, "Saturn").len(), home.digest()), (1, digest));
}

#[test]
fn reports_are_plays_of_their_own() {
    let home = told_twice();
    let harbour = ids(&home, "Glass Harbour");
    assert_eq!((harbour.len(), sources(&home, &harbour[0]).as_array().unwrap().len()), (1, 2));
    lived_through(&home, &["split", "play", &harbour[0]], |home| {
        let harbour = ids(home, "Glass Harbour");
        assert_eq!(harbour.len(), 2);
        let refused = home.run(&["split", "play", &harbour[1]]);
        refused.refused(65, "there is nothing to split", "heard listens --json");
    });
    // What was merged by hand can be split by hand, and merged again; the latest rule holds.
    let [early, late] = &ids(&home, "Saturn")[..] else { panic!("two plays of Saturn") };
    home.run(&["merge", "play", early, late]).good();
    let one = ids(&home, "Saturn").remove(0);
    lived_through(&home, &["split", "play", &one], |home| assert_eq!(ids(home, "Saturn").len(), 2));
    home.run(&["split", "play", &one]).good();
    let [early, late] = &ids(&home, "Saturn")[..] else { panic!("two plays of Saturn") };
    lived_through(&home, &["merge", "play", late, early], |home| assert_eq!(ids(home, "Saturn").len(), 1));
}

#[test]
fn a_hidden_play_stays_hidden_whoever_tells_of_it() {
    let home = Home::new();
    imported(&home, "recenttracks-mira-1600000900.csv", SCROBBLED);
    home.run(&["hide", "play", &ids(&home, "Iron Coast")[0]]).good();
    // The streaming service tells the time played, too, and its report stands for the play from now on.
    imported(&home, "Streaming_History_Audio_2020_0.json", &streamed());
    assert_eq!(ids(&home, "Iron Coast"), [""; 0]);
    let digest = home.digest();
    home.run(&["rebuild", "-q"]).good();
    assert_eq!((ids(&home, "Iron Coast"), home.digest()), (vec![], digest));
}

#[test]
fn what_one_service_lists_twice_is_one_play_by_hand() {
    let at = |uts| Play::new(uts, "Orb", "Saturn").on("Rings");
    let (home, fake) = (Home::new(), fake_with([at(FIRST), at(FIRST + 2), at(FIRST + 90_000)]));
    home.sync(&fake, &["-q"]).good();
    let plays = ids(&home, "Saturn");
    lived_through(&home, &["merge", "play", &plays[0], &plays[1]], |home| assert_eq!(ids(home, "Saturn").len(), 2));
    // What an undone file told is joined with nothing any more.
    imported(&home, "Streaming_History_Audio_2020_0.json", &streamed().replace("13:40:40", "12:30:40"));
    let before = home.run(&["listens", "--count"]).good().stdout;
    let id = home.run(&["imports", "--json"]).good().json()["imports"][0]["import"].to_string();
    home.run(&["imports", "undo", &id]).good();
    assert_eq!((&*before, ids(&home, "Saturn").len()), ("5\n", 3));
    let digest = home.digest();
    home.run(&["rebuild", "-q"]).good();
    assert_eq!((ids(&home, "Saturn").len(), home.digest()), (3, digest));
}

#[test]
fn what_is_not_there_is_refused_with_what_is_like_it() {
    let home = filled();
    let before = answers(&home);
    for (words, sentence, hint) in [
        (&["alias", "artist", "Navee", "Näve"][..], "no play bears the artist \"Navee\"", "\"Nave\""),
        (&["hide", "artist", "Tin Lantern"], "no play bears the artist \"Tin Lantern\"", "\"Tin Lanterns\""),
        (&["hide", "artist", "Zzyzx"], "no play bears the artist \"Zzyzx\"", "heard top artists"),
        (
            &["hide", "track", "Mira Vale", "Glas Harbor"],
            "the track \"Glas Harbor\" of \"Mira Vale\"",
            "\"Glass Harbour\"",
        ),
        (&["hide", "album", "Mira Vale", "Qqq"], "the album \"Qqq\" of \"Mira Vale\"", "heard top albums"),
        (&["alias", "album", "Mira Wale", "Tides", "T"], "no play bears the artist \"Mira Wale\"", "\"Mira Vale\""),
        (&["hide", "play", "4711"], "there is no play 4711", "heard listens --json"),
        (&["split", "play", "1"], "only one report tells of play 1", "heard listens --json"),
    ] {
        home.run(words).refused(65, sentence, hint);
        home.run(&[words, &["--dry-run"]].concat()).refused(65, sentence, hint);
    }
    home.run(&["rules", "remove", "7777"]).refused(2, "there is no rule 7777", "heard rules list");
    home.run(&["rules", "remove", "1"]).refused(2, "there is no rule 1", "heard rules list");
    home.run(&["--listener", "nobody", "hide", "play", "1"]).refused(65, "there is no play 1", "");
    assert_eq!(home.run(&["rules", "--json"]).good().json()["rules"], json!([]));
    assert_eq!(answers(&home), before);
    home.digest();
    Home::new().run(&["hide", "artist", "x"]).refused(65, "there is no history", "heard import");
}

#[test]
fn what_comes_in_later_obeys() {
    let home = filled();
    home.run(&["alias", "artist", "Nave", "Näve"]).good();
    home.run(&["hide", "artist", "Rain Sounds"]).good();
    imported(
        &home,
        "later.csv",
        "uts,artist,album,track\n1700000000,NAVE,Tief,Eins\n1700000300,rain sounds,Sleep,Hail\n",
    );
    assert_eq!((plays(&home, "artists", "Näve", ""), plays(&home, "artists", "rain sounds", "")), (11, 0));
    let (during, digest) = (answers(&home), home.digest());
    home.run(&["rebuild", "-q"]).good();
    assert_eq!((answers(&home), home.digest()), (during, digest));
}

#[test]
fn suggestions_can_be_pasted() {
    let home = filled();
    let found = home.run(&["rules", "suggest", "--json"]).good().json();
    assert_eq!(found["total"], 3);
    let names: Vec<Value> = found["suggestions"].as_array().unwrap().iter().map(|it| it["names"].clone()).collect();
    assert_eq!(names[0], json!([{"name": "Näve", "plays": 6}, {"name": "Nave", "plays": 4}]));
    assert_eq!(names[1], json!([{"name": "The Tin Lanterns", "plays": 3}, {"name": "Tin Lanterns", "plays": 2}]));
    assert_eq!(names[2], json!([{"name": "Glass Harbour", "plays": 3}, {"name": "Glass Harbour!", "plays": 1}]));
    assert_eq!(found["suggestions"][2]["artist"], "Mira Vale");
    let first = home.run(&["rules", "suggest", "-n", "1", "--json"]).good().json();
    assert_eq!((&first["total"], first["suggestions"].as_array().unwrap().len()), (&json!(3), 1));
    for suggestion in found["suggestions"].as_array().unwrap() {
        for command in suggestion["commands"].as_array().unwrap() {
            let command = command.as_str().unwrap().strip_prefix("heard ").unwrap();
            Ran::of(&mut home.command_under(&["sh", "-c", &format!("exec \"$0\" {command}")], &[])).good();
        }
    }
    assert_eq!(home.run(&["rules", "suggest", "--json"]).good().json(), json!({"total": 0, "suggestions": []}));
    assert_eq!(plays(&home, "tracks", "Mira Vale", "Glass Harbour"), 4);
}

/// Compares all that a run says with what it said when it was last looked at.
#[track_caller]
fn remembered(name: &str, ran: &Ran) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"\b(202[5-9]|20[3-9]\d)-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", "[MOMENT]");
    settings.add_filter(r#""decided_at": \d+"#, r#""decided_at": [MOMENT]"#);
    settings.bind(|| insta::assert_snapshot!(name, ran.to_string()));
}

#[test]
fn what_rules_say() {
    let home = filled();
    let play = ids(&home, "Paraffin").remove(0);
    for (name, words) in [
        ("rules_suggest", &["rules", "suggest"][..]),
        ("rules_suggest_csv", &["rules", "suggest", "--csv"]),
        ("rules_alias_dry_run", &["alias", "artist", "Nave", "Näve", "--dry-run"]),
        ("rules_alias_dry_run_csv", &["alias", "artist", "Tin Lanterns", "The Tin Lanterns", "--dry-run", "--csv"]),
        ("rules_alias", &["alias", "artist", "Nave", "Näve"]),
        ("rules_alias_again", &["alias", "artist", "Nave", "Näve", "--dry-run"]),
        (
            "rules_merge_json",
            &["merge", "artist", "Tin Lanterns", "The Tin Lanterns", "--into", "The Tin Lanterns", "--json"],
        ),
        ("rules_alias_track", &["alias", "track", "Mira Vale", "Glass Harbour!", "Glass Harbour"]),
        ("rules_split", &["split", "artist", "Mira Vale & Orb"]),
        ("rules_split_at", &["split", "artists", "--at", " & ", "--at", " feat. ", "--except", "Salt & Sons"]),
        ("rules_hide", &["hide", "album", "Rain Sounds", "Sleep"]),
        ("rules_hide_play", &["hide", "play", &play]),
        ("rules_hide_refused", &["hide", "artist", "Nove"]),
    ] {
        remembered(name, &home.run(words));
    }
    let first = home.run(&["rules", "--json"]).good().json()["rules"][0]["id"].to_string();
    remembered("rules_remove_dry_run", &home.run(&["rules", "remove", &first, "--dry-run"]));
    remembered("rules_remove", &home.run(&["rules", "remove", &first]));
    remembered("rules_list", &home.run(&["rules", "list"]));
    remembered("rules_list_csv", &home.run(&["rules", "--csv"]));
    remembered("rules_list_json", &home.run(&["rules", "--json"]));
    let told = told_twice();
    let saturn = ids(&told, "Saturn");
    remembered("rules_merge_play", &told.run(&["merge", "play", &saturn[0], &saturn[1]]));
    remembered("rules_split_play", &told.run(&["split", "play", &ids(&told, "Iron Coast")[0]]));
}
