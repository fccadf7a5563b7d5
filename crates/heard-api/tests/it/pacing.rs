//! Turns, pauses and recoveries, by the virtual clock.

use std::time::Duration;

use heard_api::pace::Pace;
use heard_api::{Class, Clock, Outcome, Pacer, Rate, retry_wait};
use proptest::prelude::*;

use crate::seed::cases;

const LIMIT: Outcome = Outcome::RateLimited { retry_after: None };

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn asked(n: u64) -> Outcome {
    Outcome::RateLimited { retry_after: Some(seconds(n)) }
}

#[test]
fn waits_double_up_to_a_minute() {
    for (attempt, wait) in [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 64), (8, 64), (u32::MAX, 64)]
    {
        assert_eq!(retry_wait(attempt, Class::Retry, 0.0), seconds(wait), "attempt {attempt}");
        assert_eq!(retry_wait(attempt, Class::Retry, 1.0), seconds(wait).mul_f64(1.25));
        assert_eq!(retry_wait(attempt, Class::Retry, f64::INFINITY), seconds(wait).mul_f64(1.25));
    }
    assert_eq!(retry_wait(3, Class::RateLimited, 0.5), Duration::ZERO);
    assert_eq!(retry_wait(3, Class::Fatal, 0.5), Duration::ZERO);
}

#[test]
fn pauses_double_up_to_half_an_hour() {
    let mut pace = Pace::new(Rate::default());
    let mut now = seconds(1000);
    for expected in [60, 120, 240, 480, 960, 1800, 1800] {
        pace.note(now, LIMIT, 0.0);
        let until = pace.paused_until(now).unwrap();
        assert_eq!(until - now, seconds(expected));
        // News of requests that were under way is no new strike.
        pace.note(now + seconds(1), LIMIT, 0.0);
        now = pace.paused_until(now).unwrap();
        assert!(now <= until + seconds(expected + 1));
        assert_eq!(pace.paused_until(now), None);
    }
}

#[test]
fn the_servers_word_counts_until_it_proves_too_short() {
    let pause = |outcomes: &[Outcome]| {
        let mut pace = Pace::new(Rate::default());
        let mut now = Duration::ZERO;
        let mut pauses = Vec::new();
        for outcome in outcomes {
            pace.note(now, *outcome, 0.0);
            pauses.push((pace.paused_until(now).unwrap() - now).as_secs());
            now = pace.paused_until(now).unwrap();
        }
        pauses
    };
    assert_eq!(pause(&[asked(5)]), [5]);
    assert_eq!(pause(&[asked(0)]), [1]);
    assert_eq!(pause(&[asked(74_214)]), [74_214]);
    assert_eq!(pause(&[asked(5), asked(5), asked(5)]), [5, 60, 120]);
    assert_eq!(pause(&[LIMIT, asked(7200)]), [60, 7200]);
}

#[test]
fn jitter_only_lengthens() {
    let until = |jitter| {
        let mut pace = Pace::new(Rate::default());
        pace.note(Duration::ZERO, LIMIT, jitter);
        pace.paused_until(Duration::ZERO).unwrap()
    };
    assert_eq!(until(0.0), seconds(60));
    assert_eq!(until(1.0), seconds(66));
    assert_eq!(until(-5.0), seconds(60));
}

#[test]
fn a_limit_halves_the_rate_and_clean_replies_restore_it() {
    let mut pace = Pace::new(Rate::PerSecond(4.0));
    pace.note(Duration::ZERO, LIMIT, 0.0);
    assert_eq!(pace.per_second(), Some(2.0));
    pace.note(seconds(60), LIMIT, 0.0);
    assert_eq!(pace.per_second(), Some(1.0));
    let now = seconds(500);
    for (replies, rate) in [(49, 1.0), (1, 2.0), (49, 2.0), (1, 4.0), (500, 4.0)] {
        for _ in 0..replies {
            pace.note(now, Outcome::Clean, 0.0);
        }
        assert_eq!(pace.per_second(), Some(rate));
    }
    // Whole again, and the strikes forgotten.
    pace.note(now, LIMIT, 0.0);
    assert_eq!(pace.paused_until(now), Some(now + seconds(60)));
}

#[test]
fn three_faults_in_ten_are_a_storm() {
    let rate_after = |outcomes: &str| {
        let mut pace = Pace::new(Rate::PerSecond(4.0));
        for outcome in outcomes.chars() {
            let outcome = if outcome == 'x' { Outcome::Fault } else { Outcome::Clean };
            pace.note(Duration::ZERO, outcome, 0.0);
        }
        pace.per_second().unwrap()
    };
    for (outcomes, rate) in [
        ("xx", 4.0),
        ("xxx", 2.0),
        ("x.......xx", 2.0),
        ("x........xx", 4.0),
        ("xx.......x", 2.0),
        ("xxxxx", 2.0),
        ("xxxxxx", 1.0),
        ("xxxxxxxxx", 0.5),
        ("xxxxxxxxxxxxxxxxxxxxxxxx", 0.5),
    ] {
        assert!((rate_after(outcomes) - rate).abs() < 1e-9, "{outcomes}");
    }
    let mut slow = Pace::new(Rate::PerSecond(0.2));
    for _ in 0..9 {
        slow.note(Duration::ZERO, Outcome::Fault, 0.0);
    }
    assert_eq!(slow.per_second(), Some(0.2));
}

