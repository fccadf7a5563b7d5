//! A file in pieces, each of which can be archived and read by itself.
//!
//! Pieces end where records end, however the file is read from its source, and records are kept byte for byte. What is
//! damaged costs the record that it is in; what is too long is passed over in bounded memory. Nothing recurses.

mod elements;
mod fast;
mod lines;
mod scanner;
mod seek;
mod table;
mod window;

use std::io::{self, Read};

use crate::facts::{LeftOut, Reason};
use crate::normalise::layout::{Framing, Layout};
use window::Window;

/// How large pieces and records may be, in bytes. The default is what `heard` uses; tests make everything smaller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// About a piece: it is at most this long, but for a record that is longer by itself.
    pub piece: usize,
    /// A record. A longer one is [`Reason::TooLong`]; no history has one.
    pub record: usize,
    /// A document that is one piece ([`Framing::Document`]).
    pub document: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { piece: 1 << 20, record: 16 << 20, document: 64 << 20 }
    }
}

/// Some records of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The records as they stand in the file. Of [`Framing::Elements`] `[`, the records with what stands between them,
    /// and `]`; of a table and of lines, whole lines with their ends.
    pub body: Vec<u8>,
    /// The line of the file on which the first record begins, from 1. A line within the piece counts from here.
    pub first_line: u64,
    /// Where in the file the first record begins, in bytes of its UTF-8, a byte order mark not counted.
    pub offset: u64,
    /// What is wrong with the one record of this piece, where that is settled without reading it: it is
    /// [`Reason::TooLong`] (and the body holds only its beginning), [`Reason::Truncated`] or [`Reason::Malformed`]. It
    /// makes one reject.
    pub damage: Option<Reason>,
}

/// What a file came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Its length in bytes of its UTF-8.
    pub bytes: u64,
    /// How many pieces it made.
    pub pieces: u64,
    /// Whether it breaks off: JSON without its end, or compressed data without its end.
    pub is_cut_off: bool,
}

/// Why a file was not cut to its end. The pieces before that were given.
#[derive(Debug, thiserror::Error)]
pub enum CutError<E> {
    /// It could not be read on. For a container that grows too much, the error holds a
    /// [`Refusal`](super::inputs::Refusal).
    #[error("cannot be read to its end: {0}")]
    Read(#[source] io::Error),
    /// The taker of pieces failed.
    #[error(transparent)]
    Taker(E),
}

/// Cuts a file into pieces of about 1 MiB and gives each to `each`, in the order of the file.
///
/// `source` gives UTF-8 without a byte order mark, as [`decoded`](super::inputs::decoded) does. Where it fails with
/// [`io::ErrorKind::UnexpectedEof`] (a compressed file that was not fetched to its end), what came before is used, and
/// the file counts as cut off.
///
/// # Errors
/// [`CutError::Read`] when the source fails, [`CutError::Taker`] when `each` does.
pub fn cut<E>(
    source: &mut dyn Read,
    layout: &Layout,
    each: &mut dyn FnMut(Piece) -> Result<(), E>,
) -> Result<Cut, CutError<E>> {
    cut_in(&Sizes::default(), source, layout, each)
}

/// [`cut`] with other sizes. Whatever they are, the pieces' records together are the file's records, except that a record
/// longer than [`Sizes::record`] is too long.
///
/// # Errors
/// As [`cut`].
pub fn cut_in<E>(
    sizes: &Sizes,
    source: &mut dyn Read,
    layout: &Layout,
    each: &mut dyn FnMut(Piece) -> Result<(), E>,
) -> Result<Cut, CutError<E>> {
    let mut cutter = Cutter { window: Window::new(source), sizes, each, pieces: 0, is_cut_off: false, read_until: 0 };
    match &layout.framing {
        Framing::Elements(key) => cutter.elements(key.as_deref())?,
        Framing::Document => cutter.document()?,
        Framing::Lines => cutter.lines(layout.skip_lines)?,
        Framing::Table => cutter.table(layout)?,
    }
    cutter.finish()
}

/// A file while it is cut.
struct Cutter<'a, E> {
    window: Window<'a>,
    sizes: &'a Sizes,
    each: &'a mut dyn FnMut(Piece) -> Result<(), E>,
    pieces: u64,
    is_cut_off: bool,
    /// Up to this place, borders are not to be had without reading.
    read_until: u64,
}

impl<E> Cutter<'_, E> {
    /// Reads until the window holds that many bytes or the file's rest.
    fn fill(&mut self, length: usize) -> Result<(), CutError<E>> {
        self.window.fill(length).map_err(CutError::Read)
    }

    /// Gives the window's first bytes as a piece, between these two.
    fn give(&mut self, length: usize, around: [&[u8]; 2], damage: Option<Reason>) -> Result<(), CutError<E>> {
        let records = self.window.bytes().get(..length).unwrap_or_default();
        let body = [around[0], records, around[1]].concat();
        self.pieces += 1;
        (self.each)(Piece { body, first_line: self.window.line(), offset: self.window.offset(), damage })
            .map_err(CutError::Taker)
    }

    /// How much of a record that is not kept is shown: at most so many bytes of it, and no half of a character.
    fn shown(&self, length: usize) -> usize {
        let bytes = self.window.bytes();
        let mut end = length.min(LeftOut::LONGEST).min(bytes.len());
        while end > 0 && end < length && bytes.get(end).is_some_and(|byte| (0x80..0xC0).contains(byte)) {
            end -= 1;
        }
        end
    }

    /// The whole file as one piece.
    fn document(&mut self) -> Result<(), CutError<E>> {
        self.fill(self.sizes.document.saturating_add(1))?;
        let length = self.window.bytes().len();
        if length > self.sizes.document {
            return self.give(self.shown(length), [b"", b""], Some(Reason::TooLong));
        }
        if length > 0 { self.give(length, [b"", b""], None) } else { Ok(()) }
    }

    /// Reads what is left and tells what the file came to.
    fn finish(mut self) -> Result<Cut, CutError<E>> {
        while !self.window.has_ended() {
            self.window.discard(usize::MAX);
            self.fill(self.sizes.piece)?;
        }
        let bytes = self.window.offset().saturating_add(self.window.bytes().len() as u64);
        let is_cut_off = self.is_cut_off || self.window.was_broken_off();
        Ok(Cut { bytes, pieces: self.pieces, is_cut_off })
    }
}
