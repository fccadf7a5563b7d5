//! Many processes at once: one works, the others say so within a second, and the history is none the worse.
//!
//! `HEARD_ROUNDS` says how many rounds.

use std::thread;
use std::time::Duration;

use fakefm::{Config, FakeFm, Generate};
use heard_api::Clock;

use crate::extent::times;
use crate::home::{Home, Ran, USER, sync_words};

const CROWD: usize = 50;

fn slow_fake(latency_ms: u64) -> FakeFm {
    let mut config = Config::generated(USER, &Generate::plain(4, 900, 1_700_000_000));
    config.latency_ms = latency_ms;
    FakeFm::start(config).unwrap()
}

/// Starts all at once, and says of each how it ended and how long that took.
fn crowd(home: &Home, words: &[Vec<&str>]) -> Vec<(Ran, Duration)> {
    let clock = Clock::system();
    thread::scope(|scope| {
        let one = |words: &Vec<&str>| {
            let mut command = home.command(words);
            let clock = clock.clone();
            scope.spawn(move || {
                let before = clock.monotonic();
                (Ran::of(&mut command), clock.monotonic() - before)
            })
        };
        let all: Vec<_> = words.iter().map(one).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// How many did their work; the others were refused, in time.
#[track_caller]
fn holders(ended: Vec<(Ran, Duration)>) -> usize {
    let (held, refused): (Vec<_>, Vec<_>) = ended.into_iter().partition(|(ran, _)| ran.code() == 0);
    for (ran, took) in refused {
        let ran = ran.refused(75, "another heard process is at work here", "then run this again");
        assert!(took <= Duration::from_secs(1), "{took:?} until it was said\n{ran}");
    }
    held.len()
}

#[test]
fn one_works_and_the_others_say_so() {
    let rounds = times("HEARD_ROUNDS", 2);
    // All requests of one sync together take longer than it takes to start the crowd.
    let fake = slow_fake(300);
    let url = fake.url();
    let alone = Home::new();
    alone.run(&sync_words(&url, &[])).good();
    let digest = alone.digest();
    for round in 0..rounds {
        let home = Home::new();
        let syncs = vec![sync_words(&url, &["-q"]); CROWD];
        assert_eq!(holders(crowd(&home, &syncs)), 1, "round {round}");
        assert_eq!(home.digest(), digest, "round {round}");
    }
    println!("{rounds} rounds of {CROWD} syncs: 1 worked in each");
}

#[test]
fn a_mixed_crowd_does_no_harm() {
    let rounds = times("HEARD_ROUNDS", 2);
    let fake = slow_fake(20);
    let url = fake.url();
    let home = Home::new();
    home.run(&sync_words(&url, &[])).good();
    let digest = home.digest();
    let kinds = [
        sync_words(&url, &["-q", "--full"]),
        vec!["rebuild", "-q"],
        vec!["verify", "-q"],
        vec!["verify", "-q", "--quick"],
    ];
    let words: Vec<_> = kinds.into_iter().cycle().take(CROWD).collect();
    let mut worked = 0;
    for _ in 0..rounds {
        let held = holders(crowd(&home, &words));
        assert!(held >= 1);
        worked += held;
        assert_eq!(home.digest(), digest);
    }
    assert_eq!(home.integrity(), "ok");
    println!("{rounds} rounds of {CROWD} mixed processes: {worked} worked, one after the other");
}
