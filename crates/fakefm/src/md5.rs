//! MD5 (RFC 1321), with which the service signs. Written out here, so that a client's way to it is checked by another.

/// How far each of the four steps of a round turns.
const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// The digest of `text` in lower-case hexadecimal.
pub(crate) fn hex(text: &[u8]) -> String {
    let digest = digest(text);
    digest.iter().fold(String::with_capacity(32), |mut out, byte| {
        for half in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(half), 16).expect("half a byte is below sixteen"));
        }
        out
    })
}

/// The sixteen bytes of the digest.
pub(crate) fn digest(text: &[u8]) -> [u8; 16] {
    let table = sines();
    let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded(text).as_chunks::<64>().0 {
        let after = rounds(state, block, &table);
        for (word, more) in state.iter_mut().zip(after) {
            *word = word.wrapping_add(more);
        }
    }
    let mut out = [0; 16];
    for (four, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *four = word.to_le_bytes();
    }
    out
}

/// The text, a one bit, zeros, and its length in bits: a multiple of 64 bytes.
fn padded(text: &[u8]) -> Vec<u8> {
    let mut out = text.to_vec();
    out.push(0x80);
    out.resize((out.len() + 8).next_multiple_of(64) - 8, 0);
    out.extend((text.len() as u64).wrapping_mul(8).to_le_bytes());
    out
}

/// The RFC's table: the whole part of 2³² · |sin(n)| for n from 1 to 64.
fn sines() -> [u32; 64] {
    let mut table = [0; 64];
    for (entry, n) in table.iter_mut().zip(1_u32..) {
        *entry = (f64::from(n).sin().abs() * 4_294_967_296.0) as u32;
    }
    table
}

fn rounds(state: [u32; 4], block: &[u8; 64], table: &[u32; 64]) -> [u32; 4] {
    let mut words = [0; 16];
    for (word, four) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*four);
    }
    let [mut a, mut b, mut c, mut d] = state;
    for (step, sine) in table.iter().enumerate() {
        let (mixed, word) = match step / 16 {
            0 => ((b & c) | (!b & d), step % 16),
            1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
            2 => (b ^ c ^ d, (3 * step + 5) % 16),
            _ => (c ^ (b | !d), (7 * step) % 16),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(*sine).wrapping_add(words[word]);
        let turned = b.wrapping_add(sum.rotate_left(TURNS[step / 16][step % 4]));
        (a, d, c, b) = (d, c, b, turned);
    }
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn the_digests_are_those_of_the_rfc() {
        for (text, expected) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"),
            (&"1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"),
        ] {
            assert_eq!(hex(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn every_length_around_a_block_is_padded() {
        let digests: std::collections::BTreeSet<_> = (50..140).map(|length| hex(&vec![b'x'; length])).collect();
        assert_eq!(digests.len(), 90);
        assert!(digests.iter().all(|digest| digest.len() == 32));
    }
}
