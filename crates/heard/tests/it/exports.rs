//! `heard export` in formats that are not text, or cannot hold everything.

use std::fs;

use fakefm::{FakeFm, Play};

use crate::home::{Home, Ran, fake_with};

fn collected() -> (Home, FakeFm) {
    let play = |uts, artist: &str, track: &str| Play::new(uts, artist, track).on("An Album");
    let plays = [
        play(1_646_300_000, "Näve & Söhne", "One"),
        play(1_646_300_300, "Tab\tIn Name", "Two"),
        play(1_646_300_600, "#1 Fans", "Three"),
        play(0, "Nobody Knows When", "Once"),
    ];
    let (home, fake) = (Home::new(), fake_with(plays));
    home.sync(&fake, &["-q"]).good();
    (home, fake)
}

#[test]
fn a_listenbrainz_file_names_what_it_leaves_out() {
    let (home, _fake) = collected();
    let ran = home.run(&["export", "--format", "listenbrainz"]).good();
    let lines: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[2]["listened_at"], 1_646_300_000);
    assert_eq!(lines[2]["track_metadata"]["artist_name"], "Näve & Söhne");
    assert!(
        ran.stderr.contains(
            "plays left out, because ListenBrainz would refuse them (undated, before October 2002, or too long): 1"
        ),
        "{ran}"
    );
    let quiet = home.run(&["-q", "export", "--format", "listenbrainz"]).good();
    assert_eq!((quiet.stdout, quiet.stderr), (ran.stdout, String::new()));
}

#[test]
fn a_players_log_names_what_it_cannot_hold() {
    let (home, _fake) = collected();
    let ran = home.run(&["export", "--format", "scrobbler-log"]).good();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[..2], ["#AUDIOSCROBBLER/1.1", "#TZ/UTC"]);
    assert_eq!(lines[3], " #1 Fans\tAn Album\tThree\t\t0\tL\t1646300600\t");
    assert_eq!(lines[4], "Tab In Name\tAn Album\tTwo\t\t0\tL\t1646300300\t");
    assert_eq!(lines[6], "Nobody Knows When\tAn Album\tOnce\t\t0\tL\t0\t");
    assert!(ran.stderr.contains("would make a comment of the line: 2"), "{ran}");
}

#[test]
fn parquet_is_a_file_of_its_own() {
    let (home, _fake) = collected();
    let file = home.beside("plays.parquet");
    let ran = home.run(&["export", "--format", "parquet", "--json", "-o", file.to_str().unwrap()]).good();
    let report = serde_json::json!({"file": file, "plays": 4, "left_out": 0, "altered": 0});
    assert_eq!(ran.json(), report);
    let bytes = fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let piped = home.command(&["export", "--format", "parquet"]).output().unwrap();
    assert!(piped.status.success());
    assert_eq!(piped.stdout, bytes, "the same through a pipe");
}

/// Behind `script`, standard output is a terminal.
#[test]
fn a_terminal_is_spared_from_parquet() {
    let (home, _fake) = collected();
    let on_a_terminal = |format: &str| {
        let shell = format!("exec script -qec \"'$0' export --format {format}\" /dev/null");
        Ran::of(&mut home.command_under(&["sh", "-c", &shell], &[]))
    };
    let refused = on_a_terminal("parquet");
    assert_eq!(refused.code(), 2, "{refused}");
    for says in ["a Parquet file is no text for a terminal", "hint: heard export --format parquet -o plays.parquet"] {
        assert!(refused.stdout.contains(says), "{refused}");
    }
    assert!(!refused.stdout.contains("PAR1"), "{refused}");
    assert!(on_a_terminal("jsonl").good().stdout.contains("Näve & Söhne"));
}

#[test]
fn an_export_that_fails_leaves_the_old_file() {
    let plays = (0..2000).map(|play| Play::new(1_646_300_000 + play, "Somebody", format!("Track {play}")));
    let (home, fake) = (Home::new(), fake_with(plays));
    home.sync(&fake, &["-q"]).good();
    let file = home.beside("plays.jsonl");
    let words = ["export", "--format", "jsonl", "-o", file.to_str().unwrap()];
    home.run(&words).good();
    let before = fs::read(&file).unwrap();
    // No file may grow beyond a hundred blocks, and the program is told so instead of killed.
    let limited = "trap '' XFSZ; ulimit -f 100; exec \"$0\" \"$@\"";
    let ran = Ran::of(&mut home.command_under(&["sh", "-c", limited], &words));
    ran.refused(74, "plays.jsonl", "ulimit -f unlimited");
    assert!(fs::read(&file).unwrap() == before, "the old file is as it was");
}
