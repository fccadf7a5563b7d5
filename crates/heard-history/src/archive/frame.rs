//! Frames and seals: what a segment is made of, byte by byte.

use std::ops::Range;

use sha2::{Digest, Sha256};
use zstd::zstd_safe;

/// A seal's hash: SHA-256 of the seal before it and the frame's bytes.
pub type Seal = [u8; 32];

/// A skippable frame of zstd (RFC 8878, section 3.1.2), its length, and our mark.
const SEAL_HEAD: [u8; 16] = *b"\x53\x2a\x4d\x18\x28\x00\x00\x00heardsl1";

/// Bytes that a seal takes in a segment.
pub const SEAL_LENGTH: usize = SEAL_HEAD.len() + 32;

/// More than one append ever holds; a larger claim is damage.
const LARGEST_FRAME: usize = 1 << 30;

/// The seal for a frame that follows `before`.
#[must_use]
pub fn seal_of(before: &Seal, frame: &[u8]) -> Seal {
    Sha256::new().chain_update(before).chain_update(frame).finalize().into()
}

/// The bytes of a seal as they stand in a segment.
pub(super) fn seal_bytes(seal: &Seal) -> [u8; SEAL_LENGTH] {
    let mut bytes = [0; SEAL_LENGTH];
    bytes[..SEAL_HEAD.len()].copy_from_slice(&SEAL_HEAD);
    bytes[SEAL_HEAD.len()..].copy_from_slice(seal);
    bytes
}

/// The seal that stands at the very end of these bytes.
pub(super) fn seal_at_end(bytes: &[u8]) -> Option<Seal> {
    let tail = bytes.get(bytes.len().checked_sub(SEAL_LENGTH)?..)?;
    tail.strip_prefix(&SEAL_HEAD)?.try_into().ok()
}

/// The seal that ends at this byte; zeros for none.
pub(crate) fn seal_before(bytes: &[u8], end: usize) -> Seal {
    bytes.get(..end).and_then(seal_at_end).unwrap_or_default()
}

/// One piece of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A frame with the seal behind it. Whether the seal is right is for the caller to say.
    Frame {
        /// Where the frame's bytes are.
        at: Range<usize>,
        /// What the seal says.
        seal: Seal,
    },
    /// Bytes that are no frame with a seal: a crash's leavings at the end, damage anywhere else.
    Broken {
        /// Where they are.
        at: Range<usize>,
    },
}

/// Cuts a segment's bytes into its pieces. After broken bytes it goes on behind the next seal.
pub fn pieces(bytes: &[u8]) -> impl Iterator<Item = Piece> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        let piece = next_piece(bytes, at);
        at = match &piece {
            Piece::Frame { at, .. } => at.end + SEAL_LENGTH,
            Piece::Broken { at } => at.end,
        };
        Some(piece)
    })
}

fn next_piece(bytes: &[u8], from: usize) -> Piece {
    if let Some((end, seal)) = whole_frame(bytes, from) {
        return Piece::Frame { at: from..end, seal };
    }
    let end = memchr::memmem::find(&bytes[from..], &SEAL_HEAD)
        .map_or(bytes.len(), |found| (from + found + SEAL_LENGTH).min(bytes.len()));
    Piece::Broken { at: from..end }
}

fn whole_frame(bytes: &[u8], from: usize) -> Option<(usize, Seal)> {
    let length = zstd_safe::find_frame_compressed_size(&bytes[from..]).ok()?;
    let end = from.checked_add(length)?;
    let seal = bytes.get(end..end + SEAL_LENGTH)?.strip_prefix(&SEAL_HEAD)?;
    Some((end, seal.try_into().ok()?))
}

/// Lines that are more than this are an export file's, where the next piece waits; they are compressed with less effort.
const LARGE: usize = 2 << 20;

/// Compresses lines into a frame with a checksum and its plain length.
pub(super) fn compress(lines: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(if lines.len() > LARGE { 1 } else { 3 })?;
    compressor.set_parameter(zstd_safe::CParameter::ChecksumFlag(true))?;
    compressor.compress(lines)
}

/// The plain lines of a frame, or what is wrong with it.
pub(crate) fn decompress(frame: &[u8]) -> Result<Vec<u8>, String> {
    let length = zstd_safe::get_frame_content_size(frame)
        .ok()
        .flatten()
        .and_then(|length| usize::try_from(length).ok())
        .filter(|length| *length <= LARGEST_FRAME)
        .ok_or("its length is not credible")?;
    zstd::bulk::decompress(frame, length).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(texts: &[&str]) -> Vec<u8> {
        let mut seal = [0; 32];
        let mut bytes = Vec::new();
        for text in texts {
            let frame = compress(text.as_bytes()).unwrap();
            seal = seal_of(&seal, &frame);
            bytes.extend_from_slice(&frame);
            bytes.extend_from_slice(&seal_bytes(&seal));
        }
        bytes
    }

    #[test]
    fn pieces_are_found_again() {
        let bytes = segment(&["one\n", "two\n"]);
        let found: Vec<Piece> = pieces(&bytes).collect();
        let texts: Vec<_> = found
            .iter()
            .map(|piece| match piece {
                Piece::Frame { at, .. } => decompress(&bytes[at.clone()]).unwrap(),
                Piece::Broken { .. } => panic!("broken"),
            })
            .collect();
        assert_eq!(texts, [b"one\n", b"two\n"]);
        assert!(matches!(found.last(), Some(Piece::Frame { seal, .. }) if Some(*seal) == seal_at_end(&bytes)));
    }

    #[test]
    fn every_cut_of_the_tail_is_broken_and_the_rest_is_whole() {
        let first = segment(&["one\n"]).len();
        let bytes = segment(&["one\n", "two\n"]);
        for cut in first + 1..bytes.len() {
            let found: Vec<Piece> = pieces(&bytes[..cut]).collect();
            assert!(matches!(found[0], Piece::Frame { .. }));
            assert_eq!(found[1], Piece::Broken { at: first..cut }, "cut at {cut}");
        }
    }

    #[test]
    fn reading_goes_on_behind_damage() {
        let first = segment(&["one\n"]).len();
        let mut bytes = segment(&["one\n", "two\n"]);
        bytes[0] ^= 1;
        let found: Vec<Piece> = pieces(&bytes).collect();
        assert_eq!(found[0], Piece::Broken { at: 0..first });
        assert!(matches!(&found[1], Piece::Frame { at, .. } if at.start == first));
    }
}
