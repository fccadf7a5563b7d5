//! What is sent to services from the prompt: the outbox as a person meets it.

mod files;

use std::fs;
use std::sync::Arc;

use fakefm::{Config, FakeFm, Fault, When, World, Writing};
use serde_json::json;

use crate::commands::remembered;
use crate::home::{Home, Ran, USER};

const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e701";
const SESSION: &str = "5e55105e55105e55105e55105e551002";
const TOKEN: &str = "70ce0000-70ce-70ce-70ce-70ce00000003";

/// A listener with keys, and a service to which they belong.
struct Desk {
    home: Home,
    fake: FakeFm,
}

impl Desk {
    fn with(writing: Writing) -> Self {
        Self::by(writing, None)
    }

    /// A service of whose clock this machine's is so many seconds ahead.
    fn with_clock(ahead: i64) -> Self {
        let clock = heard_api::Clock::system();
        Self::by(Writing::default(), Some(Arc::new(move || clock.now_millis() - ahead * 1000)))
    }

    fn by(writing: Writing, clock: Option<fakefm::TellTime>) -> Self {
        let mut world = World::of(USER);
        world.set_session(USER, SESSION);
        world.listenbrainz(USER).set_token(TOKEN);
        let mut config = Config::new(world);
        config.clock = clock;
        config.rules.writing = Writing { secret: Some(SECRET.to_owned()), ..writing };
        Self { home: Home::new(), fake: FakeFm::start(config).unwrap() }
    }

    fn new() -> Self {
        Self::with(Writing::default())
    }

    fn brainz(&self) -> String {
        format!("{}/1/", self.fake.listenbrainz_url())
    }

    /// Names both accounts in the config file.
    fn configured(self) -> Self {
        let account =
            |service, url| format!("[[account]]\nservice = \"{service}\"\nuser = \"{USER}\"\nurl = \"{url}\"\n");
        let text = account("lastfm", self.fake.url()) + &account("listenbrainz", self.brainz());
        self.configure(&text);
        self
    }

    fn configure(&self, text: &str) {
        drop(self.home.opened());
        #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
        fs::write(self.home.history().join("config.toml"), text).unwrap();
    }

    fn run(&self, words: &[&str]) -> Ran {
        self.run_with(words, &[("LASTFM_SESSION_KEY", SESSION)])
    }

    fn run_with(&self, words: &[&str], more: &[(&str, &str)]) -> Ran {
        let mut command = self.home.command(words);
        command.env("LASTFM_API_SECRET", SECRET).env("LISTENBRAINZ_TOKEN", TOKEN).envs(more.iter().copied());
        let ran = Ran::of(&mut command);
        for secret in [SECRET, SESSION, TOKEN] {
            assert!(!ran.to_string().contains(secret), "{ran}");
        }
        ran
    }

    /// Scrobbles to the account at the fake Last.fm.
    fn scrobble(&self, artist: &str, track: &str, more: &[&str]) -> Ran {
        let url = self.fake.url();
        let to = ["--user", USER, "--url", &url, "--rate", "0"];
        self.run(&[&["scrobble", "--artist", artist, "--track", track], &to[..], more].concat())
    }

    /// What the account at the fake Last.fm holds; every one once.
    fn held(&self) -> Vec<(String, String)> {
        names(&self.fake.world().listener().holdings())
    }

    fn held_by_brainz(&self) -> Vec<(String, String)> {
        names(&self.fake.world().listenbrainz(USER).holdings())
    }
}

fn names(holdings: &[fakefm::Holding]) -> Vec<(String, String)> {
    assert!(holdings.iter().all(|row| row.held == 1), "{holdings:?}");
    holdings.iter().map(|row| (row.artist.clone(), row.track.clone())).collect()
}

fn pair(artist: &str, track: &str) -> (String, String) {
    (artist.to_owned(), track.to_owned())
}

/// The same snapshot whenever and wherever it is taken.
#[track_caller]
fn told(desk: &Desk, name: &str, ran: &Ran) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"http://127\.0\.0\.1:\d+/1/", "[BRAINZ]");
    settings.add_filter(r"http://127\.0\.0\.1:\d+", "[HOST]");
    settings.add_filter(r#""(played_at|opens_at|paused_at)": \d+"#, r#""$1": [SECOND]"#);
    // Moments as they stand in a file that was just written.
    settings.add_filter(r",\d{10}(000)?,", ",[SECOND]$1,");
    settings.add_filter(r"'/\S+/plays\.csv'", "'[FILE]'");
    settings.bind(|| remembered(&desk.home, name, ran));
}

