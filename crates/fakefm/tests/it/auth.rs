//! How a client gets a session, and how it loses it.

use fakefm::{FakeFm, HandClock};
use serde_json::json;

use crate::{
    client::{Reply, get, list, post},
    writer::{NOW, SESSION, call, fake, fake_at, fake_with, md5_hex, signed},
};

/// A signed call without a session, by GET.
fn ask(fake: &FakeFm, method: &str, more: &[(&str, &str)]) -> Reply {
    let mut all = vec![("method", method), ("api_key", "k")];
    all.extend(more);
    get(fake, &format!("/2.0/?{}", signed(&all)))
}

fn token(fake: &FakeFm) -> String {
    ask(fake, "auth.getToken", &[]).json()["token"].as_str().unwrap().to_owned()
}

fn refused(reply: &Reply) -> (u16, u64) {
    (reply.status, reply.refusal().0)
}

#[test]
fn a_token_becomes_a_session_once_it_is_granted() {
    let fake = fake();
    let token = token(&fake);
    assert_eq!(token.len(), 32);
    let session = |token: &str| ask(&fake, "auth.getSession", &[("token", token)]);
    assert_eq!(refused(&session(&token)), (403, 14));
    let unknown = session("bogus");
    assert_eq!(unknown.refusal(), (4, "Unauthorized Token - This token has not been issued".to_owned()));
    assert_eq!(post(&fake, "/_fake/grant", &format!("token={token}")).status, 200);
    let granted = session(&token).json();
    let key = granted["session"]["key"].as_str().unwrap().to_owned();
    assert_eq!(granted, json!({"session": {"subscriber": 0, "name": "Ann", "key": key}}));
    assert_eq!(key.len(), 32);
    assert_eq!(refused(&session(&token)), (403, 15), "a token is good once");
    let love = [("method", "track.love"), ("api_key", "k"), ("sk", &key), ("artist", "A"), ("track", "T")];
    assert_eq!(post(&fake, "/2.0/", &signed(&love)).status, 200);
    assert_eq!(refused(&ask(&fake, "auth.getSession", &[])), (400, 6));
}

#[test]
fn tokens_and_sessions_come_in_xml_too() {
    let fake = fake_with(|writing| writing.grant_at_once = Some("Ann".to_owned()));
    let xml = |more: &[(&str, &str)]| {
        let mut all = vec![("api_key", "k")];
        all.extend(more);
        let body = post(&fake, "/2.0/", &signed(&all).replace("&format=json", "")).body;
        String::from_utf8(body).unwrap()
    };
    let between = |text: &str, tag: &str| {
        let rest = text.split(&format!("<{tag}>")).nth(1).unwrap().to_owned();
        rest.split(&format!("</{tag}>")).next().unwrap().to_owned()
    };
    let token = xml(&[("method", "auth.getToken")]);
    assert!(token.contains("<lfm status=\"ok\">\n  <token>"), "{token}");
    let session = xml(&[("method", "auth.getSession"), ("token", &between(&token, "token"))]);
    assert_eq!((between(&session, "name"), between(&session, "subscriber")), ("Ann".to_owned(), "0".to_owned()));
    assert_eq!(fake.world().session_user(&between(&session, "key")), Some("Ann"));
}

#[test]
fn a_token_waits_an_hour() {
    let clock = HandClock::at_ms(NOW * 1000);
    let fake = fake_at(&clock, |_| {});
    let (early, late) = (token(&fake), token(&fake));
    for token in [&early, &late] {
        assert!(fake.world().grant(token, "Ann"));
    }
    clock.advance_ms(3_599_000);
    assert_eq!(ask(&fake, "auth.getSession", &[("token", &early)]).status, 200);
    clock.advance_ms(1_000);
    assert_eq!(refused(&ask(&fake, "auth.getSession", &[("token", &late)])), (403, 15));
}

#[test]
fn a_fake_may_grant_at_once() {
    let fake = fake_with(|writing| writing.grant_at_once = Some("Ann".to_owned()));
    let token = token(&fake);
    assert_eq!(ask(&fake, "auth.getSession", &[("token", &token)]).json()["session"]["name"], "Ann");
}

