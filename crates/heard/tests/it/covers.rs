//! Covers as a person meets them: fetched when wished, shown by their place in the archive, and never hot-linked.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use fakefm::{Config, Cover, FakeFm, Generate, Play};
use serde_json::Value;

use crate::enrich::{self, command, enrich};
use crate::extent::{chance, times};
use crate::home::{Home, USER, killed_after_requests};

/// A home that has collected what a service holds, and the service, which holds pictures of its own, too.
fn collected(config: Config) -> (Home, FakeFm) {
    enrich::collected(Config { own_pictures: true, ..config })
}

fn small() -> Config {
    let mut config = Config::default();
    let play = |uts, track: &str, album: &str| Play::new(uts, "Mira Vale", track).on(album);
    config.world.open(USER).extend([
        play(1_646_300_000, "Tidewater", "Doors"),
        play(1_646_300_310, "Tidewater", "Doors"),
        play(1_648_691_999, "Pane", "Windows"),
    ]);
    config.world.set_cover("Mira Vale", "Doors", Cover::Painted(0x00aa_3300));
    config.world.set_cover("Mira Vale", "Windows", Cover::Page);
    config
}

fn asked_for(fake: &FakeFm) -> u64 {
    fake.stats().by_method.get("picture").copied().unwrap_or_default()
}

