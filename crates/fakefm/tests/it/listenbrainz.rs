//! ListenBrainz: who is let in, what is taken, what is shown.

use std::fmt::Write as _;

use fakefm::{HandClock, RequestWindow};
use serde_json::{Value, json};

use crate::{
    client::{Reply, exchange, get, list},
    writer::{NOW, TOKEN, brainz, brainz_as, brainz_request, fake, fake_at},
};

fn listen(at: i64, artist: &str, track: &str) -> Value {
    json!({"listened_at": at, "track_metadata": {"artist_name": artist, "track_name": track}})
}

fn body(kind: &str, payload: &[Value]) -> String {
    json!({"listen_type": kind, "payload": payload}).to_string()
}

fn submit(fake: &fakefm::FakeFm, kind: &str, payload: &[Value]) -> Reply {
    brainz(fake, "submit-listens", Some(&body(kind, payload)))
}

/// The seconds that a request for Ann's list shows.
fn seconds(fake: &fakefm::FakeFm, query: &str) -> Vec<i64> {
    let reply = brainz(fake, &format!("user/ann/listens{query}"), None);
    assert_eq!(reply.status, 200, "{query}");
    let payload = &reply.json()["payload"];
    let listens = payload["listens"].as_array().unwrap();
    assert_eq!(payload["count"], listens.len());
    listens.iter().map(|listen| listen["listened_at"].as_i64().unwrap()).collect()
}

#[test]
fn a_token_is_told_good_or_bad_with_200() {
    let fake = fake();
    let good = json!({"code": 200, "message": "Token valid.", "user_name": "Ann", "valid": true});
    assert_eq!(brainz(&fake, "validate-token", None).json(), good);
    let with = |header: &str| brainz_as(&fake, "validate-token", None, header);
    assert_eq!(with(&format!("authorization: token {TOKEN}\r\n")).json(), good);
    assert_eq!(brainz_as(&fake, &format!("validate-token?token={TOKEN}"), None, "").json(), good);
    let bad = with("Authorization: Token other\r\n");
    let expected = json!({"code": 200, "message": "Token invalid.", "valid": false});
    assert_eq!((bad.status, bad.json()), (200, expected));
    assert_eq!((with("").status, with("").json()["code"].as_u64()), (400, Some(400)));
}

#[test]
fn without_a_good_token_nothing_is_taken() {
    let clock = HandClock::at_ms(NOW * 1000);
    let fake = fake_at(&clock, |_| {});
    let text = body("single", &[listen(NOW, "A", "T")]);
    let with = |header: &str| brainz_as(&fake, "submit-listens", Some(&text), header);
    let none = json!({"code": 401, "error": "You need to provide an Authorization header."});
    assert_eq!((with("").status, with("").json()), (401, none));
    let wrong = json!({"code": 401, "error": "Invalid authorization token."});
    for header in
        ["Authorization: Token other\r\n", "Authorization: Bearer anns-token\r\n", "Authorization: anns-token\r\n"]
    {
        assert_eq!((with(header).status, with(header).json()), (401, wrong.clone()), "{header}");
    }
    fake.world().revoke("ann", NOW + 5);
    assert_eq!(submit(&fake, "single", &[listen(NOW, "A", "T")]).status, 200);
    clock.advance_ms(5_000);
    assert_eq!(submit(&fake, "single", &[listen(NOW, "A", "U")]).json(), wrong);
    assert_eq!(fake.world().listenbrainz("Ann").len(), 1);
}

