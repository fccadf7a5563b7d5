//! The bad manners of services: lists of none and of one, counts as texts, refusals, answers to others.

use fakefm::{Config, EmptyList, Fault, Rules, SingleRow, When, World};
use heard_api::Rate;
use heard_history::collect::CollectError;
use heard_history::enrich::{Call, Options};

use super::{assert_rebuilt_the_same, complete, few, only, rows, run, scene_in, scene_of};

const TAGS: &str = "SELECT name, outcome, coalesce(group_concat(tag || ':' || weight, '+'), '-') FROM answers
                      JOIN things ON things.id = thing_id LEFT JOIN tags ON answer_id = answers.id
                     WHERE method = 'artist.getTopTags' GROUP BY answers.id ORDER BY name";

#[test]
fn lists_of_none_one_and_many_in_every_form() {
    let known = ["Mira Vale|known|a:100+b:50+c:33", "Oslo Tin|known|-", "The Lanterns|known|solo:100"];
    for single_row in [SingleRow::List, SingleRow::Object] {
        for (empty_list, counts_as_text) in [(EmptyList::List, false), (EmptyList::Blank, true)] {
            let mut world = World::of("ann");
            world.listener().extend(few());
            world.set_tags("Mira Vale", ["a", "b", "c"]);
            world.set_tags("The Lanterns", ["solo"]);
            world.set_tags("Oslo Tin", [""; 0]);
            let rules = Rules { single_row, empty_list, counts_as_text, ..Rules::default() };
            let scene = scene_in(Config { rules, ..Config::new(world) });
            complete(&scene, &Options::default());
            assert_eq!(rows(&scene, TAGS), known);
            assert_rebuilt_the_same(&scene);
        }
    }
}

#[test]
fn whatever_befalls_an_answer_the_right_one_is_kept() {
    let undisturbed = scene_of(few());
    let options = only(&[Call::ArtistTags, Call::ArtistInfo, Call::TrackInfo]);
    complete(&undisturbed, &options);
    let dump = undisturbed.dump();
    let refusal = |code, status, retry_after| Fault::Refusal { code, status, retry_after };
    for fault in [
        Fault::CutText,
        Fault::CutConnection,
        Fault::Reset,
        Fault::Stale,
        Fault::InvalidUtf8,
        Fault::Html { status: 502 },
        Fault::Html { status: 200 },
        Fault::NoBody { status: 500, retry_after: None },
        Fault::NoBody { status: 429, retry_after: Some(30) },
        refusal(8, 500, None),
        refusal(8, 200, None),
        refusal(11, 503, None),
        refusal(16, 503, None),
        refusal(29, 429, Some(30)),
        refusal(29, 200, None),
    ] {
        let scene = scene_of(few());
        // Something was answered before, so that a service which fails then and now is not thought to be down.
        scene.fake.fail_times(When::Method("artist.getinfo".into()), fault.clone(), 2);
        complete(&scene, &options);
        assert_eq!(scene.dump(), dump, "{fault:?}");
    }
}

#[test]
fn a_service_that_fails_for_an_hour_is_left_alone_until_the_next_time() {
    let scene = scene_of(few());
    scene.fake.fail(When::Always, Fault::Refusal { code: 8, status: 500, retry_after: None });
    let report = run(&scene, &Options::default());
    assert!(matches!(report.stopped, Some(CollectError::Outage(_))), "{report:?}");
    assert_eq!(rows(&scene, "SELECT count(*) FROM answers"), ["0"], "what is no answer is not kept");
    scene.fake.fail_no_more();
    complete(&scene, &Options::default());
    assert_rebuilt_the_same(&scene);
}

#[test]
fn a_service_that_fails_in_the_middle_ends_the_run_and_loses_nothing() {
    let mut scene = scene_of(few());
    scene.rate = Rate::PerSecond(1.0);
    complete(&scene, &only(&[Call::ArtistTags]));
    scene.fake.fail(When::Method("track.getinfo".into()), Fault::Refusal { code: 16, status: 503, retry_after: None });
    let report = run(&scene, &only(&[Call::ArtistInfo, Call::TrackInfo]));
    assert_eq!(report.answers.known, 3, "{report:?}");
    let in_vain = report.waiting.len() as u64;
    assert!(report.stopped.is_some() || in_vain == 6, "{report:?}");
    assert_eq!(report.left, 6);
    scene.fake.fail_no_more();
    assert_eq!(complete(&scene, &only(&[Call::ArtistInfo, Call::TrackInfo])).asked, 6);
}

#[test]
fn pauses_for_too_many_requests_are_kept_and_end_the_run_at_last() {
    let scene = scene_of(few());
    scene.fake.fail(When::Always, Fault::Refusal { code: 29, status: 429, retry_after: None });
    let report = run(&scene, &only(&[Call::ArtistTags]));
    match report.stopped {
        Some(CollectError::Outage(outage)) => assert!(outage.until.is_some(), "{outage:?}"),
        other => panic!("{other:?}"),
    }
    scene.fake.fail_no_more();
    complete(&scene, &only(&[Call::ArtistTags]));
}

#[test]
fn a_call_that_the_service_does_not_have_is_left_out() {
    let scene = scene_of(few());
    scene
        .fake
        .fail(When::Method("artist.getsimilar".into()), Fault::Refusal { code: 3, status: 400, retry_after: None });
    let report = complete(&scene, &only(&[Call::ArtistTags, Call::SimilarArtists]));
    assert_eq!(report.not_offered.iter().copied().collect::<Vec<_>>(), ["artist.getSimilar"]);
    assert_eq!(report.answers.known, 3);
}

#[test]
fn a_suspended_key_ends_it_at_once() {
    let scene = scene_of(few());
    scene.fake.fail(When::Always, Fault::Refusal { code: 26, status: 403, retry_after: None });
    let report = run(&scene, &Options::default());
    assert!(matches!(&report.stopped, Some(CollectError::Service(error)) if error.is_suspended()), "{report:?}");
    assert!(scene.fake.stats().requests <= 3);
}
