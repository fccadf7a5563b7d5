//! Two histories side by side.

use std::collections::BTreeMap;

use heard_history::stats::{
    By, CompareQuestion, Compared, Comparison, Filter, Kind, Overlap, SAME_LISTEN_SECONDS, SameListens, Side, compare,
};
use rusqlite::ToSql;
use serde_json::{Value, json};

use super::{History, LISTENER, OTHER, Play, is_large, same};

/// What is listed, and how many of each.
const LISTS: [(Kind, u32); 4] =
    [(Kind::Tracks, 1_000_000), (Kind::Artists, 1_000_000), (Kind::Artists, 3), (Kind::Albums, 1_000_000)];

fn lists(history: &History) -> &'static [(Kind, u32)] {
    if is_large(history) { &LISTS[..1] } else { &LISTS }
}

fn of_other(filter: &Filter) -> Filter {
    Filter { listener: Some(OTHER.to_owned()), ..filter.clone() }
}

fn found(history: &History, filter: &Filter, kind: Kind, by: By, limit: usize) -> Comparison {
    let (columns, other) = (history.columns(), of_other(filter));
    let sides = [Side { columns: &columns, filter }, Side { columns: &columns, filter: &other }];
    compare(sides, &CompareQuestion { kind, by, limit }, &history.zone, history.now).unwrap()
}

/// What the query answers about both listeners.
fn asked(history: &History, name: &str, filter: &Filter, more: &[(&str, &dyn ToSql)]) -> Vec<Value> {
    let placeholders = filter.counting.placeholders;
    let mut parameters: Vec<(&str, &dyn ToSql)> = vec![(":placeholders", &placeholders), (":other", &OTHER)];
    parameters.extend(more.iter().copied());
    history.asked(name, filter, &parameters)
}

fn title(row: &Compared) -> &str {
    row.title.as_deref().unwrap_or_default()
}

pub(super) fn check_overlap(history: &History, filter: &Filter) {
    for (kind, _) in lists(history).iter().copied() {
        let found = found(history, filter, kind, By::Plays, 0);
        let Overlap { of: [one, other], shared } = match kind {
            Kind::Artists => found.artists,
            Kind::Albums => found.albums,
            Kind::Tracks => found.tracks,
        };
        let ours = [json!({ "one": one, "other": other, "shared": shared, "common_share": found.common_share })];
        same("compare_overlap", filter, &ours, &asked(history, "compare_overlap", filter, &[(":kind", &kind.name())]));
        assert_eq!(shared, found.shared.total);
        assert_eq!([one - shared, other - shared], [0, 1].map(|at: usize| found.only[at].total));
    }
}

pub(super) fn check_similarity(history: &History, filter: &Filter) {
    let found = found(history, filter, Kind::Artists, By::Time, 1_000_000);
    let rows = asked(history, "compare_similarity", filter, &[(":kind", &"artists")]);
    // What both heard, and what only one did, by plays.
    let mut pairs: BTreeMap<[u64; 2], u64> = BTreeMap::new();
    for row in found.shared.rows.iter().chain(found.only.iter().flat_map(|list| &list.rows)) {
        *pairs.entry(row.plays).or_default() += 1;
    }
    let row = |([plays, other], artists): (&[u64; 2], &u64)| json!({ "plays": plays, "other_plays": other, "artists": artists });
    same("compare_similarity", filter, &pairs.iter().map(row).collect::<Vec<_>>(), &rows);
    let sum = |one: &str, other: &str| -> f64 {
        let number = |row: &Value, name: &str| row[name].as_f64().unwrap();
        rows.iter().map(|row| number(row, "artists") * number(row, one).ln_1p() * number(row, other).ln_1p()).sum()
    };
    let lengths = sum("plays", "plays").sqrt() * sum("other_plays", "other_plays").sqrt();
    let wanted = if lengths > 0.0 { 100.0 * sum("plays", "other_plays") / lengths } else { 0.0 };
    assert!((found.similarity - wanted).abs() < 1e-9, "{} and {wanted}, {filter:?}", found.similarity);
}

pub(super) fn check_shared(history: &History, filter: &Filter) {
    for (kind, limit) in lists(history).iter().copied() {
        let row = |row: &Compared| {
            json!({
                "artist": row.artist, "title": title(row), "plays": row.plays[0], "other_plays": row.plays[1],
                "ms_played": row.ms_played[0], "other_ms_played": row.ms_played[1],
            })
        };
        let ours: Vec<Value> =
            found(history, filter, kind, By::Plays, limit as usize).shared.rows.iter().map(row).collect();
        let more: [(&str, &dyn ToSql); 2] = [(":kind", &kind.name()), (":limit", &limit)];
        same("compare_shared", filter, &ours, &asked(history, "compare_shared", filter, &more));
    }
}

pub(super) fn check_only(history: &History, filter: &Filter) {
    for (kind, limit) in lists(history).iter().copied() {
        let found = found(history, filter, kind, By::Plays, limit as usize);
        for (at, filter, other) in [(0, filter, OTHER), (1, &of_other(filter), LISTENER)] {
            let row = |row: &Compared| {
                assert_eq!((row.plays[1 - at], row.ms_played[1 - at]), (0, 0));
                json!({
                    "artist": row.artist, "title": title(row), "plays": row.plays[at], "ms_played": row.ms_played[at],
                })
            };
            let ours: Vec<Value> = found.only[at].rows.iter().map(row).collect();
            let placeholders = filter.counting.placeholders;
            let more: [(&str, &dyn ToSql); 4] =
                [(":kind", &kind.name()), (":limit", &limit), (":other", &other), (":placeholders", &placeholders)];
            same("compare_only", filter, &ours, &history.asked("compare_only", filter, &more));
        }
    }
}

