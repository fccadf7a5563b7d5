//! Single answers out of the archive, for those who want files: what services said of things, one file a question, and
//! the covers of albums and artists.

mod names;
mod places;

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use names::file_name;

use crate::archive::{self, ArchiveError, Covers, Envelope, Frame, Position, Purpose};
use crate::facts::{CoverAnswer, CoverOutcome, Meaning, Picture};
use crate::home::{Home, create_private, make_private_folder};
use crate::normalise::normalise;
use places::{Places, cover_place, place};

/// Why answers could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A file or a folder cannot be written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What was written.
#[derive(Debug, Default)]
pub struct Extracted {
    /// Files with answers.
    pub files: u64,
    /// Files with covers.
    pub covers: u64,
    /// The bytes of both.
    pub bytes: u64,
    /// Damage in the archive that was stepped over, and covers that are not as they were kept.
    pub damage: Vec<ArchiveError>,
}

/// Writes the newest answer to every question below a folder, byte for byte as it came, and the covers that are kept of
/// albums and artists. Files of earlier answers are replaced; nothing else is touched. Names that a file system which
/// ignores case would take for one another stay apart: the later one bears a digest.
///
/// # Errors
/// [`ExtractError`]; what was written until then stays.
pub fn extract(home: &Home, folder: &Path) -> Result<Extracted, ExtractError> {
    let mut extracted = Extracted::default();
    let (mut newest, mut places) = (HashMap::new(), Places::default());
    let mut covers: HashMap<String, Picture> = HashMap::new();
    read(home, &mut extracted.damage, |envelope| {
        if let Some(path) = place(envelope) {
            places.take(&path);
            newest.insert(path, envelope.head.seq);
        } else if let Some((address, picture)) = picture(envelope) {
            covers.insert(address, picture);
        }
        Ok(())
    })?;
    let mut writing = Writing { folder, shelf: Covers::of(home), covers, extracted };
    read(home, &mut Vec::new(), |envelope| match place(envelope) {
        Some(path) if newest.get(&path) == Some(&envelope.head.seq) => writing.answer(&places.of(&path), envelope),
        _ => Ok(()),
    })?;
    Ok(writing.extracted)
}

struct Writing<'a> {
    folder: &'a Path,
    shelf: Covers,
    /// Pictures by the addresses from which they came.
    covers: HashMap<String, Picture>,
    extracted: Extracted,
}

impl Writing<'_> {
    fn answer(&mut self, path: &Path, envelope: &Envelope<'_>) -> Result<(), ExtractError> {
        self.write(path, &envelope.body)?;
        self.extracted.files += 1;
        let Some(named) = cover_place(path) else { return Ok(()) };
        let Ok(Meaning::Answer(answer)) = normalise(envelope) else { return Ok(()) };
        let address = answer.said.about.and_then(|about| about.cover);
        let Some(picture) = address.and_then(|address| self.covers.get(&address)) else { return Ok(()) };
        match self.shelf.read(picture) {
            Ok(bytes) => {
                self.write(&named.with_extension(picture.form.extension()), &bytes)?;
                self.extracted.covers += 1;
            }
            Err(error) => self.extracted.damage.push(error),
        }
        Ok(())
    }

    fn write(&mut self, path: &Path, bytes: &[u8]) -> Result<(), ExtractError> {
        let path = self.folder.join(path);
        write(&path, bytes).map_err(|source| ExtractError::Io { path, source })?;
        self.extracted.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// The picture that an envelope names, and the address from which it came.
fn picture(envelope: &Envelope<'_>) -> Option<(String, Picture)> {
    if envelope.head.purpose != Purpose::Cover {
        return None;
    }
    match normalise(envelope) {
        Ok(Meaning::Cover(CoverAnswer { address, outcome: CoverOutcome::Kept(picture) })) => Some((address, picture)),
        _ => None,
    }
}

/// Hands on every envelope that can be read. What cannot is for `verify` to name.
fn read(
    home: &Home,
    damage: &mut Vec<ArchiveError>,
    mut take: impl FnMut(&Envelope<'_>) -> Result<(), ExtractError>,
) -> Result<(), ExtractError> {
    let mut taken = Ok(());
    let frame = |frame: Frame| {
        taken = frame.lines().filter_map(|line| Envelope::parse(line).ok()).try_for_each(|envelope| take(&envelope));
        taken.is_ok()
    };
    archive::read_after(&home.archive(), Position::default(), frame, |error| damage.push(error))?;
    taken
}

/// Readers see a file as a whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        make_private_folder(folder)?;
    }
    let fresh = path.with_extension("new");
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    create_private(&fresh)?.write_all(bytes)?;
    fs::rename(&fresh, path)
}
