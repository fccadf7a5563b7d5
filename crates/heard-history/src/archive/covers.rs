//! Covers, each a file that bears the digest of its bytes: `archive/covers/ab/abcd….jpg`.
//!
//! A file is whole and on the disk before the envelope is appended that names it. Whoever is killed between the two leaves
//! a file that no envelope names; it does no harm, and the next one who fetches the same picture finds it there.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{ArchiveError, digest};
use crate::facts::{Picture, PictureForm};
use crate::home::{Home, make_private_folder, replace_file, sync_folder};

/// The name of the folder within the archive.
pub(super) const FOLDER: &str = "covers";
/// How the name of a file ends that is being written.
const UNFINISHED: &str = "new";

/// The folder of covers.
#[derive(Clone, Debug)]
pub struct Covers {
    folder: PathBuf,
}

/// What lies in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoverFile {
    /// A file with the name of a picture of this digest and form.
    Named {
        /// The digest that the name tells.
        sha256: String,
        /// The form that its ending tells.
        form: PictureForm,
        /// Where it lies.
        path: PathBuf,
    },
    /// What a kill left of a file that was being written.
    Unfinished(PathBuf),
    /// Something else.
    Stranger(PathBuf),
}

impl Covers {
    /// The covers of a home.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self { folder: home.archive().join(FOLDER) }
    }

    /// Whether there is such a folder: without one, no cover was ever kept.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.folder.is_dir()
    }

    /// Where a picture lies, once it is kept.
    #[must_use]
    pub fn path(&self, picture: &Picture) -> PathBuf {
        self.place(&picture.sha256, picture.form)
    }

    /// Where it lies, seen from the home.
    #[must_use]
    pub fn place_in_home(picture: &Picture) -> PathBuf {
        Self { folder: Path::new("archive").join(FOLDER) }.path(picture)
    }

    fn place(&self, sha256: &str, form: PictureForm) -> PathBuf {
        let shelf = sha256.get(..2).unwrap_or_default();
        self.folder.join(shelf).join(format!("{sha256}.{}", form.extension()))
    }

    /// Whether a picture's file is there and has its length. Whether its bytes are right is for `verify` to find out.
    #[must_use]
    pub fn has(&self, picture: &Picture) -> bool {
        self.path(picture).metadata().is_ok_and(|file| file.is_file() && file.len() == picture.bytes)
    }

    /// Keeps a picture's bytes, while the home is locked. When this returns, file and folders are on the disk. A file that is there already with
    /// the same bytes is left as it is; one with others, which only damage makes, is replaced.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn keep(&self, picture: &Picture, bytes: &[u8]) -> Result<(), ArchiveError> {
        let path = self.path(picture);
        if self.has(picture) && fs::read(&path).is_ok_and(|kept| kept == bytes) {
            return Ok(());
        }
        self.write(&path, bytes).map_err(ArchiveError::io(&path))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let shelf = path.parent().unwrap_or(&self.folder);
        if !shelf.is_dir() {
            make_private_folder(shelf)?;
            sync_folder(&self.folder)?;
            self.folder.parent().map_or(Ok(()), sync_folder)?;
        }
        replace_file(path, |file| file.write_all(bytes))
    }

    /// The bytes of a picture.
    ///
    /// # Errors
    /// [`ArchiveError::Io`] where the file cannot be read, [`ArchiveError::Damaged`] where its bytes are not those that
    /// were kept.
    pub fn read(&self, picture: &Picture) -> Result<Vec<u8>, ArchiveError> {
        let path = self.path(picture);
        let bytes = fs::read(&path).map_err(ArchiveError::io(&path))?;
        if digest(&bytes) == picture.sha256 {
            return Ok(bytes);
        }
        Err(ArchiveError::Damaged { path, offset: 0, reason: "its bytes are not those that its name tells".to_owned() })
    }

    /// Everything in the folder, by path; nothing where there is none.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn list(&self) -> Result<Vec<CoverFile>, ArchiveError> {
        let mut found = Vec::new();
        for shelf in super::segment::entries(&self.folder)? {
            if !shelf.is_dir() {
                found.push(CoverFile::Stranger(shelf));
                continue;
            }
            found.extend(super::segment::entries(&shelf)?.into_iter().map(|path| self.recognised(path)));
        }
        found.sort_by(|a, b| a.path().cmp(b.path()));
        Ok(found)
    }

    fn recognised(&self, path: PathBuf) -> CoverFile {
        let of = |path: &Path| {
            let form = PictureForm::of_extension(path.extension()?.to_str()?)?;
            let sha256 = path.file_stem()?.to_str()?.to_owned();
            (self.place(&sha256, form) == path).then_some((sha256, form))
        };
        if let Some((sha256, form)) = of(&path) {
            return CoverFile::Named { sha256, form, path };
        }
        let is_unfinished =
            path.extension().is_some_and(|it| it == UNFINISHED) && of(&path.with_extension("")).is_some();
        if is_unfinished { CoverFile::Unfinished(path) } else { CoverFile::Stranger(path) }
    }
}

