//! Scrobbling, now playing, love and tags, by Last.fm's rules.

use fakefm::{Outcome, Tagged};
use serde_json::json;

use crate::{
    client::{get, list, post},
    writer::{NOW, SESSION, batch, call, fake, fake_with, form, held, scrobble, signed, verdict},
};

const DAY: i64 = 86_400;

#[test]
fn one_scrobble_is_answered_as_an_object_and_enters_the_account() {
    let fake = fake();
    let timestamp = (NOW - 60).to_string();
    let reply = call(
        &fake,
        "track.scrobble",
        &[
            ("artist", "Ä & =+ \"B\"/"),
            ("track", "T\u{1F319}"),
            ("timestamp", &timestamp),
            ("album", "L"),
            ("albumArtist", "V"),
            ("mbid", ""),
        ],
    );
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    let field = |text: &str| json!({"corrected": "0", "#text": text});
    assert_eq!(
        reply.json(),
        json!({"scrobbles": {
            "scrobble": {
                "artist": field("Ä & =+ \"B\"/"), "album": field("L"), "track": field("T\u{1F319}"),
                "albumArtist": field("V"), "timestamp": timestamp, "ignoredMessage": {"code": "0", "#text": ""},
            },
            "@attr": {"accepted": 1, "ignored": 0},
        }})
    );
    assert!(String::from_utf8(reply.body).unwrap().contains("\\\"B\\\"\\/"), "slashes are escaped as the service does");
    let rows = get(&fake, &list("")).rows();
    assert_eq!((rows.len(), &rows[0]["date"]["uts"]), (1, &json!(timestamp)));
    assert_eq!((&rows[0]["artist"]["#text"], &rows[0]["album"]["#text"]), (&json!("Ä & =+ \"B\"/"), &json!("L")));
}

#[test]
fn several_are_a_list_in_the_order_of_their_numbers() {
    let fake = fake();
    let rows: Vec<_> = (0..50).map(|n| (NOW - 100 + n, "A", "T")).collect();
    let reply = scrobble(&fake, &rows);
    let scrobbles = reply.json()["scrobbles"]["scrobble"].clone();
    let seconds: Vec<_> = scrobbles.as_array().unwrap().iter().map(|row| row["timestamp"].clone()).collect();
    let expected: Vec<_> = (0..50).map(|n| json!((NOW - 100 + n).to_string())).collect();
    assert_eq!(seconds, expected, "artist[10] is the eleventh, though it is signed as the third");
    assert_eq!((verdict(&reply).0, get(&fake, &list("")).total()), (50, 50));
    let too_many: Vec<_> = (0..51).map(|n| (NOW - 200 + n, "A", "T")).collect();
    assert_eq!(scrobble(&fake, &too_many).refusal().0, 6);
    assert_eq!(fake.world().listener().len(), 50);
    assert_eq!(fake.stats().by_batch.into_iter().collect::<Vec<_>>(), [(50, 1), (51, 1)]);
}

#[test]
fn xml_is_the_same_in_xml() {
    let fake = fake();
    let xml = |body: String| {
        let reply = post(&fake, "/2.0/", &body.replace("&format=json", ""));
        assert_eq!(reply.header("content-type"), Some("text/xml; charset=UTF-8"));
        String::from_utf8(reply.body).unwrap()
    };
    let one = xml(batch(&[(NOW - 15 * DAY, "A & <B>", "T")]));
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<lfm status=\"ok\">\n  <scrobbles ignored=\"1\" accepted=\"0\">\n    \
         <scrobble>\n      <artist corrected=\"0\">A &amp; &lt;B&gt;</artist>\n      <album corrected=\"0\"></album>\n      \
         <track corrected=\"0\">T</track>\n      <albumArtist corrected=\"0\"></albumArtist>\n      \
         <ignoredMessage code=\"3\"></ignoredMessage>\n      <timestamp>{}</timestamp>\n    </scrobble>\n  \
         </scrobbles>\n</lfm>\n",
        NOW - 15 * DAY
    );
    assert_eq!(one, expected);
    assert_eq!(xml(batch(&[(NOW, "A", "T"), (NOW, "A", "U")])).matches("    <scrobble>\n").count(), 2);
    let love = xml(form("track.love", &[("artist", "A"), ("track", "T")]));
    assert!(love.ends_with("<lfm status=\"ok\">\n</lfm>\n"), "{love}");
    let refused = xml(form("track.love", &[("artist", "A")]));
    assert!(refused.contains("<lfm status=\"failed\">\n  <error code=\"6\">"), "{refused}");
}

