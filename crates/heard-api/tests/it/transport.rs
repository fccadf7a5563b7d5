//! The client against servers that misbehave. Every error is searched for the credentials.
//!
//! The tests run on a worker thread of their own, so that connections are closed while a test waits for its
//! server to end.

use std::error::Error as StdError;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use heard_api::lastfm::user::GetRecentTracks;
use heard_api::{
    Access, Class, Client, ClientOptions, Clock, Content, Credentials, Error, Pacer, Rate, Request, Secret, Stage, sign,
};

use crate::server::{Server, answer};

const CANARIES: [&str; 3] = ["canary-key", "canary-secret", "canary-session"];

fn options(root: &str) -> ClientOptions {
    let credentials = Credentials {
        api_key: Secret::new(CANARIES[0]),
        shared_secret: Some(Secret::new(CANARIES[1])),
        session_key: Some(Secret::new(CANARIES[2])),
    };
    ClientOptions::new(root, credentials, Pacer::new(Rate::Unpaced, Clock::at(1_600_000_000)))
}

fn client(root: &str) -> Client {
    Client::new(options(root)).unwrap()
}

/// Reads and writes that failed, after a look for credentials in every text they have.
async fn failures(client: &Client) -> [Error; 2] {
    let read = Request::new("user.getInfo").param("user", "someone");
    let write = Request::new("track.love").param("track", "x").access(Access::Session);
    let read = failure(client, &read).await;
    [read, failure(client, &write).await]
}