#[test]
fn a_listen_is_sent_and_what_the_service_says_is_told() {
    let mut writing = Writing::default();
    writing.corrections.add("artist:Ida Kestrl=Ida Kestrel").unwrap();
    writing.corrections.add("album:glass tides=Glass Tides").unwrap();
    writing.filtered_artists.push("Unknown".to_owned());
    let desk = Desk::with(writing);
    told(&desk, "scrobble", &desk.scrobble("Mira Vale", "Nine", &[]).good());
    let spelled =
        desk.scrobble("Ida Kestrl", "Song 1", &["--album", "glass tides", "--at", "10m", "--duration", "230"]);
    told(&desk, "scrobble_corrected", &spelled.good());
    let all =
        ["--album", "A", "--album-artist", "B", "--track-number", "3", "--duration", "31", "--mbid", "m", "--json"];
    told(&desk, "scrobble_json", &desk.scrobble("Iron Coast", "O'Neve $(x); DROP", &all).good());
    let ignored = desk.scrobble("unknown", "Nothing", &["--at", "2d ago"]);
    ignored.refused(65, "ignored (code 1), for its artist", "kept in the ledger");
    told(&desk, "scrobble_ignored", &desk.scrobble("unknown", "Nothing", &["--at", "3h", "--csv"]));
    let mut held = desk.held();
    held.sort();
    let kept = [("Ida Kestrel", "Song 1"), ("Iron Coast", "O'Neve $(x); DROP"), ("Mira Vale", "Nine")];
    assert_eq!(held, kept.map(|(artist, track)| pair(artist, track)));
}

