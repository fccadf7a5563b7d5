//! Which of the desktop's players are meant.

/// What all players' bus names begin with (<https://specifications.freedesktop.org/mpris-spec/latest/>).
pub(super) const PREFIX: &str = "org.mpris.MediaPlayer2.";

/// What repeats another player's words as its own, so that every play would be there twice.
const ECHOES: [&str; 1] = ["playerctld"];

/// Which players are meant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Only these, where there are any.
    pub(crate) only: Vec<String>,
    /// Not these.
    pub(crate) ignore: Vec<String>,
}

impl Wanted {
    /// Whether the player with this bus name is meant, who calls itself by `identity`. Names are compared without regard
    /// to case: with its short name, all of the bus name behind the prefix, and the identity.
    pub(super) fn wants(&self, bus_name: &str, identity: Option<&str>) -> bool {
        let own = [Some(short(bus_name)), bus_name.strip_prefix(PREFIX), identity];
        let is_among = |names: &[String]| {
            own.into_iter().flatten().any(|own| names.iter().any(|name| name.to_lowercase() == own.to_lowercase()))
        };
        if is_among(&self.ignore) {
            return false;
        }
        if self.only.is_empty() { !ECHOES.contains(&short(bus_name)) } else { is_among(&self.only) }
    }
}

/// A player's name without prefix and without what tells its instances apart: `vlc` of
/// `org.mpris.MediaPlayer2.vlc.instance4711`.
pub(super) fn short(bus_name: &str) -> &str {
    let name = bus_name.strip_prefix(PREFIX).unwrap_or(bus_name);
    name.split('.').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_are_meant_by_any_of_their_names() {
        let firefox = ("org.mpris.MediaPlayer2.firefox.instance_1_42", Some("Mozilla Firefox"));
        let vlc = ("org.mpris.MediaPlayer2.vlc", None);
        let echo = ("org.mpris.MediaPlayer2.playerctld", Some("playerctld"));
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for (only, ignore, meant) in [
            (&[][..], &[][..], [true, true, false]),
            (&["firefox"], &[], [true, false, false]),
            (&["FIREFOX", "vlc"], &[], [true, true, false]),
            (&["mozilla firefox"], &[], [true, false, false]),
            (&["firefox.instance_1_42"], &[], [true, false, false]),
            (&["firefox.instance_1_43"], &[], [false, false, false]),
            (&["fire"], &[], [false, false, false]),
            (&["playerctld"], &[], [false, false, true]),
            (&[], &["Firefox"], [false, true, false]),
            (&[], &["Mozilla Firefox", "vlc"], [false, false, false]),
            (&["vlc"], &["vlc"], [false, false, false]),
        ] {
            let wanted = Wanted { only: names(only), ignore: names(ignore) };
            let told = [firefox, vlc, echo].map(|(bus_name, identity)| wanted.wants(bus_name, identity));
            assert_eq!(told, meant, "{wanted:?}");
        }
    }

    #[test]
    fn short_names() {
        for (bus_name, name) in [
            ("org.mpris.MediaPlayer2.vlc", "vlc"),
            ("org.mpris.MediaPlayer2.vlc.instance4711", "vlc"),
            ("org.mpris.MediaPlayer2.", ""),
            ("org.other", "org"),
        ] {
            assert_eq!(short(bus_name), name, "{bus_name}");
        }
    }
}
