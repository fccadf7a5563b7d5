//! Finding segments and reading them in order.

use std::fs;
use std::path::{Path, PathBuf};

use super::frame::{self, Piece, SEAL_LENGTH, Seal};
use super::{ArchiveError, Envelope, Frame, Position, covers};

const SUFFIX: &str = ".jsonl.zst";

/// One file of the archive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Segment {
    /// The place of its first envelope, which is also its name.
    pub first: u64,
    /// The file.
    pub path: PathBuf,
}

impl Segment {
    /// The name of the file that begins with place `first`.
    pub(crate) fn name(first: u64) -> String {
        format!("{first:012}{SUFFIX}")
    }

    /// Where the segment that begins with place `first` lies.
    pub(super) fn at(archive: &Path, year: i16, first: u64) -> Self {
        Self { first, path: archive.join(format!("{year:04}")).join(Self::name(first)) }
    }

    fn parse(path: PathBuf) -> Result<Self, PathBuf> {
        let digits = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(SUFFIX));
        match digits.filter(|d| d.len() == 12).and_then(|d| d.parse().ok()) {
            Some(first) => Ok(Self { first, path }),
            None => Err(path),
        }
    }

    /// All its bytes.
    ///
    /// # Errors
    /// What the system says.
    pub fn bytes(&self) -> Result<Vec<u8>, ArchiveError> {
        fs::read(&self.path).map_err(ArchiveError::io(&self.path))
    }
}

/// Files in the archive's folder that are no segments.
pub type Strangers = Vec<PathBuf>;

/// All segments in order, and what else lies there. An archive that does not exist is empty.
///
/// # Errors
/// What the system says while listing.
pub fn list(archive: &Path) -> Result<(Vec<Segment>, Strangers), ArchiveError> {
    let mut segments = Vec::new();
    let mut strangers = Vec::new();
    for folder in entries(archive)? {
        if folder.file_name().is_some_and(|name| name == covers::FOLDER) {
            continue;
        }
        if !folder.is_dir() {
            strangers.push(folder);
            continue;
        }
        for path in entries(&folder)? {
            match Segment::parse(path) {
                Ok(segment) => segments.push(segment),
                Err(path) => strangers.push(path),
            }
        }
    }
    segments.sort();
    strangers.sort();
    Ok((segments, strangers))
}

/// What lies in a folder; nothing where there is none.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let listing = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(ArchiveError::io(folder))?,
    };
    listing.map(|entry| entry.map(|e| e.path()).map_err(ArchiveError::io(folder))).collect()
}

/// The seal at the end of the last of these segments, where its end is whole; zeros for none.
///
/// # Errors
/// What the system says while reading.
pub fn last_seal(segments: &[Segment]) -> Result<Option<Seal>, ArchiveError> {
    let Some(last) = segments.last() else { return Ok(Some([0; 32])) };
    Ok(frame::seal_at_end(&last.bytes()?))
}

/// Reads every frame behind `after`, in order, handing each to `take` until it says `false`. Damage is told to
/// `damaged` and stepped over: what can be read is read.
///
/// # Errors
/// What the system says while listing or reading.
pub fn read_after(
    archive: &Path,
    after: Position,
    mut take: impl FnMut(Frame) -> bool,
    mut damaged: impl FnMut(ArchiveError),
) -> Result<(), ArchiveError> {
    let (segments, _) = list(archive)?;
    for (index, segment) in segments.iter().enumerate() {
        let passed = segments.get(index + 1).is_some_and(|next| next.first <= after.seq.saturating_add(1));
        if passed && segment.first != after.segment {
            continue;
        }
        let bytes = segment.bytes()?;
        let begin = known_start(segment, &bytes, after);
        if !read_segment(segment, &bytes, begin, after.seq, &mut take, &mut damaged) {
            return Ok(());
        }
    }
    Ok(())
}

/// A remembered offset spares decompressing what was read before; it is believed only behind a seal.
fn known_start(segment: &Segment, bytes: &[u8], after: Position) -> usize {
    let offset = usize::try_from(after.offset).unwrap_or(usize::MAX);
    let behind_a_seal = offset <= bytes.len() && frame::seal_at_end(&bytes[..offset]).is_some();
    if segment.first == after.segment && behind_a_seal { offset } else { 0 }
}

fn read_segment(
    segment: &Segment,
    bytes: &[u8],
    begin: usize,
    after: u64,
    take: &mut impl FnMut(Frame) -> bool,
    damaged: &mut impl FnMut(ArchiveError),
) -> bool {
    for piece in frame::pieces(&bytes[begin..]) {
        let read = match &piece {
            Piece::Frame { at, .. } => frame::decompress(&bytes[begin + at.start..begin + at.end])
                .and_then(|lines| last_place(&lines).map(|seq| (lines, seq))),
            Piece::Broken { .. } => Err("not a whole frame".to_owned()),
        };
        let at = match piece {
            Piece::Frame { at, .. } | Piece::Broken { at } => at,
        };
        match read {
            Ok((_, seq)) if seq <= after => {}
            Ok((lines, seq)) => {
                let offset = (begin + at.end + SEAL_LENGTH) as u64;
                let end = Position { seq, segment: segment.first, offset };
                if !take(Frame { lines, end }) {
                    return false;
                }
            }
            Err(reason) => {
                damaged(ArchiveError::Damaged {
                    path: segment.path.clone(),
                    offset: (begin + at.start) as u64,
                    reason,
                });
            }
        }
    }
    true
}

/// The place of the last envelope in these lines.
pub(super) fn last_place(lines: &[u8]) -> Result<u64, String> {
    let body = lines.strip_suffix(b"\n").ok_or("its last line does not end")?;
    let start = memchr::memrchr(b'\n', body).map_or(0, |at| at + 1);
    Envelope::parse(&body[start..]).map(|e| e.head.seq).map_err(|error| error.to_string())
}
