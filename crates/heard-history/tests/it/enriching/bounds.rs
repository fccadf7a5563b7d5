//! Less than everything: kinds, numbers, time, plays; and the pace.

use std::time::Duration;

use fakefm::{Config, Generate, Patience, Rules};
use heard_api::Rate;
use heard_history::enrich::{Call, Options};

use super::{asked, complete, few, only, run, scene_in, scene_of, told};
use crate::scene::NOW;

#[test]
fn a_number_of_questions_bounds_a_run_and_the_next_goes_on() {
    let scene = scene_of(few());
    let options = Options { limit: Some(4), ..only(&[Call::ArtistTags, Call::ArtistInfo]) };
    let report = run(&scene, &options);
    assert_eq!((report.asked, report.left), (4, 2));
    let report = run(&scene, &options);
    assert_eq!((report.asked, report.left), (2, 0));
    assert_eq!(run(&scene, &Options { limit: Some(0), ..Options::default() }).asked, 0);
}

#[test]
fn only_what_was_heard_often_enough_is_asked_about() {
    let scene = scene_of(few());
    let report = complete(&scene, &Options { min_plays: 2, ..only(&[Call::ArtistTags, Call::TrackInfo]) });
    assert_eq!(report.asked, 2, "no track was heard twice");
    let artists: Vec<String> = asked(&scene.fake).iter().map(|asked| told(asked, "artist").to_owned()).collect();
    assert_eq!(artists, ["Mira Vale", "The Lanterns"]);
}

#[test]
fn time_bounds_a_run() {
    let mut scene = scene_in(Config::generated("ann", &Generate::plain(3, 400, NOW)));
    scene.rate = Rate::PerSecond(2.0);
    let report = run(&scene, &Options { time: Some(Duration::from_secs(10)), ..only(&[Call::ArtistTags]) });
    assert!((15..=25).contains(&report.asked), "{} questions in 10 s at 2 a second", report.asked);
    assert!(report.left > 0 && report.stopped.is_none());
}

#[test]
fn never_more_than_five_in_any_second() {
    for rate in [4.0, 5.0] {
        let rules = Rules { patience: Some(Patience { in_one_second: 7, in_five_minutes: 1_502 }), ..Rules::default() };
        let config = Config { rules, ..Config::generated("ann", &Generate::plain(9, 900, NOW)) };
        let mut scene = scene_in(config);
        scene.rate = Rate::PerSecond(rate);
        // The quiet second between collecting and asking belongs to neither.
        scene.wait(1);
        let report = complete(&scene, &only(&[Call::ArtistTags, Call::ArtistInfo, Call::TagArtists]));
        assert!(report.asked > 100, "{}", report.asked);
        assert_eq!(scene.fake.stats().impolite, Vec::<String>::new());
        if rate <= 4.0 {
            scene.assert_polite();
        }
    }
}

#[test]
fn kinds_are_named_by_the_service_or_by_its_packages() {
    assert_eq!(Call::named("artist.getTopTags"), [Call::ArtistTags]);
    assert_eq!(Call::named("ARTIST.GETTOPTAGS"), [Call::ArtistTags]);
    assert_eq!(Call::named("album"), [Call::AlbumInfo]);
    assert_eq!(Call::named("tag"), [Call::TagArtists, Call::TagTracks]);
    assert_eq!(Call::named("similar"), [Call::SimilarArtists, Call::SimilarTracks]);
    assert_eq!(Call::named("artist.getShouts"), []);
    assert_eq!(Call::named(""), []);
    for call in Call::ALL {
        let known = heard_api::lastfm::method(call.method()).unwrap();
        assert_eq!((known.name, known.write), (call.method(), false));
    }
}
