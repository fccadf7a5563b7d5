//! Suggestions as playlists that other programs take.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

/// One track of a playlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The artist.
    #[serde(rename = "creator")]
    pub artist: String,
    /// The track's title.
    pub title: String,
    /// Its length in milliseconds, where it is known.
    #[serde(rename = "duration", skip_serializing_if = "Option::is_none")]
    pub length_ms: Option<u64>,
    /// Why it is there, in words; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub annotation: String,
}

/// A format of playlists. None of them names files: a track is known by its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaylistFormat {
    /// JSON, as <https://www.xspf.org/jspf> describes it; ListenBrainz takes it.
    Jspf,
    /// Extended M3U in UTF-8: a line `#EXTINF:seconds,artist - title` and a line with the same names for each track.
    M3u,
    /// A table: artist, track, milliseconds, why.
    Csv,
}

#[derive(Serialize)]
struct Document<'a> {
    playlist: Playlist<'a>,
}

#[derive(Serialize)]
struct Playlist<'a> {
    title: &'a str,
    creator: &'a str,
    date: String,
    track: &'a [Entry],
}

/// Writes a playlist that was made at `now` (Unix seconds).
///
/// # Errors
/// What the output says.
pub fn write_playlist(
    mut out: impl Write,
    format: PlaylistFormat,
    title: &str,
    entries: &[Entry],
    now: i64,
) -> io::Result<()> {
    match format {
        PlaylistFormat::Jspf => {
            let date = Timestamp::from_second(now).map_or_else(|_| now.to_string(), |moment| moment.to_string());
            let playlist = Playlist { title, creator: "heard", date, track: entries };
            serde_json::to_writer_pretty(&mut out, &Document { playlist })?;
            writeln!(out)?;
        }
        PlaylistFormat::M3u => {
            writeln!(out, "#EXTM3U\n#PLAYLIST:{}", one_line(title))?;
            entries.iter().try_for_each(|entry| m3u(&mut out, entry))?;
        }
        PlaylistFormat::Csv => {
            let mut writer = csv::Writer::from_writer(&mut out);
            writer.write_record(["artist", "track", "length_ms", "why"])?;
            for Entry { artist, title, length_ms, annotation } in entries {
                let length = length_ms.map(|ms| ms.to_string()).unwrap_or_default();
                writer.write_record([artist, title, &length, annotation])?;
            }
            writer.flush()?;
        }
    }
    out.flush()
}

/// Seconds are -1 where they are not known, as players expect it.
fn m3u(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    let seconds = entry.length_ms.map_or_else(|| "-1".to_owned(), |ms| (ms / 1000).to_string());
    let names = one_line(&format!("{} - {}", entry.artist, entry.title));
    // A line that begins with a number sign would be a comment.
    let line = names.trim_start_matches(['#', ' ']);
    writeln!(out, "#EXTINF:{seconds},{names}\n{line}")
}

/// A text on one line: whatever ends a line or drives a terminal is a space.
fn one_line(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: PlaylistFormat, entries: &[Entry]) -> String {
        let mut out = Vec::new();
        write_playlist(&mut out, format, "For\nme", entries, 1_700_000_000).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn entry(artist: &str, title: &str, length_ms: Option<u64>) -> Entry {
        Entry { artist: artist.to_owned(), title: title.to_owned(), length_ms, annotation: String::new() }
    }

    #[test]
    fn names_stay_on_their_line() {
        let hostile = [
            entry("Ada\r\n#EXTINF:1,Eve", "One\u{2028}Two\u{85}", Some(61_900)),
            entry("#1 \"Band\"", "\u{1b}[2J", None),
        ];
        assert_eq!(
            written(PlaylistFormat::M3u, &hostile),
            "#EXTM3U\n#PLAYLIST:For me\n#EXTINF:61,Ada  #EXTINF:1,Eve - One Two\nAda  #EXTINF:1,Eve - One Two\n\
             #EXTINF:-1,#1 \"Band\" -  [2J\n1 \"Band\" -  [2J\n"
        );
    }

    #[test]
    fn json_and_tables_hold_every_name_as_it_is() {
        let hostile = [entry("Ada,\r\n\"Eve\"", "\u{202e}夜", Some(1))];
        let json: serde_json::Value = serde_json::from_str(&written(PlaylistFormat::Jspf, &hostile)).unwrap();
        let track = &json["playlist"]["track"][0];
        assert_eq!((&track["creator"], &track["title"]), (&"Ada,\r\n\"Eve\"".into(), &"\u{202e}夜".into()));
        assert_eq!((&track["duration"], &json["playlist"]["date"]), (&1.into(), &"2023-11-14T22:13:20Z".into()));
        let table = written(PlaylistFormat::Csv, &hostile);
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(row.iter().collect::<Vec<_>>(), ["Ada,\r\n\"Eve\"", "\u{202e}夜", "1", ""]);
    }

    #[test]
    fn a_playlist_of_nothing_is_one() {
        assert_eq!(written(PlaylistFormat::M3u, &[]), "#EXTM3U\n#PLAYLIST:For me\n");
        assert_eq!(written(PlaylistFormat::Csv, &[]), "artist,track,length_ms,why\n");
        assert!(written(PlaylistFormat::Jspf, &[]).contains("\"track\": []"));
    }
}
