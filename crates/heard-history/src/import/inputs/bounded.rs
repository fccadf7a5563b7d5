//! Readers that count: what went into a decompressor, and what came out of it.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};

use super::{Limits, Refusal};

/// What went in and came out while one container is read.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Bytes that went into the decompressor since the stream was opened.
    pub(super) consumed: Cell<u64>,
    /// Bytes that came out of members that are done with.
    earlier: Cell<u64>,
    /// Bytes that came out of this one, in the reading in which most did.
    produced: Cell<u64>,
}

impl Meter {
    /// The next member begins.
    pub(super) fn next(&self) {
        self.earlier.set(self.earlier.get().saturating_add(self.produced.take()));
    }
}

/// A source whose bytes are counted.
#[derive(Debug)]
pub(super) struct Counted<'a, R> {
    pub(super) source: R,
    pub(super) meter: &'a Meter,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.meter.consumed.set(self.meter.consumed.get().saturating_add(read as u64));
        Ok(read)
    }
}

impl<R: Seek> Seek for Counted<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}

/// What comes out of a decompressor, up to the limits.
pub(super) struct Bounded<'a, R> {
    source: R,
    meter: &'a Meter,
    limits: &'a Limits,
    /// The limit of this stream alone.
    own: u64,
    produced: u64,
}

impl<'a, R: Read> Bounded<'a, R> {
    /// Bounds what comes out of `source`; `own` is the limit of this stream alone.
    pub(super) fn new(source: R, meter: &'a Meter, limits: &'a Limits, own: u64) -> Self {
        Self { source, meter, limits, own, produced: 0 }
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.produced > self.own {
            return Err(Refusal::TooLarge { limit: self.own });
        }
        let limit = self.limits.container_bytes;
        if self.meter.earlier.get().saturating_add(self.produced) > limit {
            return Err(Refusal::TooLargeInAll { limit });
        }
        let may = self.meter.consumed.get().saturating_mul(self.limits.ratio);
        if self.produced > self.limits.ratio_after && self.produced > may {
            return Err(Refusal::TooDense { ratio: self.limits.ratio });
        }
        Ok(())
    }
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.produced = self.produced.saturating_add(read as u64);
        self.meter.produced.set(self.meter.produced.get().max(self.produced));
        self.check()?;
        Ok(read)
    }
}