pub(super) fn check_listens(history: &History, filter: &Filter) {
    let [one, other] = found(history, filter, Kind::Artists, By::Plays, 0).same_listens;
    let ours = [json!({ "plays": one.plays, "same": one.same, "other_plays": other.plays, "other_same": other.same })];
    same("compare_listens", filter, &ours, &asked(history, "compare_listens", filter, &[]));
}

/// Two histories of their own, which spell names in their own ways.
fn two(plays: [&[Play]; 2], kind: Kind, by: By) -> Comparison {
    let histories = plays.map(|plays| History::of(plays, "UTC"));
    let columns = [histories[0].columns(), histories[1].columns()];
    let filter = Filter::default();
    let sides = [0, 1].map(|at: usize| Side { columns: &columns[at], filter: &filter });
    compare(sides, &CompareQuestion { kind, by, limit: 10 }, &histories[0].zone, histories[0].now).unwrap()
}

fn play(time: &str, artist: &str, track: &str) -> Play {
    Play::new(time, artist, track).lasting(200_000)
}

#[test]
fn two_histories_can_be_compared_by_hand() {
    let one = [
        play("2024-01-01T10:00:00Z", "Ida Kestrel", "Tides"),
        play("2024-01-01T10:04:00Z", "Ida Kestrel", "Tides"),
        play("2024-01-01T10:08:00Z", "Ida Kestrel", "Sand"),
        play("2024-01-02T10:00:00Z", "Øre", "Vinge"),
        Play { at: 0, ..play("2024-01-02T10:00:00Z", "Øre", "Undated") },
    ];
    let other = [
        // Spelt otherwise, and begun up to a minute beside it.
        play("2024-01-01T10:01:00Z", " IDA  kestrel", "tides"),
        play("2024-01-01T10:09:01Z", "ida kestrel", "Sand"),
        play("2024-01-05T10:00:00Z", "夜明けの塔", "霧").lasting(600_000),
    ];
    let found = two([&one, &other], Kind::Artists, By::Plays);
    assert_eq!(found.plays, [4, 3]);
    assert_eq!(found.artists, Overlap { of: [2, 2], shared: 1 });
    assert_eq!(found.albums, Overlap::default());
    assert_eq!(found.tracks, Overlap { of: [3, 3], shared: 2 });
    let shared = Compared { artist: "Ida Kestrel".into(), title: None, plays: [3, 2], ms_played: [600_000, 400_000] };
    assert_eq!(found.shared.rows, [shared]);
    assert!((found.common_share - 2.0 / 3.0).abs() < 1e-12, "three quarters of the one, two thirds of the other");
    assert_eq!(
        found.only[0].rows.iter().map(|row| (row.artist.as_str(), row.plays)).collect::<Vec<_>>(),
        [("Øre", [1, 0])]
    );
    assert_eq!(
        found.only[1].rows.iter().map(|row| (row.artist.as_str(), row.plays)).collect::<Vec<_>>(),
        [("夜明けの塔", [0, 1])]
    );
    assert_eq!(found.same_listens, [SameListens { plays: 4, same: 1 }, SameListens { plays: 3, same: 1 }]);
    assert_eq!(SAME_LISTEN_SECONDS, 60);
    // (ln 4, ln 2, 0) and (ln 3, 0, ln 2).
    let (two, three, four) = (2_f64.ln(), 3_f64.ln(), 4_f64.ln());
    let cosine = four * three / (four.hypot(two) * three.hypot(two));
    assert!((found.similarity - 100.0 * cosine).abs() < 1e-9, "{}", found.similarity);
}

#[test]
fn time_has_an_order_of_its_own() {
    let lasting = |artist: &str, ms: i64| Play::new("2024-01-01T10:00:00Z", artist, "Song").lasting(ms);
    let later = |play: Play| Play { at: play.at + 7_200, ..play };
    let one = [lasting("Ida Kestrel", 60_000), later(lasting("Ida Kestrel", 60_000)), lasting("Ora", 600_000)];
    let other = [lasting("Ora", 600_000), lasting("Ida Kestrel", 60_000), later(lasting("Ida Kestrel", 60_000))];
    let firsts = |by| two([&one, &other], Kind::Artists, by).shared.rows.remove(0).artist;
    assert_eq!([firsts(By::Plays), firsts(By::Time)], ["Ida Kestrel", "Ora"]);
    let found = two([&one, &other], Kind::Tracks, By::Time);
    assert!((found.common_share - 1.0).abs() < 1e-12 && (found.similarity - 100.0).abs() < 1e-9);
}

#[test]
fn a_history_is_like_itself_and_unlike_nothing() {
    let plays = [play("2024-01-01T10:00:00Z", "Ida Kestrel", "Tides"), play("2024-01-02T10:00:00Z", "Ora", "Vinge")];
    let itself = two([&plays, &plays], Kind::Tracks, By::Plays);
    assert!((itself.similarity - 100.0).abs() < 1e-9 && (itself.tracks.jaccard() - 1.0).abs() < 1e-12);
    assert_eq!(itself.same_listens, [SameListens { plays: 2, same: 2 }; 2]);
    assert_eq!((itself.shared.total, itself.only[0].total, itself.only[1].total), (2, 0, 0));
    for sides in [[&plays[..], &[]], [&[], &plays[..]], [&[], &[]]] {
        let found = two(sides, Kind::Artists, By::Plays);
        assert!(found.similarity.abs() < 1e-12 && found.common_share.abs() < 1e-12);
        assert_eq!((found.shared.total, found.artists.shared), (0, 0));
        assert_eq!(found.only[0].total, sides[0].len());
    }
}
