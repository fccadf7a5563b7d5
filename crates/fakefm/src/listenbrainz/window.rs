//! The windows of time in which a client may send so many requests, and the headers that tell of them.

use std::collections::HashMap;

use crate::{request::Request, writing::RequestWindow};

/// What the service says to who sent too many.
pub(crate) const TOO_MANY: &str = "You have exceeded your rate limit.";

/// How a client stands with its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    limit: u32,
    remaining: u32,
    /// Seconds until the next window.
    reset_in: i64,
    /// The second in which that begins.
    reset: i64,
}

impl Standing {
    pub(crate) fn headers(&self) -> [(&'static str, String); 4] {
        [
            ("X-RateLimit-Limit", self.limit.to_string()),
            ("X-RateLimit-Remaining", self.remaining.to_string()),
            ("X-RateLimit-Reset-In", self.reset_in.to_string()),
            ("X-RateLimit-Reset", self.reset.to_string()),
        ]
    }
}

/// The windows of all clients: with a token by that, without one together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Windows {
    /// The number of the present window, and how many requests came in it.
    used: HashMap<String, (i64, u32)>,
}

impl Windows {
    /// Counts a request at second `now`; false when it is one too many.
    pub(crate) fn admit(&mut self, request: &Request, window: RequestWindow, now: i64) -> bool {
        let number = number(window, now);
        let used = self.used.entry(client(request).to_owned()).or_insert((number, 0));
        if used.0 != number {
            *used = (number, 0);
        }
        used.1 = used.1.saturating_add(1);
        used.1 <= window.requests
    }

    /// How the client stands after a request that was answered with `status`; after a 429 nothing remains.
    pub(crate) fn standing(&self, request: &Request, window: RequestWindow, now: i64, status: u16) -> Standing {
        let number = number(window, now);
        let used = self.used.get(client(request)).filter(|(of, _)| *of == number).map_or(0, |(_, used)| *used);
        let remaining = if status == 429 { 0 } else { window.requests.saturating_sub(used) };
        let reset = number.saturating_add(1).saturating_mul(length(window));
        Standing { limit: window.requests, remaining, reset_in: reset.saturating_sub(now), reset }
    }
}

fn client(request: &Request) -> &str {
    request.authorization.as_deref().unwrap_or_default()
}

fn length(window: RequestWindow) -> i64 {
    i64::from(window.seconds.max(1))
}

fn number(window: RequestWindow, now: i64) -> i64 {
    now.div_euclid(length(window))
}
