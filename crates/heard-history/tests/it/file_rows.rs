//! Files read row by row, without anything being kept.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use heard_history::facts::{Other, Reason, Why};
use heard_history::import::inputs::Limits;
use heard_history::import::{FileRows, Ignored, rows_of_files};
use heard_history::listen::{Listen, Played, Track};
use heard_history::normalise::layout::{Format, Hints};

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn read(&self, name: &str, text: impl AsRef<[u8]>, hints: &Hints) -> (Vec<FileRows>, Vec<Ignored>) {
        rows_of_files(&self.file(name, text), hints, &Limits::default())
    }

    fn one(&self, text: &str, hints: &Hints) -> FileRows {
        let (mut files, ignored) = self.read("plays.csv", text, hints);
        assert_eq!((files.len(), ignored.as_slice()), (1, &[][..]));
        files.remove(0)
    }

    fn why(&self, text: impl AsRef<[u8]>, hints: &Hints) -> String {
        let (files, mut ignored) = self.read("plays.csv", text, hints);
        assert!(files.is_empty(), "{files:?}");
        ignored.remove(0).why
    }
}

fn of(zone: &str) -> Hints {
    Hints { zone: Some(zone.to_owned()), ..Hints::default() }
}

fn plays(file: &FileRows) -> Vec<(u64, Option<u64>, &Listen)> {
    let told = |row: &'_ heard_history::import::Row| (row.number, row.line);
    file.rows.iter().filter_map(|row| Some((told(row).0, told(row).1, &row.told.as_ref().ok()?.listen))).collect()
}

#[test]
fn a_table_written_by_hand_is_read_with_all_that_it_tells() {
    let text = "artist,title,album,played_at,duration,track_number\n\
                Mira Vale,Tidewater,Nine,2026-05-01T12:30:00,00:04:19,3\n\
                Mira Vale,\"Salt, and\nWater\",Nine,2026-05-01T12:35:00Z,4:19,4/9\n\
                \n\
                Ida Kestrel,Song 1,,2026-05-01 12:40,259,\n";
    let file = Desk::new().one(text, &of("Europe/Berlin"));
    assert_eq!((file.format, file.zone.as_deref(), file.is_cut_off), (Format::Table, Some("Europe/Berlin"), false));
    let track = |title: &str, number| Track {
        album: Some("Nine".into()),
        number: Some(number),
        length_ms: Some(259_000),
        ..Track::new("Mira Vale", title)
    };
    let last = Track { length_ms: Some(259_000), ..Track::new("Ida Kestrel", "Song 1") };
    assert_eq!(
        plays(&file),
        [
            (1, Some(2), &Listen { track: track("Tidewater", 3), played_at: 1_777_631_400 }),
            (2, Some(3), &Listen { track: track("Salt, and\nWater", 4), played_at: 1_777_638_900 }),
            (3, Some(6), &Listen { track: last, played_at: 1_777_632_000 }),
        ]
    );
    // In another zone, and with the columns the other way round.
    let text = "Duration;Track Number;Played At;Title;Album Artist;Artist\n\
                259000;7;1777631400;Tidewater;Others;Mira Vale\n";
    let file = Desk::new().one(text, &of("Asia/Tokyo"));
    let track = Track {
        album_artist: Some("Others".into()),
        number: Some(7),
        length_ms: Some(259_000),
        ..Track::new("Mira Vale", "Tidewater")
    };
    assert_eq!(plays(&file), [(1, Some(2), &Listen { track, played_at: 1_777_631_400 })]);
}

#[test]
fn every_row_is_told_with_its_place() {
    let text = "artist,track,uts\nA,T,1600000000\n,T,1600000200\nA,T,1600000400000\nA,T,\nA\nB,U,1600000600\n";
    let file = Desk::new().one(text, &Hints::default());
    let told: Vec<_> = file
        .rows
        .iter()
        .map(|row| (row.number, row.line, row.told.as_ref().map_err(|(why, _)| *why).map(|play| play.listen.played_at)))
        .collect();
    let reject = |reason| Err(Why::Reject(reason));
    assert_eq!(
        told,
        [
            (1, Some(2), Ok(1_600_000_000)),
            (2, Some(3), reject(Reason::NoArtist)),
            (3, Some(4), reject(Reason::BadTime)),
            (4, Some(5), Err(Why::Other(Other::NowPlaying))),
            (5, Some(6), reject(Reason::Malformed)),
            (6, Some(7), Ok(1_600_000_600)),
        ]
    );
    assert_eq!(file.rows[2].told.as_ref().unwrap_err().1, "A,T,1600000400000");
}

