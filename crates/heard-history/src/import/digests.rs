//! The digests of a file and of its pieces, taken side by side.
//!
//! Each step of SHA-256 needs the step before it, so that a processor waits more than it works. With two digests in
//! turns, one is worked on while the other waits: both together take a quarter less time. So a piece waits until the
//! bytes after it are read, which belong to the file's digest.

use std::collections::VecDeque;

use sha2::{Digest, Sha256};

use crate::archive::Draft;

/// Bytes that SHA-256 takes in one step (FIPS 180-4, section 1).
const STEP: usize = 64;

/// Pieces that wait at most: more are not cut out of what is read at once.
const MOST: usize = 2;

/// The digests of a file that is read.
#[derive(Debug, Default)]
pub(super) struct Digests {
    file: Sha256,
    /// Bytes of the file so far.
    length: u64,
    waiting: VecDeque<Waiting>,
}

/// A draft whose body is digested up to a place.
#[derive(Debug)]
struct Waiting {
    draft: Draft,
    hash: Sha256,
    done: usize,
}

impl Digests {
    /// The file goes on with these bytes.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        // Only from the beginning of a step on does a block fill a step.
        let begun = usize::try_from(self.length % STEP as u64).unwrap_or_default();
        let (head, mut bytes) = bytes.split_at((STEP - begun).min(bytes.len()));
        self.file.update(head);
        self.length += (head.len() + bytes.len()) as u64;
        for Waiting { draft, hash, done } in &mut self.waiting {
            let (blocks, _) = draft.body.get(*done..).unwrap_or_default().as_chunks::<STEP>();
            for (of_piece, of_file) in blocks.iter().zip(bytes.as_chunks::<STEP>().0) {
                hash.update(of_piece);
                self.file.update(of_file);
            }
            let length = STEP * blocks.len().min(bytes.len() / STEP);
            *done += length;
            bytes = bytes.get(length..).unwrap_or_default();
        }
        self.file.update(bytes);
    }

    /// Lets a draft wait for its digest. Returns those that have waited long enough, in their order.
    pub(super) fn wait(&mut self, draft: Draft) -> impl Iterator<Item = Draft> {
        self.waiting.push_back(Waiting { draft, hash: Sha256::new(), done: 0 });
        self.take(MOST)
    }

    /// Every draft that waits.
    pub(super) fn rest(&mut self) -> impl Iterator<Item = Draft> {
        self.take(0)
    }

    /// The first drafts, until only so many wait.
    fn take(&mut self, left: usize) -> impl Iterator<Item = Draft> {
        let ready = self.waiting.len().saturating_sub(left);
        self.waiting.drain(..ready).map(|Waiting { draft, mut hash, done }| {
            hash.update(draft.body.get(done..).unwrap_or_default());
            Draft { sha256: Some(base16ct::lower::encode_string(&hash.finalize())), ..draft }
        })
    }

    /// The digest of the file, in lower-case hexadecimal.
    pub(super) fn of_file(self) -> String {
        base16ct::lower::encode_string(&self.file.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{self, Purpose};
    use crate::listen::{Account, Service};

    fn draft(run: u64, body: &[u8]) -> Draft {
        Draft {
            received_at: 0,
            account: Account::new("me", Service::File, ""),
            method: "heard.import".into(),
            params: Vec::new(),
            purpose: Purpose::Rows,
            run,
            wanted: None,
            status: 0,
            served_at: None,
            body: body.to_vec().into(),
            is_json: false,
            sha256: None,
        }
    }

    #[test]
    fn digests_are_right_however_much_is_read_at_once() {
        let bytes: Vec<u8> = (0..20_000_u32).flat_map(u32::to_le_bytes).collect();
        let lengths = [0, 1, 63, 64, 65, 1_000, 4_096, 9_999];
        for (turn, at_once) in [1, 7, 64, 100, 5_000, 80_000].into_iter().enumerate() {
            let mut digests = Digests::default();
            let mut came = Vec::new();
            let mut number = 0;
            for chunk in bytes.chunks(at_once) {
                digests.add(chunk);
                if number < 40 {
                    let length = lengths[(turn + number) % lengths.len()];
                    came.extend(digests.wait(draft(number as u64, &bytes[number..number + length])));
                    number += 1;
                }
            }
            came.extend(digests.rest());
            assert_eq!(came.iter().map(|draft| draft.run).collect::<Vec<_>>(), (0..number as u64).collect::<Vec<_>>());
            for draft in came {
                assert_eq!(draft.sha256, Some(archive::digest(&draft.body)), "{at_once} bytes at once");
            }
            assert_eq!(digests.of_file(), archive::digest(&bytes), "{at_once} bytes at once");
        }
    }

    #[test]
    fn few_drafts_wait() {
        let mut digests = Digests::default();
        let came: Vec<usize> = (0..4).map(|run| digests.wait(draft(run, b"x")).count()).collect();
        assert_eq!((came, digests.rest().count(), digests.rest().count()), (vec![0, 0, 1, 1], 2, 0));
    }
}
