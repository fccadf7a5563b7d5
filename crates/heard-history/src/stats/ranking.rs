//! Most heard artists, albums and tracks.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

use super::StatsError;
use super::filter::{By, Counting, Filter, Matches};
use super::names::Names;
use crate::columns::{Column, Columns, ColumnsError, blocks};
use crate::zone::Zone;

/// What is ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Artists, by name.
    Artists,
    /// Albums, by artist and title.
    Albums,
    /// Tracks, by artist and title.
    Tracks,
}

impl Kind {
    /// The word for several of them.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Artists => "artists",
            Self::Albums => "albums",
            Self::Tracks => "tracks",
        }
    }

    /// The word for one of them, which is that of [`crate::rules::Name::kind`].
    #[must_use]
    pub fn of_one(self) -> &'static str {
        match self {
            Self::Artists => "artist",
            Self::Albums => "album",
            Self::Tracks => "track",
        }
    }

    /// The column whose numbers tell them apart.
    pub(super) fn column(self) -> Column {
        match self {
            Self::Artists => Column::Artist,
            Self::Albums => Column::AlbumId,
            Self::Tracks => Column::TrackId,
        }
    }

    /// The column of their titles; artists have none.
    pub(super) fn title(self) -> Option<Column> {
        match self {
            Self::Artists => None,
            Self::Albums => Some(Column::Album),
            Self::Tracks => Some(Column::Track),
        }
    }
}

/// One place of a ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// From 1; no two share a rank.
    pub rank: usize,
    /// The artist.
    pub artist: String,
    /// The album's or track's title; `None` for artists.
    pub title: Option<String>,
    /// Plays that count.
    pub plays: u64,
    /// Milliseconds played, where the sources tell; plays whose length is not known add nothing.
    pub ms_played: u64,
    /// How the rank changed since the period before; `None` where the period has none before it.
    pub change: Option<Change>,
}

/// How a rank changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not heard in the period before.
    New,
    /// So many places up; below 0 they are places down.
    Up(i64),
}

/// `▲3`, `▼1`, `=`, `new`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New => f.write_str("new"),
            Self::Up(0) => f.write_str("="),
            Self::Up(places) => write!(f, "{}{}", if *places > 0 { '▲' } else { '▼' }, places.unsigned_abs()),
        }
    }
}

/// A ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// The first places.
    pub rows: Vec<Ranked>,
    /// All plays that count, also those of lower places and those without an album.
    pub total_plays: u64,
    /// How many different ones there are.
    pub distinct: usize,
}

/// Plays, and milliseconds played.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) plays: u64,
    pub(super) ms: u64,
}

impl Sum {
    fn measure(self, by: By) -> u64 {
        match by {
            By::Plays => self.plays,
            By::Time => self.ms,
        }
    }
}

/// Ranks by plays or by time. Equal ones are ordered by name in code-point order (artist, then title).
///
/// Where the period has one before it ([`Period::before`](super::Period::before)) and the filter is not for the most
/// recent plays alone, every rank is compared with the rank among everything that was heard in the period before.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn ranking(
    columns: &Columns,
    kind: Kind,
    by: By,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<Ranking, StatsError> {
    let matches = Matches::find(columns, filter, zone, now)?;
    let (ids, mut found) = first_places(columns, kind, by, &filter.counting, &matches, limit)?;
    if let Some(period) = filter.period.before().filter(|_| filter.recent.is_none()) {
        let before = Matches::find(columns, &Filter { period, ..filter.clone() }, zone, now)?;
        let before = ranks(columns, kind, by, &filter.counting, &before, &ids)?;
        for (row, id) in found.rows.iter_mut().zip(&ids) {
            row.change = Some(before.get(id).map_or(Change::New, |before| up(*before, row.rank)));
        }
    }
    Ok(found)
}

/// The ranking of plays that were found already, compared with nothing, and the numbers of its rows.
pub(super) fn first_places(
    columns: &Columns,
    kind: Kind,
    by: By,
    counting: &Counting,
    matches: &Matches,
    limit: usize,
) -> Result<(Vec<usize>, Ranking), ColumnsError> {
    let sums = add_up(columns, kind, matches)?;
    first_places_of(columns, kind, by, counting, matches, sums, limit)
}

/// The same of sums that were added up already.
pub(super) fn first_places_of(
    columns: &Columns,
    kind: Kind,
    by: By,
    counting: &Counting,
    matches: &Matches,
    (sums, total_plays): (Vec<Sum>, u64),
    limit: usize,
) -> Result<(Vec<usize>, Ranking), ColumnsError> {
    let mut order = heard_of(columns, kind, counting, &sums);
    let distinct = order.len();
    let main = |id: &usize| Reverse(sums[*id].measure(by));
    if limit < order.len() && limit > 0 {
        // Only the places that can be shown need names; those that tie with the last of them compete by name.
        order.select_nth_unstable_by_key(limit - 1, main);
        let last = main(&order[limit - 1]);
        order.retain(|id| main(id) <= last);
    }
    let names = Names::read(columns, kind, matches, &order)?;
    let key = |id: &usize| (main(id), names.of(*id));
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    order.truncate(limit);
    let ranked = |(rank, id): (usize, &usize)| {
        let (artist, title) = names.owned(*id);
        Ranked { rank, artist, title, plays: sums[*id].plays, ms_played: sums[*id].ms, change: None }
    };
    let rows = (1..).zip(&order).map(ranked).collect();
    Ok((order, Ranking { rows, total_plays, distinct }))
}

fn up(before: usize, now: usize) -> Change {
    let place = |rank: usize| i64::try_from(rank).unwrap_or(i64::MAX);
    Change::Up(place(before) - place(now))
}

