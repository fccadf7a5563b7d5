//! Keys, users, methods, agents, pace; and what the fake remembers of its clients.

use fakefm::{Fault, HandClock, Keys, Patience, When};

use crate::client::{at_seconds, exchange, generated, get, info, list, post, start};

#[test]
fn refusals_come_with_the_services_codes_statuses_and_texts() {
    let fake = at_seconds([1]);
    fake.set_rules(|rules| {
        rules.keys = Keys::Only(vec!["good".into(), "bad".into()]);
        rules.suspended_keys = vec!["bad".into()];
    });
    fake.world().open("Hidden").hidden = true;
    let invalid = "Invalid parameters - Your request is missing a required parameter";
    let key = "Invalid API key - You must be granted a valid key by last.fm";
    let method = "Invalid Method - No method with that name in this package";
    for (target, status, code, text) in [
        (list("").replace("api_key=k", ""), 400, 6, invalid),
        (list("").replace("api_key=k", "api_key="), 400, 6, invalid),
        (list("").replace("getRecentTracks", "getNothing"), 400, 3, method),
        (list(""), 403, 10, key),
        (list("").replace("user=ann", "").replace("=k", "=good"), 400, 6, invalid),
        (list("").replace("user=ann", "user=bob").replace("=k", "=good"), 404, 6, "User not found"),
        (info().replace("user=ann", "user=bob").replace("=k", "=good"), 404, 6, "User not found"),
    ] {
        let reply = get(&fake, &target);
        assert_eq!((reply.status, reply.refusal()), (status, (code, text.to_owned())), "{target}");
    }
    let suspended = get(&fake, &list("").replace("=k", "=bad"));
    assert_eq!((suspended.status, suspended.refusal().0), (403, 26));
    let hidden = list("").replace("user=ann", "user=hidden").replace("=k", "=good");
    let hidden = get(&fake, &hidden);
    let expected = (17, "Login: User required to be logged in".to_owned());
    assert_eq!((hidden.status, hidden.refusal()), (403, expected));
    let profile = info().replace("user=ann", "user=hidden").replace("=k", "=good");
    assert_eq!(get(&fake, &profile).status, 200, "only the list is hidden");
    assert_eq!(get(&fake, &list("").replace("=k", "=good")).status, 200);
}

#[test]
fn the_date_is_the_worlds() {
    let clock = HandClock::at_ms(784_111_777_000);
    let mut config = fakefm::Config::new(fakefm::World::of("Ann"));
    config.clock = Some(clock.source());
    let fake = start(config);
    assert_eq!(get(&fake, &list("")).header("date"), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    clock.advance_ms(2_000);
    fake.world().advance_ms(60_000);
    assert_eq!(get(&fake, &list("")).header("date"), Some("Sun, 06 Nov 1994 08:50:39 GMT"));
}

#[test]
fn requests_without_a_product_name_are_refused_where_that_is_wanted() {
    let fake = at_seconds([1]);
    fake.set_rules(|rules| rules.wants_user_agent = true);
    let without = format!("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", list(""));
    assert_eq!(exchange(fake.address(), without.as_bytes()).unwrap().status, 403);
    assert_eq!(get(&fake, &list("")).status, 200);
    assert_eq!(fake.stats().impolite.len(), 1);
}

#[test]
fn haste_is_noticed_by_the_worlds_clock() {
    let clock = HandClock::at_ms(1_000_000_000);
    let mut config = fakefm::Config::new(fakefm::World::of("Ann"));
    config.clock = Some(clock.source());
    config.rules.patience = Some(Patience { in_one_second: 3, in_five_minutes: 6 });
    let fake = start(config);
    let status = || get(&fake, &list("")).status;
    for _ in 0..9 {
        assert_eq!(get(&fake, "/1/nothing").status, 404, "the other service has a limit of its own");
    }
    assert_eq!([status(), status(), status(), status()], [200, 200, 200, 429]);
    clock.advance_ms(1_000);
    assert_eq!([status(), status(), status()], [200, 200, 429]);
    clock.advance_ms(300_000);
    let reply = get(&fake, &list(""));
    assert_eq!(reply.status, 200);
    let stats = fake.stats();
    assert_eq!((stats.most_in_one_second, stats.most_in_five_minutes, stats.impolite.len()), (4, 7, 2));
}

#[test]
fn every_request_is_counted_and_kept_as_it_came() {
    let fake = generated(30);
    get(&fake, &list("from=5&to=1800000000&limit=7&page=2"));
    post(&fake, "/2.0/?x=1", "method=User.GetInfo&user=ann&api_key=secret&format=json");
    fake.fail_next(Fault::Html { status: 503 });
    get(&fake, &list(""));
    let stats = fake.stats();
    assert_eq!((stats.requests, stats.rows), (3, 7));
    assert_eq!(stats.by_method["user.getrecenttracks"], 2);
    assert_eq!((stats.by_outcome["200"], stats.by_outcome["Html"]), (2, 1));
    let log = fake.log();
    let first = (log[0].from, log[0].to, log[0].page, log[0].limit, log[0].rows, log[0].status);
    assert_eq!(first, (Some(5), Some(1_800_000_000), Some(2), Some(7), 7, 200));
    assert_eq!((log[2].nth, log[2].status, log[2].fault.is_some()), (3, 503, true));
    let arrivals = fake.arrivals();
    assert_eq!((arrivals[1].verb.as_str(), arrivals[1].query.as_str()), ("POST", "x=1"));
    assert!(arrivals[1].body.ends_with(b"api_key=secret&format=json"));
    assert_eq!(arrivals[0].header("USER-AGENT"), Some("it/1"));
    fake.forget();
    assert_eq!((fake.stats().requests, fake.log().len(), fake.arrivals().len()), (0, 0, 0));
}

#[test]
fn logs_are_bounded_and_numbers_go_on() {
    let mut config = fakefm::Config::new(fakefm::World::of("Ann"));
    (config.keep_log, config.keep_arrivals) = (3, 2);
    let fake = start(config);
    fake.fail(When::Requests(4..5), Fault::NoBody { status: 500, retry_after: None });
    let statuses: Vec<_> = (0..5).map(|_| get(&fake, &list("")).status).collect();
    assert_eq!(statuses, [200, 200, 200, 500, 200]);
    assert_eq!(fake.log().iter().map(|logged| logged.nth).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(fake.arrivals().iter().map(|arrival| arrival.nth).collect::<Vec<_>>(), [4, 5]);
}
