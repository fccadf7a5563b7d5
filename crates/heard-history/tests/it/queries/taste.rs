//! Rankings, charts, trends, discoveries and numbers.

use heard_history::identity::Needle;
use heard_history::stats::{
    By, Change, ChartQuestion, Discoveries, Discovery, DiscoveryQuestion, FORGOTTEN_AFTER, Filter, Kind, LATELY_MONTHS,
    Numbers, Placed, STUCK_PLAYS, Trends, Unit, Which, charts, discoveries, numbers, rank_history,
    ranking, trends,
};
use jiff::ToSpan;
use jiff::civil::Weekday;
use rusqlite::ToSql;
use serde_json::{Value, json};

use super::{History, days, same};

const KINDS: [Kind; 3] = [Kind::Artists, Kind::Albums, Kind::Tracks];
const UNITS: [Unit; 4] = [Unit::Day, Unit::Week(Weekday::Monday), Unit::Month, Unit::Year];
/// Each kind and each unit at least once; all of them together take long.
const PAIRS: [(Kind, Unit); 5] = [
    (Kind::Artists, Unit::Day),
    (Kind::Artists, UNITS[1]),
    (Kind::Albums, Unit::Month),
    (Kind::Tracks, UNITS[1]),
    (Kind::Tracks, Unit::Year),
];
const ALL: usize = 1_000_000;

/// What the query answers; `kind`, and whether placeholders have places, are told to every one of these.
fn asked(history: &History, name: &str, filter: &Filter, kind: Kind, more: &[(&str, &dyn ToSql)]) -> Vec<Value> {
    let (kind, placeholders) = (kind.name(), filter.counting.placeholders);
    let mut parameters: Vec<(&str, &dyn ToSql)> = vec![(":kind", &kind), (":placeholders", &placeholders)];
    parameters.extend(more.iter().copied());
    history.asked(name, filter, &parameters)
}

fn title(title: Option<&String>) -> &str {
    title.map_or("", String::as_str)
}

pub(super) fn check_top(history: &History, filter: &Filter) {
    for kind in KINDS {
        for limit in [3, ALL] {
            let ranked = ranking(&history.columns(), kind, By::Plays, filter, &history.zone, history.now, limit).unwrap();
            let before = filter.period.before();
            let rows: Vec<Value> = ranked
                .rows
                .iter()
                .map(|row| {
                    let rank_before = match row.change {
                        Some(Change::Up(places)) => Some(row.rank as i64 + places),
                        Some(Change::New) | None => None,
                    };
                    assert_eq!(row.change.is_some(), before.is_some());
                    json!({ "rank": row.rank, "artist": row.artist, "title": title(row.title.as_ref()),
                            "plays": row.plays, "ms_played": row.ms_played, "rank_before": rank_before })
                })
                .collect();
            let (from, to) = before.map_or_else(Default::default, days);
            let more: [(&str, &dyn ToSql); 3] =
                [(":before_from_day", &from), (":before_to_day", &to), (":limit", &(limit as i64))];
            same("top", filter, &rows, &asked(history, "top", filter, kind, &more));
        }
    }
}

pub(super) fn check_charts(history: &History, filter: &Filter) {
    for (kind, unit) in PAIRS {
        for places in if kind == Kind::Artists { [2, 10].iter() } else { [3].iter() }.copied() {
            let question = |which| ChartQuestion { kind, unit, places, which };
            let made = |which| {
                charts(&history.columns(), &question(which), filter, &history.zone, history.now).unwrap()
            };
            let all = made(Which::All);
            let rows: Vec<Value> = all
                .iter()
                .flat_map(|chart| chart.rows.iter().map(|row| (chart.unit.to_string(), row)))
                .map(|(unit, row)| {
                    json!({ "unit": unit, "rank": row.rank, "artist": row.artist, "title": title(row.title.as_ref()),
                            "plays": row.plays, "rank_before": row.before, "peak": row.peak, "times": row.times })
                })
                .collect();
            let name = unit.name();
            let more: [(&str, &dyn ToSql); 2] = [(":unit", &name), (":limit", &(places as i64))];
            same("charts", filter, &rows, &asked(history, "charts", filter, kind, &more));

            // A single chart is one of all, and so are the first places.
            if let Some(chart) = all.get(all.len() / 2) {
                assert_eq!(made(Which::At(chart.unit)), [chart.clone()]);
            }
            let firsts = made(Which::NumberOnes).into_iter().map(|chart| (chart.unit, chart.rows));
            let expected = all.iter().map(|chart| (chart.unit, chart.rows.iter().take(1).cloned().collect()));
            assert!(firsts.eq(expected));
        }
    }
}

