//! Stopped at any moment and taken up again: the same questions, each answered once.

use std::sync::Arc;

use fakefm::{Config, Generate};
use fastrand::Rng;
use heard_api::Rate;
use heard_history::collect::{CollectError, StopSign};
use heard_history::enrich::{Call, Options};

use super::{asked, asker, assert_rebuilt_the_same, complete, counted, only, run_as, scene_in, told};
use crate::scene::{NOW, Scene};
use crate::seeds;

/// Calls that lead to one another: tags follow from the artists' tags.
fn options() -> Options {
    only(&[Call::ArtistTags, Call::SimilarArtists, Call::TagArtists])
}

fn scene() -> Scene {
    let mut scene = scene_in(Config::generated("ann", &Generate::plain(6, 3_000, NOW)));
    scene.rate = Rate::PerSecond(4.0);
    scene
}

#[test]
fn stopped_fifty_times_it_asks_what_it_would_have_asked_at_once() {
    let undisturbed = scene();
    let whole = complete(&undisturbed, &options());
    let (questions, dump) = (counted(&undisturbed.fake), undisturbed.dump());
    assert!(questions.values().all(|times| *times == 1) && questions.len() > 150, "{} questions", questions.len());
    assert_eq!(questions.len() as u64, whole.asked);
    seeds::each(2, |seed| {
        let mut random = Rng::with_seed(seed);
        let scene = scene();
        let mut stops = 0;
        let mut kept = 0;
        loop {
            let stop = Arc::new(StopSign::default());
            let sign = Arc::clone(&stop);
            // The first fifty runs end after few questions, wherever they are.
            let after = if stops < 50 { random.u64(1..6) } else { u64::MAX };
            let mut requests = 0;
            scene.fake.set_hook(Some(Box::new(move |_, _| {
                requests += 1;
                if requests == after {
                    sign.raise();
                }
            })));
            let (report, _) = run_as(&scene, &asker(&scene, false), &options(), &stop);
            kept += report.answers.known + report.answers.unknown;
            match report.stopped {
                Some(CollectError::Interrupted) => stops += 1,
                None => break,
                Some(error) => panic!("{error}"),
            }
        }
        let again = counted(&scene.fake);
        assert_eq!(again.keys().collect::<Vec<_>>(), questions.keys().collect::<Vec<_>>(), "the same questions");
        assert_eq!(kept, whole.asked, "each was answered once");
        // What was under way when the sign was raised is asked once more: as many as are asked side by side.
        let repeated: u32 = again.values().map(|times| times - 1).sum();
        assert!(stops >= 50 && repeated <= 3 * stops, "{repeated} repeated with {stops} stops");
        assert_eq!(scene.dump(), dump);
        assert_rebuilt_the_same(&scene);
    });
}

#[test]
fn tags_wait_until_no_artist_is_left() {
    let scene = scene();
    let few = Options { limit: Some(5), ..options() };
    let report = run_as(&scene, &asker(&scene, false), &few, &Arc::default()).0;
    assert_eq!((report.asked, report.stopped.is_none()), (5, true));
    assert!(report.left > 100, "{}", report.left);
    complete(&scene, &options());
    let questions = asked(&scene.fake);
    let first_tag = questions.iter().position(|asked| told(asked, "method").starts_with("tag.")).unwrap();
    let last_artist = questions.iter().rposition(|asked| told(asked, "method") == "artist.getTopTags").unwrap();
    assert!(last_artist < first_tag);
}
