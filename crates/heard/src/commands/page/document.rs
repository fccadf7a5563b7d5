//! A page for programs: JSON and CSV.

use heard_history::archive::Covers;
use heard_history::facts::Picture;
use heard_history::stats::{
    Amount, Kind, Listen, Page, Period, Place, Ranked, Ranking, Reached, Streak, Subject, UnitOfTime, YearOnPage,
};
use serde::Serialize;

use super::super::listens::wall_clock;
use super::super::ranked::Named;
use crate::print::{moment, share};

#[derive(Serialize)]
pub(super) struct Document<'a> {
    kind: &'static str,
    #[serde(flatten)]
    named: Named<'a>,
    period: String,
    plays: u64,
    ms_played: u64,
    total_plays: u64,
    /// Of all plays, from 0 to 1.
    share: f64,
    rank: Option<usize>,
    /// How many have a rank.
    places: Option<usize>,
    /// All time, whatever the period is.
    plays_ever: u64,
    rank_ever: Option<usize>,
    places_ever: Option<usize>,
    first: Option<Play<'a>>,
    last: Option<Play<'a>>,
    days: u64,
    streak: Option<StreakRow>,
    milestones: Vec<Milestone<'a>>,
    years: Vec<Year>,
    months: Vec<Month>,
    hours: [u64; 24],
    weekdays: [u64; 7],
    hours_ms_played: [u64; 24],
    weekdays_ms_played: [u64; 7],
    #[serde(flatten)]
    tracks: Option<Tracks<'a>>,
    #[serde(flatten)]
    albums: Option<Albums<'a>>,
    plays_without_album: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover: Option<Cover<'a>>,
}

/// A picture in the archive. Where it came from is no source of a picture, and so is not told.
#[derive(Serialize)]
struct Cover<'a> {
    /// Seen from the home.
    file: String,
    sha256: &'a str,
    media_type: &'static str,
    bytes: u64,
    width: Option<u32>,
    height: Option<u32>,
}

#[derive(Serialize)]
struct Play<'a> {
    played_at: Option<i64>,
    played_time: Option<String>,
    /// The listener's wall clock.
    local_time: String,
    artist: &'a str,
    album: Option<&'a str>,
    track: &'a str,
}

#[derive(Serialize)]
struct StreakRow {
    first_day: String,
    last_day: String,
    days: u64,
    plays: u64,
    is_current: bool,
}

#[derive(Serialize)]
struct Milestone<'a> {
    number: u64,
    #[serde(flatten)]
    play: Play<'a>,
}

#[derive(Serialize)]
struct Year {
    year: i16,
    plays: u64,
    ms_played: u64,
    rank: Option<usize>,
}

#[derive(Serialize)]
struct Month {
    month: String,
    plays: u64,
    ms_played: u64,
}

#[derive(Serialize)]
struct Row<'a> {
    rank: usize,
    #[serde(flatten)]
    named: Named<'a>,
    plays: u64,
    ms_played: u64,
}

#[derive(Serialize)]
struct Tracks<'a> {
    tracks: Vec<Row<'a>>,
    total_tracks: usize,
}

#[derive(Serialize)]
struct Albums<'a> {
    albums: Vec<Row<'a>>,
    total_albums: usize,
}

pub(super) fn document<'a>(
    subject: &'a Subject,
    page: &'a Page,
    period: Period,
    cover: Option<&'a Picture>,
) -> Document<'a> {
    let rank = |place: Option<Place>| place.map(|place| place.rank);
    let places = |place: Option<Place>| place.map(|place| place.of);
    let (hours, weekdays) = (page.clock.hours(), page.clock.weekdays());
    let (plays, ms_played) = (|it: Amount| it.plays, |it: Amount| it.ms_played);
    Document {
        kind: super::noun(subject.kind),
        named: Named::new(subject.kind, &subject.artist, subject.title.as_deref()),
        period: period.to_string(),
        plays: page.amount.plays,
        ms_played: page.amount.ms_played,
        total_plays: page.total_plays,
        share: share(page.amount.plays, page.total_plays),
        rank: rank(page.place),
        places: places(page.place),
        plays_ever: page.ever.plays,
        rank_ever: rank(page.ever.place),
        places_ever: places(page.ever.place),
        first: page.ends.as_ref().map(|(first, _)| play(first)),
        last: page.ends.as_ref().map(|(_, last)| play(last)),
        days: page.days,
        streak: page.streak.as_ref().map(streak),
        milestones: page.milestones.iter().map(milestone).collect(),
        years: page.years.iter().map(year).collect(),
        months: page.months.iter().map(month).collect(),
        hours: hours.map(plays),
        weekdays: weekdays.map(plays),
        hours_ms_played: hours.map(ms_played),
        weekdays_ms_played: weekdays.map(ms_played),
        tracks: page
            .tracks
            .as_ref()
            .map(|found| Tracks { tracks: rows(found, Kind::Tracks), total_tracks: found.distinct }),
        albums: page
            .albums
            .as_ref()
            .map(|found| Albums { albums: rows(found, Kind::Albums), total_albums: found.distinct }),
        plays_without_album: page.plays_without_album,
        cover: cover.map(kept_cover),
    }
}

fn kept_cover(picture: &Picture) -> Cover<'_> {
    Cover {
        file: Covers::place_in_home(picture).display().to_string(),
        sha256: &picture.sha256,
        media_type: picture.form.media_type(),
        bytes: picture.bytes,
        width: picture.size.map(|(width, _)| width),
        height: picture.size.map(|(_, height)| height),
    }
}

fn play(listen: &Listen) -> Play<'_> {
    Play {
        played_at: listen.played_at,
        played_time: listen.played_at.map(moment),
        local_time: wall_clock(listen),
        artist: &listen.artist,
        album: listen.album.as_deref(),
        track: &listen.track,
    }
}

fn milestone(reached: &Reached) -> Milestone<'_> {
    Milestone { number: reached.number, play: play(&reached.listen) }
}

fn streak(streak: &Streak) -> StreakRow {
    StreakRow {
        first_day: streak.first_day.to_string(),
        last_day: streak.last_day.to_string(),
        days: streak.days,
        plays: streak.plays,
        is_current: streak.is_current,
    }
}

fn year(it: &YearOnPage) -> Year {
    let Amount { plays, ms_played } = it.amount;
    Year { year: it.year.first_day().year(), plays, ms_played, rank: it.rank }
}

fn month((month, amount): &(UnitOfTime, Amount)) -> Month {
    Month { month: month.to_string(), plays: amount.plays, ms_played: amount.ms_played }
}

fn rows(found: &Ranking, kind: Kind) -> Vec<Row<'_>> {
    found.rows.iter().map(|row| list_row(row, kind)).collect()
}

fn list_row(row: &Ranked, kind: Kind) -> Row<'_> {
    let named = Named::new(kind, &row.artist, row.title.as_deref());
    Row { rank: row.rank, named, plays: row.plays, ms_played: row.ms_played }
}

/// The months for `--csv`.
pub(super) fn months(page: &Page) -> Vec<Vec<String>> {
    let row = |(month, amount): &(UnitOfTime, Amount)| {
        vec![month.to_string(), amount.plays.to_string(), amount.ms_played.to_string()]
    };
    page.months.iter().map(row).collect()
}
