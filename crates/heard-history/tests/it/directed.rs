//! What chance seldom arranges.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use fakefm::{Config, Fault, Play, When, World};
use heard_history::collect::{LAST, Options, StopSign};
use heard_history::listen::Span;
use heard_history::store::Store;
use heard_history::zone::Zone;

use crate::scene::{DAY, NOW, Scene, brief};

fn crowded(plays: i64) -> World {
    let mut world = World::of("ann");
    world.listener().extend((0..plays).map(|n| Play::new(NOW - 5 * DAY, "A", format!("T{n}"))));
    world.listener().extend((0..10).map(|n| Play::new(NOW - (n + 6) * DAY, "B", "T")));
    world
}

/// Between its first page and its second, one play of the second goes and another comes, so that the total stays: what
/// the two pages show together never stood there.
#[test]
fn a_dense_second_that_moves_between_its_pages_is_read_again() {
    let mut config = Config::new(crowded(30));
    let seen = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&seen);
    config.hook = Some(Box::new(move |_, world| {
        // The first request of a dense second's second page is about the sixth; it is found by its effect below.
        let nth = counted.fetch_add(1, Ordering::SeqCst);
        if (2..9).contains(&nth) {
            let account = world.listener();
            let newest = account.plays().find(|(id, _)| id.uts() == NOW - 5 * DAY).map(|(id, _)| id);
            account.delete(newest.unwrap());
            account.add(&Play::new(NOW - 5 * DAY, "A", format!("New {nth}")));
        }
    }));
    let mut scene = Scene::with_page(config, 20);
    scene.rate = heard_api::Rate::PerSecond(1.0);
    scene.fake.world().listener().mark();
    let report = scene.complete(&scene.options);
    let stored = scene.stored();
    assert_eq!(scene.fake.world().listener().violations(stored.clone()), [], "{}", brief(&report));
    assert_eq!(stored, scene.remote(), "what stands there since it is calm");
}

/// Runs that follow each other within minutes each read the present anew.
#[test]
fn two_runs_close_together_both_find_what_is_new() {
    let scene = Scene::with_page(Config::new(crowded(5)), 20);
    assert!(scene.run().is_complete());
    for minute in 0..5 {
        scene.wait(60);
        // One play goes and one comes, so that counts show nothing.
        let mut world = scene.fake.world();
        let newest = world.listener().plays().next().map(|(id, _)| id).unwrap();
        world.listener().delete(newest);
        world.listener().add(&Play::new(scene.clock.now() - 5, "New", format!("T{minute}")));
        drop(world);
        assert!(scene.run().is_complete());
        assert_eq!(scene.stored(), scene.remote(), "minute {minute}");
    }
}

/// As many plays go as arrive late, so that no count tells of either; the last two weeks are read again all the same.
#[test]
fn late_plays_are_found_where_counts_show_nothing() {
    let scene = Scene::with_page(Config::new(crowded(5)), 20);
    assert!(scene.run().is_complete());
    scene.wait(DAY);
    {
        let mut world = scene.fake.world();
        let newest = world.listener().plays().next().map(|(id, _)| id).unwrap();
        world.listener().delete(newest);
        world.listener().add(&Play::new(NOW - 12 * DAY, "Late", "Comer"));
    }
    assert!(scene.run().is_complete());
    assert_eq!(scene.stored(), scene.remote());
}

/// A run that is stopped leaves what is older than its last page for later, and a later run goes there: not by way of
/// the counts, which are never asked before everything that is missing was read.
#[test]
fn a_hole_in_the_past_is_read_as_a_hole() {
    let mut world = World::of("ann");
    world.listener().extend((0..100).map(|n| Play::new(NOW - (n + 20) * DAY, "A", format!("T{n}"))));
    let mut scene = Scene::with_page(Config::new(world), 20);
    scene.rate = heard_api::Rate::PerSecond(1.0);
    let stop = Arc::new(StopSign::default());
    let sign = Arc::clone(&stop);
    scene.fake.set_hook(Some(Box::new(move |nth, _| {
        if nth == 5 {
            sign.raise();
        }
    })));
    assert!(!scene.run_as(&scene.options, &stop).is_complete());
    scene.fake.forget();
    let report = scene.run();
    assert!(report.is_complete(), "{}", brief(&report));
    assert_eq!(scene.stored(), scene.remote());
    // No window is narrowed down by counting: all counts are of everything or of all that is dated.
    let counts = scene.fake.log().iter().filter(|request| request.limit < Some(20)).count();
    assert!(counts <= 4, "{:?}", scene.fake.log());
}

