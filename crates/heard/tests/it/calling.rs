//! Speaking to services at once: any call by its name, hearts, and what sounds now.

use std::fs;
use std::io::Write;
use std::process::Command;

use fakefm::{Config, FakeFm, Fault, Play, When, World, Writing};
use heard_history::home::replace_file;
use serde_json::{Value, json};

use crate::canned::Canned;
use crate::commands::remembered;
use crate::home::{Home, KEY, Ran, USER};

pub(crate) const SESSION: &str = "Se55ionKeyCanary-0123456789abcde";
pub(crate) const TOKEN: &str = "70cea0c0-70ce-4a0c-870c-ea0c70cea0c0";
const MBID: &str = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae";
const CANARIES: [&str; 4] = [KEY, Writing::SECRET, SESSION, TOKEN];

/// A service with one account at Last.fm and one of the same name at ListenBrainz.
pub(crate) fn fake() -> FakeFm {
    let mut config = Config::new(World::of(USER));
    config.world.open(USER).add(&Play::new(1_700_000_000, "Björk", "Jóga"));
    config.world.set_session(USER, SESSION);
    config.world.listenbrainz(USER).set_token(TOKEN);
    config.rules.writing.corrections.add("artist:Bjork=Björk").unwrap();
    FakeFm::start(config).unwrap()
}

/// Where the fake speaks ListenBrainz's language.
pub(crate) fn brainz_url(fake: &FakeFm) -> String {
    format!("{}/1/", fake.listenbrainz_url().trim_end_matches('/'))
}

fn with_keys(mut command: Command) -> Command {
    command
        .env("LASTFM_API_SECRET", Writing::SECRET)
        .env("LASTFM_SESSION_KEY", SESSION)
        .env("LISTENBRAINZ_TOKEN", TOKEN)
        .env("RUST_LOG", "trace");
    command
}

#[track_caller]
fn silent(ran: Ran) -> Ran {
    for canary in CANARIES {
        assert!(!ran.to_string().contains(canary), "{canary} is told\n{ran}");
    }
    ran
}

/// Runs with all keys; says nothing of them, whatever the log shows.
#[track_caller]
pub(crate) fn run(home: &Home, words: &[&str]) -> Ran {
    silent(Ran::of(&mut with_keys(home.command(&[&["-vv"], words].concat()))));
    let mut command = with_keys(home.command(words));
    silent(Ran::of(command.env_remove("RUST_LOG")))
}

fn write(home: &Home, name: &str, text: &str) {
    fs::create_dir_all(home.history()).unwrap();
    replace_file(&home.history().join(name), |file| file.write_all(text.as_bytes())).unwrap();
}

/// A home with both accounts in its config.
pub(crate) fn home_of(fake: &FakeFm) -> Home {
    let home = Home::new();
    let account =
        |service: &str, url: String| format!("[[account]]\nservice = {service:?}\nuser = {USER:?}\nurl = {url:?}\n");
    let accounts = account("lastfm", fake.url()) + &account("listenbrainz", brainz_url(fake));
    write(&home, "config.toml", &format!("rate = 0\n{accounts}"));
    home
}

/// Verb, query and body of what arrived last.
fn last_arrival(fake: &FakeFm) -> (String, String, String) {
    let arrival = fake.arrivals().pop().expect("something arrived");
    (arrival.verb, arrival.query, String::from_utf8(arrival.body.to_vec()).unwrap())
}

#[test]
fn an_answer_is_printed_as_it_came() {
    let body = "{ \"results\":\t[1,2]}\r\n";
    let service = Canned::start(move |_| Canned::reply("200 OK", "Content-Type: application/json\r\n", body));
    let home = Home::new();
    let url = service.url();
    let ran = run(&home, &["api", "artist.search", "artist=Sigur Rós & co=?", "limit=1", "--url", &url]).good();
    assert_eq!(ran.stdout, body);
    let heard = service.heard();
    for part in ["GET /2.0/?", "method=artist.search", "artist=Sigur+R%C3%B3s+%26+co%3D%3F", "limit=1", "format=json"] {
        assert!(heard.contains(part), "{part}: {heard}");
    }
    assert!(!heard.contains("api_sig") && !heard.contains("sk="), "{heard}");
    let unknown = run(&home, &["api", "artist.getWeather", "--url", &url]).good();
    assert_eq!(unknown.stdout, body, "what nobody knows is asked for all the same");
}

