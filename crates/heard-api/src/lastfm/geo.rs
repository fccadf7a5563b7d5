//! The package `geo`: what the people of a country listened to last week.

use crate::lastfm::answer::{Artist, Page, Paged, Track};
use crate::lastfm::call::call;

call! {
    /// The artists most heard in a country.
    GetTopArtists = "geo.getTopArtists", Key, READ;
    answer Page<Artist>, Paged::at(&["topartists"], "artist");
    needs {
        /// The country's name, as ISO 3166 spells it in English.
        country: String,
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The tracks most heard in a country.
    GetTopTracks = "geo.getTopTracks", Key, READ;
    answer Page<Track>, Paged::at(&["tracks|toptracks"], "track");
    needs {
        /// The country's name, as ISO 3166 spells it in English.
        country: String,
    }
    may {
        /// A city of that country.
        location: String,
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}
