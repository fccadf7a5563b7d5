//! An account's rankings, weekly charts, friends and tags.

use std::collections::BTreeMap;

use crate::{
    account::Account,
    answer::{Answer, Refusal},
    methods::{
        Turn,
        artist::titled,
        things::{by, ranked},
    },
    tally::Tallied,
    tree::{self, Element, Member, branch, leaf},
    written::Tagged,
};

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;
/// The beginning of the first week of charts (fixture `user.getWeeklyChartList/pylast_user_charts_0.xml`).
const FIRST_WEEK: i64 = 1_108_296_000;
/// The most rows of a weekly chart.
const CHART_MAX: usize = 1_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Artists,
    Albums,
    Tracks,
}

impl Kind {
    fn row(self) -> &'static str {
        match self {
            Self::Artists => "artist",
            Self::Albums => "album",
            Self::Tracks => "track",
        }
    }
}

pub(crate) fn top_artists(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    top(turn, Kind::Artists, "topartists")
}

pub(crate) fn top_albums(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    top(turn, Kind::Albums, "topalbums")
}

pub(crate) fn top_tracks(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    top(turn, Kind::Tracks, "toptracks")
}

/// Answers as the fixture `user.getTopArtists/docs_sample.json` shows, and its like for albums and tracks.
fn top(turn: &mut Turn<'_>, kind: Kind, outer: &'static str) -> Result<Answer, Refusal> {
    let days = match turn.call.get("period").unwrap_or("overall") {
        "overall" => None,
        "7day" => Some(7),
        "1month" => Some(30),
        "3month" => Some(90),
        "6month" => Some(180),
        "12month" => Some(365),
        _ => return Err(Refusal::missing_parameter()),
    };
    let now = turn.world.now();
    let account = account(turn)?;
    let rows = counted(account, kind, days.map(|days| (now - days * DAY, i64::MAX)));
    let row = |(nth, (artist, it)): (usize, &(String, Tallied))| ranked(element(kind, artist, it), nth);
    turn.page(outer, kind.row(), &rows, row, &[("user", account.name())])
}

pub(crate) fn weekly_artists(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    weekly(turn, Kind::Artists, "weeklyartistchart")
}

pub(crate) fn weekly_albums(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    weekly(turn, Kind::Albums, "weeklyalbumchart")
}

pub(crate) fn weekly_tracks(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    weekly(turn, Kind::Tracks, "weeklytrackchart")
}

/// Answers as the fixture `user.getWeeklyArtistChart/docs_sample.json` shows, and its like for albums and tracks, where
/// the artist is a plain text (`user.getWeeklyTrackChart/docs_sample.json`). One bound alone is passed over.
fn weekly(turn: &mut Turn<'_>, kind: Kind, outer: &'static str) -> Result<Answer, Refusal> {
    let now = turn.world.now();
    let bound = |name| turn.call.number::<i64>(name).unwrap_or_default();
    let (from, to) = bound("from").zip(bound("to")).unwrap_or((now - WEEK, now));
    let account = account(turn)?;
    let rows = counted(account, kind, Some((from, to)));
    let row = |(nth, (artist, it)): (usize, &(String, Tallied))| {
        let mut members: Vec<Member> = vec![
            leaf("name", &it.name).into(),
            leaf("mbid", &it.mbid).into(),
            leaf("playcount", it.plays.to_string()).into(),
        ];
        if kind != Kind::Artists {
            members.push(leaf("artist", artist).with("mbid", "").into());
        }
        ranked(branch(kind.row(), members), nth)
    };
    let rows = rows.iter().enumerate().take(CHART_MAX).map(row).collect();
    let (from, to) = (from.to_string(), to.to_string());
    let words = [("user", account.name()), ("from", &from), ("to", &to)];
    let words = if turn.rules.nameless_weeks { &words[..1] } else { &words };
    Ok(turn.list(outer, kind.row(), rows, words))
}

/// All weeks since the first play (fixture `user.getWeeklyChartList/docs_sample.json`).
pub(crate) fn weeks(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let now = turn.world.now();
    let account = account(turn)?;
    let first = account.listings().map(|listing| listing.uts).filter(|uts| *uts >= FIRST_WEEK).min().unwrap_or(now);
    let start = FIRST_WEEK + (first - FIRST_WEEK).div_euclid(WEEK) * WEEK;
    let week = |from: i64| leaf("chart", "").with("from", from.to_string()).with("to", (from + WEEK).to_string());
    let count = usize::try_from((now - start).div_euclid(WEEK)).unwrap_or_default();
    let rows = (0_i64..).take(count).map(|nth| week(start + nth * WEEK)).collect();
    Ok(turn.list("weeklychartlist", "chart", rows, &[("user", account.name())]))
}

