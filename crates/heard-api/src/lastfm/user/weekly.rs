//! Weekly charts. Any stretch may be asked for, whole months too; a chart has at most 1000 rows and no pages
//! (`user.getWeeklyAlbumChart/swift_sample.json`).

use crate::lastfm::answer::{Album, Artist, ArtistForm, ChartSpan, List, Listed, Track};
use crate::lastfm::call::call;

call! {
    /// The weeks for which charts can be had; the same for every user.
    GetWeeklyChartList = "user.getWeeklyChartList", Key, READ;
    answer List<ChartSpan>, Listed::at(&["weeklychartlist"], "chart");
    needs {
        /// The user's name.
        user: String,
    }
}

call! {
    /// A user's artists in a stretch of time; without one, the last seven days up to noon UTC.
    GetWeeklyArtistChart = "user.getWeeklyArtistChart", Key, READ;
    answer List<Artist>, Listed::at(&["weeklyartistchart"], "artist");
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// The first second, Unix time. Say both ends or neither: one alone is passed over.
        from: i64,
        /// The end, Unix time.
        to: i64,
    }
}

call! {
    /// A user's albums in a stretch of time; without one, the last seven days up to noon UTC.
    GetWeeklyAlbumChart = "user.getWeeklyAlbumChart", Key, READ;
    answer List<Album>, Listed::at(&["weeklyalbumchart"], "album").with(ArtistForm::Plain);
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// The first second, Unix time. Say both ends or neither: one alone is passed over.
        from: i64,
        /// The end, Unix time.
        to: i64,
    }
}

call! {
    /// A user's tracks in a stretch of time; without one, the last seven days up to noon UTC.
    GetWeeklyTrackChart = "user.getWeeklyTrackChart", Key, READ;
    answer List<Track>, Listed::at(&["weeklytrackchart"], "track").with(ArtistForm::Plain);
    needs {
        /// The user's name.
        user: String,
    }
    may {
        /// The first second, Unix time. Say both ends or neither: one alone is passed over.
        from: i64,
        /// The end, Unix time.
        to: i64,
    }
}