#[test]
fn rows_are_numbered_on_over_pieces() {
    let mut text = String::from("artist,track,uts\n");
    for n in 0..60_000 {
        writeln!(text, "Somebody with a long name,A track of many words {n},{}", 1_600_000_000 + n).unwrap();
    }
    assert!(text.len() > 2 << 20, "several pieces");
    let file = Desk::new().one(&text, &Hints::default());
    assert_eq!(file.rows.len(), 60_000);
    for (nth, row) in (1_u64..).zip(&file.rows) {
        assert_eq!((row.number, row.line), (nth, Some(nth + 1)));
        assert_eq!(row.told.as_ref().unwrap().listen.played_at, 1_600_000_000 + nth.cast_signed() - 1);
    }
}

#[test]
fn a_players_log_tells_lengths_and_a_service_what_was_skipped() {
    let log = "#AUDIOSCROBBLER/1.1\n#TZ/UNKNOWN\n#CLIENT/Made up 1.0\n\
               Mira Vale\tNine\tTidewater\t3\t259\tL\t1600000000\t0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9\n\
               Mira Vale\tNine\tSalt\t\t0\tL\t1600000300\t\n\
               Mira Vale\tNine\tDawn\t5\t20\tS\t1600000600\t\n";
    let file = Desk::new().one(log, &of("Europe/Berlin"));
    let track = Track {
        album: Some("Nine".into()),
        number: Some(3),
        length_ms: Some(259_000),
        recording_mbid: Some("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9".into()),
        ..Track::new("Mira Vale", "Tidewater")
    };
    let plain = Track { album: Some("Nine".into()), ..Track::new("Mira Vale", "Salt") };
    assert_eq!(
        plays(&file),
        [
            (1, Some(4), &Listen { track, played_at: 1_600_000_000 - 7200 }),
            (2, Some(5), &Listen { track: plain, played_at: 1_600_000_300 - 7200 }),
        ]
    );
    assert_eq!(file.rows[2].told.as_ref().unwrap_err().0, Why::Other(Other::Skipped));

    let streamed = |skipped: bool, incognito: bool| {
        format!(
            "{{\"ts\":\"2020-09-13T12:30:00Z\",\"ms_played\":31000,\"master_metadata_track_name\":\"Salt\",\
             \"master_metadata_album_artist_name\":\"Mira Vale\",\"master_metadata_album_album_name\":\"Nine\",\
             \"spotify_track_uri\":\"spotify:track:1\",\"episode_name\":null,\"offline\":false,\"skipped\":{skipped},\
             \"incognito_mode\":{incognito},\"reason_end\":\"trackdone\"}}"
        )
    };
    let text = format!("[{},{},{}]", streamed(false, false), streamed(true, false), streamed(false, true));
    let (files, _) = Desk::new().read("endsong_0.json", text, &Hints::default());
    let seen: Vec<_> = files[0]
        .rows
        .iter()
        .map(|row| match &row.told {
            Ok(Played { ms_played, is_skipped, is_incognito, .. }) => {
                (row.line, *ms_played, *is_skipped, *is_incognito)
            }
            Err(other) => panic!("{other:?}"),
        })
        .collect();
    let ms = Some(31_000);
    assert_eq!(seen, [(None, ms, false, false), (None, ms, true, false), (None, ms, false, true)]);
}

#[test]
fn what_is_no_history_says_why() {
    let desk = Desk::new();
    let none = Hints::default();
    assert_eq!(desk.why("", &none), "is empty");
    assert!(desk.why("dear diary\n", &none).contains("no column tells when something was played"));
    assert!(desk.why("artist,title,album\nA,T,L\n", &none).contains("no column tells when something was played"));
    assert!(desk.why("artist,played_at\nA,2020-01-01 10:00\n", &none).contains("no column names the tracks"));
    assert!(desk.why(b"PK\x03\x04broken", &none).contains("zip"));
    let (files, ignored) = rows_of_files(&desk.0.path().join("nowhere.csv"), &none, &Limits::default());
    assert_eq!((files.len(), ignored.len()), (0, 1));
    let wanted = Hints { format: Some(Format::Maloja), ..Hints::default() };
    assert!(desk.why("artist,track,uts\nA,T,1600000000\n", &wanted).contains("maloja"));
    let columns = vec![("artist", "2"), ("track", "1"), ("time", "3"), ("length", "4"), ("album-artist", "5")];
    let columns = columns.into_iter().map(|(meaning, place)| (meaning.to_owned(), place.to_owned())).collect();
    let file = desk.one("T,A,1600000000,4:19,Others\nU,A,1600000300,3:00,\n", &Hints { columns, ..Hints::default() });
    let listens = plays(&file);
    assert_eq!(listens.iter().map(|(_, _, it)| it.track.length_ms).collect::<Vec<_>>(), [Some(259_000), Some(180_000)]);
    assert_eq!(listens[0].2.track.album_artist.as_deref(), Some("Others"));
}
