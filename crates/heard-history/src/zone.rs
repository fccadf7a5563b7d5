//! Where the listener's days begin.

use jiff::tz::TimeZone;

/// A name that is no time zone's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time zone {name:?} is not known")]
pub struct UnknownZone {
    /// The name.
    pub name: String,
}

/// A named time zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// The zone of that IANA name.
    ///
    /// # Errors
    /// [`UnknownZone`] when this machine does not know it.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        // Looking for a zone searches the system's folder of zones; the commonest one needs none.
        if matches!(name, "UTC" | "Etc/UTC") {
            return Ok(Self { name: name.to_owned(), rules: TimeZone::UTC });
        }
        let rules = TimeZone::get(name).map_err(|_| UnknownZone { name: name.to_owned() })?;
        Ok(Self { name: name.to_owned(), rules })
    }

    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The zone's rules.
    #[must_use]
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }
}
