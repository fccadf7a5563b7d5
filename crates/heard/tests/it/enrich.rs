//! `heard enrich` and `heard archive extract` as a person meets them, killed and taken up again, too.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use fakefm::{Config, FakeFm, Fault, Generate, Play, When};
use heard_api::Clock;
use serde_json::Value;

use crate::commands::remembered;
use crate::extent::{chance, times};
use crate::home::{Home, Ran, USER, killed_after_requests};

/// The words of an unpaced enriching from the service at `url`.
fn words<'a>(url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let words = ["enrich", "--user", USER, "--url", url, "--rate", "0"];
    words.into_iter().chain(more.iter().copied()).collect()
}

pub(crate) fn command(home: &Home, fake: &FakeFm, more: &[&str]) -> Command {
    home.command(&words(&fake.url(), more))
}

pub(crate) fn enrich(home: &Home, fake: &FakeFm, more: &[&str]) -> Ran {
    Ran::of(&mut command(home, fake, more))
}

/// A home that has collected what a service holds, and the service, which remembers every request from now on.
pub(crate) fn collected(mut config: Config) -> (Home, FakeFm) {
    config.keep_arrivals = 1_000_000;
    let (home, fake) = (Home::new(), FakeFm::start(config).unwrap());
    home.sync(&fake, &["-q"]).good();
    fake.forget();
    (home, fake)
}

fn small() -> Config {
    let mut config = Config::default();
    let play = |uts, artist: &str, track: &str| Play::new(uts, artist, track).on("Doors; Windows");
    config.world.open(USER).extend([
        play(1_646_300_000, "Mira Vale", "Tidewater"),
        play(1_646_300_310, "Mira Vale", "Tidewater"),
        play(1_648_691_999, "AC/DC?", "Little \"Wing\""),
        play(1_661_000_000, "Nobody Knows", "Once"),
    ]);
    config.world.set_tags("Mira Vale", ["dream pop", "quiet"]);
    config.world.set_tags("AC/DC?", ["loud"]);
    config
}

/// Every question that the service was asked, and how often.
fn asked(fake: &FakeFm) -> BTreeMap<Vec<(String, String)>, u32> {
    let mut counts = BTreeMap::new();
    for arrival in fake.arrivals() {
        let mut asked = arrival.parameters();
        asked.retain(|(name, _)| !["api_key", "format"].contains(&name.as_str()));
        *counts.entry(asked).or_default() += 1;
    }
    counts
}

#[test]
fn what_it_says() {
    let (home, fake) = collected(small());
    let only = ["--only", "artist.getTopTags,album"];
    remembered(&home, "enrich_first", &enrich(&home, &fake, &[&only[..], &["--limit", "2"]].concat()));
    remembered(&home, "enrich_rest", &enrich(&home, &fake, &only));
    remembered(&home, "enrich_nothing", &enrich(&home, &fake, &only));
    remembered(&home, "enrich_json", &enrich(&home, &fake, &["--only", "artist,user.getFriends", "--json"]));
    fake.fail(When::Method("track.getsimilar".into()), Fault::Refusal { code: 3, status: 400, retry_after: None });
    remembered(&home, "enrich_not_offered", &enrich(&home, &fake, &["--only", "track"]));
    let folder = home.beside("answers");
    let extract = ["archive", "extract", folder.to_str().unwrap()];
    home.run(&extract).good();
    let mut listed = Vec::new();
    list(&folder, &folder, &mut listed);
    listed.sort();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("archive_extract_files", listed.join("\n"));
    });
    let tags: Value =
        serde_json::from_slice(&fs::read(folder.join("enrichment/artist.getTopTags/AC%2FDC%3F.json")).unwrap())
            .unwrap();
    assert_eq!(tags["toptags"]["tag"][0]["name"], "loud");
    let document = home.run(&[&extract[..], &["--json"]].concat()).good().json();
    assert_eq!(document["files"], listed.len());
    let digest = home.digest();
    home.run(&["rebuild"]).good();
    assert_eq!(home.digest(), digest, "rebuilding needs no service");
}

fn list(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(root, &path, found);
        } else {
            found.push(path.strip_prefix(root).unwrap().display().to_string());
        }
    }
}

