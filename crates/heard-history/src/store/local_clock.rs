//! The listener's wall clock.

use std::ops::Range;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::zone::Zone;

/// The listener's wall clock: from Unix seconds to local seconds. Remembers the stretch over which the offset stays
/// the same, since plays come in order.
pub(crate) struct LocalClock {
    name: String,
    rules: TimeZone,
    valid: Range<i64>,
    offset: i64,
}

impl LocalClock {
    pub(crate) fn new(zone: &Zone) -> Self {
        Self { name: zone.name().to_owned(), rules: zone.rules().clone(), valid: 0..0, offset: 0 }
    }

    /// The zone's IANA name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Seconds of the wall clock, counted as if they were UTC. Moments beyond the calendar (year 9999) are left as
    /// they are.
    pub(crate) fn local(&mut self, second: i64) -> i64 {
        if !self.valid.contains(&second) {
            let Ok(moment) = Timestamp::from_second(second) else { return second };
            let just_after = moment.checked_add(SignedDuration::from_nanos(1)).unwrap_or(moment);
            self.offset = i64::from(self.rules.to_offset(moment).seconds());
            let start = self.rules.preceding(just_after).next();
            let end = self.rules.following(moment).next();
            self.valid = start.map_or(i64::MIN, |t| t.timestamp().as_second())
                ..end.map_or(i64::MAX, |t| t.timestamp().as_second());
        }
        second + self.offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_is_the_zones_at_every_moment() {
        for name in ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"] {
            let zone = Zone::named(name).unwrap();
            let mut clock = LocalClock::new(&zone);
            let mut second = 915_148_800;
            while second < 2_208_988_800 {
                let offset = zone.rules().to_offset(Timestamp::from_second(second).unwrap()).seconds();
                assert_eq!(clock.local(second), second + i64::from(offset), "{name} at {second}");
                second += 1_799 * 7;
            }
            for second in [i64::MIN, -1, 0, i64::MAX / 2] {
                let _ = clock.local(second);
            }
        }
    }
}
