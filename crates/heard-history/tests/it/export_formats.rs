//! What is exported is what is known, in every format, and comes back by our own readers.

use bytes::Bytes;
use heard_history::columns::{self, Columns};
use heard_history::export::{Exported, Format, Profile, export};
use heard_history::facts::{Play, Rows};
use heard_history::home::{Home, create_private};
use heard_history::import::recognise::recognise;
use heard_history::import::tabular::parquet_as_csv;
use heard_history::import::{self, Meter, Options};
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::{Framing, Hints, Layout};
use heard_history::store::{Mbids, Store};
use heard_history::zone::Zone;
use parquet::basic::{LogicalType, Repetition, TimeUnit};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, RowAccessor};
use tempfile::TempDir;

const ID: &str = "0f0f0f0f-1111-2222-3333-444444444444";

/// A home into which these lines of JSON were imported.
struct Taken {
    _folder: TempDir,
    columns: Columns,
    mbids: Mbids,
}

impl Taken {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().join("home")).unwrap();
        let lock = home.lock().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::io::Write::write_all(&mut create_private(&path).unwrap(), text.as_bytes()).unwrap();
            let options = Options { listener: "me".to_owned(), now: 1_700_000_000, ..Options::default() };
            import::import(&home, &lock, &Zone::utc(), &[path], &options, &Meter::default()).unwrap();
        }
        let store = Store::open(&home, &lock, &Zone::utc()).unwrap();
        columns::refresh(&home, &lock, &store).unwrap();
        store.close().unwrap();
        let (columns, mbids) = (Columns::open(&home.columns()).unwrap(), Mbids::read(&home.database()).unwrap());
        Self { _folder: folder, columns, mbids }
    }

    fn exported(&self, format: Format) -> (Exported, Vec<u8>) {
        let mut out = Vec::new();
        let exported = export(&self.columns, &self.mbids, format, &mut out).unwrap();
        (exported, out)
    }

    fn lines(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.exported(Format::Jsonl).1).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn line(played_at: Option<i64>, artist: &str, album: &str, track: &str, ms_played: Option<i64>, ids: bool) -> String {
    let id = ids.then_some(ID);
    let album = Some(album).filter(|album| !album.is_empty());
    let line = serde_json::json!({
        "listener": "me", "played_at": played_at, "artist": artist, "album": album, "track": track,
        "ms_played": ms_played, "artist_mbid": id, "release_mbid": id.and(album).and(id), "recording_mbid": id,
        "sources": ["heard"],
    });
    line.to_string() + "\n"
}

/// Made-up plays, hostile names among them, oldest first.
fn history() -> String {
    [
        line(None, "Näve & Söhne", "", "Once, Nobody Knows When", None, false),
        line(Some(1_000_000_000), "Too Early", "", "For Them", None, false),
        line(Some(1_100_000_000), "Tab\tIn Name", "Line\nEnd", "Return\rHere", None, false),
        line(Some(1_200_000_000), "#1 Fans", "#", "# in \"title\"", Some(61_500), false),
        line(Some(1_300_000_000), "=SUM(A1)", "+1", "'@home", Some(0), true),
        line(Some(1_300_000_000), "空の箱", "箱", "空", Some(180_000), true),
        line(Some(1_400_000_000), &"Long".repeat(3000), "", &"Name".repeat(3000), None, false),
        line(Some(1_500_000_000), "\u{feff}Zero\u{200b}Width", "A\u{2028}B", "\u{202e}back", None, false),
    ]
    .concat()
}

/// What an exported file tells, read as an import would read it.
fn read_back<'a>(name: &str, bytes: &'a [u8]) -> (Layout, Rows<'a>) {
    let layout = recognise(name, &bytes[..bytes.len().min(64 << 10)], &Hints::default()).unwrap();
    assert!(matches!(layout.framing, Framing::Lines | Framing::Table), "{layout:?}");
    let body =
        bytes.split_inclusive(|byte| *byte == b'\n').skip(layout.skip_lines as usize).map(<[u8]>::len).sum::<usize>();
    let rows = read_rows(&layout, &bytes[bytes.len() - body..]);
    (layout, rows)
}

/// A play without what formats may lose.
fn told(play: &Play<'_>) -> (i64, String, Option<String>, String, Option<String>) {
    let text = |text: &std::borrow::Cow<'_, str>| text.clone().into_owned();
    (
        play.played_at,
        text(&play.artist),
        play.album.as_ref().map(text),
        text(&play.track),
        play.recording_mbid.as_ref().map(text),
    )
}

fn expected(line: &serde_json::Value) -> (i64, String, Option<String>, String, Option<String>) {
    let text = |key: &str| line[key].as_str().map(str::to_owned);
    let names = (text("artist").unwrap(), text("album"), text("track").unwrap());
    (line["played_at"].as_i64().unwrap_or(0), names.0, names.1, names.2, text("recording_mbid"))
}

