//! The package `chart`: what everybody listens to these days.

use crate::lastfm::answer::{Artist, Page, Paged, Tag, Track};
use crate::lastfm::call::call;

call! {
    /// The artists of the day.
    GetTopArtists = "chart.getTopArtists", Key, READ;
    answer Page<Artist>, Paged::at(&["artists"], "artist");
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The tags of the day.
    GetTopTags = "chart.getTopTags", Key, READ;
    answer Page<Tag>, Paged::at(&["tags"], "tag");
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The tracks of the day.
    GetTopTracks = "chart.getTopTracks", Key, READ;
    answer Page<Track>, Paged::at(&["tracks"], "track");
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}