#[test]
fn a_batch_is_accepted_in_part_and_each_row_says_why_not() {
    let fake = fake();
    let rows = [
        (NOW - 1, "A", "T"),
        (NOW - 1, "VARIOUS artists", "T"),
        (NOW - 2, "A", "undefined"),
        (NOW - 14 * DAY, "A", "T"),
        (NOW - 14 * DAY + 1, "A", "T"),
        (NOW + 300, "A", "T"),
        (NOW + 301, "A", "T"),
        (0, "A", "T"),
        (-5, "A", "T"),
        (i64::MAX, "A", "T"),
        (i64::MIN, "A", "T"),
    ];
    let reply = scrobble(&fake, &rows);
    let codes = ["0", "1", "2", "3", "0", "0", "4", "3", "3", "4", "3"].map(ToOwned::to_owned).to_vec();
    assert_eq!(verdict(&reply), (3, 8, codes));
    let seconds: Vec<_> = held(&fake).iter().map(|row| row.0).collect();
    assert_eq!(seconds, [NOW - 14 * DAY + 1, NOW - 1, NOW + 300]);
}

#[test]
fn a_repeat_is_called_accepted_and_silently_dropped() {
    let fake = fake();
    let first =
        [(NOW - 9, "A", "T"), (NOW - 9, "A", "T"), (NOW - 9, "A", "U"), (NOW - 9, "B", "T"), (NOW - 8, "A", "T")];
    assert_eq!(verdict(&scrobble(&fake, &first)).0, 5);
    assert_eq!(verdict(&scrobble(&fake, &first[..1])).0, 1);
    assert_eq!(fake.world().listener().len(), 4);
    let row = |track: &str, written| (NOW - 9, track.to_owned(), 1, written);
    assert_eq!(held(&fake), [row("T", 3), row("U", 1), row("T", 1), (NOW - 8, "T".to_owned(), 1, 1)]);
    let outcomes: Vec<Vec<_>> =
        fake.writes().iter().map(|write| write.rows.iter().map(|row| row.outcome).collect()).collect();
    let (stored, repeated) = (Outcome::Stored, Outcome::Repeated);
    assert_eq!(outcomes, [vec![stored, repeated, stored, stored, stored], vec![repeated]]);
}

#[test]
fn after_the_daily_limit_the_rest_is_ignored_until_the_next_day() {
    let clock = fakefm::HandClock::at_ms(NOW * 1000);
    let fake = crate::writer::fake_at(&clock, |writing| writing.daily_limit = Some(3));
    let rows: Vec<_> = (0..5).map(|n| (NOW - 10 + n, "A", "T")).collect();
    let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    assert_eq!(verdict(&scrobble(&fake, &rows)), (3, 2, codes(&["0", "0", "0", "5", "5"])));
    clock.advance_ms(DAY * 1000);
    assert_eq!(verdict(&scrobble(&fake, &rows[3..])), (2, 0, codes(&["0", "0"])));
    assert_eq!(fake.world().listener().len(), 5);
}

#[test]
fn names_come_back_corrected_and_enter_the_account_so() {
    let fake = fake_with(|writing| {
        assert!(writing.corrections.add("artist:Bjork=Björk").is_some());
        assert!(writing.corrections.add("album:hg=Homogenic").is_some());
    });
    let more = [("artist", "Bjork"), ("track", "Jóga"), ("album", "hg"), ("albumArtist", "Bjork")];
    let now = NOW.to_string();
    let mut scrobbled = more.to_vec();
    scrobbled.push(("timestamp", &now));
    let reply = call(&fake, "track.scrobble", &scrobbled).json();
    let row = &reply["scrobbles"]["scrobble"];
    let right = |text: &str| json!({"corrected": "1", "#text": text});
    assert_eq!(
        (&row["artist"], &row["album"], &row["albumArtist"]),
        (&right("Björk"), &right("Homogenic"), &right("Björk"))
    );
    assert_eq!(row["track"], json!({"corrected": "0", "#text": "Jóga"}));
    let playing = call(&fake, "track.updateNowPlaying", &more).json();
    assert_eq!(playing["nowplaying"]["artist"], right("Björk"));
    let rows = get(&fake, &list("")).rows();
    assert_eq!(
        (rows.len(), &rows[0]["artist"]["#text"], &rows[1]["artist"]["#text"]),
        (2, &json!("Björk"), &json!("Björk"))
    );
    assert_eq!(fake.writes()[0].rows[0].artist, "Bjork", "the log shows what was sent");
}

