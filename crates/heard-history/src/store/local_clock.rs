//! The listener's wall clock.

use std::ops::Range;

use crate::zone::Zone;

/// The listener's wall clock: from Unix seconds to local seconds. Remembers the stretch over which the offset stays
/// the same, since plays come in order.
pub(crate) struct LocalClock {
    zone: Zone,
    valid: Range<i64>,
    offset: i64,
}

impl LocalClock {
    pub(crate) fn new(zone: &Zone) -> Self {
        Self { zone: zone.clone(), valid: 0..0, offset: 0 }
    }

    /// The zone's name.
    pub(crate) fn name(&self) -> &str {
        self.zone.name()
    }

    /// Seconds of the wall clock, counted as if they were UTC. Moments beyond the calendar (year 9999) are left as
    /// they are.
    pub(crate) fn local(&mut self, second: i64) -> i64 {
        if !self.valid.contains(&second) {
            (self.valid, self.offset) = self.zone.offset(second);
        }
        second.saturating_add(self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_is_the_zones_at_every_moment() {
        let moved = "Asia/Kathmandu, 2001-02-03 America/St_Johns, 2022-03-27 Europe/Berlin";
        for name in ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", moved] {
            let zone = Zone::named(name).unwrap();
            let mut clock = LocalClock::new(&zone);
            let mut second = 915_148_800;
            while second < 2_208_988_800 {
                assert_eq!(clock.local(second), zone.local(second), "{name} at {second}");
                second += 1_799 * 7;
            }
            for second in [i64::MIN, -1, 0, i64::MAX / 2] {
                let _ = clock.local(second);
            }
        }
    }
}