fn trends_of(history: &History, filter: &Filter, unit: Unit, kind: Kind) -> Trends {
    trends(&history.columns(), unit, kind, filter, &history.zone, history.now, ALL).unwrap()
}

pub(super) fn check_trends(history: &History, filter: &Filter) {
    for unit in UNITS {
        let found = trends_of(history, filter, unit, Kind::Artists);
        assert!(found.rows.windows(2).all(|pair| pair[0].unit.next() == pair[1].unit), "no unit is left out");
        let heard = found.rows.iter().filter(|row| row.plays > 0);
        let rows: Vec<Value> = heard
            .map(|row| {
                json!({ "unit": row.unit.to_string(), "plays": row.plays, "artists": row.artists,
                        "ms_played": row.ms_played })
            })
            .collect();
        let name = unit.name();
        same("trends", filter, &rows, &asked(history, "trends", filter, Kind::Artists, &[(":unit", &name)]));
    }
}

pub(super) fn check_movers(history: &History, filter: &Filter) {
    for (kind, unit) in PAIRS {
        let Some(movement) = trends_of(history, filter, unit, kind).movement else { continue };
        let (before, now, name) = (movement.before.to_string(), movement.unit.to_string(), unit.name());
        let more: [(&str, &dyn ToSql); 3] = [(":unit", &name), (":before", &before), (":now_unit", &now)];
        let all = asked(history, "movers", filter, kind, &more);
        let gain = |row: &Value| row["plays"].as_i64().unwrap() - row["plays_before"].as_i64().unwrap();
        let climbers: Vec<Value> = all.iter().filter(|row| gain(row) > 0).cloned().collect();
        let mut fallers: Vec<Value> = all.into_iter().filter(|row| gain(row) < 0).collect();
        // The first by name of equal ones comes first in either list.
        fallers.sort_by_key(gain);
        for (ours, theirs) in [(movement.climbers, climbers), (movement.fallers, fallers)] {
            let ours: Vec<Value> = ours
                .iter()
                .map(|row| {
                    json!({ "artist": row.artist, "title": title(row.title.as_ref()), "plays": row.plays,
                            "plays_before": row.plays_before, "rank": row.rank, "rank_before": row.rank_before })
                })
                .collect();
            same("movers", filter, &ours, &theirs);
        }
    }
}

pub(super) fn check_rank_history(history: &History, filter: &Filter) {
    let everything = Filter { artist: None, album: None, track: None, ..filter.clone() };
    for (artist, track) in [("kestrel", None), ("GLASS HARBOUR", None), ("ora", None), ("ora", Some("song 1"))] {
        let wanted =
            Filter { artist: Some(artist.to_owned()), track: track.map(str::to_owned), ..everything.clone() };
        for unit in UNITS {
            let found = rank_history(&history.columns(), unit, &wanted, &history.zone, history.now).unwrap();
            let Some(found) = found else { continue };
            let kind = if track.is_some() { Kind::Tracks } else { Kind::Artists };
            assert!(Needle::new(artist).is_in(&found.artist));
            assert!(found.rows[0].rank.is_some() && found.rows.iter().all(|row| row.rank.is_some() == (row.plays > 0)));
            let rows: Vec<Value> = found
                .rows
                .iter()
                .filter(|row| row.plays > 0)
                .map(|row| json!({ "unit": row.unit.to_string(), "rank": row.rank, "plays": row.plays }))
                .collect();
            let (name, title) = (unit.name(), title(found.title.as_ref()));
            let more: [(&str, &dyn ToSql); 3] =
                [(":unit", &name), (":artist", &found.artist), (":title", &title)];
            same("rank_history", &wanted, &rows, &asked(history, "rank_history", &everything, kind, &more));
        }
    }
}

const QUESTION: DiscoveryQuestion = DiscoveryQuestion { kind: Kind::Artists, limit: ALL, years: 2, top: 4 };

fn found(history: &History, filter: &Filter, kind: Kind) -> Discoveries {
    let question = DiscoveryQuestion { kind, ..QUESTION };
    let found = discoveries(&history.columns(), &question, filter, &history.zone, history.now).unwrap();
    // Short lists are the beginnings of long ones.
    let short = DiscoveryQuestion { limit: 2, ..question };
    let short = discoveries(&history.columns(), &short, filter, &history.zone, history.now).unwrap();
    let begins = |short: &[Discovery], long: &[Discovery]| short == &long[..long.len().min(2)];
    assert!(begins(&short.new.rows, &found.new.rows) && begins(&short.heard_once.rows, &found.heard_once.rows));
    assert!(begins(&short.stuck.rows, &found.stuck.rows) && short.new.total == found.new.total);
    assert_eq!(short.golden_oldies.rows, found.golden_oldies.rows[..found.golden_oldies.rows.len().min(2)]);
    assert_eq!(found.new.rows.len(), found.new.total);
    found
}

