//! From envelope to facts: pure functions, no clock, no network, no store.

pub mod apple_music;
pub mod borders;
pub mod cover;
pub mod exports;
mod fields;
mod gnufm;
pub mod heard;
mod json_sample;
pub mod koito;
mod lastfm;
pub mod lastfm_export;
pub mod layout;
pub mod listenbrainz;
pub(crate) mod listenbrainz_pages;
pub mod maloja;
pub mod moments;
pub mod page;
pub mod panoscrobbler;
pub mod recognise_json;
pub mod recognise_text;
mod records;
pub mod scrobbler_log;
pub mod spotify;
pub mod table;
pub mod things;
pub mod youtube;

use crate::archive::{Envelope, Head, Purpose};
use crate::facts::{LeftOut, Meaning, Reason, Rows, Why};
use layout::Layout;
use page::{Asked, Page, Refusal, closed_by};

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
    /// It does not answer the question about a thing that the head tells.
    #[error(transparent)]
    Thing(#[from] things::Refusal),
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
    let page = || -> Result<Page<'a>, NormaliseError> {
        let asked = Asked::of(head).ok_or(NormaliseError::Head)?;
        Ok(page::read_page(head.source, &asked, body)?)
    };
    match head.purpose {
        Purpose::Walk => {
            let page = page()?;
            let span = closed_by(&page, head.wanted.ok_or(NormaliseError::Head)?);
            let total = page.total.unwrap_or(page.count);
            let mut listing = page.listing;
            listing.keep(&span);
            Ok(Meaning::Closes { span, listing, total })
        }
        Purpose::Dense | Purpose::Tail => {
            let mut listing = page()?.listing;
            let Some(span) = head.wanted else { return Ok(Meaning::Part(listing)) };
            listing.keep(&span);
            Ok(Meaning::Shows { span, listing })
        }
        Purpose::Count => {
            let total = page()?.total.ok_or(Refusal::NoTotal)?;
            Ok(Meaning::Count { span: head.wanted, total })
        }
        Purpose::Close => Ok(Meaning::Closing(serde_json::from_slice(body)?)),
        Purpose::RunBegan => Ok(Meaning::RunBegan(serde_json::from_slice(body)?)),
        Purpose::RunEnded => Ok(Meaning::RunEnded),
        Purpose::Decision => Ok(Meaning::Decision(serde_json::from_slice(body)?)),
        Purpose::ImportBegan => Ok(Meaning::ImportBegan(serde_json::from_slice(body)?)),
        Purpose::ImportEnded => Ok(Meaning::ImportEnded(serde_json::from_slice(body)?)),
        Purpose::Rows => read_piece(head, body),
        Purpose::Enrich => {
            let question = things::Question { method: &head.method, params: &head.params };
            Ok(Meaning::Answer(Box::new(things::read(&question, head.status, body)?)))
        }
        Purpose::Cover => Ok(Meaning::Cover(cover::read(head, body)?)),
        Purpose::Asked => Ok(Meaning::Asked),
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
    let damage = get(piece::DAMAGE).map(|reason| Reason::parse(reason).ok_or(NormaliseError::Head)).transpose()?;
    Ok(Meaning::Rows { rows: rows_of(&layout, damage, body), first_line })
}

/// The rows of a piece; of one that is damaged, the one row that tells so.
#[must_use]
pub fn rows_of<'a>(layout: &Layout, damage: Option<Reason>, body: &'a [u8]) -> Rows<'a> {
    damage.map_or_else(|| exports::read_rows(layout, body), |reason| damaged(reason, body))
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
