//! What answers are made of: artists, albums, tracks and tags as rows of lists, pictures, texts, pages.
//!
//! One method fills more of a row than another; what it did not tell is `None`.

mod album;
mod artist;
mod correction;
mod form;
pub(crate) mod image;
mod info;
mod page;
mod rows;
mod tag;
mod track;
mod wiki;

pub use album::Album;
pub use artist::{Artist, ArtistRef};
pub use correction::{ArtistCorrection, TrackCorrection};
pub use image::{Image, ImageSize};
pub use info::{AlbumInfo, ArtistInfo, ArtistStats, TagInfo, TrackAlbum, TrackInfo};
pub use page::{About, List, Page, Paging};
pub use tag::{ChartSpan, Tag};
pub use track::Track;
pub use wiki::Wiki;

pub(crate) use form::{ArtistForm, Keyed, Listed, Nothing, Paged};
