//! Plays of which names are missing.

use super::super::StatsError;
use super::super::filter::{By, Counting, Filter, Matches};
use super::super::ranking::{Kind, Ranking, first_places};
use crate::columns::{Column, Columns};
use crate::zone::Zone;

/// The plays of which no album is known: none was reported, or one that only says that there is none; and the tracks
/// most heard so. Tracks of which nothing is known are not listed, unless placeholders are to have places.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn without_album(
    columns: &Columns,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<Ranking, StatsError> {
    let none = columns.placeholders(Column::AlbumId);
    let has_none = |album: i32| album == 0 || none.binary_search(&album).is_ok();
    let found = Matches::find(columns, filter, zone, now)?.narrowed(columns, Column::AlbumId, has_none)?;
    Ok(first_places(columns, Kind::Tracks, By::Plays, &filter.counting, &found, limit)?.1)
}

/// The plays whose artist or track only says that there is none, like "Unknown Artist"; the most heard tracks of them.
///
/// # Errors
/// [`StatsError`] when the columns cannot be read, or the period is none.
pub fn without_name(
    columns: &Columns,
    filter: &Filter,
    zone: &Zone,
    now: i64,
    limit: usize,
) -> Result<Ranking, StatsError> {
    let none = columns.placeholders(Column::TrackId);
    let has_none = |track: i32| none.binary_search(&track).is_ok();
    let found = Matches::find(columns, filter, zone, now)?.narrowed(columns, Column::TrackId, has_none)?;
    let counting = Counting { placeholders: true, ..filter.counting };
    Ok(first_places(columns, Kind::Tracks, By::Plays, &counting, &found, limit)?.1)
}
