//! Walks over pages: all rows once, in order, whatever the service does in between.

use std::io::Write;

use heard_api::lastfm::{album, artist, user};
use heard_api::{Class, Client, ClientOptions, Clock, Credentials, Error, NotThisList, Pacer, Rate, Service};
use serde_json::{Value, json};

use crate::server::{Seen, Server, answer};

fn client(server: &Server) -> Client {
    let pacer = Pacer::new(Rate::Unpaced, Clock::at(1_600_000_000));
    Client::new(ClientOptions::new(server.root(), Credentials::key("k"), pacer)).unwrap()
}

/// What a request asks for by this name.
fn asked(seen: &Seen, name: &str) -> Option<String> {
    let query = seen.line.split(' ').nth(1)?.split_once('?')?.1;
    form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// A server whose answers are made from the page that is asked for and the number of requests so far.
fn pages(make: impl Fn(u64, usize) -> (&'static str, Value) + Send + 'static) -> Server {
    let mut count = 0;
    Server::start(move |seen, mut stream| {
        let page = asked(seen, "page").map_or(1, |page| page.parse().unwrap());
        count += 1;
        let (status, body) = make(page, count);
        stream.write_all(&answer(status, "", body.to_string())).unwrap();
    })
}

fn attributes(page: u64, total_pages: u64) -> Value {
    json!({"user": "Ann", "page": page.to_string(), "perPage": "2", "totalPages": total_pages.to_string(), "total": "5"})
}

fn albums(page: u64) -> Value {
    let names = match page {
        1 => vec!["a", "b"],
        2 => vec!["c", "d"],
        _ => vec!["e"],
    };
    let rows: Vec<_> = names.iter().map(|name| json!({"name": name, "artist": {"name": "x"}})).collect();
    json!({"topalbums": {"album": rows, "@attr": attributes(page, 3)}})
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

async fn names(client: &Client, call: &user::GetTopAlbums) -> Result<Vec<String>, Error> {
    let mut items = client.items(call);
    let mut names = Vec::new();
    while let Some(album) = items.next().await? {
        names.push(album.name);
    }
    assert!(items.next().await?.is_none(), "after the end there is nothing more");
    Ok(names)
}

#[test]
fn all_rows_come_once_and_in_order() {
    let server = pages(|page, _| ("200 OK", albums(page)));
    let client = client(&server);
    let all = run(names(&client, &user::GetTopAlbums::new("ann").limit(2_u32))).unwrap();
    assert_eq!(all, ["a", "b", "c", "d", "e"]);
    let numbers: Vec<_> = server.seen().iter().map(|seen| asked(seen, "page")).collect();
    assert_eq!(numbers, [None, Some("2".to_owned()), Some("3".to_owned())]);
    assert!(server.seen().iter().all(|seen| asked(seen, "limit").as_deref() == Some("2")));
    let rest = run(names(&client, &user::GetTopAlbums::new("ann").page(3_u32))).unwrap();
    assert_eq!(rest, ["e"], "a walk begins where the call says");
}

#[test]
fn pages_come_with_their_place() {
    let server = pages(|page, _| ("200 OK", albums(page)));
    let mut walk = client(&server).pages(&user::GetTopAlbums::new("ann"));
    let mut places = Vec::new();
    while let Some(page) = run(walk.next()).unwrap() {
        assert_eq!(page.about.user(), Some("Ann"));
        places.push((page.paging.page, page.items.len(), page.next()));
    }
    assert_eq!(places, [(Some(1), 2, Some(2)), (Some(2), 2, Some(3)), (Some(3), 1, None)]);
}

#[test]
fn a_fault_that_passes_is_not_noticed() {
    let server = pages(|page, count| match count {
        2 => ("500 Internal Server Error", json!({"message": "m", "error": 8})),
        3 => ("200 OK", json!({"topalbums": {"album": "words"}})),
        _ => ("200 OK", albums(page)),
    });
    let client = client(&server);
    assert_eq!(run(names(&client, &user::GetTopAlbums::new("ann"))).unwrap().len(), 5);
    assert_eq!(server.seen().len(), 5);
    assert!(client.clock().monotonic().as_millis() >= 3, "there was a wait between the tries");
}

#[test]
fn after_a_failure_the_walk_stands_still() {
    let server = pages(|page, count| match count {
        2..=4 => ("503 Service Unavailable", json!({"message": "m", "error": 11})),
        _ => ("200 OK", albums(page)),
    });
    let mut items = client(&server).items(&user::GetTopAlbums::new("ann"));
    let mut next = || run(items.next());
    assert_eq!(next().unwrap().unwrap().name, "a");
    assert_eq!(next().unwrap().unwrap().name, "b");
    assert_eq!(next().unwrap_err().class(), Class::Retry, "three tries failed");
    assert_eq!(next().unwrap().unwrap().name, "c", "the same page is asked for once more");
}

#[test]
fn what_does_not_pass_is_asked_once() {
    let server = pages(|_, _| ("403 Forbidden", json!({"message": "m", "error": 17})));
    let error = run(names(&client(&server), &user::GetTopAlbums::new("ann"))).unwrap_err();
    assert!(error.is_private());
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn another_list_is_not_taken_for_this_one() {
    let others = |change: fn(&mut Value)| {
        let server = pages(move |page, _| {
            let mut body = albums(page);
            change(&mut body["topalbums"]["@attr"]);
            ("200 OK", body)
        });
        let error = run(names(&client(&server), &user::GetTopAlbums::new("ann"))).unwrap_err();
        assert!(error.retryable());
        assert_eq!(server.seen().len(), 3);
        error
    };
    let error = others(|attr| attr["user"] = json!("bob"));
    assert!(matches!(error, Error::NotThisList(NotThisList::OtherUser)), "{error}");
    let error = others(|attr| attr["page"] = json!("7"));
    assert_eq!(error.to_string(), "the answer is not page 1, which was asked for");
}

#[test]
fn lists_that_do_not_tell_their_place_are_whole() {
    let server = pages(|_, _| {
        ("200 OK", json!({"topalbums": {"album": {"name": "a", "artist": "x"}, "@attr": {"user": "ann"}}}))
    });
    assert_eq!(run(names(&client(&server), &user::GetTopAlbums::new("ann"))).unwrap(), ["a"]);
    let server = pages(|_, _| ("200 OK", json!({"topalbums": {"album": [], "@attr": attributes(1, 0)}})));
    assert!(run(names(&client(&server), &user::GetTopAlbums::new("ann"))).unwrap().is_empty());
    assert_eq!(server.seen().len(), 1, "an account without listens has no pages");
}

#[test]
fn what_plays_now_is_no_row() {
    let row = |name: &str, at: Option<i64>| {
        let mut row = json!({"artist": {"#text": "x", "mbid": ""}, "name": name});
        match at {
            Some(at) => row["date"] = json!({"uts": at.to_string()}),
            None => row["@attr"] = json!({"nowplaying": "true"}),
        }
        row
    };
    for key in ["recenttracks", "trackscrobbles"] {
        let server = pages(move |page, _| {
            let rows = [row("now", None), row(&format!("old {page}"), Some(1_000 - page.cast_signed()))];
            ("200 OK", json!({key: {"track": rows, "@attr": attributes(page, 2)}}))
        });
        let client = client(&server);
        let (names, playing) = run(async {
            let mut names = Vec::new();
            if key == "recenttracks" {
                let mut items = client.items(&user::GetRecentTracks::new("ann"));
                while let Some(row) = items.next().await.unwrap() {
                    names.push(row.name.unwrap().into_owned());
                }
                (names, items.playing().cloned())
            } else {
                let mut items = client.items(&user::GetTrackScrobbles::new("ann", "x", "y"));
                while let Some(row) = items.next().await.unwrap() {
                    names.push(row.name.unwrap().into_owned());
                }
                (names, items.playing().cloned())
            }
        });
        assert_eq!(names, ["old 1", "old 2"]);
        assert_eq!(playing.unwrap().name.as_deref(), Some("now"));
    }
}

#[test]
fn searches_are_walked_as_well() {
    let server = pages(|page, _| {
        let row = json!({"name": format!("album {page}"), "artist": "x"});
        (
            "200 OK",
            json!({"results": {
                "opensearch:Query": {"#text": "", "role": "request", "startPage": page.to_string()},
                "opensearch:totalResults": "3", "opensearch:startIndex": "0", "opensearch:itemsPerPage": "1",
                "albummatches": {"album": [row]}, "@attr": {"for": "x"}
            }}),
        )
    });
    let mut pages = client(&server).pages(&album::Search::new("x").limit(1_u32));
    let mut found = Vec::new();
    while let Some(page) = run(pages.next()).unwrap() {
        assert_eq!((page.paging.total, page.paging.total_pages, page.about.get("for")), (Some(3), Some(3), Some("x")));
        found.extend(page.items.into_iter().map(|album| album.name));
    }
    assert_eq!(found, ["album 1", "album 2", "album 3"]);
}

#[test]
fn what_a_service_lacks_is_not_asked() {
    let server = pages(|_, _| ("200 OK", json!({})));
    let pacer = Pacer::new(Rate::Unpaced, Clock::at(1_600_000_000));
    let options =
        ClientOptions { service: Service::LIBREFM, ..ClientOptions::new(server.root(), Credentials::key("k"), pacer) };
    let client = Client::new(options).unwrap();
    let error = run(client.call(&artist::GetSimilar::new("A"))).unwrap_err();
    assert_eq!(error.to_string(), "artist.getSimilar is not offered by Libre.fm");
    assert!(!error.retryable());
    let error = run(names(&client, &user::GetTopAlbums::new("ann"))).unwrap_err();
    assert!(matches!(error, Error::NotOffered { .. }), "{error}");
    assert!(server.seen().is_empty(), "nothing was sent");
}

#[test]
fn what_a_service_says_it_lacks_is_named_alike() {
    for code in [3, 27] {
        let server = pages(move |_, _| ("400 Bad Request", json!({"error": code, "message": "m"})));
        let error = run(client(&server).call(&artist::GetSimilar::new("A"))).unwrap_err();
        assert_eq!(error.to_string(), "artist.getSimilar is not offered by the service");
    }
}
