//! One file on the disk: as it is, or behind gzip or zstd.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::bounded::{Bounded, Counted, Meter};
use super::magic::{self, Magic};
use super::{Limits, Refusal};

/// How one file is compressed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Method {
    Gzip,
    Zstd,
}

/// A compressed file.
#[derive(Debug)]
pub(super) struct Compressed<'a> {
    pub(super) path: &'a Path,
    pub(super) method: Method,
    pub(super) limits: &'a Limits,
    pub(super) meter: Meter,
}

impl Compressed<'_> {
    /// What comes out of it, from the beginning.
    pub(super) fn open(&mut self) -> io::Result<Box<dyn Read + '_>> {
        self.meter.consumed.set(0);
        let source = BufReader::new(Counted { source: open(self.path)?, meter: &self.meter });
        let all = self.limits.container_bytes;
        Ok(match self.method {
            Method::Gzip => {
                Box::new(Bounded::new(flate2::bufread::MultiGzDecoder::new(source), &self.meter, self.limits, all))
            }
            Method::Zstd => {
                let decoder = zstd::stream::read::Decoder::with_buffer(source)?;
                Box::new(Bounded::new(decoder, &self.meter, self.limits, all))
            }
        })
    }

    /// The file as it lies there.
    pub(super) fn new<'a>(path: &'a Path, method: Method, limits: &'a Limits) -> Compressed<'a> {
        Compressed { path, method, limits, meter: Meter::default() }
    }
}

/// Opens a file, and nothing else: a pipe or a device would let us wait for ever.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // The file may have become a pipe since it was looked at; opening one waits for its other end.
        options.custom_flags((rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(Refusal::NotAFile.into()) }
}

/// The first bytes of a stream.
pub(super) fn head(source: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(magic::NEEDED);
    source.take(magic::NEEDED as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// What a stream is by its beginning.
pub(super) fn magic(source: &mut dyn Read) -> io::Result<Magic> {
    head(source).map(|head| Magic::of(&head))
}
