//! What a file is, by what stands in it.

use crate::normalise::layout::{Format, Hints, Layout};
use crate::normalise::{recognise_json, recognise_text};

/// So much of a file's beginning is enough to recognise it.
pub const HEAD: usize = 64 << 10;

/// Why a file is not taken in. Each reads on from the file's name: "`notes.txt` holds …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognised {
    /// There is nothing in it.
    #[error("is empty")]
    Empty,
    /// It is no text.
    #[error("is not text: no export of a listening history begins like this")]
    NotText,
    /// It is text, and no history that `heard` knows.
    #[error("holds no listening history that heard knows")]
    NoHistory,
    /// It is something that is known, and cannot be taken in. The reason is a clause of its own.
    #[error("cannot be taken in: {0}")]
    Known(String),
    /// The listener said what it is, and it is neither that nor anything else that is known.
    #[error("does not look like {}, nor like any other listening history that heard knows", .0.name())]
    Not(Format),
    /// The listener said that it is something else.
    #[error("does not look like {}: it is {}; leave out --as", wanted.name(), found.name())]
    Contradicted {
        /// What the listener said.
        wanted: Format,
        /// What it is.
        found: Format,
    },
}

/// Tells how a file is to be read.
///
/// `head` is its beginning in UTF-8 without a byte order mark (see [`decoded`](super::inputs::decoded)): [`HEAD`] bytes, or
/// all there is. `name` only breaks ties and may tell the account.
///
/// # Errors
/// [`Unrecognised`], as a sentence for the listener.
pub fn recognise(name: &str, head: &[u8], hints: &Hints) -> Result<Layout, Unrecognised> {
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(Unrecognised::Empty);
    }
    if is_binary(head) {
        return Err(Unrecognised::NotText);
    }
    let layout = recognise_json::recognise(name, head, hints)
        .or_else(|| recognise_text::recognise(name, head, hints))
        .ok_or(hints.format.map_or(Unrecognised::NoHistory, Unrecognised::Not))?
        .map_err(Unrecognised::Known)?;
    match hints.format {
        Some(wanted) if wanted != layout.format => Err(Unrecognised::Contradicted { wanted, found: layout.format }),
        _ => Ok(layout),
    }
}

/// Whether so many bytes are none of a text that it is none: a damaged or foreign character here and there is not enough.
fn is_binary(head: &[u8]) -> bool {
    let is_odd = |byte: &&u8| matches!(byte, 0..=8 | 14..=31 | 127);
    let odd = head.iter().filter(is_odd).count();
    odd.saturating_mul(10) > head.len()
}
