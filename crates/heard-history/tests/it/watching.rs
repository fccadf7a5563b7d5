//! Players that are watched: several at once, and what they played kept as plays, each once, whatever else tells of it.

use std::time::Duration;

use fakefm::{Config, Play};
use fastrand::Rng;
use heard_history::home::Home;
use heard_history::ingest;
use heard_history::listen::Track;
use heard_history::playback::{Event, Moment, Signal};
use heard_history::store::Store;
use heard_history::watch::{Happened, Players, Seen, keep};
use heard_history::zone::Zone;
use rusqlite::Connection;

use crate::scene::{NOW, Scene};
use crate::seeds;

fn track(title: &str) -> Track {
    Track { length_ms: Some(200_000), ..Track::new("The Invented", title) }
}

fn sounds(title: &str) -> Signal {
    Signal::Sounds { track: track(title), position_ms: None }
}

fn at(seconds: u64) -> Moment {
    Moment { unix_seconds: NOW + seconds.cast_signed(), monotonic: Duration::from_secs(seconds) }
}

fn told(happened: &[Happened]) -> Vec<String> {
    let words = |Happened { player, event }: &Happened| match event {
        Event::NowPlaying(track) => format!("{player}: now {}", track.title),
        Event::Counts(listen) => format!("{player}: counts {}", listen.track.title),
        Event::Finished(finished) => format!("{player}: {} for {} s", finished.track.title, finished.ms_played / 1000),
    };
    happened.iter().map(words).collect()
}

/// Time passes, and somebody says so every ten seconds.
fn ticks(players: &mut Players, seconds: std::ops::Range<u64>) -> Vec<Happened> {
    seconds.step_by(10).flat_map(|second| players.tick(at(second))).collect()
}

#[test]
fn each_player_is_by_itself() {
    let mut players = Players::new();
    assert_eq!(players.counts_in(), None);
    assert_eq!(told(&players.tell(":1", "vlc", sounds("A"), at(0))), ["vlc: now A"]);
    assert_eq!(told(&players.tell(":2", "mpd", sounds("B"), at(10))), ["mpd: now B"]);
    assert_eq!(players.counts_in(), Some(Duration::from_secs(100)), "the next of all");
    assert_eq!(told(&ticks(&mut players, 20..100)), [""; 0]);
    assert_eq!(players.counts_in(), Some(Duration::from_secs(10)));
    assert_eq!(told(&players.tell(":2", "mpd", Signal::Paused, at(100))), [""; 0]);
    assert_eq!(told(&players.tick(at(101))), ["vlc: counts A"]);
    assert_eq!(players.counts_in(), None, "one counts, and the other pauses");
    assert_eq!(told(&players.leave(":1", at(110))), ["vlc: A for 110 s"]);
    assert_eq!(told(&players.leave(":1", at(111))), [""; 0], "it is gone");
    assert_eq!(told(&players.tell(":2", "mpd", sounds("B"), at(120))), ["mpd: now B"]);
    assert_eq!(told(&players.end(at(121))), ["mpd: B for 91 s"]);
    assert_eq!(told(&players.end(at(122))), [""; 0]);
}

#[test]
fn two_programs_of_one_name_are_two_players() {
    let mut players = Players::new();
    players.tell(":1", "firefox", sounds("A"), at(0));
    players.tell(":2", "firefox", sounds("A"), at(0));
    let counted = ticks(&mut players, 10..111);
    assert_eq!(told(&counted), ["firefox: counts A"; 2]);
}

#[test]
fn what_is_kept_of_what_happens() {
    let mut players = Players::new();
    let seen = |happened: Vec<Happened>| -> Vec<(String, i64, Option<u64>)> {
        let seen = happened.iter().filter_map(Happened::seen);
        seen.map(|seen| (seen.player + "/" + &seen.track.title, seen.played_at - NOW, seen.ms_played)).collect()
    };
    assert_eq!(seen(players.tell("x", "vlc", sounds("A"), at(0))), []);
    assert_eq!(seen(players.tell("x", "vlc", sounds("B"), at(0))), [], "it did not sound for a second");
    assert_eq!(seen(players.tell("x", "vlc", sounds("C"), at(7))), [("vlc/B".to_owned(), 0, Some(7_000))]);
    assert_eq!(seen(ticks(&mut players, 17..108)), [("vlc/C".to_owned(), 7, None)]);
    assert_eq!(seen(players.leave("x", at(117))), [("vlc/C".to_owned(), 7, Some(110_000))]);
}

