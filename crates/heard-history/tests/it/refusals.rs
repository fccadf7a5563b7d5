//! A format that changes is noticed, and proves nothing.

use fakefm::{Change, Config, Fault, Listing, Mutation, When};
use fastrand::Rng;
use heard_history::store::Store;
use heard_history::zone::Zone;

use crate::scene::{DAY, Scene, brief, count, difficult_world};

/// What a changed page no longer tells, and what nobody can tell from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    Nothing,
    /// A page without albums says that there are none.
    Albums,
    /// A name that became a number is some other name.
    Names,
}

fn lost_by(mutation: &Mutation) -> Lost {
    let text = mutation.to_string();
    let place = text.split(' ').nth(1).unwrap_or_default();
    let is_name = place.ends_with("*.name") || place.ends_with(".#text");
    match mutation.change() {
        Change::Add => Lost::Nothing,
        Change::Retype if is_name => Lost::Names,
        _ if place.ends_with(".album") || place.ends_with(".album.#text") => Lost::Albums,
        _ => Lost::Nothing,
    }
}

/// The plays as far as the changed pages could tell them.
fn told(listings: Vec<Listing>, lost: Lost) -> Vec<Listing> {
    let strip = |listing: Listing| match lost {
        Lost::Nothing => listing,
        Lost::Albums => Listing { album: String::new(), ..listing },
        Lost::Names => Listing { uts: listing.uts, artist: String::new(), track: String::new(), album: String::new() },
    };
    let mut listings: Vec<Listing> = listings.into_iter().map(strip).collect();
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
        let lost = lost_by(&mutation);
        // Windows that were closed wrongly are not looked at again, and would be missing at the end.
        scene.fake.fail_no_more();
        scene.wait(DAY);
        let last = scene.complete(&scene.options);
        let (stored, remote) = (told(scene.stored(), lost), told(scene.remote(), lost));
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
    for (place, words) in
        [("recenttracks.@attr.total", "format changed"), ("recenttracks.track.*.date.uts", "format changed")]
    {
        let mutation = Mutation::at(place, Change::Rename, true).or_else(|| Mutation::at(place, Change::Rename, false));
        let scene = Scene::with_page(Config::new(difficult_world(&mut Rng::with_seed(8))), 60);
        scene.fake.fail(When::Requests(2..u64::MAX), Fault::Mutated(mutation.unwrap()));
        let report = scene.run();
        let stopped = report.stopped.as_ref().map(ToString::to_string).unwrap_or_default();
        // Where empty windows still look as they did, the others are named instead.
        let named = report.open.iter().all(|window| window.reason.contains(words)) && !report.open.is_empty();
        assert!(!report.is_complete() && (stopped.contains(words) || named), "{}", brief(&report));
        let kept = scene.files().into_iter().find(|path| path.to_string_lossy().contains("refused-")).unwrap();
        assert!(std::fs::read_to_string(kept).unwrap().contains("recenttracks"), "the body is set aside");
        let lock = scene.home().lock().unwrap();
        let store = Store::open(&scene.home(), &lock, &Zone::utc()).unwrap();
        let summary = store.account(&scene.account()).unwrap();
        let holding = |listing: &Listing| summary.coverage.iter().any(|c| c.span.contains(listing.uts));
        assert!(!scene.remote().iter().any(holding), "no second with a play is called complete");
    }
}
