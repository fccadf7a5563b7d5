//! What an answer of ListenBrainz proves, and what it does not.

use std::fs;
use std::path::PathBuf;

use fastrand::Rng;
use heard_history::facts::Reason;
use heard_history::listen::{Service, Span};
use heard_history::normalise::page::{Asked, Page, Refusal, closed_by, read_page};
use serde_json::{Value, json};

use crate::seeds;

fn stretch(wanted: Span, limit: u64) -> Asked {
    Asked::stretch(Service::Listenbrainz, "ann", wanted, limit)
}

fn read<'a>(asked: &Asked, body: &'a [u8]) -> Result<Page<'a>, Refusal> {
    read_page(Service::Listenbrainz, asked, body)
}

fn listen(at: i64, track: &str) -> Value {
    json!({"listened_at": at, "inserted_at": 9, "recording_msid": "x", "user_name": "Ann",
           "track_metadata": {"artist_name": "A", "track_name": track, "additional_info": {}}})
}

fn document(listens: &[Value], oldest: i64) -> Value {
    json!({"payload": {"count": listens.len(), "user_id": "Ann", "latest_listen_ts": 900, "oldest_listen_ts": oldest,
                       "listens": listens}})
}

/// Listens at these seconds.
fn page(seconds: &[i64]) -> Value {
    let listens: Vec<Value> = seconds.iter().zip(0..).map(|(at, n)| listen(*at, &format!("T{n}"))).collect();
    document(&listens, 1)
}

fn claim(seconds: &[i64], wanted: Span, limit: u64) -> Span {
    let body = page(seconds).to_string();
    closed_by(&read(&stretch(wanted, limit), body.as_bytes()).unwrap(), wanted)
}

#[test]
fn a_page_with_room_is_the_whole_window_and_a_full_one_is_not() {
    let wanted = Span::new(5, 100);
    assert_eq!(claim(&[90, 80], wanted, 5), wanted);
    assert_eq!(claim(&[], wanted, 5), wanted);
    assert_eq!(claim(&[90, 80, 70, 70, 60], wanted, 5), Span::new(61, 100), "second 60 may be cut");
    assert!(claim(&[99; 5], wanted, 5).is_empty(), "one second fills the page");
    assert_eq!(claim(&[7; 4], Span::new(7, 8), 5), Span::new(7, 8), "of one second there is nothing else to go by");
    let many: Vec<i64> = (10..40).rev().collect();
    assert_eq!(claim(&many, wanted, 1000), Span::new(11, 100), "as many as a server may give at the most");
    assert_eq!(claim(&many[..24], wanted, 1000), wanted);
}

#[test]
fn the_window_is_asked_from_before_its_first_second() {
    assert_eq!(stretch(Span::new(1, 50), 9).window, Some((0, 50)), "both bounds are exclusive");
    assert_eq!(stretch(Span::new(30, 50), 9).window, Some((29, 50)));
}

#[test]
fn what_does_not_fit_is_refused() {
    let asked = stretch(Span::new(5, 100), 5);
    let good = page(&[90, 80]);
    let refused = |change: fn(&mut Value)| {
        let mut body = good.clone();
        change(&mut body);
        read(&asked, body.to_string().as_bytes()).unwrap_err().to_string()
    };
    for (words, change) in [
        ("another account", (|body| body["payload"]["user_id"] = "Bob".into()) as fn(&mut Value)),
        ("2 rows came where 3", |body| body["payload"]["count"] = 3.into()),
        ("newer than the one before", |body| body["payload"]["listens"][1] = listen(95, "T")),
        ("row 1 lies outside", |body| body["payload"]["listens"][1] = listen(3, "T")),
        ("row 0 lies outside", |body| body["payload"]["listens"][0] = listen(101, "T")),
        ("no listened_at", |body| body["payload"]["listens"][0]["listened_at"] = Value::Null),
        ("no listened_at", |body| body["payload"]["listens"][0]["listened_at"] = "soon".into()),
        ("format changed", |body| body["payload"]["listens"] = json!({})),
        ("format changed", |body| body["payload"]["listens"][0] = json!([])),
        ("format changed", |body| *body = json!({"payload": {"count": 7}})),
        ("format changed", |body| *body = json!({"code": 200, "error": "words"})),
        ("2 rows came where 3", |body| body["payload"]["oldest_listen_ts"] = 6.into()),
    ] {
        let refusal = refused(change);
        assert!(refusal.contains(words), "{words}: {refusal}");
    }
    let six = page(&[90, 80, 70, 60, 50, 40]).to_string();
    assert!(matches!(read(&asked, six.as_bytes()), Err(Refusal::Count { expected: 5, got: 6 })));
    for body in ["", "{", "[]", "<html>", "\u{feff}{}"] {
        assert!(matches!(read(&asked, body.as_bytes()), Err(Refusal::Json(_))), "{body}");
    }
}

