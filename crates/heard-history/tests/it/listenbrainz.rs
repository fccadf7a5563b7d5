//! Collecting from ListenBrainz: everything, once, as far as its one count lets it be proven.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use fakefm::{Config, Fault, Faults, Generate, Hook, Listing, Play, RequestWindow, When, World};
use fastrand::Rng;
use heard_api::Rate;
use heard_history::archive::Purpose;
use heard_history::collect::{CollectError, Options, StopSign};
use heard_history::listen::{Service, Span};

use crate::scene::{CANARY_TOKEN, DAY, NOW, Scene, brief, some_play};
use crate::seeds;

fn world(plays: impl IntoIterator<Item = Play>) -> World {
    let mut world = World::new();
    let account = world.listenbrainz("ann");
    account.set_token(CANARY_TOKEN);
    account.extend(plays);
    world
}

fn scene(plays: impl IntoIterator<Item = Play>, size: u64) -> Scene {
    Scene::at(Service::Listenbrainz, Config::new(world(plays)), size)
}

/// A play every day, from yesterday on into the past.
fn daily(plays: i64) -> impl Iterator<Item = Play> {
    (1..=plays).map(|n| Play::new(NOW - n * DAY, "A", format!("T{n}")))
}

fn add(scene: &Scene, uts: i64, track: &str) {
    scene.fake.world().listenbrainz("ann").extend([Play::new(uts, "New", track)]);
}

/// Requests for lists since the last look.
fn lists(scene: &Scene) -> usize {
    let lists = scene.fake.log().iter().filter(|request| request.method == "user/listens").count();
    scene.fake.forget();
    lists
}

#[test]
fn everything_is_collected_and_the_count_proves_it() {
    let crowd = (0..30).map(|n| Play::new(NOW - 5 * DAY, "Crowd", format!("T{n}")));
    let scene = scene(daily(90).chain(crowd), 20);
    let report = scene.run();
    assert!(report.is_complete(), "{}", brief(&report));
    assert_eq!((report.service_total, report.stored_total, report.undated), (Some(120), 120, 0));
    assert_eq!(scene.stored(), scene.remote());
    let digest = scene.digest();
    scene.rebuild();
    assert_eq!(scene.digest(), digest, "made anew from the archive");
    for arrival in scene.fake.arrivals().iter().filter(|arrival| arrival.path.ends_with("/listens")) {
        assert!(arrival.query.contains("min_ts=") && arrival.query.contains("max_ts="), "{}", arrival.query);
        assert_eq!(arrival.header("authorization"), Some(&*format!("Token {CANARY_TOKEN}")));
    }
    for kept in scene.envelopes().iter().filter(|kept| kept.purpose == Purpose::Walk) {
        assert_eq!(kept.method, "user/ann/listens");
        let names: Vec<&str> = kept.params.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["min_ts", "max_ts", "count"]);
    }
    lists(&scene);
    scene.wait(DAY);
    add(&scene, NOW + 60, "Today");
    assert!(scene.run().is_complete());
    assert!(lists(&scene) <= 5, "the last two weeks, and the future");
    assert_eq!(scene.stored(), scene.remote());
}

/// More than one answer can hold, in one second: what is shown is kept, nobody says that it is all, and once fewer are
/// left it is read as any other second.
#[test]
fn a_second_with_more_than_can_be_asked_for_is_kept_in_part_and_named() {
    let second = NOW - 5 * DAY - 9;
    let crowd = (0..1_100).map(|n| Play::new(second, "Crowd", format!("T{n}")));
    let scene = scene(daily(20).chain(crowd), 1_000);
    let crowd_of = |listings: Vec<Listing>| listings.into_iter().filter(|listing| listing.artist == "Crowd").count();
    for _ in 0..2 {
        let report = scene.run();
        assert!(!report.is_complete());
        let named = report.open.iter().find(|open| open.span == Span::new(second, second + 1));
        assert!(named.is_some_and(|open| open.reason.contains("only 1000")), "{}", brief(&report));
        let stored = scene.stored();
        assert_eq!((stored.len(), crowd_of(stored)), (1_020, 1_000), "once each");
        let digest = scene.digest();
        scene.rebuild();
        assert_eq!(scene.digest(), digest);
        scene.wait(3_600);
    }
    let crowd: Vec<Listing> = scene.remote().into_iter().filter(|listing| listing.artist == "Crowd").collect();
    for listing in &crowd[..150] {
        scene.fake.world().listenbrainz("ann").delete(listing);
    }
    scene.wait(2 * DAY);
    scene.complete(&scene.options);
    assert_eq!(scene.stored(), scene.remote());
}

