//! Addresses of the service's pages and pictures, as they stand in answers.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

/// The picture sizes and the folders they lie in.
pub(crate) const SIZES: [(&str, &str); 4] =
    [("small", "34s"), ("medium", "64s"), ("large", "174s"), ("extralarge", "300x300")];

/// The grey star that the service shows for want of an artist's picture.
pub(crate) const NO_PICTURE: &str = "2a96cbd8b46e442fc41c2b86b821562f.png";

/// Writes a name as it stands in a page address: blanks become `+`, and a plus in the name is encoded twice. What is
/// written needs no escaping in JSON or XML.
pub(crate) fn push_segment(out: &mut String, name: &str) {
    for (nth, part) in name.split('+').enumerate() {
        out.push_str(if nth == 0 { "" } else { "%252B" });
        out.extend(form_urlencoded::byte_serialize(part.as_bytes()));
    }
}

/// A name as it stands in a page address.
pub(crate) fn segment(name: &str) -> String {
    let mut out = String::new();
    push_segment(&mut out, name);
    out
}

/// The file name of an album's cover: always the same for the same album; the star where there is no album.
pub(crate) fn cover(artist: &str, album: &str) -> String {
    if album.is_empty() {
        return NO_PICTURE.to_owned();
    }
    let of = |name: &str| BuildHasherDefault::<DefaultHasher>::default().hash_one(name);
    format!("{:016x}{:016x}.jpg", of(artist), of(album))
}

#[cfg(test)]
mod tests {
    use super::{cover, segment};

    #[test]
    fn addresses_are_spelled_as_the_service_spells_them() {
        assert_eq!(segment("Über Alles/B"), "%C3%9Cber+Alles%2FB");
        assert_eq!(segment("1+1"), "1%252B1");
        assert_eq!(cover("a", "b"), cover("a", "b"));
        assert_ne!(cover("a", "b"), cover("b", "a"));
        assert_eq!(cover("a", ""), super::NO_PICTURE);
        assert_eq!(cover("a", "b").len(), 36);
    }
}
