//! Damaged files: whatever is wrong with one, its sheet adds up, every row that is not stored has its place and reason,
//! and taking it in again adds nothing.
//!
//! Without `HEARD_SHARED` the files are made up; with it, real ones are damaged as well.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use heard_history::home::Home;
use heard_history::import::{Meter, Options, Report, import};
use heard_history::store::Store;
use heard_history::zone::Zone;

use crate::seeds;

fn take_in(home: &Home, file: &Path) -> Report {
    let lock = home.lock().unwrap();
    let options = Options { listener: "ann".into(), now: 1_800_000_000, ..Options::default() };
    import(home, &lock, &Zone::utc(), &[file.to_owned()], &options, &Meter::default()).unwrap()
}

/// Made-up files of several formats, by name.
fn made_up() -> Vec<(String, Vec<u8>)> {
    let rows = |row: &dyn Fn(u32) -> String, between: &str| (0..60).map(row).collect::<Vec<_>>().join(between);
    let account = rows(
        &|n| {
            format!(
                "  {{\n    \"endTime\" : \"2024-02-08 10:{n:02}\",\n    \"artistName\" : \"a {n}\",\n    \"trackName\" : \"t\\\"{n}\",\n    \"msPlayed\" : {}\n  }}",
                n * 4000
            )
        },
        ",\n",
    );
    let extended = rows(
        &|n| {
            format!(
                "{{\"ts\":\"2024-02-08T10:{n:02}:00Z\",\"ms_played\":{},\"master_metadata_track_name\":\"t{n}\",\"master_metadata_album_artist_name\":\"夜{n}\",\"master_metadata_album_album_name\":null,\"spotify_track_uri\":\"spotify:track:{n}\",\"episode_name\":null,\"offline\":false}}",
                n * 4000
            )
        },
        ",",
    );
    let csv = rows(&|n| format!("{},\"a, {n}\",\"t \"\"{n}\"\"\",al", 1_700_000_000 + n * 200), "\r\n");
    let log = rows(
        &|n| format!("a{n}\tal\tt{n}\t1\t200\t{}\t{}\t", if n % 5 == 0 { 'S' } else { 'L' }, 1_700_000_000 + n * 200),
        "\n",
    );
    [
        ("StreamingHistory0.json", format!("[\n{account}\n]")),
        ("endsong_0.json", format!("[{extended}]")),
        ("scrobbles.csv", format!("uts,artist,track,album\r\n{csv}\r\n")),
        (".scrobbler.log", format!("#AUDIOSCROBBLER/1.1\n#TZ/UTC\n#CLIENT/made up\n{log}\n")),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .collect()
}

/// Real files that are not too large, by name.
fn real() -> Vec<(String, Vec<u8>)> {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where the files are")]
    let Some(shared) = std::env::var_os("HEARD_SHARED").map(PathBuf::from) else {
        println!("HEARD_SHARED is not set: only made-up files were damaged");
        return Vec::new();
    };
    let mut files = Vec::new();
    for kind in [
        "spotify_basic",
        "spotify_extended",
        "lastfm_csv",
        "lastfm_json",
        "maloja",
        "other_json",
        "scrobbler_log",
        "youtube",
    ] {
        for entry in fs::read_dir(shared.join("data").join(kind)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            if bytes.len() < 600_000 && path.extension().is_none_or(|extension| extension != "zip") {
                files.push((path.file_name().unwrap().to_string_lossy().into_owned(), bytes));
            }
        }
    }
    files.sort();
    files
}

fn damage(random: &mut Rng, bytes: &mut Vec<u8>) -> &'static str {
    let at = |random: &mut Rng, bytes: &[u8]| random.usize(0..bytes.len().max(1));
    match random.u8(0..8) {
        0 => {
            bytes.truncate(at(random, bytes));
            "cut off"
        }
        1 => {
            // Lines told twice.
            let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let twice = random.usize(0..lines.len());
            let doubled: Vec<u8> =
                lines.iter().enumerate().flat_map(|(n, line)| line.repeat(1 + usize::from(n == twice))).collect();
            *bytes = doubled;
            "a line twice"
        }
        2 => {
            let from = at(random, bytes);
            let to = (from + random.usize(1..200)).min(bytes.len());
            bytes.drain(from..to);
            "a hole"
        }
        3 => {
            for _ in 0..10 {
                let place = at(random, bytes);
                bytes[place] = random.u8(..);
            }
            "other bytes"
        }
        4 => {
            let place = at(random, bytes);
            bytes[place] = 0;
            "a NUL"
        }
        5 => {
            let place = at(random, bytes);
            bytes.splice(place..place, *b"\xff\xfe\x80");
            "bytes that are no text"
        }
        6 => {
            let (one, other) = (at(random, bytes), at(random, bytes));
            bytes.swap(one, other);
            "swapped"
        }
        _ => {
            let place = at(random, bytes);
            let quote = *random.choice(b"\"{}[],;\t\n\\".iter()).unwrap();
            bytes.insert(place, quote);
            "a sign too many"
        }
    }
}

#[test]
fn sheets_of_damaged_files_add_up() {
    let mut files = made_up();
    files.extend(real());
    seeds::each(3, |seed| {
        let mut random = Rng::with_seed(seed);
        for (name, whole) in &files {
            let mut bytes = whole.clone();
            let what: Vec<&str> = (0..random.u8(1..3)).map(|_| damage(&mut random, &mut bytes)).collect();
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            fs::write(&path, &bytes).unwrap();
            let home = Home::open(folder.path().join("home")).unwrap();
            check(&home, &path, &format!("seed {seed}, {name}: {}", what.join(" and ")));
        }
    });
}

fn check(home: &Home, path: &Path, what: &str) {
    let first = take_in(home, path);
    let Some(file) = first.files.first() else {
        assert_eq!(first.ignored.len(), 1, "{what}: told of neither way");
        return;
    };
    let sheet = &file.sheet;
    let left: u64 = sheet.other.values().chain(sheet.rejects.values()).sum();
    assert_eq!(sheet.rows, sheet.plays + sheet.duplicates + left, "{what}: {sheet:?}");
    let again = take_in(home, path).total();
    assert_eq!((again.rows, again.plays), (sheet.rows, 0), "{what}");
    let lock = home.lock().unwrap();
    let store = Store::open(home, &lock, &Zone::utc()).unwrap();
    let listed = store.left_out("ann", None, true).unwrap();
    assert_eq!(listed.len() as u64, left, "{what}: each has a line and a reason");
    assert!(listed.iter().all(|row| (1..=sheet.rows).contains(&row.row) && row.line >= 1), "{what}");
    assert_eq!(store.problems().unwrap(), [""; 0], "{what}");
}
