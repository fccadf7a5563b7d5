//! Plays that a file tells of, and that no service should be told of.

use super::counts;
use crate::identity::is_placeholder;
use crate::listen::{FIRST_PLAUSIBLE, Played, UNDATED};

/// Why a play is not sent, whoever it might be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unfit {
    /// An artist or a track is named by what programs write where they know no name.
    NoName,
    /// Nobody knows when it was.
    Undated,
    /// Its moment lies before 2002, when no scrobbling existed.
    TooEarly,
    /// Its moment is yet to come.
    Future,
    /// It was not meant to be shown to others.
    Incognito,
    /// The listener went on to something else.
    Skipped,
    /// The track is too short to count, or too little of it sounded.
    TooShort,
}

impl Unfit {
    /// Its name, as it stands in `--json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoName => "no_name",
            Self::Undated => "undated",
            Self::TooEarly => "too_early",
            Self::Future => "future",
            Self::Incognito => "incognito",
            Self::Skipped => "skipped",
            Self::TooShort => "too_short",
        }
    }

    /// The same in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoName => "a name that says there is none",
            Self::Undated => "no moment",
            Self::TooEarly => "before 2002, when no scrobbling existed",
            Self::Future => "in the future",
            Self::Incognito => "of a private session",
            Self::Skipped => "skipped",
            Self::TooShort => "too short, or too little of it was played",
        }
    }
}

/// Why a play is not sent at all, where it is not. `now` in Unix seconds.
#[must_use]
pub fn unfit(play: &Played, now: i64) -> Option<Unfit> {
    let Played { listen, ms_played, is_skipped, is_incognito } = play;
    let (track, played_at) = (&listen.track, listen.played_at);
    let checks = [
        (says_nothing(&track.artist) || says_nothing(&track.title), Unfit::NoName),
        (played_at == UNDATED, Unfit::Undated),
        (played_at < FIRST_PLAUSIBLE, Unfit::TooEarly),
        (played_at > now, Unfit::Future),
        (*is_incognito, Unfit::Incognito),
        (*is_skipped, Unfit::Skipped),
        (!counts(track.length_ms, *ms_played), Unfit::TooShort),
    ];
    checks.into_iter().find_map(|(is_so, why)| is_so.then_some(why))
}

/// Whether a name is none: blank, a placeholder, or what a program in JavaScript writes for a value that is missing,
/// which Last.fm refuses.
fn says_nothing(name: &str) -> bool {
    name.trim().is_empty() || name.trim().eq_ignore_ascii_case("undefined") || is_placeholder(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::{Listen, Track};

    const NOW: i64 = 1_700_000_000;

    fn play(artist: &str, title: &str, played_at: i64) -> Played {
        Played { listen: Listen { track: Track::new(artist, title), played_at }, ..Played::default() }
    }

    #[test]
    fn what_no_service_should_hear_of_is_named() {
        assert_eq!(unfit(&play("Mira Vale", "Nine", NOW), NOW), None);
        assert_eq!(unfit(&play("Mira Vale", "Nine", FIRST_PLAUSIBLE), NOW), None);
        let long = Played { ms_played: Some(31_000), ..play("Null", "None", NOW - 1) };
        assert_eq!(unfit(&long, NOW), None, "bare words are names, too");
        for (play, why) in [
            (play("undefined", "Nine", NOW), Unfit::NoName),
            (play("Mira Vale", " Undefined ", NOW), Unfit::NoName),
            (play("Unknown Artist", "Nine", NOW), Unfit::NoName),
            (play(" ", "Nine", NOW), Unfit::NoName),
            (play("Mira Vale", "Nine", 0), Unfit::Undated),
            (play("Mira Vale", "Nine", FIRST_PLAUSIBLE - 1), Unfit::TooEarly),
            (play("Mira Vale", "Nine", i64::MIN), Unfit::TooEarly),
            (play("Mira Vale", "Nine", NOW + 1), Unfit::Future),
            (play("Mira Vale", "Nine", i64::MAX), Unfit::Future),
            (Played { is_incognito: true, is_skipped: true, ..play("A", "T", NOW) }, Unfit::Incognito),
            (Played { is_skipped: true, ..play("A", "T", NOW) }, Unfit::Skipped),
            (Played { ms_played: Some(29_999), ..play("A", "T", NOW) }, Unfit::TooShort),
        ] {
            assert_eq!(unfit(&play, NOW), Some(why), "{play:?}");
            assert!(!why.name().contains(' ') && !why.words().is_empty());
        }
        let mut short = play("A", "T", NOW);
        short.listen.track.length_ms = Some(30_000);
        assert_eq!(unfit(&short, NOW), Some(Unfit::TooShort));
    }
}
