//! What is sent, and what the service would refuse.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::listen::{Listen, TrackMetadata};

/// The kinds of submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListenType {
    /// One listen, just over.
    Single,
    /// What plays now.
    PlayingNow,
    /// Listens of any age.
    Import,
}

/// The body of `submit-listens`, which the service takes whole or not at all. Only what it would take can be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    listen_type: ListenType,
    payload: Vec<Listen>,
}

/// Why the service would refuse a submission with HTTP 400. What it demands stands in its source (2026); each demand has
/// a recorded request under `submit-listens.request`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unacceptable {
    /// No listen, or too many.
    #[error("{count} listens, where this kind of submission takes 1 to {most}")]
    Count {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// A listen without its moment, or what plays now with one.
    #[error("a listen needs its moment, and what plays now must have none")]
    Moment,
    /// A moment before October 2002.
    #[error("a moment before 2002-10-01")]
    TooOld,
    /// No artist or no track.
    #[error("the names of artist and track must not be blank")]
    Blank,
    /// A NUL character.
    #[error("a NUL character")]
    Nul,
    /// A length in two units, of nothing, or of more than 24 days.
    #[error("a length must be given once, above 0 and at most 24 days")]
    Duration,
    /// More than 50 tags, or one of more than 64 characters.
    #[error("at most 50 tags of at most 64 characters")]
    Tags,
    /// An id that is no UUID.
    #[error("a MusicBrainz id that is no UUID")]
    Mbid,
    /// A listen of more than 10240 bytes.
    #[error("a listen of {bytes} bytes, more than 10240")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

const EARLIEST: i64 = 1_033_430_400;
const MOST_BYTES: usize = 10_240;
const MOST_TAGS: usize = 50;
const LONGEST_TAG: usize = 64;
const LONGEST_MS: f64 = 24.0 * 86_400_000.0;

impl Submission {
    /// The most listens in one import.
    pub const MAX: usize = 1000;

    /// One listen, just over.
    ///
    /// # Errors
    /// [`Unacceptable`]
    pub fn single(listen: Listen) -> Result<Self, Unacceptable> {
        Self::checked(ListenType::Single, vec![listen])
    }

    /// What plays now; its moment, if any, is left out.
    ///
    /// # Errors
    /// [`Unacceptable`]
    pub fn playing_now(listen: Listen) -> Result<Self, Unacceptable> {
        Self::checked(ListenType::PlayingNow, vec![Listen { listened_at: None, ..listen }])
    }

    /// Listens of any age, at most [`MAX`](Self::MAX).
    ///
    /// # Errors
    /// [`Unacceptable`], for the first listen that the service would not take.
    pub fn import(listens: Vec<Listen>) -> Result<Self, Unacceptable> {
        Self::checked(ListenType::Import, listens)
    }

    fn checked(listen_type: ListenType, payload: Vec<Listen>) -> Result<Self, Unacceptable> {
        let submission = Self { listen_type, payload };
        submission.check()?;
        Ok(submission)
    }

    /// The kind.
    #[must_use]
    pub fn listen_type(&self) -> ListenType {
        self.listen_type
    }

    /// The listens.
    #[must_use]
    pub fn listens(&self) -> &[Listen] {
        &self.payload
    }

    /// Whether the service would take it; to be asked of submissions that were read.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(&self) -> Result<(), Unacceptable> {
        let most = if self.listen_type == ListenType::Import { Self::MAX } else { 1 };
        let count = self.payload.len();
        if count == 0 || count > most {
            return Err(Unacceptable::Count { count, most });
        }
        self.payload.iter().try_for_each(|listen| check_listen(self.listen_type, listen))
    }
}

fn check_listen(kind: ListenType, listen: &Listen) -> Result<(), Unacceptable> {
    if listen.listened_at.is_some() == (kind == ListenType::PlayingNow) {
        return Err(Unacceptable::Moment);
    }
    if listen.listened_at.is_some_and(|at| at < EARLIEST) {
        return Err(Unacceptable::TooOld);
    }
    let written = serde_json::to_vec(listen).unwrap_or_default();
    if written.len() > MOST_BYTES {
        return Err(Unacceptable::TooLarge { bytes: written.len() });
    }
    // JSON has no other way to write this character.
    if memchr::memmem::find(&written, b"\\u0000").is_some() {
        return Err(Unacceptable::Nul);
    }
    check_metadata(&listen.track_metadata)
}

fn check_metadata(metadata: &TrackMetadata) -> Result<(), Unacceptable> {
    if metadata.artist_name.trim().is_empty() || metadata.track_name.trim().is_empty() {
        return Err(Unacceptable::Blank);
    }
    let info = |name| metadata.additional_info.get(name);
    let factor = match (info("duration"), info("duration_ms")) {
        (Some(_), Some(_)) => return Err(Unacceptable::Duration),
        (Some(seconds), None) => Some((seconds, 1000)),
        (None, milliseconds) => milliseconds.map(|milliseconds| (milliseconds, 1)),
    };
    if factor.is_some_and(|(length, unit)| !is_length(length, unit)) {
        return Err(Unacceptable::Duration);
    }
    if info("tags").and_then(Value::as_array).is_some_and(|tags| !are_tags(tags)) {
        return Err(Unacceptable::Tags);
    }
    let single = ["recording_mbid", "release_mbid", "release_group_mbid", "track_mbid"].into_iter().filter_map(info);
    let many = ["artist_mbids", "work_mbids"].into_iter().filter_map(info).filter_map(Value::as_array).flatten();
    if single.chain(many).all(is_mbid) { Ok(()) } else { Err(Unacceptable::Mbid) }
}

/// Whether this is a length in units of so many milliseconds. The service cuts fractions off
/// (`submit-listens.request/lb_valid_duration.json`) and reads numbers in texts.
fn is_length(length: &Value, unit: u32) -> bool {
    let number = length.as_f64().or_else(|| length.as_str()?.trim().parse().ok());
    number.is_some_and(|number| number >= 1.0 && number.trunc() * f64::from(unit) <= LONGEST_MS)
}

fn are_tags(tags: &[Value]) -> bool {
    let fits = |tag: &Value| tag.as_str().is_some_and(|tag| tag.chars().count() <= LONGEST_TAG);
    tags.len() <= MOST_TAGS && tags.iter().all(fits)
}

/// Whether this is a UUID in its usual form; the service drops empty ones.
fn is_mbid(id: &Value) -> bool {
    let is_uuid = |id: &str| {
        let dashes = [8, 13, 18, 23];
        let fits = |(place, c): (usize, char)| if dashes.contains(&place) { c == '-' } else { c.is_ascii_hexdigit() };
        id.len() == 36 && id.chars().enumerate().all(fits)
    };
    id.is_null() || id.as_str().is_some_and(|id| id.trim().is_empty() || is_uuid(id))
}
