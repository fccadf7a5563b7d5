//! What one page of `user.getRecentTracks` proves.
//!
//! A page is believed only when everything about it fits what was asked; anything else is refused, and asked again.
//! The same check runs before an answer is archived and when the archive is read, so a claim never depends on who
//! made it.

use std::borrow::Cow;

use heard_api::DecodeError;
use heard_api::lastfm::user::{RecentTrack, RecentTracks};

use crate::facts::{Listing, Play, Reason, Reject, Sounding};
use crate::listen::Span;

/// A service may give smaller pages than are asked, down to this size. It repeats any smaller size as asked
/// (`perPage` in `user.getRecentTracks/quoted_empty.json`).
const SMALLEST_MAXIMUM: u64 = 50;

/// What was asked of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The account's name.
    pub user: String,
    /// Rows per page.
    pub limit: u64,
    /// Page number, from 1.
    pub page: u64,
    /// The widened window; `None` for the whole list with its undated rows.
    pub window: Option<(i64, i64)>,
}

impl Asked {
    /// What a request for the first page of a stretch of time asks: one second more on both sides, since the service
    /// does not say whether its bounds are inclusive, and both bounds always, since one alone is ignored by some calls.
    #[must_use]
    pub fn stretch(user: &str, wanted: Span, limit: u64) -> Self {
        Self { user: user.to_owned(), limit, page: 1, window: Some(((wanted.from - 1).max(1), wanted.to)) }
    }

    /// What a request with these parameters asked; `None` when they are not a request for a page.
    #[must_use]
    pub fn from_params(user: &str, params: &[(String, String)]) -> Option<Self> {
        let get = |name: &str| params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let number = |name: &str| get(name).map(str::parse::<i64>).transpose().ok();
        let window = match (number("from")?, number("to")?) {
            (Some(from), Some(to)) => Some((from, to)),
            (None, None) => None,
            _ => return None,
        };
        Some(Self {
            user: user.to_owned(),
            limit: get("limit")?.parse().ok()?,
            page: get("page")?.parse().ok()?,
            window,
        })
    }
}

/// A page that fits what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<'a> {
    /// Its rows without the one now playing, newest first.
    pub listing: Listing<'a>,
    /// The smallest second on it.
    pub oldest: Option<i64>,
    /// Rows on it, without the one now playing.
    pub count: u64,
    /// Rows per page, as the service has it.
    pub per_page: u64,
    /// Rows in the whole window, as the service counts.
    pub total: u64,
}

/// Why a page is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The body is not the JSON of a page.
    #[error("the format changed: {0}")]
    Format(#[from] DecodeError),
    /// A row lacks a key that every row has.
    #[error("the format changed: row {row} has no {key}")]
    Key {
        /// The row, from 0.
        row: usize,
        /// The missing key.
        key: &'static str,
    },
    /// The service sent another account's plays.
    #[error("the answer is of another account")]
    OtherUser,
    /// The service sent another page.
    #[error("page {got} came where {asked} was asked")]
    OtherPage {
        /// What was asked.
        asked: u64,
        /// What came.
        got: u64,
    },
    /// The page holds more or fewer rows than it says.
    #[error("{got} rows came where {expected} were announced")]
    Count {
        /// What the totals say.
        expected: u64,
        /// What came.
        got: u64,
    },
    /// The page is of another size than was asked: an answer to another request.
    #[error("a page of {got} rows came where {asked} were asked")]
    OtherSize {
        /// What was asked.
        asked: u64,
        /// What came.
        got: u64,
    },
    /// The number of pages is not that of the rows.
    #[error("{got} pages were announced where the rows fill {expected}")]
    Pages {
        /// What the rows fill.
        expected: u64,
        /// What was announced.
        got: u64,
    },
    /// The service does not say how many rows there are.
    #[error("the format changed: no total")]
    NoTotal,
    /// Rows are not newest first.
    #[error("row {row} is newer than the one before it")]
    Order {
        /// The row, from 0.
        row: usize,
    },
    /// A row lies outside the window.
    #[error("row {row} lies outside the stretch that was asked")]
    Outside {
        /// The row, from 0.
        row: usize,
    },
}

