//! Encodings: what a file says of itself is believed, and nothing is replaced in silence.

use std::io::Read;

use heard_history::import::inputs::decoded;

use crate::seeds;

fn text_of(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    decoded(bytes).unwrap().read_to_end(&mut text).unwrap();
    text
}

fn wide(units: &[u16], is_big: bool) -> Vec<u8> {
    units.iter().flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

const TEXT: &str = "[{\"artist\":\"Sigurður 😀 ヨル\u{FEFF}\u{FFFE}\u{10}\"}]\r\n";

#[test]
fn what_has_a_mark_becomes_utf_8() {
    let units: Vec<u16> = TEXT.encode_utf16().collect();
    for is_big in [false, true] {
        let marked: Vec<u16> = [&[0xFEFF][..], &units].concat();
        assert_eq!(text_of(&wide(&marked, is_big)), TEXT.as_bytes(), "with a mark");
        let plain: Vec<u16> =
            "artist,track\nsomebody,something and more than sixty-four bytes".encode_utf16().collect();
        assert_eq!(text_of(&wide(&plain, is_big)), String::from_utf16(&plain).unwrap().as_bytes(), "without one");
    }
    assert_eq!(text_of(format!("\u{FEFF}{TEXT}").as_bytes()), TEXT.as_bytes());
    assert_eq!(text_of("\u{FEFF}\u{FEFF}a".as_bytes()), "\u{FEFF}a".as_bytes(), "only the first is a mark");
}

#[test]
fn what_has_none_comes_through_byte_for_byte() {
    let odd: [&[u8]; 8] = [
        b"",
        b"a",
        b"caf\xE9,1252 \x93quoted\x94",
        b"\xC3\x83\xC2\xA9 twice encoded",
        b"a\0b\0 is too little to tell\0",
        b"\xED\xA0\x80 alone",
        b"\0\0\0\0",
        b"\xEF\xBB",
    ];
    for bytes in odd {
        assert_eq!(text_of(bytes), bytes);
    }
}

#[test]
fn lone_surrogates_and_half_units_become_bytes_that_are_no_text() {
    let units = [0xFEFF, 0x61, 0xD83D, 0x62, 0xDE00, 0xD83D, 0xD83D, 0xDE00, 0xD83D];
    let mut bytes = wide(&units, false);
    bytes.push(0x41);
    let text = text_of(&bytes);
    let expected = [
        b"a\xED\xA0\xBD".as_slice(),
        b"b\xED\xB8\x80",
        b"\xED\xA0\xBD",
        "\u{1F600}".as_bytes(),
        b"\xED\xA0\xBD",
        b"\xFF",
    ];
    assert_eq!(text, expected.concat());
    assert!(!String::from_utf8_lossy(&text).is_empty() && std::str::from_utf8(&text).is_err());
}

/// Gives its bytes in portions of any size.
struct Portions<'a> {
    rest: &'a [u8],
    random: fastrand::Rng,
}

impl Read for Portions<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.random.u8(..8) == 0 {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        let length = self.random.usize(1..=7).min(buffer.len()).min(self.rest.len());
        let (portion, rest) = self.rest.split_at(length);
        buffer[..length].copy_from_slice(portion);
        self.rest = rest;
        Ok(length)
    }
}

#[test]
fn portions_make_no_difference() {
    seeds::each(50, |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let length = random.usize(..400);
        let units: Vec<u16> = [0xFEFF]
            .into_iter()
            .chain((0..length).map(|_| if random.bool() { random.u16(0xD700..0xE100) } else { random.u16(..) }))
            .collect();
        let mut bytes = wide(&units, random.bool());
        bytes.truncate(bytes.len() - random.usize(..2));
        let mut text = Vec::new();
        decoded(Portions { rest: &bytes, random }).unwrap().read_to_end(&mut text).unwrap();
        assert_eq!(text, text_of(&bytes));
    });
}
