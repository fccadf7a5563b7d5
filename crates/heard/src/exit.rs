//! The one border at which every error gets a sentence, an exit code and a hint.

mod answers;
mod watched;

use std::fmt;
use std::io;
use std::path::Path;

use heard_history::archive::ArchiveError;
use heard_history::columns::ColumnsError;
use heard_history::decide::DecideError;
use heard_history::home::HomeError;
use heard_history::import::ImportError;
use heard_history::ingest::IngestError;
use heard_history::stats::{PeriodError, StatsError};
use heard_history::store::StoreError;

/// How a command ends. The numbers are those of sysexits.h, and scripts depend on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Failure = 1,
    Usage = 2,
    BadInput = 65,
    Unavailable = 69,
    Disk = 74,
    TryAgain = 75,
    NotAuthorised = 77,
    Configuration = 78,
    Interrupted = 130,
}

/// What to do where the system refuses to read or write without telling why.
const LOOK_AT_THE_DISK: &str = "look at the disk (df -h; dmesg) and run the same command again; nothing is lost";

/// Why a command ended, for a person to read.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    sentence: String,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(code: Code, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), hint: None }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// What went wrong, without the hint.
    pub(crate) fn sentence(&self) -> &str {
        &self.sentence
    }

    /// The same with another exit code.
    pub(crate) fn with(self, code: Code) -> Self {
        Self { code, ..self }
    }

    /// A failure of a file, told apart by what the system said.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        let code = match error.kind() {
            io::ErrorKind::NotFound => Code::BadInput,
            _ => Code::Disk,
        };
        let failure = Self::new(code, format!("{}: {}", path.display(), plain(error)));
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                failure.hint("make room and run the same command again; nothing that was kept is lost")
            }
            io::ErrorKind::FileTooLarge => {
                failure.hint("lift the limit (ulimit -f unlimited) and run the same command again; nothing is lost")
            }
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                failure.hint("choose another folder with --home DIR, or make this one writable")
            }
            io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => failure.hint("check the spelling of the path"),
            _ => failure.hint(LOOK_AT_THE_DISK),
        }
    }

    /// A failure to write what the user named; a missing folder is then not an input that is missing.
    pub(crate) fn output(path: &Path, error: &io::Error) -> Self {
        match (error.kind(), path.parent()) {
            (io::ErrorKind::NotFound, Some(folder)) => {
                Self::file(path, error).with(Code::Disk).hint(format!("mkdir -p {}", quoted(folder)))
            }
            _ => Self::file(path, error),
        }
    }

    /// A failure of standard output.
    pub(crate) fn standard_output(error: &io::Error) -> Self {
        Self { code: Code::Disk, ..Self::file(Path::new("standard output"), error) }
    }
}

/// The first failure that trying again does not mend; where there is none, the first of the others.
pub(crate) fn worst(results: impl IntoIterator<Item = Result<(), Failure>>) -> Result<(), Failure> {
    let serious = |failure: &Failure| failure.code != Code::TryAgain;
    let mut worst = Ok(());
    for failure in results.into_iter().filter_map(Result::err) {
        worst = match worst {
            Err(before) if serious(&before) || !serious(&failure) => Err(before),
            _ => Err(failure),
        };
    }
    worst
}

/// A path as it can be pasted into a shell.
pub(crate) fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