/// A play of the account at the service, or of a player, of so many milliseconds.
fn seen(title: &str, played_at: i64, ms_played: Option<u64>) -> Seen {
    Seen { player: "VLC".to_owned(), track: track(title), played_at, ms_played }
}

fn kept(home: &Home, seen: &[Seen]) {
    let lock = home.lock().unwrap();
    let (mut store, _) = ingest::open(home, &lock, &Zone::utc()).unwrap();
    keep(home, &lock, &mut store, "me", seen, NOW).unwrap();
    store.close().unwrap();
}

/// Every play: when it began, its title, for how long it sounded, and who told of it.
fn plays(home: &Home) -> Vec<(i64, String, Option<i64>, String)> {
    let database = Connection::open(home.database()).unwrap();
    let mut plays = database
        .prepare(
            "SELECT played_at, title, ms_played,
                    (SELECT group_concat(DISTINCT service || '/' || accounts.name) FROM
                       (SELECT account_id FROM witnesses WHERE play_id = plays.id ORDER BY account_id) AS told
                       JOIN accounts ON accounts.id = told.account_id)
               FROM plays JOIN tracks ON tracks.id = track_id
              WHERE gone_seq IS NULL AND same_as IS NULL AND plays.hidden IS NULL ORDER BY 1, 2",
        )
        .unwrap();
    let rows = plays.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn play(at: i64, title: &str, ms_played: Option<i64>, by: &str) -> (i64, String, Option<i64>, String) {
    (at, title.to_owned(), ms_played, by.to_owned())
}

/// The store says what one made anew says.
fn proven(home: &Home) {
    let digest = || {
        let lock = home.lock().unwrap();
        Store::open(home, &lock, &Zone::utc()).unwrap().digest().unwrap()
    };
    let live = digest();
    let unread = ingest::rebuild(home, &home.lock().unwrap(), &Zone::utc(), |_| {}).unwrap().unread;
    assert_eq!(unread, []);
    assert_eq!(digest(), live);
}

#[test]
fn a_play_is_kept_when_it_counts_and_at_its_end_and_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path().join("home")).unwrap();
    kept(&home, &[]);
    assert_eq!(plays(&home), []);
    kept(&home, &[seen("A", NOW, None)]);
    assert_eq!(plays(&home), [play(NOW, "A", None, "watch/vlc")]);
    proven(&home);
    kept(&home, &[seen("A", NOW, Some(150_000)), seen("B", NOW + 150, Some(4_000))]);
    let both = [play(NOW, "A", Some(150_000), "watch/vlc"), play(NOW + 150, "B", Some(4_000), "watch/vlc")];
    assert_eq!(plays(&home), both);
    proven(&home);
    // As after a failure that came too late: it is in the archive, and nobody knows.
    kept(&home, &[seen("A", NOW, None), seen("A", NOW, Some(150_000))]);
    assert_eq!(plays(&home), both);
    proven(&home);
    kept(&home, &[Seen { player: "mpd".to_owned(), ..seen("A", NOW + 3_600, Some(31_000)) }]);
    assert_eq!(plays(&home).last(), Some(&play(NOW + 3_600, "A", Some(31_000), "watch/mpd")));
    proven(&home);
}

