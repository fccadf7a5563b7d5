//! Making the store anew from the archive alone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use super::{Feed, IngestError, Ingested, Rows, read_and_write, write};
use crate::archive::Position;
use crate::columns;
use crate::home::{Home, HomeLock, sync_folder};
use crate::store::{Store, StoreError};
use crate::zone::Zone;

/// Makes the store anew from the archive and puts it in the place of the old one, which may be missing or damaged.
/// Until then the old one stays as it is. `progress` hears of every frame.
///
/// # Errors
/// [`IngestError`]; the old store is then still in place.
pub fn rebuild(
    home: &Home,
    lock: &HomeLock,
    zone: &Zone,
    progress: impl FnMut(Position),
) -> Result<Ingested, IngestError> {
    make(home, lock, zone, |store| read_and_write(home, store, u64::MAX, progress))
}

/// Makes the first store of a home from what is handed on, until nothing is any more. Faster than
/// [`super::follow_with`], since nobody can look at it before it is whole.
///
/// # Errors
/// [`IngestError`]; there is then no store, and what was handed on is in the archive.
pub(crate) fn begin_with(home: &Home, lock: &HomeLock, zone: &Zone, feed: Feed<'_>) -> Result<Ingested, IngestError> {
    make(home, lock, zone, |store| write(store, feed, u64::MAX, |_| {}))
}

fn make(
    home: &Home,
    lock: &HomeLock,
    zone: &Zone,
    fill: impl FnOnce(&mut Store) -> Result<Ingested, IngestError>,
) -> Result<Ingested, IngestError> {
    let _ = lock;
    let fresh = home.root().join("heard.db.new");
    remove(&fresh)?;
    let filled = Store::fresh(&fresh, zone).map_err(IngestError::from).and_then(|mut store| {
        let mut ingested = fill(&mut store)?;
        finish(home, &store, ingested.rows.take())?;
        store.close()?;
        Ok(ingested)
    });
    if filled.is_err() {
        drop(fs::remove_file(&fresh));
    }
    let ingested = filled?;
    put_in_place(home, &fresh).map_err(|source| StoreError::Io { path: home.database(), source })?;
    Ok(ingested)
}

/// Makes the store once more in a file of its own, for comparing. It is the caller's to discard.
pub(crate) fn rebuild_beside(home: &Home, zone: &Zone) -> Result<Store, IngestError> {
    let beside = home.root().join("heard.db.compared");
    remove(&beside)?;
    let mut store = Store::fresh(&beside, zone)?;
    read_and_write(home, &mut store, u64::MAX, |_| {})?;
    store.index()?;
    Ok(store)
}

/// Makes the index, and meanwhile the columns; those that cannot be made now are made by the next question.
fn finish(home: &Home, store: &Store, rows: Option<Rows>) -> Result<(), IngestError> {
    let generation = store.generation()?;
    let Some((rows, verdicts)) = rows else { return Ok(store.index()?) };
    let names = columns::Names::read(store)?;
    thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let (plays, further) = columns::live(rows, &verdicts);
            columns::write_plays(plays, &further, names, &generation, &home.columns())
        });
        let indexed = store.index();
        if let Err(error) = writing.join().expect("writing columns turns every fault into a value") {
            tracing::warn!(%error, "the columns could not be written");
        }
        Ok(indexed?)
    })
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::Io { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// The journal of the old store must go first: SQLite would replay it into the new one.
fn put_in_place(home: &Home, fresh: &Path) -> io::Result<()> {
    fs::File::open(fresh)?.sync_all()?;
    for side in ["-wal", "-shm"] {
        let mut name = home.database().into_os_string();
        name.push(side);
        match fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(fresh, home.database())?;
    sync_folder(home.root())
}