/// What others import may be of any age; the count tells that it is there, and everything is read again.
#[test]
fn old_listens_that_come_late_are_found_by_the_count() {
    let scene = scene(daily(300), 100);
    assert!(scene.run().is_complete());
    lists(&scene);
    scene.wait(2 * DAY);
    for n in 0..5 {
        add(&scene, NOW - 250 * DAY - n, "Imported");
    }
    let report = scene.run();
    assert!(report.is_complete(), "{}", brief(&report));
    assert_eq!(scene.stored(), scene.remote());
    assert!(lists(&scene) >= 4, "everything was read");
}

#[test]
fn listens_that_were_deleted_are_gone_once_the_count_says_so() {
    let scene = scene(daily(300), 100);
    assert!(scene.run().is_complete());
    scene.wait(2 * DAY);
    let deleted = scene.remote()[40].clone();
    assert!(scene.fake.world().listenbrainz("ann").delete(&deleted));
    let report = scene.run();
    assert!(report.is_complete(), "{}", brief(&report));
    assert_eq!((report.applied.gone, scene.stored()), (1, scene.remote()));
    assert!(scene.rows().iter().any(|row| row.gone && row.listing == deleted), "and it is known that it was there");
}

/// A count that does not know of the last hour's listens yet is no reason to read everything again, and no proof.
#[test]
fn a_count_that_lags_is_waited_for() {
    let scene = scene(daily(300), 100);
    assert!(scene.run().is_complete());
    scene.wait(2 * DAY);
    add(&scene, scene.clock.now() - 60, "Now");
    add(&scene, scene.clock.now() - 5, "Now");
    scene.fake.world().listenbrainz("ann").count_is_off_by = -2;
    lists(&scene);
    let report = scene.run();
    assert!(
        !report.is_complete() && report.open[0].reason.contains("counts 300 listens and shows 302"),
        "{}",
        brief(&report)
    );
    assert!(lists(&scene) <= 5);
    assert_eq!(scene.stored(), scene.remote(), "what it shows is kept all the same");
    scene.fake.world().listenbrainz("ann").count_is_off_by = 0;
    assert!(scene.run().is_complete());
}

/// A count that stays wrong makes everything be read again once a day, not at every run.
#[test]
fn a_count_that_is_wrong_is_doubted_once_a_day() {
    let scene = scene(daily(400), 100);
    assert!(scene.run().is_complete());
    scene.fake.world().listenbrainz("ann").count_is_off_by = 5;
    scene.wait(2 * DAY);
    lists(&scene);
    assert!(!scene.run().is_complete());
    assert!(lists(&scene) > 4, "everything was read");
    scene.wait(3_600);
    assert!(!scene.run().is_complete());
    assert!(lists(&scene) <= 4, "and is not again within the day");
}

#[test]
fn a_part_of_time_is_proven_by_two_readings() {
    let scene = scene(daily(100), 20);
    let range = Span::new(NOW - 60 * DAY, NOW - 30 * DAY);
    let report = scene.run_as(&Options { range, ..scene.options }, &Arc::default());
    assert!(report.is_complete(), "{}", brief(&report));
    let within = |listing: &Listing| Span::new(range.from - 1, range.to + 1).contains(listing.uts);
    assert_eq!(scene.stored(), scene.remote().into_iter().filter(within).collect::<Vec<_>>());
}

#[test]
fn a_window_that_always_fails_is_named_and_the_rest_is_read() {
    let scene = scene(daily(100), 20);
    let second = NOW - 50 * DAY;
    scene.fake.fail(When::Second(second), Fault::Html { status: 502 });
    let report = scene.run();
    assert!(
        report.open.iter().any(|open| open.span.contains(second) && open.span.seconds() <= 3_600),
        "{}",
        brief(&report)
    );
    assert_eq!(scene.stored().len(), 99);
    scene.fake.fail_no_more();
    assert!(scene.run().is_complete());
    assert_eq!(scene.stored(), scene.remote());
}

