//! Columns that a process holds are the columns of the file.

use std::fs::{self, File};

use heard_history::columns::{Column, Columns, ColumnsError, Moment};

use crate::queries::{History, Play};

const COLUMNS: [Column; 9] = [
    Column::Listener,
    Column::Source,
    Column::Artist,
    Column::Album,
    Column::Track,
    Column::AlbumId,
    Column::TrackId,
    Column::MsPlayed,
    Column::PlayId,
];

fn history() -> History {
    let play = |minute: i64| {
        let artist = if minute % 3 == 0 { "Tin Lanterns" } else { "夜明け" };
        Play::new(&format!("2024-02-29T12:{minute:02}:00Z"), artist, "Harbour").lasting(40_000 + minute)
    };
    History::of(&(0..25).map(play).collect::<Vec<_>>(), "UTC")
}

#[test]
fn every_stretch_of_rows_is_the_same() {
    let history = history();
    let path = history.home().columns();
    let (read, held) = (Columns::open(&path).unwrap(), Columns::open(&path).unwrap().held());
    assert_eq!(held.rows(), 25);
    for rows in [0..0, 0..1, 3..17, 24..25, 25..25, 0..25] {
        for column in COLUMNS {
            assert_eq!(read.values(column, rows.clone()).unwrap(), held.values(column, rows.clone()).unwrap());
            let mut handed = Vec::new();
            held.for_each_block(column, rows.clone(), |first, values| {
                assert_eq!(first, rows.start + handed.len());
                handed.extend_from_slice(values);
            })
            .unwrap();
            assert_eq!(read.values(column, rows.clone()).unwrap(), handed, "{} {rows:?}", column.name());
        }
        for moment in [Moment::PlayedAt, Moment::LocalAt] {
            assert_eq!(read.moments(moment, rows.clone()).unwrap(), held.moments(moment, rows.clone()).unwrap());
        }
    }
    assert_eq!(read.rows_between(1_709_208_060, 1_709_208_181).unwrap(), 1..4);
    assert_eq!(held.rows_between(1_709_208_060, 1_709_208_181).unwrap(), 1..4);
}

#[test]
fn more_than_there_is_is_an_error() {
    let history = history();
    let path = history.home().columns();
    for columns in [Columns::open(&path).unwrap(), Columns::open(&path).unwrap().held()] {
        let asked = columns.values(Column::Artist, 0..1_000_000);
        assert!(matches!(asked, Err(ColumnsError::Format { .. })), "{asked:?}");
    }
}

#[test]
fn what_was_asked_for_once_outlives_the_file() {
    let history = history();
    let path = history.home().columns();
    let held = Columns::open(&path).unwrap().held();
    let artists = held.values(Column::Artist, 0..25).unwrap().into_owned();
    File::options().write(true).open(&path).unwrap().set_len(100).unwrap();
    assert_eq!(held.values(Column::Artist, 0..25).unwrap(), artists);
    let other = held.values(Column::Track, 0..25);
    assert!(other.is_err(), "a file that became shorter is an error, not a panic: {other:?}");
    fs::remove_file(&path).unwrap();
    assert_eq!(held.values(Column::Artist, 3..9).unwrap(), &artists[3..9]);
}