#[test]
fn the_count_is_of_everything() {
    let asked = Asked { user: "ann".to_owned(), limit: 1, page: 1, window: None };
    let read = read(&asked, br#"{"payload":{"count":1234}}"#).unwrap();
    assert_eq!((read.total, read.count, read.oldest), (Some(1234), 0, None));
    for body in [r#"{"payload":{"count":-1}}"#, r#"{"payload":{}}"#, r#"{"count":3}"#] {
        assert!(read_page(Service::Listenbrainz, &asked, body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn an_odd_listen_costs_itself_alone() {
    let mut odd = vec![listen(90, "T"), listen(80, ""), listen(70, "U"), listen(60, "V")];
    odd[2]["track_metadata"]["track_name"] = json!(["U"]);
    odd[3]["track_metadata"]["additional_info"] = json!({"recording_mbid": 5, "artist_mbids": ["one", "two"]});
    let body = document(&odd, 1).to_string();
    let page = read(&stretch(Span::new(5, 100), 9), body.as_bytes()).unwrap();
    let plays: Vec<_> = page.listing.plays.iter().map(|play| (play.row, play.played_at, &*play.track)).collect();
    assert_eq!(plays, [(0, 90, "T"), (3, 60, "V")]);
    let rejects: Vec<_> = page.listing.rejects.iter().map(|it| (it.row, it.played_at, it.reason)).collect();
    assert_eq!(rejects, [(1, 80, Reason::NoTrack), (2, 70, Reason::Malformed)]);
    assert_eq!((page.count, page.total), (4, Some(4)));
}

/// One change such as a broken or confused server may make.
fn mutate(body: &mut Value, random: &mut Rng) {
    let rows = body["payload"]["listens"].as_array().unwrap().len();
    let payload = &mut body["payload"];
    match random.u8(0..6) {
        0 => payload["count"] = random.u32(0..40).into(),
        1 => payload["user_id"] = "bob".into(),
        2 if rows > 0 => drop(payload["listens"].as_array_mut().unwrap().remove(random.usize(0..rows))),
        3 if rows > 1 => payload["listens"].as_array_mut().unwrap().swap(0, random.usize(0..rows)),
        4 if rows > 0 => payload["listens"][random.usize(0..rows)]["listened_at"] = random.i64(200..300).into(),
        _ => {}
    }
}

#[test]
fn a_page_claims_no_more_than_it_shows() {
    seeds::each(200, |seed| {
        let mut random = Rng::with_seed(seed);
        let mut list: Vec<i64> = (0..random.usize(0..60)).map(|_| random.i64(1..80)).collect();
        list.sort_unstable_by_key(|second| std::cmp::Reverse(*second));
        for _ in 0..40 {
            let from = random.i64(1..80);
            let wanted = Span::new(from, from + random.i64(1..80));
            let asked = stretch(wanted, random.u64(1..=30));
            let (min, max) = asked.window.unwrap();
            let within = list.iter().copied().filter(|second| *second > min && *second < max);
            let shown: Vec<i64> = within.take(usize::try_from(asked.limit).unwrap()).collect();
            let listens: Vec<Value> = shown.iter().map(|second| listen(*second, "T")).collect();
            let truth = document(&listens, list.last().copied().unwrap_or(0));
            let mut body = truth.clone();
            mutate(&mut body, &mut random);
            let text = body.to_string();
            let Ok(page) = read(&asked, text.as_bytes()) else {
                assert_ne!(body, truth, "a good page was refused");
                continue;
            };
            let closed = closed_by(&page, wanted);
            assert_eq!(closed.meet(&wanted), closed, "no more than was wanted");
            let told: Vec<i64> = page.listing.plays.iter().map(|play| play.played_at).collect();
            let inside = |seconds: &[i64]| seconds.iter().copied().filter(|s| closed.contains(*s)).collect::<Vec<_>>();
            // Only a page that was changed into another credible one may tell other listens than there are.
            let is_credible = body["payload"]["listens"] != truth["payload"]["listens"];
            assert!(inside(&told) == inside(&list) || is_credible, "{closed:?} of {truth} as {text}");
        }
    });
}

/// Recorded listens, in pages of one, tell the names that they bear.
#[test]
fn recorded_listens_are_read() {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where the real files lie")]
    let Some(shared) = std::env::var_os("HEARD_SHARED").map(PathBuf::from) else {
        return println!("HEARD_SHARED is not set: recorded listens were not read");
    };
    let mut listens = 0;
    for entry in fs::read_dir(shared.join("fixtures/listenbrainz/get-listens.items")).unwrap() {
        let items: Vec<Value> = serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
        for item in &items {
            let data = &item["data"];
            let (at, names) = (data["listened_at"].as_i64().unwrap(), &data["track_metadata"]);
            let body = document(std::slice::from_ref(data), at).to_string();
            let page = read(&stretch(Span::new(at, at + 1), 1000), body.as_bytes()).unwrap();
            let play = &page.listing.plays[0];
            assert_eq!((play.played_at, &*play.artist), (at, names["artist_name"].as_str().unwrap()), "{data}");
            assert_eq!(&*play.track, names["track_name"].as_str().unwrap());
            assert_eq!(play.album.as_deref(), names["release_name"].as_str());
            listens += 1;
        }
    }
    assert!(listens > 9, "only {listens} recorded listens");
}
