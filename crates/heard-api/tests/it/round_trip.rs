//! What is written can be read again, and looks like the service's own.

use heard_api::lastfm::user::{GetInfo, GetRecentTracks, Image, RecentTrack, RecentTracks, UserInfo};
use heard_api::{Access, Method, Request};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::seed::cases;

type Text = Option<std::borrow::Cow<'static, str>>;

fn text() -> impl Strategy<Value = Text> {
    prop::option::of(any::<String>().prop_map(Into::into))
}

/// Where empty means none, an empty text cannot come back.
fn filled() -> impl Strategy<Value = Text> {
    text().prop_map(|text| text.filter(|text| !text.is_empty()))
}

prop_compose! {
    fn row()(
        (artist, artist_mbid, album, album_mbid) in (text(), filled(), filled(), filled()),
        (name, mbid, url) in (text(), filled(), filled()),
        played_at in prop::option::of(-1_000_000_000_000..253_402_300_800_i64),
        now_playing in any::<bool>(),
        loved in any::<Option<bool>>(),
    ) -> RecentTrack<'static> {
        RecentTrack {
            artist, artist_mbid, album, album_mbid, name, mbid, played_at, now_playing, loved, url,
        }
    }
}

prop_compose! {
    fn page()(
        user in any::<String>(),
        (page, per_page, total_pages) in (count(), count(), count()),
        total in prop::option::of(count()),
        rows in prop::collection::vec(row(), 0..8),
    ) -> RecentTracks<'static> {
        RecentTracks { user: user.into(), page, per_page, total_pages, total, rows }
    }
}

fn count() -> impl Strategy<Value = u64> {
    0..=i64::MAX.unsigned_abs()
}

fn string() -> impl Strategy<Value = Option<String>> {
    filled().prop_map(|text| text.map(Into::into))
}

prop_compose! {
    fn profile()(
        name in any::<String>(),
        (realname, url, kind) in (string(), string(), string()),
        country in string().prop_map(|country| country.filter(|country| country != "None")),
        playcount in count(),
        (artist_count, album_count, track_count) in
            (prop::option::of(count()), prop::option::of(count()), prop::option::of(count())),
        registered_at in any::<Option<i64>>(),
        subscriber in any::<Option<bool>>(),
        images in prop::collection::vec(("[a-z]{0,8}", ".+"), 0..5),
    ) -> UserInfo {
        UserInfo {
            name, realname, playcount, artist_count, album_count, track_count, registered_at, url,
            country, subscriber, kind,
            images: images.into_iter().map(|(size, url)| Image { size, url }).collect(),
        }
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn pages_come_back(page in page()) {
        let body = serde_json::to_vec(&page).unwrap();
        prop_assert_eq!(RecentTracks::decode(&body).unwrap(), page);
    }

    #[test]
    fn profiles_come_back(profile in profile()) {
        let body = serde_json::to_vec(&profile).unwrap();
        prop_assert_eq!(UserInfo::decode(&body).unwrap(), profile);
    }

    #[test]
    fn no_bytes_bring_the_readers_down(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = RecentTracks::decode(&body);
        let _ = UserInfo::decode(&body);
    }
}

#[test]
fn a_written_page_has_the_services_form() {
    let row = RecentTrack {
        artist: Some("A".into()),
        name: Some("N".into()),
        played_at: Some(1_311_261_170),
        ..RecentTrack::default()
    };
    let playing = RecentTrack { played_at: None, now_playing: true, loved: Some(true), ..row.clone() };
    let page = RecentTracks {
        user: "u".into(),
        page: 1,
        per_page: 50,
        total_pages: 1,
        total: Some(1),
        rows: vec![playing, row],
    };
    let image = json!([
        {"size": "small", "#text": ""}, {"size": "medium", "#text": ""},
        {"size": "large", "#text": ""}, {"size": "extralarge", "#text": ""}
    ]);
    let expected: Value = json!({"recenttracks": {
        "track": [
            {"artist": {"url": "", "name": "A", "image": image, "mbid": ""}, "streamable": "0", "image": image,
             "mbid": "", "album": {"mbid": "", "#text": ""}, "name": "N", "url": "", "loved": "1",
             "@attr": {"nowplaying": "true"}},
            {"artist": {"mbid": "", "#text": "A"}, "streamable": "0", "image": image, "mbid": "",
             "album": {"mbid": "", "#text": ""}, "name": "N", "url": "",
             "date": {"uts": "1311261170", "#text": "21 Jul 2011, 15:12"}}
        ],
        "@attr": {"user": "u", "totalPages": "1", "page": "1", "perPage": "50", "total": "1"}
    }});
    assert_eq!(serde_json::to_value(&page).unwrap(), expected);
}

#[test]
fn calls_write_their_parameters() {
    let call = GetRecentTracks {
        limit: Some(200),
        page: Some(3),
        from: Some(1),
        to: Some(2),
        extended: true,
        ..GetRecentTracks::new("some one")
    };
    let request = Request::of(&call);
    let pairs: Vec<_> = request.params().iter().collect();
    assert_eq!(
        pairs,
        [("user", "some one"), ("limit", "200"), ("page", "3"), ("from", "1"), ("to", "2"), ("extended", "1")]
    );
    assert_eq!((request.method(), request.needs()), (GetRecentTracks::NAME, Access::Key));
    let request = Request::of(&GetRecentTracks::new("u"));
    assert_eq!(request.params().iter().count(), 1);
    let request = Request::of(&GetInfo::new().user("u"));
    assert_eq!((request.method(), request.params().get("user")), ("user.getInfo", Some("u")));
}
