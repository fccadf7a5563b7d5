//! What a player of the desktop tells of itself, read from the properties of its interface `Player`
//! (<https://specifications.freedesktop.org/mpris-spec/latest/Player_Interface.html>, and for the names of metadata
//! <https://www.freedesktop.org/wiki/Specifications/mpris-spec/metadata/>).
//!
//! Players are not held to the types that are laid down there: lengths come in every kind of number, lists as single
//! texts, and values packed into further values.

use std::collections::HashMap;

use heard_history::listen::Track;
use heard_history::playback::Signal;
use zbus::{OwnedVariant, Variant};

use super::names::{joined, mbid, name};

/// Properties by their names.
pub(super) type Properties = HashMap<String, OwnedVariant>;

/// Under these names players tell the MusicBrainz id of the recording, which the specification does not know of: Rhythmbox
/// and who follows it (Quod Libet, Strawberry, Picard), and VLC and mpv.
const RECORDING_MBID: [&str; 2] = ["xesam:musicBrainzTrackID", "mb:trackId"];

/// A player's last position, for those that tell the same again and again.
#[derive(Debug, Default)]
pub(super) struct LastPosition(Option<i64>);

/// What the properties say. What has no artist or no title, like a film or a page that makes sounds, cannot be told as a
/// listen, and so nothing sounds.
pub(super) fn signal(properties: &Properties, last: &mut LastPosition) -> Signal {
    let status = properties.get("PlaybackStatus").and_then(|value| text(value));
    let position_ms = last.believe(properties.get("Position").and_then(|value| whole(value)));
    match (status, properties.get("Metadata").and_then(|value| track(value))) {
        (Some("Playing"), Some(track)) => Signal::Sounds { track, position_ms },
        (Some("Paused"), _) => Signal::Paused,
        _ => Signal::Stopped,
    }
}

impl LastPosition {
    /// A position in microseconds, as milliseconds. Some players tell 0 for ever, or where they were when something last
    /// changed; believed, that would look like a track that begins anew. So only a position that moves is one.
    fn believe(&mut self, told: Option<i64>) -> Option<u64> {
        let before = std::mem::replace(&mut self.0, told);
        told.filter(|_| told != before).and_then(|told| u64::try_from(told).ok()).map(|told| told / 1000)
    }
}

fn track(metadata: &Variant<'_>) -> Option<Track> {
    let Variant::Dict(metadata) = inner(metadata) else { return None };
    // Not all write the names as they are laid down: VLC has `xesam:tracknumber`.
    let fields: HashMap<String, &Variant<'_>> =
        metadata.iter().filter_map(|(key, value)| Some((text(key)?.to_lowercase(), value))).collect();
    let field = |key: &str| fields.get(&key.to_lowercase()).copied();
    let one = |key| field(key).and_then(text).and_then(name);
    let length = field("mpris:length").and_then(whole).and_then(|length| u64::try_from(length).ok());
    Some(Track {
        artist: joined(field("xesam:artist").map(texts)?)?,
        title: one("xesam:title")?,
        album: one("xesam:album"),
        album_artist: field("xesam:albumArtist").and_then(|value| joined(texts(value))),
        number: field("xesam:trackNumber").and_then(place).and_then(|it| u32::try_from(it).ok()).filter(|it| *it > 0),
        length_ms: length.map(|length| length / 1000).filter(|length| *length > 0),
        recording_mbid: RECORDING_MBID.iter().find_map(|key| texts(field(key)?).into_iter().find_map(mbid)),
    })
}

/// The value in all its wrappings.
fn inner<'a, 'v>(mut value: &'a Variant<'v>) -> &'a Variant<'v> {
    while let Variant::Variant(inside) = value {
        value = inside;
    }
    value
}

fn text<'a>(value: &'a Variant<'_>) -> Option<&'a str> {
    match inner(value) {
        Variant::Str(text) => Some(text.as_str()),
        _ => None,
    }
}