#[test]
fn a_token_must_be_asked_for_with_a_signature() {
    let fake = fake();
    let body = "method=auth.getToken&api_key=k&format=json";
    assert_eq!(refused(&post(&fake, "/2.0/", body)), (400, 13));
    assert_eq!(refused(&post(&fake, "/2.0/", &format!("{body}&api_sig={}", md5_hex("x")))), (400, 13));
}

#[test]
fn a_refused_exchange_leaves_the_token_good() {
    let fake = fake();
    let token = token(&fake);
    assert!(fake.world().grant(&token, "Ann"));
    fake.fail_next(fakefm::Fault::Refusal { code: 8, status: 500, retry_after: None });
    assert_eq!(refused(&ask(&fake, "auth.getSession", &[("token", &token)])), (500, 8));
    assert_eq!(ask(&fake, "auth.getSession", &[("token", &token)]).status, 200);
}

#[test]
fn name_and_password_give_a_session_by_both_ways() {
    let fake = fake();
    let mobile = |more: &[(&str, &str)]| {
        let mut all = vec![("method", "auth.getMobileSession"), ("api_key", "k")];
        all.extend(more);
        post(&fake, "/2.0/", &signed(&all))
    };
    assert_eq!(refused(&mobile(&[("username", "Ann"), ("password", "x")])), (403, 4), "no password is set");
    fake.world().listener().password = Some("pässwörd &=".to_owned());
    let good = mobile(&[("username", "ANN"), ("password", "pässwörd &=")]).json();
    assert_eq!(good["session"]["name"], "Ann");
    let auth_token = md5_hex(&format!("ann{}", md5_hex("pässwörd &=")));
    let gnu = mobile(&[("username", "Ann"), ("authToken", &auth_token)]).json();
    assert_eq!(gnu["session"]["name"], "Ann");
    assert_ne!(gnu["session"]["key"], good["session"]["key"]);
    for (more, expected) in [
        (vec![("username", "Ann"), ("password", "wrong")], (403, 4)),
        (vec![("username", "Ann"), ("authToken", "wrong")], (403, 4)),
        (vec![("username", "Bob"), ("password", "pässwörd &=")], (403, 4)),
        (vec![("username", "Ann")], (400, 6)),
        (vec![("password", "pässwörd &=")], (400, 6)),
    ] {
        assert_eq!(refused(&mobile(&more)), expected, "{more:?}");
    }
    let by_get = [("username", "Ann"), ("password", "pässwörd &=")];
    assert_eq!(
        refused(&ask(&fake, "auth.getMobileSession", &by_get)),
        (400, 6),
        "a password never stands in an address"
    );
}

#[test]
fn a_session_that_was_revoked_is_error_9_from_its_second_on() {
    let clock = HandClock::at_ms(NOW * 1000);
    let fake = fake_at(&clock, |_| {});
    assert_eq!(post(&fake, "/_fake/revoke", &format!("at={}", NOW + 10)).status, 200);
    let names = [("artist", "A"), ("track", "T")];
    clock.advance_ms(9_999);
    assert_eq!(call(&fake, "track.love", &names).status, 200);
    clock.advance_ms(1);
    let reply = call(&fake, "track.love", &names);
    assert_eq!(refused(&reply), (403, 9));
    assert_eq!(reply.refusal().1, "Invalid session key - Please re-authenticate");
    let renewed = post(&fake, "/_fake/session", "key=another").body;
    assert_eq!(renewed, b"another\n");
    fake.world().set_session("Ann", SESSION);
    assert_eq!(call(&fake, "track.love", &names).status, 200);
}

#[test]
fn the_owner_sees_a_hidden_list() {
    let fake = fake();
    fake.world().listener().hidden = true;
    assert_eq!(get(&fake, &list("")).refusal().0, 17);
    let asked = |sk: &str| signed(&[("method", "user.getRecentTracks"), ("api_key", "k"), ("user", "ann"), ("sk", sk)]);
    assert_eq!(get(&fake, &format!("/2.0/?{}", asked(SESSION))).total(), 0);
    assert_eq!(get(&fake, &format!("/2.0/?{}", asked("other"))).refusal().0, 17);
    let tampered = asked(SESSION).replace("user=ann", "user=Ann");
    assert_eq!(get(&fake, &format!("/2.0/?{tampered}")).refusal().0, 17);
}
