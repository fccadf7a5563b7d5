//! Covers: every picture that an envelope names is there, with the bytes that its name tells.

use std::collections::HashMap;
use std::path::PathBuf;

use super::{Finding, Verified, VerifyError};
use crate::archive::{ArchiveError, CoverFile, Covers, Envelope, Purpose};
use crate::facts::{CoverOutcome, Meaning, Picture};
use crate::home::Home;
use crate::normalise::normalise;

/// Pictures that envelopes name, by the places of their files.
pub(super) type Named = HashMap<PathBuf, Picture>;

/// Notes the picture that an envelope names.
pub(super) fn note(named: &mut Named, shelf: &Covers, envelope: &Envelope<'_>) {
    if envelope.head.purpose == Purpose::Cover
        && let Ok(Meaning::Cover(cover)) = normalise(envelope)
        && let CoverOutcome::Kept(picture) = cover.outcome
    {
        named.insert(shelf.path(&picture), picture);
    }
}

/// Reads every file. One that no envelope names is what a kill leaves between a picture and its envelope: it is counted,
/// and does no harm as long as its bytes are those that its name tells.
pub(super) fn check(home: &Home, mut named: Named, verified: &mut Verified) -> Result<(), VerifyError> {
    let shelf = Covers::of(home);
    for file in shelf.list()? {
        match file {
            CoverFile::Named { sha256, form, path } => {
                let kept = named.remove(&path);
                verified.covers += u64::from(kept.is_some());
                verified.unnamed_covers += u64::from(kept.is_none());
                let picture = kept.unwrap_or(Picture { sha256, bytes: 0, form, size: None });
                match shelf.read(&picture) {
                    Ok(bytes) => verified.bytes += bytes.len() as u64,
                    Err(error) => verified.findings.push(Finding { what: wrong(&error), path }),
                }
            }
            CoverFile::Unfinished(_) => verified.unnamed_covers += 1,
            CoverFile::Stranger(path) => {
                verified.findings.push(Finding { path, what: "it does not belong to the archive".to_owned() });
            }
        }
    }
    let mut missing: Vec<PathBuf> = named.into_keys().collect();
    missing.sort();
    let what = "it is missing; heard enrich --covers fetches it again";
    verified.findings.extend(missing.into_iter().map(|path| Finding { path, what: what.to_owned() }));
    Ok(())
}

fn wrong(error: &ArchiveError) -> String {
    match error {
        ArchiveError::Damaged { reason, .. } => {
            format!("{reason}; delete it, and heard enrich --covers fetches it again")
        }
        other => other.to_string(),
    }
}