#[test]
fn what_sounds_now_is_shown_and_never_counted() {
    let fake = fake();
    let reply = call(&fake, "track.updateNowPlaying", &[("artist", "A"), ("track", "T"), ("duration", "200")]);
    let field = |text: &str| json!({"corrected": "0", "#text": text});
    let expected = json!({"nowplaying": {
        "artist": field("A"), "track": field("T"), "album": field(""), "albumArtist": field(""),
        "ignoredMessage": {"code": "0", "#text": ""},
    }});
    assert_eq!(reply.json(), expected);
    let listed = get(&fake, &list(""));
    assert_eq!((listed.total(), listed.rows().len()), (0, 1));
    let filtered = call(&fake, "track.updateNowPlaying", &[("artist", "Unknown Artist"), ("track", "X")]);
    assert_eq!(filtered.json()["nowplaying"]["ignoredMessage"]["code"], "1");
    assert_eq!(get(&fake, &list("")).rows()[0]["name"], "T");
    assert_eq!(call(&fake, "track.updateNowPlaying", &[("artist", "A")]).refusal().0, 6);
    assert!(fake.world().listener().is_empty());
}

#[test]
fn hearts_are_seen_wherever_they_show() {
    let fake = fake();
    scrobble(&fake, &[(NOW - 5, "A", "T"), (NOW - 4, "A", "U")]);
    let names = [("artist", "A"), ("track", "T")];
    assert_eq!(call(&fake, "track.love", &names).json(), json!({}));
    call(&fake, "track.love", &[("artist", "B+C"), ("track", "Never Heard")]);
    let target = |method: &str, more: &str| format!("/2.0/?method={method}&api_key=k&format=json&{more}");
    let loved = || get(&fake, &target("user.getLovedTracks", "user=ANN&limit=1&page=2")).json()["lovedtracks"].clone();
    let attr = json!({"user": "Ann", "page": "2", "perPage": "1", "total": "2", "totalPages": "2"});
    assert_eq!(loved()["@attr"], attr);
    let row = &loved()["track"][0];
    assert_eq!((&row["name"], &row["artist"]["name"]), (&json!("Never Heard"), &json!("B+C")));
    assert_eq!(row["date"], json!({"uts": NOW.to_string(), "#text": "15 Jun 2025, 15:06"}));
    assert_eq!(row["url"], "https://www.last.fm/music/B%252BC/_/Never+Heard");
    let hearts = || get(&fake, &list("extended=1")).rows().iter().map(|row| row["loved"].clone()).collect::<Vec<_>>();
    assert_eq!(hearts(), ["0", "1"]);
    let info =
        |more: &str| get(&fake, &target("track.getInfo", &format!("artist=A&track=T&{more}"))).json()["track"].clone();
    assert_eq!(
        (&info("username=ann")["userloved"], &info("username=ann")["userplaycount"]),
        (&json!("1"), &json!("1"))
    );
    assert!(info("").get("userloved").is_none());
    assert_eq!(call(&fake, "track.unlove", &names).status, 200);
    assert_eq!((hearts(), &info("username=ann")["userloved"]), (vec![json!("0"), json!("0")], &json!("0")));
    assert_eq!(loved()["track"], json!([]), "an empty page is an empty list");
    let unknown = get(&fake, &target("track.getInfo", "artist=A&track=Nothing"));
    assert_eq!((unknown.status, unknown.refusal()), (200, (6, "Track not found".to_owned())));
    for (more, status) in [("user=ann&limit=1001", 400), ("user=ann&page=0", 400), ("user=bob", 404), ("", 400)] {
        let refused = get(&fake, &target("user.getLovedTracks", more));
        assert_eq!((refused.status, refused.refusal().0), (status, 6), "{more}");
    }
}

