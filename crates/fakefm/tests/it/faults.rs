//! Faults in what is said.

use fakefm::{Change, Fault, Faults, Mutation, When};
use serde_json::Value;

use crate::client::{at_seconds, generated, get, info, list, try_get};

/// The answer that `fault` leaves of a list of ten rows.
fn spoilt(fault: Fault) -> crate::client::Reply {
    let fake = generated(40);
    fake.fail_next(fault);
    get(&fake, &list("limit=10"))
}

#[test]
fn errors_come_with_any_status_and_waiting_time() {
    for (code, status, retry_after) in [
        (8, 500, None),
        (8, 400, None),
        (8, 200, None),
        (11, 503, None),
        (16, 503, None),
        (29, 429, Some(30)),
        (29, 200, None),
    ] {
        let reply = spoilt(Fault::Refusal { code, status, retry_after });
        assert_eq!((reply.status, reply.refusal().0), (status, u64::from(code)));
        assert_eq!(reply.header("retry-after"), retry_after.map(|_| "30"));
        assert_eq!(reply.header("content-type"), Some("application/json"));
    }
}

#[test]
fn bodies_are_missing_or_html() {
    for status in [200, 429, 500] {
        let reply = spoilt(Fault::NoBody { status, retry_after: None });
        assert_eq!((reply.status, reply.body.len(), reply.is_whole()), (status, 0, true));
    }
    for status in [200, 400, 502, 503] {
        let reply = spoilt(Fault::Html { status });
        assert_eq!(reply.status, status);
        assert!(reply.body.starts_with(b"<html>"));
    }
}

#[test]
fn a_cut_text_has_an_honest_length_and_is_no_json() {
    let reply = spoilt(Fault::CutText);
    assert!(reply.is_whole() && reply.error.is_none());
    assert!(serde_json::from_slice::<Value>(&reply.body).is_err());
}

#[test]
fn foreign_bytes_doubled_keys_and_xml() {
    let foreign = spoilt(Fault::InvalidUtf8);
    assert!(std::str::from_utf8(&foreign.body).is_err());
    assert!(serde_json::from_str::<Value>(&String::from_utf8_lossy(&foreign.body)).is_ok());
    let doubled = String::from_utf8(spoilt(Fault::DoubledKey).body).unwrap();
    assert_eq!(doubled.matches("\"track\":").count(), 2);
    let xml = spoilt(Fault::XmlBody);
    assert_eq!(xml.header("content-type"), Some("text/xml; charset=UTF-8"));
    assert!(xml.body.starts_with(b"<?xml"));
}

#[test]
fn the_bomb_is_small_and_says_gzip() {
    let reply = spoilt(Fault::Bomb { mib: 64 });
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    assert!(reply.body.len() < 200_000 && reply.body.starts_with(&[0x1f, 0x8b]));
}

#[test]
fn another_user_another_page_and_an_old_answer() {
    let fake = generated(40);
    let attr = |reply: &crate::client::Reply, name: &str| {
        reply.json()["recenttracks"]["@attr"][name].as_str().unwrap().to_owned()
    };
    let right = get(&fake, &list("limit=10"));
    fake.fail_next(Fault::OtherUser);
    let other = get(&fake, &list("limit=10"));
    assert_ne!(attr(&other, "user"), "Ann");
    assert_eq!(other.rows().len(), 10);
    assert!(other.seconds() != right.seconds());
    fake.fail_next(Fault::OtherPage);
    let second = get(&fake, &list("limit=10"));
    assert_eq!(attr(&second, "page"), "2");
    assert_eq!(second.seconds(), get(&fake, &list("limit=10&page=2")).seconds());
    let last = get(&fake, &list("limit=3"));
    fake.fail_next(Fault::Stale);
    assert_eq!(get(&fake, &list("limit=10")).body, last.body);
    assert_eq!(get(&fake, &list("limit=10")).body, right.body);
}

#[test]
fn mutations_reach_lists_and_profiles() {
    let fake = generated(5);
    let plain = get(&fake, &list("")).json();
    fake.fail_next(Fault::Mutated(Mutation::at("recenttracks.@attr.total", Change::Retype, false).unwrap()));
    assert_eq!(get(&fake, &list("")).json()["recenttracks"]["@attr"]["total"], 5);
    fake.fail_next(Fault::Mutated(Mutation::at("user.playcount", Change::Rename, false).unwrap()));
    assert_eq!(get(&fake, &info()).json()["user"]["playcount_v2"], "5");
    let mut seen = 0;
    for mutation in Mutation::all() {
        fake.fail_next(Fault::Mutated(mutation));
        seen += usize::from(get(&fake, &list("")).json() != plain);
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn a_second_may_be_unreadable_for_ever() {
    let fake = at_seconds([10, 20, 30]);
    fake.fail(When::Second(20), Fault::Refusal { code: 8, status: 500, retry_after: None });
    for (window, status) in
        [("", 500), ("from=20&to=20", 500), ("from=1&to=19", 200), ("from=21&to=99", 200), ("from=1&to=99", 500)]
    {
        assert_eq!(get(&fake, &list(window)).status, status, "{window}");
    }
    fake.fail_times(When::Method("user.getinfo".into()), Fault::Html { status: 502 }, 2);
    assert_eq!([0; 3].map(|_| get(&fake, &info()).status), [502, 502, 200]);
    fake.fail_no_more();
    assert_eq!(get(&fake, &list("")).status, 200);
}

#[test]
fn a_spoilt_service_spoils_its_share_and_repeats_itself_by_seed() {
    let outcome = |seed| -> Vec<(u16, usize)> {
        let fake = generated(60);
        fake.set_faults(
            Faults::new(seed).and(0.3, Fault::NoBody { status: 500, retry_after: None }).and(0.2, Fault::CutText),
        );
        let answered = |_| try_get(&fake, &list("limit=5")).map_or((0, 0), |r| (r.status, r.body.len()));
        (0..200).map(answered).collect()
    };
    let first = outcome(3);
    assert_eq!(first, outcome(3));
    assert_ne!(first, outcome(4));
    let failed = first.iter().filter(|(status, _)| *status == 500).count();
    assert!((35..90).contains(&failed), "{failed}");
}

#[test]
fn under_every_kind_of_fault_the_service_goes_on() {
    let fake = generated(60);
    for kind in Fault::kinds() {
        fake.fail_next(kind.clone());
        // Whatever comes, even nothing, the next answer is right again.
        let spoilt = try_get(&fake, &list("limit=5"));
        let right = get(&fake, &list("limit=5"));
        assert_eq!((right.status, right.rows().len()), (200, 5), "after {kind:?}: {spoilt:?}");
    }
}
