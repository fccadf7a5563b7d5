//! SIGKILL at any moment: whatever had been read stays, nothing is counted twice, and little is asked again.
//!
//! `HEARD_KILLS` says how many kills, `HEARD_SEED` which.

use std::process::Stdio;
use std::thread;
use std::time::Duration;

use fakefm::{FakeFm, Generate};
use heard_api::Clock;

use crate::calling::brainz_url;
use crate::extent::{chance, times};
use crate::family::{brainz_with, plays_of};
use crate::home::{Home, Ran, USER, fake_of, killed_after_requests};

/// Small pages, so that there is much to be killed in.
const PAGES: [&str; 2] = ["--page-size", "50"];

/// What an undisturbed run comes to.
struct Undisturbed {
    digest: String,
    requests: u64,
    took: Duration,
}

impl Undisturbed {
    /// The fastest of three runs, so that a busy machine does not make most kills come too late.
    fn measure(fake: &FakeFm) -> Self {
        let runs = (0..3).map(|_| Self::measure_once(fake));
        runs.min_by_key(|run| run.took).expect("there are three")
    }

    fn measure_once(fake: &FakeFm) -> Self {
        let home = Home::new();
        fake.forget();
        let clock = Clock::system();
        let before = clock.monotonic();
        home.sync(fake, &PAGES).good();
        let took = clock.monotonic() - before;
        let requests = fake.stats().requests;
        Self { digest: home.digest(), requests, took }
    }
}

/// Starts a sync and kills it after so long. `None` when it had ended by itself.
fn killed_after(home: &Home, fake: &FakeFm, moment: Duration) -> Option<Ran> {
    let mut command = home.sync_command(fake, &PAGES);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the moment of the kill is what is tried")]
    thread::sleep(moment);
    let ended = child.try_wait().unwrap().is_some();
    child.kill().unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    ended.then_some(ran)
}

#[test]
fn killed_at_any_moment_and_started_again() {
    let wanted = times("HEARD_KILLS", 20);
    let mut random = chance();
    let fake = fake_of(&Generate::d20k(11, 1_750_000_000));
    let whole = Undisturbed::measure(&fake);
    let (mut kills, mut syncs, mut worst) = (0, 0, (0.0, 0, 0));
    while kills < wanted {
        let home = Home::new();
        fake.forget();
        let mut here = 0;
        let ended = loop {
            if kills + here == wanted {
                break home.sync(&fake, &PAGES);
            }
            let moment = whole.took.mul_f64(random.f64());
            match killed_after(&home, &fake, moment) {
                Some(ran) => break ran,
                None => here += 1,
            }
        };
        ended.good();
        kills += here;
        syncs += 1;
        let requests = fake.stats().requests;
        let allowed = whole.requests * 5 / 4 + 2 * here as u64;
        let share = requests as f64 / allowed as f64;
        if share > worst.0 {
            worst = (share, requests, here);
        }
        assert_eq!(home.digest(), whole.digest, "after {here} kills");
        assert_eq!(home.integrity(), "ok", "after {here} kills");
        assert!(requests <= allowed, "{requests} requests after {here} kills; {allowed} are allowed");
    }
    let (share, requests, here) = worst;
    println!(
        "{kills} kills in {syncs} syncs of {:?}, {} requests undisturbed; the most: {requests} requests with {here} kills, {:.0} % of what is allowed",
        whole.took,
        whole.requests,
        share * 100.0
    );
}

/// Starts a sync from ListenBrainz and kills it after so many requests; false where it had ended by itself.
fn killed_in_the_middle(home: &Home, fake: &FakeFm, words: &[&str], requests: u64) -> bool {
    fake.forget();
    let mut child = home.command(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    killed_after_requests(&mut child, fake, requests)
}

#[test]
fn a_sync_from_listenbrainz_that_is_killed_goes_on_where_it_was() {
    let wanted = times("HEARD_KILLS", 6);
    let mut random = chance();
    let fake = brainz_with(plays_of(&Generate::plain(11, 4_000, 1_750_000_000)));
    let account = format!("listenbrainz/{USER}");
    let url = brainz_url(&fake);
    let words = ["sync", &account, "--url", &url, "--rate", "0", "--page-size", "50"];
    let undisturbed = Home::new();
    undisturbed.run(&words).good();
    let (digest, requests) = (undisturbed.digest(), fake.stats().requests);
    let (mut kills, home) = (0, Home::new());
    for _ in 0..wanted {
        kills += u32::from(killed_in_the_middle(&home, &fake, &words, random.u64(1..requests / 2)));
    }
    home.run(&words).good();
    assert!(kills > 0, "every run ended before it was killed");
    assert_eq!((home.digest(), home.integrity().as_str()), (digest, "ok"), "after {kills} kills");
}
