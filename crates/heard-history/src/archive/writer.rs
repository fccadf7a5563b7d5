//! Appending: the only code that writes to the archive.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::frame::{self, Piece, SEAL_LENGTH, Seal};
use super::segment::{self, Segment};
use super::{ArchiveError, Draft, Frame, Position};
use crate::home::{Home, HomeLock, create_private, make_private_folder, sync_folder};

/// A segment that has reached this many bytes is full; the next append begins another.
const FULL: u64 = 32 << 20;

/// The unfinished end of a segment that a crash left behind, moved aside when the archive was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The segment that was cut.
    pub segment: PathBuf,
    /// How many bytes were cut off.
    pub bytes: u64,
    /// Where those bytes now lie.
    pub kept: PathBuf,
}

/// The archive, open for appending. There is one at a time: it needs the home's lock.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    current: Option<Open>,
    seal: Seal,
    last: u64,
    poisoned: bool,
    /// The lines of the last frame: their memory serves for the next one.
    lines: Vec<u8>,
}

#[derive(Debug)]
struct Open {
    segment: Segment,
    file: File,
    length: u64,
    synced: u64,
    year: i16,
}

impl Archive {
    /// Opens the archive behind its last whole frame. `at_least` is the last place that anyone has seen in use; new
    /// envelopes get higher ones, so that none is ever given twice even where the end of the archive was lost.
    ///
    /// # Errors
    /// [`ArchiveError::Io`] when the folder or the last segment cannot be read, cut or opened.
    pub fn open(home: &Home, _lock: &HomeLock, at_least: u64) -> Result<(Self, Option<Cut>), ArchiveError> {
        let folder = home.archive();
        make_private_folder(&folder).map_err(ArchiveError::io(&folder))?;
        let (mut segments, _) = segment::list(&folder)?;
        let mut archive =
            Self { folder, current: None, seal: [0; 32], last: at_least, poisoned: false, lines: Vec::new() };
        let Some(newest) = segments.pop() else { return Ok((archive, None)) };
        let before = segment::last_seal(&segments)?.unwrap_or_default();
        let bytes = newest.bytes()?;
        let end = whole_end(&bytes, before);
        archive.last = at_least.max(end.last.unwrap_or(newest.first.saturating_sub(1)));
        archive.seal = end.seal;
        let cut = cut_tail(home, &newest, &bytes, end.length)?;
        archive.resume(newest, end.length as u64)?;
        Ok((archive, cut))
    }

    fn resume(&mut self, segment: Segment, length: u64) -> Result<(), ArchiveError> {
        let year = segment.path.parent().and_then(Path::file_name).and_then(|y| y.to_str()?.parse().ok());
        let mut file = OpenOptions::new().write(true).open(&segment.path).map_err(ArchiveError::io(&segment.path))?;
        file.seek(SeekFrom::Start(length)).map_err(ArchiveError::io(&segment.path))?;
        self.current = Some(Open { segment, file, length, synced: length, year: year.unwrap_or_default() });
        Ok(())
    }

    /// The place of the newest envelope; 0 for an empty archive.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Adds envelopes as one frame, whole or not at all. When this returns, they are on the disk (file and folder
    /// synced), and their plain text is handed back for ingesting.
    ///
    /// # Errors
    /// [`ArchiveError::Io`] when the disk is full or fails; nothing was added then. After a failed sync the archive
    /// takes no more until it is opened anew, since the system may have dropped what it could not write.
    pub fn append(&mut self, drafts: &[Draft]) -> Result<Frame, ArchiveError> {
        let end = self.add(drafts)?;
        self.sync()?;
        Ok(Frame { lines: std::mem::take(&mut self.lines), end })
    }

    /// Adds envelopes as one frame that need not be on the disk yet: nothing may be derived from it for good before a
    /// later [`Archive::append`] or [`Archive::sync`] returned. Returns the place behind it.
    ///
    /// # Errors
    /// As [`Archive::append`].
    pub fn add(&mut self, drafts: &[Draft]) -> Result<Position, ArchiveError> {
        if self.poisoned {
            return Err(ArchiveError::Poisoned);
        }
        self.lines.clear();
        self.lines.reserve(drafts.iter().map(|draft| draft.body.len() + 1024).sum());
        for (place, draft) in (self.last + 1..).zip(drafts) {
            draft.write_line(place, &mut self.lines);
        }
        let frame = frame::compress(&self.lines).map_err(ArchiveError::io(&self.folder))?;
        let seal = frame::seal_of(&self.seal, &frame);
        let mut bytes = frame;
        bytes.extend_from_slice(&frame::seal_bytes(&seal));
        self.room_for(drafts.first().map_or(0, |draft| draft.received_at))?;
        let open = self.current.as_mut().expect("a segment was opened above");
        if let Err(source) = open.file.write_all(&bytes) {
            self.poisoned = true;
            let path = open.segment.path.clone();
            self.undo();
            return Err(ArchiveError::Io { path, source });
        }
        open.length += bytes.len() as u64;
        self.seal = seal;
        self.last += drafts.len() as u64;
        Ok(Position { seq: self.last, segment: open.segment.first, offset: open.length })
    }

