//! Which files there are to read: below folders, inside zips, behind compressions.
//!
//! Nothing is ever unpacked onto the disk. A member of a zip is a stream, and its name is text to be shown: no path is
//! made from it. What grows too much is stopped by the bytes that really come out, whatever the zip says of itself.

mod bounded;
mod encoding;
mod folder;
mod magic;
mod members;
mod names;
mod refusal;
mod single;

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub use encoding::{Decoded, decoded};
pub use refusal::{Refusal, Refused};

/// How much may come out of a container. The default is what `heard` takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of one zip, folders counted.
    pub members: usize,
    /// Bytes of one member of a zip.
    pub member_bytes: u64,
    /// Bytes of one container in all.
    pub container_bytes: u64,
    /// Bytes that may come out of one byte that went in …
    pub ratio: u64,
    /// … once more than so many bytes came out.
    pub ratio_after: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { members: 500, member_bytes: 512 << 20, container_bytes: 2 << 30, ratio: 200, ratio_after: 10 << 20 }
    }
}

/// Who can read an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text, as far as its first bytes tell.
    Plain,
    /// A workbook of a spreadsheet (`.xlsx`).
    Workbook,
    /// Parquet.
    Parquet,
}

/// A file to read: one on the disk, or one inside a container.
#[derive(Debug)]
pub struct Input<'a> {
    name: String,
    named: bool,
    size: Option<u64>,
    kind: Kind,
    path: Option<&'a Path>,
    origin: Origin<'a>,
}

/// Where an input's bytes come from.
#[derive(Debug)]
enum Origin<'a> {
    File(&'a Path),
    Compressed(single::Compressed<'a>),
    Member(members::Member<'a>),
}

impl Input<'_> {
    /// The name for people and records: the path as the listener gave it, and behind it the name inside the zip:
    /// `my_spotify_data.zip/MyData/StreamingHistory0.json`. Never a path to open; control characters in it are escaped.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the listener named this very file, or the zip that it is in. Otherwise it was found in a folder.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.named
    }

    /// Bytes that will come out, where that is told. A zip may lie about it.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Who can read it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Where it lies on the disk, when it lies there just as it is: not inside a zip, not compressed.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path
    }

    /// The bytes from the beginning, out of every container, in their own encoding ([`decoded`] makes UTF-8 of them).
    /// May be called again once the last reader is gone.
    ///
    /// The reader fails with a [`Refusal`] (see [`Refusal::within`]) where a limit is crossed, and with
    /// [`io::ErrorKind::UnexpectedEof`] where compressed data breaks off.
    ///
    /// # Errors
    /// The system's, when the file is gone or may not be read; [`Refusal::NotAFile`] when it became something else;
    /// what is wrong with a zip's member.
    pub fn open(&mut self) -> io::Result<Box<dyn Read + '_>> {
        match &mut self.origin {
            Origin::File(path) => Ok(Box::new(single::open(path)?)),
            Origin::Compressed(compressed) => compressed.open(),
            Origin::Member(member) => member.open(),
        }
    }
}

/// What is found on the way.
#[derive(Debug)]
pub enum Found<'a> {
    /// A file to read.
    Input(Input<'a>),
    /// Something that is not read, and why. The walk goes on behind it.
    Refused(Refused),
}

/// Goes over every file at and below these paths: the paths in the order given, everything below a folder in the order
/// of its name, members of a zip in the order of theirs. The same files always come in the same order.
///
/// A folder's hidden files and the litter of file managers are passed over in silence, except for `.scrobbler.log`; links
/// in a folder are refused and not followed. A path that the listener gives is taken as it is, hidden, linked or not.
/// Zips and workbooks, gzip and zstd are known by their first bytes; a container in a container is refused.
///
/// Stops when `each` breaks, and returns what it broke with.
pub fn walk(paths: &[PathBuf], limits: &Limits, each: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
    for path in paths {
        folder::walk(path, limits, each)?;
    }
    ControlFlow::Continue(())
}
