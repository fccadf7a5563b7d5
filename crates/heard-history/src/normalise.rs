//! From envelope to facts: pure functions, no clock, no network, no store.

pub mod apple_music;
pub mod borders;
pub mod exports;
mod fields;
pub mod heard;
mod json_sample;
pub mod koito;
pub mod lastfm;
pub mod lastfm_export;
pub mod layout;
pub mod listenbrainz;
pub mod maloja;
pub mod moments;
pub mod panoscrobbler;
pub mod recognise_json;
pub mod recognise_text;
mod records;
pub mod scrobbler_log;
pub mod spotify;
pub mod table;
pub mod youtube;

use crate::archive::{Envelope, Head, Purpose};
use crate::facts::{LeftOut, Meaning, Reason, Rows, Why};
use lastfm::{Asked, Refusal};
use layout::Layout;

/// Why an envelope means nothing.
#[derive(Debug, thiserror::Error)]
pub enum NormaliseError {
    /// The answer is not one that proves anything.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A mark's body is not what `heard` writes.
    #[error("a mark cannot be read: {0}")]
    Mark(#[from] serde_json::Error),
    /// A piece of an export file does not say how it is to be read, or says it in a way that this version does not know.
    #[error("a piece of an export file cannot be read: {0}")]
    Layout(serde_json::Error),
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
        Purpose::ImportBegan => Ok(Meaning::ImportBegan(serde_json::from_slice(body)?)),
        Purpose::ImportEnded => Ok(Meaning::ImportEnded(serde_json::from_slice(body)?)),
        Purpose::Rows => read_piece(head, body),
        Purpose::Watched => Ok(Meaning::Watched(heard::read(body))),
    }
}

/// Parameters of an envelope that holds a piece of an export file.
pub mod piece {
    /// How the file is read: a [`super::layout::Layout`] as JSON.
    pub const LAYOUT: &str = "layout";
    /// The line of the file on which the piece begins, counted from 1.
    pub const FIRST_LINE: &str = "first_line";
    /// There, with the reason's name, where the piece is one record of which is settled that it cannot be read.
    pub const DAMAGE: &str = "damage";
}

fn read_piece<'a>(head: &Head<'_>, body: &'a [u8]) -> Result<Meaning<'a>, NormaliseError> {
    let get = |name: &str| head.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let layout = get(piece::LAYOUT).ok_or(NormaliseError::Head)?;
    let layout: Layout = serde_json::from_str(layout).map_err(NormaliseError::Layout)?;
    let first_line = get(piece::FIRST_LINE).and_then(|line| line.parse().ok()).ok_or(NormaliseError::Head)?;
    let rows = match get(piece::DAMAGE) {
        Some(reason) => damaged(Reason::parse(reason).ok_or(NormaliseError::Head)?, body),
        None => exports::read_rows(&layout, body),
    };
    Ok(Meaning::Rows { rows, first_line })
}

fn damaged(reason: Reason, body: &[u8]) -> Rows<'static> {
    let shown = &body[..body.len().min(LeftOut::LONGEST)];
    let text = match std::str::from_utf8(shown) {
        Ok(text) => text.to_owned(),
        Err(_) => shown.escape_ascii().to_string(),
    };
    let left_out = vec![LeftOut { row: 0, line: 0, why: Why::Reject(reason), text }];
    Rows { count: 1, left_out, ..Rows::default() }
}
