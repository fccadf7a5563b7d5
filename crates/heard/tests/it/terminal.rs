//! Names cannot drive the terminal: nothing that a person sees on one holds a control character but the line feed, or
//! turns the direction of writing for what stands behind it. JSON keeps the names as they are.

use std::collections::BTreeSet;

use fakefm::Play;

use crate::canned::Canned;
use crate::home::{Home, Ran, USER, fake_with, sync_words};

/// What terminals act on: control sequences of one and of two bytes, titles, the clipboard, bells, lines rewritten,
/// directions turned.
const HOSTILE: [&str; 30] = [
    "\u{1b}[2J",
    "\u{1b}[31m",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]52;c;aGVhcmQ=\u{7}",
    "\u{1b}]52;c;aGVhcmQ=\u{1b}\\",
    "\u{1b}]8;;http://example.invalid\u{1b}\\link",
    "\u{1b}P+q544e\u{1b}\\",
    "\u{1b}c",
    "\u{1b}[6n",
    "\u{1b}[?1049h",
    "\u{9b}31m",
    "\u{9d}52;c;aGVhcmQ=\u{9c}",
    "\u{90}q\u{9c}",
    "\u{85}next",
    "\rover",
    "\u{8}\u{8}\u{8}back",
    "\u{7}bell",
    "line\nfeed",
    "tab\tulator",
    "\u{b}\u{c}",
    "nul\u{0}l",
    "\u{7f}delete",
    "\u{e}shift",
    "\u{202e}turned",
    "\u{202d}\u{202a}\u{202b}",
    "\u{2066}open",
    "\u{2067}\u{2068}",
    "\u{2069}\u{202c}shut",
    "\u{200e}\u{200f}\u{61c}",
    "\u{2028}\u{2029}",
];

fn hostile_plays() -> Vec<Play> {
    let numbered = |n: usize| {
        let name = HOSTILE[n % HOSTILE.len()];
        let (artist, track) = match n / HOSTILE.len() % 3 {
            0 => (format!("{name} A{n}"), format!("T{n} {name}")),
            1 => (format!("A{n} {name}"), format!("{name}{name} T{n}")),
            _ => (format!("A{name}{n}"), format!("T{name}{n}{name}")),
        };
        Play::new(1_600_000_000 + 300 * n as i64, artist, track).on(format!("{name} L{n} {name}"))
    };
    (0..300).map(numbered).collect()
}

/// Directions that are turned must be turned back on the same line; anything else that steers is not there.
#[track_caller]
fn harmless(what: &str, text: &str) {
    for line in text.split('\n') {
        let steers = line.chars().find(|c| {
            c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'
                        ..='\u{202e}' | '\u{2066}' | '\u{2067}'
                )
        });
        assert_eq!(steers, None, "{what}: {line:?}");
        let mut depth = 0_i32;
        for c in line.chars() {
            depth += i32::from(c == '\u{2068}') - i32::from(c == '\u{2069}');
            assert!((0..=1).contains(&depth), "{what}: {line:?}");
        }
        assert_eq!(depth, 0, "{what}: {line:?}");
    }
}

#[track_caller]
fn seen(home: &Home, words: &[&str]) -> Ran {
    let ran = home.run(words).good();
    harmless(&words.join(" "), &ran.stdout);
    harmless(&words.join(" "), &ran.stderr);
    ran
}

#[test]
fn no_name_drives_the_terminal() {
    let (home, fake) = (Home::new(), fake_with(hostile_plays()));
    let url = fake.url();
    seen(&home, &sync_words(&url, &["-vv"]));
    for words in [
        &["top", "artists", "-n", "300"][..],
        &["top", "albums", "-n", "300"],
        &["top", "tracks", "-n", "300"],
        &["listens", "-n", "300"],
        &["plot", "top-artists", "-n", "300"],
        &["plot", "top-albums", "-n", "300"],
        &["plot", "top-tracks", "-n", "300"],
        &["quality", "-n", "300"],
        &["doctor"],
        &["verify"],
        &["rebuild"],
    ] {
        let ran = seen(&home, words);
        if ["top", "listens", "plot"].contains(&words[0]) {
            assert!(ran.stdout.lines().count() >= 300, "one line for each\n{ran}");
        }
    }

    for play in hostile_plays().into_iter().step_by(7).filter(|play| !play.artist.contains('\0')) {
        let (artist, album, track) = (play.artist.as_str(), play.album.as_str(), play.track.as_str());
        for words in [["artist", "--", artist], ["album", "--", album], ["track", "--", track]] {
            harmless(&format!("{words:?}"), &home.run(&words).to_string());
        }
    }
    for kind in ["artist", "album", "track"] {
        let ran = home.run(&[kind, ""]);
        assert_eq!(ran.code(), 65, "{ran}");
        harmless(kind, &ran.to_string());
        assert_eq!(ran.stderr.lines().count(), 12, "one line for each of ten, and why\n{ran}");
    }

    let kept = home.run(&["listens", "--json", "-n", "300"]).good().json();
    let told = |name: &str| -> BTreeSet<String> {
        kept["rows"].as_array().unwrap().iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
    };
    let plays = hostile_plays();
    assert_eq!(told("artist"), plays.iter().map(|play| play.artist.clone()).collect());
    assert_eq!(told("album"), plays.iter().map(|play| play.album.clone()).collect());
    assert_eq!(told("track"), plays.iter().map(|play| play.track.clone()).collect());
}

#[test]
fn no_word_of_a_service_drives_the_terminal() {
    for (name, other) in HOSTILE.into_iter().zip([6, 8, 13, 99, 17].into_iter().cycle()) {
        let text = serde_json::to_string(&format!("{name} no {name}")).unwrap();
        for code in [10, other] {
            let body = format!("{{\"error\":{code},\"message\":{text}}}");
            let service = Canned::start(move |_| Canned::reply("400 Bad Request", "", &body));
            let home = Home::new();
            let url = service.url();
            let ran = home.run(&sync_words(&url, &["-v"]));
            assert!(ran.code() > 0, "{ran}");
            harmless("an error", &ran.to_string());
        }
    }
}

#[test]
fn no_argument_drives_the_terminal() {
    let home = Home::new();
    let fake = fake_with([Play::new(1_600_000_000, "A", "T")]);
    home.sync(&fake, &["-q"]).good();
    let url = fake.url();
    for name in HOSTILE.into_iter().filter(|name| !name.contains('\0')) {
        let picture = home.beside("").join(format!("x{name}.jpg")).display().to_string();
        for words in [
            &["sync", "--user", name, "--url", &url, "--rate", "0", "-vv"][..],
            &["--listener", name, "top", "artists"],
            &["--zone", name, "top", "artists"],
            &["top", "artists", "--artist", name],
            &["listens", "--text", name],
            &["artist", name],
            &["track", "a", "--artist", name],
            &["plot", "top-artists", "-o", &picture],
            &["sync", &format!("{name}/{USER}")],
        ] {
            let ran = home.run(words);
            assert_ne!(ran.code(), 101, "{ran}");
            harmless(&format!("{words:?}"), &ran.to_string());
        }
    }
}
