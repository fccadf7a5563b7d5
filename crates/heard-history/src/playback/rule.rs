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

/// Less than this is no play of a track whose length nobody tells.
const LEAST: Duration = Duration::from_secs(30);

/// Whether a play that is over counts, by the track's length and by how long it sounded, both in milliseconds. What is
/// not told is no reason to doubt it; of a track whose length is not told, 30 seconds are enough: who wrote the file
/// down knew more than the file tells.
#[must_use]
pub fn counts(length_ms: Option<u64>, ms_played: Option<u64>) -> bool {
    let played = ms_played.map(Duration::from_millis);
    let least = match length_ms {
        None | Some(0) => Some(LEAST),
        length => needed(length),
    };
    least.is_some_and(|least| played.is_none_or(|played| played >= least))
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

    #[test]
    fn a_play_that_is_over_counts_by_what_is_told() {
        for (length_ms, ms_played, does) in [
            (None, None, true),
            (None, Some(30_000), true),
            (None, Some(29_999), false),
            (Some(0), Some(0), false),
            (Some(0), None, true),
            (Some(30_000), None, false),
            (Some(30_001), None, true),
            (Some(200_000), Some(100_000), true),
            (Some(200_000), Some(99_999), false),
            (Some(3_600_000), Some(240_000), true),
            (Some(40_000), Some(20_000), true),
        ] {
            assert_eq!(counts(length_ms, ms_played), does, "{length_ms:?} {ms_played:?}");
        }
    }
}
