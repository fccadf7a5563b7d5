//! What the fake knows of artists, albums, tracks and tags, and an account's rankings and charts.

use std::{fs, path::Path};

use fakefm::{Config, EmptyList, FakeFm, Play, SingleRow, World, load};
use serde_json::{Value, json};

use crate::client::{UNTIL, get, start};

const DAY: i64 = 86_400;

fn world() -> World {
    let mut world = World::of("Ann");
    let play = |days: i64, artist: &str, track: &str| Play::new(UNTIL - days * DAY, artist, track).on("Record");
    world.listener().extend([
        play(1, "A/B", "One"),
        play(2, "A/B", "One"),
        play(40, "A/B", "Two"),
        play(400, "C", "Three"),
    ]);
    world
}

fn fake() -> FakeFm {
    start(Config { clock: Some(std::sync::Arc::new(|| UNTIL * 1_000)), keep_arrivals: 100, ..Config::new(world()) })
}

fn ask(fake: &FakeFm, method: &str, more: &str) -> Value {
    get(fake, &format!("/2.0/?method={method}&api_key=k&format=json&{more}")).json()
}

#[test]
fn tags_come_from_what_was_told_with_falling_weights() {
    let fake = fake();
    fake.world().set_tags("A/B", ["quiet", "loud"]);
    let tags = ask(&fake, "artist.getTopTags", "artist=a%2Fb");
    let url = |tag: &str| format!("https://www.last.fm/tag/{tag}");
    let tag = |count: u64, name: &str| json!({"count": count, "name": name, "url": url(name)});
    assert_eq!(tags, json!({"toptags": {"tag": [tag(100, "quiet"), tag(50, "loud")], "@attr": {"artist": "a/b"}}}));
    assert_eq!(ask(&fake, "artist.getTopTags", "artist=C")["toptags"]["tag"], json!([]), "nobody tagged C");
    assert_eq!(ask(&fake, "artist.getTopTags", "artist=Nobody")["error"], 6);
    let artists = ask(&fake, "tag.getTopArtists", "tag=LOUD");
    assert_eq!(artists["topartists"]["artist"][0]["name"], "A/B");
    assert_eq!(ask(&fake, "tag.getTopTracks", "tag=loud")["tracks"]["track"][0]["name"], "One");
    assert_eq!(ask(&fake, "tag.getTopArtists", "tag=none")["topartists"]["@attr"]["total"], "0");
}

#[test]
fn lists_of_none_and_of_one_follow_the_rules() {
    let fake = fake();
    fake.world().set_tags("A/B", ["solo"]);
    fake.world().set_tags("C", [""; 0]);
    fake.set_rules(|rules| {
        (rules.single_row, rules.empty_list, rules.counts_as_text) = (SingleRow::Object, EmptyList::Blank, true);
    });
    assert_eq!(ask(&fake, "artist.getTopTags", "artist=A/B")["toptags"]["tag"]["count"], "100");
    assert_eq!(ask(&fake, "artist.getTopTags", "artist=C"), json!({"toptags": {"#text": "\n", "artist": "C"}}));
}

#[test]
fn ids_and_redirects_lead_to_other_artists() {
    let fake = fake();
    fake.world().lead_mbid("an-id", "C");
    fake.world().redirect("Old C", "C");
    let name = |more: &str| ask(&fake, "artist.getInfo", more)["artist"]["name"].clone();
    assert_eq!([name("artist=A/B&mbid=an-id"), name("artist=old+c"), name("mbid=an-id")], ["C", "C", "C"]);
    let refused = get(&fake, "/2.0/?method=artist.getInfo&api_key=k&format=json&mbid=other");
    assert_eq!((refused.status, refused.refusal().0), (404, 6));
}

#[test]
fn albums_tracks_and_similar_ones_come_from_the_plays() {
    let fake = fake();
    let album = ask(&fake, "album.getInfo", "artist=A/B&album=record")["album"].clone();
    let tracks = album["tracks"]["track"].as_array().unwrap().iter();
    let tracks: Vec<&str> = tracks.map(|track| track["name"].as_str().unwrap()).collect();
    assert_eq!((tracks, &album["playcount"]), (vec!["One", "Two"], &json!("3")));
    assert_eq!(ask(&fake, "album.getInfo", "artist=A/B&album=Other")["error"], 6);
    let track = ask(&fake, "track.getInfo", "artist=A/B&track=One")["track"].clone();
    assert_eq!((&track["duration"], &track["album"]["title"]), (&json!("181000"), &json!("Record")));
    assert_eq!(ask(&fake, "track.getSimilar", "artist=A/B&track=One")["similartracks"]["track"][0]["name"], "Three");
    assert_eq!(ask(&fake, "artist.getSimilar", "artist=C")["similarartists"]["artist"][0]["match"], "1.000000");
    assert_eq!(ask(&fake, "artist.getTopTracks", "artist=A/B&limit=1")["toptracks"]["@attr"]["totalPages"], "2");
    assert_eq!(ask(&fake, "artist.getTopAlbums", "artist=A/B")["topalbums"]["album"][0]["name"], "Record");
    let bio = ask(&fake, "artist.getInfo", "artist=C")["artist"]["bio"]["summary"].clone();
    assert!(bio.as_str().unwrap().contains("<b>made up</b> &amp;"), "{bio}");
}