#[test]
fn an_account_that_there_is_not_is_told() {
    let scene = Scene::at(Service::Listenbrainz, Config::new(World::new()), 20);
    let report = scene.run();
    assert!(matches!(report.stopped, Some(CollectError::Service(error)) if error.is_unknown_user()));
}

#[test]
fn an_account_without_listens_is_complete() {
    let scene = scene([], 20);
    let report = scene.run();
    assert!(report.is_complete() && report.stored_total == 0, "{}", brief(&report));
}

/// What the service says of its limits with every answer is obeyed before it refuses.
#[test]
fn the_services_own_limits_are_obeyed() {
    let mut config = Config::new(world(daily(200)));
    config.rules.window = RequestWindow { requests: 6, seconds: 10 };
    let mut scene = Scene::at(Service::Listenbrainz, config, 10);
    scene.rate = Rate::PerSecond(1.0);
    let before = scene.clock.now();
    let report = scene.run();
    assert!(report.is_complete(), "{}", brief(&report));
    let refused = scene.fake.log().iter().filter(|request| request.status == 429).count();
    assert_eq!(refused, 0, "one request at a time never comes too soon");
    assert!(scene.clock.now() - before >= i64::try_from(report.requests).unwrap() / 6 * 10 - 10);
}

#[test]
fn a_refusal_for_too_many_requests_is_waited_out() {
    let scene = scene(daily(100), 20);
    scene.fake.fail(When::Requests(3..5), Fault::Refusal { code: 29, status: 429, retry_after: Some(20) });
    let before = scene.clock.now();
    assert!(scene.run().is_complete());
    assert!(scene.clock.now() - before >= 20);
}

#[test]
fn a_stopped_run_goes_on_where_it_was() {
    let history = Generate::plain(6, 1_500, NOW);
    let of_history = || {
        let mut config = Config::generated("ann", &history);
        let plays: Vec<Play> = config.world.listener().plays().map(|(_, play)| play).collect();
        let mut scene = scene(plays, 60);
        scene.rate = Rate::PerSecond(1.0);
        scene
    };
    let undisturbed = of_history();
    assert!(undisturbed.run().is_complete());
    let (dump, least) = (undisturbed.dump(), undisturbed.fake.stats().requests);
    seeds::each(8, |seed| {
        let mut random = Rng::with_seed(seed);
        let scene = of_history();
        let mut stops = 0;
        loop {
            let stop = Arc::new(StopSign::default());
            let (sign, at) = (Arc::clone(&stop), scene.fake.stats().requests + random.u64(2..20));
            scene.fake.set_hook(Some(Box::new(move |nth, _| {
                if nth == at {
                    sign.raise();
                }
            })));
            let report = scene.run_as(&scene.options, &stop);
            if report.is_complete() {
                break;
            }
            assert!(matches!(report.stopped, Some(CollectError::Interrupted)), "{}", brief(&report));
            stops += 1;
        }
        assert_eq!(scene.dump(), dump);
        let requests = scene.fake.stats().requests;
        assert!(requests <= least + 2 * stops, "{requests} requests with {stops} stops, {least} without");
        assert!(stops > 0);
    });
}

/// Which listens were always there, and which ever, since it was asked to watch.
#[derive(Default)]
struct Seen {
    always: BTreeSet<Listing>,
    ever: BTreeSet<Listing>,
}

impl Seen {
    fn watch(world: &mut World) -> Self {
        let now: BTreeSet<Listing> = world.listenbrainz("ann").listings().collect();
        Self { always: now.clone(), ever: now }
    }

    fn look(&mut self, world: &mut World) {
        let now: BTreeSet<Listing> = world.listenbrainz("ann").listings().collect();
        self.always.retain(|listing| now.contains(listing));
        self.ever.extend(now);
    }
}

