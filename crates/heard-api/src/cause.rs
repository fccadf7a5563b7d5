//! Why a transfer failed, kept without any address.

use std::error::Error as StdError;
use std::fmt;
use std::io;

/// What was being done when the connection failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Finding the host's address.
    Resolve,
    /// Opening the connection.
    Connect,
    /// Checking the server's certificate. Waiting does not mend this.
    Certificate,
    /// Sending the request, or waiting for the head of the answer.
    Exchange,
    /// Reading the body.
    Receive,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "finding the service's address",
            Self::Connect => "connecting to the service",
            Self::Certificate => "checking the service's certificate",
            Self::Exchange => "talking to the service",
            Self::Receive => "reading the answer",
        })
    }
}

/// One link of a chain of causes: the words of a lower layer, and its own cause.
#[derive(Debug)]
pub struct Cause {
    message: String,
    /// Known of a chain's first link only.
    kind: Option<io::ErrorKind>,
    next: Option<Box<Cause>>,
}

/// Longer chains repeat themselves.
const MAX_LINKS: usize = 8;
const MAX_MESSAGE: usize = 200;

impl Cause {
    /// Copies the words of `error` and its causes. The caller has taken addresses out.
    pub(crate) fn of(error: &(dyn StdError + 'static)) -> Self {
        let kind = std::iter::successors(Some(error), |error| deeper(*error))
            .filter_map(|error| error.downcast_ref::<io::Error>())
            .map(io::Error::kind)
            .find(|kind| *kind != io::ErrorKind::Other);
        Self { kind, ..Self::link(error, MAX_LINKS) }
    }

    fn link(error: &(dyn StdError + 'static), left: usize) -> Self {
        let next = error.source().filter(|_| left > 1);
        Self {
            message: readable(&error.to_string(), MAX_MESSAGE),
            kind: None,
            next: next.map(|source| Box::new(Self::link(source, left - 1))),
        }
    }

    /// The operating system's kind of the failure, where one is known.
    #[must_use]
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        self.kind
    }
}

/// The next link of a chain of causes. An I/O error does not name what it wraps as its source.
pub(crate) fn deeper<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn StdError + 'static)).or_else(|| error.source())
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.next.as_deref().map(|next| next as &(dyn StdError + 'static))
    }
}

/// Text of strangers made fit for a terminal: no control characters, no characters that turn the direction
/// of writing, blanks joined, clipped to `limit` characters.
pub(crate) fn readable(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut characters = 0;
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    for word in words.filter(|word| !word.is_empty()) {
        if characters > 0 {
            out.push(' ');
            characters += 1;
        }
        for c in word.chars().filter(|c| !turns_direction(*c)) {
            if characters >= limit {
                out.push('…');
                return out;
            }
            out.push(c);
            characters += 1;
        }
    }
    out
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_text_is_made_readable() {
        assert_eq!(readable("a\u{1b}[31mred\r\n  b\t", 100), "a [31mred b");
        assert_eq!(readable("\u{202E}evil\u{2066}", 100), "evil");
        assert_eq!(readable("abcdef", 3), "abc…");
        assert_eq!(readable("ab cdef", 3), "ab …");
        assert_eq!(readable("日本語", 3), "日本語");
        assert_eq!(readable("\u{7f}\0", 3), "");
    }

    #[test]
    fn a_chain_keeps_its_links_and_its_kind() {
        let inner = io::Error::new(io::ErrorKind::ConnectionReset, "reset");
        let outer = io::Error::other(inner);
        let cause = Cause::of(&outer);
        assert_eq!(cause.to_string(), "reset");
        assert_eq!(cause.io_kind(), Some(io::ErrorKind::ConnectionReset));
        assert_eq!(Cause::of(&io::Error::other("words")).io_kind(), None);
    }
}
