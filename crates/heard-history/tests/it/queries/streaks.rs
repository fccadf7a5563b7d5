//! Days in a row.

use heard_history::stats::{Filter, Kind, Streak, StreaksOf, gaps, streaks, streaks_of};
use jiff::ToSpan;
use jiff::civil;
use serde_json::{Value, json};

use super::{History, Play, day_of, same};

fn row(streak: &Streak) -> Value {
    json!({
        "first_day": streak.first_day.to_string(), "last_day": streak.last_day.to_string(), "days": streak.days,
        "plays": streak.plays,
    })
}

pub(super) fn check(history: &History, filter: &Filter) {
    for limit in [0, 3, 1_000_000_u32] {
        let found = streaks(&history.columns(), filter, &history.zone, history.now, limit as usize).unwrap();
        let ours: Vec<Value> = found.longest.iter().map(row).collect();
        same("streaks", filter, &ours, &history.asked("streaks", filter, &[(":limit", &limit)]));
        if limit > 3 {
            assert_eq!(found.longest.len(), found.total);
            let current: Vec<&Streak> = found.longest.iter().filter(|streak| streak.is_current).collect();
            assert_eq!(current.into_iter().max_by_key(|streak| streak.last_day), found.current.as_ref());
        }
    }
}

fn check_of(history: &History, filter: &Filter, kind: Kind, title: &str) {
    let name = format!("streaks_{}", kind.name());
    let yesterday = day_of(history, history.now).yesterday().unwrap().to_string();
    for (limit, current) in [(0_u32, false), (4, false), (4, true), (1_000_000, false), (1_000_000, true)] {
        let since = if current { &yesterday } else { "0000-01-01" };
        let found =
            streaks_of(&history.columns(), kind, current, filter, &history.zone, history.now, limit as usize).unwrap();
        let StreaksOf { longest: found, total } = found;
        let ours: Vec<Value> = found
            .iter()
            .map(|streak| {
                let mut row = row(streak);
                row["artist"] = streak.artist.clone().into();
                if let Some(text) = &streak.title {
                    row[title] = text.clone().into();
                }
                row
            })
            .collect();
        let more: [(&str, &dyn rusqlite::ToSql); 3] =
            [(":limit", &limit), (":since_day", &since), (":placeholders", &filter.counting.placeholders)];
        same(&name, filter, &ours, &history.asked(&name, filter, &more));
        assert!(!current || found.iter().all(|streak| streak.is_current));
        assert!(limit < 1_000 || total == found.len());
    }
}

pub(super) fn check_artists(history: &History, filter: &Filter) {
    check_of(history, filter, Kind::Artists, "");
}

pub(super) fn check_albums(history: &History, filter: &Filter) {
    check_of(history, filter, Kind::Albums, "album");
}

pub(super) fn check_tracks(history: &History, filter: &Filter) {
    check_of(history, filter, Kind::Tracks, "track");
}

pub(super) fn check_gaps(history: &History, filter: &Filter) {
    for limit in [0, 3, 1_000_000_u32] {
        let found = gaps(&history.columns(), filter, &history.zone, history.now, limit as usize).unwrap();
        let day = |text: String| text.parse::<civil::Date>().unwrap();
        let ours: Vec<Value> = found
            .longest
            .iter()
            .map(|gap| {
                let before = day(gap.first_day.to_string()).checked_sub(1.day()).unwrap();
                let again = day(gap.last_day.to_string()).checked_add(1.day()).unwrap();
                json!({ "heard_before": before.to_string(), "heard_again": again.to_string(), "days": gap.days })
            })
            .collect();
        same("gaps", filter, &ours, &history.asked("gaps", filter, &[(":limit", &limit)]));
        assert!(limit <= 3 || found.total == ours.len());
    }
}

/// `first day..last day` of each streak, and `!` behind the one that goes on.
fn told(streaks: &[Streak]) -> Vec<String> {
    let told = |it: &Streak| format!("{}..{}{}", it.first_day, it.last_day, if it.is_current { "!" } else { "" });
    streaks.iter().map(told).collect()
}

fn on(times: &[&str]) -> Vec<Play> {
    times.iter().map(|time| Play::new(time, "Ida Kestrel", "Song")).collect()
}

#[test]
fn days_in_a_row_go_over_leap_days_years_and_changes_of_the_clock() {
    let plays = on(&[
        "2022-10-29T12:00:00Z",
        "2022-10-30T22:59:00Z",
        "2022-10-30T23:00:00Z", // a day of 25 hours, and the next
        "2023-12-31T12:00:00Z",
        "2024-01-01T12:00:00Z",
        "2024-02-28T12:00:00Z",
        "2024-02-29T12:00:00Z",
        "2024-03-01T12:00:00Z",
        "2024-03-01T13:00:00Z",
        "2024-05-31T21:59:59Z", // the evening of the day before today
    ]);
    let history = History::of(&plays, "Europe/Berlin");
    let found = streaks(&history.columns(), &Filter::default(), &history.zone, history.now, 10).unwrap();
    assert_eq!(
        told(&found.longest),
        ["2022-10-29..2022-10-31", "2024-02-28..2024-03-01", "2023-12-31..2024-01-01", "2024-05-31..2024-05-31!"]
    );
    assert_eq!((found.longest[1].days, found.longest[1].plays, found.total), (3, 4, 4));
    assert_eq!(found.current.as_ref(), found.longest.last());

    let gaps = gaps(&history.columns(), &Filter::default(), &history.zone, history.now, 2).unwrap();
    let told: Vec<String> =
        gaps.longest.iter().map(|gap| format!("{}..{} {}", gap.first_day, gap.last_day, gap.days)).collect();
    assert_eq!(told, ["2022-11-01..2023-12-30 425", "2024-03-02..2024-05-30 90"]);
    assert_eq!((gaps.total, gaps.current), (3, None));
}

#[test]
fn a_streak_is_over_when_a_whole_day_went_by() {
    // Now it is 02:00 on 2024-06-01 in Berlin.
    for (last, is_current) in
        [("2024-05-30T21:59:59Z", false), ("2024-05-30T22:00:00Z", true), ("2024-05-31T23:00:00Z", true)]
    {
        let history = History::of(&on(&[last]), "Europe/Berlin");
        let found = streaks(&history.columns(), &Filter::default(), &history.zone, history.now, 1).unwrap();
        assert_eq!((found.current.is_some(), found.longest[0].is_current), (is_current, is_current), "{last}");
        let gaps = gaps(&history.columns(), &Filter::default(), &history.zone, history.now, 1).unwrap();
        assert_eq!(gaps.current.map(|gap| gap.days), (!is_current).then_some(1), "{last}");
    }
}

#[test]
fn streaks_are_each_artists_own() {
    let play = |day: u8, artist: &str| Play::new(&format!("2024-03-{day:02}T12:00:00Z"), artist, "Song");
    let plays: Vec<Play> =
        [(1, "B"), (2, "B"), (2, "A"), (3, "A"), (5, "A"), (6, "A"), (9, "C"), (10, "Unknown Artist")]
            .map(|(day, artist)| play(day, artist))
            .to_vec();
    let history = History::of(&plays, "UTC");
    let found = streaks_of(&history.columns(), Kind::Artists, false, &Filter::default(), &history.zone, history.now, 9);
    let found = found.unwrap().longest;
    assert_eq!(told(&found), ["2024-03-01..2024-03-02", "2024-03-02..2024-03-03", "2024-03-09..2024-03-09"]);
    assert_eq!(found.iter().filter_map(|it| it.artist.as_deref()).collect::<Vec<_>>(), ["B", "A", "C"]);
}
