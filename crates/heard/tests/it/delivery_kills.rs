//! SIGKILLs while plays go out to a service that spoils and loses answers: each play is there once, and the ledger
//! agrees.
//!
//! `HEARD_PLAYS` says how many plays, `HEARD_KILLS` how many kills, `HEARD_SEED` which; `HEARD_PACED` how many plays go out
//! at four requests a second.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use fakefm::{Config, FakeFm, Fault, Faults, World, Writing};
use heard_api::Clock;

use crate::extent::{chance, times};
use crate::home::{Home, Ran, USER};

const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e701";
const SESSION: &str = "5e55105e55105e55105e55105e551002";

type Key = (i64, String, String);

/// A listener with a file of plays, before a service.
struct Desk {
    home: Home,
    fake: FakeFm,
    file: PathBuf,
    results: PathBuf,
    all: BTreeSet<Key>,
}

impl Desk {
    fn new(plays: usize, faults: Faults) -> Self {
        let mut world = World::of(USER);
        world.set_session(USER, SESSION);
        let mut config = Config::new(world);
        config.rules.writing = Writing { secret: Some(SECRET.to_owned()), ..Writing::default() };
        config.faults = faults;
        let home = Home::new();
        let (file, results) = (home.beside("plays.csv"), home.beside("results.csv"));
        let now = Clock::system().now();
        let mut text = String::from("artist,title,played_at,duration\n");
        let mut all = BTreeSet::new();
        for n in 0..plays {
            let at = now - 60 * i64::try_from(plays - n).unwrap();
            let (artist, title) = (format!("Artist {}", n % 37), format!("Track {n} + & = # % {}", of_plane(n)));
            writeln!(text, "{artist},{title},{at},0:03:2{}", n % 10).unwrap();
            all.insert((at, artist, title));
        }
        fs::write(&file, text).unwrap();
        Self { fake: FakeFm::start(config).unwrap(), home, file, results, all }
    }

    fn command(&self, rate: &str) -> Command {
        let (url, file, results) = (self.fake.url(), self.file.to_str().unwrap(), self.results.to_str().unwrap());
        let words = ["scrobble", "--file", file, "--results", results, "--unchecked", "--user", USER, "--url", &url];
        let mut command = self.home.command(&[&words[..], &["--rate", rate]].concat());
        command.env("LASTFM_API_SECRET", SECRET).env("LASTFM_SESSION_KEY", SESSION);
        command
    }

    /// Starts it, and kills it after so long. Whether it was killed, and had not ended by itself.
    fn killed_after(&self, moment: Duration) -> bool {
        let mut child = self.command("0").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        #[expect(clippy::disallowed_methods, reason = "the moment of the kill is what is tried")]
        thread::sleep(moment);
        let ended = child.try_wait().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(ended.is_none_or(|status| matches!(status.code(), Some(0 | 75))), "{ended:?}");
        ended.is_none()
    }

    /// Runs it until nothing waits; a service that failed too often in a row is tried again.
    fn complete(&self) -> usize {
        for runs in 1..40 {
            let ran = Ran::of(&mut self.command("0"));
            match ran.code() {
                0 => return runs,
                75 => {}
                _ => panic!("{ran}"),
            }
        }
        panic!("never complete")
    }

    /// Every play is at the service once; the ledger and the results have the same.
    fn agree(&self) {
        let holdings = self.fake.world().listener().holdings();
        assert!(holdings.iter().all(|row| row.held == 1), "a play is there twice");
        let held: BTreeSet<Key> = holdings.into_iter().map(|row| (row.uts, row.artist, row.track)).collect();
        assert!(held == self.all, "{} plays are at the service, of {}", held.len(), self.all.len());
        let ledger = self.home.run(&["outbox", "list", "--state", "accepted", "-n", "1000000", "--json"]).good().json();
        let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().to_owned();
        let rows = ledger["rows"].as_array().unwrap();
        let kept: BTreeSet<Key> = rows
            .iter()
            .map(|row| (row["played_at"].as_i64().unwrap(), text(row, "artist"), text(row, "track")))
            .collect();
        assert!(kept == self.all && rows.len() == self.all.len(), "the ledger has {} rows", rows.len());
        let results = fs::read_to_string(&self.results).unwrap();
        let accepted = results.lines().filter(|line| line.contains(",lastfm/ann,accepted,")).count();
        assert_eq!((accepted, results.lines().count()), (self.all.len(), self.all.len() + 1));
    }
}

