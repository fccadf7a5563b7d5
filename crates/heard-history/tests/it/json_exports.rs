//! Export files in JSON: every way in which a record may be written, every damage, and real files against an
//! independent count.

use heard_history::facts::{Clock, LeftOut, Play, Resolution, Rows, Why};
use heard_history::listen::Service;
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::{Format, Framing, Hints, Layout};
use heard_history::normalise::recognise_json::recognise;
use heard_history::normalise::{heard, koito, lastfm_export, listenbrainz, maloja, panoscrobbler, spotify, youtube};

use crate::seeds;

mod counted;
mod whole;

type Reader = fn(&[u8]) -> Rows<'_>;

/// A row of a piece as one line of text.
fn told(rows: &Rows<'_>) -> Vec<String> {
    assert_eq!(rows.plays.len() + rows.left_out.len(), rows.count as usize);
    let plays = rows.plays.iter().map(|play| (play.row, play_told(play)));
    let left_out = rows.left_out.iter().map(|row| (row.row, format!("line {}: {}", row.line, why(row.why))));
    let mut all: Vec<(u32, String)> = plays.chain(left_out).collect();
    assert!(rows.plays.is_sorted_by_key(|play| play.row) && rows.left_out.is_sorted_by_key(|row| row.row));
    all.sort();
    assert!(all.iter().map(|(row, _)| *row).eq(0..rows.count), "each row once: {all:?}");
    all.into_iter().map(|(_, told)| told).collect()
}

fn play_told(play: &Play<'_>) -> String {
    let sounding = &play.sounding;
    let ids = [("a", &play.artist_mbid), ("r", &play.release_mbid), ("t", &play.recording_mbid)];
    let ids = ids.into_iter().filter_map(|(kind, id)| id.as_ref().map(|id| format!("{kind}:{id}")));
    let numbers = [("ms", sounding.ms_played), ("end", sounding.ended_at)];
    let numbers = numbers.into_iter().filter_map(|(kind, number)| number.map(|number| format!("{kind}:{number}")));
    let flags = [("skipped", sounding.skipped), ("incognito", sounding.incognito), ("offline", sounding.offline)];
    let flags =
        flags.into_iter().filter_map(|(kind, flag)| Some(if flag? { kind.to_owned() } else { format!("not-{kind}") }));
    let clock = (sounding.clock != Clock::Start).then(|| format!("{:?}", sounding.clock));
    let resolution = (sounding.resolution == Resolution::Minute).then(|| "minute".to_owned());
    let album = play.album.as_deref().unwrap_or("-");
    let mut told = vec![format!("{} {} | {album} | {}", play.played_at, play.artist, play.track)];
    told.extend(ids.chain(numbers).chain(flags).chain(clock).chain(resolution));
    told.extend(sounding.uri.as_ref().map(ToString::to_string));
    told.join(" ")
}

fn why(why: Why) -> &'static str {
    match why {
        Why::Other(kind) => kind.name(),
        Why::Reject(reason) => reason.name(),
    }
}

/// 2020-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_577_836_800;

#[test]
fn spotify_account_data_tells_the_minute_of_the_end() {
    let piece = r#"[
      {"endTime" : "2020-01-01 00:10", "artistName" : "Nora Vale", "trackName" : "  Öl \"1\" ", "msPlayed" : 61999},
      {"endTime" : "2020-01-01 00:10", "podcastName" : "Talk", "episodeName" : "One", "msPlayed" : 5},
      {"endTime" : "2020-01-01 00:10", "artistName" : " ", "trackName" : "x", "msPlayed" : 0},
      {"endTime" : "2020-01-01 00:10", "artistName" : "Nora Vale", "trackName" : null, "msPlayed" : 0},
      {"endTime" : "", "artistName" : "Nora Vale", "trackName" : "x"},
      {"endTime" : "2020-02-30 00:10", "artistName" : "Nora Vale", "trackName" : "x"},
      {"endTime" : "2020-01-01 00:10", "artistName" : "Nora Vale", "trackName" : "x"},
      {"endTime" : "2020-01-01 00:10", "artistName" : "Nora Vale", "trackName" : "x", "msPlayed" : -7000},
      {"endTime" : "1970-01-01 00:01", "artistName" : "Nora Vale", "trackName" : "x", "msPlayed" : 9223372036854775807},
      {"endTime" : "2020-01-01 00:10", "artistName" : 7, "trackName" : "x", "msPlayed" : 1},
      {"endTime" : "2020-01-01 00:10", "artistName" : "Nora Vale", "trackName" : "x", "msPlayed" : "1e"}
    ]"#;
    assert_eq!(
        told(&spotify::read_account_data(piece.as_bytes())),
        [
            "1577837339 Nora Vale | - |   Öl \"1\"  ms:61999 end:1577837400 End minute",
            "line 2: podcast",
            "line 3: no_artist",
            "line 4: no_track",
            "line 5: no_time",
            "line 6: bad_time",
            "1577837400 Nora Vale | - | x end:1577837400 End minute",
            "1577837400 Nora Vale | - | x ms:-7000 end:1577837400 End minute",
            "line 9: bad_time",
            "line 10: malformed",
            "line 11: malformed",
        ]
    );
}

/// A record of the extended history with some fields in place of its own.
fn stream(fields: &str) -> String {
    let mut record = serde_json::json!({
        "ts": "2020-01-01T00:00:10Z", "platform": "toaster", "ms_played": 4000, "ip_addr": "0.0.0.0",
        "master_metadata_track_name": "Lamp", "master_metadata_album_artist_name": "Nora Vale",
        "master_metadata_album_album_name": "Attic", "spotify_track_uri": "spotify:track:0",
        "episode_name": null, "spotify_episode_uri": null, "skipped": null, "offline": false,
        "offline_timestamp": 0, "incognito_mode": false
    });
    let other: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&format!("{{{fields}}}")).unwrap();
    record.as_object_mut().unwrap().extend(other);
    record.to_string()
}

