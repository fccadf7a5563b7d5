//! The walks as streams: the same rows, and failures in their place.

use std::io::Write;
use std::pin::pin;

use fakefm::{Config, FakeFm, Fault, Generate, Play, When, World};
use futures_util::{StreamExt, TryStreamExt};
use heard_api::lastfm::user::{GetLovedTracks, GetRecentTracks};
use heard_api::{Client, ClientOptions, Clock, Credentials, Error, Pacer, Rate, listenbrainz};
use serde_json::json;

use crate::server::{Server, answer};

fn options(root: String) -> ClientOptions {
    ClientOptions::new(root, Credentials::key("k"), Pacer::new(Rate::Unpaced, Clock::at(1_600_000_000)))
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn pages_and_rows_come_as_they_do_one_by_one() {
    let fake = FakeFm::start(Config::generated("ann", &Generate::plain(7, 250, 1_750_000_000))).unwrap();
    fake.fail(When::Requests(2..3), Fault::Html { status: 503 });
    let client = Client::new(options(fake.url())).unwrap();
    let call = GetRecentTracks { limit: Some(100), ..GetRecentTracks::new("ann") };
    let pages: Vec<_> = run(client.pages(&call).into_stream().try_collect()).unwrap();
    assert_eq!(pages.iter().map(|page| page.items.len()).collect::<Vec<_>>(), [100, 100, 50]);
    let rows: Vec<_> = run(client.items(&call).into_stream().try_collect()).unwrap();
    assert_eq!(rows, pages.into_iter().flat_map(|page| page.items).collect::<Vec<_>>());
    let nothing = GetRecentTracks { from: Some(1), to: Some(2), ..call };
    assert_eq!(run(client.items(&nothing).into_stream().count()), 0, "an empty list is an empty stream");
}

#[test]
fn a_stream_goes_on_after_a_failure_where_it_stood() {
    let mut count = 0;
    let server = Server::start(move |_, mut stream| {
        count += 1;
        let (status, body) = match count {
            2 => ("403 Forbidden", json!({"error": 17, "message": "m"})),
            _ => {
                let page = if count == 1 { "1" } else { "2" };
                let row = json!({"name": format!("row {page}"), "artist": {"name": "x"}});
                let attr = json!({"user": "ann", "page": page, "perPage": "1", "totalPages": "2", "total": "2"});
                ("200 OK", json!({"lovedtracks": {"track": [row], "@attr": attr}}))
            }
        };
        stream.write_all(&answer(status, "", body.to_string())).unwrap();
    });
    let client = Client::new(options(server.root())).unwrap();
    let told: Vec<Result<String, Error>> = run(async {
        let rows = pin!(client.items(&GetLovedTracks::new("ann")).into_stream());
        rows.map(|row| row.map(|track| track.name)).collect::<Vec<_>>().await
    });
    let words: Vec<String> =
        told.iter().map(|row| row.as_ref().map_or_else(|e| e.is_private().to_string(), Clone::clone)).collect();
    assert_eq!(words, ["row 1", "true", "row 2"]);
}

#[test]
fn listens_of_listenbrainz_are_a_stream_too() {
    let mut world = World::new();
    world.listenbrainz("ann").extend((0..60).map(|n| Play::new(1_600_000_000 + n / 2, "A", format!("T{n}"))));
    let fake = FakeFm::start(Config::new(world)).unwrap();
    let client = listenbrainz::Client::new(options(format!("{}/1/", fake.listenbrainz_url()))).unwrap();
    let walk = client.walk(listenbrainz::listens("ann").count(25)).into_stream();
    let pieces: Vec<_> = run(walk.try_collect()).unwrap();
    assert!(pieces.len() > 2);
    let seconds: Vec<_> = pieces.into_iter().flatten().filter_map(|listen| listen.listened_at).collect();
    assert_eq!(seconds.len(), 60);
    assert!(seconds.is_sorted_by(|a, b| a >= b));
}
