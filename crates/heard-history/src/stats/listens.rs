//! Finding, listing and counting single listens.

use super::StatsError;
use super::filter::{Filter, Matches};
use crate::columns::{Column, Columns, ColumnsError, Moment};
use crate::zone::Zone;

/// One listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Its number in `heard.db`; another after a rebuild.
    pub id: i32,
    /// Unix seconds; `None` for a play without a moment.
    pub played_at: Option<i64>,
    /// The listener's wall clock at that moment, as seconds.
    pub local_at: Option<i64>,
    /// The artist.
    pub artist: String,
    /// The album, where one was reported.
    pub album: Option<String>,
    /// The track.
    pub track: String,
    /// Milliseconds played, where it is known.
    pub ms_played: Option<i32>,
    /// Where it came from.
    pub sources: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How many there are.
    pub total: u64,
    /// The newest of them, newest first; those without a moment come last.
    pub rows: Vec<Listen>,
}

/// Finds listens, newest first, and counts all of them.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn listens(columns: &Columns, filter: &Filter, zone: &Zone, now: i64, limit: usize) -> Result<Found, StatsError> {
    let matches = Matches::find(columns, filter, zone, now)?;
    let total = matches.total();
    let mut rows = Vec::new();
    for (range, counts) in matches.iter() {
        let newest = range.clone().rev().filter(|row| counts.is_none_or(|counts| counts[row - range.start]));
        rows.extend(newest.take(limit - rows.len()));
    }
    Ok(Found { total, rows: read(columns, &rows)? })
}

/// Reads whole rows. Neighbours are read together, since a list is mostly of neighbours.
pub(super) fn read(columns: &Columns, rows: &[usize]) -> Result<Vec<Listen>, ColumnsError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let artists = columns.dictionary(Column::Artist)?;
    let albums = columns.dictionary(Column::Album)?;
    let tracks = columns.dictionary(Column::Track)?;
    let sources = columns.dictionary(Column::Source)?;
    let mut listens = Vec::with_capacity(rows.len());
    for block in rows.chunk_by(|later, earlier| later.abs_diff(*earlier) < 1024) {
        let low = block.iter().copied().min().unwrap_or_default();
        let high = block.iter().copied().max().unwrap_or_default() + 1;
        let numbers = |column| columns.values(column, low..high);
        let (artist, album, track) = (numbers(Column::Artist)?, numbers(Column::Album)?, numbers(Column::Track)?);
        let (album_id, source, ms) = (numbers(Column::AlbumId)?, numbers(Column::Source)?, numbers(Column::MsPlayed)?);
        let id = numbers(Column::PlayId)?;
        let played = columns.moments(Moment::PlayedAt, low..high)?;
        let local = columns.moments(Moment::LocalAt, low..high)?;
        listens.extend(block.iter().map(|row| {
            let at = row - low;
            let dated = *row < columns.dated();
            Listen {
                id: id[at],
                played_at: dated.then_some(played[at]),
                local_at: dated.then_some(local[at]),
                artist: artists.get(artist[at]).to_owned(),
                album: (album_id[at] != 0).then(|| albums.get(album[at]).to_owned()),
                track: tracks.get(track[at]).to_owned(),
                ms_played: Some(ms[at]).filter(|ms| *ms >= 0),
                sources: sources.get(source[at]).split(' ').map(str::to_owned).collect(),
            }
        }));
    }
    Ok(listens)
}
