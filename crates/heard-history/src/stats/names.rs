//! What artists, albums and tracks are called, by their numbers.

use super::filter::Matches;
use super::ranking::Kind;
use crate::columns::{Column, Columns, ColumnsError, Dictionary, blocks};

/// So few names are read one by one; for more of them the columns are read once.
const FEW: usize = 64;

/// The names of what was ranked or counted, by number: an artist's code, an album's or a track's number.
pub(super) struct Names {
    artists: Dictionary,
    titles: Option<Dictionary>,
    /// For each album or track the codes of its artist and its title; -1 where they were not wanted.
    codes: Vec<(i32, i32)>,
}

impl Names {
    /// Reads the names of the wanted numbers, as the first of the matching plays that bears the number has them.
    pub(super) fn read(
        columns: &Columns,
        kind: Kind,
        matches: &Matches,
        wanted: &[usize],
    ) -> Result<Self, ColumnsError> {
        let artists = columns.dictionary(Column::Artist)?;
        let Some(title) = kind.title() else { return Ok(Self { artists, titles: None, codes: Vec::new() }) };
        let titles = Some(columns.dictionary(title)?);
        let mut codes = vec![(-1, -1); wanted.iter().max().map_or(0, |id| id + 1)];
        if wanted.len() <= FEW {
            for (id, row) in first_rows(columns, kind, matches, wanted)? {
                let artist = columns.values(Column::Artist, row..row + 1)?[0];
                codes[id] = (artist, columns.values(title, row..row + 1)?[0]);
            }
        } else {
            read_through(columns, kind, title, matches, &mut codes)?;
        }
        Ok(Self { artists, titles, codes })
    }

    /// Artist, and title where it is not an artist that is named.
    pub(super) fn of(&self, id: usize) -> (&str, Option<&str>) {
        match &self.titles {
            None => (self.artists.get(i32::try_from(id).unwrap_or(i32::MAX)), None),
            Some(titles) => {
                let (artist, title) = self.codes.get(id).copied().unwrap_or((-1, -1));
                (self.artists.get(artist), Some(titles.get(title)))
            }
        }
    }

    /// The texts that tell things of one artist apart: titles, or the artists' own names.
    pub(super) fn texts(&self) -> &Dictionary {
        self.titles.as_ref().unwrap_or(&self.artists)
    }

    /// The code of the artist, of an album or a track, and the code in [`Names::texts`]; -1 for none.
    pub(super) fn codes(&self, id: usize) -> (i32, i32) {
        match &self.titles {
            None => (-1, i32::try_from(id).unwrap_or(-1)),
            Some(_) => self.codes.get(id).copied().unwrap_or((-1, -1)),
        }
    }

    /// The same as texts of their own.
    pub(super) fn owned(&self, id: usize) -> (String, Option<String>) {
        let (artist, title) = self.of(id);
        (artist.to_owned(), title.map(str::to_owned))
    }
}

/// For each wanted number, a row that bears it.
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
        if found.len() == wanted.len() {
            break;
        }
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

/// Fills in the codes of every number that a row bears.
fn read_through(
    columns: &Columns,
    kind: Kind,
    title: Column,
    matches: &Matches,
    codes: &mut [(i32, i32)],
) -> Result<(), ColumnsError> {
    let rows = matches.iter().flat_map(|(range, _)| blocks(range));
    for rows in rows {
        let ids = columns.values(kind.column(), rows.clone())?;
        let artists = columns.values(Column::Artist, rows.clone())?;
        let titles = columns.values(title, rows)?;
        for ((id, artist), title) in ids.iter().zip(artists.iter()).zip(titles.iter()) {
            let known = usize::try_from(*id).ok().and_then(|id| codes.get_mut(id));
            if let Some(code) = known.filter(|code| code.0 < 0) {
                *code = (*artist, *title);
            }
        }
    }
    Ok(())
}
