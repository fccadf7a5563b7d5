//! A small gzip file that grows without end.

use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};

const MIB: usize = 1 << 20;

/// A valid gzip file of `mib` MiB of zeros, about a thousandth of that in size.
///
/// One MiB is compressed once and repeated: a full flush leaves the stream at a byte boundary and forgets what was
/// before it.
pub(crate) fn zeros(mib: u32) -> Bytes {
    let zeros = vec![0; MIB];
    let mut piece = Vec::with_capacity(16 * 1024);
    Compress::new(Compression::best(), false)
        .compress_vec(&zeros, &mut piece, FlushCompress::Full)
        .expect("zeros can be compressed");
    let mut one = Crc::new();
    one.update(&zeros);
    let mut all = Crc::new();
    let mut out = Vec::with_capacity(piece.len() * mib as usize + 32);
    // Magic, deflate, no flags, no time, no extra flags, unknown system.
    out.extend([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    for _ in 0..mib {
        out.write_all(&piece).expect("writing into memory cannot fail");
        all.combine(&one);
    }
    // An empty last block.
    out.extend([3, 0]);
    out.extend(all.sum().to_le_bytes());
    out.extend(all.amount().to_le_bytes());
    out.into()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::{MIB, zeros};

    #[test]
    fn it_unpacks_to_exactly_what_it_says() {
        for mib in [0, 1, 3] {
            let packed = zeros(mib);
            let mut unpacked = Vec::new();
            GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked.len(), mib as usize * MIB);
            assert!(unpacked.iter().all(|byte| *byte == 0));
        }
        assert!(zeros(1024).len() < 2 * MIB);
    }
}
