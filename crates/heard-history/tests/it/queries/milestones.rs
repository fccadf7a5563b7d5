//! Round numbers and anniversaries.

use heard_history::stats::{Date, Filter, Milestone, MilestoneKind, Period, Round, milestones};
use serde_json::{Value, json};

use super::{History, LISTENER, Play, day_of, same};

fn found(history: &History, kind: MilestoneKind, round: Round, filter: &Filter) -> Vec<Milestone> {
    milestones(&history.columns(), &[kind], round, filter, &history.zone, history.now).unwrap()
}

const ROUNDS: [(Round, u64); 3] = [(Round::Usual, 0), (Round::Every(7), 7), (Round::Every(1), 1)];

pub(super) fn check(history: &History, filter: &Filter) {
    for (round, every) in ROUNDS {
        let row = |it: &Milestone| {
            assert_eq!(it.number, it.listens);
            json!({
                "number": it.number, "day": it.day.to_string(), "played_at": it.played_at, "artist": it.artist,
                "track": it.track,
            })
        };
        let ours: Vec<Value> = found(history, MilestoneKind::Listen, round, filter).iter().map(row).collect();
        same("milestones", filter, &ours, &history.asked("milestones", filter, &[(":every", &every.cast_signed())]));
    }
}

pub(super) fn check_artists(history: &History, filter: &Filter) {
    for (round, every) in ROUNDS {
        let row = |it: &Milestone| {
            json!({
                "artist": it.artist, "number": it.number, "day": it.day.to_string(), "played_at": it.played_at,
                "track": it.track, "listens": it.listens,
            })
        };
        let ours: Vec<Value> = found(history, MilestoneKind::Artist, round, filter).iter().map(row).collect();
        let more: [(&str, &dyn rusqlite::ToSql); 2] =
            [(":every", &every.cast_signed()), (":placeholders", &filter.counting.placeholders)];
        same("milestones_artists", filter, &ours, &history.asked("milestones_artists", filter, &more));
    }
}

pub(super) fn check_anniversaries(history: &History, filter: &Filter) {
    let row = |it: &Milestone| json!({ "years": it.number, "day": it.day.to_string(), "listens": it.listens });
    let ours: Vec<Value> = found(history, MilestoneKind::Anniversary, Round::Usual, filter).iter().map(row).collect();
    let today = day_of(history, history.now).to_string();
    same("anniversaries", filter, &ours, &history.asked("anniversaries", filter, &[(":today", &today)]));
}

fn told(found: &[Milestone]) -> Vec<String> {
    found.iter().map(|it| format!("{} {} {}", it.number, it.day, it.listens)).collect()
}

#[test]
fn a_leap_day_has_its_anniversary_every_year() {
    let play = |time: &str| Play::new(time, "Ida Kestrel", "Song");
    let plays = [
        play("2016-02-29T12:00:00Z"),
        play("2017-02-27T12:00:00Z"),
        play("2017-02-28T00:00:00Z"),
        play("2024-01-01T00:00:00Z"),
    ];
    let history = History::of(&plays, "UTC");
    let all = found(&history, MilestoneKind::Anniversary, Round::Usual, &Filter::default());
    assert_eq!(
        told(&all),
        [
            "1 2017-02-28 2",
            "2 2018-02-28 3",
            "3 2019-02-28 3",
            "4 2020-02-29 3",
            "5 2021-02-28 3",
            "6 2022-02-28 3",
            "7 2023-02-28 3",
            "8 2024-02-29 4",
        ]
    );
    check_anniversaries(&history, &Filter { listener: Some(LISTENER.to_owned()), ..Filter::default() });
    let until = Period::Between { from: None, to: Some(Date::parse("2018-02-28").unwrap()) };
    let filter = Filter { period: until, ..Filter::default() };
    assert_eq!(told(&found(&history, MilestoneKind::Anniversary, Round::Usual, &filter)), ["1 2017-02-28 2"]);
}

#[test]
fn an_anniversary_is_the_wall_clocks_day() {
    // 23:00 UTC on the last day of May is the first of June in Berlin, where it is that day now.
    let plays = [Play::new("2021-05-31T22:00:00Z", "Ida Kestrel", "Song")];
    let all =
        found(&History::of(&plays, "Europe/Berlin"), MilestoneKind::Anniversary, Round::Usual, &Filter::default());
    assert_eq!(told(&all), ["1 2022-06-01 1", "2 2023-06-01 1", "3 2024-06-01 1"]);
    let all =
        found(&History::of(&plays, "America/New_York"), MilestoneKind::Anniversary, Round::Usual, &Filter::default());
    assert_eq!(told(&all), ["1 2022-05-31 1", "2 2023-05-31 1", "3 2024-05-31 1"]);
}

#[test]
fn milestones_of_all_kinds_are_in_order_of_time() {
    let plays: Vec<Play> = (0..1_000)
        .map(|n| Play { at: 1_600_000_000 + n * 86_400, ..Play::new("2020-01-01T00:00:00Z", "Ida Kestrel", "Song") })
        .collect();
    let history = History::of(&plays, "UTC");
    let kinds = [MilestoneKind::Artist, MilestoneKind::Listen, MilestoneKind::Anniversary];
    let all =
        milestones(&history.columns(), &kinds, Round::Usual, &Filter::default(), &history.zone, history.now).unwrap();
    let told: Vec<_> = all.iter().map(|it| (it.kind, it.number, it.listens)).collect();
    assert_eq!(
        told,
        [
            (MilestoneKind::Listen, 1, 1),
            (MilestoneKind::Artist, 100, 100),
            (MilestoneKind::Anniversary, 1, 365),
            (MilestoneKind::Anniversary, 2, 730),
            (MilestoneKind::Listen, 1_000, 1_000),
            (MilestoneKind::Artist, 1_000, 1_000),
            (MilestoneKind::Anniversary, 3, 1_000),
        ]
    );
}
