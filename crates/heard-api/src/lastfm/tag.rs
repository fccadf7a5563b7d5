//! The package `tag`.

use crate::lastfm::answer::{Album, Artist, ChartSpan, Keyed, List, Listed, Page, Paged, Tag, TagInfo, Track};
use crate::lastfm::call::call;

call! {
    /// A tag with counts and text.
    GetInfo = "tag.getInfo", Key, READ;
    answer TagInfo, Keyed::under("tag");
    needs {
        /// The tag.
        tag: String,
    }
    may {
        /// The language of the text, as an ISO 639 code of two letters.
        lang: String,
    }
}

call! {
    /// Tags like this one, the most similar first. The service answers an empty list for many years now.
    GetSimilar = "tag.getSimilar", Key, READ;
    answer List<Tag>, Listed::at(&["similartags"], "tag");
    needs {
        /// The tag.
        tag: String,
    }
}

call! {
    /// The albums that bear a tag, the most often tagged first.
    GetTopAlbums = "tag.getTopAlbums", Key, READ;
    answer Page<Album>, Paged::at(&["albums|topalbums"], "album");
    needs {
        /// The tag.
        tag: String,
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The artists that bear a tag, the most often tagged first.
    GetTopArtists = "tag.getTopArtists", Key, READ;
    answer Page<Artist>, Paged::at(&["topartists"], "artist");
    needs {
        /// The tag.
        tag: String,
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The tags that are given most.
    GetTopTags = "tag.getTopTags", Key, READ;
    answer List<Tag>, Listed::at(&["toptags"], "tag");
    may {
        /// How many, by the name that this method has for it.
        num_res: u32,
        /// How many to leave out at the beginning.
        offset: u32,
    }
}

call! {
    /// The tracks that bear a tag, the most often tagged first.
    GetTopTracks = "tag.getTopTracks", Key, READ;
    answer Page<Track>, Paged::at(&["tracks|toptracks"], "track");
    needs {
        /// The tag.
        tag: String,
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
    }
}

call! {
    /// The weeks for which charts of a tag can be had.
    GetWeeklyChartList = "tag.getWeeklyChartList", Key, READ;
    answer List<ChartSpan>, Listed::at(&["weeklychartlist"], "chart");
    needs {
        /// The tag.
        tag: String,
    }
}
