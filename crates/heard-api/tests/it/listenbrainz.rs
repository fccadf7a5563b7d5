//! ListenBrainz: what is sent, what is read, and how its limits are obeyed.

use std::io::Write;
use std::time::Duration;

use heard_api::listenbrainz::{
    self, Client, Feedback, FeedbackPage, Listen, ListenItem, ListenType, Listens, Score, Submission, TokenCheck,
    Unacceptable,
};
use heard_api::{Class, ClientOptions, Clock, Content, Credentials, Error, Pacer, Rate};
use serde_json::{Value, json};

use crate::fixtures::files;
use crate::server::{Seen, Server, answer};

const TOKEN: &str = "canary-1111-2222-3333-444444444444";

fn options(server: &Server, rate: Rate) -> ClientOptions {
    ClientOptions::new(server.root(), Credentials::token(TOKEN), Pacer::new(rate, Clock::at(1_600_000_000)))
}

fn client(server: &Server) -> Client {
    Client::new(options(server, Rate::Unpaced)).unwrap()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The path and query that were asked for.
fn target(seen: &Seen) -> &str {
    seen.line.split(' ').nth(1).unwrap()
}

#[test]
fn every_call_goes_where_the_documentation_says() {
    let server = Server::saying(answer("200 OK", "", "{}"));
    let client = client(&server);
    let submission = Submission::single(Listen::new("A", "B").at(1_600_000_000)).unwrap();
    run(async {
        // The answers do not fit; what was sent is what counts here.
        let _ = client.call(&listenbrainz::validate_token()).await;
        let _ = client.call(&listenbrainz::submit(&submission)).await;
        let _ = client.call(&listenbrainz::listens("a/b c").before(20).after(10).count(5).call()).await;
        let _ = client.call(&listenbrainz::listen_count("ann")).await;
        let _ = client.call(&listenbrainz::playing_now("ann")).await;
        let _ = client.call(&listenbrainz::recording_feedback(&Feedback::default())).await;
        let _ = client.call(&listenbrainz::feedback("ann", 100, 50)).await;
    });
    let seen = server.seen();
    let targets: Vec<_> = seen.iter().map(|seen| seen.line.trim_end_matches(" HTTP/1.1\r\n")).collect();
    assert_eq!(
        targets,
        [
            "GET /2.0/validate-token",
            "POST /2.0/submit-listens",
            "GET /2.0/user/a%2Fb%20c/listens?max_ts=20&min_ts=10&count=5",
            "GET /2.0/user/ann/listen-count",
            "GET /2.0/user/ann/playing-now",
            "POST /2.0/feedback/recording-feedback",
            "GET /2.0/feedback/user/ann/get-feedback?offset=100&count=50&metadata=true",
        ]
    );
    for seen in &seen {
        assert!(seen.headers.contains(&format!("authorization: Token {TOKEN}\r\n")), "{}", seen.headers);
        assert!(!seen.line.contains("canary"));
    }
    assert!(seen[1].headers.contains("content-type: application/json\r\n"));
    let sent: Value = serde_json::from_str(&seen[1].body).unwrap();
    assert_eq!(
        sent,
        json!({"listen_type": "single", "payload": [
            {"listened_at": 1_600_000_000, "track_metadata": {"artist_name": "A", "track_name": "B"}}
        ]})
    );
}

#[test]
fn without_a_token_reads_go_and_writes_do_not() {
    let server = Server::saying(answer("200 OK", "", r#"{"payload":{"count":12345}}"#));
    let mut options = options(&server, Rate::Unpaced);
    options.credentials = Credentials::key("");
    let client = Client::new(options).unwrap();
    assert_eq!(run(client.call(&listenbrainz::listen_count("ann"))).unwrap().count, 12_345);
    let error = run(client.call(&listenbrainz::validate_token())).unwrap_err();
    assert!(error.needs_login(), "{error}");
    assert_eq!(server.seen().len(), 1);
    assert!(!server.seen()[0].headers.to_ascii_lowercase().contains("authorization"));
}

#[test]
fn anything_is_read_by_its_path_and_kept_as_it_came() {
    let server = Server::saying(answer("200 OK", "", "[1, 2 ]"));
    let call = listenbrainz::read("/stats/user/a b/artists").param("range", "this week").param("count", "3");
    assert_eq!(run(client(&server).call(&call)).unwrap(), b"[1, 2 ]");
    assert_eq!(server.seen()[0].line, "GET /2.0/stats/user/a%20b/artists?range=this+week&count=3 HTTP/1.1\r\n");
    let server = Server::saying(answer("404 Not Found", "", r#"{"code":404,"error":"Cannot find user: x"}"#));
    let error = run(client(&server).call(&listenbrainz::read("user/x/listens"))).unwrap_err();
    assert!(error.is_unknown_user(), "{error}");
}

#[test]
fn a_token_that_no_header_can_carry_is_not_sent() {
    let server = Server::saying(answer("200 OK", "", "{}"));
    let mut options = options(&server, Rate::Unpaced);
    options.credentials = Credentials::token("canary\n");
    let error = run(Client::new(options).unwrap().call(&listenbrainz::validate_token())).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"));
    assert!(server.seen().is_empty());
}

#[test]
fn refusals_say_what_to_do() {
    let limits = "X-RateLimit-Limit: 30\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset-In: 7\r\n";
    for (status, body, class, login, unknown) in [
        ("401 Unauthorized", r#"{"code":401,"error":"Invalid authorization token."}"#, Class::Fatal, true, false),
        ("404 Not Found", r#"{"code":404,"error":"Cannot find user: x"}"#, Class::Fatal, false, true),
        ("400 Bad Request", r#"{"code":400,"error":"\u001b[31mNo"}"#, Class::Fatal, false, false),
        ("429 Too Many Requests", r#"{"code":429,"error":"slow"}"#, Class::RateLimited, false, false),
        ("503 Service Unavailable", r#"{"code":503,"error":"soon"}"#, Class::Retry, false, false),
        ("502 Bad Gateway", "<html>", Class::Retry, false, false),
    ] {
        let server = Server::saying(answer(status, limits, body));
        let client = client(&server);
        let error = run(client.call(&listenbrainz::listen_count("x"))).unwrap_err();
        assert_eq!((error.class(), error.needs_login(), error.is_unknown_user()), (class, login, unknown), "{error}");
        assert!(
            !format!("{error} {error:?} {client:?}").contains(['\u{1b}']) && !format!("{client:?}").contains(TOKEN)
        );
        match error {
            Error::Http { content, .. } => assert_eq!(content, Content::Html),
            Error::Refused { http_status, retry_after, .. } => {
                let pause = (http_status == 429).then_some(Duration::from_secs(7));
                assert_eq!(retry_after, pause, "the word about the limit stands for a missing Retry-After");
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_service_that_repeats_the_token_does_not_get_it_shown() {
    let body = json!({"code": 401, "error": format!("Invalid token {TOKEN}!")}).to_string();
    let server = Server::saying(answer("401 Unauthorized", "", body));
    let error = run(client(&server).call(&listenbrainz::validate_token())).unwrap_err();
    assert_eq!(error.to_string(), "Invalid token …! (HTTP 401)");
    assert!(!format!("{error:?}").contains("canary"));
}

#[test]
fn the_services_own_limit_is_obeyed_before_it_is_met() {
    let mut left = 2_u32;
    let server = Server::start(move |_, mut stream| {
        left = left.checked_sub(1).unwrap_or(29);
        let limits = format!("X-RateLimit-Limit: 30\r\nX-RateLimit-Remaining: {left}\r\nX-RateLimit-Reset-In: 10\r\n");
        stream.write_all(&answer("200 OK", &limits, r#"{"payload":{"count":1}}"#)).unwrap();
    });
    let mut options = options(&server, Rate::PerSecond(5.0));
    options.timeout = Duration::from_secs(30);
    let client = Client::new(options).unwrap();
    let mut starts = Vec::new();
    for _ in 0..4 {
        run(client.call(&listenbrainz::listen_count("ann"))).unwrap();
        starts.push(client.clock().monotonic().as_secs());
    }
    assert_eq!(starts, [0, 0, 10, 10], "when none was left, the next waited for the new stretch");
}

#[test]
fn recorded_answers_are_read() {
    let Some(files) = files("listenbrainz/api.responses") else { return };
    let read: Vec<(&str, &[u8])> = files.iter().map(|(name, body)| (name.as_str(), body.as_slice())).collect();
    let body = |name: &str| read.iter().find(|(file, _)| *file == name).unwrap_or_else(|| panic!("{name}")).1;
    let valid = listenbrainz::validate_token().decode(body("validate_ok.json")).unwrap();
    assert!(valid.valid && valid.user_name.is_some());
    let invalid = listenbrainz::validate_token().decode(body("validate_bad.json")).unwrap();
    assert!(!invalid.valid && invalid.user_name.is_none());
    assert_eq!(listenbrainz::listen_count("x").decode(body("listen_count.json")).unwrap().count, 12_345);
    let playing = listenbrainz::playing_now("x").decode(body("playing_now_empty.json")).unwrap();
    assert!(playing.playing_now && playing.listens.is_empty());
    let submission = Submission::single(Listen::new("A", "B").at(1_600_000_000)).unwrap();
    assert_eq!(listenbrainz::submit(&submission).decode(body("submit_ok.json")).unwrap().status, "ok");
    for name in ["submit_bad_auth.json", "submit_no_auth.json", "user_not_found.json"] {
        assert!(listenbrainz::listen_count("x").decode(body(name)).is_err(), "{name} is no answer");
    }
}

/// Requests that the service's own project uses to test what it takes, and some that other clients send.
#[test]
fn recorded_submissions_are_judged_as_the_service_judges_them() {
    let Some(files) = files("listenbrainz/submit-listens.request") else { return };
    let refused = [
        ("lb_artist_name_list.json", "not read"),
        ("lb_empty_artist_name.json", "blank"),
        ("lb_empty_track_name.json", "blank"),
        ("lb_invalid_artist_mbid.json", "UUID"),
        ("lb_invalid_duration.json", "length"),
        ("lb_invalid_listen_missing_track_metadata.json", "not read"),
        ("lb_invalid_listen_nan_in_json.json", "not read"),
        ("lb_invalid_listen_null_listened_at.json", "not read"),
        ("lb_invalid_listen_null_track_metadata.json", "not read"),
        ("lb_invalid_recording_mbid.json", "UUID"),
        ("lb_invalid_release_mbid.json", "UUID"),
        ("lb_invalid_release_name.json", "not read"),
        ("lb_listen_having_unicode_null.json", "NUL"),
        ("lb_multi_duration.json", "length"),
        ("lb_playing_now_more_than_one_listen.json", "listens"),
        ("lb_playing_now_with_ts.json", "moment"),
        ("lb_single_more_than_one_listen.json", "listens"),
        ("lb_timestamp_before_lfm_founding.json", "2002-10-01"),
        ("lb_too_large_listen.json", "10240"),
        ("lb_too_long_tag.json", "tags"),
        ("lb_too_many_tags.json", "tags"),
        // Clients' own examples, with words for ids and a moment that is none.
        ("navidrome_nowplaying.json", "UUID"),
        ("navidrome_scrobble.json", "UUID"),
        ("ms_submitListensRequestExample.json", "2002-10-01"),
    ];
    let mut taken = 0;
    for (name, body) in &files {
        let outcome = match serde_json::from_slice::<Submission>(body) {
            Err(_) => "not read".to_owned(),
            Ok(submission) => {
                let written = serde_json::to_vec(&submission).unwrap();
                assert_eq!(serde_json::from_slice::<Submission>(&written).unwrap(), submission, "{name}");
                submission.check().map_or_else(|error| error.to_string(), |()| "taken".to_owned())
            }
        };
        crate::fixtures::show(&format!("{name}: {outcome}"));
        match refused.iter().find(|(file, _)| file == name) {
            Some((_, reason)) => assert!(outcome.contains(reason), "{name}: {outcome}"),
            // The service alone knows what time it is.
            None if name == "lb_timestamp_in_ns.json" => assert_eq!(outcome, "taken"),
            None => {
                assert_eq!(outcome, "taken", "{name}");
                taken += 1;
            }
        }
    }
    assert!(taken >= 9, "only {taken} are taken");
}

/// Listens as the service answered them, and lines of an export.
#[test]
fn recorded_listens_are_read_and_written_alike() {
    let Some(items) = files("listenbrainz/get-listens.items") else { return };
    let mut count = 0;
    for (name, body) in &items {
        for item in serde_json::from_slice::<Vec<Value>>(body).unwrap() {
            let listen: ListenItem =
                serde_json::from_value(item["data"].clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
            let written = serde_json::to_value(&listen).unwrap();
            assert_eq!(serde_json::from_value::<ListenItem>(written).unwrap(), listen, "{name}");
            assert!(listen.listened_at.is_some() && !listen.track_metadata.track_name.is_empty(), "{name}");
            count += 1;
        }
    }
    for (name, body) in files("listenbrainz/export").unwrap().iter().filter(|(name, _)| name == "lb_listens.jsonl") {
        for line in std::str::from_utf8(body).unwrap().lines() {
            serde_json::from_str::<ListenItem>(line).unwrap_or_else(|error| panic!("{name}: {error}"));
            count += 1;
        }
    }
    assert!(count > 20, "only {count} listens");
}

#[test]
fn what_the_service_would_refuse_cannot_be_made() {
    let listen = || Listen::new("A", "B").at(1_600_000_000);
    let refused = |listen: Listen| Submission::single(listen).unwrap_err();
    assert_eq!(refused(Listen::new("A", "B")), Unacceptable::Moment);
    assert_eq!(refused(Listen::new(" ", "B").at(1_600_000_000)), Unacceptable::Blank);
    assert_eq!(refused(Listen::new("A", "\t").at(1_600_000_000)), Unacceptable::Blank);
    assert_eq!(refused(listen().at(1_033_430_399)), Unacceptable::TooOld);
    assert_eq!(refused(listen().release("a\u{0}b")), Unacceptable::Nul);
    for (name, value) in [
        ("duration", json!(0)),
        ("duration", json!(24 * 86_400 + 1)),
        ("duration_ms", json!(-1)),
        ("duration_ms", json!("soon")),
        ("duration", json!(u64::MAX)),
    ] {
        assert_eq!(refused(listen().with(name, value.clone())), Unacceptable::Duration, "{name} {value}");
    }
    assert_eq!(refused(listen().with("duration", 1).with("duration_ms", 1000)), Unacceptable::Duration);
    assert_eq!(refused(listen().with("tags", vec!["t"; 51])), Unacceptable::Tags);
    assert_eq!(refused(listen().with("tags", vec!["ä".repeat(65)])), Unacceptable::Tags);
    assert_eq!(refused(listen().with("recording_mbid", "none")), Unacceptable::Mbid);
    assert_eq!(refused(listen().with("artist_mbids", json!(["", 7]))), Unacceptable::Mbid);
    assert!(matches!(refused(listen().release("x".repeat(10_240))), Unacceptable::TooLarge { bytes: 10_241.. }));

    let whole = listen()
        .with("duration_ms", 24_u64 * 86_400 * 1000)
        .with("tags", vec!["ä".repeat(64); 50])
        .with("recording_mbid", "0f1f8fdb-d14b-4629-8c29-43f041d52f88")
        .with("artist_mbids", json!(["", "0F1F8FDB-d14b-4629-8c29-43f041d52f88"]));
    Submission::single(whole).unwrap();

    let playing = Submission::playing_now(listen()).unwrap();
    assert_eq!((playing.listen_type(), playing.listens()[0].listened_at), (ListenType::PlayingNow, None));
    assert_eq!(Submission::import(vec![listen(); 1000]).unwrap().listens().len(), 1000);
    for count in [0, 1001] {
        let error = Submission::import(vec![listen(); count]).unwrap_err();
        assert_eq!(error, Unacceptable::Count { count, most: 1000 });
    }
}

#[test]
fn lengths_and_ids_are_found_where_they_are() {
    let listen = Listen::new("A", "B").with("duration", 3).with("recording_mbid", "");
    let mut metadata = listen.track_metadata;
    assert_eq!((metadata.duration_ms(), metadata.recording_mbid()), (Some(3000), None));
    metadata.mbid_mapping = Some(json!({"recording_mbid": "found"}).as_object().unwrap().clone());
    assert_eq!(metadata.recording_mbid(), Some("found"));
    metadata.additional_info.insert("recording_mbid".to_owned(), json!("told"));
    metadata.additional_info.insert("duration_ms".to_owned(), json!(2999));
    assert_eq!((metadata.duration_ms(), metadata.recording_mbid()), (Some(2999), Some("told")));
    for (told, read) in [(json!(1222.6), Some(1222)), (json!(-1), None), (json!(1e300), None), (json!("x"), Some(3000))]
    {
        metadata.additional_info.insert("duration_ms".to_owned(), told.clone());
        assert_eq!(metadata.duration_ms(), read, "{told}");
    }
}

#[test]
fn thoughts_are_numbers() {
    let page: FeedbackPage = serde_json::from_value(json!({"count": 2, "total_count": 7, "offset": 0, "feedback": [
        {"created": 5, "recording_mbid": null, "recording_msid": "m", "score": 1, "user_id": "ann", "track_metadata": null},
        {"recording_mbid": "b", "score": -1},
    ]}))
    .unwrap();
    assert_eq!(page.feedback.iter().map(|feedback| feedback.score).collect::<Vec<_>>(), [Score::Loved, Score::Hated]);
    let nothing = Feedback { recording_mbid: Some("b".to_owned()), ..Feedback::default() };
    assert_eq!(serde_json::to_value(nothing).unwrap(), json!({"recording_mbid": "b", "score": 0}));
    assert!(serde_json::from_value::<Score>(json!(2)).is_err());
    let check: TokenCheck =
        serde_json::from_value(json!({"code": 200, "message": "Token invalid.", "valid": false})).unwrap();
    assert_eq!(check.user_name, None);
}

/// A service with these listens, latest first, that keeps both bounds out and gives at most so many.
fn history(moments: Vec<(i64, &'static str)>, most: usize) -> Server {
    Server::start(move |seen, mut stream| {
        let query = target(seen).split_once('?').map_or("", |(_, query)| query).to_owned();
        let bound = |name: &str| {
            let found = form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name);
            found.map(|(_, value)| value.parse::<i64>().unwrap())
        };
        let count = usize::try_from(bound("count").unwrap()).unwrap().min(most);
        let inside = |at: i64| bound("max_ts").is_none_or(|max| at < max) && bound("min_ts").is_none_or(|min| at > min);
        let listens: Vec<ListenItem> = moments
            .iter()
            .filter(|(at, _)| inside(*at))
            .take(count)
            .map(|(at, name)| {
                let Listen { listened_at, track_metadata } = Listen::new("A", *name).at(*at);
                ListenItem { listened_at, track_metadata, ..ListenItem::default() }
            })
            .collect();
        let payload = Listens { count: listens.len() as u64, user_id: "ann".to_owned(), listens, ..Listens::default() };
        let body = json!({ "payload": payload }).to_string();
        stream.write_all(&answer("200 OK", "", body)).unwrap();
    })
}

fn walked(server: &Server, call: listenbrainz::ListensCall) -> Vec<(i64, String)> {
    let mut walk = client(server).walk(call);
    let mut found = Vec::new();
    run(async {
        while let Some(listens) = walk.next().await.unwrap() {
            found.extend(listens.into_iter().map(|item| (item.listened_at.unwrap(), item.track_metadata.track_name)));
        }
        assert!(walk.next().await.unwrap().is_none());
    });
    found
}

#[test]
fn a_walk_loses_no_listen_of_a_shared_second() {
    let moments = vec![(50, "a"), (40, "b"), (40, "c"), (40, "d"), (30, "e"), (20, "f"), (20, "g"), (10, "h")];
    let expected: Vec<_> = moments.iter().map(|(at, name)| (*at, (*name).to_owned())).collect();
    for most in 4..10 {
        let server = history(moments.clone(), most);
        assert_eq!(walked(&server, listenbrainz::listens("ann")), expected, "{most} at a time");
        assert!(server.seen().iter().all(|seen| target(seen).contains("count=1000")));
    }
    let server = history(moments.clone(), 10);
    let some = walked(&server, listenbrainz::listens("ann").after(10).before(50).count(4));
    assert_eq!(some, expected[1..7]);
    assert!(walked(&history(Vec::new(), 10), listenbrainz::listens("ann")).is_empty());
}

/// Only the first of so many listens in one second can be had from such a service; the walk ends all the same.
#[test]
fn a_second_that_does_not_fit_into_an_answer_does_not_hold_the_walk_up() {
    let server = history(vec![(40, "a"), (40, "b"), (40, "c"), (30, "d")], 2);
    let names: Vec<_> = walked(&server, listenbrainz::listens("ann")).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["a", "b", "d"]);
}

#[test]
fn after_an_error_a_walk_goes_on_where_it_was() {
    let mut count = 0;
    let server = Server::start(move |_, mut stream| {
        count += 1;
        let body = match count {
            1 => json!({"payload": {"count": 1, "user_id": "ann", "listens": [
                {"listened_at": 40, "track_metadata": {"artist_name": "A", "track_name": "a"}}
            ]}}),
            2 => json!({"code": 500, "error": "no"}),
            _ => json!({"payload": {"count": 0, "user_id": "ann", "listens": []}}),
        };
        let status = if count == 2 { "500 Internal Server Error" } else { "200 OK" };
        stream.write_all(&answer(status, "", body.to_string())).unwrap();
    });
    let mut walk = client(&server).walk(listenbrainz::listens("ann"));
    assert_eq!(run(walk.next()).unwrap().unwrap().len(), 1);
    assert!(run(walk.next()).unwrap_err().retryable());
    assert!(run(walk.next()).unwrap().is_none());
    let targets: Vec<_> = server.seen().iter().map(|seen| target(seen).to_owned()).collect();
    assert_eq!(targets[1], targets[2], "the same question once more");
}
