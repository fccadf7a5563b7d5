//! Proving that nothing changed: the archive's seals and digests, its covers, the views' checksums, and the view against the
//! archive it was made from.

mod archive;
mod covers;
mod manifest;
mod views;

use std::path::PathBuf;

pub use manifest::{Manifest, kept_at_seal, seal, unseal};

use crate::archive::ArchiveError;
use crate::columns::ColumnsError;
use crate::home::{Home, HomeLock};
use crate::ingest::IngestError;
use crate::store::StoreError;
use crate::zone::Zone;

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: String,
}

/// What verifying found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// What is wrong; empty when everything is as it should be.
    pub findings: Vec<Finding>,
    /// Segments of the archive that were read.
    pub segments: u64,
    /// Envelopes in them.
    pub envelopes: u64,
    /// Bytes of the archive that were read.
    pub bytes: u64,
    /// Files of covers that envelopes name.
    pub covers: u64,
    /// Files of covers that none names: what a kill leaves, which the next fetch uses or replaces.
    pub unnamed_covers: u64,
    /// Whether the last run ended cleanly; when not, the views have no checksums and are compared with the archive only.
    pub sealed: bool,
    /// The digest of the view's canonical dump, where it was compared.
    pub digest: Option<String>,
}

/// Why verifying could not be finished; what is wrong with files is a [`Finding`], not an error.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The archive cannot be listed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The view cannot be compared.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The archive cannot be ingested for comparing.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The columns cannot be compared.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
}

/// Checks everything. With `deep`, the view is made once more beside the old one and compared with it.
///
/// # Errors
/// [`VerifyError`] when checking itself fails.
pub fn verify(home: &Home, lock: &HomeLock, zone: &Zone, deep: bool) -> Result<Verified, VerifyError> {
    let mut verified = Verified::default();
    let (end, named) = archive::check(home, &mut verified)?;
    covers::check(home, named, &mut verified)?;
    views::check(home, lock, zone, &end, deep, &mut verified)?;
    Ok(verified)
}
