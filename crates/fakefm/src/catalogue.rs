//! Every name once: a million plays then cost sixteen bytes each.

use std::collections::HashSet;

use indexmap::IndexSet;

use crate::play::Play;

/// The place of a text in the catalogue.
pub(crate) type NameId = u32;

/// The place of a song in the catalogue.
pub(crate) type SongId = u32;

/// What a scrobble says apart from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Song {
    pub(crate) artist: NameId,
    pub(crate) track: NameId,
    pub(crate) album: NameId,
    artist_mbid: NameId,
    album_mbid: NameId,
    track_mbid: NameId,
    loved: bool,
}

/// A song with its texts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SongText<'a> {
    pub(crate) artist: &'a str,
    pub(crate) track: &'a str,
    pub(crate) album: &'a str,
    pub(crate) artist_mbid: &'a str,
    pub(crate) album_mbid: &'a str,
    pub(crate) track_mbid: &'a str,
    pub(crate) loved: bool,
}

/// The texts and songs of one account. It only grows: an edit adds a song and leaves the old one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalogue {
    names: IndexSet<Box<str>>,
    songs: IndexSet<Song>,
    artists: HashSet<NameId>,
    albums: HashSet<(NameId, NameId)>,
    tracks: HashSet<(NameId, NameId)>,
}

impl Catalogue {
    /// The song of `play`, entered if it is new.
    pub(crate) fn enter(&mut self, play: &Play) -> SongId {
        let song = Song {
            artist: self.enter_name(&play.artist),
            track: self.enter_name(&play.track),
            album: self.enter_name(&play.album),
            artist_mbid: self.enter_name(&play.artist_mbid),
            album_mbid: self.enter_name(&play.album_mbid),
            track_mbid: self.enter_name(&play.track_mbid),
            loved: play.loved,
        };
        let (at, new) = self.songs.insert_full(song);
        if new {
            self.artists.insert(song.artist);
            self.albums.insert((song.artist, song.album));
            self.tracks.insert((song.artist, song.track));
        }
        place(at)
    }

    fn enter_name(&mut self, name: &str) -> NameId {
        let known = self.names.get_index_of(name);
        place(known.unwrap_or_else(|| self.names.insert_full(name.into()).0))
    }

    /// The place of `name`, if it ever occurred.
    pub(crate) fn find_name(&self, name: &str) -> Option<NameId> {
        self.names.get_index_of(name).map(place)
    }

    pub(crate) fn name(&self, id: NameId) -> &str {
        &self.names[id as usize]
    }

    /// How many different artists, albums and tracks there are. Counted on growth, not at each question.
    pub(crate) fn distinct(&self) -> (usize, usize, usize) {
        (self.artists.len(), self.albums.len(), self.tracks.len())
    }

    pub(crate) fn song(&self, id: SongId) -> Song {
        self.songs[id as usize]
    }

    pub(crate) fn text(&self, id: SongId) -> SongText<'_> {
        let song = self.song(id);
        SongText {
            artist: self.name(song.artist),
            track: self.name(song.track),
            album: self.name(song.album),
            artist_mbid: self.name(song.artist_mbid),
            album_mbid: self.name(song.album_mbid),
            track_mbid: self.name(song.track_mbid),
            loved: song.loved,
        }
    }

    /// The play of song `id` at `uts`, with texts of its own.
    pub(crate) fn play(&self, uts: i64, id: SongId) -> Play {
        let text = self.text(id);
        Play {
            uts,
            artist: text.artist.to_owned(),
            album: text.album.to_owned(),
            track: text.track.to_owned(),
            artist_mbid: text.artist_mbid.to_owned(),
            album_mbid: text.album_mbid.to_owned(),
            track_mbid: text.track_mbid.to_owned(),
            loved: text.loved,
        }
    }
}

fn place(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than four thousand million names fit into memory")
}

#[cfg(test)]
mod tests {
    use super::Catalogue;
    use crate::play::Play;

    #[test]
    fn a_song_is_kept_once_and_comes_back_whole() {
        let mut catalogue = Catalogue::default();
        let play = Play { artist_mbid: "x".into(), ..Play::new(5, "A", "T").on("L").loved() };
        let id = catalogue.enter(&play);
        assert_eq!(catalogue.enter(&play), id);
        assert_ne!(catalogue.enter(&Play::new(5, "A", "T").on("L")), id);
        assert_eq!(catalogue.play(5, id), play);
        assert!(catalogue.find_name("L").is_some());
        assert!(catalogue.find_name("absent").is_none());
    }
}
