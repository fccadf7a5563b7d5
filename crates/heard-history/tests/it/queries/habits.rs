//! How often, since when and at what intervals; albums of which one track is known.

use heard_history::stats::{Counting, Filter, Habit, Kind, OneTrack, Period, habits, heard_ever, one_track};
use serde_json::{Value, json};

use super::{History, LISTENER, Play, same};

pub(super) fn check(history: &History, filter: &Filter) {
    let found = habits(&history.columns(), Kind::Artists, filter, &history.zone, history.now).unwrap();
    let row = |it: &Habit| {
        json!({
            "artist": it.name.artist(), "plays": it.plays, "first_at": it.first_at, "last_at": it.last_at,
            "days": it.days, "usual_gap": it.usual_gap,
        })
    };
    let ours: Vec<Value> = found.iter().map(row).collect();
    let more: [(&str, &dyn rusqlite::ToSql); 1] = [(":placeholders", &filter.counting.placeholders)];
    same("habits", filter, &ours, &history.asked("habits", filter, &more));
}

pub(super) fn check_one_track(history: &History, filter: &Filter) {
    let mut found = one_track(&history.columns(), filter, &history.zone, history.now).unwrap();
    let key = |it: &OneTrack| (it.artist.clone(), it.album.clone(), it.track.clone(), it.plays, it.last_at);
    assert!(found.is_sorted_by_key(|it| (&it.artist, &it.album)));
    found.sort_by_key(key);
    let row = |it: &OneTrack| {
        json!({
            "artist": it.artist, "album": it.album, "track": it.track, "plays": it.plays, "last_at": it.last_at,
        })
    };
    let ours: Vec<Value> = found.iter().map(row).collect();
    let more: [(&str, &dyn rusqlite::ToSql); 1] = [(":placeholders", &filter.counting.placeholders)];
    same("one_track_albums", filter, &ours, &history.asked("one_track_albums", filter, &more));
}

fn ever() -> Filter {
    Filter { listener: Some(LISTENER.to_owned()), ..Filter::default() }
}

fn on(day: &str, artist: &str, album: &str, track: &str) -> Play {
    Play { album: album.to_owned(), ..Play::new(&format!("{day}T20:00:00Z"), artist, track) }
}

#[test]
fn gaps_are_those_between_days() {
    let days = ["2024-01-01", "2024-01-01", "2024-01-03", "2024-01-10", "2024-01-13", "2024-03-01"];
    let mut plays: Vec<Play> = days.map(|day| on(day, "Ada", "One", "A")).to_vec();
    plays.extend(["2024-01-01", "2024-01-02", "2024-01-03"].map(|day| on(day, "Bo", "One", "A")));
    let history = History::of(&plays, "UTC");
    check(&history, &ever());
    let found = habits(&history.columns(), Kind::Artists, &ever(), &history.zone, history.now).unwrap();
    // Ada's gaps are 2, 7, 3 and 48 days; the same row twice is one play.
    let told = |it: &Habit| (it.name.artist().to_owned(), it.plays, it.days, it.usual_gap);
    assert_eq!(found.iter().map(told).collect::<Vec<_>>(), [("Ada".into(), 5, 5, Some(7)), ("Bo".into(), 3, 3, None)]);
    check(&history, &Filter { period: Period::Year(2024), ..ever() });
    assert_eq!(habits(&history.columns(), Kind::Tracks, &ever(), &history.zone, history.now).unwrap().len(), 2);
}

#[test]
fn one_track_is_one_however_often_it_was_heard() {
    let plays = [
        on("2024-01-01", "Ada", "Rooms", "Door"),
        on("2024-01-02", "Ada", "Rooms", "Door"),
        on("2024-01-01", "Bo", "Rooms", "Door"),
        on("2024-01-02", "Bo", "Rooms", "Wall"),
        on("2024-01-02", "Cy", "", "Loose"),
        on("2024-01-03", "Di", "Late", "One"),
        // Too short to count: it is not known by it.
        on("2024-01-04", "Di", "Late", "Two").lasting(5_000),
    ];
    let history = History::of(&plays, "UTC");
    check_one_track(&history, &ever());
    let found = one_track(&history.columns(), &ever(), &history.zone, history.now).unwrap();
    let told = |it: &OneTrack| (it.artist.clone(), it.track.clone(), it.plays);
    assert_eq!(
        found.iter().map(told).collect::<Vec<_>>(),
        [("Ada".into(), "Door".into(), 2), ("Di".into(), "One".into(), 1)]
    );
}

#[test]
fn whatever_was_ever_played_is_known() {
    let undated = Play { at: 0, ..on("2024-01-01", "Undated", "", "T") };
    let early = on("1999-01-01", "Early", "", "T");
    let plays = [
        on("2024-01-01", "Short", "", "T").lasting(1_000),
        undated,
        early,
        on("2024-01-01", "Unknown Artist", "", "T"),
    ];
    let history = History::of(&plays, "UTC");
    let names = |listener: Option<&str>| -> Vec<String> {
        let heard = heard_ever(&history.columns(), Kind::Artists, listener).unwrap();
        heard.iter().map(|name| name.artist().to_owned()).collect()
    };
    assert_eq!(names(Some(LISTENER)), ["Early", "Short", "Undated", "Unknown Artist"]);
    assert_eq!(names(Some("nobody")), [""; 0]);
    let counting = Counting { placeholders: true, ..Counting::default() };
    check(&history, &Filter { counting, ..ever() });
}
