//! Rankings, charts, trends, discoveries and numbers.

use fastrand::Rng;
use heard_history::identity::Needle;
use heard_history::stats::{
    AsOf, By, Change, ChartQuestion, Counting, Date, Discoveries, Discovery, DiscoveryQuestion, FORGOTTEN_AFTER,
    Filter, Kind, LATELY_MONTHS, Listen, Month, Numbers, Period, Placed, STUCK_PLAYS, Trends, Unit, Which, charts,
    discoveries, listens, numbers, rank_history, ranking, top_over_time, trends,
};
use jiff::ToSpan;
use jiff::civil::Weekday;
use rusqlite::ToSql;
use serde_json::{Value, json};

use super::{History, LISTENER, Play, days, is_large, made_up, same, some_filter};
use crate::seeds;

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

fn kinds(history: &History) -> &'static [Kind] {
    if is_large(history) { &KINDS[2..] } else { &KINDS }
}

fn units(history: &History) -> &'static [Unit] {
    if is_large(history) { &UNITS[1..2] } else { &UNITS }
}

fn pairs(history: &History) -> &'static [(Kind, Unit)] {
    if is_large(history) { &PAIRS[1..4] } else { &PAIRS }
}

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
    for kind in kinds(history).iter().copied() {
        for limit in [3, ALL] {
            let ranked =
                ranking(&history.columns(), kind, By::Plays, filter, &history.zone, history.now, limit).unwrap();
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
    for (kind, unit) in pairs(history).iter().copied() {
        for places in if kind == Kind::Artists { [2, 10].iter() } else { [3].iter() }.copied() {
            let question = |which| ChartQuestion { kind, unit, places, which };
            let made =
                |which| charts(&history.columns(), &question(which), filter, &history.zone, history.now).unwrap();
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
                assert_eq!(made(Which::At(chart.unit)), std::slice::from_ref(chart));
            }
            let firsts = made(Which::NumberOnes).into_iter().map(|chart| (chart.unit, chart.rows));
            let expected = all.iter().map(|chart| (chart.unit, chart.rows.iter().take(1).cloned().collect()));
            assert!(firsts.eq(expected));
        }
    }
}

pub(super) fn check_top_over_time(history: &History, filter: &Filter) {
    for (kind, unit) in pairs(history).iter().copied() {
        let asked_for = |by, limit| {
            let question = (kind, by, unit);
            top_over_time(&history.columns(), question, filter, &history.zone, history.now, limit).unwrap()
        };
        let found = asked_for(By::Plays, 4);
        let rows: Vec<Value> = found
            .rows
            .iter()
            .flat_map(|row| found.units.iter().zip(&row.by_unit).map(move |(unit, plays)| (row, unit, *plays)))
            .filter(|(.., plays)| *plays > 0)
            .map(|(row, unit, plays)| {
                json!({ "rank": row.rank, "artist": row.artist, "title": title(row.title.as_ref()),
                        "unit": unit.to_string(), "plays": plays })
            })
            .collect();
        let name = unit.name();
        let more: [(&str, &dyn ToSql); 2] = [(":unit", &name), (":limit", &4)];
        same("top_over_time", filter, &rows, &asked(history, "top_over_time", filter, kind, &more));

        // The sums are those of the other questions.
        assert!(found.units.windows(2).all(|pair| pair[0].next() == pair[1]), "no unit is left out");
        let trends = trends_of(history, filter, unit, kind).rows;
        assert!(found.units.iter().eq(trends.iter().map(|row| &row.unit)));
        assert!(found.total_by_unit.iter().eq(trends.iter().map(|row| &row.plays)));
        let timed = asked_for(By::Time, ALL);
        assert!(timed.total_by_unit.iter().eq(trends.iter().map(|row| &row.ms_played)));
        let ranked = ranking(&history.columns(), kind, By::Time, filter, &history.zone, history.now, ALL).unwrap();
        let sums = timed.rows.iter().map(|row| (&row.artist, &row.title, row.total));
        assert!(sums.eq(ranked.rows.iter().map(|row| (&row.artist, &row.title, row.ms_played))));
    }
}

fn trends_of(history: &History, filter: &Filter, unit: Unit, kind: Kind) -> Trends {
    trends(&history.columns(), unit, kind, filter, &history.zone, history.now, ALL).unwrap()
}

