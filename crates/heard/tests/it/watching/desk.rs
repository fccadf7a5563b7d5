//! A listener who watches, the program that does it, and a service to which it scrobbles.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use fakefm::{Config, FakeFm, World, Writing};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::home::{Home, Ran, USER};

const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e704";
const SESSION: &str = "5e55105e55105e55105e55105e551005";
const TOKEN: &str = "70ce0000-70ce-70ce-70ce-70ce00000006";
pub(crate) const PASSWORD: &str = "pa55 \"w0rd\\";

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);
/// How much faster the clock of players goes: 31 seconds, of which half must sound, are 1.6 then.
const SPEED: &str = "20";

/// A listener with accounts at both services.
pub(crate) struct Desk {
    pub(crate) home: Home,
    pub(crate) fake: FakeFm,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let mut world = World::of(USER);
        world.set_session(USER, SESSION);
        world.listenbrainz(USER).set_token(TOKEN);
        let mut config = Config::new(world);
        config.rules.writing = Writing { secret: Some(SECRET.to_owned()), ..Writing::default() };
        Self { home: Home::new(), fake: FakeFm::start(config).unwrap() }
    }

    /// Writes the config file: both accounts, and what is given besides.
    pub(crate) fn configure(&self, more: &str) {
        drop(self.home.opened());
        let account =
            |service, url| format!("[[account]]\nservice = \"{service}\"\nuser = \"{USER}\"\nurl = \"{url}\"\n");
        let brainz = format!("{}/1/", self.fake.listenbrainz_url());
        let text = format!("{more}\n{}{}", account("lastfm", self.fake.url()), account("listenbrainz", brainz));
        #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
        std::fs::write(self.home.history().join("config.toml"), text).unwrap();
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = self.home.command(words);
        command
            .env("LASTFM_API_SECRET", SECRET)
            .env("LASTFM_SESSION_KEY", SESSION)
            .env("LISTENBRAINZ_TOKEN", TOKEN)
            .env("HEARD_WATCH_SPEED", SPEED);
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        Ran::of(&mut self.command(words))
    }

    /// Begins to watch, with `--json`.
    pub(crate) fn watch(&self, bus: &str, words: &[&str]) -> Watching {
        let mut command = self.command(&[&["watch", "--json"], words].concat());
        Watching::start(command.env("DBUS_SESSION_BUS_ADDRESS", bus))
    }

    /// What the account at Last.fm holds.
    pub(crate) fn held(&self) -> Vec<(String, String)> {
        names(&self.fake.world().listener().holdings())
    }

    /// What the account at ListenBrainz holds.
    pub(crate) fn held_by_brainz(&self) -> Vec<(String, String)> {
        names(&self.fake.world().listenbrainz(USER).holdings())
    }

    /// Listens as `heard listens` has them: the track, and who told of it.
    pub(crate) fn listens(&self) -> Vec<(String, Vec<String>)> {
        let rows = self.run(&["listens", "--json"]).good().json();
        let texts =
            |value: &Value| value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
        rows["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["track"].as_str().unwrap().to_owned(), texts(&row["sources"])))
            .collect()
    }

    /// How often the service was told that something sounds.
    pub(crate) fn shown(&self) -> usize {
        let shows = |method: &str| method == "track.updatenowplaying";
        self.fake.writes().iter().filter(|write| shows(&write.method)).count()
    }
}

fn names(holdings: &[fakefm::Holding]) -> Vec<(String, String)> {
    assert!(holdings.iter().all(|row| row.held == 1), "{holdings:?}");
    holdings.iter().map(|row| (row.artist.clone(), row.track.clone())).collect()
}

/// The program while it watches.
pub(crate) struct Watching {
    child: Child,
    lines: Receiver<Line>,
    /// What it said and nobody has asked for yet.
    heard: VecDeque<Value>,
    pub(crate) said: Vec<String>,
}

enum Line {
    Event(Value),
    Said(String),
}

impl Watching {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = mpsc::channel();
        let event = |line: String| Line::Event(serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}")));
        read(child.stdout.take().unwrap(), tell.clone(), event);
        read(child.stderr.take().unwrap(), tell, Line::Said);
        let mut watching = Self { child, lines, heard: VecDeque::new(), said: Vec::new() };
        watching.until(|watching| watching.said.iter().any(|line| line.starts_with("watching")));
        watching
    }

    /// Waits until this is so, looking again whenever something is said, and now and then in between.
    #[track_caller]
    pub(crate) fn until(&mut self, so: impl Fn(&Self) -> bool) {
        let mut waited = Duration::ZERO;
        let step = Duration::from_millis(20);
        while !so(self) {
            match self.lines.recv_timeout(step) {
                Ok(Line::Event(event)) => self.heard.push_back(event),
                Ok(Line::Said(line)) => self.said.push(line),
                Err(RecvTimeoutError::Timeout) => waited += step,
                Err(RecvTimeoutError::Disconnected) => panic!("it ended\n{self:?}"),
            }
            assert!(waited < LONG, "it takes too long\n{self:?}");
        }
    }

    /// Waits for an event of this kind that fits; those before it are let go.
    #[track_caller]
    pub(crate) fn next(&mut self, event: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let is_it = |it: &Value| it["event"] == event && fits(it);
        self.until(|watching| watching.heard.iter().any(is_it));
        let place = self.heard.iter().position(is_it).unwrap();
        self.heard.drain(..=place).next_back().unwrap()
    }

    /// Waits for an event of this track.
    #[track_caller]
    pub(crate) fn of(&mut self, event: &str, track: &str) -> Value {
        self.next(event, |it| it["track"] == track)
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Lets it do nothing for so long, as on a machine that sleeps.
    pub(crate) fn asleep_for(&self, duration: Duration) {
        self.signal(Signal::STOP);
        #[expect(clippy::disallowed_methods, reason = "the time for which it sleeps is what is tried")]
        thread::sleep(duration);
        self.signal(Signal::CONT);
    }

    /// Asks it to stop. Gives how it ended, and all that it said.
    pub(crate) fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.end();
        (status, std::mem::take(&mut self.said))
    }

    /// Asks it to stop. Gives the exit code, and the events that nobody has asked for.
    pub(crate) fn stop(mut self) -> (i32, Vec<Value>) {
        let status = self.end();
        (status.code().unwrap_or(-1), std::mem::take(&mut self.heard).into())
    }

    fn end(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        while let Ok(line) = self.lines.recv_timeout(LONG) {
            match line {
                Line::Event(event) => self.heard.push_back(event),
                Line::Said(line) => self.said.push(line),
            }
        }
        let status = self.child.wait().unwrap();
        for secret in [SECRET, SESSION, TOKEN, PASSWORD] {
            assert!(!format!("{self:?}").contains(secret), "{self:?}");
        }
        status
    }
}

impl std::fmt::Debug for Watching {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.heard.iter().try_for_each(|event| writeln!(f, "{event}"))?;
        self.said.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A test that failed leaves nobody behind who watches.
impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn read(from: impl Read + Send + 'static, tell: mpsc::Sender<Line>, line: impl Fn(String) -> Line + Send + 'static) {
    thread::spawn(move || {
        for text in BufReader::new(from).lines() {
            if tell.send(line(text.unwrap())).is_err() {
                return;
            }
        }
    });
}