#[test]
fn lines_of_json_come_back_whole() {
    let taken = Taken::new(&[("plays.jsonl", &history())]);
    let (exported, text) = taken.exported(Format::Jsonl);
    assert_eq!(exported, Exported { plays: 8, left_out: 0, altered: 0 });
    let again = Taken::new(&[("again.jsonl", std::str::from_utf8(&text).unwrap())]);
    let lines = taken.lines();
    // Plays of one second change places: they were read in the order of the file.
    let sorted = |lines: &[serde_json::Value]| {
        let mut texts: Vec<String> = lines.iter().map(ToString::to_string).collect();
        texts.sort_unstable();
        texts
    };
    assert!(sorted(&again.lines()) == sorted(&lines), "what was exported and imported is exported again");
    assert_eq!(lines.len(), 8);
    for line in history().lines() {
        let given: serde_json::Value = serde_json::from_str(line).unwrap();
        let found = lines.iter().find(|line| line["track"] == given["track"]).expect("every play is there");
        for (key, value) in given.as_object().unwrap() {
            assert_eq!(&found[key], value, "{key} of {line}");
        }
    }
    let moments: Vec<_> = lines.iter().map(|line| line["played_at"].as_i64()).collect();
    assert!(moments.is_sorted_by(|a, b| a >= b), "newest first, undated last: {moments:?}");
}

#[test]
fn several_sources_are_named_apart() {
    let log = "#AUDIOSCROBBLER/1.1\n#TZ/UTC\n空の箱\t箱\t空\t1\t200\tL\t1300000000\t\n";
    let taken = Taken::new(&[("plays.jsonl", &history()), ("other.scrobbler.log", log)]);
    let lines = taken.lines();
    assert_eq!(lines.len(), 8, "two sources, one play");
    let shared = lines.iter().find(|line| line["track"] == "空").unwrap();
    assert_eq!(shared["sources"], serde_json::json!(["heard", "player"]));
    let file = Bytes::from(taken.exported(Format::Parquet).1);
    let reader = SerializedFileReader::new(file).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    let lists: Vec<Vec<String>> = rows.map(|row| strings(row.get_list(9).unwrap().elements())).collect();
    let said: Vec<Vec<String>> =
        lines.iter().map(|line| serde_json::from_value(line["sources"].clone()).unwrap()).collect();
    assert_eq!(lists, said);
}

fn strings(fields: &[Field]) -> Vec<String> {
    let text = |field: &Field| if let Field::Str(text) = field { text.clone() } else { panic!("{field:?}") };
    fields.iter().map(text).collect()
}

#[test]
fn columns_hold_what_lines_hold() {
    let taken = Taken::new(&[("plays.jsonl", &history())]);
    let (exported, file) = taken.exported(Format::Parquet);
    assert_eq!(exported, Exported { plays: 8, left_out: 0, altered: 0 });
    let mut text = Vec::new();
    let converted = parquet_as_csv(&*file, &mut text).unwrap();
    assert_eq!((converted.rows, converted.left_out), (8, vec!["sources".to_owned()]));
    let mut reader = csv::Reader::from_reader(&*text);
    let header = reader.headers().unwrap().clone();
    let fields = [
        "listener",
        "played_at",
        "artist",
        "album",
        "track",
        "ms_played",
        "artist_mbid",
        "release_mbid",
        "recording_mbid",
    ];
    assert_eq!(header, fields.to_vec());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    for (record, line) in records.iter().zip(taken.lines()) {
        for (cell, key) in record.iter().zip(fields) {
            let says = match &line[key] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(cell, says, "{key} of {line}");
        }
    }

    let read = SerializedFileReader::new(Bytes::from(file)).unwrap();
    let schema = read.metadata().file_metadata().schema_descr_ptr();
    let moment = schema.column(1);
    assert_eq!(moment.self_type().get_basic_info().repetition(), Repetition::OPTIONAL);
    assert_eq!(moment.logical_type_ref(), Some(&LogicalType::timestamp(true, TimeUnit::MILLIS)));
    assert_eq!(
        read.metadata().file_metadata().created_by(),
        Some(concat!("heard version ", env!("CARGO_PKG_VERSION")))
    );
}

#[test]
fn a_large_history_has_several_row_groups() {
    let plays: i64 = (1 << 17) + 1;
    let mut lines = String::new();
    for play in 0..plays {
        let artist = play % 1000;
        lines += &line(Some(1_500_000_000 + play), &format!("a{artist}"), "", &format!("t{play}"), None, false);
    }
    let taken = Taken::new(&[("plays.jsonl", &lines)]);
    let (exported, file) = taken.exported(Format::Parquet);
    assert_eq!(exported.plays, plays.cast_unsigned());
    let read = SerializedFileReader::new(Bytes::from(file.clone())).unwrap();
    let sizes: Vec<i64> =
        read.metadata().row_groups().iter().map(parquet::file::metadata::RowGroupMetaData::num_rows).collect();
    assert_eq!(sizes, [1 << 17, 1]);
    let mut text = Vec::new();
    parquet_as_csv(&*file, &mut text).unwrap();
    let tracks = csv::Reader::from_reader(&*text).into_records().map(|record| record.unwrap()[4].to_owned());
    let same = tracks.zip((0..plays).rev()).all(|(track, play)| track == format!("t{play}"));
    assert!(same, "newest first over all row groups");
}

