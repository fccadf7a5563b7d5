//! Words of the protocol Audioscrobbler 1.2, which old players speak.

/// Where a track came from: the parameter `o` of a submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Source {
    /// `P`: the user chose it.
    #[default]
    User,
    /// `R`: a broadcast for everybody, such as a radio station.
    Broadcast,
    /// `E`: a recommendation for this user by somebody other than Last.fm.
    Personalised,
    /// `L`: Last.fm, in any way.
    LastFm,
    /// `U`: not known.
    Unknown,
}

/// What the user thought of a track: the parameter `r` of a submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Nothing: it was played, and that is all.
    #[default]
    Played,
    /// `L`: it was given the heart.
    Loved,
    /// `B`: it shall never come again.
    Banned,
    /// `S`: it was skipped.
    Skipped,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::User, Self::Broadcast, Self::Personalised, Self::LastFm, Self::Unknown];

    /// The letter on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "P",
            Self::Broadcast => "R",
            Self::Personalised => "E",
            Self::LastFm => "L",
            Self::Unknown => "U",
        }
    }

    /// The source with this letter.
    #[must_use]
    pub fn from_wire(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == letter)
    }
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Played, Self::Loved, Self::Banned, Self::Skipped];

    /// The letter on the wire; empty for [`Played`](Self::Played).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Played => "",
            Self::Loved => "L",
            Self::Banned => "B",
            Self::Skipped => "S",
        }
    }

    /// The mode with this letter.
    #[must_use]
    pub fn from_wire(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_meanings() {
        assert_eq!(Source::ALL.map(Source::as_str), ["P", "R", "E", "L", "U"]);
        assert_eq!(Mode::ALL.map(Mode::as_str), ["", "L", "B", "S"]);
        for source in Source::ALL {
            assert_eq!(Source::from_wire(source.as_str()), Some(source));
        }
        for mode in Mode::ALL {
            assert_eq!(Mode::from_wire(mode.as_str()), Some(mode));
        }
        assert_eq!((Source::from_wire("p"), Mode::from_wire("X")), (None, None));
    }
}
