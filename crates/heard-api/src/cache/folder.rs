//! Answers in a folder, a file each: a line of JSON that says what was asked and until when the answer is good, then the
//! body as it came.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::reply::Reply;

/// How the names of answers end; other files in the folder are left alone.
const ENDING: &str = "answer";

#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Bytes of all files, as far as this process knows: others may write there, too.
    bytes: u64,
}

/// What stands before a body.
#[derive(Debug, Deserialize, Serialize)]
struct Head {
    key: String,
    until: i64,
    status: u16,
    date: Option<i64>,
    content_type: Option<String>,
    elapsed_ms: u64,
    /// MD5 of the body, against files that were cut or changed; nobody is kept out by it.
    md5: String,
}

/// An answer on the disk, for making room.
struct Kept {
    until: i64,
    bytes: u64,
    path: PathBuf,
}

impl Folder {
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        drop(fs::read_dir(&path)?);
        let mut folder = Self { path, bytes: 0 };
        folder.bytes = folder.answers().iter().map(|path| size(path)).sum();
        Ok(folder)
    }

    pub(super) fn len(&self) -> usize {
        self.answers().len()
    }

    pub(super) fn get(&self, key: &str) -> Option<Answer> {
        let (head, body) = read(&self.place(key))?;
        if head.key != key || head.md5 != digest(&body) {
            return None;
        }
        let Head { until, status, date, content_type, elapsed_ms, .. } = head;
        let elapsed = Duration::from_millis(elapsed_ms);
        Some(Answer { until, reply: Reply { status, date, retry_after: None, content_type, body, elapsed } })
    }

    pub(super) fn put(&mut self, key: &str, answer: &Answer, max_bytes: usize, now: i64) {
        let Answer { until, reply } = answer;
        let head = Head {
            key: key.to_owned(),
            until: *until,
            status: reply.status,
            date: reply.date,
            content_type: reply.content_type.clone(),
            elapsed_ms: u64::try_from(reply.elapsed.as_millis()).unwrap_or(u64::MAX),
            md5: digest(&reply.body),
        };
        let path = self.place(key);
        self.bytes = self.bytes.saturating_sub(size(&path));
        match write(&path, &head, &reply.body) {
            Ok(()) => self.bytes = self.bytes.saturating_add(size(&path)),
            Err(error) => tracing::warn!(%error, "an answer could not be kept in the cache"),
        }
        let most = u64::try_from(max_bytes).unwrap_or(u64::MAX);
        if self.bytes > most {
            self.make_room(most, now, &path);
        }
    }

    pub(super) fn remove(&mut self, key: &str) {
        let path = self.place(key);
        let bytes = size(&path);
        delete(&path);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    pub(super) fn clear(&mut self) {
        self.answers().iter().for_each(|path| delete(path));
        self.bytes = 0;
    }

    /// Lets expired and unreadable answers go, then the oldest, until no more than so many bytes are left; the one that
    /// was kept just now stays.
    fn make_room(&mut self, most: u64, now: i64, newest: &Path) {
        let mut kept = Vec::new();
        for path in self.answers() {
            match read(&path) {
                Some((head, _)) if now < head.until => kept.push(Kept { until: head.until, bytes: size(&path), path }),
                _ => delete(&path),
            }
        }
        kept.sort_by_key(|kept| (kept.path == newest, kept.until));
        self.bytes = kept.iter().map(|kept| kept.bytes).sum();
        for Kept { bytes, path, .. } in kept {
            if self.bytes <= most || path == newest {
                return;
            }
            delete(&path);
            self.bytes = self.bytes.saturating_sub(bytes);
        }
    }

    fn place(&self, key: &str) -> PathBuf {
        self.path.join(digest(key.as_bytes())).with_extension(ENDING)
    }

    fn answers(&self) -> Vec<PathBuf> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) => {
                tracing::warn!(%error, "the cache's folder cannot be listed");
                return Vec::new();
            }
        };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        paths.filter(|path| path.extension().is_some_and(|ending| ending == ENDING)).collect()
    }
}

/// What a file holds; nothing where there is none, or none that can be read.
fn read(path: &Path) -> Option<(Head, Bytes)> {
    let bytes = Bytes::from(fs::read(path).ok()?);
    let end = memchr::memchr(b'\n', &bytes)?;
    Some((serde_json::from_slice(bytes.get(..end)?).ok()?, bytes.slice(end + 1..)))
}

fn write(path: &Path, head: &Head, body: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension(format!("{}-{}.new", std::process::id(), fastrand::u64(..)));
    let mut line = serde_json::to_vec(head)?;
    line.push(b'\n');
    let whole = create(&fresh).and_then(|mut file| file.write_all(&line).and_then(|()| file.write_all(body)));
    let kept = whole.and_then(|()| fs::rename(&fresh, path));
    if kept.is_err() {
        delete(&fresh);
    }
    kept
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn delete(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "an answer could not be taken out of the cache");
        }
        _ => {}
    }
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |metadata| metadata.len())
}

fn digest(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Md5::digest(bytes))
}
