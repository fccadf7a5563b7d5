//! The members of a zip, as streams.
//!
//! The list of members at a zip's end is what counts. Of what stands before each member only its length and its name are
//! looked at, so that two members never share bytes and a name is the same in both places.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use zip::read::{Config, OwnedZipFileEntry};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;

use super::bounded::{Bounded, Counted, Meter};
use super::magic::{self, Magic};
use super::{Found, Input, Kind, Limits, Origin, Refusal, Refused, names, single};

/// The part that makes a zip a workbook.
const WORKBOOK: &str = "xl/workbook.xml";

/// A member of a zip.
#[derive(Debug)]
pub(super) struct Member<'a> {
    source: Counted<'a, &'a File>,
    entry: OwnedZipFileEntry,
    limits: &'a Limits,
}

impl Member<'_> {
    /// What comes out of it, from the beginning.
    pub(super) fn open(&mut self) -> io::Result<Box<dyn Read + '_>> {
        let meter = self.source.meter;
        let stream = self.entry.as_ref().with_reader(&mut self.source, zip::ZipReadOptions::new())?;
        meter.consumed.set(0);
        Ok(Box::new(Bounded::new(stream, meter, self.limits, self.limits.member_bytes)))
    }
}

/// An entry of a zip's list.
struct Entry {
    name: String,
    entry: OwnedZipFileEntry,
    /// Where its header and bytes lie in the zip; or what is wrong with the header.
    place: Result<(u64, u64), Refusal>,
}

/// What a zip's list holds.
struct List {
    entries: Vec<Entry>,
    /// Why there is no more of it.
    damage: Option<Refusal>,
}

/// Takes every member of a zip, or the zip itself where it is a workbook.
pub(super) fn walk(
    path: &Path,
    is_named: bool,
    limits: &Limits,
    each: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
) -> ControlFlow<(), Result<(), Refusal>> {
    let listed = single::open(path).map_err(Refusal::of).and_then(|file| Ok((list(&file, limits)?, file)));
    let (list, file) = match listed {
        Ok(listed) => listed,
        Err(why) => return ControlFlow::Continue(Err(why)),
    };
    let name = names::shown(path);
    if list.entries.iter().any(|entry| entry.name.replace('\\', "/").eq_ignore_ascii_case(WORKBOOK)) {
        let size = file.metadata().ok().map(|found| found.len());
        let origin = Origin::File(path);
        each(Found::Input(Input { name, named: is_named, size, kind: Kind::Workbook, path: Some(path), origin }))?;
        return ControlFlow::Continue(Ok(()));
    }
    if overlap(&list.entries) {
        return ControlFlow::Continue(Err(Refusal::Overlapping));
    }
    let meter = Meter::default();
    for entry in list.entries {
        if entry.name.ends_with('/') || names::is_litter_below(&entry.name) {
            continue;
        }
        let name = names::of_member(&name, &entry.name);
        meter.next();
        match member(entry, &file, &meter, limits) {
            Ok((kind, member)) => {
                let size = Some(member.entry.size());
                let origin = Origin::Member(member);
                each(Found::Input(Input { name, named: is_named, size, kind, path: None, origin }))?;
            }
            Err(why) => each(Found::Refused(Refused { name, is_named, why }))?,
        }
    }
    ControlFlow::Continue(list.damage.map_or(Ok(()), Err))
}

/// Reads a zip's list, sorted by name.
fn list(file: &File, limits: &Limits) -> Result<List, Refusal> {
    let not_a_zip = |error: ZipError| Refusal::NotAZip(error.into());
    // The count is checked before anything is read by it.
    let mut zip = ZipIterable::try_new(BufReader::new(file), Config::default()).map_err(not_a_zip)?;
    if zip.len() > limits.members {
        return Err(Refusal::TooManyMembers { members: zip.len(), most: limits.members });
    }
    let (mut entries, mut damage) = (Vec::new(), None);
    for listed in zip.files().map_err(not_a_zip)? {
        match listed.and_then(|entry| Ok((entry.name()?.into_owned(), OwnedZipFileEntry::from(entry)))) {
            Ok((name, entry)) => entries.push(Entry { name, entry, place: Ok((0, 0)) }),
            Err(error) => damage = Some(not_a_zip(error)),
        }
    }
    for entry in &mut entries {
        entry.place = place(file, &entry.entry);
    }
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(List { entries, damage })
}

/// Where a member lies, by the header before its bytes.
fn place(mut file: &File, entry: &OwnedZipFileEntry) -> Result<(u64, u64), Refusal> {
    let begin = entry.header_start();
    let mut header = [0; 30];
    file.seek(SeekFrom::Start(begin)).and_then(|_| file.read_exact(&mut header)).map_err(Refusal::NotAZip)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(Refusal::NotAZip(io::Error::new(io::ErrorKind::InvalidData, "a file of its list is not in it")));
    }
    let length_at = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    let (name_length, extra_length) = (length_at(26), length_at(28));
    let mut name = vec![0; usize::from(name_length)];
    let mut extra = vec![0; usize::from(extra_length)];
    file.read_exact(&mut name).and_then(|()| file.read_exact(&mut extra)).map_err(Refusal::NotAZip)?;
    if name != entry.name_raw() && !has_second_name(&extra) {
        return Err(Refusal::TwoNames);
    }
    let bytes = 30 + u64::from(name_length) + u64::from(extra_length);
    Ok((begin, begin.saturating_add(bytes).saturating_add(entry.compressed_size())))
}

/// Whether an extra field gives the name once more in Unicode (PKWARE's APPNOTE, 4.6.9): then the list has that one.
fn has_second_name(mut extra: &[u8]) -> bool {
    while let [low, high, length_low, length_high, rest @ ..] = extra {
        if [*low, *high] == [0x75, 0x70] {
            return true;
        }
        let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
        extra = rest.get(length..).unwrap_or_default();
    }
    false
}

/// Whether bytes of the zip belong to more than one member, or to a member and to the list: so little is multiplied to
/// much.
fn overlap(entries: &[Entry]) -> bool {
    let mut places: Vec<(u64, u64)> = entries.iter().filter_map(|entry| entry.place.as_ref().ok().copied()).collect();
    places.extend(entries.iter().map(|entry| entry.entry.central_header_start()).min().map(|list| (list, u64::MAX)));
    places.sort_unstable();
    places.windows(2).any(|pair| matches!(pair, [one, other] if one.1 > other.0))
}

/// A member that can be read, and what it is.
fn member<'a>(
    entry: Entry,
    file: &'a File,
    meter: &'a Meter,
    limits: &'a Limits,
) -> Result<(Kind, Member<'a>), Refusal> {
    if !names::is_honest(&entry.name) {
        return Err(Refusal::Name);
    }
    entry.place?;
    let Entry { entry, .. } = entry;
    if entry.is_symlink() {
        return Err(Refusal::Link);
    }
    if entry.encrypted() {
        return Err(Refusal::Encrypted);
    }
    let mut member = Member { source: Counted { source: file, meter }, entry, limits };
    let head = member.open().and_then(|mut stream| single::head(&mut *stream)).map_err(unreadable)?;
    match Magic::of(&head) {
        Magic::Plain => Ok((Kind::Plain, member)),
        Magic::Parquet => Ok((Kind::Parquet, member)),
        Magic::Zip if magic::is_workbook(&head) => Ok((Kind::Workbook, member)),
        container => Err(Refusal::Nested(container.container().unwrap_or("a container"))),
    }
}

/// What it means that a member's first bytes cannot be read.
fn unreadable(error: io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::Unsupported => Refusal::Compression(error),
        _ => Refusal::of(error),
    }
}
