//! What is seen of work that takes its time: a bar that moves on a terminal, and nothing that moves anywhere else.
#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::process::Command;

use fakefm::{Config, FakeFm, Generate, World, Writing};

use crate::home::{Home, Ran, USER, sync_words};

const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e70a";
const SESSION: &str = "5e55105e55105e55105e55105e55100a";

/// The same command on a terminal of 120 columns, which `script` makes; all that it shows comes back as one text.
fn on_terminal(command: &Command) -> (Ran, String) {
    let quoted = |word: &OsStr| format!("'{}'", word.to_str().unwrap().replace('\'', r"'\''"));
    let words: Vec<String> = std::iter::once(command.get_program()).chain(command.get_args()).map(quoted).collect();
    let mut terminal = Command::new("script");
    terminal.args(["-qefc", &format!("stty cols 120 rows 40; exec {}", words.join(" ")), "/dev/null"]).env_clear();
    terminal.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    terminal.env("TERM", "xterm").current_dir(command.get_current_dir().unwrap());
    let ran = Ran::of(&mut terminal);
    let shown = ran.stdout.clone();
    (ran, shown)
}

/// What stood in the one line that is written over and over.
fn frames(shown: &str) -> Vec<&str> {
    shown.split(['\r', '\n']).filter(|frame| frame.contains(" of ")).collect()
}

/// Nothing in it moves a cursor.
#[track_caller]
fn still(ran: &Ran) {
    assert!(!ran.stderr.contains(['\r', '\u{1b}', '█']) && !ran.stdout.contains(['\r', '\u{1b}']), "{ran}");
}

fn listener() -> (Home, FakeFm, String) {
    let mut world = World::of(USER);
    world.set_session(USER, SESSION);
    let mut config = Config::new(world);
    config.rules.writing = Writing { secret: Some(SECRET.to_owned()), ..Writing::default() };
    let (home, fake) = (Home::new(), FakeFm::start(config).unwrap());
    let now = heard_api::Clock::system().now();
    let mut text = String::from("artist,title,played_at\n");
    for nth in 0..260 {
        writeln!(text, "Mira Vale,Track {nth},{}", now - 100_000 + nth * 300).unwrap();
    }
    let file = home.beside("plays.csv");
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap().to_owned();
    (home, fake, file)
}

fn sending(home: &Home, fake: &FakeFm, file: &str, more: &[&str]) -> Command {
    let url = fake.url();
    let words = ["scrobble", "--file", file, "--user", USER, "--url", &url, "--unchecked", "--rate", "4"];
    let mut command = home.command(&[&words[..], more].concat());
    command.env("LASTFM_API_SECRET", SECRET).env("LASTFM_SESSION_KEY", SESSION);
    command
}

#[test]
fn who_sends_a_file_sees_how_far_it_is() {
    let (home, fake, file) = listener();
    let (ran, shown) = on_terminal(&sending(&home, &fake, &file, &[]));
    assert_eq!(ran.code(), 0, "{ran}");
    let frames = frames(&shown);
    let done: Vec<&str> = ["50", "100", "150", "200", "250"]
        .into_iter()
        .filter(|done| frames.iter().any(|frame| frame.contains(&format!("{done} of 260 listens"))))
        .collect();
    assert!(done.len() >= 3, "it moves: {frames:?}");
    assert!(frames.iter().any(|frame| frame.contains("lastfm/ann █")), "{frames:?}");
    assert!(
        frames.iter().any(|frame| frame.contains("260 listens, 1 s left") || frame.contains("2 s left")),
        "{frames:?}"
    );
    let bar = shown.rfind("of 260 listens").unwrap();
    assert!(shown[bar..].contains("\u{1b}[2K") || shown[bar..].contains("\r"), "it is cleared away: {shown:?}");
    assert_eq!(fake.world().listener().holdings().len(), 260);
}

#[test]
fn nothing_moves_where_there_is_no_terminal_or_nobody_wants_it() {
    let (home, fake, file) = listener();
    let ran = Ran::of(&mut sending(&home, &fake, &file, &["--json"])).good();
    still(&ran);
    assert!(!ran.stderr.contains(" left"), "{ran}");
    let (home, fake, file) = listener();
    let (ran, shown) = on_terminal(&sending(&home, &fake, &file, &["-q"]));
    assert_eq!((ran.code(), frames(&shown)), (0, Vec::new()), "{shown:?}");
}

#[test]
fn who_collects_sees_how_far_it_is() {
    let fake = FakeFm::start(Config::generated(USER, &Generate::plain(3, 1_500, 1_700_000_000))).unwrap();
    let url = fake.url();
    let words = |more| -> Vec<&str> {
        let mut words = sync_words(&url, more);
        let rate = words.iter().position(|word| *word == "--rate").unwrap();
        words[rate + 1] = "5";
        words
    };
    let home = Home::new();
    let (ran, shown) = on_terminal(&home.command(&words(&["--page-size", "100"])));
    assert_eq!(ran.code(), 0, "{ran}");
    let frames = frames(&shown);
    assert!(
        frames.iter().any(|frame| frame.contains(" of 1,500 plays, ") && frame.contains(" requests/s, ")),
        "{frames:?}"
    );
    let seconds = |frame: &&str| frame.rsplit_once(", ")?.1.trim().strip_suffix(" s left")?.parse::<u64>().ok();
    let left: Vec<u64> = frames.iter().filter_map(seconds).collect();
    // Fifteen pages at five in a second.
    assert!(left.iter().max() >= Some(&2) && left.iter().max() <= Some(&60), "{frames:?}");
    assert!(left.last() <= left.first(), "{left:?}");
    let home = Home::new();
    still(&Ran::of(&mut home.command(&words(&["--page-size", "100"]))).good());
}
