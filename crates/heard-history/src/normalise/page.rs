//! What one page of an account's list proves, whichever service gave it.
//!
//! A page is believed only when everything about it fits what was asked; anything else is refused, and asked again.
//! The same check runs before an answer is archived and when the archive is read, so a claim never depends on who
//! made it.

use heard_api::DecodeError;

use super::{gnufm, lastfm, listenbrainz_pages};
use crate::archive::Head;
use crate::facts::Listing;
use crate::listen::{Service, Span};

/// What was asked of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The account's name.
    pub user: String,
    /// Rows per page.
    pub limit: u64,
    /// Page number, from 1; of ListenBrainz, which numbers no pages, always the first.
    pub page: u64,
    /// The widened window; `None` for the whole list with its undated rows, of which ListenBrainz only tells the count.
    pub window: Option<(i64, i64)>,
}

impl Asked {
    /// What a request for the first page of a stretch of time asks: one second more on both sides, since not every
    /// service says whether its bounds are inclusive, and both bounds always, since one alone is ignored by some calls
    /// of Last.fm, and turns the list of ListenBrainz round.
    #[must_use]
    pub fn stretch(service: Service, user: &str, wanted: Span, limit: u64) -> Self {
        let lowest = match service {
            // Its bounds are exclusive, so this one shows second 1.
            Service::Listenbrainz => 0,
            _ => 1,
        };
        Self { user: user.to_owned(), limit, page: 1, window: Some(((wanted.from - 1).max(lowest), wanted.to)) }
    }

    /// What the request of an archived answer asked; `None` when it was not a request for a page.
    #[must_use]
    pub fn of(head: &Head<'_>) -> Option<Self> {
        match head.source {
            Service::Listenbrainz => listenbrainz_pages::asked(head),
            _ => lastfm::asked(&head.account, &head.params),
        }
    }
}

/// A number among parameters; `None` where it is not there or is none.
pub(super) fn number<N: std::str::FromStr>(params: &[(String, String)], name: &str) -> Option<N> {
    params.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok())
}

/// A page that fits what was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page<'a> {
    /// Its rows without the one now playing, newest first.
    pub listing: Listing<'a>,
    /// The smallest second on it.
    pub oldest: Option<i64>,
    /// Rows on it, without the one now playing.
    pub count: u64,
    /// Rows per page, as the service has it.
    pub per_page: u64,
    /// Rows in the whole window: as the service counts, or as a page shows that has room for more; `None` where a page
    /// may be cut and the service does not count.
    pub total: Option<u64>,
}

/// Why a page is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The body is not the JSON of a page.
    #[error("the format changed: {0}")]
    Format(#[from] DecodeError),
    /// The body is not the JSON of a page of ListenBrainz.
    #[error("the format changed: {0}")]
    Json(#[from] serde_json::Error),
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

/// Reads a page of a service and checks it against what was asked.
///
/// # Errors
/// [`Refusal`], with the first thing that does not fit.
pub fn read_page<'a>(service: Service, asked: &Asked, body: &'a [u8]) -> Result<Page<'a>, Refusal> {
    match service {
        Service::Librefm => gnufm::read_page(asked, body),
        Service::Listenbrainz => listenbrainz_pages::read_page(asked, body),
        _ => lastfm::read_page(asked, body),
    }
}

/// Whether a service counts the rows of any window. The others count an account as a whole, and have no undated rows:
/// GNU FM and ListenBrainz take no listen without a moment.
#[must_use]
pub fn counts_windows(service: Service) -> bool {
    !matches!(service, Service::Librefm | Service::Listenbrainz)
}

/// Whether a row may stand there: not above the one before it, and within what was asked.
pub(super) fn check_place(asked: &Asked, row: usize, played_at: i64, before: Option<i64>) -> Result<(), Refusal> {
    if before.is_some_and(|before| played_at > before) {
        return Err(Refusal::Order { row });
    }
    if asked.window.is_some_and(|(from, to)| played_at < from || played_at > to) {
        return Err(Refusal::Outside { row });
    }
    Ok(())
}

/// Whether a page is of the account that was asked for: the services do not care about case.
pub(super) fn check_user(asked: &Asked, told: &str) -> Result<(), Refusal> {
    if told.to_lowercase() == asked.user.to_lowercase() { Ok(()) } else { Err(Refusal::OtherUser) }
}

/// Which seconds of the wanted stretch the page shows whole; empty when it shows none whole, because one second fills
/// the page. Never more than was wanted.
///
/// A page that holds all rows of its window closes the whole stretch. Any other closes what lies above its smallest
/// second, which may be cut and is read again as the top of the next window.
#[must_use]
pub fn closed_by(page: &Page<'_>, wanted: Span) -> Span {
    closes(page.total, page.count, page.oldest, wanted)
}

/// The same from the page's numbers alone.
pub(crate) fn closes(total: Option<u64>, count: u64, oldest: Option<i64>, wanted: Span) -> Span {
    if total.is_some_and(|total| total <= count) {
        return wanted;
    }
    match oldest {
        Some(oldest) => Span::new((oldest + 1).max(wanted.from), wanted.to),
        None => Span::new(wanted.to, wanted.to),
    }
}