#[test]
fn rankings_and_charts_count_what_lies_in_their_time() {
    let fake = fake();
    let plays = |period: &str| -> Vec<String> {
        let top = ask(&fake, "user.getTopTracks", &format!("user=ann&period={period}"));
        let row = |row: &Value| format!("{} {}", row["name"].as_str().unwrap(), row["playcount"].as_str().unwrap());
        top["toptracks"]["track"].as_array().unwrap().iter().map(row).collect()
    };
    assert_eq!(plays("7day"), ["One 2"]);
    assert_eq!(plays("3month"), ["One 2", "Two 1"]);
    assert_eq!(plays("overall").len(), 3);
    let top = ask(&fake, "user.getTopArtists", "user=ann")["topartists"].clone();
    assert_eq!((&top["artist"][0]["@attr"], &top["@attr"]["user"]), (&json!({"rank": "1"}), &json!("Ann")));
    assert_eq!(ask(&fake, "user.getTopAlbums", "user=ann")["topalbums"]["album"][0]["artist"]["name"], "A/B");
    let weeks = ask(&fake, "user.getWeeklyChartList", "user=ann")["weeklychartlist"]["chart"].clone();
    let (first, last) = (&weeks[0], weeks.as_array().unwrap().last().unwrap());
    let bound = |week: &Value, end: &str| week[end].as_str().unwrap().parse::<i64>().unwrap();
    assert!(bound(first, "from") <= UNTIL - 400 * DAY && bound(first, "to") > UNTIL - 400 * DAY);
    assert!(bound(last, "to") <= UNTIL);
    let (from, to) = (bound(first, "from"), bound(first, "to"));
    let chart = |method: &str| ask(&fake, method, &format!("user=ann&from={from}&to={to}"));
    let track = chart("user.getWeeklyTrackChart")["weeklytrackchart"]["track"][0].clone();
    assert_eq!((&track["name"], &track["artist"]["#text"]), (&json!("Three"), &json!("C")));
    assert_eq!(chart("user.getWeeklyArtistChart")["weeklyartistchart"]["artist"].as_array().unwrap().len(), 1);
    assert_eq!(chart("user.getWeeklyAlbumChart")["weeklyalbumchart"]["@attr"]["user"], "Ann");
}

#[test]
fn friends_and_own_tags() {
    let fake = fake();
    let refused = ask(&fake, "user.getFriends", "user=ann");
    assert_eq!((&refused["error"], &refused["message"]), (&json!(6), &json!("no such page")));
    fake.world().befriend("Ann", "Bob");
    assert_eq!(ask(&fake, "user.getFriends", "user=ann")["friends"]["user"][0]["name"], "Bob");
    assert_eq!(ask(&fake, "user.getTopTags", "user=ann")["toptags"]["tag"], json!([]));
    assert_eq!(ask(&fake, "user.getPersonalTags", "user=ann&tag=x")["error"], 6, "of which kind?");
    let none = ask(&fake, "user.getPersonalTags", "user=ann&tag=x&taggingtype=album");
    assert_eq!(none["taggings"]["albums"]["album"], json!([]));
}

#[test]
fn questions_are_counted_without_keys() {
    let fake = fake();
    for _ in 0..2 {
        ask(&fake, "artist.getTopTags", "artist=A%2FB");
    }
    ask(&fake, "artist.getInfo", "artist=C");
    let text = String::from_utf8(get(&fake, "/_fake/requests").body).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines,
        [
            json!({"asked": {"method": "artist.getInfo", "artist": "C"}, "times": 1}),
            json!({"asked": {"method": "artist.getTopTags", "artist": "A/B"}, "times": 2}),
        ]
    );
}

#[expect(clippy::disallowed_methods, reason = "a table for this test, which is gone with its folder")]
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

#[test]
fn tags_are_read_from_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tags.csv");
    write(&path, "artist,global_listeners,artist_tags\n\"A, B\",7,one; two words ;\nC,x,\n");
    let mut world = World::of("Ann");
    assert_eq!(load::tags(&path, &mut world).unwrap(), 2);
    let fake = start(Config::new(world));
    let tags = ask(&fake, "artist.getTopTags", "artist=A,+B")["toptags"]["tag"].clone();
    assert_eq!((&tags[0]["name"], &tags[1]["name"], &tags[2]), (&json!("one"), &json!("two words"), &Value::Null));
    assert_eq!(ask(&fake, "artist.getInfo", "artist=A,+B")["artist"]["stats"]["listeners"], "7");
    write(&path, "name,artist_tags\n");
    assert_eq!(load::tags(&path, &mut World::new()).unwrap_err().to_string(), "the CSV has no column artist");
}