/// Answers as the fixture `user.getFriends/docs_sample.json` shows; who follows nobody has "no such page"
/// (`user.getFriends/docs_a_user_with_no_friends.json`).
pub(crate) fn friends(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let account = account(turn)?;
    let friends = turn.world.lore.friends(account.name());
    if friends.is_empty() {
        return Err(Refusal::no_such_page());
    }
    let row = |(_, name): (usize, &String)| {
        branch("user", vec![leaf("name", name).into(), leaf("playcount", "0").into(), leaf("realname", "").into()])
    };
    turn.page("friends", "user", friends, row, &[("user", account.name())])
}

/// Answers as the fixture `user.getTopTags/docs_sample.json` shows.
pub(crate) fn top_tags(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let account = account(turn)?;
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, tag) in account.tags() {
        *counts.entry(tag).or_default() += 1;
    }
    let row = |(tag, count): (&str, u64)| {
        branch("tag", vec![leaf("name", tag).into(), leaf("count", count.to_string()).into()])
    };
    let rows = counts.into_iter().map(row).collect();
    Ok(turn.list("toptags", "tag", rows, &[("user", account.name())]))
}

/// Answers as the fixture `user.getPersonalTags/docs_a_user_with_no_tags_as_the_ones_fetched.json` shows.
pub(crate) fn personal_tags(turn: &mut Turn<'_>) -> Result<Answer, Refusal> {
    let tag = turn.required("tag")?;
    let account = account(turn)?;
    let kind = match turn.call.get("taggingtype") {
        Some("artist") => Kind::Artists,
        Some("album") => Kind::Albums,
        Some("track") => Kind::Tracks,
        _ => return Err(Refusal::new(6, 200, "taggingtype param missing")),
    };
    let element = |on: &Tagged| match (kind, on) {
        (Kind::Artists, Tagged::Artist { artist }) => Some(branch("artist", vec![leaf("name", artist).into()])),
        (Kind::Albums, Tagged::Album { artist, album: title })
        | (Kind::Tracks, Tagged::Track { artist, track: title }) => {
            Some(branch(kind.row(), vec![leaf("name", title).into(), by(artist, "")]))
        }
        _ => None,
    };
    let rows: Vec<Element> =
        account.tags().filter(|(_, given)| given.eq_ignore_ascii_case(tag)).filter_map(|(on, _)| element(on)).collect();
    let count = rows.len();
    let outer = match kind {
        Kind::Artists => "artists",
        Kind::Albums => "albums",
        Kind::Tracks => "tracks",
    };
    let list = branch("taggings", vec![branch(outer, vec![Member::Many(kind.row(), rows)]).into()])
        .with("user", account.name())
        .with("tag", tag)
        .with("page", "1")
        .with("perPage", "50")
        .with("totalPages", "1")
        .with("total", count.to_string());
    Ok(Answer { rows: count, ..tree::answer(turn.format, Some(list)) })
}

fn account<'a>(turn: &'a Turn<'_>) -> Result<&'a Account, Refusal> {
    turn.world.account(turn.required("user")?).ok_or_else(Refusal::unknown_user)
}

/// The artists, albums or tracks of a stretch of time, the most played first.
fn counted(account: &Account, kind: Kind, stretch: Option<(i64, i64)>) -> Vec<(String, Tallied)> {
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for listing in account.listings() {
        let within = stretch.is_none_or(|(from, to)| (from..to).contains(&listing.uts));
        let title = match kind {
            Kind::Artists => String::new(),
            Kind::Albums if listing.album.is_empty() => continue,
            Kind::Albums => listing.album,
            Kind::Tracks => listing.track,
        };
        if within {
            *counts.entry((listing.artist, title)).or_default() += 1;
        }
    }
    let tallied = |((artist, title), plays): ((String, String), u64)| {
        let name = if kind == Kind::Artists { artist.clone() } else { title };
        (artist, Tallied { name, plays, listeners: 1, ..Tallied::default() })
    };
    let mut rows: Vec<_> = counts.into_iter().map(tallied).collect();
    rows.sort_by_key(|(_, it)| std::cmp::Reverse(it.plays));
    rows
}

fn element(kind: Kind, artist: &str, it: &Tallied) -> Element {
    match kind {
        Kind::Artists => {
            let members = vec![
                leaf("name", &it.name).into(),
                leaf("mbid", "").into(),
                leaf("playcount", it.plays.to_string()).into(),
            ];
            branch("artist", members)
        }
        Kind::Albums | Kind::Tracks => titled(kind.row(), artist, it),
    }
}