/// Reads a page and checks it against what was asked.
///
/// # Errors
/// [`Refusal`], with the first thing that does not fit.
pub fn read_page<'a>(asked: &Asked, body: &'a [u8]) -> Result<Page<'a>, Refusal> {
    let page = RecentTracks::decode(body)?;
    let total = check_frame(asked, &page)?;
    let (user_total, per_page) = (total, page.per_page);
    let mut listing = Listing::default();
    let mut oldest = None;
    let mut count = 0;
    for (row, track) in page.rows.into_iter().enumerate() {
        if track.now_playing {
            continue;
        }
        let played_at = track.played_at.ok_or(Refusal::Key { row, key: "date" })?;
        if oldest.is_some_and(|previous| played_at > previous) {
            return Err(Refusal::Order { row });
        }
        if asked.window.is_some_and(|(from, to)| played_at < from || played_at > to) {
            return Err(Refusal::Outside { row });
        }
        oldest = Some(played_at);
        count += 1;
        keep_row(&mut listing, row, played_at, track)?;
    }
    let expected = user_total.saturating_sub((asked.page - 1).saturating_mul(per_page)).min(per_page);
    if count != expected {
        return Err(Refusal::Count { expected, got: count });
    }
    Ok(Page { listing, oldest, count, per_page, total: user_total })
}

fn check_frame(asked: &Asked, page: &RecentTracks<'_>) -> Result<u64, Refusal> {
    if page.user.to_lowercase() != asked.user.to_lowercase() {
        return Err(Refusal::OtherUser);
    }
    if page.page != asked.page {
        return Err(Refusal::OtherPage { asked: asked.page, got: page.page });
    }
    if page.per_page == 0 {
        return Err(Refusal::OtherSize { asked: asked.limit, got: 0 });
    }
    if page.per_page != asked.limit && !(SMALLEST_MAXIMUM..asked.limit).contains(&page.per_page) {
        return Err(Refusal::OtherSize { asked: asked.limit, got: page.per_page });
    }
    let total = page.total.ok_or(Refusal::NoTotal)?;
    let expected = total.div_ceil(page.per_page);
    if page.total_pages != expected {
        return Err(Refusal::Pages { expected, got: page.total_pages });
    }
    Ok(total)
}

fn keep_row<'a>(listing: &mut Listing<'a>, row: usize, played_at: i64, track: RecentTrack<'a>) -> Result<(), Refusal> {
    let artist = track.artist.ok_or(Refusal::Key { row, key: "artist" })?;
    let name = track.name.ok_or(Refusal::Key { row, key: "name" })?;
    let row = u32::try_from(row).unwrap_or(u32::MAX);
    let reason = match (artist.is_empty(), name.is_empty()) {
        (true, _) => Some(Reason::NoArtist),
        (_, true) => Some(Reason::NoTrack),
        _ => None,
    };
    if let Some(reason) = reason {
        listing.rejects.push(Reject { row, played_at, reason });
        return Ok(());
    }
    let told = |id: Option<Cow<'a, str>>| id.filter(|id| !id.is_empty());
    listing.plays.push(Play {
        row,
        played_at,
        artist,
        album: told(track.album),
        track: name,
        artist_mbid: told(track.artist_mbid),
        release_mbid: told(track.album_mbid),
        recording_mbid: told(track.mbid),
        sounding: Sounding::default(),
    });
    Ok(())
}

/// Which seconds of the wanted stretch the page shows whole; empty when it shows none whole, because one second fills
/// the page. Never more than was wanted.
///
/// A page that holds all rows of its window closes the whole stretch. A full page closes what lies above its smallest
/// second, which may be cut and is read again as the top of the next window.
#[must_use]
pub fn closed_by(page: &Page<'_>, wanted: Span) -> Span {
    closes(page.total, page.count, page.oldest, wanted)
}

/// The same from the page's numbers alone.
pub(crate) fn closes(total: u64, count: u64, oldest: Option<i64>, wanted: Span) -> Span {
    if total <= count {
        return wanted;
    }
    match oldest {
        Some(oldest) => Span::new((oldest + 1).max(wanted.from), wanted.to),
        None => Span::new(wanted.to, wanted.to),
    }
}