#[test]
fn a_listen_is_shown_as_it_was_told_with_the_services_ids() {
    let fake = fake();
    let more = json!({"media_player": "x", "duration_ms": 5, "recording_mbid": "", "tags": ["a"]});
    let sent = json!({"listened_at": NOW - 5, "track_metadata": {
        "artist_name": " A \u{1F319} ", "track_name": "T\"", "release_name": " ", "additional_info": more,
    }});
    let reply = submit(&fake, "single", &[sent]);
    assert_eq!((reply.status, reply.json()), (200, json!({"status": "ok"})));
    submit(&fake, "import", &[listen(NOW - 9, "B", "U")]);
    let payload = brainz(&fake, "user/Ann/listens", None).json()["payload"].clone();
    let edges = (&payload["latest_listen_ts"], &payload["oldest_listen_ts"], &payload["user_id"]);
    assert_eq!(edges, (&json!(NOW - 5), &json!(NOW - 9), &json!("Ann")));
    let first = &payload["listens"][0];
    let msid = first["recording_msid"].as_str().unwrap();
    assert_eq!(msid.len(), 36);
    let more = json!({"media_player": "x", "duration_ms": 5, "tags": ["a"], "recording_msid": msid});
    assert_eq!(
        *first,
        json!({
            "inserted_at": NOW, "listened_at": NOW - 5, "recording_msid": msid, "user_name": "Ann",
            "track_metadata": {"artist_name": "A \u{1F319}", "track_name": "T\"", "additional_info": more},
        })
    );
    assert!(fake.world().listener().is_empty(), "the account at Last.fm is another");
    assert_eq!(get(&fake, &list("")).total(), 0);
}

#[test]
fn both_bounds_are_excluded_and_the_newest_come_first() {
    let fake = fake();
    let all: Vec<_> = (1..=60).map(|n| listen(NOW - 100 + n, "A", "T")).collect();
    submit(&fake, "import", &all);
    let at = |n: i64| NOW - 100 + n;
    let down = |from: i64, to: i64| (to..=from).rev().map(at).collect::<Vec<_>>();
    assert_eq!(seconds(&fake, ""), down(60, 36), "25 are usual");
    assert_eq!(seconds(&fake, "?count=3"), down(60, 58));
    assert_eq!(seconds(&fake, &format!("?max_ts={}&count=2", at(60))), down(59, 58));
    assert_eq!(seconds(&fake, &format!("?min_ts={}&count=99", at(57))), down(60, 58));
    assert_eq!(seconds(&fake, &format!("?min_ts={}&count=2", at(10))), down(12, 11), "those next to min_ts");
    assert_eq!(seconds(&fake, &format!("?min_ts={}&max_ts={}", at(10), at(13))), down(12, 11));
    assert_eq!(seconds(&fake, &format!("?min_ts={}&max_ts={}", at(10), at(11))), [0_i64; 0]);
    assert_eq!(seconds(&fake, &format!("?max_ts={}", at(1))), [0_i64; 0]);
    for query in
        [format!("?min_ts={}&max_ts={}", at(9), at(9)), "?count=x".into(), "?max_ts=soon".into(), "?count=-1".into()]
    {
        assert_eq!(brainz(&fake, &format!("user/ann/listens{query}"), None).status, 400, "{query}");
    }
    assert_eq!(brainz(&fake, "user/ann/listen-count", None).json(), json!({"payload": {"count": 60}}));
}

#[test]
fn a_page_holds_a_thousand_at_most() {
    let fake = fake();
    let all: Vec<_> = (0..1000).map(|n| listen(NOW - 5_000 + n, "A", "T")).collect();
    assert_eq!(submit(&fake, "import", &all).status, 200);
    assert_eq!(submit(&fake, "single", &[listen(NOW, "A", "T")]).status, 200);
    assert_eq!(seconds(&fake, "?count=5000").len(), 1000);
    let over: Vec<_> = (0..1001).map(|n| listen(NOW - 9_000 + n, "A", "T")).collect();
    let refused = submit(&fake, "import", &over);
    assert_eq!((refused.status, refused.json()["code"].as_u64()), (400, Some(400)));
    assert_eq!(fake.world().listenbrainz("Ann").len(), 1001);
    assert_eq!(fake.stats().by_batch.into_iter().collect::<Vec<_>>(), [(1, 1), (1000, 1), (1001, 1)]);
}

