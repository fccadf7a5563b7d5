//! `user.getRecentTracks`: what a user listened to, newest first.

use std::borrow::Cow;

use crate::decode;
use crate::error::DecodeError;
use crate::lastfm::answer::{Page, Paging};
use crate::lastfm::user::track_scrobbles::apart;
use crate::method::{Access, Method, Params};

mod read;
mod write;

/// Asks for one page of a user's listens (<https://www.last.fm/api/show/user.getRecentTracks>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GetRecentTracks {
    /// The user's name.
    pub user: String,
    /// Rows per page. The service's default is 50; 200 is documented and 1000 accepted.
    pub limit: Option<u32>,
    /// The page, from 1.
    pub page: Option<u32>,
    /// The earliest moment, Unix seconds. Whether the bound itself belongs to the range is not known.
    pub from: Option<i64>,
    /// The latest moment, Unix seconds. Whether the bound itself belongs to the range is not known.
    pub to: Option<i64>,
    /// Asks for more about the artist, and whether the track is loved.
    pub extended: bool,
}

impl GetRecentTracks {
    /// The first page of a user, with the service's defaults.
    #[must_use]
    pub fn new(user: impl Into<String>) -> Self {
        Self { user: user.into(), ..Self::default() }
    }
}

impl Method for GetRecentTracks {
    const NAME: &'static str = "user.getRecentTracks";
    const ACCESS: Access = Access::Key;
    const WRITE: bool = false;
    type Answer = RecentTracks<'static>;

    fn params(&self, out: &mut Params) {
        out.set("user", &self.user);
        out.set_some("limit", self.limit);
        out.set_some("page", self.page);
        out.set_some("from", self.from);
        out.set_some("to", self.to);
        out.set_some("extended", self.extended.then_some(1));
    }

    fn decode(body: &[u8]) -> Result<Self::Answer, DecodeError> {
        decode::document::<read::Document<'_>>(body).map(|document| document.0.into_owned())
    }

    fn encode(answer: &Self::Answer) -> Vec<u8> {
        decode::written(answer)
    }
}

/// One page of listens. Names are borrowed from the body where they hold no escapes.
///
/// Serialises to the service's own JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentTracks<'a> {
    /// The user the page is about, as the service spells the name: rarely not the one asked for.
    pub user: Cow<'a, str>,
    /// The page's number, from 1.
    pub page: u64,
    /// Rows per page, as asked for. A row of what plays now comes on top.
    pub per_page: u64,
    /// The number of pages. Libre.fm counts all pages even where a range was asked for.
    pub total_pages: u64,
    /// The number of listens in the range; Libre.fm does not tell.
    pub total: Option<u64>,
    /// The rows, newest first; what plays now is at the front of every page and not counted in any total.
    pub rows: Vec<RecentTrack<'a>>,
}

/// One row of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecentTrack<'a> {
    /// The artist's name. `None` when the key is missing or `null`, empty when it is there and empty.
    pub artist: Option<Cow<'a, str>>,
    /// The artist's MusicBrainz id, `None` when empty or missing.
    pub artist_mbid: Option<Cow<'a, str>>,
    /// The album's name, `None` when empty or missing.
    pub album: Option<Cow<'a, str>>,
    /// The album's MusicBrainz id, `None` when empty or missing.
    pub album_mbid: Option<Cow<'a, str>>,
    /// The track's name. `None` when the key is missing or `null`, empty when it is there and empty.
    pub name: Option<Cow<'a, str>>,
    /// The track's MusicBrainz id, of a track or of a recording; `None` when empty or missing.
    pub mbid: Option<Cow<'a, str>>,
    /// The moment of listening in Unix seconds; 0 for a listen without a known moment; `None` without `date`.
    pub played_at: Option<i64>,
    /// Whether the row tells what sounds now, which is no listen. Last.fm sends it without `date`, Libre.fm
    /// with the present time.
    pub now_playing: bool,
    /// Whether the user loves the track; only told by extended answers.
    pub loved: Option<bool>,
    /// The track's page, `None` when empty or missing.
    pub url: Option<Cow<'a, str>>,
}

impl<'a> RecentTracks<'a> {
    /// Reads a page of JSON, without copying its names; [`GetRecentTracks`] reads XML as well.
    ///
    /// # Errors
    /// The body is not JSON, or not a page of listens: a key that carries the page's identity or counts is
    /// missing, a `date` is there but unreadable, a value has a form never seen before.
    pub fn decode(body: &'a [u8]) -> Result<Self, DecodeError> {
        decode::json::<read::Document<'a>>(body).map(|document| document.0)
    }

    /// The same page, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> RecentTracks<'static> {
        RecentTracks {
            user: Cow::Owned(self.user.into_owned()),
            page: self.page,
            per_page: self.per_page,
            total_pages: self.total_pages,
            total: self.total,
            rows: self.rows.into_iter().map(RecentTrack::into_owned).collect(),
        }
    }
}

/// With what plays now taken out of the rows.
impl From<RecentTracks<'static>> for Page<RecentTrack<'static>> {
    fn from(page: RecentTracks<'static>) -> Self {
        let RecentTracks { user, page, per_page, total_pages, total, rows } = page;
        apart(Self {
            about: std::iter::once(("user".to_owned(), user.into_owned())).collect(),
            paging: Paging { page: Some(page), per_page: Some(per_page), total_pages: Some(total_pages), total },
            playing: None,
            items: rows,
        })
    }
}

impl RecentTrack<'_> {
    /// The same row, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> RecentTrack<'static> {
        RecentTrack {
            artist: owned(self.artist),
            artist_mbid: owned(self.artist_mbid),
            album: owned(self.album),
            album_mbid: owned(self.album_mbid),
            name: owned(self.name),
            mbid: owned(self.mbid),
            played_at: self.played_at,
            now_playing: self.now_playing,
            loved: self.loved,
            url: owned(self.url),
        }
    }
}

fn owned(text: Option<Cow<'_, str>>) -> Option<Cow<'static, str>> {
    text.map(|text| Cow::Owned(text.into_owned()))
}