    /// Returns when everything that was added is on the disk.
    ///
    /// # Errors
    /// [`ArchiveError::Io`]; the archive takes no more then.
    pub fn sync(&mut self) -> Result<(), ArchiveError> {
        let Some(open) = &mut self.current else { return Ok(()) };
        if open.synced == open.length {
            return Ok(());
        }
        if let Err(source) = open.file.sync_data() {
            let path = open.segment.path.clone();
            self.poisoned = true;
            self.undo();
            return Err(ArchiveError::Io { path, source });
        }
        open.synced = open.length;
        Ok(())
    }

    /// Whatever reached the file and was not synced has a seal that may be whole by chance; less is left this way.
    fn undo(&mut self) {
        if let Some(open) = &self.current {
            let undone = open.file.set_len(open.synced);
            tracing::debug!(?undone, "an append failed");
        }
    }

    fn room_for(&mut self, moment: i64) -> Result<(), ArchiveError> {
        let year = jiff::Timestamp::from_second(moment)
            .map(|t| t.to_zoned(jiff::tz::TimeZone::UTC).year())
            .unwrap_or_default();
        if self.current.as_ref().is_some_and(|open| open.length < FULL && open.year == year) {
            return Ok(());
        }
        self.sync()?;
        let segment = Segment::at(&self.folder, year, self.last + 1);
        let parent = segment.path.parent().unwrap_or(&self.folder);
        make_private_folder(parent).map_err(ArchiveError::io(parent))?;
        let file = create_private(&segment.path).map_err(ArchiveError::io(&segment.path))?;
        sync_folder(parent).and_then(|()| sync_folder(&self.folder)).map_err(ArchiveError::io(parent))?;
        self.current = Some(Open { segment, file, length: 0, synced: 0, year });
        Ok(())
    }
}

struct End {
    length: usize,
    seal: Seal,
    last: Option<u64>,
}

/// The end of the last frame with a right seal. Broken pieces before it stay where they are: they are damage, not a
/// crash's leavings, and are for `verify` to name.
fn whole_end(bytes: &[u8], before: Seal) -> End {
    let found: Vec<Piece> = frame::pieces(bytes).collect();
    for (index, piece) in found.iter().enumerate().rev() {
        let Piece::Frame { at, seal } = piece else { continue };
        let chained = match index.checked_sub(1).map(|i| &found[i]) {
            None => before,
            Some(Piece::Frame { seal, .. }) => *seal,
            Some(Piece::Broken { at }) => frame::seal_before(bytes, at.end),
        };
        if frame::seal_of(&chained, &bytes[at.clone()]) != *seal {
            continue;
        }
        let last = frame::decompress(&bytes[at.clone()]).and_then(|lines| segment::last_place(&lines)).ok();
        return End { length: at.end + SEAL_LENGTH, seal: *seal, last };
    }
    End { length: 0, seal: before, last: None }
}

fn cut_tail(home: &Home, segment: &Segment, bytes: &[u8], end: usize) -> Result<Option<Cut>, ArchiveError> {
    if end == bytes.len() {
        return Ok(None);
    }
    let aside = home.quarantine();
    make_private_folder(&aside).map_err(ArchiveError::io(&aside))?;
    let kept = aside.join(format!("torn-{:012}-{end}-{}.zst", segment.first, bytes.len() - end));
    if !kept.exists() {
        let mut file = create_private(&kept).map_err(ArchiveError::io(&kept))?;
        file.write_all(&bytes[end..]).and_then(|()| file.sync_all()).map_err(ArchiveError::io(&kept))?;
    }
    OpenOptions::new()
        .write(true)
        .open(&segment.path)
        .and_then(|file| file.set_len(end as u64).and_then(|()| file.sync_all()))
        .map_err(ArchiveError::io(&segment.path))?;
    Ok(Some(Cut { segment: segment.path.clone(), bytes: (bytes.len() - end) as u64, kept }))
}
