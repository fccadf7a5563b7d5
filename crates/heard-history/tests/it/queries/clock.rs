//! When in the day, and on which weekday.

use heard_history::stats::{Amount, ClockFace, Filter, clock};
use serde_json::{Value, json};

use super::{History, Play, same};

fn face(history: &History, filter: &Filter) -> ClockFace {
    clock(&history.columns(), filter, &history.zone, history.now).unwrap()
}

pub(super) fn check(history: &History, filter: &Filter) {
    let face = face(history, filter);
    let cells =
        (1..).zip(face.grid).flat_map(|(weekday, hours)| (0..).zip(hours).map(move |(hour, it)| (weekday, hour, it)));
    let ours: Vec<Value> = cells
        .filter(|(_, _, heard)| heard.plays > 0)
        .map(|(weekday, hour, Amount { plays, ms_played })| {
            json!({ "weekday": weekday, "hour": hour, "plays": plays, "ms_played": ms_played })
        })
        .collect();
    same("clock", filter, &ours, &history.asked("clock", filter, &[]));
    let sums = |all: &[Amount]| all.iter().map(|heard| heard.plays).sum::<u64>();
    assert_eq!((sums(&face.hours()), sums(&face.weekdays())), (face.total().plays, face.total().plays));
}

/// Hours with plays, and how many.
fn hours(zone: &str, times: &[&str]) -> Vec<(usize, u64)> {
    let plays: Vec<Play> = times.iter().map(|time| Play::new(time, "Ida Kestrel", "Song")).collect();
    let face = face(&History::of(&plays, zone), &Filter::default());
    face.hours().iter().enumerate().filter(|(_, heard)| heard.plays > 0).map(|(hour, it)| (hour, it.plays)).collect()
}

#[test]
fn hours_are_the_wall_clocks_when_it_is_set() {
    // In Berlin 02:00 to 03:00 came twice on 2022-10-30, and never on 2022-03-27.
    let back = ["2022-10-29T23:59:59Z", "2022-10-30T00:00:00Z", "2022-10-30T01:00:00Z", "2022-10-30T02:00:00Z"];
    assert_eq!(hours("Europe/Berlin", &back), [(1, 1), (2, 2), (3, 1)]);
    let forth = ["2022-03-27T00:59:59Z", "2022-03-27T01:00:00Z"];
    assert_eq!(hours("Europe/Berlin", &forth), [(1, 1), (3, 1)]);
    // Lord Howe Island sets its clocks by half an hour: 01:30 to 02:00 came twice.
    let half = ["2022-04-02T14:29:00Z", "2022-04-02T14:45:00Z", "2022-04-02T15:15:00Z", "2022-04-02T15:31:00Z"];
    assert_eq!(hours("Australia/Lord_Howe", &half), [(1, 3), (2, 1)]);
    assert_eq!(hours("Asia/Kathmandu", &["2024-02-29T18:14:59Z", "2024-02-29T18:15:00Z"]), [(0, 1), (23, 1)]);
}

#[test]
fn weekdays_and_time_played_are_counted_and_wrong_clocks_are_not() {
    let plays = [
        Play::new("2024-02-26T00:00:00Z", "Ida Kestrel", "Song").lasting(200_000),
        Play::new("2024-03-03T23:59:59Z", "Ida Kestrel", "Song"),
        Play::new("2024-03-03T23:00:00Z", "Ora", "Song").lasting(29_999),
        Play { at: 0, ..Play::new("2024-03-03T23:00:00Z", "Ora", "Undated") },
        Play::new("2001-12-31T23:59:59Z", "Ora", "Early"),
        Play::new("2024-06-02T00:00:00Z", "Ora", "Late"),
    ];
    let history = History::of(&plays, "UTC");
    let mut filter = Filter::default();
    filter.counting.undated = true;
    filter.counting.implausible = true;
    let face = face(&history, &filter);
    assert_eq!(face.grid[0][0], Amount { plays: 1, ms_played: 200_000 });
    assert_eq!(face.grid[6][23], Amount { plays: 1, ms_played: 0 });
    assert_eq!(face.weekdays().map(|heard| heard.plays), [1, 0, 0, 0, 0, 0, 1]);
    assert_eq!(face.total().plays, 2);
}
