//! A change of the format is noticed, not swallowed: every changed page is read as before, read with the
//! changed place missing, or refused with the place named.

use heard_api::lastfm::user::{RecentTrack, RecentTracks};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::seed::cases;

fn page() -> Value {
    let row = |artist: &str, name: &str, uts: &str| {
        json!({
            "artist": {"mbid": "a-mbid", "#text": artist},
            "streamable": "0",
            "image": [{"size": "small", "#text": "https://image"}],
            "mbid": "t-mbid",
            "album": {"mbid": "b-mbid", "#text": "Album"},
            "name": name,
            "url": "https://page",
            "date": {"uts": uts, "#text": "words"}
        })
    };
    json!({"recenttracks": {
        "track": [row("First", "One", "1600000300"), row("Second", "Two", "1600000000")],
        "@attr": {"user": "someone", "totalPages": "1", "page": "1", "perPage": "50", "total": "2"}
    }})
}

/// What a reader must make of a changed page.
enum Expected {
    /// The same as before.
    Same,
    /// The same, but for this.
    Lacks(fn(&mut RecentTracks<'static>)),
    /// An error at this place.
    Refused(&'static str),
}
use Expected::{Lacks, Refused, Same};

type Mutation = (&'static str, fn(&mut Value), Expected);

fn first(page: &mut Value) -> &mut Value {
    &mut page["recenttracks"]["track"][0]
}

fn attr(page: &mut Value) -> &mut Value {
    &mut page["recenttracks"]["@attr"]
}

fn remove(object: &mut Value, key: &str) -> Value {
    object.as_object_mut().unwrap().remove(key).unwrap()
}

fn rename(object: &mut Value, from: &str, to: &str) {
    let value = remove(object, from);
    object[to] = value;
}

fn first_row(page: &mut RecentTracks<'static>, change: fn(&mut RecentTrack<'static>)) {
    change(&mut page.rows[0]);
}

const MUTATIONS: [Mutation; 46] = [
    ("nothing", |_| {}, Same),
    ("new key at the top", |page| page["links"] = json!([]), Same),
    ("new key in the list", |page| page["recenttracks"]["next"] = json!({"a": [1]}), Same),
    ("new key in a row", |page| first(page)["track"] = json!({"name": "x"}), Same),
    ("new key in an artist", |page| first(page)["artist"]["url"] = json!("x"), Same),
    ("new key in a date", |page| first(page)["date"]["iso"] = json!("x"), Same),
    ("image list empty", |page| first(page)["image"] = json!([]), Same),
    ("image an object", |page| first(page)["image"] = json!({"size": "x"}), Same),
    ("image missing", |page| drop(remove(first(page), "image")), Same),
    ("streamable an object", |page| first(page)["streamable"] = json!({"#text": "0"}), Same),
    ("uts a number", |page| first(page)["date"]["uts"] = json!(1_600_000_300), Same),
    ("total a number", |page| attr(page)["total"] = json!(2), Same),
    ("page a number", |page| attr(page)["page"] = json!(1), Same),
    ("date text missing", |page| drop(remove(&mut first(page)["date"], "#text")), Same),
    ("artist in the extended form", |page| rename(&mut first(page)["artist"], "#text", "name"), Same),
    (
        "attributes beside the list",
        |page| {
            let attr = remove(&mut page["recenttracks"], "@attr");
            for (key, value) in attr.as_object().unwrap() {
                page["recenttracks"][key] = value.clone();
            }
        },
        Same,
    ),
    (
        "one row as an object",
        |page| page["recenttracks"]["track"] = page["recenttracks"]["track"][0].take(),
        Lacks(|page| drop(page.rows.pop())),
    ),
    ("rows empty", |page| page["recenttracks"]["track"] = json!([]), Lacks(|page| page.rows.clear())),
    ("total missing", |page| drop(remove(attr(page), "total")), Lacks(|page| page.total = None)),
    ("total null", |page| attr(page)["total"] = Value::Null, Lacks(|page| page.total = None)),
    (
        "artist missing",
        |page| drop(remove(first(page), "artist")),
        Lacks(|page| first_row(page, |row| (row.artist, row.artist_mbid) = (None, None))),
    ),
    (
        "artist null",
        |page| first(page)["artist"] = Value::Null,
        Lacks(|page| first_row(page, |row| (row.artist, row.artist_mbid) = (None, None))),
    ),
    (
        "artist renamed",
        |page| rename(first(page), "artist", "artists"),
        Lacks(|page| first_row(page, |row| (row.artist, row.artist_mbid) = (None, None))),
    ),
    (
        "artist text renamed",
        |page| rename(&mut first(page)["artist"], "#text", "title"),
        Lacks(|page| first_row(page, |row| row.artist = None)),
    ),
    (
        "artist a string",
        |page| first(page)["artist"] = json!("First"),
        Lacks(|page| first_row(page, |row| row.artist_mbid = None)),
    ),
    ("name missing", |page| drop(remove(first(page), "name")), Lacks(|page| first_row(page, |row| row.name = None))),
    ("name null", |page| first(page)["name"] = Value::Null, Lacks(|page| first_row(page, |row| row.name = None))),
    ("name renamed", |page| rename(first(page), "name", "title"), Lacks(|page| first_row(page, |row| row.name = None))),
    (
        "album missing",
        |page| drop(remove(first(page), "album")),
        Lacks(|page| first_row(page, |row| (row.album, row.album_mbid) = (None, None))),
    ),
    (
        "date missing",
        |page| drop(remove(first(page), "date")),
        Lacks(|page| first_row(page, |row| row.played_at = None)),
    ),
    ("date null", |page| first(page)["date"] = Value::Null, Refused("recenttracks.track[0].date")),
    ("date a string", |page| first(page)["date"] = json!("1600000300"), Refused("recenttracks.track[0].date")),
    ("date an array", |page| first(page)["date"] = json!(["1600000300"]), Refused("recenttracks.track[0].date")),
    ("uts renamed", |page| rename(&mut first(page)["date"], "uts", "unixtime"), Refused("recenttracks.track[0].date")),
    (
        "uts in milliseconds",
        |page| first(page)["date"]["uts"] = json!("1600000300000"),
        Refused("recenttracks.track[0].date"),
    ),
    (
        "uts a date",
        |page| first(page)["date"]["uts"] = json!("2020-09-13T12:31:40Z"),
        Refused("recenttracks.track[0].date.uts"),
    ),
    ("name an object", |page| first(page)["name"] = json!({"#text": "One"}), Refused("recenttracks.track[0].name")),
    (
        "artist an array",
        |page| first(page)["artist"] = json!([{"#text": "First"}]),
        Refused("recenttracks.track[0].artist"),
    ),
    ("a row an array", |page| *first(page) = json!(["First", "One"]), Refused("recenttracks.track[0]")),
    ("a row null", |page| *first(page) = Value::Null, Refused("recenttracks.track[0]")),
    ("rows missing", |page| drop(remove(&mut page["recenttracks"], "track")), Refused("recenttracks")),
    ("rows renamed", |page| rename(&mut page["recenttracks"], "track", "tracks"), Refused("recenttracks")),
    ("attributes an array", |page| *attr(page) = json!(["someone", 1, 1, 50, 2]), Refused("recenttracks.@attr")),
    ("page count missing", |page| drop(remove(attr(page), "totalPages")), Refused("recenttracks")),
    ("list renamed", |page| rename(page, "recenttracks", "recentTracks"), Refused(".")),
    ("an error beside the list", |page| page["error"] = json!(8), Refused(".")),
];

#[test]
fn changes_are_noticed() {
    let original = RecentTracks::decode(page().to_string().as_bytes()).unwrap().into_owned();
    assert_eq!(original.rows.len(), 2);
    for (name, mutate, expected) in MUTATIONS {
        let mut changed = page();
        mutate(&mut changed);
        let body = changed.to_string();
        let read = RecentTracks::decode(body.as_bytes()).map(RecentTracks::into_owned);
        match expected {
            Same => assert_eq!(read.as_ref(), Ok(&original), "{name}"),
            Lacks(lose) => {
                let mut rest = original.clone();
                lose(&mut rest);
                assert_eq!(read.as_ref(), Ok(&rest), "{name}");
            }
            Refused(path) => {
                let error = read.expect_err(name);
                assert_eq!(error.path, path, "{name}: {error}");
            }
        }
    }
}

#[test]
fn damaged_text_is_refused() {
    let whole = page().to_string();
    for (name, body) in [
        ("doubled name", whole.replacen("\"name\":\"One\"", "\"name\":\"One\",\"name\":\"Other\"", 1)),
        ("doubled list", whole.replacen("\"track\":[", "\"track\":[],\"track\":[", 1)),
        ("doubled total", whole.replacen("\"total\":\"2\"", "\"total\":\"2\",\"total\":\"3\"", 1)),
        ("something behind", format!("{whole}{whole}")),
        ("XML", "<?xml version=\"1.0\"?><lfm status=\"ok\"><recenttracks/></lfm>".to_owned()),
        ("HTML", "<!DOCTYPE html><html></html>".to_owned()),
        ("nothing", String::new()),
    ] {
        assert!(RecentTracks::decode(body.as_bytes()).is_err(), "{name}");
    }
    for end in 0..whole.len() {
        assert!(RecentTracks::decode(&whole.as_bytes()[..end]).is_err(), "cut at {end}");
    }
    let mut invalid = whole.into_bytes();
    let at = invalid.windows(5).position(|window| window == b"First").unwrap();
    invalid[at] = 0xFF;
    assert!(RecentTracks::decode(&invalid).is_err(), "invalid UTF-8");
}

/// Something else in the place of the `at`th value of the document.
fn replace(value: &mut Value, at: &mut usize, by: &Value) {
    if *at == 0 {
        *value = by.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, at, by)),
        Value::Object(fields) => fields.values_mut().for_each(|field| replace(field, at, by)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn anything() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("0"),
        json!("x"),
        json!([]),
        json!({}),
        json!([{}]),
        json!([[]]),
        json!({"#text": "x"}),
        json!(["x", "x"]),
    ])
}

proptest! {
    #![proptest_config(cases(2000))]

    /// A text that is read stood in the changed document, and the moment is the written one.
    #[test]
    fn nothing_is_made_up(at in 0_usize..64, by in anything()) {
        let mut changed = page();
        replace(&mut changed, &mut at.clone(), &by);
        let body = changed.to_string();
        if let Ok(read) = RecentTracks::decode(body.as_bytes()) {
            let list = &changed["recenttracks"]["track"];
            for (index, row) in read.rows.iter().enumerate() {
                let source = if list.is_array() { &list[index] } else { list };
                let artist = &source["artist"];
                let written = [artist.get("#text"), artist.get("name"), Some(artist)];
                prop_assert!(row.artist.is_none() || written.contains(&row.artist.as_deref().map(Value::from).as_ref())
                    || row.artist.as_deref().is_some_and(|text| written.contains(&text.parse::<i64>().ok().map(Value::from).as_ref())));
                let uts = source["date"].get("uts").cloned().unwrap_or_default();
                let at = row.played_at;
                prop_assert!(at.is_none() && source.get("date").is_none()
                    || at.is_some_and(|at| uts == json!(at) || uts == json!(at.to_string())));
            }
        }
    }
}