#[test]
fn bodies_and_listens_have_their_sizes() {
    let fake = fake();
    let sized = |length: usize| {
        let mut listen = listen(NOW, "A", "T");
        listen["track_metadata"]["additional_info"] = json!({"note": "x".repeat(length)});
        submit(&fake, "import", &[listen]).status
    };
    assert_eq!([sized(10_000), sized(10_241)], [200, 400]);
    // Blanks around it make a body too large for its one listen, and any body too large at all.
    for blanks in [10_240, 10_240_000] {
        let text = body("single", &[listen(NOW, "A", "U")]) + &" ".repeat(blanks);
        assert_eq!(brainz(&fake, "submit-listens", Some(&text)).status, 400, "{blanks}");
    }
    assert_eq!(fake.world().listenbrainz("Ann").len(), 1);
}

#[test]
fn one_bad_listen_spoils_its_batch() {
    let fake = fake();
    let with = |more: Value| {
        let mut listen = listen(NOW, "A", "T");
        listen["track_metadata"]["additional_info"] = more;
        listen
    };
    let named = |artist: Value, track: Value| json!({"listened_at": NOW, "track_metadata": {"artist_name": artist, "track_name": track}});
    let mut odd_album = listen(NOW, "A", "T");
    odd_album["track_metadata"]["release_name"] = json!(5);
    for bad in [
        json!(5),
        json!({}),
        json!({"listened_at": NOW}),
        json!({"listened_at": NOW, "track_metadata": null}),
        json!({"listened_at": NOW, "track_metadata": {"track_name": "T"}}),
        named(json!(["A"]), json!("T")),
        named(json!("A"), json!("  ")),
        named(json!("A\u{0}"), json!("T")),
        json!({"listened_at": NOW, "track_metadata": {"artist_name": "A", "track_name": "T"}, "extra": 1}),
        json!({"listened_at": null, "track_metadata": {"artist_name": "A", "track_name": "T"}}),
        json!({"listened_at": NOW.to_string(), "track_metadata": {"artist_name": "A", "track_name": "T"}}),
        listen(1_033_430_399, "A", "T"),
        listen(NOW + 3_600, "A", "T"),
        listen(NOW * 1_000_000_000, "A", "T"),
        odd_album,
        with(json!([])),
        with(json!({"duration": 5, "duration_ms": 5_000})),
        with(json!({"duration": 0.9})),
        with(json!({"duration": null})),
        with(json!({"duration": "5"})),
        with(json!({"duration_ms": 24 * 86_400 * 1_000 + 1})),
        with(json!({"tags": vec!["x"; 51]})),
        with(json!({"tags": ["x".repeat(65)]})),
        with(json!({"recording_mbid": "mbz-1"})),
        with(json!({"release_mbid": 5})),
        with(json!({"artist_mbids": ["mbz-1"]})),
        with(json!({"work_mbids": "d9f1c5a2-0000-4000-8000-000000000000"})),
    ] {
        let reply = submit(&fake, "import", &[listen(NOW - 1, "Good", "T"), bad.clone()]);
        assert_eq!((reply.status, reply.json()["code"].as_u64()), (400, Some(400)), "{bad}");
        assert!(reply.json()["error"].is_string());
    }
    for text in [
        "",
        "no JSON",
        "[]",
        r#"{"listen_type":"single"}"#,
        r#"{"listen_type":"single","payload":[]}"#,
        r#"{"payload":[5]}"#,
    ] {
        assert_eq!(brainz(&fake, "submit-listens", Some(text)).status, 400, "{text}");
    }
    let two = [listen(NOW, "A", "T"), listen(NOW, "A", "U")];
    assert_eq!([submit(&fake, "single", &two).status, submit(&fake, "other", &two).status], [400, 400]);
    assert!(fake.world().listenbrainz("Ann").is_empty(), "the good ones were refused with the bad ones");
    for good in [
        listen(1_033_430_400, "A", "T"),
        listen(NOW + 3_599, "A", "T"),
        with(json!({"duration_ms": 1222.6})),
        with(json!({"duration": 24 * 86_400, "tags": vec!["x".repeat(64); 50], "release_mbid": null})),
        with(json!({"artist_mbids": ["d9f1c5a2-0000-4000-8000-000000000000"]})),
    ] {
        assert_eq!(submit(&fake, "single", std::slice::from_ref(&good)).status, 200, "{good}");
    }
}

