//! Whole lives of small accounts that change while they are read, in many random worlds.

use fakefm::{Change, Config, Fault, Faults, Hook, Listing, Movement, Mutation, Rules, SingleRow, Violation};
use fastrand::Rng;
use heard_history::collect::Options;

use crate::scene::{DAY, Scene, difficult_world};
use crate::seeds;

#[test]
fn the_store_is_right_through_a_life_without_faults() {
    seeds::each(70, |seed| live(seed, 0.0));
}

#[test]
fn the_store_is_right_through_a_life_in_which_one_request_in_five_fails() {
    seeds::each(65, |seed| live(seed, 0.2));
}

#[test]
fn the_store_is_right_through_a_life_in_which_every_second_request_fails() {
    seeds::each(65, |seed| live(seed, 0.5));
}

/// All kinds of faults but those that make another answer of which nobody could say that it is not the true one: a name
/// that is empty, an album that is not told. These have their own test in `refusals`.
pub(crate) fn recognisable(seed: u64, share: f64) -> Faults {
    let hidden = [
        Mutation::at("recenttracks.track.*.name", Change::Empty, true),
        Mutation::at("recenttracks.track.*.album.#text", Change::Remove, true),
    ];
    let kinds: Vec<Fault> = Fault::kinds()
        .into_iter()
        .filter(|kind| !matches!(kind, Fault::Mutated(mutation) if hidden.contains(&Some(*mutation))))
        .map(brisk)
        .collect();
    let each = share / kinds.len() as f64;
    kinds.into_iter().fold(Faults::new(seed), |faults, kind| faults.and(each, kind))
}

/// The same fault in less of the machine's time, which no virtual clock can shorten.
fn brisk(fault: Fault) -> Fault {
    match fault {
        Fault::Late { .. } => Fault::Late { ms: 2 },
        Fault::Drip { .. } => Fault::Drip { tick_ms: 1, for_ms: 5 },
        Fault::Bomb { .. } => Fault::Bomb { mib: 32 },
        other => other,
    }
}

fn rules(random: &mut Rng, seed: u64) -> Rules {
    Rules {
        from_inclusive: random.bool(),
        to_inclusive: random.bool(),
        single_row: SingleRow::BySeed(seed),
        wants_user_agent: true,
        ..Rules::default()
    }
}

/// A restless hour and a calm one, by turns: 24 requests each on the average, and the restless ones ever more seldom. An
/// account that never rests is never found complete, since its counts cannot be compared; whatever is read is still
/// read while it moves.
pub(crate) fn in_bursts(movement: Movement, seed: u64) -> Hook {
    Box::new(move |nth, world| {
        let hour = nth / 24;
        let restless = (20.0 / (hour + 1) as f64).min(0.5);
        if Rng::with_seed(seed ^ hour.wrapping_mul(0x9e37_79b9)).f64() < restless {
            movement.step(world, "ann", nth);
        }
    })
}

fn live(seed: u64, share: f64) {
    let mut random = Rng::with_seed(seed);
    let mut config = Config::new(difficult_world(&mut random));
    config.rules = rules(&mut random, seed);
    config.faults = recognisable(seed, share);
    config.hook = Some(in_bursts(Movement::lively(seed), seed));
    let scene = Scene::with_page(config, random.u64(5..=20));
    let full = Options { full: true, ..scene.options };

    scene.fake.world().listener().mark();
    scene.complete(&scene.options);
    assert_eq!(violations(&scene), [], "I1: the first run, in a moving world");

    scene.fake.world().listener().mark();
    scene.complete(&full);
    assert_eq!(violations(&scene), [], "I2: everything read again, in a moving world");

    scene.fake.set_hook(None);
    scene.fake.set_faults(Faults::none());
    scene.complete(&full);
    assert_eq!(scene.stored(), scene.remote(), "I3: at rest");

    days_pass(&scene, &mut random, seed);
    scene.fake.world().listener().mark();
    scene.fake.set_hook(Some(in_bursts(Movement::growing(seed + 1), seed)));
    scene.complete(&scene.options);
    assert_eq!(violations(&scene), [], "I4: an ordinary run, with late plays");

    let live = scene.digest();
    scene.rebuild();
    assert_eq!(scene.digest(), live, "I5: made anew from the archive");
    assert_eq!(scene.fake.stats().impolite, Vec::<String>::new());
}

/// Plays come, some of them up to 14 days late.
fn days_pass(scene: &Scene, random: &mut Rng, seed: u64) {
    let growing = Movement::growing(seed ^ 0xdead);
    for nth in 0..random.u64(0..60) {
        scene.wait(random.i64(0..20_000));
        growing.step(&mut scene.fake.world(), "ann", nth);
    }
    scene.wait(random.i64(0..3 * DAY));
}

fn violations(scene: &Scene) -> Vec<Violation> {
    let stored: Vec<Listing> = scene.stored();
    scene.fake.world().listener().violations(stored)
}

#[test]
fn untouched_plays_keep_their_rows_through_ten_runs() {
    seeds::each(6, |seed| {
        let mut random = Rng::with_seed(seed);
        let mut config = Config::new(difficult_world(&mut random));
        config.hook = Some(in_bursts(Movement::lively(seed), seed));
        let scene = Scene::with_page(config, random.u64(5..=20));
        scene.complete(&scene.options);
        let rows = |scene: &Scene| -> Vec<(Listing, i64)> {
            let live = scene.rows().into_iter().filter(|row| !row.gone);
            live.map(|row| (row.listing, row.id)).collect()
        };
        scene.fake.world().listener().mark();
        let before = rows(&scene);
        for round in 0..10 {
            scene.wait(2 * DAY);
            scene.complete(&Options { full: round % 2 == 0, ..scene.options });
        }
        let after = rows(&scene);
        let mut untouched = 0;
        for bounds in scene.fake.world().listener().bounds().into_iter().filter(|b| b.least == b.most) {
            let ids = |rows: &[(Listing, i64)]| {
                let mut ids: Vec<i64> =
                    rows.iter().filter(|(listing, _)| *listing == bounds.listing).map(|(_, id)| *id).collect();
                ids.sort_unstable();
                ids
            };
            // What moved between the first run's reading and the mark is not known to that run.
            let known = ids(&before);
            if known.len() == bounds.most as usize {
                assert_eq!(ids(&after), known, "{:?}", bounds.listing);
                untouched += 1;
            }
        }
        assert!(untouched > 5, "only {untouched} plays were left alone: nothing is shown");
    });
}