async fn failure(client: &Client, request: &Request) -> Error {
    let error = match client.send(request).await {
        Ok(reply) => reply.service_error().expect("the server misbehaved"),
        Err(error) => error,
    };
    let mut texts = vec![format!("{error:?} {client:?} {request:?}")];
    let mut cause: Option<&dyn StdError> = Some(&error);
    while let Some(link) = cause {
        texts.push(link.to_string());
        cause = link.source();
    }
    for text in &texts {
        for canary in CANARIES {
            assert!(!text.contains(canary), "{text}");
        }
        assert!(!text.contains("api_key=") && !text.contains("someone="), "{text}");
    }
    error
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_read_goes_by_get_and_its_reply_is_kept_whole() {
    let headers = "Date: Sun, 13 Sep 2020 12:26:40 GMT\r\nContent-Type: application/json\r\nRetry-After: 9\r\n";
    let server = Server::saying(answer("404 Not Found", headers, "{\"a\": 1}"));
    let reply = client(&server.root()).send(&Request::new("m").param("q", "a&b=c#d+é")).await.unwrap();
    assert_eq!((reply.status, reply.date), (404, Some(1_600_000_000)));
    assert_eq!(reply.retry_after, Some(Duration::from_secs(9)));
    assert_eq!(reply.content_type.as_deref(), Some("application/json"));
    assert_eq!(&reply.body[..], b"{\"a\": 1}");

    let seen = &server.seen()[0];
    let target = "GET /2.0/?method=m&api_key=canary-key&q=a%26b%3Dc%23d%2B%C3%A9&format=json HTTP/1.1";
    assert_eq!(seen.line.trim(), target);
    assert!(seen.headers.to_ascii_lowercase().contains("user-agent: heard/"), "{}", seen.headers);
    assert!(!seen.headers.contains("canary"), "{}", seen.headers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_signed_request_goes_by_post_with_an_empty_query() {
    let server = Server::saying(answer("200 OK", "", "{}"));
    let request = Request::new("track.love").param("track", "a+b & c=d#é").access(Access::Session);
    client(&server.root()).send(&request).await.unwrap();

    let seen = &server.seen()[0];
    assert_eq!(seen.line.trim(), "POST /2.0/ HTTP/1.1");
    assert!(seen.headers.contains("application/x-www-form-urlencoded"));
    assert!(!seen.headers.contains("canary"), "{}", seen.headers);
    let pairs: Vec<_> = form_urlencoded::parse(seen.body.as_bytes()).collect();
    let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| &**value);
    assert_eq!((value("sk"), value("track")), (Some("canary-session"), Some("a+b & c=d#é")));
    let signature = value("api_sig").unwrap();
    let params = pairs.iter().map(|(name, value)| (&**name, &**value));
    assert!(sign::check(params, &Secret::new("canary-secret"), signature));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn missing_credentials_are_noticed_before_anything_is_sent() {
    let server = Server::saying(answer("200 OK", "", "{}"));
    let mut options = options(&server.root());
    options.credentials = Credentials::key("canary-key");
    let without_secret = Client::new(options.clone()).unwrap();
    options.credentials.shared_secret = Some(Secret::new("canary-secret"));
    let without_session = Client::new(options).unwrap();

    let request = Request::new("track.love").access(Access::Session);
    let error = failure(&without_secret, &request).await;
    assert_eq!((error.class(), error.needs_login()), (Class::Fatal, false), "{error}");
    let error = failure(&without_session, &request).await;
    assert_eq!((error.class(), error.needs_login()), (Class::Fatal, true), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_connection_that_is_refused() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for error in failures(&client(&format!("http://{address}/"))).await {
        assert!(
            matches!(&error, Error::Transport { stage: Stage::Connect, cause }
            if cause.io_kind() == Some(std::io::ErrorKind::ConnectionRefused)),
            "{error:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_connection_that_is_cut_before_the_answer() {
    let server = Server::start(|_, stream| drop(stream));
    for error in failures(&client(&server.root())).await {
        assert!(matches!(error, Error::Transport { stage: Stage::Exchange, .. }), "{error:?}");
        assert_eq!(error.class(), Class::Retry);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_that_is_cut() {
    let mut bytes = answer("200 OK", "", "{\"a\":\"b\"}");
    bytes.truncate(bytes.len() - 3);
    let server = Server::saying(bytes);
    for error in failures(&client(&server.root())).await {
        assert!(matches!(error, Error::Transport { stage: Stage::Receive, .. }), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn something_that_is_not_http() {
    let server = Server::saying("220 mail.example ESMTP\r\n");
    for error in failures(&client(&server.root())).await {
        assert!(matches!(error, Error::Transport { stage: Stage::Exchange, .. }), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_page_for_a_browser() {
    for status in ["200 OK", "502 Bad Gateway"] {
        let server = Server::saying(answer(status, "", "<html><h1>canary-free</h1>"));
        for error in failures(&client(&server.root())).await {
            assert!(matches!(error, Error::Http { content: Content::Html, .. }), "{error:?}");
            assert_eq!(error.class(), Class::Retry);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_that_never_ends_in_time() {
    // Declared before the channel, so that a failing test lets go of the connection first.
    let server;
    let (release, held) = mpsc::channel::<()>();
    server = Server::start(move |_, mut stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{").unwrap();
        // Holds the connection open until the client has given up.
        let _ = held.recv();
    });
    let mut options = options(&server.root());
    options.timeout = Duration::from_millis(100);
    let client = Client::new(options).unwrap();
    let error = failure(&client, &Request::new("m")).await;
    assert!(matches!(error, Error::Timeout { limit } if limit == Duration::from_millis(100)), "{error:?}");
    assert_eq!(error.class(), Class::Retry);
    drop(release);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_that_is_too_large() {
    let at_limit = Server::saying(answer("200 OK", "", vec![b' '; 1000]));
    let above = Server::saying(answer("200 OK", "", vec![b' '; 1001]));
    let endless = Server::start(|_, mut stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").unwrap();
        while stream.write_all(&[b' '; 4096]).is_ok() {}
    });
    let limited = |server: &Server| {
        let mut options = options(&server.root());
        options.max_body = 1000;
        Client::new(options).unwrap()
    };
    assert_eq!(limited(&at_limit).send(&Request::new("m")).await.unwrap().body.len(), 1000);
    for server in [above, endless] {
        for error in failures(&limited(&server)).await {
            assert!(matches!(error, Error::TooLarge { limit: 1000 }), "{error:?}");
            assert_eq!(error.class(), Class::Retry);
        }
    }
}

fn gzip(bytes: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for chunk in bytes {
        encoder.write_all(&chunk).unwrap();
    }
    encoder.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn compressed_bodies_are_unpacked_within_the_limit() {
    let headers = "Content-Encoding: gzip\r\n";
    let small = gzip(std::iter::once(b"{\"a\":1}".to_vec()));
    let server = Server::saying(answer("200 OK", headers, &small));
    let reply = client(&server.root()).send(&Request::new("m")).await.unwrap();
    assert_eq!(&reply.body[..], b"{\"a\":1}");
    assert!(server.seen()[0].headers.to_ascii_lowercase().contains("accept-encoding: gzip"));

    let bomb = gzip((0..128).map(|_| vec![0; 1 << 20]));
    assert!(bomb.len() < 1 << 20);
    let server = Server::saying(answer("200 OK", headers, bomb));
    for error in failures(&client(&server.root())).await {
        assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
    }

    let server = Server::saying(answer("200 OK", headers, &small[..small.len() - 9]));
    for error in failures(&client(&server.root())).await {
        assert!(matches!(error, Error::Transport { stage: Stage::Receive, .. }), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn redirects_are_not_followed() {
    let other = Server::saying(answer("200 OK", "", "{}"));
    for (status, class) in [("301 Moved", Class::Fatal), ("302 Found", Class::Retry), ("308 Moved", Class::Fatal)] {
        let location = format!("Location: {}?api_key=canary-key\r\n", other.root());
        let server = Server::saying(answer(status, &location, ""));
        for error in failures(&client(&server.root())).await {
            assert!(matches!(error, Error::Http { .. }), "{error:?}");
            assert_eq!(error.class(), class);
        }
        assert_eq!(server.seen().len(), 2);
    }
    assert!(other.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_missing_date_is_none() {
    for headers in ["", "Date: yesterday\r\nRetry-After: soon\r\n"] {
        let server = Server::saying(answer("200 OK", headers, "{}"));
        let reply = client(&server.root()).send(&Request::new("m")).await.unwrap();
        assert_eq!((reply.date, reply.retry_after, reply.content_type), (None, None, None));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_pacer_hears_of_limits_and_pauses() {
    let error_29 = answer("200 OK", "", r#"{"message":"slow","error":29}"#);
    let bare_429 = answer("429 Too Many", "Retry-After: 100\r\n", "");
    for (bytes, pause) in [(error_29, 60..67), (bare_429, 100..111)] {
        let server = Server::saying(bytes);
        let mut options = options(&server.root());
        let clock = Clock::at(0);
        options.pacer = Pacer::new(Rate::default(), clock.clone());
        let client = Client::new(options).unwrap();
        let request = Request::new("m");
        assert_eq!(failure(&client, &request).await.class(), Class::RateLimited);
        let until = client.pacer().paused_until().unwrap();
        assert!(pause.contains(&until), "{until}");
        assert_eq!(client.pacer().snapshot().per_second, Some(2.0));
        // The next request waits for the end of the pause.
        failure(&client, &request).await;
        assert!(clock.now() + 1 >= until);
    }

    let server = Server::saying(answer("503 Wait", "Retry-After: 30\r\n", "<html>"));
    let mut patient = options(&server.root());
    patient.pacer = Pacer::new(Rate::default(), Clock::at(0));
    let client = Client::new(patient).unwrap();
    failure(&client, &Request::new("m")).await;
    assert_eq!(client.pacer().paused_until(), Some(30));
    assert_eq!(client.pacer().snapshot().per_second, Some(4.0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_pacer_hears_of_storms() {
    let server = Server::saying(answer("500 Oops", "", ""));
    let mut options = options(&server.root());
    options.pacer = Pacer::new(Rate::default(), Clock::at(0));
    let client = Client::new(options).unwrap();
    for rate in [4.0, 4.0, 2.0] {
        failure(&client, &Request::new("m")).await;
        assert_eq!(client.pacer().snapshot().per_second, Some(rate));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_typed_call_is_answered_refused_or_not_read() {
    let page =
        r#"{"recenttracks":{"track":[],"@attr":{"user":"u","page":"1","perPage":"50","totalPages":"0","total":"0"}}}"#;
    let call = GetRecentTracks::new("u");
    let answered = Server::saying(answer("200 OK", "", page));
    assert_eq!(client(&answered.root()).call(&call).await.unwrap().total, Some(0));
    assert!(answered.seen()[0].line.contains("method=user.getRecentTracks&"));

    for (status, body, expected) in [
        ("403 No", r#"{"message":"Login: User required to be logged in","error":17}"#, "login required: "),
        (
            "400 No",
            r#"{"message":"No method with that name","error":3}"#,
            "user.getRecentTracks is not offered by the service",
        ),
        ("200 OK", r#"{"recenttracks":{}}"#, "could not be read"),
        ("200 OK", r#"<lfm status="ok"/>"#, "could not be read"),
    ] {
        let server = Server::saying(answer(status, "", body));
        let error = client(&server.root()).call(&call).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// Which of two idle ways a request takes is a race, so only the saving is asserted, not its size.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn connections_are_used_again_by_all_clones() {
    const REQUESTS: usize = 20;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}/", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    std::thread::spawn({
        let connections = Arc::clone(&connections);
        move || {
            for stream in listener.incoming() {
                connections.fetch_add(1, Ordering::AcqRel);
                std::thread::spawn(move || keep_answering(&stream.unwrap()));
            }
        }
    });
    let client = client(&root);
    for _ in 0..REQUESTS {
        assert_eq!(client.clone().send(&Request::new("m")).await.unwrap().status, 200);
    }
    assert!((1..REQUESTS).contains(&connections.load(Ordering::Acquire)));
}

fn keep_answering(mut stream: &TcpStream) {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).is_ok_and(|length| length > 0) {
        if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").is_err() {
            return;
        }
    }
}