fn row(of: &Discovery) -> Value {
    json!({ "artist": of.artist, "title": title(of.title.as_ref()), "first_at": of.first_at, "last_at": of.last_at,
            "plays": of.plays })
}

fn placed(row_of: &Placed, has_year: bool) -> Value {
    let mut row = row(&row_of.of);
    row["rank"] = json!(row_of.rank);
    assert_eq!(row_of.year.is_some(), has_year);
    if let Some(year) = row_of.year {
        row["year"] = json!(year.to_string().parse::<i32>().unwrap());
    }
    row
}

pub(super) fn check_discoveries(history: &History, filter: &Filter) {
    for kind in KINDS {
        let found = found(history, filter, kind);
        let theirs = asked(history, "discoveries", filter, kind, &[]);
        same("discoveries", filter, &found.new.rows.iter().map(row).collect::<Vec<_>>(), &theirs);
        let once: Vec<Value> = theirs.into_iter().filter(|row| row["plays"] == 1).collect();
        same("discoveries, once", filter, &found.heard_once.rows.iter().map(row).collect::<Vec<_>>(), &once);
    }
}

pub(super) fn check_discoveries_by_month(history: &History, filter: &Filter) {
    for kind in KINDS {
        let found = found(history, filter, kind);
        let months = found.months.iter();
        let rows: Vec<Value> = months
            .map(|row| json!({ "month": row.month.to_string(), "heard": row.heard, "new": row.new }))
            .collect();
        same("discoveries_by_month", filter, &rows, &asked(history, "discoveries_by_month", filter, kind, &[]));
        assert_eq!(found.months.iter().map(|row| row.new).sum::<usize>(), found.new.total);
    }
}

/// The moment so many months of the listener's calendar before.
fn before(history: &History, moment: i64, months: i64) -> i64 {
    let here = jiff::Timestamp::from_second(moment).unwrap().to_zoned(history.zone.rules().clone());
    here.checked_sub(months.months()).unwrap().timestamp().as_second()
}

/// The period's end, or now.
fn end(history: &History, filter: &Filter) -> i64 {
    filter.period.moments(&history.zone, history.now).unwrap().to.min(history.now + 1)
}

pub(super) fn check_golden_oldies(history: &History, filter: &Filter) {
    let from = filter.period.moments(&history.zone, history.now).unwrap().from;
    // Without a beginning the period is no stretch of whole days: that is shown by hand below.
    if from == i64::MIN {
        return;
    }
    for kind in KINDS {
        let rows = found(history, filter, kind).golden_oldies.rows;
        let rows: Vec<Value> = rows.iter().map(|row| placed(row, false)).collect();
        let old = before(history, from, i64::from(QUESTION.years) * 12);
        let more: [(&str, &dyn ToSql); 2] = [(":top", &(QUESTION.top as i64)), (":old_at", &old)];
        same("golden_oldies", filter, &rows, &asked(history, "golden_oldies", filter, kind, &more));
    }
}

pub(super) fn check_forgotten_favourites(history: &History, filter: &Filter) {
    for kind in KINDS {
        let rows = found(history, filter, kind).forgotten_favourites.rows;
        let rows: Vec<Value> = rows.iter().map(|row| placed(row, true)).collect();
        let forgotten = end(history, filter) - FORGOTTEN_AFTER;
        let more: [(&str, &dyn ToSql); 2] = [(":top", &(QUESTION.top as i64)), (":forgotten_at", &forgotten)];
        same("forgotten_favourites", filter, &rows, &asked(history, "forgotten_favourites", filter, kind, &more));
    }
}

pub(super) fn check_discoveries_that_stuck(history: &History, filter: &Filter) {
    for kind in KINDS {
        let rows = found(history, filter, kind).stuck.rows;
        let rows: Vec<Value> = rows.iter().map(row).collect();
        let lately = before(history, end(history, filter), LATELY_MONTHS);
        let more: [(&str, &dyn ToSql); 2] = [(":lately_at", &lately), (":plays", &(STUCK_PLAYS as i64))];
        same("stuck", filter, &rows, &asked(history, "discoveries_that_stuck", filter, kind, &more));
    }
}

fn summed(history: &History, filter: &Filter) -> Numbers {
    numbers(&history.columns(), filter, &history.zone, history.now, ALL).unwrap()
}