#[test]
fn a_call_has_the_credentials_that_are_documented_or_asked_for() {
    let (home, fake) = (Home::new(), fake());
    let url = fake.url();
    run(&home, &["api", "user.getInfo", "user=ann", "--url", &url]).good();
    assert_eq!(last_arrival(&fake).0, "GET");
    run(&home, &["api", "user.getInfo", "user=ann", "--post", "--url", &url]).good();
    let (verb, query, body) = last_arrival(&fake);
    assert_eq!((verb.as_str(), query.as_str()), ("POST", ""));
    assert!(body.contains("method=user.getInfo") && !body.contains("api_sig"), "{body}");
    run(&home, &["api", "user.getInfo", "user=ann", "--sign", "--url", &url]).good();
    let (_, query, body) = last_arrival(&fake);
    assert!(query.is_empty() && body.contains("api_sig=") && body.contains(&format!("sk={SESSION}")), "{body}");
    run(&home, &["api", "TRACK.LOVE", "artist=Björk", "track=Hunter", "--url", &url]).good();
    assert_eq!(loved(&fake), ["Björk – Hunter"]);
}

#[test]
fn listenbrainz_is_asked_by_path() {
    let (home, fake) = (Home::new(), fake());
    let url = brainz_url(&fake);
    let ran = run(&home, &["api", "user/ann/listen-count", "--service", "listenbrainz", "--url", &url]).good();
    assert_eq!(ran.json()["payload"]["count"], 0, "{ran}");
    let whose = run(&home, &["api", "validate-token", "--service", "listenbrainz", "--url", &url]).good();
    assert_eq!(whose.json()["user_name"], USER, "{whose}");
    run(&home, &["api", "user/nobody/listens", "count=3", "--service", "listenbrainz", "--url", &url]).refused(
        65,
        "no account of this name",
        "spelling",
    );
    run(&home, &["api", "submit-listens", "--post", "--service", "listenbrainz", "--url", &url]).refused(
        2,
        "only what is read",
        "--post",
    );
}

#[test]
fn what_is_refused_has_its_sentence() {
    let (home, fake) = (Home::new(), fake());
    let url = fake.url();
    let api = |words: &[&str]| run(&home, &[&["api"], words, &["--url", &url]].concat());
    remembered(&home, "api_unknown_user", &api(&["user.getInfo", "user=nobody"]));
    remembered(&home, "api_unknown_method", &api(&["artist.getWeather", "artist=Björk"]));
    remembered(&home, "api_not_at_librefm", &api(&["geo.getTopArtists", "country=Iceland", "--service", "librefm"]));
    remembered(&home, "api_login", &api(&["Auth.getSession", "limit=1"]));
    remembered(&home, "api_key_typed", &api(&["user.getInfo", &format!("API_KEY={}", "x".repeat(32))]));
    remembered(&home, "api_no_parameter", &api(&["user.getInfo", "ann"]));
    let asked = fake.stats().requests;
    assert_eq!(asked, 4, "what is known not to be offered, or not to be typed, is not sent");
    for (code, status, exit, sentence) in
        [(10, 403, 77, "api key"), (26, 403, 77, "suspended"), (17, 403, 77, "hides"), (11, 503, 69, "offline")]
    {
        fake.fail(When::Method("user.getInfo".to_owned()), Fault::Refusal { code, status, retry_after: None });
        let ran = api(&["user.getInfo", "user=ann"]);
        assert_eq!(ran.code(), exit, "{ran}");
        assert!(ran.stderr.to_lowercase().contains(sentence), "{ran}");
        fake.fail_no_more();
    }
    let nowhere = run(&home, &["api", "user.getInfo", "--url", "http://127.0.0.1:9/2.0/"]);
    assert_eq!((nowhere.code(), nowhere.stdout.as_str()), (69, ""), "{nowhere}");
}

#[test]
fn an_answer_that_repeats_a_key_is_not_shown() {
    for canary in CANARIES {
        let body = json!({ "echo": format!("you are {canary}!") }).to_string();
        let service = Canned::start(move |_| Canned::reply("200 OK", "Content-Type: application/json\r\n", &body));
        let ran = run(&Home::new(), &["api", "user.getInfo", "--url", &service.url()]);
        ran.refused(1, "repeats a key", "--url");
    }
}

