//! Addresses of the service's pages and pictures, as they stand in answers.

/// The picture sizes and the folders they lie in.
pub(crate) const SIZES: [(&str, &str); 4] = [
    ("small", "34s"),
    ("medium", "64s"),
    ("large", "174s"),
    ("extralarge", "300x300"),
];

/// The grey star that the service shows for want of an artist's picture.
pub(crate) const NO_PICTURE: &str = "2a96cbd8b46e442fc41c2b86b821562f.png";

/// A name in a page address: blanks become `+`, and a plus in the name is encoded twice.
pub(crate) fn segment(name: &str) -> String {
    if name.contains('+') {
        form_urlencoded::byte_serialize(name.replace('+', "%2B").as_bytes()).collect()
    } else {
        form_urlencoded::byte_serialize(name.as_bytes()).collect()
    }
}

/// The file name of an album's cover: always the same for the same album.
pub(crate) fn cover(artist: &str, album: &str) -> String {
    let (mut high, mut low) = (0xcbf2_9ce4_8422_2325_u64, 0x8422_2325_cbf2_9ce4_u64);
    for byte in artist.bytes().chain([0]).chain(album.bytes()) {
        high = (high ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        low = low.rotate_left(7) ^ high;
    }
    format!("{high:016x}{low:016x}.jpg")
}

#[cfg(test)]
mod tests {
    use super::{cover, segment};

    #[test]
    fn addresses_are_spelled_as_the_service_spells_them() {
        assert_eq!(segment("Über Alles/B"), "%C3%9Cber+Alles%2FB");
        assert_eq!(segment("1+1"), "1%252B1");
        assert_eq!(cover("a", "b"), cover("a", "b"));
        assert_ne!(cover("a", "b"), cover("ab", ""));
        assert_eq!(cover("a", "b").len(), 36);
    }
}