/// Plays of a wrong clock, years ahead, are read like all others.
#[test]
fn plays_in_the_future_are_found() {
    let scene = Scene::with_page(Config::new(crowded(5)), 20);
    for uts in [NOW + 5, NOW + DAY, NOW + 400 * DAY, LAST - 1] {
        scene.fake.world().listener().add(&Play::new(uts, "Wrong", "Clock"));
    }
    assert!(scene.run().is_complete());
    assert_eq!(scene.stored(), scene.remote());
}

/// An answer to the request before, given once more, tells of the dated plays where all were asked: the same count
/// twice would say that there are no undated plays.
#[test]
fn an_old_answer_does_not_hide_the_undated_plays() {
    for nth in 1..16 {
        let mut world = crowded(5);
        world.listener().extend((0..7).map(|n| Play::new(0, "Undated", format!("T{n}"))));
        let mut scene = Scene::with_page(Config::new(world), 20);
        scene.rate = heard_api::Rate::PerSecond(1.0);
        scene.fake.fail(When::Requests(nth..nth + 1), Fault::Stale);
        let report = scene.run();
        assert!(report.is_complete(), "stale answer {nth}: {}", brief(&report));
        assert_eq!(scene.stored(), scene.remote(), "stale answer {nth}");
    }
}

/// A dated play goes between the count of the dated plays and that of all: their difference is then one too small, and
/// the pages that it names may begin behind the first undated play.
#[test]
fn counts_of_different_moments_do_not_lose_an_undated_play() {
    for nth in 1..16 {
        let mut world = World::of("ann");
        world.listener().extend((0..20).map(|n| Play::new(NOW - (n + 1) * DAY, "A", format!("T{n}"))));
        world.listener().extend((0..7).map(|n| Play::new(0, "Undated", format!("T{n}"))));
        let mut config = Config::new(world);
        config.hook = Some(Box::new(move |request, world| {
            if request == nth {
                let oldest = world.listener().plays().filter(|(id, _)| id.uts() > 0).last().map(|(id, _)| id);
                world.listener().delete(oldest.unwrap());
            }
        }));
        let mut scene = Scene::with_page(config, 10);
        scene.rate = heard_api::Rate::PerSecond(1.0);
        scene.fake.world().listener().mark();
        scene.complete(&scene.options);
        let stored = scene.stored();
        assert_eq!(scene.fake.world().listener().violations(stored), [], "deleted before request {nth}");
    }
}

/// A run whose windows stay open is over all the same: the next one reads the present again.
#[test]
fn an_open_window_does_not_hold_the_run_open() {
    let scene = Scene::with_page(Config::new(crowded(5)), 20);
    let broken = Fault::Refusal { code: 8, status: 500, retry_after: None };
    scene.fake.fail(When::Second(NOW - 8 * DAY), broken);
    let runs = |scene: &Scene| {
        let lock = scene.home().lock().unwrap();
        let store = Store::open(&scene.home(), &lock, &Zone::utc()).unwrap();
        store.account(&scene.account()).unwrap().last_run.unwrap()
    };
    assert!(!scene.run().is_complete());
    let first = runs(&scene);
    scene.wait(60);
    assert!(!scene.run().is_complete());
    let second = runs(&scene);
    assert!(first.ended && second.ended && second.run > first.run, "{first:?} {second:?}");
}

/// A part of time is read and proven by itself, also where there are plays on both sides of its ends. The seconds next
/// to it are read as well, since the service may count them with it.
#[test]
fn a_range_is_complete_by_itself() {
    for (from_inclusive, to_inclusive) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut world = World::of("ann");
        world.listener().extend((0..40).map(|n| Play::new(NOW - DAY + n, "A", format!("T{n}"))));
        let mut config = Config::new(world);
        config.rules.from_inclusive = from_inclusive;
        config.rules.to_inclusive = to_inclusive;
        let scene = Scene::with_page(config, 7);
        let range = Span::new(NOW - DAY + 10, NOW - DAY + 30);
        let report = scene.run_as(&Options { range, ..scene.options }, &Arc::default());
        assert!(report.is_complete(), "{}", brief(&report));
        let mut expected = scene.remote();
        expected.retain(|listing| Span::new(range.from - 1, range.to + 1).contains(listing.uts));
        assert_eq!(scene.stored(), expected);
    }
}
