//! The one folder that holds everything: where each thing lies in it, who may write, and how its files are made.
//!
//! Folders are made with mode 0700 and files with mode 0600 from their first byte on, without following links.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Names that mark a folder as `heard`'s own; a folder with other things in it and none of these is refused.
const OWN: [&str; 9] = [
    "archive",
    "heard.db",
    "plays.arrow",
    "state.db",
    "heard.lock",
    "config.toml",
    "credentials.toml",
    "import",
    "watched",
];

/// Why a home folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The folder cannot be made, listed or written.
    #[error("{} cannot be used: {source}", path.display())]
    Io {
        /// The folder or file that failed.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder holds other things and nothing of `heard`.
    #[error("{} holds other files and nothing of heard", path.display())]
    Foreign {
        /// The folder in question.
        path: PathBuf,
    },
    /// The folder belongs to another user of this machine.
    #[error("{} belongs to another user of this machine", path.display())]
    NotOwned {
        /// The folder in question.
        path: PathBuf,
    },
    /// Another process holds the lock.
    #[error("another heard process is at work here{}", pid.map(|p| format!(" (process {p})")).unwrap_or_default())]
    Busy {
        /// The process that holds the lock, where it could be read.
        pid: Option<u32>,
    },
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> HomeError + '_ {
    move |source| HomeError::Io { path: path.to_owned(), source }
}

/// The home folder: the archive, the store, the columns and the state.
#[derive(Clone, Debug)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// Opens the folder, making it (mode 0700) when it does not exist.
    ///
    /// # Errors
    /// [`HomeError::Foreign`] for a folder that holds only other things, [`HomeError::NotOwned`] for another user's,
    /// [`HomeError::Io`] when it cannot be made or listed.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, HomeError> {
        let root = root.into();
        make_private_folder(&root).map_err(io_error(&root))?;
        let home = Self { root };
        home.refuse_foreign()?;
        Ok(home)
    }

    /// The folder as given, for reading only; nothing is made. Returns `None` when it does not exist.
    #[must_use]
    pub fn existing(root: impl Into<PathBuf>) -> Option<Self> {
        let root = root.into();
        root.is_dir().then_some(Self { root })
    }

    fn refuse_foreign(&self) -> Result<(), HomeError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let owner = fs::metadata(&self.root).map_err(io_error(&self.root))?.uid();
            let me = rustix::process::geteuid().as_raw();
            if owner != me && me != 0 {
                return Err(HomeError::NotOwned { path: self.root.clone() });
            }
        }
        let mut foreign = false;
        for entry in fs::read_dir(&self.root).map_err(io_error(&self.root))? {
            let name = entry.map_err(io_error(&self.root))?.file_name();
            if OWN.iter().any(|own| name.to_string_lossy().starts_with(own)) {
                return Ok(());
            }
            foreign = true;
        }
        if foreign { Err(HomeError::Foreign { path: self.root.clone() }) } else { Ok(()) }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of raw answers.
    #[must_use]
    pub fn archive(&self) -> PathBuf {
        self.root.join("archive")
    }

    /// The SQLite view.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.root.join("heard.db")
    }

    /// The same plays as columns.
    #[must_use]
    pub fn columns(&self) -> PathBuf {
        self.root.join("plays.arrow")
    }

    /// The genres of the same plays; there only where any are known.
    #[must_use]
    pub fn genres(&self) -> PathBuf {
        self.root.join("genres.arrow")
    }

    /// The checksums of the two views, as they were when last written.
    #[must_use]
    pub fn manifest(&self) -> PathBuf {
        self.root.join("heard.db.manifest")
    }

    /// What is neither archive nor view: pauses that services asked for, the outbox, the ledger.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.root.join("state.db")
    }

    /// Refused answers, kept for a look; bounded in number.
    #[must_use]
    pub fn quarantine(&self) -> PathBuf {
        self.root.join("archive.refused")
    }

    /// Plays on their way to the archive, of processes that watch players: what they could not hand on yet.
    #[must_use]
    pub fn watched(&self) -> PathBuf {
        self.root.join("watched")
    }

    /// Takes the right to write, for as long as the returned value lives. The lock is the kernel's, so a killed
    /// process leaves none behind.
    ///
    /// # Errors
    /// [`HomeError::Busy`] when another process holds it.
    pub fn lock(&self) -> Result<HomeLock, HomeError> {
        let path = self.root.join("heard.lock");
        let mut file = lock_file(&path).map_err(io_error(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(HomeError::Busy { pid: read_pid(&mut file) }),
            Err(TryLockError::Error(source)) => return Err(HomeError::Io { path, source }),
        }
        // The number is a courtesy to whoever is refused; a full disk must not keep anyone from locking.
        let noted = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        if let Err(error) = noted {
            tracing::debug!(%error, "the process number could not be noted in the lock file");
        }
        Ok(HomeLock { _file: file })
    }
}

/// The lock file: a new one where there is none. It is never deleted, so that all agree on one.
fn lock_file(path: &Path) -> io::Result<File> {
    match create_private(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let mut options = OpenOptions::new();
            private(options.read(true).write(true)).open(path)
        }
        other => other,
    }
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// The right to write in a home folder; given back when dropped.
#[derive(Debug)]
pub struct HomeLock {
    _file: File,
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    options
}

/// Makes a new file, readable and writable by its owner alone from the first byte on. Fails when it exists, and never
/// follows a link.
///
/// # Errors
/// What the system says.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    private(&mut options).open(path)
}

/// Makes a folder (and those above it) that only its owner may enter; existing ones are left as they are.
///
/// # Errors
/// What the system says.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Makes the entries of a folder durable, so that a new file's name survives a power cut.
///
/// # Errors
/// What the system says.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Replaces a file as a whole: a new one is written beside it, made durable, and takes its name. Readers see the old
/// or the new one, never a part.
///
/// # Errors
/// What the system says; the old file is then still in place.
pub fn replace_file(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    // The folder of a bare name is the one that the process is in.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let fresh = folder.join(format!("{name}.new"));
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = create_private(&fresh)?;
    let written = write(&mut file).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&fresh, path));
    if let Err(error) = written {
        // What could not be finished only takes up room; the first error is the one to tell.
        drop(fs::remove_file(&fresh));
        return Err(error);
    }
    sync_folder(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_other_things_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        drop(create_private(&dir.path().join("holiday.jpg")).unwrap());
        assert!(matches!(Home::open(dir.path()), Err(HomeError::Foreign { .. })));
        drop(create_private(&dir.path().join("config.toml")).unwrap());
        assert!(Home::open(dir.path()).is_ok());
    }

    #[test]
    fn one_holder_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path().join("new/home")).unwrap();
        let held = home.lock().unwrap();
        let Err(HomeError::Busy { pid }) = home.lock() else { panic!("locked twice") };
        assert_eq!(pid, Some(std::process::id()));
        drop(held);
        home.lock().unwrap();
    }

    #[test]
    fn a_failed_replacement_leaves_the_old_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        replace_file(&path, |f| f.write_all(b"old")).unwrap();
        replace_file(&path, |f| f.write_all(b"new").and(Err(io::Error::other("no")))).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
