//! Canary secrets, carried through every command at the highest log level and past hostile services: they are seen
//! nowhere but in the parameters that the service's protocol has for them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use fakefm::{FakeFm, Fault, Faults, Generate, Keys, When};
use heard_history::archive::{self, Position};

use crate::canned::Canned;
use crate::home::{Home, Ran, USER, fake_of, program, sync_words};

const API_KEY: &str = "c0ffee00c0ffee01c0ffee02c0ffee03";
const CANARIES: [(&str, &str); 5] = [
    ("LASTFM_API_KEY", API_KEY),
    ("LASTFM_API_SECRET", "5ec4e7005ec4e7015ec4e7025ec4e703"),
    ("LASTFM_SESSION_KEY", "Se55ionKeyCanary-0123456789abcde"),
    ("LISTENBRAINZ_TOKEN", "70cea0c0-70ce-4a0c-870c-ea0c70cea0c0"),
    ("MPD_PASSWORD", "mpdCanary-0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
];

fn armed(mut command: Command) -> Command {
    command.envs(CANARIES).env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
    command
}

#[track_caller]
fn silent(what: &str, bytes: &[u8]) {
    for (name, canary) in CANARIES {
        for form in [canary.to_owned(), canary.to_uppercase(), canary.chars().rev().collect()] {
            let found = bytes.windows(form.len()).any(|window| window == form.as_bytes());
            assert!(!found, "{name} stands in {what}: {}", String::from_utf8_lossy(bytes));
        }
    }
}

#[track_caller]
fn run(home: &Home, words: &[&str]) -> Ran {
    let ran = Ran::of(&mut armed(home.command(&[&["-vv"], words].concat())));
    silent(&format!("what {words:?} says"), ran.to_string().as_bytes());
    ran
}

fn silent_files(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        silent("a file's name", path.as_os_str().as_encoded_bytes());
        if path.is_dir() {
            silent_files(&path);
        } else {
            silent(&path.display().to_string(), &fs::read(&path).unwrap());
        }
    }
}

#[track_caller]
fn silent_home(home: &Home) {
    silent_files(&home.beside(""));
    let damaged = |error| panic!("{error}");
    let look = |frame: archive::Frame| {
        silent("the archive", &frame.lines);
        true
    };
    archive::read_after(&home.opened().archive(), Position::default(), look, damaged).unwrap();
}

/// The key is a parameter of the query, and no other secret is sent with a call that needs none.
fn silent_requests(fake: &FakeFm) {
    let arrivals = fake.arrivals();
    assert!(!arrivals.is_empty());
    for arrival in arrivals {
        silent("a path", arrival.path.as_bytes());
        silent("a body", &arrival.body);
        for (name, value) in &arrival.headers {
            silent(&format!("the header {name}"), value.as_bytes());
        }
        let others: String = arrival.query.split('&').filter(|p| *p != format!("api_key={API_KEY}")).collect();
        silent("a query", others.as_bytes());
    }
}

#[test]
fn every_command_keeps_secrets() {
    let home = Home::new();
    let fake = fake_of(&Generate::plain(2, 500, 1_700_000_000));
    let url = fake.url();
    run(&home, &sync_words(&url, &[])).good();
    let beside = |name: &str| home.beside(name).display().to_string();
    for words in [
        &["enrich", "--user", USER, "--url", &url, "--rate", "0", "--limit", "200"][..],
        &["archive", "extract", &beside("answers")],
        &["top", "artists", "--json"],
        &["top", "tracks", "--csv"],
        &["listens", "--json", "-n", "1000"],
        &["plot", "top-artists"],
        &["plot", "top-artists", "-o", &beside("x.svg")],
        &["plot", "top-artists", "-o", &beside("x.png")],
        &["export"],
        &["export", "--format", "jsonl", "-o", &beside("x.jsonl")],
        &["verify"],
        &["verify", "--json"],
        &["rebuild"],
        &["doctor"],
        &["doctor", "--json"],
        &["accounts"],
        &["accounts", "--check", "--json"],
        &["api", "user.getInfo", "user=ann", "--url", &url],
        &["api", "user.getRecentTracks", "user=ann", "limit=5", "--url", &url],
        &["api", "user.getInfo", "user=ann", "--archive", "--url", &url],
        &["demo", "--plays", "200", "-o", &beside("demo")],
        &["completions", "bash"],
        &["man", &beside("man")],
        &["--help"],
        &["sync", "--help"],
        &sync_words(&url, &["--full", "--json"]),
    ] {
        run(&home, words).good();
    }
    silent_home(&home);
    silent_requests(&fake);
}