#[test]
fn all_accounts_with_keys_are_told_and_one_where_it_is_named() {
    let desk = Desk::new().configured();
    let words =
        |more: &[&'static str]| [&["scrobble", "--artist", "Mira Vale", "--rate", "0", "--track"], more].concat();
    told(&desk, "scrobble_to_all", &desk.run(&words(&["Nine"])).good());
    assert_eq!(
        (desk.held(), desk.held_by_brainz()),
        (vec![pair("Mira Vale", "Nine")], vec![pair("Mira Vale", "Nine")])
    );
    desk.run(&words(&["Ten", "--service", "listenbrainz"])).good();
    desk.run(&words(&["Eleven", "--service", "lastfm", "--user", "ANN"])).good();
    // Without a session, Last.fm is none of those that are meant.
    desk.run_with(&words(&["Twelve"]), &[]).good();
    assert_eq!(desk.held().len(), 2);
    assert_eq!(desk.held_by_brainz().len(), 3);
    let other = words(&["Nine", "--service", "librefm"]);
    desk.run(&other).refused(78, "no account is named", "--user NAME");
    let named = words(&["Nine", "--service", "lastfm"]);
    desk.run_with(&named, &[]).refused(78, "LASTFM_SESSION_KEY is not set", "export LASTFM_SESSION_KEY=");
}

#[test]
fn a_session_key_is_shown_to_one_account_alone() {
    let desk = Desk::new();
    let account = |service: &str, user: &str| {
        format!("[[account]]\nservice = \"{service}\"\nuser = \"{user}\"\nurl = \"{}\"\n", desk.fake.url())
    };
    desk.configure(&(account("lastfm", USER) + &account("lastfm", "Bob")));
    let words = ["scrobble", "--artist", "Mira Vale", "--track", "Nine", "--rate", "0"];
    let ran = desk.run(&words);
    ran.refused(
        78,
        "LASTFM_SESSION_KEY is of one account, and lastfm/ann or lastfm/bob",
        "--service lastfm --user ann",
    );
    assert_eq!(desk.fake.stats().requests, 0);
    desk.run(&[&words[..], &["--user", USER]].concat()).good();
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")]);
}

#[test]
fn librefm_has_keys_of_its_own() {
    let desk = Desk::new();
    let url = desk.fake.url();
    let words = ["scrobble", "--artist", "Mira Vale", "--track", "Nine", "--rate", "0"];
    let to = ["--service", "librefm", "--user", USER, "--url", &url];
    let words = [&words[..], &to].concat();
    desk.run(&words).refused(78, "LIBREFM_SESSION_KEY is not set", "export LIBREFM_SESSION_KEY=");
    assert_eq!(desk.fake.stats().requests, 0, "the key of Last.fm is not shown to it");
    // Its key and secret are those of Last.fm where it has none.
    desk.run_with(&words, &[("LIBREFM_SESSION_KEY", SESSION)]).good();
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")]);
    let own = [("LIBREFM_SESSION_KEY", SESSION), ("LIBREFM_API_SECRET", "another")];
    assert_eq!(desk.run_with(&[&words[..], &["--at", "1h"]].concat(), &own).code(), 77, "its own secret goes first");
    // Each account has its own session, so both are told at once.
    let account = |service: &str| format!("[[account]]\nservice = \"{service}\"\nuser = \"{USER}\"\nurl = \"{url}\"\n");
    let desk = Desk { home: Home::new(), ..desk };
    desk.configure(&(account("lastfm") + &account("librefm")));
    let both = [("LIBREFM_SESSION_KEY", SESSION), ("LASTFM_SESSION_KEY", SESSION)];
    let told = desk.run_with(&["scrobble", "--artist", "Mira Vale", "--track", "Ten", "--rate", "0", "--json"], &both);
    assert_eq!(told.good().json()["rows"].as_array().unwrap().len(), 2);
}

#[test]
fn the_outbox_is_listed_page_by_page() {
    let desk = Desk::new();
    desk.fake.fail(When::Writes, Fault::Reset);
    for hours in ["1h", "2h", "3h"] {
        assert_eq!(desk.scrobble("Mira Vale", "Nine", &["--at", hours]).code(), 75);
    }
    let ids = |words: &[&str]| -> (Vec<i64>, String) {
        let ran = desk.run(&[&["outbox", "list", "--json"], words].concat()).good();
        let rows = ran.json()["rows"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
        (rows, ran.stderr)
    };
    assert_eq!(ids(&[]), (vec![1, 2, 3], String::new()));
    let (first, more) = ids(&["-n", "2"]);
    assert_eq!(first, [1, 2]);
    assert!(more.contains("more follow: heard outbox list -n 2 --after 2"), "{more}");
    assert_eq!(ids(&["-n", "2", "--after", "2"]), (vec![3], String::new()));
    assert_eq!(ids(&["--after", "3"]).0, Vec::<i64>::new());
    let (_, more) = ids(&["--state", "in_flight", "-n", "1"]);
    assert!(more.contains("heard outbox list --state in_flight -n 1 --after 1"), "{more}");
}

#[test]
fn what_arrived_is_seen_before_it_is_sent_again() {
    let desk = Desk::new();
    desk.fake.fail(When::Writes, Fault::lost_answer());
    assert_eq!(desk.scrobble("Mira Vale", "Nine", &["--at", "1h"]).code(), 75);
    desk.fake.fail_no_more();
    let writes = desk.fake.writes().len();
    desk.run(&["outbox", "send", "--rate", "0", "--verify"]).good();
    assert_eq!(desk.fake.writes().len(), writes, "it was there");
    told(&desk, "outbox_list_read_back", &desk.run(&["outbox", "list"]));
    assert_eq!(desk.run(&["outbox", "list", "--json"]).good().json()["rows"][0]["read_back"], json!(true));
}

#[test]
fn what_cannot_be_a_listen_is_refused_before_anything_is_sent() {
    let desk = Desk::new();
    for (artist, track, more, says) in [
        (" ", "Nine", &[][..], "--artist is empty"),
        ("Mira Vale", "\t", &[], "--track is empty"),
        ("Mira Vale", "Nine", &["--duration", "30"], "30 seconds or less"),
        ("Mira Vale", "Nine", &["--at", "1700000000000"], "write seconds: 1700000000"),
        ("Mira Vale", "Nine", &["--at", "2099-01-01 00:00"], "lies in the future"),
        ("Mira Vale", "Nine", &["--at", "2001-12-31 23:59"], "lies before 2002"),
        ("Mira Vale", "Nine", &["--at", "tea time"], "\"tea time\" is no moment"),
    ] {
        desk.scrobble(artist, track, more).refused(2, says, "heard scrobble --help");
    }
    for more in [&["--track-number", "0"][..], &["--duration", "-1"], &["--album", ""], &["--service", "spotify"]] {
        assert_eq!(desk.scrobble("Mira Vale", "Nine", more).code(), 2, "{more:?}");
    }
    assert!(!desk.home.history().exists(), "nothing was kept of it");
    assert_eq!(desk.fake.stats().requests, 0);
}

#[test]
fn a_listen_that_is_too_old_is_kept_with_a_warning() {
    let desk = Desk::new();
    let old = desk.scrobble("Mira Vale", "Nine", &["--at", "2024-05-01 12:30", "--zone", "Asia/Tokyo"]);
    told(&desk, "scrobble_too_old", &old);
    assert_eq!((desk.held(), desk.fake.stats().requests), (Vec::new(), 0));
    // ListenBrainz takes any age.
    let url = desk.brainz();
    let to = ["--service", "listenbrainz", "--user", USER, "--url", &url, "--rate", "0", "--at", "2024-05-01 12:30"];
    desk.run(&[&["scrobble", "--artist", "Mira Vale", "--track", "Nine"], &to[..]].concat()).good();
    assert_eq!(desk.held_by_brainz(), [pair("Mira Vale", "Nine")]);
}

#[test]
fn a_dry_run_sends_and_keeps_nothing() {
    let desk = Desk::new();
    told(&desk, "scrobble_dry_run", &desk.scrobble("Mira Vale", "Nine", &["--at", "5m", "--dry-run"]).good());
    assert!(!desk.home.history().exists());
    assert_eq!(desk.fake.stats().requests, 0);
    let row = desk.scrobble("Mira Vale", "Nine", &["--dry-run", "--json"]).good().json();
    assert_eq!((&row["rows"][0]["id"], &row["rows"][0]["state"]), (&json!(null), &json!("waiting")));
}

#[test]
fn without_a_network_it_waits_in_the_outbox() {
    let desk = Desk::new();
    desk.fake.fail(When::Writes, Fault::Reset);
    let ran = desk.scrobble("Mira Vale", "Nine", &["--at", "1h"]);
    assert!(ran.stdout.contains("sent, without an answer yet"), "{ran}");
    ran.refused(75, "the service cannot be used now", "heard outbox send");
    assert_eq!(desk.held(), []);
    desk.fake.fail_no_more();
    desk.scrobble("Iron Coast", "Salt", &[]).good();
    assert_eq!(desk.held().len(), 2, "what waited goes with the next");
    // Written, and the answer lost: the service has it, though nobody knows, and has it once when it came again.
    desk.fake.fail(When::Writes, Fault::lost_answer());
    assert_eq!(desk.scrobble("Iron Coast", "Dawn", &[]).code(), 75);
    desk.fake.fail_no_more();
    desk.scrobble("Iron Coast", "Dusk", &["--at", "2h"]).good();
    assert_eq!(desk.held().len(), 4);
}

#[test]
fn the_same_again_is_not_sent_again() {
    let desk = Desk::new();
    let words = ["--at", &heard_api::Clock::system().now().to_string()];
    desk.scrobble("Mira Vale", "Nine", &words).good();
    let again = desk.scrobble("Mira Vale", "Nine", &words).good();
    assert!(again.stderr.contains("in the outbox or the ledger already"), "{again}");
    assert!(again.stdout.contains("accepted"), "{again}");
    assert_eq!(desk.fake.writes().len(), 1);
}

#[test]
fn a_login_that_ended_pauses_the_target_until_there_is_another() {
    let desk = Desk::new();
    desk.fake.world().revoke(USER, 0);
    desk.scrobble("Mira Vale", "Nine", &[]).refused(77, "asks for a login", "LASTFM_SESSION_KEY");
    desk.fake.world().set_session(USER, SESSION);
    desk.scrobble("Iron Coast", "Salt", &[]).good();
    assert_eq!(desk.held().len(), 2);
}

#[test]
fn a_token_that_was_revoked_loses_nothing() {
    let desk = Desk::new();
    let url = desk.brainz();
    let to = ["scrobble", "--artist", "Mira Vale", "--track", "Nine", "--service", "listenbrainz", "--user", USER];
    let words = [&to[..], &["--url", &url, "--rate", "0"]].concat();
    let mut command = desk.home.command(&words);
    command.env("LISTENBRAINZ_TOKEN", "0dd00000-0dd0-0dd0-0dd0-0dd000000000");
    let ran = Ran::of(&mut command).refused(77, "asks for a login", "LISTENBRAINZ_TOKEN");
    assert!(!ran.to_string().contains("0dd0"), "{ran}");
    assert_eq!(desk.held_by_brainz(), []);
    desk.run(&["outbox", "send", "--rate", "0"]).good();
    assert_eq!(desk.held_by_brainz(), [pair("Mira Vale", "Nine")]);
    desk.run(&["outbox", "send", "--rate", "0"]).good();
    assert_eq!(desk.held_by_brainz().len(), 1);
}

#[test]
fn a_clock_that_is_wrong_is_named() {
    for (ahead, says) in [
        (10_000_i64, Some("this machine's clock is 2h 46m ahead of that of lastfm/ann")),
        (-3_600 * 50, Some("this machine's clock is 50h 00m behind that of lastfm/ann")),
        (-60, None),
    ] {
        let desk = Desk::with_clock(ahead);
        // The service takes nothing that is yet to come; it waits until its moment is there.
        let ran = desk.scrobble("Mira Vale", "Nine", &["--at", "1m"]);
        match says {
            Some(says) => assert!(ran.stderr.contains(says), "{ahead}: {ran}"),
            None => assert!(!ran.stderr.contains("clock"), "{ran}"),
        }
        assert_eq!(ran.stderr.contains("timedatectl"), says.is_some());
        let (waiting, held) = (desk.run(&["outbox", "--json"]).json(), desk.held().len() as u64);
        assert_eq!(waiting["targets"][0]["waiting"].as_u64().unwrap() + held, 1, "it is not lost: {waiting}");
    }
    let desk = Desk::with_clock(-3_600);
    let url = desk.brainz();
    let to = ["--service", "listenbrainz", "--user", USER, "--url", &url, "--rate", "0"];
    let ran = desk.run(&[&["scrobble", "--artist", "Mira Vale", "--track", "Nine"][..], &to].concat()).good();
    assert!(ran.stderr.contains("clock is 1h 00m behind that of listenbrainz/ann"), "{ran}");
    assert_eq!(desk.held_by_brainz().len(), 1);
}

#[test]
fn the_outbox_tells_what_waits_and_what_became_of_the_rest() {
    let mut writing = Writing { daily_limit: Some(2), ..Writing::default() };
    writing.filtered_artists.push("Unknown".to_owned());
    let desk = Desk::with(writing);
    desk.run(&["outbox"]).refused(65, "there is no history", "");
    assert_eq!(desk.scrobble("Unknown", "Nothing", &["--at", "1h"]).code(), 65);
    assert_eq!(desk.scrobble("Mira Vale", "Old", &["--at", "15d"]).code(), 65);
    desk.scrobble("Mira Vale", "Nine", &["--at", "50m"]).good();
    desk.scrobble("Mira Vale", "Ten", &["--at", "40m"]).good();
    desk.scrobble("Mira Vale", "Eleven", &["--at", "30m"]).refused(75, "takes no more now", "heard outbox tells");
    for (name, words) in [
        ("outbox", &["outbox"][..]),
        ("outbox_json", &["outbox", "--json"]),
        ("outbox_csv", &["outbox", "--csv"]),
        ("outbox_list", &["outbox", "list"]),
        ("outbox_list_json", &["outbox", "list", "--state", "ignored", "--json"]),
        ("outbox_list_csv", &["outbox", "list", "-n", "2", "--csv"]),
        ("outbox_of_nobody", &["outbox", "--listener", "nobody"]),
        ("outbox_send_too_early", &["outbox", "send", "--rate", "0"]),
    ] {
        told(&desk, name, &desk.run(words));
    }
    assert_eq!(desk.run(&["outbox", "list", "--state", "lost"]).code(), 2);
    assert_eq!(desk.held().len(), 2);
}

#[test]
fn what_waits_is_sent_to_whom_it_was_meant_for() {
    let desk = Desk::new().configured();
    desk.fake.fail(When::Writes, Fault::Reset);
    let to_all = ["scrobble", "--artist", "Mira Vale", "--track", "Nine", "--rate", "0", "--at", "1h"];
    assert_eq!(desk.run(&to_all).code(), 75);
    let waiting = desk.run(&["outbox", "--json"]).good().json();
    assert_eq!([0, 1].map(|nth| waiting["targets"][nth]["waiting"].clone()), [json!(1), json!(1)]);
    assert_eq!(desk.run(&["outbox", "send", "--rate", "0"]).code(), 75);
    desk.fake.fail_no_more();
    desk.configure("");
    told(&desk, "outbox_send_one", &desk.run(&["outbox", "send", "--rate", "0", "--service", "listenbrainz"]).good());
    assert_eq!((desk.held().len(), desk.held_by_brainz().len()), (0, 1));
    let lacking = desk.run_with(&["outbox", "send", "--rate", "0"], &[]);
    lacking.refused(78, "LASTFM_SESSION_KEY is not set", "export LASTFM_SESSION_KEY=");
    desk.run(&["outbox", "send", "--rate", "0"]).good();
    assert_eq!((desk.held().len(), desk.held_by_brainz().len()), (1, 1));
    let nothing = desk.run(&["outbox", "send", "--rate", "0"]).good();
    assert!(nothing.stderr.contains("nothing waits"), "{nothing}");
}

#[test]
fn a_listen_is_dropped_and_tried_again() {
    let desk = Desk::new();
    desk.fake.fail(When::Writes, Fault::Reset);
    assert_eq!(desk.scrobble("Mira Vale", "Nine", &[]).code(), 75);
    desk.run(&["outbox", "retry", "1"]).refused(2, "only what was ignored or parked", "heard outbox list");
    let dropped = desk.run(&["outbox", "drop", "1"]).good();
    assert!(dropped.stderr.contains("heard outbox retry 1"), "{dropped}");
    desk.run(&["outbox", "drop", "1"]).refused(
        2,
        "parked: dropped by the listener; only what waits",
        "heard outbox list",
    );
    desk.fake.fail_no_more();
    desk.run(&["outbox", "send", "--rate", "0"]).good();
    assert_eq!(desk.held(), [], "what was dropped is not sent");
    desk.run(&["outbox", "retry", "1"]).good();
    desk.run(&["outbox", "send", "--rate", "0"]).good();
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")]);
    for action in ["retry", "drop"] {
        desk.run(&["outbox", action, "1"]).refused(2, "listen 1: accepted; only", "heard outbox list");
        desk.run(&["outbox", action, "2"]).refused(2, "there is no listen 2", "heard outbox list");
        assert_eq!(desk.run(&["outbox", action, "one"]).code(), 2);
    }
}

#[test]
fn a_sync_sends_what_waits_where_it_can() {
    let desk = Desk::new();
    let url = desk.fake.url();
    let sync = ["sync", "--user", USER, "--url", &url, "--rate", "0"];
    desk.fake.fail(When::Writes, Fault::Reset);
    assert_eq!(desk.scrobble("Mira Vale", "Nine", &["--at", "1h"]).code(), 75);
    let failed = desk.run(&sync).refused(75, "the service cannot be used now", "heard outbox send");
    assert!(failed.stderr.contains("lastfm/ann: complete"), "what was collected is told all the same\n{failed}");
    desk.fake.fail_no_more();
    let without = desk.run_with(&sync, &[]).good();
    assert!(without.stderr.contains("what waits in the outbox is not sent"), "{without}");
    assert!(without.stderr.contains("LASTFM_SESSION_KEY is not set"), "{without}");
    assert_eq!(desk.held(), []);
    let sent = desk.run(&sync).good();
    assert!(sent.stderr.contains("lastfm/ann: 1 accepted, 0 ignored, 0 parked"), "{sent}");
    assert_eq!(desk.held(), [pair("Mira Vale", "Nine")]);
    let nothing = desk.run(&sync).good();
    assert!(!nothing.stderr.contains("accepted"), "{nothing}");
    assert_eq!(desk.run(&["listens", "--count"]).good().stdout, "1\n", "it comes back with what is collected");
}

#[test]
fn secrets_are_said_nowhere_and_kept_nowhere() {
    let desk = Desk::new().configured();
    let words = ["-vv", "scrobble", "--artist", "Mira Vale", "--track", "Nine", "--rate", "0"];
    let loud = [("RUST_LOG", "trace"), ("LASTFM_SESSION_KEY", SESSION)];
    desk.run_with(&words, &loud).good();
    desk.fake.world().revoke(USER, 0);
    assert_eq!(desk.run_with(&[&words[..], &["--at", "1h"]].concat(), &loud).code(), 77);
    desk.run_with(&["-vv", "outbox", "--json"], &loud).good();
    let mut files = 0;
    for entry in fs::read_dir(desk.home.history()).unwrap() {
        let path = entry.unwrap().path();
        let Ok(bytes) = fs::read(&path) else { continue };
        for secret in [SECRET, SESSION, TOKEN] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a secret stands in {}", path.display());
        }
        files += 1;
    }
    assert!(files >= 2, "state.db and config.toml were looked at");
}
