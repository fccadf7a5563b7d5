//! A throw-away home, and the program at work in it with nothing else around it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;

use fakefm::{Config, FakeFm, Generate, Play};
use heard_api::Clock;
use tempfile::TempDir;

use crate::extent::asked;

/// The key that the program is given. Services of these tests take any.
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// The account's name.
pub(crate) const USER: &str = "ann";

/// The program as it was built for these tests, or another build of it that `HEARD_PROGRAM` names.
pub(crate) fn program() -> String {
    asked("HEARD_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_heard").to_owned())
}

/// Kills a process when the fake was asked so many more times; `false` where it had ended before.
pub(crate) fn killed_after_requests(child: &mut Child, fake: &FakeFm, requests: u64) -> bool {
    let (before, clock) = (fake.stats().requests, Clock::system());
    let began = clock.monotonic();
    while fake.stats().requests < before + requests {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        assert!((clock.monotonic() - began).as_secs() < 60, "neither ended nor at work");
        thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    true
}

/// A home that is gone when this is dropped.
pub(crate) struct Home {
    folder: TempDir,
    history: PathBuf,
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("heard-").tempdir().unwrap();
        let history = folder.path().join("history");
        Self { folder, history }
    }

    /// One that holds these evenings: a day, how many plays of four minutes from 20:00 on, artist, album, track.
    pub(crate) fn with_evenings<'e>(evenings: impl Iterator<Item = (String, u32, [&'e str; 3])>) -> Self {
        let home = Self::new();
        let path = home.beside("plays.csv");
        let mut file = csv::Writer::from_path(&path).unwrap();
        file.write_record(["uts", "artist", "album", "track", "ms_played"]).unwrap();
        for (day, plays, names) in evenings {
            let evening = format!("{day}T20:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
            for nth in 0..plays {
                let at = (evening + i64::from(nth) * 240).to_string();
                file.write_record([&at[..]].iter().chain(&names).chain(&["240000"])).unwrap();
            }
        }
        file.flush().unwrap();
        home.run(&["-q", "import", path.to_str().unwrap()]).good();
        home
    }

    /// A home whose history lies elsewhere, like on a disk of its own.
    pub(crate) fn with_history(history: impl Into<PathBuf>) -> Self {
        Self { history: history.into(), ..Self::new() }
    }

    /// The folder with everything in it: archive, views, state.
    pub(crate) fn history(&self) -> &Path {
        &self.history
    }

    /// A place for what a test writes besides.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The home as the library sees it.
    pub(crate) fn opened(&self) -> heard_history::home::Home {
        heard_history::home::Home::open(&self.history).unwrap()
    }

    /// The program with these arguments, in an environment that holds what it needs and nothing else.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments);
        self.surround(&mut command);
        command
    }

    /// The program started by another one, like `strace` or `unshare`: its words, then ours.
    pub(crate) fn command_under(&self, wrapper: &[&str], arguments: &[&str]) -> Command {
        let mut command = Command::new(wrapper[0]);
        command.args(&wrapper[1..]).arg(program()).args(arguments);
        self.surround(&mut command);
        command
    }

    fn surround(&self, command: &mut Command) {
        let folder = self.folder.path();
        command
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", folder)
            .env("XDG_DATA_HOME", folder.join("data"))
            .env("XDG_CONFIG_HOME", folder.join("config"))
            .env("XDG_CACHE_HOME", folder.join("cache"))
            .env("TMPDIR", folder)
            .env("HEARD_HOME", &self.history)
            .env("LASTFM_API_KEY", KEY)
            .env("TZ", "UTC")
            .env("LANG", "C.UTF-8")
            .env("NO_COLOR", "1")
            .env("COLUMNS", "100")
            .current_dir(folder)
            .stdin(Stdio::null());
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.command(arguments))
    }

    /// Synchronises the account with a fake, without pauses between requests.
    pub(crate) fn sync(&self, fake: &FakeFm, more: &[&str]) -> Ran {
        Ran::of(&mut self.sync_command(fake, more))
    }

    pub(crate) fn sync_command(&self, fake: &FakeFm, more: &[&str]) -> Command {
        self.command(&sync_words(fake.url().as_ref(), more))
    }

    /// The digest of what the view says, after everything was checked.
    pub(crate) fn digest(&self) -> String {
        let ran = self.run(&["verify", "--json"]).good();
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        document["digest"].as_str().expect("a verified home has a digest").to_owned()
    }

    /// What SQLite itself thinks of the view.
    pub(crate) fn integrity(&self) -> String {
        let database = rusqlite::Connection::open(self.history.join("heard.db")).unwrap();
        let says: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        let loose: i64 =
            database.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
        if loose == 0 { says } else { format!("{says}; {loose} foreign keys point nowhere") }
    }
}

/// The words of an unpaced sync with the service at `url`.
pub(crate) fn sync_words<'a>(url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let words = ["sync", "--user", USER, "--url", url, "--rate", "0"];
    words.into_iter().chain(more.iter().copied()).collect()
}

/// A service with one made-up account.
pub(crate) fn fake_of(history: &Generate) -> FakeFm {
    FakeFm::start(Config::generated(USER, history)).unwrap()
}

/// A service whose account has exactly these plays.
pub(crate) fn fake_with(plays: impl IntoIterator<Item = Play>) -> FakeFm {
    let mut config = Config::default();
    config.world.open(USER).extend(plays);
    FakeFm::start(config).unwrap()
}

/// How a run ended, and all that it said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: ExitStatus,
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    pub(crate) fn from(Output { status, stdout, stderr }: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("all that is said is UTF-8");
        Self { stdout: text(stdout), stderr: text(stderr), status }
    }

    /// The exit code, or -1 where a signal ended the run.
    pub(crate) fn code(&self) -> i32 {
        self.status.code().unwrap_or(-1)
    }

    /// The same, where the run did what was asked.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert_eq!(self.code(), 0, "{self}");
        self
    }

    /// The same, where the run ended with this code, one sentence that holds `sentence`, and a hint that holds `hint`.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, sentence: &str, hint: &str) -> Self {
        assert_eq!(self.code(), code, "{self}");
        let told: Vec<&str> = self.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(told.len(), 1, "one sentence\n{self}");
        assert!(told[0].contains(sentence), "{sentence:?} is not said\n{self}");
        let hints: Vec<&str> = self.stderr.lines().filter(|line| line.starts_with("hint: ")).collect();
        assert!(hints.iter().any(|said| said.contains(hint)), "{hint:?} is no hint\n{self}");
        assert!(!self.stderr.contains("panicked"), "{self}");
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }
}

/// Everything in one text, as snapshots keep it.
impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "-- standard error\n{}", self.stderr)?;
        }
        writeln!(f, "-- exit {}", self.code())
    }
}