/// Changes the account in restless hours of 24 requests, which come ever more seldom: an account that never rests is
/// never found complete, since its count cannot be compared.
fn restless(seed: u64, seen: Arc<Mutex<Seen>>) -> Hook {
    Box::new(move |nth, world| {
        let hour = nth / 24;
        let mut random = Rng::with_seed(seed ^ nth.wrapping_mul(0x9e37_79b9));
        let is_restless =
            Rng::with_seed(seed ^ hour.wrapping_mul(0x51_7cc1)).f64() < (12.0 / (hour + 1) as f64).min(0.5);
        if !is_restless {
            return;
        }
        world.advance_ms(random.i64(0..90_000));
        let now = world.now();
        let account = world.listenbrainz("ann");
        match random.u8(0..8) {
            0 | 1 => account.extend([some_play(&mut random, now)]),
            2 => {
                let uts = now - random.i64(0..60 * DAY);
                account.extend([some_play(&mut random, uts)]);
            }
            3 => {
                let some = account.listings().nth(random.usize(0..account.len().max(1)));
                if let Some(listing) = some {
                    account.delete(&listing);
                }
            }
            _ => {}
        }
        seen.lock().unwrap().look(world);
    })
}

/// The faults that the service can have: refusals under HTTP 400 are final there, and rightly so.
fn faults(seed: u64, share: f64) -> Faults {
    let kinds: Vec<Fault> = Fault::kinds()
        .into_iter()
        .filter(|kind| !matches!(kind, Fault::Refusal { status: 400, .. } | Fault::Mutated(_) | Fault::Bomb { .. }))
        .map(|kind| match kind {
            Fault::Late { .. } => Fault::Late { ms: 2 },
            Fault::Drip { .. } => Fault::Drip { tick_ms: 1, for_ms: 5 },
            other => other,
        })
        .collect();
    let each = share / kinds.len() as f64;
    kinds.into_iter().fold(Faults::new(seed), |faults, kind| faults.and(each, kind))
}

fn assert_within(scene: &Scene, seen: &Mutex<Seen>, what: &str) {
    let stored: BTreeSet<Listing> = scene.stored().into_iter().collect();
    let seen = seen.lock().unwrap();
    let lost: Vec<_> = seen.always.difference(&stored).collect();
    let invented: Vec<_> = stored.difference(&seen.ever).collect();
    assert!(lost.is_empty() && invented.is_empty(), "{what}: lost {lost:?}, invented {invented:?}");
}

fn live(seed: u64, share: f64) {
    let mut random = Rng::with_seed(seed);
    let crowd = (0..random.i64(0..40)).map(|n| Play::new(NOW - 9 * DAY, "Crowd", format!("T{n}")));
    let plays: Vec<Play> = (0..random.usize(20..120))
        .map(|_| {
            let uts = NOW - random.i64(1..80 * DAY);
            some_play(&mut random, uts)
        })
        .chain(crowd)
        .collect();
    let mut config = Config::new(world(plays));
    config.rules.wants_user_agent = true;
    config.faults = faults(seed, share);
    let scene = Scene::at(Service::Listenbrainz, config, random.u64(5..=20));
    let seen = Arc::new(Mutex::new(Seen::watch(&mut scene.fake.world())));
    scene.fake.set_hook(Some(restless(seed, Arc::clone(&seen))));

    scene.complete(&scene.options);
    assert_within(&scene, &seen, "I1: the first run, in a moving world");

    *seen.lock().unwrap() = Seen::watch(&mut scene.fake.world());
    scene.complete(&Options { full: true, ..scene.options });
    assert_within(&scene, &seen, "I2: everything read again, in a moving world");

    scene.fake.set_hook(None);
    scene.fake.set_faults(Faults::none());
    scene.complete(&Options { full: true, ..scene.options });
    assert_eq!(scene.stored(), scene.remote(), "I3: at rest");

    for _ in 0..random.usize(0..5) {
        add(&scene, NOW - random.i64(0..400 * DAY), "Imported");
    }
    scene.wait(random.i64(0..3 * DAY));
    scene.complete(&scene.options);
    assert_eq!(scene.stored(), scene.remote(), "I4: an ordinary run, with what was imported");

    let live = scene.digest();
    scene.rebuild();
    assert_eq!(scene.digest(), live, "I5: made anew from the archive");
    assert_eq!(scene.fake.stats().impolite, Vec::<String>::new());
}

#[test]
fn the_store_is_right_through_a_life_without_faults() {
    seeds::each(15, |seed| live(seed, 0.0));
}

#[test]
fn the_store_is_right_through_a_life_in_which_every_third_request_fails() {
    seeds::each(15, |seed| live(seed, 0.33));
}
