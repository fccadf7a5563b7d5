//! Stopped at any moment and taken up again, a run comes to the same end.

use std::sync::Arc;

use fakefm::{Config, Generate};
use fastrand::Rng;
use heard_api::Rate;
use heard_history::collect::{CollectError, StopSign};

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
        let mut stops = 0;
        loop {
            let stop = Arc::new(StopSign::default());
            let (sign, at) = (Arc::clone(&stop), scene.fake.stats().requests + random.u64(1..25));
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
        // The request that was cut off, and the one with which a process begins. The undated plays are read twice
        // within one process, so a stop between the two readings costs one of them and the counts before it.
        let requests = scene.fake.stats().requests;
        assert!(requests <= least + 2 * stops + 4, "{requests} requests with {stops} stops, {least} without");
        assert!(stops > 0);
    });
}
