//! Collecting from the other services of the family, as a person types it.

use fakefm::{Config, FakeFm, Generate, Play, World};
use serde_json::Value;

use crate::calling::{TOKEN, brainz_url};
use crate::commands::remembered;
use crate::home::{Home, Ran, USER};

/// A service with one account at ListenBrainz.
pub(crate) fn brainz_with(plays: impl IntoIterator<Item = Play>) -> FakeFm {
    let mut config = Config::new(World::new());
    config.world.listenbrainz(USER).set_token(TOKEN);
    config.world.listenbrainz(USER).extend(plays);
    FakeFm::start(config).unwrap()
}

/// The plays of a made-up history.
pub(crate) fn plays_of(history: &Generate) -> Vec<Play> {
    let mut config = Config::generated(USER, history);
    config.world.listener().plays().map(|(_, play)| play).collect()
}

fn few() -> Vec<Play> {
    (0..12).map(|n| Play::new(1_700_000_000 + n * 300, "Björk", format!("T{n}")).on("Post")).collect()
}

fn sync(home: &Home, account: &str, url: &str, more: &[&str]) -> Ran {
    home.run(&[&["sync", account, "--url", url, "--rate", "0"], more].concat())
}

fn listens(home: &Home) -> String {
    home.run(&["listens", "--count"]).good().stdout.trim().to_owned()
}

#[test]
fn listenbrainz_is_collected_without_a_token_and_with_one() {
    let fake = brainz_with(few());
    let (home, url) = (Home::new(), brainz_url(&fake));
    remembered(&home, "sync_listenbrainz", &sync(&home, "listenbrainz/Ann", &url, &[]));
    assert!(fake.arrivals().iter().all(|arrival| arrival.header("authorization").is_none()));
    assert_eq!(listens(&home), "12");
    let document = sync(&home, "listenbrainz/ann", &url, &["--full", "--json"]).good().json();
    let row = &document["accounts"][0];
    assert_eq!((&row["service"], &row["complete"]), (&"listenbrainz".into(), &true.into()), "{row}");
    assert_eq!((&row["service_total"], &row["stored_total"]), (&12.into(), &12.into()), "{row}");
    fake.forget();
    let mut command = home.command(&["sync", "listenbrainz/ann", "--url", &url, "--rate", "0"]);
    Ran::of(command.env("LISTENBRAINZ_TOKEN", TOKEN).env_remove("LASTFM_API_KEY")).good();
    let header = format!("Token {TOKEN}");
    assert!(fake.arrivals().iter().all(|arrival| arrival.header("authorization") == Some(&header)));
    let digest = home.digest();
    home.run(&["rebuild"]).good();
    assert_eq!(home.digest(), digest);
}

#[test]
fn a_count_that_is_off_is_told_and_everything_is_kept() {
    let fake = brainz_with(few());
    fake.world().listenbrainz(USER).count_is_off_by = 3;
    let home = Home::new();
    let ran = sync(&home, "listenbrainz/ann", &brainz_url(&fake), &[]);
    assert!(ran.stderr.contains("counts 15 listens and shows 12"), "{ran}");
    remembered(&home, "sync_listenbrainz_count_off", &ran);
    assert_eq!(listens(&home), "12");
}

#[test]
fn accounts_of_the_config_are_collected_side_by_side() {
    let mut config = Config::new(World::of(USER));
    config.world.open(USER).extend(few());
    let mut later = few();
    later.push(Play::new(1_700_100_000, "Björk", "Alone"));
    config.world.listenbrainz(USER).extend(later);
    let fake = FakeFm::start(config).unwrap();
    let home = crate::calling::home_of(&fake);
    let document = home.run(&["sync", "--json"]).good().json();
    let totals: Vec<Value> =
        document["accounts"].as_array().unwrap().iter().map(|row| row["stored_total"].clone()).collect();
    assert_eq!(totals, [12, 13]);
    assert_eq!(listens(&home), "13", "what both tell of is one listen");
}

#[test]
fn a_gnu_fm_server_is_collected() {
    let mut config = Config::new(World::of(USER));
    config.world.open(USER).extend(few());
    config.rules.gnu_fm = true;
    let fake = FakeFm::start(config).unwrap();
    let home = Home::new();
    remembered(&home, "sync_librefm", &sync(&home, "librefm/ann", &fake.url(), &["--page-size", "5"]));
    assert_eq!(listens(&home), "12");
    sync(&home, "librefm/nobody", &fake.url(), &[]).refused(65, "no account of this name", "spelling");
    // Who has listened to nothing yet is somebody.
    fake.world().open("quiet");
    sync(&home, "librefm/quiet", &fake.url(), &[]).good();
}

#[test]
fn who_there_is_not_is_told() {
    let fake = brainz_with([]);
    let home = Home::new();
    sync(&home, "listenbrainz/nobody", &brainz_url(&fake), &[]).refused(65, "no account of this name", "spelling");
    sync(&home, "lastfmm/ann", &fake.url(), &[]).refused(2, "no service", "listenbrainz");
}

#[test]
fn what_was_asked_is_kept_and_nothing_is_made_of_it() {
    let mut config = Config::new(World::of(USER));
    config.world.open(USER).extend(few());
    config.world.listenbrainz(USER).extend(few());
    let fake = FakeFm::start(config).unwrap();
    let home = Home::new();
    sync(&home, "lastfm/ann", &fake.url(), &[]).good();
    let ran = home.run(&["api", "user.getInfo", "user=ann", "--archive", "--url", &fake.url()]).good();
    assert!(ran.stderr.contains("kept in the archive as envelope"), "{ran}");
    let body = ran.stdout;
    let words = ["api", "user/ann/listens", "count=3", "--archive", "--service", "listenbrainz"];
    home.run(&[&words[..], &["--url", &brainz_url(&fake)]].concat()).good();
    assert_eq!(listens(&home), "12", "no play is made of it");
    let kept = kept(&home);
    assert_eq!(kept[0], ("user.getInfo".to_owned(), r#"{"user":"ann"}"#.to_owned(), body));
    assert_eq!((kept[1].0.as_str(), kept[1].1.as_str()), ("user/ann/listens", r#"{"count":"3"}"#));
    let digest = home.digest();
    home.run(&["rebuild"]).good();
    assert_eq!(home.digest(), digest, "a rebuild passes over it");
    let refused = home.run(&["api", "user.getInfo", "user=nobody", "--archive", "--url", &fake.url()]);
    assert!(refused.code() > 0 && self::kept(&home).len() == 2, "what was refused is not kept\n{refused}");
}

/// Method, parameters and body of everything that was asked by hand.
fn kept(home: &Home) -> Vec<(String, String, String)> {
    use heard_history::archive::{self, Envelope, Position, Purpose};
    let mut kept = Vec::new();
    let take = |frame: archive::Frame| {
        for line in frame.lines() {
            let Envelope { head, body } = Envelope::parse(line).unwrap();
            if head.purpose == Purpose::Asked {
                let params: serde_json::Map<String, Value> =
                    head.params.into_iter().map(|(name, value)| (name, value.into())).collect();
                let body = String::from_utf8(body.into_owned()).unwrap();
                kept.push((head.method.into_owned(), Value::from(params).to_string(), body));
            }
        }
        true
    };
    archive::read_after(&home.opened().archive(), Position::default(), take, |damage| panic!("{damage}")).unwrap();
    kept
}