/// Files below the archive's folder of covers.
fn files(home: &Home) -> Vec<PathBuf> {
    let shelves = fs::read_dir(home.history().join("archive/covers")).unwrap();
    let mut files: Vec<PathBuf> = shelves
        .flat_map(|shelf| fs::read_dir(shelf.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn covers_come_when_they_are_wished() {
    let (home, fake) = collected(small());
    let only = ["--only", "album"];
    let document = enrich(&home, &fake, &[&only[..], &["--json"]].concat()).good().json();
    assert!(document.get("covers").is_none() && asked_for(&fake) == 0, "{document}");
    let ran = enrich(&home, &fake, &[&only[..], &["--covers"]].concat()).good();
    assert!(ran.stderr.contains("2 covers asked for: 1 kept, 1 without a picture; 0 left"), "{ran}");
    let again = enrich(&home, &fake, &[&only[..], &["--covers", "--json"]].concat()).good().json();
    let nothing = serde_json::json!({"asked": 0, "kept": 0, "none": 0, "left": 0, "unanswered": []});
    assert_eq!(again["covers"], nothing);
    assert_eq!((asked_for(&fake), files(&home).len()), (2, 1));

    let digest = home.digest();
    drop(fake);
    home.run(&["rebuild"]).good();
    assert_eq!(home.digest(), digest, "a rebuild needs no network");
    let verified = home.run(&["verify"]).good();
    assert!(verified.stderr.contains("1 cover read"), "{verified}");
}

#[test]
fn a_config_may_wish_for_them_too() {
    let (home, fake) = collected(small());
    #[expect(clippy::disallowed_methods, reason = "a file of the listener's, written by hand")]
    fs::write(home.history().join("config.toml"), "[enrich]\ncovers = true\n").unwrap();
    assert_eq!(enrich(&home, &fake, &["--only", "album", "--json"]).good().json()["covers"]["kept"], 1);
}

#[test]
fn an_album_tells_where_its_cover_lies() {
    let (home, fake) = collected(small());
    let ask = |words: &[&str]| home.run(&[&["album"], words].concat()).good();
    assert!(ask(&["Doors", "--json"]).json().get("cover").is_none());
    enrich(&home, &fake, &["--only", "album", "--covers", "-q"]).good();
    let cover = ask(&["Doors", "--json"]).json()["cover"].clone();
    let file = cover["file"].as_str().unwrap();
    assert!(file.starts_with("archive/covers/") && file.contains(cover["sha256"].as_str().unwrap()), "{cover}");
    let bytes = fs::read(home.history().join(file)).unwrap();
    assert_eq!(cover["bytes"], bytes.len());
    assert_eq!((&cover["media_type"], &cover["width"], &cover["height"]), (&"image/png".into(), &8.into(), &8.into()));
    let sheet = ask(&["Doors"]).stdout;
    assert!(sheet.contains("kept, 8 × 8"), "{sheet}");
    assert!(ask(&["Windows", "--json"]).json().get("cover").is_none(), "what is no picture is none");
    fs::remove_file(home.history().join(file)).unwrap();
    assert!(ask(&["Doors", "--json"]).json().get("cover").is_none(), "a file that is gone is not told of");
    home.run(&["verify"]).refused(65, "not as it was written", "");
    assert_eq!(enrich(&home, &fake, &["--only", "album", "--covers", "--json"]).good().json()["covers"]["kept"], 1);
    home.run(&["verify"]).good();
}

/// Wherever the address of a remote picture would be a source of one: pages, pictures, JSON and exports.
#[test]
fn nothing_points_to_the_services_own_pictures() {
    let (home, fake) = collected(small());
    enrich(&home, &fake, &["--covers", "-q"]).good();
    let beside = |name: &str| home.beside(name).to_str().unwrap().to_owned();
    let files = ["year.html", "year.svg", "top.svg", "plays.csv", "plays.jsonl", "listens.json"].map(beside);
    let outputs: Vec<String> = [
        &["album", "Doors", "--json"][..],
        &["album", "Doors"],
        &["artist", "Mira Vale", "--json"],
        &["track", "Tidewater", "--json"],
        &["top", "albums", "--json"],
        &["listens", "--json"],
        &["recommend", "albums", "--json"],
        &["wrapped", "2022", "--json"],
        &["wrapped", "2022", "-o", &files[0]],
        &["wrapped", "2022", "-o", &files[1]],
        &["plot", "top-albums", "-o", &files[2]],
        &["export", "-o", &files[3]],
        &["export", "--format", "jsonl", "-o", &files[4]],
        &["export", "--format", "listenbrainz", "-o", &files[5]],
    ]
    .iter()
    .map(|words| home.run(words).good().stdout)
    .chain(files.iter().map(|file| fs::read_to_string(file).unwrap()))
    .collect();
    for output in outputs {
        assert!(!output.contains("/i/u/") && !output.contains("127.0.0.1"), "{output}");
        assert!(!output.contains("<img") && !output.contains("src=\"http"), "{output}");
    }
}

#[test]
fn covers_are_written_beside_the_answers() {
    let (home, fake) = collected(small());
    enrich(&home, &fake, &["--only", "album", "--covers", "-q"]).good();
    let folder = home.beside("answers");
    let extract = ["archive", "extract", folder.to_str().unwrap()];
    let ran = home.run(&extract).good();
    assert!(ran.stderr.contains("2 files written below") && ran.stderr.contains("1 cover below"), "{ran}");
    assert!(fs::read(folder.join("covers/Mira Vale/Doors.png")).unwrap().starts_with(b"\x89PNG"));
    assert_eq!(home.run(&[&extract[..], &["--json"]].concat()).good().json()["covers"], 1);
}

/// Kills a run that fetches covers when so many requests have come; `false` when it had ended before.
fn killed_after(home: &Home, fake: &FakeFm, more: &[&str], requests: u64) -> bool {
    let mut child = command(home, fake, more).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let killed = killed_after_requests(&mut child, fake, requests);
    assert!(killed || child.wait().unwrap().success());
    killed
}

/// `HEARD_ENRICH_KILLS` says how many kills, `HEARD_SEED` which.
#[test]
fn killed_at_any_instant_no_cover_is_lost_or_half() {
    let kills = times("HEARD_ENRICH_KILLS", 10);
    let mut random = chance();
    let (home, fake) = collected(Config::generated(USER, &Generate::plain(5, 1_500, 1_750_000_000)));
    let more = ["--only", "album.getInfo", "--covers", "-q"];
    let mut killed = 0;
    while killed < kills && killed_after(&home, &fake, &more, random.u64(1..12)) {
        killed += 1;
        let document: Value = home.run(&["verify", "--quick", "--json"]).good().json();
        assert_eq!(document["findings"], serde_json::json!([]), "{document}");
    }
    enrich(&home, &fake, &more).good();
    let document = home.run(&["verify", "--json"]).good().json();
    println!("{killed} kills, {} covers, {} unnamed", document["covers"], document["unnamed_covers"]);
    assert!(killed > 0 && document["covers"].as_u64().unwrap() > 20, "{document}");
    let whole = files(&home).iter().filter(|file| file.extension().is_some_and(|ending| ending == "png")).count();
    assert_eq!(document["covers"], whole);
    let database = rusqlite::Connection::open(home.history().join("heard.db")).unwrap();
    let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(DISTINCT cover) FROM about"), count("SELECT count(*) FROM covers"));
    assert_eq!(count("SELECT count(*) FROM covers WHERE sha256 IS NULL"), 0);
}
