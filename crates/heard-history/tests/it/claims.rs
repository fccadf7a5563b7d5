//! No page claims a second that it does not show whole, whatever was done to it.

use fastrand::Rng;
use heard_history::listen::{Service, Span};
use heard_history::normalise::page::{Asked, Page, Refusal, closed_by};
use serde_json::{Value, json};

use crate::seeds;

fn read_page<'a>(asked: &Asked, body: &'a [u8]) -> Result<Page<'a>, Refusal> {
    heard_history::normalise::page::read_page(Service::Lastfm, asked, body)
}

/// A list of seconds with numbered plays, newest first, and how it answers. Written without the product's types.
struct List {
    rows: Vec<(i64, u32)>,
    from_inclusive: bool,
    to_inclusive: bool,
}

impl List {
    fn random(random: &mut Rng) -> Self {
        let plays = random.u32(0..60);
        let mut rows: Vec<(i64, u32)> = (0..plays).map(|n| (random.i64(1..80), n)).collect();
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(*row));
        Self { rows, from_inclusive: random.bool(), to_inclusive: random.bool() }
    }

    fn answer(&self, asked: &Asked, sounding: bool) -> Value {
        let (from, to) = asked.window.unwrap();
        let after = |second: i64| if self.from_inclusive { second >= from } else { second > from };
        let before = |second: i64| if self.to_inclusive { second <= to } else { second < to };
        let within: Vec<_> = self.rows.iter().filter(|row| after(row.0) && before(row.0)).collect();
        let limit = usize::try_from(asked.limit).unwrap();
        let mut rows: Vec<Value> = within.iter().take(limit).map(|row| track(row.0, row.1)).collect();
        if sounding {
            let mut row = track(0, 1_000);
            row.as_object_mut().unwrap().remove("date");
            row["@attr"] = json!({"nowplaying": "true"});
            rows.insert(0, row);
        }
        let text = |number: usize| number.to_string();
        let attr = json!({"user": asked.user, "page": "1", "perPage": text(limit), "total": text(within.len()),
                          "totalPages": text(within.len().div_ceil(limit))});
        json!({"recenttracks": {"track": rows, "@attr": attr}})
    }
}

fn track(second: i64, number: u32) -> Value {
    json!({"artist": {"#text": "A"}, "name": format!("T{number}"), "album": {"#text": ""},
           "date": {"uts": second.to_string()}})
}

/// One change to a page such as a broken, stale or confused back end may make.
fn mutate(page: &mut Value, random: &mut Rng) -> &'static str {
    let attr = ["page", "perPage", "total", "totalPages"][random.usize(0..4)];
    let rows = page["recenttracks"]["track"].as_array().unwrap().len();
    let list = &mut page["recenttracks"];
    match random.u8(0..8) {
        0 => list["@attr"][attr] = random.u32(0..90).to_string().into(),
        1 => list["@attr"]["user"] = "bob".into(),
        2 if rows > 0 => drop(list["track"].as_array_mut().unwrap().remove(random.usize(0..rows))),
        3 if rows > 0 => list["track"].as_array_mut().unwrap().truncate(random.usize(0..rows)),
        4 if rows > 1 => list["track"].as_array_mut().unwrap().swap(random.usize(0..rows), random.usize(0..rows)),
        5 if rows > 0 => {
            let copy = list["track"][random.usize(0..rows)].clone();
            list["track"].as_array_mut().unwrap().push(copy);
        }
        6 if rows > 0 => {
            let row = &mut list["track"][random.usize(0..rows)];
            row.as_object_mut().unwrap().remove("date");
        }
        7 if rows > 0 => list["track"][random.usize(0..rows)] = track(random.i64(90..99), 77),
        _ => return "nothing",
    }
    "something"
}

#[test]
fn a_page_claims_no_more_than_it_shows() {
    seeds::each(200, |seed| {
        let mut random = Rng::with_seed(seed);
        let list = List::random(&mut random);
        for _ in 0..40 {
            let from = random.i64(1..80);
            let wanted = Span::new(from, from + random.i64(1..80));
            let asked = Asked::stretch(Service::Lastfm, "ann", wanted, random.u64(1..=20));
            let mut page = list.answer(&asked, random.bool());
            let truth = page.clone();
            let done = mutate(&mut page, &mut random);
            let body = page.to_string();
            let Ok(read) = read_page(&asked, body.as_bytes()) else {
                assert_ne!(done, "nothing", "a good page was refused: {body}");
                continue;
            };
            let closed = closed_by(&read, wanted);
            if closed.is_empty() {
                continue;
            }
            assert_eq!(closed.meet(&wanted), closed, "no more than was wanted: {body}");
            let mut told: Vec<_> = read.listing.plays.iter().map(|play| play.played_at).collect();
            told.retain(|second| closed.contains(*second));
            let mut real: Vec<_> = list.rows.iter().map(|row| row.0).collect();
            real.retain(|second| closed.contains(*second));
            // Only a page that was changed into another credible one may tell other plays than there are.
            let is_credible = done == "something" && page["recenttracks"]["track"] != truth["recenttracks"]["track"];
            assert!(told == real || is_credible, "{closed:?} of {truth} as {body}");
        }
    });
}

#[test]
fn a_full_page_does_not_claim_its_last_second() {
    let list = List { rows: vec![(9, 4), (7, 3), (5, 2), (5, 1), (3, 0)], from_inclusive: true, to_inclusive: true };
    let claim = |limit, wanted: Span| {
        let asked = Asked::stretch(Service::Lastfm, "ann", wanted, limit);
        let body = list.answer(&asked, true).to_string();
        closed_by(&read_page(&asked, body.as_bytes()).unwrap(), wanted)
    };
    assert_eq!(claim(3, Span::new(1, 20)), Span::new(6, 20), "second 5 may be cut");
    assert_eq!(claim(4, Span::new(1, 20)), Span::new(6, 20), "and may be cut where it is not");
    assert_eq!(claim(5, Span::new(1, 20)), Span::new(1, 20), "everything there is");
    assert!(claim(1, Span::new(5, 6)).is_empty(), "a second fuller than a page is not shown");
}
