//! How much on each day.

use heard_history::stats::{CalendarDay, Filter, Period, calendar};
use serde_json::{Value, json};

use super::{History, Play, same};

fn days(history: &History, filter: &Filter) -> Vec<CalendarDay> {
    calendar(&history.columns(), filter, &history.zone, history.now).unwrap()
}

pub(super) fn check(history: &History, filter: &Filter) {
    let days = days(history, filter);
    let ours: Vec<Value> = days
        .iter()
        .filter(|it| it.amount.plays > 0)
        .map(|it| json!({ "day": it.day.to_string(), "plays": it.amount.plays, "ms_played": it.amount.ms_played }))
        .collect();
    same("calendar", filter, &ours, &history.asked("calendar", filter, &[]));
    match filter.period {
        Period::Year(year) => {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            assert_eq!(days.len(), if leap { 366 } else { 365 });
            assert!(days.iter().all(|it| it.day.year() == year) && days.is_sorted_by_key(|it| it.day));
        }
        _ => assert_eq!(days.len(), ours.len(), "a day without plays has no row"),
    }
}

fn heard(zone: &str, times: &[&str]) -> Vec<(String, u64)> {
    let plays: Vec<Play> = times.iter().map(|time| Play::new(time, "Ida Kestrel", "Song")).collect();
    let found = days(&History::of(&plays, zone), &Filter::default());
    found.into_iter().map(|it| (it.day.to_string(), it.amount.plays)).collect()
}

fn expected(days: &[(&str, u64)]) -> Vec<(String, u64)> {
    days.iter().map(|(day, plays)| ((*day).to_owned(), *plays)).collect()
}

#[test]
fn a_play_belongs_to_the_day_of_the_wall_clock() {
    let midnights = ["2023-12-31T22:59:59Z", "2023-12-31T23:00:00Z", "2024-02-28T23:00:00Z", "2024-02-29T22:59:59Z"];
    let berlin = expected(&[("2023-12-31", 1), ("2024-01-01", 1), ("2024-02-29", 2)]);
    assert_eq!(heard("Europe/Berlin", &midnights), berlin);
    // The day of 25 hours, and the one of 23.
    let long = ["2022-10-29T22:00:00Z", "2022-10-30T22:59:59Z", "2022-10-30T23:00:00Z"];
    assert_eq!(heard("Europe/Berlin", &long), expected(&[("2022-10-30", 2), ("2022-10-31", 1)]));
    let short = ["2022-03-26T23:00:00Z", "2022-03-27T21:59:59Z", "2022-03-27T22:00:00Z"];
    assert_eq!(heard("Europe/Berlin", &short), expected(&[("2022-03-27", 2), ("2022-03-28", 1)]));
    // In São Paulo a day had two hours from 23:00; in Apia 2011-12-30 never was.
    let back = ["2018-02-18T01:59:59Z", "2018-02-18T02:00:00Z", "2018-02-18T03:00:00Z"];
    assert_eq!(heard("America/Sao_Paulo", &back), expected(&[("2018-02-17", 2), ("2018-02-18", 1)]));
    let over = ["2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"];
    assert_eq!(heard("Pacific/Apia", &over), expected(&[("2011-12-29", 1), ("2011-12-31", 1)]));
}

#[test]
fn a_year_has_all_its_days() {
    let plays = [Play::new("2024-02-29T12:00:00Z", "Ida Kestrel", "Song").lasting(61_000)];
    let filter = Filter { period: Period::Year(2024), ..Filter::default() };
    let days = days(&History::of(&plays, "UTC"), &filter);
    assert_eq!(
        (days.len(), days[0].day.to_string(), days[365].day.to_string()),
        (366, "2024-01-01".into(), "2024-12-31".into())
    );
    let leap = &days[59];
    assert_eq!((leap.day.to_string(), leap.amount.plays, leap.amount.ms_played), ("2024-02-29".into(), 1, 61_000));
    assert_eq!((leap.day.month(), leap.day.day(), leap.day.weekday()), (2, 29, 3), "a Thursday");
    assert_eq!(days.iter().map(|it| it.amount.plays).sum::<u64>(), 1);
}
