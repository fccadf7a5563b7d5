//! The checksums of the views, taken when they were last written.
//!
//! SQLite and Arrow notice some damage and overlook much; with a checksum of the whole file nothing is overlooked.
//! Beside them stands what the database was, so that a question need not open it: SQLite takes longer to open a file
//! than many a question takes to answer.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::home::{Home, HomeLock, replace_file};
use crate::store::{Kept, LAYOUT, Store, StoreError};

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
    /// SHA-256 of `genres.arrow`; none where there is none.
    #[serde(default)]
    pub genres: Option<String>,
    /// What the database was, and by which signs it is known to be the same.
    #[serde(default)]
    kept: Option<Untouched>,
}

/// A database, as it was when it was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Untouched {
    layout: u32,
    kept: Kept,
    file: Signs,
}

/// What the system changes whenever anybody changes or replaces a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Signs {
    inode: u64,
    bytes: u64,
    changed_at: i64,
    changed_ns: i64,
}

impl Signs {
    fn of(path: &Path) -> io::Result<Self> {
        let now = path.metadata()?;
        Ok(Self { inode: now.ino(), bytes: now.size(), changed_at: now.ctime(), changed_ns: now.ctime_nsec() })
    }
}

impl Manifest {
    /// The manifest as it was kept; `None` where there is none that can be read.
    #[must_use]
    pub fn kept(home: &Home) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(home.manifest()).ok()?).ok()
    }

    /// Whether it is this version's: an earlier one knew nothing of genres.
    #[must_use]
    pub(super) fn tells_of_genres(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.layout == LAYOUT)
    }

    /// The manifest as it is now.
    ///
    /// # Errors
    /// What the system says.
    pub fn now(home: &Home) -> io::Result<Self> {
        let (database, columns) = std::thread::scope(|scope| {
            let columns = scope.spawn(|| (digest(&home.columns()), digest(&home.genres())));
            (digest(&home.database()), columns.join().expect("reading a file does not panic"))
        });
        let (columns, genres) = columns;
        Ok(Self { sealed: true, database: database?, columns: columns?, genres: genres?, kept: None })
    }
}

/// What the home's database is, without opening it: as it was sealed, where nobody has touched it since. `None` where
/// only the database itself can tell.
#[must_use]
pub fn kept_at_seal(home: &Home) -> Option<Kept> {
    let Manifest { sealed: true, kept: Some(Untouched { layout: LAYOUT, kept, file }), .. } = Manifest::kept(home)?
    else {
        return None;
    };
    Signs::of(&home.database()).is_ok_and(|now| now == file).then_some(kept)
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
    let kept = store.kept()?;
    store.close()?;
    let failed = |source| StoreError::Io { path: home.manifest(), source };
    let file = Signs::of(&home.database()).map_err(failed)?;
    let now = Manifest::now(home).map_err(failed)?;
    keep(home, &Manifest { kept: Some(Untouched { layout: LAYOUT, kept, file }), ..now })
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's files need no safety")]
mod tests {
    use super::*;
    use crate::store::kept_in;
    use crate::zone::Zone;

    #[test]
    fn what_was_sealed_is_known_until_somebody_touches_it() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let lock = home.lock().unwrap();
        assert_eq!(kept_at_seal(&home), None, "there is nothing yet");
        seal(&home, &lock, Store::open(&home, &lock, &Zone::utc()).unwrap()).unwrap();
        let kept = kept_in(&home.database()).unwrap();
        assert!(kept.is_some());
        assert_eq!(kept_at_seal(&home), kept);

        let text = std::fs::read(home.manifest()).unwrap();
        std::fs::copy(home.database(), dir.path().join("copy")).unwrap();
        std::fs::rename(dir.path().join("copy"), home.database()).unwrap();
        assert_eq!(kept_at_seal(&home), None, "another file in its place");

        seal(&home, &lock, Store::open(&home, &lock, &Zone::utc()).unwrap()).unwrap();
        assert_eq!(kept_at_seal(&home), kept);
        File::options().append(true).open(home.database()).unwrap().write_all(b"x").unwrap();
        assert_eq!(kept_at_seal(&home), None, "a byte more");

        std::fs::write(home.manifest(), text).unwrap();
        unseal(&home, &lock).unwrap();
        assert_eq!(kept_at_seal(&home), None, "somebody is writing");
        std::fs::write(home.manifest(), r#"{"sealed":true,"database":null,"columns":null}"#).unwrap();
        assert_eq!(kept_at_seal(&home), None, "an older version's");
    }
}
