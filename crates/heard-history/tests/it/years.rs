//! Days go by, and late plays, edits and deletions are all found.

use std::collections::HashSet;

use fakefm::{Config, Edit, Generate, Listing, PlayId};
use fastrand::Rng;

use crate::scene::{DAY, NOW, Scene, brief, count, some_play};
use crate::seeds;

/// Days until everything was read again.
const CYCLE: usize = 30;

#[test]
fn late_plays_are_found_by_the_next_run_and_the_rest_within_a_month() {
    let (history, each) = if seeds::is_long() {
        (Generate::d20k(2, NOW - DAY), 500)
    } else {
        (Generate { undated: 20, shared_seconds: 10, years: 3, ..Generate::plain(2, 2_500, NOW - DAY) }, 60)
    };
    let scene = Scene::with_page(Config::generated("ann", &history), 200);
    assert!(scene.run().is_complete());
    let first = scene.rows();
    let mut random = Rng::with_seed(4);
    let mut edited: Vec<(Listing, String)> = Vec::new();
    let mut touched: HashSet<PlayId> = HashSet::new();
    for day in 0..CYCLE {
        let share = |all: usize| all * (day + 1) / CYCLE - all * day / CYCLE;
        scene.wait(DAY);
        let late = arrive_late(&scene, share(each), &mut random);
        edited.extend(correct(&scene, share(each), &mut random, &mut touched));
        delete(&scene, share(each), &mut random, &mut touched);
        let report = scene.run();
        assert!(report.stopped.is_none(), "{}", brief(&report));
        let stored: HashSet<Listing> = scene.stored().into_iter().collect();
        assert!(late.iter().all(|listing| stored.contains(listing)), "day {day}: {}", brief(&report));
    }
    for _ in 0..CYCLE {
        scene.wait(DAY);
        scene.run();
    }
    let (stored, remote) = (count(scene.stored()), count(scene.remote()));
    let wrong: Vec<_> = stored.iter().filter(|(listing, plays)| remote.get(listing) != Some(plays)).collect();
    assert!(stored == remote, "a month after it happened, this is not known: {wrong:#?}");
    let rows = scene.rows();
    assert_eq!(edited.len(), each);
    for (now, formerly) in edited {
        let row = rows.iter().find(|row| row.listing == now && row.formerly.contains(&formerly));
        let row = row.unwrap_or_else(|| panic!("{now:?} does not tell that it was {formerly:?}"));
        let before = first.iter().find(|old| old.id == row.id);
        assert!(before.is_some_and(|old| old.listing.track == formerly), "an edited play keeps its row");
    }
}

/// Plays up to 14 days late.
fn arrive_late(scene: &Scene, count: usize, random: &mut Rng) -> Vec<Listing> {
    let now = scene.clock.now();
    let mut world = scene.fake.world();
    let mut late = Vec::new();
    for _ in 0..count {
        let uts = now - random.i64(0..14 * DAY);
        let play = some_play(random, uts);
        world.listener().add(&play);
        late.push(Listing { uts: play.uts, artist: play.artist, track: play.track, album: play.album });
    }
    late
}

/// Some play of the first run, older than any late one, that nothing happened to yet; alone in its second where that is asked for: of two plays in
/// one second, of which one goes and one is edited, nobody can tell which became which.
fn untouched(scene: &Scene, random: &mut Rng, touched: &mut HashSet<PlayId>, alone: bool) -> PlayId {
    let ids: Vec<PlayId> = scene.fake.world().listener().plays().map(|(id, _)| id).collect();
    loop {
        let at = random.usize(1..ids.len() - 1);
        let id = ids[at];
        let shares = [ids[at - 1], ids[at + 1]].iter().any(|other| other.uts() == id.uts());
        if id.uts() < NOW - 15 * DAY && !(alone && shares) && touched.insert(id) {
            return id;
        }
    }
}

fn correct(scene: &Scene, count: usize, random: &mut Rng, touched: &mut HashSet<PlayId>) -> Vec<(Listing, String)> {
    let mut edited = Vec::new();
    for _ in 0..count {
        let id = untouched(scene, random, touched, true);
        let mut world = scene.fake.world();
        let old = world.listener().plays().find(|(other, _)| *other == id).unwrap().1;
        let track = format!("{} (edit {})", old.track, touched.len());
        world.listener().edit(id, &Edit { track: Some(track.clone()), ..Edit::default() });
        edited.push((Listing { uts: old.uts, artist: old.artist, track, album: old.album }, old.track));
    }
    edited
}

fn delete(scene: &Scene, count: usize, random: &mut Rng, touched: &mut HashSet<PlayId>) {
    for _ in 0..count {
        let id = untouched(scene, random, touched, false);
        scene.fake.world().listener().delete(id).unwrap();
    }
}
