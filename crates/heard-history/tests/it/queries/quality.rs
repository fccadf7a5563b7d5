//! What is doubtful in a history.

use fastrand::Rng;
use heard_history::listen::{FIRST_PLAUSIBLE, FUTURE_GRACE};
use heard_history::stats::{
    BUSY_HOUR, BUSY_MINUTE, Crowd, Date, Filter, OVERLAP_GRACE_MS, Period, Ranked, Ranking, SAME_SECOND, Stretch,
    Stretches, WrongClock, WrongClocks, bursts, overlaps, without_album, without_name, wrong_clocks,
};
use serde_json::{Value, json};

use super::{History, LISTENER, NOW, Play, same};
use crate::seeds;

const ALL: usize = 1_000_000;

/// How many plays are too many, also where that is soon so.
const CROWDS: [Crowd; 5] =
    [SAME_SECOND, BUSY_MINUTE, BUSY_HOUR, Crowd { most: 2, seconds: 700 }, Crowd { most: 4, seconds: 86_400 }];

/// Of a real history not everything is asked for: SQL takes its time.
fn is_large(history: &History) -> bool {
    history.columns().rows() > 10_000
}

fn limits(history: &History) -> &'static [usize] {
    if is_large(history) { &[ALL] } else { &[3, ALL] }
}

fn bursts_of(history: &History, crowd: Crowd, filter: &Filter, limit: usize) -> Stretches {
    let [found] = bursts(&history.columns(), [crowd], filter, &history.zone, history.now, limit).unwrap();
    found
}

fn overlaps_of(history: &History, grace_ms: i64, filter: &Filter, limit: usize) -> Stretches {
    overlaps(&history.columns(), grace_ms, filter, &history.zone, history.now, limit).unwrap()
}

/// What all stretches have is what is told of all together.
#[track_caller]
fn adds_up(found: &Stretches) {
    assert_eq!(found.total, found.rows.len());
    assert_eq!(found.plays, found.rows.iter().map(|row| row.plays).sum::<u64>());
    assert_eq!(found.early_ms, found.rows.iter().map(|row| row.early_ms).sum::<u64>());
    assert!(found.rows.iter().all(|row| row.from_at <= row.to_at));
}

pub(super) fn check_bursts(history: &History, filter: &Filter) {
    let crowds = if is_large(history) { &CROWDS[..2] } else { &CROWDS };
    side_by_side(history, filter);
    for crowd in crowds.iter().copied() {
        for limit in limits(history).iter().copied() {
            let found = bursts_of(history, crowd, filter, limit);
            let row = |row: &Stretch| json!({ "from_at": row.from_at, "to_at": row.to_at, "plays": row.plays });
            let ours: Vec<Value> = found.rows.iter().map(row).collect();
            let (seconds, most, many) = (crowd.seconds, crowd.most as i64, limit as i64);
            let more: [(&str, &dyn rusqlite::ToSql); 3] = [(":seconds", &seconds), (":most", &most), (":limit", &many)];
            same("quality_bursts", filter, &ours, &history.asked("quality_bursts", filter, &more));
            if limit == ALL {
                adds_up(&found);
                assert!(found.rows.iter().all(|row| row.plays > crowd.most as u64));
            }
        }
    }
}

/// Whoever looks for several crowds at once finds what they would find alone; nobody allows more plays than there are.
fn side_by_side(history: &History, filter: &Filter) {
    let endless = Crowd { most: usize::MAX, seconds: i64::MAX };
    let [first, second, third, fourth, fifth] = CROWDS;
    let crowds = [fifth, endless, first, second, third, fourth];
    let together = bursts(&history.columns(), crowds, filter, &history.zone, history.now, ALL).unwrap();
    for (crowd, found) in crowds.into_iter().zip(together) {
        assert_eq!(found, bursts_of(history, crowd, filter, ALL), "{crowd:?}");
    }
    assert_eq!(bursts_of(history, endless, filter, ALL), Stretches::default());
}

pub(super) fn check_overlaps(history: &History, filter: &Filter) {
    let all = [(OVERLAP_GRACE_MS, ALL), (OVERLAP_GRACE_MS, 2), (0, ALL), (300_000, ALL)];
    for (grace_ms, limit) in all.into_iter().take(if is_large(history) { 1 } else { 4 }) {
        let found = overlaps_of(history, grace_ms, filter, limit);
        let ours: Vec<Value> = found
            .rows
            .iter()
            .map(|row| {
                json!({ "from_at": row.from_at, "to_at": row.to_at, "plays": row.plays, "early_ms": row.early_ms })
            })
            .collect();
        let more: [(&str, &dyn rusqlite::ToSql); 2] = [(":grace_ms", &grace_ms), (":limit", &(limit as i64))];
        same("quality_overlaps", filter, &ours, &history.asked("quality_overlaps", filter, &more));
        if limit == ALL {
            adds_up(&found);
        }
    }
}

