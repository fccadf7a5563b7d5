//! Paths: files, and everything below folders.

use std::fs::{self, Metadata};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::magic::Magic;
use super::single::{self, Compressed, Method};
use super::{Found, Input, Kind, Limits, Origin, Refusal, Refused, members, names};

/// Takes what the path leads to, or everything below it.
pub(super) fn walk(
    path: &Path,
    limits: &Limits,
    each: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    // The path that was given is followed through links; nothing below it is, so no walk is endless.
    let mut ahead = vec![(path.to_owned(), true)];
    while let Some((path, is_named)) = ahead.pop() {
        let looked = if is_named { fs::metadata(&path) } else { fs::symlink_metadata(&path) };
        match look(looked) {
            Ok(Place::Folder) => match entries(&path) {
                Ok(entries) => ahead.extend(entries.into_iter().rev().map(|entry| (entry, false))),
                Err(error) => each(refused(&path, is_named, Refusal::of(error)))?,
            },
            Ok(Place::File(size)) => {
                if let Err(why) = file(&path, is_named, size, limits, each)? {
                    each(refused(&path, is_named, why))?;
                }
            }
            Err(why) => each(refused(&path, is_named, why))?,
        }
    }
    ControlFlow::Continue(())
}

/// What a path leads to.
enum Place {
    Folder,
    File(u64),
}

fn look(looked: io::Result<Metadata>) -> Result<Place, Refusal> {
    let found = looked.map_err(Refusal::of)?;
    match found.file_type() {
        kind if kind.is_dir() => Ok(Place::Folder),
        kind if kind.is_file() => Ok(Place::File(found.len())),
        kind if kind.is_symlink() => Err(Refusal::Link),
        _ => Err(Refusal::NotAFile),
    }
}

/// What lies in a folder, in the order of names, without litter.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !names::is_litter(&entry.file_name().to_string_lossy()) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn refused(path: &Path, is_named: bool, why: Refusal) -> Found<'static> {
    Found::Refused(Refused { name: names::shown(path), is_named, why })
}

/// Takes one file, or the members of a zip.
fn file(
    path: &Path,
    is_named: bool,
    size: u64,
    limits: &Limits,
    each: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
) -> ControlFlow<(), Result<(), Refusal>> {
    let head = match single::open(path).and_then(|mut file| single::head(&mut file)) {
        Ok(head) => head,
        Err(error) => return ControlFlow::Continue(Err(Refusal::of(error))),
    };
    let input = |kind| Input {
        name: names::shown(path),
        named: is_named,
        size: Some(size),
        kind,
        path: Some(path),
        origin: Origin::File(path),
    };
    match Magic::of(&head) {
        Magic::Plain => each(Found::Input(input(Kind::Plain)))?,
        Magic::Parquet => each(Found::Input(input(Kind::Parquet)))?,
        Magic::Zip => return members::walk(path, is_named, limits, each),
        Magic::Gzip => return compressed(path, is_named, Method::Gzip, limits, each),
        Magic::Zstd => return compressed(path, is_named, Method::Zstd, limits, each),
        Magic::Foreign(name) => return ControlFlow::Continue(Err(Refusal::Packed(name))),
    }
    ControlFlow::Continue(Ok(()))
}

/// Takes one compressed file.
fn compressed(
    path: &Path,
    is_named: bool,
    method: Method,
    limits: &Limits,
    each: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
) -> ControlFlow<(), Result<(), Refusal>> {
    let mut compressed = Compressed::new(path, method, limits);
    let kind = match compressed.open().and_then(|mut stream| single::magic(&mut *stream)) {
        Ok(Magic::Parquet) => Kind::Parquet,
        Ok(magic) => match magic.container() {
            Some(name) => return ControlFlow::Continue(Err(Refusal::Nested(name))),
            None => Kind::Plain,
        },
        Err(error) => return ControlFlow::Continue(Err(Refusal::of(error))),
    };
    let name = names::shown(path);
    let origin = Origin::Compressed(compressed);
    each(Found::Input(Input { name, named: is_named, size: None, kind, path: None, origin }))?;
    ControlFlow::Continue(Ok(()))
}
