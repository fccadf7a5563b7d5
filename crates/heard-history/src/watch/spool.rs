//! Plays that were seen and are not in the archive yet: on the disk at once, for the archive needs the home's lock, and
//! another process may have it for hours.
//!
//! Each process that watches has a file of its own in the folder `watched`, a line of JSON for each play, and holds it
//! locked as long as it lives. What it has kept it takes away itself. A file that nobody holds is what a kill has left:
//! whoever has the home's lock takes it in. A line without an end is one that the kill fell into.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Seen;
use super::keep::{KeepError, append, draft};
use crate::archive::ArchiveError;
use crate::home::{Home, HomeLock, create_private, make_private_folder, sync_folder};
use crate::listen::{Account, Listen, Service};
use crate::outbox::{Outbox, Target};
use crate::store::Store;

/// How the names of finished and unfinished files end alike.
const SUFFIX: &str = "jsonl";

/// A play that is still to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spooled {
    /// When it was written down, in Unix seconds.
    pub seen_at: i64,
    /// Whose play it is.
    pub listener: String,
    /// The play.
    pub seen: Seen,
    /// Who is to be told of it as a listen.
    pub targets: Vec<Target>,
}

/// What a process has seen and not kept.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    /// There only while something is in it.
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    path: PathBuf,
    /// Locked.
    file: File,
    /// Where the last whole line ends.
    length: u64,
    /// How many lines there are, and how many of them are kept.
    lines: usize,
    kept: usize,
}

/// What was taken in of files that nobody holds any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Reports of plays that are in the archive now and were not there before.
    pub plays: u64,
    /// Files that cannot be read as this version writes them; they were moved to [`Home::quarantine`].
    pub strange: u64,
}

impl Spool {
    /// Nothing is seen yet, and nothing written.
    #[must_use]
    pub fn new(home: &Home) -> Self {
        Self { folder: home.watched(), open: None }
    }

    /// Writes a play down. When this returns it is on the disk.
    ///
    /// # Errors
    /// What the system says; what was written before stays.
    pub fn add(&mut self, spooled: &Spooled) -> io::Result<()> {
        let mut line = serde_json::to_vec(spooled)?;
        line.push(b'\n');
        let open = match &mut self.open {
            Some(open) => open,
            empty => empty.insert(Open::begin(&self.folder)?),
        };
        let written = open.file.write_all(&line).and_then(|()| open.file.sync_data());
        if let Err(error) = written {
            // Half a line would spoil the next.
            open.file.set_len(open.length)?;
            open.file.seek(io::SeekFrom::Start(open.length))?;
            return Err(error);
        }
        open.length += line.len() as u64;
        open.lines += 1;
        Ok(())
    }

    /// So many more of what was written down are kept, the oldest first. When all are, nothing remains on the disk.
    ///
    /// # Errors
    /// What the system says; what remains is taken in again then, and changes nothing.
    pub fn settle(&mut self, kept: usize) -> io::Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.kept += kept;
        if open.kept < open.lines {
            return Ok(());
        }
        fs::remove_file(&open.path)?;
        self.open = None;
        Ok(())
    }
}

impl Open {
    /// A new file, which nobody else takes for left behind: it is locked, and still there after that.
    fn begin(folder: &Path) -> io::Result<Self> {
        make_private_folder(folder)?;
        let process = std::process::id();
        for nth in 0_u32.. {
            let path = folder.join(format!("{process}-{nth}.{SUFFIX}"));
            let file = match create_private(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                created => created?,
            };
            file.lock()?;
            if path.try_exists()? {
                sync_folder(folder)?;
                return Ok(Self { path, file, length: 0, lines: 0, kept: 0 });
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// Whether any process left something behind. What cannot be looked at is left to [`take_in`], which says why.
#[must_use]
pub fn has_leavings(home: &Home) -> bool {
    left_behind(&home.watched()).map_or(true, |found| !found.is_empty())
}

/// Takes in what processes left behind that ended before they could keep it: into the archive and the store, and into the
/// outbox. Whoever is killed in between takes it in again: what the store has is not kept twice, and the outbox has a
/// listen once.
///
/// # Errors
/// [`KeepError`]; what was not taken in stays where it is.
pub fn take_in(home: &Home, lock: &HomeLock, store: &mut Store, now: i64) -> Result<TakenIn, KeepError> {
    let mut taken = TakenIn::default();
    for (path, mut file) in left_behind(&home.watched()).map_err(ArchiveError::io(home.watched()))? {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(ArchiveError::io(&path))?;
        match lines(&bytes) {
            Ok(spooled) => {
                taken.plays += keep_all(home, lock, store, &spooled, now)?;
                fs::remove_file(&path).map_err(ArchiveError::io(&path))?;
            }
            Err(error) => {
                tracing::warn!(%error, file = %path.display(), "plays that were seen cannot be read, and are put aside");
                put_aside(home, &path).map_err(ArchiveError::io(&path))?;
                taken.strange += 1;
            }
        }
    }
    Ok(taken)
}

/// Files that nobody holds, in the order of their names, and locked.
fn left_behind(folder: &Path) -> io::Result<Vec<(PathBuf, File)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|suffix| suffix == SUFFIX));
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let file = match OpenOptions::new().read(true).write(true).open(&path) {
            // Its process has just kept what was in it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            file => file?,
        };
        match file.try_lock() {
            Ok(()) => found.push((path, file)),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(found)
}

/// All whole lines.
fn lines(bytes: &[u8]) -> serde_json::Result<Vec<Spooled>> {
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| line.ends_with(b"\n"))
        .map(serde_json::from_slice)
        .collect()
}

fn keep_all(home: &Home, lock: &HomeLock, store: &mut Store, spooled: &[Spooled], now: i64) -> Result<u64, KeepError> {
    let mut drafts = Vec::new();
    for Spooled { seen_at, listener, seen, .. } in spooled {
        let account = Account::new(listener, Service::Watch, &seen.player);
        if !store.has_report(&account, &listen(seen), seen.ms_played)? {
            drafts.push(draft(listener, seen, *seen_at));
        }
    }
    append(home, lock, store, &drafts)?;
    if spooled.iter().any(|it| !it.targets.is_empty()) {
        let mut outbox = Outbox::open(home, lock)?;
        for it in spooled {
            it.targets.iter().try_for_each(|target| outbox.add(target, [&listen(&it.seen)], now).map(drop))?;
        }
    }
    Ok(drafts.len() as u64)
}

fn listen(Seen { track, played_at, .. }: &Seen) -> Listen {
    Listen { track: track.clone(), played_at: *played_at }
}

fn put_aside(home: &Home, path: &Path) -> io::Result<()> {
    make_private_folder(&home.quarantine())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut aside = home.quarantine().join(format!("watched-{name}"));
    for nth in 1_u32.. {
        if !aside.try_exists()? {
            break;
        }
        aside.set_file_name(format!("watched-{nth}-{name}"));
    }
    fs::rename(path, aside)
}
