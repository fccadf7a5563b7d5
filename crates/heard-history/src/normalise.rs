//! From envelope to facts: pure functions, no clock, no network, no store.

pub mod apple_music;
pub mod exports;
pub mod heard;
pub mod koito;
pub mod lastfm;
pub mod lastfm_export;
pub mod layout;
pub mod listenbrainz;
pub mod maloja;
pub mod panoscrobbler;
pub mod recognise_json;
pub mod recognise_text;
pub mod scrobbler_log;
pub mod spotify;
pub mod table;
pub mod youtube;

use crate::archive::{Envelope, Purpose};
use crate::facts::Meaning;
use lastfm::{Asked, Refusal};

/// Why an envelope means nothing.
#[derive(Debug, thiserror::Error)]
pub enum NormaliseError {
    /// The answer is not one that proves anything.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A mark's body is not what `heard` writes.
    #[error("a mark cannot be read: {0}")]
    Mark(#[from] serde_json::Error),
    /// The head lacks what its purpose needs.
    #[error("the head of the envelope lacks what its purpose needs")]
    Head,
}

/// Reads one envelope. The same bytes always give the same meaning.
///
/// # Errors
/// [`NormaliseError`] for envelopes that prove nothing; such are never archived by this version, but an archive may
/// come from another.
pub fn normalise<'a>(envelope: &'a Envelope<'_>) -> Result<Meaning<'a>, NormaliseError> {
    let head = &envelope.head;
    let body = &*envelope.body;
    let asked = || Asked::from_params(&head.account, &head.params).ok_or(NormaliseError::Head);
    match head.purpose {
        Purpose::Walk => {
            let page = lastfm::read_page(&asked()?, body)?;
            let span = lastfm::closed_by(&page, head.wanted.ok_or(NormaliseError::Head)?);
            let total = page.total;
            let mut listing = page.listing;
            listing.keep(&span);
            Ok(Meaning::Closes { span, listing, total })
        }
        Purpose::Dense | Purpose::Tail => Ok(Meaning::Part(lastfm::read_page(&asked()?, body)?.listing)),
        Purpose::Count => {
            let page = lastfm::read_page(&asked()?, body)?;
            Ok(Meaning::Count { span: head.wanted, total: page.total })
        }
        Purpose::Close => Ok(Meaning::Closing(serde_json::from_slice(body)?)),
        Purpose::RunBegan => Ok(Meaning::RunBegan(serde_json::from_slice(body)?)),
        Purpose::RunEnded => Ok(Meaning::RunEnded),
        Purpose::Decision => Ok(Meaning::Decision(serde_json::from_slice(body)?)),
    }
}
