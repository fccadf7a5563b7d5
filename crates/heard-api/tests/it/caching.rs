//! The same question is asked once, until the answer has expired.

use std::io::Write;
use std::time::Duration;

use heard_api::lastfm::user::{GetInfo, GetTopTags};
use heard_api::{Access, Cache, Client, ClientOptions, Clock, Credentials, Pacer, Rate, Request, Secret};

use crate::server::{Server, answer};

fn client(server: &Server, cache: &Cache) -> Client {
    let credentials = Credentials {
        shared_secret: Some(Secret::new("s")),
        session_key: Some(Secret::new("session")),
        ..Credentials::key("k")
    };
    let pacer = Pacer::new(Rate::Unpaced, Clock::at(1_600_000_000));
    let mut options = ClientOptions::new(server.root(), credentials, pacer);
    options.cache = Some(cache.clone());
    Client::new(options).unwrap()
}

/// A server that counts its answers and refuses the first `refusals` requests.
fn server(refusals: u32) -> Server {
    let mut count = 0;
    Server::start(move |_, mut stream| {
        count += 1;
        let body = if count > refusals {
            format!(r#"{{"toptags":{{"tag":[{{"name":"answer {count}"}}],"@attr":{{"user":"ann"}}}}}}"#)
        } else {
            r#"{"error":8,"message":"m"}"#.to_owned()
        };
        stream.write_all(&answer("200 OK", "", body)).unwrap();
    })
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn first(client: &Client, user: &str) -> Option<String> {
    run(client.call(&GetTopTags::new(user))).ok().map(|mut answer| answer.items.remove(0).name)
}

#[test]
fn an_answer_is_good_until_it_expires() {
    let (server, cache) = (server(0), Cache::new(Duration::from_secs(60), 1 << 20));
    let client = client(&server, &cache);
    assert_eq!(first(&client, "ann").as_deref(), Some("answer 1"));
    client.clock().advance(Duration::from_secs(59));
    assert_eq!(first(&client, "ann").as_deref(), Some("answer 1"));
    assert_eq!(first(&client, "bob").as_deref(), Some("answer 2"), "another question");
    client.clock().advance(Duration::from_secs(1));
    assert_eq!(first(&client, "ann").as_deref(), Some("answer 3"));
    assert_eq!(server.seen().len(), 3);
    cache.clear();
    assert_eq!(first(&client, "ann").as_deref(), Some("answer 4"));
}

#[test]
fn refusals_are_not_kept() {
    let (server, cache) = (server(2), Cache::new(Duration::from_secs(60), 1 << 20));
    let client = client(&server, &cache);
    assert_eq!([first(&client, "ann"), first(&client, "ann")], [None, None]);
    assert!(cache.is_empty());
    assert_eq!(first(&client, "ann").as_deref(), Some("answer 3"));
    assert_eq!(cache.len(), 1);
}

#[test]
fn what_was_asked_with_a_session_is_never_kept() {
    let (server, cache) = (server(0), Cache::new(Duration::from_secs(60), 1 << 20));
    let client = client(&server, &cache);
    let own = Request::of(&GetInfo::new());
    assert_eq!(own.needs(), Access::Session);
    for request in [own, Request::named("track.love"), Request::new("user.getTopTags").post()] {
        run(client.send(&request)).unwrap();
        run(client.send(&request)).unwrap();
    }
    assert_eq!((server.seen().len(), cache.len()), (6, 0));
}

#[test]
fn clients_of_two_roots_share_a_cache_without_mixing() {
    let (one, two) = (server(0), server(0));
    let cache = Cache::new(Duration::from_secs(60), 1 << 20);
    for server in [&one, &two, &one, &two] {
        assert_eq!(first(&client(server, &cache), "ann").as_deref(), Some("answer 1"));
    }
    assert_eq!((one.seen().len(), two.seen().len(), cache.len()), (1, 1, 2));
}
