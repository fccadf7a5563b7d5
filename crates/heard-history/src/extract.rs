//! Single answers out of the archive, for those who want files: what services said of things, one file a question.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::archive::{self, ArchiveError, Envelope, Head, Position, Purpose, digest};
use crate::home::{Home, create_private, make_private_folder};
use crate::normalise::things::{Question, by_mbid};

/// The folder of all of them.
const FOLDER: &str = "enrichment";
/// Bytes of a name in a file's name, and of what else was asked. File systems bear 255 together.
const LONGEST: (usize, usize) = (150, 90);

/// Why answers could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A file or a folder cannot be written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What was written.
#[derive(Debug, Default)]
pub struct Extracted {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Damage in the archive that was stepped over.
    pub damage: Vec<ArchiveError>,
}

/// Writes the newest answer to every question below a folder, byte for byte as it came. Files of earlier answers are
/// replaced; nothing else is touched.
///
/// # Errors
/// [`ExtractError`]; what was written until then stays.
pub fn extract(home: &Home, folder: &Path) -> Result<Extracted, ExtractError> {
    let mut newest: HashMap<PathBuf, u64> = HashMap::new();
    let mut extracted = Extracted::default();
    answers(home, &mut extracted.damage, |path, envelope| {
        newest.insert(path, envelope.head.seq);
        Ok(())
    })?;
    answers(home, &mut Vec::new(), |path, envelope| {
        if newest.get(&path) == Some(&envelope.head.seq) {
            let path = folder.join(path);
            write(&path, &envelope.body).map_err(|source| ExtractError::Io { path, source })?;
            extracted.files += 1;
            extracted.bytes += envelope.body.len() as u64;
        }
        Ok(())
    })?;
    Ok(extracted)
}

/// Hands on every answer about a thing with the place of its file.
fn answers(
    home: &Home,
    damage: &mut Vec<ArchiveError>,
    mut take: impl FnMut(PathBuf, &Envelope<'_>) -> Result<(), ExtractError>,
) -> Result<(), ExtractError> {
    let mut taken = Ok(());
    let frame = |frame: archive::Frame| {
        for line in frame.lines() {
            // What cannot be read is for `verify` to name.
            let Ok(envelope) = Envelope::parse(line) else { continue };
            if let Some(path) = place(&envelope) {
                taken = take(path, &envelope);
                if taken.is_err() {
                    return false;
                }
            }
        }
        true
    };
    archive::read_after(&home.archive(), Position::default(), frame, |error| damage.push(error))?;
    taken
}

/// Where an answer's file lies: method, then the name, or the artist's name and below it the title.
fn place(envelope: &Envelope<'_>) -> Option<PathBuf> {
    let Head { purpose: Purpose::Enrich, method, params, .. } = &envelope.head else { return None };
    let method = heard_api::lastfm::method(method)?.name;
    let question = Question { method, params };
    let thing = question.thing().ok()?;
    let mut path = Path::new(FOLDER).join(method);
    let last = if thing.title.is_empty() {
        &thing.name
    } else {
        path.push(file_name(&thing.name, LONGEST.0));
        &thing.title
    };
    let mut name = file_name(last, LONGEST.0);
    let rest = match question.get("mbid") {
        Some(mbid) => by_mbid(&question.rest(), mbid),
        None => question.rest(),
    };
    if !rest.is_empty() {
        name = name + "@" + &file_name(&rest, LONGEST.1);
    }
    let ending = if envelope.body.trim_ascii_start().starts_with(b"<") { "xml" } else { "json" };
    path.push(format!("{name}.{ending}"));
    Some(path)
}

/// A name that is safe in every folder, and tells the name that it stands for: letters, digits, hyphens, underscores and
/// inner spaces stand for themselves, every other byte is `%XX`. One that would be too long is cut, and ends in `~` and
/// the beginning of the name's SHA-256.
///
/// ```
/// use heard_history::extract::file_name;
///
/// assert_eq!(file_name("AC/DC", 100), "AC%2FDC");
/// assert_eq!(file_name("..", 100), "%2E%2E");
/// assert_eq!(file_name("Sigur Rós", 100), "Sigur Rós");
/// ```
#[must_use]
pub fn file_name(name: &str, longest: usize) -> String {
    let mut written = String::with_capacity(name.len());
    let mut cut = 0;
    let room = longest.saturating_sub(17);
    for (at, c) in name.char_indices() {
        let inner = at > 0 && at + c.len_utf8() < name.len();
        if c.is_alphanumeric() || matches!(c, '-' | '_') || (c == ' ' && inner) {
            written.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                written.push('%');
                written.extend(hex(byte));
            }
        }
        if written.len() <= room {
            cut = written.len();
        }
    }
    if written.len() > longest {
        let digest = digest(name.as_bytes());
        written.truncate(cut);
        written.push('~');
        written.push_str(digest.get(..16).unwrap_or(&digest));
    }
    if written.is_empty() { "%".to_owned() } else { written }
}

fn hex(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase())
}

/// Readers see a file as a whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        make_private_folder(folder)?;
    }
    let fresh = path.with_extension("new");
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    create_private(&fresh)?.write_all(bytes)?;
    fs::rename(&fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name that a file's name stands for.
    fn told(file: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = file;
        while let Some((before, from)) = rest.split_once('%') {
            bytes.extend_from_slice(before.as_bytes());
            bytes.push(u8::from_str_radix(&from[..2], 16).unwrap());
            rest = &from[2..];
        }
        bytes.extend_from_slice(rest.as_bytes());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn names_come_back_and_lead_nowhere() {
        for name in [
            "a",
            "AC/DC",
            "..",
            ".",
            "../../etc/passwd",
            "C:\\x",
            "what?",
            "1+1",
            "100%",
            "%2F",
            " lead",
            "trail ",
            "a b",
            "宇多田ヒカル",
            "👩‍🚀",
            "a\0b",
            "-rf",
            "~",
            "a\u{202e}b",
            "con.",
            "*",
            "new\nline",
        ] {
            let file = file_name(name, 200);
            assert_eq!(told(&file), name, "{file}");
            assert!(
                !file.contains(['/', '\\', '.', '\0', '\n', ':']) && !file.starts_with(' ') && !file.ends_with(' ')
            );
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (one, other) = ("é/".repeat(300) + "a", "é/".repeat(300) + "b");
        let names = [&one, &other].map(|name| file_name(name, 150));
        assert_ne!(names[0], names[1]);
        for name in names {
            assert!(name.len() <= 150, "{}", name.len());
            let (kept, digest) = name.split_once('~').unwrap();
            assert!(one.starts_with(&told(kept)) && digest.len() == 16, "{name}");
        }
        assert_eq!(file_name(&"x".repeat(150), 150).len(), 150);
    }
}
