//! One document for every method, in the form in which the service answers it: what is read from it, and how that is
//! written again, word for word.

use heard_api::lastfm::{album, artist, auth, chart, geo, library, tag, track, user};
use heard_api::{DecodeError, Method};
use serde_json::{Value, json};

/// Reads the document, compares what was read and what is written of it with what is known to be right, and demands
/// that both say the same.
fn holds<M: Method>(name: &str, document: &Value)
where
    M::Answer: std::fmt::Debug,
{
    let body = document.to_string();
    let answer = M::decode(body.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
    insta::assert_debug_snapshot!(format!("{name}.read"), answer);
    let written = M::encode(&answer);
    let value: Value = serde_json::from_slice(&written).unwrap();
    insta::assert_snapshot!(format!("{name}.written"), serde_json::to_string_pretty(&value).unwrap());
    let again = M::decode(&written).unwrap();
    assert_eq!(format!("{again:?}"), format!("{answer:?}"), "{name}");
}

fn image() -> Value {
    json!([
        {"#text": "https://example.com/i/u/34s/1.png", "size": "small"},
        {"#text": "", "size": "medium"},
        {"#text": "https://example.com/i/u/300x300/1.png", "size": "extralarge"},
    ])
}

fn artist_of(name: &str) -> Value {
    json!({"name": name, "mbid": "", "url": "https://example.com/music/1"})
}

fn page() -> Value {
    json!({"user": "ann", "page": "1", "perPage": "2", "totalPages": "4", "total": "7"})
}

/// `{LIST: {ROW: […], "@attr": …}}` with the attributes of a page.
fn paged(list: &str, row: &str, rows: &[Value]) -> Value {
    json!({list: {row: rows, "@attr": page()}})
}

fn listed(list: &str, row: &str, rows: &[Value], words: &Value) -> Value {
    json!({list: {row: rows, "@attr": words}})
}

fn artist_row(rank: u32) -> Value {
    json!({
        "name": format!("The Example No. {rank}"), "playcount": "1511", "listeners": "3555460", "streamable": "0",
        "mbid": "5eecaf18-02ec-47af-a4f2-7831db373419", "url": "https://example.com/music/The+Example",
        "image": image(), "@attr": {"rank": rank.to_string()},
    })
}

fn album_row(rank: u32) -> Value {
    json!({
        "artist": artist_of("Björk & <Friends>"), "image": image(), "mbid": "", "name": format!("Album \"{rank}\""),
        "playcount": 16_024_346, "url": "https://example.com/music/1/2", "@attr": {"rank": rank},
    })
}

fn track_row(rank: u32) -> Value {
    json!({
        "streamable": {"fulltrack": "0", "#text": "0"}, "mbid": "", "name": format!("Song {rank} \u{1f}<&>\""),
        "image": image(), "artist": artist_of("日本 'Band'"), "url": "https://example.com/music/1/_/3",
        "duration": if rank == 1 { "204" } else { "0" }, "playcount": "20", "listeners": "900",
        "@attr": {"rank": rank.to_string()},
    })
}

fn tag_row(name: &str) -> Value {
    json!({"name": name, "url": format!("https://example.com/tag/{name}"), "count": 100})
}

fn wiki() -> Value {
    json!({"published": "06 Oct 2008, 13:22", "summary": "Short <a href=\"https://example.com\">words</a>", "content": "Long words"})
}

#[test]
fn albums() {
    holds::<album::GetInfo>(
        "album_get_info",
        &json!({"album": {
            "artist": "Björk & <Friends>", "mbid": "6e729716-c0eb-3f50-a740-96ac173be50d", "name": "Album", "image": image(),
            "tags": {"tag": [{"url": "https://example.com/tag/a", "name": "a"}]}, "playcount": "29408961", "userplaycount": 128,
            "listeners": "1290895", "url": "https://example.com/music/1/2", "wiki": wiki(),
            "tracks": {"track": [
                {"streamable": {"fulltrack": "0", "#text": "0"}, "duration": 307, "url": "https://example.com/1",
                 "name": "First", "@attr": {"rank": 1}, "artist": artist_of("Björk & <Friends>")},
                {"duration": null, "url": "", "name": "Second", "@attr": {"rank": 2}, "artist": artist_of("Somebody")},
            ]},
        }}),
    );
    holds::<album::GetInfo>(
        "album_get_info_of_little",
        &json!({"album": {
            "artist": "A", "name": "B", "tags": "", "image": [], "tracks": {"track": {"name": "Only", "artist": artist_of("A")}},
        }}),
    );
    let about = json!({"artist": "A", "album": "B"});
    holds::<album::GetTags>("album_get_tags", &listed("tags", "tag", &[json!({"name": "mine", "url": ""})], &about));
    let rows = [tag_row("rock"), tag_row("r&b")];
    holds::<album::GetTopTags>("album_get_top_tags", &listed("toptags", "tag", &rows, &about));
    holds::<album::Search>(
        "album_search",
        &search(
            "albummatches",
            "album",
            &json!([
                {"name": "Found", "artist": "A", "url": "https://example.com/1", "image": image(), "streamable": "0", "mbid": ""},
            ]),
        ),
    );
    holds::<album::AddTags>("album_add_tags", &json!({}));
    holds::<album::RemoveTag>("album_remove_tag", &json!({}));
}

/// The matches of a search, with all that stands around them.
fn search(list: &str, row: &str, rows: &Value) -> Value {
    json!({"results": {
        "opensearch:Query": {"#text": "", "role": "request", "searchTerms": "found", "startPage": "2"},
        "opensearch:totalResults": "7", "opensearch:startIndex": "3", "opensearch:itemsPerPage": "3",
        list: {row: rows}, "@attr": {"for": "found"},
    }})
}

#[test]
fn artists() {
    holds::<artist::GetCorrection>(
        "artist_get_correction",
        &json!({"corrections": {
            "correction": {"artist": artist_of("The Example"), "@attr": {"index": "0"}},
        }}),
    );
    holds::<artist::GetInfo>(
        "artist_get_info",
        &json!({"artist": {
            "name": "The Example", "mbid": "c8b03190-306c-4120-bb0b-6f2ebfc06ea9", "url": "https://example.com/music/1",
            "image": image(), "streamable": "0", "ontour": "1",
            "stats": {"listeners": "1688480", "playcount": "135692303", "userplaycount": "3808"},
            "similar": {"artist": [{"name": "Another", "url": "https://example.com/music/2", "image": image()}]},
            "tags": {"tag": [{"name": "electronic", "url": "https://example.com/tag/electronic"}]},
            "bio": {"links": {"link": {"#text": "", "rel": "original", "href": "https://example.com"}},
                    "published": "09 Jan 2011, 12:41", "summary": "Short", "content": "Long"},
        }}),
    );
    holds::<artist::GetInfo>(
        "artist_get_info_of_little",
        &json!({"artist": {"name": "Nobody", "tags": "", "similar": "\n"}}),
    );
    holds::<artist::GetSimilar>(
        "artist_get_similar",
        &listed(
            "similarartists",
            "artist",
            &[
                json!({"name": "Like it", "mbid": "m", "match": "1", "url": "u", "image": image(), "streamable": "0"}),
                json!({"name": "Less like it", "mbid": "", "match": "0.620856", "url": "u", "image": image(), "streamable": "0"}),
            ],
            &json!({"artist": "The Example"}),
        ),
    );
    let about = json!({"artist": "The Example"});
    holds::<artist::GetTags>("artist_get_tags", &listed("tags", "tag", &[json!({"name": "80s", "url": "u"})], &about));
    holds::<artist::GetTopAlbums>("artist_get_top_albums", &paged("topalbums", "album", &[album_row(1), album_row(2)]));
    holds::<artist::GetTopTags>("artist_get_top_tags", &listed("toptags", "tag", &[tag_row("rock")], &about));
    holds::<artist::GetTopTracks>("artist_get_top_tracks", &paged("toptracks", "track", &[track_row(1), track_row(2)]));
    holds::<artist::Search>(
        "artist_search",
        &search(
            "artistmatches",
            "artist",
            &json!([
                {"name": "Found", "listeners": "658", "mbid": "", "url": "u", "streamable": "0", "image": image()},
            ]),
        ),
    );
    holds::<artist::Search>("artist_search_without_matches", &search("artistmatches", "artist", &json!([])));
    holds::<artist::AddTags>("artist_add_tags", &json!({}));
    holds::<artist::RemoveTag>("artist_remove_tag", &json!({}));
}

#[test]
fn logins() {
    holds::<auth::GetToken>("auth_get_token", &json!({"token": "0123456789"}));
    let session = json!({"session": {"name": "ann", "key": "k-_Y", "subscriber": "1"}});
    holds::<auth::GetSession>("auth_get_session", &session);
    holds::<auth::GetMobileSession>("auth_get_mobile_session", &session);
    holds::<auth::GetMobileSessionByDigest>("auth_get_mobile_session_by_digest", &session);
}

#[test]
fn charts_countries_and_libraries() {
    holds::<chart::GetTopArtists>("chart_get_top_artists", &paged("artists", "artist", &[artist_row(1)]));
    holds::<chart::GetTopTags>(
        "chart_get_top_tags",
        &paged(
            "tags",
            "tag",
            &[
                json!({"name": "rock", "url": "u", "reach": "399561", "taggings": "4026340", "streamable": "1", "wiki": {}}),
            ],
        ),
    );
    holds::<chart::GetTopTracks>("chart_get_top_tracks", &paged("tracks", "track", &[track_row(1)]));
    holds::<geo::GetTopArtists>("geo_get_top_artists", &paged("topartists", "artist", &[artist_row(1), artist_row(2)]));
    holds::<geo::GetTopTracks>("geo_get_top_tracks", &paged("tracks", "track", &[track_row(1)]));
    holds::<library::GetArtists>(
        "library_get_artists",
        &paged(
            "artists",
            "artist",
            &[
                json!({"name": "Mine", "playcount": "5346", "tagcount": "2", "mbid": "", "url": "u", "streamable": "0", "image": image()}),
            ],
        ),
    );
}

#[test]
fn tags() {
    holds::<tag::GetInfo>(
        "tag_get_info",
        &json!({"tag": {
            "name": "disco", "total": 2_046_784, "reach": 257_873, "wiki": {"summary": "Short", "content": "Long"},
        }}),
    );
    holds::<tag::GetSimilar>(
        "tag_get_similar",
        &listed(
            "similartags",
            "tag",
            &[json!({"name": "road trip", "url": "u", "streamable": "0"})],
            &json!({"tag": "journey"}),
        ),
    );
    holds::<tag::GetTopAlbums>(
        "tag_get_top_albums",
        &json!({"albums": {
            "album": [album_row(1)], "@attr": {"tag": "disco", "page": "1", "perPage": "1", "totalPages": "2", "total": "2"},
        }}),
    );
    holds::<tag::GetTopArtists>("tag_get_top_artists", &paged("topartists", "artist", &[artist_row(1)]));
    holds::<tag::GetTopTags>(
        "tag_get_top_tags",
        &json!({"toptags": {
            "@attr": {"offset": 0, "num_res": 1, "total": 2_806_844},
            "tag": [{"name": "rock", "count": 4_026_340, "reach": 399_561}],
        }}),
    );
    holds::<tag::GetTopTracks>("tag_get_top_tracks", &paged("tracks", "track", &[track_row(2)]));
    holds::<tag::GetWeeklyChartList>("tag_get_weekly_chart_list", &weeks(&json!({"tag": "disco"})));
}

fn weeks(about: &Value) -> Value {
    listed(
        "weeklychartlist",
        "chart",
        &[
            json!({"#text": "", "from": "1108296000", "to": "1108900800"}),
            json!({"#text": "", "from": "1108900800", "to": "1109505600"}),
        ],
        about,
    )
}

#[test]
fn tracks() {
    holds::<track::GetCorrection>(
        "track_get_correction",
        &json!({"corrections": {"correction": {
            "track": {"url": "u", "name": "I Wish", "mbid": "", "artist": {"url": "u", "name": "The Example", "mbid": "m"}},
            "@attr": {"index": "0", "artistcorrected": "0", "trackcorrected": "1"},
        }}}),
    );
    holds::<track::GetCorrection>(
        "track_get_correction_of_nothing",
        &json!({"corrections": {"correction": {
            "track": {"url": "", "artist": {"url": ""}}, "@attr": {"index": "0", "artistcorrected": "0", "trackcorrected": "0"},
        }}}),
    );
    holds::<track::GetInfo>(
        "track_get_info",
        &json!({"track": {
            "name": "One Step", "mbid": "30cb03f3-bd95-43b0-9d41-6d75e13cd353", "url": "u", "duration": "157000",
            "streamable": {"#text": "0", "fulltrack": "0"}, "listeners": "1315650", "playcount": "11022708",
            "artist": artist_of("The Example"), "userplaycount": "36", "userloved": "1", "toptags": {"tag": [tag_row("rock")]},
            "album": {"artist": "The Example", "title": "Live", "mbid": "", "url": "u", "image": image(), "@attr": {"position": "7"}},
            "wiki": wiki(),
        }}),
    );
    holds::<track::GetInfo>(
        "track_get_info_of_little",
        &json!({"track": {
            "name": "Rare", "url": "u", "duration": "unknown", "listeners": "2", "playcount": "4", "artist": {"name": "Fake", "url": "u"},
            "toptags": {"tag": []},
        }}),
    );
    let mut similar = track_row(1);
    similar["match"] = json!(0.684);
    let about = json!({"artist": "A", "track": "B"});
    holds::<track::GetSimilar>(
        "track_get_similar",
        &listed("similartracks", "track", &[similar], &json!({"artist": "A"})),
    );
    holds::<track::GetTags>("track_get_tags", &listed("tags", "tag", &[json!({"name": "guitar", "url": "u"})], &about));
    holds::<track::GetTopTags>("track_get_top_tags", &listed("toptags", "tag", &[tag_row("hard rock")], &about));
    holds::<track::Search>(
        "track_search",
        &search(
            "trackmatches",
            "track",
            &json!([
                {"name": "Found", "artist": "A", "url": "u", "streamable": "FIXME", "listeners": "870", "image": image(), "mbid": "m"},
            ]),
        ),
    );
    for (name, document) in [("track_add_tags", json!({})), ("track_remove_tag", json!({}))] {
        holds::<track::AddTags>(name, &document);
    }
    holds::<track::Love>("track_love", &json!({}));
    holds::<track::Unlove>("track_unlove", &json!({}));
}

#[test]
fn scrobbles() {
    let said = |text: &str, corrected: &str| json!({"corrected": corrected, "#text": text});
    let taken = json!({
        "artist": said("The Example", "1"), "track": said("Song", "0"), "album": said("", "0"), "albumArtist": said("", "0"),
        "timestamp": "1506168000", "ignoredMessage": {"code": "0", "#text": ""},
    });
    let ignored = json!({
        "artist": said("Various", "0"), "track": said("Song", "0"), "albumArtist": {"corrected": "0"},
        "timestamp": "1425152860", "ignoredMessage": {"code": "1", "#text": "Artist name failed filter: Various"},
    });
    holds::<track::Scrobble>(
        "track_scrobble",
        &json!({"scrobbles": {
            "scrobble": [taken, ignored], "@attr": {"accepted": 1, "ignored": 1},
        }}),
    );
    holds::<track::Scrobble>(
        "track_scrobble_of_one",
        &json!({"scrobbles": {
            "scrobble": taken, "@attr": {"ignored": "0", "accepted": "1"},
        }}),
    );
    holds::<track::UpdateNowPlaying>("track_update_now_playing", &json!({"nowplaying": taken}));
}

#[test]
fn users() {
    let person = json!({
        "name": "bob", "realname": "Bob B. ", "playcount": "2300", "playlists": "0", "subscriber": "1", "country": "None",
        "image": image(), "registered": {"unixtime": "1603189685", "#text": "2020-10-20 10:28"}, "type": "user",
        "url": "https://example.com/user/bob", "bootstrap": "0",
    });
    holds::<user::GetFriends>("user_get_friends", &paged("friends", "user", std::slice::from_ref(&person)));
    holds::<user::GetInfo>(
        "user_get_info",
        &json!({"user": {
            "name": "ann", "age": "0", "gender": "n", "realname": "", "playcount": "347575", "artist_count": "9823",
            "track_count": "47215", "album_count": "21003", "image": image(), "country": "Bolivia", "subscriber": "0",
            "registered": {"unixtime": "1313620090", "#text": 1_313_620_090}, "type": "alum", "url": "https://example.com/user/ann",
        }}),
    );
    let mut loved = track_row(1);
    loved["date"] = json!({"uts": "1603112664", "#text": "19 Oct 2020, 13:04"});
    holds::<user::GetLovedTracks>("user_get_loved_tracks", &paged("lovedtracks", "track", &[loved]));
    holds::<user::GetTopAlbums>("user_get_top_albums", &paged("topalbums", "album", &[album_row(1)]));
    holds::<user::GetTopArtists>("user_get_top_artists", &paged("topartists", "artist", &[artist_row(1)]));
    holds::<user::GetTopTracks>("user_get_top_tracks", &paged("toptracks", "track", &[track_row(1)]));
    let rows = [json!({"name": "rock", "count": "20", "url": "u"})];
    holds::<user::GetTopTags>("user_get_top_tags", &listed("toptags", "tag", &rows, &json!({"user": "ann"})));
}

#[test]
fn personal_tags() {
    let tagged = |list: &str, row: &str, rows: Value| {
        json!({"taggings": {list: {row: rows}, "@attr": {
            "user": "ann", "tag": "mine", "page": "1", "perPage": "50", "totalPages": "1", "total": "1",
        }}})
    };
    holds::<user::GetTaggedArtists>("user_get_tagged_artists", &tagged("artists", "artist", json!([artist_row(1)])));
    holds::<user::GetTaggedAlbums>("user_get_tagged_albums", &tagged("albums", "album", json!([album_row(1)])));
    holds::<user::GetTaggedTracks>("user_get_tagged_tracks", &tagged("tracks", "track", json!([])));
}

#[test]
fn listens() {
    let listen = json!({
        "artist": {"mbid": "m", "#text": "The Example"}, "streamable": "0", "image": image(), "mbid": "",
        "album": {"mbid": "", "#text": "Album"}, "name": "Song", "url": "https://example.com/1",
        "date": {"uts": "1311261170", "#text": "21 Jul 2011, 15:12"},
    });
    let mut playing = listen.clone();
    playing.as_object_mut().unwrap().remove("date");
    playing["@attr"] = json!({"nowplaying": "true"});
    let undated = json!({
        "artist": {"url": "u", "name": "A", "image": image(), "mbid": ""}, "name": "Old", "loved": "1",
        "date": {"uts": "0", "#text": "01 Jan 1970, 00:00"},
    });
    let rows = [playing, listen, undated];
    holds::<user::GetRecentTracks>("user_get_recent_tracks", &paged("recenttracks", "track", &rows));
    holds::<user::GetTrackScrobbles>("user_get_track_scrobbles", &paged("trackscrobbles", "track", &rows));
}

#[test]
fn weeks_and_their_charts() {
    let about = json!({"user": "ann", "from": "1602504000", "to": "1603108800"});
    holds::<user::GetWeeklyChartList>("user_get_weekly_chart_list", &weeks(&json!({"user": "ann"})));
    let row = json!({"mbid": "", "playcount": "572", "name": "The Example", "url": "u", "@attr": {"rank": "1"}});
    let chart = listed("weeklyartistchart", "artist", std::slice::from_ref(&row), &about);
    holds::<user::GetWeeklyArtistChart>("user_get_weekly_artist_chart", &chart);
    let mut row = row;
    row["artist"] = json!({"mbid": "m", "#text": "The Example"});
    let chart = listed("weeklyalbumchart", "album", std::slice::from_ref(&row), &about);
    holds::<user::GetWeeklyAlbumChart>("user_get_weekly_album_chart", &chart);
    row["image"] = image();
    holds::<user::GetWeeklyTrackChart>(
        "user_get_weekly_track_chart",
        &listed("weeklytrackchart", "track", &[row], &about),
    );
}

fn refused<M: Method>(document: &Value) -> DecodeError {
    match M::decode(document.to_string().as_bytes()) {
        Err(error) => error,
        Ok(_) => panic!("{} takes {document}", M::NAME),
    }
}

/// Lists, rows and members that were never seen in such a form are refused at their place, not guessed.
#[test]
fn what_was_never_seen_is_refused_at_its_place() {
    let tracks = |row: Value| paged("toptracks", "track", &[row]);
    let with = |key: &str, value: Value| {
        let mut row = track_row(1);
        row[key] = value;
        tracks(row)
    };
    for (document, path) in [
        (json!({}), "."),
        (json!([]), "."),
        (json!({"toptracks": {"track": [], "@attr": page()}, "error": 8}), "."),
        (json!({"toptracks": {"@attr": page()}}), "toptracks"),
        (json!({"toptracks": "words"}), "toptracks"),
        (json!({"toptracks": ["words"]}), "toptracks"),
        (json!({"toptracks": {"track": "words", "@attr": page()}}), "toptracks.track"),
        (json!({"toptracks": {"track": ["words"], "@attr": page()}}), "toptracks.track[0]"),
        (json!({"toptracks": {"track": [["Song", "A"]], "@attr": page()}}), "toptracks.track[0]"),
        (json!({"toptracks": {"track": [], "@attr": {"page": "one"}}}), "toptracks.page"),
        (json!({"toptracks": {"track": [], "@attr": {"total": "-1"}}}), "toptracks.total"),
        (with("name", Value::Null), "toptracks.track[0].name"),
        (with("artist", json!({"mbid": "m"})), "toptracks.track[0].artist"),
        (with("artist", json!(["A"])), "toptracks.track[0].artist"),
        (with("playcount", json!("many")), "toptracks.track[0].playcount"),
        (with("playcount", json!(-1)), "toptracks.track[0].playcount"),
        (with("match", json!("near")), "toptracks.track[0].match"),
        (with("match", json!("inf")), "toptracks.track[0].match"),
        (with("date", json!({"uts": "soon"})), "toptracks.track[0].date.uts"),
        (with("@attr", json!({"rank": "first"})), "toptracks.track[0].@attr.rank"),
        (with("@attr", json!("words")), "toptracks.track[0].@attr"),
        (with("image", json!([["small"]])), "toptracks.track[0].image"),
    ] {
        let error = refused::<user::GetTopTracks>(&document);
        assert!(error.path.starts_with(path), "{document}: {error}");
        assert!(!error.to_string().contains("words"), "a value is repeated: {error}");
    }
    let twice = br#"{"toptags":{"tag":[],"tag":[]}}"#;
    assert_eq!(user::GetTopTags::decode(twice).unwrap_err().problem, "a list given twice");
}

#[test]
fn one_thing_is_one_thing() {
    for document in [
        json!({}),
        json!({"album": []}),
        json!({"album": ""}),
        json!({"album": [{"name": "a", "artist": "b"}, {"name": "a", "artist": "b"}]}),
        json!({"album": {"name": "a"}}),
        json!({"album": {"name": "a", "artist": "b", "wiki": "words"}}),
        json!({"album": {"name": "a", "artist": "b", "tracks": {"track": "words"}}}),
        json!({"track": {"name": "a", "artist": "b"}}),
    ] {
        refused::<album::GetInfo>(&document);
    }
}
