//! Each known bad manner, and the line beyond which nothing is guessed.

use heard_api::lastfm::user::{RecentTrack, RecentTracks, UserInfo};

fn page(track: &str, attributes: &str) -> String {
    format!(r#"{{"recenttracks":{{"track":{track},"@attr":{{{attributes}}}}}}}"#)
}

const ATTRIBUTES: &str = r#""user":"u","page":"1","perPage":"50","totalPages":"2","total":"51""#;

fn row(text: &str) -> Result<RecentTrack<'static>, String> {
    let body = page(text, ATTRIBUTES);
    let page = RecentTracks::decode(body.as_bytes()).map_err(|error| error.to_string())?;
    assert_eq!(page.rows.len(), 1);
    Ok(page.into_owned().rows.remove(0))
}

#[test]
fn an_artist_in_three_forms() {
    for text in [
        r##"{"artist":{"mbid":"m","#text":"A"},"name":"N"}"##,
        r#"{"artist":{"url":"x","name":"A","image":[{"size":"small"}],"mbid":"m"},"name":"N"}"#,
        r#"[{"artist":{"mbid":"m","name":"A"},"name":"N"}]"#,
    ] {
        let row = row(text).unwrap();
        assert_eq!((row.artist.as_deref(), row.artist_mbid.as_deref()), (Some("A"), Some("m")), "{text}");
    }
    let row = row(r#"{"artist":"A\u00e9","name":"N"}"#).unwrap();
    assert_eq!((row.artist.as_deref(), row.artist_mbid), (Some("Aé"), None));
}

#[test]
fn missing_null_and_empty_names_are_told_apart() {
    for (text, artist, name) in [
        (r#"{}"#, None, None),
        (r#"{"artist":null,"name":null}"#, None, None),
        (r#"{"artist":{"mbid":""}}"#, None, None),
        (r##"{"artist":{"#text":null}}"##, None, None),
        (r##"{"artist":{"#text":""},"name":""}"##, Some(""), Some("")),
        (r##"{"artist":{"#text":1999},"name":-7}"##, Some("1999"), Some("-7")),
    ] {
        let row = row(text).unwrap();
        assert_eq!((row.artist.as_deref(), row.name.as_deref()), (artist, name), "{text}");
    }
}

#[test]
fn empty_means_none_for_albums_and_ids() {
    for text in [
        r##"{"album":{"mbid":"","#text":""},"mbid":"","url":""}"##,
        r#"{"album":"","mbid":null}"#,
        r#"{"album":{}}"#,
        r#"{"album":null}"#,
    ] {
        assert_eq!(row(text).unwrap(), RecentTrack::default(), "{text}");
    }
    assert_eq!(row(r#"{"album":"B"}"#).unwrap().album.as_deref(), Some("B"));
}

#[test]
fn numbers_and_flags_in_any_dress() {
    for (text, at) in [
        (r##"{"date":{"uts":"1603188238","#text":"20 Oct 2020, 10:03"}}"##, 1_603_188_238),
        (r#"{"date":{"uts":1603188238}}"#, 1_603_188_238),
        (r##"{"date":{"#text":"01 Jan 1970, 00:00","uts":"0"}}"##, 0),
    ] {
        assert_eq!(row(text).unwrap().played_at, Some(at), "{text}");
    }
    for (value, loved) in [
        (r#""1""#, Some(true)),
        ("1", Some(true)),
        ("true", Some(true)),
        (r#""0""#, Some(false)),
        ("false", Some(false)),
        (r#""""#, None),
        ("null", None),
    ] {
        let text = format!(r#"{{"loved":{value},"@attr":{{"nowplaying":{value}}}}}"#);
        let row = row(&text).unwrap();
        assert_eq!((row.loved, row.now_playing), (loved, loved == Some(true)), "{value}");
    }
}

#[test]
fn what_was_never_seen_is_refused_at_its_place() {
    for (text, path) in [
        (r#"{"date":{}}"#, "recenttracks.track.date"),
        (r#"{"date":null}"#, "recenttracks.track.date"),
        (r#"{"date":""}"#, "recenttracks.track.date"),
        (r#"{"date":"1603188238"}"#, "recenttracks.track.date"),
        (r#"{"date":{"uts":""}}"#, "recenttracks.track.date.uts"),
        (r#"{"date":{"uts":"soon"}}"#, "recenttracks.track.date.uts"),
        (r#"{"date":{"uts":1.5}}"#, "recenttracks.track.date.uts"),
        (r#"{"date":{"uts":"1603188238000"}}"#, "recenttracks.track.date"),
        (r#"{"artist":["A"]}"#, "recenttracks.track.artist"),
        (r#"{"name":true}"#, "recenttracks.track.name"),
        (r#"{"name":1.5}"#, "recenttracks.track.name"),
        (r#"{"name":"a","name":"b"}"#, "recenttracks.track"),
        (r##"{"artist":{"#text":"a","name":"b"}}"##, "recenttracks.track.artist"),
        (r#"{"artist":{"mbid":"a","mbid":"b"}}"#, "recenttracks.track.artist"),
        (r#"{"loved":"maybe"}"#, "recenttracks.track.loved"),
        (r#"{"loved":2}"#, "recenttracks.track.loved"),
        (r#"{"@attr":{"nowplaying":"perhaps"}}"#, "recenttracks.track.@attr.nowplaying"),
        (r#"{"date":["1603188238"]}"#, "recenttracks.track.date"),
        (r#"{"@attr":["1"]}"#, "recenttracks.track.@attr"),
        (r#"[["A"]]"#, "recenttracks.track[0]"),
        (r#"["words"]"#, "recenttracks.track[0]"),
        (r#""words""#, "recenttracks.track"),
        ("7", "recenttracks.track"),
    ] {
        let body = page(text, ATTRIBUTES);
        let error = RecentTracks::decode(body.as_bytes()).unwrap_err();
        assert!(error.path.starts_with(path), "{text}: {error}");
        assert!(!error.to_string().contains("words"), "a value is repeated: {error}");
    }
}

#[test]
fn a_page_needs_its_identity_and_counts() {
    for key in ["user", "page", "perPage", "totalPages"] {
        let body = page("[]", &ATTRIBUTES.replace(&format!("\"{key}\""), "\"other\""));
        let error = RecentTracks::decode(body.as_bytes()).unwrap_err();
        assert!(error.problem.contains(key), "{error}");
    }
    let body = page("[]", &ATTRIBUTES.replace("\"total\"", "\"other\""));
    assert_eq!(RecentTracks::decode(body.as_bytes()).unwrap().total, None);
    let body = page("[]", &ATTRIBUTES.replace("51", "-1"));
    assert!(RecentTracks::decode(body.as_bytes()).is_err());
}

#[test]
fn a_page_without_rows() {
    let none = r#""user":"u","page":"0","perPage":"20","totalPages":"0","total":"0""#;
    let old = format!(r##"{{"recenttracks":{{"#text":"\n",{none}}}}}"##);
    for body in [page("[]", none), page("\"\"", none), page("null", none), old] {
        let page = RecentTracks::decode(body.as_bytes()).unwrap();
        assert_eq!((page.rows.len(), page.total), (0, Some(0)), "{body}");
    }
    // A page that claims rows must have a list, though the list may be empty: a page past the end.
    for track in ["\"\"", "null"] {
        assert!(RecentTracks::decode(page(track, ATTRIBUTES).as_bytes()).is_err());
    }
    assert!(RecentTracks::decode(page("[]", ATTRIBUTES).as_bytes()).unwrap().rows.is_empty());
}

#[test]
fn names_without_escapes_are_borrowed() {
    let body = page(r##"{"artist":{"#text":"Plain é"},"name":"a\/b"}"##, ATTRIBUTES);
    let page = RecentTracks::decode(body.as_bytes()).unwrap();
    let row = &page.rows[0];
    assert!(matches!(row.artist, Some(std::borrow::Cow::Borrowed("Plain é"))));
    assert!(matches!(&row.name, Some(std::borrow::Cow::Owned(name)) if name == "a/b"));
}

#[test]
fn a_profile_in_old_and_new_dress() {
    let new = r##"{"user":{"name":"u","realname":"","playcount":"1026","artist_count":3,"country":"None",
        "subscriber":0,"image":[{"size":"small","#text":""},{"size":"","#text":"http:\/\/i"}],"type":"alum",
        "registered":{"unixtime":"1513921363","#text":1513921363},"url":"https:\/\/u"}}"##;
    let user = UserInfo::decode(new.as_bytes()).unwrap();
    assert_eq!((user.playcount, user.artist_count, user.registered_at), (1026, Some(3), Some(1_513_921_363)));
    assert_eq!((user.realname, user.country, user.subscriber), (None, None, Some(false)));
    assert_eq!(user.images.len(), 1);
    assert_eq!(user.images[0].url, "http://i");
    assert_eq!(user.kind.as_deref(), Some("alum"));

    let old = r##"{"user":{"name":"u","playcount":7,"image":"","registered":{"#text":"2008-02-14 14:14"}}}"##;
    let user = UserInfo::decode(old.as_bytes()).unwrap();
    assert_eq!((user.playcount, user.registered_at, user.images.len()), (7, None, 0));

    for (body, path) in [
        (r#"{"user":{"name":"u"}}"#, "user"),
        (r#"{"user":{"name":"u","playcount":""}}"#, "user.playcount"),
        (r#"{"user":{"playcount":1}}"#, "user"),
        (r#"{"users":{}}"#, "."),
        (r#"[]"#, "."),
    ] {
        assert_eq!(UserInfo::decode(body.as_bytes()).unwrap_err().path, path, "{body}");
    }
}
