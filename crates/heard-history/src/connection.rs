//! A service that is asked or told, in either language.

use heard_api::{Client, Clock, Pacer, listenbrainz};

/// A connection to a service. Clones are cheap and share connections and turns.
#[derive(Clone, Debug)]
pub enum Connection {
    /// Last.fm, Libre.fm, and whoever speaks like them.
    Lastfm(Client),
    /// ListenBrainz, and whoever speaks like it.
    Listenbrainz(listenbrainz::Client),
}

impl Connection {
    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        match self {
            Self::Lastfm(client) => client.clock(),
            Self::Listenbrainz(client) => client.clock(),
        }
    }

    /// The turns towards the host.
    #[must_use]
    pub fn pacer(&self) -> &Pacer {
        match self {
            Self::Lastfm(client) => client.pacer(),
            Self::Listenbrainz(client) => client.pacer(),
        }
    }
}
