//! Answers in a folder: they outlive the program, tell nobody a secret, and damage to them is only a question more.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use heard_api::lastfm::user::{GetInfo, GetTopTags};
use heard_api::{Cache, Client, ClientOptions, Clock, Credentials, Pacer, Rate, Secret};
use tempfile::TempDir;

use crate::server::{Server, answer};

const KEY: &str = "c0ffee00c0ffee01c0ffee02c0ffee03";
const SESSION: &str = "Se55ionKeyCanary-0123456789abcde";

fn client(server: &Server, cache: Cache) -> Client {
    let credentials = Credentials {
        shared_secret: Some(Secret::new("5ec4e7005ec4e7015ec4e7025ec4e703")),
        session_key: Some(Secret::new(SESSION)),
        ..Credentials::key(KEY)
    };
    let pacer = Pacer::new(Rate::Unpaced, Clock::at(1_600_000_000));
    let mut options = ClientOptions::new(server.root(), credentials, pacer);
    options.cache = Some(cache);
    Client::new(options).unwrap()
}

/// A server that counts its answers.
fn server() -> Server {
    let mut count = 0;
    Server::start(move |_, mut stream| {
        count += 1;
        let body =
            format!("{{\"toptags\":{{\"tag\":[{{\"name\":\"answer {count}\"}}],\n\"@attr\":{{\"user\":\"ann\"}}}}}}");
        stream.write_all(&answer("200 OK", "Content-Type: application/json\r\n", body)).unwrap();
    })
}

fn folder() -> (TempDir, PathBuf) {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("a/cache");
    (temporary, folder)
}

fn open(folder: &Path) -> Cache {
    Cache::in_folder(folder, Duration::from_secs(60), 1 << 20).unwrap()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn first(client: &Client, user: &str) -> String {
    run(client.call(&GetTopTags::new(user))).unwrap().items.remove(0).name
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn overwrite(path: &Path, bytes: &[u8]) {
    OpenOptions::new().write(true).truncate(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[test]
fn an_answer_outlives_the_program_and_expires() {
    let (server, (_kept, folder)) = (server(), folder());
    assert_eq!(first(&client(&server, open(&folder)), "ann"), "answer 1");
    let later = client(&server, open(&folder));
    assert_eq!(first(&later, "ann"), "answer 1", "another process has it");
    assert_eq!(first(&later, "bob"), "answer 2", "another question");
    later.clock().advance(Duration::from_secs(60));
    assert_eq!(first(&later, "ann"), "answer 3", "it had expired");
    assert_eq!((open(&folder).len(), server.seen().len()), (2, 3));
    let raw = run(later.send(&heard_api::Request::of(&GetTopTags::new("ann")))).unwrap();
    assert_eq!((raw.status, raw.content_type.as_deref()), (200, Some("application/json")), "the reply is whole");
    open(&folder).clear();
    assert!(open(&folder).is_empty() && files(&folder).is_empty());
}

#[test]
fn no_file_holds_a_secret() {
    let (server, (_kept, folder)) = (server(), folder());
    let client = client(&server, open(&folder));
    first(&client, "ann");
    run(client.send(&heard_api::Request::of(&GetInfo::new()))).unwrap();
    assert_eq!(files(&folder).len(), 1, "what was asked with a session is not kept");
    let quoting = Server::saying(answer("200 OK", "", format!(r#"{{"echo":"{KEY}"}}"#)));
    let quoted = client_of(&quoting, &folder);
    run(quoted.send(&heard_api::Request::new("artist.getInfo").param("artist", "x"))).unwrap();
    assert_eq!(files(&folder).len(), 1, "nor what repeats a key");
    for path in files(&folder) {
        let text = [path.as_os_str().as_encoded_bytes(), &fs::read(&path).unwrap()].concat();
        for secret in [KEY, SESSION, "5ec4e7005ec4e7015ec4e7025ec4e703"] {
            assert!(memchr::memmem::find(&text, secret.as_bytes()).is_none(), "{}", path.display());
        }
    }
}

fn client_of(server: &Server, folder: &Path) -> Client {
    client(server, open(folder))
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (server, (_kept, folder)) = (server(), folder());
    first(&client_of(&server, &folder), "ann");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&files(&folder)[0])), (0o700, 0o600));
}

#[test]
fn damage_is_a_question_more_and_nothing_else() {
    let (server, (_kept, folder)) = (server(), folder());
    let client = client_of(&server, &folder);
    first(&client, "ann");
    let path = files(&folder)[0].clone();
    let good = fs::read(&path).unwrap();
    let mut asked = 1;
    let mut changed = good.clone();
    let last = changed.len() - 9;
    changed[last] ^= 1;
    for damaged in [&b""[..], b"\n", b"{}\nx", &good[..good.len() - 1], &good[..40], &changed, b"\xff\xfe\n\n"] {
        overwrite(&path, damaged);
        asked += 1;
        assert_eq!(first(&client, "ann"), format!("answer {asked}"));
        assert_eq!(first(&client, "ann"), format!("answer {asked}"), "and is kept anew");
    }
    let other = good.iter().map(|byte| if *byte == b'&' { b'-' } else { *byte }).collect::<Vec<u8>>();
    overwrite(&path, &other);
    assert_eq!(first(&client, "ann"), format!("answer {}", asked + 1), "an answer to another question");
}

#[test]
fn a_folder_that_is_gone_is_borne() {
    let (server, (kept, folder)) = (server(), folder());
    let client = client_of(&server, &folder);
    drop(kept);
    assert_eq!([first(&client, "ann"), first(&client, "ann")], ["answer 1", "answer 2"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(Cache::in_folder(file.path(), Duration::ZERO, 1).is_err(), "a file is no folder");
}

#[test]
fn the_expired_and_then_the_oldest_make_room_and_strangers_stay() {
    let (server, (_kept, folder)) = (server(), folder());
    let cache = Cache::in_folder(&folder, Duration::from_secs(60), 1_100).unwrap();
    let client = client(&server, cache.clone());
    let stranger = folder.join("notes.txt");
    drop(OpenOptions::new().write(true).create_new(true).open(&stranger).unwrap());
    for user in ["a", "b", "c", "d", "e", "f"] {
        first(&client, user);
        client.clock().advance(Duration::from_secs(1));
    }
    let bytes: u64 = files(&folder).iter().map(|path| path.metadata().unwrap().len()).sum();
    assert!(bytes <= 1_100 && cache.len() < 6 && cache.len() > 1, "{} answers in {bytes} bytes", cache.len());
    assert_eq!(first(&client, "f"), "answer 6", "the newest is there");
    assert_eq!(first(&client, "a"), "answer 7", "the oldest is not");
    client.clock().advance(Duration::from_secs(100));
    for user in ["g", "h", "i"] {
        first(&client, user);
    }
    assert!(cache.len() <= 3, "the expired went first");
    cache.clear();
    assert!(stranger.exists());
}