pub(super) fn check_clocks(history: &History, filter: &Filter) {
    let found = wrong_clocks(&history.columns(), filter, &history.zone, history.now).unwrap();
    let row = |name: &str, it: WrongClock| json!({ "clock": name, "plays": it.plays, "first_at": it.first_at, "last_at": it.last_at });
    let undated = (found.undated > 0).then_some(WrongClock { plays: found.undated, first_at: 0, last_at: 0 });
    let ours: Vec<Value> = [("early", found.early), ("future", found.future), ("undated", undated)]
        .into_iter()
        .filter_map(|(name, it)| Some(row(name, it?)))
        .collect();
    let undated = filter.period == Period::Everything;
    same("quality_clocks", filter, &ours, &history.asked("quality_clocks", filter, &[(":undated", &undated)]));
}

fn rows(found: &Ranking) -> Vec<Value> {
    let row = |row: &Ranked| {
        json!({ "rank": row.rank, "artist": row.artist, "track": row.title, "plays": row.plays,
                "total_plays": found.total_plays })
    };
    found.rows.iter().map(row).collect()
}

pub(super) fn check_albums(history: &History, filter: &Filter) {
    for limit in limits(history).iter().copied() {
        let found = without_album(&history.columns(), filter, &history.zone, history.now, limit).unwrap();
        let more: [(&str, &dyn rusqlite::ToSql); 2] =
            [(":placeholders", &filter.counting.placeholders), (":limit", &(limit as i64))];
        same("quality_albums", filter, &rows(&found), &history.asked("quality_albums", filter, &more));
    }
}

pub(super) fn check_placeholders(history: &History, filter: &Filter) {
    for limit in limits(history).iter().copied() {
        let found = without_name(&history.columns(), filter, &history.zone, history.now, limit).unwrap();
        let more: [(&str, &dyn rusqlite::ToSql); 1] = [(":limit", &(limit as i64))];
        same("quality_placeholders", filter, &rows(&found), &history.asked("quality_placeholders", filter, &more));
    }
}

fn at(second: i64) -> Play {
    let play = Play::new("2024-01-01T00:00:00Z", "Iron Coast", &format!("Song {second}"));
    Play { at: play.at + second, ..play }
}

/// From the first to the last play in seconds of that day, and plays.
fn told(found: &Stretches) -> Vec<(i64, i64, u64)> {
    let first = at(0).at;
    found.rows.iter().map(|row| (row.from_at - first, row.to_at - first, row.plays)).collect()
}

#[test]
fn groups_that_share_a_play_are_one_burst() {
    // Three in ten seconds are too many: at 0 to 9, and again at 9 to 18, which shares the one at 9; and then others.
    let seconds = [0, 4, 9, 13, 18, 100, 105, 110, 200, 201, 209];
    let mut plays: Vec<Play> = seconds.map(at).to_vec();
    plays.push(Play { artist: "Mira Vale".into(), ..at(209) });
    let history = History::of(&plays, "Europe/Berlin");
    let crowd = |most, seconds| bursts_of(&history, Crowd { most, seconds }, &Filter::default(), ALL);
    assert_eq!(told(&crowd(2, 10)), [(0, 18, 5), (200, 209, 4)], "100 to 110 are ten seconds and no fewer");
    assert_eq!(told(&crowd(2, 11)), [(0, 18, 5), (200, 209, 4), (100, 110, 3)]);
    assert_eq!(told(&crowd(1, 1)), [(209, 209, 2)]);
    assert_eq!(told(&crowd(11, 1_000)), [(0, 209, 12)]);
    assert_eq!(told(&crowd(12, 1_000)), []);
    assert_eq!(told(&crowd(usize::MAX, 1_000)), []);
    let found = crowd(2, 10);
    assert_eq!(found.rows[0].from_local - found.rows[0].from_at, 3_600, "Berlin's winter");
    assert_eq!((found.total, found.plays, found.early_ms), (2, 9, 0));
}

#[test]
fn plays_that_begin_too_early_are_counted_in_a_row() {
    let history = History::of(
        &[
            at(0).lasting(200_000),
            at(50).lasting(200_000),  // 150 seconds too early
            at(100).lasting(100_000), // and 150 again
            at(200).lasting(300_000), // just in time
            at(441).lasting(40_000),  // 59 seconds are no wonder
            at(900),
            at(900).lasting(500_000),  // how long the one before lasted is not known
            at(1_000).lasting(40_000), // 400 seconds too early
            at(2_000).lasting(40_000),
        ],
        "UTC",
    );
    let found = overlaps_of(&history, OVERLAP_GRACE_MS, &Filter::default(), ALL);
    assert_eq!(told(&found), [(0, 100, 2), (900, 1_000, 1)]);
    assert_eq!(found.rows.iter().map(|row| row.early_ms).collect::<Vec<_>>(), [300_000, 400_000]);
    assert_eq!((found.total, found.plays, found.early_ms), (2, 3, 700_000));
    let first = overlaps_of(&history, OVERLAP_GRACE_MS, &Filter::default(), 1);
    assert_eq!((first.rows.len(), first.total, first.plays), (1, 2, 3), "all are counted, some are told");
    let unknown = History::of(&[at(0), at(0), at(1)], "UTC");
    assert_eq!(overlaps_of(&unknown, 0, &Filter::default(), ALL), Stretches::default());
}

