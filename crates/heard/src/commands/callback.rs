//! A door on loopback through which a service sends the browser back, with a token.
//!
//! The browser is first let in at the entrance, which sends it on to the service: so the api key, which stands in the
//! service's address, is in no process's arguments.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use heard_api::lastfm::auth::token_of_callback;
use heard_api::{Clock, Secret};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::exit::{Code, Failure};

/// The longest head of a request that is read; browsers send a few hundred bytes.
const LONGEST_HEAD: usize = 16 << 10;

/// An address on this machine that nobody else knows.
pub(super) struct Door {
    listener: TcpListener,
    port: u16,
    /// What the paths begin with, so that no other page can knock.
    secret: String,
}

impl Door {
    /// Opens a door at any free port of loopback.
    pub(super) async fn open() -> Result<Self, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(unusable)?;
        let port = listener.local_addr().map_err(unusable)?.port();
        Ok(Self { listener, port, secret: random_name() })
    }

    /// Where the browser begins.
    pub(super) fn entrance(&self) -> String {
        self.address("begin")
    }

    /// Where the service is to send the browser.
    pub(super) fn callback(&self) -> String {
        self.address("done")
    }

    fn address(&self, place: &str) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.path(place))
    }

    fn path(&self, place: &str) -> String {
        format!("/{}/{place}", self.secret)
    }

    /// Waits for the token. Whoever begins is sent on to `target`; everybody else is told that there is nothing here.
    ///
    /// # Errors
    /// Nobody came in time.
    pub(super) async fn token(self, target: &str, clock: &Clock, limit: Duration) -> Result<Secret, Failure> {
        let mut visits = JoinSet::new();
        let paths = [self.path("begin"), self.path("done")];
        let over = clock.sleep(limit);
        tokio::pin!(over);
        loop {
            tokio::select! {
                visitor = self.listener.accept() => {
                    let (stream, _) = visitor.map_err(unusable)?;
                    visits.spawn(visit(stream, paths.clone(), target.to_owned()));
                }
                left = visits.join_next(), if !visits.is_empty() => {
                    if let Some(Ok(Some(token))) = left {
                        return Ok(token);
                    }
                }
                () = &mut over => {
                    let failure = Failure::new(Code::NotAuthorised, "nobody has said yes in the browser in time");
                    return Err(failure.hint("heard login lastfm --browser"));
                }
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what errors are mapped with")]
fn unusable(error: io::Error) -> Failure {
    Failure::new(Code::Failure, format!("no port of this machine can be used: {error}"))
}

/// 128 bits that nobody can guess: hashes of nothing, under keys that the standard library takes from the system.
fn random_name() -> String {
    [RandomState::new(), RandomState::new()].map(|keys| format!("{:016x}", keys.build_hasher().finish())).concat()
}

/// Answers one connection; the token, if it brought one.
async fn visit(stream: TcpStream, [begin, done]: [String; 2], target: String) -> Option<Secret> {
    let head = head(&stream).await?;
    let asked = head.strip_prefix("GET ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let path = asked.split('?').next().unwrap_or_default();
    let token = token_of_callback(asked).filter(|_| path == done);
    let answer = if path == begin {
        reply("302 Found", &format!("Location: {target}\r\n"), "")
    } else if token.is_some() {
        reply("200 OK", "", &page("You are logged in. This page can be closed; heard goes on where it was called."))
    } else if path == done {
        reply("400 Bad Request", "", &page("The service sent no token. Close this page and start again."))
    } else {
        reply("404 Not Found", "", &page("There is nothing here."))
    };
    // Whoever closed the connection has no need of the page; the token counts all the same.
    drop(write(&stream, answer.as_bytes()).await);
    token
}

/// The head of a request, up to its blank line; none of one that is too long or never ends.
async fn head(stream: &TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut buffer = [0; 1024];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        stream.readable().await.ok()?;
        match stream.try_read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Ok(read) if read > 0 && head.len() <= LONGEST_HEAD => head.extend_from_slice(buffer.get(..read)?),
            _ => return None,
        }
    }
    String::from_utf8(head).ok()
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            written => bytes = bytes.get(written?..).unwrap_or_default(),
        }
    }
    Ok(())
}

fn reply(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn page(words: &str) -> String {
    format!("<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>heard</title><p>{words}</p></html>\n")
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream as Plain;

    use super::*;

    fn ask(port: u16, request: &str) -> String {
        let mut stream = Plain::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    /// Knocks in every wrong way, begins, and comes back.
    fn knock(port: u16, begin: &str, done: &str) {
        for (path, status) in [
            ("/", "404"),
            ("/favicon.ico", "404"),
            ("/done?token=stolen", "404"),
            (&*format!("{done}/?token=stolen"), "404"),
            (done, "400"),
            (&*format!("{done}?token="), "400"),
        ] {
            let answer = ask(port, &format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
        }
        let posted = ask(port, &format!("POST {done}?token=stolen HTTP/1.1\r\n\r\n"));
        assert!(posted.starts_with("HTTP/1.1 404"), "{posted}");
        let silent = Plain::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        let begun = ask(port, &format!("GET {begin} HTTP/1.1\r\n\r\n"));
        assert!(begun.contains("Location: https://service/?cb=x\r\n"), "{begun}");
        let last = ask(port, &format!("GET {done}?token=abc HTTP/1.1\r\n\r\n"));
        assert!(last.starts_with("HTTP/1.1 200") && last.contains("can be closed"), "{last}");
        drop(silent);
    }

    #[test]
    fn only_the_token_at_the_right_place_counts() {
        run(async {
            let door = Door::open().await.unwrap();
            assert!(door.listener.local_addr().unwrap().ip().is_loopback());
            let (port, begin, done) = (door.port, door.path("begin"), door.path("done"));
            assert!(door.callback().ends_with(&done) && door.secret.len() == 32);
            let knocking = std::thread::spawn(move || knock(port, &begin, &done));
            let token = door.token("https://service/?cb=x", &Clock::system(), Duration::from_secs(60)).await;
            assert_eq!(token.unwrap().reveal(), "abc");
            knocking.join().unwrap();
        });
    }

    #[test]
    fn what_never_ends_is_not_listened_to_and_the_next_one_is() {
        run(async {
            let door = Door::open().await.unwrap();
            let (port, done) = (door.port, door.path("done"));
            let knocking = std::thread::spawn(move || {
                let mut endless = Plain::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
                // The door closes in the middle of it.
                drop(endless.write_all(&[b'x'; 10 * LONGEST_HEAD]));
                ask(port, &format!("GET {done}?token=abc HTTP/1.1\r\n\r\n"))
            });
            let token = door.token("", &Clock::system(), Duration::from_secs(60)).await;
            assert_eq!(token.unwrap().reveal(), "abc");
            assert!(knocking.join().unwrap().starts_with("HTTP/1.1 200"));
        });
    }

    #[test]
    fn the_door_does_not_stay_open_for_ever() {
        run(async {
            let door = Door::open().await.unwrap();
            let clock = Clock::at(0);
            let late = door.token("", &clock, Duration::from_secs(600)).await.unwrap_err();
            assert_eq!(late.code, Code::NotAuthorised);
            assert_eq!(clock.now(), 600);
        });
    }

    #[test]
    fn no_two_doors_have_the_same_address() {
        assert_ne!(random_name(), random_name());
    }
}
