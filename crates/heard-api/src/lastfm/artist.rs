//! The package `artist`.

use crate::lastfm::WhichArtist;
use crate::lastfm::answer::{
    Album, Artist, ArtistCorrection, ArtistInfo, Keyed, List, Listed, Nothing, Page, Paged, Tag, Track,
};
use crate::lastfm::call::call;

call! {
    /// The name that the service would have an artist bear.
    GetCorrection = "artist.getCorrection", Key, READ;
    answer List<ArtistCorrection>, Listed::at(&["corrections"], "correction");
    needs {
        /// The name in question.
        artist: String,
    }
}

call! {
    /// An artist with counts, similar artists, tags and biography.
    GetInfo = "artist.getInfo", Key, READ;
    answer ArtistInfo, Keyed::under("artist");
    of {
        /// Which artist.
        which: WhichArtist
    }
    may {
        /// The language of the biography, as an ISO 639 code of two letters.
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
    /// Artists like this one, the most similar first.
    GetSimilar = "artist.getSimilar", Key, READ;
    answer List<Artist>, Listed::at(&["similarartists"], "artist");
    of {
        /// Which artist.
        which: WhichArtist
    }
    may {
        /// How many.
        limit: u32,
    }
    flags {
        /// Asks the service to correct misspelt names.
        autocorrect
    }
}

call! {
    /// The tags that a user gave an artist.
    GetTags = "artist.getTags", Own, READ;
    answer List<Tag>, Listed::at(&["tags"], "tag");
    of {
        /// Which artist.
        which: WhichArtist
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
    /// An artist's albums, the most heard first.
    GetTopAlbums = "artist.getTopAlbums", Key, READ;
    answer Page<Album>, Paged::at(&["topalbums"], "album");
    of {
        /// Which artist.
        which: WhichArtist
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
    flags {
        /// Asks the service to correct misspelt names.
        autocorrect
    }
}

call! {
    /// The tags that everybody gave an artist, the most frequent first.
    GetTopTags = "artist.getTopTags", Key, READ;
    answer List<Tag>, Listed::at(&["toptags"], "tag");
    of {
        /// Which artist.
        which: WhichArtist
    }
    flags {
        /// Asks the service to correct misspelt names.
        autocorrect
    }
}

call! {
    /// An artist's tracks, the most heard first.
    GetTopTracks = "artist.getTopTracks", Key, READ;
    answer Page<Track>, Paged::at(&["toptracks"], "track");
    of {
        /// Which artist.
        which: WhichArtist
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
    flags {
        /// Asks the service to correct misspelt names.
        autocorrect
    }
}

call! {
    /// Artists whose name has these words in it.
    Search = "artist.search", Key, READ;
    answer Page<Artist>, Paged::matches(&["results", "artistmatches"], "artist");
    needs {
        /// The words.
        artist: String,
    }
    may {
        /// Rows per page; the service's default is 30.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// Gives an artist tags of one's own.
    AddTags = "artist.addTags", Session, WRITE;
    answer (), Nothing;
    needs {
        /// The artist's name.
        artist: String,
        /// The tags, divided by commas; at most 10.
        tags: String,
    }
}

call! {
    /// Takes one of one's own tags from an artist.
    RemoveTag = "artist.removeTag", Session, WRITE;
    answer (), Nothing;
    needs {
        /// The artist's name.
        artist: String,
        /// The tag.
        tag: String,
    }
}
