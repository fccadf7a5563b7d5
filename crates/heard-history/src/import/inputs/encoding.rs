//! From a file's encoding to UTF-8, where the file says which it is.

use std::io::{self, Read};

/// So much of a file without a byte order mark decides whether it is UTF-16.
const LOOKED_AT: usize = 64;
/// UTF-16 that is decoded at once.
const BLOCK: usize = 64 << 10;

/// A reader that gives UTF-8: without a byte order mark, and out of UTF-16. Everything else comes through byte for byte,
/// so that a record in another encoding can be rejected by name.
#[derive(Debug)]
pub struct Decoded<R> {
    source: R,
    /// What was read and not yet given: the file's beginning, or text out of UTF-16.
    ready: Vec<u8>,
    given: usize,
    wide: Option<Utf16>,
}

/// Decodes what `source` gives from its beginning on.
///
/// UTF-16 is known by its byte order mark, or without one by a beginning of which every second byte is NUL. A lone
/// surrogate becomes the three bytes that UTF-8 would have for it if it were a character, and half a code unit at the
/// end becomes `FF`: neither is UTF-8, so the record around it is rejected, and nothing is replaced in silence.
///
/// # Errors
/// What `source` fails with.
pub fn decoded<R: Read>(mut source: R) -> io::Result<Decoded<R>> {
    let mut head = Vec::with_capacity(LOOKED_AT);
    source.by_ref().take(LOOKED_AT as u64).read_to_end(&mut head)?;
    let (mark, wide) = match *head.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => (3, None),
        [0xFF, 0xFE, ..] => (2, Some(Utf16::new(false))),
        [0xFE, 0xFF, ..] => (2, Some(Utf16::new(true))),
        _ if has_nul_in_every(&head, 1) => (0, Some(Utf16::new(false))),
        _ if has_nul_in_every(&head, 0) => (0, Some(Utf16::new(true))),
        _ => (0, None),
    };
    let mut decoded = Decoded { source, ready: head, given: mark, wide };
    if let Some(wide) = &mut decoded.wide {
        let head = decoded.ready.split_off(mark);
        decoded.ready.clear();
        decoded.given = 0;
        wide.decode(&head, &mut decoded.ready);
    }
    Ok(decoded)
}

/// Whether the second (1) or the first (0) byte of every pair is NUL, and no other.
fn has_nul_in_every(head: &[u8], place: usize) -> bool {
    let is_nul = |(at, byte): (usize, &u8)| (*byte == 0) == (at % 2 == place);
    head.len() >= 4 && head.iter().enumerate().all(is_nul)
}

impl<R: Read> Decoded<R> {
    /// Decodes the next block; leaves nothing ready at the end.
    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let Some(wide) = &mut self.wide else { return Ok(()) };
        let mut raw = std::mem::take(&mut wide.raw);
        raw.resize(BLOCK, 0);
        let mut ended = false;
        while self.ready.is_empty() && !ended {
            let count = self.source.read(&mut raw)?;
            wide.decode(raw.get(..count).unwrap_or_default(), &mut self.ready);
            ended = count == 0;
        }
        wide.raw = raw;
        if ended {
            wide.finish(&mut self.ready);
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            if self.wide.is_none() {
                return self.source.read(buffer);
            }
            self.refill()?;
        }
        let mut ready = self.ready.get(self.given..).unwrap_or_default();
        let count = ready.read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

/// A decoder of UTF-16.
#[derive(Debug)]
struct Utf16 {
    is_big: bool,
    /// The first byte of a code unit whose second one has not come yet.
    half: Option<u8>,
    /// A leading surrogate whose trailing one has not come yet.
    leading: Option<u16>,
    raw: Vec<u8>,
}

impl Utf16 {
    fn new(is_big: bool) -> Self {
        Self { is_big, half: None, leading: None, raw: Vec::new() }
    }

    fn decode(&mut self, bytes: &[u8], text: &mut Vec<u8>) {
        for byte in bytes {
            match self.half.take() {
                None => self.half = Some(*byte),
                Some(first) if self.is_big => self.unit(u16::from_be_bytes([first, *byte]), text),
                Some(first) => self.unit(u16::from_le_bytes([first, *byte]), text),
            }
        }
    }

    fn unit(&mut self, unit: u16, text: &mut Vec<u8>) {
        let leading = self.leading.take();
        if let Some(Ok(character)) = leading.and_then(|leading| char::decode_utf16([leading, unit]).next()) {
            text.extend(character.encode_utf8(&mut [0; 4]).bytes());
            return;
        }
        if let Some(lone) = leading {
            push_lone(lone, text);
        }
        match char::from_u32(u32::from(unit)) {
            Some(character) => text.extend(character.encode_utf8(&mut [0; 4]).bytes()),
            None if unit < 0xDC00 => self.leading = Some(unit),
            None => push_lone(unit, text),
        }
    }

    fn finish(&mut self, text: &mut Vec<u8>) {
        if let Some(lone) = self.leading.take() {
            push_lone(lone, text);
        }
        if self.half.take().is_some() {
            text.push(0xFF);
        }
    }
}

/// The three bytes of a surrogate, as of any other code point of its size.
fn push_lone(surrogate: u16, text: &mut Vec<u8>) {
    let low_six = |bits: u16| 0x80 | (bits & 0x3F).to_le_bytes()[0];
    text.extend([0xED, low_six(surrogate >> 6), low_six(surrogate)]);
}
