//! What an MPD answers, line by line (<https://mpd.readthedocs.io/en/stable/protocol.html>).

use std::time::Duration;

use heard_history::listen::Track;
use heard_history::playback::Signal;

use super::super::names::{joined, mbid, name};

/// A line of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The answer is complete.
    Ok,
    /// One command of a list has answered.
    ListOk,
    /// The command is refused.
    Refused {
        /// The number of the error.
        code: Option<u32>,
        /// What MPD says of it.
        words: String,
    },
    /// `name: value`.
    Pair(String, String),
    /// Nothing that the protocol knows.
    Strange,
}

impl Line {
    /// Reads a line without its line feed. What is no UTF-8 is shown as such.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        match (&*text, text.strip_prefix("ACK ")) {
            ("OK", _) => Self::Ok,
            ("list_OK", _) => Self::ListOk,
            (_, Some(refusal)) => Self::refused(refusal),
            (text, None) => text
                .split_once(": ")
                .map_or(Self::Strange, |(name, value)| Self::Pair(name.to_owned(), value.to_owned())),
        }
    }

    /// `[CODE@PLACE] {COMMAND} WORDS`
    fn refused(text: &str) -> Self {
        let code = text.strip_prefix('[').and_then(|rest| rest.split_once('@')).and_then(|(code, _)| code.parse().ok());
        let words = text.split_once("} ").map_or(text, |(_, words)| words);
        Self::Refused { code, words: words.to_owned() }
    }
}

/// What one command answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs(pub(super) Vec<(String, String)>);

impl Pairs {
    /// All values of a name, in any case of its letters.
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn milliseconds(&self, name: &str) -> Option<u64> {
        milliseconds(self.get(name)?)
    }
}

/// What the answers to `status` and `currentsong` say. What has no artist or no title, like the announcements of a radio,
/// cannot be told as a listen, and so nothing sounds.
pub(super) fn signal(status: &Pairs, song: &Pairs) -> Signal {
    match (status.get("state"), track(status, song)) {
        (Some("play"), Some(track)) => Signal::Sounds { track, position_ms: status.milliseconds("elapsed") },
        (Some("pause"), _) => Signal::Paused,
        _ => Signal::Stopped,
    }
}

/// Tags are named as in <https://mpd.readthedocs.io/en/stable/protocol.html#tags>; one of several values comes several
/// times.
fn track(status: &Pairs, song: &Pairs) -> Option<Track> {
    let one = |tag| song.get(tag).and_then(name);
    let length = song.milliseconds("duration").or_else(|| song.milliseconds("Time"));
    Some(Track {
        artist: joined(song.all("Artist"))?,
        title: one("Title")?,
        album: one("Album"),
        album_artist: joined(song.all("AlbumArtist")),
        number: song.get("Track").and_then(number),
        length_ms: length.or_else(|| status.milliseconds("duration")).filter(|length| *length > 0),
        // What MPD calls the track's id is that of the recording: it takes the name from files' tags.
        recording_mbid: one("MUSICBRAINZ_TRACKID").as_deref().and_then(mbid),
    })
}

/// Seconds with or without a fraction.
fn milliseconds(text: &str) -> Option<u64> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())?;
    u64::try_from(seconds.as_millis()).ok()
}

