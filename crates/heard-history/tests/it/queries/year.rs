//! Comebacks, and a year in review.

use heard_history::stats::{
    By, Change, Counting, Date, Filter, MilestoneKind, Period, Wrapped, comeback, wrapped, year_to_review,
};
use serde_json::{Value, json};

use super::{History, LISTENER, NOW, Play, same};

pub(super) fn check_comeback(history: &History, filter: &Filter) {
    let found = comeback(&history.columns(), filter, &history.zone, history.now).unwrap();
    let row = |it: &heard_history::stats::Comeback| {
        assert_eq!(it.days(), u64::try_from((it.returned_at - it.left_at) / 86_400).unwrap());
        json!({ "artist": it.artist, "left_at": it.left_at, "returned_at": it.returned_at, "plays": it.plays })
    };
    let ours: Vec<Value> = found.iter().map(row).collect();
    let more: [(&str, &dyn rusqlite::ToSql); 1] = [(":placeholders", &filter.counting.placeholders)];
    same("comeback", filter, &ours, &history.asked("comeback", filter, &more));
}

/// So many plays, four minutes apart, from that moment on.
fn some(time: &str, count: i64, artist: &str, track: &str) -> impl Iterator<Item = Play> {
    let first = Play { album: format!("{artist}'s"), ..Play::new(time, artist, track).lasting(240_000) };
    (0..count).map(move |nth| Play { at: first.at + nth * 240, ..first.clone() })
}

fn year(history: &History, year: i16) -> Wrapped {
    let filter = Filter { period: Period::Year(year), listener: Some(LISTENER.to_owned()), ..Filter::default() };
    check_comeback(history, &filter);
    wrapped(&history.columns(), By::Plays, &filter, &history.zone, history.now).unwrap()
}

/// Plays that can be counted by hand.
fn counted() -> History {
    let plays = [
        some("2020-05-01T20:00:00Z", 3, "Old Harbour", "Low Tide"),
        some("2021-03-01T20:00:00Z", 2, "Gone Lantern", "Smoke"),
        some("2022-01-10T20:00:00Z", 4, "Tin Meadow", "Scythe"),
        some("2022-12-31T23:30:00Z", 1, "Tin Meadow", "Scythe"),
        // 1,000 days and more after the first ones, but only four of them; then six of one that was gone for less.
        some("2023-02-01T20:00:00Z", 4, "Old Harbour", "Low Tide"),
        some("2023-02-02T20:00:00Z", 6, "Gone Lantern", "Smoke"),
        some("2023-02-03T07:00:00Z", 2, "Tin Meadow", "Scythe"),
        some("2023-06-05T21:00:00Z", 7, "Mira Vale", "Nine"),
        some("2023-06-12T21:00:00Z", 3, "Tin Meadow", "Barn"),
        some("2023-11-01T21:00:00Z", 5, "Glass Oar", "Row"),
        // After the year: it is not known of.
        some("2024-01-01T00:00:00Z", 9, "Old Harbour", "Low Tide"),
    ];
    History::of(&plays.into_iter().flatten().collect::<Vec<_>>(), "UTC")
}

#[test]
fn a_year_in_review_can_be_counted_by_hand() {
    let found = year(&counted(), 2023);
    assert!(found.is_over);
    assert_eq!((found.numbers.plays, found.numbers.ms_played), (27, 27 * 240_000));
    assert_eq!((found.numbers.artists, found.numbers.albums, found.numbers.tracks), (5, 5, 6));
    assert_eq!((found.new_artists, found.numbers.days_heard, found.days.len()), (2, 6, 365));
    let places: Vec<_> = found.artists.rows.iter().map(|row| (row.artist.as_str(), row.plays, row.change)).collect();
    assert_eq!(
        places,
        [
            ("Mira Vale", 7, Some(Change::New)),
            ("Gone Lantern", 6, Some(Change::New)),
            ("Glass Oar", 5, Some(Change::New)),
            ("Tin Meadow", 5, Some(Change::Up(-3))),
            ("Old Harbour", 4, Some(Change::New)),
        ]
    );
    assert_eq!(found.top_month().map(|month| (month.unit.to_string(), month.plays)), Some(("2023-02".into(), 12)));
    let day = found.busiest_day().unwrap();
    assert_eq!((day.day.to_string().as_str(), day.amount.plays), ("2023-06-05", 7));
    assert_eq!(found.peak_hour(), Some((21, 15)));
    assert_eq!(found.peak_weekday(), Some((0, 10)), "Mondays");
    let streak = found.streak.as_ref().unwrap();
    assert_eq!((streak.first_day.to_string().as_str(), streak.days, streak.plays), ("2023-02-01", 3, 12));
    let sitting = found.sitting.as_ref().unwrap();
    assert_eq!((sitting.plays, sitting.length_ms), (7, 7 * 240_000));
    assert_eq!(found.most_loyal().map(|it| (it.artist.as_str(), it.times, it.plays)), Some(("Tin Meadow", 2, 5)));
    let discovery = found.discovery.as_ref().unwrap();
    assert_eq!((discovery.artist.as_str(), discovery.plays), ("Mira Vale", 7));
    let comeback = found.comeback.as_ref().unwrap();
    assert_eq!((comeback.artist.as_str(), comeback.plays, comeback.days()), ("Gone Lantern", 6, 702));
    let kinds: Vec<_> = found.milestones.iter().map(|it| (it.kind, it.number, it.day.to_string())).collect();
    assert_eq!(kinds, [(MilestoneKind::Anniversary, 3, "2023-05-01".to_owned())]);
    let before = found.before.unwrap();
    assert_eq!((before.period, before.numbers.plays, before.months.len()), (Period::Year(2022), 5, 12));
}