#[test]
fn a_play_that_a_service_lists_later_has_two_witnesses() {
    let mut config = Config::default();
    config.world.open("Ann").extend([
        Play::new(NOW - 5_000, "The Invented", "A"),
        Play::new(NOW - 4_000, "The Invented", "Not Watched"),
        // As a second scrobbler on the machine tells it: some seconds later.
        Play::new(NOW - 2_990, "The Invented", "B"),
    ]);
    let scene = Scene::new(config);
    let watched = [seen("A", NOW - 5_000, None), seen("A", NOW - 5_000, Some(190_000)), seen("B", NOW - 3_000, None)];
    let expected = [
        play(NOW - 5_000, "A", Some(190_000), "watch/vlc,lastfm/ann"),
        play(NOW - 4_000, "Not Watched", None, "lastfm/ann"),
        play(NOW - 3_000, "B", None, "watch/vlc,lastfm/ann"),
    ];
    let sorted = |home: &Home| {
        let mut plays = plays(home);
        for (_, _, _, by) in &mut plays {
            let mut names: Vec<&str> = by.split(',').collect();
            names.sort_unstable_by(|a, b| b.cmp(a));
            *by = names.join(",");
        }
        plays
    };
    kept(&scene.home(), &watched);
    scene.run();
    let found = sorted(&scene.home());
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[..2], expected[..2]);
    assert_eq!((&found[2].1, &found[2].3), (&expected[2].1, &expected[2].3));
    proven(&scene.home());
    // The other way round it is the same.
    let other = Scene::new({
        let mut config = Config::default();
        let mut world = scene.fake.world();
        config.world.open("Ann").extend(
            world.listener().listings().map(|row| Play::new(row.uts, &row.artist, &row.track)).collect::<Vec<_>>(),
        );
        config
    });
    other.run();
    kept(&other.home(), &watched);
    assert_eq!(sorted(&other.home()), found);
    proven(&other.home());
}

#[test]
fn hostile_names_are_kept_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path().join("home")).unwrap();
    let long = "ü".repeat(15_500);
    for (nth, title) in (0..).zip(["\u{1b}[2J\u{202e}", "\"},{\"a\":\"", "'; DROP TABLE plays; --", "a\nb\r\n", &long])
    {
        kept(&home, &[seen(title, NOW + nth * 300, Some(250_000))]);
        assert_eq!(plays(&home).last(), Some(&play(NOW + nth * 300, title, Some(250_000), "watch/vlc")));
    }
    proven(&home);
    // No name has a NUL: readers of players take it out, and what has one all the same is no play, and is named.
    kept(&home, &[seen("a\0b", NOW + 9_000, None)]);
    assert_eq!(plays(&home).len(), 5);
    let unread = ingest::rebuild(&home, &home.lock().unwrap(), &Zone::utc(), |_| {}).unwrap().unread;
    assert!(unread.len() == 1 && unread[0].1.contains("Nul"), "{unread:?}");
}

/// Players do anything in any order, and are watched with pauses of any length: each play is there once, and it sounded
/// no longer than time passed.
#[test]
fn whatever_players_do() {
    seeds::each(20, |seed| {
        let mut random = Rng::with_seed(seed);
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().join("home")).unwrap();
        let mut players = Players::new();
        let (mut now, mut happened) = (0, Vec::new());
        for _ in 0..random.usize(50..200) {
            now += random.u64(0..40);
            let id = ["a", "b", "c"][random.usize(0..3)];
            let title = ["A", "B"][random.usize(0..2)];
            happened.extend(match random.u8(0..10) {
                0..4 => players.tell(id, id, sounds(title), at(now)),
                4 => players.tell(id, id, Signal::Began(track(title)), at(now)),
                5 => players.tell(id, id, Signal::Paused, at(now)),
                6 => players.tell(id, id, Signal::Stopped, at(now)),
                7 => players.leave(id, at(now)),
                _ => players.tick(at(now)),
            });
        }
        happened.extend(players.end(at(now)));
        let seen: Vec<Seen> = happened.iter().filter_map(Happened::seen).collect();
        for part in seen.chunks(random.usize(1..9)) {
            kept(&home, part);
        }
        let mut expected: Vec<(i64, String, String)> = Vec::new();
        let of = |seen: &Seen| (seen.played_at, seen.track.title.clone(), format!("watch/{}", seen.player));
        for over in seen.iter().filter(|seen| seen.ms_played.is_some()) {
            let ms = over.ms_played.unwrap_or_default();
            assert!(ms <= now * 1000 && over.played_at >= NOW, "{over:?}");
            expected.push(of(over));
        }
        // Who counts has ended, too.
        assert!(seen.iter().filter(|seen| seen.ms_played.is_none()).all(|it| expected.contains(&of(it))), "{seen:?}");
        // Two players that begin one track in one second tell of one play.
        expected.sort();
        expected.dedup_by(|a, b| (a.0, &a.1) == (b.0, &b.1));
        let found: Vec<(i64, String)> = plays(&home).into_iter().map(|(at, title, ..)| (at, title)).collect();
        let expected: Vec<(i64, String)> = expected.into_iter().map(|(at, title, _)| (at, title)).collect();
        assert_eq!(found, expected);
        proven(&home);
    });
}
