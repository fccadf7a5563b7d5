//! What a file is by its first bytes.

/// So many bytes are enough to tell.
pub(super) const NEEDED: usize = 512;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Magic {
    Plain,
    Parquet,
    Gzip,
    Zstd,
    Zip,
    /// A container that is not opened here.
    Foreign(&'static str),
}

/// Beginnings, as the formats' own documents give them.
const BEGINNINGS: [(&[u8], Magic); 10] = [
    (b"PK\x03\x04", Magic::Zip),
    // A zip without members.
    (b"PK\x05\x06", Magic::Zip),
    (b"PK\x07\x08", Magic::Foreign("a zip in several parts")),
    (b"\x1f\x8b", Magic::Gzip),
    (b"\x28\xb5\x2f\xfd", Magic::Zstd),
    (b"PAR1", Magic::Parquet),
    (b"7z\xbc\xaf\x27\x1c", Magic::Foreign("7z")),
    (b"Rar!\x1a\x07", Magic::Foreign("RAR")),
    (b"\xfd7zXZ\0", Magic::Foreign("xz")),
    (b"BZh", Magic::Foreign("bzip2")),
];

impl Magic {
    /// What begins like this. Of a shorter file `head` is all there is.
    pub(super) fn of(head: &[u8]) -> Self {
        // The archives of tar bear their mark in their first header, at this place.
        if head.get(257..262) == Some(b"ustar") {
            return Self::Foreign("tar");
        }
        BEGINNINGS.iter().find(|(beginning, _)| head.starts_with(beginning)).map_or(Self::Plain, |(_, magic)| *magic)
    }

    /// The container's name, where it is one.
    pub(super) fn container(self) -> Option<&'static str> {
        match self {
            Self::Plain | Self::Parquet => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
            Self::Zip => Some("a zip"),
            Self::Foreign(name) => Some(name),
        }
    }
}

/// Whether a zip that begins like this is a workbook: its first member is one of the parts that only those have.
pub(super) fn is_workbook(head: &[u8]) -> bool {
    let name = head.get(30..).unwrap_or_default();
    let parts: [&[u8]; 4] = [b"[Content_Types].xml", b"_rels/.rels", b"xl/", b"docProps/"];
    head.starts_with(b"PK\x03\x04") && parts.iter().any(|part| name.starts_with(part))
}