#[test]
fn tags_are_hung_and_taken_off() {
    let fake = fake();
    assert_eq!(call(&fake, "artist.addTags", &[("artist", "A"), ("tags", "slow, sad ,,slow")]).json(), json!({}));
    call(&fake, "album.addTags", &[("artist", "A"), ("album", "L"), ("tags", "x")]);
    call(&fake, "track.addTags", &[("artist", "A"), ("track", "T"), ("tags", "y")]);
    call(&fake, "artist.removeTag", &[("artist", "A"), ("tag", "sad")]);
    let artist = || "A".to_owned();
    let expected = [
        (Tagged::Artist { artist: artist() }, "slow"),
        (Tagged::Album { artist: artist(), album: "L".into() }, "x"),
        (Tagged::Track { artist: artist(), track: "T".into() }, "y"),
    ];
    let tags: Vec<_> = fake.world().listener().tags().map(|(on, tag)| (on.clone(), tag.to_owned())).collect();
    assert_eq!(tags, expected.map(|(on, tag)| (on, tag.to_owned())));
    let eleven = (0..11).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    for (method, more) in [
        ("artist.addTags", vec![("artist", "A")]),
        ("artist.addTags", vec![("artist", "A"), ("tags", " , ")]),
        ("artist.addTags", vec![("artist", "A"), ("tags", eleven.as_str())]),
        ("album.addTags", vec![("artist", "A"), ("tags", "x")]),
        ("track.removeTag", vec![("artist", "A"), ("tag", "x")]),
    ] {
        assert_eq!(call(&fake, method, &more).refusal().0, 6, "{method} {more:?}");
    }
}

#[test]
fn who_signs_wrongly_or_has_no_session_writes_nothing() {
    let fake = fake();
    let now = NOW.to_string();
    let with = |sk: &str| {
        signed(&[
            ("method", "track.scrobble"),
            ("api_key", "k"),
            ("sk", sk),
            ("artist", "A"),
            ("track", "T"),
            ("timestamp", now.as_str()),
        ])
    };
    let good = with(SESSION);
    let unsigned = good.split("&api_sig").next().unwrap().to_owned() + "&format=json";
    for (body, status, code) in [
        (good.replace("artist=A", "artist=B"), 400, 13),
        (good.clone() + "&mbid=", 400, 13),
        (good.clone() + "&artist[]=x", 400, 13),
        (unsigned, 400, 13),
        (with("no-session"), 403, 9),
        (good.replace("&sk=", "&ks="), 400, 13),
        (good.replace("api_key=k&", ""), 400, 6),
        (form("track.scrobble", &[("artist", "A"), ("track", "T")]), 400, 6),
        (form("track.scrobble", &[("artist", "A"), ("track", "T"), ("timestamp", "1750000000.5")]), 400, 6),
        (form("track.scrobble", &[]), 400, 6),
    ] {
        let reply = post(&fake, "/2.0/", &body);
        assert_eq!((reply.status, reply.refusal().0), (status, code), "{body}");
    }
    for target in [format!("/2.0/?{good}"), format!("/2.0/?{}", form("track.love", &[("artist", "A"), ("track", "T")]))]
    {
        let reply = get(&fake, &target);
        assert_eq!((reply.status, reply.refusal().0), (400, 6), "a write by GET: {target}");
    }
    let in_query = good.replace("&format=json", "");
    assert_eq!(post(&fake, &format!("/2.0/?{in_query}&format=json"), "x=1").refusal().0, 6);
    assert!(fake.world().listener().is_empty() && fake.world().listener().loved().is_empty());
    assert!(fake.writes().iter().flat_map(|write| &write.rows).all(|row| row.outcome == Outcome::Undone));
    assert_eq!(post(&fake, "/2.0/?format=json", &in_query).status, 200, "the format may stand in the query");
    let shouted = good.split("api_sig=").nth(1).unwrap().split('&').next().unwrap();
    assert_eq!(post(&fake, "/2.0/", &good.replace(shouted, &shouted.to_uppercase())).status, 200);
}

#[test]
fn without_a_secret_any_signature_is_good_as_at_gnu_fm() {
    let fake = fake_with(|writing| (writing.secret, writing.too_old) = (None, None));
    let body =
        format!("method=Track.Scrobble&api_key=k&sk={SESSION}&artist=A&track=T&timestamp=1009000001&format=json");
    assert_eq!(verdict(&post(&fake, "/2.0/", &body)).0, 1);
    assert_eq!(held(&fake), [(1_009_000_001, "T".to_owned(), 1, 1)]);
}

#[test]
fn old_answers_count_in_texts() {
    let fake = fake_with(|writing| writing.counts_as_text = true);
    let reply = scrobble(&fake, &[(NOW, "A", "T"), (0, "A", "T")]);
    assert_eq!(reply.json()["scrobbles"]["@attr"], json!({"accepted": "1", "ignored": "1"}));
}

#[test]
fn the_method_too_must_stand_in_the_form() {
    let fake = fake_with(|writing| writing.secret = None);
    let body = format!("api_key=k&sk={SESSION}&artist=A&track=T&format=json");
    assert_eq!(post(&fake, "/2.0/?method=track.love", &body).refusal().0, 6);
    assert_eq!(post(&fake, "/2.0/", &format!("method=track.love&{body}")).status, 200);
}
