//! A moving account, read by a client that seeks by time and by one that counts pages.

use std::collections::BTreeSet;

use fakefm::{Config, FakeFm, Generate, HandClock, Listing, Movement, Violation};
use serde_json::Value;

use crate::client::{UNTIL, get, list, seed, start};

const LIMIT: usize = 20;

fn moving(seed: u64) -> FakeFm {
    let history = Generate { years: 1, repeats: 3, shared_seconds: 4, ..Generate::plain(seed, 150, UNTIL) };
    let mut config = Config::generated("Ann", &history);
    config.clock = Some(HandClock::at_ms(UNTIL * 1000).source());
    config.movement = Some(Movement::lively(seed));
    let fake = start(config);
    fake.world().listener().mark();
    fake
}

fn listings(rows: &[Value]) -> Vec<Listing> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let listing = |row: &Value| Listing {
        uts: row["date"]["uts"].as_str().unwrap().parse().unwrap(),
        artist: text(&row["artist"]["#text"]),
        track: text(&row["name"]),
        album: text(&row["album"]["#text"]),
    };
    rows.iter().map(listing).collect()
}

/// Reads from the newest to the oldest second, always the first page of what is left.
fn seek(fake: &FakeFm) -> Vec<Listing> {
    let mut read = Vec::new();
    let mut to = fake.world().now() + 86_400;
    loop {
        let reply = get(fake, &list(&format!("from=1&to={to}&limit={LIMIT}")));
        let rows = listings(&reply.rows());
        if reply.total() <= LIMIT {
            read.extend(rows);
            return read;
        }
        // The last second may be cut: it is read again as the first of the next window.
        let cut = rows.last().unwrap().uts;
        read.extend(rows.into_iter().filter(|row| row.uts > cut));
        to = cut;
    }
}

/// Reads page after page, and takes each listing as often as the pages show it.
fn turn_pages(fake: &FakeFm) -> Vec<Listing> {
    let mut read = Vec::new();
    for page in 1.. {
        let reply = get(fake, &list(&format!("limit={LIMIT}&page={page}")));
        read.extend(listings(&reply.rows()));
        if page * LIMIT >= reply.total() {
            break;
        }
    }
    read
}

#[test]
fn seeking_by_time_is_always_right_and_turning_pages_is_not() {
    let first = seed(1);
    let (mut lost, mut doubled) = (0, 0);
    for seed in first..first + 25 {
        let fake = moving(seed);
        let stored = seek(&fake);
        let violations = fake.world().listener().violations(stored);
        assert_eq!(violations, [], "seed {seed}");

        let fake = moving(seed);
        let stored = turn_pages(&fake);
        for violation in fake.world().listener().violations(stored) {
            match violation {
                Violation::Lost { .. } => lost += 1,
                Violation::Invented { .. } => doubled += 1,
            }
        }
    }
    assert!(lost > 0 && doubled > 0, "lost {lost}, doubled {doubled}: the oracle sees nothing");
}

#[test]
fn at_rest_both_ways_read_the_account() {
    let fake = moving(3);
    seek(&fake);
    fake.set_movement(None);
    fake.world().listener().mark();
    let sorted = |mut listings: Vec<Listing>| {
        listings.sort();
        listings
    };
    let expected = sorted(fake.world().listener().listings().collect());
    let sought = sorted(seek(&fake));
    assert_eq!(sought, expected);
    assert_eq!(sorted(turn_pages(&fake)), expected);
    assert_eq!(fake.world().listener().violations(sought), []);
}

#[test]
fn a_hook_scripts_any_change() {
    let fake = moving(4);
    fake.set_movement(None);
    fake.set_hook(Some(Box::new(|nth, world| {
        if nth == 2 {
            world.listener().clear();
        }
    })));
    let totals: BTreeSet<_> = (0..3).map(|_| get(&fake, &list("limit=1")).total()).collect();
    assert_eq!(totals, BTreeSet::from([0, 150]));
}