#[test]
fn the_same_listen_makes_no_second_row() {
    let fake = fake();
    let mut on_album = listen(NOW, "A", "T");
    on_album["track_metadata"]["release_name"] = json!("L");
    let batch = [listen(NOW, "A", "T"), listen(NOW, "A", "T"), listen(NOW, "a", "t"), listen(NOW, "A", "U"), on_album];
    assert_eq!(submit(&fake, "import", &batch).status, 200);
    assert_eq!(submit(&fake, "single", &batch[..1]).status, 200);
    assert_eq!(fake.world().listenbrainz("Ann").len(), 3);
    let of_t =
        fake.world().listenbrainz("Ann").holdings().into_iter().find(|row| (&*row.artist, &*row.track) == ("A", "T"));
    assert_eq!(of_t.map(|row| (row.held, row.written)), Some((2, 4)), "once without an album, once with one");
}

#[test]
fn what_is_playing_is_shown_until_it_changes_and_is_no_listen() {
    let fake = fake();
    let playing = || brainz(&fake, "user/Ann/playing-now", None).json()["payload"].clone();
    assert_eq!(playing(), json!({"count": 0, "listens": [], "playing_now": true, "user_id": "Ann"}));
    let now = json!({"track_metadata": {"artist_name": "A", "track_name": "T"}});
    let told = brainz(&fake, "submit-listens?return_msid=true", Some(&body("playing_now", std::slice::from_ref(&now))));
    let msid = told.json()["recording_msid"].as_str().unwrap().to_owned();
    let shown = json!({"playing_now": true, "track_metadata": {
        "artist_name": "A", "track_name": "T", "additional_info": {"recording_msid": msid},
    }});
    assert_eq!(playing()["listens"], json!([shown]));
    assert_eq!(submit(&fake, "playing_now", &[listen(NOW, "A", "T")]).status, 400, "it has no second");
    assert_eq!(submit(&fake, "playing_now", &[now.clone(), now]).status, 400);
    assert_eq!(seconds(&fake, ""), [0_i64; 0]);
}

#[test]
fn feedback_is_given_shown_and_taken_back() {
    let clock = HandClock::at_ms(NOW * 1000);
    let fake = fake_at(&clock, |_| {});
    submit(&fake, "single", &[listen(NOW, "A", "T")]);
    let msid = brainz(&fake, "user/ann/listens", None).json()["payload"]["listens"][0]["recording_msid"].clone();
    let mbid = "d9f1c5a2-0000-4000-8000-000000000000";
    let give = |body: Value| brainz(&fake, "feedback/recording-feedback", Some(&body.to_string()));
    assert_eq!(give(json!({"recording_msid": msid, "score": 1})).json(), json!({"status": "ok"}));
    clock.advance_ms(1_000);
    assert_eq!(give(json!({"recording_mbid": mbid, "score": -1})).status, 200);
    let shown = |query: &str| brainz(&fake, &format!("feedback/user/ann/get-feedback{query}"), None).json();
    let all = shown("");
    assert_eq!((&all["total_count"], &all["feedback"][0]["recording_mbid"]), (&json!(2), &json!(mbid)));
    let loved = json!({
        "created": NOW, "recording_mbid": null, "recording_msid": msid, "score": 1, "user_id": "Ann",
        "track_metadata": {"artist_name": "A", "track_name": "T"},
    });
    assert_eq!(shown("?score=1&count=1")["feedback"], json!([loved]));
    assert_eq!(shown("?offset=1")["count"], 1);
    let kept: Vec<_> = fake.world().listenbrainz("Ann").feedback().map(|(id, score)| (id.to_owned(), score)).collect();
    assert_eq!(kept, [(mbid.to_owned(), -1), (msid.as_str().unwrap().to_owned(), 1)]);
    give(json!({"recording_msid": msid, "score": 0}));
    assert_eq!(shown("")["total_count"], 1);
    for bad in
        [json!({"score": 1}), json!({"recording_mbid": mbid, "score": 2}), json!({"recording_mbid": "x", "score": 1})]
    {
        assert_eq!(give(bad).status, 400);
    }
    assert_eq!(brainz_as(&fake, "feedback/recording-feedback", Some("{}"), "").status, 401);
    assert_eq!(brainz(&fake, "feedback/user/ann/get-feedback?score=x", None).status, 400);
}

