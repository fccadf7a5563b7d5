//! The package `track`.

mod play;
mod scrobble;
mod verdict;

pub use play::{Listen, Play};
pub use scrobble::{BatchSize, Scrobble, UpdateNowPlaying};
pub use verdict::{Corrected, Ignored, IgnoredMessage, NowPlaying, Scrobbled, Verdict};

use crate::lastfm::WhichTrack;
use crate::lastfm::answer::{Keyed, List, Listed, Nothing, Page, Paged, Tag, Track, TrackCorrection, TrackInfo};
use crate::lastfm::call::call;

call! {
    /// The names that the service would have a track and its artist bear.
    GetCorrection = "track.getCorrection", Key, READ;
    answer List<TrackCorrection>, Listed::at(&["corrections"], "correction");
    needs {
        /// The artist's name.
        artist: String,
        /// The track's name.
        track: String,
    }
}

call! {
    /// A track with counts, album, tags and text.
    GetInfo = "track.getInfo", Key, READ;
    answer TrackInfo, Keyed::under("track");
    of {
        /// Which track.
        which: WhichTrack
    }
    may {
        /// The user whose count and heart shall be told besides.
        username: String,
    }
    flags {
        /// Asks the service to correct misspelt names.
        autocorrect
    }
}

call! {
    /// Tracks like this one, the most similar first.
    GetSimilar = "track.getSimilar", Key, READ;
    answer List<Track>, Listed::at(&["similartracks"], "track");
    of {
        /// Which track.
        which: WhichTrack
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
    /// The tags that a user gave a track.
    GetTags = "track.getTags", Own, READ;
    answer List<Tag>, Listed::at(&["tags"], "tag");
    of {
        /// Which track.
        which: WhichTrack
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
    /// The tags that everybody gave a track, the most frequent first.
    GetTopTags = "track.getTopTags", Key, READ;
    answer List<Tag>, Listed::at(&["toptags"], "tag");
    of {
        /// Which track.
        which: WhichTrack
    }
    flags {
        /// Asks the service to correct misspelt names.
        autocorrect
    }
}

call! {
    /// Tracks whose name has these words in it.
    Search = "track.search", Key, READ;
    answer Page<Track>, Paged::matches(&["results", "trackmatches"], "track");
    needs {
        /// The words.
        track: String,
    }
    may {
        /// The artist's name, to narrow the search.
        artist: String,
        /// Rows per page; the service's default is 30.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// Gives a track tags of one's own.
    AddTags = "track.addTags", Session, WRITE;
    answer (), Nothing;
    needs {
        /// The artist's name.
        artist: String,
        /// The track's name.
        track: String,
        /// The tags, divided by commas; at most 10.
        tags: String,
    }
}

call! {
    /// Takes one of one's own tags from a track.
    RemoveTag = "track.removeTag", Session, WRITE;
    answer (), Nothing;
    needs {
        /// The artist's name.
        artist: String,
        /// The track's name.
        track: String,
        /// The tag.
        tag: String,
    }
}

call! {
    /// Gives a track the user's heart.
    Love = "track.love", Session, WRITE;
    answer (), Nothing;
    needs {
        /// The artist's name.
        artist: String,
        /// The track's name.
        track: String,
    }
}

call! {
    /// Takes the user's heart from a track.
    Unlove = "track.unlove", Session, WRITE;
    answer (), Nothing;
    needs {
        /// The artist's name.
        artist: String,
        /// The track's name.
        track: String,
    }
}