#[test]
fn without_keys_it_is_said_which_are_missing() {
    let fake = fake();
    let home = home_of(&fake);
    let love = ["love", "--artist", "Björk", "--track", "Jóga"];
    home.run(&love).refused(78, "LASTFM_API_SECRET is not set", "export LASTFM_API_SECRET=…");
    Ran::of(home.command(&love).env("LASTFM_API_SECRET", Writing::SECRET)).refused(
        78,
        "LASTFM_SESSION_KEY is not set",
        "export LASTFM_SESSION_KEY=…",
    );
    Ran::of(home.command(&["api", "user.getInfo"]).env_remove("LASTFM_API_KEY")).refused(
        78,
        "LASTFM_API_KEY is not set",
        "account/create",
    );
    home.run(&[&love[..], &["--user", USER, "--service", "listenbrainz"]].concat()).refused(
        78,
        "LISTENBRAINZ_TOKEN is not set",
        "settings",
    );
    Home::new().run(&love).refused(78, "no account is named", "--user NAME");
    assert_eq!(home.run(&[&love[..], &["--service", "librefm"]].concat()).code(), 2, "it needs --user");
    assert_eq!(fake.stats().requests, 0);
}

pub(crate) fn loved(fake: &FakeFm) -> Vec<String> {
    let mut world = fake.world();
    world.listener().loved().into_iter().map(|(_, artist, track)| format!("{artist} – {track}")).collect()
}

fn scores(fake: &FakeFm) -> Vec<(String, i64)> {
    let world = fake.world();
    let account = &world.listenbrainz_accounts()[0];
    account.feedback().map(|(recording, score)| (recording.to_owned(), score)).collect()
}

#[test]
fn hearts_are_given_and_taken_at_every_account() {
    let fake = fake();
    let home = home_of(&fake);
    let heart =
        |verb: &str, more: &[&str]| run(&home, &[&[verb, "--artist", "Björk", "--track", "Jóga"], more].concat());
    remembered(&home, "love", &heart("love", &["--mbid", MBID]));
    assert_eq!((loved(&fake), scores(&fake)), (vec!["Björk – Jóga".to_owned()], vec![(MBID.to_owned(), 1)]));
    remembered(&home, "unlove_json", &heart("unlove", &["--mbid", MBID, "--json"]));
    assert_eq!((loved(&fake), scores(&fake)), (Vec::new(), Vec::new()));
    remembered(&home, "love_csv", &heart("love", &["--user", USER, "--csv"]));
    assert_eq!((loved(&fake).len(), scores(&fake).len()), (1, 0), "one account is named");
    remembered(&home, "unlove_without_mbid", &heart("unlove", &[]));
    assert!(loved(&fake).is_empty(), "the first account was told before the second failed");
}

#[test]
fn a_session_that_ended_is_told() {
    let fake = fake();
    let home = home_of(&fake);
    fake.world().revoke(USER, 0);
    let ran = run(&home, &["love", "--artist", "Björk", "--track", "Jóga", "--user", USER]);
    assert_eq!(ran.code(), 77, "{ran}");
    assert!(ran.stderr.contains("asks for a login"), "{ran}");
    assert!(loved(&fake).is_empty());
}

/// What sounds now, as the service tells others.
fn sounding(home: &Home, fake: &FakeFm) -> Value {
    let answer = run(home, &["api", "user.getRecentTracks", "user=ann", "limit=1", "--url", &fake.url()]).good().json();
    let rows = answer["recenttracks"]["track"].as_array().cloned().unwrap_or_default();
    rows.into_iter().find(|row| row["@attr"]["nowplaying"] == "true").unwrap_or_default()
}

#[test]
fn what_sounds_now_is_told_and_never_a_listen() {
    let fake = fake();
    let home = home_of(&fake);
    let tell = |artist: &str, more: &[&str]| {
        run(&home, &[&["now-playing", "--artist", artist, "--track", "Hunter"], more].concat())
    };
    remembered(&home, "now_playing", &tell("Björk", &["--album", "Homogenic", "--duration", "255"]));
    let row = sounding(&home, &fake);
    assert_eq!((&row["name"], &row["album"]["#text"]), (&json!("Hunter"), &json!("Homogenic")), "{row}");
    remembered(&home, "now_playing_corrected", &tell("Bjork", &[]));
    remembered(&home, "now_playing_corrected_json", &tell("Bjork", &["--json"]));
    remembered(&home, "now_playing_corrected_csv", &tell("Bjork", &["--csv"]));
    remembered(&home, "now_playing_ignored", &tell("Various Artists", &["--user", USER]));
    remembered(&home, "now_playing_blank", &tell(" ", &["--user", USER, "--service", "listenbrainz"]));
    let world = fake.world();
    assert_eq!(world.accounts()[0].len(), 1, "no listen came of it");
    assert!(world.listenbrainz_accounts()[0].is_empty());
}