pub(super) fn check_numbers(history: &History, filter: &Filter) {
    let found = summed(history, filter);
    let days = found.days.map(|(first, last)| (first.to_string(), last.to_string())).unzip();
    let ours = json!({
        "plays": found.plays, "ms_played": found.ms_played, "albums": found.albums, "tracks": found.tracks,
        "first_day": days.0, "last_day": days.1, "days_heard": found.days_heard, "eddington": found.eddington.number,
        "days_to_next": found.eddington.days_to_next,
    });
    same("numbers", filter, &[ours], &asked(history, "numbers", filter, Kind::Artists, &[]));
    let between = found.days.map_or(0, |(first, last)| {
        let date = |text: String| text.parse::<jiff::civil::Date>().unwrap();
        date(first.to_string()).until(date(last.to_string())).unwrap().get_days() + 1
    });
    assert_eq!(found.days_between, u64::try_from(between).unwrap());
}

/// The Gini coefficient as what it means: half of the average difference of any two, as a share of the average. The
/// entropy as the average of how surprising each play's artist is.
pub(super) fn check_plays_per_artist(history: &History, filter: &Filter) {
    let found = summed(history, filter);
    let rows = asked(history, "plays_per_artist", filter, Kind::Artists, &[]);
    let groups: Vec<(f64, f64)> =
        rows.iter().map(|row| (row["plays"].as_f64().unwrap(), row["artists"].as_f64().unwrap())).collect();
    let many: f64 = groups.iter().map(|(_, artists)| artists).sum();
    let all: f64 = groups.iter().map(|(plays, artists)| plays * artists).sum();
    assert_eq!(found.artists as f64, many);
    if many == 0.0 {
        assert_eq!(found.concentration, Default::default());
        return;
    }
    let pairs = groups.iter().flat_map(|one| groups.iter().map(move |other| (one, other)));
    let differences: f64 = pairs.map(|(one, other)| (one.0 - other.0).abs() * one.1 * other.1).sum();
    let entropy: f64 = groups.iter().map(|(plays, artists)| artists * plays / all * (all / plays).log2()).sum();
    let mut left = 10.0;
    let top: f64 = groups
        .iter()
        .map(|(plays, artists)| {
            let taken = artists.min(left);
            left -= taken;
            plays * taken
        })
        .sum();
    let expected = [differences / (many * many) / 2.0 / (all / many), top / all, entropy];
    let ours = [found.concentration.gini, found.concentration.top_ten_share, found.concentration.entropy_bits];
    for (ours, expected) in ours.into_iter().zip(expected) {
        assert!((ours - expected).abs() < 1e-9 * expected.max(1.0), "{ours} for {expected}, {filter:?}");
    }
}

fn faithful(rows: &[heard_history::stats::Faithful]) -> Vec<Value> {
    rows.iter().map(|row| json!({ "artist": row.artist, "times": row.times, "plays": row.plays })).collect()
}

pub(super) fn check_every_year_artists(history: &History, filter: &Filter) {
    let found = summed(history, filter);
    assert_eq!(found.every_year.len(), found.every_year_total);
    let theirs = asked(history, "every_year_artists", filter, Kind::Artists, &[]);
    same("every_year_artists", filter, &faithful(&found.every_year), &theirs);
}

pub(super) fn check_weeks_per_artist(history: &History, filter: &Filter) {
    for limit in [2, ALL] {
        let found = numbers(&history.columns(), filter, &history.zone, history.now, limit).unwrap();
        let theirs = asked(history, "weeks_per_artist", filter, Kind::Artists, &[(":limit", &(limit as i64))]);
        same("weeks_per_artist", filter, &faithful(&found.weeks), &theirs);
    }
}

pub(super) fn check_unlikely_hours(history: &History, filter: &Filter) {
    let mut best: Option<(f64, Value)> = None;
    for row in asked(history, "unlikely_hours", filter, Kind::Artists, &[]) {
        let number = |name: &str| row[name].as_f64().unwrap();
        let (days, plays) = (number("days"), number("plays"));
        let z = (days * number("most") - plays) / (days * number("squares") - plays * plays).sqrt();
        let rank = |z: f64, row: &Value| (z, std::cmp::Reverse((row["day"].to_string(), row["hour"].as_i64())));
        if z.is_finite() && best.as_ref().is_none_or(|(known, best)| rank(z, &row) > rank(*known, best)) {
            best = Some((z, row));
        }
    }
    let ours = summed(history, filter).unlikely_hour;
    assert_eq!(ours.is_some(), best.is_some(), "{filter:?}");
    if let (Some(ours), Some((z, row))) = (ours, best) {
        let told = json!([ours.day.to_string(), ours.hour, ours.plays]);
        assert_eq!(told, json!([row["day"], row["hour"], row["most"]]), "{filter:?}");
        let average = row["plays"].as_f64().unwrap() / row["days"].as_f64().unwrap();
        assert!((ours.z - z).abs() < 1e-9 * z && (ours.average - average).abs() < 1e-9 * average);
    }
}
