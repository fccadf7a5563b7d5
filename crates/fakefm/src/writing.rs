//! The manners of the service towards those who write, each to be set.

use std::collections::BTreeMap;

/// What the service corrects in the names that it is told: the spelling it knows for each wrong one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrections {
    /// Names of artists, and of album artists.
    pub artists: BTreeMap<String, String>,
    /// Titles of tracks.
    pub tracks: BTreeMap<String, String>,
    /// Titles of albums.
    pub albums: BTreeMap<String, String>,
}

impl Corrections {
    /// How a correction is written: the kind of name, and two spellings.
    pub const FORM: &str = "artist|track|album:OLD=NEW";

    /// Adds the correction that `text` tells in that [form](Self::FORM); `None` if it is not of it.
    pub fn add(&mut self, text: &str) -> Option<()> {
        let (kind, spellings) = text.split_once(':')?;
        let (old, new) = spellings.split_once('=').filter(|(old, new)| !old.is_empty() && !new.is_empty())?;
        let names = match kind {
            "artist" => &mut self.artists,
            "track" => &mut self.tracks,
            "album" => &mut self.albums,
            _ => return None,
        };
        names.insert(old.to_owned(), new.to_owned());
        Some(())
    }
}

/// How the service behaves towards writers while nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// The shared secret of every API key: other signatures are error 13. `None` checks none, as GNU FM does.
    pub secret: Option<String>,
    /// Tokens of `auth.getToken` are granted at once, in the name of this account.
    pub grant_at_once: Option<String>,
    /// The most scrobbles in one call; more are error 6.
    pub batch_max: usize,
    /// A scrobble as old as this or older, in seconds, is ignored with code 3. Exactly 14 days are too many, as
    /// clients found; `None` takes any age, as GNU FM does.
    pub too_old: Option<i64>,
    /// A scrobble of more than so many seconds after the world's present is ignored with code 4. The service's own
    /// tolerance is not known; GNU FM's is 300.
    pub ahead_at_most: i64,
    /// After so many new scrobbles in one account on one day (UTC) the rest is ignored with code 5. Between 600 and
    /// 3000 are reported of the service.
    pub daily_limit: Option<u32>,
    /// Artists whose scrobbles are ignored with code 1, whatever their case (fixture
    /// `track.scrobble/quoted_various_filtered.json`).
    pub filtered_artists: Vec<String>,
    /// Tracks whose scrobbles are ignored with code 2, whatever their case.
    pub filtered_tracks: Vec<String>,
    /// What is spelled otherwise in the account than it was sent.
    pub corrections: Corrections,
    /// Whether the counts of accepted and ignored scrobbles are texts in JSON, as they were up to 2017 (fixture
    /// `track.scrobble/inflatable_Success.json`), and not numbers (`swift_sample.json`).
    pub counts_as_text: bool,
}

impl Writing {
    /// The shared secret of a fake that was told no other.
    pub const SECRET: &str = "fakefm-shared-secret";
}

impl Default for Writing {
    fn default() -> Self {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        Self {
            secret: Some(Self::SECRET.to_owned()),
            grant_at_once: None,
            batch_max: 50,
            too_old: Some(14 * 86_400),
            ahead_at_most: 300,
            daily_limit: None,
            filtered_artists: names(&["Unknown Artist", "Unknown", "<Unknown>", "Various", "Various Artists", "VA"]),
            filtered_tracks: names(&["<Unknown>", "undefined"]),
            corrections: Corrections::default(),
            counts_as_text: false,
        }
    }
}

/// How many requests of one client ListenBrainz answers in one window of time, by the world's clock. Its headers
/// `X-RateLimit-*` tell of the window; what is beyond it is HTTP 429.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestWindow {
    /// How many requests.
    pub requests: u32,
    /// How long it lasts, in seconds.
    pub seconds: u32,
}

impl Default for RequestWindow {
    /// A hundred thousand in ten seconds: with a token there is hardly a limit.
    fn default() -> Self {
        Self { requests: 100_000, seconds: 10 }
    }
}

#[cfg(test)]
mod tests {
    use super::Corrections;

    #[test]
    fn a_correction_is_told_in_one_word() {
        let mut known = Corrections::default();
        for text in ["artist:Nobdy=Nobody", "track:a:b=c=d", "album:x=y"] {
            assert_eq!(known.add(text), Some(()), "{text}");
        }
        assert_eq!(known.artists["Nobdy"], "Nobody");
        assert_eq!(known.tracks["a:b"], "c=d");
        assert_eq!(known.albums["x"], "y");
        for text in ["", "artist", "artist:a", "artist:=b", "artist:a=", "song:a=b"] {
            assert_eq!(known.add(text), None, "{text}");
        }
    }
}