pub(super) fn check_trends(history: &History, filter: &Filter) {
    for unit in units(history).iter().copied() {
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
    for (kind, unit) in pairs(history).iter().copied() {
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
        let wanted = Filter { artist: Some(artist.to_owned()), track: track.map(str::to_owned), ..everything.clone() };
        for unit in units(history).iter().copied() {
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
            let more: [(&str, &dyn ToSql); 3] = [(":unit", &name), (":artist", &found.artist), (":title", &title)];
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
    for kind in kinds(history).iter().copied() {
        let found = found(history, filter, kind);
        let theirs = asked(history, "discoveries", filter, kind, &[]);
        same("discoveries", filter, &found.new.rows.iter().map(row).collect::<Vec<_>>(), &theirs);
        let mut most = theirs.clone();
        let name = |row: &Value| ["artist", "title"].map(|name| row[name].as_str().unwrap().to_owned());
        most.sort_by_key(|row| (std::cmp::Reverse(row["plays"].as_u64()), name(row)));
        same("discoveries, by plays", filter, &found.favourites.rows.iter().map(row).collect::<Vec<_>>(), &most);
        let once: Vec<Value> = theirs.into_iter().filter(|row| row["plays"] == 1).collect();
        same("discoveries, once", filter, &found.heard_once.rows.iter().map(row).collect::<Vec<_>>(), &once);
    }
}

pub(super) fn check_discoveries_by_month(history: &History, filter: &Filter) {
    for kind in kinds(history).iter().copied() {
        let found = found(history, filter, kind);
        let months = found.months.iter();
        let rows: Vec<Value> =
            months.map(|row| json!({ "month": row.month.to_string(), "heard": row.heard, "new": row.new })).collect();
        same("discoveries_by_month", filter, &rows, &asked(history, "discoveries_by_month", filter, kind, &[]));
        assert_eq!(found.months.iter().map(|row| row.new).sum::<usize>(), found.new.total);
    }
}

/// The moment so many months of the listener's calendar before.
fn before(history: &History, moment: i64, months: i64) -> i64 {
    let here = history.zone.wall_clock(moment).unwrap();
    history.zone.moment(here.checked_sub(months.months()).unwrap()).unwrap()
}

/// The period's end, or now, or the end of a history that has ended.
fn end(history: &History, filter: &Filter) -> i64 {
    let end = filter.period.moments(&history.zone, history.now).unwrap().to.min(history.now + 1);
    let as_of = AsOf::of(&history.columns(), filter, &history.zone, history.now).unwrap();
    if as_of.last_listen.is_some() { as_of.at + 1 } else { end }
}

pub(super) fn check_golden_oldies(history: &History, filter: &Filter) {
    let from = filter.period.moments(&history.zone, history.now).unwrap().from;
    // Without a beginning the period is no stretch of whole days: that is shown by hand below.
    if from == i64::MIN {
        return;
    }
    for kind in kinds(history).iter().copied() {
        let rows = found(history, filter, kind).golden_oldies.rows;
        let rows: Vec<Value> = rows.iter().map(|row| placed(row, false)).collect();
        let old = before(history, from, i64::from(QUESTION.years) * 12);
        let more: [(&str, &dyn ToSql); 2] = [(":top", &(QUESTION.top as i64)), (":old_at", &old)];
        same("golden_oldies", filter, &rows, &asked(history, "golden_oldies", filter, kind, &more));
    }
}

pub(super) fn check_forgotten_favourites(history: &History, filter: &Filter) {
    for kind in kinds(history).iter().copied() {
        let rows = found(history, filter, kind).forgotten_favourites.rows;
        let rows: Vec<Value> = rows.iter().map(|row| placed(row, true)).collect();
        let forgotten = end(history, filter) - FORGOTTEN_AFTER;
        let more: [(&str, &dyn ToSql); 2] = [(":top", &(QUESTION.top as i64)), (":forgotten_at", &forgotten)];
        same("forgotten_favourites", filter, &rows, &asked(history, "forgotten_favourites", filter, kind, &more));
    }
}

pub(super) fn check_discoveries_that_stuck(history: &History, filter: &Filter) {
    for kind in kinds(history).iter().copied() {
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

fn play(day: &str, artist: &str) -> Play {
    Play::new(&format!("{day}T12:00:00Z"), artist, "Song")
}

/// So many plays of each artist at noon of a day.
fn history_of(heard: &[(&str, usize, &str)]) -> History {
    let plays: Vec<Play> =
        heard.iter().flat_map(|(day, plays, artist)| vec![play(day, artist); *plays]).enumerate().map(apart).collect();
    History::of(&plays, "UTC")
}

/// Plays of one second would be one play told twice.
fn apart((nth, play): (usize, Play)) -> Play {
    Play { at: play.at + nth as i64 * 200, ..play }
}

fn filter(period: Period) -> Filter {
    Filter { period, ..Filter::default() }
}

#[test]
fn only_the_last_plays_count() {
    seeds::each(10, |seed| {
        let mut random = Rng::with_seed(seed);
        let history = made_up(&mut random);
        let columns = history.columns();
        let all = |filter: &Filter| listens(&columns, filter, &history.zone, history.now, ALL).unwrap();
        for _ in 0..8 {
            let filter = some_filter(&mut random);
            let recent = random.usize(0..40);
            let expected: Vec<Listen> = all(&filter).rows.into_iter().take(recent).collect();
            let counting = Counting { undated: random.bool(), ..filter.counting };
            let found = all(&Filter { recent: Some(recent), counting, ..filter.clone() });
            assert_eq!(
                (found.total, &found.rows),
                (expected.len() as u64, &expected),
                "the last {recent} of {filter:?}"
            );
            let ranked = Filter { recent: Some(recent), ..filter };
            let ranked = ranking(&columns, Kind::Tracks, By::Plays, &ranked, &history.zone, history.now, 3).unwrap();
            assert_eq!(ranked.total_plays, expected.len() as u64);
            assert!(ranked.rows.iter().all(|row| row.change.is_none()));
        }
    });
}

#[test]
fn a_chart_knows_what_came_before() {
    let history = history_of(&[
        ("2024-01-01", 3, "Ora"),
        ("2024-01-02", 2, "Ida"),
        ("2024-01-03", 1, "Glass"),
        // The second week of January is silent.
        ("2024-01-15", 2, "Ida"),
        ("2024-01-16", 1, "Glass"),
        ("2024-01-22", 4, "Ora"),
        ("2024-01-23", 4, "Ida"),
        ("2024-01-24", 1, "Glass"),
    ]);
    let ask = |which, unit, period| {
        let question = ChartQuestion { kind: Kind::Artists, unit, places: 2, which };
        charts(&history.columns(), &question, &filter(period), &history.zone, history.now).unwrap()
    };
    let month = Period::Month(Month::parse("2024-01").unwrap());
    let week = Unit::Week(Weekday::Monday);
    let all = ask(Which::All, week, month);
    let told = |nth: usize| -> Vec<_> {
        all[nth].rows.iter().map(|row| (row.artist.as_str(), row.before, row.peak, row.times)).collect()
    };
    assert_eq!(told(0), [("Ora", None, 1, 1), ("Ida", None, 2, 1)]);
    assert_eq!(told(1), [("Ida", Some(2), 1, 2), ("Glass", None, 2, 1)], "the week without plays has no chart");
    assert_eq!(told(2), [("Ida", Some(1), 1, 3), ("Ora", None, 1, 2)], "equal plays are ordered by name");
    assert_eq!(all.iter().map(|chart| chart.total_plays).collect::<Vec<_>>(), [6, 3, 9]);

    // January ends on a Wednesday: its last whole week is the one before, and the last month is itself.
    assert_eq!(ask(Which::Last, week, month)[0].unit.to_string(), "2024-W04");
    assert_eq!(ask(Which::Last, Unit::Month, month)[0].unit.to_string(), "2024-01");
    let silent = ask(Which::At(Unit::parse("2024-W02", Weekday::Monday).unwrap()), week, month);
    assert_eq!((silent.len(), silent[0].total_plays, silent[0].rows.len()), (1, 0, 0));
    // By weeks from Sunday to Saturday nothing moves, for nothing was heard on a Sunday; their names do.
    let sunday = ask(Which::All, Unit::Week(Weekday::Sunday), month);
    assert!(sunday.iter().map(|chart| &chart.rows).eq(all.iter().map(|chart| &chart.rows)));
    assert_eq!(sunday[0].unit.first_day().to_string(), "2023-12-31");
}

#[test]
fn units_are_the_wall_clocks() {
    // 2018-02-18T00:00 in São Paulo came twice an hour apart: clocks went back from midnight to 23:00 of Saturday.
    let plays = ["2018-02-18T01:59:59Z", "2018-02-18T02:00:00Z", "2018-02-18T02:59:59Z", "2018-02-18T03:00:00Z"];
    let plays: Vec<Play> = plays.iter().map(|time| Play::new(time, "Ora", "Song")).collect();
    let history = History::of(&plays, "America/Sao_Paulo");
    let days = trends_of(&history, &Filter::default(), Unit::Day, Kind::Artists).rows;
    let days: Vec<(String, u64)> = days.iter().map(|row| (row.unit.to_string(), row.plays)).collect();
    assert_eq!(days, [("2018-02-17".to_owned(), 3), ("2018-02-18".to_owned(), 1)]);
    let weeks = trends_of(&history, &Filter::default(), Unit::Week(Weekday::Sunday), Kind::Artists).rows;
    assert_eq!(weeks.iter().map(|row| row.plays).collect::<Vec<_>>(), [3, 1], "the week ends with Saturday");
}

#[test]
fn a_period_without_a_beginning_has_the_oldies_of_its_last_year() {
    let history = history_of(&[
        ("2014-05-01", 2, "Ida"),
        ("2014-06-01", 1, "Ora"),
        ("2020-01-01", 9, "Glass"),
        ("2021-03-01", 1, "Ida"),
        ("2021-04-01", 4, "Glass"),
        ("2022-04-01", 3, "Ora"),
    ]);
    let to = Date::parse("2021-05-01").unwrap();
    let ask = |years, top, period| {
        let question = DiscoveryQuestion { years, top, ..QUESTION };
        let found = discoveries(&history.columns(), &question, &filter(period), &history.zone, history.now).unwrap();
        let names = |rows: &[Placed]| rows.iter().map(|row| row.of.artist.clone()).collect::<Vec<_>>();
        (names(&found.golden_oldies.rows), names(&found.forgotten_favourites.rows))
    };
    let until = Period::Between { from: None, to: Some(to) };
    assert_eq!(ask(6, 2, until).0, [""; 0], "six years before 2020-05-01 Ida was first heard at noon");
    assert_eq!(ask(5, 2, until).0, ["Ida"]);
    assert_eq!(ask(5, 1, until).0, [""; 0], "Glass is the top");
    // Ora was among the top of 2014 and is not known to come back.
    assert_eq!(ask(5, 2, until).1, ["Ora"]);
    assert_eq!(ask(5, 2, Period::Everything).1, ["Glass", "Ida"], "Ora was heard to the end");
    let later = Period::Between { from: None, to: Some(Date::parse("2024-05-31").unwrap()) };
    assert_eq!(ask(5, 2, later).1, ["Glass", "Ora", "Ida"], "all of them by June 2024");
}

#[test]
fn late_discoveries_stick_with_twenty_plays() {
    let history = history_of(&[
        ("2023-10-31", 1, "Old Friend"),
        ("2023-11-01", 19, "Glass"),
        ("2023-12-01", 20, "Ora"),
        ("2024-01-01", 20, "Ida"),
        ("2024-02-01", 30, "Old Friend"),
        ("2024-03-01", 23, "Kestrel"),
        ("2024-05-01", 5, "Glass"),
    ]);
    let stuck = |to: &str| {
        let filter = filter(Period::Between { from: None, to: Some(Date::parse(to).unwrap()) });
        let filter = Filter { listener: Some(LISTENER.to_owned()), ..filter };
        check_discoveries_that_stuck(&history, &filter);
        let rows = found(&history, &filter, Kind::Artists).stuck.rows;
        rows.into_iter().map(|row| (row.artist, row.plays)).collect::<Vec<_>>()
    };
    let named =
        |rows: &[(&str, u64)]| rows.iter().map(|(name, plays)| ((*name).to_owned(), *plays)).collect::<Vec<_>>();
    assert_eq!(stuck("2024-05-01"), named(&[("Kestrel", 23), ("Ida", 20), ("Ora", 20)]));
    assert_eq!(stuck("2024-05-02"), named(&[("Kestrel", 23), ("Ida", 20), ("Ora", 20)]), "Glass came too early");
    assert_eq!(stuck("2024-04-30"), named(&[("Old Friend", 31), ("Kestrel", 23), ("Ida", 20), ("Ora", 20)]));
    assert_eq!(stuck("2023-12-30"), named(&[("Ora", 20)]));
}
