//! The plays once more, as columns: `plays.arrow`, in the Arrow IPC file format.
//!
//! One record batch, dated plays first in order of time, undated ones behind them. Names are dictionary-encoded, so a
//! ranking over a million plays reads four megabytes and counts whole numbers. The file bears the store's generation;
//! one that does not match is made anew. pandas, Polars and DuckDB open it as it is.

mod genres;
mod held;
mod live;
mod names;
mod read;
mod rows;
mod write;

use std::io;
use std::path::PathBuf;

use arrow_schema::ArrowError;

pub use genres::{Genres, MadeOf, ToldBy};
pub(crate) use live::live;
pub(crate) use names::Names;
pub use read::{Columns, Dictionary};
pub(crate) use rows::blocks;
pub use write::write;
pub(crate) use write::write_plays;

use crate::home::{Home, HomeLock};
use crate::store::{Generation, Store, StoreError};

/// A column of whole numbers of 32 bits, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// Whose play: into the dictionary of listeners.
    Listener,
    /// Where it came from: into the dictionary of accounts (`lastfm/ann`).
    Source,
    /// Into the dictionary of artists.
    Artist,
    /// Into the dictionary of album titles; where [`Column::AlbumId`] is 0 it means nothing.
    Album,
    /// Into the dictionary of track titles.
    Track,
    /// An album by its artist and title; 0 for none.
    AlbumId,
    /// A track by its artist and title.
    TrackId,
    /// Milliseconds played; -1 where it is not known.
    MsPlayed,
    /// The play's number in `heard.db`, as long as the file fits to it.
    PlayId,
}

impl Column {
    pub(crate) const ALL: [Self; 9] = [
        Self::Listener,
        Self::Source,
        Self::Artist,
        Self::Album,
        Self::Track,
        Self::AlbumId,
        Self::TrackId,
        Self::MsPlayed,
        Self::PlayId,
    ];

    /// The field's name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Listener => "listener",
            Self::Source => "source",
            Self::Artist => "artist",
            Self::Album => "album",
            Self::Track => "track",
            Self::AlbumId => "album_id",
            Self::TrackId => "track_id",
            Self::MsPlayed => "ms_played",
            Self::PlayId => "play_id",
        }
    }
}

/// A column of moments, by name: seconds, 64 bits wide. Undated plays have none and are not asked for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// Unix seconds.
    PlayedAt,
    /// Seconds of the listener's wall clock.
    LocalAt,
}

impl Moment {
    pub(crate) const ALL: [Self; 2] = [Self::PlayedAt, Self::LocalAt];

    /// The field's name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PlayedAt => "played_at",
            Self::LocalAt => "local_at",
        }
    }
}

/// Why the columns cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    /// The system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not what `heard` writes.
    #[error("{} is not as heard writes it: {reason}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The columns could not be put together.
    #[error("the columns could not be put together: {0}")]
    Arrow(#[from] ArrowError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the columns anew when they are not of the store's generation, and the genres of plays when they are of other
/// tags or rules. Returns whether that was needed.
///
/// # Errors
/// [`ColumnsError`]; columns that are there are then still the old ones, and known as such by their generation.
pub fn refresh(home: &Home, _lock: &HomeLock, store: &Store) -> Result<bool, ColumnsError> {
    let generation = store.generation()?;
    let stale = !is_of(home, &generation);
    if stale {
        write(store, &generation, &home.columns())?;
    }
    Ok(genres::refresh(home, store, &generation)? || stale)
}

/// Whether the home's columns are of that generation.
#[must_use]
pub fn is_of(home: &Home, generation: &Generation) -> bool {
    Columns::open(&home.columns()).is_ok_and(|columns| columns.generation() == generation)
}
