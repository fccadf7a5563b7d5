//! One person's plays, told by two services in their own ways, become one history.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use heard_history::home::Home;
use heard_history::import::{Meter, Options, Report, import};
use heard_history::store::Store;
use heard_history::zone::Zone;
use rusqlite::Connection;

use crate::seeds;

const FIRST: i64 = 1_600_000_000;
const NOW: i64 = 1_800_000_000;

/// One play as it was.
struct Truth {
    artist: String,
    title: String,
    album: String,
    started: i64,
    /// Seconds for which the player stood still.
    paused: i64,
    ms: i64,
    offline: bool,
    /// Whether the streaming service, the scrobbling service, or both tell of it.
    streamed: bool,
    scrobbled: bool,
}

fn truths(random: &mut Rng, count: usize) -> Vec<Truth> {
    let words =
        ["amber", "basin", "cedar", "delta", "ember", "fjord", "glass", "iron", "juniper", "köln", "夜明け", "o'hara"];
    let word = |random: &mut Rng| words[random.usize(0..words.len())];
    let artists: Vec<String> = (0..60).map(|n| format!("{} {} {n}", word(random), word(random))).collect();
    let tracks: Vec<(String, String, String, i64)> = (0..400)
        .map(|n| {
            let artist = artists[random.usize(0..artists.len())].clone();
            (
                artist,
                format!("{} {} {n}", word(random), word(random)),
                word(random).to_owned(),
                random.i64(60_000..420_000),
            )
        })
        .collect();
    let mut moment = FIRST;
    let mut last = 0;
    (0..count)
        .map(|_| {
            // Now and then the same track once more, and now and then an hour of silence.
            let track = if random.u8(0..100) < 6 { last } else { random.usize(0..tracks.len()) };
            last = track;
            let (artist, title, album, length) = tracks[track].clone();
            let ms = if random.u8(0..100) < 15 { random.i64(0..length) } else { length };
            let paused = if random.u8(0..100) < 5 { random.i64(5..70) } else { 0 };
            let started = moment;
            moment += ms / 1000 + paused + random.i64(0..3);
            if random.u8(0..100) < 8 {
                moment += random.i64(600..30_000);
            }
            let long_enough = ms >= 30_000 && (ms * 2 >= length || ms >= 240_000);
            let elsewhere = random.u8(0..100) < 3;
            Truth {
                artist,
                title,
                album,
                started,
                paused,
                ms,
                offline: random.u8(0..100) < 4,
                streamed: !elsewhere,
                scrobbled: elsewhere || (long_enough && random.u8(0..100) < 98),
            }
        })
        .collect()
}

/// The spelling of another service.
fn drifted(random: &mut Rng, artist: &str, title: &str) -> (String, String) {
    match random.u8(0..100) {
        0..2 => (artist.to_uppercase(), title.to_owned()),
        2..4 => (artist.to_owned(), format!("{title} (feat. Someone Else)")),
        4..6 => (artist.to_owned(), format!("{title} - Remastered 2011")),
        6..7 => (format!("{artist} & The Others"), title.to_owned()),
        7..8 => (artist.to_owned(), title.replace('\'', "’").replace('ö', "o")),
        8..9 => (format!(" {artist}"), title.replace(' ', "\u{a0}")),
        _ => (artist.to_owned(), title.to_owned()),
    }
}