/// The ranks of the wanted ones among everything that matches; those without plays have none.
fn ranks(
    columns: &Columns,
    kind: Kind,
    by: By,
    counting: &Counting,
    matches: &Matches,
    wanted: &[usize],
) -> Result<HashMap<usize, usize>, ColumnsError> {
    let (sums, _) = add_up(columns, kind, matches)?;
    let mut is_wanted = vec![false; sums.len()];
    wanted.iter().filter(|id| **id < sums.len()).for_each(|id| is_wanted[*id] = true);
    let mut order = heard_of(columns, kind, counting, &sums);
    order.sort_unstable_by_key(|id| Reverse(sums[*id].measure(by)));
    // Names decide only among equal ones, and matter only where one of these is wanted.
    let mut tied = Vec::new();
    for equal in order.chunk_by(|a, b| sums[*a].measure(by) == sums[*b].measure(by)) {
        if equal.len() > 1 && equal.iter().any(|id| is_wanted[*id]) {
            tied.extend_from_slice(equal);
        }
    }
    let names = Names::read(columns, kind, matches, &tied)?;
    let mut ranks = HashMap::with_capacity(wanted.len());
    let mut place = 0;
    for equal in order.chunk_by_mut(|a, b| sums[*a].measure(by) == sums[*b].measure(by)) {
        if equal.iter().any(|id| is_wanted[*id]) {
            equal.sort_unstable_by(|a, b| names.of(*a).cmp(&names.of(*b)));
            ranks.extend(
                (place + 1..).zip(equal.iter()).filter(|(_, id)| is_wanted[**id]).map(|(rank, id)| (*id, rank)),
            );
        }
        place += equal.len();
    }
    Ok(ranks)
}

/// What has plays at all, and a name.
pub(super) fn heard_of(columns: &Columns, kind: Kind, counting: &Counting, sums: &[Sum]) -> Vec<usize> {
    // Number 0 of albums and tracks is none.
    let first = usize::from(kind != Kind::Artists);
    let placeholders = if counting.placeholders { &[] } else { columns.placeholders(kind.column()) };
    let is_placeholder = |id: usize| i32::try_from(id).is_ok_and(|id| placeholders.binary_search(&id).is_ok());
    (first..sums.len()).filter(|id| sums[*id].plays > 0 && !is_placeholder(*id)).collect()
}

/// The sums of everything, by number, and all plays that count.
pub(super) fn add_up(columns: &Columns, kind: Kind, matches: &Matches) -> Result<(Vec<Sum>, u64), ColumnsError> {
    let mut sums: Vec<Sum> = Vec::new();
    let told = !columns.is_null(Column::MsPlayed);
    for (range, counts) in matches.iter() {
        for rows in blocks(range) {
            let ids = columns.values(kind.column(), rows.clone())?;
            let counts = counts.map(|counts| &counts[rows.start - range.start..rows.end - range.start]);
            make_room(&mut sums, &ids);
            if told {
                add_time(&mut sums, &ids, &columns.values(Column::MsPlayed, rows)?, counts);
            } else {
                add_plays(&mut sums, &ids, counts);
            }
        }
    }
    let total = sums.iter().map(|sum| sum.plays).sum();
    if kind == Kind::Artists {
        credit(&mut sums, columns.credits());
    }
    Ok((sums, total))
}

/// Room for the greatest of these numbers, so that adding need not look after each play.
fn make_room(sums: &mut Vec<Sum>, ids: &[i32]) {
    if let Some(greatest) = ids.iter().max() {
        sum_of(sums, *greatest);
    }
}

fn add_plays(sums: &mut [Sum], ids: &[i32], counts: Option<&[bool]>) {
    let mut add = |id: i32, counts: bool| {
        if let Some(sum) = usize::try_from(id).ok().and_then(|id| sums.get_mut(id)) {
            sum.plays += u64::from(counts);
        }
    };
    match counts {
        None => ids.iter().for_each(|id| add(*id, true)),
        Some(counts) => ids.iter().zip(counts).for_each(|(id, counts)| add(*id, *counts)),
    }
}

fn add_time(sums: &mut [Sum], ids: &[i32], played: &[i32], counts: Option<&[bool]>) {
    let mut add = |id: i32, ms: i32, counts: bool| {
        if let Some(sum) = usize::try_from(id).ok().and_then(|id| sums.get_mut(id)) {
            sum.plays += u64::from(counts);
            sum.ms += if counts { u64::try_from(ms).unwrap_or_default() } else { 0 };
        }
    };
    let rows = ids.iter().zip(played);
    match counts {
        None => rows.for_each(|(id, ms)| add(*id, *ms, true)),
        Some(counts) => rows.zip(counts).for_each(|((id, ms), counts)| add(*id, *ms, *counts)),
    }
}

/// Gives the sums of names that stand for several artists to each of these. What is taken from a name is what was
/// played under it, whatever it is credited with itself.
pub(super) fn credit(sums: &mut Vec<Sum>, credits: &[(i32, Vec<i32>)]) {
    let taken: Vec<Sum> = credits.iter().map(|(name, _)| std::mem::take(sum_of(sums, *name))).collect();
    for ((_, credited), sum) in credits.iter().zip(taken) {
        for artist in credited {
            let credited = sum_of(sums, *artist);
            credited.plays += sum.plays;
            credited.ms += sum.ms;
        }
    }
}

fn sum_of(sums: &mut Vec<Sum>, id: i32) -> &mut Sum {
    let id = usize::try_from(id).unwrap_or_default();
    if id >= sums.len() {
        sums.resize((id + 1).next_power_of_two(), Sum::default());
    }
    &mut sums[id]
}
