//! Most heard artists, albums and tracks.

use std::collections::HashMap;
use std::ops::Range;

use super::StatsError;
use super::filter::{By, Filter, Matches};
use crate::columns::{Column, Columns, ColumnsError};
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

    fn column(self) -> Column {
        match self {
            Self::Artists => Column::Artist,
            Self::Albums => Column::AlbumId,
            Self::Tracks => Column::TrackId,
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

#[derive(Clone, Copy, Default)]
struct Sum {
    plays: u64,
    ms: u64,
}

/// Ranks by plays or by time. Equal ones are ordered by name in code-point order (artist, then title).
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
    let (mut sums, total_plays) = add_up(columns, kind, &matches)?;
    if kind == Kind::Artists {
        credit(&mut sums, columns.credits());
    }
    let measure = |sum: &Sum| match by {
        By::Plays => (sum.plays, sum.ms),
        By::Time => (sum.ms, sum.plays),
    };
    let mut order = heard_of(columns, kind, filter, &sums);
    let distinct = order.len();
    let main = |id: &usize| std::cmp::Reverse(measure(&sums[*id]).0);
    if limit < order.len() && limit > 0 {
        // Only the places that can be shown need names; those that tie with the last of them compete by name.
        order.select_nth_unstable_by_key(limit - 1, main);
        let last = measure(&sums[order[limit - 1]]).0;
        order.retain(|id| measure(&sums[*id]).0 >= last);
    }
    let names = Names::read(columns, kind, &matches, &order)?;
    let key = |id: &usize| (main(id), names.of(*id));
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    order.truncate(limit);
    let rows = order
        .iter()
        .enumerate()
        .map(|(place, id)| {
            let (artist, title) = names.of(*id);
            Ranked {
                rank: place + 1,
                artist: artist.to_owned(),
                title: title.map(str::to_owned),
                plays: sums[*id].plays,
                ms_played: sums[*id].ms,
            }
        })
        .collect();
    Ok(Ranking { rows, total_plays, distinct })
}

/// What has plays at all, and a name.
fn heard_of(columns: &Columns, kind: Kind, filter: &Filter, sums: &[Sum]) -> Vec<usize> {
    // Number 0 of albums and tracks is none.
    let first = usize::from(kind != Kind::Artists);
    let placeholders = if filter.counting.placeholders { &[] } else { columns.placeholders(kind.column()) };
    let is_placeholder = |id: usize| i32::try_from(id).is_ok_and(|id| placeholders.binary_search(&id).is_ok());
    (first..sums.len()).filter(|id| sums[*id].plays > 0 && !is_placeholder(*id)).collect()
}

fn add_up(columns: &Columns, kind: Kind, matches: &Matches) -> Result<(Vec<Sum>, u64), ColumnsError> {
    let mut sums: Vec<Sum> = Vec::new();
    let mut total = 0;
    for (range, counts) in matches.iter() {
        columns.for_each_block(kind.column(), range.clone(), |first, ids| {
            for (row, id) in (first - range.start..).zip(ids) {
                if counts.is_none_or(|counts| counts[row]) {
                    sum_of(&mut sums, *id).plays += 1;
                    total += 1;
                }
            }
        })?;
        if !columns.is_null(Column::MsPlayed) {
            add_time(columns, kind, range, counts, &mut sums)?;
        }
    }
    Ok((sums, total))
}

fn add_time(
    columns: &Columns,
    kind: Kind,
    range: &Range<usize>,
    counts: Option<&[bool]>,
    sums: &mut Vec<Sum>,
) -> Result<(), ColumnsError> {
    let ids = columns.values(kind.column(), range.clone())?;
    columns.for_each_block(Column::MsPlayed, range.clone(), |first, played| {
        for (row, ms) in (first - range.start..).zip(played) {
            if counts.is_none_or(|counts| counts[row]) {
                sum_of(sums, ids[row]).ms += u64::try_from(*ms).unwrap_or_default();
            }
        }
    })
}

/// Gives the sums of names that stand for several artists to each of these.
fn credit(sums: &mut Vec<Sum>, credits: &[(i32, Vec<i32>)]) {
    for (name, credited) in credits {
        let sum = std::mem::take(sum_of(sums, *name));
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

/// The names of the ranked ids.
struct Names {
    artists: crate::columns::Dictionary,
    titles: Option<crate::columns::Dictionary>,
    codes: HashMap<usize, (i32, i32)>,
}

impl Names {
    fn read(columns: &Columns, kind: Kind, matches: &Matches, wanted: &[usize]) -> Result<Self, ColumnsError> {
        let artists = columns.dictionary(Column::Artist)?;
        let title = match kind {
            Kind::Artists => return Ok(Self { artists, titles: None, codes: HashMap::new() }),
            Kind::Albums => Column::Album,
            Kind::Tracks => Column::Track,
        };
        let titles = Some(columns.dictionary(title)?);
        let rows = first_rows(columns, kind, matches, wanted)?;
        let mut codes = HashMap::with_capacity(rows.len());
        for (id, row) in rows {
            let artist = columns.values(Column::Artist, row..row + 1)?[0];
            codes.insert(id, (artist, columns.values(title, row..row + 1)?[0]));
        }
        Ok(Self { artists, titles, codes })
    }

    fn of(&self, id: usize) -> (&str, Option<&str>) {
        match &self.titles {
            None => (self.artists.get(i32::try_from(id).unwrap_or(i32::MAX)), None),
            Some(titles) => {
                let (artist, title) = self.codes.get(&id).copied().unwrap_or((-1, -1));
                (self.artists.get(artist), Some(titles.get(title)))
            }
        }
    }
}

/// For each wanted id, a row that bears it.
fn first_rows(
    columns: &Columns,
    kind: Kind,
    matches: &Matches,
    wanted: &[usize],
) -> Result<Vec<(usize, usize)>, ColumnsError> {
    let mut missing: Vec<bool> = vec![false; wanted.iter().max().map_or(0, |id| id + 1)];
    wanted.iter().for_each(|id| missing[*id] = true);
    let mut found = Vec::with_capacity(wanted.len());
    for (range, _) in matches.iter() {
        columns.for_each_block(kind.column(), range.clone(), |first, ids| {
            for (row, id) in (first..).zip(ids) {
                let id = usize::try_from(*id).unwrap_or_default();
                if missing.get(id) == Some(&true) {
                    missing[id] = false;
                    found.push((id, row));
                }
            }
        })?;
    }
    Ok(found)
}
