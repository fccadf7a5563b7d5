//! The list: pages, windows, order, what sounds now, undated rows.

use fakefm::{BeyondEnd, Config, Generate, Glitch, OverLimit, Play, SingleRow, World};
use serde_json::json;

use crate::client::{UNTIL, at_seconds, generated, get, list, post, start};

#[test]
fn pages_together_are_the_account_newest_first() {
    let fake = generated(730);
    let mut seconds = Vec::new();
    for page in 1..=4 {
        let reply = get(&fake, &list(&format!("limit=200&page={page}")));
        assert_eq!((reply.status, reply.total()), (200, 730));
        seconds.extend(reply.seconds());
    }
    let expected: Vec<_> = fake.world().listener().listings().map(|listing| listing.uts).collect();
    assert_eq!(seconds, expected);
    assert!(seconds.is_sorted_by(|a, b| a > b));
}

#[test]
fn fifty_rows_are_usual_and_the_totals_are_strings() {
    let fake = generated(120);
    let reply = get(&fake, &list(""));
    assert_eq!(reply.rows().len(), 50);
    let attr = json!({"user": "Ann", "page": "1", "perPage": "50", "totalPages": "3", "total": "120"});
    assert_eq!(reply.json()["recenttracks"]["@attr"], attr);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let text = String::from_utf8(reply.body).unwrap();
    assert!(text.contains("https:\\/\\/www.last.fm\\/music\\/") && !text.contains(": "));
}

#[test]
fn windows_hold_their_bounds_or_not() {
    let fake = at_seconds([0, 10, 20, 30]);
    let seconds = |more: &str| get(&fake, &list(more)).seconds();
    assert_eq!(seconds(""), [30, 20, 10, 0]);
    assert_eq!(seconds("from=10&to=30"), [30, 20, 10]);
    assert_eq!(seconds("from=0"), [30, 20, 10], "undated rows are beyond any bounds");
    assert_eq!(seconds("to=20"), [20, 10]);
    assert_eq!(seconds("from=30&to=10"), [0_i64; 0]);
    fake.set_rules(|rules| (rules.from_inclusive, rules.to_inclusive) = (false, false));
    assert_eq!(seconds("from=10&to=30"), [20]);
    let reply = get(&fake, &list("from=10&to=30&limit=1"));
    assert_eq!(reply.total(), 1);
}

#[test]
fn undated_rows_come_last_and_are_counted_only_without_bounds() {
    let fake = at_seconds([0, 0, 0, 7]);
    let reply = get(&fake, &list(""));
    assert_eq!((reply.total(), reply.seconds()), (4, vec![7, 0, 0, 0]));
    assert_eq!(reply.rows()[3]["date"], json!({"uts": "0", "#text": "01 Jan 1970, 00:00"}));
    assert_eq!(get(&fake, &list("from=1")).total(), 1);
}

#[test]
fn what_sounds_now_leads_every_page_and_is_not_counted() {
    let fake = at_seconds(1..=5);
    fake.world().listener().set_now_playing(Some(&Play::new(0, "Now", "Here")));
    for more in ["limit=2", "limit=2&page=3", "limit=2&from=1&to=2", "limit=2&page=9"] {
        let reply = get(&fake, &list(more));
        let rows = reply.rows();
        assert_eq!(rows[0]["@attr"], json!({"nowplaying": "true"}), "{more}");
        assert!(rows[0].get("date").is_none());
        assert_eq!(reply.total(), if more.contains("from") { 2 } else { 5 });
        assert!(rows[1..].iter().all(|row| row.get("@attr").is_none()));
    }
    assert_eq!(get(&fake, &list("limit=2")).rows().len(), 3);
    fake.world().listener().set_now_playing(None);
    assert_eq!(get(&fake, &list("limit=2")).rows().len(), 2);
}

#[test]
fn rows_of_one_second_keep_their_order() {
    let fake = at_seconds([7; 90]);
    let names = |page: usize| -> Vec<String> {
        let reply = get(&fake, &list(&format!("limit=40&page={page}")));
        reply.rows().iter().map(|row| row["name"].to_string()).collect()
    };
    let first: Vec<_> = (1..=3).flat_map(names).collect();
    fake.world().listener().add(&Play::new(8, "Artist", "Newer"));
    let mut shifted: Vec<_> = (1..=3).flat_map(names).collect();
    assert_eq!(shifted.remove(0), "\"Newer\"");
    assert_eq!(first, shifted);
    let mut sorted = first.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), 90);
}

#[test]
fn one_row_is_a_list_or_an_object() {
    let fake = at_seconds([5]);
    let is_object = || get(&fake, &list("")).json()["recenttracks"]["track"].is_object();
    assert!(!is_object());
    fake.set_rules(|rules| rules.single_row = SingleRow::Object);
    assert!(is_object());
    fake.set_rules(|rules| rules.single_row = SingleRow::BySeed(1));
    let objects = (0..40).filter(|_| is_object()).count();
    assert!((1..40).contains(&objects), "{objects}");
}

#[test]
fn an_account_without_scrobbles_has_no_pages() {
    let fake = at_seconds([]);
    let attr = json!({"user": "Ann", "page": "1", "perPage": "50", "totalPages": "0", "total": "0"});
    let expected = json!({"recenttracks": {"track": [], "@attr": attr}});
    assert_eq!(get(&fake, &list("")).json(), expected);
}

