//! The service's XML is read as its JSON is.

use std::fmt::Write as _;

use heard_api::lastfm::{album, artist, chart, geo, library, tag, track, user};
use heard_api::{DecodeError, Method};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::seed::cases;

/// The XML of a document, made from its JSON by the service's rule read backwards; texts are escaped in one of several
/// ways, as their first character decides.
fn xml(document: &Value) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<lfm status=\"ok\">".to_owned();
    for (name, value) in document.as_object().unwrap() {
        element(name, value, &mut out);
    }
    out + "</lfm>\n"
}

fn element(name: &str, value: &Value, out: &mut String) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| element(name, value, out)),
        Value::Object(object) => {
            let (attributes, inside) = attributes(object);
            writeln!(out, "<{name}{attributes}>").unwrap();
            match inside {
                Some(text) => {
                    out.pop();
                    out.push_str(&escaped(text));
                }
                None => object
                    .iter()
                    .filter(|(name, _)| *name != "@attr")
                    .for_each(|(name, value)| element(name, value, out)),
            }
            write!(out, "</{name}>").unwrap();
        }
        Value::String(text) => write!(out, "<{name}>{}</{name}>", escaped(text)).unwrap(),
        other => write!(out, "<{name}>{other}</{name}>").unwrap(),
    }
}

/// The attributes of an element, and its text if it is a leaf.
fn attributes(object: &Map<String, Value>) -> (String, Option<&str>) {
    let text = object.get("#text").and_then(Value::as_str);
    let attributes = match (text, object.get("@attr")) {
        (Some(_), _) => object.iter().filter(|(name, _)| *name != "#text").collect(),
        (None, Some(Value::Object(attributes))) => attributes.iter().collect(),
        _ => Vec::new(),
    };
    let written = attributes.into_iter().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        format!(" {name}=\"{}\"", escaped(&value))
    });
    (written.collect(), text)
}

fn escaped(text: &str) -> String {
    let numbered = text.chars().next().is_some_and(|c| (c as u32).is_multiple_of(2));
    text.chars()
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\'' => "&apos;".to_owned(),
            c if c.is_control() || numbered && !c.is_ascii() => format!("&#x{:x};", c as u32),
            c => c.to_string(),
        })
        .collect()
}

fn same<M: Method>(document: &Value)
where
    M::Answer: PartialEq + std::fmt::Debug,
{
    let text = xml(document);
    let of_json = M::decode(document.to_string().as_bytes()).unwrap_or_else(|error| panic!("{document}: {error}"));
    let of_xml = M::decode(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(of_xml, of_json, "{text}");
}

/// Characters that XML can carry.
fn name() -> impl Strategy<Value = String> {
    "[^\\x00-\\x1f\\x7f-\\x9f\\u{fffe}\\u{ffff}]{1,12}"
        .prop_filter("blanks are trimmed by nobody", |name| !name.trim().is_empty())
}

prop_compose! {
    fn row()(name in name(), artist in name(), url in name(), count in any::<u32>(), rank in 1..1000_u32, ratio in 0..=1000_u32) -> Value {
        json!({
            "name": name, "playcount": count.to_string(), "listeners": count.to_string(), "url": url, "mbid": "",
            "match": (f64::from(ratio) / 1000.0).to_string(), "streamable": {"fulltrack": "0", "#text": "0"},
            "artist": {"name": artist, "mbid": "m", "url": ""},
            "image": [{"size": "small", "#text": "https://a"}, {"size": "", "#text": ""}],
            "@attr": {"rank": rank.to_string()},
        })
    }
}

fn rows() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(row(), 0..4)
}

