//! The k-th call that changes a file is the last one, or fails: for k after k, a clean start afterwards gives the same
//! history.
//!
//! Calls are counted over all threads, which is why a preloaded library does it (`kth_call.c`) and not `strace`, whose
//! injection counts every thread by itself. `HEARD_SYSCALLS=all` tries every k; else some forty, evenly spread.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fakefm::{FakeFm, Generate};

use crate::extent::asked;
use crate::home::{Home, Ran, fake_of};

const PAGES: [&str; 2] = ["--page-size", "100"];

/// What happens at the k-th call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Kill,
    Fail,
    Full,
}

/// A small history, and what an undisturbed sync of it comes to.
struct Trial {
    library: PathBuf,
    fake: FakeFm,
    digest: String,
    calls: usize,
}

impl Trial {
    fn new(folder: &Path) -> Self {
        let history = Generate { undated: 20, dense_second: 12, ..Generate::plain(6, 300, 1_700_000_000) };
        let (library, fake) = (compiled(folder), fake_of(&history));
        let mut trial = Self { library, fake, digest: String::new(), calls: 0 };
        let home = Home::new();
        let count = folder.join("count");
        Ran::of(trial.command(&home, Deed::Kill, 0).env("KTH_COUNT", &count)).good();
        trial.calls = fs::read_to_string(count).unwrap().trim().parse().unwrap();
        trial.digest = home.digest();
        assert!(trial.calls > 50, "only {} calls were counted: the library was not asked", trial.calls);
        trial
    }

    fn command(&self, home: &Home, deed: Deed, kth: usize) -> Command {
        let mut command = home.sync_command(&self.fake, &PAGES);
        let deed = match deed {
            Deed::Kill => "kill",
            Deed::Fail => "fail",
            Deed::Full => "full",
        };
        command.env("LD_PRELOAD", &self.library).env("KTH_CALL", kth.to_string()).env("KTH_DO", deed);
        command
    }

    /// Every k, or some of them. An interrupted run makes other calls than a whole one only afterwards, so that the
    /// calls of a whole run are all there is.
    fn places(&self) -> Vec<usize> {
        let stride = if asked("HEARD_SYSCALLS").as_deref() == Some("all") { 1 } else { self.calls.div_ceil(40) };
        (1..=self.calls).step_by(stride).collect()
    }

    fn disturb(&self, deed: Deed, kth: usize) -> i32 {
        let home = Home::new();
        let ran = Ran::of(&mut self.command(&home, deed, kth));
        let code = ran.code();
        match (deed, code) {
            (Deed::Kill, -1) | (_, 0) => {}
            (Deed::Fail | Deed::Full, 74) => drop(ran.refused(74, "", "run the same command again")),
            _ => panic!("{deed:?} at call {kth}: exit {code}\n{ran}"),
        }
        home.sync(&self.fake, &PAGES).good();
        assert_eq!(home.digest(), self.digest, "{deed:?} at call {kth}");
        assert_eq!(home.integrity(), "ok", "{deed:?} at call {kth}");
        code
    }

    fn sweep(&self, deed: Deed) {
        let places = self.places();
        let codes: Vec<i32> = places.iter().map(|kth| self.disturb(deed, *kth)).collect();
        let ended = codes.iter().filter(|code| **code != 0).count();
        println!("{deed:?}: {} of {} calls tried, {ended} runs ended by it, 0 differences", places.len(), self.calls);
        // Calls of several threads change places from run to run, so the last ones may not be reached.
        assert!(ended * 2 > places.len(), "{deed:?} hardly ever did anything: {codes:?}");
    }
}

pub(crate) fn compiled(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/kth_call.c");
    let library = folder.join("kth_call.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl");
    let output = compiler.output().expect("the C compiler that SQLite is built with");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    library
}

#[test]
fn killed_at_the_kth_call() {
    let folder = tempfile::tempdir().unwrap();
    Trial::new(folder.path()).sweep(Deed::Kill);
}

#[test]
fn the_kth_call_fails() {
    let folder = tempfile::tempdir().unwrap();
    Trial::new(folder.path()).sweep(Deed::Fail);
}

#[test]
fn the_disk_is_full_from_the_kth_call_on() {
    let folder = tempfile::tempdir().unwrap();
    Trial::new(folder.path()).sweep(Deed::Full);
}
