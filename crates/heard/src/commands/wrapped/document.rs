//! A year in review as `--json` tells it.

use heard_history::stats::{Before, CalendarDay, Comeback, Faithful, Kind, Ranking, Trend, Wrapped};
use serde::Serialize;

use crate::commands::{discoveries, milestones, sessions, streaks, top};
use crate::print::moment;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    period: String,
    is_over: bool,
    plays: u64,
    ms_played: u64,
    days_with_plays: u64,
    artists: usize,
    albums: usize,
    tracks: usize,
    new_artists: usize,
    new_artists_share: f64,
    before: Option<Earlier>,
    top_artists: Vec<top::Row<'a>>,
    top_albums: Vec<top::Row<'a>>,
    top_tracks: Vec<top::Row<'a>>,
    months: Vec<Month>,
    top_month: Option<Month>,
    busiest_day: Option<Day>,
    hours: [u64; 24],
    peak_hour: Option<usize>,
    weekdays: [u64; 7],
    /// From 0 for Monday.
    peak_weekday: Option<usize>,
    longest_streak: Option<streaks::Row>,
    longest_sitting: Option<sessions::Row<'a>>,
    most_loyal: Option<Loyal<'a>>,
    discovery: Option<discoveries::Row<'a>>,
    comeback: Option<Return<'a>>,
    milestones: Vec<milestones::Row<'a>>,
}

#[derive(Serialize)]
struct Earlier {
    period: String,
    plays: u64,
    ms_played: u64,
    days_with_plays: u64,
    artists: usize,
    albums: usize,
    tracks: usize,
}

#[derive(Serialize)]
struct Month {
    month: String,
    plays: u64,
    ms_played: u64,
    artists: usize,
}

#[derive(Serialize)]
struct Day {
    day: String,
    plays: u64,
    ms_played: u64,
}

#[derive(Serialize)]
struct Loyal<'a> {
    artist: &'a str,
    weeks: u64,
    plays: u64,
}

#[derive(Serialize)]
struct Return<'a> {
    artist: &'a str,
    left_at: i64,
    left_time: String,
    returned_at: i64,
    returned_time: String,
    days: u64,
    plays: u64,
}

pub(super) fn of(found: &Wrapped) -> Document<'_> {
    let numbers = &found.numbers;
    Document {
        period: found.period.to_string(),
        is_over: found.is_over,
        plays: numbers.plays,
        ms_played: numbers.ms_played,
        days_with_plays: numbers.days_heard,
        artists: numbers.artists,
        albums: numbers.albums,
        tracks: numbers.tracks,
        new_artists: found.new_artists,
        new_artists_share: share(found.new_artists, numbers.artists),
        before: found.before.as_ref().map(earlier),
        top_artists: rows(&found.artists, Kind::Artists),
        top_albums: rows(&found.albums, Kind::Albums),
        top_tracks: rows(&found.tracks, Kind::Tracks),
        months: found.months.iter().map(month).collect(),
        top_month: found.top_month().map(month),
        busiest_day: found.busiest_day().map(day),
        hours: found.clock.hours().map(|hour| hour.plays),
        peak_hour: found.peak_hour().map(|(hour, _)| hour),
        weekdays: found.clock.weekdays().map(|day| day.plays),
        peak_weekday: found.peak_weekday().map(|(day, _)| day),
        longest_streak: found.streak.as_ref().map(|streak| streaks::streak_row(streak, Kind::Artists)),
        longest_sitting: found.sitting.as_ref().map(|sitting| sessions::json_row(1, sitting)),
        most_loyal: found.most_loyal().map(loyal),
        discovery: found.discovery.as_ref().map(|of| discoveries::row(of, Kind::Artists)),
        comeback: found.comeback.as_ref().map(comeback),
        milestones: found.milestones.iter().map(milestones::json_row).collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "artists are fewer than 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn earlier(before: &Before) -> Earlier {
    let numbers = &before.numbers;
    Earlier {
        period: before.period.to_string(),
        plays: numbers.plays,
        ms_played: numbers.ms_played,
        days_with_plays: numbers.days_heard,
        artists: numbers.artists,
        albums: numbers.albums,
        tracks: numbers.tracks,
    }
}

fn rows(ranking: &Ranking, kind: Kind) -> Vec<top::Row<'_>> {
    ranking.rows.iter().map(|row| top::json_row(row, kind)).collect()
}

fn month(of: &Trend) -> Month {
    Month { month: of.unit.to_string(), plays: of.plays, ms_played: of.ms_played, artists: of.artists }
}

fn day(of: &CalendarDay) -> Day {
    Day { day: of.day.to_string(), plays: of.amount.plays, ms_played: of.amount.ms_played }
}

fn loyal(of: &Faithful) -> Loyal<'_> {
    Loyal { artist: &of.artist, weeks: of.times, plays: of.plays }
}

fn comeback(of: &Comeback) -> Return<'_> {
    Return {
        artist: &of.artist,
        left_at: of.left_at,
        left_time: moment(of.left_at),
        returned_at: of.returned_at,
        returned_time: moment(of.returned_at),
        days: of.days(),
        plays: of.plays,
    }
}
