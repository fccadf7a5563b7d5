//! The checksums of the views, taken when they were last written.
//!
//! SQLite and Arrow notice some damage and overlook much; with a checksum of the whole file nothing is overlooked.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::home::{Home, HomeLock, replace_file};
use crate::store::{Store, StoreError};

/// What the views were when they were last written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Whether the checksums hold: `false` from the moment a run begins to write until it ends. A run that is killed
    /// leaves it so.
    pub sealed: bool,
    /// SHA-256 of `heard.db`.
    pub database: Option<String>,
    /// SHA-256 of `plays.arrow`.
    pub columns: Option<String>,
}

impl Manifest {
    /// The manifest as it was kept; `None` where there is none that can be read.
    #[must_use]
    pub fn kept(home: &Home) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(home.manifest()).ok()?).ok()
    }

    /// The manifest as it is now.
    ///
    /// # Errors
    /// What the system says.
    pub fn now(home: &Home) -> io::Result<Self> {
        let (database, columns) = std::thread::scope(|scope| {
            let columns = scope.spawn(|| digest(&home.columns()));
            (digest(&home.database()), columns.join().expect("reading a file does not panic"))
        });
        Ok(Self { sealed: true, database: database?, columns: columns? })
    }
}

/// Says that the views are about to be written. Their checksums mean nothing until they are sealed again.
///
/// # Errors
/// What the system says.
pub fn unseal(home: &Home, _lock: &HomeLock) -> Result<(), StoreError> {
    keep(home, &Manifest::default())
}

/// Closes the store, so that everything is in its one file, and keeps the checksums of the views.
///
/// # Errors
/// What SQLite or the system says.
pub fn seal(home: &Home, _lock: &HomeLock, store: Store) -> Result<(), StoreError> {
    store.close()?;
    let manifest = Manifest::now(home).map_err(|source| StoreError::Io { path: home.manifest(), source })?;
    keep(home, &manifest)
}

fn keep(home: &Home, manifest: &Manifest) -> Result<(), StoreError> {
    let failed = |source| StoreError::Io { path: home.manifest(), source };
    let text = serde_json::to_vec_pretty(manifest).map_err(io::Error::from).map_err(failed)?;
    replace_file(&home.manifest(), |file| file.write_all(&text)).map_err(failed)
}

fn digest(path: &Path) -> io::Result<Option<String>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Some(base16ct::lower::encode_string(&hash.finalize()))),
            read => hash.update(&buffer[..read]),
        }
    }
}
