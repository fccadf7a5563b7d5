//! Sittings.

use heard_history::stats::{Filter, SessionOrder, Sessions, sessions};
use serde_json::{Value, json};

use super::{History, Play, same};

const TWENTY_MINUTES: u64 = 20 * 60_000;

fn found(history: &History, gap_ms: u64, order: SessionOrder, filter: &Filter, limit: u32) -> Sessions {
    sessions(&history.columns(), gap_ms, order, filter, &history.zone, history.now, limit as usize).unwrap()
}

pub(super) fn check(history: &History, filter: &Filter) {
    let (length, plays) = ((SessionOrder::Length, "length"), (SessionOrder::Plays, "plays"));
    for (gap_ms, (order, by), limit) in
        [(TWENTY_MINUTES, length, 1_000_000), (TWENTY_MINUTES, plays, 3), (60_000, length, 4), (0, plays, 1_000_000)]
    {
        let found = found(history, gap_ms, order, filter, limit);
        let ours: Vec<Value> = found
            .rows
            .iter()
            .map(|it| {
                json!({
                    "started_at": it.started_at, "length_ms": it.length_ms, "plays": it.plays,
                    "ms_played": it.ms_played, "artist": it.artist,
                })
            })
            .collect();
        let more: [(&str, &dyn rusqlite::ToSql); 4] = [
            (":gap_ms", &i64::try_from(gap_ms).unwrap()),
            (":by", &by),
            (":limit", &limit),
            (":placeholders", &filter.counting.placeholders),
        ];
        same("sessions", filter, &ours, &history.asked("sessions", filter, &more));
        if limit > 10 {
            let sum = |value: fn(&heard_history::stats::Session) -> u64| found.rows.iter().map(value).sum::<u64>();
            assert_eq!((found.total, found.plays), (found.rows.len() as u64, sum(|it| it.plays)));
            assert_eq!((found.length_ms, found.ms_played), (sum(|it| it.length_ms), sum(|it| it.ms_played)));
        }
    }
}

#[test]
fn twenty_minutes_of_silence_end_a_sitting_whatever_the_clock_shows() {
    let play = |time: &str, artist: &str| Play::new(time, artist, "Song");
    let plays = [
        // Over local midnight and the end of a year.
        play("2023-12-31T22:50:00Z", "Ora").lasting(300_000),
        play("2023-12-31T23:14:59Z", "Ida Kestrel").lasting(61_500),
        play("2023-12-31T23:20:00Z", "Ida Kestrel"),
        play("2023-12-31T23:40:00Z", "Ora"),
        // Clocks go from 02:00 to 03:00 in between: no silence at all.
        play("2024-03-31T00:58:00Z", "Ora").lasting(120_000),
        play("2024-03-31T01:00:00Z", "Ida Kestrel").lasting(40_000),
    ];
    let history = History::of(&plays, "Europe/Berlin");
    let found = found(&history, TWENTY_MINUTES, SessionOrder::Length, &Filter::default(), 10);
    let rows: Vec<_> =
        found.rows.iter().map(|it| (it.length_ms, it.plays, it.ms_played, it.artist.as_deref())).collect();
    assert_eq!(
        rows,
        [
            (1_800_000, 3, 361_500, Some("Ida Kestrel")),
            (160_000, 2, 160_000, Some("Ida Kestrel")),
            (0, 1, 0, Some("Ora"))
        ]
    );
    let first = &found.rows[0];
    assert_eq!(first.ended_at(), first.started_at + 1_800);
    assert_eq!(first.started_local - first.started_at, 3_600, "winter");
    assert_eq!((found.total, found.plays, found.length_ms, found.ms_played), (3, 6, 1_960_000, 521_500));
}
