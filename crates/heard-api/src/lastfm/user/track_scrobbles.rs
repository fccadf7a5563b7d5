//! `user.getTrackScrobbles`: when a user listened to one track.

use crate::error::DecodeError;
use crate::lastfm::answer::{Page, Paged};
use crate::lastfm::call::call;
use crate::lastfm::user::RecentTrack;

call! {
    /// A user's listens to one track, the latest first. The service does not document the method; it is what became of
    /// `user.getArtistTracks` (`user.getTrackScrobbles/pylast_cacheable_user_get_track_scrobbles_0.xml`).
    GetTrackScrobbles = "user.getTrackScrobbles", Key, READ;
    answer Page<RecentTrack<'static>>, Listens(Paged::at(&["trackscrobbles"], "track"));
    needs {
        /// The user's name.
        user: String,
        /// The artist's name.
        artist: String,
        /// The track's name.
        track: String,
    }
    may {
        /// Rows per page; the service's default is 50.
        limit: u32,
        /// The page, from 1.
        page: u32,
        /// The earliest moment, Unix seconds.
        from: i64,
        /// The latest moment, Unix seconds.
        to: i64,
    }
}

/// A page of listens, with what plays now among the rows on the wire and beside them here.
struct Listens(Paged<Owned>);

/// A row that borrows nothing, so that it can be read from anything.
#[derive(serde::Serialize)]
#[serde(transparent)]
struct Owned(RecentTrack<'static>);

impl<'de> serde::Deserialize<'de> for Owned {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        RecentTrack::deserialize(from).map(|row| Self(row.into_owned()))
    }
}

impl Listens {
    fn decode(&self, body: &[u8]) -> Result<Page<RecentTrack<'static>>, DecodeError> {
        Ok(apart(self.0.decode(body)?.map(|Owned(row)| row)))
    }

    fn encode(&self, answer: &Page<RecentTrack<'static>>) -> Vec<u8> {
        let mut page = answer.clone();
        let playing = page.playing.take();
        page.items.splice(0..0, playing);
        self.0.encode(&page.map(Owned))
    }
}

/// The page with what plays now taken out of the rows.
pub(crate) fn apart(mut page: Page<RecentTrack<'static>>) -> Page<RecentTrack<'static>> {
    let (playing, items) = page.items.into_iter().partition(|row| row.now_playing);
    page.items = items;
    page.playing = Vec::into_iter(playing).next();
    page
}