#[test]
fn trouble_does_not_make_it_talk() {
    let home = Home::new();
    let fake = fake_of(&Generate::plain(2, 3_000, 1_700_000_000));
    let url = fake.url();
    let sync = sync_words(&url, &["--page-size", "50"]);
    fake.set_faults(Faults::spoilt(9, 0.5));
    run(&home, &sync);
    fake.set_faults(Faults::none());
    let refusal = |code, status| Fault::Refusal { code, status, retry_after: None };
    // Every kind of failure was had above; these are those whose own words are told at the end.
    let told =
        [(10, 403), (26, 403), (4, 403), (9, 403), (8, 500), (29, 429)].map(|(code, status)| refusal(code, status));
    for fault in told.into_iter().chain([Fault::Reset, Fault::Html { status: 503 }, Fault::XmlBody, Fault::CutText]) {
        fake.fail_no_more();
        fake.fail(When::Always, fault);
        run(&home, &sync);
    }
    fake.fail_no_more();
    fake.set_rules(|rules| rules.keys = Keys::Only(vec!["another".to_owned()]));
    run(&home, &sync).refused(77, "does not accept the api key", "set LASTFM_API_KEY");
    silent_home(&home);
    silent_requests(&fake);

    let unreachable = ["sync", "--user", USER, "--url", "http://127.0.0.1:9/2.0/", "--rate", "0"];
    run(&home, &unreachable);
    let plain = ["sync", "--user", USER, "--url", "http://192.0.2.1/2.0/"];
    run(&home, &plain).refused(78, "plain http", "https");
    for (name, canary) in CANARIES {
        // Pasted into the wrong place: the reader of the command line may repeat what stands there, and nothing else.
        let credentials = home.history().join("credentials.toml");
        heard_history::home::replace_file(&credentials, |file| {
            std::io::Write::write_all(file, format!("{name} = {canary}\n{canary} = \"x").as_bytes())
        })
        .unwrap();
        run(&home, &["doctor"]).refused(78, "credentials.toml", "");
        fs::remove_file(credentials).unwrap();
    }
}

#[test]
fn a_service_that_repeats_the_key_is_not_quoted() {
    let echo = |status: &'static str, kind: &'static str, body: &'static str| {
        Canned::start(move |head| {
            let said = body.replace("HEAD", &head.lines().next().unwrap_or_default().replace('"', ""));
            Canned::reply(status, &format!("Content-Type: {kind}\r\n"), &said)
        })
    };
    for service in [
        echo("403 Forbidden", "application/json", r#"{"error":10,"message":"Invalid API key in HEAD"}"#),
        echo("400 Bad Request", "application/json", r#"{"error":6,"message":"HEAD"}"#),
        echo("500 Internal Server Error", "application/json", r#"{"error":8,"message":"HEAD"}"#),
        echo("502 Bad Gateway", "text/html", "<html>HEAD</html>"),
        echo("200 OK", "text/html", "<html>HEAD</html>"),
        echo("200 OK", "application/json", r#"{"recenttracks":{"track":[],"@attr":{"user":"HEAD","page":"1"}}}"#),
    ] {
        let home = Home::new();
        let url = service.url();
        let ran = run(&home, &sync_words(&url, &[]));
        assert!(ran.code() > 0, "{ran}");
        assert!(service.heard().contains(API_KEY), "the service was not asked");
        silent_home(&home);
    }
}

#[test]
fn a_redirect_takes_no_secret_elsewhere() {
    let elsewhere = Canned::start(|_| Canned::reply("200 OK", "", "{}"));
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let target = format!("Location: {}?api_key={API_KEY}\r\n", elsewhere.url());
        let service = Canned::start(move |_| Canned::reply(status, &target, ""));
        let home = Home::new();
        let url = service.url();
        let ran = run(&home, &sync_words(&url, &[]));
        assert!(ran.code() > 0, "{ran}");
        assert_eq!(elsewhere.connections(), 0, "{status}");
        silent_home(&home);
    }
}

#[test]
fn no_process_argument_is_a_secret() {
    let mut config = fakefm::Config::generated(USER, &Generate::plain(2, 50, 1_700_000_000));
    config.latency_ms = 30_000;
    let fake = FakeFm::start(config).unwrap();
    let home = Home::new();
    let mut command = armed(home.sync_command(&fake, &[]));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while fake.stats().requests == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it asked");
        std::thread::yield_now();
    }
    let arguments = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(arguments.starts_with(program().as_bytes()));
    silent("the process's arguments", &arguments);
}
