//! The examples, run against a made-up service, tell what they promise to tell.

use fakefm::{Config, FakeFm, Fault, Generate, When, World, Writing};

#[allow(dead_code, reason = "an example begins with its own `main`")]
#[path = "../../examples/listenbrainz.rs"]
mod listenbrainz;
#[allow(dead_code, reason = "an example begins with its own `main`")]
#[path = "../../examples/login.rs"]
mod login;
#[allow(dead_code, reason = "an example begins with its own `main`")]
#[path = "../../examples/refusals.rs"]
mod refusals;
#[allow(dead_code, reason = "an example begins with its own `main`")]
#[path = "../../examples/scrobble.rs"]
mod scrobble;
#[allow(dead_code, reason = "an example begins with its own `main`")]
#[path = "../../examples/walk.rs"]
mod walk;

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn text(out: Vec<u8>) -> String {
    String::from_utf8(out).unwrap()
}

#[test]
fn walk_counts_every_listen() {
    let fake = FakeFm::start(Config::generated("ann", &Generate::plain(7, 1_000, 1_750_000_000))).unwrap();
    fake.fail(When::Requests(3..4), Fault::Html { status: 503 });
    let mut out = Vec::new();
    wait(walk::run(&fake.url(), &mut out)).unwrap();
    let told = text(out);
    assert!(told.starts_with("1000 of 1000 listens, "), "{told}");
    assert!(told.lines().nth(1).is_some_and(|line| line.starts_with("most: ") && line.ends_with(" times")), "{told}");
}

#[test]
fn refusals_are_told_apart() {
    let fake = FakeFm::start(Config::generated("ann", &Generate::plain(7, 10, 1_750_000_000))).unwrap();
    let mut out = Vec::new();
    wait(refusals::run(&fake, &mut out)).unwrap();
    let told = text(out);
    let advice = ["try again", "start the login again", "ask a person", "hides recent listening", "waits by itself"];
    assert_eq!(told.lines().count(), 6, "{told}");
    for (line, words) in told.lines().zip(advice) {
        assert!(line.ends_with(words), "{words}: {line}");
    }
    assert!(told.ends_with("artist.getSimilar is not offered by Libre.fm\n"), "{told}");
}

#[test]
fn login_ends_with_a_session_or_says_why_not() {
    let mut config = Config::new(World::of("Ann"));
    config.rules.writing.grant_at_once = Some("Ann".to_owned());
    let fake = FakeFm::start(config).unwrap();
    let log_in = || {
        let mut out = Vec::new();
        let keys = format!("{}\n{}\n", "k".repeat(32), Writing::SECRET);
        wait(login::run(&fake.url(), &mut keys.as_bytes(), &mut out)).unwrap();
        text(out)
    };
    let told = log_in();
    assert!(told.contains("open this page and say yes:\nhttps://www.last.fm/api/auth/?api_key=kkk"), "{told}");
    assert!(told.ends_with("logged in as Ann with 0 listens\n"), "{told}");
    assert!(!told.contains(Writing::SECRET));
    fake.fail(When::Method("auth.getSession".to_owned()), Fault::Refusal { code: 15, status: 403, retry_after: None });
    assert!(log_in().ends_with("start the login again with a new one\n"));
}

#[test]
fn scrobbles_are_shown_with_their_verdicts() {
    let mut out = Vec::new();
    scrobble::run(&mut out).unwrap();
    let told = text(out);
    for words in
        ["track.scrobble with 3 listens, Session", "timestamp[2] = 1750000480", "1 accepted, 1 ignored", "TooOld"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn listens_are_sent_to_listenbrainz_and_read_back() {
    let mut world = World::new();
    world.listenbrainz("ann").set_token("a token");
    let fake = FakeFm::start(Config::new(world)).unwrap();
    let mut out = Vec::new();
    wait(listenbrainz::run(&format!("{}/1/", fake.listenbrainz_url()), "a token", &mut out)).unwrap();
    let told = text(out);
    assert_eq!(told, "ann has 3 listens, the latest first:\n  Third Song\n  Second Song\n  First Song\n");
    let mut out = Vec::new();
    let refused = wait(listenbrainz::run(&format!("{}/1/", fake.listenbrainz_url()), "another", &mut out)).unwrap_err();
    assert_eq!(refused.to_string(), "the service does not know this token");
}
