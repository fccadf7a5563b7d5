//! How large the pages of a Parquet file say that they become, before any of them is unpacked.
//!
//! A page begins with a header in Thrift's compact protocol, whose first fields are its kind and its two sizes; the
//! rest of the header is only passed over.

/// Structures inside structures. A page's header has three.
const DEEPEST: usize = 8;

const UNCOMPRESSED_SIZE: i16 = 2;
const COMPRESSED_SIZE: i16 = 3;

/// The largest page of a row of pages, unpacked; none where the bytes are no row of pages.
pub(super) fn largest(mut pages: &[u8]) -> Option<u64> {
    let mut largest = 0;
    while !pages.is_empty() {
        let mut reader = Compact { rest: pages };
        let (unpacked, packed) = reader.page_header()?;
        largest = largest.max(u64::from(unpacked));
        pages = reader.rest.get(usize::try_from(packed).ok()?..)?;
    }
    Some(largest)
}

/// Thrift's compact protocol, as far as passing over it needs.
struct Compact<'a> {
    rest: &'a [u8],
}

impl Compact<'_> {
    /// Reads a header to its end: the sizes unpacked and packed.
    fn page_header(&mut self) -> Option<(u32, u32)> {
        let (mut unpacked, mut packed, mut field) = (None, None, 0);
        while let Some((number, kind)) = self.field(field)? {
            field = number;
            match (number, kind) {
                (UNCOMPRESSED_SIZE, 5) => unpacked = Some(self.size()?),
                (COMPRESSED_SIZE, 5) => packed = Some(self.size()?),
                _ => self.skip(kind, 0)?,
            }
        }
        unpacked.zip(packed)
    }

    /// The next field's number and kind, or none at the end of a structure.
    fn field(&mut self, before: i16) -> Option<Option<(i16, u8)>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        let number = match byte >> 4 {
            0 => i16::try_from(unfolded(self.varint()?)).ok()?,
            step => before.checked_add(i16::from(step))?,
        };
        Some(Some((number, byte & 15)))
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            // A field that is true or false has no further bytes.
            1 | 2 => {}
            3 => self.pass(1)?,
            4..=6 => drop(self.varint()?),
            7 => self.pass(8)?,
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.pass(length)?;
            }
            9 | 10 if depth < DEEPEST => self.skip_list(depth)?,
            12 if depth < DEEPEST => {
                let mut field = 0;
                while let Some((number, kind)) = self.field(field)? {
                    field = number;
                    self.skip(kind, depth + 1)?;
                }
            }
            // Headers of pages hold no maps.
            _ => return None,
        }
        Some(())
    }

    fn skip_list(&mut self, depth: usize) -> Option<()> {
        let byte = self.byte()?;
        let length = if byte >> 4 == 15 { self.varint()? } else { u64::from(byte >> 4) };
        for _ in 0..length {
            // In a list, unlike in a structure, true and false take a byte.
            let kind = if matches!(byte & 15, 1 | 2) { 3 } else { byte & 15 };
            self.skip(kind, depth + 1)?;
        }
        Some(())
    }

    fn size(&mut self) -> Option<u32> {
        u32::try_from(unfolded(self.varint()?)).ok()
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn pass(&mut self, bytes: usize) -> Option<()> {
        self.rest = self.rest.get(bytes..)?;
        Some(())
    }
}

/// A signed number from its zigzag form.
fn unfolded(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_found_and_the_rest_is_passed_over() {
        // Kind 0; 300 bytes from 7; a structure with a text and a list of flags; then two bytes that are no header.
        let header = [
            0x15, 0x00, 0x15, 0xd8, 0x04, 0x15, 0x0e, 0x2c, 0x18, 0x02, b'a', b'b', 0x19, 0x21, 0x01, 0x02, 0x00, 0x00,
            9, 9,
        ];
        let mut reader = Compact { rest: &header };
        assert_eq!(reader.page_header(), Some((300, 7)));
        assert_eq!(reader.rest, [9, 9]);
        for cut in 0..18 {
            assert_eq!(Compact { rest: &header[..cut] }.page_header(), None, "{cut}");
        }
    }

    #[test]
    fn sizes_below_nothing_and_endless_depth_are_no_header() {
        assert_eq!(Compact { rest: &[0x25, 0x01, 0x15, 0x02, 0x00] }.page_header(), None);
        assert_eq!(Compact { rest: &[0x1c; 1000] }.page_header(), None);
        assert_eq!(
            Compact { rest: &[0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01] }.page_header(),
            None
        );
    }
}
