//! When a play counts: the rule of <https://www.last.fm/api/scrobbling>, which every service follows.

use std::time::Duration;

/// Shorter tracks never count, and those of exactly this length neither.
const SHORTEST: Duration = Duration::from_secs(30);
/// So much is enough of any track, and needed of one whose length nobody knows.
const ENOUGH: Duration = Duration::from_secs(4 * 60);

/// How long a track of this length (in milliseconds) must have sounded to count: half of it, or four minutes, whichever
/// is less; four minutes where the length is unknown or told as 0. `None` for tracks of 30 seconds and less.
#[must_use]
pub fn needed(length_ms: Option<u64>) -> Option<Duration> {
    match length_ms.map(Duration::from_millis) {
        None | Some(Duration::ZERO) => Some(ENOUGH),
        Some(length) if length <= SHORTEST => None,
        Some(length) => Some((length / 2).min(ENOUGH)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_or_four_minutes() {
        for (length_ms, needed_ms) in [
            (None, Some(240_000)),
            (Some(0), Some(240_000)),
            (Some(1), None),
            (Some(30_000), None),
            (Some(30_001), Some(15_000)),
            (Some(200_000), Some(100_000)),
            (Some(479_998), Some(239_999)),
            (Some(480_000), Some(240_000)),
            (Some(3_600_000), Some(240_000)),
            (Some(u64::MAX), Some(240_000)),
        ] {
            let whole = |needed: Duration| needed.as_millis();
            assert_eq!(needed(length_ms).map(whole), needed_ms, "{length_ms:?}");
        }
    }
}