/// The place on the album, of `3` and of `3/12`.
fn number(text: &str) -> Option<u32> {
    let digits = text.split('/').next().unwrap_or(text).trim();
    digits.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Pairs {
        let pair = |line: &str| match Line::read(line.trim_start().as_bytes()) {
            Line::Pair(name, value) => (name, value),
            other => panic!("{line}: {other:?}"),
        };
        Pairs(text.lines().filter(|line| !line.trim().is_empty()).map(pair).collect())
    }

    #[test]
    fn lines_are_what_they_are() {
        let refused = |code, words: &str| Line::Refused { code, words: words.to_owned() };
        let pair = |name: &str, value: &str| Line::Pair(name.to_owned(), value.to_owned());
        for (bytes, line) in [
            (&b"OK"[..], Line::Ok),
            (b"list_OK", Line::ListOk),
            (b"Title: Nine", pair("Title", "Nine")),
            (b"Title: a: b", pair("Title", "a: b")),
            (b"Title: ", pair("Title", "")),
            (b"Title: \xff", pair("Title", "\u{fffd}")),
            (b"Title: a\0b", pair("Title", "a\0b")),
            (b"Title", Line::Strange),
            (b"Title:Nine", Line::Strange),
            (b"", Line::Strange),
            (b"OK MPD 0.23.5", Line::Strange),
            (b"ACK [3@0] {password} incorrect password", refused(Some(3), "incorrect password")),
            (b"ACK [4@1] {status} you don't have permission for \"status\"", {
                refused(Some(4), "you don't have permission for \"status\"")
            }),
            (b"ACK [99999999999@0] {} x", refused(None, "x")),
            (b"ACK broken", refused(None, "broken")),
            (b"ACK ", refused(None, "")),
        ] {
            assert_eq!(Line::read(bytes), line, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_song_that_plays() {
        let status = pairs("repeat: 0\nstate: play\nsong: 0\nelapsed: 12.345\nbitrate: 0\nduration: 230.120");
        let song = pairs(
            "file: a/b.flac
             Artist: Mira Vale
             Artist: Iron Coast
             AlbumArtist: Mira Vale
             Title: Nine
             Album: Tides
             Track: 3/12
             MUSICBRAINZ_TRACKID: 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9
             Time: 230
             duration: 230.120",
        );
        let Signal::Sounds { track, position_ms } = signal(&status, &song) else { panic!("it sounds") };
        assert_eq!(position_ms, Some(12_345));
        let expected = Track {
            artist: "Mira Vale, Iron Coast".into(),
            title: "Nine".into(),
            album: Some("Tides".into()),
            album_artist: Some("Mira Vale".into()),
            number: Some(3),
            length_ms: Some(230_120),
            recording_mbid: Some("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9".into()),
        };
        assert_eq!(track, expected);
    }

    #[test]
    fn what_cannot_be_told_is_not() {
        let play = "state: play\nelapsed: 1.000";
        let names = "Artist: A\nTitle: T";
        let sounds = |status: &str, song: &str| match signal(&pairs(status), &pairs(song)) {
            Signal::Sounds { track, position_ms } => Some((track.length_ms, position_ms)),
            Signal::Stopped => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(sounds(play, names), Some((None, Some(1_000))));
        for song in
            ["", "Title: T", "Artist: A", "Artist: \nTitle: T", "Artist: A\nTitle:  ", "Name: Radio\nTitle: A - T"]
        {
            assert_eq!(sounds(play, song), None, "{song}");
        }
        for status in ["state: stop", "state: ?", "elapsed: 3"] {
            assert_eq!(sounds(status, names), None, "{status}");
        }
        assert_eq!(signal(&pairs("state: pause"), &Pairs::default()), Signal::Paused);
        assert_eq!(signal(&Pairs::default(), &Pairs::default()), Signal::Stopped);
        for (length, known) in [
            ("duration: 0.000", None),
            ("Time: 31", Some(31_000)),
            ("duration: 0.4", Some(400)),
            ("duration: -5", None),
            ("duration: nan", None),
            ("duration: inf", None),
            ("duration: 1e300", None),
            ("duration: ten", None),
            ("TIME: 9", Some(9_000)),
        ] {
            assert_eq!(sounds(play, &format!("{names}\n{length}")), Some((known, Some(1_000))), "{length}");
        }
        assert_eq!(sounds("state: play\nelapsed: x\nduration: 7", names), Some((Some(7_000), None)));
    }

    #[test]
    fn places_on_albums() {
        for (text, place) in
            [("3", Some(3)), ("3/12", Some(3)), (" 03 ", Some(3)), ("0", None), ("A1", None), ("", None)]
        {
            assert_eq!(number(text), place, "{text:?}");
        }
    }
}
