//! What can be learnt from outside about what was written.

use fakefm::{HandClock, Holding, Outcome};
use serde_json::{Value, json};

use crate::{
    client::{get, list, post},
    writer::{NOW, TOKEN, brainz, call, fake, fake_at, form, scrobble, verdict},
};

fn lines(body: &[u8]) -> Vec<Value> {
    std::str::from_utf8(body).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn holdings_tell_row_by_row_what_is_held_and_how_often_it_was_written() {
    let fake = fake();
    fake.world().listener().add(&fakefm::Play::new(NOW - 99, "Old", "Import"));
    scrobble(&fake, &[(NOW - 2, "A", "T"), (NOW - 1, "A", "U")]);
    scrobble(&fake, &[(NOW - 2, "A", "T")]);
    assert_eq!(post(&fake, "/_fake/delete", "artist=A&track=U").status, 200);
    let row = |uts, artist: &str, track: &str, held, written| json!({"uts": uts, "artist": artist, "track": track, "held": held, "written": written});
    let expected = [row(NOW - 99, "Old", "Import", 1, 0), row(NOW - 2, "A", "T", 1, 2), row(NOW - 1, "A", "U", 0, 1)];
    assert_eq!(lines(&get(&fake, "/_fake/holdings").body), expected);
    let by_call: Vec<Value> =
        fake.world().listener().holdings().iter().map(|row| serde_json::to_value(row).unwrap()).collect();
    assert_eq!(by_call, expected, "the library says the same");
    let listen = format!(
        r#"{{"listen_type":"single","payload":[{{"listened_at":{NOW},"track_metadata":{{"artist_name":"A","track_name":"T"}}}}]}}"#
    );
    brainz(&fake, "submit-listens", Some(&listen));
    let there = Holding { uts: NOW, artist: "A".into(), track: "T".into(), held: 1, written: 1 };
    assert_eq!(fake.world().listenbrainz("Ann").holdings(), [there]);
    let listed = lines(&get(&fake, "/_fake/holdings?service=listenbrainz&user=ann").body);
    assert_eq!(listed, [row(NOW, "A", "T", 1, 1)]);
    assert_eq!(get(&fake, "/_fake/holdings?service=radio").status, 400);
    assert_eq!(get(&fake, "/_fake/holdings?user=nobody").status, 400);
}

#[test]
fn the_log_of_writes_is_in_order_and_tells_who_what_and_how_it_ended() {
    let clock = HandClock::at_ms(NOW * 1000);
    let fake = fake_at(&clock, |_| {});
    get(&fake, &list(""));
    scrobble(&fake, &[(NOW - 20, "A", "T"), (0, "A", "Old")]);
    clock.advance_ms(500);
    post(&fake, "/2.0/", &form("track.scrobble", &[("artist", "A"), ("album", "L")]));
    call(&fake, "track.unlove", &[("artist", "A"), ("track", "T")]);
    brainz(&fake, "submit-listens", Some("no JSON"));
    let writes = fake.writes();
    let heads: Vec<_> =
        writes.iter().map(|w| (w.nth, w.at_ms, w.method.as_str(), w.user.as_deref(), w.status)).collect();
    let (first, later) = (NOW * 1000, NOW * 1000 + 500);
    assert_eq!(
        heads,
        [
            (2, first, "track.scrobble", Some("Ann"), 200),
            (3, later, "track.scrobble", Some("Ann"), 400),
            (4, later, "track.unlove", Some("Ann"), 200),
            (5, later, "submit-listens", Some("Ann"), 400),
        ]
    );
    let outcomes: Vec<Vec<_>> = writes.iter().map(|w| w.rows.iter().map(|row| row.outcome).collect()).collect();
    let expected = [vec![Outcome::Stored, Outcome::Ignored(3)], vec![Outcome::Undone], vec![Outcome::Stored], vec![]];
    assert_eq!(outcomes, expected);
    assert_eq!((writes[1].rows[0].uts, writes[1].rows[0].album.as_str()), (None, "L"));
    let listed = lines(&get(&fake, "/_fake/writes").body);
    let by_call: Vec<Value> = writes.iter().map(|write| serde_json::to_value(write).unwrap()).collect();
    assert_eq!(listed, by_call);
    assert_eq!(listed[0]["rows"][1]["outcome"], json!({"ignored": 3}));
}

#[test]
fn writes_are_counted_by_second_and_batch() {
    let clock = HandClock::at_ms(NOW * 1000);
    let fake = fake_at(&clock, |_| {});
    for _ in 0..3 {
        scrobble(&fake, &[(NOW, "A", "T")]);
    }
    get(&fake, &list(""));
    clock.advance_ms(5_000);
    scrobble(&fake, &[(NOW, "A", "T"), (NOW, "A", "U")]);
    let stats = get(&fake, "/_fake/stats").json();
    assert_eq!((&stats["requests"], &stats["writes"]), (&json!(5), &json!(4)));
    assert_eq!((&stats["most_in_one_second"], &stats["most_writes_in_one_second"]), (&json!(4), &json!(3)));
    assert_eq!(stats["by_batch"], json!({"1": 3, "2": 1}));
    assert_eq!(stats["by_method"], json!({"track.scrobble": 4, "user.getrecenttracks": 1}));
    assert_eq!(post(&fake, "/_fake/forget", "").status, 200);
    assert_eq!((fake.stats().writes, fake.writes().len()), (0, 0));
    assert_eq!(fake.world().listener().holdings()[0].written, 4, "what was written stays written");
}

#[test]
fn the_log_is_bounded() {
    let mut config = fakefm::Config::new(fakefm::World::of("Ann"));
    config.keep_log = 2;
    let fake = crate::client::start(config);
    for _ in 0..3 {
        post(&fake, "/2.0/", "method=track.love");
    }
    assert_eq!(fake.writes().iter().map(|write| write.nth).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn who_may_write_and_by_what_rules_is_set_from_outside() {
    let fake = fake();
    let ok = |path: &str, body: &str| {
        let reply = post(&fake, path, body);
        assert_eq!(reply.status, 200, "{path} {body}");
        String::from_utf8(reply.body).unwrap().trim().to_owned()
    };
    assert_eq!(ok("/_fake/session", "").len(), 32);
    assert_eq!(ok("/_fake/token", "user=ann"), TOKEN);
    assert_eq!(ok("/_fake/token", "token=new"), "new");
    assert_eq!(brainz(&fake, "submit-listens", Some("{}")).status, 401);
    assert_eq!(ok("/_fake/token", "user=Bob"), fake.world().listenbrainz("bob").token());
    ok("/_fake/writing", "daily_limit=1&filter_artist=Nobody&filter_track=Nothing&correct=track:tpyo%3Dtypo");
    let rows = [(NOW, "nobody", "T"), (NOW, "A", "nothing"), (NOW, "A", "tpyo"), (NOW, "A", "T")];
    assert_eq!(verdict(&scrobble(&fake, &rows)).2, ["1", "2", "0", "5"]);
    ok("/_fake/writing", "daily_limit=none");
    assert_eq!(verdict(&scrobble(&fake, &rows)).2, ["1", "2", "0", "0"]);
    call(&fake, "track.love", &[("artist", "A"), ("track", "T")]);
    call(&fake, "track.addTags", &[("artist", "A"), ("track", "T"), ("tags", "x")]);
    assert_eq!(lines(&get(&fake, "/_fake/loved").body), [json!({"uts": NOW, "artist": "A", "track": "T"})]);
    let tag = json!({"on": {"on": "track", "artist": "A", "track": "T"}, "tag": "x"});
    assert_eq!(lines(&get(&fake, "/_fake/tags").body), [tag]);
    for (path, body) in [
        ("/_fake/writing", "daily_limit=many"),
        ("/_fake/writing", "correct=a"),
        ("/_fake/grant", ""),
        ("/_fake/grant", "token=bogus"),
        ("/_fake/session", "user=nobody"),
        ("/_fake/revoke", "at=soon"),
    ] {
        assert_eq!(post(&fake, path, body).status, 400, "{path} {body}");
    }
}
