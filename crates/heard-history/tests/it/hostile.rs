//! A service that fails: now and then, at one second for ever, or altogether.

use fakefm::{Config, Fault, Faults, Generate, Keys, Play, When, World};
use heard_api::Code;
use heard_history::collect::{CollectError, Report};
use heard_history::listen::Span;

use crate::scene::{CANARY_KEY, DAY, NOW, Scene, brief};
use crate::seeds;

#[test]
fn a_hostile_network_only_makes_it_slower() {
    let history = Generate::d20k(11, NOW);
    let calm = Scene::with_page(Config::generated("ann", &history), 200);
    assert!(calm.run().is_complete());
    calm.assert_polite();
    let (digest, least) = (calm.digest(), calm.fake.stats().requests);
    seeds::each(5, |seed| {
        let mut config = Config::generated("ann", &history);
        config.faults = Faults::hostile(seed);
        config.rules.wants_user_agent = true;
        let scene = Scene::with_page(config, 200);
        let told = scene.complete(&scene.options);
        assert!(scene.digest() == digest, "another history than the undisturbed run's");
        let requests = scene.fake.stats().requests;
        assert!(
            requests <= 3 * least,
            "{requests} requests, undisturbed {least}: {told:?} {:#?}",
            scene
                .fake
                .log()
                .iter()
                .map(|l| format!(
                    "{} {:?}..{:?} p{:?} l{:?} {:?} r{}",
                    l.at_ms - NOW * 1000,
                    l.from,
                    l.to,
                    l.page,
                    l.limit,
                    l.fault,
                    l.rows
                ))
                .collect::<Vec<_>>()
        );
        scene.assert_polite();
    });
}

#[test]
fn a_second_that_fails_for_ever_is_named_and_everything_else_is_there() {
    let broken = Fault::Refusal { code: 8, status: 500, retry_after: None };
    let scene = Scene::with_page(Config::generated("ann", &Generate::d20k(3, NOW - DAY)), 200);
    let second = scene.remote()[9_000].uts;
    scene.fake.fail(When::Second(second), broken);
    let assert_named = |report: &Report| -> Span {
        assert!(!report.is_complete() && report.stopped.is_none(), "{}", brief(report));
        let window = report.open.iter().find(|window| window.span.contains(second));
        let window = window.unwrap_or_else(|| panic!("second {second} is not named: {}", brief(report)));
        assert!(window.span.seconds() <= 3_600 && !window.reason.is_empty(), "{window:?}");
        window.span
    };
    let span = assert_named(&scene.run());
    // The whole list shows the second too, so of the undated plays nothing can be known.
    let but = |span: Span| {
        let mut rest = scene.remote();
        rest.retain(|listing| listing.uts != 0 && !span.contains(listing.uts));
        rest
    };
    assert!(scene.stored() == but(span), "everything else");

    // Days later it is still open, and what was played since is found nevertheless.
    scene.wait(3 * DAY);
    scene.fake.world().listener().extend((0..50).map(|n| Play::new(NOW + n * 600, "Late", "Comer")));
    let span = assert_named(&scene.run());
    assert!(scene.stored() == but(span), "what is new");

    scene.fake.fail_no_more();
    scene.wait(3_600);
    let report = scene.run();
    assert!(report.is_complete(), "{}", brief(&report));
    assert!(scene.stored() == scene.remote());
}

#[test]
fn too_many_requests_are_answered_with_ever_longer_pauses() {
    let limit = Fault::Refusal { code: 29, status: 429, retry_after: None };
    let scene = Scene::new(Config::generated("ann", &Generate::plain(1, 500, NOW)));
    scene.fake.fail(When::Always, limit);
    let report = scene.run();
    let Some(CollectError::Outage(outage)) = &report.stopped else { panic!("{}", brief(&report)) };
    let log = scene.fake.log();
    let mut least = 60_000;
    assert!(log.len() >= 5, "{} requests", log.len());
    for pair in log.windows(2) {
        let pause = pair[1].at_ms - pair[0].at_ms;
        assert!((least..2 * least).contains(&pause), "{pause} ms instead of {least} ms or somewhat more");
        least = (2 * least).min(1_800_000);
    }
    let until = outage.until.unwrap();
    let last = log.last().unwrap().at_ms;
    assert!(until * 1000 - last >= 1_800_000, "the last pause is half an hour at least");

    // Another process keeps to it.
    scene.fake.fail_no_more();
    scene.fake.forget();
    let report = scene.run();
    assert!(report.is_complete(), "{}", brief(&report));
    assert!(scene.fake.log()[0].at_ms >= until * 1000);
    scene.fake.forget();
    let before = scene.clock.now();
    assert!(scene.run().is_complete());
    assert!(scene.clock.now() - before < 60, "a pause that is over is forgotten");
}

/// Brings a scene into trouble.
type Trouble = Box<dyn Fn(&Scene)>;

#[test]
fn what_waiting_does_not_mend_ends_the_run_at_once() {
    let history = Generate::plain(1, 500, NOW);
    let scenes: [(&str, Code, Trouble); 5] = [
        (
            "suspended",
            Code::KeySuspended,
            Box::new(|scene| {
                scene.fake.set_rules(|rules| rules.suspended_keys = vec![CANARY_KEY.to_owned()]);
            }),
        ),
        (
            "unknown key",
            Code::InvalidApiKey,
            Box::new(|scene| {
                scene.fake.set_rules(|rules| rules.keys = Keys::Only(vec!["another".to_owned()]));
            }),
        ),
        ("private", Code::LoginRequired, Box::new(|scene| scene.fake.world().listener().hidden = true)),
        (
            "signature",
            Code::InvalidSignature,
            Box::new(|scene| {
                scene.fake.fail(When::Always, Fault::Refusal { code: 13, status: 403, retry_after: None });
            }),
        ),
        (
            "unknown user",
            Code::InvalidParameters,
            Box::new(|scene| {
                *scene.fake.world() = World::of("somebody else");
            }),
        ),
    ];
    for (what, code, arrange) in scenes {
        for known in [false, true] {
            let scene = Scene::new(Config::generated("ann", &history));
            if known {
                assert!(scene.run().is_complete());
                scene.fake.forget();
            }
            arrange(&scene);
            let before = scene.stored_if_any();
            let report = scene.run();
            let Some(CollectError::Service(error)) = &report.stopped else { panic!("{what}: {}", brief(&report)) };
            assert_eq!(error.code(), Some(code), "{what}");
            assert!(!report.is_complete());
            assert!(scene.fake.stats().requests <= 2, "{what}: {} requests", scene.fake.stats().requests);
            assert_eq!(scene.stored_if_any(), before);
        }
    }
}
