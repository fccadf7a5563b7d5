//! The package `library`.

use crate::lastfm::answer::{Artist, Page, Paged};
use crate::lastfm::call::call;

call! {
    /// All artists that a user listened to, with counts. Listens without a moment are not in these counts.
    GetArtists = "library.getArtists", Key, READ;
    answer Page<Artist>, Paged::at(&["artists"], "artist");
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// Rows per page, at most 2000; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}