#[test]
fn a_year_after_silence_has_nothing_to_be_compared_with() {
    let found = year(&counted(), 2020);
    assert_eq!((found.numbers.plays, found.new_artists), (3, 1));
    assert!(found.before.is_none());
    assert!(found.artists.rows.iter().chain(&found.tracks.rows).all(|row| row.change.is_none()));
    let kinds: Vec<_> = found.milestones.iter().map(|it| (it.kind, it.number)).collect();
    assert_eq!(kinds, [(MilestoneKind::Listen, 1)]);
}

#[test]
fn five_plays_make_a_comeback_and_the_end_of_the_year_ends_the_count() {
    let found = year(&counted(), 2024);
    assert!(!found.is_over, "it is June");
    // Back in 2023 with four plays, and heard on in 2024: no silence of a year before that.
    assert_eq!(found.comeback, None);
    let since = |from: &str| {
        let period = Period::Between { from: Some(Date::parse(from).unwrap()), to: None };
        let filter = Filter { period, listener: Some(LISTENER.to_owned()), ..Filter::default() };
        check_comeback(&counted(), &filter);
        let history = counted();
        comeback(&history.columns(), &filter, &history.zone, NOW).unwrap().map(|it| (it.artist, it.plays))
    };
    assert_eq!(since("2023-01-01"), Some(("Old Harbour".to_owned(), 13)));
    assert_eq!(since("2023-02-02"), Some(("Gone Lantern".to_owned(), 6)));
    assert_eq!(since("2023-02-03"), None);
}

#[test]
fn nothing_one_play_and_plays_without_a_place_in_the_calendar() {
    let nothing = year(&History::of(&[], "UTC"), 2023);
    assert_eq!((nothing.numbers.plays, nothing.busiest_day(), nothing.peak_hour()), (0, None, None));
    assert!(nothing.top_month().is_none() && nothing.most_loyal().is_none() && nothing.sitting.is_none());
    let undated = Play { at: 0, ..Play::new("2023-03-03T03:00:00Z", "Ora", "Undated") };
    let history = History::of(&[Play::new("2023-12-31T23:59:59Z", "Ora", "Song"), undated], "Asia/Kathmandu");
    assert_eq!(year(&history, 2023).numbers.plays, 0, "it is 2024 there");
    let mut filter = Filter { period: Period::Everything, ..Filter::default() };
    filter.counting = Counting { undated: true, implausible: true, ..filter.counting };
    let found = wrapped(&history.columns(), By::Time, &filter, &history.zone, history.now).unwrap();
    assert_eq!((found.numbers.plays, found.artists.total_plays, found.days.len()), (1, 1, 1));
    assert_eq!(found.peak_hour(), Some((5, 1)));
    assert!(!found.is_over && found.before.is_none());
    for far in [1, 9998] {
        assert_eq!(year(&history, far).numbers.plays, 0);
    }
}

#[test]
fn the_year_to_review_is_over() {
    let at = |time: &str| time.parse::<jiff::Timestamp>().unwrap().as_second();
    let history = counted();
    let chosen = |now: &str| year_to_review(&history.columns(), &Filter::default(), &history.zone, at(now)).unwrap();
    assert_eq!(chosen("2024-06-01T00:00:00Z"), 2023, "2024 goes on");
    assert_eq!(chosen("2024-11-30T23:59:59Z"), 2023);
    assert_eq!(chosen("2024-12-01T00:00:00Z"), 2024);
    assert_eq!(chosen("2030-01-01T00:00:00Z"), 2024, "the last with plays");
    assert_eq!(chosen("2021-02-01T00:00:00Z"), 2020);
    assert_eq!(chosen("2020-06-01T00:00:00Z"), 2020, "there is no other");
    let nobody = Filter { artist: Some("nobody".to_owned()), ..Filter::default() };
    let of_nobody = |now: &str| year_to_review(&history.columns(), &nobody, &history.zone, at(now)).unwrap();
    assert_eq!((of_nobody("2024-06-01T00:00:00Z"), of_nobody("2024-12-31T00:00:00Z")), (2023, 2024));
}
