//! The views: their checksums, their soundness, and whether the archive still says the same.

use std::path::PathBuf;

use super::archive::{End, missing};
use super::{Finding, Manifest, Verified, VerifyError};
use crate::columns::{self, Genres, MadeOf};
use crate::home::{Home, HomeLock};
use crate::ingest;
use crate::store::{Store, StoreError};
use crate::zone::Zone;

pub(super) fn check(
    home: &Home,
    lock: &HomeLock,
    zone: &Zone,
    end: &End,
    deep: bool,
    verified: &mut Verified,
) -> Result<(), VerifyError> {
    let mut findings = Vec::new();
    let mut say = |path: PathBuf, what: String| findings.push(Finding { path, what });
    let result = check_with(home, (lock, zone, end, deep), verified, &mut say);
    verified.findings.append(&mut findings);
    result
}

fn check_with(
    home: &Home,
    (lock, zone, end, deep): (&HomeLock, &Zone, &End, bool),
    verified: &mut Verified,
    mut say: &mut impl FnMut(PathBuf, String),
) -> Result<(), VerifyError> {
    if !home.database().exists() {
        if end.newest > 0 {
            say(home.database(), "it is missing; heard rebuild makes it again".to_owned());
        }
        return Ok(());
    }
    let sums = check_sums(home, &mut say);
    verified.sealed = sums != Sums::Unsealed;
    if sums == Sums::Changed {
        // SQLite might write to what it takes for its own.
        return Ok(());
    }
    let store = match Store::open(home, lock, zone) {
        Ok(store) => store,
        Err(error) if is_of_the_file(&error) => {
            say(home.database(), error.to_string());
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    for problem in store.problems()? {
        say(home.database(), problem);
    }
    let position = store.position()?;
    if position.seq > end.newest {
        let what = missing(end.newest + 1, position.seq, end.segment.as_deref());
        say(end.segment.clone().unwrap_or_else(|| home.archive()), what);
    }
    check_columns(home, &store, verified.sealed, &mut say)?;
    check_genres(home, &store, verified.sealed, &mut say)?;
    if deep && position.seq <= end.newest {
        let kept = if position.seq == end.newest { store.digest()? } else { caught_up(home, zone)? };
        compare(home, &kept, zone, &mut say)?;
        verified.digest = Some(kept);
    }
    drop(store);
    Ok(())
}

/// Whether the plays' columns are whole, and of the plays of the database. A run that was cut off had not come to making
/// them.
fn check_columns(
    home: &Home,
    store: &Store,
    sealed: bool,
    say: &mut impl FnMut(PathBuf, String),
) -> Result<(), VerifyError> {
    match columns::Columns::open(&home.columns()) {
        Ok(columns) if *columns.generation() == store.generation()? => {}
        Ok(_) if !sealed => {}
        Err(_) if !sealed && !home.columns().exists() => {}
        Ok(_) => say(home.columns(), "it is older than heard.db; the next question makes it anew".to_owned()),
        Err(error) => say(home.columns(), error.to_string()),
    }
    Ok(())
}

/// Whether the genres of plays are whole, and of the plays and tags of the database. A vocabulary that is newer than they
/// are is no damage.
fn check_genres(
    home: &Home,
    store: &Store,
    sealed: bool,
    say: &mut impl FnMut(PathBuf, String),
) -> Result<(), VerifyError> {
    let fits =
        |made_of: &MadeOf, generation, enriched| made_of.generation == generation && made_of.enriched == enriched;
    match Genres::open(&home.genres()) {
        Ok(None) => {}
        Ok(Some(genres)) if fits(genres.made_of(), store.generation()?, store.enriched()?) => {}
        Ok(Some(_)) if !sealed => {}
        Ok(Some(_)) => {
            say(home.genres(), "it is older than heard.db; the next question about genres makes it anew".to_owned());
        }
        Err(error) => say(home.genres(), error.to_string()),
    }
    Ok(())
}

/// Whether it is the database itself that cannot be used.
fn is_of_the_file(error: &StoreError) -> bool {
    use StoreError::{Damaged, Migration, Newer, Older};
    matches!(error, Damaged { .. } | Newer { .. } | Older { .. } | Migration { .. })
}

/// What the checksums say of the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sums {
    /// There are none. A run that was killed leaves none; that is no damage.
    Unsealed,
    /// Its bytes are those that were written.
    Same,
    /// They are others.
    Changed,
}

fn check_sums(home: &Home, say: &mut impl FnMut(PathBuf, String)) -> Sums {
    let Some(kept) = Manifest::kept(home) else {
        say(home.manifest(), "it is missing or damaged; heard rebuild makes it again".to_owned());
        return Sums::Unsealed;
    };
    if !kept.sealed {
        return Sums::Unsealed;
    }
    let now = match Manifest::now(home) {
        Ok(now) => now,
        Err(error) => {
            say(home.manifest(), format!("the checksums cannot be taken: {error}"));
            return Sums::Changed;
        }
    };
    if kept.database != now.database {
        say(home.database(), "its bytes are not those that heard wrote last".to_owned());
    }
    if kept.columns != now.columns {
        say(home.columns(), "its bytes are not those that heard wrote last".to_owned());
    }
    if kept.genres != now.genres && kept.tells_of_genres() {
        let what = match now.genres {
            Some(_) => "its bytes are not those that heard wrote last",
            None => "it is missing; the next question about genres makes it again",
        };
        say(home.genres(), what.to_owned());
    }
    if kept.database == now.database { Sums::Same } else { Sums::Changed }
}

/// The digest of the view as the next run will have it: a run that was stopped leaves envelopes, such as those of a file
/// without its end, that are not read yet. The view itself stays as it was written.
fn caught_up(home: &Home, zone: &Zone) -> Result<String, VerifyError> {
    let mut store = Store::preview(home, zone)?;
    let digest = ingest::catch_up(home, &mut store).map_err(VerifyError::from).and_then(|_| Ok(store.digest()?));
    store.discard()?;
    digest
}

fn compare(home: &Home, kept: &str, zone: &Zone, say: &mut impl FnMut(PathBuf, String)) -> Result<(), VerifyError> {
    let beside = ingest::rebuild_beside(home, zone)?;
    let made = beside.digest()?;
    beside.discard()?;
    if kept != made {
        say(home.database(), "it does not say what the archive says; heard rebuild makes it again".to_owned());
    }
    Ok(())
}
