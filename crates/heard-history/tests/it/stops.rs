//! Stopped at any moment and taken up again, a run comes to the same end.

use std::collections::HashSet;
use std::sync::Arc;

use fakefm::{Config, Generate, Listing};
use fastrand::Rng;
use heard_api::Rate;
use heard_history::collect::{CollectError, StopSign};
use heard_history::store::Store;
use heard_history::zone::Zone;

use crate::scene::{NOW, Scene, brief};
use crate::seeds;

fn scene(history: &Generate) -> Scene {
    let mut scene = Scene::with_page(Config::generated("ann", history), 60);
    scene.rate = Rate::PerSecond(1.0);
    scene
}

#[test]
fn a_stopped_run_goes_on_where_it_was() {
    let history = Generate { undated: 20, shared_seconds: 20, ..Generate::plain(6, 1_500, NOW) };
    let undisturbed = scene(&history);
    assert!(undisturbed.run().is_complete());
    let (dump, least) = (undisturbed.dump(), undisturbed.fake.stats().requests);
    seeds::each(12, |seed| {
        let mut random = Rng::with_seed(seed);
        let scene = scene(&history);
        let (mut stops, mut runs) = (0, HashSet::new());
        loop {
            let stop = Arc::new(StopSign::default());
            let (sign, at) = (Arc::clone(&stop), scene.fake.stats().requests + random.u64(2..25));
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
            runs.insert(assert_only_what_is_kept_is_covered(&scene));
            stops += 1;
        }
        assert_eq!(scene.dump(), dump);
        // The request that was cut off, and the one with which a process begins. The undated plays are read twice
        // within one process, so a stop between the two readings costs one of them and the counts before it.
        let requests = scene.fake.stats().requests;
        assert!(requests <= least + 2 * stops + 4, "{requests} requests with {stops} stops, {least} without");
        assert!(stops > 0 && runs.len() == 1, "one run, taken up again: {runs:?}");
    });
}

/// What is called covered is stored. Returns the run to which it belongs.
fn assert_only_what_is_kept_is_covered(scene: &Scene) -> u64 {
    let stored: HashSet<Listing> = scene.stored().into_iter().collect();
    let home = scene.home();
    let lock = home.lock().unwrap();
    let store = Store::open(&home, &lock, &Zone::utc()).unwrap();
    let summary = store.account(&scene.account()).unwrap();
    for listing in scene.remote() {
        let covered = summary.coverage.iter().any(|covered| covered.span.contains(listing.uts));
        assert!(!covered || stored.contains(&listing), "{listing:?} is covered and not kept");
    }
    summary.last_run.unwrap().run
}