fn time(second: i64) -> String {
    jiff::Timestamp::from_second(second).unwrap().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The streaming service's file, and the truths of its rows.
fn streamed(random: &mut Rng, truths: &[Truth]) -> (String, Vec<usize>) {
    let mut rows = Vec::new();
    let mut of = Vec::new();
    for (place, truth) in truths.iter().enumerate().filter(|(_, truth)| truth.streamed) {
        let ended = truth.started + truth.paused + truth.ms / 1000;
        // Plays without a connection are told when there is one again.
        let told = if truth.offline { ended + random.i64(600..200_000) } else { ended };
        rows.push(serde_json::json!({
            "ts": time(told), "platform": "android", "ms_played": truth.ms, "conn_country": "XX", "ip_addr": "",
            "master_metadata_track_name": truth.title, "master_metadata_album_artist_name": truth.artist,
            "master_metadata_album_album_name": truth.album, "spotify_track_uri": format!("spotify:track:{}", truth.title),
            "episode_name": null, "episode_show_name": null, "spotify_episode_uri": null, "reason_start": "trackdone",
            "reason_end": "trackdone", "shuffle": false, "skipped": false, "offline": truth.offline,
            "offline_timestamp": truth.started, "incognito_mode": false,
        }));
        of.push(place);
    }
    (serde_json::to_string(&rows).unwrap(), of)
}

/// The scrobbling service's file, newest first as exporters write it, and the truths of its rows.
fn scrobbled(random: &mut Rng, truths: &[Truth]) -> (String, Vec<usize>) {
    let mut text = String::from("uts,artist,track,album\n");
    let mut of = Vec::new();
    for (place, truth) in truths.iter().enumerate().rev().filter(|(_, truth)| truth.scrobbled) {
        let jitter = if random.u8(0..100) < 3 { random.i64(-20..55) } else { random.i64(-2..6) };
        let (artist, title) = drifted(random, &truth.artist, &truth.title);
        writeln!(text, "{},\"{artist}\",\"{title}\",\"{}\"", truth.started + jitter, truth.album).unwrap();
        of.push(place);
    }
    (text, of)
}

fn take_in(home: &Path, files: &[PathBuf]) -> Report {
    let home = Home::open(home).unwrap();
    let lock = home.lock().unwrap();
    let options = Options { listener: "ann".into(), now: NOW, ..Options::default() };
    import(&home, &lock, &Zone::utc(), files, &options, &Meter::default()).unwrap()
}

fn digest(home: &Path) -> String {
    let home = Home::open(home).unwrap();
    Store::open(&home, &home.lock().unwrap(), &Zone::utc()).unwrap().digest().unwrap()
}

/// Which rows of the two files were found to be one play, by their places in the files.
fn found(home: &Path) -> Vec<(usize, usize)> {
    let database = Connection::open(home.join("heard.db")).unwrap();
    let mut rows: BTreeMap<i64, Vec<(String, usize)>> = BTreeMap::new();
    let mut statement = database
        .prepare(
            "SELECT coalesce(same_as, plays.id), format, told_row + (
                SELECT count(*) FROM plays e WHERE e.import_id = plays.import_id AND e.told_seq < plays.told_seq)
               FROM plays JOIN imports ON imports.id = import_id",
        )
        .unwrap();
    let mut found = statement.query([]).unwrap();
    while let Some(row) = found.next().unwrap() {
        rows.entry(row.get(0).unwrap())
            .or_default()
            .push((row.get(1).unwrap(), row.get::<_, i64>(2).unwrap() as usize));
    }
    rows.into_values()
        .filter_map(|mut play| {
            play.sort();
            match play.as_slice() {
                [_] => None,
                [(one, streamed), (other, scrobbled)] if one == "spotify-extended" && other == "table" => {
                    Some((*streamed, *scrobbled))
                }
                other => panic!("a play with these reports: {other:?}"),
            }
        })
        .collect()
}

#[test]
fn two_tellings_of_one_life_become_one_history() {
    seeds::each(3, |seed| {
        let mut random = Rng::with_seed(seed);
        let truths = truths(&mut random, 3_000);
        let (json, streamed_of) = streamed(&mut random, &truths);
        let (csv, scrobbled_of) = scrobbled(&mut random, &truths);
        let folder = tempfile::tempdir().unwrap();
        let [stream, scrobbles] =
            ["Streaming_History_Audio_2020_0.json", "scrobbles.csv"].map(|n| folder.path().join(n));
        fs::write(&stream, json).unwrap();
        fs::write(&scrobbles, csv).unwrap();
        let [one, other, apart] = ["one", "other", "apart"].map(|name| folder.path().join(name));
        take_in(&one, &[stream.clone(), scrobbles.clone()]);
        take_in(&other, &[scrobbles.clone(), stream.clone()]);
        take_in(&apart, std::slice::from_ref(&scrobbles));
        take_in(&apart, std::slice::from_ref(&stream));
        assert_eq!(digest(&one), digest(&other), "the order of the files does not matter");
        assert_eq!(digest(&one), digest(&apart), "nor whether they come together");

        let right: BTreeSet<usize> =
            (0..truths.len()).filter(|place| truths[*place].streamed && truths[*place].scrobbled).collect();
        let found: Vec<(usize, usize)> =
            found(&one).into_iter().map(|(a, b)| (streamed_of[a], scrobbled_of[b])).collect();
        let hits = found.iter().filter(|(a, b)| a == b && right.contains(a)).count();
        let (precision, recall) = (hits as f64 / found.len() as f64, hits as f64 / right.len() as f64);
        println!("seed {seed}: {} pairs of {}, precision {precision:.4}, recall {recall:.4}", found.len(), right.len());
        assert!(precision >= 0.995 && recall >= 0.995, "seed {seed}: precision {precision:.4}, recall {recall:.4}");
    });
}

