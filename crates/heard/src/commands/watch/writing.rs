//! Writing down what was seen before anything else is done with it.

use std::sync::{Arc, Mutex, PoisonError};

use heard_api::Clock;
use heard_history::outbox::Target;
use heard_history::playback::Event;
use heard_history::watch::{Happened, Spool, Spooled};

use crate::commands::sending::Destination;
use crate::config::Config;
use crate::print::warn;

/// Writes into the spool.
pub(super) struct Writing {
    spool: Arc<Mutex<Spool>>,
    listener: String,
    targets: Vec<Target>,
    clock: Clock,
}

impl Writing {
    pub(super) fn new(config: &Config, destinations: &[Destination], spool: Arc<Mutex<Spool>>) -> Self {
        let targets = destinations.iter().map(|to| to.target.clone()).collect();
        Self { spool, listener: config.listener.clone(), targets, clock: Clock::system() }
    }

    /// Writes it down, where there is anything to keep of it. Where the disk does not take it, it is kept all the same as
    /// long as nobody kills the watch, and that is said.
    pub(super) fn down(&self, happened: &Happened) -> bool {
        let Some(seen) = happened.seen() else { return false };
        let targets = if matches!(happened.event, Event::Counts(_)) { self.targets.clone() } else { Vec::new() };
        let spooled = Spooled { seen_at: self.clock.now(), listener: self.listener.clone(), seen, targets };
        let written = self.spool.lock().unwrap_or_else(PoisonError::into_inner).add(&spooled);
        if let Err(error) = &written {
            warn(&format!("what is played cannot be written down at once, only later: {error}"));
        }
        written.is_ok()
    }
}
