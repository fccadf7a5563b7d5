//! A play, as somebody who sends it on sees it.

use std::borrow::Cow;

use super::Play;
use crate::listen::{Listen, Played, Track};

/// What stands on a record's sleeve. No history keeps it; services take it with a listen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sleeve<'a> {
    /// The album's artist.
    pub album_artist: Option<Cow<'a, str>>,
    /// The place on the album, from 1.
    pub number: Option<u32>,
    /// The track's length in milliseconds.
    pub length_ms: Option<u64>,
}

impl Play<'_> {
    /// The play as a listen, should it count, and what its source tells of whether it does.
    #[must_use]
    pub fn played(&self) -> Played {
        let owned = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
        let sleeve = self.sounding.sleeve.as_deref().cloned().unwrap_or_default();
        let track = Track {
            artist: self.artist.clone().into_owned(),
            title: self.track.clone().into_owned(),
            album: owned(&self.album),
            album_artist: owned(&sleeve.album_artist),
            number: sleeve.number,
            length_ms: sleeve.length_ms,
            recording_mbid: owned(&self.recording_mbid),
        };
        Played {
            listen: Listen { track, played_at: self.played_at },
            ms_played: self.sounding.ms_played.and_then(|ms| u64::try_from(ms).ok()),
            is_skipped: self.sounding.skipped == Some(true),
            is_incognito: self.sounding.incognito == Some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sounding;
    use super::*;

    #[test]
    fn everything_that_services_take_goes_along() {
        let sleeve = Sleeve { album_artist: Some("Others".into()), number: Some(3), length_ms: Some(61_000) };
        let sounding = Sounding {
            ms_played: Some(-5),
            skipped: Some(true),
            sleeve: Some(Box::new(sleeve)),
            ..Sounding::default()
        };
        let play = Play {
            row: 7,
            played_at: 1_700_000_000,
            artist: "Mira Vale".into(),
            album: Some("Nine".into()),
            track: "Tidewater".into(),
            artist_mbid: None,
            release_mbid: None,
            recording_mbid: Some("m".into()),
            sounding,
        };
        let told = play.played();
        let track = Track {
            album: Some("Nine".into()),
            album_artist: Some("Others".into()),
            number: Some(3),
            length_ms: Some(61_000),
            recording_mbid: Some("m".into()),
            ..Track::new("Mira Vale", "Tidewater")
        };
        assert_eq!(told.listen, Listen { track, played_at: 1_700_000_000 });
        assert_eq!((told.ms_played, told.is_skipped, told.is_incognito), (None, true, false));
        let plain = Play { sounding: Sounding { incognito: Some(true), ..Sounding::default() }, ..play }.played();
        assert_eq!((plain.listen.track.number, plain.is_skipped, plain.is_incognito), (None, false, true));
    }
}
