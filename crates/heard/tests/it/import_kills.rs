//! Nothing of a file counts before it was taken in whole: killed at any moment, or failed by the disk at any call, an
//! import has each file wholly or not at all, and the same command afterwards comes to the same history.
//!
//! `HEARD_KILLS` says how many kills, `HEARD_SEED` which, `HEARD_SYSCALLS=all` tries every call.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use heard_api::Clock;

use crate::extent::{asked, chance, times};
use crate::home::{Home, Ran};
use crate::syscalls::compiled;

/// Three made-up files, of two formats, that tell of each other's plays.
fn files(home: &Home, rows: i64) -> Vec<PathBuf> {
    let folder = home.beside("exports");
    fs::create_dir_all(&folder).unwrap();
    let name = |n: i64| format!("artist {}\",\"track {}\",\"album", n % 37, n % 211);
    let csv = |from: i64| {
        let mut text = String::from("uts,artist,track,album\n");
        for n in from..from + rows {
            writeln!(text, "{},\"{}\"", 1_600_000_000 + n * 200, name(n)).unwrap();
        }
        text
    };
    let streamed = (0..rows)
        .map(|n| {
            let ended = jiff_time(1_600_000_000 + n * 200 + 180);
            format!(
                "{{\"ts\":\"{ended}\",\"ms_played\":180000,\"master_metadata_track_name\":\"track {}\",\
                 \"master_metadata_album_artist_name\":\"artist {}\",\"master_metadata_album_album_name\":\"album\",\
                 \"spotify_track_uri\":\"spotify:track:{n}\",\"episode_name\":null,\"offline\":false,\"skipped\":false,\
                 \"reason_end\":\"trackdone\"}}",
                n % 211,
                n % 37
            )
        })
        .collect::<Vec<_>>();
    let texts = [("a.csv", csv(0)), ("b.csv", csv(rows / 2)), ("endsong_0.json", format!("[{}]", streamed.join(",")))];
    texts
        .into_iter()
        .map(|(name, text)| {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            path
        })
        .collect()
}

pub(crate) fn jiff_time(second: i64) -> String {
    jiff::Timestamp::from_second(second).unwrap().to_string()
}

fn words(files: &[PathBuf]) -> Vec<&str> {
    std::iter::once("import").chain(files.iter().map(|file| file.to_str().unwrap())).collect()
}

/// The digests after each number of whole files, in the order in which they are taken in.
fn stages(files: &[PathBuf]) -> BTreeSet<String> {
    (1..=files.len())
        .map(|count| {
            let home = Home::new();
            home.run(&words(&files[..count])).good();
            home.digest()
        })
        .collect()
}

#[test]
fn an_import_killed_at_any_moment_has_whole_files_only() {
    let (wanted, mut random) = (times("HEARD_KILLS", 12), chance());
    let first = Home::new();
    let files = files(&first, 4_000);
    let stages = stages(&files);
    let clock = Clock::system();
    let before = clock.monotonic();
    first.run(&words(&files)).good();
    let (took, whole) = (clock.monotonic() - before, first.digest());
    let mut early = 0;
    for _ in 0..wanted {
        let home = Home::new();
        let mut child = home.command(&words(&files)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        #[expect(clippy::disallowed_methods, reason = "the moment of the kill is what is tried")]
        thread::sleep(took.mul_f64(random.f64()).max(Duration::from_millis(1)));
        child.kill().unwrap();
        child.wait().unwrap();
        if home.history().join("archive").exists() && home.run(&["rebuild"]).code() == 0 {
            let seen = home.digest();
            let nothing = home.run(&["listens", "--count"]);
            let is_empty = nothing.stdout.trim() == "0" || nothing.code() != 0;
            assert!(is_empty || stages.contains(&seen), "half of a file is in the history");
            early += usize::from(seen != whole);
        }
        home.run(&words(&files)).good();
        assert_eq!(home.digest(), whole);
        assert_eq!(home.integrity(), "ok");
    }
    println!("{wanted} kills of an import that takes {took:?}, {early} before its end");
}

#[test]
fn an_import_that_the_disk_fails_at_the_kth_call_comes_to_the_same_history() {
    let folder = tempfile::tempdir().unwrap();
    let library = compiled(folder.path());
    let first = Home::new();
    let files = files(&first, 300);
    let count = folder.path().join("count");
    let disturbed = |home: &Home, deed: &str, kth: usize| {
        let mut command = home.command(&words(&files));
        command.env("LD_PRELOAD", &library).env("KTH_CALL", kth.to_string()).env("KTH_DO", deed);
        Ran::of(command.env("KTH_COUNT", &count))
    };
    disturbed(&first, "kill", 0).good();
    let calls: usize = fs::read_to_string(&count).unwrap().trim().parse().unwrap();
    let whole = first.digest();
    let stride = if asked("HEARD_SYSCALLS").as_deref() == Some("all") { 1 } else { calls.div_ceil(12) };
    let mut ended = 0;
    for deed in ["kill", "fail", "full"] {
        for kth in (1..=calls).step_by(stride) {
            let home = Home::new();
            let ran = disturbed(&home, deed, kth);
            match (deed, ran.code()) {
                ("kill", -1) | (_, 0) => {}
                ("fail" | "full", 74) => drop(ran.refused(74, "", "run the same command again")),
                (_, code) => panic!("{deed} at call {kth}: exit {code}\n{ran}"),
            }
            ended += 1;
            home.run(&words(&files)).good();
            assert_eq!(home.digest(), whole, "{deed} at call {kth}");
            assert_eq!(home.integrity(), "ok", "{deed} at call {kth}");
        }
    }
    println!("{ended} imports disturbed at some of {calls} calls, 0 differences");
}
