use std::{io, path::PathBuf};

/// Why a picture was not made. The text is for the person who asked for it; it
/// names files as they were given and holds nothing else from outside.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The width is outside [`Size::WIDTHS`](super::Size::WIDTHS).
    #[error("a picture can be 200 to 8000 pixels wide, not {0}")]
    Width(u32),
    /// The height is outside [`Size::HEIGHTS`](super::Size::HEIGHTS).
    #[error("a picture can be 120 to 32000 pixels high, not {0}")]
    Height(u32),
    /// The scale is not a number from 0.1 to 10.
    #[error("a picture can be scaled by 0.1 to 10, not by {0}")]
    Scale(f32),
    /// The picture would hold more than [`MAX_PIXELS`](super::MAX_PIXELS).
    #[error(
        "{width} × {height} pixels are more than the limit of {limit} million; \
         ask for fewer rows or a smaller size",
        limit = super::MAX_PIXELS / 1_000_000
    )]
    TooLarge {
        /// Pixels across.
        width: u64,
        /// Pixels down.
        height: u64,
    },
    /// A font file could not be read.
    #[error("cannot read the font file {}", path.display())]
    FontFile {
        /// The file as it was named.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file holds no font in the TrueType or OpenType format.
    #[error("{} holds no TrueType or OpenType font", .0.display())]
    NotAFont(PathBuf),
    /// The last-resort face for characters of no other face could not be built.
    #[error("the last-resort font could not be built")]
    LastResort(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The painter did not understand the document.
    #[error("the picture could not be painted")]
    Paint(#[source] resvg::usvg::Error),
    /// The painted picture could not be written as PNG.
    #[error("the picture could not be written as PNG")]
    Encode(#[source] Box<dyn std::error::Error + Send + Sync>),
}
