//! An account that changes while it is read.

use crate::{
    account::Account,
    play::{Edit, Play},
    random::Random,
    world::World,
};

/// What may happen to an account before each request for it. The chances exclude each other; their sum is at most 1.
#[derive(Debug, Clone)]
pub struct Movement {
    /// The run's seed.
    pub seed: u64,
    /// The chance of a new play, at the world's present second.
    pub new: f64,
    /// The chance of a play that arrives late.
    pub late: f64,
    /// The chance that a play is deleted.
    pub deleted: f64,
    /// The chance that names of a play are changed.
    pub edited: f64,
    /// How late a late play may be, in seconds: 14 days in the service.
    pub late_by_at_most: i64,
    /// The world's clock moves on by up to so many seconds before each request.
    pub step_at_most: i64,
}

impl Movement {
    /// One change at nearly every second request: 25 % new, 10 % late, 7 % deleted, 7 % edited; up to two minutes pass.
    pub fn lively(seed: u64) -> Self {
        Self {
            seed,
            new: 0.25,
            late: 0.10,
            deleted: 0.07,
            edited: 0.07,
            late_by_at_most: 14 * 86_400 - 1,
            step_at_most: 119,
        }
    }

    /// The same, without deletions and edits.
    pub fn growing(seed: u64) -> Self {
        Self { deleted: 0.0, edited: 0.0, ..Self::lively(seed) }
    }

    /// Lets pass what passes before the `nth` request, which is for account `name`.
    pub fn step(&self, world: &mut World, name: &str, nth: u64) {
        let mut random = Random::of_request(self.seed, nth);
        world.advance_ms(random.between(0, self.step_at_most) * 1000);
        let now = world.now();
        let Some(account) = world.account_mut(name) else {
            return;
        };
        let mut left = random.unit();
        let mut falls_on = |chance: f64| {
            left -= chance;
            left < 0.0
        };
        if falls_on(self.new) {
            play_again(account, now, &mut random);
        } else if falls_on(self.late) {
            let uts = (now - random.between(0, self.late_by_at_most)).max(1);
            play_again(account, uts, &mut random);
        } else if account.is_empty() {
            // Nothing to delete or edit.
        } else if falls_on(self.deleted) {
            account.delete_at(random.below(account.len()));
        } else if falls_on(self.edited) {
            let at = random.below(account.len());
            let edit = correction(account, at, &mut random);
            account.edit_at(at, &edit);
        }
    }
}

/// Plays something that was played before, or a first song.
fn play_again(account: &mut Account, uts: i64, random: &mut Random) {
    if account.is_empty() {
        account.add(&Play::new(uts, "First Light", "Beginning"));
    } else {
        let song = account.song_at(random.below(account.len()));
        account.add_song(uts, song);
    }
}

/// Another spelling of one name of the play at `at`, or another play's artist.
fn correction(account: &Account, at: usize, random: &mut Random) -> Edit {
    let play = account.play_at(at);
    let respelled = |name: &str| match name.strip_suffix(" (Remastered)") {
        Some(plain) => plain.to_owned(),
        None => format!("{name} (Remastered)"),
    };
    match random.below(4) {
        0 => Edit { artist: Some(account.play_at(random.below(account.len())).artist), ..Edit::default() },
        1 => Edit { artist: Some(play.artist.to_uppercase()), ..Edit::default() },
        2 => Edit { album: Some(respelled(&play.album)), ..Edit::default() },
        _ => Edit { track: Some(respelled(&play.track)), ..Edit::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::Movement;
    use crate::{clock::HandClock, play::Play, world::World};

    fn world() -> World {
        let mut world = World::of("ann");
        world.set_clock(HandClock::at_ms(1_700_000_000_000).source());
        world.listener().extend((1..=200).map(|n| Play::new(1_699_000_000 + n, "a", format!("t{n}"))));
        world
    }

    #[test]
    fn the_same_seed_moves_the_same_way() {
        let run = |seed| {
            let mut world = world();
            for nth in 1..=300 {
                Movement::lively(seed).step(&mut world, "ANN", nth);
            }
            (world.now(), world.listener().plays().collect::<Vec<_>>())
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    #[test]
    fn a_lively_world_moves_at_the_promised_rates() {
        let mut world = world();
        world.listener().mark();
        for nth in 1..=2000 {
            Movement::lively(9).step(&mut world, "ann", nth);
        }
        let grown = world.listener().len() as f64 - 200.0;
        assert!((grown - 2000.0 * 0.28).abs() < 120.0, "{grown}");
        let bounds = world.listener().bounds();
        assert!(bounds.iter().any(|b| b.least == 0 && b.most == 1));
        assert!(world.now() > 1_700_000_000 + 2000 * 50);
    }

    #[test]
    fn a_growing_world_only_grows() {
        let mut world = world();
        world.listener().mark();
        for nth in 1..=500 {
            Movement::growing(4).step(&mut world, "ann", nth);
        }
        let before = world.listener().bounds().iter().map(|b| b.least as usize).sum::<usize>();
        assert_eq!(before, 200);
        assert!(world.listener().len() > 300);
    }

    #[test]
    fn an_empty_account_starts_to_play_and_a_stranger_stays_unknown() {
        let mut world = World::of("ann");
        for nth in 1..=50 {
            Movement::lively(2).step(&mut world, "ann", nth);
            Movement::lively(2).step(&mut world, "bob", nth);
        }
        assert!(!world.listener().is_empty());
        assert_eq!(world.accounts().len(), 1);
    }
}
