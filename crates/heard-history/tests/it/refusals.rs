//! A format that changes is noticed, and proves nothing.

use fakefm::{Change, Config, Fault, Listing, Mutation, When};
use fastrand::Rng;
use heard_history::collect::CollectError;
use heard_history::store::{Store, Zone};

use crate::scene::{DAY, Scene, brief, count, difficult_world};

/// Names that a service may leave out: a page without them says that there are none. Nobody can tell that from a change
/// of the format by looking at the page; plays, seconds, artists and titles are never lost by it.
fn may_be_left_out(mutation: &Mutation) -> bool {
    let place = mutation.to_string();
    let place = place.split(' ').nth(1).unwrap_or_default().to_owned();
    mutation.change() != Change::Add && (place.ends_with(".album") || place.ends_with(".album.#text"))
}

fn plain(listings: Vec<Listing>, without_albums: bool) -> Vec<Listing> {
    let strip = |listing: Listing| Listing { album: String::new(), ..listing };
    let mut listings: Vec<Listing> =
        if without_albums { listings.into_iter().map(strip).collect() } else { listings };
    listings.sort();
    listings
}

#[test]
fn a_changed_page_is_read_right_or_refused() {
    let (mut equal, mut refused) = (0, 0);
    for mutation in Mutation::all() {
        let scene = Scene::with_page(Config::new(difficult_world(&mut Rng::with_seed(8))), 60);
        scene.fake.fail_times(When::Requests(2..u64::MAX), Fault::Mutated(mutation), 5);
        let report = scene.run();
        let set_aside = scene.home().quarantine().exists();
        let optional = may_be_left_out(&mutation);
        // Windows that were closed wrongly are not looked at again, and would be missing at the end.
        scene.fake.fail_no_more();
        scene.wait(DAY);
        let last = scene.complete(&scene.options);
        let (stored, remote) = (plain(scene.stored(), optional), plain(scene.remote(), optional));
        if last.rejects > 0 {
            // Rows that say that they have no name are told as such, each of them.
            let (stored, remote) = (count(stored), count(remote));
            assert!(stored.iter().all(|(listing, plays)| remote[listing] >= *plays), "{mutation}");
            let missing = remote.values().sum::<u32>() - stored.values().sum::<u32>();
            assert_eq!(u64::from(missing), last.rejects, "{mutation}");
            continue;
        }
        assert!(stored == remote, "{mutation}: {}", brief(&report));
        if set_aside { refused += 1 } else { equal += 1 }
    }
    println!("{equal} mutations were read right, {refused} were refused");
    assert!(equal > 40 && refused > 40, "{equal} equal, {refused} refused");
}

#[test]
fn a_format_that_stays_changed_ends_in_words_and_closes_nothing() {
    for (place, words) in [("recenttracks.@attr.total", "format changed"), ("recenttracks.track.*.date.uts", "format changed")] {
        let mutation = Mutation::at(place, Change::Rename, true).or_else(|| Mutation::at(place, Change::Rename, false));
        let scene = Scene::with_page(Config::new(difficult_world(&mut Rng::with_seed(8))), 60);
        scene.fake.fail(When::Requests(2..u64::MAX), Fault::Mutated(mutation.unwrap()));
        let report = scene.run();
        let stopped = report.stopped.as_ref().map(ToString::to_string).unwrap_or_default();
        assert!(matches!(report.stopped, Some(CollectError::Outage(_))), "{}", brief(&report));
        assert!(stopped.contains(words), "{stopped}");
        let kept = scene.files().into_iter().find(|path| path.to_string_lossy().contains("refused-")).unwrap();
        assert!(std::fs::read_to_string(kept).unwrap().contains("recenttracks"), "the body is set aside");
        let lock = scene.home().lock().unwrap();
        let store = Store::open(&scene.home(), &lock, &Zone::utc()).unwrap();
        let summary = store.account(&scene.account()).unwrap();
        let holding = |listing: &Listing| summary.coverage.iter().any(|c| c.span.contains(listing.uts));
        assert!(!scene.remote().iter().any(holding), "no second with a play is called complete");
    }
}
