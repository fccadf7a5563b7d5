//! Where files and histories lie: nothing there, nothing but a page, a history that cannot be written.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::json;

use super::{file, listed, outside, plays, refused, streamed, taken, text};
use crate::disks::Disk;
use crate::home::{Home, Ran};

/// A table of so many plays, no two of which are like each other.
fn table(home: &Home, rows: usize) -> PathBuf {
    let mut random = fastrand::Rng::with_seed(11);
    let mut table = String::from("uts,artist,track,album\n");
    for n in 0..rows {
        let (artist, track) = (random.u64(..), random.u128(..));
        writeln!(table, "{},Artist {artist},Song {track},Tides", 1_500_000_000 + n * 200).unwrap();
    }
    file(home, "plays.csv", table)
}

#[test]
fn a_page_instead_of_a_history() {
    let page = r#"<html><head><title>My Activity</title></head><body>Watched <a href="https://www.youtube.com/watch?v=x">Song</a></body></html>"#;
    let says = "cannot be taken in: this is YouTube's HTML; ask Takeout for JSON";
    refused("watch-history.html", page, says, "heard import --help");
    let page = "\u{feff}<!DOCTYPE html>\n<html><body>Too many requests</body></html>";
    refused("export.csv", page, "cannot be taken in: this is an HTML page", "heard import --help");

    // In a Takeout that holds more, none of which is a history.
    let home = Home::new();
    file(&home, "Takeout/history/watch-history.html", "<html><body>YouTube</body></html>");
    file(&home, "Takeout/photos/one.jpg", [0xff, 0xd8, 0xff, 0, 1, 2, 3]);
    let folder = home.beside("Takeout");
    taken(&home, &folder).refused(65, "Takeout holds no listening history", "heard import --help");
    let shown = home.run(&["import", text(&folder)]);
    assert!(shown.stderr.contains("ask Takeout for JSON"), "{shown}");
}

#[test]
fn nothing() {
    for blank in ["", "\n\n", " \t\r\n", "\u{feff}"] {
        refused("StreamingHistory0.json", blank, "is empty", "heard import --help");
    }
    super::read("StreamingHistory0.json", "[]", json!([0, 0, 0, {}, {}]), &[]);
    let home = Home::new();
    let folder = home.beside("nothing");
    fs::create_dir(&folder).unwrap();
    taken(&home, &folder).refused(65, "nothing holds no listening history", "heard import --help");
    taken(&home, &home.beside("nowhere.csv")).refused(65, "nowhere.csv does not exist", "heard import --help");
    file(&home, "nothing/notes.txt", "Dear diary\n");
    file(&home, "nothing/deeper/app.json", r#"{"name": "no history", "version": 3}"#);
    taken(&home, &folder).refused(65, "nothing holds no listening history", "heard import --help");
}

#[test]
fn a_pipe_and_a_file_that_may_not_be_read() {
    let home = Home::new();
    let pipe = home.beside("pipe.csv");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    taken(&home, &pipe).refused(65, "is neither a file nor a folder; save it as a file first", "heard import --help");
    let path = file(&home, "StreamingHistory0.json", streamed(&["Glass Harbour"]));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        println!("whoever runs this test may read everything: the file that may not be read was not tried");
        return;
    }
    taken(&home, &path).refused(65, "may not be read by you; change its permissions", "heard import --help");
}

#[test]
fn one_bad_path_does_not_stop_the_others() {
    let home = Home::new();
    let good = file(&home, "StreamingHistory0.json", streamed(&["Glass Harbour"]));
    let page = file(&home, "watch-history.html", "<html><body>YouTube</body></html>");
    let nowhere = home.beside("nowhere.csv");
    let ran = home.run(&["import", text(&nowhere), text(&good), text(&page)]);
    assert!(ran.stderr.contains("left alone: ") && ran.stderr.contains("ask Takeout for JSON"), "{ran}");
    ran.refused(65, "nowhere.csv does not exist; the other files were taken in", "heard import --help");
    assert_eq!(plays(&home), 1);
}

#[test]
fn a_dry_run_beside_a_history_changes_nothing() {
    let home = Home::new();
    let path = table(&home, 500);
    home.run(&["import", text(&path)]).good();
    let more = file(&home, "StreamingHistory0.json", streamed(&["Glass Harbour", "Iron Coast"]));
    let bad = file(&home, "notes.txt", "Dear diary\n");
    let (digest, before) = (home.digest(), outside(&home));
    let archived = || listed(&home.history().join("archive"), home.beside("").as_path());
    let kept = archived();
    let dry = home.run(&["import", "--dry-run", text(&path), text(&more), "--json"]).good().json();
    assert_eq!((&dry["total"]["plays"], &dry["total"]["duplicates"]), (&json!(2), &json!(500)), "{dry}");
    home.run(&["import", "--dry-run", text(&bad)]).refused(65, "notes.txt holds no", "heard import --help");
    assert_eq!((home.digest(), outside(&home)), (digest, before));
    assert_eq!(archived(), kept, "a dry run wrote into the archive");
    assert_eq!(plays(&home), 500);
    let again = home.run(&["import", "--json", text(&path)]).good().json();
    assert_eq!(again["files"][0]["outcome"], "known");
}

#[test]
fn another_process_is_at_work() {
    let home = Home::new();
    let path = table(&home, 10);
    let opened = home.opened();
    let lock = opened.lock().unwrap();
    let said = format!("at work here (process {})", std::process::id());
    for words in [&["import"][..], &["import", "--dry-run"]] {
        home.run(&[words, &[text(&path)]].concat()).refused(75, &said, "then run this again");
    }
    drop(lock);
    home.run(&["import", text(&path)]).good();
    assert_eq!(plays(&home), 10);
}

#[test]
fn a_history_that_may_not_be_written() {
    let kept = Home::new();
    let path = table(&kept, 50);
    kept.run(&["import", text(&path)]).good();
    let history = kept.history().display().to_string();
    let bind = format!("mount --bind '{history}' \"$0\"; mount -o remount,bind,ro \"$0\"");
    let Some(disk) = Disk::mounted(&bind) else { return };
    let home = Home::with_history(disk.path());
    let words = disk.inside();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let more = file(&home, "StreamingHistory0.json", streamed(&["Glass Harbour"]));
    for import in [&["import"][..], &["import", "--dry-run"]] {
        let ran = Ran::of(&mut home.command_under(&words, &[import, &[text(&more)]].concat()));
        ran.refused(74, "the file system is read-only", "--home DIR");
    }
    assert_eq!(plays(&kept), 50);
}

#[test]
fn a_disk_that_is_full() {
    let Some(disk) = Disk::of_mebibytes(2) else { return };
    let home = Home::with_history(disk.path().join("history"));
    let path = table(&home, 20_000);
    let words = disk.inside();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let run = |arguments: &[&str]| Ran::of(&mut home.command_under(&words, arguments));
    let before = outside(&home);
    run(&["import", text(&path)]).refused(74, "the disk is full", "make room and run the same command again");
    assert_eq!(outside(&home), before);
    disk.sh("mount -o remount,size=128m \"$0\"");
    run(&["import", text(&path)]).good();
    let elsewhere = Home::new();
    elsewhere.run(&["import", text(&path)]).good();
    assert_eq!(run(&["verify", "--json"]).good().json()["digest"], elsewhere.digest());
}
