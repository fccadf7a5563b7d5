//! A string that cannot be shown, logged or serialised by accident.

use std::fmt;

use zeroize::Zeroizing;

/// An api key, shared secret, session key or token.
///
/// `Debug` prints a constant, there is no `Display` and no serialiser, and the memory is overwritten when
/// the value is dropped. The only way to the text is [`reveal`](Self::reveal), which is easy to search for.
///
/// ```
/// let key = heard_api::Secret::new("0123456789abcdef");
/// assert_eq!(format!("{key:?}"), "Secret(hidden)");
/// assert_eq!(key.reveal(), "0123456789abcdef");
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for the wire and for nothing else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}