fn attr() -> Value {
    json!({"user": "ann & bob", "page": "1", "perPage": "50", "totalPages": "1", "total": "4"})
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn lists_read_the_same(rows in rows()) {
        let page = |list: &str, row: &str| json!({list: {row: rows, "@attr": attr()}});
        let mut without_artist = rows.clone();
        without_artist.iter_mut().for_each(|row| { row.as_object_mut().unwrap().remove("artist"); });
        let artists = |list: &str| json!({list: {"artist": without_artist, "@attr": attr()}});
        same::<user::GetTopAlbums>(&page("topalbums", "album"));
        same::<user::GetTopTracks>(&page("toptracks", "track"));
        same::<user::GetLovedTracks>(&page("lovedtracks", "track"));
        same::<artist::GetTopAlbums>(&page("topalbums", "album"));
        same::<artist::GetTopTracks>(&page("toptracks", "track"));
        same::<chart::GetTopTracks>(&page("tracks", "track"));
        same::<geo::GetTopTracks>(&page("tracks", "track"));
        same::<tag::GetTopAlbums>(&page("albums", "album"));
        same::<tag::GetTopTracks>(&page("tracks", "track"));
        same::<track::GetSimilar>(&page("similartracks", "track"));
        same::<user::GetWeeklyAlbumChart>(&page("weeklyalbumchart", "album"));
        same::<user::GetWeeklyTrackChart>(&page("weeklytrackchart", "track"));
        same::<user::GetTaggedTracks>(&json!({"taggings": {"tracks": {"track": rows}, "@attr": attr()}}));
        same::<user::GetTopArtists>(&artists("topartists"));
        same::<artist::GetSimilar>(&artists("similarartists"));
        same::<library::GetArtists>(&artists("artists"));
        same::<user::GetWeeklyArtistChart>(&artists("weeklyartistchart"));
        same::<chart::GetTopArtists>(&artists("artists"));
    }

    #[test]
    fn things_read_the_same(names in prop::collection::vec(name(), 5), rows in rows(), count in 1..u32::MAX) {
        let [name, artist, title, word, text] = &names[..] else { unreachable!("five were made") };
        let tags = json!({"tag": [{"name": word, "url": "u"}, {"name": "b", "url": ""}]});
        let wiki = json!({"published": "01 Jan 2010, 00:00", "summary": text, "content": text});
        let count = count.to_string();
        same::<album::GetInfo>(&json!({"album": {
            "name": name, "artist": artist, "mbid": "", "url": "u", "listeners": count, "playcount": count,
            "userplaycount": count, "tracks": {"track": rows}, "tags": tags, "wiki": wiki,
        }}));
        same::<track::GetInfo>(&json!({"track": {
            "name": name, "duration": count, "artist": {"name": artist, "url": "u"}, "toptags": tags, "userloved": "1",
            "album": {"artist": artist, "title": title, "@attr": {"position": "2"}}, "wiki": wiki,
        }}));
        same::<artist::GetInfo>(&json!({"artist": {
            "name": name, "ontour": "1", "stats": {"listeners": count, "playcount": count}, "tags": tags, "bio": wiki,
            "similar": {"artist": [{"name": artist, "url": "u"}]},
        }}));
        same::<tag::GetInfo>(&json!({"tag": {"name": word, "reach": count, "total": count, "wiki": wiki}}));
        same::<user::GetInfo>(&json!({"user": {
            "name": name, "playcount": count, "realname": text, "registered": {"unixtime": "5", "#text": "5"},
        }}));
        same::<artist::GetTags>(&json!({"tags": {"tag": [{"name": word, "url": ""}], "@attr": {"artist": artist}}}));
        same::<artist::GetCorrection>(&json!({"corrections": {
            "correction": {"artist": {"name": artist, "mbid": "m", "url": "u"}, "@attr": {"index": "0"}},
        }}));
        same::<user::GetRecentTracks>(&json!({"recenttracks": {"@attr": attr(), "track": [
            {"artist": {"mbid": "", "#text": artist}, "name": name, "@attr": {"nowplaying": "true"}},
            {"artist": {"mbid": "m", "#text": artist}, "name": title, "date": {"uts": count, "#text": "then"}},
        ]}}));
    }

    #[test]
    fn no_text_brings_the_reader_down(text in "[<>&;/a-z \"'=!\\[\\]#x0-9?-]{0,60}", inside in any::<bool>()) {
        let text = if inside { format!("<lfm status=\"ok\"><toptags user=\"u\">{text}</toptags></lfm>") } else { format!("<{text}") };
        let _ = user::GetTopTags::decode(text.as_bytes());
    }
}