/// What the system said, without its number.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::FileTooLarge => "the file may not grow further: this process has a limit".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", crate::print::harmless(&self.sentence))?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<HomeError> for Failure {
    fn from(error: HomeError) -> Self {
        match &error {
            HomeError::Io { path, source } => Self::file(path, source),
            HomeError::Foreign { .. } => {
                Self::new(Code::Configuration, error.to_string()).hint("choose an empty or new folder with --home DIR")
            }
            HomeError::NotOwned { .. } => {
                Self::new(Code::Configuration, error.to_string()).hint("choose a folder of your own with --home DIR")
            }
            HomeError::Busy { .. } => {
                Self::new(Code::TryAgain, error.to_string()).hint("wait until it is done, then run this again")
            }
        }
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        match &error {
            ArchiveError::Io { path, source } => Self::file(path, source),
            ArchiveError::Damaged { .. } => {
                Self::new(Code::BadInput, error.to_string()).hint("heard verify names everything that is damaged")
            }
            ArchiveError::Poisoned => Self::new(Code::Disk, error.to_string()).hint("run the same command again"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Io { path, source } => Self::file(path, source),
            StoreError::Sqlite { path, source } => sqlite(path, source),
            StoreError::Newer { path, .. } => {
                let failure = Self::new(Code::Configuration, error.to_string());
                if is_view(path) {
                    failure.hint("update heard; or make the view anew with this version: heard rebuild")
                } else {
                    failure.hint("update heard")
                }
            }
            StoreError::Damaged { path, .. } | StoreError::Migration { path, .. } => {
                let failure = Self::new(Code::BadInput, error.to_string());
                if is_view(path) {
                    failure.hint("heard rebuild makes it anew from the archive")
                } else {
                    let aside = quoted(&path.with_extension("damaged"));
                    failure.hint(format!(
                        "it holds what waits to be sent, so keep it; to go on without: mv {} {aside}",
                        quoted(path)
                    ))
                }
            }
            StoreError::Older { .. } => {
                Self::new(Code::Configuration, error.to_string()).hint("heard rebuild makes it anew from the archive")
            }
            StoreError::NetworkFileSystem { .. } => {
                Self::new(Code::Configuration, error.to_string()).hint("choose a local folder with --home DIR")
            }
            StoreError::Zone(_) => Self::new(Code::Configuration, error.to_string()),
            StoreError::EngineTooOld { .. } => Self::new(Code::Failure, error.to_string()),
        }
    }
}

/// Whether a database can be made anew from the archive.
fn is_view(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "heard.db")
}

fn sqlite(path: &Path, error: &rusqlite::Error) -> Failure {
    use rusqlite::ErrorCode;
    let failure = Failure::new(Code::Disk, format!("{}: {error}", path.display()));
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Failure::file(path, &io::ErrorKind::StorageFull.into()),
        Some(ErrorCode::CannotOpen) => {
            failure.hint("make room there, and the folder writable; then run the same command again; nothing is lost")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            failure.hint("choose another folder with --home DIR, or make this one writable")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Failure::new(Code::TryAgain, format!("{} is in use by another program", path.display()))
                .hint("close it there, then run this again")
        }
        _ => failure.hint(LOOK_AT_THE_DISK),
    }
}

impl From<ColumnsError> for Failure {
    fn from(error: ColumnsError) -> Self {
        match error {
            ColumnsError::Io { path, source } => Self::file(&path, &source),
            ColumnsError::Store(error) => error.into(),
            error @ (ColumnsError::Format { .. } | ColumnsError::Arrow(_)) => {
                Self::new(Code::BadInput, error.to_string()).hint("heard rebuild")
            }
        }
    }
}

impl From<StatsError> for Failure {
    fn from(error: StatsError) -> Self {
        match error {
            StatsError::Columns(error) => error.into(),
            StatsError::Period(error) => error.into(),
        }
    }
}

impl From<PeriodError> for Failure {
    fn from(error: PeriodError) -> Self {
        let failure = Self::new(Code::Usage, error.to_string());
        match error {
            PeriodError::UpsideDown { from, to } => failure.hint(format!("--from {to} --to {from}")),
            _ => failure.hint("years go from 1 to 9998"),
        }
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Store(error) => error.into(),
            IngestError::Archive(error) => error.into(),
        }
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Archive(error) => error.into(),
            ImportError::Store(error) => error.into(),
            ImportError::Ingest(error) => error.into(),
            ImportError::Interrupted(_) => Self::new(Code::Interrupted, "stopped"),
        }
    }
}

impl From<DecideError> for Failure {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Archive(error) => error.into(),
            DecideError::Store(error) => error.into(),
            DecideError::Ingest(error) => error.into(),
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