#[test]
fn limits_and_pages_out_of_bounds_follow_the_rules() {
    let fake = at_seconds(1..=5);
    let refused = |more: &str| {
        let reply = get(&fake, &list(more));
        (reply.status, reply.refusal().0, reply.refusal().1)
    };
    let limit = (400, 6, "limit param out of bounds (1-1000)".to_owned());
    let page = (400, 6, "page param out of bounds (1-1000000)".to_owned());
    assert_eq!(refused("limit=1001"), limit);
    assert_eq!(refused("limit=0"), limit);
    assert_eq!(refused("page=0"), page);
    assert_eq!(refused("page=1000001"), page);
    let beyond = get(&fake, &list("limit=2&page=4"));
    assert_eq!((beyond.status, beyond.total(), beyond.rows().len()), (200, 5, 0));
    fake.set_rules(|rules| {
        (rules.over_limit, rules.beyond_end, rules.page_max) = (OverLimit::Clamp, BeyondEnd::Refuse, 3);
    });
    assert_eq!(refused("limit=2&page=4"), (400, 6, "no such page".to_owned()));
    let clamped = get(&fake, &list("limit=1000"));
    assert_eq!(clamped.rows().len(), 3);
    assert_eq!(clamped.json()["recenttracks"]["@attr"]["perPage"], "3");
}

#[test]
fn the_extended_list_names_artists_as_objects() {
    let mut world = World::of("Ann");
    world.listener().add(&Play::new(5, "A/B", "T").on("L").loved());
    let fake = start(Config::new(world));
    let row = get(&fake, &list("extended=1")).rows().remove(0);
    assert_eq!((&row["artist"]["name"], &row["loved"]), (&json!("A/B"), &json!("1")));
    let plain = get(&fake, &list("extended=0")).rows().remove(0);
    assert_eq!((&plain["artist"]["#text"], plain.get("loved")), (&json!("A/B"), None));
}

#[test]
fn both_verbs_and_all_paths_are_served_and_parameters_merged() {
    let fake = at_seconds(1..=5);
    let body = "method=user.getRecentTracks&user=ANN&api_key=k&limit=2";
    for path in ["/2.0/", "/2.0", "//2.0/", "//2.0"] {
        let reply = post(&fake, &format!("{path}?format=json"), body);
        assert_eq!(reply.seconds(), [5, 4], "{path}");
        let reply = get(&fake, &format!("{path}?{body}&format=json"));
        assert_eq!(reply.seconds(), [5, 4], "{path}");
    }
    assert_eq!(get(&fake, "/3.0/").status, 404);
}

#[test]
fn without_format_the_answer_is_xml() {
    let fake = at_seconds([1_311_261_170]);
    let target = "/2.0/?method=user.getRecentTracks&user=ann&api_key=k";
    let reply = get(&fake, target);
    assert_eq!(reply.header("content-type"), Some("text/xml; charset=UTF-8"));
    let text = String::from_utf8(reply.body).unwrap();
    assert!(text.contains("<date uts=\"1311261170\">21 Jul 2011, 15:12</date>"), "{text}");
    let refused = get(&fake, "/2.0/?method=user.getInfo&user=bob&api_key=k");
    assert_eq!(refused.status, 404);
    let text = String::from_utf8(refused.body).unwrap();
    assert!(text.contains("<error code=\"6\">User not found</error>"), "{text}");
    let info = get(&fake, "/2.0/?method=user.getInfo&user=ann&api_key=k");
    assert!(String::from_utf8(info.body).unwrap().contains("<playcount>1</playcount>"));
}

#[test]
fn the_play_count_may_exceed_the_list() {
    let fake = generated(40);
    let count = || get(&fake, &crate::client::info()).json()["user"]["playcount"].clone();
    assert_eq!(count(), "40");
    fake.world().listener().unlisted_plays = 3;
    assert_eq!(count(), "43");
}

#[test]
fn glitches_pass() {
    let now = fakefm::HandClock::at_ms(UNTIL * 1000);
    let mut config = Config::generated("Ann", &Generate::plain(5, 1000, UNTIL));
    config.clock = Some(now.source());
    let fake = start(config);
    let seen = || {
        let reply = get(&fake, &list("limit=10"));
        (reply.total(), reply.rows().len())
    };
    fake.world().listener().glitch(Glitch::TotalZero, 2);
    assert_eq!([seen(), seen(), seen()], [(0, 0), (0, 0), (1000, 10)]);
    fake.world().listener().glitch(Glitch::EmptyPage, 1);
    assert_eq!([seen(), seen()], [(1000, 0), (1000, 10)]);
    fake.world().listener().glitch(Glitch::HideYears(3), 1);
    let (hidden, rows) = seen();
    assert!((300..700).contains(&hidden) && rows == 10, "{hidden}");
    assert_eq!(seen(), (1000, 10));
}

#[test]
fn changes_show_at_once() {
    let fake = at_seconds([10, 20, 30]);
    let id = fake.world().listener().find_listing("Artist", "Track 1", None).unwrap();
    let edit = fakefm::Edit { track: Some("Better".into()), ..fakefm::Edit::default() };
    assert!(fake.world().listener().edit(id, &edit));
    assert_eq!(get(&fake, &list("from=20&to=20")).rows()[0]["name"], "Better");
    assert!(fake.world().listener().delete(id).is_some());
    fake.world().listener().add(&Play::new(15, "Artist", "Late"));
    assert_eq!(get(&fake, &list("")).seconds(), [30, 15, 10]);
    fake.world().listener().clear();
    assert_eq!(get(&fake, &list("")).total(), 0);
    fake.world().open("Bob").add(&Play::new(1, "A", "T"));
    assert_eq!(get(&fake, &list("").replace("ann", "bob")).total(), 1);
}
