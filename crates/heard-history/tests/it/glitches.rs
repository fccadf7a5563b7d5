//! A service that forgets for a while takes nothing out of the history.

use std::sync::Arc;

use fakefm::{Config, Generate, Glitch, Play, PlayId};
use heard_history::collect::Options;

use crate::scene::{DAY, NOW, Row, Scene, brief};

fn scene(plays: usize) -> Scene {
    let history = Generate { undated: 30, dense_second: 25, years: 8, ..Generate::plain(5, plays, NOW - DAY) };
    let scene = Scene::with_page(Config::generated("ann", &history), 100);
    assert!(scene.run().is_complete());
    scene
}

fn live(rows: &[Row]) -> Vec<i64> {
    rows.iter().filter(|row| !row.gone).map(|row| row.id).collect()
}

#[test]
fn a_glitch_of_any_length_changes_no_play() {
    for glitch in [Glitch::TotalZero, Glitch::EmptyPage, Glitch::HideYears(3)] {
        let scene = scene(1_500);
        let (rows, digest) = (scene.rows(), scene.digest());
        for requests in [1, 2, 10, u32::MAX] {
            for full in [false, true] {
                scene.fake.world().listener().glitch(glitch, requests);
                let report = scene.run_as(&Options { full, ..scene.options }, &Arc::default());
                assert_eq!(live(&scene.rows()), live(&rows), "{glitch:?} for {requests}: {}", brief(&report));
                if requests == u32::MAX {
                    assert!(!report.is_complete(), "{glitch:?}: {}", brief(&report));
                }
                scene.fake.world().listener().glitch(glitch, 0);
                scene.wait(2 * DAY);
                scene.run();
            }
        }
        scene.wait(2 * DAY);
        let report = scene.run_full();
        assert!(report.is_complete(), "{glitch:?} is over: {}", brief(&report));
        assert_eq!((scene.digest(), scene.rows().len()), (digest, rows.len()), "{glitch:?}");
    }
}

#[test]
fn what_stays_away_goes_when_the_listener_says_so_and_comes_back_as_it_was() {
    let scene = scene(1_500);
    let (digest, rows) = (scene.digest(), scene.rows());
    scene.fake.world().listener().glitch(Glitch::HideYears(3), u32::MAX);
    for _ in 0..3 {
        let report = scene.run_full();
        assert!(!report.suspects.is_empty() && !report.is_complete(), "{}", brief(&report));
        assert_eq!(live(&scene.rows()), live(&rows), "nobody has confirmed it");
        scene.wait(DAY + 1);
    }
    scene.run_as(&Options { full: true, confirm_removals: true, ..scene.options }, &Arc::default());
    let gone = scene.rows().iter().filter(|row| row.gone).count();
    assert!(gone > 300, "{gone} plays of three years");

    scene.fake.world().listener().glitch(Glitch::HideYears(3), 0);
    scene.wait(DAY + 1);
    let report = scene.run_full();
    assert!(report.is_complete(), "{}", brief(&report));
    assert_eq!(scene.digest(), digest);
    assert_eq!(live(&scene.rows()), live(&rows), "with their old rows");
}

/// The first second of a crowded minute or two, long ago.
const CROWDED: i64 = NOW - 700 * DAY;

/// A long history with a hundred plays in a hundred seconds, which lie on one page.
fn crowded() -> Scene {
    let history = Generate { undated: 30, years: 8, ..Generate::plain(5, 6_000, NOW - DAY) };
    let mut config = Config::generated("ann", &history);
    config.world.listener().extend((0..100).map(|n| Play::new(CROWDED + n, "A", format!("T{n}"))));
    let scene = Scene::with_page(config, 1_000);
    assert!(scene.run().is_complete());
    scene
}

/// Deletes so many of them.
fn delete(scene: &Scene, count: usize) -> Vec<Play> {
    let mut world = scene.fake.world();
    let account = world.listener();
    let crowd = account.plays().map(|(id, _)| id).filter(|id| (CROWDED..CROWDED + 100).contains(&id.uts()));
    let ids: Vec<PlayId> = crowd.take(count).collect();
    ids.into_iter().map(|id| account.delete(id).unwrap()).collect()
}

#[test]
fn a_removal_of_some_plays_is_believed_when_it_is_seen_again_a_day_later() {
    for count in [21, 50] {
        let scene = crowded();
        let before = live(&scene.rows()).len();
        let deleted = delete(&scene, count);
        scene.wait(DAY);
        let first = scene.run();
        assert!(!first.is_complete() && !first.suspects.is_empty(), "{count}: {}", brief(&first));
        assert_eq!(live(&scene.rows()).len(), before, "not at once");
        scene.wait(DAY / 2);
        let early = scene.run();
        assert!(!early.is_complete(), "{}", brief(&early));
        assert_eq!(live(&scene.rows()).len(), before, "not within a day");
        scene.wait(DAY);
        let second = scene.run();
        assert!(second.is_complete(), "{count}: {}", brief(&second));
        assert_eq!(scene.stored(), scene.remote());

        let rows = scene.rows();
        scene.fake.world().listener().extend(deleted);
        scene.wait(DAY);
        assert!(scene.run_full().is_complete());
        assert_eq!(scene.stored(), scene.remote());
        assert_eq!(scene.rows().len(), rows.len(), "they are back in their old rows");
    }
}

#[test]
fn a_larger_removal_waits_for_the_listeners_word() {
    let scene = crowded();
    let before = live(&scene.rows()).len();
    delete(&scene, 61);
    for _ in 0..3 {
        scene.wait(2 * DAY);
        let report = scene.run();
        assert!(!report.is_complete() && !report.suspects.is_empty(), "{}", brief(&report));
        assert_eq!(live(&scene.rows()).len(), before);
    }
    scene.wait(2 * DAY);
    let report = scene.run_as(&Options { confirm_removals: true, ..scene.options }, &Arc::default());
    assert!(report.is_complete(), "{}", brief(&report));
    assert_eq!(scene.stored(), scene.remote());
}
