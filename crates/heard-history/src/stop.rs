//! Stopping what takes long: collecting, delivering.

use std::sync::atomic::{AtomicBool, Ordering};

/// A wish to stop, from another thread or a signal.
#[derive(Debug, Default)]
pub struct StopSign {
    raised: AtomicBool,
    noticed: tokio::sync::Notify,
}

impl StopSign {
    /// Asks to stop: no further request is sent, and what has arrived is kept.
    pub fn raise(&self) {
        self.raised.store(true, Ordering::SeqCst);
        self.noticed.notify_waiters();
    }

    /// Whether someone asked to stop.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }

    /// Returns when someone asks to stop.
    pub(crate) async fn raised(&self) {
        let noticed = self.noticed.notified();
        tokio::pin!(noticed);
        noticed.as_mut().enable();
        if !self.is_raised() {
            noticed.await;
        }
    }
}
