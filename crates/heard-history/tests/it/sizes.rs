//! How many requests and how much memory an account of some size takes, and that nothing of it is missed.

use std::sync::Arc;

use fakefm::{Config, Generate, Movement};
use heard_api::Rate;
use heard_history::collect::{Meter, Options, Session, collect};
use heard_history::connection::Connection;
use heard_history::home::Home;
use heard_history::listen::{Account, Service};
use heard_history::store::Store;
use heard_history::zone::Zone;

use crate::lives::in_bursts;
use crate::scene::{NOW, Scene, brief};
use crate::seeds;

/// Counts of a first run: of everything when it begins, of the dated plays to prove it, and of both for the undated.
const COUNTS: u64 = 4;
/// The stretches of a first run: the past, and the future.
const STRETCHES: u64 = 2;

/// Requests of an undisturbed first run: a page shows one second less than it holds rows, each stretch may need a last
/// page, a dense second costs the page that it fills alone and two readings of its pages, and so do the undated plays.
fn most_requests(history: &Generate, page: u64) -> u64 {
    let rows = |count: usize| count as u64;
    let twice = |count: usize, spare: u64| if count == 0 { 0 } else { 2 * (rows(count).div_ceil(page) + spare) };
    let dated = rows(history.plays - history.undated);
    let dense = if rows(history.dense_second) > page { 1 + twice(history.dense_second, 1) } else { 0 };
    dated.div_ceil(page - 1) + 2 * STRETCHES + dense + twice(history.undated, 1) + COUNTS
}

#[test]
fn an_undisturbed_run_asks_no_more_than_it_must() {
    let histories = [
        (Generate::plain(1, 3_000, NOW), 50),
        (Generate::plain(2, 3_000, NOW), 200),
        (Generate { dense_second: 450, undated: 643, ..Generate::plain(3, 5_000, NOW) }, 200),
        (Generate::d20k(4, NOW), 200),
        (Generate::d20k(4, NOW), 1000),
    ];
    for (history, page) in histories {
        let most = most_requests(&history, page);
        // One walker: stretches are not shared, and each page is what the one before it left.
        let mut alone = Scene::with_page(Config::generated("ann", &history), page);
        alone.rate = Rate::PerSecond(1.0);
        let report = alone.run();
        assert!(report.is_complete(), "{}", brief(&report));
        assert!(report.requests <= most, "{} requests, not {most}, for {history:?}", report.requests);
        assert_eq!(alone.stored(), alone.remote());
        // Several: each sharing of what is worth six pages may cost one page more.
        let together = Scene::with_page(Config::generated("ann", &history), page);
        let report = together.run();
        assert!(report.is_complete(), "{}", brief(&report));
        assert!(report.requests <= most + most / 6, "{} requests, not {most}", report.requests);
        assert_eq!(together.digest(), alone.digest());
    }
}

#[test]
fn undated_plays_and_dense_seconds_are_exact_at_rest_and_in_motion() {
    for seed in [1, 2] {
        let mut config = Config::generated("ann", &Generate::d20k(seed, NOW - 86_400));
        config.hook = Some(in_bursts(Movement::lively(seed), seed));
        let scene = Scene::with_page(config, 200);
        scene.fake.world().listener().mark();
        scene.complete(&scene.options);
        let stored = scene.stored();
        assert_eq!(scene.fake.world().listener().violations(stored), [], "in motion, seed {seed}");

        scene.fake.set_hook(None);
        scene.wait(2 * 86_400);
        let report = scene.complete(&Options { full: true, ..scene.options });
        let (stored, remote) = (scene.stored(), scene.remote());
        let undated = remote.iter().filter(|listing| listing.uts == 0).count();
        assert!(undated > 600 && report.undated == undated as u64, "{undated} undated plays");
        assert!(stored == remote, "at rest, seed {seed}");
    }
    let scene = Scene::with_page(Config::generated("ann", &Generate::d20k(7, NOW)), 200);
    let report = scene.run();
    assert_eq!((report.undated, report.stored_total, report.is_complete()), (643, 20_000, true));
    let seconds = crate::scene::count(scene.stored().into_iter().map(|listing| listing.uts));
    assert_eq!(seconds.into_iter().filter(|(uts, _)| *uts > 0).map(|(_, plays)| plays).max(), Some(450));
}

/// The address of the service, for the process that is the client alone.
const URL: &str = "HEARD_TEST_URL";
const HOME: &str = "HEARD_TEST_HOME";
/// What the whole process may hold.
const MEMORY_KIB: u64 = 150 << 10;

#[test]
#[cfg(target_os = "linux")]
fn a_large_account_takes_the_expected_requests_and_little_memory() {
    const PAGE: u64 = 200;
    let plays = seeds::plays();
    let history = Generate::plain(9, usize::try_from(plays).unwrap(), NOW);
    let mut config = Config::generated("ann", &history);
    config.keep_arrivals = 0;
    let scene = Scene::new(config);
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sizes::the_client_of_a_large_account", "--nocapture"])
        .env(URL, scene.fake.url())
        .env(HOME, scene.folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success(), "{told}");
    let number = |name: &str| -> u64 {
        let after = told.split(name).nth(1).unwrap_or_else(|| panic!("no {name} in {told}"));
        after.split_whitespace().next().unwrap().parse().unwrap()
    };
    let (requests, peak) = (number("requests="), number("peak_kib="));
    println!("{plays} plays: {requests} requests, {peak} KiB");
    assert_eq!(number("stored="), plays);
    let ideal = plays.div_ceil(PAGE - 1);
    assert!(requests.abs_diff(ideal) <= ideal / 50 + 12, "{requests} requests instead of about {ideal}");
    assert!(peak <= MEMORY_KIB, "{peak} KiB");
    assert_eq!(scene.stored(), scene.remote());
}

/// The other half of the test above: without its variables it has nothing to do.
#[test]
#[cfg(target_os = "linux")]
#[allow(clippy::disallowed_methods, reason = "one process tells the other where to work")]
fn the_client_of_a_large_account() {
    use heard_api::{Client, ClientOptions, Clock, Credentials, Pacer};
    let (Ok(url), Ok(home)) = (std::env::var(URL), std::env::var(HOME)) else {
        return println!("run by the test of a large account, in a process of its own");
    };
    let home = Home::open(home).unwrap();
    let lock = home.lock().unwrap();
    let mut store = Store::open(&home, &lock, &Zone::utc()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pacer = Pacer::new(Rate::default(), Clock::at(NOW));
    let client = Client::new(ClientOptions::new(url, Credentials::key("0".repeat(32)), pacer)).unwrap();
    let mut session = Session {
        home: &home,
        lock: &lock,
        store: &mut store,
        runtime: &runtime,
        meter: Arc::new(Meter::default()),
        stop: Arc::default(),
    };
    let options = Options { page_size: Some(200), ..Options::default() };
    let account = Account::new("me", Service::Lastfm, "ann");
    let report = collect(&mut session, &Connection::Lastfm(client), &account, &options).unwrap();
    assert!(report.is_complete(), "{}", brief(&report));
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.split_whitespace().next().unwrap().parse().unwrap();
    println!("requests={} stored={} peak_kib={peak}", report.requests, report.stored_total);
}
