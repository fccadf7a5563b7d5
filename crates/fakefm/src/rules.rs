//! The manners of the service that a client must not rely on, each to be set either way.

use crate::writing::{RequestWindow, Writing};

/// What the service does with a `limit` above its maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverLimit {
    /// Error 6, `limit param out of bounds (1-1000)` (fixture `_errors/quoted_06_limit_bounds.json`).
    Refuse,
    /// A page of the maximum size, which `perPage` admits.
    Clamp,
}

/// What the service does with a page beyond the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeyondEnd {
    /// An empty list with the same totals.
    Empty,
    /// Error 6, `no such page` (fixture `_errors/quoted_06_no_such_page.json`).
    Refuse,
}

/// How a list of one row is written in JSON. Both are on record: fixtures `user.getRecentTracks/inflatable_Single.json`
/// (object) and `docs_a_user_currently_not_scrobbling.json` (list).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SingleRow {
    /// As a list of one.
    List,
    /// As the bare row.
    Object,
    /// Now so, now so, as the seed has it for each request.
    BySeed(u64),
}

/// How a list without rows is written in JSON. Both are on record: fixtures `artist.getTopTags/inflatable_Empty.json`
/// (blank text, with the words about the list beside it) and `tag.getTopArtists/docs_a_tag_that_doesn_t_exist.json` (list).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyList {
    /// As an empty list.
    List,
    /// As blank text.
    Blank,
}

/// Which API keys are good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// Every key that is not empty.
    Any,
    /// These and no others: the rest are error 10.
    Only(Vec<String>),
}

/// How many requests Last.fm bears, by the world's clock; what is too much is answered with error 29 and noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// At most so many requests in any one second.
    pub in_one_second: usize,
    /// At most so many requests in any 300 seconds.
    pub in_five_minutes: usize,
}

impl Patience {
    /// Not over 5 requests in any second, and 4 a second over five minutes.
    pub const PUBLISHED: Self = Self { in_one_second: 5, in_five_minutes: 1200 };
}

/// How the service behaves while nothing is wrong.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The greatest `limit` of `user.getRecentTracks`: 200 as documented, 1000 as used.
    pub page_max: u32,
    /// What becomes of a greater one.
    pub over_limit: OverLimit,
    /// What becomes of a page after the last.
    pub beyond_end: BeyondEnd,
    /// Whether `from` itself belongs to the window.
    pub from_inclusive: bool,
    /// Whether `to` itself belongs to the window.
    pub to_inclusive: bool,
    /// How one row is written.
    pub single_row: SingleRow,
    /// How no row at all is written, in lists that come whole.
    pub empty_list: EmptyList,
    /// The greatest page of the other lists that come in pages; a greater `limit` gives pages of this size, which
    /// `perPage` admits.
    pub list_max: usize,
    /// Whether weekly charts leave out of which stretch of time they are.
    pub nameless_weeks: bool,
    /// Whether the weights of tags and other counts are texts, as before 2015 (fixture
    /// `artist.getTopTags/inflatable_Multiple.json`), and not numbers.
    pub counts_as_text: bool,
    /// The good keys.
    pub keys: Keys,
    /// Keys that are answered with error 26.
    pub suspended_keys: Vec<String>,
    /// Whether a request without a User-Agent of the form `name/version` is refused (HTTP 403) and noted.
    pub wants_user_agent: bool,
    /// How many requests are borne; `None` for any number.
    pub patience: Option<Patience>,
    /// The manners towards writers.
    pub writing: Writing,
    /// How many requests ListenBrainz answers.
    pub window: RequestWindow,
    /// Whether lists and refusals are those of GNU FM, in JSON: no total, pages counted over everything, error 7 for an
    /// empty list, HTTP 200 for every refusal.
    pub gnu_fm: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            page_max: 1000,
            over_limit: OverLimit::Refuse,
            beyond_end: BeyondEnd::Empty,
            from_inclusive: true,
            to_inclusive: true,
            single_row: SingleRow::List,
            empty_list: EmptyList::List,
            list_max: 1_000,
            nameless_weeks: false,
            counts_as_text: false,
            keys: Keys::Any,
            suspended_keys: Vec::new(),
            wants_user_agent: false,
            patience: None,
            writing: Writing::default(),
            window: RequestWindow::default(),
            gnu_fm: false,
        }
    }
}
