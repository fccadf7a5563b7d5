//! Files that are tables only to a spreadsheet or a database, damaged. The reader behind Parquet panics at some damage;
//! nobody is to hear of that.

use std::fmt::Write as _;
use std::fs;

use heard_history::import::tabular::parquet_as_csv;
use serde_json::json;

use super::{file, read, refused, text};
use crate::extent::chance;
use crate::home::Home;

/// Sixty plays, as the program itself writes them.
fn parquet() -> Vec<u8> {
    let home = Home::new();
    let mut table = String::from("uts,artist,track,album\n");
    for n in 0..60 {
        writeln!(table, "{},Mira Vale {},Song {n},Tides", 1_600_000_000 + n * 300, n % 7).unwrap();
    }
    let path = file(&home, "plays.csv", table);
    home.run(&["import", text(&path)]).good();
    let written = home.beside("plays.parquet");
    home.run(&["export", "--format", "parquet", "-o", text(&written)]).good();
    fs::read(written).unwrap()
}

/// The same file with one other byte in its footer, by which the reader panics.
fn at_which_the_reader_panics(whole: &[u8]) -> Vec<u8> {
    let (rest, length) = whole[..whole.len() - 4].split_last_chunk::<4>().unwrap();
    let footer = rest.len() - u32::from_le_bytes(*length) as usize;
    let mut random = chance();
    for tried in 0..200_000 {
        let mut damaged = whole.to_vec();
        damaged[random.usize(footer..rest.len())] = random.u8(..);
        let converted = parquet_as_csv(&damaged[..], &mut Vec::new());
        if converted.is_err_and(|error| error.to_string().contains("its pages cannot be decoded")) {
            println!("the reader panics at the {tried}th file");
            return damaged;
        }
    }
    panic!("the reader panics no more: whoever catches that can go");
}

#[test]
fn damaged_parquet() {
    let whole = parquet();
    let home = Home::new();
    let document = super::taken(&home, &file(&home, "plays.parquet", &whole)).good().json();
    assert_eq!(super::sums(&document["total"]), json!([60, 60, 0, {}, {}]));
    for length in [whole.len() - 1, whole.len() / 2, 12] {
        refused("plays.parquet", &whole[..length], "is not a whole Parquet file", "heard import --help");
    }
    let damaged = at_which_the_reader_panics(&whole);
    refused(
        "plays.parquet",
        damaged,
        "is not a whole Parquet file: its pages cannot be decoded; fetch it once more",
        "heard import --help",
    );
}

#[test]
fn a_workbook_that_breaks_off() {
    let mut workbook = b"PK\x03\x04".to_vec();
    workbook.resize(2_000, 7);
    refused("deezer-data_1.xlsx", workbook, "is not a whole", "heard import --help");
}

#[test]
fn a_table_whose_rows_have_other_lengths() {
    let text = "uts,artist,track,album\n1600000000,Mira Vale,Glass Harbour,Tides\n1600000300,Mira Vale\n\
                soon,Mira Vale,Iron Coast,Tides\n1600000600,,Nobody,Tides\n1600000900,Mira Vale,\"Night, Ferry\",Tides\n";
    let document = read(
        "plays.csv",
        text,
        json!([5, 2, 0, {}, {"bad_time": 1, "malformed": 1, "no_artist": 1}]),
        &["Glass Harbour", "Night, Ferry"],
    );
    assert_eq!(document["files"][0]["format"], "table");
}