#[test]
fn unpaced_waits_are_thousandths() {
    let mut pace = Pace::new(Rate::Unpaced);
    pace.start(seconds(1));
    assert!(pace.earliest() <= seconds(1));
    pace.note(seconds(1), LIMIT, 0.0);
    assert_eq!(pace.earliest(), seconds(1) + Duration::from_millis(60));
    pace.hold(seconds(1), seconds(90));
    assert_eq!(pace.earliest(), seconds(1) + Duration::from_millis(90));
    let pacer = Pacer::new(Rate::Unpaced, Clock::at(0));
    let wait = pacer.retry_wait(7, Class::Retry);
    assert!((Duration::from_millis(64)..=Duration::from_millis(80)).contains(&wait), "{wait:?}");
}

/// Starts of requests, each a little late, under a random mixture of outcomes.
fn starts(rate: f64, steps: &[(u64, u8)]) -> Vec<Duration> {
    let mut pace = Pace::new(Rate::PerSecond(rate));
    let mut now = Duration::ZERO;
    let mut starts = Vec::new();
    for (late, outcome) in steps {
        now = now.max(pace.earliest()) + Duration::from_millis(*late);
        pace.start(now);
        starts.push(now);
        let outcome = match outcome {
            0 => LIMIT,
            1..=20 => Outcome::Fault,
            _ => Outcome::Clean,
        };
        pace.note(now, outcome, 0.5);
    }
    starts
}

fn most_within(starts: &[Duration], window: Duration) -> usize {
    (0..starts.len())
        .map(|i| starts[i..].iter().take_while(|start| **start < starts[i] + window).count())
        .max()
        .unwrap_or(0)
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn never_more_than_five_in_a_second(
        rate in 0.1_f64..=5.0,
        steps in prop::collection::vec((prop_oneof![3 => Just(0_u64), 1 => 0_u64..400], any::<u8>()), 1..300),
    ) {
        let starts = starts(rate, &steps);
        prop_assert!(most_within(&starts, seconds(1)) <= 5);
        let bound = (rate * 300.0).ceil();
        prop_assert!(most_within(&starts, seconds(300)) as f64 <= bound + 1.0);
    }
}

#[tokio::test]
async fn turns_keep_their_distance_and_order_among_all_who_share_them() {
    let clock = Clock::at(1_600_000_000);
    let pacer = Pacer::new(Rate::default(), clock.clone());
    let (report, mut reports) = tokio::sync::mpsc::unbounded_channel();
    for walker in 0..40 {
        let (pacer, clock, report) = (pacer.clone(), clock.clone(), report.clone());
        tokio::spawn(async move {
            pacer.turn().await;
            report.send((walker, clock.monotonic())).unwrap();
        });
    }
    drop(report);
    let mut turns = Vec::new();
    while let Some(turn) = reports.recv().await {
        turns.push(turn);
    }
    let expected: Vec<_> = (0..40).map(|n| (n, Duration::from_millis(250 * u64::from(n as u8)))).collect();
    assert_eq!(turns, expected);
}

#[tokio::test]
async fn a_pause_holds_everyone_and_can_be_kept() {
    let clock = Clock::at(1_000);
    let pacer = Pacer::new(Rate::default(), clock.clone());
    pacer.turn().await;
    pacer.note(asked(100));
    let until = pacer.paused_until().unwrap();
    assert!((1_100..=1_110).contains(&until), "{until}");
    assert_eq!(pacer.snapshot().paused_until, Some(until));
    assert_eq!(pacer.snapshot().per_second, Some(2.0));

    // After a restart.
    let restarted = Pacer::new(Rate::default(), Clock::at(1_050));
    restarted.resume_at(until);
    assert_eq!(restarted.paused_until(), Some(until));
    restarted.turn().await;
    assert_eq!(restarted.clock().now(), until);
    assert_eq!(restarted.paused_until(), None);

    // The strike is kept as well: the next pause without the server's word is the second one.
    restarted.note(LIMIT);
    assert!(restarted.paused_until().unwrap() >= until + 120);

    // A moment that is over changes nothing.
    let later = Pacer::new(Rate::default(), Clock::at(5_000));
    later.resume_at(until);
    assert_eq!(later.paused_until(), None);
    later.turn().await;
    assert_eq!(later.clock().now(), 5_000);
}

#[tokio::test]
async fn a_pause_that_comes_up_while_waiting_is_obeyed() {
    let clock = Clock::at(0);
    let pacer = Pacer::new(Rate::default(), clock.clone());
    pacer.turn().await;
    let waiter = tokio::spawn({
        let pacer = pacer.clone();
        async move { pacer.turn().await }
    });
    // The waiter is polled up to its first sleep, which moves the clock but not yet past the turn.
    tokio::task::yield_now().await;
    pacer.note(asked(50));
    waiter.await.unwrap();
    assert!(clock.monotonic() >= seconds(50), "{:?}", clock.monotonic());
}

#[tokio::test]
async fn a_waiter_that_gives_up_takes_no_turn() {
    let clock = Clock::at(0);
    let pacer = Pacer::new(Rate::default(), clock.clone());
    pacer.turn().await;
    let waiter = tokio::spawn({
        let pacer = pacer.clone();
        async move { pacer.turn().await }
    });
    tokio::task::yield_now().await;
    waiter.abort();
    assert!(waiter.await.unwrap_err().is_cancelled());
    pacer.turn().await;
    assert_eq!(clock.monotonic(), Duration::from_millis(250));
}
