//! The view is what the archive says: in whatever order its files came, however often it is read, whatever became of
//! the database.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use fakefm::{Config, Listing, Movement};
use fastrand::Rng;
use heard_history::archive;
use heard_history::collect::{FIRST, Options};
use heard_history::home::{Home, replace_file};
use heard_history::ingest;
use heard_history::listen::Span;
use heard_history::store::{Store, StoreError};
use heard_history::zone::Zone;
use serde_json::Value;

use crate::lives::in_bursts;
use crate::scene::{DAY, NOW, Row, Scene, brief, difficult_world};
use crate::seeds;

/// A home with some years of a moving account behind it, and with more than one segment.
fn lived_in(seed: u64) -> (Scene, Vec<u8>) {
    let mut random = Rng::with_seed(seed);
    let mut config = Config::new(difficult_world(&mut random));
    config.hook = Some(in_bursts(Movement::lively(seed), seed));
    let scene = Scene::with_page(config, random.u64(5..=20));
    scene.complete(&scene.options);
    let early = fs::read(scene.home().database()).unwrap();
    for _ in 0..2 {
        scene.wait(random.i64(200 * DAY..400 * DAY));
        scene.complete(&scene.options);
    }
    (scene, early)
}

fn put(path: &Path, bytes: &[u8]) {
    replace_file(path, |file| std::io::Write::write_all(file, bytes)).unwrap();
}

#[test]
fn the_order_in_which_files_came_does_not_matter() {
    seeds::each(3, |seed| {
        let (scene, _) = lived_in(seed);
        let (mut segments, _) = archive::list(&scene.home().archive()).unwrap();
        assert!(segments.len() > 1);
        Rng::with_seed(seed).shuffle(&mut segments);
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().join("home")).unwrap();
        for segment in segments {
            let place = home.archive().join(segment.path.strip_prefix(scene.home().archive()).unwrap());
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            put(&place, &segment.bytes().unwrap());
        }
        let lock = home.lock().unwrap();
        ingest::rebuild(&home, &lock, &Zone::utc(), |_| {}).unwrap();
        assert_eq!(Store::open(&home, &lock, &Zone::utc()).unwrap().digest().unwrap(), scene.digest());
    });
}

#[test]
fn an_old_database_catches_up_and_nothing_is_taken_in_twice() {
    seeds::each(3, |seed| {
        let (scene, early) = lived_in(seed);
        let (live, rows) = (scene.digest(), scene.rows());
        scene.catch_up();
        assert_eq!((scene.digest(), scene.rows()), (live.clone(), rows.clone()), "nothing was new");
        put(&scene.home().database(), &early);
        assert_ne!(scene.digest(), live);
        scene.catch_up();
        assert_eq!((scene.digest(), scene.rows()), (live.clone(), rows.clone()), "the old database put back");
        scene.rebuild();
        assert_eq!((scene.digest(), scene.rows()), (live, rows), "made anew, with the same row numbers");
    });
}

#[test]
fn a_destroyed_database_is_made_anew() {
    let (scene, _) = lived_in(1);
    let live = scene.digest();
    let mut random = Rng::with_seed(1);
    for length in [0, 1, 100, 4096, 100_000] {
        let noise: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(length).collect();
        put(&scene.home().database(), &noise);
        let opened = Store::open(&scene.home(), &scene.home().lock().unwrap(), &Zone::utc());
        // What is shorter than the head of a database counts as an empty one.
        assert!(length < 100 || matches!(opened, Err(StoreError::Damaged { .. })), "{length} bytes of noise");
        drop(opened);
        scene.rebuild();
        assert_eq!(scene.digest(), live);
    }
    fs::remove_file(scene.home().database()).unwrap();
    scene.catch_up();
    assert_eq!(scene.digest(), live, "no database at all");
}

#[test]
fn every_play_is_told_by_an_envelope_that_shows_it() {
    seeds::each(3, |seed| {
        let (scene, _) = lived_in(seed);
        let envelopes = scene.envelopes();
        for row in scene.rows() {
            let (seq, place) = row.witness;
            let at = envelopes.iter().position(|kept| kept.seq == seq);
            let at = at.unwrap_or_else(|| panic!("envelope {seq} is not in the archive: {row:?}"));
            let body: Value = serde_json::from_slice(&envelopes[at].body).unwrap();
            let pages = body["pages"].as_u64().map_or(0..0, |pages| at - usize::try_from(pages).unwrap()..at);
            // The pages before a closing mark are one list, and what sounds now is told but once.
            let mut rows = if pages.is_empty() { rows_of(&body) } else { Vec::new() };
            for page in &envelopes[pages] {
                let more = rows_of(&serde_json::from_slice(&page.body).unwrap());
                let sounding =
                    usize::from(!rows.is_empty() && more.first().is_some_and(|row| row["@attr"].is_object()));
                rows.extend_from_slice(&more[sounding..]);
            }
            assert_shown(&rows[place as usize], &row);
        }
    });
}

fn rows_of(page: &Value) -> Vec<Value> {
    match &page["recenttracks"]["track"] {
        Value::Array(rows) => rows.clone(),
        row => vec![row.clone()],
    }
}

fn assert_shown(shown: &Value, row: &Row) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = Listing {
        uts: text(&shown["date"]["uts"]).parse().unwrap(),
        artist: text(&shown["artist"]["#text"]),
        track: text(&shown["name"]),
        album: text(&shown["album"]["#text"]),
    };
    match row.formerly.first() {
        None => assert_eq!(told, row.listing),
        // Other names came later; the second never changes.
        Some(first) => assert_eq!((told.uts, &told.track), (row.listing.uts, first)),
    }
}

#[test]
fn a_lost_segment_costs_its_own_seconds_and_is_healed() {
    const BORDERS: [i64; 4] = [FIRST, NOW - 25 * DAY, NOW - 20 * DAY + 25, NOW + DAY];
    let mut random = Rng::with_seed(5);
    for lost in 0..3 {
        let scene = Scene::with_page(Config::new(difficult_world(&mut random)), 20);
        for part in BORDERS.windows(2) {
            let options = Options { range: Span::new(part[0], part[1]), ..scene.options };
            let report = scene.run_as(&options, &Arc::default());
            assert!(report.is_complete(), "{}", brief(&report));
            // Each year has its own segment.
            scene.wait(366 * DAY);
        }
        let whole = scene.stored();
        assert!(!whole.is_empty());
        let (segments, _) = archive::list(&scene.home().archive()).unwrap();
        assert_eq!(segments.len(), 3);
        fs::remove_file(&segments[lost].path).unwrap();
        scene.rebuild();

        // The seconds on both sides of a border are read with both parts.
        let begin = if lost == 0 { FIRST } else { BORDERS[lost] + 1 };
        let end = if lost == 2 { BORDERS[3] + 1 } else { BORDERS[lost + 1] - 1 };
        let span = Span::new(begin, end);
        let mut left = whole;
        left.retain(|listing| !span.contains(listing.uts));
        assert_eq!(scene.stored(), left, "segment {lost}");
        let lock = scene.home().lock().unwrap();
        let store = Store::open(&scene.home(), &lock, &Zone::utc()).unwrap();
        let coverage = store.account(&scene.account()).unwrap().coverage;
        assert_eq!(coverage.holes(Span::new(FIRST, BORDERS[3] + 1), |covered| covered.span), [span]);
        drop((store, lock));

        scene.complete(&scene.options);
        assert_eq!(scene.stored(), scene.remote(), "healed");
    }
}