#[test]
fn every_answer_tells_of_the_window_and_too_many_requests_are_429() {
    let clock = HandClock::at_ms(NOW * 1000);
    let fake = fake_at(&clock, |_| {});
    fake.set_rules(|rules| rules.window = RequestWindow { requests: 2, seconds: 60 });
    let told = |reply: &Reply| {
        ["Limit", "Remaining", "Reset-In", "Reset"]
            .map(|name| reply.header(&format!("X-RateLimit-{name}")).unwrap().parse::<i64>().unwrap())
    };
    let end = NOW.div_euclid(60) * 60 + 60;
    let reply = brainz(&fake, "validate-token", None);
    assert_eq!((reply.status, told(&reply)), (200, [2, 1, end - NOW, end]));
    clock.advance_ms(1_000);
    assert_eq!(told(&submit(&fake, "single", &[listen(NOW, "A", "T")])), [2, 0, end - NOW - 1, end]);
    let refused = submit(&fake, "single", &[listen(NOW, "A", "U")]);
    assert_eq!((refused.status, refused.json()["code"].as_u64(), told(&refused)[1]), (429, Some(429), 0));
    assert_eq!(fake.world().listenbrainz("Ann").len(), 1);
    assert_eq!(brainz_as(&fake, "user/ann/listen-count", None, "").status, 200, "others have windows of their own");
    clock.advance_ms(60_000);
    assert_eq!(brainz(&fake, "validate-token", None).status, 200);
    fake.fail_next(fakefm::Fault::Refusal { code: 29, status: 429, retry_after: Some(3) });
    let struck = brainz(&fake, "validate-token", None);
    assert_eq!((struck.status, struck.header("retry-after"), told(&struck)[1]), (429, Some("3"), 0));
    assert!(get(&fake, &list("")).header("X-RateLimit-Limit").is_none(), "Last.fm tells nothing of the kind");
}

#[test]
fn unknown_users_and_paths_are_not_found() {
    let fake = fake();
    fake.world().listenbrainz("Ån+n/ b").add(NOW, "A", "T");
    let count = brainz(&fake, "user/%C3%85n+n%2F%20b/listen-count", None);
    assert_eq!(count.json(), json!({"payload": {"count": 1}}));
    let missing = brainz(&fake, "user/someuser/listens", None);
    assert_eq!((missing.status, missing.json()), (404, json!({"code": 404, "error": "Cannot find user: someuser"})));
    for target in ["nothing", "user/ann", "submit-listens", "user/ann/listens/more", ""] {
        let reply = brainz(&fake, target, None);
        assert_eq!(reply.status, 404, "{target}");
    }
    assert_eq!(brainz(&fake, "user/ann/listens", Some("{}")).status, 404, "it is not asked by POST");
    let deleted = brainz_request("user/ann/listens", None, "").replace("GET", "DELETE");
    assert_eq!(exchange(fake.address(), deleted.as_bytes()).unwrap().status, 405);
}

#[test]
fn any_text_at_all_is_refused_and_not_stumbled_over() {
    let fake = fake();
    let mut deep = String::new();
    for _ in 0..5_000 {
        write!(deep, "[").unwrap();
    }
    let nested = format!(r#"{{"listen_type":"single","payload":{deep}"#);
    for text in [deep.as_str(), &nested, "\u{0}", "{\"listen_type\":\"single\",\"payload\":[NaN]}", "\"", "5"] {
        assert_eq!(brainz(&fake, "submit-listens", Some(text)).status, 400, "{text:.40}");
    }
    assert_eq!(brainz(&fake, "validate-token", None).status, 200);
}
