//! In which zone the listener's days are: as the config, the environment or the machine says.

use std::fs;

use heard_history::stats::nearest;
use heard_history::zone::{Zone, ZoneError};
use serde::Deserialize;

use super::variable;
use crate::exit::{Code, Failure};

/// One zone, or those that the listener lived in, one after the other.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Zones {
    One(String),
    Several(Vec<String>),
}

impl Zones {
    pub(super) fn text(self) -> String {
        match self {
            Self::One(text) => text,
            Self::Several(parts) => parts.join(", "),
        }
    }
}

/// The first of the candidates, which stand for the flag, the environment and the config; where there is none, the machine's
/// zone.
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks for the machine's zone")]
pub(super) fn zone(candidates: [Option<String>; 3]) -> Result<Zone, Failure> {
    let said = candidates.into_iter().flatten().next();
    if let Some(name) = said {
        return Zone::named(&name).map_err(|error| not_a_zone(&error));
    }
    // The system's zone is a guess: where it has no name, the calendar is that of UTC.
    let guess = variable("TZ").map(|tz| tz.trim_start_matches(':').to_owned());
    let named = |name: String| Zone::named(&name).ok();
    let from_system = || jiff::tz::TimeZone::system().iana_name().map(str::to_owned);
    let zone = match guess {
        Some(name) => named(name),
        None => linked_zone().and_then(named).or_else(|| from_system().and_then(named)),
    };
    Ok(zone.unwrap_or_else(Zone::utc))
}

/// The zone to whose file the machine's clock is linked; looking there takes no search through all zones.
fn linked_zone() -> Option<String> {
    let link = fs::read_link("/etc/localtime").ok()?;
    Some(link.to_str()?.split_once("/zoneinfo/")?.1.to_owned())
}

fn not_a_zone(error: &ZoneError) -> Failure {
    let failure = Failure::new(Code::Configuration, error.to_string());
    match error {
        ZoneError::Unknown { name } => failure.hint(zones_like(name)),
        ZoneError::Day { .. } | ZoneError::Order { .. } => {
            failure.hint("write where you lived first, then each move: \"Europe/Berlin, 2019-05-01 America/New_York\"")
        }
    }
}

/// The zones whose last word is the same or holds what was typed; where there are none, those that are spelled most
/// like it.
fn zones_like(name: &str) -> String {
    let known: Vec<String> = jiff::tz::db().available().map(|known| known.to_string()).collect();
    let wanted = heard_history::identity::folded(name);
    let last = name.rsplit('/').next().map(heard_history::identity::folded).unwrap_or_default();
    let is_near = |known: &&str| {
        let known = heard_history::identity::folded(known);
        known == wanted || (last.len() > 2 && known.contains(&last))
    };
    let mut near: Vec<&str> = known.iter().map(String::as_str).filter(is_near).take(3).collect();
    if near.is_empty() {
        near = nearest(known.iter().map(String::as_str), name, 3);
    }
    if near.is_empty() {
        "zones are named like Europe/Berlin".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    }
}