/// The texts of a list, or the one text that stands in its place.
fn texts<'a>(value: &'a Variant<'_>) -> Vec<&'a str> {
    match inner(value) {
        Variant::Array(list) => list.iter().filter_map(text).collect(),
        single => text(single).into_iter().collect(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a number beyond all lengths is cut to the longest")]
fn whole(value: &Variant<'_>) -> Option<i64> {
    match inner(value) {
        Variant::I64(number) => Some(*number),
        Variant::U64(number) => i64::try_from(*number).ok(),
        Variant::I32(number) => Some((*number).into()),
        Variant::U32(number) => Some((*number).into()),
        Variant::I16(number) => Some((*number).into()),
        Variant::U16(number) => Some((*number).into()),
        Variant::U8(number) => Some((*number).into()),
        Variant::F64(number) if number.is_finite() => Some(*number as i64),
        Variant::Str(digits) => digits.as_str().trim().parse().ok(),
        _ => None,
    }
}

/// A track's place on its album; some write it as the tags of files do, with the number of tracks behind it: `3/12`.
fn place(value: &Variant<'_>) -> Option<i64> {
    match text(value) {
        Some(words) => words.split('/').next().and_then(|first| first.trim().parse().ok()),
        None => whole(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(status: &str, position: i64, metadata: HashMap<&str, Variant<'_>>) -> Properties {
        let owned = |value: Variant<'_>| OwnedVariant::try_from(value).unwrap();
        HashMap::from([
            ("PlaybackStatus".to_owned(), owned(Variant::from(status))),
            ("Position".to_owned(), owned(Variant::from(position))),
            ("Metadata".to_owned(), owned(Variant::from(metadata))),
        ])
    }

    fn names() -> HashMap<&'static str, Variant<'static>> {
        HashMap::from([("xesam:artist", Variant::from(vec!["Mira Vale"])), ("xesam:title", Variant::from("Nine"))])
    }

    /// The track that sounds with these fields besides, or instead.
    fn heard(fields: Vec<(&'static str, Variant<'static>)>) -> Option<Track> {
        let metadata = names().into_iter().chain(fields).collect();
        match signal(&properties("Playing", 0, metadata), &mut LastPosition::default()) {
            Signal::Sounds { track, .. } => Some(track),
            Signal::Stopped => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_track_with_everything() {
        let track = heard(vec![
            ("mpris:trackid", Variant::from("/track/1")),
            ("mpris:length", Variant::from(230_120_999_i64)),
            ("xesam:artist", Variant::from(vec!["Mira Vale", "Iron Coast"])),
            ("xesam:album", Variant::from("Tides")),
            ("xesam:albumArtist", Variant::from(vec!["Mira Vale"])),
            ("xesam:trackNumber", Variant::from(3_i32)),
        ]);
        let expected = Track {
            artist: "Mira Vale, Iron Coast".into(),
            title: "Nine".into(),
            album: Some("Tides".into()),
            album_artist: Some("Mira Vale".into()),
            number: Some(3),
            length_ms: Some(230_120),
            recording_mbid: None,
        };
        assert_eq!(track, Some(expected));
    }

    #[test]
    fn ids_stand_under_the_names_that_players_use() {
        let (id, other) = ("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "11111111-2222-3333-4444-555555555555");
        let one = |key, value: &str| vec![(key, Variant::from(value.to_owned()))];
        let list = |ids: &[&str]| Variant::from(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
        for (fields, known) in [
            (one("xesam:musicBrainzTrackID", id), Some(id)),
            (one("xesam:musicbrainzTrackID", id), Some(id)),
            (one("mb:trackId", id), Some(id)),
            (one("mb:trackId", &id.to_uppercase()), Some(id)),
            (vec![("xesam:musicBrainzTrackID", list(&[id, other]))], Some(id)),
            (vec![("xesam:musicBrainzTrackID", list(&["", other]))], Some(other)),
            (vec![("xesam:musicBrainzTrackID", list(&[])), ("mb:trackId", Variant::from(other))], Some(other)),
            ([one("xesam:musicBrainzTrackID", id), one("mb:trackId", other)].concat(), Some(id)),
            // These are not the recording's.
            ([one("xesam:musicBrainzAlbumID", id), one("mb:artistId", id), one("mpris:trackid", id)].concat(), None),
            (one("mb:trackId", "file:///music/9.flac"), None),
            (vec![("mb:trackId", Variant::from(7_i32))], None),
        ] {
            let text = format!("{fields:?}");
            assert_eq!(heard(fields).unwrap().recording_mbid.as_deref(), known, "{text}");
        }
    }

    #[test]
    fn albums_and_places_are_told_in_many_ways() {
        for (key, told, number) in [
            ("xesam:trackNumber", Variant::from(3_i32), Some(3)),
            ("xesam:trackNumber", Variant::from("3"), Some(3)),
            ("xesam:tracknumber", Variant::from("3"), Some(3)),
            ("xesam:trackNumber", Variant::from(" 03/12 "), Some(3)),
            ("xesam:trackNumber", Variant::from("/12"), None),
            ("xesam:trackNumber", Variant::from("0/12"), None),
            ("xesam:trackNumber", Variant::from("-3"), None),
            ("xesam:trackNumber", Variant::from("99999999999999999999"), None),
        ] {
            let text = format!("{key} {told:?}");
            assert_eq!(heard(vec![(key, told)]).unwrap().number, number, "{text}");
        }
        let both = vec![
            ("xesam:album", Variant::from(" ")),
            ("xesam:albumArtist", Variant::from(vec!["Iron Coast", "", "Iron Coast", "Odo"])),
        ];
        let track = heard(both).unwrap();
        assert_eq!((track.album, track.album_artist.as_deref()), (None, Some("Iron Coast, Odo")));
    }

    #[test]
    fn lengths_come_in_every_kind_of_number() {
        let packed = || Variant::Variant(Box::new(Variant::Variant(Box::new(Variant::from(31_000_000_i64)))));
        for (told, known) in [
            (Variant::from(31_000_000_i64), Some(31_000)),
            (Variant::from(31_000_000_u64), Some(31_000)),
            (Variant::from(31_000_000_i32), Some(31_000)),
            (Variant::from(31_000_000_u32), Some(31_000)),
            (Variant::from(31_000_000.5_f64), Some(31_000)),
            (Variant::from("31000000"), Some(31_000)),
            (packed(), Some(31_000)),
            (Variant::from(i64::MAX), Some(9_223_372_036_854_775)),
            (Variant::from(f64::MAX), Some(9_223_372_036_854_775)),
            (Variant::from(u64::MAX), None),
            (Variant::from(0_i64), None),
            (Variant::from(999_i64), None),
            (Variant::from(-1_i64), None),
            (Variant::from(i64::MIN), None),
            (Variant::from(f64::NAN), None),
            (Variant::from(f64::INFINITY), None),
            (Variant::from("3:51"), None),
            (Variant::from(true), None),
            (Variant::from(vec![31_000_000_i64]), None),
        ] {
            let text = format!("{told:?}");
            assert_eq!(heard(vec![("mpris:length", told)]).unwrap().length_ms, known, "{text}");
        }
    }

    #[test]
    fn artists_are_one_name_or_nothing_sounds() {
        let no_texts: Vec<&str> = Vec::new();
        for (told, artist) in [
            (Variant::from("Mira Vale"), Some("Mira Vale")),
            (Variant::from(vec!["A", "B"]), Some("A, B")),
            (Variant::from(vec![Variant::from("A"), Variant::from("B")]), Some("A, B")),
            (Variant::from(vec!["", "B"]), Some("B")),
            (Variant::from(vec![""]), None),
            (Variant::from(no_texts), None),
            (Variant::from(vec![1_i32]), None),
            (Variant::from(7_i32), None),
        ] {
            let text = format!("{told:?}");
            assert_eq!(heard(vec![("xesam:artist", told)]).map(|track| track.artist).as_deref(), artist, "{text}");
        }
        for title in [Variant::from(""), Variant::from(" "), Variant::from(vec!["Nine"]), Variant::from(9_i32)] {
            assert_eq!(heard(vec![("xesam:title", title)]), None);
        }
        let long = "x".repeat(31_000);
        assert_eq!(heard(vec![("xesam:title", Variant::from(long.clone()))]).unwrap().title, long);
        for number in [Variant::from(0_i32), Variant::from(-3_i32), Variant::from(u64::MAX), Variant::from("A1")] {
            assert_eq!(heard(vec![("xesam:trackNumber", number)]).unwrap().number, None);
        }
    }

    #[test]
    fn what_plays_and_what_does_not() {
        let told = |status, metadata| signal(&properties(status, 0, metadata), &mut LastPosition::default());
        assert_eq!(told("Paused", names()), Signal::Paused);
        assert_eq!(told("Paused", HashMap::new()), Signal::Paused);
        assert_eq!(told("Stopped", names()), Signal::Stopped);
        assert_eq!(told("playing", names()), Signal::Stopped);
        assert_eq!(told("Playing", HashMap::new()), Signal::Stopped);
        assert_eq!(signal(&Properties::new(), &mut LastPosition::default()), Signal::Stopped);
        let odd = |name: &str, value: Variant<'_>| {
            let mut all = properties("Playing", 0, names());
            all.insert(name.to_owned(), OwnedVariant::try_from(value).unwrap());
            signal(&all, &mut LastPosition::default())
        };
        assert_eq!(odd("Metadata", Variant::from("none")), Signal::Stopped);
        assert_eq!(odd("PlaybackStatus", Variant::from(1_i32)), Signal::Stopped);
        let Signal::Sounds { position_ms, .. } = odd("Position", Variant::from(false)) else { panic!("it sounds") };
        assert_eq!(position_ms, None);
    }

    #[test]
    fn only_a_position_that_moves_is_one() {
        let mut last = LastPosition::default();
        let told = [0, 0, 5_000_000, 5_000_000, 9_999_999, 0, -1, i64::MAX];
        let believed: Vec<Option<u64>> = told.iter().map(|position| last.believe(Some(*position))).collect();
        let largest = u64::try_from(i64::MAX / 1000).unwrap();
        assert_eq!(believed, [Some(0), None, Some(5_000), None, Some(9_999), Some(0), None, Some(largest)]);
        assert_eq!(last.believe(None), None);
    }
}