fn tags(inside: &str) -> Result<Vec<String>, DecodeError> {
    let body = format!("<?xml version=\"1.0\"?><lfm status=\"ok\"><toptags user=\"u\">{inside}</toptags></lfm>");
    Ok(user::GetTopTags::decode(body.as_bytes())?.items.into_iter().map(|tag| tag.name).collect())
}

#[test]
fn lists_of_every_length() {
    assert_eq!(tags("").unwrap(), [""; 0]);
    assert_eq!(tags("\n  \n").unwrap(), [""; 0]);
    assert_eq!(tags("<tag><name>a</name></tag>").unwrap(), ["a"]);
    assert_eq!(tags("<tag><name>a</name></tag> <!-- no row --> <tag><name>b</name></tag>").unwrap(), ["a", "b"]);
}

#[test]
fn texts_in_every_dress() {
    for (written, read) in [
        ("a &amp;lt; b &gt;", "a &lt; b >"),
        ("<![CDATA[<a> & b]]>", "<a> & b"),
        ("x<![CDATA[y]]>z", "xyz"),
        ("&#x1F600;&#228;", "😀ä"),
        (" a ", " a "),
        ("a\r\nb", "a\nb"),
        ("a&nbsp;b", "a&nbsp;b"),
    ] {
        assert_eq!(tags(&format!("<tag><name>{written}</name></tag>")).unwrap(), [read], "{written}");
    }
}

/// Names with such characters stand in real histories, and make the whole document unreadable for other readers.
#[test]
fn forbidden_characters_are_left_out() {
    for c in ['\u{0}', '\u{1}', '\u{b}', '\u{10}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
        assert_eq!(tags(&format!("<tag><name>a{c}b</name></tag>")).unwrap(), ["ab"], "{c:?}");
        let numbered = format!("<tag><name>a&#{};b</name></tag>", c as u32);
        assert!(tags(&numbered).is_err() || tags(&numbered).unwrap() == ["ab"], "{c:?}");
    }
}

#[test]
fn what_is_no_xml_is_named() {
    for inside in
        ["<tag>", "</tag>", "<tag><name>a</tag></name>", "<tag a=b/>", "&#xFFFFFFFF;", "<tag a=\"1\" a=\"2\"/>"]
    {
        let error = tags(inside).unwrap_err();
        assert!(error.problem.starts_with("no readable XML"), "{inside}: {error}");
    }
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_eq!(tags(&deep).unwrap_err().problem, "no readable XML: nested too deeply");
    let error = user::GetTopTags::decode(b"<lfm status=\"ok\"><toptags>\xff</toptags></lfm>").unwrap_err();
    assert_eq!(error.problem, "no readable XML: not UTF-8");
    let error = user::GetTopTags::decode(b"<html><body>busy</body></html>").unwrap_err();
    assert_eq!(error.problem, "HTML where JSON was expected");
}

/// A document that defines entities of its own in terms of each other grows without bound in readers that expand them.
#[test]
fn entities_of_ones_own_are_not_expanded() {
    let body = "<!DOCTYPE lfm [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\
        <lfm status=\"ok\"><toptags user=\"u\"><tag><name>&b;</name></tag></toptags></lfm>";
    let read = user::GetTopTags::decode(body.as_bytes()).unwrap();
    assert_eq!(read.items[0].name, "&b;");
}

#[test]
fn an_error_says_where() {
    let error = tags("<tag><name>a</name></tag><tag><name>b</name><count>many</count></tag>").unwrap_err();
    assert_eq!(error.path, "toptags.tag[1].count");
    let error = user::GetTopTags::decode(b"<lfm status=\"ok\"><other/></lfm>").unwrap_err();
    assert_eq!(error.problem, "missing field `toptags`");
}

#[test]
fn an_acknowledgement_is_empty() {
    for body in ["<lfm status=\"ok\"/>", "<?xml version=\"1.0\"?>\n<lfm status=\"ok\">\n</lfm>", "{}", " {\"ok\":1}"] {
        track::Love::decode(body.as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"));
    }
    for body in ["", "[]", "\"ok\"", "{\"error\":8}", "<lfm status=\"ok\">"] {
        assert!(track::Love::decode(body.as_bytes()).is_err(), "{body}");
    }
}