#[test]
fn what_is_refused_is_said() {
    let (home, fake) = collected(small());
    for (more, sentence) in [
        (&["--only", "artist.getTopTag"][..], "artist.getTopTags"),
        (&["--only", "nonsense-of-all-kinds"], "artist or track"),
        (&["--for", "soon"], "1h, 90m or 45s"),
        (&["--for", "0s"], "1h, 90m or 45s"),
        (&["--limit", "many"], "invalid value"),
    ] {
        let ran = enrich(&home, &fake, more);
        assert_eq!(ran.code(), 2, "{ran}");
        assert!(ran.stderr.contains(sentence), "{ran}");
    }
    fake.fail(When::Always, Fault::Refusal { code: 26, status: 403, retry_after: None });
    enrich(&home, &fake, &[]).refused(77, "suspended", "get a new one");
    fake.fail_no_more();
    fake.fail(When::Always, Fault::Refusal { code: 8, status: 500, retry_after: None });
    enrich(&home, &fake, &["--only", "artist"]).refused(69, "cannot be used now", "run the same command again later");
    fake.fail_no_more();
    fake.fail(When::Always, Fault::Refusal { code: 29, status: 429, retry_after: Some(60) });
    enrich(&home, &fake, &["--only", "artist"]).refused(75, "cannot be used now", "run this again after");
    let empty = Home::new();
    let ran = enrich(&empty, &fake, &["--only", "artist"]).good();
    assert!(ran.stderr.contains("nothing to ask"), "{ran}");
    let ran = empty.run(&["archive", "extract", empty.beside("out").to_str().unwrap()]).good();
    assert!(ran.stderr.contains("nothing to extract"), "{ran}");
}

#[test]
fn days_in_the_config_say_what_is_old() {
    let (home, fake) = collected(small());
    let only = ["--only", "artist.getTopTags", "--json"];
    assert_eq!(enrich(&home, &fake, &only).good().json()["asked"], 3);
    assert_eq!(enrich(&home, &fake, &only).good().json()["asked"], 0);
    let config = |text: &str| {
        #[expect(clippy::disallowed_methods, reason = "a file of the listener's, written by hand")]
        fs::write(home.history().join("config.toml"), text).unwrap();
    };
    config("[enrich]\nknown-days = 0\n");
    let document = enrich(&home, &fake, &only).good().json();
    assert_eq!((&document["asked"], &document["unchanged"]), (&Value::from(3), &Value::from(3)));
    config("[enrich]\nknown-day = 1\n");
    enrich(&home, &fake, &only).refused(78, "known-day", "mend that line");
}

/// Starts an enriching and kills it when so many requests have come. `None` when it had ended before.
fn killed_after(home: &Home, fake: &FakeFm, more: &[&str], requests: u64) -> Option<Ran> {
    let mut child = command(home, fake, more).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    if killed_after_requests(&mut child, fake, requests) {
        return None;
    }
    Some(Ran::from(child.wait_with_output().unwrap()))
}

/// `HEARD_ENRICH_KILLS` says how many kills, `HEARD_SEED` which.
#[test]
fn killed_again_and_again_it_asks_what_it_would_have_asked_at_once() {
    let kills = times("HEARD_ENRICH_KILLS", 10);
    let mut random = chance();
    let config = || Config::generated(USER, &Generate::plain(4, 2_000, 1_750_000_000));
    let more = ["--only", "artist.getTopTags,artist.getSimilar,tag.getTopArtists", "-q"];
    let (whole, fake) = collected(config());
    enrich(&whole, &fake, &more).good();
    let questions = asked(&fake);
    assert!(questions.values().all(|times| *times == 1));
    let (home, fake) = collected(config());
    let mut killed = 0;
    let most = (questions.len() / kills.max(1)).max(2) as u64;
    while killed < kills {
        match killed_after(&home, &fake, &more, random.u64(1..most)) {
            None => killed += 1,
            Some(ran) => {
                ran.good();
                break;
            }
        }
    }
    enrich(&home, &fake, &more).good();
    let again = asked(&fake);
    assert_eq!(again.keys().collect::<Vec<_>>(), questions.keys().collect::<Vec<_>>());
    let repeated: u32 = again.values().map(|times| times - 1).sum();
    println!("{} questions, {killed} kills, {repeated} asked once more", questions.len());
    assert!(killed > 0 && repeated as usize <= 6 * killed, "{repeated} asked once more after {killed} kills");
    assert_eq!(home.digest(), whole.digest());
    assert_eq!(home.integrity(), "ok");
}

/// `HEARD_ANSWERS` says how many.
#[test]
fn many_answers_are_rebuilt_without_a_service() {
    let wanted = times("HEARD_ANSWERS", 2_000);
    let (home, fake) = collected(Config::generated(USER, &Generate::plain(8, wanted * 4, 1_750_000_000)));
    let document = enrich(&home, &fake, &["--json", "-q", "--limit", &wanted.to_string()]).good().json();
    let clock = Clock::system();
    let before = clock.monotonic();
    home.run(&["rebuild"]).good();
    println!("{} answers rebuilt in {:?}", document["asked"], clock.monotonic() - before);
    assert!(document["asked"].as_u64().unwrap() > 1_000, "{document}");
    home.digest();
}
