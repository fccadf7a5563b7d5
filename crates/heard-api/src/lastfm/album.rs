//! The package `album`.

use crate::lastfm::WhichAlbum;
use crate::lastfm::answer::{Album, AlbumInfo, Keyed, List, Listed, Nothing, Page, Paged, Tag};
use crate::lastfm::call::call;

call! {
    /// An album with its tracks, tags and text.
    GetInfo = "album.getInfo", Key, READ;
    answer AlbumInfo, Keyed::under("album");
    of {
        /// Which album.
        which: WhichAlbum
    }
    may {
        /// The language of the text, as an ISO 639 code of two letters.
        lang: String,
        /// The user whose count shall be told besides.
        username: String,
    }
    flags {
        /// Asks the service to correct misspelt names.
        autocorrect
    }
}

call! {
    /// The tags that a user gave an album.
    GetTags = "album.getTags", Own, READ;
    answer List<Tag>, Listed::at(&["tags"], "tag");
    of {
        /// Which album.
        which: WhichAlbum
    }
    may {
        /// Whose tags; without a name those of the user who asks, which needs a session.
        user: String,
    }
    flags {
        /// Asks the service to correct misspelt names.
        autocorrect
    }
}

call! {
    /// The tags that everybody gave an album, the most frequent first.
    GetTopTags = "album.getTopTags", Key, READ;
    answer List<Tag>, Listed::at(&["toptags"], "tag");
    of {
        /// Which album.
        which: WhichAlbum
    }
    flags {
        /// Asks the service to correct misspelt names.
        autocorrect
    }
}

call! {
    /// Albums whose name has these words in it.
    Search = "album.search", Key, READ;
    answer Page<Album>, Paged::matches(&["results", "albummatches"], "album");
    needs {
        /// The words.
        album: String,
    }
    may {
        /// Rows per page; the service's default is 30.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// Gives an album tags of one's own.
    AddTags = "album.addTags", Session, WRITE;
    answer (), Nothing;
    needs {
        /// The artist's name.
        artist: String,
        /// The album's name.
        album: String,
        /// The tags, divided by commas; at most 10.
        tags: String,
    }
}

call! {
    /// Takes one of one's own tags from an album.
    RemoveTag = "album.removeTag", Session, WRITE;
    answer (), Nothing;
    needs {
        /// The artist's name.
        artist: String,
        /// The album's name.
        album: String,
        /// The tag.
        tag: String,
    }
}
