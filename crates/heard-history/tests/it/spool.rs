//! Plays that were seen while somebody else had the home: whatever a kill leaves of them is taken in, and once.
#![allow(
    clippy::disallowed_methods,
    reason = "files of a throw-away home, cut and put back as kills and crashes would"
)]

use std::fs;
use std::path::PathBuf;

use heard_history::archive;
use heard_history::home::Home;
use heard_history::ingest;
use heard_history::listen::{Account, Service, Track};
use heard_history::outbox::{Outbox, Target};
use heard_history::watch::{Seen, Spool, Spooled, TakenIn, has_leavings, take_in};
use heard_history::zone::Zone;
use tempfile::TempDir;

use crate::scene::NOW;
use crate::seeds;

fn home() -> (TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path().join("home")).unwrap();
    (folder, home)
}

fn target() -> Target {
    Target { account: Account::new("me", Service::Lastfm, "ann"), root: "http://127.0.0.1:1/2.0/".to_owned() }
}

/// A play, either as it counts or as it ends.
fn spooled(title: &str, played_at: i64, ms_played: Option<u64>) -> Spooled {
    let track = Track { length_ms: Some(200_000), ..Track::new("The Invented", title) };
    let seen = Seen { player: "VLC".to_owned(), track, played_at, ms_played };
    let targets = if ms_played.is_none() { vec![target()] } else { Vec::new() };
    Spooled { seen_at: played_at + 100, listener: "me".to_owned(), seen, targets }
}

fn taken_in(home: &Home) -> TakenIn {
    let lock = home.lock().unwrap();
    let (mut store, _) = ingest::open(home, &lock, &Zone::utc()).unwrap();
    let taken = take_in(home, &lock, &mut store, NOW).unwrap();
    store.close().unwrap();
    taken
}

/// How many reports of plays the archive holds, and the titles that wait in the outbox.
fn kept(home: &Home) -> (usize, Vec<String>) {
    let mut envelopes = 0;
    let mut count = |frame: archive::Frame| {
        envelopes += frame.lines().count();
        true
    };
    let mut damage = Vec::new();
    archive::read_after(&home.archive(), archive::Position::default(), &mut count, |error| damage.push(error)).unwrap();
    assert!(damage.is_empty(), "{damage:?}");
    let mut outbox = Outbox::open(home, &home.lock().unwrap()).unwrap();
    let limits = heard_history::outbox::Limits { most: 100, max_age: None };
    let batch = outbox.next_batch(&target(), &limits, NOW).unwrap();
    let titles = batch.into_iter().flat_map(|batch| batch.entries).map(|entry| entry.listen.track.title).collect();
    (envelopes, titles)
}

fn files(home: &Home) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.watched()).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn what_a_living_process_holds_is_its_own() {
    let (_folder, home) = home();
    assert!(!has_leavings(&home));
    let mut spool = Spool::new(&home);
    assert!(!home.watched().exists(), "nothing was seen");
    spool.add(&spooled("A", NOW, None)).unwrap();
    assert!(!has_leavings(&home));
    assert_eq!(taken_in(&home), TakenIn::default());
    // Another process beside it has a file of its own.
    let mut other = Spool::new(&home);
    other.add(&spooled("B", NOW + 300, None)).unwrap();
    assert_eq!(files(&home).len(), 2);
    drop(other);
    assert!(has_leavings(&home));
    assert_eq!(taken_in(&home), TakenIn { plays: 1, strange: 0 });
    assert_eq!(kept(&home), (1, vec!["B".to_owned()]));
    // What is kept in part stays as a whole; what is kept leaves nothing.
    spool.add(&spooled("A", NOW, Some(150_000))).unwrap();
    spool.settle(1).unwrap();
    assert_eq!(files(&home).len(), 1);
    spool.settle(1).unwrap();
    assert_eq!(files(&home).len(), 0);
    spool.settle(0).unwrap();
    spool.add(&spooled("C", NOW + 600, None)).unwrap();
    assert_eq!(files(&home).len(), 1, "and it begins anew");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, home) = home();
    let mut spool = Spool::new(&home);
    spool.add(&spooled("A", NOW, None)).unwrap();
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&home.watched()), mode(&files(&home)[0])), (0o700, 0o600));
}

#[test]
fn killed_between_keeping_and_taking_away_it_is_kept_once() {
    let (_folder, home) = home();
    let mut spool = Spool::new(&home);
    for it in [spooled("A", NOW, None), spooled("A", NOW, Some(150_000)), spooled("B", NOW + 200, None)] {
        spool.add(&it).unwrap();
    }
    drop(spool);
    let path = files(&home).remove(0);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(taken_in(&home), TakenIn { plays: 3, strange: 0 });
    let once = kept(&home);
    assert_eq!(once, (3, vec!["A".to_owned(), "B".to_owned()]));
    // As if the process had been killed before it took the file away.
    fs::write(&path, &bytes).unwrap();
    assert_eq!(taken_in(&home), TakenIn::default());
    assert_eq!(kept(&home), once);
    assert!(!path.exists());
    // Killed before the outbox had it.
    fs::write(&path, &bytes).unwrap();
    fs::remove_file(home.state()).unwrap();
    assert_eq!(taken_in(&home), TakenIn::default());
    assert_eq!(kept(&home), once);
}

#[test]
fn an_end_torn_anywhere_costs_the_line_that_it_is_in() {
    seeds::each(20, |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let (_folder, home) = home();
        let titles = ["A", "\u{1b}[2J\u{202e}", "'; DROP TABLE plays; --", "a\nb\r\n", "\u{0}", &"ü".repeat(15_500)];
        let mut spool = Spool::new(&home);
        let mut ends = vec![0];
        for nth in 0..random.usize(1..8) {
            let at = NOW + 300 * i64::try_from(nth).unwrap();
            spool.add(&spooled(titles[random.usize(0..titles.len())], at, None)).unwrap();
            ends.push(fs::metadata(&files(&home)[0]).unwrap().len());
        }
        drop(spool);
        let path = files(&home).remove(0);
        let length = random.u64(0..=*ends.last().unwrap());
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length).unwrap();
        let whole = ends.iter().filter(|end| **end <= length).count() - 1;
        assert_eq!(taken_in(&home), TakenIn { plays: whole as u64, strange: 0 });
        assert_eq!(kept(&home).0, whole);
        assert!(!has_leavings(&home));
    });
}

#[test]
fn what_cannot_be_read_is_put_aside_and_never_lost() {
    let (_folder, home) = home();
    fs::create_dir_all(home.watched()).unwrap();
    for _ in 0..3 {
        fs::write(home.watched().join("1-0.jsonl"), b"{\"written by\": \"another version\"}\n").unwrap();
        assert_eq!(taken_in(&home), TakenIn { plays: 0, strange: 1 });
    }
    let mut aside: Vec<_> = fs::read_dir(home.quarantine())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    aside.sort();
    assert_eq!(aside, ["watched-1-0.jsonl", "watched-1-1-0.jsonl", "watched-2-1-0.jsonl"]);
    // Files of other names are nobody's business.
    fs::write(home.watched().join("notes.txt"), b"mine").unwrap();
    assert!(!has_leavings(&home));
    assert_eq!(taken_in(&home), TakenIn::default());
    assert!(home.watched().join("notes.txt").exists());
}
