//! Who asks, and how much.

use std::time::Duration;

use heard_api::{Client, PictureClient};

use super::Call;
use crate::listen::{Account, Service};

/// Whom to ask.
#[derive(Clone, Copy, Debug)]
pub struct Hosts<'a> {
    /// The service.
    pub service: &'a Client,
    /// The way to the pictures that it names; none where no covers are wanted.
    pub pictures: Option<&'a PictureClient>,
}

/// For whom a service is asked.
#[derive(Clone, Debug)]
pub struct Asker {
    /// Whose plays tell what is missing.
    pub listener: String,
    /// Which service is asked.
    pub service: Service,
    /// The accounts there that are asked about.
    pub accounts: Vec<Account>,
    /// Whether artists, albums, tracks and tags are asked about, too.
    pub things: bool,
}

/// What to ask, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Only these calls; all, where none is named.
    pub only: Vec<Call>,
    /// At most so many questions.
    pub limit: Option<u64>,
    /// No further question after so long.
    pub time: Option<Duration>,
    /// Only artists, albums and tracks with so many plays.
    pub min_plays: u64,
    /// After so many days, what is known is asked again.
    pub known_days: u32,
    /// After so many days, what the service did not know is asked again.
    pub unknown_days: u32,
    /// After so many days, an account's own lists are asked again.
    pub account_days: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            limit: None,
            time: None,
            min_plays: 1,
            known_days: 180,
            unknown_days: 60,
            account_days: 7,
        }
    }
}

impl Options {
    /// Whether a call is wanted.
    #[must_use]
    pub fn wants(&self, call: Call) -> bool {
        self.only.is_empty() || self.only.contains(&call)
    }
}
