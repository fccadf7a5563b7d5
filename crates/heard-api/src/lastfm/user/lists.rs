//! Rankings, loved tracks, and what a user gave a tag.

use crate::lastfm::Period;
use crate::lastfm::answer::{Album, Artist, List, Listed, Page, Paged, Tag, Track};
use crate::lastfm::call::call;

call! {
    /// The tracks that a user loves, the latest first.
    GetLovedTracks = "user.getLovedTracks", Key, READ;
    answer Page<Track>, Paged::at(&["lovedtracks"], "track");
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// Rows per page, at most 1000; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The artists that a user listened to most.
    GetTopArtists = "user.getTopArtists", Key, READ;
    answer Page<Artist>, Paged::at(&["topartists"], "artist");
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// The stretch of time, up to now.
        period: Period,
        /// Rows per page, at most 1000; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The albums that a user listened to most.
    GetTopAlbums = "user.getTopAlbums", Key, READ;
    answer Page<Album>, Paged::at(&["topalbums"], "album");
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// The stretch of time, up to now.
        period: Period,
        /// Rows per page, at most 1000; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The tracks that a user listened to most.
    GetTopTracks = "user.getTopTracks", Key, READ;
    answer Page<Track>, Paged::at(&["toptracks"], "track");
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// The stretch of time, up to now.
        period: Period,
        /// Rows per page, at most 1000; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The tags that a user gave most.
    GetTopTags = "user.getTopTags", Key, READ;
    answer List<Tag>, Listed::at(&["toptags"], "tag");
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// How many.
        limit: u32,
    }
}

call! {
    /// The artists that a user gave a tag.
    GetTaggedArtists = "user.getPersonalTags", Key, READ;
    answer Page<Artist>, Paged::at(&["taggings", "artists"], "artist");
    needs {
        /// The user's name.
        user: String,
        /// The tag.
        tag: String,
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
    fixed { taggingtype: "artist" }
}

call! {
    /// The albums that a user gave a tag.
    GetTaggedAlbums = "user.getPersonalTags", Key, READ;
    answer Page<Album>, Paged::at(&["taggings", "albums"], "album");
    needs {
        /// The user's name.
        user: String,
        /// The tag.
        tag: String,
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
    fixed { taggingtype: "album" }
}

call! {
    /// The tracks that a user gave a tag.
    GetTaggedTracks = "user.getPersonalTags", Key, READ;
    answer Page<Track>, Paged::at(&["taggings", "tracks"], "track");
    needs {
        /// The user's name.
        user: String,
        /// The tag.
        tag: String,
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
    fixed { taggingtype: "track" }
}