#[test]
fn wrong_clocks_are_told_whatever_counts() {
    let wrong = |moment: i64| Play { at: moment, ..Play::new("2024-01-01T00:00:00Z", "Iron Coast", "Salt") };
    let plays: Vec<Play> =
        [0, 5, FIRST_PLAUSIBLE - 1, FIRST_PLAUSIBLE, NOW + FUTURE_GRACE - 1, NOW + FUTURE_GRACE, NOW + 400 * 86_400]
            .map(wrong)
            .to_vec();
    let history = History::of(&plays, "America/New_York");
    let clocks = |filter: &Filter| wrong_clocks(&history.columns(), filter, &history.zone, history.now).unwrap();
    let early = Some(WrongClock { plays: 2, first_at: 5, last_at: FIRST_PLAUSIBLE - 1 });
    let future = Some(WrongClock { plays: 2, first_at: NOW + FUTURE_GRACE, last_at: NOW + 400 * 86_400 });
    assert_eq!(clocks(&Filter::default()), WrongClocks { undated: 1, early, future });
    let since = Period::Between { from: Some(Date::parse("2001-01-01").unwrap()), to: None };
    let early = Some(WrongClock { plays: 1, first_at: FIRST_PLAUSIBLE - 1, last_at: FIRST_PLAUSIBLE - 1 });
    assert_eq!(clocks(&Filter { period: since, ..Filter::default() }), WrongClocks { undated: 0, early, future });
    assert_eq!(clocks(&Filter { artist: Some("mira".into()), ..Filter::default() }), WrongClocks::default());
    let nothing = History::of(&[], "UTC");
    assert_eq!(
        wrong_clocks(&nothing.columns(), &Filter::default(), &nothing.zone, NOW).unwrap(),
        WrongClocks::default()
    );
}

#[test]
fn what_is_not_named_is_counted_and_the_most_heard_is_told() {
    let play = |nth: i64, artist: &str, album: &str, track: &str| Play {
        album: album.into(),
        artist: artist.into(),
        track: track.into(),
        ..at(nth * 300)
    };
    let plays = [
        play(0, "Iron Coast", "", "Salt"),
        play(1, "Iron Coast", "", "Salt"),
        play(2, "Iron Coast", "Unknown Album", "Salt"),
        play(3, "Iron Coast", "Hulls", "Salt"),
        play(4, "Mira Vale", "", "Nine"),
        play(5, "Unknown Artist", "", "Track 1"),
        play(6, "<unknown>", "Hulls", "Salt"),
        play(7, "Mira Vale", "Nine", "Unknown Track"),
    ];
    let history = History::of(&plays, "UTC");
    let filter = Filter { listener: Some(LISTENER.to_owned()), ..Filter::default() };
    let names = |found: &Ranking| -> Vec<(String, u64)> {
        let name = |row: &Ranked| format!("{}: {}", row.artist, row.title.as_ref().unwrap());
        found.rows.iter().map(|row| (name(row), row.plays)).collect()
    };
    let albums = without_album(&history.columns(), &filter, &history.zone, NOW, ALL).unwrap();
    assert_eq!(names(&albums), [("Iron Coast: Salt".to_owned(), 3), ("Mira Vale: Nine".to_owned(), 1)]);
    assert_eq!((albums.total_plays, albums.distinct), (6, 2), "those of nobody are counted, too");
    let nobody = without_name(&history.columns(), &filter, &history.zone, NOW, 2).unwrap();
    assert_eq!((nobody.total_plays, nobody.distinct), (3, 3));
    assert_eq!(names(&nobody), [("<unknown>: Salt".to_owned(), 1), ("Mira Vale: Unknown Track".to_owned(), 1)]);
}

/// Counts bursts as a person would do it: whoever is in a group that is too large is in a burst.
#[test]
fn bursts_hold_exactly_the_plays_of_groups_that_are_too_large() {
    seeds::each(40, |seed| {
        let mut random = Rng::with_seed(seed);
        let (most, seconds) = (random.usize(1..5), random.i64(1..40));
        let mut moments: Vec<i64> = (0..random.usize(0..60)).map(|_| random.i64(0..200)).collect();
        moments.sort_unstable();
        let plays: Vec<Play> =
            (0..).zip(&moments).map(|(nth, moment)| Play { track: format!("Song {nth}"), ..at(*moment) }).collect();
        let history = History::of(&plays, "UTC");
        let crowded = |nth: usize| {
            let groups = nth.saturating_sub(most)..=nth;
            groups
                .into_iter()
                .any(|first| moments.get(first + most).is_some_and(|last| last - moments[first] < seconds))
        };
        let expected = (0..moments.len()).filter(|nth| crowded(*nth)).count() as u64;
        let found = bursts_of(&history, Crowd { most, seconds }, &Filter::default(), ALL);
        adds_up(&found);
        assert_eq!(found.plays, expected, "{moments:?} {most} in {seconds}");
    });
}
