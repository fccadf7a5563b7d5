//! What the service makes of the names and the time of a scrobble: corrections, and reasons to ignore it.

use std::collections::BTreeMap;

use crate::{
    batch::Asked,
    tree::{Element, leaf},
    writing::Writing,
};

/// A name as it goes into the account, and whether that is another than was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    corrected: bool,
}

impl Name {
    fn of(sent: &str, corrections: &BTreeMap<String, String>) -> Self {
        match corrections.get(sent) {
            Some(right) => Self { text: right.clone(), corrected: right != sent },
            None => Self { text: sent.to_owned(), corrected: false },
        }
    }

    /// The element of an answer that shows it.
    fn element(&self, name: &'static str) -> Element {
        leaf(name, &self.text).with("corrected", if self.corrected { "1" } else { "0" })
    }
}

/// The names of a row after correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) artist: Name,
    pub(crate) track: Name,
    pub(crate) album: Name,
    pub(crate) album_artist: Name,
}

impl Names {
    /// Corrects what is to be corrected.
    pub(crate) fn of(asked: &Asked, writing: &Writing) -> Self {
        let known = &writing.corrections;
        Self {
            artist: Name::of(&asked.artist, &known.artists),
            track: Name::of(&asked.track, &known.tracks),
            album: Name::of(&asked.album, &known.albums),
            album_artist: Name::of(&asked.album_artist, &known.artists),
        }
    }

    /// The four elements with which an answer repeats them, in the order of a recorded one.
    pub(crate) fn elements(&self) -> [Element; 4] {
        [
            self.artist.element("artist"),
            self.album.element("album"),
            self.track.element("track"),
            self.album_artist.element("albumArtist"),
        ]
    }

    /// The code with which names alone are ignored; 0 for none.
    pub(crate) fn filtered(&self, writing: &Writing) -> u8 {
        let among = |names: &[String], name: &Name| {
            let name = name.text.to_lowercase();
            names.iter().any(|filtered| filtered.to_lowercase() == name)
        };
        match () {
            () if among(&writing.filtered_artists, &self.artist) => 1,
            () if among(&writing.filtered_tracks, &self.track) => 2,
            () => 0,
        }
    }
}

/// The code with which a scrobble of second `uts` is ignored at second `now`, when `new_today` were taken before it;
/// 0 for none.
pub(crate) fn untimely(uts: i64, now: i64, new_today: u32, writing: &Writing) -> u8 {
    match () {
        () if writing.too_old.is_some_and(|age| uts <= now.saturating_sub(age)) => 3,
        () if uts > now.saturating_add(writing.ahead_at_most) => 4,
        () if writing.daily_limit.is_some_and(|limit| new_today >= limit) => 5,
        () => 0,
    }
}

/// The element that tells whether and why something was ignored. Its text has been empty for years.
pub(crate) fn ignored_message(code: u8) -> Element {
    leaf("ignoredMessage", "").with("code", code.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Names, untimely};
    use crate::{batch, call::Call, writing::Writing};

    fn names(body: &str, writing: &Writing) -> Names {
        Names::of(&batch::rows(&Call::new("", body.as_bytes()))[0], writing)
    }

    #[test]
    fn names_are_corrected_before_they_are_filtered() {
        let mut writing = Writing::default();
        writing.corrections.artists.insert("Nobdy".into(), "Unknown".into());
        writing.corrections.tracks.insert("T".into(), "T".into());
        let names = |body| names(body, &writing);
        let corrected = names("artist=Nobdy&track=T&album=L");
        assert_eq!((corrected.artist.text.as_str(), corrected.artist.corrected), ("Unknown", true));
        assert!(!corrected.track.corrected, "a name that is right already is not corrected");
        assert_eq!(corrected.filtered(&writing), 1);
        assert_eq!(names("artist=A&track=UNDEFINED").filtered(&writing), 2);
        assert_eq!(names("artist=A&track=T").filtered(&writing), 0);
    }

    #[test]
    fn a_scrobble_is_too_old_too_new_or_too_much() {
        let now = 100 * 86_400;
        let mut writing = Writing { daily_limit: Some(3), ..Writing::default() };
        let code = |uts, new_today, writing: &Writing| untimely(uts, now, new_today, writing);
        assert_eq!(code(now - 14 * 86_400, 0, &writing), 3);
        assert_eq!(code(now - 14 * 86_400 + 1, 0, &writing), 0);
        assert_eq!(code(now + 300, 2, &writing), 0);
        assert_eq!(code(now + 301, 2, &writing), 4);
        assert_eq!(code(now, 3, &writing), 5);
        assert_eq!(code(i64::MIN, 3, &writing), 3);
        (writing.too_old, writing.daily_limit) = (None, None);
        assert_eq!(code(i64::MIN, u32::MAX, &writing), 0);
        assert_eq!(code(i64::MAX, 0, &writing), 4);
    }
}