impl CoverFile {
    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        let (Self::Named { path, .. } | Self::Unfinished(path) | Self::Stranger(path)) = self;
        path
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's files need no safety")]
mod tests {
    use super::*;

    fn picture(bytes: &[u8]) -> Picture {
        Picture { sha256: digest(bytes), bytes: bytes.len() as u64, form: PictureForm::Jpeg, size: None }
    }

    #[test]
    fn equal_bytes_are_one_file_that_bears_their_digest() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let covers = Covers::of(&home);
        assert_eq!(covers.list().unwrap(), []);
        let (one, other) = (picture(b"one"), picture(b"other"));
        assert!(!covers.has(&one));
        covers.keep(&one, b"one").unwrap();
        let made = covers.path(&one).metadata().unwrap().modified().unwrap();
        covers.keep(&one, b"one").unwrap();
        covers.keep(&other, b"other").unwrap();
        assert_eq!(covers.path(&one).metadata().unwrap().modified().unwrap(), made, "it was left as it was");
        assert_eq!(covers.list().unwrap().len(), 2);
        assert_eq!((covers.read(&one).unwrap(), covers.read(&other).unwrap()), (b"one".to_vec(), b"other".to_vec()));
        let place = Covers::place_in_home(&one);
        assert_eq!(home.root().join(&place), covers.path(&one));
        assert!(place.starts_with("archive/covers") && place.ends_with(format!("{}.jpg", one.sha256)));
    }

    #[test]
    fn damage_is_found_and_mended() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let (covers, one) = (Covers::of(&home), picture(b"one"));
        covers.keep(&one, b"one").unwrap();
        fs::write(covers.path(&one), b"0ne").unwrap();
        assert!(matches!(covers.read(&one), Err(ArchiveError::Damaged { .. })));
        covers.keep(&one, b"one").unwrap();
        assert_eq!(covers.read(&one).unwrap(), b"one");
        fs::write(covers.path(&one), b"on").unwrap();
        assert!(!covers.has(&one));
        fs::remove_file(covers.path(&one)).unwrap();
        assert!(matches!(covers.read(&one), Err(ArchiveError::Io { .. })));
    }

    #[test]
    fn what_else_lies_there_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let (covers, one) = (Covers::of(&home), picture(b"one"));
        covers.keep(&one, b"one").unwrap();
        let path = covers.path(&one);
        let mut unfinished = path.clone().into_os_string();
        unfinished.push(".new");
        let shelf = path.parent().unwrap();
        fs::write(&unfinished, b"o").unwrap();
        fs::write(shelf.join("holiday.jpg"), b"").unwrap();
        fs::create_dir(home.archive().join("covers/00")).unwrap();
        fs::write(home.archive().join("covers/00").join(path.file_name().unwrap()), b"one").unwrap();
        fs::write(home.archive().join("covers/x"), b"").unwrap();
        let found = covers.list().unwrap();
        let strangers = found.iter().filter(|file| matches!(file, CoverFile::Stranger(_))).count();
        assert_eq!((found.len(), strangers), (5, 3), "{found:?}");
        assert!(found.contains(&CoverFile::Unfinished(unfinished.into())));
    }
}