/// The streaming service's smaller export of the same plays: minutes, no album.
fn account_data(truths: &[Truth]) -> String {
    let row = |truth: &Truth| {
        let ended = jiff::Timestamp::from_second(truth.started + truth.paused + truth.ms / 1000).unwrap();
        serde_json::json!({
            "endTime": ended.strftime("%Y-%m-%d %H:%M").to_string(), "artistName": truth.artist,
            "trackName": truth.title, "msPlayed": truth.ms,
        })
    };
    serde_json::to_string(&truths.iter().filter(|it| it.streamed && !it.offline).map(row).collect::<Vec<_>>()).unwrap()
}

#[test]
fn three_tellings_are_one_history_in_every_order() {
    let mut random = Rng::with_seed(11);
    let truths = truths(&mut random, 600);
    let folder = tempfile::tempdir().unwrap();
    let texts = [
        ("endsong_0.json", streamed(&mut random, &truths).0),
        ("scrobbles.csv", scrobbled(&mut random, &truths).0),
        ("StreamingHistory_music_0.json", account_data(&truths[100..500])),
    ];
    let files = texts.map(|(name, text)| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    });
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let histories: Vec<(String, i64)> = orders
        .iter()
        .map(|order| {
            let home = folder.path().join(format!("{order:?}"));
            order.iter().for_each(|file| drop(take_in(&home, std::slice::from_ref(&files[*file]))));
            let database = Connection::open(home.join("heard.db")).unwrap();
            let plays = database.query_row("SELECT count(*) FROM plays_view", [], |row| row.get(0)).unwrap();
            (digest(&home), plays)
        })
        .collect();
    assert!(histories.iter().all(|history| *history == histories[0]), "{histories:?}");
    // Every play once; now and then a mistake of one in two hundred.
    let wanted = truths.iter().filter(|truth| truth.streamed || truth.scrobbled).count() as i64;
    assert!((histories[0].1 - wanted).abs() <= 3, "{} plays of {wanted}", histories[0].1);
}

#[test]
fn importing_again_adds_nothing_and_undoing_restores() {
    let mut random = Rng::with_seed(7);
    let truths = truths(&mut random, 500);
    let (json, _) = streamed(&mut random, &truths);
    let (csv, _) = scrobbled(&mut random, &truths);
    let folder = tempfile::tempdir().unwrap();
    let [stream, scrobbles] = ["endsong_0.json", "scrobbles.csv"].map(|name| folder.path().join(name));
    fs::write(&stream, json).unwrap();
    fs::write(&scrobbles, csv).unwrap();
    let home = folder.path().join("home");
    take_in(&home, std::slice::from_ref(&scrobbles));
    let before = digest(&home);
    let first = take_in(&home, std::slice::from_ref(&stream));
    let both = digest(&home);
    let again = take_in(&home, &[stream.clone(), scrobbles.clone()]);
    assert_eq!(again.total().plays, 0);
    assert_eq!(again.total().duplicates, first.total().rows + again.files[1].sheet.rows);
    assert_eq!(digest(&home), both);
    decide(&home, heard_history::facts::Decision::UndoImport { import: first.files[0].import });
    assert_eq!(digest(&home), before, "as if it had never been");
    assert_eq!(
        take_in(&home, std::slice::from_ref(&stream)).files[0].outcome,
        heard_history::import::Outcome::Restored
    );
    assert_eq!(digest(&home), both);
    let home = Home::open(&home).unwrap();
    let lock = home.lock().unwrap();
    heard_history::ingest::rebuild(&home, &lock, &Zone::utc(), |_| {}).unwrap();
    assert_eq!(Store::open(&home, &lock, &Zone::utc()).unwrap().digest().unwrap(), both, "and after a rebuild");
}

fn decide(home: &Path, decision: heard_history::facts::Decision) {
    let home = Home::open(home).unwrap();
    let lock = home.lock().unwrap();
    let mut store = Store::open(&home, &lock, &Zone::utc()).unwrap();
    heard_history::decide::decide(&home, &lock, &mut store, "ann", &[decision], NOW).unwrap();
}