#[test]
fn an_empty_history_is_a_file_of_its_format() {
    let taken = Taken::new(&[("plays.jsonl", &line(Some(1_500_000_000), "", "", "Nobody's", None, false))]);
    let (exported, file) = taken.exported(Format::Parquet);
    assert_eq!(exported, Exported::default());
    let mut text = Vec::new();
    assert_eq!(parquet_as_csv(&*file, &mut text).unwrap().rows, 0);
    assert!(text.starts_with(b"listener,played_at,artist"));
    assert_eq!(taken.exported(Format::Listenbrainz).1, b"");
    assert!(taken.exported(Format::ScrobblerLog).1.starts_with(b"#AUDIOSCROBBLER/1.1\n#TZ/UTC\n"));
}

#[test]
fn listenbrainz_gets_what_it_would_take() {
    let taken = Taken::new(&[("plays.jsonl", &history())]);
    let (exported, text) = taken.exported(Format::Listenbrainz);
    assert_eq!(exported, Exported { plays: 5, left_out: 3, altered: 0 }, "undated, before 2002-10-01, too long");
    let (_, rows) = read_back("listens.jsonl", &text);
    assert_eq!(rows.left_out, []);
    let told: Vec<_> = rows.plays.iter().map(told).collect();
    let lines = taken.lines();
    let taken_by_them = |line: &&serde_json::Value| {
        line["played_at"].as_i64().is_some_and(|moment| moment >= 1_033_430_400) && line.to_string().len() < 10_000
    };
    assert_eq!(told, lines.iter().filter(taken_by_them).map(expected).collect::<Vec<_>>());
    let line = text.split(|byte| *byte == b'\n').find(|line| line.windows(3).any(|w| w == "空".as_bytes())).unwrap();
    let listen: serde_json::Value = serde_json::from_slice(line).unwrap();
    assert_eq!(
        listen,
        serde_json::json!({
            "listened_at": 1_300_000_000,
            "track_metadata": {
                "artist_name": "空の箱", "track_name": "空", "release_name": "箱",
                "additional_info": {
                    "artist_mbids": [ID], "release_mbid": ID, "recording_mbid": ID, "ms_played": 180_000,
                    "submission_client": "heard", "submission_client_version": env!("CARGO_PKG_VERSION"),
                },
            },
        })
    );
}

#[test]
fn a_players_log_comes_back_with_its_moments() {
    let taken = Taken::new(&[("plays.jsonl", &history())]);
    let (exported, text) = taken.exported(Format::ScrobblerLog);
    assert_eq!(exported, Exported { plays: 8, left_out: 0, altered: 2 }, "tabs and line ends, and a first #");
    let (layout, rows) = read_back(".scrobbler.log", &text);
    assert_eq!((layout.zone, rows.left_out), (None, Vec::new()));
    let written =
        |name: String| if name.starts_with('#') { format!(" {name}") } else { name.replace(['\t', '\n', '\r'], " ") };
    let lines = taken.lines();
    let says = lines.iter().map(expected).map(|(moment, artist, album, track, id)| {
        let title = |name: String| name.replace(['\t', '\n', '\r'], " ");
        (moment, written(artist), album.map(title), title(track), id)
    });
    assert_eq!(rows.plays.iter().map(told).collect::<Vec<_>>(), says.collect::<Vec<_>>());
}

#[test]
fn every_text_format_is_recognised_again() {
    let taken = Taken::new(&[("plays.jsonl", &history())]);
    let names: Vec<_> = taken.lines().iter().map(expected).map(|play| (play.0, play.1, play.3)).collect();
    for profile in [Profile::Heard, Profile::Spreadsheet, Profile::Ghan, Profile::Downloader] {
        let text = taken.exported(Format::Csv(profile)).1;
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text);
        let (_, rows) = read_back("plays.csv", text);
        let plays = rows.plays.iter().map(told).map(|play| (play.0, play.1, play.3)).collect::<Vec<_>>();
        assert_eq!((plays, rows.left_out), (names.clone(), Vec::new()), "{profile:?}");
    }
}

/// An output that takes only so many bytes.
struct Full(usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_in_its_own_words() {
    let taken = Taken::new(&[("plays.jsonl", &history())]);
    let formats =
        [Format::Jsonl, Format::Parquet, Format::Listenbrainz, Format::ScrobblerLog, Format::Csv(Profile::Ghan)];
    for format in formats {
        for room in [0, 3, 500] {
            let error = export(&taken.columns, &taken.mbids, format, Full(room)).unwrap_err();
            let heard_history::export::ExportError::Output(error) = error else { panic!("{error}") };
            assert_eq!(error.kind(), std::io::ErrorKind::StorageFull, "{format:?} with {room} bytes");
        }
    }
}
