//! A client that can do nothing but send bytes and read bytes.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use fakefm::{Config, FakeFm, Generate, Play, World};
use serde_json::Value;

/// The moment at which the made-up histories of these tests end.
pub(crate) const UNTIL: i64 = 1_750_000_000;

/// An answer, and whether it came whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// How reading ended, when it ended badly.
    pub(crate) error: Option<io::ErrorKind>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let named = |line: &&str| line.split_once(':').is_some_and(|(n, _)| n.eq_ignore_ascii_case(name));
        self.head.lines().find(named).and_then(|line| line.split_once(": ")).map(|(_, v)| v)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// Whether the body is as long as the head says.
    pub(crate) fn is_whole(&self) -> bool {
        self.header("content-length") == Some(&self.body.len().to_string())
    }

    /// The code and the text of a refusal.
    pub(crate) fn refusal(&self) -> (u64, String) {
        let value = self.json();
        (value["error"].as_u64().unwrap(), value["message"].as_str().unwrap().to_owned())
    }

    pub(crate) fn rows(&self) -> Vec<Value> {
        self.json()["recenttracks"]["track"].as_array().unwrap().clone()
    }

    /// The seconds of the dated rows.
    pub(crate) fn seconds(&self) -> Vec<i64> {
        let uts = |row: &Value| row["date"]["uts"].as_str()?.parse().ok();
        self.rows().iter().filter_map(uts).collect()
    }

    pub(crate) fn total(&self) -> usize {
        let value = self.json();
        value["recenttracks"]["@attr"]["total"].as_str().unwrap().parse().unwrap()
    }
}

/// Sends `request` and reads until the peer closes.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    let error = stream.read_to_end(&mut answer).err().map(|error| error.kind());
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let Some(split) = split else {
        return Err(error.unwrap_or(io::ErrorKind::UnexpectedEof).into());
    };
    let head = String::from_utf8_lossy(&answer[..split]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    Ok(Reply { status, head, body: answer[split + 4..].to_vec(), error })
}

pub(crate) fn try_get(fake: &FakeFm, target: &str) -> io::Result<Reply> {
    let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\nUser-Agent: it/1\r\nConnection: close\r\n\r\n");
    exchange(fake.address(), request.as_bytes())
}

pub(crate) fn get(fake: &FakeFm, target: &str) -> Reply {
    try_get(fake, target).unwrap()
}

pub(crate) fn post(fake: &FakeFm, target: &str, body: &str) -> Reply {
    let request = format!(
        "POST {target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    exchange(fake.address(), request.as_bytes()).unwrap()
}

/// The target of a request for ann's list in JSON, with more parameters.
pub(crate) fn list(more: &str) -> String {
    format!("/2.0/?method=user.getRecentTracks&user=ann&api_key=k&format=json&{more}")
}

/// The target of a request for ann's profile in JSON.
pub(crate) fn info() -> String {
    "/2.0/?method=user.getInfo&user=ann&api_key=k&format=json".into()
}

pub(crate) fn start(config: Config) -> FakeFm {
    FakeFm::start(config).unwrap()
}

/// A fake whose account `Ann` has a made-up history.
pub(crate) fn generated(plays: usize) -> FakeFm {
    start(Config::generated("Ann", &Generate::plain(5, plays, UNTIL)))
}

/// A fake whose account `Ann` has plays at these seconds.
pub(crate) fn at_seconds(seconds: impl IntoIterator<Item = i64>) -> FakeFm {
    let mut world = World::of("Ann");
    let play = |(n, uts)| Play::new(uts, "Artist", format!("Track {n}")).on("Album");
    world.listener().extend(seconds.into_iter().enumerate().map(play));
    start(Config::new(world))
}

/// The seed of a random test, which the environment may give.
#[allow(clippy::disallowed_methods, reason = "a found seed is given back by the environment")]
pub(crate) fn seed(default: u64) -> u64 {
    let seed = std::env::var("FAKEFM_SEED").ok().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or(default);
    println!("FAKEFM_SEED={seed}");
    seed
}
