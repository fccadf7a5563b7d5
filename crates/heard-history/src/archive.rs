//! The truth: every raw answer, append-only, compressed, sealed.
//!
//! The archive is a folder of segments `archive/<year>/<first place>.jsonl.zst`. A segment is a row of zstd frames;
//! each frame holds one or more envelopes (a line of JSON each) and is followed by a seal, a skippable frame with the
//! SHA-256 of the seal before it and the frame's bytes. `zstdcat` passes over seals; [`crate::verify`] follows them
//! through all segments, so that a changed, missing, swapped or foreign piece is found and named.
//!
//! What is no text lies beside them: covers are files of their own, named by their digest ([`Covers`]).
//!
//! An append is durable before it returns. A frame whose seal is missing or wrong at the very end of the last segment
//! is what a crash leaves behind: it is moved aside and reported, never an error.

mod covers;
mod envelope;
mod frame;
mod segment;
mod writer;

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use covers::{CoverFile, Covers};
pub use envelope::{Draft, Envelope, EnvelopeError, Head, Purpose, digest, mark_body};
pub use frame::{Piece, SEAL_LENGTH, Seal, pieces, seal_of};
pub(crate) use frame::{decompress, seal_before};
pub use segment::{Segment, Strangers, last_seal, list, read_after};
pub use writer::{Archive, Cut};

/// The plain text of one frame: the lines of its envelopes, and where the archive goes on behind it.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Lines of JSON, each ending in a line feed.
    pub lines: Vec<u8>,
    /// The place behind this frame.
    pub end: Position,
}

impl Frame {
    /// The lines, without their line feeds.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let mut from = 0;
        memchr::memchr_iter(b'\n', &self.lines).map(move |end| &self.lines[std::mem::replace(&mut from, end + 1)..end])
    }
}

/// A place in the archive: everything up to it has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The last envelope read; 0 for none.
    pub seq: u64,
    /// The segment (its first place) in which reading goes on.
    pub segment: u64,
    /// The byte in that segment at which the next frame begins.
    pub offset: u64,
}

/// Why the archive cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The system refused; the disk may be full.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A piece of a segment is not what was written. What follows it is still read.
    #[error("{} is damaged at byte {offset}: {reason}", path.display())]
    Damaged {
        /// The segment.
        path: PathBuf,
        /// Where the damage begins.
        offset: u64,
        /// What is wrong.
        reason: String,
    },
    /// An earlier append failed; the archive must be opened anew before anything is added.
    #[error("the archive was left after a failed write; start again")]
    Poisoned,
}

impl ArchiveError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