/// A character of each plane of Unicode in turn: the service checks the signatures by its own reading of the rule.
fn of_plane(n: usize) -> char {
    let number = u32::try_from(0x1_0000 * (n % 17) + 0x400 + n % 0x400).unwrap();
    char::from_u32(number).expect("no surrogate lies there")
}

/// Every fifth answer is spoilt or lost, before the write or after it.
fn trouble(seed: u64) -> Faults {
    let refusal = |code, status| Fault::Refusal { code, status, retry_after: None };
    let before = [refusal(8, 500), refusal(11, 503), refusal(16, 503), Fault::Html { status: 502 }, Fault::Reset];
    let after = [Fault::Reset, Fault::Reset, Fault::CutText, Fault::Html { status: 200 }, refusal(8, 500)];
    let after = after.into_iter().map(|fault| Fault::AfterWrite(Box::new(fault)));
    before.into_iter().chain(after).fold(Faults::new(seed), |faults, kind| faults.and(0.02, kind))
}

#[test]
fn killed_while_plays_go_out_each_arrives_once() {
    let (plays, wanted, mut random) = (times("HEARD_PLAYS", 1_000), times("HEARD_KILLS", 15), chance());
    let whole = Desk::new(plays, trouble(random.u64(..)));
    let clock = Clock::system();
    let before = clock.monotonic();
    whole.complete();
    let took = clock.monotonic() - before;
    whole.agree();
    let (mut kills, mut homes, mut requests) = (0, 0, 0);
    while kills < wanted {
        let desk = Desk::new(plays, trouble(random.u64(..)));
        let mut here = 0;
        // What is left takes ever less time; so do the moments, or most kills would come too late.
        while kills + here < wanted && here < 12 {
            let part = random.f64() / (1.0 + here as f64 / 4.0);
            if !desk.killed_after(took.mul_f64(part).max(Duration::from_millis(5))) {
                break;
            }
            here += 1;
        }
        desk.complete();
        desk.agree();
        requests += desk.fake.writes().len();
        kills += here;
        homes += 1;
    }
    let batches = homes * plays.div_ceil(50);
    println!(
        "{plays} plays, every fifth answer spoilt or lost, {kills} kills in {homes} deliveries of {took:?}: each play \
         there once, the ledger agrees; {requests} requests for {batches} batches"
    );
    assert!(requests <= batches * 2 + 2 * kills, "{requests} requests for {batches} batches and {kills} kills");
}

#[test]
fn plays_go_out_in_full_batches_at_the_rate_that_is_allowed() {
    let plays = times("HEARD_PACED", 250);
    let desk = Desk::new(plays, Faults::none());
    let clock = Clock::system();
    let before = clock.monotonic();
    let ran = Ran::of(&mut desk.command("4")).good();
    let took = (clock.monotonic() - before).as_secs_f64();
    desk.agree();
    let writes = desk.fake.writes();
    let full = writes.iter().filter(|write| write.rows.len() == 50).count();
    assert_eq!((writes.len(), full), (plays.div_ceil(50), plays / 50), "{ran}");
    let least = (writes.len() - 1) as f64 / 4.0;
    println!(
        "{plays} plays in {} requests and {took:.2} s; at four a second it takes {least:.2} s at least",
        writes.len()
    );
    assert!(took >= least, "faster than is allowed: {took} s");
    // What a short run needs besides its requests says nothing of the pace.
    assert!(plays < 10_000 || took < least * 1.05 + 2.5, "{took} s");
}
