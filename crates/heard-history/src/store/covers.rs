//! Covers: which are wanted, and which are kept.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row};

use super::open::open_for_reading;
use super::{Store, StoreError};
use crate::facts::{NoPicture, Picture, PictureForm, ThingKind};
use crate::listen::Service;

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldCover {
    /// When it was last asked for, in Unix seconds by the local clock.
    pub told_at: i64,
    /// Why there was none then; `None` where there was one.
    pub none: Option<NoPicture>,
    /// The picture that is kept of it, from then or from before.
    pub picture: Option<Picture>,
}

/// A cover that belongs to something that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardCover {
    /// Its address, as the service named it.
    pub address: String,
    /// How often everything to which it belongs was heard.
    pub plays: u64,
    /// What is known of it; nothing where nobody asked.
    pub told: Option<ToldCover>,
}

/// The methods are those of Last.fm, which Libre.fm shares (<https://www.last.fm/api>).
const NAMED: &str = "
  SELECT things.name, things.title, about.cover
    FROM answers JOIN things ON things.id = thing_id JOIN about ON answer_id = answers.id
   WHERE kind = ?1 AND service = ?2 AND method = ?3 AND outcome = 'known' AND replaced_by IS NULL
     AND about.cover IS NOT NULL
   ORDER BY 1, 2, 3";

impl Store {
    /// The covers that a service names of what a listener heard at least so often, each address once: the most heard
    /// first, then by address.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn heard_covers(
        &self,
        listener: &str,
        service: Service,
        min_plays: u64,
    ) -> Result<Vec<HeardCover>, StoreError> {
        let mut plays: HashMap<String, u64> = HashMap::new();
        for (kind, method) in [(ThingKind::Album, "album.getInfo"), (ThingKind::Artist, "artist.getInfo")] {
            let named = named(self.connection(), kind, service, method).map_err(StoreError::sqlite(self.path()))?;
            for heard in self.heard_things(listener, kind)?.into_iter().filter(|heard| heard.plays >= min_plays) {
                if let Some(address) = named.get(&(heard.thing.name, heard.thing.title)) {
                    let sum = plays.entry(address.clone()).or_default();
                    *sum = sum.saturating_add(heard.plays);
                }
            }
        }
        let mut told = told(self.connection()).map_err(StoreError::sqlite(self.path()))?;
        let cover = |(address, plays)| HeardCover { told: told.remove(&address), address, plays };
        let mut covers: Vec<HeardCover> = plays.into_iter().map(cover).collect();
        covers.sort_by(|a, b| b.plays.cmp(&a.plays).then_with(|| a.address.cmp(&b.address)));
        Ok(covers)
    }
}

/// The cover that is kept of an album, by the names under which a service was asked; none where there is none, or no
/// database of this version.
///
/// # Errors
/// What SQLite says.
pub fn cover_of_album(database: &Path, artist: &str, title: &str) -> Result<Option<Picture>, StoreError> {
    let read = || {
        open_for_reading(database)?
            .query_row(
                "SELECT sha256, form, bytes, width, height FROM album_covers WHERE artist = ?1 AND album = ?2
                  ORDER BY service",
                [artist, title],
                |row| picture(row, 0),
            )
            .optional()
    };
    Ok(read().map_err(StoreError::sqlite(database))?.flatten())
}

fn named(
    database: &Connection,
    kind: ThingKind,
    service: Service,
    method: &str,
) -> rusqlite::Result<HashMap<(String, String), String>> {
    database
        .prepare(NAMED)?
        .query_map([kind.name(), service.name(), method], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?
        .collect()
}

fn told(database: &Connection) -> rusqlite::Result<HashMap<String, ToldCover>> {
    let read = |row: &Row<'_>| {
        let none: Option<String> = row.get(2)?;
        // Reasons are written by the same table by which they are read.
        let none = none.map(|name| NoPicture::parse(&name).unwrap_or(NoPicture::Missing));
        Ok((row.get(0)?, ToldCover { told_at: row.get(1)?, none, picture: picture(row, 3)? }))
    };
    database
        .prepare("SELECT address, told_at, none, sha256, form, bytes, width, height FROM covers")?
        .query_map([], read)?
        .collect()
}

/// The picture of the five columns that begin at that place.
fn picture(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Picture>> {
    let form = row.get::<_, Option<String>>(at + 1)?.and_then(|extension| PictureForm::of_extension(&extension));
    let Some((sha256, form)) = row.get::<_, Option<String>>(at)?.zip(form) else { return Ok(None) };
    let bytes = row.get::<_, Option<i64>>(at + 2)?.unwrap_or_default().cast_unsigned();
    let size = row.get::<_, Option<u32>>(at + 3)?.zip(row.get::<_, Option<u32>>(at + 4)?);
    Ok(Some(Picture { sha256, bytes, form, size }))
}