#[test]
fn spotify_extended_tells_the_end_and_sometimes_the_beginning() {
    let nothing = r#""master_metadata_track_name": null"#;
    let same = "Nora Vale | Attic | Lamp ms:4000";
    let end = "end:1577836810 not-incognito not-offline End spotify:track:0";
    let cases = [
        ("", format!("1577836806 {same} {end}")),
        (r#""ts":"2020-01-01T01:00:10.9+01:00""#, format!("1577836806 {same} {end}")),
        (r#""ts":"2020-01-01T00:00:10""#, "line 0: bad_time".to_owned()),
        (r#""ts":"1969-12-31T23:59:59.5Z""#, "line 0: bad_time".to_owned()),
        (r#""ts":null"#, "line 0: no_time".to_owned()),
        (r#""ts":5"#, "line 0: malformed".to_owned()),
        (
            r#""ms_played":"4000","skipped":true,"incognito_mode":true"#,
            format!("1577836806 {same} end:1577836810 skipped incognito not-offline End spotify:track:0"),
        ),
        (
            r#""offline":true,"offline_timestamp":1577836000"#,
            format!("1577836000 {same} end:1577836004 not-incognito offline Both spotify:track:0"),
        ),
        (
            r#""offline":true,"offline_timestamp":1577836000999"#,
            format!("1577836000 {same} end:1577836004 not-incognito offline Both spotify:track:0"),
        ),
        (
            r#""offline":true,"offline_timestamp":12"#,
            format!("1577836806 {same} end:1577836810 not-incognito offline End spotify:track:0"),
        ),
        (
            r#""offline":true,"offline_timestamp":1577923211"#,
            format!("1577836806 {same} end:1577836810 not-incognito offline End spotify:track:0"),
        ),
        (
            r#""offline":null,"offline_timestamp":null"#,
            format!("1577836806 {same} end:1577836810 not-incognito End spotify:track:0"),
        ),
        (r#""offline_timestamp":1577836000"#, format!("1577836806 {same} {end}")),
        (
            r#""master_metadata_album_album_name":"","spotify_track_uri":null"#,
            "1577836806 Nora Vale | - | Lamp ms:4000 end:1577836810 not-incognito not-offline End".to_owned(),
        ),
        (r#""master_metadata_album_artist_name":null"#, "line 0: no_artist".to_owned()),
        (r#""master_metadata_track_name":"""#, "line 0: no_track".to_owned()),
        (r#""master_metadata_track_name":"a\u0000b""#, "line 0: nul".to_owned()),
        (r#""skipped":"no""#, "line 0: malformed".to_owned()),
    ];
    for (fields, expected) in &cases {
        assert_eq!(
            told(&spotify::read_extended(format!("[{}]", stream(fields)).as_bytes())),
            [expected.as_str()],
            "{fields}"
        );
    }
    let others = [
        (r#""episode_name":"One""#, "podcast"),
        (r#""spotify_episode_uri":"spotify:episode:0""#, "podcast"),
        (r#""audiobook_title":"Book""#, "audiobook"),
        (r#""audiobook_chapter_uri":"spotify:chapter:0""#, "audiobook"),
        ("", "no_metadata"),
    ];
    for (fields, expected) in others {
        let comma = if fields.is_empty() { "" } else { "," };
        let piece = format!("[{}]", stream(&format!("{nothing}{comma}{fields}")));
        assert_eq!(told(&spotify::read_extended(piece.as_bytes())), [format!("line 0: {expected}")]);
    }
}

#[test]
fn names_are_borrowed_where_nothing_is_escaped() {
    let piece = format!("[{}]", stream(""));
    let rows = spotify::read_extended(piece.as_bytes());
    let play = &rows.plays[0];
    for name in [&play.artist, &play.track, play.album.as_ref().unwrap()] {
        assert!(matches!(name, std::borrow::Cow::Borrowed(_)), "{name}");
    }
}

const TRACKS: &str = r##"
  {"artist":{"mbid":"","#text":"Nora Vale"},"@attr":{"nowplaying":"true"},"name":"Lamp"},
  {"artist":{"mbid":"a-1","#text":"Nora Vale"},"mbid":"t-1","album":{"mbid":"r-1","#text":"Attic"},"name":"Lamp",
    "image":[{"size":"small"},{"size":"large"}],"date":{"uts":"1577836800","#text":"01 Jan 2020, 00:00"}},
  {"artist":{"url":"u","name":"Nora Vale"},"album":"","name":"Stove","date":{"uts":1577836801},"loved":"0"},
  {"artist":"Nora Vale","album":{"#text":""},"name":"Undated","date":{"uts":"0"}},
  {"artist":{"#text":"Nora Vale"},"name":"Lost"},
  {"artist":{"#text":"Nora Vale"},"name":"Lost","date":{"uts":"soon"}},
  {"artist":{"#text":"Nora Vale"},"name":"Lost","date":{"uts":"-1"}},
  {"artist":{"#text":""},"name":"Lost","date":{"uts":"1"}}"##;

const TOLD_TRACKS: [&str; 8] = [
    "now_playing",
    "1577836800 Nora Vale | Attic | Lamp a:a-1 r:r-1 t:t-1",
    "1577836801 Nora Vale | - | Stove",
    "0 Nora Vale | - | Undated",
    "no_time",
    "bad_time",
    "bad_time",
    "no_artist",
];

/// Without the line numbers, which depend on what is around the tracks.
fn without_lines(told: Vec<String>) -> Vec<String> {
    told.into_iter()
        .map(|told| {
            told.split_once(": ")
                .filter(|(line, _)| line.starts_with("line "))
                .map_or(told.clone(), |(_, why)| why.to_owned())
        })
        .collect()
}

#[test]
fn pages_of_lastfm_come_in_many_wrappings() {
    let page = format!(r#"{{"track":[{TRACKS}],"@attr":{{"page":"1","user":"nv"}}}}"#);
    let wrappings = [
        format!(r#"{{"recenttracks":{page}}}"#),
        page.clone(),
        format!("[{page}]"),
        format!(r#"[{{"recenttracks":{page}}}]"#),
        format!("[{TRACKS}]"),
    ];
    for wrapped in &wrappings {
        assert_eq!(without_lines(told(&lastfm_export::read_pages(wrapped.as_bytes()))), TOLD_TRACKS, "{wrapped}");
    }
    let twice = format!("[\n{page},\n{page}\n]");
    let rows = lastfm_export::read_pages(twice.as_bytes());
    assert_eq!(without_lines(told(&rows)), [TOLD_TRACKS, TOLD_TRACKS].concat());
    let lines: Vec<u32> = rows.left_out.iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 7, 8, 9, 10, 12, 17, 18, 19, 20]);

    let one = r#"{"recenttracks":{"track":{"artist":"Nora Vale","name":"Lamp","date":{"uts":"1577836800"}}}}"#;
    assert_eq!(told(&lastfm_export::read_pages(one.as_bytes())), ["1577836800 Nora Vale | - | Lamp"]);
    let none = [
        r#"{"recenttracks":{"track":[],"@attr":{"total":"0"}}}"#,
        r#"{"recenttracks":{"@attr":{"total":"0"}}}"#,
        r##"{"recenttracks":{"#text":"\n","user":"nv","total":"0"}}"##,
        r#"{"recenttracks":"\n"}"#,
        r#"{"message":"Login: User required to be logged in","error":17}"#,
        r#"[{"error":29,"message":"Rate limit"}]"#,
        "[]",
        "",
    ];
    for nothing in none {
        assert_eq!(told(&lastfm_export::read_pages(nothing.as_bytes())), [""; 0], "{nothing}");
    }
    for changed in
        [r#"{"recenttracks":[]}"#, r#"{"track":"Lamp"}"#, r#"{"pages":1}"#, r#"{"recenttracks":{"track":5}}"#]
    {
        assert_eq!(told(&lastfm_export::read_pages(changed.as_bytes())), ["line 0: malformed"], "{changed}");
    }
}

#[test]
fn a_damaged_page_of_lastfm_gives_what_is_whole_in_it() {
    let record = |n: i64| {
        format!(
            r##"{{"artist":{{"#text":"Nora"}},"image":[{{"size":"s"}},{{"size":"l"}}],"name":"T{n}","date":{{"uts":"{n}"}}}}"##
        )
    };
    let tracks: Vec<String> = (1..6).map(record).collect();
    let document = format!("{{\"recenttracks\":{{\"track\":[{}],\"@attr\":{{\"user\":\"nv\"}}}}}}", tracks.join(",\n"));
    let whole = told(&lastfm_export::read_pages(document.as_bytes()));
    assert_eq!(whole.len(), 5);
    let breaks: [(&str, &str); 5] =
        [("\"T3\"", "\"T3"), ("T3", "T\\ud800"), ("\"T3\"", "[3]"), ("T3", "T\u{1}"), ("\"T3\"", "{")];
    for (good, bad) in breaks {
        let damaged = document.replace(good, bad);
        let rows = told(&lastfm_export::read_pages(damaged.as_bytes()));
        assert!(rows[2].starts_with("line 2: "), "{bad}: {rows:?}");
        assert_eq!([&rows[..2], &rows[3..]].concat(), [&whole[..2], &whole[3..]].concat(), "{bad}");
    }
    // A document that ends early: each track before the end, and one that was cut off.
    let third = document.find("T3").unwrap();
    let rows = told(&lastfm_export::read_pages(&document.as_bytes()[..third]));
    assert_eq!(rows, [&whole[0], &whole[1], &"line 2: truncated".to_owned()].map(String::as_str));
    // The page before and the page behind are whole.
    let page = format!("{{\"track\":[{}],\"@attr\":{{}}}}", tracks.join(","));
    let pages = format!("[{page},{},{page}]", page.replace("\"T3\"", "\"T3"));
    let rows = told(&lastfm_export::read_pages(pages.as_bytes()));
    assert_eq!((rows.len(), rows.iter().filter(|row| row.contains("malformed")).count()), (15, 1), "{rows:?}");
}

#[test]
fn lastfmstats_and_the_official_archive_are_read() {
    let stats = br#"[{"track":"Lamp","artist":"Nora Vale","album":"","date":1577836800999},
        {"track":"Lamp","artist":"Nora Vale","album":"Attic","date":0},{"track":"Lamp","artist":"Nora Vale","date":null}]"#;
    assert_eq!(
        told(&lastfm_export::read_lastfmstats(stats)),
        ["1577836800 Nora Vale | - | Lamp", "0 Nora Vale | Attic | Lamp", "line 1: no_time"]
    );
    let official = br#"[
      {"timestamp":{"iso":"2014-01-01T00:00:00","unixtimestamp":1388534400.0},"application":"",
       "track":{"name":"Lamp","mbid":"t-1","artist":{"name":"Nora Vale","mbid":"a-1"}},
       "uncorrectedTrack":{"name":"lamp","mbid":"","artist":{"name":"nora vale"}},
       "album":{"name":"Attic","mbid":"r-1","artist":{"name":"Nora Vale"}}},
      {"time":{"unixtime":1388534401},"track":{"name":null},"uncorrectedTrack":{"name":"lamp","artist":{"name":"nora vale"}}},
      {"bootstrapCount":12,"track":{"name":"Lamp","artist":{"name":"Nora Vale"}}},
      {"track":{"name":"Lamp","artist":{"name":"Nora Vale"}}}]"#;
    assert_eq!(
        told(&lastfm_export::read_official(official)),
        [
            "1388534400 Nora Vale | Attic | Lamp a:a-1 r:r-1 t:t-1",
            "1388534401 nora vale | - | lamp",
            "line 6: not_a_play",
            "line 7: no_time",
        ]
    );
}

#[test]
fn listenbrainz_comes_as_lines_and_as_a_list() {
    let records = [
        r#"{"listened_at":1577836800,"track_metadata":{"artist_name":"Nora Vale","track_name":"Lamp","release_name":"Attic","additional_info":{"artist_mbids":["a-1"],"recording_mbid":"t-1","duration_ms":5000},"mbid_mapping":{"recording_mbid":"t-9","release_mbid":"r-9","artist_mbids":["a-9"]}}}"#,
        r#"{"listened_at":"1577836801","track_metadata":{"artist_name":"Nora Vale","track_name":"Lamp","additional_info":{"artist_mbids":["a-1","a-2"],"recording_mbid":5,"release_mbid":["",{}]},"mbid_mapping":null}}"#,
        r#"{"track_metadata":{"artist_name":"Nora Vale","track_name":"Lamp"},"playing_now":true}"#,
        r#"{"created":1577836800,"score":1,"recording_mbid":"t-1","recording_msid":null}"#,
        r#"{"created":1577836800,"pinned_until":1577836900,"blurb_content":null,"recording_mbid":"t-1"}"#,
        r#"{"track_metadata":{"artist_name":"Nora Vale","track_name":"Lamp"}}"#,
        r#"{"listened_at":1577836800,"track_metadata":{"artist_name":"Nora Vale","track_name":""}}"#,
        r#"{"listened_at":1577836800}"#,
        r#"{"listened_at":1577836800,"track_metadata":["Nora Vale","Lamp"]}"#,
        r#"{"listened_at":253402300800,"track_metadata":{"artist_name":"Nora Vale","track_name":"Lamp"}}"#,
    ];
    let expected = [
        "1577836800 Nora Vale | Attic | Lamp a:a-1 r:r-9 t:t-1",
        "1577836801 Nora Vale | - | Lamp",
        "line 2: now_playing",
        "line 3: feedback",
        "line 4: feedback",
        "line 5: no_time",
        "line 6: no_track",
        "line 7: no_artist",
        "line 8: malformed",
        "line 9: bad_time",
    ];
    for text in [records.join("\n"), records.join("\r\n") + "\r\n", format!("[{}]", records.join(",\n"))] {
        assert_eq!(told(&listenbrainz::read(text.as_bytes())), expected, "{text}");
    }
    let blank = format!("\n{}\n \n{}\n\n", records[0], records[1]);
    assert_eq!(told(&listenbrainz::read(blank.as_bytes())), expected[..2]);
}

#[test]
fn maloja_and_koito_join_several_artists() {
    let maloja = br#"[{"time":1577836800,"track":{"artists":["Nora Vale","Ida"],"title":"Lamp","album":{"artists":[],"albumtitle":"Attic"},"length":9},"duration":7,"origin":"x"},
      {"time":1577836800,"track":{"artists":["Nora Vale"],"title":"Lamp","album":null,"length":null},"duration":null},
      {"time":1577836800,"track":{}},{"time":1577836800,"track":{"artists":[],"title":"Lamp"}},
      {"time":1577836800,"track":{"artists":["Nora Vale"]}},{"time":1577836800,"track":{"artists":"Nora Vale","title":"Lamp"}},
      {"track":{"artists":["",""],"title":"Lamp"}}]"#;
    assert_eq!(
        told(&maloja::read(maloja)),
        [
            "1577836800 Nora Vale, Ida | Attic | Lamp ms:7000 end:1577836807",
            "1577836800 Nora Vale | - | Lamp",
            "line 2: no_artist",
            "line 2: no_artist",
            "line 3: no_track",
            "line 3: malformed",
            "line 4: no_artist",
        ]
    );
    let koito = br#"[{"listened_at":"2020-01-01T00:00:00Z","client":"x",
       "track":{"mbid":"t-1","duration":9,"aliases":[{"alias":"Lampe","is_primary":false},{"alias":"Lamp","is_primary":true}]},
       "album":{"mbid":"r-1","aliases":[{"alias":"Attic","is_primary":true}]},
       "artists":[{"mbid":"a-1","is_primary":false,"aliases":[{"alias":"Nora Vale"}]}]},
      {"listened_at":"2020-01-01T00:00:00Z","track":{"mbid":null,"aliases":[{"alias":"Lamp"}]},"album":null,
       "artists":[{"mbid":"a-1","aliases":[{"alias":"Nora Vale","is_primary":true}]},{"aliases":[{"alias":"Ida"}]}]},
      {"listened_at":"2020-01-01T00:00:00Z","track":{"aliases":[]},"artists":[{"aliases":[{"alias":"Ida"}]}]},
      {"listened_at":"yesterday","track":{"aliases":[{"alias":"Lamp"}]},"artists":[{"aliases":[{"alias":"Ida"}]}]}]"#;
    assert_eq!(
        told(&koito::read(koito)),
        [
            "1577836800 Nora Vale | Attic | Lamp a:a-1 r:r-1 t:t-1",
            "1577836800 Nora Vale, Ida | - | Lamp",
            "line 6: no_track",
            "line 7: bad_time",
        ]
    );
}

#[test]
fn pano_scrobbler_and_our_own_lines_are_read() {
    let pano = br#"{"timeMs":1577836800999,"artist":"Nora Vale","track":"Lamp","album":"Attic","durationMs":9000,"event":"scrobble"}
{"timeMs":1577836800999,"artist":"Nora Vale","track":"Lamp","event":"love"}
{"timeMs":1577836800999,"artist":"Nora Vale","track":"Lamp","event":"unlove"}
{"timeMs":1577836800999,"artist":"Nora Vale","track":"Lamp","event":"dance"}
{"timeMs":"1577836800000","artist":"Nora Vale","track":"Lamp","album":""}
{"artist":"Nora Vale","track":"Lamp","event":"scrobble"}"#;
    assert_eq!(
        told(&panoscrobbler::read(pano)),
        [
            "1577836800 Nora Vale | Attic | Lamp",
            "line 1: feedback",
            "line 2: feedback",
            "line 3: not_a_play",
            "1577836800 Nora Vale | - | Lamp",
            "line 5: no_time",
        ]
    );
    let ours = br#"{"listener":"me","played_at":1577836800,"played_time":"2020-01-01T00:00:00Z","artist":"Nora Vale","album":"Attic","track":"Lamp","ms_played":4999,"artist_mbid":"a-1","release_mbid":"r-1","recording_mbid":"t-1","sources":["lastfm/nv"]}
{"listener":"me","played_at":null,"played_time":null,"artist":"Nora Vale","album":null,"track":"Lamp","ms_played":5000,"artist_mbid":null,"release_mbid":null,"recording_mbid":null,"sources":["lastfm/nv"]}
{"listener":"me","artist":"Nora Vale","track":"Lamp"}"#;
    assert_eq!(
        told(&heard::read(ours)),
        [
            "1577836800 Nora Vale | Attic | Lamp a:a-1 r:r-1 t:t-1 ms:4999 end:1577836804",
            "0 Nora Vale | - | Lamp ms:5000",
            "line 2: no_time",
        ]
    );
}

#[test]
fn music_is_told_from_what_else_was_watched() {
    let watched = |header: &str, title: &str, channel: &str| {
        let subtitles = if channel.is_empty() {
            String::new()
        } else {
            format!(r#""subtitles":[{{"name":"{channel}","url":"c"}}],"#)
        };
        format!(
            r#"{{"header":"{header}","title":"{title}",{subtitles}"time":"2020-01-01T00:00:00.999Z","products":["YouTube"]}}"#
        )
    };
    let play = |title: &str| format!("1577836800 Nora Vale | - | {title}");
    let cases = [
        (watched("YouTube Music", "Watched Lamp", "Nora Vale - Topic"), play("Lamp")),
        (watched("YouTube", "Watched Lamp", "Nora Vale - Topic"), play("Lamp")),
        (watched("YouTube Music", "Watched Lamp", "Nora Vale"), play("Lamp")),
        (watched("YouTube Music", "Vous avez regardé Lamp", "Nora Vale - Topic"), play("Lamp")),
        (watched("YouTube Music", "Has visto Lamp", "Nora Vale - Topic"), play("Lamp")),
        (watched("YouTube Music", "Lamp を視聴しました", "Nora Vale - Topic"), play("Lamp")),
        (watched("YouTube Music", "Watched \\\"Lamp\\\"", "Nora Vale - Topic"), play("\"Lamp\"")),
        (watched("YouTube Music", "Lamp gesehen", "Nora Vale - Topic"), play("Lamp gesehen")),
        (watched("YouTube", "Watched Lamp", "Nora Vale"), "line 0: video".to_owned()),
        (watched("YouTube", "Watched a video that has been removed", ""), "line 0: video".to_owned()),
        (watched("YouTube Music", "Watched a video that has been removed", ""), "line 0: no_metadata".to_owned()),
        (watched("YouTube Music", "Watched Lamp", " - Topic"), "line 0: no_artist".to_owned()),
        (watched("YouTube Music", "Watched ", "Nora Vale"), "line 0: no_track".to_owned()),
    ];
    for (record, expected) in &cases {
        assert_eq!(told(&youtube::read(format!("[{record}]").as_bytes())), [expected.as_str()], "{record}");
    }
}

/// A format's name, its reader, whether its records stand in a list, and a good one, told from others by a number.
type Sample = (&'static str, Reader, bool, fn(i64) -> String);

/// A good record of each format with a list or lines, named by a number.
fn formats() -> Vec<Sample> {
    vec![
        ("account", spotify::read_account_data, true, |n| {
            format!(
                r#"{{"endTime" : "2020-01-01 00:{n:02}", "artistName" : "Nora", "trackName" : "T{n}", "msPlayed" : 0}}"#
            )
        }),
        ("extended", spotify::read_extended, true, |n| {
            format!(
                r#"{{"ts":"2020-01-01T00:00:{n:02}Z","ms_played":0,"master_metadata_track_name":"T{n}","master_metadata_album_artist_name":"Nora","spotify_track_uri":"u"}}"#
            )
        }),
        ("pages", lastfm_export::read_pages, true, |n| {
            format!(
                r##"{{"artist":{{"#text":"Nora"}},"image":[{{"size":"s"}},{{"size":"l"}}],"name":"T{n}","date":{{"uts":"{n}"}}}}"##
            )
        }),
        ("lastfmstats", lastfm_export::read_lastfmstats, true, |n| {
            format!(r#"{{"track":"T{n}","artist":"Nora","album":"","date":{n}000}}"#)
        }),
        ("official", lastfm_export::read_official, true, |n| {
            format!(r#"{{"timestamp":{{"unixtimestamp":{n}}},"track":{{"name":"T{n}","artist":{{"name":"Nora"}}}}}}"#)
        }),
        ("listenbrainz list", listenbrainz::read, true, listen),
        ("listenbrainz lines", listenbrainz::read, false, listen),
        ("maloja", maloja::read, true, |n| {
            format!(r#"{{"time":{n},"track":{{"artists":["Nora"],"title":"T{n}","album":null}},"duration":null}}"#)
        }),
        ("koito", koito::read, true, |n| {
            format!(
                r#"{{"listened_at":"2020-01-01T00:00:{n:02}Z","track":{{"aliases":[{{"alias":"T{n}"}}]}},"artists":[{{"aliases":[{{"alias":"Nora"}}]}}]}}"#
            )
        }),
        ("pano", panoscrobbler::read, false, |n| {
            format!(r#"{{"timeMs":{n}000,"artist":"Nora","track":"T{n}","event":"scrobble"}}"#)
        }),
        ("youtube", youtube::read, true, |n| {
            format!(
                r#"{{"header":"YouTube","title":"T{n}","subtitles":[{{"name":"Nora - Topic","url":"u"}}],"time":"2020-01-01T00:00:{n:02}Z"}}"#
            )
        }),
        ("heard", heard::read, false, |n| {
            format!(r#"{{"listener":"me","played_at":{n},"artist":"Nora","track":"T{n}","sources":[]}}"#)
        }),
    ]
}

fn listen(n: i64) -> String {
    format!(
        r#"{{"inserted_at":1.5,"listened_at":{n},"track_metadata":{{"artist_name":"Nora","track_name":"T{n}","additional_info":{{"x":[{{"y":1}},{{"y":2}}]}}}}}}"#
    )
}

fn piece(records: &[Vec<u8>], is_list: bool) -> Vec<u8> {
    let joined = records.join(if is_list { &b",\n"[..] } else { &b"\n"[..] });
    if is_list { [b"[", &*joined, b"]"].concat() } else { joined }
}

#[test]
fn a_damaged_record_is_left_out_alone() {
    let damages: [(&str, &[u8], &[u8], &str); 15] = [
        ("a quote is lost before the name", b"\"T2\"", b"T2\"", "malformed"),
        ("a quote is lost behind the name", b"T2\"", b"T2", "malformed"),
        ("the first quote is lost", b"{\"", b"{", "malformed"),
        ("a brace is lost", b"}", b"", "malformed"),
        ("a brace too many", b"{", b"{{", "malformed"),
        ("a list in place of the name", b"\"T2\"", b"[\"T2\"]", "malformed"),
        ("an object in place of the name", b"\"T2\"", b"{\"x\":[]}", "malformed"),
        ("half a character behind an escape", b"T2", b"T\\ud800", "not_utf8"),
        ("the other half", b"T2", b"\\udc00T", "not_utf8"),
        ("two first halves", b"T2", b"\\ud800\\ud800", "not_utf8"),
        ("a byte of Latin-1", b"T2", b"T\xE9", "not_utf8"),
        ("a NUL", b"T2", b"T\0", "nul"),
        ("a NUL beside a byte of Latin-1", b"T2", b"T\0\xE9", "not_utf8"),
        ("a NUL behind an escape", b"T2", b"T\\u0000", "nul"),
        ("a name that does not end", b"\"T2\"", b"\"T2\\\"", "malformed"),
    ];
    for (format, read, is_list, record) in formats() {
        let good: Vec<Vec<u8>> = (1..=4).map(|n| record(n).into_bytes()).collect();
        let whole = told(&read(&piece(&good, is_list)));
        assert!(whole.len() == 4 && whole.iter().all(|row| row.contains("Nora")), "{format}: {whole:?}");
        for (damage, of, by, reason) in damages {
            // The first, one in the middle, and the last but one.
            for at in 0..3 {
                let name = format!("T{}", at + 1);
                let mut records = good.clone();
                let of = String::from_utf8_lossy(of).replace("T2", &name).into_bytes();
                let position = memchr::memmem::find(&records[at], &of).unwrap_or_else(|| panic!("{format}: {damage}"));
                records[at].splice(position..position + of.len(), by.iter().copied());
                let piece = piece(&records, is_list);
                let rows = told(&read(&piece));
                let shown = String::from_utf8_lossy(&piece);
                assert_eq!(rows.len(), 4, "{format}: {damage} in record {at}: {rows:?}\n{shown}");
                assert_eq!(rows[at], format!("line {at}: {reason}"), "{format}: {damage}\n{shown}");
                let others = |rows: &[String]| [&rows[..at], &rows[at + 1..]].concat();
                assert_eq!(others(&rows), others(&whole), "{format}: {damage}\n{shown}");
            }
        }
    }
}

#[test]
fn a_record_that_was_cut_off_is_one_row_wherever_it_was_cut() {
    for (format, read, is_list, record) in formats() {
        let record = record(7);
        for cut in 1..record.len() {
            let piece = piece(&[record.as_bytes()[..cut].to_vec()], is_list);
            assert_eq!(told(&read(&piece)), ["line 0: truncated"], "{format}: {}", &record[..cut]);
        }
    }
    // In the middle of a character, too.
    let record = stream(r#""master_metadata_track_name":"é""#);
    let cut = record.find('é').unwrap() + 1;
    let piece = piece(&[record.as_bytes()[..cut].to_vec()], true);
    assert_eq!(told(&spotify::read_extended(&piece)), ["line 0: truncated"]);
}

#[test]
fn what_is_no_record_is_a_row_of_its_own() {
    let good = stream("");
    let play =
        "1577836806 Nora Vale | Attic | Lamp ms:4000 end:1577836810 not-incognito not-offline End spotify:track:0";
    let (bad, none) = ("line 0: malformed", [""; 0].as_slice());
    let twice = format!(r#"{{"ms_played":1,{}"#, &good[1..]);
    let deep =
        format!(r#"{{"master_metadata_track_name":{}{},{}"#, "[".repeat(100_000), "]".repeat(100_000), &good[1..]);
    let deep_elsewhere = format!(r#"{{"x":{}{},{}"#, "[".repeat(100_000), "]".repeat(100_000), &good[1..]);
    let cases: [(String, &[&str]); 15] = [
        (String::new(), none),
        (" \n ".to_owned(), none),
        ("[]".to_owned(), none),
        ("[\n]\n".to_owned(), none),
        (format!("[{good}] \n"), &[play]),
        (format!("[{good},]"), &[play]),
        (format!("[{good}{good}]"), &[play, play]),
        (format!("[null,{good},5,\"x\",[],{good}]"), &[bad, play, bad, bad, bad, play]),
        (format!("[{good}}},{good}]"), &[play, bad, play]),
        (format!("[{good}]],{good}]"), &[play, play]),
        (format!("[{good} what follows {good}]"), &[play, bad, play]),
        (good.clone(), &[play]),
        (format!("[{twice}]"), &[bad]),
        (format!("[{deep},{good}]"), &[bad, play]),
        (format!("[{deep_elsewhere}]"), &[play]),
    ];
    for (piece, expected) in &cases {
        let shown: String = piece.chars().take(300).collect();
        assert_eq!(told(&spotify::read_extended(piece.as_bytes())), *expected, "{shown}");
    }
}

#[test]
fn what_is_kept_of_a_left_out_record_is_its_beginning() {
    let long = "é".repeat(LeftOut::LONGEST);
    let text = |record: &[u8]| {
        let rows = spotify::read_account_data(record);
        rows.left_out[0].text.clone()
    };
    assert_eq!(text(b"[{\"artistName\": 5 }  , {}]"), "{\"artistName\": 5 }");
    assert_eq!(text(b"[{\"artistName\":\"\xFFx\0\"}]"), "{\"artistName\":\"\\xFFx\\x00\"}");
    let kept = text(format!("[{{\"artistName\":\"{long}\"}}]").as_bytes());
    assert!(kept.len() > LeftOut::LONGEST - 4 && kept.len() <= LeftOut::LONGEST && kept.ends_with('é'), "{kept}");
    let garbage = [b"[".as_slice(), &[0xFF; 2000], b"]"].concat();
    assert!(text(&garbage).len() <= LeftOut::LONGEST);
}

#[test]
fn damage_that_repeats_costs_no_more_than_its_length() {
    // Each could be read to its end at every record, which would take hours.
    let damages = [
        r#"{"x":[1,"#,
        r#"{"track":[1,"#,
        r#"{"track":""#,
        "{",
        "{,",
        "},{",
        r#"{"ts":","#,
        r#"{"ts" "#,
        "{x,",
        "x",
        r#"{"recenttracks":{"track":[{"artist":1,"#,
        r#"x,{"y":1},"#,
        r#"{x,{"y":1]},"#,
        "\\",
        "\"",
        "[",
        "]",
        "\n{\"a\":[1,",
    ];
    for damage in damages {
        let text = damage.repeat(60_000 / damage.len());
        for (_, read, ..) in formats() {
            for piece in [text.clone(), format!("[{text}]"), format!("[{text}!")] {
                told(&read(piece.as_bytes()));
            }
        }
    }
}

/// Pieces of JSON that reach most branches when put together at random.
const SHARDS: [&str; 28] = [
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "\\",
    "\n",
    "null",
    "true",
    "-1",
    "1e400",
    "0.5",
    "9223372036854775808",
    "\"ts\":",
    "\"track\":",
    "\"recenttracks\":",
    "\"artist\":",
    "\"name\":",
    "\"#text\"",
    "\"track_metadata\":",
    "\"aliases\":[",
    "},{\"ts\":",
    "\\ud83d\\ude00",
    "\\udc00",
    "\u{feff}",
    "é",
];

#[test]
fn any_bytes_are_read_without_loss_of_count() {
    let formats = formats();
    seeds::each(300, |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let (_, read, is_list, record) = formats[random.usize(..formats.len())];
        let records: Vec<Vec<u8>> = (0..random.i64(0..6)).map(|n| record(n).into_bytes()).collect();
        let mut bytes = piece(&records, is_list);
        for _ in 0..random.usize(0..40) {
            let at = random.usize(..=bytes.len());
            match random.u8(..5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, random.u8(..)),
                2 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
                3 if at < bytes.len() => drop(bytes.remove(at)),
                _ => drop(bytes.splice(at..at, SHARDS[random.usize(..SHARDS.len())].bytes())),
            }
        }
        told(&read(&bytes));
        for (_, read, ..) in &formats {
            told(&read(&bytes));
        }
        let _ = recognise("x.json", &bytes, &Hints::default());
    });
}

/// What a recognised file is, in one line.
fn recognised(name: &str, head: &str) -> String {
    match recognise(name, head.as_bytes(), &Hints::default()) {
        None => "-".to_owned(),
        Some(Err(sentence)) => format!("! {sentence}"),
        Some(Ok(layout)) => layout_told(&layout),
    }
}

fn layout_told(layout: &Layout) -> String {
    let framing = match &layout.framing {
        Framing::Elements(None) => "list".to_owned(),
        Framing::Elements(Some(key)) => format!("list at {key}"),
        Framing::Document => "document".to_owned(),
        Framing::Lines => "lines".to_owned(),
        Framing::Table => "table".to_owned(),
    };
    let account = layout.account.as_ref().map(|account| format!(" of {account}")).unwrap_or_default();
    format!("{} {} {framing}{account}", layout.service, layout.format.name())
}

#[test]
fn files_are_recognised_by_what_is_in_them() {
    let of = |format: &str| {
        let (.., record) = formats().into_iter().find(|(name, ..)| *name == format).unwrap();
        record(1)
    };
    let list = |format: &str| format!("[\n{},{}]", of(format), of(format));
    let page = format!(r#"{{"track":[{}],"@attr":{{"user":"NoraV"}}}}"#, of("pages"));
    let cases: [(&str, String, &str); 37] = [
        ("x", list("account"), "spotify spotify-account-data list"),
        ("x", r#"[{"endTime":"","podcastName":""}]"#.to_owned(), "spotify spotify-account-data list"),
        ("x", format!("[{}]", stream(r#""username":"norav""#)), "spotify spotify-extended list"),
        ("StreamingHistory0.json", "[ ]".to_owned(), "spotify spotify-account-data list"),
        ("a.zip/MyData/Streaming_History_Audio_2020.json", "[]".to_owned(), "spotify spotify-extended list"),
        ("x", "[]".to_owned(), "-"),
        ("x", format!(r#"{{"recenttracks":{page}}}"#), "lastfm lastfm-pages document of norav"),
        (
            "recenttracks-Nora-V-17.json",
            r#"{"recenttracks":{"track":[{"artist""#.to_owned(),
            "lastfm lastfm-pages document of nora-v",
        ),
        ("x", page.clone(), "lastfm lastfm-pages document of norav"),
        ("recenttracks-other-17.json", format!("[{page},{page}]"), "lastfm lastfm-pages list of norav"),
        ("recenttracks-Other-17.json", list("pages"), "lastfm lastfm-pages list of other"),
        ("x", r#"[{"recenttracks":{"track":[]}}]"#.to_owned(), "lastfm lastfm-pages list"),
        (
            "x",
            r#"{"message":"Login:\nrequired","error":17}"#.to_owned(),
            "! it holds no plays, but an error of Last.fm: Login:required (error 17)",
        ),
        (
            "x",
            r#"{"error":"6","message":"no"}"#.to_owned(),
            "! it holds no plays, but an error of Last.fm: no (error 6)",
        ),
        (
            "x",
            r#"{"weeklytrackchart":{"track":[]}}"#.to_owned(),
            "! it is Last.fm's \"weeklytrackchart\", which does not tell when each play was; user.getRecentTracks does",
        ),
        (
            "x",
            r#"{"toptracks":{}}"#.to_owned(),
            "! it is Last.fm's \"toptracks\", which does not tell when each play was; user.getRecentTracks does",
        ),
        ("scrobbles-2014-01.json", list("official"), "lastfm lastfm-official list"),
        ("x/loved.json", list("official"), "! it is Last.fm's list of loved tracks, which tells of no plays"),
        (
            "x",
            format!(r#"{{"username":"NoraV","scrobbles":{}}}"#, list("lastfmstats")),
            "lastfm lastfmstats list at scrobbles of norav",
        ),
        ("x", r#"{"username":"NoraV","scrobbles":[]}"#.to_owned(), "lastfm lastfmstats list at scrobbles of norav"),
        (
            "x",
            format!(r#"{{"maloja":{{"export_time":1}},"scrobbles":{}}}"#, list("maloja")),
            "maloja maloja list at scrobbles",
        ),
        ("x", r#"{"maloja":{},"scrobbles":[]}"#.to_owned(), "maloja maloja list at scrobbles"),
        (
            "x",
            format!(r#"{{"version":"1","user":"NoraV","listens":{}}}"#, list("koito")),
            "koito koito list at listens of norav",
        ),
        (
            "x",
            r#"{"version":"1","exported_at":"","user":"n","listens":[]}"#.to_owned(),
            "koito koito list at listens of n",
        ),
        ("x", r#"{"listens":[{"x":1}]}"#.to_owned(), "-"),
        (
            "listenbrainz_Nora_V_17.zip/listens/2020/1.jsonl",
            of("listenbrainz lines"),
            "listenbrainz listenbrainz lines of nora_v",
        ),
        ("x.json", list("listenbrainz list"), "listenbrainz listenbrainz list"),
        ("nora_lb-2020-01-01.json", list("listenbrainz list"), "listenbrainz listenbrainz list of nora"),
        (
            "x",
            r#"{"listened_at":1,"user_name":"NoraV","track_metadata":{}}"#.to_owned(),
            "listenbrainz listenbrainz lines of norav",
        ),
        ("x", r#"{"created":1,"recording_msid":null,"score":-1}"#.to_owned(), "listenbrainz listenbrainz lines"),
        ("user.json", r#"{"user_id":1,"username":"nora"}"#.to_owned(), "-"),
        ("x", of("pano"), "panoscrobbler panoscrobbler lines"),
        ("x", of("heard"), "heard heard lines"),
        ("x", list("youtube"), "youtube youtube list"),
        ("x", r#"[{"header":"Maps","title":"Searched for x","time":"","products":["Maps"]}]"#.to_owned(), "-"),
        ("x", r#"{"type":"FeatureCollection"}"#.to_owned(), "-"),
        ("x", "artist,track\n[]".to_owned(), "-"),
    ];
    for (name, text, expected) in &cases {
        assert_eq!(recognised(name, text), *expected, "{name}: {text}");
    }
}

#[test]
fn the_listener_may_say_what_content_does_not() {
    let with = |format, text: &str| {
        let hints = Hints { format: Some(format), ..Hints::default() };
        recognise("x", text.as_bytes(), &hints).map(|layout| layout_told(&layout.unwrap()))
    };
    assert_eq!(with(Format::Youtube, "[]").as_deref(), Some("youtube youtube list"));
    assert_eq!(with(Format::Maloja, "[{}]").as_deref(), Some("maloja maloja list"));
    assert_eq!(with(Format::Maloja, "{}").as_deref(), Some("maloja maloja list at scrobbles"));
    assert_eq!(with(Format::Heard, "{}").as_deref(), Some("heard heard lines"));
    assert_eq!(with(Format::Youtube, "{}"), None);
    assert_eq!(with(Format::AppleMusic, "[]"), None);
    let content = format!("[{}]", stream(""));
    assert_eq!(with(Format::Youtube, &content).as_deref(), Some("spotify spotify-extended list"), "content goes first");
}

#[test]
fn a_cut_head_is_recognised_like_the_whole_file() {
    for (format, read, is_list, record) in formats() {
        let records: Vec<Vec<u8>> = (1..4).map(|n| record(n).into_bytes()).collect();
        let text = String::from_utf8(piece(&records, is_list)).unwrap();
        let whole = recognise("x", text.as_bytes(), &Hints::default());
        let expected = match format {
            "maloja" | "koito" | "lastfmstats" => continue,
            _ => whole.unwrap_or_else(|| panic!("{format}")).unwrap(),
        };
        assert_eq!(read_rows(&expected, text.as_bytes()), read(text.as_bytes()));
        assert_ne!(expected.service, Service::File);
        for cut in record(1).len()..text.len() {
            let head = &text.as_bytes()[..cut];
            assert_eq!(recognise("x", head, &Hints::default()).unwrap().unwrap(), expected, "{format} cut at {cut}");
        }
    }
}

#[test]
fn the_moment_of_new_year_is_what_the_tests_say() {
    let piece = br#"{"timeMs":1577836800000,"artist":"a","track":"b"}"#;
    assert_eq!(panoscrobbler::read(piece).plays[0].played_at, NEW_YEAR);
}
