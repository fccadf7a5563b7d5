//! The views: their checksums, their soundness, and whether the archive still says the same.

use std::path::PathBuf;

use super::{Finding, Manifest, Verified, VerifyError};
use crate::columns;
use crate::home::{Home, HomeLock};
use crate::ingest;
use crate::store::{Store, StoreError, Zone};

pub(super) fn check(
    home: &Home,
    lock: &HomeLock,
    zone: &Zone,
    newest: u64,
    deep: bool,
    verified: &mut Verified,
) -> Result<(), VerifyError> {
    let mut findings = Vec::new();
    let mut say = |path: PathBuf, what: String| findings.push(Finding { path, what });
    let result = check_with(home, (lock, zone, newest, deep), verified, &mut say);
    verified.findings.append(&mut findings);
    result
}

fn check_with(
    home: &Home,
    (lock, zone, newest, deep): (&HomeLock, &Zone, u64, bool),
    verified: &mut Verified,
    mut say: &mut impl FnMut(PathBuf, String),
) -> Result<(), VerifyError> {
    if !home.database().exists() {
        if newest > 0 {
            say(home.database(), "it is missing; heard rebuild makes it again".to_owned());
        }
        return Ok(());
    }
    verified.sealed = check_sums(home, &mut say);
    let store = match Store::open(home, lock, zone) {
        Ok(store) => store,
        Err(error @ (StoreError::Damaged { .. } | StoreError::Newer { .. })) => {
            say(home.database(), error.to_string());
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    for problem in store.problems()? {
        say(home.database(), problem);
    }
    let position = store.position()?;
    if position.seq > newest {
        let missing = position.seq - newest;
        say(home.archive(), format!("the last {missing} envelopes that heard.db was made from are missing"));
    }
    match columns::Columns::open(&home.columns()) {
        Ok(columns) if *columns.generation() == store.generation()? => {}
        Ok(_) => say(home.columns(), "it is older than heard.db; the next question makes it anew".to_owned()),
        Err(error) => say(home.columns(), error.to_string()),
    }
    if deep && position.seq == newest {
        verified.digest = compare(home, &store, zone, &mut say)?;
    }
    drop(store);
    Ok(())
}

/// Returns whether there are checksums. A run that was killed leaves none; that is no damage.
fn check_sums(home: &Home, say: &mut impl FnMut(PathBuf, String)) -> bool {
    let Some(kept) = Manifest::kept(home) else {
        say(home.manifest(), "it is missing or damaged; heard rebuild makes it again".to_owned());
        return false;
    };
    if !kept.sealed {
        return false;
    }
    let now = match Manifest::now(home) {
        Ok(now) => now,
        Err(error) => {
            say(home.manifest(), format!("the checksums cannot be taken: {error}"));
            return true;
        }
    };
    if kept.database != now.database {
        say(home.database(), "its bytes are not those that heard wrote last".to_owned());
    }
    if kept.columns != now.columns {
        say(home.columns(), "its bytes are not those that heard wrote last".to_owned());
    }
    true
}

fn compare(
    home: &Home,
    store: &Store,
    zone: &Zone,
    say: &mut impl FnMut(PathBuf, String),
) -> Result<Option<String>, VerifyError> {
    let beside = ingest::rebuild_beside(home, zone)?;
    let (kept, made) = (store.digest()?, beside.digest()?);
    beside.discard()?;
    if kept != made {
        say(home.database(), "it does not say what the archive says; heard rebuild makes it again".to_owned());
    }
    Ok(Some(kept))
}
