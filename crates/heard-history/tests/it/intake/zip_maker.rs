//! Zips made by hand, so that they can be wrong in every way.

use std::io::Write;

use flate2::{Compress, Compression, Crc, FlushCompress, write::DeflateEncoder};

/// A member and the lies that are told of it.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) name: Vec<u8>,
    /// The name before its bytes, where that is another one.
    pub(crate) local_name: Option<Vec<u8>>,
    pub(crate) extra: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) crc: u32,
    pub(crate) size: u32,
    pub(crate) packed: u32,
    /// Unix permissions and file type.
    pub(crate) mode: u32,
    /// Where the list says that it lies, counted from where it really lies.
    pub(crate) shift: i64,
}

impl Member {
    pub(crate) fn stored(name: &str, data: &[u8]) -> Self {
        let length = u32::try_from(data.len()).unwrap();
        Self {
            name: name.into(),
            local_name: None,
            extra: Vec::new(),
            data: data.into(),
            method: 0,
            flags: 0,
            crc: crc(data),
            size: length,
            packed: length,
            mode: 0o100_644,
            shift: 0,
        }
    }

    pub(crate) fn deflated(name: &str, data: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        let packed = encoder.finish().unwrap();
        let length = u32::try_from(packed.len()).unwrap();
        Self { data: packed, method: 8, packed: length, ..Self::stored(name, data) }
    }
}

fn crc(data: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(data);
    crc.sum()
}

/// The end of a zip: where the list is, and how many entries it says to have.
pub(crate) struct Ending {
    pub(crate) count: u16,
    /// A count in the larger fields of zip64, where one is told.
    pub(crate) count64: Option<u64>,
}

/// A zip with an honest ending.
pub(crate) fn zip(members: &[Member]) -> Vec<u8> {
    zip_ending(members, &Ending { count: u16::try_from(members.len()).unwrap(), count64: None })
}

pub(crate) fn zip_ending(members: &[Member], ending: &Ending) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for member in members {
        let place = i64::try_from(bytes.len()).unwrap() + member.shift;
        let local = member.local_name.as_ref().unwrap_or(&member.name);
        bytes.extend(b"PK\x03\x04\x14\0");
        about(member, &mut bytes);
        half(local.len(), &mut bytes);
        half(member.extra.len(), &mut bytes);
        bytes.extend(local);
        bytes.extend(&member.extra);
        bytes.extend(&member.data);
        list.extend(b"PK\x01\x02\x14\x03\x14\0");
        about(member, &mut list);
        half(member.name.len(), &mut list);
        half(member.extra.len(), &mut list);
        list.extend([0; 6]);
        list.extend((member.mode << 16).to_le_bytes());
        list.extend(u32::try_from(place).unwrap_or(u32::MAX).to_le_bytes());
        list.extend(&member.name);
        list.extend(&member.extra);
    }
    let (begin, length) = (bytes.len(), list.len());
    bytes.extend(list);
    if let Some(count) = ending.count64 {
        let end = bytes.len() as u64;
        bytes.extend(b"PK\x06\x06");
        bytes.extend(44_u64.to_le_bytes());
        bytes.extend([0x2D, 0, 0x2D, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for number in [count, count, length as u64, begin as u64] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(b"PK\x06\x07\0\0\0\0");
        bytes.extend(end.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
    }
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(ending.count.to_le_bytes());
    bytes.extend(ending.count.to_le_bytes());
    bytes.extend(u32::try_from(length).unwrap().to_le_bytes());
    bytes.extend(u32::try_from(begin).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// What both headers tell in the same way.
fn about(member: &Member, bytes: &mut Vec<u8>) {
    bytes.extend(member.flags.to_le_bytes());
    bytes.extend(member.method.to_le_bytes());
    bytes.extend([0, 0, 0x21, 0x54]);
    for number in [member.crc, member.packed, member.size] {
        bytes.extend(number.to_le_bytes());
    }
}

fn half(length: usize, bytes: &mut Vec<u8>) {
    bytes.extend(u16::try_from(length).unwrap().to_le_bytes());
}

/// A deflate stream of so many times 64 MiB of zeros, made of one block repeated: each flush ends on a whole byte and
/// forgets what was before.
pub(crate) fn deflated_zeros(times: usize) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let zeros = vec![0; 1 << 20];
    let mut block = Vec::with_capacity(4 << 20);
    for part in 0..64 {
        let flush = if part == 63 { FlushCompress::Full } else { FlushCompress::None };
        compress.compress_vec(&zeros, &mut block, flush).unwrap();
    }
    let mut stream = block.repeat(times);
    // An empty last block.
    stream.extend([0x03, 0x00]);
    stream
}
