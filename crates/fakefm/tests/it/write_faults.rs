//! What goes wrong with a write: before it, after it, and for what it holds.

use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};

use fakefm::{Fault, Faults, HandClock, Outcome, When};
use serde_json::Value;

use crate::{
    client::{Reply, exchange, get, list, post, seed},
    writer::{NOW, TOKEN, batch, brainz, brainz_request, call, fake, fake_at, held, scrobble, verdict},
};

const ROWS: [(i64, &str, &str); 2] = [(NOW - 2, "A", "T"), (NOW - 1, "A", "U")];

/// A scrobble call whose answer may not come.
fn try_scrobble(fake: &fakefm::FakeFm, rows: &[(i64, &str, &str)]) -> std::io::Result<Reply> {
    let body = batch(rows);
    let request =
        format!("POST /2.0/ HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    exchange(fake.address(), request.as_bytes())
}

#[test]
fn a_refusal_comes_before_the_write() {
    let fake = fake();
    for (code, status, retry_after) in [
        (8, 500, None),
        (8, 503, None),
        (8, 400, None),
        (11, 503, None),
        (16, 503, None),
        (29, 429, None),
        (29, 429, Some(7)),
    ] {
        fake.fail_next(Fault::Refusal { code, status, retry_after });
        let reply = scrobble(&fake, &ROWS);
        assert_eq!((reply.status, reply.refusal().0), (status, u64::from(code)));
        assert_eq!(reply.header("retry-after"), retry_after.map(|_| "7"));
    }
    for fault in [
        Fault::NoBody { status: 500, retry_after: None },
        Fault::NoBody { status: 200, retry_after: None },
        Fault::Html { status: 503 },
        Fault::Html { status: 200 },
    ] {
        fake.fail_next(fault.clone());
        let body = scrobble(&fake, &ROWS).body;
        assert!(body.is_empty() || body.starts_with(b"<html>"), "{fault:?}");
    }
    assert!(fake.world().listener().is_empty());
    assert!(fake.writes().iter().all(|write| write.rows.iter().all(|row| row.outcome == Outcome::Undone)));
    assert_eq!((fake.stats().writes, fake.stats().by_batch[&2]), (11, 11));
    assert_eq!(verdict(&scrobble(&fake, &ROWS)).0, 2);
}

#[test]
fn a_reset_before_the_write_and_an_answer_lost_after_it_look_alike() {
    let fake = fake();
    fake.fail_next(Fault::Reset);
    assert_eq!(try_scrobble(&fake, &ROWS).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(held(&fake), []);
    fake.fail_next(Fault::lost_answer());
    assert_eq!(try_scrobble(&fake, &ROWS).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(fake.world().listener().len(), 2);
    assert_eq!(verdict(&scrobble(&fake, &ROWS)), (2, 0, vec!["0".to_owned(); 2]), "the repeat hears nothing of it");
    assert_eq!(held(&fake), [(NOW - 2, "T".to_owned(), 1, 2), (NOW - 1, "U".to_owned(), 1, 2)]);
    let first_outcomes: Vec<_> = fake.writes().iter().map(|write| write.rows[0].outcome).collect();
    assert_eq!(first_outcomes, [Outcome::Undone, Outcome::Stored, Outcome::Repeated]);
    let faults: Vec<_> = fake.writes().into_iter().map(|write| write.fault).collect();
    assert_eq!(faults, [Some("Reset".to_owned()), Some("AfterWrite(Reset)".to_owned()), None]);
}

#[test]
fn an_answer_is_spoilt_after_the_write() {
    for fault in [
        Fault::CutText,
        Fault::CutConnection,
        Fault::InvalidUtf8,
        Fault::Drip { tick_ms: 1, for_ms: 9 },
        Fault::AfterWrite(Box::new(Fault::Html { status: 502 })),
        Fault::AfterWrite(Box::new(Fault::NoBody { status: 200, retry_after: None })),
        Fault::AfterWrite(Box::new(Fault::Refusal { code: 8, status: 500, retry_after: None })),
    ] {
        let fake = fake();
        fake.fail_next(fault.clone());
        let reply = scrobble(&fake, &ROWS);
        let read = serde_json::from_slice::<Value>(&reply.body).ok();
        assert!(read.is_none_or(|read| read.get("scrobbles").is_none()), "{fault:?}");
        assert_eq!(fake.world().listener().len(), 2, "{fault:?}");
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "slowness is what is measured")]
fn a_slow_answer_is_right() {
    let fake = fake();
    fake.fail_next(Fault::Late { ms: 80 });
    let began = Instant::now();
    assert_eq!(verdict(&scrobble(&fake, &ROWS)).0, 2);
    assert!(began.elapsed() >= Duration::from_millis(80));
}

#[test]
fn xml_and_other_answers_come_in_place_of_the_right_one() {
    let fake = fake();
    fake.fail_next(Fault::XmlBody);
    assert!(scrobble(&fake, &ROWS[..1]).body.starts_with(b"<?xml"));
    let listed = get(&fake, &list(""));
    fake.fail_next(Fault::Stale);
    assert_eq!(scrobble(&fake, &ROWS[1..]).body, listed.body);
    fake.fail_next(Fault::OtherUser);
    assert_eq!(verdict(&scrobble(&fake, &[(NOW, "A", "V")])).0, 1, "no other user's answer exists to a write");
    assert_eq!(fake.world().listener().len(), 3);
}

#[test]
fn a_batch_with_poison_is_refused_until_the_poison_is_taken_out() {
    let fake = fake();
    let poison = (NOW - 5, "A", "Poison");
    for (code, status) in [(6, 400), (13, 400)] {
        fake.fail(When::Track("Poison".into()), Fault::Refusal { code, status, retry_after: None });
        let all = [ROWS[0], poison, ROWS[1]];
        assert_eq!(scrobble(&fake, &all).refusal().0, u64::from(code));
        assert_eq!(scrobble(&fake, &all[..1]).status, 200);
        assert_eq!(scrobble(&fake, &[poison]).refusal().0, u64::from(code));
        assert_eq!(scrobble(&fake, &all[2..]).status, 200);
        fake.fail_no_more();
    }
    assert_eq!(fake.world().listener().len(), 2);
    fake.fail(When::Track("Poison".into()), Fault::NoBody { status: 400, retry_after: None });
    let listen = format!(
        r#"{{"listen_type":"single","payload":[{{"listened_at":{NOW},"track_metadata":{{"artist_name":"A","track_name":"Poison"}}}}]}}"#
    );
    assert_eq!(brainz(&fake, "submit-listens", Some(&listen)).status, 400);
    assert_eq!(brainz(&fake, "submit-listens", Some(&listen.replace("Poison", "T"))).status, 200);
}

#[test]
fn faults_strike_writes_alone_or_one_method_of_either_service() {
    let fake = fake();
    fake.fail_times(When::Writes, Fault::Refusal { code: 16, status: 503, retry_after: None }, 2);
    assert_eq!(get(&fake, &list("")).status, 200);
    assert_eq!(call(&fake, "track.love", &[("artist", "A"), ("track", "T")]).refusal().0, 16);
    let refused = brainz(&fake, "submit-listens", Some("{}"));
    assert_eq!((refused.status, refused.json()["code"].as_u64()), (503, Some(503)));
    fake.fail_times(When::Method("submit-listens".into()), Fault::Html { status: 502 }, 1);
    assert_eq!(brainz(&fake, "validate-token", None).status, 200);
    assert!(brainz(&fake, "submit-listens", Some("{}")).body.starts_with(b"<html>"));
    assert_eq!(brainz(&fake, "submit-listens", Some("{}")).status, 400);
}

#[test]
fn a_listen_can_be_lost_and_told_twice_too() {
    let fake = fake();
    let body = format!(
        r#"{{"listen_type":"import","payload":[{{"listened_at":{NOW},"track_metadata":{{"artist_name":"A","track_name":"T"}}}}]}}"#
    );
    let request = brainz_request("submit-listens", Some(&body), &format!("Authorization: Token {TOKEN}\r\n"));
    for (fault, held) in [(Fault::Reset, 0), (Fault::lost_answer(), 1)] {
        fake.fail_next(fault);
        let lost = exchange(fake.address(), request.as_bytes());
        assert_eq!(lost.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!(fake.world().listenbrainz("ann").len(), held);
    }
    assert_eq!(brainz(&fake, "submit-listens", Some(&body)).status, 200);
    let holdings = fake.world().listenbrainz("ann").holdings();
    assert_eq!((holdings.len(), holdings[0].held, holdings[0].written), (1, 1, 2));
}

/// Sends every row until it is answered as accepted or ignored, as a client with an outbox does.
fn deliver(fake: &fakefm::FakeFm, rows: &[(i64, &str, &str)]) {
    for some in rows.chunks(7) {
        let answered = |reply: &Reply| {
            let read: Option<Value> = serde_json::from_slice(&reply.body).ok();
            reply.status == 200 && read.is_some_and(|read| read["scrobbles"]["@attr"].is_object())
        };
        let tries = (0..200).find(|_| try_scrobble(fake, some).is_ok_and(|reply| answered(&reply)));
        assert!(tries.is_some(), "no answer in two hundred tries");
    }
}

#[test]
fn whatever_goes_wrong_a_stubborn_client_has_every_play_once() {
    let first = seed(41);
    let mut repeated = 0;
    for seed in first..first + 5 {
        let fake = fake_at(&HandClock::at_ms(NOW * 1000), |_| {});
        fake.set_faults(Faults::lossy(seed));
        let names: Vec<_> = (0..60).map(|n| (NOW - 1_000 + n, format!("T{n}"))).collect();
        let rows: Vec<_> = names.iter().map(|(at, track)| (*at, "A", track.as_str())).collect();
        deliver(&fake, &rows);
        let held = held(&fake);
        assert_eq!(held.len(), 60, "seed {seed}");
        assert!(held.iter().all(|(.., held, written)| *held == 1 && *written >= 1), "seed {seed}: {held:?}");
        repeated += held.iter().filter(|(.., written)| *written > 1).count();
    }
    assert!(repeated > 0, "no answer was ever lost");
}

#[test]
fn the_side_door_orders_faults_of_writes() {
    let fake = fake();
    let order = |body: &str| assert_eq!(post(&fake, "/_fake/fault", body).status, 200, "{body}");
    order("kind=reset&after_write=1&writes=1");
    assert_eq!(get(&fake, &list("")).status, 200);
    assert!(try_scrobble(&fake, &ROWS).is_err());
    assert_eq!(fake.world().listener().len(), 2);
    order("kind=refusal&code=13&status=400&track=Poison");
    assert_eq!(scrobble(&fake, &[(NOW, "A", "T")]).status, 200);
    assert_eq!(scrobble(&fake, &[(NOW, "A", "Poison")]).refusal().0, 13);
    order("kind=refusal&code=8&method=track.love");
    assert_eq!(scrobble(&fake, &[(NOW, "A", "T")]).status, 200);
    assert_eq!(call(&fake, "track.love", &[("artist", "A"), ("track", "T")]).refusal().0, 8);
}
