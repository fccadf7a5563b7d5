//! The side door.

use serde_json::Value;

use crate::client::{at_seconds, get, list, post, try_get};

#[test]
fn an_account_is_changed_from_outside() {
    let fake = at_seconds([10, 20]);
    let ok = |path: &str, body: &str| {
        let reply = post(&fake, path, body);
        let text = String::from_utf8(reply.body).unwrap();
        assert_eq!(reply.status, 200, "{path} {body}: {text}");
        text
    };
    let id = ok("/_fake/add", "artist=A%20B&track=T&album=L&uts=15&loved=1");
    assert_eq!(get(&fake, &list("")).seconds(), [20, 15, 10]);
    ok("/_fake/edit", "artist=A%20B&track=T&new_track=Better");
    assert_eq!(get(&fake, &list("from=15&to=15")).rows()[0]["name"], "Better");
    ok("/_fake/delete", &format!("id={}", id.trim()));
    ok("/_fake/late", "artist=A&track=Late&days=2");
    let late = get(&fake, &list("limit=1")).seconds()[0];
    let ago = fake.world().now() - late;
    assert!((2 * 86_400..2 * 86_400 + 60).contains(&ago), "{ago}");
    ok("/_fake/now-playing", "artist=A&track=Now");
    assert_eq!(get(&fake, &list("limit=1")).rows().len(), 2);
    ok("/_fake/now-playing", "");
    ok("/_fake/glitch", "kind=total-zero&requests=1");
    assert_eq!([0; 2].map(|_| get(&fake, &list("")).total()), [0, 3]);
    let lines = get(&fake, "/_fake/plays");
    let lines = String::from_utf8(lines.body).unwrap();
    let plays: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((plays.len(), &plays[0]["track"], &plays[2]["uts"]), (3, &"Late".into(), &10.into()));
}

#[test]
fn faults_movement_and_counts_are_reached_from_outside() {
    let fake = at_seconds([10, 20]);
    let set = |path: &str, body: &str| post(&fake, path, body).status;
    assert_eq!(set("/_fake/fault", "kind=refusal&code=29&status=429&retry_after=7&times=2"), 200);
    let reply = get(&fake, &list(""));
    assert_eq!((reply.refusal().0, reply.header("retry-after")), (29, Some("7")));
    assert_eq!([0; 2].map(|_| get(&fake, &list("")).status), [429, 200]);
    assert_eq!(set("/_fake/fault", "kind=html&second=10&times=9"), 200);
    assert_eq!(["from=15", "from=5"].map(|more| get(&fake, &list(more)).status), [200, 502]);
    assert_eq!(set("/_fake/fault", "mix=lossy&seed=3"), 200);
    let lost = (0..40).filter(|_| try_get(&fake, &list("")).is_err()).count();
    assert!((1..20).contains(&lost), "{lost}");
    assert_eq!(set("/_fake/fault", "mix=spoilt:1.0&seed=3"), 200);
    let odd = (0..10).filter(|_| try_get(&fake, &list("")).map_or(0, |reply| reply.status) != 200).count();
    assert!(odd > 0);
    assert_eq!(set("/_fake/fault", "mix=none"), 200);
    assert_eq!(set("/_fake/movement", "kind=growing&seed=4"), 200);
    let totals: Vec<_> = (0..30).map(|_| get(&fake, &list("limit=1")).total()).collect();
    assert!(totals[29] > 2 && totals.is_sorted());
    let stats = get(&fake, "/_fake/stats").json();
    assert_eq!(stats["requests"], fake.stats().requests);
    assert_eq!(fake.stats().by_method.keys().collect::<Vec<_>>(), ["user.getrecenttracks"]);
}

#[test]
fn what_cannot_be_done_is_said() {
    let fake = at_seconds([10]);
    for (path, body) in [
        ("/_fake/add", "track=T"),
        ("/_fake/add", "artist=A&track=T&uts=soon"),
        ("/_fake/add", "artist=A&track=T&user=nobody"),
        ("/_fake/late", "artist=A&track=T&days=-1"),
        ("/_fake/delete", "id=5"),
        ("/_fake/delete", "id=5.5"),
        ("/_fake/delete", "artist=A&track=T"),
        ("/_fake/edit", "id=5.5&new_track=T"),
        ("/_fake/glitch", "kind=x"),
        ("/_fake/fault", ""),
        ("/_fake/fault", "kind=x"),
        ("/_fake/fault", "mix=spoilt:2"),
        ("/_fake/fault", "kind=html&status=99"),
        ("/_fake/movement", "kind=x"),
    ] {
        let reply = post(&fake, path, body);
        assert_eq!(reply.status, 400, "{path} {body}");
        assert!(reply.body.ends_with(b"\n"));
    }
    assert_eq!(fake.world().listener().len(), 1);
}
